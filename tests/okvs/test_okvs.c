/* SPDX-License-Identifier: Apache-2.0
 *
 * What okvs.h promises: every key has its value, whatever the size, the threads and the level of the machine; free slots are
 * random; sets that break the contract are refused.
 */
#include "support/test.h"

#include "okvs/keys.h"

struct store {
    struct okvs_params params;
    struct block *keys, *values, *slots, *decoded, seed, filler;
    size_t count;
};

static struct store store_of(size_t count, uint64_t seed)
{
    struct store store = {.count = count, .seed = {{seed, 5}}, .filler = {{seed, 6}}};
    assert_ok(okvs_params_for(count, &store.params));
    store.keys = keys_blocks(count);
    store.values = keys_blocks(count);
    store.decoded = keys_blocks(count);
    store.slots = keys_blocks(store.params.slots);
    keys_sorted(seed, store.keys, count);
    keys_random(seed + 1000, store.values, count);
    return store;
}

static void store_free(struct store *store)
{
    free(store->keys);
    free(store->values);
    free(store->slots);
    free(store->decoded);
}

static enum base_code store_encode(struct store *store, unsigned threads)
{
    void *arena = malloc(okvs_encode_arena(&store->params, threads));
    const enum base_code code = okvs_encode(&store->params, store->seed, store->keys, store->values, store->count,
                                            store->filler, threads, arena, store->slots);
    free(arena);
    return code;
}

static void assert_store_holds(struct store *store, unsigned threads)
{
    memset(store->decoded, 0xaa, store->count * sizeof *store->decoded);
    assert_ok(okvs_decode(&store->params, store->seed, store->keys, store->count, store->slots, threads, store->decoded));
    assert_memory_equal(store->values, store->decoded, store->count * sizeof *store->values);
}

static void test_every_size_up_to_a_window_and_beyond(void **state)
{
    (void)state;
    for (size_t count = 0; count < 700; count++) {
        struct store store = store_of(count, count + 1);
        assert_ok(store_encode(&store, 1));
        assert_store_holds(&store, 1);
        store_free(&store);
    }
}

static void test_large_sets_on_several_threads(void **state)
{
    static const size_t counts[] = {5000, 100000, OKVS_STRIP_KEYS + 70000};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct store store = store_of(counts[i], i + 40);
        assert_ok(store_encode(&store, 1));
        assert_store_holds(&store, 3);
        struct block *once = store.slots;
        store.slots = keys_blocks(store.params.slots);
        assert_ok(store_encode(&store, 4));
        assert_memory_equal(once, store.slots, store.params.slots * sizeof *once);
        free(once);
        store_free(&store);
    }
}

/* The definition of okvs 2, slot by slot. */
static struct block decode_plainly(const struct store *store, struct block key)
{
    const uint64_t starts = store->params.strips * store->params.strip_starts;
    const uint64_t start = (uint64_t)(((unsigned __int128)key.word[0] * starts) >> 64);
    const struct block *strip = store->slots + start / store->params.strip_starts * store->params.strip_slots;
    const uint64_t first = start % store->params.strip_starts * OKVS_ALIGN;
    struct block_aes aes;
    struct block row[2] = {key, {{key.word[0], key.word[1] ^ 1}}}, sum = BLOCK_ZERO;
    block_aes_init(&aes, store->seed);
    block_aes_encrypt(&aes, row, row, 2);
    for (uint64_t slot = first; slot < first + OKVS_BAND; slot++)
        if (block_bit(row[slot % 256 / 128], slot % 128) == 1)
            sum = block_xor(sum, strip[slot]);
    return sum;
}

static void test_decoding_is_as_defined(void **state)
{
    static const size_t counts[] = {1, 300, 3000, OKVS_STRIP_KEYS + 1};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct store store = store_of(counts[i], i + 60);
        assert_ok(store_encode(&store, 1));
        for (size_t k = 0; k < counts[i]; k += 1 + counts[i] / 200) {
            struct block plain = decode_plainly(&store, store.keys[k]);
            assert_memory_equal(&plain, &store.values[k], sizeof plain);
        }
        store_free(&store);
    }
}

