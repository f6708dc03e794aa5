/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened, as the entries tell: each outcome of an ask, the life of an alert, corrections, gaps, counts.
 */
#include "story.h"

#include "verify/account.h"

#define X       "content: " STORY_HASH "\n"
#define HANDLED "label: TLP:AMBER\ngrading: B2\nhandling: H1\n"
#define D0  "2026-11-24T06:00:00Z"
#define D1  "2026-11-25T06:00:00Z"
#define D2  "2026-11-26T06:00:00Z"
#define D7  "2026-12-01T06:00:00Z"
#define D8  "2026-12-02T06:00:00Z"
#define D14 "2026-12-08T06:00:00Z"
#define D15 "2026-12-09T06:00:00Z"
#define D16 "2026-12-10T06:00:00Z"
#define D30 "2026-12-24T06:00:00Z"
#define DAY(n) (1795500000 + (n) * 86400)
#define ALERT X "persons: 2\nclass: 3\ntell: contact\n" HANDLED "review: " D14 "\n"
#define ASK   "about: -\n" X "urgency: normal\ndue: " D7 "\nfeedback: no\n" HANDLED
#define REPLY(outcome, content) "outcome: " outcome "\ncontent: " content "\nfeedback: yes\n" HANDLED "reason: \n"
#define HIT(grade) X "grade: " grade "\ntell: contact\ndue: " D1 "\n"
#define OVERDUE(duty, owed, due, hit) "duty: " duty "\nowed-by: " owed "\ndue: " due "\nhit: " hit "\n"
#define WHY   "reason: \n"

static struct story story;
static struct verify_export export;
static struct verify_account account;

static int begin(void **state)
{
    (void)state;
    story_begin(&story);
    return 0;
}

static int end(void **state)
{
    (void)state;
    verify_account_release(&account);
    verify_export_release(&export);
    story_end(&story);
    return 0;
}

static void own(const char *kind, const char *time, const char *lines)
{
    story_say_at(&story, kind, 0, time, lines, "a");
}

static void hear(const char *kind, const char *time, const char *lines)
{
    story_hear(&story, kind, time, lines);
}

/* As it stands when cosigned on that day. */
static void make_account(int day)
{
    const char *const nobody[2] = {NULL, NULL};
    struct verify_report report;
    story.cosigned = (uint64_t)DAY(day);
    const struct verify_folder folder = verify_folder_at(story_export(&story, 0, "a"));
    if (verify_export_read(&export, &folder, nobody, &report) != VERIFY_OK)
        fail_msg("%s: %s (%s)", report.where, report.reason, report.clause);
    assert_int_equal(VERIFY_OK, verify_account_make(&export, &account, &report));
}

static void expect_ask(size_t at, enum verify_ask_end end_is, int ended_day, int due_day, bool is_late, bool has_passed)
{
    const struct verify_ask *ask = &account.asks[at];
    assert_string_equal(verify_ask_end_word(end_is), verify_ask_end_word(ask->end));
    assert_int_equal(ended_day < 0 ? 0 : DAY(ended_day), ask->ended);
    assert_int_equal(DAY(due_day), ask->due);
    assert_int_equal(is_late, ask->is_late);
    assert_int_equal(has_passed, ask->has_passed);
}

