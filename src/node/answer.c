/* SPDX-License-Identifier: Apache-2.0
 *
 * What a peer asks of this node: to take a statement, to cosign a checkpoint, terms, a match. Each request is one frame and
 * gets one answer; a peer that breaks the form is dropped, one that asks for what it may not is refused.
 */
#include "node/equivocate.h"
#include "node/exchange.h"
#include "node/reconcile.h"

#include "base/cursor.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A seat at the compartment a text speaks of, if the peer of this talk sits there too. */
static enum base_code seat_for(struct node_talk *talk, struct base_bytes bytes, struct node_seat *seat)
{
    struct exchange_statement statement;
    enum base_code code = node_statement_read(bytes, &statement); /* its signature is checked when it is taken */
    if (code == BASE_OK)
        code = node_seat_open(talk->node->party, &statement.compartment, seat);
    if (code != BASE_OK)
        return code;
    if (exchange_id_equal(&seat->facts.peer, &talk->peer.fingerprint) && exchange_terms_is_filled(&seat->facts.terms))
        return BASE_OK;
    node_seat_release(seat);
    return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here");
}

/* One statement, as it ends a match. */
static enum base_code answer_statement(struct node_talk *talk, struct base_bytes payload)
{
    struct node_seat seat;
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    enum base_code code = seat_for(talk, payload, &seat);
    if (code == BASE_OK) {
        code = node_statement_take(talk->node, &seat, payload, NULL, NULL, &receipt);
        node_seat_release(&seat);
    }
    code = code == BASE_OK ? node_talk_send(talk, NODE_SAY_RECEIPT, base_bytes_buffer(&receipt))
                           : node_talk_refuse(talk, code, base_detail());
    base_buffer_release(&receipt);
    return code;
}

struct delivery {
    struct node_parcel parcels[NODE_PARCELS_MAX];
    size_t count;
};

/* All parcels of a delivery are of one compartment: that of the first, and the others' statements are checked against it. */
static enum base_code read_delivery(struct base_bytes payload, struct delivery *out)
{
    struct base_cursor in = base_cursor_over(payload);
    for (out->count = 0; in.left > 0; out->count++) {
        if (out->count == NODE_PARCELS_MAX)
            return base_fail(BASE_E_LIMIT, "more than %d statements in one delivery", NODE_PARCELS_MAX);
        BASE_TRY(node_parcel_next(&in, &out->parcels[out->count]));
    }
    return out->count > 0 ? BASE_OK : base_fail(BASE_E_TRUNCATED, "a delivery of nothing");
}

static enum base_code answer_delivery(struct node_talk *talk, struct base_bytes payload)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    struct node_seat seat;
    if (delivery == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a delivery");
    enum base_code code = read_delivery(payload, delivery);
    if (code != BASE_OK) { /* not of the form: the link is dropped */
        free(delivery);
        return code;
    }
    code = seat_for(talk, delivery->parcels[0].note, &seat);
    if (code == BASE_OK) {
        code = node_take(talk->node, &seat, delivery->parcels, delivery->count, &answers);
        node_seat_release(&seat);
    }
    code = code == BASE_OK ? node_talk_send(talk, NODE_SAY_RECEIPTS, base_bytes_buffer(&answers))
                           : node_talk_refuse(talk, code, base_detail());
    base_buffer_release(&answers);
    free(delivery);
    return code;
}

/* "entente/<compartment>/<fingerprint>" of the peer. */
static enum base_code seat_of_origin(struct node_talk *talk, const char *origin, struct node_seat *seat)
{
    struct exchange_id compartment;
    static const char prefix[] = "entente/";
    size_t len = strlen(prefix);
    if (strncmp(origin, prefix, len) != 0 || strlen(origin) < len + 2 * EXCHANGE_ID_LEN)
        return base_fail(BASE_E_FORMAT, "the checkpoint is not of a compartment's ledger");
    BASE_TRY(exchange_id_parse(base_bytes_of(origin + len, 2 * EXCHANGE_ID_LEN), &compartment));
    BASE_TRY(node_seat_open(talk->node->party, &compartment, seat));
    if (strcmp(origin, seat->peer_name) == 0 && exchange_id_equal(&seat->facts.peer, &talk->peer.fingerprint))
        return BASE_OK;
    node_seat_release(seat);
    return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here"); /* conversations 1.2 */
}

static enum base_code check_peer_signature(const struct node_seat *seat, struct base_bytes bytes)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->peer);
    if (code == BASE_OK && note.count != 1)
        code = base_fail(BASE_E_FORMAT, "a checkpoint to cosign has one signature");
    ledger_note_release(&note);
    return code;
}

