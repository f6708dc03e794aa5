/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/survival.h"

#include "support/test.h"

#include <math.h>

enum { WEEK_MS = 604800000 };

#define assert_near(expected, got, within)                                                                                     \
    do {                                                                                                                       \
        double near_expected = (expected), near_got = (got);                                                                   \
        if (!(fabs(near_expected - near_got) <= (within)))                                                                     \
            fail_msg("%s: %.6f, expected %.6f", #got, near_got, near_expected);                                                \
    } while (0)

/* The step at exactly this time. */
static const struct exchange_survival_step *step_at(const struct exchange_survival *survival, int64_t time_ms)
{
    const struct exchange_survival_step *step = exchange_survival_at(survival, time_ms);
    assert_non_null(step);
    assert_true(step->time_ms == time_ms);
    return step;
}

/* Weeks in remission of the 21 children under 6-mercaptopurine: E. J. Freireich and others, Blood 21 (1963) 699-716, as the
 * textbooks give them (E. A. Gehan, Biometrika 52 (1965) 203-223; D. R. Cox, D. Oakes, "Analysis of Survival Data", 1984,
 * table 1.1). Negative: still in remission when last seen. Estimates and standard errors are those of the textbooks and of
 * SAS PROC LIFETEST, limits those of its CONFTYPE=LOGLOG and of Stata's "sts list". */
static void the_textbook_example_comes_out(void **state)
{
    static const int weeks[] = {6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35};
    static const struct {
        int week;
        unsigned at_risk, events;
        double survival, error, low, high;
    } expected[] = {
        {6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516},  {7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228},
        {10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894}, {13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491},
        {16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049}, {22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468},
        {23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801},
    };
    enum { COUNT = sizeof weeks / sizeof *weeks };
    struct exchange_observation observations[COUNT];
    struct exchange_survival survival;
    (void)state;
    for (int i = 0; i < COUNT; i++) { /* in no order */
        int week = weeks[i * 8 % COUNT];
        observations[i] = (struct exchange_observation){(int64_t)abs(week) * WEEK_MS, week > 0};
    }
    assert_ok(exchange_survival_estimate(observations, COUNT, &survival));
    assert_int_equal(COUNT, survival.count);
    assert_int_equal(9, survival.events);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct exchange_survival_step *step = step_at(&survival, (int64_t)expected[i].week * WEEK_MS);
        assert_int_equal(expected[i].at_risk, step->at_risk);
        assert_int_equal(expected[i].events, step->events);
        assert_true(step->has_limits);
        assert_near(expected[i].survival, step->survival, 0.00005);
        assert_near(expected[i].error, step->error, 0.00005);
        assert_near(expected[i].low, step->low, 0.00005);
        assert_near(expected[i].high, step->high, 0.00005);
    }
    /* Median 23 weeks, limits 13 and not reached. */
    assert_true(survival.has_median && survival.has_median_low);
    assert_false(survival.has_median_high);
    assert_int_equal(23, survival.median_ms / WEEK_MS);
    assert_int_equal(13, survival.median_low_ms / WEEK_MS);
    /* What is censored stays at the level before; the last five weeks are known of nobody else. */
    assert_near(0.4482, step_at(&survival, 35LL * WEEK_MS)->survival, 0.00005);
    assert_int_equal(1, step_at(&survival, 35LL * WEEK_MS)->at_risk);
    exchange_survival_release(&survival);
}

/* By hand: 1, 2, 2+, 3, 5+ days. At 1: 4/5. At 2: 4/5 * 3/4 = 3/5. At 3: 3/5 * 1/2 = 3/10. Greenwood's sums: 1/20;
 * 1/20 + 1/12 = 2/15; 2/15 + 1/2 = 19/30. */
