/* SPDX-License-Identifier: Apache-2.0
 *
 * Delivery in one compartment: what waits for the other party goes out, and its cosignature comes back.
 */
#include "node/sync.h"

#include "node/exchange.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_FIRST_MS = 2000, RETRY_MAX_MS = 300000, PROPOSAL_AGAIN_MS = 60000 };

static struct node_sync *sync_of(struct node *node, const struct exchange_id *compartment)
{
    for (struct node_sync *at = node->syncs; at != NULL; at = at->next)
        if (exchange_id_equal(&at->compartment, compartment))
            return at;
    struct node_sync *sync = calloc(1, sizeof *sync);
    if (sync != NULL) {
        sync->node = node;
        sync->compartment = *compartment;
        sync->next = node->syncs;
        node->syncs = sync;
    }
    return sync;
}

void node_sync_forget(struct node *node)
{
    node_lines_forget(node);
    while (node->syncs != NULL) {
        struct node_sync *next = node->syncs->next;
        free(node->syncs);
        node->syncs = next;
    }
}

static void append_waiter(struct node_sync *sync, struct node_sync_waiter *waiter)
{
    struct node_sync_waiter **at = &sync->waiters;
    while (*at != NULL)
        at = &(*at)->next;
    waiter->next = NULL;
    *at = waiter;
}

/* Who waits for no more than this hears of it. */
static void tell(struct node_sync *sync, enum node_sync_until reached, int64_t number, enum base_code code, const char *detail)
{
    struct node_sync_waiter *waiters = sync->waiters;
    sync->waiters = NULL;
    while (waiters != NULL) {
        struct node_sync_waiter *next = waiters->next;
        if (waiters->until > reached || (reached == NODE_SYNC_DELIVERED && waiters->number > number)) {
            append_waiter(sync, waiters);
        } else {
            waiters->done(waiters->context, code, detail);
            free(waiters);
        }
        waiters = next;
    }
}

void node_sync_restart(struct node_sync *sync)
{
    sync->is_all_sent = sync->is_size_corrected = sync->is_wanted = false;
    sync->number = sync->answered = 0;
    sync->code = sync->refusal = BASE_OK;
    sync->detail[0] = 0;
}

void node_sync_end(struct node_sync *sync, enum base_code code, const char *detail)
{
    int64_t now = base_clock_now(&sync->node->steady);
    char words[sizeof sync->detail];
    enum base_code outcome = code == BASE_OK ? sync->refusal : code;
    snprintf(words, sizeof words, "%s", code == BASE_OK ? sync->detail : detail);
    sync->pause_ms = outcome == BASE_OK ? 0 : sync->pause_ms == 0 ? RETRY_FIRST_MS : sync->pause_ms * 2;
    if (sync->pause_ms > RETRY_MAX_MS)
        sync->pause_ms = RETRY_MAX_MS;
    sync->not_before_ms = now + sync->pause_ms;
    if (sync->is_proposal && code == BASE_OK)
        sync->propose_not_before_ms = now + PROPOSAL_AGAIN_MS;
    sync->line = NULL;
    sync->node->sync_look_ms = sync->not_before_ms < sync->node->sync_look_ms ? sync->not_before_ms : sync->node->sync_look_ms;
    tell(sync, NODE_SYNC_COSIGNED, INT64_MAX, outcome, words);
}

static enum base_code take_proposal(void *context, const struct node_compartment *facts)
{
    return base_buffer_append(context, facts->terms_note);
}

static enum base_code send_proposal(struct node_sync *sync)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct node_flight flight = {.kind = NODE_SAY_PROPOSAL};
    enum base_code code = node_compartment_with(sync->node->party->store, &sync->compartment, take_proposal, &note);
    sync->is_all_sent = true;
    if (code == BASE_OK)
        code = node_line_send(sync, &flight, base_bytes_buffer(&note));
    base_buffer_release(&note);
    return code;
}

