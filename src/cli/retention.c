/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/show.h"
#include "cli/when.h"

static void show_items(const json_t *items)
{
    static const struct cli_column columns[] = {
        {"STATEMENT", CLI_LEFT}, {"KIND", CLI_LEFT}, {"WHERE", CLI_FLEXIBLE}, {"ENDED (UTC)", CLI_LEFT}};
    struct cli_table table;
    cli_table_init(&table, columns, 4);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        cli_table_add(&table, CLI_TEXTS(cli_short(cli_result_text(item, "statement")), cli_result_text(item, "kind"),
                                        cli_result_text(item, "compartment"), cli_time_text(cli_result_text(item, "since"))));
    }
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    cli_table_release(&table);
}

static enum base_code retention_run(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    bool is_dry = cli_has(cli, "dry-run");
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    cli_request_begin(&request, cli, "retention");
    cli_request_text(&request, "compartment", cli_argument(cli, 0));
    if (is_dry)
        cli_request_set(&request, "dry", json_true());
    request.absent = "list compartments with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *items = cli_result_list(result, "items");
    uint64_t count = is_dry ? json_array_size(items) : cli_result_number(result, "erased");
    if (!cli->is_quiet)
        show_items(items);
    if (json_is_true(json_object_get(result, "more")))
        cli_say(cli, is_dry ? "\n... and more than can be listed." : "\n... and more, which the node erases now by itself.");
    if (count == 0)
        cli_say(cli, "No content's time is over.");
    else
        cli_say(cli, "\n%s content%s %s.%s", cli_thousands(count), count == 1 ? "" : "s", is_dry ? "would be erased" : "erased",
                is_dry ? " A dry run: nothing was changed." : " The statements stand, and every proof still verifies.");
    json_decref(result);
    return BASE_OK;
}

static const struct cli_option options[] = {
    {"dry-run", 'n', NULL, "say what would be erased, and erase nothing"},
    {0},
};

const struct cli_command cli_retention_command = {
    .name = "retention",
    .summary = "erase contents whose time is over",
    .usage = CLI_TEXTS("[COMPARTMENT] [--dry-run]"),
    .options = options,
    .text = "The terms say for how many days a content is kept after what it belongs to has ended. This erases what is older, salts too, "
            "and puts into the own ledger how many contents went and from which entries. What was said, by whom and when, stays and still "
            "verifies; what it said of a person is gone. The node does this once a day by itself.",
    .examples = CLI_TEXTS("what would go", "entente retention --dry-run", "erase it", "entente retention south"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = retention_run,
};
