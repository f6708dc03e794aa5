/* SPDX-License-Identifier: Apache-2.0 */
#include "node/retention.h"

#include "base/cursor.h"
#include "crypto/text.h"
#include "node/screen.h"
#include "store/ledgers.h"
#include "store/matches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000, EVENT_DAYS = 365, CHAIN_MAX = 32, NONCE_KEPT_MS = DAY_MS + 600000 };

static int64_t days_ms(uint64_t days)
{
    return (int64_t)days * DAY_MS;
}

/* Which content's time is over? */

struct entered {
    struct exchange_statement statement;
    int64_t time_ms;
};

static enum base_code read_entry(void *context, const struct store_entry *entry)
{
    struct entered *out = context;
    struct ledger_note note;
    out->time_ms = entry->time_ms;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &out->statement);
    ledger_note_release(&note);
    return code;
}

static enum base_code find_entry(struct store *store, const struct node_compartment *compartment, const struct crypto_hash *hash,
                                 struct entered *out)
{
    uint64_t index;
    BASE_TRY(store_entry_find(store, compartment->id.bytes, hash->bytes, &index));
    return store_entries_each(store, compartment->id.bytes, index, index + 1, read_entry, out);
}

/* What a statement belongs to, and since when that has ended. */
struct belonging {
    bool has_ended;
    int64_t ended_ms; /* 0: with the statement itself */
};

static enum base_code end_of_alert(struct store *store, const struct node_compartment *compartment, const struct crypto_hash *hash,
                                   struct belonging *out)
{
    struct store_alert alert = {.is_own = false};
    memcpy(alert.compartment, compartment->id.bytes, sizeof alert.compartment);
    memcpy(alert.hash, hash->bytes, sizeof alert.hash);
    BASE_TRY(store_alert_get(store, &alert));
    *out = (struct belonging){alert.state == STORE_ALERT_CLOSED, alert.ended_ms};
    return BASE_OK;
}

static enum base_code end_of_ask(struct store *store, const struct node_compartment *compartment, const struct crypto_hash *hash,
                                 const struct exchange_statement *ask, struct belonging *out)
{
    struct node_seat seat = {.facts = *compartment};
    bool is_owed_here = exchange_id_equal(&ask->from, &compartment->peer);
    struct store_duty duty = node_duty_key(&seat, hash, EXCHANGE_DUTY_ANSWER, is_owed_here);
    BASE_TRY(store_duty_get(store, &duty));
    *out = (struct belonging){duty.state == STORE_DUTY_MET || duty.state == STORE_DUTY_LATE, duty.closed_ms};
    return BASE_OK;
}

/* statements 8.2: from what it is about to what that is about, up to an alert or an ask. */
static enum base_code find_belonging(struct store *store, const struct node_compartment *compartment, const struct crypto_hash *hash,
                                     const struct exchange_statement *statement, struct belonging *out)
{
    struct crypto_hash at = *hash;
    struct entered step = {.statement = *statement};
    *out = (struct belonging){false, 0};
    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        switch (step.statement.kind) {
        case EXCHANGE_KIND_ALERT:
            return end_of_alert(store, compartment, &at, out);
        case EXCHANGE_KIND_ASK:
            return end_of_ask(store, compartment, &at, &step.statement, out);
        case EXCHANGE_KIND_HOLD: /* kept to be opened later */
        case EXCHANGE_KIND_RETENTION: /* these name no person; a ledger would grow by saying that they went */
        case EXCHANGE_KIND_CONFLICT:
            return BASE_OK;
        case EXCHANGE_KIND_RENEW:
        case EXCHANGE_KIND_TELL:
        case EXCHANGE_KIND_HIT:
        case EXCHANGE_KIND_VERDICT:
        case EXCHANGE_KIND_ANSWER:
        case EXCHANGE_KIND_CORRECTION:
            break;
        default:
            *out = (struct belonging){true, 0};
            return BASE_OK;
        }
        at = step.statement.about;
        BASE_TRY(find_entry(store, compartment, &at, &step));
    }
    return base_fail(BASE_E_CORRUPT, "a correction of a correction, %d deep", CHAIN_MAX);
}

/* statements 8.1, 8.3 */
static enum base_code judge(struct store *store, const struct node_compartment *compartment, const struct crypto_hash *hash, int64_t now_ms,
                            struct node_expired *out, bool *is_over)
{
    struct entered entered;
    struct belonging belonging;
    int64_t latest_ms = now_ms - days_ms(compartment->terms.retention_days);
    bool is_open = false;
    *is_over = false;
    BASE_TRY(find_entry(store, compartment, hash, &entered));
    if (entered.time_ms > latest_ms) /* nothing goes sooner after it came */
        return BASE_OK;
    BASE_TRY(find_belonging(store, compartment, hash, &entered.statement, &belonging));
    *out = (struct node_expired){.statement = *hash, .kind = entered.statement.kind, .said = entered.statement};
    out->since_ms = belonging.ended_ms > entered.time_ms ? belonging.ended_ms : entered.time_ms;
    if (!belonging.has_ended || out->since_ms > latest_ms)
        return BASE_OK;
    BASE_TRY(store_duties_is_open(store, compartment->id.bytes, hash->bytes, &is_open));
    *is_over = !is_open;
    return BASE_OK;
}

