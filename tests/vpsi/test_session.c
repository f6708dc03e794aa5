/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole sessions over the real VOLE: what they find is the plain intersection, whatever the sizes, the threads and the passes.
 */
#include "support/test.h"

#include "crypto/secret.h"
#include "vpsi/check.h"

static void test_sets_of_many_sizes(void **state)
{
    static const size_t sizes[][3] = {{1, 1, 1},      {1, 1, 0},      {300, 20, 10},  {20, 300, 10},
                                      {5000, 5000, 2500}, {3, 20000, 2}, {20000, 3, 2}, {9000, 40000, 8999}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct pair pair = check_open(sizes[i][0], sizes[i][1], sizes[i][2], (struct vpsi_terms){.output = VPSI_TO_BOTH},
                                      1 + i % 2);
        pair_must_run(&pair);
        check_hits(&pair);
        pair_close(&pair);
    }
}

static void test_payloads_reach_the_other_side_for_hits(void **state)
{
    (void)state;
    for (uint32_t len = 1; len <= VPSI_PAYLOAD_MAX; len += 21) {
        const struct vpsi_terms terms = {.output = VPSI_TO_BOTH, .receiver_payload = len,
                                         .sender_payload = VPSI_PAYLOAD_MAX + 1 - len};
        struct pair pair = check_open(700, 10000, 300, terms, 2);
        pair_must_run(&pair);
        check_hits(&pair);
        pair_close(&pair);
    }
}

static void test_output_to_the_receiver_alone(void **state)
{
    (void)state;
    struct pair pair = check_open(500, 600, 77, (struct vpsi_terms){.output = VPSI_TO_RECEIVER, .sender_payload = 8}, 1);
    pair_must_run(&pair);
    check_hits(&pair);
    pair_close(&pair);
}

static void test_passes_find_the_same(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 3; bits++) {
        const struct vpsi_terms terms = {.output = VPSI_TO_BOTH, .pass_bits = bits, .sender_payload = 5, .receiver_payload = 3};
        struct pair pair = check_open(4000, 9000, 1500, terms, 1);
        pair_must_run(&pair);
        check_hits(&pair);
        pair_close(&pair);
    }
}

static void test_a_large_set(void **state)
{
    (void)state;
    struct pair pair = check_open(200000, 150000, 60000, (struct vpsi_terms){.output = VPSI_TO_BOTH}, 2);
    pair_must_run(&pair);
    check_hits(&pair);
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets_of_many_sizes),
        cmocka_unit_test(test_payloads_reach_the_other_side_for_hits),
        cmocka_unit_test(test_output_to_the_receiver_alone),
        cmocka_unit_test(test_passes_find_the_same),
        cmocka_unit_test(test_a_large_set),
    };
    return crypto_start() == BASE_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
