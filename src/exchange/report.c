/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads the entries: each is remembered, and what it says of an earlier one is written to that one. An entry that could not
 * have been taken by doc/spec/statements.md clause 7 changes nothing and is counted as unfitting.
 */
#include "exchange/report_inside.h"

#include <stdlib.h>
#include <string.h>

enum { NOWHERE = EXCHANGE_REPORT_QUARTERS };

const char *exchange_end_word(enum exchange_end end)
{
    static const char *const words[EXCHANGE_END_COUNT] = {"answered",  "partly-answered", "no-trace", "transferred", "declined",
                                                          "withdrawn", "deferred",        "open",     "silent"};
    return words[end];
}

bool exchange_end_is_reply(enum exchange_end end)
{
    return end <= EXCHANGE_END_DECLINED;
}

const char *exchange_care_word(enum exchange_care care)
{
    static const char *const words[EXCHANGE_CARE_COUNT] = {"in-time", "late", "open", "never"};
    return words[care];
}

const char *exchange_gap_kind_word(enum exchange_gap_kind kind)
{
    static const char *const words[] = {"receipt", "cosign", "suspended"};
    return words[kind];
}

const char *exchange_gap_end_word(enum exchange_gap_end end)
{
    static const char *const words[] = {"ended", "ended-before", "stands", "unknown"};
    return words[end];
}

void exchange_report_init(struct exchange_report *report, struct exchange_quarter quarter, int64_t at_ms)
{
    *report = (struct exchange_report){.quarter = quarter, .at_ms = at_ms};
    for (int i = 0; i <= EXCHANGE_REPORT_QUARTERS; i++)
        report->begins_ms[i] = exchange_quarter_begin_ms(exchange_quarter_shift(quarter, i + 1 - EXCHANGE_REPORT_QUARTERS));
}

size_t report_quarter_place(const struct exchange_report *report, int64_t time_ms)
{
    size_t place = 0;
    if (time_ms < report->begins_ms[0])
        return NOWHERE;
    while (place < NOWHERE && time_ms >= report->begins_ms[place + 1])
        place++;
    return place;
}

void report_count(struct exchange_report *report, enum exchange_by by, int64_t time_ms, size_t offset)
{
    size_t place = report_quarter_place(report, time_ms);
    struct exchange_report_counts *counts = report->sides[by].counts;
    if (place == NOWHERE)
        return;
    ++*(uint64_t *)((char *)&counts[place] + offset);
    ++*(uint64_t *)((char *)&counts[EXCHANGE_REPORT_ALL] + offset);
}

enum base_code report_gap_put(struct exchange_report *report, const struct exchange_report_gap *gap)
{
    if (gap->begin_ms >= report->begins_ms[EXCHANGE_REPORT_QUARTERS] || gap->end_ms < report->begins_ms[0])
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&report->gaps, &report->gap_capacity, report->gap_count + 1, sizeof *report->gaps));
    report->gaps[report->gap_count] = *gap;
    if (gap->end_ms < gap->begin_ms)
        report->gaps[report->gap_count].end_ms = gap->begin_ms;
    report->gap_count++;
    return BASE_OK;
}

static struct exchange_report_work *work_of(struct exchange_report *report)
{
    if (report->work == NULL)
        report->work = calloc(1, sizeof *report->work);
    return report->work;
}