/* Does the offered checkpoint continue the newest that was cosigned? BASE_E_SIZE when its proof begins elsewhere. */
static enum base_code check_continues(const struct node_cosign_request *request, const struct store_head *head)
{
    struct crypto_hash old_root;
    const struct ledger_checkpoint *offered = &request->checkpoint;
    if (head->size == 0)
        crypto_sha256(NULL, 0, &old_root);
    else
        memcpy(old_root.bytes, head->root, sizeof old_root.bytes);
    if (offered->size == head->size && head->size > 0 && !crypto_hash_equal(&offered->root, &old_root)) /* whatever its proof */
        return base_fail(BASE_E_INCONSISTENT, "the ledger is not the one that was cosigned at this size");
    if (request->old_size != head->size)
        return base_fail(BASE_E_SIZE, "the proof does not start at the checkpoint cosigned last");
    if (offered->size < head->size)
        return base_fail(BASE_E_INCONSISTENT, "the ledger became shorter than what was cosigned");
    if (ledger_check_consistency(head->size, &old_root, offered->size, &offered->root, &request->proof) != BASE_OK)
        return base_fail(BASE_E_INCONSISTENT, "the ledger does not continue what was cosigned");
    return BASE_OK;
}

static enum base_code sign_offered(struct node_talk *talk, const struct node_cosign_request *request, const struct node_seat *seat,
                                   struct base_buffer *out)
{
    int64_t now = base_clock_now(&talk->node->clock);
    struct store_head head = {.size = request->checkpoint.size, .time_ms = now};
    BASE_TRY(ledger_cosign(request->note, seat->own_name, &seat->secret, (uint64_t)(now / 1000), out));
    memcpy(head.root, request->checkpoint.root.bytes, sizeof head.root);
    return store_head_put(talk->node->party->store, seat->facts.id.bytes, STORE_HEAD_PEER, &head, base_bytes_buffer(out));
}

/* ledger 4: cosigns only what continues the newest checkpoint that it cosigned before. */
static enum base_code cosign(struct node_talk *talk, const struct node_cosign_request *request, const struct node_seat *seat,
                             uint64_t *known_size, struct base_buffer *out)
{
    struct store_head head = {0};
    struct base_buffer known = BASE_BUFFER_EMPTY;
    char detail[256];
    BASE_TRY(check_peer_signature(seat, request->note));
    enum base_code code = store_head_get(talk->node->party->store, seat->facts.id.bytes, STORE_HEAD_PEER, &head, &known);
    if (code == BASE_OK || code == BASE_E_NOT_FOUND)
        code = check_continues(request, &head);
    *known_size = head.size;
    snprintf(detail, sizeof detail, "%s", base_detail());
    if (code == BASE_E_INCONSISTENT && known.len > 0) {
        node_equivocation_keep(talk->node, seat, base_bytes_buffer(&known), request->note, &request->proof);
        code = base_fail(BASE_E_INCONSISTENT, "%s", detail); /* what the peer is told */
    }
    base_buffer_release(&known);
    return code == BASE_OK ? sign_offered(talk, request, seat, out) : code;
}

static enum base_code send_size(struct node_talk *talk, uint64_t size)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    enum base_code code = node_size_write(size, &payload);
    if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_COSIGN_SIZE, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

static enum base_code answer_checkpoint(struct node_talk *talk, struct base_bytes payload)
{
    struct node_cosign_request request;
    struct node_seat seat;
    struct base_buffer cosigned = BASE_BUFFER_EMPTY;
    uint64_t known_size = 0;
    BASE_TRY(node_cosign_request_read(payload, &request));
    enum base_code code = seat_of_origin(talk, request.checkpoint.origin, &seat);
    if (code == BASE_OK) {
        code = cosign(talk, &request, &seat, &known_size, &cosigned);
        node_seat_release(&seat);
    }
    if (code == BASE_E_SIZE)
        code = send_size(talk, known_size);
    else if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_COSIGNED, base_bytes_buffer(&cosigned));
    else
        code = node_talk_refuse(talk, code, base_detail());
    base_buffer_release(&cosigned);
    return code;
}

static enum base_code answer_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    switch (kind) {
    case NODE_SAY_STATEMENT:
        return answer_statement(talk, payload);
    case NODE_SAY_DELIVERY:
        return answer_delivery(talk, payload);
    case NODE_SAY_CHECKPOINT:
        return answer_checkpoint(talk, payload);
    case NODE_SAY_PROPOSAL:
        return node_agree_proposed(talk, payload);
    case NODE_SAY_ACCEPTANCE:
        return node_agree_accepted(talk, payload);
    case NODE_SAY_MATCH_OFFER:
        return node_match_offered(talk, payload);
    case NODE_SAY_LIST_ASK:
        return node_list_asked(talk, payload);
    default:
        return base_fail(BASE_E_ORDER, "frame kind %u begins no conversation", kind);
    }
}

const struct node_talk_role node_role_answer = {.word = "answer", .frame = answer_frame};
