/* SPDX-License-Identifier: Apache-2.0
 *
 * The side of a match that begins it.
 */
#include "node/match.h"

#include <stdio.h>
#include <string.h>

static enum base_code keep_result(void *context, const struct crypto_hash *hash)
{
    return node_match_keep(context, hash);
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
    node_match_free(match);
}

/* The link is done with; the answer waits for the cosignature, if that can be had now. */
static void starter_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_match *match = talk->state;
    if (match->phase != NODE_MATCH_ENDED) {
        node_match_closed(talk, why, detail);
        return;
    }
    match->talk = NULL;
    if (node_sync_begin(match->node, &match->compartment, NODE_SYNC_COSIGNED, sync_after_match, match) != BASE_OK)
        sync_after_match(match, BASE_E_BUSY, "");
}

static enum base_code take_final(struct node_match *match, struct base_bytes payload)
{
    struct node_seat seat;
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    node_link_bytes(match->talk->link, &match->bytes_sent, &match->bytes_received);
    enum base_code code = node_match_check_same(match, &seat, payload, &seat.peer);
    if (code == BASE_OK)
        code = node_statement_take(match->node, &seat, payload, keep_result, match, &receipt);
    if (code == BASE_OK)
        code = node_talk_send(match->talk, NODE_SAY_RECEIPT, base_bytes_buffer(&receipt));
    node_seat_release(&seat);
    base_buffer_release(&receipt);
    if (code == BASE_OK) {
        node_match_done(match);
        node_talk_end(match->talk);
    }
    return code;
}

static enum base_code check_acceptance(struct node_match *match, struct node_seat *seat, struct base_bytes payload)
{
    BASE_TRY(node_statement_check(seat, payload, &match->accept));
    if (seat->facts.state != EXCHANGE_ACTIVE) /* changed while the other party built its set */
        return base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(seat->facts.state));
    if (match->accept.kind != EXCHANGE_KIND_MATCH_ACCEPT || !crypto_hash_equal(&match->accept.about, &match->offer_hash))
        return base_fail(BASE_E_ORDER, "the answer is not the acceptance of this offer");
    if (match->accept.keys[0] > seat->facts.terms.max_keys)
        return base_fail(BASE_E_OUTSIDE_TERMS, "the other party brings more keys than the terms allow");
    if (!crypto_hash_equal(&match->accept.rules, &match->offer.rules))
        return base_fail(BASE_E_RULES, "the other party made its keys by another rule file");
    return BASE_OK;
}

static enum base_code take_acceptance(struct node_match *match, struct base_bytes payload)
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    enum base_code code = check_acceptance(match, &seat, payload);
    if (code == BASE_OK)
        code = base_buffer_append(&match->accept_note, payload);
    if (code == BASE_OK)
        code = node_match_book(match, &seat, &match->accept_note, EXCHANGE_KIND_MATCH_ACCEPT, NULL, &match->accept_hash, NULL);
    node_seat_release(&seat);
    return code == BASE_OK ? node_match_start_session(match) : code;
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
        code = node_match_take_bytes(match, payload);
    } else if (kind == NODE_SAY_STATEMENT && match->phase == NODE_MATCH_SIGNING) {
        code = take_final(match, payload);
    } else {
        code = base_fail(BASE_E_ORDER, "frame kind %u may not come now", kind);
    }
    if (code != BASE_OK)
        node_match_note_failure(match, code, base_detail());
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
    BASE_TRY(node_match_book(match, seat, &match->offer_note, EXCHANGE_KIND_MATCH_OFFER, NULL, &match->offer_hash, NULL));
    match->phase = NODE_MATCH_OFFERED;
    return node_talk_send(match->talk, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&match->offer_note));
}

static enum base_code starter_opened(struct node_talk *talk)
{
    struct node_match *match = talk->state;
    enum base_code code = node_match_with_seat(match, make_offer);
    if (code != BASE_OK)
        node_match_note_failure(match, code, base_detail());
    return code;
}

static const struct node_talk_role role_match_starter = {.word = "match", .opened = starter_opened, .frame = starter_frame,
                                                         .closed = starter_closed, .drained = node_match_drained,
                                                         .is_working = node_match_is_working};

static enum base_code check_own_list(void *context, const struct node_compartment *facts)
{
    if (facts->state != EXCHANGE_ACTIVE) /* changed while the set was built */
        return base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(facts->state));
    return node_match_check_list(context, facts);
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
        node_match_stop(match, code, detail);
}

enum base_code node_match_begin(struct node *node, const struct node_compartment *compartment, const char *source,
                                struct node_request *request)
{
    if (compartment->state != EXCHANGE_ACTIVE)
        return base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(compartment->state));
    struct node_match *match = node_match_new(node, compartment);
    if (match == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a match");
    match->is_starter = true;
    match->request = request;
    snprintf(match->source, sizeof match->source, "%s", source == NULL ? "" : source);
    match->is_working = true;
    node_request_progress(request, "keys", 0, 0);
    enum base_code code = node_job_start(node, node_match_run_set, starter_set_built, match);
    if (code != BASE_OK)
        node_match_free(match);
    return code;
}
