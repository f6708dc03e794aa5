/* SPDX-License-Identifier: Apache-2.0
 *
 * Delivery: what waits for the other party goes out, and its cosignature comes back.
 *
 *     proposal? ──► DONE
 *     DELIVERY: statements of the outbox, in order ──► RECEIPTS, into both books; until none is left
 *     checkpoint with proof ──► COSIGNED, or COSIGN_SIZE and once more
 */
#include "node/exchange.h"

#include "base/cursor.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_FIRST_MS = 2000, RETRY_MAX_MS = 300000, PROPOSAL_AGAIN_MS = 60000 };

struct node_retry {
    struct exchange_id compartment;
    int64_t not_before_ms; /* of the steady clock */
    int64_t pause_ms;
    int64_t propose_not_before_ms; /* counts only while the compartment is proposed */
    bool is_running;
    struct node_retry *next;
};

struct sync {
    struct node_retry *retry;
    struct exchange_id compartment;
    node_sync_done *done;
    void *context;
    uint8_t sent;             /* the frame that waits for its answer */
    int64_t number;           /* of the outbox: last one sent */
    struct crypto_hash hashes[NODE_PARCELS_MAX]; /* of the statements that were sent and not answered */
    size_t hash_count;
    bool is_size_corrected;
    bool is_proposal;         /* kept by the other; nothing more to say before it is accepted */
    bool has_refused;         /* a statement that stays in the outbox; why, in `detail` */
    enum base_code refusal;
    enum base_code code;      /* of the whole; BASE_E_CLOSED until it is known */
    char detail[256];
};

static struct node_retry *retry_of(struct node *node, const struct exchange_id *compartment)
{
    for (struct node_retry *at = node->retries; at != NULL; at = at->next)
        if (exchange_id_equal(&at->compartment, compartment))
            return at;
    struct node_retry *retry = calloc(1, sizeof *retry);
    if (retry != NULL) {
        retry->compartment = *compartment;
        retry->next = node->retries;
        node->retries = retry;
    }
    return retry;
}

void node_sync_forget(struct node *node)
{
    while (node->retries != NULL) {
        struct node_retry *next = node->retries->next;
        free(node->retries);
        node->retries = next;
    }
}

static enum base_code finish(struct node_talk *talk, enum base_code code)
{
    struct sync *sync = talk->state;
    if (code != BASE_OK)
        snprintf(sync->detail, sizeof sync->detail, "%s", base_detail());
    sync->code = code == BASE_OK && sync->has_refused ? sync->refusal : code;
    node_talk_end(talk);
    return BASE_OK;
}

static enum base_code send_as(struct node_talk *talk, enum node_frame_kind kind, struct base_bytes payload)
{
    struct sync *sync = talk->state;
    sync->sent = (uint8_t)kind;
    return node_talk_send(talk, kind, payload);
}

static enum base_code take_proposal(void *context, const struct node_compartment *facts)
{
    return base_buffer_append(context, facts->terms_note);
}

static enum base_code send_proposal(struct node_talk *talk)
{
    struct sync *sync = talk->state;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    enum base_code code = node_compartment_with(talk->node->party->store, &sync->compartment, take_proposal, &note);
    if (code == BASE_OK)
        code = send_as(talk, NODE_SAY_PROPOSAL, base_bytes_buffer(&note));
    base_buffer_release(&note);
    return code;
}

struct outgoing {
    struct node *node;
    struct sync *sync;
    struct base_buffer payload;
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
    if (parcel->beside == NODE_PARCEL_CONTENT) {
        parcel->salt = base_bytes_of(beside->bytes.data, EXCHANGE_SALT_LEN);
        parcel->content = base_bytes_of(beside->bytes.data + EXCHANGE_SALT_LEN, beside->bytes.len - EXCHANGE_SALT_LEN);
    }
    outgoing->is_full = outgoing->payload.len > 0 && outgoing->payload.len + row->note.len + beside->bytes.len + 64 > NODE_DELIVERY_MAX;
    outgoing->is_full |= outgoing->sync->hash_count == NODE_PARCELS_MAX;
    if (outgoing->is_full)
        return BASE_OK;
    BASE_TRY(node_parcel_put(parcel, &outgoing->payload));
    memcpy(outgoing->sync->hashes[outgoing->sync->hash_count++].bytes, row->hash, sizeof outgoing->sync->hashes[0].bytes);
    outgoing->sync->number = row->number;
    return BASE_OK;
}

