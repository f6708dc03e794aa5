/* SPDX-License-Identifier: Apache-2.0
 *
 * The sizes of okvs 3: the table keeps to the bound, and the bound keeps to what happens.
 */
#include "support/test.h"

#include "okvs/bound.h"
#include "okvs/keys.h"

static void test_every_size_keeps_the_bound(void **state)
{
    (void)state;
    for (uint64_t count = 0; count < 40000; count = count * 8 / 7 + 1) {
        struct okvs_params params;
        assert_ok(okvs_params_for(count, &params));
        assert_int_equal(1, params.strips);
        assert_int_equal(params.slots, 8 * (params.strip_starts - 1) + 256);
        if (bound_bits(count, params.strip_starts) < OKVS_LAMBDA)
            fail_msg("%llu keys: %.2f bits", (unsigned long long)count, bound_bits(count, params.strip_starts));
        assert_true(params.failure_bits <= bound_bits(count, params.strip_starts));
    }
}

/* The chord between two lines lies above the curve where the lines are far apart, too. */
static void test_large_sizes_keep_the_bound(void **state)
{
    static const uint64_t counts[] = {113000, 454000};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct okvs_params params;
        assert_ok(okvs_params_for(counts[i], &params));
        assert_true(bound_bits(counts[i], params.strip_starts) >= OKVS_LAMBDA);
    }
}

/* Chernoff's bound on more than `room` of `count` keys in one of `strips` strips: -log2. */
static double load_bits(double count, double strips, double room)
{
    const double share = 1 / strips, got = room / count;
    return count * (got * log2(got / share) + (1 - got) * log2((1 - got) / (1 - share))) - log2(strips);
}

static void test_strips_keep_the_bound_together(void **state)
{
    static const unsigned logs[] = {20, 27};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const uint64_t count = (uint64_t)1 << logs[i];
        struct okvs_params params;
        assert_ok(okvs_params_for(count, &params));
        const uint64_t average = count / params.strips, room = average + (uint64_t)(8.6 * sqrt((double)average));
        const double strips = bound_bits(room, params.strip_starts) - log2((double)params.strips);
        const double loads = load_bits((double)count, (double)params.strips, (double)room);
        assert_true(-log2(exp2(-strips) + exp2(-loads)) >= params.failure_bits);
        assert_true((double)params.slots < 1.12 * (double)count);
    }
}

static void test_sizes_over_the_limit(void **state)
{
    struct okvs_params params;
    (void)state;
    assert_ok(okvs_params_for(OKVS_COUNT_MAX, &params));
    assert_fails(BASE_E_LIMIT, okvs_params_for(OKVS_COUNT_MAX + 1, &params));
    assert_fails(BASE_E_LIMIT, okvs_params_for(UINT64_MAX, &params));
}

/* How many of `trials` sets of `count` keys cannot be encoded at `starts` places. */
static unsigned failures(uint64_t count, uint64_t starts, unsigned trials)
{
    struct okvs_params params;
    okvs_params_with(count, 1, starts, &params);
    struct block *keys = keys_blocks(count), *values = keys_blocks(count), *slots = keys_blocks(params.slots);
    double *steps = malloc((count + 1) * sizeof *steps);
    void *arena = malloc(okvs_encode_arena(&params, 1));
    unsigned failed = 0;
    keys_random(1, values, count);
    for (unsigned i = 0; i < trials; i++) {
        keys_in_order(i + 2, keys, count, steps);
        const enum base_code code = okvs_encode(&params, (struct block){{i, 0}}, keys, values, count, (struct block){{i, 1}}, 1,
                                                arena, slots);
        assert_true(code == BASE_OK || code == BASE_E_INTERNAL);
        failed += code != BASE_OK;
    }
    free(keys);
    free(values);
    free(slots);
    free(steps);
    free(arena);
    return failed;
}

/* With arrays too small on purpose. `measured` is what many more trials gave (bench-okvs --failures), as -log2: the count here
 * must be within four standard deviations of it, and the bound must not promise more than what happens. */
static void test_failures_are_as_rare_as_stated(void **state)
{
    static const struct {
        uint64_t count, starts;
        unsigned trials;
        double measured;
    } cases[] = {
        {250, 1, 20000, 6.0}, /* 250 random rows of 256 bits: 2^-6 exactly, but for squares of it */
        {248, 1, 20000, 8.0},
        {1000, 96, 4000, 8.6},
        {4096, 488, 1500, 6.84},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double expected = cases[i].trials * exp2(-cases[i].measured), bits = bound_bits(cases[i].count, cases[i].starts);
        const unsigned failed = failures(cases[i].count, cases[i].starts, cases[i].trials);
        print_message("%llu keys at %llu places: %u of %u failed, 2^-%.2f; bound 2^-%.2f\n", (unsigned long long)cases[i].count,
                      (unsigned long long)cases[i].starts, failed, cases[i].trials, -log2((double)failed / cases[i].trials), bits);
        assert_true(fabs(failed - expected) <= 4 * sqrt(expected) + 1);
        assert_true(failed - 4 * sqrt((double)failed + 1) <= cases[i].trials * exp2(-bits));
    }
}

/* Nothing is as likely to fail that would show in some thousand sets. */
static void test_stated_sizes_do_not_fail(void **state)
{
    static const uint64_t counts[] = {1, 2, 60, 192, 256, 300, 1000, 4096};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct okvs_params params;
        assert_ok(okvs_params_for(counts[i], &params));
        assert_int_equal(0, failures(counts[i], params.strip_starts, 300));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size_keeps_the_bound),
        cmocka_unit_test(test_large_sizes_keep_the_bound),
        cmocka_unit_test(test_strips_keep_the_bound_together),
        cmocka_unit_test(test_sizes_over_the_limit),
        cmocka_unit_test(test_failures_are_as_rare_as_stated),
        cmocka_unit_test(test_stated_sizes_do_not_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
