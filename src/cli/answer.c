/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/content.h"
#include "cli/print.h"

#include <string.h>

static const char ASK[] = "the ASK's digits (entente ask list)";

/* --outcome; "partly" is short for the statement's word. */
static void request_outcome(struct cli_request *request, unsigned *outcome)
{
    const char *word = cli_value(request->cli, "outcome");
    if (request->code != BASE_OK)
        return;
    if (word == NULL)
        request->code = base_fail(BASE_E_ARGUMENT, "--outcome is missing: answered, partly, no-trace or transferred");
    else
        request->code = cli_word_find(&exchange_outcomes, "outcome", strcmp(word, "partly") == 0 ? exchange_outcomes.items[EXCHANGE_PARTLY] : word,
                                      outcome);
    if (request->code == BASE_OK)
        cli_request_text(request, "outcome", exchange_outcomes.items[*outcome]);
}

static enum base_code answer_run(struct cli *cli)
{
    struct cli_request request;
    unsigned outcome = EXCHANGE_ANSWERED;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ASK));
    cli_request_begin(&request, cli, "answer");
    cli_request_argument(&request, "ask", 0, ASK);
    request_outcome(&request, &outcome);
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    cli_request_attachments(&request);
    if (outcome == EXCHANGE_ANSWERED || outcome == EXCHANGE_PARTLY)
        cli_request_needs_content(&request, "--text is missing: the answer; or --name, --person, --attach");
    else
        cli_request_no_content(&request, "no trace and transferred say nothing of a person: put what is to be said into --reason");
    if (outcome == EXCHANGE_TRANSFERRED)
        cli_request_needs(&request, "reason", "to whom it was transferred");
    else
        cli_request_option(&request, "reason");
    cli_request_flag(&request, "feedback");
    cli_request_handling(&request);
    request.absent = "list them with: entente ask list";
    return cli_say_it(&request, "answer");
}

static const struct cli_option options[] = {
    {"outcome", 'o', "WORD", "answered, partly, no-trace or transferred (required)"},
    {"text", 't', "TEXT", "the answer; @FILE reads a file"},
    CLI_PERSON_OPTIONS,
    CLI_ATTACH_OPTION,
    CLI_HANDLING_OPTIONS,
    CLI_REASON_OPTION("a line that stands in the ledger; transferred: to whom"),
    {"feedback", 0, NULL, "ask for feedback on what use it was"},
    {0},
};

const struct cli_command cli_answer_command = {
    .name = "answer",
    .summary = "answer an ask, or say that nothing is held",
    .usage = CLI_TEXTS("ASK --outcome answered --text TEXT ...", "ASK --outcome partly --text TEXT ...", "ASK --outcome no-trace",
                       "ASK --outcome transferred --reason TEXT"),
    .options = options,
    .text = "answered and partly carry a content: a text, persons, files. partly ends the clock, and more may follow. no-trace: it was "
            "searched, and nothing is held; that is never the same as silence. transferred: somebody else answers, and --reason says "
            "who.\n\n"
            "Where the terms ask for a release, the answer becomes a draft that a second person releases (entente release). To give "
            "nothing, and say why: entente decline. To answer later: entente defer.",
    .examples = CLI_TEXTS("with a text", "entente answer 9d8c7b6a -o answered --text @answer.txt --label AMBER", "nothing is held",
                          "entente answer 9d8c7b6a -o no-trace", "a file", "entente answer 9d8c7b6a -o partly --attach record.pdf"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = answer_run,
};
