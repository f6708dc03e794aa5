/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "support/test.h"

static void the_repeatable_source_is_splitmix64(void **state)
{
    (void)state;
    uint64_t seed = 1234567; /* worked out with big integers from the paper's figure */
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u};
    struct base_random random = base_random_repeatable(&seed);
    for (size_t i = 0; i < 3; i++) {
        uint8_t bytes[8];
        uint64_t value = 0;
        assert_ok(base_random_fill(&random, bytes, sizeof bytes));
        for (int at = 7; at >= 0; at--)
            value = value << 8 | bytes[at];
        assert_true(expected[i] == value);
    }
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    uint64_t first_seed = 5, second_seed = 5, other_seed = 6;
    struct base_random first = base_random_repeatable(&first_seed), second = base_random_repeatable(&second_seed);
    struct base_random other = base_random_repeatable(&other_seed);
    uint8_t a[37], b[37], c[37];
    assert_ok(base_random_fill(&first, a, sizeof a));
    assert_ok(base_random_fill(&second, b, sizeof b));
    assert_ok(base_random_fill(&other, c, sizeof c));
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    assert_true(first_seed == second_seed);
}

static void the_system_fills_every_byte(void **state)
{
    (void)state;
    struct base_random random = base_random_system();
    static uint8_t bytes[100000];
    size_t zeros = 0;
    assert_ok(base_random_fill(&random, bytes, sizeof bytes));
    for (size_t i = 0; i < sizeof bytes; i++)
        zeros += bytes[i] == 0;
    assert_true(zeros > 100 && zeros < 1000); /* about 390; outside with a chance below 2^-100 */
    assert_ok(base_random_fill(&random, bytes, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_repeatable_source_is_splitmix64),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(the_system_fills_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
