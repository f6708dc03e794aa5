/* SPDX-License-Identifier: Apache-2.0
 *
 * From what was read to what is reported: the ends that only the report's time decides, the sums, the estimates.
 */
#include "exchange/report_inside.h"

#include <stdlib.h>

enum { ALL = EXCHANGE_REPORT_ALL, HOUR_MS = 3600000 };

static int64_t hours_ms(uint64_t hours)
{
    return (int64_t)hours * HOUR_MS;
}

/* A pair of counts: the quarter's, and the sum. Both NULL when the time lies in none of the eight quarters. */
struct pair {
    struct exchange_report_counts *items[2];
};

static struct pair counts_at(struct exchange_report *report, enum exchange_by by, int64_t time_ms)
{
    size_t place = report_quarter_place(report, time_ms);
    struct exchange_report_counts *counts = report->sides[by].counts;
    if (place == EXCHANGE_REPORT_QUARTERS)
        return (struct pair){{NULL, NULL}};
    return (struct pair){{&counts[place], &counts[ALL]}};
}

static bool is_open(const struct report_item *ask)
{
    return ask->done_ms == 0;
}

static void older(int64_t *oldest_ms, int64_t time_ms)
{
    if (*oldest_ms == 0 || time_ms < *oldest_ms)
        *oldest_ms = time_ms;
}

static void settle_ask(const struct exchange_report *report, struct report_item *ask)
{
    if (!is_open(ask))
        return;
    bool is_late = report->at_ms > ask->due_ms;
    ask->was_overdue |= is_late;
    ask->end = is_late ? EXCHANGE_END_SILENT : ask->deferrals > 0 ? EXCHANGE_END_DEFERRED : EXCHANGE_END_OPEN;
}

static void count_ask_in(const struct exchange_report *report, const struct report_item *ask,
                         struct exchange_report_counts *counts)
{
    bool is_reply = exchange_end_is_reply(ask->end);
    bool is_first_over = (is_open(ask) ? report->at_ms : ask->done_ms) > ask->first_due_ms;
    counts->asked++;
    counts->ends[ask->end]++;
    if (ask->end == EXCHANGE_END_DECLINED)
        counts->declines[ask->code]++;
    counts->deferrals += ask->deferrals;
    counts->in_time += is_reply && !ask->was_overdue;
    counts->overdue += ask->was_overdue;
    counts->late += is_reply && ask->was_overdue;
    counts->in_first += is_reply && !is_first_over;
    counts->over_first += is_first_over;
    if (is_open(ask))
        older(&counts->oldest_open_ms, ask->entered_ms);
}

static enum base_code list_ask(struct exchange_report_side *side, const struct report_item *ask)
{
    BASE_TRY(base_grow_array((void **)&side->asks, &side->ask_capacity, side->ask_count + 1, sizeof *side->asks));
    side->asks[side->ask_count++] = (struct exchange_report_ask){.asked_ms = ask->entered_ms,
                                                                 .due_ms = ask->due_ms,
                                                                 .ended_ms = ask->done_ms,
                                                                 .urgency = ask->urgency,
                                                                 .end = ask->end,
                                                                 .code = ask->code,
                                                                 .deferrals = ask->deferrals,
                                                                 .was_overdue = ask->was_overdue};
    return BASE_OK;
}

static enum base_code count_ask(struct exchange_report *report, struct report_item *ask)
{
    enum exchange_by by = report_by(ask->is_own);
    struct exchange_report_side *side = &report->sides[by];
    struct pair pair = counts_at(report, by, ask->entered_ms);
    settle_ask(report, ask);
    if (is_open(ask)) {
        side->open_asks++;
        side->silent_asks += ask->end == EXCHANGE_END_SILENT;
        older(&side->oldest_open_ms, ask->entered_ms);
    }
    if (pair.items[0] == NULL)
        return BASE_OK;
    for (unsigned i = 0; i < 2; i++)
        count_ask_in(report, ask, pair.items[i]);
    return list_ask(side, ask);
}

/* One duty of care: its state by the date that it was to be done. */
static enum exchange_care care_of(const struct exchange_report *report, int64_t done_ms, int64_t due_ms)
{
    if (done_ms != 0)
        return done_ms > due_ms ? EXCHANGE_CARE_LATE : EXCHANGE_CARE_IN_TIME;
    return report->at_ms > due_ms ? EXCHANGE_CARE_NEVER : EXCHANGE_CARE_OPEN;
}