enum base_code exchange_report_ledger(struct exchange_report *report, const struct exchange_report_ledger *ledger)
{
    struct exchange_report_work *work = work_of(report);
    if (work == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a report");
    BASE_TRY(base_grow_array((void **)&work->ledgers, &work->ledger_capacity, work->ledger_count + 1, sizeof *work->ledgers));
    report->has_hours =
        work->ledger_count == 0 || (report->has_hours && memcmp(&report->hours, &ledger->hours, sizeof report->hours) == 0);
    report->hours = ledger->hours;
    work->ledgers[work->ledger_count++] = (struct report_ledger){.facts = *ledger};
    return BASE_OK;
}

/* The slot of a hash: where it stands, or the free one where it would. */
static size_t *place_of(const struct exchange_report_work *work, const struct crypto_hash *hash)
{
    size_t at;
    memcpy(&at, hash->bytes, sizeof at);
    for (;; at++) {
        size_t *place = &work->places[at & (work->place_count - 1)];
        if (*place == 0 || memcmp(work->items[*place - 1].hash.bytes, hash->bytes, sizeof hash->bytes) == 0)
            return place;
    }
}

static enum base_code grow_places(struct exchange_report_work *work)
{
    size_t count = work->place_count == 0 ? 1024 : 2 * work->place_count;
    size_t *places = base_alloc_array(count, sizeof *places);
    if (places == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu entries", work->item_count);
    free(work->places);
    work->places = places;
    work->place_count = count;
    for (size_t i = 0; i < work->item_count; i++)
        *place_of(work, &work->items[i].hash) = i + 1;
    return BASE_OK;
}

static struct report_item *find(const struct exchange_report *report, const struct crypto_hash *hash)
{
    size_t place = *place_of(report->work, hash);
    return place == 0 ? NULL : &report->work->items[place - 1];
}

/* The date in force passes without a reply when something comes after it, or nothing does by the report's time. */
static void note_overdue(struct report_item *ask, int64_t now_ms)
{
    if (now_ms > ask->due_ms)
        ask->was_overdue = true;
}

/* The fullest answer counts; among those that give nothing, the last. One that has crossed with a withdrawal is a reply all the
 * same; the date no longer mattered by then. */
static void reply(struct report_item *ask, int64_t now_ms, enum exchange_end end, enum exchange_code code)
{
    if (ask->done_ms == 0)
        note_overdue(ask, now_ms);
    if (ask->done_ms == 0 || ask->end == EXCHANGE_END_WITHDRAWN)
        ask->done_ms = now_ms;
    bool has_content = ask->end == EXCHANGE_END_ANSWERED || ask->end == EXCHANGE_END_PARTLY;
    if (has_content && end >= ask->end)
        return;
    ask->end = end;
    ask->code = code;
}

typedef bool take(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                  struct report_item *about);

static bool is_ask_of_other(const struct report_item *item, const struct report_item *about)
{
    return about->kind == EXCHANGE_KIND_ASK && about->is_own != item->is_own;
}

static bool take_answer(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                        struct report_item *about)
{
    static const enum exchange_end ends[] = {[EXCHANGE_ANSWERED] = EXCHANGE_END_ANSWERED,
                                             [EXCHANGE_PARTLY] = EXCHANGE_END_PARTLY,
                                             [EXCHANGE_NO_TRACE] = EXCHANGE_END_NO_TRACE,
                                             [EXCHANGE_TRANSFERRED] = EXCHANGE_END_TRANSFERRED};
    if (!is_ask_of_other(item, about))
        return false;
    reply(about, item->entered_ms, ends[said->outcome], 0);
    item->is_wanted = said->feedback == 1;
    item->due_ms = item->said_ms + (int64_t)report->work->ledgers[item->ledger].facts.hours.feedback * 3600000;
    return true;
}

static bool take_decline(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                         struct report_item *about)
{
    (void)report;
    if (!is_ask_of_other(item, about))
        return false;
    reply(about, item->entered_ms, EXCHANGE_END_DECLINED, said->code);
    return true;
}

static bool take_defer(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                       struct report_item *about)
{
    (void)report;
    if (!is_ask_of_other(item, about))
        return false;
    about->deferrals++;
    if (about->done_ms != 0)
        return true;
    note_overdue(about, item->entered_ms);
    about->due_ms = said->due_ms;
    return true;
}

static bool take_withdraw(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                          struct report_item *about)
{
    (void)report, (void)said;
    if (about->kind != EXCHANGE_KIND_ASK || about->is_own != item->is_own)
        return false;
    if (about->done_ms != 0)
        return true;
    note_overdue(about, item->entered_ms);
    about->done_ms = item->entered_ms;
    about->end = EXCHANGE_END_WITHDRAWN;
    return true;
}

static bool take_feedback(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                          struct report_item *about)
{
    if (about->kind != EXCHANGE_KIND_ANSWER || about->is_own == item->is_own || about->done_ms != 0)
        return false;
    about->done_ms = item->entered_ms;
    REPORT_COUNT(report, report_by(item->is_own), item->entered_ms, uses[said->use]);
    return true;
}

/* The owner decides; a review date that had passed by then was a lapse. */
static void decide(struct exchange_report *report, struct report_item *alert, int64_t now_ms)
{
    if (now_ms <= alert->due_ms)
        return;
    REPORT_COUNT(report, report_by(alert->is_own), alert->due_ms, lapsed);
    REPORT_COUNT(report, report_by(alert->is_own), alert->due_ms, lapsed_later);
}

static bool take_renew(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                       struct report_item *about)
{
    if (about->kind != EXCHANGE_KIND_ALERT || about->is_own != item->is_own)
        return false;
    if (about->done_ms != 0) /* it has crossed with the end */
        return true;
    decide(report, about, item->entered_ms);
    about->due_ms = said->due_ms;
    REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, renewed);
    return true;
}

static bool take_close(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                       struct report_item *about)
{
    (void)said;
    if (about->kind != EXCHANGE_KIND_ALERT)
        return false;
    if (about->done_ms != 0)
        return true;
    decide(report, about, item->entered_ms);
    about->done_ms = item->entered_ms;
    REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, closed);
    return true;
}

