/* SPDX-License-Identifier: Apache-2.0
 *
 * Duties and their clocks (statements 6). A duty is opened and met by statements; when its time runs out, the node says so by
 * itself, now or whenever it is up again.
 */
#include "node/exchange.h"

#include "crypto/text.h"
#include "node/retention.h"
#include "node/screen.h"
#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000, DUE_AT_ONCE_MAX = 256 };

int64_t node_hours_ms(uint64_t hours)
{
    return (int64_t)hours * HOUR_MS;
}

struct store_duty node_duty_key(const struct node_seat *seat, const struct crypto_hash *about, enum exchange_duty kind, bool is_own)
{
    struct store_duty duty = {.kind = kind, .is_own = is_own};
    memcpy(duty.compartment, seat->facts.id.bytes, sizeof duty.compartment);
    memcpy(duty.about, about->bytes, sizeof duty.about);
    return duty;
}

enum base_code node_duty_open(struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind, bool is_own,
                              int64_t due_ms)
{
    struct store_duty duty = node_duty_key(taking->seat, about, kind, is_own);
    duty.opened_ms = taking->now_ms;
    duty.due_ms = due_ms - due_ms % 1000; /* as a statement can say it */
    return store_duty_open(taking->node->party->store, &duty);
}

enum base_code node_duty_meet(struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind, bool is_own,
                              const char *outcome)
{
    struct store_duty duty = node_duty_key(taking->seat, about, kind, is_own);
    enum base_code code = store_duty_close(taking->node->party->store, &duty, outcome, taking->now_ms);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code node_duty_find(const struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind,
                              bool is_own, struct store_duty *out)
{
    *out = node_duty_key(taking->seat, about, kind, is_own);
    return store_duty_get(taking->node->party->store, out);
}

/* What an overdue says of a duty; `hit` for one that has its hit as subject. */
static enum base_code describe(struct node *node, const struct node_seat *seat, const struct store_duty *duty, int64_t now_ms,
                               struct exchange_statement *out)
{
    struct exchange_statement hit;
    node_statement_begin(seat, EXCHANGE_KIND_OVERDUE, &node->party->fingerprint, now_ms, out);
    memcpy(out->about.bytes, duty->about, sizeof out->about.bytes);
    out->duty = (enum exchange_duty)duty->kind;
    out->owed_by = duty->is_own ? node->party->fingerprint : seat->facts.peer;
    out->due_ms = duty->due_ms;
    if (out->duty != EXCHANGE_DUTY_TELL)
        return BASE_OK;
    out->hit = out->about;
    BASE_TRY(node_book_find(node->party->store, seat, &out->hit, &hit));
    out->about = hit.about;
    return BASE_OK;
}

/* Does this party say that the duty has run out? Else it only marks it, and the other party's word follows. */
static bool is_mine_to_say(const struct store_duty *duty)
{
    return duty->is_own == (duty->kind == EXCHANGE_DUTY_TELL || duty->kind == EXCHANGE_DUTY_TASK);
}

static enum base_code run_out_one(struct node *node, const struct node_seat *seat, const struct store_duty *duty)
{
    struct exchange_statement overdue;
    struct crypto_hash hash;
    if (!is_mine_to_say(duty))
        return store_duty_run_out(node->party->store, duty->number, NULL);
    BASE_TRY(describe(node, seat, duty, base_clock_now(&node->clock), &overdue));
    return node_say(node, seat, &overdue, NULL, &hash);
}

static void log_failure(struct node *node, const char *event, const uint8_t compartment[STORE_ID_LEN], enum base_code code)
{
    struct exchange_id id;
    char hex[2 * EXCHANGE_ID_LEN + 1];
    memcpy(id.bytes, compartment, sizeof id.bytes);
    exchange_id_hex(&id, hex);
    base_log_event(&node->log, BASE_LOG_ERROR, event, BASE_LOG_TEXT("compartment", hex), BASE_LOG_TEXT("reason", base_code_word(code)),
                   BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
}

/* Runs one thing in a transaction at a seat. */
typedef enum base_code at_seat(struct node *node, const struct node_seat *seat, const void *context);

static enum base_code in_transaction(struct node *node, const uint8_t compartment[STORE_ID_LEN], at_seat *act, const void *context)
{
    struct store *store = node->party->store;
    struct exchange_id id;
    struct node_seat seat;
    memcpy(id.bytes, compartment, sizeof id.bytes);
    BASE_TRY(node_seat_open(node->party, &id, &seat));
    enum base_code code = store_begin(store);
    if (code == BASE_OK)
        code = act(node, &seat, context);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node->is_screen_stale |= code != BASE_OK;
    node_seat_release(&seat);
    return code;
}

static enum base_code act_run_out(struct node *node, const struct node_seat *seat, const void *context)
{
    return run_out_one(node, seat, context);
}

struct due {
    struct store_duty items[DUE_AT_ONCE_MAX];
    size_t count;
};

static enum base_code keep_due(void *context, const struct store_duty *duty)
{
    struct due *due = context;
    due->items[due->count++] = *duty;
    return BASE_OK;
}

static enum base_code run_out_all(struct node *node)
{
    struct due *due = calloc(1, sizeof *due);
    if (due == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the duties that are due");
    enum base_code code = store_duties_due(node->party->store, base_clock_now(&node->clock), DUE_AT_ONCE_MAX, keep_due, due);
    for (size_t i = 0; code == BASE_OK && i < due->count; i++) {
        enum base_code one = in_transaction(node, due->items[i].compartment, act_run_out, &due->items[i]);
        if (one != BASE_OK)
            log_failure(node, "overdue-failed", due->items[i].compartment, one);
    }
    free(due);
    return code;
}

/* Gaps: what the other party has not receipted or cosigned in time. One of a kind at a time in a compartment. */
struct oldest {
    struct crypto_hash hash;
    int64_t since_ms;
    bool is_found;
    struct node_held held;
};

static enum base_code take_outgoing(void *context, const struct store_outgoing *outgoing)
{
    struct oldest *oldest = context;
    if (node_held_has(&oldest->held, outgoing->hash))
        return BASE_OK;
    memcpy(oldest->hash.bytes, outgoing->hash, sizeof oldest->hash.bytes);
    oldest->since_ms = outgoing->since_ms;
    oldest->is_found = true;
    return BASE_E_CANCELLED; /* ends the walk */
}

static enum base_code take_entry(void *context, const struct store_entry *entry)
{
    struct oldest *oldest = context;
    memcpy(oldest->hash.bytes, entry->hash, sizeof oldest->hash.bytes);
    oldest->since_ms = entry->time_ms;
    oldest->is_found = true;
    return BASE_OK;
}

static enum base_code oldest_unreceipted(struct node *node, const struct node_seat *seat, struct oldest *out)
{
    BASE_TRY(node_held_find(node, &seat->facts.id, seat->facts.state, &out->held));
    enum base_code code = store_outbox_each(node->party->store, seat->facts.id.bytes, 0, INT32_MAX, take_outgoing, out);
    node_held_release(&out->held);
    return code == BASE_E_CANCELLED && out->is_found ? BASE_OK : code;
}

static enum base_code oldest_uncosigned(struct node *node, const struct node_seat *seat, struct oldest *out)
{
    struct store *store = node->party->store;
    uint64_t cosigned;
    BASE_TRY(node_cosigned_size(store, &seat->facts.id, &cosigned));
    return store_entries_each(store, seat->facts.id.bytes, cosigned, cosigned + 1, take_entry, out);
}

struct open_gap {
    enum exchange_duty kind;
    struct store_duty duty;
    bool is_found;
};

static enum base_code find_gap(void *context, const struct store_duty *duty)
{
    struct open_gap *gap = context;
    if (duty->kind == gap->kind && !duty->is_own && (duty->state == STORE_DUTY_OPEN || duty->state == STORE_DUTY_OVERDUE)) {
        gap->duty = *duty;
        gap->is_found = true;
    }
    return BASE_OK;
}

static enum base_code begin_gap(struct node *node, const struct node_seat *seat, enum exchange_duty kind, const struct oldest *oldest,
                                int64_t due_ms)
{
    struct store_duty duty = node_duty_key(seat, &oldest->hash, kind, false);
    duty.opened_ms = oldest->since_ms;
    duty.due_ms = due_ms - due_ms % 1000;
    enum base_code code = store_duty_open(node->party->store, &duty);
    if (code == BASE_E_EXISTS) /* a gap about the same statement, which has ended: it begins once more */
        code = store_duty_move(node->party->store, &duty, duty.due_ms);
    if (code == BASE_OK)
        code = store_duty_get(node->party->store, &duty);
    return code == BASE_OK ? run_out_one(node, seat, &duty) : code;
}

static enum base_code check_gap(struct node *node, const struct node_seat *seat, enum exchange_duty kind, uint64_t hours)
{
    struct oldest oldest = {.is_found = false};
    struct open_gap gap = {.kind = kind, .is_found = false};
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(kind == EXCHANGE_DUTY_RECEIPT ? oldest_unreceipted(node, seat, &oldest) : oldest_uncosigned(node, seat, &oldest));
    BASE_TRY(store_duties_each_open(node->party->store, seat->facts.id.bytes, kind, find_gap, &gap));
    if (gap.is_found && !oldest.is_found)
        return store_duty_close(node->party->store, &gap.duty, kind == EXCHANGE_DUTY_RECEIPT ? "receipted" : "cosigned", now);
    if (gap.is_found || !oldest.is_found || oldest.since_ms + node_hours_ms(hours) > now)
        return BASE_OK;
    return begin_gap(node, seat, kind, &oldest, oldest.since_ms + node_hours_ms(hours));
}

static enum base_code act_gaps(struct node *node, const struct node_seat *seat, const void *context)
{
    (void)context;
    BASE_TRY(check_gap(node, seat, EXCHANGE_DUTY_RECEIPT, seat->facts.terms.hours.receipt));
    return check_gap(node, seat, EXCHANGE_DUTY_COSIGN, seat->facts.terms.hours.cosign);
}

/* Does a look at the gaps of this compartment change anything? Without a transaction, so that a quiet node writes nothing. */
static enum base_code has_gap_to_note(struct node *node, const struct node_compartment *facts, bool *out)
{
    struct node_seat seat = {.facts = *facts};
    struct oldest unreceipted = {.is_found = false}, uncosigned = {.is_found = false};
    struct open_gap receipt = {.kind = EXCHANGE_DUTY_RECEIPT}, cosign = {.kind = EXCHANGE_DUTY_COSIGN};
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(oldest_unreceipted(node, &seat, &unreceipted));
    BASE_TRY(oldest_uncosigned(node, &seat, &uncosigned));
    BASE_TRY(store_duties_each_open(node->party->store, facts->id.bytes, EXCHANGE_DUTY_RECEIPT, find_gap, &receipt));
    BASE_TRY(store_duties_each_open(node->party->store, facts->id.bytes, EXCHANGE_DUTY_COSIGN, find_gap, &cosign));
    bool is_late = unreceipted.is_found && unreceipted.since_ms + node_hours_ms(facts->terms.hours.receipt) <= now;
    bool is_late_cosign = uncosigned.is_found && uncosigned.since_ms + node_hours_ms(facts->terms.hours.cosign) <= now;
    *out = receipt.is_found ? !unreceipted.is_found : is_late;
    *out |= cosign.is_found ? !uncosigned.is_found : is_late_cosign;
    return BASE_OK;
}

struct suspects {
    struct store *store;
    struct exchange_id *items;
    size_t count, capacity;
};

static enum base_code has_open_gap(struct store *store, const uint8_t compartment[STORE_ID_LEN], enum exchange_duty kind, bool *out)
{
    struct open_gap gap = {.kind = kind, .is_found = false};
    BASE_TRY(store_duties_each_open(store, compartment, kind, find_gap, &gap));
    *out |= gap.is_found;
    return BASE_OK;
}

/* Can there be a gap, or one that has ended? Most compartments are out of it, and their terms need not be read, which costs more than
 * all else that a quiet node does. */
static enum base_code keep_suspect(void *context, const struct store_lag *lag)
{
    struct suspects *suspects = context;
    bool is_suspect = lag->has_outgoing || lag->own_size > lag->cosigned_size;
    if (!is_suspect)
        BASE_TRY(has_open_gap(suspects->store, lag->compartment, EXCHANGE_DUTY_RECEIPT, &is_suspect));
    if (!is_suspect)
        BASE_TRY(has_open_gap(suspects->store, lag->compartment, EXCHANGE_DUTY_COSIGN, &is_suspect));
    if (!is_suspect)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&suspects->items, &suspects->capacity, suspects->count + 1, sizeof *suspects->items));
    memcpy(suspects->items[suspects->count++].bytes, lag->compartment, sizeof suspects->items->bytes);
    return BASE_OK;
}

struct gap_look {
    struct node *node;
    bool has_gap;
};

static enum base_code look_for_gap(void *context, const struct node_compartment *facts)
{
    struct gap_look *look = context;
    if (!exchange_terms_is_filled(&facts->terms) || facts->own_state == EXCHANGE_OFFERED)
        return BASE_OK;
    return has_gap_to_note(look->node, facts, &look->has_gap);
}

static enum base_code note_gaps_of(struct node *node, const struct exchange_id *compartment)
{
    struct gap_look look = {node, false};
    BASE_TRY(node_compartment_with(node->party->store, compartment, look_for_gap, &look));
    return look.has_gap ? in_transaction(node, compartment->bytes, act_gaps, NULL) : BASE_OK;
}

static enum base_code note_gaps(struct node *node)
{
    struct suspects suspects = {.store = node->party->store};
    enum base_code code = store_lags_each(node->party->store, keep_suspect, &suspects);
    for (size_t i = 0; code == BASE_OK && i < suspects.count; i++) {
        enum base_code one = note_gaps_of(node, &suspects.items[i]);
        if (one != BASE_OK)
            log_failure(node, "gap-not-noted", suspects.items[i].bytes, one);
    }
    free(suspects.items);
    return code;
}

/* Reviews: the owner of an alert is asked ahead of time, and once more; the question is a task until there is a decision. */

static const struct reminder {
    unsigned bit;
    int64_t ahead_ms;
} reminders[] = {{1u << 0, 120LL * 24 * HOUR_MS}, {1u << 1, 30LL * 24 * HOUR_MS}};

static enum base_code act_remind(struct node *node, const struct node_seat *seat, const void *context)
{
    const struct store_duty *review = context;
    struct store_duty task = *review;
    char digits[17];
    BASE_TRY(store_duty_remind(node->party->store, review->number, review->reminders));
    task.kind = EXCHANGE_DUTY_TASK;
    task.opened_ms = base_clock_now(&node->clock);
    enum base_code code = store_duty_open(node->party->store, &task);
    if (code == BASE_E_EXISTS)
        code = store_duty_move(node->party->store, &task, review->due_ms);
    crypto_hex_encode(base_bytes_of(review->about, 8), digits);
    base_log_event(&node->log, BASE_LOG_INFO, "review-asked", BASE_LOG_TEXT("ledger", seat->own_name), BASE_LOG_TEXT("alert", digits), BASE_LOG_END);
    return code;
}

static enum base_code remind_all(struct node *node)
{
    struct due *due = calloc(1, sizeof *due);
    if (due == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the reviews that come");
    enum base_code code = BASE_OK;
    for (size_t which = 0; code == BASE_OK && which < sizeof reminders / sizeof *reminders; which++) {
        due->count = 0;
        code = store_duties_unreminded(node->party->store, EXCHANGE_DUTY_REVIEW, base_clock_now(&node->clock) + reminders[which].ahead_ms,
                                       reminders[which].bit, DUE_AT_ONCE_MAX, keep_due, due);
        for (size_t i = 0; code == BASE_OK && i < due->count; i++) {
            due->items[i].reminders |= reminders[which].bit;
            enum base_code one = in_transaction(node, due->items[i].compartment, act_remind, &due->items[i]);
            if (one != BASE_OK)
                log_failure(node, "review-not-asked", due->items[i].compartment, one);
        }
    }
    free(due);
    return code;
}

void node_clock(struct node *node)
{
    enum base_code code = run_out_all(node);
    if (code == BASE_OK)
        code = remind_all(node);
    if (code == BASE_OK)
        code = note_gaps(node);
    if (code == BASE_OK)
        code = node_screen_pending(node);
    if (code != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "clock-failed", BASE_LOG_TEXT("reason", base_code_word(code)),
                       BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
    node_retention_clock(node);
}