static enum base_code take_outgoing(void *context, const struct store_outgoing *row)
{
    struct outgoing *outgoing = context;
    struct node_parcel parcel = {.note = row->note, .beside = NODE_PARCEL_NOTHING};
    struct beside beside = {&parcel, BASE_BUFFER_EMPTY};
    if (outgoing->is_full || node_held_has(&outgoing->held, row->hash))
        return BASE_OK;
    enum base_code code = store_content_get(outgoing->node->party->store, outgoing->sync->compartment.bytes, row->hash, take_beside, &beside);
    if (code == BASE_E_NOT_FOUND)
        code = BASE_OK;
    if (code == BASE_OK)
        code = put_parcel(outgoing, row, &beside);
    crypto_wipe_buffer(&beside.bytes);
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
static enum base_code checkpoint_payload(struct node_talk *talk, uint64_t old_size, bool *has_any, struct base_buffer *out)
{
    struct sync *sync = talk->state;
    struct store *store = talk->node->party->store;
    struct node_tiles keeper = {store, sync->compartment};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct store_head own;
    struct node_cosign_request request = {.old_size = old_size};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    uint64_t cosigned;
    BASE_TRY(node_cosigned_size(store, &sync->compartment, &cosigned));
    enum base_code code = store_head_get(store, sync->compartment.bytes, STORE_HEAD_OWN, &own, &note);
    *has_any = code == BASE_OK && own.size > cosigned;
    if (code == BASE_E_NOT_FOUND)
        code = BASE_OK;
    if (code == BASE_OK && *has_any)
        code = ledger_tree_prove_consistency(&tiles, old_size, own.size, &request.proof);
    if (code == BASE_OK && *has_any) {
        request.note = base_bytes_buffer(&note);
        code = node_cosign_request_write(&request, out);
    }
    base_buffer_release(&note);
    return code;
}

static enum base_code send_checkpoint(struct node_talk *talk, uint64_t old_size)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    bool has_any = false;
    enum base_code code = checkpoint_payload(talk, old_size, &has_any, &payload);
    if (code == BASE_OK && has_any)
        code = send_as(talk, NODE_SAY_CHECKPOINT, base_bytes_buffer(&payload));
    else if (code == BASE_OK)
        code = finish(talk, BASE_OK);
    base_buffer_release(&payload);
    return code;
}

struct only_state {
    enum exchange_state own, both;
};

static enum base_code take_state(void *context, const struct node_compartment *facts)
{
    *(struct only_state *)context = (struct only_state){facts->own_state, facts->state};
    return BASE_OK;
}

static enum base_code send_next(struct node_talk *talk)
{
    struct sync *sync = talk->state;
    struct outgoing outgoing = {.node = talk->node, .sync = sync, .payload = BASE_BUFFER_EMPTY};
    struct only_state state;
    uint64_t old_size;
    sync->hash_count = 0;
    enum base_code code = node_compartment_with(talk->node->party->store, &sync->compartment, take_state, &state);
    if (code == BASE_OK)
        code = node_held_find(talk->node, &sync->compartment, state.both, &outgoing.held);
    if (code == BASE_OK)
        code = store_outbox_each(talk->node->party->store, sync->compartment.bytes, sync->number, NODE_PARCELS_MAX + outgoing.held.count,
                                 take_outgoing, &outgoing);
    node_held_release(&outgoing.held);
    if (code == BASE_OK && sync->hash_count > 0) {
        code = send_as(talk, NODE_SAY_DELIVERY, base_bytes_buffer(&outgoing.payload));
    } else if (code == BASE_OK) {
        code = node_cosigned_size(talk->node->party->store, &sync->compartment, &old_size);
        if (code == BASE_OK)
            code = send_checkpoint(talk, old_size);
    }
    crypto_wipe_buffer(&outgoing.payload);
    return code;
}

