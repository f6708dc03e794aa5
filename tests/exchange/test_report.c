/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/report.h"

#include "exchange/ledger_script.h"

#include <math.h>

enum { LAST = EXCHANGE_REPORT_QUARTERS - 1, ALL = EXCHANGE_REPORT_ALL };

static struct exchange_report_counts *counts(struct script *script, enum exchange_by by, unsigned place)
{
    return &script->report.sides[by].counts[place];
}

static uint32_t ask(struct script *script, enum exchange_by by, const char *time, const char *due)
{
    return script_say_ms(script, by, EXCHANGE_KIND_ASK, script_time(time), 0,
                         (struct exchange_statement){.due_ms = script_time(due), .urgency = EXCHANGE_NORMAL});
}

/* The only ask of that side, finished. */
static const struct exchange_report_ask *only_ask(struct script *script, enum exchange_by by)
{
    assert_ok(exchange_report_finish(&script->report));
    assert_int_equal(1, script->report.sides[by].ask_count);
    return &script->report.sides[by].asks[0];
}

static void quarters_are_read_written_and_counted(void **state)
{
    struct exchange_quarter quarter;
    char text[EXCHANGE_QUARTER_LEN];
    (void)state;
    assert_ok(exchange_quarter_parse("2026Q4", &quarter));
    assert_int_equal(2026, quarter.year);
    assert_int_equal(4, quarter.number);
    assert_true(exchange_quarter_begin_ms(quarter) == script_time("2026-10-01T00:00:00Z"));
    assert_true(exchange_quarter_begin_ms(exchange_quarter_shift(quarter, 1)) == script_time("2027-01-01T00:00:00Z"));
    exchange_quarter_format(exchange_quarter_shift(quarter, -7), text);
    assert_string_equal("2025Q1", text);
    static const char *const bad[] = {"",        "2026", "2026Q",  "2026Q0", "2026Q5", "2026q4",
                                      "2026Q44", "26Q4", "1969Q4", "-026Q1", "2026-4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(BASE_E_FORMAT, exchange_quarter_parse(bad[i], &quarter));
    for (int month = 1; month <= 12; month++) {
        int64_t first = base_days_from_civil(2027, month, 1) * SCRIPT_DAY_MS;
        struct exchange_quarter in = exchange_quarter_of(first), before = exchange_quarter_of(first - 1);
        assert_int_equal((month + 2) / 3, in.number);
        assert_int_equal(month == 1 ? 4 : (month + 1) / 3, before.number);
        assert_int_equal(month == 1 ? 2026 : 2027, before.year);
    }
}

static void an_empty_ledger_has_no_numbers(void **state)
{
    struct script script;
    struct exchange_report nothing;
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    assert_ok(exchange_report_finish(&script.report));
    assert_int_equal(1, script.report.entries);
    for (unsigned by = 0; by < 2; by++) {
        static const struct exchange_report_counts none;
        for (unsigned i = 0; i <= ALL; i++)
            assert_memory_equal(&none, counts(&script, by, i), sizeof none);
        assert_false(script.report.sides[by].all.has_estimate);
        assert_int_equal(0, script.report.sides[by].all.receipts.count);
    }
    exchange_report_release(&script.report);
    exchange_report_init(&nothing, (struct exchange_quarter){2026, 4}, 0); /* not even a ledger */
    assert_ok(exchange_report_finish(&nothing));
    exchange_report_release(&nothing);
}

/* One ask for each end an ask can have, in both directions. */
static void each_ask_ends_in_its_own_way(void **state)
{
    static const struct {
        enum exchange_kind kind; /* COUNT: nothing more is said */
        enum exchange_outcome outcome;
        const char *due; /* of a deferral */
        enum exchange_end end;
    } cases[] = {
        {EXCHANGE_KIND_ANSWER, EXCHANGE_ANSWERED, NULL, EXCHANGE_END_ANSWERED},
        {EXCHANGE_KIND_ANSWER, EXCHANGE_PARTLY, NULL, EXCHANGE_END_PARTLY},
        {EXCHANGE_KIND_ANSWER, EXCHANGE_NO_TRACE, NULL, EXCHANGE_END_NO_TRACE},
        {EXCHANGE_KIND_ANSWER, EXCHANGE_TRANSFERRED, NULL, EXCHANGE_END_TRANSFERRED},
        {EXCHANGE_KIND_DECLINE, 0, NULL, EXCHANGE_END_DECLINED},
        {EXCHANGE_KIND_WITHDRAW, 0, NULL, EXCHANGE_END_WITHDRAWN},
        {EXCHANGE_KIND_DEFER, 0, "2026-11-28", EXCHANGE_END_DEFERRED},
        {EXCHANGE_KIND_DEFER, 0, "2026-11-15", EXCHANGE_END_SILENT},
        {EXCHANGE_KIND_COUNT, 0, NULL, EXCHANGE_END_SILENT},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    (void)state;
    for (unsigned by = 0; by < 2; by++) {
        enum exchange_by other = by == EXCHANGE_BY_US ? EXCHANGE_BY_THEM : EXCHANGE_BY_US;
        struct script script;
        script_begin(&script, "2026Q4", "2026-11-20");
        for (unsigned i = 0; i < COUNT; i++) {
            uint32_t number = ask(&script, by, "2026-11-02", "2026-11-09");
            struct exchange_statement said = {.outcome = cases[i].outcome,
                                              .code = EXCHANGE_NOT_HELD,
                                              .due_ms = cases[i].due == NULL ? 0 : script_time(cases[i].due)};
            if (cases[i].kind != EXCHANGE_KIND_COUNT)
                script_say_ms(&script, cases[i].kind == EXCHANGE_KIND_WITHDRAW ? (enum exchange_by)by : other, cases[i].kind,
                              script_time("2026-11-05"), number, said);
        }
        ask(&script, by, "2026-11-18", "2026-11-25");
        assert_ok(exchange_report_finish(&script.report));
        for (unsigned place = LAST; place <= ALL; place++) {
            const struct exchange_report_counts *got = counts(&script, by, place);
            static const uint64_t ends[EXCHANGE_END_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1, 2};
            assert_int_equal(10, got->asked);
            assert_memory_equal(ends, got->ends, sizeof ends);
            assert_int_equal(1, got->declines[EXCHANGE_NOT_HELD]);
            assert_int_equal(2, got->deferrals);
            assert_int_equal(5, got->in_time);
            assert_int_equal(2, got->overdue);
            assert_int_equal(0, got->late);
            assert_int_equal(5, got->in_first);
            assert_int_equal(3, got->over_first); /* also the one deferred */
            assert_true(got->oldest_open_ms == script_time("2026-11-02"));
        }
        assert_int_equal(0, counts(&script, other, ALL)->asked);
        assert_int_equal(0, counts(&script, by, LAST - 1)->asked);
        assert_int_equal(4, script.report.sides[by].open_asks);
        assert_int_equal(2, script.report.sides[by].silent_asks);
        for (unsigned i = 0; i < COUNT; i++)
            assert_int_equal(cases[i].end, script.report.sides[by].asks[i].end);
        assert_int_equal(EXCHANGE_END_OPEN, script.report.sides[by].asks[COUNT].end);
        assert_int_equal(0, script.report.unfitting);
        exchange_report_release(&script.report);
    }
}

static void a_late_answer_is_late_and_a_deferral_moves_the_date(void **state)
{
    static const struct {
        const char *deferred_at, *deferred_to, *answered;
        bool was_overdue, is_in_first;
    } cases[] = {
        {NULL, NULL, "2026-11-09", false, true}, /* at the date itself */
        {NULL, NULL, "2026-11-09T12:00:01Z", true, false},
        {"2026-11-08", "2026-11-16", "2026-11-15", false, false},
        {"2026-11-08", "2026-11-16", "2026-11-17", true, false},
        {"2026-11-10", "2026-11-16", "2026-11-15", true, false}, /* the date had passed before it was deferred */
        {"2026-11-08", "2026-11-16", "2026-11-08T13:00:00Z", false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script script;
        script_begin(&script, "2026Q4", "2026-12-31");
        uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-11-02", "2026-11-09");
        if (cases[i].deferred_at != NULL)
            SAY(&script, THEM, DEFER, cases[i].deferred_at, number, .due_ms = script_time(cases[i].deferred_to));
        SAY(&script, THEM, ANSWER, cases[i].answered, number, .outcome = EXCHANGE_ANSWERED);
        const struct exchange_report_ask *got = only_ask(&script, EXCHANGE_BY_US);
        const struct exchange_report_counts *sums = counts(&script, EXCHANGE_BY_US, ALL);
        assert_int_equal(EXCHANGE_END_ANSWERED, got->end);
        assert_int_equal(cases[i].was_overdue, got->was_overdue);
        assert_int_equal(cases[i].was_overdue, sums->late);
        assert_int_equal(!cases[i].was_overdue, sums->in_time);
        assert_int_equal(cases[i].is_in_first, sums->in_first);
        assert_int_equal(!cases[i].is_in_first, sums->over_first);
        assert_true(got->ended_ms == script_time(cases[i].answered));
        exchange_report_release(&script.report);
    }
}

/* More than one reply: the fullest counts, and the time is that of the first. */
static void the_fullest_answer_counts(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    uint32_t number = ask(&script, EXCHANGE_BY_THEM, "2026-11-02", "2026-11-09");
    SAY(&script, US, ANSWER, "2026-11-04", number, .outcome = EXCHANGE_NO_TRACE);
    SAY(&script, US, ANSWER, "2026-11-05", number, .outcome = EXCHANGE_PARTLY);
    SAY(&script, US, DECLINE, "2026-11-06", number, .code = EXCHANGE_NO_LEGAL_BASIS);
    SAY(&script, THEM, WITHDRAW, "2026-11-07", number, .due_ms = 0);
    const struct exchange_report_ask *got = only_ask(&script, EXCHANGE_BY_THEM);
    assert_int_equal(EXCHANGE_END_PARTLY, got->end);
    assert_true(got->ended_ms == script_time("2026-11-04"));
    assert_int_equal(0, counts(&script, EXCHANGE_BY_THEM, ALL)->declines[EXCHANGE_NO_LEGAL_BASIS]);
    exchange_report_release(&script.report);
}

static void what_may_not_be_said_changes_nothing(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-11-05");
    uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-11-02", "2026-11-09");
    SAY(&script, US, ANSWER, "2026-11-03", number, .outcome = EXCHANGE_ANSWERED); /* one's own ask */
    SAY(&script, THEM, WITHDRAW, "2026-11-03", number, .due_ms = 0);              /* another's ask */
    SAY(&script, THEM, ANSWER, "2026-11-03", 999, .outcome = EXCHANGE_ANSWERED);  /* an ask that is not there */
    SAY(&script, US, WITHDRAW, "2026-11-04", number, .due_ms = 0);
    SAY(&script, THEM, DEFER, "2026-11-04", number, .due_ms = script_time("2026-11-30")); /* has crossed: nothing is put off */
    const struct exchange_report_ask *got = only_ask(&script, EXCHANGE_BY_US);
    assert_int_equal(EXCHANGE_END_WITHDRAWN, got->end);
    assert_true(got->due_ms == script_time("2026-11-09"));
    assert_int_equal(3, script.report.unfitting);
    exchange_report_release(&script.report);
}

/* A reply that was on its way when its ask was withdrawn; the date had not passed when it was. */
static void a_reply_may_cross_with_a_withdrawal(void **state)
{
    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        struct script script;
        script_begin(&script, "2026Q4", "2026-12-05");
        uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-11-02", "2026-11-09");
        SAY(&script, US, WITHDRAW, late ? "2026-11-09T12:00:01Z" : "2026-11-09", number, .due_ms = 0);
        SAY(&script, THEM, ANSWER, "2026-11-10", number, .outcome = EXCHANGE_PARTLY);
        const struct exchange_report_ask *got = only_ask(&script, EXCHANGE_BY_US);
        assert_int_equal(EXCHANGE_END_PARTLY, got->end);
        assert_true(got->ended_ms == script_time("2026-11-10"));
        assert_int_equal(late, got->was_overdue);
        assert_int_equal(late, counts(&script, EXCHANGE_BY_US, ALL)->late);
        assert_int_equal(0, script.report.unfitting);
        exchange_report_release(&script.report);
    }
}

/* Asked in the last second of a quarter and answered in the next one: it belongs to the quarter in which it was asked. What
 * was entered after the report's time is not known. */
static void an_ask_belongs_to_the_quarter_it_was_asked_in(void **state)
{
    static const struct {
        const char *quarter, *at;
        unsigned place; /* of the quarter 2026Q3 in the report */
        enum exchange_end end;
    } cases[] = {
        {"2026Q3", "2026-10-01", LAST, EXCHANGE_END_OPEN},     {"2026Q3", "2026-10-06", LAST, EXCHANGE_END_SILENT},
        {"2026Q3", "2026-10-07T11:59:59Z", LAST, EXCHANGE_END_SILENT},
        {"2026Q3", "2026-10-07", LAST, EXCHANGE_END_ANSWERED}, /* when it was entered */
        {"2026Q3", "2026-12-31", LAST, EXCHANGE_END_ANSWERED}, {"2026Q4", "2026-12-31", LAST - 1, EXCHANGE_END_ANSWERED},
        {"2028Q2", "2028-06-30", 0, EXCHANGE_END_ANSWERED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script script;
        script_begin(&script, cases[i].quarter, cases[i].at);
        ask(&script, EXCHANGE_BY_US, "2026-06-30T23:59:59Z", "2026-07-07");
        uint32_t first = ask(&script, EXCHANGE_BY_US, "2026-07-01T00:00:00Z", "2026-07-07");
        uint32_t last = ask(&script, EXCHANGE_BY_US, "2026-09-30T23:59:59Z", "2026-10-05");
        ask(&script, EXCHANGE_BY_US, "2026-10-01T00:00:00Z", "2026-10-05");
        SAY(&script, THEM, ANSWER, "2026-07-02", first, .outcome = EXCHANGE_NO_TRACE);
        SAY(&script, THEM, ANSWER, "2026-10-07", last, .outcome = EXCHANGE_ANSWERED);
        assert_ok(exchange_report_finish(&script.report));
        const struct exchange_report_counts *got = counts(&script, EXCHANGE_BY_US, cases[i].place);
        assert_int_equal(2, got->asked);
        assert_int_equal(1, got->ends[EXCHANGE_END_NO_TRACE]);
        assert_int_equal(1, got->ends[cases[i].end]);
        assert_int_equal(cases[i].end == EXCHANGE_END_ANSWERED, got->late);
        if (cases[i].place > 0)
            assert_int_equal(1, counts(&script, EXCHANGE_BY_US, cases[i].place - 1)->asked);
        assert_int_equal(4 - (cases[i].place == LAST) - (cases[i].place == 0), counts(&script, EXCHANGE_BY_US, ALL)->asked);
        exchange_report_release(&script.report);
    }
}

/* From ten requests there are estimates; below there are none. Days to the reply: 1 to 9, one open for 40 days. */
static void ten_requests_make_an_estimate(void **state)
{
    (void)state;
    for (unsigned asked = 9; asked <= 10; asked++) {
        struct script script;
        script_begin(&script, "2026Q4", "2026-12-11");
        for (unsigned i = 0; i < asked; i++) {
            uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-11-01", "2026-11-08");
            if (i > 0)
                script_say_ms(&script, EXCHANGE_BY_THEM, EXCHANGE_KIND_DECLINE, script_time("2026-11-01") + i * SCRIPT_DAY_MS,
                              number, (struct exchange_statement){.code = EXCHANGE_OUT_OF_SCOPE});
        }
        assert_ok(exchange_report_finish(&script.report));
        const struct exchange_report_times *quarter = &script.report.sides[EXCHANGE_BY_US].quarter;
        assert_int_equal(asked == 10, quarter->has_estimate);
        assert_int_equal(asked, script.report.sides[EXCHANGE_BY_US].ask_count);
        if (asked == 10) {
            assert_int_equal(10, quarter->replies.count);
            assert_int_equal(9, quarter->replies.events);
            assert_true(quarter->replies.has_median && quarter->replies.median_ms == 5 * (int64_t)SCRIPT_DAY_MS);
            assert_int_equal(10, quarter->urgencies[EXCHANGE_NORMAL].count);
            assert_int_equal(10, quarter->urgency_counts[EXCHANGE_NORMAL]);
            assert_int_equal(0, quarter->urgencies[EXCHANGE_URGENT].count);
            const struct exchange_survival_step *end = exchange_survival_at(&quarter->replies, 40LL * SCRIPT_DAY_MS);
            assert_true(fabs(end->survival - 0.1) < 1e-12 && end->censored == 1);
            assert_int_equal(7, counts(&script, EXCHANGE_BY_US, LAST)->in_time);
            assert_int_equal(3, counts(&script, EXCHANGE_BY_US, LAST)->overdue);
            assert_int_equal(2, counts(&script, EXCHANGE_BY_US, LAST)->late);
        }
        exchange_report_release(&script.report);
    }
}

static void alerts_lapse_by_the_date_and_may_be_decided_later(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    uint32_t kept = SAY(&script, US, ALERT, "2025-10-02", 0, .due_ms = script_time("2026-10-02"));
    uint32_t closed = SAY(&script, US, ALERT, "2025-10-03", 0, .due_ms = script_time("2026-10-03"));
    uint32_t late = SAY(&script, US, ALERT, "2025-09-04", 0, .due_ms = script_time("2026-09-04"));
    SAY(&script, US, ALERT, "2025-08-05", 0, .due_ms = script_time("2026-08-05"));
    uint32_t theirs = SAY(&script, THEM, ALERT, "2026-11-05", 0, .due_ms = script_time("2027-11-05"));
    SAY(&script, US, RENEW, "2026-10-02", kept, .due_ms = script_time("2027-10-02"));
    SAY(&script, US, CLOSE, "2026-10-01", closed, .due_ms = 0);
    SAY(&script, US, RENEW, "2026-11-04", late, .due_ms = script_time("2026-12-04"));
    SAY(&script, US, SERVED, "2026-12-01", theirs, .due_ms = 0);
    SAY(&script, US, CLOSE, "2026-12-20", theirs, .due_ms = 0); /* by its receiver, after the duty to justify */
    SAY(&script, US, RENEW, "2026-12-21", closed, .due_ms = 0); /* it is closed: nothing changes */
    SAY(&script, US, CLOSE, "2026-12-22", closed, .due_ms = 0);
    SAY(&script, THEM, RENEW, "2026-12-21", kept, .due_ms = 0); /* not theirs: unfitting */
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_counts *ours = counts(&script, EXCHANGE_BY_US, ALL),
                                        *quarter = counts(&script, EXCHANGE_BY_US, LAST);
    assert_int_equal(4, ours->alerts);
    assert_int_equal(2, ours->renewed);
    assert_int_equal(1, ours->closed);
    assert_int_equal(3, ours->awake);
    assert_int_equal(3, ours->lapsed); /* 4 September, decided in November; 5 August; 4 December */
    assert_int_equal(1, ours->lapsed_later);
    assert_int_equal(1, quarter->lapsed);
    assert_int_equal(0, quarter->lapsed_later);
    assert_int_equal(2, counts(&script, EXCHANGE_BY_US, LAST - 1)->lapsed);
    assert_int_equal(1, counts(&script, EXCHANGE_BY_US, LAST - 1)->lapsed_later);
    assert_int_equal(4, counts(&script, EXCHANGE_BY_US, LAST - 1)->awake);
    assert_int_equal(2, counts(&script, EXCHANGE_BY_US, LAST - 5)->awake); /* at the end of September 2025 */
    assert_int_equal(2, script.report.sides[EXCHANGE_BY_US].lapsed_alerts);
    assert_int_equal(3, script.report.sides[EXCHANGE_BY_US].awake_alerts);
    assert_int_equal(1, counts(&script, EXCHANGE_BY_THEM, LAST)->served);
    assert_int_equal(1, counts(&script, EXCHANGE_BY_THEM, LAST)->closed);
    assert_int_equal(0, counts(&script, EXCHANGE_BY_THEM, LAST)->awake);
    assert_int_equal(1, script.report.unfitting);
    exchange_report_release(&script.report);
}

/* Hits on an alert of theirs. What is to be told has until the date in the hit; to look at it, the terms give 24 hours. */
static void a_hit_that_nobody_follows_is_counted(void **state)
{
    enum { NONE, TOLD = 1, REFUSED = 2, REJECTED = 4, CONFIRMED = 8 };
    static const struct {
        bool is_wanted;
        unsigned done;
        const char *when;
        enum exchange_care care;
        bool is_untold, is_unjudged;
    } cases[] = {
        {true, TOLD | CONFIRMED, "2026-11-02T13:00:00Z", EXCHANGE_CARE_IN_TIME, false, false},
        {true, REFUSED | CONFIRMED, "2026-11-02T13:00:00Z", EXCHANGE_CARE_IN_TIME, false, false},
        {true, REJECTED, "2026-11-02T13:00:00Z", EXCHANGE_CARE_IN_TIME, false, false},
        {false, CONFIRMED, "2026-11-02T13:00:00Z", EXCHANGE_CARE_IN_TIME, false, false},
        {true, TOLD | CONFIRMED, "2026-11-20", EXCHANGE_CARE_LATE, false, false},
        {true, CONFIRMED, "2026-11-02T13:00:00Z", EXCHANGE_CARE_NEVER, true, false}, /* seen, and not told */
        {true, TOLD, "2026-11-02T13:00:00Z", EXCHANGE_CARE_NEVER, false, true},
        {true, NONE, NULL, EXCHANGE_CARE_NEVER, true, true},
        {false, NONE, NULL, EXCHANGE_CARE_NEVER, false, true},
    };
    static uint64_t cares[EXCHANGE_CARE_COUNT];
    uint64_t untold = 0, unjudged = 0;
    struct script script;
    struct exchange_hours hours;
    (void)state;
    script_begin(&script, "2026Q4", "2026-11-30");
    hours = script.report.hours;
    hours.task = 24;
    script_ledger(&script, &hours);
    uint32_t alert = SAY(&script, THEM, ALERT, "2026-11-01", 0, .due_ms = script_time("2027-11-01"), .tell = 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t hit =
            SAY(&script, US, HIT, "2026-11-02", alert, .due_ms = script_time("2026-11-09"), .tell = cases[i].is_wanted);
        if (cases[i].done & TOLD)
            SAY(&script, US, TELL, cases[i].when, alert, .hit = script_hash(hit));
        if (cases[i].done & REFUSED)
            SAY(&script, US, TELL_DECLINE, cases[i].when, alert, .hit = script_hash(hit), .code = EXCHANGE_ENDANGERS_PERSON);
        if (cases[i].done & (REJECTED | CONFIRMED))
            SAY(&script, US, VERDICT, cases[i].when, hit,
                .verdict = cases[i].done & REJECTED ? EXCHANGE_REJECTED : EXCHANGE_CONFIRMED);
        cares[cases[i].care]++;
        untold += cases[i].is_untold;
        unjudged += cases[i].is_unjudged;
    }
    SAY(&script, US, HIT, "2026-11-30T11:00:00Z", alert, .due_ms = script_time("2026-12-07"), .tell = 1);
    cares[EXCHANGE_CARE_OPEN]++;
    uint32_t seen = SAY(&script, THEM, ALERT, "2026-11-20", 0, .due_ms = script_time("2027-11-01"));
    SAY(&script, US, VERDICT, "2026-11-21", seen, .verdict = EXCHANGE_ASSESSED);
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_counts *got = counts(&script, EXCHANGE_BY_THEM, LAST);
    assert_int_equal(10, got->hits);
    assert_memory_equal(cares, got->cares, sizeof cares);
    assert_int_equal(untold, got->untold);
    assert_int_equal(unjudged, got->unjudged);
    assert_int_equal(3, got->told);
    assert_int_equal(1, got->tell_declines[EXCHANGE_ENDANGERS_PERSON]);
    assert_int_equal(1, got->arrived[EXCHANGE_CARE_IN_TIME]);
    assert_int_equal(1, got->arrived[EXCHANGE_CARE_NEVER]);
    assert_false(script.report.has_hours); /* the two ledgers differ */
    exchange_report_release(&script.report);
}

static void feedback_and_corrections_are_owed(void **state)
{
    struct script script;
    struct exchange_hours hours;
    uint32_t answers[4];
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    hours = script.report.hours;
    hours.feedback = 10 * 24;
    hours.correction = 3 * 24;
    script_ledger(&script, &hours);
    for (unsigned i = 0; i < 4; i++) {
        uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-11-01", "2026-11-08");
        answers[i] = SAY(&script, THEM, ANSWER, "2026-11-05", number, .outcome = EXCHANGE_ANSWERED, .feedback = i < 3);
    }
    SAY(&script, US, FEEDBACK, "2026-11-10", answers[0], .use = EXCHANGE_USEFUL);
    SAY(&script, US, FEEDBACK, "2026-11-11", answers[0], .use = EXCHANGE_NOT_USED); /* a second time: unfitting */
    SAY(&script, US, FEEDBACK, "2026-11-20", answers[1], .use = EXCHANGE_NOT_USEFUL);
    SAY(&script, US, FEEDBACK, "2026-11-20", answers[3], .use = EXCHANGE_USEFUL); /* not asked for */
    uint32_t done = SAY(&script, THEM, CORRECTION, "2026-12-01", answers[0], .action = EXCHANGE_CORRECT);
    uint32_t late = SAY(&script, THEM, CORRECTION, "2026-12-01", answers[1], .action = EXCHANGE_ERASE);
    SAY(&script, THEM, CORRECTION, "2026-12-01", answers[2], .action = EXCHANGE_RESTRICT);
    SAY(&script, THEM, CORRECTION, "2026-12-30", answers[3], .action = EXCHANGE_ERASE);
    SAY(&script, US, CORRECTION, "2026-12-30", answers[3], .action = EXCHANGE_ERASE); /* of what the other said: unfitting */
    SAY(&script, US, CORRECTED, "2026-12-02", done, .did = EXCHANGE_DID_CORRECT);
    SAY(&script, US, CORRECTED, "2026-12-09", late, .did = EXCHANGE_DID_NOT_HOLD);
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_counts *us = counts(&script, EXCHANGE_BY_US, LAST),
                                        *them = counts(&script, EXCHANGE_BY_THEM, LAST);
    assert_int_equal(3, us->feedback_wanted);
    assert_int_equal(2, us->feedback_given);
    assert_int_equal(1, us->feedback_late);
    assert_int_equal(1, us->feedback_overdue);
    assert_int_equal(2, us->uses[EXCHANGE_USEFUL]);
    assert_int_equal(1, us->uses[EXCHANGE_NOT_USEFUL]);
    assert_int_equal(0, us->uses[EXCHANGE_NOT_USED]);
    assert_int_equal(0, us->corrections);
    assert_int_equal(4, them->corrections);
    assert_int_equal(1, them->dids[EXCHANGE_DID_CORRECT]);
    assert_int_equal(1, them->dids[EXCHANGE_DID_NOT_HOLD]);
    assert_int_equal(1, them->corrections_open);
    assert_int_equal(1, them->corrections_overdue);
    assert_int_equal(1, them->corrections_late);
    assert_int_equal(4, script.report.sides[EXCHANGE_BY_THEM].correction_count);
    assert_int_equal(EXCHANGE_DID_CORRECT, script.report.sides[EXCHANGE_BY_THEM].corrections[0].did);
    assert_int_equal(2, script.report.unfitting);
    exchange_report_release(&script.report);
}

/* Sent and receipted, by who sends; the median counts what is not receipted as waited for. */
static void receipts_are_timed(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-11-30");
    for (unsigned i = 0; i < 3; i++) {
        uint32_t number = SAY(&script, US, STATE, "2026-11-01", 0, .move = EXCHANGE_RESUME);
        if (i < 2)
            script_say_ms(&script, EXCHANGE_BY_THEM, EXCHANGE_KIND_RECEIPT,
                          script_time("2026-11-01") + (i + 1) * SCRIPT_HOUR_MS, number,
                          (struct exchange_statement){.count = 0});
        SAY(&script, US, RECEIPT, "2026-11-02", number, .count = 0); /* of one's own: unfitting */
    }
    /* Said by them on the 3rd, here on the 5th. */
    uint32_t theirs = SAY(&script, THEM, STATE, "2026-11-05", 0, .time_ms = script_time("2026-11-03"), .move = EXCHANGE_RESUME);
    SAY(&script, US, RECEIPT, "2026-11-05", theirs, .count = 0);
    SAY(&script, US, HOLD, "2026-11-05", 0, .count = 0); /* is not sent */
    SAY(&script, US, OVERDUE, "2026-11-05", theirs, .duty = EXCHANGE_DUTY_TASK,
        .owed_by = script_party(EXCHANGE_BY_US)); /* nor this */
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_counts *us = counts(&script, EXCHANGE_BY_US, LAST),
                                        *them = counts(&script, EXCHANGE_BY_THEM, LAST);
    const struct exchange_survival *ours = &script.report.sides[EXCHANGE_BY_US].quarter.receipts;
    assert_int_equal(3, us->sent);
    assert_int_equal(2, us->receipted);
    assert_int_equal(1, them->sent);
    assert_int_equal(1, them->receipted);
    assert_int_equal(3, ours->count);
    assert_true(ours->has_median && ours->median_ms == 2 * SCRIPT_HOUR_MS);
    assert_true(script.report.sides[EXCHANGE_BY_THEM].quarter.receipts.median_ms == 2 * (int64_t)SCRIPT_DAY_MS);
    assert_int_equal(3, script.report.unfitting);
    exchange_report_release(&script.report);
}

static void assert_gap(const struct exchange_report_gap *gap, enum exchange_gap_kind kind, enum exchange_by by,
                       const char *begin, const char *end, enum exchange_gap_end how)
{
    assert_int_equal(kind, gap->kind);
    assert_int_equal(by, gap->by);
    assert_true(gap->begin_ms == script_time(begin));
    assert_true(gap->end_ms == script_time(end));
    assert_int_equal(how, gap->end);
}

static void gaps_begin_at_the_date_and_end_with_the_receipt(void **state)
{
    struct script script;
    struct exchange_id us = script_party(EXCHANGE_BY_US), them = script_party(EXCHANGE_BY_THEM);
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    uint32_t first = SAY(&script, US, STATE, "2026-10-01", 0, .move = EXCHANGE_SUSPEND);
    SAY(&script, US, OVERDUE, "2026-10-02T12:00:05Z", first, .duty = EXCHANGE_DUTY_RECEIPT, .owed_by = them,
        .due_ms = script_time("2026-10-02"));
    SAY(&script, US, OVERDUE, "2026-10-02T12:00:06Z", first, .duty = EXCHANGE_DUTY_COSIGN, .owed_by = them,
        .due_ms = script_time("2026-10-02"));
    SAY(&script, THEM, RECEIPT, "2026-10-04", first, .count = 0);
    SAY(&script, US, STATE, "2026-10-10", 0, .move = EXCHANGE_RESUME);
    uint32_t second = SAY(&script, US, STATE, "2026-11-01", 0, .move = EXCHANGE_SUSPEND);
    SAY(&script, US, OVERDUE, "2026-11-02", second, .duty = EXCHANGE_DUTY_RECEIPT, .owed_by = them,
        .due_ms = script_time("2026-11-02"));
    SAY(&script, US, OVERDUE, "2026-11-03", second, .duty = EXCHANGE_DUTY_COSIGN, .owed_by = them,
        .due_ms = script_time("2026-11-03"));
    /* What the other says of us: its statement waited from the 1st to the 5th of December. */
    uint32_t theirs = SAY(&script, THEM, STATE, "2026-12-05", 0, .time_ms = script_time("2026-12-01"), .move = EXCHANGE_RESUME);
    SAY(&script, US, RECEIPT, "2026-12-05", theirs, .count = 0);
    SAY(&script, THEM, OVERDUE, "2026-12-06", theirs, .duty = EXCHANGE_DUTY_RECEIPT, .owed_by = us,
        .due_ms = script_time("2026-12-02"));
    SAY(&script, THEM, OVERDUE, "2026-12-07", theirs, .duty = EXCHANGE_DUTY_COSIGN, .owed_by = us,
        .due_ms = script_time("2026-12-06"));
    SAY(&script, US, OVERDUE, "2026-12-08", 999, .duty = EXCHANGE_DUTY_RECEIPT, .owed_by = them, .due_ms = 0); /* of nothing */
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_gap *gaps = script.report.gaps;
    assert_int_equal(8, script.report.gap_count);
    assert_gap(&gaps[0], EXCHANGE_GAP_SUSPENDED, EXCHANGE_BY_US, "2026-10-01", "2026-10-10", EXCHANGE_GAP_ENDED);
    unsigned receipt = gaps[1].kind == EXCHANGE_GAP_RECEIPT ? 1 : 2;
    assert_gap(&gaps[receipt], EXCHANGE_GAP_RECEIPT, EXCHANGE_BY_THEM, "2026-10-02", "2026-10-04", EXCHANGE_GAP_ENDED);
    assert_gap(&gaps[3 - receipt], EXCHANGE_GAP_COSIGN, EXCHANGE_BY_THEM, "2026-10-02", "2026-11-03", EXCHANGE_GAP_BEFORE);
    assert_gap(&gaps[3], EXCHANGE_GAP_SUSPENDED, EXCHANGE_BY_US, "2026-11-01", "2026-12-31", EXCHANGE_GAP_STANDS);
    assert_gap(&gaps[4], EXCHANGE_GAP_RECEIPT, EXCHANGE_BY_THEM, "2026-11-02", "2026-12-31", EXCHANGE_GAP_STANDS);
    assert_gap(&gaps[5], EXCHANGE_GAP_COSIGN, EXCHANGE_BY_THEM, "2026-11-03", "2026-12-31", EXCHANGE_GAP_STANDS);
    assert_gap(&gaps[6], EXCHANGE_GAP_RECEIPT, EXCHANGE_BY_US, "2026-12-02", "2026-12-05", EXCHANGE_GAP_ENDED);
    assert_gap(&gaps[7], EXCHANGE_GAP_COSIGN, EXCHANGE_BY_US, "2026-12-06", "2026-12-07", EXCHANGE_GAP_UNKNOWN);
    assert_int_equal(2, counts(&script, EXCHANGE_BY_THEM, LAST)->duties[EXCHANGE_DUTY_RECEIPT]);
    assert_int_equal(1, counts(&script, EXCHANGE_BY_US, LAST)->duties[EXCHANGE_DUTY_RECEIPT]);
    assert_int_equal(2, counts(&script, EXCHANGE_BY_THEM, LAST)->duties[EXCHANGE_DUTY_COSIGN]);
    assert_int_equal(1, script.report.unfitting);
    exchange_report_release(&script.report);
}

/* The newest cosigned checkpoint covers the entry: then the gap had ended when it was made, if that is not after the report. */
static void a_cosigned_checkpoint_ends_a_gap(void **state)
{
    static const struct {
        uint64_t cosigned;
        const char *when, *end;
        enum exchange_gap_end how;
    } cases[] = {
        {2, "2026-11-20", "2026-11-20", EXCHANGE_GAP_BEFORE},
        {1, "2026-11-20", "2026-12-31", EXCHANGE_GAP_STANDS}, /* the terms only */
        {2, "2027-01-20", "2026-11-03", EXCHANGE_GAP_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script script = {.said = 0};
        struct exchange_report_ledger ledger = {.cosigned = cases[i].cosigned, .cosigned_ms = script_time(cases[i].when)};
        exchange_report_init(&script.report, (struct exchange_quarter){2026, 4}, script_time("2026-12-31"));
        assert_ok(exchange_report_ledger(&script.report, &ledger));
        struct exchange_report_entry terms = {.hash = script_hash(++script.said), .entered_ms = 1};
        assert_ok(exchange_report_add(&script.report, &terms));
        uint32_t said = SAY(&script, US, STATE, "2026-11-01", 0, .move = EXCHANGE_RESUME);
        SAY(&script, US, OVERDUE, "2026-11-03", said, .duty = EXCHANGE_DUTY_COSIGN, .owed_by = script_party(EXCHANGE_BY_THEM),
            .due_ms = script_time("2026-11-02"));
        assert_ok(exchange_report_finish(&script.report));
        assert_int_equal(1, script.report.gap_count);
        assert_gap(&script.report.gaps[0], EXCHANGE_GAP_COSIGN, EXCHANGE_BY_THEM, "2026-11-02", cases[i].end, cases[i].how);
        exchange_report_release(&script.report);
    }
}

static void matches_and_refusals_are_counted(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    uint32_t good = SAY(&script, US, MATCH_OFFER, "2026-11-01", 0, .keys = {5});
    uint32_t bad = SAY(&script, US, MATCH_OFFER, "2026-11-02", 0, .keys = {5});
    uint32_t theirs = SAY(&script, THEM, MATCH_OFFER, "2026-11-03", 0, .keys = {5});
    uint32_t accept = SAY(&script, THEM, MATCH_ACCEPT, "2026-11-01", good, .keys = {5});
    uint32_t match = SAY(&script, US, MATCH, "2026-11-01", accept, .keys = {5, 5});
    SAY(&script, US, RECEIPT, "2026-11-01", match, .count = 0); /* who starts a match is sent it */
    SAY(&script, THEM, REFUSAL, "2026-11-02", bad, .word = "over-budget");
    SAY(&script, THEM, MATCH_ABORT, "2026-11-03", theirs, .word = "closed");
    assert_ok(exchange_report_finish(&script.report));
    const struct exchange_report_counts *us = counts(&script, EXCHANGE_BY_US, LAST),
                                        *them = counts(&script, EXCHANGE_BY_THEM, LAST);
    assert_int_equal(2, us->offers);
    assert_int_equal(1, us->matches);
    assert_int_equal(0, us->sent);
    assert_int_equal(3, them->sent);
    assert_int_equal(1, them->receipted);
    assert_int_equal(1, them->aborts);
    assert_int_equal(1, them->refusals);
    assert_int_equal(1, them->refusal_words[BASE_E_OVER_BUDGET]);
    assert_int_equal(0, script.report.unfitting);
    exchange_report_release(&script.report);
}

/* Two compartments of one pair in one report are the sum of the two. */
static void several_ledgers_add_up(void **state)
{
    struct script script;
    (void)state;
    script_begin(&script, "2026Q4", "2026-12-31");
    ask(&script, EXCHANGE_BY_US, "2026-11-20", "2026-11-27");
    script_ledger(&script, NULL);
    uint32_t number = ask(&script, EXCHANGE_BY_US, "2026-10-02", "2026-10-09");
    SAY(&script, THEM, ANSWER, "2026-10-03", number, .outcome = EXCHANGE_ANSWERED);
    assert_ok(exchange_report_finish(&script.report));
    assert_int_equal(2, counts(&script, EXCHANGE_BY_US, LAST)->asked);
    assert_int_equal(1, counts(&script, EXCHANGE_BY_US, LAST)->ends[EXCHANGE_END_ANSWERED]);
    assert_int_equal(5, script.report.entries);
    assert_true(script.report.has_hours);
    assert_true(script.report.sides[0].asks[0].asked_ms == script_time("2026-10-02")); /* by date, not by ledger */
    exchange_report_release(&script.report);
}

/* Any sequence: what is counted is counted once. Whatever is said of whatever, at whatever time. */
static void counts_add_up(void **state)
{
    uint64_t seed = 88172645463325252ull;
    (void)state;
    for (unsigned round = 0; round < 400; round++) {
        struct script script;
        int64_t now_ms = script_time("2024-12-20");
        uint64_t asks[2] = {0, 0}, entries = 1;
        script_begin(&script, "2026Q4", round % 4 == 0 ? "2026-02-10" : "2026-12-31");
        script.is_eager = round % 3 == 0;
        for (unsigned i = 0; i < 250; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17; /* xorshift64 (Marsaglia 2003) */
            unsigned dice = (unsigned)(seed >> 24);
            enum exchange_by by = dice % 2;
            enum exchange_kind kind = dice / 2 % 3 == 0 ? EXCHANGE_KIND_ASK : dice / 6 % EXCHANGE_KIND_COUNT;
            uint32_t about = script.said == 0 ? 0 : dice / 512 % script.said + 1;
            now_ms += (int64_t)(seed % 5) * SCRIPT_DAY_MS + (int64_t)(seed % 1000);
            struct exchange_statement said = {.due_ms = now_ms + (int64_t)(dice % 30) * SCRIPT_DAY_MS,
                                              .outcome = dice % 4,
                                              .code = dice % EXCHANGE_CODE_COUNT,
                                              .urgency = dice % 3,
                                              .tell = dice % 2,
                                              .feedback = dice % 2,
                                              .use = dice % 3,
                                              .did = dice % 4,
                                              .verdict = dice % 4,
                                              .duty = dice % EXCHANGE_DUTY_COUNT,
                                              .move = 1 + dice % 3,
                                              .word = "over-budget",
                                              .hit = script_hash(about),
                                              .owed_by = script_party(dice / 8 % 2)};
            uint32_t before = script.said;
            script_say_ms(&script, by, kind, now_ms, kind == EXCHANGE_KIND_ASK ? 0 : about, said);
            bool is_known = now_ms <= script.report.at_ms;
            entries += is_known ? script.said - before : 0;
            asks[by] += is_known && kind == EXCHANGE_KIND_ASK && now_ms >= script.report.begins_ms[0] &&
                        now_ms < script.report.begins_ms[8];
        }
        assert_ok(exchange_report_finish(&script.report));
        assert_int_equal(entries, script.report.entries);
        for (unsigned by = 0; by < 2; by++) {
            const struct exchange_report_side *side = &script.report.sides[by];
            uint64_t sums[4] = {0, 0, 0, 0};
            for (unsigned place = 0; place <= ALL; place++) {
                const struct exchange_report_counts *got = &side->counts[place];
                uint64_t ends = 0, replies = 0, declines = 0, cares = 0, arrived = 0, dids = 0;
                for (enum exchange_end end = 0; end < EXCHANGE_END_COUNT; end++) {
                    ends += got->ends[end];
                    replies += exchange_end_is_reply(end) ? got->ends[end] : 0;
                }
                for (unsigned i = 0; i < EXCHANGE_CODE_COUNT; i++)
                    declines += got->declines[i];
                for (unsigned i = 0; i < EXCHANGE_CARE_COUNT; i++) {
                    cares += got->cares[i];
                    arrived += got->arrived[i];
                }
                for (unsigned i = 0; i < 4; i++)
                    dids += got->dids[i];
                assert_int_equal(got->asked, ends);
                assert_int_equal(got->ends[EXCHANGE_END_DECLINED], declines);
                assert_int_equal(replies, got->in_time + got->late);
                assert_true(got->late <= got->overdue && got->ends[EXCHANGE_END_SILENT] <= got->overdue);
                assert_true(got->in_first <= replies && got->in_first + got->over_first <= got->asked);
                assert_int_equal(got->hits, cares);
                assert_int_equal(by == EXCHANGE_BY_THEM ? got->alerts : 0, arrived);
                assert_int_equal(got->corrections, dids + got->corrections_open + got->corrections_overdue);
                assert_true(got->receipted <= got->sent && got->lapsed_later <= got->lapsed);
                assert_true(got->feedback_given + got->feedback_overdue <= got->feedback_wanted);
                if (place < ALL) {
                    sums[0] += got->asked, sums[1] += got->sent, sums[2] += got->lapsed, sums[3] += got->hits;
                }
            }
            const struct exchange_report_counts *all = &side->counts[ALL];
            assert_true(sums[0] == all->asked && sums[1] == all->sent && sums[2] == all->lapsed && sums[3] == all->hits);
            assert_int_equal(asks[by], all->asked);
            assert_int_equal(all->asked, side->ask_count);
            assert_int_equal(all->corrections, side->correction_count);
            if (side->all.has_estimate) {
                assert_int_equal(all->asked, side->all.replies.count);
                assert_int_equal(all->in_time + all->late, side->all.replies.events);
            }
            assert_int_equal(all->sent, side->all.receipts.count);
            assert_int_equal(all->receipted, side->all.receipts.events);
        }
        for (size_t i = 0; i < script.report.gap_count; i++)
            assert_true(script.report.gaps[i].begin_ms <= script.report.gaps[i].end_ms);
        exchange_report_release(&script.report);
    }
}

static void an_entry_needs_a_ledger(void **state)
{
    struct exchange_report report;
    struct exchange_report_entry entry = {.hash = script_hash(1)};
    (void)state;
    exchange_report_init(&report, (struct exchange_quarter){2026, 4}, 0);
    assert_fails(BASE_E_INTERNAL, exchange_report_add(&report, &entry));
    exchange_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarters_are_read_written_and_counted),
        cmocka_unit_test(an_empty_ledger_has_no_numbers),
        cmocka_unit_test(each_ask_ends_in_its_own_way),
        cmocka_unit_test(a_late_answer_is_late_and_a_deferral_moves_the_date),
        cmocka_unit_test(the_fullest_answer_counts),
        cmocka_unit_test(what_may_not_be_said_changes_nothing),
        cmocka_unit_test(a_reply_may_cross_with_a_withdrawal),
        cmocka_unit_test(an_ask_belongs_to_the_quarter_it_was_asked_in),
        cmocka_unit_test(ten_requests_make_an_estimate),
        cmocka_unit_test(alerts_lapse_by_the_date_and_may_be_decided_later),
        cmocka_unit_test(a_hit_that_nobody_follows_is_counted),
        cmocka_unit_test(feedback_and_corrections_are_owed),
        cmocka_unit_test(receipts_are_timed),
        cmocka_unit_test(gaps_begin_at_the_date_and_end_with_the_receipt),
        cmocka_unit_test(a_cosigned_checkpoint_ends_a_gap),
        cmocka_unit_test(matches_and_refusals_are_counted),
        cmocka_unit_test(several_ledgers_add_up),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(an_entry_needs_a_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
