/* SPDX-License-Identifier: Apache-2.0
 *
 * A private match between two nodes (doc/spec/conversations.md, clause 5).
 *
 *     starter                                        other
 *     builds its set; book: match-offer
 *     MATCH_OFFER                           ──►  checks it against the terms; else book: offer, refusal; REFUSED
 *                                                builds its set; book: offer, match-accept
 *     book: match-accept                    ◄──  MATCH_ACCEPT
 *                     MATCH_BYTES both ways: psi/session.h
 *     MATCH_SIGNED: the match statement     ──►  checks that it is its own too, signs; book: match; keeps hits
 *     book: match, receipt; keeps hits      ◄──  STATEMENT
 *     RECEIPT                               ──►  book: receipt
 *
 * Both books hold the offer before a byte of the lists' goes out: a match that breaks off leaves its trace, and counts.
 */
#include "node/match.h"

#include "store/ledgers.h"
#include "store/matches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_MS = 86400000,
    CLOCK_SKEW_MS = 600000,        /* an offer's time may differ from the own clock's by ten minutes */
    OUTBOUND_MAX = 1 << 20,        /* bytes a job makes before they are sent */
    REFUSALS_PER_DAY_MAX = 100,    /* recorded; beyond, offers are turned away without a trace in the book */
};

static void match_free(struct node_match *match)
{
    psi_session_free(match->psi);
    node_set_free(match->set);
    base_buffer_release(&match->offer_note);
    base_buffer_release(&match->accept_note);
    base_buffer_release(&match->inbound);
    base_buffer_release(&match->outbound);
    free(match);
}

/* Ends a match that failed: says so in the book if it was begun, answers the request, frees. Nothing else may run. */
static void match_fail_end(struct node_match *match)
{
    struct node *node = match->node;
    if (match->phase >= NODE_MATCH_RUNNING && node_match_abort(match) != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "abort-not-recorded", BASE_LOG_TEXT("reason", base_detail()), BASE_LOG_END);
    node_request_error(match->request, match->code, match->detail, match->is_by_peer);
    match_free(match);
}

static void match_note_failure(struct node_match *match, enum base_code code, const char *detail)
{
    if (match->code != BASE_OK)
        return;
    match->code = code == BASE_OK ? BASE_E_CLOSED : code;
    snprintf(match->detail, sizeof match->detail, "%s", detail[0] == 0 ? "the connection ended before the match did" : detail);
}

/* Fails from the loop, with the talk still open or never begun. */
static void match_stop(struct node_match *match, enum base_code code, const char *detail)
{
    match_note_failure(match, code, detail);
    if (match->talk == NULL)
        match_fail_end(match);
    else if (match->talk->link != NULL)
        node_link_close(match->talk->link, code);
}

static void match_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match == NULL)
        return;
    match->talk = NULL;
    if (match->phase == NODE_MATCH_ENDED) {
        match_free(match);
        return;
    }
    match_note_failure(match, why, detail);
    if (!match->is_working) /* else the job's end does it */
        match_fail_end(match);
}

static bool match_is_working(const struct node_talk *talk)
{
    const struct node_match *match = talk->state;
    return match != NULL && match->is_working;
}

static void match_advance(struct node_match *match);

/* The session's turn, off the loop: takes the message that came, and says what it has to say. */
static enum base_code run_session(void *context)
{
    struct node_match *match = context;
    struct base_buffer message = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    if (match->inbound.len > 0)
        code = psi_session_push(match->psi, base_bytes_buffer(&match->inbound));
    base_buffer_clear(&match->inbound);
    match->has_more = false;
    while (code == BASE_OK) {
        code = psi_session_pull(match->psi, &message);
        if (code != BASE_OK || message.len == 0)
            break;
        code = base_put_sized(&match->outbound, base_bytes_buffer(&message));
        if (code == BASE_OK && match->outbound.len >= OUTBOUND_MAX) {
            match->has_more = true;
            break;
        }
    }
    psi_session_progress(match->psi, &match->work_done, &match->work_total);
    base_buffer_release(&message);
    return code;
}

