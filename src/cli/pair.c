/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/prompt.h"
#include "cli/table.h"
#include "cli/who.h"

#include "base/clock.h"
#include "base/file.h"

#include <ctype.h>
#include <string.h>

enum { CARD_MAX = 65536 };

/* Were the same words said? Blanks and hyphens part them alike, and case does not count. */
static bool is_same_words(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (isspace((unsigned char)*a) || *a == '-')
            a++;
        while (isspace((unsigned char)*b) || *b == '-')
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (*a == 0)
            return true;
    }
}

static enum base_code confirm(struct cli *cli, struct store *store, const struct exchange_card *card, const char *name,
                              bool *is_confirmed)
{
    struct exchange_card own;
    struct exchange_id fingerprint;
    char own_words[EXCHANGE_WORDS_LEN], words[EXCHANGE_WORDS_LEN];
    exchange_fingerprint(&card->identity, &fingerprint);
    exchange_words(&fingerprint, words);
    if (cli_has(cli, "words")) {
        *is_confirmed = is_same_words(words, cli_value(cli, "words"));
        if (*is_confirmed)
            return BASE_OK;
        cli->hint = "somebody exchanged the card, or the words were misheard: ask for both again";
        return base_fail(BASE_E_KEY, "the words given are not those of this card");
    }
    BASE_TRY(node_card_own(store, &own));
    exchange_fingerprint(&own.identity, &fingerprint);
    exchange_words(&fingerprint, own_words);
    fprintf(stderr, "Call %s, on a number you knew before, and read to each other:\n\n  theirs  %s\n  yours   %s\n\n", name, words,
            own_words);
    enum base_code code = cli_confirm("Do both of you read the same words?", is_confirmed);
    if (code == BASE_E_CANCELLED)
        return BASE_OK; /* stays pending */
    if (code == BASE_OK && !*is_confirmed)
        return base_fail(BASE_E_KEY, "the words differ: this is not the other party's card");
    return code;
}

static enum base_code pair_note(struct cli *cli, struct store *store, struct base_bytes note)
{
    struct exchange_card card;
    bool is_confirmed = false;
    struct base_clock clock = base_clock_system();
    BASE_TRY(node_card_check(note, &card));
    const char *name = cli_has(cli, "name") ? cli_value(cli, "name") : card.name;
    BASE_TRY(exchange_name_check(name));
    BASE_TRY(confirm(cli, store, &card, name, &is_confirmed));
    enum node_peer_state state = is_confirmed ? NODE_PEER_PAIRED : NODE_PEER_PENDING;
    enum base_code code = node_peer_put(store, note, name, state, base_clock_now(&clock));
    if (code == BASE_E_EXISTS)
        cli->hint = "call it otherwise with --name";
    if (code != BASE_OK)
        return code;
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:s}", "name", name, "address", card.address, "state",
                                        is_confirmed ? "paired" : "pending"));
    if (is_confirmed)
        cli_say(cli, "Paired with %s at %s. Next, on one of the two sides: entente compartment propose %s", name, card.address,
                name);
    else
        cli_say(cli, "Kept %s as pending: it may connect only once the words were compared. Run the same command again.", name);
    return BASE_OK;
}

static enum base_code pair_card(struct cli *cli)
{
    struct store *store = NULL;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    BASE_TRY(cli_arguments_check(cli, 1, 1, "the CARD-FILE"));
    BASE_TRY(cli_home_open(cli, true, &store));
    enum base_code code = cli_permit(cli, store, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR), NULL);
    if (code == BASE_OK)
        code = base_file_read(cli_argument(cli, 0), CARD_MAX, &note);
    if (code == BASE_OK)
        code = pair_note(cli, store, base_bytes_buffer(&note));
    base_buffer_release(&note);
    store_close(store);
    return code;
}

struct listing {
    struct cli_table table;
    json_t *peers;
};

