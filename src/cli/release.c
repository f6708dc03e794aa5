/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/show.h"
#include "cli/when.h"

#include "base/cursor.h"

#include <stdlib.h>
#include <string.h>

static const char DRAFT[] = "the DRAFT's number (entente release list)";
static const char HOW_TO_LIST[] = "list them with: entente release list --all";

static enum base_code fetch(struct cli *cli, const char *compartment, bool is_all, json_t **result)
{
    struct cli_request request;
    cli_request_begin(&request, cli, "drafts");
    cli_request_text(&request, "compartment", compartment);
    if (is_all)
        cli_request_set(&request, "all", json_true());
    return cli_request_send(&request, result);
}

static enum base_code release_list(struct cli *cli)
{
    static const struct cli_column columns[] = {{"DRAFT", CLI_RIGHT}, {"WHERE", CLI_FLEXIBLE}, {"WHAT", CLI_LEFT}, {"AUTHOR", CLI_FLEXIBLE},
                                                {"SINCE (UTC)", CLI_LEFT}, {"STATE", CLI_LEFT}, {"DECIDED BY", CLI_FLEXIBLE}};
    struct cli_table table;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    BASE_TRY(fetch(cli, cli_argument(cli, 1), cli_has(cli, "all"), &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *drafts = cli_result_list(result, "drafts");
    cli_table_init(&table, columns, 7);
    for (size_t i = 0; i < json_array_size(drafts); i++) {
        const json_t *draft = json_array_get(drafts, i);
        char *number = cli_format("%llu", (unsigned long long)cli_result_number(draft, "draft"));
        cli_table_add(&table, CLI_TEXTS(number, cli_result_text(draft, "compartment"), cli_result_text(json_object_get(draft, "request"), "do"),
                                        cli_result_text(draft, "author"), cli_time_text(cli_result_text(draft, "created")),
                                        cli_result_text(draft, "state"), cli_result_text(draft, "decider")));
        free(number);
    }
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    else
        cli_say(cli, "No draft%s.", cli_has(cli, "all") ? "" : " waits for a release");
    cli_table_release(&table);
    cli_show_left_out(cli, result);
    json_decref(result);
    return BASE_OK;
}

static bool is_content(const char *key)
{
    return strcmp(key, "texts") == 0 || strcmp(key, "persons") == 0 || strcmp(key, "attachments") == 0;
}

/* What would be said: its fields as they stand, then its content. */
static void show_request(const json_t *request)
{
    const char *key;
    const json_t *value;
    bool has_content = false;
    json_object_foreach((json_t *)request, key, value) {
        char *text = is_content(key) || json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        char *label = cli_safe(key);
        has_content |= is_content(key);
        if (json_is_string(value))
            cli_print_field(label, "%s", json_string_value(value));
        else if (text != NULL)
            cli_print_field(label, "%s", text);
        free(label);
        free(text);
    }
    if (has_content)
        cli_show_content(request);
}

static void show(const json_t *draft)
{
    cli_print_field("draft", "%llu in %s, %s", (unsigned long long)cli_result_number(draft, "draft"), cli_result_text(draft, "compartment"),
                    cli_result_text(draft, "state"));
    cli_print_field("author", "%s, %s UTC", cli_result_text(draft, "author"), cli_time_text(cli_result_text(draft, "created")));
    if (*cli_result_text(draft, "decider") != 0)
        cli_print_field("decided by", "%s", cli_result_text(draft, "decider"));
    if (*cli_result_text(draft, "reason") != 0)
        cli_print_field("because", "%s", cli_result_text(draft, "reason"));
    putchar('\n');
    if (json_is_object(json_object_get(draft, "request")))
        show_request(json_object_get(draft, "request"));
    else
        cli_print_field("content", "for a releaser to read");
}

static enum base_code release_show(struct cli *cli)
{
    json_t *result = NULL;
    const json_t *found = NULL;
    uint64_t number = 0;
    enum base_code code = BASE_OK;
    BASE_TRY(cli_arguments_check(cli, 2, 2, DRAFT));
    if (base_parse_decimal(base_bytes_text(cli_argument(cli, 1)), INT64_MAX, &number) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "'%.40s' is not a number: %s", cli_argument(cli, 1), DRAFT);
    BASE_TRY(fetch(cli, NULL, true, &result));
    const json_t *drafts = cli_result_list(result, "drafts");
    for (size_t i = 0; found == NULL && i < json_array_size(drafts); i++)
        if (cli_result_number(json_array_get(drafts, i), "draft") == number)
            found = json_array_get(drafts, i);
    if (found == NULL) {
        cli->hint = HOW_TO_LIST;
        code = base_fail(BASE_E_NOT_FOUND, "there is no draft %llu", (unsigned long long)number);
    } else if (cli->is_json) {
        code = cli_print_json(json_incref((json_t *)found));
    } else {
        show(found);
    }
    json_decref(result);
    return code;
}

static enum base_code release_approve(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 2, 2, DRAFT));
    cli_request_begin(&request, cli, "release");
    cli_request_number(&request, "draft", 1, DRAFT);
    request.absent = HOW_TO_LIST;
    return cli_say_it(&request, "statement");
}

static enum base_code release_refuse(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, DRAFT));
    cli_request_begin(&request, cli, "refuse");
    cli_request_number(&request, "draft", 1, DRAFT);
    cli_request_needs(&request, "reason", "why, for its author");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "Draft %s is refused; nothing was sent.", cli_argument(cli, 1));
    json_decref(result);
    return BASE_OK;
}

static enum base_code release_run(struct cli *cli)
{
    static const struct cli_form forms[] = {
        {"list", release_list}, {"show", release_show}, {"approve", release_approve}, {"refuse", release_refuse}};
    if (cli_argument(cli, 0) == NULL)
        return release_list(cli);
    return cli_form_run(cli, forms, 4, NULL);
}

static const struct cli_option options[] = {
    {"all", 'a', NULL, "list: decided ones, too"},
    CLI_REASON_OPTION("refuse: why, for its author (required)"),
    {0},
};

const struct cli_command cli_release_command = {
    .name = "release",
    .summary = "read what somebody else has drafted, and release it or not",
    .usage = CLI_TEXTS("[list] [COMPARTMENT] [--all]", "show DRAFT", "approve DRAFT", "refuse DRAFT --reason TEXT"),
    .options = options,
    .text = "Where the terms ask for it, what is said about a person is drafted by one user and released by another (four eyes). approve "
            "says it, as it was drafted; your own ledger keeps who wrote it and who released it. Nobody releases a draft of their own.",
    .examples = CLI_TEXTS("what waits", "entente release list", "read it", "entente release show 3", "send it", "entente release approve 3",
                          "do not", "entente release refuse 3 --reason \"names a source\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = release_run,
};