struct batch {
    struct node *node;
    const struct node_compartment *compartment;
    int64_t now_ms;
    struct node_retention_place place;
    size_t scanned, count;
    struct node_expired items[NODE_RETENTION_BATCH];
};

static enum base_code look_at(void *context, const uint8_t hash[32])
{
    struct batch *batch = context;
    bool is_over;
    if (batch->count == NODE_RETENTION_BATCH)
        return BASE_E_CANCELLED; /* ends the walk; the next step goes on */
    memcpy(batch->place.after.bytes, hash, 32);
    batch->place.has_begun = true;
    batch->scanned++;
    struct node_expired *item = &batch->items[batch->count];
    enum base_code code = judge(batch->node->party->store, batch->compartment, &batch->place.after, batch->now_ms, item, &is_over);
    if (code == BASE_E_NOT_FOUND) /* its entry, or what that is about, was lost: not to be judged, and not to stop the others */
        return BASE_OK;
    batch->count += code == BASE_OK && is_over;
    return code;
}

static enum base_code find_batch(struct batch *batch)
{
    const uint8_t *after = batch->place.has_begun ? batch->place.after.bytes : NULL;
    struct crypto_hash from = batch->place.after; /* the place moves while the query runs */
    if (after != NULL)
        after = from.bytes;
    enum base_code code = store_contents_held(batch->node->party->store, batch->compartment->id.bytes, after, NODE_RETENTION_SCAN, look_at, batch);
    batch->place.has_ended = code == BASE_OK && batch->scanned < NODE_RETENTION_SCAN;
    return code == BASE_E_CANCELLED ? BASE_OK : code;
}

/* Erasing. */

/* The alert whose persons stand in this content: nothing screens against it any more, and what was found with it is blanked. */
static enum base_code blank_alert(const struct batch *batch, const struct crypto_hash *hash, const struct crypto_hash *content)
{
    struct store *store = batch->node->party->store;
    struct store_alert alert = {.is_own = false};
    memcpy(alert.compartment, batch->compartment->id.bytes, sizeof alert.compartment);
    memcpy(alert.hash, hash->bytes, sizeof alert.hash);
    enum base_code code = store_alert_get(store, &alert);
    if (code == BASE_E_NOT_FOUND) /* a correction of something else */
        return BASE_OK;
    bool is_elsewhere = alert.is_screened && memcmp(alert.content, content->bytes, sizeof alert.content) != 0;
    if (code != BASE_OK || is_elsewhere) /* corrected: what corrects it still has them */
        return code;
    alert.is_screened = false;
    BASE_TRY(store_alert_put(store, &alert));
    node_screen_forget(batch->node, &alert);
    BASE_TRY(store_findings_blank(store, alert.compartment, alert.hash));
    return store_findings_blank_twins(store, alert.compartment, alert.hash);
}

/* A verdict that came after its hit's content had gone stands in the finding again. */
static enum base_code blank_verdict(const struct batch *batch, const struct crypto_hash *hit)
{
    bool is_held = false;
    BASE_TRY(store_content_is_held(batch->node->party->store, batch->compartment->id.bytes, hit->bytes, &is_held));
    return is_held ? BASE_OK : store_finding_blank_hit(batch->node->party->store, hit->bytes);
}

static enum base_code erase_one(const struct batch *batch, const struct node_expired *item)
{
    struct store *store = batch->node->party->store;
    BASE_TRY(store_content_set(store, batch->compartment->id.bytes, item->statement.bytes, STORE_CONTENT_ERASED, batch->now_ms));
    switch (item->kind) {
    case EXCHANGE_KIND_ALERT:
        return blank_alert(batch, &item->statement, &item->statement);
    case EXCHANGE_KIND_CORRECTION:
        return blank_alert(batch, &item->said.about, &item->statement);
    case EXCHANGE_KIND_HIT:
        return store_finding_blank_hit(store, item->statement.bytes);
    case EXCHANGE_KIND_VERDICT:
        return blank_verdict(batch, &item->said.about);
    default:
        return BASE_OK;
    }
}

