/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/tables.h"
#include "support/test.h"

/* The exact share of every item, from the slots themselves: no draw is needed to see that no weight was lost. */
static void check_exact(const uint32_t *weights, size_t count)
{
    struct synth_slot *slots = NULL;
    uint32_t total = 0;
    uint64_t got[64] = {0};
    assert_ok(synth_slots_make(weights, count, &slots, &total));
    for (size_t i = 0; i < count; i++) {
        assert_true(slots[i].cut <= total);
        got[i] += slots[i].cut;
        got[slots[i].other] += total - slots[i].cut;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(got[i], (uint64_t)weights[i] * count);
    free(slots);
}

static void test_every_weight_is_kept_exactly(void **state)
{
    (void)state;
    check_exact((uint32_t[]){1}, 1);
    check_exact((uint32_t[]){5, 5, 5, 5}, 4);
    check_exact((uint32_t[]){1, 1000000}, 2);
    check_exact((uint32_t[]){7, 0, 3, 0, 1}, 5);
    check_exact((uint32_t[]){385000, 110000, 95000, 1, 1, 1, 2, 90}, 8);
}

static void test_draws_follow_the_weights(void **state)
{
    (void)state;
    static const uint32_t weights[] = {600, 300, 90, 10};
    struct synth_random random = synth_random_of(1, 2, 3);
    struct synth_slot *slots = NULL;
    uint32_t total = 0, drawn[4] = {0};
    assert_ok(synth_slots_make(weights, 4, &slots, &total));
    for (int i = 0; i < 100000; i++)
        drawn[synth_slots_pick(slots, 4, total, &random)]++;
    for (int i = 0; i < 4; i++) /* five standard deviations of the largest */
        assert_in_range(drawn[i], weights[i] * 100 < 800 ? 0 : weights[i] * 100 - 800, weights[i] * 100 + 800);
    assert_true(drawn[0] > drawn[1] && drawn[1] > drawn[2] && drawn[2] > drawn[3] && drawn[3] > 0);
    free(slots);
}

static void test_weights_that_cannot_be_drawn_from(void **state)
{
    (void)state;
    struct synth_slot *slots = NULL;
    uint32_t total = 0;
    assert_fails(BASE_E_LIMIT, synth_slots_make((uint32_t[]){1}, 0, &slots, &total));
    assert_fails(BASE_E_LIMIT, synth_slots_make((uint32_t[]){0, 0}, 2, &slots, &total));
    assert_fails(BASE_E_LIMIT, synth_slots_make((uint32_t[]){UINT32_MAX, 1}, 2, &slots, &total));
    assert_null(slots);
}

static void test_numbers_are_the_same_on_every_machine(void **state)
{
    (void)state;
    struct synth_random random = synth_random_of(1, 0, 0);
    uint64_t first = synth_random_next(&random), second = synth_random_next(&random);
    assert_int_equal(first, 0xfa72c05a754f82d5U);
    assert_int_equal(second, 0xc8875d882da8d887U);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_weight_is_kept_exactly),
        cmocka_unit_test(test_draws_follow_the_weights),
        cmocka_unit_test(test_weights_that_cannot_be_drawn_from),
        cmocka_unit_test(test_numbers_are_the_same_on_every_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