static void session_ran(void *context, enum base_code code, const char *detail)
{
    struct node_match *match = context;
    match->is_working = false;
    if (match->talk == NULL) {
        match_note_failure(match, BASE_E_CLOSED, detail);
        match_fail_end(match);
        return;
    }
    if (code != BASE_OK) {
        match_stop(match, code, detail);
        return;
    }
    match_advance(match);
}

static enum base_code start_session_job(struct node_match *match)
{
    node_link_pause(match->talk->link);
    match->is_working = true;
    enum base_code code = node_job_start(match->node, run_session, session_ran, match);
    if (code != BASE_OK)
        match->is_working = false;
    return code;
}

static enum base_code send_outbound(struct node_match *match)
{
    struct base_cursor in = base_cursor_over(base_bytes_buffer(&match->outbound));
    enum base_code code = BASE_OK;
    while (code == BASE_OK && in.left > 0) {
        struct base_bytes message;
        code = base_cursor_sized(&in, PSI_MESSAGE_MAX, &message);
        if (code == BASE_OK)
            code = node_talk_send(match->talk, NODE_SAY_MATCH_BYTES, message);
    }
    base_buffer_clear(&match->outbound);
    return code;
}

static enum base_code with_seat(struct node_match *match, enum base_code (*act)(struct node_match *, struct node_seat *))
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    enum base_code code = act(match, &seat);
    node_seat_release(&seat);
    return code;
}

static enum base_code sign_first(struct node_match *match, struct node_seat *seat)
{
    struct exchange_statement statement;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    BASE_TRY(node_match_statement(match, seat, base_clock_now(&match->node->clock), &statement));
    enum base_code code = node_statement_sign(seat, &statement, &note);
    if (code == BASE_OK)
        code = node_talk_send(match->talk, NODE_SAY_MATCH_SIGNED, base_bytes_buffer(&note));
    base_buffer_release(&note);
    return code;
}

/* After a job, or once the link has drained. */
static enum base_code advance(struct node_match *match)
{
    node_request_progress(match->request, "match", match->work_done, match->work_total);
    BASE_TRY(send_outbound(match));
    if (psi_session_state(match->psi) == PSI_DONE) {
        match->phase = NODE_MATCH_SIGNING;
        node_link_resume(match->talk->link);
        return match->is_starter ? with_seat(match, sign_first) : BASE_OK;
    }
    if (match->has_more)
        return node_link_queued(match->talk->link) < OUTBOUND_MAX ? start_session_job(match) : BASE_OK;
    node_link_resume(match->talk->link);
    return BASE_OK;
}

static void match_advance(struct node_match *match)
{
    enum base_code code = advance(match);
    if (code != BASE_OK)
        match_stop(match, code, base_detail());
}

static void match_drained(struct node_talk *talk)
{
    struct node_match *match = talk->state;
    if (match == NULL || match->phase != NODE_MATCH_RUNNING || match->is_working || !match->has_more)
        return;
    enum base_code code = start_session_job(match);
    if (code != BASE_OK)
        match_stop(match, code, base_detail());
}

static enum base_code start_session(struct node_match *match)
{
    uint64_t own, peer;
    node_match_sizes(match, &own, &peer);
    struct psi_config config = {.role = node_match_is_receiver(match) ? PSI_RECEIVER : PSI_SENDER, .tokens = match->set->tokens,
                                .own_count = (size_t)own, .peer_count = (size_t)peer, .threads = match->node->threads,
                                .random = match->node->random};
    node_match_context(match, &config.context);
    BASE_TRY(psi_session_new(&config, &match->psi));
    match->phase = NODE_MATCH_RUNNING;
    return start_session_job(match);
}

static enum base_code take_match_bytes(struct node_match *match, struct base_bytes payload)
{
    base_buffer_clear(&match->inbound);
    if (payload.len == 0)
        return base_fail(BASE_E_TRUNCATED, "an empty message of a match");
    BASE_TRY(base_buffer_append(&match->inbound, payload));
    return start_session_job(match);
}