/* statements 8.5: which contents went, committed to. */
static enum base_code say_retention(const struct batch *batch, const struct node_seat *seat)
{
    struct node *node = batch->node;
    struct exchange_statement statement;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    char hex[65];
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < batch->count; i++) {
        crypto_hex_encode(base_bytes_of(batch->items[i].statement.bytes, 32), hex);
        code = base_buffer_format(&text, "%s%s", i == 0 ? "" : "\n", hex);
    }
    if (code == BASE_OK)
        code = exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_buffer(&text));
    node_statement_begin(seat, EXCHANGE_KIND_RETENTION, &node->party->fingerprint, base_clock_now(&node->clock), &statement);
    statement.count = batch->count;
    if (code == BASE_OK)
        code = node_say(node, seat, &statement, &content, &hash);
    exchange_content_release(&content);
    base_buffer_release(&text);
    return code;
}

static enum base_code erase_all(const struct batch *batch)
{
    struct store *store = batch->node->party->store;
    struct node_seat seat;
    BASE_TRY(node_seat_open(batch->node->party, &batch->compartment->id, &seat));
    enum base_code code = store_begin(store);
    for (size_t i = 0; code == BASE_OK && i < batch->count; i++)
        code = erase_one(batch, &batch->items[i]);
    if (code == BASE_OK)
        code = say_retention(batch, &seat);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    batch->node->is_screen_stale |= code != BASE_OK;
    node_seat_release(&seat);
    return code;
}

enum base_code node_retention_step(struct node *node, const struct node_compartment *compartment, int64_t now_ms, bool is_dry,
                                   struct node_retention_place *place, node_expired_visit *visit, void *context)
{
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to look for what is over");
    batch->node = node;
    batch->compartment = compartment;
    batch->now_ms = now_ms;
    batch->place = *place;
    enum base_code code = find_batch(batch);
    if (code == BASE_OK && batch->count > 0 && !is_dry)
        code = erase_all(batch);
    if (code == BASE_OK)
        *place = batch->place;
    for (size_t i = 0; code == BASE_OK && visit != NULL && i < batch->count; i++)
        code = visit(context, compartment, &batch->items[i]);
    free(batch);
    return code;
}

static enum base_code take_longest(void *context, const struct node_compartment *compartment)
{
    uint64_t *days = context;
    if (exchange_terms_is_filled(&compartment->terms) && compartment->terms.retention_days > *days)
        *days = compartment->terms.retention_days;
    return BASE_OK;
}

enum base_code node_retention_events_before(struct node *node, int64_t now_ms, int64_t *added_ms)
{
    uint64_t days = 0;
    BASE_TRY(node_compartments_each(node->party->store, take_longest, &days));
    *added_ms = now_ms - days_ms(days == 0 ? EVENT_DAYS : days);
    return BASE_OK;
}

/* By itself, once a day. */

static const char ran_setting[] = "retention-ran";

/* A date that is not one is as none: it runs at once. */
static enum base_code read_ran(struct node *node)
{
    struct base_buffer value = BASE_BUFFER_EMPTY;
    uint64_t ran = 0;
    enum base_code code = store_setting_get(node->party->store, ran_setting, &value);
    if (code == BASE_OK && base_parse_decimal(base_bytes_buffer(&value), INT64_MAX, &ran) != BASE_OK)
        ran = 0;
    base_buffer_release(&value);
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    node->retention.ran_ms = (int64_t)ran;
    node->retention.is_known = true;
    return BASE_OK;
}

static enum base_code write_ran(struct node *node, int64_t ran_ms)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)ran_ms);
    BASE_TRY(store_setting_put(node->party->store, ran_setting, base_bytes_text(text)));
    node->retention.ran_ms = ran_ms;
    node->retention.is_known = true;
    return BASE_OK;
}

enum base_code node_retention_hurry(struct node *node)
{
    node->retention.not_before_ms = 0;
    return write_ran(node, 0);
}

/* The compartment after the one that is done, in the order of their ids. */
struct next {
    const struct node_retention *retention;
    struct node_compartment found;
    bool is_found;
};

static enum base_code take_next(void *context, const struct node_compartment *compartment)
{
    struct next *next = context;
    const struct node_retention *retention = next->retention;
    if (!exchange_terms_is_filled(&compartment->terms) || compartment->own_state == EXCHANGE_OFFERED)
        return BASE_OK;
    int order = retention->has_compartment ? memcmp(compartment->id.bytes, retention->compartment.bytes, sizeof compartment->id.bytes) : 1;
    if (retention->place.has_begun ? order < 0 : order <= 0) /* one that has begun is gone on with */
        return BASE_OK;
    if (next->is_found && memcmp(compartment->id.bytes, next->found.id.bytes, sizeof compartment->id.bytes) > 0)
        return BASE_OK;
    next->found = *compartment;
    next->is_found = true;
    return BASE_OK;
}

