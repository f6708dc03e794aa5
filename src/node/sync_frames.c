/* SPDX-License-Identifier: Apache-2.0
 *
 * The frames of a sync: the outbox into a delivery, receipts into the book, a checkpoint and its cosignature.
 */
#include "node/sync.h"

#include "base/cursor.h"
#include "node/exchange.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct outgoing {
    struct node_sync *sync;
    struct node_flight *flight;
    struct base_buffer *payload;
    struct node_held held;
    bool is_full;
};

struct beside {
    struct node_parcel *parcel;
    struct base_buffer bytes; /* salt ‖ content */
};

static enum base_code take_beside(void *context, const struct store_content *content)
{
    struct beside *beside = context;
    beside->parcel->beside = content->state == STORE_CONTENT_ERASED ? NODE_PARCEL_ERASED : NODE_PARCEL_CONTENT;
    BASE_TRY(base_buffer_append(&beside->bytes, content->salt));
    return base_buffer_append(&beside->bytes, content->content);
}

static enum base_code put_parcel(struct outgoing *outgoing, const struct store_outgoing *row, struct beside *beside)
{
    struct node_parcel *parcel = beside->parcel;
    struct node_flight *flight = outgoing->flight;
    if (parcel->beside == NODE_PARCEL_CONTENT) {
        parcel->salt = base_bytes_of(beside->bytes.data, EXCHANGE_SALT_LEN);
        parcel->content = base_bytes_of(beside->bytes.data + EXCHANGE_SALT_LEN, beside->bytes.len - EXCHANGE_SALT_LEN);
    }
    outgoing->is_full = flight->count > 0 && outgoing->payload->len + row->note.len + beside->bytes.len + 64 > NODE_DELIVERY_MAX;
    outgoing->is_full |= flight->count == NODE_PARCELS_MAX;
    if (outgoing->is_full)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&flight->hashes, &flight->capacity, flight->count + 1, sizeof *flight->hashes));
    BASE_TRY(node_parcel_put(parcel, outgoing->payload));
    memcpy(flight->hashes[flight->count++].bytes, row->hash, sizeof row->hash);
    flight->number = row->number;
    return BASE_OK;
}

static enum base_code take_outgoing(void *context, const struct store_outgoing *row)
{
    struct outgoing *outgoing = context;
    struct node_sync *sync = outgoing->sync;
    struct node_parcel parcel = {.note = row->note, .beside = NODE_PARCEL_NOTHING};
    struct beside beside = {&parcel, BASE_BUFFER_EMPTY};
    if (outgoing->is_full || node_held_has(&outgoing->held, row->hash))
        return BASE_OK;
    enum base_code code = store_content_get(sync->node->party->store, sync->compartment.bytes, row->hash, take_beside, &beside);
    if (code == BASE_E_NOT_FOUND)
        code = BASE_OK;
    if (code == BASE_OK)
        code = put_parcel(outgoing, row, &beside);
    crypto_wipe_buffer(&beside.bytes);
    return code;
}

enum base_code node_sync_put_delivery(struct node_sync *sync, struct node_flight *flight, struct base_buffer *payload)
{
    struct store *store = sync->node->party->store;
    struct outgoing outgoing = {.sync = sync, .flight = flight, .payload = payload};
    struct node_states states;
    BASE_TRY(node_compartment_states(store, &sync->compartment, &states));
    BASE_TRY(node_held_find(sync->node, &sync->compartment, states.both, &outgoing.held));
    enum base_code code = store_outbox_each(store, sync->compartment.bytes, sync->number, NODE_PARCELS_MAX + outgoing.held.count,
                                            take_outgoing, &outgoing);
    node_held_release(&outgoing.held);
    if (code == BASE_OK && flight->count > 0)
        sync->number = flight->number;
    return code;
}

/* Into the book, and the statement leaves the outbox; in a transaction of the caller's, which signs the checkpoint. */
static enum base_code enter_receipt(struct node *node, const struct node_seat *seat, const struct crypto_hash *statement,
                                    struct base_bytes note)
{
    struct exchange_statement receipt;
    struct crypto_hash hash;
    bool is_new;
    BASE_TRY(node_statement_check(seat, note, &receipt));
    if (receipt.kind != EXCHANGE_KIND_RECEIPT || !crypto_hash_equal(&receipt.about, statement))
        return base_fail(BASE_E_ORDER, "a receipt for something else than was sent");
    BASE_TRY(node_book_append(node->party, seat, "receipt", base_clock_now(&node->clock), note, &hash, &is_new));
    return store_outbox_remove(node->party->store, seat->facts.id.bytes, statement->bytes);
}

enum base_code node_receipt_take(struct node *node, const struct exchange_id *compartment, const struct crypto_hash *statement,
                                 struct base_bytes note)
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(node->party, compartment, &seat));
    enum base_code code = store_begin(node->party->store);
    if (code == BASE_OK)
        code = enter_receipt(node, &seat, statement, note);
    if (code == BASE_OK)
        code = node_book_head(node->party, &seat, base_clock_now(&node->clock));
    if (code == BASE_OK)
        code = store_commit(node->party->store);
    store_rollback(node->party->store);
    node_seat_release(&seat);
    return code;
}

