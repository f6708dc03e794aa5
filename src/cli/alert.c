/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/content.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/when.h"
#include "cli/who.h"

#include <stdlib.h>
#include <string.h>

static const char HOW_TO_LIST[] = "list them with: entente alert list --all";

/* "travel,contact" to an array of the statement's words, in their order. */
static void request_tell(struct cli_request *request)
{
    const char *text = cli_value(request->cli, "tell");
    unsigned bits = 0, place;
    for (char word[32]; request->code == BASE_OK && text != NULL; text = text[strlen(word)] == 0 ? NULL : text + strlen(word) + 1) {
        snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ","), text);
        request->code = cli_word_find(&exchange_tells, "tell", word, &place);
        bits |= request->code == BASE_OK ? 1u << place : 0;
    }
    json_t *words = json_array();
    for (place = 0; place < exchange_tells.count; place++)
        if ((bits & 1u << place) != 0)
            json_array_append_new(words, json_string(exchange_tells.items[place]));
    cli_request_set(request, "tell", words);
}

static enum base_code alert_send(struct cli *cli)
{
    static const char COMPARTMENT[] = "the COMPARTMENT (entente compartment list)";
    struct cli_request request;
    uint64_t years = 1;
    BASE_TRY(cli_arguments_check(cli, 2, 2, COMPARTMENT));
    BASE_TRY(cli_number(cli, "class", 1, 5, &years));
    if (years != 1 && years != 3 && years != 5)
        return base_fail(BASE_E_ARGUMENT, "--class is the years between reviews: 1, 3 or 5");
    cli_request_begin(&request, cli, "alert-send");
    cli_request_argument(&request, "compartment", 1, COMPARTMENT);
    cli_request_set(&request, "class", json_integer((json_int_t)years));
    request_tell(&request);
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    if (request.code == BASE_OK && json_object_get(request.object, "persons") == NULL)
        cli_request_fail(&request, base_fail(BASE_E_ARGUMENT, "--name or --person is missing: whom is the alert about?"));
    cli_request_attachments(&request);
    cli_request_handling(&request);
    cli_request_date(&request, "review");
    cli_request_flag(&request, "again");
    request.absent = "list them with: entente compartment list";
    enum base_code code = cli_say_it(&request, "alert");
    if (code == BASE_E_EXISTS)
        cli->hint = "read it with entente alert list; if this one is to be sent all the same: --again";
    return code;
}

static void add_row(struct cli_table *table, const json_t *alert, int64_t now_ms)
{
    bool is_closed = strcmp(cli_result_text(alert, "state"), "closed") == 0;
    char *names = cli_joined(json_object_get(alert, "names"));
    char *hits = cli_format("%llu", (unsigned long long)cli_result_number(alert, "hits"));
    cli_table_add(table, CLI_TEXTS(cli_short(cli_result_text(alert, "alert")), cli_result_text(alert, "compartment"), cli_show_direction(alert),
                                   cli_result_text(alert, "state"), is_closed ? "" : cli_due_text(cli_result_text(alert, "review"), now_ms),
                                   hits, names));
    free(hits);
    free(names);
}

static enum base_code alert_list(struct cli *cli)
{
    static const struct cli_column columns[] = {{"ALERT", CLI_LEFT},  {"WHERE", CLI_FLEXIBLE}, {"WHO", CLI_FLEXIBLE}, {"STATE", CLI_LEFT},
                                                {"REVIEW", CLI_LEFT}, {"HITS", CLI_RIGHT},     {"PERSON", CLI_LATE}};
    struct cli_request request;
    struct cli_table table;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    cli_request_begin(&request, cli, "alerts");
    cli_request_text(&request, "compartment", cli_argument(cli, 1));
    cli_request_flag(&request, "all");
    cli_request_why(&request, "list");
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *alerts = cli_result_list(result, "alerts");
    cli_table_init(&table, columns, 7);
    for (size_t i = 0; i < json_array_size(alerts); i++)
        add_row(&table, json_array_get(alerts, i), cli_now());
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    else
        cli_say(cli, "No alert%s. Send one with: entente alert send COMPARTMENT --name NAME", cli_has(cli, "all") ? "" : " is awake");
    cli_table_release(&table);
    cli_show_left_out(cli, result);
    json_decref(result);
    return BASE_OK;
}

static void show(const json_t *alert)
{
    const json_t *findings = json_object_get(alert, "findings"), *duties = json_object_get(alert, "duties");
    char *tell = cli_joined(json_object_get(alert, "tell")), *same = cli_joined(json_object_get(alert, "same"));
    const char *review = cli_result_text(alert, "review");
    cli_print_field("alert", "%s", cli_result_text(alert, "alert"));
    cli_print_field("where", "%s, %s", cli_result_text(alert, "compartment"), cli_show_direction(alert));
    cli_print_field("state", "%s, opened %s UTC", cli_result_text(alert, "state"), cli_time_text(cli_result_text(alert, "opened")));
    bool is_closed = strcmp(cli_result_text(alert, "state"), "closed") == 0;
    cli_print_field("review", "%s UTC%s%s; every %llu year%s", cli_time_text(review), is_closed ? "" : ", ", is_closed ? "" : cli_due_text(review, cli_now()),
                    (unsigned long long)cli_result_number(alert, "class"), cli_result_number(alert, "class") == 1 ? "" : "s");
    cli_print_field("tell of", "%s", *tell == 0 ? "nothing" : tell);
    cli_show_handling(alert);
    cli_show_receipted(alert);
    cli_show_content_of(alert);
    if (*same != 0)
        cli_print_field("same person", "%s", same);
    if (json_array_size(findings) > 0)
        putchar('\n');
    cli_show_hits(findings, true, cli_now());
    if (json_array_size(duties) > 0)
        putchar('\n');
    cli_show_duties(duties, cli_result_text(alert, "peer"), cli_now());
    free(same);
    free(tell);
}