static enum base_code send_delivery(struct node_sync *sync, bool *sent)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    struct node_flight flight = {.kind = NODE_SAY_DELIVERY};
    enum base_code code = node_sync_put_delivery(sync, &flight, &payload);
    *sent = code == BASE_OK && flight.count > 0;
    sync->is_all_sent = !*sent;
    if (*sent)
        code = node_line_send(sync, &flight, base_bytes_buffer(&payload));
    else
        free(flight.hashes);
    crypto_wipe_buffer(&payload);
    return code;
}

static enum base_code send_checkpoint(struct node_sync *sync, uint64_t old_size, bool *sent)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    struct node_flight flight = {.kind = NODE_SAY_CHECKPOINT};
    enum base_code code = node_sync_put_checkpoint(sync, old_size, &flight, &payload);
    *sent = code == BASE_OK && flight.size > 0;
    if (*sent)
        code = node_line_send(sync, &flight, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

bool node_sync_has_step(const struct node_sync *sync)
{
    if (sync->code != BASE_OK)
        return false;
    if (!sync->is_all_sent)
        return sync->deliveries < SYNC_FLIGHTS_MAX;
    return sync->flights == 0;
}

/* All that was to be said has been answered: who waits for that hears it, and the cosignature is asked for. */
static enum base_code step_to_checkpoint(struct node_sync *sync)
{
    uint64_t old_size;
    bool has_sent = false;
    tell(sync, NODE_SYNC_DELIVERED, INT64_MAX, sync->refusal, sync->detail);
    BASE_TRY(node_cosigned_size(sync->node->party->store, &sync->compartment, &old_size));
    BASE_TRY(send_checkpoint(sync, old_size, &has_sent));
    if (!has_sent)
        node_sync_end(sync, BASE_OK, "");
    return BASE_OK;
}

static enum base_code step(struct node_sync *sync)
{
    bool has_sent = false;
    if (sync->is_proposal && !sync->is_all_sent)
        return send_proposal(sync);
    if (!sync->is_all_sent)
        BASE_TRY(send_delivery(sync, &has_sent));
    return has_sent || sync->flights > 0 ? BASE_OK : step_to_checkpoint(sync);
}

/* Ends this sync and not the line, once what is under way is answered. */
static void fail(struct node_sync *sync, enum base_code code)
{
    sync->code = code;
    snprintf(sync->detail, sizeof sync->detail, "%s", base_detail());
    if (sync->flights == 0)
        node_sync_end(sync, code, sync->detail);
}

void node_sync_step(struct node_sync *sync)
{
    const struct node_line *line = sync->line;
    enum base_code code = step(sync);
    if (code != BASE_OK && line->is_open) /* else the end of the link tells */
        fail(sync, code);
}

static enum base_code correct_size(struct node_sync *sync, struct base_bytes payload)
{
    uint64_t size, entries;
    bool has_sent;
    BASE_TRY(node_size_read(payload, &size));
    BASE_TRY(store_entries_count(sync->node->party->store, sync->compartment.bytes, &entries));
    if (sync->is_size_corrected)
        return base_fail(BASE_E_ORDER, "the peer corrects the size a second time");
    if (size > entries)
        return base_fail(BASE_E_INCONSISTENT, "the peer has cosigned %llu entries, and there are %llu: the store went back",
                         (unsigned long long)size, (unsigned long long)entries);
    sync->is_size_corrected = true;
    return send_checkpoint(sync, size, &has_sent);
}

static enum base_code take_receipts(struct node_sync *sync, const struct node_flight *flight, struct base_bytes payload)
{
    BASE_TRY(node_sync_take_receipts(sync, flight, payload));
    sync->answered = flight->number;
    tell(sync, NODE_SYNC_DELIVERED, sync->answered, sync->refusal, sync->detail);
    return BASE_OK;
}

static enum base_code take_cosigned(struct node_sync *sync, const struct node_flight *flight, struct base_bytes payload)
{
    BASE_TRY(node_sync_take_cosigned(sync, flight->size, payload));
    sync->is_size_corrected = sync->is_all_sent = false; /* something may have been said meanwhile */
    return BASE_OK;
}

enum base_code node_sync_answered(struct node_sync *sync, const struct node_flight *flight, uint8_t kind, struct base_bytes payload)
{
    if (kind == NODE_SAY_REFUSED) {
        fail(sync, node_refusal_read(payload));
        return BASE_OK;
    }
    if (kind == NODE_SAY_DONE && flight->kind == NODE_SAY_PROPOSAL) {
        node_sync_end(sync, BASE_OK, "");
        return BASE_OK;
    }
    if (kind == NODE_SAY_RECEIPTS && flight->kind == NODE_SAY_DELIVERY)
        return take_receipts(sync, flight, payload);
    if (kind == NODE_SAY_COSIGNED && flight->kind == NODE_SAY_CHECKPOINT)
        return take_cosigned(sync, flight, payload);
    if (kind == NODE_SAY_COSIGN_SIZE && flight->kind == NODE_SAY_CHECKPOINT)
        return correct_size(sync, payload);
    return base_fail(BASE_E_ORDER, "frame kind %u does not answer kind %u", kind, flight->kind);
}

struct target {
    struct exchange_id peer;
    bool is_proposal;
};

static enum base_code take_target(void *context, const struct node_compartment *facts)
{
    *(struct target *)context = (struct target){facts->peer, facts->own_state == EXCHANGE_PROPOSED};
    return BASE_OK;
}

static enum base_code start(struct node_sync *sync)
{
    struct target target;
    BASE_TRY(node_compartment_with(sync->node->party->store, &sync->compartment, take_target, &target));
    node_sync_restart(sync);
    sync->is_proposal = target.is_proposal;
    return node_line_join(sync, &target.peer);
}

static enum base_code add_waiter(struct node_sync *sync, enum node_sync_until until, node_sync_done *done, void *context)
{
    struct node_sync_waiter *waiter = calloc(1, sizeof *waiter);
    if (waiter == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to wait");
    *waiter = (struct node_sync_waiter){.until = until, .done = done, .context = context};
    enum base_code code = store_outbox_last(sync->node->party->store, sync->compartment.bytes, &waiter->number);
    if (code != BASE_OK) {
        free(waiter);
        return code;
    }
    append_waiter(sync, waiter);
    return BASE_OK;
}

/* Who has just joined is not there any more: the caller hears of the failure from the call. */
static void drop_last_waiter(struct node_sync *sync)
{
    struct node_sync_waiter **at = &sync->waiters;
    while ((*at)->next != NULL)
        at = &(*at)->next;
    free(*at);
    *at = NULL;
}

enum base_code node_sync_begin(struct node *node, const struct exchange_id *compartment, enum node_sync_until until, node_sync_done *done,
                               void *context)
{
    struct node_sync *sync = sync_of(node, compartment);
    if (sync == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a sync");
    bool is_running = sync->line != NULL;
    BASE_TRY(add_waiter(sync, until, done, context));
    if (is_running) {
        sync->is_all_sent = sync->is_proposal;
        node_line_pump(sync->line);
        return BASE_OK;
    }
    enum base_code code = start(sync);
    if (code != BASE_OK)
        drop_last_waiter(sync);
    return code;
}

void node_sync_want(struct node *node, const struct exchange_id *compartment)
{
    struct node_sync *sync = sync_of(node, compartment);
    if (sync == NULL) /* the tick will see to it */
        return;
    sync->is_wanted = node->is_sync_wanted = true;
}

static void log_failure(struct node *node, enum base_code code)
{
    base_log_event(&node->log, BASE_LOG_ERROR, "sync-failed", BASE_LOG_TEXT("reason", base_code_word(code)),
                   BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
}

static void start_or_pause(struct node_sync *sync)
{
    enum base_code code = start(sync);
    if (code == BASE_OK)
        return;
    log_failure(sync->node, code);
    node_sync_end(sync, code, base_detail());
}

void node_sync_wanted(struct node *node)
{
    if (!node->is_sync_wanted)
        return;
    node->is_sync_wanted = false;
    for (struct node_sync *sync = node->syncs; sync != NULL; sync = sync->next) {
        if (!sync->is_wanted)
            continue;
        sync->is_wanted = false;
        if (sync->line != NULL) {
            sync->is_all_sent = sync->is_proposal;
            node_line_pump(sync->line);
        } else if (base_clock_now(&node->steady) >= sync->not_before_ms) {
            start_or_pause(sync);
        }
    }
}

/* Does anything of the outbox go out? */
static enum base_code has_outgoing(struct node *node, const struct exchange_id *compartment, enum exchange_state state, bool *out)
{
    uint64_t waiting = 0;
    struct node_held held;
    *out = true;
    if (state != EXCHANGE_SUSPENDED)
        return BASE_OK;
    BASE_TRY(store_outbox_count(node->party->store, compartment->bytes, &waiting));
    BASE_TRY(node_held_find(node, compartment, state, &held));
    *out = waiting > held.count;
    node_held_release(&held);
    return BASE_OK;
}

struct due {
    struct node *node;
    struct node_sync **items;
    size_t count, capacity;
};

static enum base_code is_waiting(struct node *node, const struct store_lag *lag, const struct exchange_id *compartment, bool *waits)
{
    struct node_compartment facts;
    node_state_unpack(lag->state, &facts);
    *waits = facts.own_state == EXCHANGE_PROPOSED || (facts.own_state != EXCHANGE_OFFERED && lag->own_size > lag->cosigned_size);
    if (*waits || facts.own_state == EXCHANGE_OFFERED || !lag->has_outgoing)
        return BASE_OK;
    return has_outgoing(node, compartment, facts.state, waits);
}

enum base_code node_sync_is_waiting(struct node *node, const struct node_compartment *facts, bool *waits)
{
    struct store *store = node->party->store;
    struct store_lag lag = {.state = node_state_pack(facts->own_state, facts->peer_state)};
    uint64_t waiting;
    BASE_TRY(store_outbox_count(store, facts->id.bytes, &waiting));
    BASE_TRY(store_entries_count(store, facts->id.bytes, &lag.own_size));
    BASE_TRY(node_cosigned_size(store, &facts->id, &lag.cosigned_size));
    lag.has_outgoing = waiting > 0;
    return is_waiting(node, &lag, &facts->id, waits);
}

static enum base_code collect_due(void *context, const struct store_lag *lag)
{
    struct due *due = context;
    struct node *node = due->node;
    struct exchange_id compartment;
    bool waits = false;
    memcpy(compartment.bytes, lag->compartment, sizeof compartment.bytes);
    BASE_TRY(is_waiting(node, lag, &compartment, &waits));
    struct node_sync *sync = waits ? sync_of(node, &compartment) : NULL;
    if (sync == NULL || sync->line != NULL)
        return BASE_OK;
    int64_t at_ms = sync->not_before_ms;
    if ((lag->state & 0xff) == EXCHANGE_PROPOSED && sync->propose_not_before_ms > at_ms)
        at_ms = sync->propose_not_before_ms;
    if (base_clock_now(&node->steady) < at_ms) {
        node->sync_look_ms = at_ms < node->sync_look_ms ? at_ms : node->sync_look_ms;
        return BASE_OK;
    }
    BASE_TRY(base_grow_array((void **)&due->items, &due->capacity, due->count + 1, sizeof *due->items));
    due->items[due->count++] = sync;
    return BASE_OK;
}

/* Nothing has changed in the store since it was looked at, and no pause has ended. */
static bool is_known(struct node *node)
{
    uint64_t version = 0;
    if (store_version(node->party->store, &version) != BASE_OK)
        return false;
    bool is_same = version == node->sync_version && base_clock_now(&node->steady) < node->sync_look_ms;
    node->sync_version = version;
    return is_same;
}

void node_sync_all(struct node *node)
{
    struct due due = {.node = node};
    node_lines_close_idle(node);
    node_sync_wanted(node);
    if (is_known(node))
        return;
    node->sync_look_ms = INT64_MAX;
    enum base_code code = store_lags_each(node->party->store, collect_due, &due);
    if (code != BASE_OK)
        log_failure(node, code);
    for (size_t i = 0; code == BASE_OK && i < due.count; i++)
        start_or_pause(due.items[i]);
    free(due.items);
}