static void test_few_keys_of_a_large_array_and_many_of_a_small_one(void **state)
{
    (void)state;
    struct store large = store_of(60000, 7), small = store_of(50, 8);
    assert_ok(store_encode(&large, 1));
    assert_ok(store_encode(&small, 1));
    struct block keys[40], values[40];
    keys_sorted(99, keys, 40);
    assert_ok(okvs_decode(&large.params, large.seed, keys, 40, large.slots, 1, values));
    for (size_t i = 0; i < 40; i++) {
        struct block plain = decode_plainly(&large, keys[i]);
        assert_memory_equal(&plain, &values[i], sizeof plain);
    }
    assert_ok(okvs_decode(&small.params, small.seed, large.keys, large.count, small.slots, 2, large.decoded));
    for (size_t i = 0; i < large.count; i += 100) {
        struct block plain = decode_plainly(&small, large.keys[i]);
        assert_memory_equal(&plain, &large.decoded[i], sizeof plain);
    }
    store_free(&large);
    store_free(&small);
}

static void test_every_level_gives_the_same(void **state)
{
    (void)state;
    struct store store = store_of(2000, 11);
    assert_ok(store_encode(&store, 1));
    struct block *first = store.slots;
    const enum block_level best = block_level();
    for (int level = BLOCK_PORTABLE; level <= (int)best; level++) {
        store.slots = keys_blocks(store.params.slots);
        assert_ok(block_set_level((enum block_level)level));
        assert_ok(store_encode(&store, 1));
        assert_store_holds(&store, 1);
        assert_memory_equal(first, store.slots, store.params.slots * sizeof *first);
        free(store.slots);
    }
    assert_ok(block_set_level(best));
    store.slots = first;
    store_free(&store);
}

static void test_slots_look_random(void **state)
{
    (void)state;
    /* Values are all zero, so that what is random comes from the filler alone. */
    struct store store = store_of(500, 12);
    memset(store.values, 0, store.count * sizeof *store.values);
    assert_ok(store_encode(&store, 1));
    size_t ones = 0, zero_slots = 0;
    for (size_t i = 0; i < store.params.slots; i++) {
        ones += (size_t)__builtin_popcountll(store.slots[i].word[0]) + (size_t)__builtin_popcountll(store.slots[i].word[1]);
        zero_slots += (store.slots[i].word[0] | store.slots[i].word[1]) == 0;
    }
    /* The solutions are a space of slots - 500 dimensions: a slot that no free one reaches is zero. */
    assert_in_range(zero_slots, 0, store.params.slots / 20);
    const double expected = 64.0 * (double)(store.params.slots - zero_slots);
    assert_true(fabs((double)ones - expected) < 8 * sqrt(expected) * 3);
    struct block *before = store.slots;
    store.slots = keys_blocks(store.params.slots);
    store.filler.word[0]++;
    assert_ok(store_encode(&store, 1));
    size_t same = 0;
    for (size_t i = 0; i < store.params.slots; i++)
        same += block_equal(&before[i], &store.slots[i]);
    assert_true(same <= zero_slots);
    assert_store_holds(&store, 1);
    free(before);
    store_free(&store);
}

static void test_a_key_may_come_twice_with_one_value_only(void **state)
{
    (void)state;
    struct store store = store_of(400, 13);
    store.keys[101] = store.keys[100];
    store.values[101] = store.values[100];
    assert_ok(store_encode(&store, 1));
    assert_store_holds(&store, 1);
    store.values[101].word[1] ^= 1;
    assert_fails(BASE_E_INTERNAL, store_encode(&store, 1));
    store_free(&store);
}

static void test_keys_out_of_order_or_too_many(void **state)
{
    (void)state;
    struct store store = store_of(3000, 14);
    struct block last = store.keys[2999];
    store.keys[2999] = store.keys[0];
    assert_fails(BASE_E_ARGUMENT, store_encode(&store, 1));
    assert_fails(BASE_E_ARGUMENT, okvs_decode(&store.params, store.seed, store.keys, 3000, store.slots, 1, store.decoded));
    store.keys[2999] = last;
    assert_ok(store_encode(&store, 1));
    store.params.count--;
    assert_fails(BASE_E_ARGUMENT, store_encode(&store, 1));
    store_free(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size_up_to_a_window_and_beyond),
        cmocka_unit_test(test_large_sets_on_several_threads),
        cmocka_unit_test(test_decoding_is_as_defined),
        cmocka_unit_test(test_few_keys_of_a_large_array_and_many_of_a_small_one),
        cmocka_unit_test(test_every_level_gives_the_same),
        cmocka_unit_test(test_slots_look_random),
        cmocka_unit_test(test_a_key_may_come_twice_with_one_value_only),
        cmocka_unit_test(test_keys_out_of_order_or_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
