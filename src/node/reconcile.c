/* SPDX-License-Identifier: Apache-2.0 */
#include "node/reconcile.h"

#include "node/exchange.h"
#include "store/evidence.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* conversations 6.2: what the other party has as well, or ought to. Most kinds say it by themselves. */
static enum base_code is_listed(const struct store_entry *entry, bool *out)
{
    struct exchange_statement statement = {0};
    *out = false;
    if (entry->index == 0) /* the terms: both sides have them, or there is no compartment */
        return BASE_OK;
    BASE_TRY(exchange_kind_find(base_bytes_text(entry->kind), &statement.kind));
    if (statement.kind == EXCHANGE_KIND_OVERDUE) {
        struct ledger_note note;
        BASE_TRY(ledger_note_parse(entry->note, &note));
        enum base_code code = exchange_statement_parse(note.text, &statement);
        ledger_note_release(&note);
        if (code != BASE_OK)
            return code;
    }
    *out = node_statement_crosses(&statement);
    return BASE_OK;
}

/* Listing: what a peer gets. */

struct listing {
    struct store *store;
    struct exchange_id compartment;
    uint64_t position; /* in the list: how many were told */
    uint64_t index;    /* of the ledger: where to go on */
    bool has_ended;
    struct node_list_page page; /* being filled */
};

static enum base_code skip_entry(void *context, const struct store_entry *entry)
{
    struct listing *listing = context;
    bool is_one;
    BASE_TRY(is_listed(entry, &is_one));
    if (listing->position == listing->page.from)
        return BASE_E_CANCELLED; /* ends the walk */
    listing->position += is_one;
    listing->index = entry->index + 1;
    return BASE_OK;
}

static enum base_code add_entry(void *context, const struct store_entry *entry)
{
    struct listing *listing = context;
    struct node_list_page *page = &listing->page;
    bool is_one;
    BASE_TRY(is_listed(entry, &is_one));
    if (is_one && page->count == NODE_LIST_PAGE_MAX) {
        page->has_more = true;
        return BASE_E_CANCELLED;
    }
    listing->index = entry->index + 1;
    if (!is_one)
        return BASE_OK;
    memcpy(page->items[page->count].hash.bytes, entry->hash, sizeof entry->hash);
    return store_outbox_has(listing->store, listing->compartment.bytes, entry->hash, &page->items[page->count++].is_waiting);
}

static enum base_code walk(struct listing *listing, store_entry_visit *visit)
{
    enum base_code code = store_entries_each(listing->store, listing->compartment.bytes, listing->index, INT64_MAX, visit, listing);
    return code == BASE_E_CANCELLED ? BASE_OK : code;
}

/* conversations 6.3: pages count what is listed. The place in the ledger would tell what stands between. */
static enum base_code fill_page(struct listing *listing, uint64_t from)
{
    struct node_list_page *page = &listing->page;
    page->from = from;
    page->count = 0;
    page->has_more = false;
    BASE_TRY(walk(listing, skip_entry));
    if (listing->position != from)
        return base_fail(BASE_E_RANGE, "the list ends at %llu", (unsigned long long)listing->position);
    BASE_TRY(walk(listing, add_entry));
    listing->position += page->count;
    listing->has_ended = !page->has_more;
    return BASE_OK;
}

static enum base_code send_page(struct node_talk *talk, uint64_t from)
{
    struct listing *listing = talk->state;
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    enum base_code code = fill_page(listing, from);
    if (code == BASE_E_RANGE)
        return node_talk_refuse(talk, code, base_detail());
    if (code == BASE_OK)
        code = node_list_page_write(&listing->page, &payload);
    if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_LIST, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

/* One list a talk, from where it is asked for up to its end: what a peer makes this node read is bounded by the ledger. */
static enum base_code listing_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct listing *listing = talk->state;
    struct node_list_ask ask;
    if (kind != NODE_SAY_LIST_ASK)
        return base_fail(BASE_E_ORDER, "frame kind %u while a list is being told", kind);
    BASE_TRY(node_list_ask_read(payload, &ask));
    if (listing->has_ended || ask.from != listing->position || !exchange_id_equal(&ask.compartment, &listing->compartment))
        return base_fail(BASE_E_ORDER, "a list is asked for from one page to the next");
    return send_page(talk, ask.from);
}

