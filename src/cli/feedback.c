/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/request.h"

static const char ANSWER[] = "the ANSWER's digits (entente ask show ASK)";

static enum base_code feedback_run(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ANSWER));
    cli_request_begin(&request, cli, "feedback");
    cli_request_argument(&request, "answer", 0, ANSWER);
    if (!cli_has(cli, "use"))
        cli_request_fail(&request, base_fail(BASE_E_ARGUMENT, "--use is missing: useful, not-useful or not-used"));
    cli_request_word(&request, "use", "use", &exchange_uses);
    cli_request_text(&request, "reason", cli_has(cli, "reason") ? cli_value(cli, "reason") : "");
    request.absent = "the answers to an ask: entente ask show ASK";
    return cli_say_it(&request, "feedback");
}

static const struct cli_option options[] = {
    {"use", 'u', "WORD", "useful, not-useful or not-used (required)"},
    CLI_REASON_OPTION("a line about it; the other party reads it"),
    {0},
};

const struct cli_command cli_feedback_command = {
    .name = "feedback",
    .summary = "say what use an answer was",
    .usage = CLI_TEXTS("ANSWER --use WORD [--reason TEXT]"),
    .options = options,
    .text = "Who asked owes feedback where the answer asks for it. It is given once for each answer, and stands in both ledgers.",
    .examples = CLI_TEXTS("it helped", "entente feedback 1a2b3c4d --use useful -r \"led to an address\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = feedback_run,
};
