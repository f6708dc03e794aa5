/* SPDX-License-Identifier: Apache-2.0
 *
 * The side of a match that is asked: what it holds against the terms, and what it answers.
 */
#include "node/match.h"

#include "node/exchange.h"

#include "store/ledgers.h"
#include "store/matches.h"

#include <stdio.h>
#include <string.h>

enum {
    DAY_MS = 86400000,
    SETS_MAX = 4, /* made at a time for the offers of one compartment */
    REFUSALS_PER_DAY_MAX = 100, /* recorded; beyond, offers are turned away without a trace in the book */
};

/* Against the terms, the state and the budget as they stand now. */
static enum base_code check_terms(struct node_match *match, struct node_seat *seat)
{
    int64_t since = base_clock_now(&match->node->clock) - DAY_MS;
    enum exchange_side starter = seat->facts.side == EXCHANGE_PROPOSER ? EXCHANGE_ACCEPTER : EXCHANGE_PROPOSER;
    struct exchange_match_plan plan = {.state = seat->facts.state, .starter = starter, .keys = match->offer.keys[0],
                                       .rules = match->offer.rules};
    BASE_TRY(node_offers_counted(match->node, seat, since, &plan.offers_24h));
    return exchange_match_check(&seat->facts.terms, &plan);
}

/* A set is made to its end even when the peer that wanted it has gone. */
static enum base_code check_busy(const struct node_match *match)
{
    unsigned sets = 0;
    for (const struct node_match *other = match->node->matches; other != NULL; other = other->next)
        sets += other != match && !other->is_starter && other->phase == NODE_MATCH_SET && other->is_working &&
                exchange_id_equal(&other->compartment, &match->compartment);
    return sets < SETS_MAX ? BASE_OK : base_fail(BASE_E_BUSY, "%u offers of this compartment are being looked at already", sets);
}

static enum base_code check_offer(struct node_match *match, struct node_seat *seat)
{
    int64_t now = base_clock_now(&match->node->clock), skew = match->offer.time_ms - now;
    if (skew > NODE_MATCH_SKEW_MS || skew < -NODE_MATCH_SKEW_MS)
        return base_fail(BASE_E_RANGE, "the offer is dated more than ten minutes from this node's clock");
    BASE_TRY(check_busy(match));
    BASE_TRY(store_nonce_claim(match->node->party->store, seat->facts.id.bytes, match->offer.nonce.bytes, now));
    return check_terms(match, seat);
}

/* Both the offer and the refusal go into the book; the refusal reaches the starter's by the outbox. */
static enum base_code refuse_offer(struct node_match *match, struct node_seat *seat, enum base_code why, const char *reason)
{
    struct node *node = match->node;
    struct store *store = node->party->store;
    struct exchange_statement refusal;
    struct crypto_hash hash;
    uint64_t refusals, index;
    int64_t now = base_clock_now(&node->clock);
    enum base_code known = store_entry_find(store, seat->facts.id.bytes, match->offer_hash.bytes, &index);
    if (known != BASE_E_NOT_FOUND) /* answered before; one answer is enough */
        return known;
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "refusal", now - DAY_MS, &refusals));
    if (refusals >= REFUSALS_PER_DAY_MAX || why == BASE_E_REPLAY || why == BASE_E_BUSY)
        return BASE_OK;
    node_statement_begin(seat, EXCHANGE_KIND_REFUSAL, &node->party->fingerprint, now, &refusal);
    refusal.about = match->offer_hash;
    snprintf(refusal.word, sizeof refusal.word, "%s", base_code_word(why));
    snprintf(refusal.reason, sizeof refusal.reason, "%s", reason);
    BASE_TRY(store_begin(store));
    enum base_code code = node_book_add(node->party, seat, exchange_kind_word(EXCHANGE_KIND_MATCH_OFFER), now,
                                        base_bytes_buffer(&match->offer_note), &match->offer_hash);
    if (code == BASE_OK)
        code = node_say(node, seat, &refusal, NULL, &hash);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    return code;
}