static void listing_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    (void)why, (void)detail;
    free(talk->state);
}

static const struct node_talk_role role_listing = {.word = "list", .frame = listing_frame, .closed = listing_closed};

static enum base_code take_facts(void *context, const struct node_compartment *facts)
{
    struct node_compartment *out = context;
    *out = *facts;
    return BASE_OK;
}

static enum base_code check_seat(struct node_talk *talk, const struct exchange_id *compartment)
{
    struct node_compartment facts;
    BASE_TRY(node_compartment_with(talk->node->party->store, compartment, take_facts, &facts));
    if (!exchange_id_equal(&facts.peer, &talk->peer.fingerprint) || !exchange_terms_is_filled(&facts.terms))
        return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here"); /* conversations 1.2 */
    return BASE_OK;
}

enum base_code node_list_asked(struct node_talk *talk, struct base_bytes payload)
{
    struct node_list_ask ask;
    BASE_TRY(node_list_ask_read(payload, &ask));
    enum base_code code = check_seat(talk, &ask.compartment);
    if (code != BASE_OK)
        return node_talk_refuse(talk, code, base_detail());
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a list");
    listing->store = talk->node->party->store;
    listing->compartment = ask.compartment;
    talk->state = listing;
    talk->role = &role_listing;
    return send_page(talk, ask.from);
}

/* Asking: the other's list against one's own ledger. What is known of an entry is a bit at its index, so that a long ledger
 * costs little; hashes are kept only of what is not here. */

struct reconciling {
    struct node *node;
    struct node_compartment facts;
    uint64_t size;               /* of the own ledger when it began: what comes meanwhile is not compared */
    uint8_t *listed, *waiting, *there; /* bits */
    struct node_listed *unknown; /* listed by the other, and not here when it was read */
    size_t unknown_count, unknown_capacity;
    struct node_list_page page;
    struct node_reconciled result;
    node_reconcile_done *done;
    void *context;
};

static bool has_bit(const uint8_t *bits, uint64_t index)
{
    return (bits[index / 8] & 1u << index % 8) != 0;
}

static void set_bit(uint8_t *bits, uint64_t index)
{
    bits[index / 8] = (uint8_t)(bits[index / 8] | 1u << index % 8);
}

static enum base_code survey_entry(void *context, const struct store_entry *entry)
{
    struct reconciling *own = context;
    bool is_one, waits = false;
    BASE_TRY(is_listed(entry, &is_one));
    if (!is_one)
        return BASE_OK;
    own->result.own++;
    set_bit(own->listed, entry->index);
    BASE_TRY(store_outbox_has(own->node->party->store, own->facts.id.bytes, entry->hash, &waits));
    if (waits)
        set_bit(own->waiting, entry->index);
    return BASE_OK;
}

static enum base_code survey(struct reconciling *own)
{
    struct store *store = own->node->party->store;
    BASE_TRY(store_entries_count(store, own->facts.id.bytes, &own->size));
    uint8_t **bits[] = {&own->listed, &own->waiting, &own->there};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if ((*bits[i] = base_alloc_array((size_t)(own->size / 8) + 1, 1)) == NULL)
            return base_fail(BASE_E_NOMEM, "no memory for a ledger of %llu entries", (unsigned long long)own->size);
    return store_entries_each(store, own->facts.id.bytes, 0, own->size, survey_entry, own);
}

struct speaker {
    const struct exchange_id *peer;
    bool is_peers_own; /* what the peer said and delivers */
};

static enum base_code look_at_speaker(void *context, const struct store_entry *entry)
{
    struct speaker *speaker = context;
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code != BASE_OK)
        return code;
    bool is_from_peer = exchange_id_equal(&statement.from, speaker->peer) || statement.kind == EXCHANGE_KIND_MATCH;
    speaker->is_peers_own = is_from_peer && exchange_kind_path(statement.kind) == EXCHANGE_PATH_OUTBOX;
    return BASE_OK;
}

