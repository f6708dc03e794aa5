/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/table.h"

#include "base/clock.h"
#include "crypto/text.h"

struct listing {
    struct cli_table table;
    json_t *sources;
};

static enum base_code list_source(void *context, const struct store_source *source)
{
    struct listing *listing = context;
    char hash[65], imported[BASE_TIME_TEXT_LEN + 1];
    crypto_hex_encode(base_bytes_of(source->file_hash, sizeof source->file_hash), hash);
    base_time_format(source->imported_ms, imported);
    if (listing->sources != NULL)
        json_array_append_new(listing->sources,
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "source", source->label, "format", source->format,
                                        "list_date", source->list_date, "imported", imported, "file_sha256", hash, "current",
                                        (json_int_t)source->current, "withdrawn", (json_int_t)source->withdrawn));
    else
        cli_table_add(&listing->table,
                      CLI_TEXTS(source->label, source->format, source->list_date, cli_time(source->imported_ms),
                                cli_thousands(source->current), cli_thousands(source->withdrawn)));
    return BASE_OK;
}

static enum base_code sources_run(struct cli *cli)
{
    static const struct cli_column columns[] = {{"SOURCE", CLI_FLEXIBLE}, {"FORMAT", CLI_LEFT},      {"LIST OF", CLI_LEFT},
                                                {"IMPORTED (UTC)", CLI_LEFT}, {"RECORDS", CLI_RIGHT}, {"WITHDRAWN", CLI_RIGHT}};
    struct listing listing = {0};
    struct store *store = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    BASE_TRY(cli_home_open(cli, false, &store));
    listing.sources = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 6);
    enum base_code code = store_sources_each(store, list_source, &listing);
    store_close(store);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:O}", "sources", listing.sources));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "No list yet. Bring one in with: entente import FILE --source LABEL");
    json_decref(listing.sources);
    cli_table_release(&listing.table);
    return code;
}

const struct cli_command cli_sources_command = {
    .name = "sources",
    .summary = "list the lists that were imported",
    .usage = CLI_TEXTS(""),
    .text = "One line per source: its format, the date the list itself states, when it was imported, and how many records are "
            "current and withdrawn.",
    .examples = CLI_TEXTS("the same for a program", "entente sources --json"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = sources_run,
};
