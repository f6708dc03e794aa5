/* SPDX-License-Identifier: Apache-2.0
 *
 * What the bytes on the line say: kinds, numbers and lengths of messages follow from the terms alone, the order of the items leaves
 * no trace, and the parts of the protocol that are not sessions: sorting and the code of masks. The VOLE is dealt.
 */
#include "support/test.h"

#include "crypto/secret.h"
#include "vpsi/check.h"
#include "vpsi/masks.h"
#include "vpsi/sort.h"

static void shape_of(size_t receiver, size_t sender, size_t common, struct vpsi_terms terms, bool has_repeats,
                     struct crypto_hash out[2])
{
    struct pair pair = check_open(receiver, sender, common, terms, 1);
    if (has_repeats)
        for (size_t role = 0; role < 2; role++)
            memcpy(pair.sets[role].items + CHECK_ITEM_LEN, pair.sets[role].items, CHECK_ITEM_LEN);
    pair_must_run(&pair);
    for (size_t role = 0; role < 2; role++)
        crypto_running_final(&pair.shapes[role], &out[role]);
    pair_close(&pair);
}

static void test_shape_depends_on_the_terms_alone(void **state)
{
    const struct vpsi_terms terms = {.output = VPSI_TO_RECEIVER, .sender_payload = 9};
    struct crypto_hash first[2], other[2];
    (void)state;
    shape_of(900, 20000, 0, terms, false, first);
    for (size_t i = 0; i < 3; i++) {
        shape_of(900, 20000, 300 * (i + 1), terms, i == 1, other);
        assert_memory_equal(first, other, sizeof first);
    }
}

/* With an answer to the sender, the number of hits shows too, and nothing else. */
static void test_shape_with_returns(void **state)
{
    const struct vpsi_terms terms = {.output = VPSI_TO_BOTH};
    struct crypto_hash first[2], other[2];
    (void)state;
    shape_of(6000, 7000, 5000, terms, false, first);
    shape_of(6000, 7000, 1, terms, false, other);
    assert_memory_not_equal(&first[VPSI_RECEIVER], &other[VPSI_RECEIVER], sizeof first[0]);
    assert_memory_equal(&first[VPSI_SENDER], &other[VPSI_SENDER], sizeof first[0]);
}

static void turn_round(struct pair_set *set)
{
    for (size_t i = 0; i < set->count / 2; i++)
        for (size_t k = 0; k < CHECK_ITEM_LEN; k++) {
            uint8_t *a = &set->items[i * CHECK_ITEM_LEN + k], *b = &set->items[(set->count - 1 - i) * CHECK_ITEM_LEN + k];
            const uint8_t byte = *a;
            *a = *b;
            *b = byte;
        }
}

static void test_order_of_items_leaves_no_trace(void **state)
{
    struct crypto_hash transcripts[2];
    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        struct pair pair = check_open(3000, 9000, 1000, (struct vpsi_terms){.output = VPSI_TO_BOTH}, 1);
        for (size_t role = 0; turn == 1 && role < 2; role++)
            turn_round(&pair.sets[role]);
        pair_must_run(&pair);
        check_hits(&pair);
        assert_ok(vpsi_session_transcript(pair.sessions[0], &transcripts[turn]));
        pair_close(&pair);
    }
    assert_memory_equal(&transcripts[0], &transcripts[1], sizeof transcripts[0]); /* the same bytes, from the same randomness */
}

static void test_sizes_at_the_limits(void **state)
{
    struct vpsi_terms terms = {.receiver_count = VPSI_SET_MAX, .sender_count = VPSI_SET_MAX, .item_len = 16};
    (void)state;
    assert_ok(vpsi_terms_check(&terms));
    assert_int_equal(SIZE_MAX, vpsi_arena_size(&terms, VPSI_RECEIVER, 1)); /* more slots than one VOLE has */
    terms.pass_bits = 1;
    assert_true(vpsi_arena_size(&terms, VPSI_RECEIVER, 1) != SIZE_MAX);
    const uint32_t bits = vpsi_pass_bits_for(&terms, 1, (size_t)4 << 30);
    terms.pass_bits = bits;
    assert_true(vpsi_arena_size(&terms, VPSI_RECEIVER, 1) <= (size_t)4 << 30);
    terms.pass_bits = bits - 1;
    assert_true(vpsi_arena_size(&terms, VPSI_RECEIVER, 1) > (size_t)4 << 30);
}

