/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/content.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/when.h"
#include "cli/who.h"

#include <stdlib.h>
#include <string.h>

static const char ASK[] = "the ASK's digits (entente ask list)";
static const char HOW_TO_LIST[] = "list them with: entente ask list --all";

/* What an ask must carry, each with what to write there. */
static const struct {
    const char *option, *what;
} needed[] = {{"facts", "what is known: who, what, when, where"},
              {"reason", "why it is asked"},
              {"link", "why the other party should have it"},
              {"use", "what it will be used for"}};

static void request_texts(struct cli_request *request)
{
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!cli_has(request->cli, needed[i].option) && request->code == BASE_OK)
            cli_request_fail(request, base_fail(BASE_E_ARGUMENT, "--%s is missing: %s", needed[i].option, needed[i].what));
        cli_request_content_text(request, needed[i].option);
    }
    cli_request_content_text(request, "background");
}

static enum base_code ask_send(struct cli *cli)
{
    static const char COMPARTMENT[] = "the COMPARTMENT (entente compartment list)";
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 1, 1, COMPARTMENT));
    cli_request_begin(&request, cli, "ask");
    cli_request_argument(&request, "compartment", 0, COMPARTMENT);
    if (cli_has(cli, "urgency"))
        cli_request_word(&request, "urgency", "urgency", &exchange_urgencies);
    else
        cli_request_text(&request, "urgency", exchange_urgencies.items[EXCHANGE_NORMAL]);
    request_texts(&request);
    cli_request_persons(&request);
    cli_request_attachments(&request);
    cli_request_handling(&request);
    cli_request_option(&request, "about");
    cli_request_date(&request, "due");
    cli_request_flag(&request, "feedback");
    request.absent = "list compartments with: entente compartment list";
    return cli_say_it(&request, "ask");
}

static void add_row(struct cli_table *table, const json_t *ask, int64_t now_ms)
{
    const char *due = cli_open_due(ask);
    cli_table_add(table, CLI_TEXTS(cli_short(cli_result_text(ask, "ask")), cli_result_text(ask, "compartment"), cli_show_direction(ask),
                                   cli_result_text(ask, "urgency"), *due != 0 ? cli_due_text(due, now_ms) : cli_result_text(ask, "outcome"),
                                   cli_result_text(ask, "state"), cli_result_text(ask, "facts")));
}

static enum base_code ask_list(struct cli *cli)
{
    static const struct cli_column columns[] = {{"ASK", CLI_LEFT}, {"WHERE", CLI_FLEXIBLE}, {"WHO", CLI_FLEXIBLE}, {"URGENCY", CLI_LEFT},
                                                {"DUE OR END", CLI_LEFT}, {"STATE", CLI_LEFT},     {"FACTS", CLI_LATE}};
    struct cli_request request;
    struct cli_table table;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    cli_request_begin(&request, cli, "asks");
    cli_request_text(&request, "compartment", cli_argument(cli, 1));
    cli_request_flag(&request, "all");
    cli_request_why(&request, "list");
    request.absent = "list compartments with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *asks = cli_result_list(result, "asks");
    cli_table_init(&table, columns, 7);
    for (size_t i = 0; i < json_array_size(asks); i++)
        add_row(&table, json_array_get(asks, i), cli_now());
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    else
        cli_say(cli, "No ask%s.", cli_has(cli, "all") ? "" : " is open");
    cli_table_release(&table);
    cli_show_left_out(cli, result);
    json_decref(result);
    return BASE_OK;
}

/* The lines of a statement that a reader wants, beside kind, time and content, which stand apart. */
static void show_lines(const json_t *statement)
{
    static const char *const keys[] = {"outcome", "code", "due", "use", "reason", "feedback", "duty"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = cli_result_text(statement, keys[i]);
        bool is_said = *text != 0 && strcmp(text, "-") != 0 && (strcmp(keys[i], "feedback") != 0 || strcmp(text, "yes") == 0);
        if (is_said && strcmp(keys[i], "due") == 0)
            cli_print_field("  due", "%s UTC", cli_time_text(text));
        else if (is_said) {
            char *label = cli_format("  %s", keys[i]);
            cli_print_field(label, "%s", text);
            free(label);
        }
    }
}

static void show_statement(const json_t *statement, const char *peer)
{
    bool is_own = json_is_true(json_object_get(statement, "own"));
    char *when = cli_copy(cli_time_text(cli_result_text(statement, "time")));
    putchar('\n');
    cli_print_field(cli_short(cli_result_text(statement, "statement")), "%s UTC, %s: %s", when, is_own ? "this party" : peer,
                    cli_result_text(statement, "kind"));
    show_lines(statement);
    cli_show_handling(statement);
    if (json_object_get(statement, "content") != NULL)
        cli_show_content_of(statement);
    free(when);
}