static enum base_code refuse_match(struct node_match *match, enum base_code why, const char *detail)
{
    struct node_seat seat;
    char reason[EXCHANGE_REASON_MAX + 1];
    snprintf(reason, sizeof reason, "%s", detail);
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    enum base_code code = refuse_offer(match, &seat, why, reason);
    node_seat_release(&seat);
    if (code == BASE_OK)
        code = node_talk_refuse(match->talk, why, reason);
    match->phase = NODE_MATCH_ENDED;
    if (code == BASE_OK)
        node_talk_end(match->talk);
    return code;
}

static enum base_code make_acceptance(struct node_match *match, struct node_seat *seat)
{
    node_statement_begin(seat, EXCHANGE_KIND_MATCH_ACCEPT, &match->node->party->fingerprint,
                         base_clock_now(&match->node->clock), &match->accept);
    match->accept.about = match->offer_hash;
    match->accept.keys[0] = match->set->token_count;
    match->accept.commitment[0] = match->set->commitment;
    match->accept.rules = *people_rules_hash(match->node->rules);
    BASE_TRY(base_random_fill(&match->node->random, match->accept.nonce.bytes, sizeof match->accept.nonce.bytes));
    BASE_TRY(node_statement_sign(seat, &match->accept, &match->accept_note));
    BASE_TRY(node_match_book(match, seat, &match->offer_note, EXCHANGE_KIND_MATCH_OFFER, &match->accept_note, &match->offer_hash,
                        &match->accept_hash));
    BASE_TRY(node_talk_send(match->talk, NODE_SAY_MATCH_ACCEPT, base_bytes_buffer(&match->accept_note)));
    return node_match_start_session(match);
}

/* The terms once more: while the set was built, other offers may have used up the budget, or the compartment been suspended. */
static enum base_code check_own_side(struct node_match *match, struct node_seat *seat)
{
    BASE_TRY(check_terms(match, seat));
    BASE_TRY(node_match_check_list(match, &seat->facts));
    if (match->set->token_count > seat->facts.terms.max_keys)
        return base_fail(BASE_E_OUTSIDE_TERMS, "this party's own list makes more keys than the terms allow");
    return BASE_OK;
}

/* The peer went before the acceptance, or the set could not be made. It cost a set: the offer counts, as it does in the peer's own book. */
static enum base_code enter_abandoned(struct node_match *match, struct node_seat *seat)
{
    return node_match_book(match, seat, &match->offer_note, EXCHANGE_KIND_MATCH_OFFER, NULL, &match->offer_hash, NULL);
}

static void other_set_built(void *context, enum base_code code, const char *detail)
{
    struct node_match *match = context;
    match->is_working = false;
    if ((match->talk == NULL || code != BASE_OK) && node_match_with_seat(match, enter_abandoned) != BASE_OK)
        base_log_event(&match->node->log, BASE_LOG_ERROR, "offer-not-recorded", BASE_LOG_TEXT("reason", base_detail()), BASE_LOG_END);
    if (match->talk == NULL) {
        node_match_fail_end(match);
        return;
    }
    if (code != BASE_OK) {
        node_match_stop(match, code, detail);
        return;
    }
    code = node_match_with_seat(match, check_own_side);
    code = code == BASE_OK ? node_match_with_seat(match, make_acceptance) : refuse_match(match, code, base_detail());
    if (code != BASE_OK)
        node_match_stop(match, code, base_detail());
}

/* The match is complete on this side: signed by both, kept with its hits, and on its way back. */
static enum base_code complete_other(struct node_match *match, struct node_seat *seat, struct base_bytes signed_note)
{
    struct node *node = match->node;
    struct store *store = node->party->store;
    struct base_buffer both = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(node_match_check_same(match, seat, signed_note, &seat->peer));
    node_link_bytes(match->talk->link, &match->bytes_sent, &match->bytes_received);
    enum base_code code = ledger_note_add_signature(signed_note, seat->own_name, &seat->secret, &both);
    if (code == BASE_OK && (code = store_begin(store)) == BASE_OK) {
        code = node_book_add(node->party, seat, exchange_kind_word(EXCHANGE_KIND_MATCH), now, base_bytes_buffer(&both), &hash);
        if (code == BASE_OK)
            code = store_outbox_put(store, match->compartment.bytes, hash.bytes, now, base_bytes_buffer(&both));
        if (code == BASE_OK)
            code = node_match_keep(match, &hash);
        if (code == BASE_OK)
            code = store_commit(store);
        store_rollback(store);
    }
    if (code == BASE_OK) {
        match->phase = NODE_MATCH_RECEIPT;
        code = node_talk_send(match->talk, NODE_SAY_STATEMENT, base_bytes_buffer(&both));
    }
    base_buffer_release(&both);
    return code;
}