static enum base_code alert_show(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the ALERT (entente alert list)"));
    cli_request_begin(&request, cli, "alert-show");
    cli_request_argument(&request, "alert", 1, "the ALERT (entente alert list)");
    cli_request_why(&request, "show");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    enum base_code code = BASE_OK;
    if (cli_has(cli, "save"))
        code = cli_save_attachments(cli, json_object_get(result, "content"), cli_value(cli, "save"));
    else if (!cli->is_json)
        show(result);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_incref(result));
    json_decref(result);
    return code;
}

static enum base_code alert_renew(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the ALERT (entente alert list)"));
    cli_request_begin(&request, cli, "alert-renew");
    cli_request_argument(&request, "alert", 1, "the ALERT (entente alert list)");
    if (!cli_has(cli, "reason"))
        cli_request_fail(&request, base_fail(BASE_E_ARGUMENT, "--reason is missing: the assessment that it is still needed"));
    cli_request_content_text(&request, "reason");
    cli_request_date(&request, "review");
    request.absent = HOW_TO_LIST;
    return cli_say_it(&request, "renewal");
}

static enum base_code end(struct cli *cli, const char *what, const char *said)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the ALERT (entente alert list)"));
    cli_request_begin(&request, cli, what);
    cli_request_argument(&request, "alert", 1, "the ALERT (entente alert list)");
    cli_request_needs(&request, "reason", "why, in a line; the other party reads it");
    request.absent = HOW_TO_LIST;
    return cli_say_it(&request, said);
}

static enum base_code alert_close(struct cli *cli)
{
    return end(cli, "alert-close", "closing");
}

static enum base_code alert_served(struct cli *cli)
{
    return end(cli, "alert-served", "statement");
}

static enum base_code alert_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"send", alert_send},   {"list", alert_list},   {"show", alert_show},
                                            {"renew", alert_renew}, {"close", alert_close}, {"served", alert_served}};
    if (cli_argument(cli, 0) == NULL)
        return alert_list(cli);
    return cli_form_run(cli, forms, 6, NULL);
}

static const struct cli_option options[] = {
    CLI_PERSON_OPTIONS,
    {"tell", 't', "WORDS", "send: what you want to be told of: contact, travel, whereabouts, record; several with commas"},
    {"class", 'c', "YEARS", "send: years between reviews, 1, 3 or 5 (else 1)"},
    {"review", 0, "DATE", "send, renew: review it by then: 2027-03-01 or +90d (else what the class allows)"},
    {"text", 0, "TEXT", "send: what is known and what is feared; @FILE reads a file"},
    CLI_ATTACH_OPTION,
    CLI_HANDLING_OPTIONS,
    {"again", 0, NULL, "send: although there is an alert about this person"},
    CLI_REASON_OPTION("renew: the assessment, or @FILE; close, served: why, in a line"),
    {"all", 'a', NULL, "list: closed ones, too"},
    CLI_SAVE_OPTION,
    CLI_WHY_OPTION,
    {0},
};

const struct cli_command cli_alert_command = {
    .name = "alert",
    .summary = "warn the other party of a person, and keep the warning awake",
    .usage = CLI_TEXTS("send COMPARTMENT --name NAME ... [--born DATE ...] [--tell WORDS] ...", "[list] [COMPARTMENT] [--all]",
                       "show ALERT [--save FOLDER]", "renew ALERT --reason TEXT [--review DATE]", "close ALERT --reason TEXT",
                       "served ALERT --reason TEXT"),
    .options = options,
    .text = "An alert names one person in every spelling that is known, and says what its sender wants to be told of. It stays awake "
            "until somebody decides: whatever the other party holds, and whatever arrives later, is screened against it. Its review "
            "date never ends it. A review that is missed stands in both ledgers, against its owner.\n\n"
            "Give every name as it is written where you found it: the original script, and each romanisation. A date of birth that is "
            "in doubt is given as far as it is known; several dates may stand beside each other. A wrong date lowers the grade of a hit "
            "and never silences it.\n\n"
            "renew keeps it, after an assessment. close ends it. served is for the party that received it: it holds that the purpose is "
            "served, and the owner has 15 days to justify keeping it.\n\n"
            "An ALERT is named by the first eight digits of its hash.",
    .examples = CLI_TEXTS("a name as it is written, a date in doubt",
                          "entente alert send south -n \"Царнаев Тамерлан\" -b 1987 --tell travel", "a person from a file",
                          "entente alert send south --person person.json --text @warning.txt", "what is awake", "entente alert list",
                          "all about one", "entente alert show 4f3c2a1b", "it is still needed",
                          "entente alert renew 4f3c2a1b --reason @assessment.txt"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = alert_run,
};