static void match_done(struct node_match *match)
{
    char peer[33];
    exchange_id_hex(&match->peer, peer);
    match->phase = NODE_MATCH_ENDED;
    base_log_event(&match->node->log, BASE_LOG_INFO, "match-complete", BASE_LOG_TEXT("peer", peer),
                   BASE_LOG_NUMBER("bytes-sent", match->bytes_sent), BASE_LOG_NUMBER("bytes-received", match->bytes_received),
                   BASE_LOG_END);
}

/* ---- the starter ---- */

static enum base_code keep_result(void *context, const struct crypto_hash *hash)
{
    return node_match_keep(context, hash);
}

static enum base_code check_same_statement(struct node_match *match, const struct node_seat *seat, struct base_bytes bytes,
                                           const struct ledger_verifier *signer)
{
    struct ledger_note note;
    struct exchange_statement theirs, ours;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, signer);
    if (code == BASE_OK)
        code = exchange_statement_parse(note.text, &theirs);
    if (code == BASE_OK)
        code = node_match_statement(match, seat, theirs.time_ms, &ours);
    if (code == BASE_OK)
        code = exchange_statement_format(&ours, &text);
    if (code == BASE_OK && !base_bytes_equal(note.text, base_bytes_buffer(&text)))
        code = base_fail(BASE_E_TRANSCRIPT, "the other party describes another match");
    int64_t skew = code == BASE_OK ? theirs.time_ms - base_clock_now(&match->node->clock) : 0;
    if (skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS)
        code = base_fail(BASE_E_RANGE, "the match is dated more than ten minutes from this node's clock");
    base_buffer_release(&text);
    ledger_note_release(&note);
    return code;
}

static void sync_after_match(void *context, enum base_code code, const char *detail)
{
    struct node_match *match = context;
    (void)detail;
    json_t *result = node_match_result(match);
    if (result != NULL)
        json_object_set_new(result, "cosigned", json_boolean(code == BASE_OK));
    if (result != NULL)
        node_request_ok(match->request, result);
    else
        node_request_error(match->request, BASE_E_NOMEM, "no memory for the result", false);
    match_free(match);
}

/* The link is done with; the answer waits for the cosignature, if that can be had now. */
static void starter_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match->phase != NODE_MATCH_ENDED) {
        match_closed(talk, why, detail);
        return;
    }
    match->talk = NULL;
    if (node_sync_begin(match->node, &match->compartment, sync_after_match, match) != BASE_OK)
        sync_after_match(match, BASE_E_BUSY, "");
}

static enum base_code take_final(struct node_match *match, struct base_bytes payload)
{
    struct node_seat seat;
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    node_link_bytes(match->talk->link, &match->bytes_sent, &match->bytes_received);
    enum base_code code = check_same_statement(match, &seat, payload, &seat.peer);
    if (code == BASE_OK)
        code = node_statement_take(match->node, &seat, payload, keep_result, match, &receipt);
    if (code == BASE_OK)
        code = node_talk_send(match->talk, NODE_SAY_RECEIPT, base_bytes_buffer(&receipt));
    node_seat_release(&seat);
    base_buffer_release(&receipt);
    if (code == BASE_OK) {
        match_done(match);
        node_talk_end(match->talk);
    }
    return code;
}

static enum base_code check_acceptance(struct node_match *match, struct node_seat *seat, struct base_bytes payload)
{
    BASE_TRY(node_statement_check(seat, payload, &match->accept));
    if (match->accept.kind != EXCHANGE_KIND_MATCH_ACCEPT || !crypto_hash_equal(&match->accept.about, &match->offer_hash))
        return base_fail(BASE_E_ORDER, "the answer is not the acceptance of this offer");
    if (match->accept.keys[0] > seat->facts.terms.max_keys)
        return base_fail(BASE_E_OUTSIDE_TERMS, "the other party brings more keys than the terms allow");
    if (!crypto_hash_equal(&match->accept.rules, &match->offer.rules))
        return base_fail(BASE_E_RULES, "the other party made its keys by another rule file");
    return BASE_OK;
}

