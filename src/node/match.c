/* SPDX-License-Identifier: Apache-2.0
 *
 * A private match between two nodes (doc/spec/conversations.md, clause 5): what both sides do alike. match_start.c is the
 * starter's side, match_answer.c the other's.
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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUTBOUND_MAX = 1 << 20, /* bytes a job makes before they are sent */
};

void node_match_free(struct node_match *match)
{
    struct node_match **at = &match->node->matches;
    while (*at != match)
        at = &(*at)->next;
    *at = match->next;
    psi_session_free(match->psi);
    node_set_free(match->set);
    base_buffer_release(&match->offer_note);
    base_buffer_release(&match->accept_note);
    base_buffer_release(&match->inbound);
    base_buffer_release(&match->outbound);
    free(match);
}

/* Ends a match that failed: says so in the book if it was begun, answers the request, frees. Nothing else may run. */
void node_match_fail_end(struct node_match *match)
{
    struct node *node = match->node;
    if (match->phase >= NODE_MATCH_RUNNING && node_match_abort(match) != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "abort-not-recorded", BASE_LOG_TEXT("reason", base_detail()), BASE_LOG_END);
    node_request_error(match->request, match->code, match->detail, match->is_by_peer);
    node_match_free(match);
}

void node_match_note_failure(struct node_match *match, enum base_code code, const char *detail)
{
    if (match->code != BASE_OK)
        return;
    match->code = code == BASE_OK ? BASE_E_CLOSED : code;
    snprintf(match->detail, sizeof match->detail, "%s", detail[0] == 0 ? "the connection ended before the match did" : detail);
}

/* Fails from the loop, with the talk still open or never begun. */
void node_match_stop(struct node_match *match, enum base_code code, const char *detail)
{
    node_match_note_failure(match, code, detail);
    if (match->talk == NULL)
        node_match_fail_end(match);
    else if (match->talk->link != NULL && match->node->wire != NULL)
        match->node->wire->end(match->talk, code);
}

void node_match_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match == NULL)
        return;
    match->talk = NULL;
    if (match->phase == NODE_MATCH_ENDED) {
        node_match_free(match);
        return;
    }
    node_match_note_failure(match, why, detail);
    if (!match->is_working) /* else the job's end does it */
        node_match_fail_end(match);
}

bool node_match_is_working(const struct node_talk *talk)
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
        node_match_note_failure(match, BASE_E_CLOSED, detail);
        node_match_fail_end(match);
        return;
    }
    if (code != BASE_OK) {
        node_match_stop(match, code, detail);
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

enum base_code node_match_with_seat(struct node_match *match, enum base_code (*act)(struct node_match *, struct node_seat *))
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
        return match->is_starter ? node_match_with_seat(match, sign_first) : BASE_OK;
    }
    if (match->has_more && node_link_queued(match->talk->link) < OUTBOUND_MAX)
        return start_session_job(match);
    node_link_resume(match->talk->link); /* also until it has drained: a paused link has no time-out, and the peer may not read */
    return BASE_OK;
}

static void match_advance(struct node_match *match)
{
    enum base_code code = advance(match);
    if (code != BASE_OK)
        node_match_stop(match, code, base_detail());
}

void node_match_drained(struct node_talk *talk)
{
    struct node_match *match = talk->state;
    if (match == NULL || match->phase != NODE_MATCH_RUNNING || match->is_working || !match->has_more)
        return;
    enum base_code code = start_session_job(match);
    if (code != BASE_OK)
        node_match_stop(match, code, base_detail());
}

enum base_code node_match_start_session(struct node_match *match)
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

enum base_code node_match_take_bytes(struct node_match *match, struct base_bytes payload)
{
    base_buffer_clear(&match->inbound);
    if (payload.len == 0)
        return base_fail(BASE_E_TRUNCATED, "an empty message of a match");
    BASE_TRY(base_buffer_append(&match->inbound, payload));
    return start_session_job(match);
}

void node_match_done(struct node_match *match)
{
    char peer[33];
    exchange_id_hex(&match->peer, peer);
    match->phase = NODE_MATCH_ENDED;
    base_log_event(&match->node->log, BASE_LOG_INFO, "match-complete", BASE_LOG_TEXT("peer", peer),
                   BASE_LOG_NUMBER("bytes-sent", match->bytes_sent), BASE_LOG_NUMBER("bytes-received", match->bytes_received),
                   BASE_LOG_END);
}

enum base_code node_match_check_same(struct node_match *match, const struct node_seat *seat, struct base_bytes bytes,
                                           const struct ledger_verifier *signer)
{
    struct ledger_note note;
    struct exchange_statement theirs, ours;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    BASE_TRY(ledger_note_parse(bytes, &note));
    size_t signers = match->is_starter ? 2 : 1; /* the starter signs first, and gets it back with both */
    enum base_code code = ledger_note_check(&note, signer);
    if (code == BASE_OK && note.count != signers)
        code = base_fail(BASE_E_FORMAT, "%zu signatures on a match that %zu have signed", note.count, signers);
    if (code == BASE_OK)
        code = exchange_statement_parse(note.text, &theirs);
    if (code == BASE_OK)
        code = node_match_statement(match, seat, theirs.time_ms, &ours);
    if (code == BASE_OK)
        code = exchange_statement_format(&ours, &text);
    if (code == BASE_OK && !base_bytes_equal(note.text, base_bytes_buffer(&text)))
        code = base_fail(BASE_E_TRANSCRIPT, "the other party describes another match");
    int64_t skew = code == BASE_OK ? theirs.time_ms - base_clock_now(&match->node->clock) : 0;
    if (skew > NODE_MATCH_SKEW_MS || skew < -NODE_MATCH_SKEW_MS)
        code = base_fail(BASE_E_RANGE, "the match is dated more than ten minutes from this node's clock");
    base_buffer_release(&text);
    ledger_note_release(&note);
    return code;
}

/* Enters notes in the book in one transaction. */
enum base_code node_match_book(struct node_match *match, struct node_seat *seat, const struct base_buffer *first,
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

enum base_code node_match_run_set(void *context)
{
    struct node_match *match = context;
    return node_set_build(match->node->party->home, match->source[0] == 0 ? NULL : match->source, match->node->rules,
                          match->node->threads, &match->node->random, &match->set);
}

/* Persons are counted by the own node only (statements 3.5). */
enum base_code node_match_check_list(const struct node_match *match, const struct node_compartment *facts)
{
    if (match->set->records > facts->terms.max_list)
        return base_fail(BASE_E_OUTSIDE_TERMS, "%llu persons are more than the %llu of the terms",
                         (unsigned long long)match->set->records, (unsigned long long)facts->terms.max_list);
    return BASE_OK;
}

struct node_match *node_match_new(struct node *node, const struct node_compartment *facts)
{
    struct node_match *match = calloc(1, sizeof *match);
    if (match == NULL)
        return NULL;
    match->node = node;
    match->next = node->matches;
    node->matches = match;
    match->compartment = facts->id;
    match->peer = facts->peer;
    match->started_ms = base_clock_now(&node->clock);
    match->started_elapsed_ms = base_clock_elapsed_ms();
    return match;
}
