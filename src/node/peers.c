/* SPDX-License-Identifier: Apache-2.0
 *
 * Pairing: the other parties' cards in the store.
 */
#include "ledger/note.h"
#include "node/party.h"

#include <stdio.h>
#include <string.h>

enum base_code node_card_check(struct base_bytes note_bytes, struct exchange_card *out)
{
    struct ledger_note note;
    struct ledger_verifier verifier;
    struct exchange_card card;
    struct exchange_id fingerprint;
    char name[EXCHANGE_KEY_NAME_LEN];
    BASE_TRY(ledger_note_parse(note_bytes, &note));
    enum base_code code = exchange_card_parse(note.text, &card);
    if (code == BASE_OK) {
        exchange_fingerprint(&card.identity, &fingerprint);
        exchange_identity_name(&fingerprint, name);
        code = ledger_verifier_init(&verifier, name, LEDGER_KEY_ED25519, &card.identity);
    }
    if (code == BASE_OK)
        code = ledger_note_check(&note, &verifier);
    if (code == BASE_E_KEY)
        code = base_fail(BASE_E_SIGNATURE, "the card is not signed by the party it names");
    ledger_note_release(&note);
    if (code == BASE_OK)
        *out = card;
    return code;
}

enum base_code node_peer_put(struct store *store, struct base_bytes card_note, const char *name, enum node_peer_state state,
                             int64_t now_ms)
{
    struct exchange_card card, own;
    struct exchange_id fingerprint;
    struct store_peer row = {.state = (uint32_t)state, .since_ms = now_ms, .card = card_note};
    BASE_TRY(node_card_check(card_note, &card));
    BASE_TRY(exchange_name_check(name));
    BASE_TRY(node_card_own(store, &own));
    if (memcmp(&own.identity, &card.identity, sizeof own.identity) == 0)
        return base_fail(BASE_E_ARGUMENT, "this is the party's own card");
    exchange_fingerprint(&card.identity, &fingerprint);
    memcpy(row.fingerprint, fingerprint.bytes, sizeof row.fingerprint);
    snprintf(row.name, sizeof row.name, "%s", name);
    return store_peer_put(store, &row);
}

struct peers_walk {
    node_peer_visit *visit;
    void *context;
};

enum base_code node_card_read(struct base_bytes bytes, struct exchange_card *out)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = exchange_card_parse(note.text, out);
    ledger_note_release(&note);
    return code;
}

enum base_code node_peer_read(const struct store_peer *row, struct node_peer *out)
{
    *out = (struct node_peer){.state = (enum node_peer_state)row->state, .since_ms = row->since_ms};
    BASE_TRY(node_card_read(row->card, &out->card));
    snprintf(out->name, sizeof out->name, "%s", row->name);
    memcpy(out->fingerprint.bytes, row->fingerprint, sizeof out->fingerprint.bytes);
    return BASE_OK;
}

static enum base_code visit_row(void *context, const struct store_peer *row)
{
    const struct peers_walk *walk = context;
    struct node_peer peer;
    BASE_TRY(node_peer_read(row, &peer));
    return walk->visit(walk->context, &peer);
}

enum base_code node_peers_each(struct store *store, node_peer_visit *visit, void *context)
{
    struct peers_walk walk = {visit, context};
    return store_peers_each(store, visit_row, &walk);
}

struct peer_search {
    const char *name;
    struct node_peer *out;
    bool is_found;
};

static enum base_code match_name(void *context, const struct node_peer *peer)
{
    struct peer_search *search = context;
    if (strcmp(peer->name, search->name) == 0) {
        *search->out = *peer;
        search->is_found = true;
    }
    return BASE_OK;
}

enum base_code node_peer_by_name(struct store *store, const char *name, struct node_peer *out)
{
    struct peer_search search = {name, out, false};
    BASE_TRY(node_peers_each(store, match_name, &search));
    return search.is_found ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "no party is paired under that name");
}