/* It is here: may the other have it, and can it wait there? */
static enum base_code take_known(struct reconciling *own, const struct node_listed *item, uint64_t index)
{
    struct speaker speaker = {&own->facts.peer, false};
    if (!has_bit(own->listed, index))
        return base_fail(BASE_E_INCONSISTENT, "the other party lists entry %llu, which it was never sent", (unsigned long long)index);
    if (has_bit(own->there, index))
        return base_fail(BASE_E_REPLAY, "the other party lists entry %llu twice", (unsigned long long)index);
    set_bit(own->there, index);
    if (!item->is_waiting)
        return BASE_OK;
    BASE_TRY(store_entries_each(own->node->party->store, own->facts.id.bytes, index, index + 1, look_at_speaker, &speaker));
    return speaker.is_peers_own ? BASE_OK
                                : base_fail(BASE_E_INCONSISTENT, "entry %llu cannot wait in the other party's outbox", (unsigned long long)index);
}

static enum base_code take_listed(struct reconciling *own, const struct node_listed *item)
{
    uint64_t index = 0;
    enum base_code code = store_entry_find(own->node->party->store, own->facts.id.bytes, item->hash.bytes, &index);
    if (code == BASE_OK && index < own->size)
        return take_known(own, item, index);
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    if (own->unknown_count == NODE_DIFFERENCES_MAX)
        return base_fail(BASE_E_FLOOD, "the other party lists more than %d statements that are not here", NODE_DIFFERENCES_MAX);
    BASE_TRY(base_grow_array((void **)&own->unknown, &own->unknown_capacity, own->unknown_count + 1, sizeof *own->unknown));
    own->unknown[own->unknown_count++] = *item;
    return BASE_OK;
}

static int by_hash(const void *a, const void *b)
{
    const struct node_listed *first = a, *second = b;
    return memcmp(first->hash.bytes, second->hash.bytes, sizeof first->hash.bytes);
}

static enum base_code check_unknown(struct reconciling *own)
{
    if (own->unknown_count > 1)
        qsort(own->unknown, own->unknown_count, sizeof *own->unknown, by_hash);
    for (size_t i = 1; i < own->unknown_count; i++)
        if (by_hash(&own->unknown[i - 1], &own->unknown[i]) == 0)
            return base_fail(BASE_E_REPLAY, "the other party lists a statement twice");
    return BASE_OK;
}

static enum base_code note_difference(struct reconciling *own, const struct node_difference *difference)
{
    struct node_reconciled *result = &own->result;
    result->counts[difference->where]++;
    if (result->count == NODE_DIFFERENCES_MAX)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&result->items, &result->capacity, result->count + 1, sizeof *result->items));
    result->items[result->count++] = *difference;
    return BASE_OK;
}

static enum base_code note_own(void *context, const struct store_entry *entry)
{
    struct reconciling *own = context;
    struct node_difference difference = {.time_ms = entry->time_ms};
    if (!has_bit(own->listed, entry->index) || has_bit(own->there, entry->index))
        return BASE_OK;
    difference.where = has_bit(own->waiting, entry->index) ? NODE_WAITS_HERE : NODE_MISSING_THERE;
    memcpy(difference.hash.bytes, entry->hash, sizeof difference.hash.bytes);
    snprintf(difference.kind, sizeof difference.kind, "%s", entry->kind);
    return note_difference(own, &difference);
}

/* What has come while the list was told is not missing. */
static enum base_code note_theirs(struct reconciling *own, const struct node_listed *item)
{
    struct node_difference difference = {.where = item->is_waiting ? NODE_WAITS_THERE : NODE_MISSING_HERE, .hash = item->hash};
    uint64_t index;
    enum base_code code = store_entry_find(own->node->party->store, own->facts.id.bytes, item->hash.bytes, &index);
    return code == BASE_E_NOT_FOUND ? note_difference(own, &difference) : code;
}

static int by_where(const void *a, const void *b)
{
    const struct node_difference *first = a, *second = b;
    if (first->where != second->where)
        return (int)first->where - (int)second->where;
    if (first->time_ms != second->time_ms)
        return first->time_ms < second->time_ms ? -1 : 1;
    return memcmp(first->hash.bytes, second->hash.bytes, sizeof first->hash.bytes);
}