static enum base_code take_signed(struct node_match *match, struct base_bytes payload)
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    enum base_code code = complete_other(match, &seat, payload);
    node_seat_release(&seat);
    return code;
}

static enum base_code other_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct node_match *match = talk->state;
    enum base_code code;
    if (kind == NODE_SAY_MATCH_BYTES && match->phase == NODE_MATCH_RUNNING) {
        code = node_match_take_bytes(match, payload);
    } else if (kind == NODE_SAY_MATCH_SIGNED && match->phase == NODE_MATCH_SIGNING) {
        code = take_signed(match, payload);
    } else if (kind == NODE_SAY_RECEIPT && match->phase == NODE_MATCH_RECEIPT) {
        code = node_receipt_take(match->node, &match->compartment, &match->statement_hash, payload);
        node_match_done(match);
    } else {
        code = base_fail(BASE_E_ORDER, "frame kind %u may not come now", kind);
    }
    if (code != BASE_OK)
        node_match_note_failure(match, code, base_detail());
    return code;
}

/* A match whose statement is signed and kept did not fail, even when the receipt did not come: the outbox sees to it. */
static void other_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match->phase == NODE_MATCH_RECEIPT)
        node_match_done(match);
    node_match_closed(talk, why, detail);
}

static const struct node_talk_role role_match_other = {.word = "match", .frame = other_frame, .closed = other_closed,
                                                       .drained = node_match_drained, .is_working = node_match_is_working};

static enum base_code begin_other(struct node_talk *talk, struct base_bytes payload, struct node_seat *seat,
                                  const struct exchange_statement *offer)
{
    struct node_match *match = node_match_new(talk->node, &seat->facts);
    if (match == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a match");
    match->talk = talk;
    match->offer = *offer;
    ledger_leaf_hash(payload, &match->offer_hash);
    talk->state = match; /* from here on the role's closed() frees it */
    talk->role = &role_match_other;
    BASE_TRY(base_buffer_append(&match->offer_note, payload));
    enum base_code code = check_offer(match, seat);
    if (code != BASE_OK)
        return refuse_match(match, code, base_detail());
    node_link_pause(talk->link);
    match->is_working = true;
    code = node_job_start(match->node, node_match_run_set, other_set_built, match);
    if (code != BASE_OK)
        match->is_working = false;
    return code;
}

enum base_code node_match_offered(struct node_talk *talk, struct base_bytes payload)
{
    struct ledger_note note;
    struct exchange_statement offer;
    struct node_seat seat;
    BASE_TRY(ledger_note_parse(payload, &note));
    enum base_code code = exchange_statement_parse(note.text, &offer);
    ledger_note_release(&note);
    if (code == BASE_OK)
        code = node_seat_open(talk->node->party, &offer.compartment, &seat);
    if (code != BASE_OK)
        return node_talk_refuse(talk, code, base_detail());
    if (!exchange_id_equal(&seat.facts.peer, &talk->peer.fingerprint) || !exchange_terms_is_filled(&seat.facts.terms))
        code = base_fail(BASE_E_NOT_FOUND, "there is no such compartment here");
    if (code == BASE_OK)
        code = node_statement_check(&seat, payload, &offer);
    if (code == BASE_OK && offer.kind != EXCHANGE_KIND_MATCH_OFFER)
        code = base_fail(BASE_E_ORDER, "a match begins with an offer");
    code = code == BASE_OK ? begin_other(talk, payload, &seat, &offer) : node_talk_refuse(talk, code, base_detail());
    node_seat_release(&seat);
    return code;
}