static bool take_served(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                        struct report_item *about)
{
    (void)said;
    if (about->kind != EXCHANGE_KIND_ALERT || about->is_own == item->is_own)
        return false;
    REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, served);
    return true;
}

static bool take_hit(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                     struct report_item *about)
{
    if (about->kind != EXCHANGE_KIND_ALERT)
        return false;
    item->about = (size_t)(about - report->work->items);
    item->is_wanted = said->tell != 0;
    return true;
}

/* The hit stands in the ledger of who tells it: theirs are not in ours. */
static void note_told(struct exchange_report *report, const struct exchange_statement *said, const struct report_item *item)
{
    struct report_item *hit = item->is_own ? find(report, &said->hit) : NULL;
    if (hit != NULL && hit->kind == EXCHANGE_KIND_HIT && hit->done_ms == 0)
        hit->done_ms = item->entered_ms;
}

static bool take_tell(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                      struct report_item *about)
{
    if (about->kind != EXCHANGE_KIND_ALERT || about->is_own == item->is_own)
        return false;
    note_told(report, said, item);
    if (item->kind == EXCHANGE_KIND_TELL)
        REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, told);
    else
        REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, tell_declines[said->code]);
    return true;
}

static bool take_verdict(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                         struct report_item *about)
{
    (void)report;
    bool is_hit = about->kind == EXCHANGE_KIND_HIT;
    if (!is_hit && about->kind != EXCHANGE_KIND_ALERT)
        return false;
    if (about->judged_ms == 0)
        about->judged_ms = item->entered_ms;
    if (is_hit && said->verdict == EXCHANGE_REJECTED && about->done_ms == 0)
        about->done_ms = item->entered_ms;
    return true;
}

static bool take_correction(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                            struct report_item *about)
{
    if (about->is_terms || about->is_own != item->is_own)
        return false;
    item->action = said->action;
    item->due_ms = item->said_ms + (int64_t)report->work->ledgers[item->ledger].facts.hours.correction * 3600000;
    return true;
}

static bool take_corrected(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                           struct report_item *about)
{
    (void)report;
    if (about->kind != EXCHANGE_KIND_CORRECTION || about->is_own == item->is_own || about->done_ms != 0)
        return false;
    about->done_ms = item->entered_ms;
    about->did = said->did;
    return true;
}

static bool take_receipt(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                         struct report_item *about)
{
    (void)report, (void)said;
    if (!about->is_sent || report_sender(about) == report_by(item->is_own))
        return false;
    if (about->receipt_ms == 0)
        about->receipt_ms = item->entered_ms;
    return true;
}