static enum base_code compare(struct reconciling *own)
{
    struct node_reconciled *result = &own->result;
    BASE_TRY(check_unknown(own));
    BASE_TRY(store_evidence_count(own->node->party->store, own->facts.id.bytes, &result->conflicts));
    for (size_t i = 0; i < own->unknown_count; i++)
        BASE_TRY(note_theirs(own, &own->unknown[i]));
    BASE_TRY(store_entries_each(own->node->party->store, own->facts.id.bytes, 0, own->size, note_own, own));
    if (result->count > 1)
        qsort(result->items, result->count, sizeof *result->items, by_where);
    return BASE_OK;
}

static void reconciling_free(struct reconciling *own)
{
    free(own->listed);
    free(own->waiting);
    free(own->there);
    free(own->unknown);
    free(own->result.items);
    free(own);
}

/* Answers whoever waits, once. */
static void finish(struct reconciling *own, enum base_code code, const char *detail, bool is_by_peer)
{
    node_reconcile_done *done = own->done;
    char kept[256];
    snprintf(kept, sizeof kept, "%s", detail);
    own->done = NULL;
    if (done != NULL)
        done(own->context, code, kept, is_by_peer, code == BASE_OK ? &own->result : NULL);
}

static enum base_code ask_page(struct node_talk *talk, uint64_t from)
{
    struct reconciling *own = talk->state;
    struct node_list_ask ask = {own->facts.id, from};
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    enum base_code code = node_list_ask_write(&ask, &payload);
    if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_LIST_ASK, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

static enum base_code reconcile_opened(struct node_talk *talk)
{
    return ask_page(talk, 0);
}

static enum base_code take_page(struct node_talk *talk, struct base_bytes payload)
{
    struct reconciling *own = talk->state;
    BASE_TRY(node_list_page_read(payload, &own->page));
    if (own->page.from != own->result.theirs)
        return base_fail(BASE_E_ORDER, "a page that begins at %llu, where %llu was asked for", (unsigned long long)own->page.from,
                         (unsigned long long)own->result.theirs);
    for (size_t i = 0; i < own->page.count; i++)
        BASE_TRY(take_listed(own, &own->page.items[i]));
    own->result.theirs += own->page.count;
    if (own->page.has_more)
        return ask_page(talk, own->result.theirs);
    BASE_TRY(compare(own));
    finish(own, BASE_OK, "", false);
    node_talk_end(talk);
    return BASE_OK;
}

static enum base_code reconcile_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct reconciling *own = talk->state;
    if (own->done == NULL || (kind != NODE_SAY_LIST && kind != NODE_SAY_REFUSED))
        return base_fail(BASE_E_ORDER, "frame kind %u does not answer what was asked", kind);
    if (kind == NODE_SAY_LIST)
        return take_page(talk, payload);
    enum base_code code = node_refusal_read(payload);
    finish(own, code, base_detail(), true);
    node_talk_end(talk);
    return BASE_OK;
}

static void reconcile_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct reconciling *own = talk->state;
    finish(own, why == BASE_OK ? BASE_E_CLOSED : why, detail, false);
    reconciling_free(own);
}

static const struct node_talk_role role_reconcile = {
    .word = "reconcile", .opened = reconcile_opened, .frame = reconcile_frame, .closed = reconcile_closed};

enum base_code node_reconcile_begin(struct node *node, const struct exchange_id *compartment, node_reconcile_done *done, void *context)
{
    struct reconciling *own = calloc(1, sizeof *own);
    if (own == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to reconcile");
    own->node = node;
    own->done = done;
    own->context = context;
    enum base_code code = node_compartment_with(node->party->store, compartment, take_facts, &own->facts);
    if (code == BASE_OK && !exchange_terms_is_filled(&own->facts.terms))
        code = base_fail(BASE_E_STATE, "the compartment was not accepted yet");
    if (code == BASE_OK)
        code = survey(own);
    if (code == BASE_OK)
        code = node_talk_begin(node, &own->facts.peer, &role_reconcile, own, NULL);
    if (code != BASE_OK)
        reconciling_free(own);
    return code;
}
