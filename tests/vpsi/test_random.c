/* SPDX-License-Identifier: Apache-2.0
 *
 * Many small sessions against the plain intersection, and sets built to collide. The VOLE is dealt (insecure_dealer.c).
 */
#include "support/test.h"

#include "crypto/secret.h"
#include "vpsi/check.h"

enum { INSTANCES = 10000, ITEMS_MOST = 40 };

static struct vpsi_terms random_terms(uint64_t *random)
{
    struct vpsi_terms terms = {.item_len = VPSI_ITEM_MIN + (uint32_t)(check_next(random) % (VPSI_ITEM_MAX - VPSI_ITEM_MIN + 1)),
                               .output = check_next(random) % 2 == 0 ? VPSI_TO_BOTH : VPSI_TO_RECEIVER,
                               .pass_bits = check_next(random) % 4 == 0 ? (uint32_t)(check_next(random) % 4) : 0};
    if (check_next(random) % 3 == 0)
        terms.sender_payload = (uint32_t)(check_next(random) % (VPSI_PAYLOAD_MAX + 1));
    if (terms.output == VPSI_TO_BOTH && check_next(random) % 3 == 0)
        terms.receiver_payload = (uint32_t)(check_next(random) % (VPSI_PAYLOAD_MAX + 1));
    return terms;
}

/* From a world of few items, so that many meet and many are repeated. */
static struct pair_set random_set(uint64_t *random, const struct vpsi_terms *terms, uint32_t payload)
{
    uint64_t ids[ITEMS_MOST];
    const size_t count = check_next(random) % (ITEMS_MOST + 1);
    const uint64_t world = 1 + check_next(random) % 100;
    for (size_t i = 0; i < count; i++)
        ids[i] = check_next(random) % world;
    return pair_set_of(ids, count, terms->item_len, payload);
}

static void run_sets(struct vpsi_terms terms, struct pair_set receiver, struct pair_set sender, uint64_t seed)
{
    terms.receiver_count = receiver.count;
    terms.sender_count = sender.count;
    struct pair pair = {.terms = terms, .sets = {receiver, sender}, .seeds = {seed, seed + 1}, .threads = 1};
    pair_open(&pair);
    pair_must_run(&pair);
    check_hits(&pair);
    pair_close(&pair);
}

static void test_ten_thousand_small_instances(void **state)
{
    uint64_t random = 2463534242;
    (void)state;
    for (uint64_t i = 0; i < INSTANCES; i++) {
        const struct vpsi_terms terms = random_terms(&random);
        const struct pair_set receiver = random_set(&random, &terms, terms.receiver_payload);
        run_sets(terms, receiver, random_set(&random, &terms, terms.sender_payload), 2 * i);
    }
}

static struct pair_set filled_set(size_t count, uint8_t (*byte)(size_t item, size_t at))
{
    struct pair_set set = {malloc(count * CHECK_ITEM_LEN), malloc(1), count};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < CHECK_ITEM_LEN; k++)
            set.items[i * CHECK_ITEM_LEN + k] = byte(i, k);
    return set;
}

static uint8_t same_start(size_t item, size_t at)
{
    return (uint8_t)(at < CHECK_ITEM_LEN - 2 ? 7 : item >> (8 * (at - (CHECK_ITEM_LEN - 2))));
}

static uint8_t same_start_halved(size_t item, size_t at)
{
    return same_start(item / 2, at);
}

static uint8_t all_the_same(size_t item, size_t at)
{
    (void)item;
    return (uint8_t)at;
}

static uint8_t two_kinds(size_t item, size_t at)
{
    return (uint8_t)(at + item % 2);
}

static uint8_t zeros(size_t item, size_t at)
{
    (void)item;
    (void)at;
    return 0;
}

static uint8_t one_bit(size_t item, size_t at)
{
    return (uint8_t)(at == item / 8 ? 1u << item % 8 : 0);
}

static void test_sets_built_to_collide(void **state)
{
    static uint8_t (*const kinds[])(size_t, size_t) = {same_start, same_start_halved, all_the_same, two_kinds, zeros, one_bit};
    static const size_t counts[] = {1, 2, 150, 168, 1000};
    const struct vpsi_terms terms = {.item_len = CHECK_ITEM_LEN, .output = VPSI_TO_BOTH};
    uint64_t seed = 5000000;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
            for (size_t count = 0; count < sizeof counts / sizeof counts[0]; count++)
                run_sets(terms, filled_set(counts[count], kinds[i]), filled_set(counts[4 - count], kinds[k]), seed += 2);
}

static void test_an_item_repeated_ever_so_often(void **state)
{
    const struct vpsi_terms terms = {.item_len = CHECK_ITEM_LEN, .output = VPSI_TO_BOTH};
    (void)state;
    run_sets(terms, filled_set(100000, all_the_same), filled_set(70000, two_kinds), 1);
}

/* With passes all of them fall to one. */
static void test_repeated_items_overfill_a_pass(void **state)
{
    (void)state;
    struct pair pair = {.terms = {.receiver_count = 9000, .sender_count = 10, .item_len = CHECK_ITEM_LEN, .pass_bits = 4},
                        .sets = {filled_set(9000, all_the_same), filled_set(10, same_start)},
                        .threads = 1};
    pair_open(&pair);
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_ARGUMENT, pair.code);
    assert_int_equal(VPSI_RECEIVER, pair.failed);
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_thousand_small_instances),
        cmocka_unit_test(test_sets_built_to_collide),
        cmocka_unit_test(test_an_item_repeated_ever_so_often),
        cmocka_unit_test(test_repeated_items_overfill_a_pass),
    };
    return crypto_start() == BASE_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