static bool take_match(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                       struct report_item *about)
{
    (void)said;
    if (about->is_terms || (about->kind != EXCHANGE_KIND_MATCH_OFFER && about->kind != EXCHANGE_KIND_MATCH_ACCEPT))
        return false;
    if (item->kind == EXCHANGE_KIND_MATCH)
        REPORT_COUNT(report, report_by(item->is_own), item->entered_ms, matches);
    else if (item->kind == EXCHANGE_KIND_MATCH_ABORT)
        REPORT_COUNT(report, report_by(about->is_own), item->entered_ms, aborts);
    return true;
}

static bool take_refusal(struct exchange_report *report, const struct exchange_statement *said, struct report_item *item,
                         struct report_item *about)
{
    enum exchange_by by = report_by(item->is_own);
    if (about->is_terms || about->is_own == item->is_own)
        return false;
    REPORT_COUNT(report, by, item->entered_ms, refusals);
    REPORT_COUNT(report, by, item->entered_ms, refusal_words[base_code_from_word(said->word)]);
    return true;
}

static take *const takes[EXCHANGE_KIND_COUNT] = {
    [EXCHANGE_KIND_MATCH_ACCEPT] = take_match,  [EXCHANGE_KIND_MATCH] = take_match,
    [EXCHANGE_KIND_MATCH_ABORT] = take_match,   [EXCHANGE_KIND_REFUSAL] = take_refusal,
    [EXCHANGE_KIND_RECEIPT] = take_receipt,     [EXCHANGE_KIND_RENEW] = take_renew,
    [EXCHANGE_KIND_CLOSE] = take_close,         [EXCHANGE_KIND_SERVED] = take_served,
    [EXCHANGE_KIND_ANSWER] = take_answer,       [EXCHANGE_KIND_DECLINE] = take_decline,
    [EXCHANGE_KIND_DEFER] = take_defer,         [EXCHANGE_KIND_WITHDRAW] = take_withdraw,
    [EXCHANGE_KIND_FEEDBACK] = take_feedback,   [EXCHANGE_KIND_TELL] = take_tell,
    [EXCHANGE_KIND_TELL_DECLINE] = take_tell,   [EXCHANGE_KIND_HIT] = take_hit,
    [EXCHANGE_KIND_VERDICT] = take_verdict,     [EXCHANGE_KIND_CORRECTION] = take_correction,
    [EXCHANGE_KIND_CORRECTED] = take_corrected,
};

/* That nobody looked at something stays in the own ledger (statements 6.1). */
static bool is_sent(const struct exchange_statement *said)
{
    bool is_task = said->kind == EXCHANGE_KIND_OVERDUE && said->duty == EXCHANGE_DUTY_TASK;
    return exchange_kind_path(said->kind) == EXCHANGE_PATH_OUTBOX && !is_task;
}

static enum base_code take_state(struct exchange_report *report, const struct exchange_statement *said,
                                 const struct report_item *item)
{
    enum exchange_by by = report_by(item->is_own);
    int64_t *since = &report->work->ledgers[item->ledger].pause_ms[by];
    if (said->move == EXCHANGE_SUSPEND) {
        if (*since == 0)
            *since = item->entered_ms;
        return BASE_OK;
    }
    if (*since == 0)
        return BASE_OK;
    struct exchange_report_gap gap = {EXCHANGE_GAP_SUSPENDED, by, *since, item->entered_ms, EXCHANGE_GAP_ENDED};
    *since = 0;
    return report_gap_put(report, &gap);
}

static enum base_code take_overdue(struct exchange_report *report, const struct exchange_statement *said,
                                   const struct report_item *item, const struct report_item *about)
{
    struct exchange_report_work *work = report->work;
    bool is_by_sayer = exchange_id_equal(&said->owed_by, &said->from);
    enum exchange_by by = report_by(is_by_sayer == item->is_own);
    REPORT_COUNT(report, by, item->entered_ms, duties[said->duty]);
    if (said->duty != EXCHANGE_DUTY_RECEIPT && said->duty != EXCHANGE_DUTY_COSIGN)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&work->gaps, &work->gap_capacity, work->gap_count + 1, sizeof *work->gaps));
    work->gaps[work->gap_count++] = (struct report_gap){.item = (size_t)(about - work->items),
                                                        .duty = said->duty,
                                                        .by = by,
                                                        .due_ms = said->due_ms,
                                                        .told_ms = item->entered_ms};
    return BASE_OK;
}