static enum base_code sync_opened(struct node_talk *talk)
{
    struct sync *sync = talk->state;
    struct only_state state;
    BASE_TRY(node_compartment_with(talk->node->party->store, &sync->compartment, take_state, &state));
    return state.own == EXCHANGE_PROPOSED ? send_proposal(talk) : send_next(talk);
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

/* One answer for each statement of the delivery, in its order. */
static enum base_code enter_receipts(struct node_talk *talk, const struct node_seat *seat, struct base_bytes payload)
{
    struct sync *sync = talk->state;
    struct base_cursor in = base_cursor_over(payload);
    for (size_t i = 0; i < sync->hash_count; i++) {
        bool is_receipt = false;
        struct base_bytes receipt;
        enum base_code refusal = BASE_OK;
        BASE_TRY(node_receipts_next(&in, &is_receipt, &receipt, &refusal));
        if (is_receipt) {
            BASE_TRY(enter_receipt(talk->node, seat, &sync->hashes[i], receipt));
            continue;
        }
        if (seat->facts.state == EXCHANGE_CLOSED) { /* will never be taken */
            BASE_TRY(store_outbox_remove(talk->node->party->store, sync->compartment.bytes, sync->hashes[i].bytes));
            continue;
        }
        if (!sync->has_refused) /* stays in the outbox; tried again, ever more rarely */
            snprintf(sync->detail, sizeof sync->detail, "%s", base_detail());
        if (!sync->has_refused)
            sync->refusal = refusal;
        sync->has_refused = true;
    }
    return base_cursor_end(&in);
}

static enum base_code take_receipts(struct node_talk *talk, struct base_bytes payload)
{
    struct sync *sync = talk->state;
    struct store *store = talk->node->party->store;
    struct node_seat seat;
    BASE_TRY(node_seat_open(talk->node->party, &sync->compartment, &seat));
    enum base_code code = store_begin(store);
    if (code == BASE_OK)
        code = enter_receipts(talk, &seat, payload);
    if (code == BASE_OK)
        code = node_book_head(talk->node->party, &seat, base_clock_now(&talk->node->clock));
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node_seat_release(&seat);
    return code == BASE_OK ? send_next(talk) : code;
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

static enum base_code keep_cosigned(struct node_talk *talk, struct base_bytes note)
{
    struct sync *sync = talk->state;
    struct store_head head;
    struct node_seat seat;
    BASE_TRY(node_seat_open(talk->node->party, &sync->compartment, &seat));
    enum base_code code = check_cosigned(talk->node, &seat, note, &head);
    if (code == BASE_OK)
        code = store_head_put(talk->node->party->store, sync->compartment.bytes, STORE_HEAD_COSIGNED, &head, note);
    node_seat_release(&seat);
    return code;
}

static enum base_code correct_size(struct node_talk *talk, struct base_bytes payload)
{
    struct sync *sync = talk->state;
    uint64_t size, entries;
    BASE_TRY(node_size_read(payload, &size));
    BASE_TRY(store_entries_count(talk->node->party->store, sync->compartment.bytes, &entries));
    if (sync->is_size_corrected)
        return base_fail(BASE_E_ORDER, "the peer corrects the size a second time");
    if (size > entries)
        return base_fail(BASE_E_INCONSISTENT, "the peer has cosigned %llu entries, and there are %llu: the store went back",
                         (unsigned long long)size, (unsigned long long)entries);
    sync->is_size_corrected = true;
    return send_checkpoint(talk, size);
}

static enum base_code sync_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct sync *sync = talk->state;
    uint8_t sent = sync->sent;
    sync->sent = 0;
    if (kind == NODE_SAY_REFUSED && sent != 0)
        return finish(talk, node_refusal_read(payload));
    if (kind == NODE_SAY_DONE && sent == NODE_SAY_PROPOSAL) {
        sync->is_proposal = true;
        return finish(talk, BASE_OK);
    }
    if (kind == NODE_SAY_RECEIPTS && sent == NODE_SAY_DELIVERY)
        return take_receipts(talk, payload);
    if (kind == NODE_SAY_COSIGNED && sent == NODE_SAY_CHECKPOINT) {
        BASE_TRY(keep_cosigned(talk, payload));
        return finish(talk, BASE_OK);
    }
    if (kind == NODE_SAY_COSIGN_SIZE && sent == NODE_SAY_CHECKPOINT)
        return correct_size(talk, payload);
    return base_fail(BASE_E_ORDER, "frame kind %u does not answer kind %u", kind, sent);
}

static void sync_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct sync *sync = talk->state;
    struct node_retry *retry = sync->retry;
    if (sync->code == BASE_E_CLOSED) {
        sync->code = why == BASE_OK ? BASE_E_CLOSED : why;
        strncpy(sync->detail, detail, sizeof sync->detail - 1);
    }
    retry->is_running = false;
    retry->pause_ms = sync->code == BASE_OK ? 0 : retry->pause_ms == 0 ? RETRY_FIRST_MS : retry->pause_ms * 2;
    if (retry->pause_ms > RETRY_MAX_MS)
        retry->pause_ms = RETRY_MAX_MS;
    retry->not_before_ms = base_clock_now(&talk->node->steady) + (retry->pause_ms == 0 ? RETRY_FIRST_MS : retry->pause_ms);
    if (sync->is_proposal)
        retry->propose_not_before_ms = base_clock_now(&talk->node->steady) + PROPOSAL_AGAIN_MS;
    if (sync->done != NULL)
        sync->done(sync->context, sync->code, sync->detail);
    free(sync);
}