static void count_alert(struct exchange_report *report, const struct report_item *alert)
{
    enum exchange_by by = report_by(alert->is_own);
    struct exchange_report_side *side = &report->sides[by];
    struct pair pair = counts_at(report, by, alert->entered_ms);
    enum exchange_care care =
        care_of(report, alert->judged_ms, alert->entered_ms + hours_ms(report->work->ledgers[alert->ledger].facts.hours.task));
    for (unsigned i = 0; i < 2 && pair.items[i] != NULL; i++) {
        pair.items[i]->alerts++;
        if (by == EXCHANGE_BY_THEM)
            pair.items[i]->arrived[care]++;
    }
    for (size_t i = 0; i < EXCHANGE_REPORT_QUARTERS; i++) {
        int64_t end_ms = report->begins_ms[i + 1] < report->at_ms + 1 ? report->begins_ms[i + 1] : report->at_ms + 1;
        bool is_awake = alert->entered_ms < end_ms && (alert->done_ms == 0 || alert->done_ms >= end_ms);
        side->counts[i].awake += is_awake;
        side->counts[ALL].awake += is_awake && i == EXCHANGE_REPORT_QUARTERS - 1;
    }
    if (alert->done_ms != 0)
        return;
    side->awake_alerts++;
    if (report->at_ms > alert->due_ms) {
        side->lapsed_alerts++;
        REPORT_COUNT(report, by, alert->due_ms, lapsed);
    }
}

static void count_hit(struct exchange_report *report, const struct report_item *hit)
{
    const struct report_item *alert = &report->work->items[hit->about];
    struct pair pair = counts_at(report, report_by(alert->is_own), hit->entered_ms);
    int64_t task_due_ms = hit->entered_ms + hours_ms(report->work->ledgers[hit->ledger].facts.hours.task);
    enum exchange_care told = hit->is_wanted ? care_of(report, hit->done_ms, hit->due_ms) : EXCHANGE_CARE_IN_TIME;
    enum exchange_care judged = care_of(report, hit->judged_ms, task_due_ms);
    /* In time, late, open, never: the worse of the two is what became of the hit. */
    enum exchange_care worse = told > judged ? told : judged;
    for (unsigned i = 0; i < 2 && pair.items[i] != NULL; i++) {
        pair.items[i]->hits++;
        pair.items[i]->cares[worse]++;
        pair.items[i]->untold += told == EXCHANGE_CARE_NEVER;
        pair.items[i]->unjudged += judged == EXCHANGE_CARE_NEVER;
    }
}

/* Feedback is owed by the asker, who is not who answered. */
static void count_answer(struct exchange_report *report, const struct report_item *answer)
{
    struct pair pair = counts_at(report, report_other(report_by(answer->is_own)), answer->entered_ms);
    enum exchange_care care = care_of(report, answer->done_ms, answer->due_ms);
    for (unsigned i = 0; i < 2 && pair.items[i] != NULL && answer->is_wanted; i++) {
        pair.items[i]->feedback_wanted++;
        pair.items[i]->feedback_given += answer->done_ms != 0;
        pair.items[i]->feedback_late += care == EXCHANGE_CARE_LATE;
        pair.items[i]->feedback_overdue += care == EXCHANGE_CARE_NEVER;
    }
}

static enum base_code count_correction(struct exchange_report *report, const struct report_item *correction)
{
    enum exchange_by by = report_by(correction->is_own);
    struct exchange_report_side *side = &report->sides[by];
    struct pair pair = counts_at(report, by, correction->entered_ms);
    enum exchange_care care = care_of(report, correction->done_ms, correction->due_ms);
    if (pair.items[0] == NULL)
        return BASE_OK;
    for (unsigned i = 0; i < 2; i++) {
        pair.items[i]->corrections++;
        if (correction->done_ms != 0)
            pair.items[i]->dids[correction->did]++;
        pair.items[i]->corrections_open += care == EXCHANGE_CARE_OPEN;
        pair.items[i]->corrections_overdue += care == EXCHANGE_CARE_NEVER;
        pair.items[i]->corrections_late += care == EXCHANGE_CARE_LATE;
    }
    BASE_TRY(base_grow_array((void **)&side->corrections, &side->correction_capacity, side->correction_count + 1,
                             sizeof *side->corrections));
    side->corrections[side->correction_count++] = (struct exchange_report_correction){.said_ms = correction->entered_ms,
                                                                                      .due_ms = correction->due_ms,
                                                                                      .done_ms = correction->done_ms,
                                                                                      .action = correction->action,
                                                                                      .did = correction->did};
    return BASE_OK;
}