static void test_terms_that_are_refused(void **state)
{
    const struct vpsi_terms right = {.receiver_count = 5, .sender_count = 5, .item_len = 16};
    struct vpsi_terms terms;
    (void)state;
    assert_ok(vpsi_terms_check(&right));
#define REFUSED(expected, field, value)                                                            \
    terms = right;                                                                                 \
    terms.field = (value);                                                                         \
    assert_fails(expected, vpsi_terms_check(&terms))
    REFUSED(BASE_E_LIMIT, receiver_count, VPSI_SET_MAX + 1u);
    REFUSED(BASE_E_LIMIT, sender_count, UINT64_MAX);
    REFUSED(BASE_E_LIMIT, item_len, VPSI_ITEM_MIN - 1);
    REFUSED(BASE_E_LIMIT, item_len, VPSI_ITEM_MAX + 1);
    REFUSED(BASE_E_LIMIT, sender_payload, VPSI_PAYLOAD_MAX + 1);
    REFUSED(BASE_E_LIMIT, receiver_payload, VPSI_PAYLOAD_MAX + 1);
    REFUSED(BASE_E_LIMIT, pass_bits, VPSI_PASS_BITS_MAX + 1);
    REFUSED(BASE_E_ARGUMENT, receiver_payload, 1);
    REFUSED(BASE_E_ARGUMENT, output, (enum vpsi_output)2);
#undef REFUSED
}

static void test_configurations_that_are_refused(void **state)
{
    (void)state;
    struct pair pair = check_open(5, 5, 1, (struct vpsi_terms){.output = VPSI_TO_RECEIVER, .sender_payload = 4}, 1);
    struct vpsi_session *session;
    struct vpsi_config config = pair_config(&pair, VPSI_SENDER);
    config.payloads = NULL;
    assert_fails(BASE_E_ARGUMENT, vpsi_session_new(&config, &session));
    config = pair_config(&pair, VPSI_SENDER);
    config.items = NULL;
    assert_fails(BASE_E_ARGUMENT, vpsi_session_new(&config, &session));
    config = pair_config(&pair, VPSI_SENDER);
    config.arena_len--;
    assert_fails(BASE_E_ARGUMENT, vpsi_session_new(&config, &session));
    config = pair_config(&pair, VPSI_SENDER);
    config.arena = (uint8_t *)config.arena + 8;
    assert_fails(BASE_E_ARGUMENT, vpsi_session_new(&config, &session));
    pair_close(&pair);
}

static void assert_sorts(size_t count, uint64_t (*key)(size_t i, uint64_t random), unsigned threads)
{
    struct vpsi_place *from = calloc(count + 1, sizeof *from), *to = calloc(count + 1, sizeof *to);
    uint8_t *is_seen = calloc(count + 1, 1);
    uint64_t *keys = calloc(count + 1, sizeof *keys), random = 123456789;
    for (size_t i = 0; i < count; i++) {
        keys[i] = key(i, check_next(&random));
        from[i] = (struct vpsi_place){.key = keys[i], .index = (uint32_t)i};
    }
    assert_ok(vpsi_sort(from, to, count, threads));
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || to[i - 1].key <= to[i].key);
        assert_true(to[i].index < count && keys[to[i].index] == to[i].key && is_seen[to[i].index] == 0);
        is_seen[to[i].index] = 1;
    }
    free(from);
    free(to);
    free(is_seen);
    free(keys);
}

static uint64_t even_key(size_t i, uint64_t random)
{
    (void)i;
    return random;
}

static uint64_t small_key(size_t i, uint64_t random)
{
    (void)i;
    return random % 100;
}

static uint64_t same_key(size_t i, uint64_t random)
{
    (void)random;
    (void)i;
    return 42;
}

static uint64_t falling_key(size_t i, uint64_t random)
{
    (void)random;
    return UINT64_MAX - i;
}

static uint64_t one_far_key(size_t i, uint64_t random)
{
    return i == 17 ? 0 : random | (uint64_t)0xffffff << 40;
}

static void test_sorting(void **state)
{
    static uint64_t (*const kinds[])(size_t, uint64_t) = {even_key, small_key, same_key, falling_key, one_far_key};
    static const size_t counts[] = {0, 1, 2, 24, 25, 26, 200, 3000, 100000};
    (void)state;
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            assert_sorts(counts[i], kinds[kind], 1 + i % 2);
}