static enum base_code list_peer(void *context, const struct node_peer *peer)
{
    struct listing *listing = context;
    char words[EXCHANGE_WORDS_LEN], hex[2 * EXCHANGE_ID_LEN + 1], since[BASE_TIME_TEXT_LEN + 1];
    const char *state = peer->state == NODE_PEER_PAIRED ? "paired" : "pending";
    exchange_words(&peer->fingerprint, words);
    exchange_id_hex(&peer->fingerprint, hex);
    base_time_format(peer->since_ms, since);
    if (listing->peers != NULL)
        json_array_append_new(listing->peers,
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", peer->name, "state", state, "address",
                                        peer->card.address, "fingerprint", hex, "words", words, "since", since));
    else
        cli_table_add(&listing->table, CLI_TEXTS(peer->name, state, peer->card.address, cli_time(peer->since_ms), words));
    return BASE_OK;
}

static enum base_code pair_list(struct cli *cli)
{
    static const struct cli_column columns[] = {
        {"NAME", CLI_LEFT}, {"STATE", CLI_LEFT}, {"ADDRESS", CLI_LEFT}, {"SINCE (UTC)", CLI_LEFT}, {"WORDS", CLI_FLEXIBLE}};
    struct listing listing = {0};
    struct store *store = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ""));
    BASE_TRY(cli_home_open(cli, false, &store));
    listing.peers = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 5);
    enum base_code code = cli_permit(cli, store, NULL, NODE_MAY_ANY, NULL);
    if (code == BASE_OK)
        code = node_peers_each(store, list_peer, &listing);
    store_close(store);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:O}", "peers", listing.peers));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "No other party yet. Pair with: entente pair CARD-FILE");
    json_decref(listing.peers);
    cli_table_release(&listing.table);
    return code;
}

static enum base_code refuse_open(void *context, const struct node_compartment *compartment)
{
    const struct node_peer *peer = context;
    if (compartment->state == EXCHANGE_CLOSED || !exchange_id_equal(&compartment->peer, &peer->fingerprint))
        return BASE_OK;
    return base_fail(BASE_E_STATE, "compartment %s with this party is not closed", compartment->name);
}

static enum base_code pair_remove(struct cli *cli)
{
    struct store *store = NULL;
    struct node_peer peer;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the party's NAME"));
    BASE_TRY(cli_home_open(cli, true, &store));
    enum base_code code = cli_permit(cli, store, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR), NULL);
    if (code == BASE_OK)
        code = node_peer_by_name(store, cli_argument(cli, 1), &peer);
    if (code == BASE_E_NOT_FOUND)
        cli->hint = "list them with: entente pair list";
    if (code == BASE_OK)
        code = node_compartments_each(store, refuse_open, &peer);
    if (code == BASE_OK)
        code = store_peer_remove(store, peer.fingerprint.bytes);
    store_close(store);
    if (code == BASE_OK && cli->is_json)
        return cli_print_json(json_pack("{s:s}", "removed", peer.name));
    if (code == BASE_OK)
        cli_say(cli, "%s is no longer paired: its node may not connect any more.", peer.name);
    return code;
}

static enum base_code pair_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"list", pair_list}, {"remove", pair_remove}};
    return cli_form_run(cli, forms, 2, pair_card);
}

static const struct cli_option options[] = {
    {"name", 'n', "NAME", "call the other party this (else as its card says)"},
    {"words", 'w', "WORDS", "the words that were read to you, instead of the question"},
    {0},
};

const struct cli_command cli_pair_command = {
    .name = "pair",
    .summary = "take in another party's card; list and remove parties",
    .usage = CLI_TEXTS("CARD-FILE [--name NAME] [--words \"WORDS\"]", "list", "remove NAME"),
    .options = options,
    .text = "Checks the card's own signature and shows both parties' words. Compare them by voice, over a channel that whoever "
            "carried the card cannot have changed, and type yes. Only then may the two nodes connect. Both sides pair.\n\n"
            "With --words the words you were told are compared by the program. Without a terminal and without --words the "
            "party is kept as pending.",
    .examples = CLI_TEXTS("pair, comparing by voice", "entente pair south.card", "who is paired", "entente pair list"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = pair_run,
};