static enum base_code take_refusal(struct node_sync *sync, const struct node_seat *seat, const struct crypto_hash *statement,
                                   enum base_code refusal)
{
    if (seat->facts.state == EXCHANGE_CLOSED) /* will never be taken */
        return store_outbox_remove(sync->node->party->store, sync->compartment.bytes, statement->bytes);
    if (sync->refusal == BASE_OK) { /* stays in the outbox; tried again, ever more rarely */
        snprintf(sync->detail, sizeof sync->detail, "%s", base_detail());
        sync->refusal = refusal;
    }
    return BASE_OK;
}

static enum base_code enter_receipts(struct node_sync *sync, const struct node_seat *seat, const struct node_flight *flight,
                                     struct base_bytes payload)
{
    struct base_cursor in = base_cursor_over(payload);
    for (size_t i = 0; i < flight->count; i++) {
        bool is_receipt = false;
        struct base_bytes receipt;
        enum base_code refusal = BASE_OK;
        BASE_TRY(node_receipts_next(&in, &is_receipt, &receipt, &refusal));
        if (is_receipt)
            BASE_TRY(enter_receipt(sync->node, seat, &flight->hashes[i], receipt));
        else
            BASE_TRY(take_refusal(sync, seat, &flight->hashes[i], refusal));
    }
    return base_cursor_end(&in);
}

enum base_code node_sync_take_receipts(struct node_sync *sync, const struct node_flight *flight, struct base_bytes payload)
{
    struct node *node = sync->node;
    struct store *store = node->party->store;
    struct node_seat seat;
    BASE_TRY(node_seat_open(node->party, &sync->compartment, &seat));
    enum base_code code = store_begin(store);
    if (code == BASE_OK)
        code = enter_receipts(sync, &seat, flight, payload);
    if (code == BASE_OK)
        code = node_book_head(node->party, &seat, base_clock_now(&node->clock));
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node_seat_release(&seat);
    return code;
}

enum base_code node_cosigned_size(struct store *store, const struct exchange_id *compartment, uint64_t *size)
{
    struct store_head head = {0};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    enum base_code code = store_head_get(store, compartment->bytes, STORE_HEAD_COSIGNED, &head, &note);
    base_buffer_release(&note);
    *size = code == BASE_OK ? head.size : 0;
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

/* The peer has cosigned old_size entries, as far as this side knows; its answer may have been lost. */
enum base_code node_sync_put_checkpoint(struct node_sync *sync, uint64_t old_size, struct node_flight *flight,
                                        struct base_buffer *payload)
{
    struct store *store = sync->node->party->store;
    struct node_tiles keeper = {store, sync->compartment};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct store_head own = {.size = 0};
    struct node_cosign_request request = {.old_size = old_size};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    uint64_t cosigned;
    flight->size = 0;
    BASE_TRY(node_cosigned_size(store, &sync->compartment, &cosigned));
    enum base_code code = store_head_get(store, sync->compartment.bytes, STORE_HEAD_OWN, &own, &note);
    if (code == BASE_OK && own.size > cosigned)
        code = ledger_tree_prove_consistency(&tiles, old_size, own.size, &request.proof);
    if (code == BASE_OK && own.size > cosigned) {
        request.note = base_bytes_buffer(&note);
        code = node_cosign_request_write(&request, payload);
        flight->size = own.size;
    }
    base_buffer_release(&note);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

/* Is it our own checkpoint, as we signed it, with the other's cosignature on it? */
static enum base_code check_cosigned(struct node *node, const struct node_seat *seat, struct base_bytes bytes,
                                     struct store_head *head)
{
    struct ledger_note note;
    struct ledger_checkpoint checkpoint;
    struct node_tiles keeper = {node->party->store, seat->facts.id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct crypto_hash root;
    uint64_t seconds;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->own);
    if (code == BASE_OK)
        code = ledger_cosignature_time(&note, &seat->peer_cosigner, &seconds);
    if (code == BASE_OK)
        code = ledger_checkpoint_parse(note.text, &checkpoint);
    if (code == BASE_OK)
        code = ledger_tree_root(&tiles, checkpoint.size, &root);
    if (code == BASE_OK && !crypto_hash_equal(&root, &checkpoint.root))
        code = base_fail(BASE_E_INCONSISTENT, "the cosigned checkpoint is not of this ledger");
    ledger_note_release(&note);
    if (code == BASE_OK) {
        *head = (struct store_head){.size = checkpoint.size, .time_ms = (int64_t)(seconds * 1000)};
        memcpy(head->root, checkpoint.root.bytes, sizeof head->root);
    }
    return code;
}

enum base_code node_sync_take_cosigned(struct node_sync *sync, uint64_t size, struct base_bytes note)
{
    struct store_head head = {.size = 0};
    struct node_seat seat;
    BASE_TRY(node_seat_open(sync->node->party, &sync->compartment, &seat));
    enum base_code code = check_cosigned(sync->node, &seat, note, &head);
    if (code == BASE_OK && head.size != size) /* an older one would be asked for again without end */
        code = base_fail(BASE_E_INCONSISTENT, "cosigned at %llu entries, and %llu were sent", (unsigned long long)head.size, (unsigned long long)size);
    if (code == BASE_OK)
        code = store_head_put(sync->node->party->store, sync->compartment.bytes, STORE_HEAD_COSIGNED, &head, note);
    node_seat_release(&seat);
    return code;
}