static void every_outcome_of_an_ask(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 12; i++) /* 1 to 12, a second apart */
        story_say(&story, "ask", 0, i, "about: -\n" X "urgency: normal\ndue: 2026-12-01T06:00:30Z\nfeedback: no\n" HANDLED, "a");
    hear("answer", D1, "about: @1\n" REPLY("answered", STORY_HASH));             /* 13 */
    hear("answer", D1, "about: @2\n" REPLY("partly-answered", STORY_HASH));      /* 15 */
    hear("answer", D1, "about: @3\n" REPLY("no-trace", "-"));                    /* 17 */
    hear("answer", D1, "about: @4\n" REPLY("transferred", "-"));                 /* 19 */
    hear("decline", D1, "about: @5\ncode: ENDANGERS_PERSON\n" WHY);              /* 21 */
    own("withdraw", D1, "about: @6\n" WHY);                                      /* 23 */
    hear("defer", D2, "about: @7\ndue: " D14 "\n" WHY);                          /* 24 */
    own("overdue", D8, "about: @8\n" OVERDUE("answer", "$1", "2026-12-01T06:00:30Z", "-")); /* 26 */
    own("overdue", D8, "about: @9\n" OVERDUE("answer", "$1", "2026-12-01T06:00:30Z", "-")); /* 27 */
    hear("answer", D14, "about: @9\n" REPLY("answered", STORY_HASH));            /* 28: late */
    hear("answer", D1, "about: @2\n" REPLY("answered", STORY_HASH));             /* 30: the rest */
    own("withdraw", D1, "about: @10\n" WHY);                                     /* 32 */
    hear("answer", D2, "about: @10\n" REPLY("answered", STORY_HASH));            /* 33: crossed */
    hear("answer", D8, "about: @11\n" REPLY("answered", STORY_HASH));            /* 35: after the date, no overdue */
    make_account(9);
    assert_int_equal(12, account.ask_count);
    struct {
        enum verify_ask_end end;
        int ended;
        bool is_late, has_passed;
    } expected[] = {{VERIFY_ASK_ANSWERED, 1, false, false}, {VERIFY_ASK_ANSWERED, 1, false, false}, {VERIFY_ASK_NO_TRACE, 1, false, false},
                    {VERIFY_ASK_TRANSFERRED, 1, false, false}, {VERIFY_ASK_DECLINED, 1, false, false}, {VERIFY_ASK_WITHDRAWN, 1, false, false},
                    {VERIFY_ASK_DEFERRED, -1, false, false}, {VERIFY_ASK_SILENT, -1, true, false}, {VERIFY_ASK_ANSWERED, 14, true, false},
                    {VERIFY_ASK_WITHDRAWN, 1, false, false}, {VERIFY_ASK_ANSWERED, 8, true, false}, {VERIFY_ASK_OPEN, -1, false, true}};
    for (size_t i = 0; i < 12; i++) {
        const struct verify_ask *ask = &account.asks[i];
        assert_int_equal(i + 1, ask->index);
        assert_string_equal(verify_ask_end_word(expected[i].end), verify_ask_end_word(ask->end));
        assert_int_equal(expected[i].ended < 0 ? 0 : DAY(expected[i].ended), ask->ended);
        assert_int_equal(expected[i].is_late, ask->is_late);
        assert_int_equal(expected[i].has_passed, ask->has_passed);
        assert_int_equal(i == 6 ? DAY(14) : DAY(7) + 30, ask->due);
        assert_int_equal(i == 6 ? 1 : 0, ask->defers);
    }
    assert_string_equal("ENDANGERS_PERSON", verify_codes.items[account.asks[4].code]);
}

static void an_ask_of_the_other_party(void **state)
{
    (void)state;
    hear("ask", D0, ASK);                                                             /* 1 */
    own("defer", D1, "about: @1\ndue: " D8 "\n" WHY);                                 /* 3 */
    hear("overdue", D16, "about: @1\n" OVERDUE("answer", "$0", D8, "-"));             /* 4 */
    make_account(20);
    expect_ask(0, VERIFY_ASK_SILENT, -1, 8, true, false);
    assert_int_equal(1, account.asks[0].overdues);
}

static void the_life_of_an_alert(void **state)
{
    (void)state;
    hear("alert", D0, ALERT);                                                     /* 1 */
    own("hit", D0, "about: @1\n" HIT("exact"));                                   /* 3 */
    own("hit", D1, "about: @1\n" HIT("strong"));                                  /* 4 */
    own("hit", D2, "about: @1\n" HIT("possible"));                                /* 5 */
    own("hit", D7, "about: @1\n" HIT("possible"));                                /* 6 */
    own("verdict", D1, "about: @3\n" X "verdict: unsure\n");                      /* 7 */
    own("verdict", D2, "about: @3\n" X "verdict: confirmed\n");                   /* 8 */
    own("verdict", D2, "about: @4\n" X "verdict: rejected\n");                    /* 9 */
    own("verdict", D2, "about: @1\n" X "verdict: assessed\n");                    /* 10 */
    own("tell", D2, "about: @1\nhit: @3\n" X HANDLED);                            /* 11 */
    own("tell-decline", D2, "about: @1\nhit: @5\ncode: NO_LEGAL_BASIS\n" WHY);    /* 12 */
    own("overdue", D8, "about: @1\n" OVERDUE("tell", "$0", D1, "@6"));            /* 13 */
    own("overdue", D14, "about: @6\n" OVERDUE("task", "$0", "2026-12-04T06:00:00Z", "-")); /* 14 */
    own("overdue", D15, "about: @1\n" OVERDUE("review", "$1", D14, "-"));         /* 15 */
    hear("alert-renew", D16, "about: @1\n" X "review: " D30 "\n");                /* 16 */
    own("alert-served", D0, "about: @1\n" WHY);                                   /* 18 */
    own("overdue", D16, "about: @18\n" OVERDUE("justify", "$1", D15, "-"));       /* 19 */
    own("alert-close", D16, "about: @1\n" WHY);                                   /* 20 */
    hear("alert", D1, ALERT);                                                     /* 21 */
    own("overdue", D15, "about: @21\n" OVERDUE("review", "$1", D14, "-"));        /* 23 */
    make_account(40);
    assert_int_equal(2, account.alert_count);
    const struct verify_alert *alert = &account.alerts[0];
    assert_int_equal(1, alert->hits[VERIFY_EXACT]);
    assert_int_equal(1, alert->hits[VERIFY_STRONG]);
    assert_int_equal(2, alert->hits[VERIFY_POSSIBLE]);
    assert_int_equal(1, alert->verdicts[VERIFY_CONFIRMED]);
    assert_int_equal(0, alert->verdicts[VERIFY_UNSURE]);
    assert_int_equal(1, alert->verdicts[VERIFY_REJECTED]);
    assert_int_equal(1, alert->verdicts[VERIFY_ASSESSED]);
    assert_int_equal(2, alert->unjudged);
    assert_int_equal(1, alert->judged_late);
    assert_int_equal(1, alert->told);
    assert_int_equal(1, alert->declined);
    assert_int_equal(1, alert->told_late);
    assert_int_equal(1, alert->lapses);
    assert_int_equal(DAY(15), alert->lapsed_at);
    assert_int_equal(DAY(16), alert->decided_at);
    assert_int_equal(DAY(30), alert->review);
    assert_int_equal(1, alert->renewals);
    assert_int_equal(1, alert->served);
    assert_int_equal(1, alert->justify_overdue);
    assert_int_equal(DAY(16), alert->closed);
    assert_int_equal(0, alert->closed_by);
    assert_int_equal(21, account.alerts[1].index);
    assert_int_equal(0, account.alerts[1].closed);
    assert_int_equal(1, account.alerts[1].lapses);
    assert_int_equal(0, account.alerts[1].decided_at);
}