/* Enters notes in the book in one transaction. */
static enum base_code book_notes(struct node_match *match, struct node_seat *seat, const struct base_buffer *first,
                                 enum exchange_kind first_kind, const struct base_buffer *second, struct crypto_hash *first_hash,
                                 struct crypto_hash *second_hash)
{
    struct node_party *party = match->node->party;
    int64_t now = base_clock_now(&match->node->clock);
    BASE_TRY(store_begin(party->store));
    enum base_code code = node_book_add(party, seat, exchange_kind_word(first_kind), now, base_bytes_buffer(first), first_hash);
    if (code == BASE_OK && second != NULL)
        code = node_book_add(party, seat, exchange_kind_word(EXCHANGE_KIND_MATCH_ACCEPT), now, base_bytes_buffer(second),
                             second_hash);
    if (code == BASE_OK)
        code = store_commit(party->store);
    store_rollback(party->store);
    return code;
}

static enum base_code take_acceptance(struct node_match *match, struct base_bytes payload)
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    enum base_code code = check_acceptance(match, &seat, payload);
    if (code == BASE_OK)
        code = base_buffer_append(&match->accept_note, payload);
    if (code == BASE_OK)
        code = book_notes(match, &seat, &match->accept_note, EXCHANGE_KIND_MATCH_ACCEPT, NULL, &match->accept_hash, NULL);
    node_seat_release(&seat);
    return code == BASE_OK ? start_session(match) : code;
}

static enum base_code starter_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct node_match *match = talk->state;
    enum base_code code;
    if (kind == NODE_SAY_REFUSED && match->phase == NODE_MATCH_OFFERED) {
        match->is_by_peer = true;
        code = node_refusal_read(payload);
    } else if (kind == NODE_SAY_MATCH_ACCEPT && match->phase == NODE_MATCH_OFFERED) {
        code = take_acceptance(match, payload);
    } else if (kind == NODE_SAY_MATCH_BYTES && match->phase == NODE_MATCH_RUNNING) {
        code = take_match_bytes(match, payload);
    } else if (kind == NODE_SAY_STATEMENT && match->phase == NODE_MATCH_SIGNING) {
        code = take_final(match, payload);
    } else {
        code = base_fail(BASE_E_ORDER, "frame kind %u may not come now", kind);
    }
    if (code != BASE_OK)
        match_note_failure(match, code, base_detail());
    return code;
}

static enum base_code make_offer(struct node_match *match, struct node_seat *seat)
{
    node_statement_begin(seat, EXCHANGE_KIND_MATCH_OFFER, &match->node->party->fingerprint, base_clock_now(&match->node->clock),
                         &match->offer);
    match->offer.keys[0] = match->set->token_count;
    match->offer.commitment[0] = match->set->commitment;
    match->offer.rules = *people_rules_hash(match->node->rules);
    BASE_TRY(base_random_fill(&match->node->random, match->offer.nonce.bytes, sizeof match->offer.nonce.bytes));
    BASE_TRY(node_statement_sign(seat, &match->offer, &match->offer_note));
    BASE_TRY(book_notes(match, seat, &match->offer_note, EXCHANGE_KIND_MATCH_OFFER, NULL, &match->offer_hash, NULL));
    match->phase = NODE_MATCH_OFFERED;
    return node_talk_send(match->talk, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&match->offer_note));
}

static enum base_code starter_opened(struct node_talk *talk)
{
    struct node_match *match = talk->state;
    enum base_code code = with_seat(match, make_offer);
    if (code != BASE_OK)
        match_note_failure(match, code, base_detail());
    return code;
}

static const struct node_talk_role role_match_starter = {.word = "match", .opened = starter_opened, .frame = starter_frame,
                                                         .closed = starter_closed, .drained = match_drained,
                                                         .is_working = match_is_working};

static enum base_code run_set(void *context)
{
    struct node_match *match = context;
    return node_set_build(match->node->party->home, match->source[0] == 0 ? NULL : match->source, match->node->rules,
                          &match->node->random, &match->set);
}