static enum base_code count_item(struct exchange_report *report, struct report_item *item)
{
    if (item->is_terms || item->is_unfitting)
        return BASE_OK;
    if (item->receipt_ms != 0)
        REPORT_COUNT(report, report_sender(item), item->entered_ms, receipted);
    switch (item->kind) {
    case EXCHANGE_KIND_ASK:
        return count_ask(report, item);
    case EXCHANGE_KIND_CORRECTION:
        return count_correction(report, item);
    case EXCHANGE_KIND_ALERT:
        count_alert(report, item);
        return BASE_OK;
    case EXCHANGE_KIND_HIT:
        count_hit(report, item);
        return BASE_OK;
    case EXCHANGE_KIND_ANSWER:
        count_answer(report, item);
        return BASE_OK;
    default:
        return BASE_OK;
    }
}

/* Observations from the items of one side that began in a span of time. */
struct watching {
    enum exchange_by by;
    int64_t from_ms, to_ms;
    int urgency; /* of asks; -1: any */
};

typedef bool watch(const struct exchange_report *report, const struct watching *watching, const struct report_item *item,
                   struct exchange_observation *out);

static int64_t span_ms(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static bool watch_ask(const struct exchange_report *report, const struct watching *watching, const struct report_item *item,
                      struct exchange_observation *out)
{
    if (item->kind != EXCHANGE_KIND_ASK || report_by(item->is_own) != watching->by ||
        (watching->urgency >= 0 && (int)item->urgency != watching->urgency))
        return false;
    out->is_event = exchange_end_is_reply(item->end);
    out->time_ms = span_ms(item->entered_ms, is_open(item) ? report->at_ms : item->done_ms);
    return true;
}

/* Of theirs nobody here saw when it was sent: the date they state has to do. */
static bool watch_receipt(const struct exchange_report *report, const struct watching *watching, const struct report_item *item,
                          struct exchange_observation *out)
{
    if (!item->is_sent || report_sender(item) != watching->by)
        return false;
    int64_t from_ms = watching->by == EXCHANGE_BY_US ? item->entered_ms : item->said_ms;
    out->is_event = item->receipt_ms != 0;
    out->time_ms = span_ms(from_ms, out->is_event ? item->receipt_ms : report->at_ms);
    return true;
}

static enum base_code estimate(const struct exchange_report *report, const struct watching *watching, watch *function,
                               struct exchange_survival *out)
{
    const struct exchange_report_work *work = report->work;
    struct exchange_observation *observations = base_alloc_array(work->item_count + 1, sizeof *observations);
    size_t count = 0;
    if (observations == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu entries", work->item_count);
    for (size_t i = 0; i < work->item_count; i++) {
        const struct report_item *item = &work->items[i];
        bool is_within = item->entered_ms >= watching->from_ms && item->entered_ms < watching->to_ms;
        count += is_within && function(report, watching, item, &observations[count]);
    }
    enum base_code code = exchange_survival_estimate(observations, count, out);
    free(observations);
    return code;
}

static enum base_code estimate_times(const struct exchange_report *report, struct watching watching, uint64_t asked,
                                     struct exchange_report_times *times)
{
    BASE_TRY(estimate(report, &watching, watch_receipt, &times->receipts));
    times->has_estimate = asked >= EXCHANGE_REPORT_LEAST;
    if (!times->has_estimate)
        return BASE_OK;
    for (watching.urgency = 0; watching.urgency < EXCHANGE_URGENCY_COUNT; watching.urgency++) {
        struct exchange_survival *survival = &times->urgencies[watching.urgency];
        BASE_TRY(estimate(report, &watching, watch_ask, survival));
        times->urgency_counts[watching.urgency] = survival->count;
        if (survival->count < EXCHANGE_REPORT_LEAST)
            exchange_survival_release(survival);
    }
    watching.urgency = -1;
    return estimate(report, &watching, watch_ask, &times->replies);
}

static enum base_code estimate_side(struct exchange_report *report, enum exchange_by by)
{
    struct exchange_report_side *side = &report->sides[by];
    const int64_t *begins_ms = report->begins_ms;
    enum { LAST = EXCHANGE_REPORT_QUARTERS - 1 };
    struct watching quarter = {by, begins_ms[LAST], begins_ms[LAST + 1], -1}, all = {by, begins_ms[0], begins_ms[LAST + 1], -1};
    BASE_TRY(estimate_times(report, quarter, side->counts[LAST].asked, &side->quarter));
    return estimate_times(report, all, side->counts[ALL].asked, &side->all);
}

/* Receipts stand in the ledger; so a gap ends where the receipt that was waited for is entered. When the other side says that
 * we owed one, its statement has reached us by the time it can say so. */
static struct exchange_report_gap receipt_gap(const struct exchange_report *report, const struct report_gap *gap)
{
    const struct report_item *item = &report->work->items[gap->item];
    struct exchange_report_gap out = {EXCHANGE_GAP_RECEIPT, gap->by, gap->due_ms, report->at_ms, EXCHANGE_GAP_STANDS};
    if (item->receipt_ms > gap->due_ms) {
        out.end_ms = item->receipt_ms;
        out.end = EXCHANGE_GAP_ENDED;
    } else if (item->receipt_ms != 0) {
        out.end_ms = gap->told_ms;
        out.end = EXCHANGE_GAP_BEFORE;
    }
    return out;
}

/* Cosignatures do not stand in the ledger. All was cosigned before the same side became overdue once more, and the newest
 * cosigned checkpoint covers what stands before its size: that much is known of one's own ledger, nothing of the other's. */
static struct exchange_report_gap cosign_gap(const struct exchange_report *report, size_t place)
{
    const struct exchange_report_work *work = report->work;
    const struct report_gap *gap = &work->gaps[place];
    const struct report_item *item = &work->items[gap->item];
    const struct exchange_report_ledger *facts = &work->ledgers[item->ledger].facts;
    struct exchange_report_gap out = {EXCHANGE_GAP_COSIGN, gap->by, gap->due_ms, report->at_ms, EXCHANGE_GAP_STANDS};
    bool is_covered = gap->by == EXCHANGE_BY_THEM && facts->cosigned > item->index;
    if (is_covered && facts->cosigned_ms <= report->at_ms) {
        out.end_ms = facts->cosigned_ms;
        out.end = EXCHANGE_GAP_BEFORE;
    } else if (is_covered || gap->by == EXCHANGE_BY_US) {
        out.end_ms = gap->told_ms;
        out.end = EXCHANGE_GAP_UNKNOWN;
    }
    for (size_t i = place + 1; i < work->gap_count; i++) {
        const struct report_gap *next = &work->gaps[i];
        bool is_same = next->duty == gap->duty && next->by == gap->by && work->items[next->item].ledger == item->ledger;
        if (is_same && (out.end != EXCHANGE_GAP_BEFORE || next->told_ms < out.end_ms)) {
            out.end_ms = next->told_ms;
            out.end = EXCHANGE_GAP_BEFORE;
            break;
        }
    }
    return out;
}

static int by_begin(const void *a, const void *b)
{
    const struct exchange_report_gap *left = a, *right = b;
    return (left->begin_ms > right->begin_ms) - (left->begin_ms < right->begin_ms);
}

static enum base_code finish_gaps(struct exchange_report *report)
{
    const struct exchange_report_work *work = report->work;
    for (size_t i = 0; i < work->gap_count; i++) {
        struct exchange_report_gap gap =
            work->gaps[i].duty == EXCHANGE_DUTY_RECEIPT ? receipt_gap(report, &work->gaps[i]) : cosign_gap(report, i);
        BASE_TRY(report_gap_put(report, &gap));
    }
    for (size_t i = 0; i < work->ledger_count; i++) {
        for (unsigned by = 0; by < 2; by++) {
            struct exchange_report_gap gap = {EXCHANGE_GAP_SUSPENDED, by, work->ledgers[i].pause_ms[by], report->at_ms,
                                              EXCHANGE_GAP_STANDS};
            if (gap.begin_ms != 0)
                BASE_TRY(report_gap_put(report, &gap));
        }
    }
    if (report->gap_count > 0)
        qsort(report->gaps, report->gap_count, sizeof *report->gaps, by_begin);
    return BASE_OK;
}

static int by_asked(const void *a, const void *b)
{
    const struct exchange_report_ask *left = a, *right = b;
    return (left->asked_ms > right->asked_ms) - (left->asked_ms < right->asked_ms);
}

static int by_said(const void *a, const void *b)
{
    const struct exchange_report_correction *left = a, *right = b;
    return (left->said_ms > right->said_ms) - (left->said_ms < right->said_ms);
}

enum base_code exchange_report_finish(struct exchange_report *report)
{
    struct exchange_report_work *work = report->work;
    if (work == NULL)
        return BASE_OK;
    for (size_t i = 0; i < work->item_count; i++)
        BASE_TRY(count_item(report, &work->items[i]));
    for (enum exchange_by by = EXCHANGE_BY_US; by <= EXCHANGE_BY_THEM; by++) {
        struct exchange_report_side *side = &report->sides[by];
        BASE_TRY(estimate_side(report, by));
        if (side->ask_count > 0)
            qsort(side->asks, side->ask_count, sizeof *side->asks, by_asked);
        if (side->correction_count > 0)
            qsort(side->corrections, side->correction_count, sizeof *side->corrections, by_said);
    }
    return finish_gaps(report);
}
