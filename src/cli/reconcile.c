/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/show.h"
#include "cli/when.h"

#include <string.h>

static const char COMPARTMENT[] = "the COMPARTMENT (entente compartment list)";

/* The arrays of the result, and what they say in a table. */
static const struct {
    const char *key, *word;
} sorts[] = {
    {"missing_there", "missing there"},
    {"missing_here", "missing here"},
    {"waiting_here", "waits here"},
    {"waiting_there", "waits there"},
};

static void add_row(struct cli_table *table, const json_t *item, const char *word)
{
    const char *kind = cli_result_text(item, "kind"); /* of what is not here, only the hash is known */
    cli_table_add(table, CLI_TEXTS(word, cli_short(cli_result_text(item, "statement")), *kind == 0 ? "?" : kind,
                                   *kind == 0 ? "?" : cli_time_text(cli_result_text(item, "time"))));
}

/* What an array does not hold comes as items that name it. */
static void add_rows(struct cli_table *table, const json_t *result, size_t sort)
{
    const json_t *array = json_object_get(result, sorts[sort].key), *items = json_object_get(result, "items");
    for (size_t i = 0; i < json_array_size(array); i++)
        add_row(table, json_array_get(array, i), sorts[sort].word);
    for (size_t i = 0; i < json_array_size(items); i++)
        if (strcmp(cli_result_text(json_array_get(items, i), "where"), sorts[sort].key) == 0)
            add_row(table, json_array_get(items, i), sorts[sort].word);
}

static void show(const struct cli *cli, const json_t *result)
{
    static const struct cli_column columns[] = {
        {"WHAT", CLI_LEFT}, {"STATEMENT", CLI_LEFT}, {"KIND", CLI_LEFT}, {"TIME (UTC)", CLI_LEFT}};
    const json_t *counts = json_object_get(result, "counts");
    uint64_t missing = cli_result_number(counts, "missing_there") + cli_result_number(counts, "missing_here");
    struct cli_table table;
    cli_print_field("compared", "%s statements here, %s there", cli_thousands(cli_result_number(result, "own")),
                    cli_thousands(cli_result_number(result, "theirs")));
    if (cli_result_number(result, "conflicts") > 0)
        cli_print_field("conflicts", "%s: entente ledger evidence COMPARTMENT", cli_thousands(cli_result_number(result, "conflicts")));
    cli_table_init(&table, columns, 4);
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        add_rows(&table, result, i);
    if (table.cell_count > 0) {
        putchar('\n');
        cli_table_print(&table, stdout);
    }
    if (missing == 0)
        cli_say(cli, "%sNothing is missing on either side.", table.cell_count > 0 ? "\n" : "");
    else
        cli_say(cli, "\nA statement that does not wait and is missing was lost: in a store that was restored or changed, or on its way. "
                     "entente ledger verify says whether the ledger here is whole.");
    cli_table_release(&table);
}

static enum base_code reconcile_run(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, COMPARTMENT));
    cli_request_begin(&request, cli, "reconcile");
    cli_request_argument(&request, "compartment", 0, COMPARTMENT);
    request.absent = "list compartments with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    if (!cli->is_quiet)
        show(cli, result);
    json_decref(result);
    return BASE_OK;
}

const struct cli_command cli_reconcile_command = {
    .name = "reconcile",
    .summary = "compare with the other node what each holds",
    .usage = CLI_TEXTS("COMPARTMENT"),
    .text = "Both nodes say which statements of the compartment they hold, by hash, and each is told what it lacks: after a restored "
            "backup, a long time apart, or a doubt. No content crosses.",
    .examples = CLI_TEXTS("after a restored backup", "entente reconcile south"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = reconcile_run,
};