static const struct node_talk_role role_sync = {.word = "sync", .opened = sync_opened, .frame = sync_frame, .closed = sync_closed};

static enum base_code take_peer(void *context, const struct node_compartment *facts)
{
    *(struct exchange_id *)context = facts->peer;
    return BASE_OK;
}

enum base_code node_sync_begin(struct node *node, const struct exchange_id *compartment, node_sync_done *done, void *context)
{
    struct exchange_id peer;
    struct node_retry *retry = retry_of(node, compartment);
    struct sync *sync = retry == NULL ? NULL : calloc(1, sizeof *sync);
    if (sync == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a sync");
    *sync = (struct sync){.retry = retry, .compartment = *compartment, .done = done, .context = context, .code = BASE_E_CLOSED};
    enum base_code code = retry->is_running ? base_fail(BASE_E_BUSY, "this compartment is being synced already") : BASE_OK;
    if (code == BASE_OK)
        code = node_compartment_with(node->party->store, compartment, take_peer, &peer);
    if (code == BASE_OK)
        code = node_talk_begin(node, &peer, &role_sync, sync, NULL);
    if (code != BASE_OK)
        free(sync);
    else
        retry->is_running = true;
    return code;
}

/* Does anything wait in this compartment? */
static enum base_code has_waiting(struct node *node, const struct node_compartment *facts, bool *waits)
{
    struct store *store = node->party->store;
    uint64_t waiting = 0, entries = 0, cosigned = 0;
    struct node_held held;
    *waits = facts->own_state == EXCHANGE_PROPOSED;
    if (*waits || !exchange_terms_is_filled(&facts->terms) || facts->own_state == EXCHANGE_OFFERED)
        return BASE_OK;
    BASE_TRY(store_outbox_count(store, facts->id.bytes, &waiting));
    BASE_TRY(node_held_find(node, &facts->id, facts->state, &held));
    waiting -= held.count;
    node_held_release(&held);
    BASE_TRY(store_entries_count(store, facts->id.bytes, &entries));
    BASE_TRY(node_cosigned_size(store, &facts->id, &cosigned));
    *waits = waiting > 0 || entries > cosigned;
    return BASE_OK;
}

enum { DUE_MAX = 64 };

struct due {
    struct node *node;
    struct exchange_id items[DUE_MAX];
    size_t count;
};

static enum base_code collect_due(void *context, const struct node_compartment *facts)
{
    struct due *due = context;
    struct node_retry *retry = retry_of(due->node, &facts->id);
    bool waits = false;
    if (retry == NULL || retry->is_running || base_clock_now(&due->node->steady) < retry->not_before_ms || due->count == DUE_MAX)
        return BASE_OK;
    if (facts->own_state == EXCHANGE_PROPOSED && base_clock_now(&due->node->steady) < retry->propose_not_before_ms)
        return BASE_OK;
    BASE_TRY(has_waiting(due->node, facts, &waits));
    if (waits)
        due->items[due->count++] = facts->id;
    return BASE_OK;
}

void node_sync_all(struct node *node)
{
    struct due due = {.node = node, .count = 0};
    enum base_code code = node_compartments_each(node->party->store, collect_due, &due);
    for (size_t i = 0; code == BASE_OK && i < due.count; i++)
        code = node_sync_begin(node, &due.items[i], NULL, NULL);
    if (code != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "sync-failed", BASE_LOG_TEXT("reason", base_code_word(code)),
                       BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
}