/* Persons are counted by the own node only (statements 3.5). */
static enum base_code check_list(const struct node_match *match, const struct node_compartment *facts)
{
    if (match->set->records > facts->terms.max_list)
        return base_fail(BASE_E_OUTSIDE_TERMS, "%llu persons are more than the %llu of the terms",
                         (unsigned long long)match->set->records, (unsigned long long)facts->terms.max_list);
    return BASE_OK;
}

static enum base_code check_own_list(void *context, const struct node_compartment *facts)
{
    return check_list(context, facts);
}

static void starter_set_built(void *context, enum base_code code, const char *detail)
{
    struct node_match *match = context;
    match->is_working = false;
    if (code == BASE_OK) {
        node_request_progress(match->request, "connect", 0, 0);
        code = node_compartment_with(match->node->party->store, &match->compartment, check_own_list, match);
        if (code == BASE_OK)
            code = node_talk_begin(match->node, &match->peer, &role_match_starter, match, &match->talk);
        detail = base_detail();
    }
    if (code != BASE_OK)
        match_stop(match, code, detail);
}

static struct node_match *match_new(struct node *node, const struct node_compartment *facts)
{
    struct node_match *match = calloc(1, sizeof *match);
    if (match == NULL)
        return NULL;
    match->node = node;
    match->compartment = facts->id;
    match->peer = facts->peer;
    match->started_ms = base_clock_now(&node->clock);
    match->started_elapsed_ms = base_clock_elapsed_ms();
    return match;
}

enum base_code node_match_begin(struct node *node, const struct node_compartment *compartment, const char *source,
                                struct node_request *request)
{
    if (compartment->state != EXCHANGE_ACTIVE)
        return base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(compartment->state));
    struct node_match *match = match_new(node, compartment);
    if (match == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a match");
    match->is_starter = true;
    match->request = request;
    snprintf(match->source, sizeof match->source, "%s", source == NULL ? "" : source);
    match->is_working = true;
    node_request_progress(request, "keys", 0, 0);
    enum base_code code = node_job_start(node, run_set, starter_set_built, match);
    if (code != BASE_OK)
        match_free(match);
    return code;
}

/* ---- the other ---- */

static enum base_code check_offer(struct node_match *match, struct node_seat *seat)
{
    struct store *store = match->node->party->store;
    int64_t now = base_clock_now(&match->node->clock), skew = match->offer.time_ms - now;
    enum exchange_side starter = seat->facts.side == EXCHANGE_PROPOSER ? EXCHANGE_ACCEPTER : EXCHANGE_PROPOSER;
    struct exchange_match_plan plan = {.state = seat->facts.state, .starter = starter, .keys = match->offer.keys[0],
                                       .rules = match->offer.rules};
    uint64_t offers, refusals;
    if (skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS)
        return base_fail(BASE_E_RANGE, "the offer is dated more than ten minutes from this node's clock");
    BASE_TRY(store_nonce_claim(store, seat->facts.id.bytes, match->offer.nonce.bytes, now));
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "match-offer", now - DAY_MS, &offers));
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "refusal", now - DAY_MS, &refusals));
    plan.offers_24h = offers > refusals ? offers - refusals : 0;
    return exchange_match_check(&seat->facts.terms, &plan);
}