static void small_numbers_by_hand(void **state)
{
    struct exchange_observation observations[] = {{5, false}, {2, true}, {1, true}, {3, true}, {2, false}};
    struct exchange_survival survival;
    (void)state;
    assert_ok(exchange_survival_estimate(observations, 5, &survival));
    assert_int_equal(4, survival.step_count);
    assert_null(exchange_survival_at(&survival, 0));
    assert_near(0.8, step_at(&survival, 1)->survival, 1e-12);
    assert_near(0.8 * sqrt(1.0 / 20), step_at(&survival, 1)->error, 1e-12);
    assert_near(0.6, step_at(&survival, 2)->survival, 1e-12);
    assert_near(0.6 * sqrt(2.0 / 15), step_at(&survival, 2)->error, 1e-12);
    assert_int_equal(1, step_at(&survival, 2)->censored);
    assert_near(0.3, step_at(&survival, 3)->survival, 1e-12);
    assert_near(0.3 * sqrt(19.0 / 30), step_at(&survival, 3)->error, 1e-12);
    double width = 1.959963984540054 * sqrt(19.0 / 30) / log(0.3);
    assert_near(pow(0.3, exp(-width)), step_at(&survival, 3)->low, 1e-12);
    assert_near(pow(0.3, exp(width)), step_at(&survival, 3)->high, 1e-12);
    assert_near(0.3, exchange_survival_at(&survival, 4)->survival, 1e-12);
    assert_int_equal(3, survival.median_ms);
    exchange_survival_release(&survival);
}

static void nothing_everything_and_nobody(void **state)
{
    struct exchange_observation open[] = {{4, false}, {9, false}}, at_once[] = {{7, true}, {7, true}, {7, true}};
    struct exchange_observation half[] = {{1, true}, {2, false}}, negative[] = {{1, true}, {-1, true}};
    struct exchange_survival survival;
    (void)state;
    assert_ok(exchange_survival_estimate(NULL, 0, &survival));
    assert_int_equal(0, survival.step_count);
    assert_false(survival.has_median);
    assert_ok(exchange_survival_estimate(open, 2, &survival));
    assert_int_equal(0, survival.events);
    assert_near(1, step_at(&survival, 9)->survival, 0);
    assert_false(step_at(&survival, 9)->has_limits || survival.has_median || survival.has_median_low ||
                 survival.has_median_high);
    exchange_survival_release(&survival);
    assert_ok(exchange_survival_estimate(at_once, 3, &survival));
    assert_near(0, step_at(&survival, 7)->survival, 0);
    assert_false(step_at(&survival, 7)->has_limits || survival.has_median_high);
    assert_true(survival.has_median && survival.has_median_low);
    assert_int_equal(7, survival.median_ms);
    exchange_survival_release(&survival);
    assert_ok(exchange_survival_estimate(half, 2, &survival));
    assert_int_equal(1, survival.median_ms); /* at one half is enough */
    exchange_survival_release(&survival);
    assert_fails(BASE_E_RANGE, exchange_survival_estimate(negative, 2, &survival));
    assert_null(survival.steps);
}

/* Without censoring the estimate is the share that is left, and Greenwood's variance is that of a share. The limits hold the
 * estimate between them, and never leave 0 to 1. */
static void without_censoring_it_is_a_share(void **state)
{
    (void)state;
    for (unsigned count = 1; count <= 64; count++) {
        struct exchange_observation observations[64];
        struct exchange_survival survival;
        for (unsigned i = 0; i < count; i++)
            observations[i] = (struct exchange_observation){(int64_t)(i * 37 % 64), true};
        assert_ok(exchange_survival_estimate(observations, count, &survival));
        uint64_t left = count;
        for (size_t i = 0; i < survival.step_count; i++) {
            const struct exchange_survival_step *step = &survival.steps[i];
            assert_int_equal(left, step->at_risk);
            left -= step->events;
            double share = (double)left / count;
            assert_near(share, step->survival, 1e-12);
            assert_near(sqrt(share * (1 - share) / count), step->error, 1e-12);
            assert_true(step->low >= 0 && step->low <= step->survival && step->survival <= step->high && step->high <= 1);
        }
        assert_int_equal(0, left);
        exchange_survival_release(&survival);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbook_example_comes_out),
        cmocka_unit_test(small_numbers_by_hand),
        cmocka_unit_test(nothing_everything_and_nobody),
        cmocka_unit_test(without_censoring_it_is_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
