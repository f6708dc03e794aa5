/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/show.h"
#include "cli/when.h"

static const char COMPARTMENT[] = "the COMPARTMENT (entente compartment list)";

static void add_rows(struct cli_table *table, const json_t *items, const char *where)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        cli_table_add(table, CLI_TEXTS(where, cli_short(cli_result_text(item, "statement")), cli_result_text(item, "kind"),
                                       cli_time_text(cli_result_text(item, "time"))));
    }
}

static void show(const struct cli *cli, const json_t *result)
{
    static const struct cli_column columns[] = {
        {"MISSING", CLI_LEFT}, {"STATEMENT", CLI_LEFT}, {"KIND", CLI_LEFT}, {"TIME (UTC)", CLI_LEFT}};
    const json_t *here = json_object_get(result, "missing_here"), *there = json_object_get(result, "missing_there");
    struct cli_table table;
    cli_print_field("compared", "%s statements of this party's own, %s of the other's", cli_thousands(cli_result_number(result, "own")),
                    cli_thousands(cli_result_number(result, "theirs")));
    cli_table_init(&table, columns, 4);
    add_rows(&table, here, "here");
    add_rows(&table, there, "there");
    if (table.cell_count > 0) {
        putchar('\n');
        cli_table_print(&table, stdout);
        cli_say(cli, "\nWhat is missing there is still in the outbox, or was lost there; what is missing here comes with the next sync. If it "
                     "stays missing, the ledgers say who lost it: entente ledger verify");
    } else {
        cli_say(cli, "Nothing is missing on either side.");
    }
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