/* Writes `count` masks in batches of `batch` and reads them back. */
static void assert_code(size_t count, size_t batch, bool has_ties)
{
    struct block *masks = calloc(count + 1, sizeof *masks);
    struct vpsi_place *places = calloc(count + 1, sizeof *places), *sorted = calloc(count + 1, sizeof *sorted);
    uint64_t random = count * 77 + 5;
    for (size_t i = 0; i < count; i++) {
        masks[i] = (struct block){{check_next(&random), check_next(&random)}};
        if (has_ties && i % 2 == 1)
            masks[i].word[0] = masks[i - 1].word[0];
        places[i] = (struct vpsi_place){.key = masks[i].word[0], .index = (uint32_t)i};
    }
    const struct vpsi_code code = vpsi_code_for(count);
    uint8_t *heads = malloc(code.heads_len + 1);
    struct vpsi_code_reader reader;
    assert_ok(vpsi_sort(places, sorted, count, 1));
    vpsi_code_order_ties(sorted, masks, count);
    vpsi_code_heads(&code, sorted, heads);
    assert_ok(vpsi_code_reader_init(&reader, &code, heads));
    for (size_t first = 0; first < count; first += batch) {
        const size_t some = count - first < batch ? count - first : batch;
        struct base_buffer out = BASE_BUFFER_EMPTY;
        assert_ok(vpsi_code_write(&code, sorted, masks, first, some, &out));
        assert_int_equal(vpsi_code_batch_len(&code, some), out.len);
        struct base_cursor in = base_cursor_over(base_bytes_buffer(&out));
        assert_ok(vpsi_code_reader_batch(&reader, some, &in));
        assert_ok(base_cursor_end(&in));
        for (size_t i = 0; i < some; i++) {
            struct block mask;
            assert_ok(vpsi_code_reader_next(&reader, &mask));
            assert_memory_equal(&masks[sorted[first + i].index], &mask, sizeof mask);
        }
        assert_ok(vpsi_code_reader_batch_end(&reader));
        base_buffer_release(&out);
    }
    free(masks);
    free(places);
    free(sorted);
    free(heads);
}

static void test_code_of_masks(void **state)
{
    (void)state;
    for (size_t count = 1; count < 300; count++)
        assert_code(count, 1 + count % 70, count % 3 == 0);
    assert_code(100000, 8192, true);
    assert_code(65536, 8192, false);
    const struct vpsi_code code = vpsi_code_for(1 << 20);
    assert_int_equal(20, code.high_bits);
    assert_true(code.heads_len + vpsi_code_batch_len(&code, 1 << 20) <= (size_t)(13.76 * (1 << 20)));
}

static void test_code_that_is_wrong(void **state)
{
    (void)state;
    const struct vpsi_code code = vpsi_code_for(3); /* two high bits: 3 + 2 - 1 bits of heads */
    struct vpsi_code_reader reader;
    uint8_t heads[8] = {0x07};
    struct block mask;
    assert_int_equal(8, code.heads_len);
    assert_ok(vpsi_code_reader_init(&reader, &code, heads));
    heads[0] = 0x03;
    assert_fails(BASE_E_FORMAT, vpsi_code_reader_init(&reader, &code, heads));
    heads[0] = 0x13;
    assert_fails(BASE_E_FORMAT, vpsi_code_reader_init(&reader, &code, heads));
    heads[0] = 0x07; /* all three have the high bit 0; the second is as low as the first */
    uint8_t batch[8 * 3 + 24] = {0};
    struct base_cursor in = base_cursor_over(base_bytes_of(batch, sizeof batch));
    assert_ok(vpsi_code_reader_init(&reader, &code, heads));
    assert_ok(vpsi_code_reader_batch(&reader, 3, &in));
    assert_ok(vpsi_code_reader_next(&reader, &mask));
    assert_fails(BASE_E_FORMAT, vpsi_code_reader_next(&reader, &mask));
    in = base_cursor_over(base_bytes_of(batch, 8 * 3 + 23));
    assert_fails(BASE_E_TRUNCATED, vpsi_code_reader_batch(&reader, 3, &in));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape_depends_on_the_terms_alone),
        cmocka_unit_test(test_shape_with_returns),
        cmocka_unit_test(test_order_of_items_leaves_no_trace),
        cmocka_unit_test(test_sizes_at_the_limits),
        cmocka_unit_test(test_terms_that_are_refused),
        cmocka_unit_test(test_configurations_that_are_refused),
        cmocka_unit_test(test_sorting),
        cmocka_unit_test(test_code_of_masks),
        cmocka_unit_test(test_code_that_is_wrong),
    };
    return crypto_start() == BASE_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