/* Both the offer and the refusal go into the book; the refusal reaches the starter's by the outbox. */
static enum base_code refuse_offer(struct node_match *match, struct node_seat *seat, enum base_code why, const char *reason)
{
    struct node *node = match->node;
    struct store *store = node->party->store;
    struct exchange_statement refusal;
    struct crypto_hash hash;
    uint64_t refusals;
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(store_entries_count_kind(store, seat->facts.id.bytes, "refusal", now - DAY_MS, &refusals));
    if (refusals >= REFUSALS_PER_DAY_MAX || why == BASE_E_REPLAY)
        return BASE_OK;
    node_statement_begin(seat, EXCHANGE_KIND_REFUSAL, &node->party->fingerprint, now, &refusal);
    refusal.about = match->offer_hash;
    snprintf(refusal.word, sizeof refusal.word, "%s", base_code_word(why));
    snprintf(refusal.reason, sizeof refusal.reason, "%s", reason);
    BASE_TRY(store_begin(store));
    enum base_code code = node_book_add(node->party, seat, exchange_kind_word(EXCHANGE_KIND_MATCH_OFFER), now,
                                        base_bytes_buffer(&match->offer_note), &match->offer_hash);
    if (code == BASE_OK)
        code = node_statement_say(node, seat, &refusal, &hash);
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
    BASE_TRY(book_notes(match, seat, &match->offer_note, EXCHANGE_KIND_MATCH_OFFER, &match->accept_note, &match->offer_hash,
                        &match->accept_hash));
    BASE_TRY(node_talk_send(match->talk, NODE_SAY_MATCH_ACCEPT, base_bytes_buffer(&match->accept_note)));
    return start_session(match);
}

static enum base_code check_own_side(struct node_match *match, struct node_seat *seat)
{
    BASE_TRY(check_list(match, &seat->facts));
    if (match->set->token_count > seat->facts.terms.max_keys)
        return base_fail(BASE_E_OUTSIDE_TERMS, "this party's own list makes more keys than the terms allow");
    return BASE_OK;
}

static void other_set_built(void *context, enum base_code code, const char *detail)
{
    struct node_match *match = context;
    match->is_working = false;
    if (match->talk == NULL) {
        match_fail_end(match);
        return;
    }
    if (code != BASE_OK) {
        match_stop(match, code, detail);
        return;
    }
    code = with_seat(match, check_own_side);
    code = code == BASE_OK ? with_seat(match, make_acceptance) : refuse_match(match, code, base_detail());
    if (code != BASE_OK)
        match_stop(match, code, base_detail());
}

/* The match is complete on this side: signed by both, kept with its hits, and on its way back. */
static enum base_code complete_other(struct node_match *match, struct node_seat *seat, struct base_bytes signed_note)
{
    struct node *node = match->node;
    struct store *store = node->party->store;
    struct base_buffer both = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(check_same_statement(match, seat, signed_note, &seat->peer));
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
        code = take_match_bytes(match, payload);
    } else if (kind == NODE_SAY_MATCH_SIGNED && match->phase == NODE_MATCH_SIGNING) {
        code = take_signed(match, payload);
    } else if (kind == NODE_SAY_RECEIPT && match->phase == NODE_MATCH_RECEIPT) {
        code = node_receipt_take(match->node, &match->compartment, &match->statement_hash, payload);
        match_done(match);
    } else {
        code = base_fail(BASE_E_ORDER, "frame kind %u may not come now", kind);
    }
    if (code != BASE_OK)
        match_note_failure(match, code, base_detail());
    return code;
}

/* A match whose statement is signed and kept did not fail, even when the receipt did not come: the outbox sees to it. */
static void other_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match->phase == NODE_MATCH_RECEIPT)
        match_done(match);
    match_closed(talk, why, detail);
}

static const struct node_talk_role role_match_other = {.word = "match", .frame = other_frame, .closed = other_closed,
                                                       .drained = match_drained, .is_working = match_is_working};

static enum base_code begin_other(struct node_talk *talk, struct base_bytes payload, struct node_seat *seat,
                                  const struct exchange_statement *offer)
{
    struct node_match *match = match_new(talk->node, &seat->facts);
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
    code = node_job_start(match->node, run_set, other_set_built, match);
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
    code = node_statement_check(&seat, payload, &offer);
    if (code == BASE_OK && offer.kind != EXCHANGE_KIND_MATCH_OFFER)
        code = base_fail(BASE_E_ORDER, "a match begins with an offer");
    if (code == BASE_OK && !exchange_id_equal(&seat.facts.peer, &talk->peer.fingerprint))
        code = base_fail(BASE_E_NOT_FOUND, "there is no such compartment here");
    code = code == BASE_OK ? begin_other(talk, payload, &seat, &offer) : node_talk_refuse(talk, code, base_detail());
    node_seat_release(&seat);
    return code;
}
