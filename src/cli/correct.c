/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/content.h"
#include "cli/print.h"
#include "cli/show.h"

static const char STATEMENT[] = "the STATEMENT's digits (entente alert list, entente ask show)";

static void request_action(struct cli_request *request, unsigned *action)
{
    const char *word = cli_value(request->cli, "action");
    if (request->code != BASE_OK)
        return;
    request->code = word == NULL ? base_fail(BASE_E_ARGUMENT, "--action is missing: correct, restrict or erase")
                                 : cli_word_find(&exchange_actions, "action", word, action);
    if (request->code == BASE_OK)
        cli_request_text(request, "action", exchange_actions.items[*action]);
}

/* The one that was said of the statement that was named, then those of the other alerts about the person. */
static enum base_code show(struct cli *cli, json_t *result)
{
    json_t *statements = json_incref(json_object_get(result, "statements"));
    bool is_said = json_object_get(result, "draft") == NULL;
    enum base_code code = cli_said(cli, result, "correction");
    for (size_t i = 0; !cli->is_json && !cli->is_quiet && i < json_array_size(statements); i++)
        cli_print_field(i == 0 ? "and" : "", "%s", cli_item_text(statements, i));
    if (is_said)
        cli_say(cli, "\nWho was sent it owes a receipt, and a statement of what was done: entente task list --theirs");
    json_decref(statements);
    return code;
}

static enum base_code correct_run(struct cli *cli)
{
    struct cli_request request;
    unsigned action = EXCHANGE_RESTRICT;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, STATEMENT));
    cli_request_begin(&request, cli, "correct");
    cli_request_argument(&request, "statement", 0, STATEMENT);
    request_action(&request, &action);
    cli_request_needs(&request, "reason", "why, in a line; the other party reads it");
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    cli_request_attachments(&request);
    if (action == EXCHANGE_CORRECT)
        cli_request_needs_content(&request, "--name, --person or --text is missing: what is right instead");
    else
        cli_request_no_content(&request, "only --action correct takes a content");
    cli_request_flag(&request, "everywhere");
    request.absent = "what you have sent: entente alert list --all, entente ask list --all";
    BASE_TRY(cli_request_send(&request, &result));
    return show(cli, result);
}

static const struct cli_option options[] = {
    {"action", 0, "WORD", "correct, restrict or erase (required)"},
    CLI_REASON_OPTION("why, in a line (required); the other party reads it"),
    {"everywhere", 0, NULL, "in all alerts of your own about the same person, to whomever they went"},
    {"text", 0, "TEXT", "correct: the right text; @FILE reads a file"},
    CLI_PERSON_OPTIONS,
    CLI_ATTACH_OPTION,
    {0},
};

const struct cli_command cli_correct_command = {
    .name = "correct",
    .summary = "correct, restrict or erase what was sent, wherever it went",
    .usage = CLI_TEXTS("STATEMENT --action correct --reason TEXT --name NAME ...", "STATEMENT --action restrict --reason TEXT [--everywhere]",
                       "STATEMENT --action erase --reason TEXT [--everywhere]"),
    .options = options,
    .text = "What a statement of your own said of a person is corrected (give the whole content anew), restricted (kept and not used) or "
            "erased, here and at the party that it was sent to. That party owes a receipt and a statement of what it did. The proof that "
            "something was said, and when, stays: contents go, commitments stand.",
    .examples = CLI_TEXTS("the wrong man, in every alert", "entente correct 4f3c2a1b --action erase -r \"mistaken\" --everywhere",
                          "the right date", "entente correct 4f3c2a1b --action correct -r \"born\" --person right.json"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = correct_run,
};