static void corrections_gaps_and_counts(void **state)
{
    (void)state;
    own("alert", D0, ALERT);                                                      /* 1 */
    story_say_at(&story, "receipt", 1, D2, "about: @1\n", "b");                   /* 2 */
    own("correction", D1, "about: @1\naction: erase\ncontent: -\n" WHY);          /* 3 */
    own("overdue", D8, "about: @3\n" OVERDUE("correction", "$1", D8, "-"));       /* 4 */
    hear("corrected", D14, "about: @3\ndid: not-held\n" WHY);                     /* 5 */
    own("correction", D2, "about: @1\naction: restrict\ncontent: -\n" WHY);       /* 7 */
    own("overdue", D1, "about: @1\n" OVERDUE("receipt", "$1", D1, "-"));          /* 8 */
    own("overdue", D8, "about: @7\n" OVERDUE("receipt", "$1", D7, "-"));          /* 9 */
    own("overdue", D8, "about: @7\n" OVERDUE("cosign", "$1", D7, "-"));           /* 10 */
    own("retention", D8, X "erased: 3\n");                                        /* 11 */
    own("retention", D14, X "erased: 4\n");                                       /* 12 */
    own("hold", D14, X);                                                          /* 13 */
    hear("ask", D0, ASK);                                                         /* 14 */
    own("answer", D1, "about: @14\n" REPLY("answered", STORY_HASH));              /* 16 */
    hear("feedback", D1, "about: @16\nuse: not-useful\n" WHY);                    /* 17 */
    own("answer", D2, "about: @14\n" REPLY("no-trace", "-"));                     /* 19 */
    own("overdue", "2027-01-01T06:00:00Z", "about: @19\n" OVERDUE("feedback", "$1", "2026-12-26T06:00:00Z", "-")); /* 20 */
    own("conflict", D14, "about: " STORY_HASH "\n" X);                            /* 21 */
    make_account(60);
    assert_int_equal(2, account.correction_count);
    assert_int_equal(DAY(14), account.corrections[0].done);
    assert_int_equal(VERIFY_DID_NOT_HOLD, account.corrections[0].did);
    assert_true(account.corrections[0].is_overdue);
    assert_int_equal(7, account.corrections[1].index);
    assert_int_equal(0, account.corrections[1].done);
    assert_false(account.corrections[1].is_overdue);
    assert_int_equal(3, account.gap_count);
    assert_int_equal(DAY(2), account.gaps[0].ended);
    assert_int_equal(0, account.gaps[1].ended);
    assert_int_equal(0, account.gaps[2].ended);
    assert_int_equal(7, account.erased);
    assert_int_equal(2, account.kinds[VERIFY_KIND_RETENTION]);
    assert_int_equal(1, account.kinds[VERIFY_KIND_HOLD]);
    assert_int_equal(1, account.kinds[VERIFY_KIND_CONFLICT]);
    assert_int_equal(1, account.uses[VERIFY_NOT_USEFUL]);
    assert_int_equal(1, account.feedback_overdue);
    assert_int_equal(9, account.unreceipted); /* 3 4 7 8 9 10 16 19 20 */
    assert_int_equal(DAY(1), account.unreceipted_since);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(every_outcome_of_an_ask),
        STORY(an_ask_of_the_other_party),
        STORY(the_life_of_an_alert),
        STORY(corrections_gaps_and_counts),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