static void log_failure(struct node *node, const char *where, enum base_code code)
{
    base_log_event(&node->log, BASE_LOG_ERROR, "retention-failed", BASE_LOG_TEXT("where", where), BASE_LOG_TEXT("reason", base_code_word(code)),
                   BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
}

static enum base_code count_erased(void *context, const struct node_compartment *compartment, const struct node_expired *expired)
{
    (void)compartment, (void)expired;
    ++*(uint64_t *)context;
    return BASE_OK;
}

/* One that fails is left for an hour later, and does not stop the others. */
static void step_compartment(struct node *node, const struct node_compartment *compartment)
{
    struct node_retention *retention = &node->retention;
    char hex[2 * EXCHANGE_ID_LEN + 1];
    retention->compartment = compartment->id;
    retention->has_compartment = true;
    enum base_code code = node_retention_step(node, compartment, retention->begun_ms, false, &retention->place, count_erased, &retention->erased);
    if (code != BASE_OK) {
        exchange_id_hex(&compartment->id, hex);
        log_failure(node, hex, code);
        retention->has_failed = true;
    }
    if (code != BASE_OK || retention->place.has_ended)
        retention->place = (struct node_retention_place){.has_begun = false};
}

/* Events and nonces, when all compartments are done. *is_done when nothing is left. */
static enum base_code forget_old(struct node *node, bool *is_done)
{
    struct store *store = node->party->store;
    struct node_retention *retention = &node->retention;
    int64_t added_ms;
    uint64_t deleted = 0;
    BASE_TRY(node_retention_events_before(node, retention->begun_ms, &added_ms));
    BASE_TRY(store_begin(store));
    enum base_code code = node_screen_forget_events(node, added_ms, NODE_RETENTION_EVENTS);
    if (code == BASE_OK)
        code = store_events_forget(store, added_ms, NODE_RETENTION_EVENTS, &deleted);
    *is_done = deleted < NODE_RETENTION_EVENTS;
    if (code == BASE_OK && *is_done)
        code = store_nonces_forget(store, retention->begun_ms - NONCE_KEPT_MS); /* store 2.3 */
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    retention->events += code == BASE_OK ? deleted : 0;
    return code;
}

/* Once a day whatever was erased, also by a correction, is gone from the journal too; or the day after, where somebody reads. */
static void empty_journal(struct node *node)
{
    bool is_empty;
    enum base_code code = store_journal_empty(node->party->store, &is_empty);
    if (code != BASE_OK)
        log_failure(node, "journal", code);
}

static void end_run(struct node *node, enum base_code code)
{
    struct node_retention *retention = &node->retention;
    if (code != BASE_OK) {
        log_failure(node, "events", code);
        retention->has_failed = true;
    }
    if (!retention->has_failed && (code = write_ran(node, retention->begun_ms)) != BASE_OK) {
        log_failure(node, "settings", code);
        retention->has_failed = true;
    }
    if (retention->erased + retention->events > 0)
        base_log_event(&node->log, BASE_LOG_INFO, "retention", BASE_LOG_NUMBER("erased", (long long)retention->erased),
                       BASE_LOG_NUMBER("events", (long long)retention->events), BASE_LOG_END);
    empty_journal(node);
    if (retention->has_failed)
        retention->not_before_ms = base_clock_now(&node->clock) + HOUR_MS;
    retention->begun_ms = 0;
}

static void step(struct node *node)
{
    struct next next = {.retention = &node->retention};
    bool is_done = false;
    enum base_code code = node_compartments_each(node->party->store, take_next, &next);
    if (code == BASE_OK && next.is_found) {
        step_compartment(node, &next.found);
        return;
    }
    if (code == BASE_OK)
        code = forget_old(node, &is_done);
    if (code != BASE_OK || is_done)
        end_run(node, code);
}

/* Also when the clock was put back, behind the last run or the last failure. */
static bool may_try(const struct node_retention *retention, int64_t now_ms)
{
    return now_ms >= retention->not_before_ms || now_ms < retention->not_before_ms - HOUR_MS;
}

static bool is_time(const struct node_retention *retention, int64_t now_ms)
{
    return now_ms >= retention->ran_ms + DAY_MS || now_ms < retention->ran_ms;
}

void node_retention_clock(struct node *node)
{
    struct node_retention *retention = &node->retention;
    int64_t now_ms = base_clock_now(&node->clock);
    if (retention->begun_ms == 0) {
        if (!may_try(retention, now_ms))
            return;
        enum base_code code = retention->is_known ? BASE_OK : read_ran(node);
        if (code != BASE_OK) {
            log_failure(node, "settings", code);
            retention->not_before_ms = now_ms + HOUR_MS;
        }
        if (code != BASE_OK || !is_time(retention, now_ms))
            return;
        *retention = (struct node_retention){.ran_ms = retention->ran_ms, .is_known = true, .begun_ms = now_ms};
    }
    step(node);
}
