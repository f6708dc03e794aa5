/* SPDX-License-Identifier: Apache-2.0
 *
 * What the book says of offers and matches: which of them count, and what a peer may still say of them (doc/spec/statements.md 4.7,
 * conversations 3.3).
 */
#include "node/exchange.h"

#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

/* An answer is entered behind its offer; a clock that was set back may date it earlier, by a day at most. */
enum { SET_BACK_MS = 86400000 };

struct offer {
    struct crypto_hash hash;
    bool is_accepted, is_refused;
};

struct counting {
    struct offer *offers;
    size_t count, capacity;
};

static enum base_code add_offer(void *context, const struct store_entry *entry)
{
    struct counting *counting = context;
    BASE_TRY(base_grow_array((void **)&counting->offers, &counting->capacity, counting->count + 1, sizeof *counting->offers));
    struct offer *offer = &counting->offers[counting->count++];
    *offer = (struct offer){.is_accepted = false};
    memcpy(offer->hash.bytes, entry->hash, sizeof offer->hash.bytes);
    return BASE_OK;
}

static enum base_code add_answer(void *context, const struct store_entry *entry)
{
    struct counting *counting = context;
    struct exchange_statement answer;
    BASE_TRY(node_statement_read(entry->note, &answer));
    for (size_t i = 0; i < counting->count; i++) {
        struct offer *offer = &counting->offers[i];
        if (!crypto_hash_equal(&offer->hash, &answer.about))
            continue;
        offer->is_refused |= answer.kind == EXCHANGE_KIND_REFUSAL;
        offer->is_accepted |= answer.kind == EXCHANGE_KIND_MATCH_ACCEPT;
    }
    return BASE_OK;
}

static enum base_code visit_kind(struct node *node, const struct node_seat *seat, enum exchange_kind kind, int64_t since_ms,
                                 store_entry_visit *visit, void *context)
{
    return store_entries_each_kind(node->party->store, seat->facts.id.bytes, exchange_kind_word(kind), since_ms, visit, context);
}

enum base_code node_offers_counted(struct node *node, const struct node_seat *seat, int64_t since_ms, uint64_t *count)
{
    struct counting counting = {.count = 0};
    enum base_code code = visit_kind(node, seat, EXCHANGE_KIND_MATCH_OFFER, since_ms, add_offer, &counting);
    if (code == BASE_OK)
        code = visit_kind(node, seat, EXCHANGE_KIND_REFUSAL, since_ms - SET_BACK_MS, add_answer, &counting);
    if (code == BASE_OK)
        code = visit_kind(node, seat, EXCHANGE_KIND_MATCH_ACCEPT, since_ms - SET_BACK_MS, add_answer, &counting);
    *count = 0;
    for (size_t i = 0; i < counting.count; i++) /* one that was accepted counts, whatever is said of it besides */
        *count += counting.offers[i].is_accepted || !counting.offers[i].is_refused;
    free(counting.offers);
    return code;
}

struct offer_search {
    const struct node_seat *seat;
    struct crypto_hash offer;
    int64_t entered_ms;
    bool is_own, is_answered;
};

static enum base_code look_at_offer(void *context, const struct store_entry *entry)
{
    struct offer_search *search = context;
    struct exchange_statement statement;
    if (entry->index == 0) /* the terms */
        return BASE_OK;
    BASE_TRY(node_statement_read(entry->note, &statement));
    search->entered_ms = entry->time_ms;
    search->is_own = statement.kind == EXCHANGE_KIND_MATCH_OFFER && !exchange_id_equal(&statement.from, &search->seat->facts.peer);
    return BASE_OK;
}

static enum base_code look_at_answer(void *context, const struct store_entry *entry)
{
    struct offer_search *search = context;
    struct exchange_statement answer;
    BASE_TRY(node_statement_read(entry->note, &answer));
    search->is_answered |= crypto_hash_equal(&answer.about, &search->offer);
    return BASE_OK;
}

static enum base_code check_refusal(struct node *node, const struct node_seat *seat, const struct crypto_hash *offer)
{
    struct offer_search search = {.seat = seat, .offer = *offer};
    uint64_t index = 0;
    enum base_code code = store_entry_find(node->party->store, seat->facts.id.bytes, offer->bytes, &index);
    if (code == BASE_OK)
        code = store_entries_each(node->party->store, seat->facts.id.bytes, index, index + 1, look_at_offer, &search);
    if (code == BASE_OK)
        code = visit_kind(node, seat, EXCHANGE_KIND_REFUSAL, search.entered_ms - SET_BACK_MS, look_at_answer, &search);
    if (code == BASE_OK)
        code = visit_kind(node, seat, EXCHANGE_KIND_MATCH_ACCEPT, search.entered_ms - SET_BACK_MS, look_at_answer, &search);
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    return search.is_own && !search.is_answered ? BASE_OK : base_fail(BASE_E_ORDER, "a refusal of what was not offered, or was answered");
}

/* A match statement carries both signatures. */
enum base_code node_match_signatures_check(const struct node_seat *seat, struct base_bytes bytes)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->own);
    if (code == BASE_OK && note.count != 2) /* else it could be as many notes as there are strangers */
        code = base_fail(BASE_E_FORMAT, "%zu signatures on a match of two parties", note.count);
    ledger_note_release(&note);
    return code;
}

struct match_search {
    struct crypto_hash accept;
    bool is_found;
};

static enum base_code look_for_match(void *context, const struct store_entry *entry)
{
    struct match_search *search = context;
    struct exchange_statement statement;
    BASE_TRY(node_statement_read(entry->note, &statement));
    search->is_found |= crypto_hash_equal(&statement.about, &search->accept);
    return BASE_OK;
}

/* One text can be signed in many bytes, which are as many notes: a match is entered once for its acceptance. */
static enum base_code check_first_match(struct node *node, const struct node_seat *seat, const struct crypto_hash *accept)
{
    struct match_search search = {*accept, false};
    uint64_t index;
    enum base_code code = store_entry_find(node->party->store, seat->facts.id.bytes, accept->bytes, &index);
    if (code == BASE_OK)
        code = store_entries_each_kind(node->party->store, seat->facts.id.bytes, exchange_kind_word(EXCHANGE_KIND_MATCH), 0,
                                       look_for_match, &search);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && search.is_found))
        return base_fail(BASE_E_ORDER, "a match that was not accepted, or is in the ledger already");
    return code;
}

static enum base_code check_abort(struct node *node, const struct node_seat *seat, const struct crypto_hash *about)
{
    struct store *store = node->party->store;
    struct exchange_statement offer;
    uint64_t offers, said;
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "match-offer", 0, &offers));
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "match-abort", 0, &said));
    enum base_code code = node_book_find(store, seat, about, &offer);
    bool is_offer = code == BASE_OK && offer.kind == EXCHANGE_KIND_MATCH_OFFER;
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    return is_offer && said < 2 * offers /* one by each party for each offer */
               ? BASE_OK
               : base_fail(BASE_E_ORDER, "a match that was not begun, or was ended before");
}

/* What a peer may say of a match without being asked; this party's own words are said by the match itself. */
enum base_code node_match_check(struct node_taking *taking)
{
    const struct crypto_hash *about = &taking->statement->about;
    if (taking->is_own)
        return BASE_OK;
    if (taking->statement->kind == EXCHANGE_KIND_MATCH)
        return check_first_match(taking->node, taking->seat, about);
    if (taking->statement->kind == EXCHANGE_KIND_MATCH_ABORT)
        return check_abort(taking->node, taking->seat, about);
    return check_refusal(taking->node, taking->seat, about);
}
