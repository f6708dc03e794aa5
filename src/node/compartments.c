/* SPDX-License-Identifier: Apache-2.0
 *
 * Compartments as the store keeps them, read back into terms and states.
 */
#include "crypto/text.h"
#include "node/seat.h"

#include <stdio.h>
#include <string.h>

uint32_t node_state_pack(enum exchange_state own, enum exchange_state peer)
{
    return (uint32_t)own | (uint32_t)peer << 8;
}

void node_state_unpack(uint32_t packed, struct node_compartment *out)
{
    out->own_state = (enum exchange_state)(packed & 0xff);
    out->peer_state = (enum exchange_state)(packed >> 8 & 0xff);
    out->state = out->own_state;
    if (out->own_state == EXCHANGE_CLOSED || out->peer_state == EXCHANGE_CLOSED)
        out->state = EXCHANGE_CLOSED;
    else if (out->peer_state == EXCHANGE_SUSPENDED)
        out->state = EXCHANGE_SUSPENDED;
}

static enum base_code check_state(uint32_t packed)
{
    if ((packed & 0xff) > EXCHANGE_CLOSED || packed >> 8 > EXCHANGE_CLOSED)
        return base_fail(BASE_E_CORRUPT, "a compartment in a state that does not exist");
    return BASE_OK;
}

static enum base_code read_row(const struct store_compartment *row, const struct exchange_id *own, struct node_compartment *out)
{
    struct ledger_note note;
    *out = (struct node_compartment){.since_ms = row->since_ms, .terms_note = row->terms, .sealed_key = row->keys};
    BASE_TRY(check_state(row->state));
    node_state_unpack(row->state, out);
    snprintf(out->name, sizeof out->name, "%s", row->name);
    memcpy(out->id.bytes, row->id, sizeof out->id.bytes);
    memcpy(out->peer.bytes, row->peer, sizeof out->peer.bytes);
    BASE_TRY(ledger_note_parse(row->terms, &note));
    enum base_code code = exchange_terms_parse(note.text, &out->terms);
    ledger_note_release(&note);
    if (code == BASE_OK && exchange_terms_is_filled(&out->terms))
        code = exchange_terms_hash(&out->terms, &out->terms_hash);
    if (code != BASE_OK)
        return code;
    return exchange_terms_side_of(&out->terms, own, &out->side);
}

/* The own card was checked when it was put into the store: its signature is not checked again for each look. */
static enum base_code own_identity(struct store *store, struct exchange_id *out)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    struct exchange_card card;
    enum base_code code = node_card_note(store, &bytes);
    if (code == BASE_OK)
        code = node_card_read(base_bytes_buffer(&bytes), &card);
    if (code == BASE_OK)
        exchange_fingerprint(&card.identity, out);
    base_buffer_release(&bytes);
    return code;
}

struct walk {
    struct store *store;
    struct exchange_id own;
    node_compartment_visit *visit;
    void *context;
};

struct naming {
    struct node_compartment *facts;
};

static enum base_code name_peer(void *context, const struct store_peer *peer)
{
    struct naming *naming = context;
    if (memcmp(peer->fingerprint, naming->facts->peer.bytes, EXCHANGE_ID_LEN) == 0)
        snprintf(naming->facts->peer_name, sizeof naming->facts->peer_name, "%s", peer->name);
    return BASE_OK;
}

static enum base_code visit_row(void *context, const struct store_compartment *row)
{
    const struct walk *walk = context;
    struct node_compartment facts;
    struct naming naming = {&facts};
    BASE_TRY(read_row(row, &walk->own, &facts));
    BASE_TRY(store_peers_each(walk->store, name_peer, &naming));
    return walk->visit(walk->context, &facts);
}

enum base_code node_compartments_each(struct store *store, node_compartment_visit *visit, void *context)
{
    struct walk walk = {.store = store, .visit = visit, .context = context};
    BASE_TRY(own_identity(store, &walk.own));
    return store_compartments_each(store, visit_row, &walk);
}

struct single {
    struct walk walk;
    node_compartment_use *use;
    void *context;
};

static enum base_code use_one(void *context, const struct store_compartment *row)
{
    struct single *single = context;
    struct node_compartment facts;
    struct naming naming = {&facts};
    BASE_TRY(read_row(row, &single->walk.own, &facts));
    enum base_code code = store_peer_get(single->walk.store, row->peer, name_peer, &naming);
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    return single->use(single->context, &facts);
}