static void show(const json_t *ask)
{
    const json_t *statements = json_object_get(ask, "statements");
    const char *due = cli_result_text(ask, "due"), *outcome = cli_result_text(ask, "outcome");
    uint64_t deferred = cli_result_number(ask, "deferred");
    cli_print_field("ask", "%s", cli_result_text(ask, "ask"));
    cli_print_field("where", "%s, %s", cli_result_text(ask, "compartment"), cli_show_direction(ask));
    cli_print_field("state", "%s%s%s, asked %s UTC", cli_result_text(ask, "state"), *outcome == 0 ? "" : ": ", outcome,
                    cli_time_text(cli_result_text(ask, "opened")));
    cli_print_field("due", "%s UTC%s%s (%s)", cli_time_text(due), *cli_open_due(ask) == 0 ? "" : ", ", cli_due_text(cli_open_due(ask), cli_now()),
                    cli_result_text(ask, "urgency"));
    if (deferred > 0)
        cli_print_field("deferred", "%s time%s, of 3", cli_thousands(deferred), deferred == 1 ? "" : "s");
    cli_show_receipted(ask);
    cli_show_handling(ask);
    cli_show_content_of(ask);
    for (size_t i = 0; i < json_array_size(statements); i++)
        show_statement(json_array_get(statements, i), cli_result_text(ask, "peer"));
}

/* Attachments of the ask and of everything that was said of it. */
static enum base_code save(const struct cli *cli, const json_t *ask)
{
    const json_t *statements = json_object_get(ask, "statements");
    const char *folder = cli_value(cli, "save");
    size_t saved = 0;
    if (json_array_size(json_object_get(json_object_get(ask, "content"), "attachments")) > 0) {
        BASE_TRY(cli_save_attachments(cli, json_object_get(ask, "content"), folder));
        saved++;
    }
    for (size_t i = 0; i < json_array_size(statements); i++) {
        const json_t *statement = json_array_get(statements, i), *content = json_object_get(statement, "content");
        if (json_array_size(json_object_get(content, "attachments")) == 0)
            continue;
        char *inner = cli_format("%s/%s", folder, cli_short(cli_result_text(statement, "statement")));
        enum base_code code = cli_save_attachments(cli, content, inner);
        free(inner);
        if (code != BASE_OK)
            return code;
        saved++;
    }
    return saved > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no attachment");
}

static enum base_code ask_show(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    enum base_code code = BASE_OK;
    BASE_TRY(cli_arguments_check(cli, 2, 2, ASK));
    cli_request_begin(&request, cli, "ask-show");
    cli_request_argument(&request, "ask", 1, ASK);
    cli_request_why(&request, "show");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    if (cli_has(cli, "save"))
        code = save(cli, result);
    else if (!cli->is_json)
        show(result);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_incref(result));
    json_decref(result);
    return code;
}

static enum base_code ask_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"list", ask_list}, {"show", ask_show}};
    if (cli_argument(cli, 0) == NULL)
        return ask_list(cli);
    return cli_form_run(cli, forms, 2, ask_send);
}

static const struct cli_option options[] = {
    {"facts", 'f', "TEXT", "what is known (required); this and the other texts: @FILE reads a file"},
    CLI_REASON_OPTION("why it is asked (required)"),
    {"link", 'l', "TEXT", "why the other party should have it (required)"},
    {"use", 'u', "TEXT", "what it will be used for (required)"},
    {"background", 0, "TEXT", "what else helps to understand"},
    {"urgency", 0, "HOW", "urgent, normal or other: the terms say how long each gives (else normal)"},
    {"due", 0, "DATE", "by then: 2027-03-01 or +14d; not before what the terms give"},
    {"about", 0, "STATEMENT", "the statement that this is about: an alert, a match, an answer"},
    {"feedback", 0, NULL, "promise feedback on what use the answer was"},
    CLI_PERSON_OPTIONS,
    CLI_ATTACH_OPTION,
    CLI_HANDLING_OPTIONS,
    {"all", 'a', NULL, "list: ended ones, too"},
    CLI_SAVE_OPTION,
    CLI_WHY_OPTION,
    {0},
};

const struct cli_command cli_ask_command = {
    .name = "ask",
    .summary = "ask the other party for information, with a deadline",
    .usage = CLI_TEXTS("COMPARTMENT --facts TEXT --reason TEXT --link TEXT --use TEXT ...", "[list] [COMPARTMENT] [--all]",
                       "show ASK [--save FOLDER]"),
    .options = options,
    .text = "An ask carries the facts, the reason, the link to the asked party and the intended use: without these it may be declined as "
            "incomplete, so the program asks for all four. It ends as answered, partly answered, no trace, declined with a code, withdrawn, "
            "or silent: when its time is over and nothing was said, both ledgers say so.\n\n"
            "show tells what was said of an ask, in order. An ASK is named by the first eight digits of its hash.\n\n"
            "The other side: entente answer, decline, defer. Yours: entente withdraw, feedback.",
    .examples = CLI_TEXTS("an ask", "entente ask south -f @facts.txt -r \"file 7\" -l \"your alert\" -u \"to judge it\"",
                          "what is open", "entente ask list", "what was said of it", "entente ask show 9d8c7b6a"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = ask_run,
};
