/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/table.h"
#include "cli/who.h"

#include "base/clock.h"
#include "crypto/text.h"
#include "store/matches.h"

#include <string.h>

struct listing {
    struct cli *cli;
    struct store *store;
    struct cli_table table;
    json_t *matches;
};

struct wanted {
    const uint8_t *id;
    char name[STORE_NAME_MAX + 1];
};

static enum base_code name_compartment(void *context, const struct node_compartment *compartment)
{
    struct wanted *wanted = context;
    if (memcmp(compartment->id.bytes, wanted->id, STORE_ID_LEN) == 0)
        memcpy(wanted->name, compartment->name, sizeof wanted->name);
    return BASE_OK;
}

static enum base_code list_match(void *context, const struct store_match *match)
{
    struct listing *listing = context;
    struct wanted wanted = {.id = match->compartment};
    char session[2 * STORE_ID_LEN + 1], statement[65], started[BASE_TIME_TEXT_LEN + 1], finished[BASE_TIME_TEXT_LEN + 1];
    struct exchange_id compartment;
    memcpy(compartment.bytes, match->compartment, sizeof compartment.bytes);
    if (!cli_sees(listing->cli, listing->store, &compartment))
        return BASE_OK;
    BASE_TRY(node_compartments_each(listing->store, name_compartment, &wanted));
    crypto_hex_encode(base_bytes_of(match->session, STORE_ID_LEN), session);
    crypto_hex_encode(base_bytes_of(match->statement, 32), statement);
    base_time_format(match->started_ms, started);
    base_time_format(match->finished_ms, finished);
    if (listing->matches != NULL) {
        json_array_append_new(
            listing->matches,
            json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:I, s:I, s:I, s:I, s:I, s:s}", "session", session, "compartment",
                      wanted.name, "started", started, "finished", finished, "starter", match->is_starter, "role",
                      match->is_receiver ? "receiver" : "sender", "own_keys", (json_int_t)match->own_count, "peer_keys",
                      (json_int_t)match->peer_count, "hits", (json_int_t)match->hit_count, "bytes_sent",
                      (json_int_t)match->bytes_sent, "bytes_received", (json_int_t)match->bytes_received, "statement", statement));
        return BASE_OK;
    }
    session[8] = 0;
    cli_table_add(&listing->table,
                  CLI_TEXTS(cli_time(match->finished_ms), wanted.name, session, match->is_starter ? "us" : "them",
                            cli_thousands(match->own_count), cli_thousands(match->peer_count), cli_thousands(match->hit_count),
                            cli_size(match->bytes_sent + match->bytes_received)));
    return BASE_OK;
}

static enum base_code matches_run(struct cli *cli)
{
    static const struct cli_column columns[] = {{"WHEN (UTC)", CLI_LEFT},   {"COMPARTMENT", CLI_FLEXIBLE}, {"SESSION", CLI_LEFT},
                                                {"BY", CLI_LEFT},           {"OURS", CLI_RIGHT},           {"THEIRS", CLI_RIGHT},
                                                {"MET", CLI_RIGHT},         {"CROSSED", CLI_RIGHT}};
    struct listing listing = {.cli = cli};
    struct node_compartment compartment;
    bool has_name = cli_argument(cli, 0) != NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    BASE_TRY(cli_home_open(cli, false, &listing.store));
    listing.matches = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 8);
    enum base_code code = cli_permit(cli, listing.store, NULL, NODE_MAY_ANY, NULL);
    if (code == BASE_OK && has_name)
        code = cli_home_compartment(cli, listing.store, cli_argument(cli, 0), &compartment);
    if (code == BASE_OK)
        code = store_matches_each(listing.store, has_name ? compartment.id.bytes : NULL, list_match, &listing);
    store_close(listing.store);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:O}", "matches", listing.matches));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "No match yet. Run one with: entente match COMPARTMENT");
    json_decref(listing.matches);
    cli_table_release(&listing.table);
    return code;
}

const struct cli_command cli_matches_command = {
    .name = "matches",
    .summary = "list the matches that were run",
    .usage = CLI_TEXTS("[COMPARTMENT]"),
    .text = "Newest first: who began it, how many match keys each side put in, how many met, and how many bytes crossed.",
    .examples = CLI_TEXTS("of all compartments", "entente matches"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = matches_run,
};