/* What an entry says of an earlier one, `about`: NULL when there is no such entry. */
static enum base_code take_entry(struct exchange_report *report, const struct exchange_statement *said,
                                 struct report_item *item, struct report_item *about)
{
    enum exchange_by sender = report_sender(item);
    if (item->is_sent)
        REPORT_COUNT(report, sender, item->entered_ms, sent);
    if (item->kind == EXCHANGE_KIND_MATCH_OFFER)
        REPORT_COUNT(report, sender, item->entered_ms, offers);
    if (item->kind == EXCHANGE_KIND_STATE)
        return take_state(report, said, item);
    if (item->kind == EXCHANGE_KIND_OVERDUE && about != NULL)
        return take_overdue(report, said, item, about);
    take *function = takes[item->kind];
    item->is_unfitting =
        item->kind == EXCHANGE_KIND_OVERDUE || (function != NULL && (about == NULL || !function(report, said, item, about)));
    report->unfitting += item->is_unfitting;
    return BASE_OK;
}

enum base_code exchange_report_add(struct exchange_report *report, const struct exchange_report_entry *entry)
{
    struct exchange_report_work *work = report->work;
    const struct exchange_statement *said = entry->statement;
    if (work == NULL || work->ledger_count == 0)
        return base_fail(BASE_E_INTERNAL, "an entry without a ledger");
    struct report_ledger *ledger = &work->ledgers[work->ledger_count - 1];
    uint64_t index = ledger->seen++;
    if (entry->entered_ms > report->at_ms)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&work->items, &work->item_capacity, work->item_count + 1, sizeof *work->items));
    if (2 * (work->item_count + 1) > work->place_count)
        BASE_TRY(grow_places(work));
    struct report_item *item = &work->items[work->item_count];
    *item = (struct report_item){.hash = entry->hash,
                                 .is_terms = said == NULL,
                                 .is_own = entry->is_own,
                                 .index = index,
                                 .ledger = work->ledger_count - 1,
                                 .entered_ms = entry->entered_ms,
                                 .about = SIZE_MAX,
                                 .end = EXCHANGE_END_OPEN,
                                 .kind = EXCHANGE_KIND_COUNT};
    size_t *place = place_of(work, &entry->hash);
    report->entries++;
    report->first_ms = report->entries == 1 || entry->entered_ms < report->first_ms ? entry->entered_ms : report->first_ms;
    if (*place == 0)
        *place = work->item_count + 1;
    work->item_count++;
    if (said == NULL)
        return BASE_OK;
    item->kind = said->kind;
    item->is_sent = is_sent(said);
    item->said_ms = said->time_ms;
    item->due_ms = item->first_due_ms = said->due_ms;
    item->urgency = said->urgency;
    struct report_item *about = exchange_hash_is_none(&said->about) ? NULL : find(report, &said->about);
    return take_entry(report, said, item, about == item || (about != NULL && about->is_unfitting) ? NULL : about);
}

static void release_times(struct exchange_report_times *times)
{
    exchange_survival_release(&times->replies);
    exchange_survival_release(&times->receipts);
    for (unsigned i = 0; i < EXCHANGE_URGENCY_COUNT; i++)
        exchange_survival_release(&times->urgencies[i]);
}

void exchange_report_release(struct exchange_report *report)
{
    struct exchange_report_work *work = report->work;
    for (unsigned by = 0; by < 2; by++) {
        struct exchange_report_side *side = &report->sides[by];
        release_times(&side->quarter);
        release_times(&side->all);
        free(side->asks);
        free(side->corrections);
    }
    if (work != NULL) {
        free(work->items);
        free(work->places);
        free(work->ledgers);
        free(work->gaps);
    }
    free(work);
    free(report->gaps);
    *report = (struct exchange_report){0};
}