enum base_code node_compartment_with(struct store *store, const struct exchange_id *id, node_compartment_use *use, void *context)
{
    struct single single = {.walk = {.store = store}, .use = use, .context = context};
    BASE_TRY(own_identity(store, &single.walk.own));
    return store_compartment_get(store, id->bytes, use_one, &single);
}

struct search {
    const char *name;
    struct exchange_id id;
    unsigned by_digits;
    bool is_named;
};

enum { DIGITS_LEAST = 8 };

static enum base_code search_one(void *context, const struct store_compartment *row)
{
    struct search *search = context;
    struct exchange_id id;
    char hex[2 * EXCHANGE_ID_LEN + 1];
    size_t len = strlen(search->name);
    memcpy(id.bytes, row->id, sizeof id.bytes);
    exchange_id_hex(&id, hex);
    bool is_named = strcmp(search->name, row->name) == 0;
    bool is_digits = len >= DIGITS_LEAST && strncmp(search->name, hex, len) == 0;
    if (is_named || (is_digits && !search->is_named))
        search->id = id;
    search->is_named |= is_named;
    search->by_digits += is_digits;
    return BASE_OK;
}

static enum base_code copy_facts(void *context, const struct node_compartment *facts)
{
    struct node_compartment *out = context;
    *out = *facts;
    out->terms_note = out->sealed_key = (struct base_bytes){NULL, 0};
    return BASE_OK;
}

enum base_code node_compartment_find(struct store *store, const char *name, struct node_compartment *out)
{
    struct search search = {.name = name};
    BASE_TRY(store_compartments_each(store, search_one, &search));
    if (!search.is_named && search.by_digits > 1)
        return base_fail(BASE_E_ARGUMENT, "%u compartments begin with these digits", search.by_digits);
    if (!search.is_named && search.by_digits == 0)
        return base_fail(BASE_E_NOT_FOUND, "there is no such compartment");
    return node_compartment_with(store, &search.id, copy_facts, out);
}

enum base_code node_compartment_states(struct store *store, const struct exchange_id *id, struct node_states *out)
{
    struct node_compartment facts;
    uint32_t packed;
    BASE_TRY(store_compartment_state(store, id->bytes, &packed));
    BASE_TRY(check_state(packed));
    node_state_unpack(packed, &facts);
    *out = (struct node_states){facts.own_state, facts.peer_state, facts.state};
    return BASE_OK;
}

enum base_code node_compartment_put(struct store *store, const struct node_compartment *facts, struct base_bytes terms_note,
                                    struct base_bytes sealed_key)
{
    struct store_compartment row = {.state = node_state_pack(facts->own_state, facts->peer_state),
                                    .since_ms = facts->since_ms, .terms = terms_note, .keys = sealed_key};
    memcpy(row.id, facts->id.bytes, sizeof row.id);
    memcpy(row.peer, facts->peer.bytes, sizeof row.peer);
    snprintf(row.name, sizeof row.name, "%s", facts->name);
    return store_compartment_put(store, &row);
}

/* A visit may not write the row it stands on: copied first. */
struct copy {
    struct node_compartment facts;
    struct base_buffer terms, key;
};

static enum base_code copy_one(void *context, const struct node_compartment *facts)
{
    struct copy *copy = context;
    copy->facts = *facts;
    BASE_TRY(base_buffer_append(&copy->terms, facts->terms_note));
    return base_buffer_append(&copy->key, facts->sealed_key);
}

enum base_code node_compartment_set_states(struct store *store, const struct exchange_id *id, enum exchange_state own,
                                           enum exchange_state peer, int64_t now_ms)
{
    struct copy copy = {.terms = BASE_BUFFER_EMPTY, .key = BASE_BUFFER_EMPTY};
    enum base_code code = node_compartment_with(store, id, copy_one, &copy);
    if (code == BASE_OK) {
        copy.facts.own_state = own;
        copy.facts.peer_state = peer;
        copy.facts.since_ms = now_ms;
        code = node_compartment_put(store, &copy.facts, base_bytes_buffer(&copy.terms), base_bytes_buffer(&copy.key));
    }
    base_buffer_release(&copy.terms);
    base_buffer_release(&copy.key);
    return code;
}
