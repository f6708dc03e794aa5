/* SPDX-License-Identifier: Apache-2.0
 *
 * Trees and codes against their definitions, with every set of kernels.
 */
#include "block/levels.h"

#include "block/code.h"
#include "block/tree.h"

enum { MOST = 45 };

static struct block_aes pi;

static struct block hash_one(struct block x)
{
    struct block out;
    block_hash_circular(&pi, &x, &out, 1);
    return out;
}

typedef struct block_sides grow(const struct block_aes *pi, struct block *nodes, size_t count);

static void check_level(grow *run, size_t count)
{
    struct block nodes[2 * MOST + 1], parents[MOST], guard;
    struct block_sides expected = {BLOCK_ZERO, BLOCK_ZERO};
    fill_blocks(parents, MOST, 20 + count);
    fill_blocks(&guard, 1, 21);
    memcpy(nodes, parents, count * sizeof *nodes);
    nodes[2 * count] = guard;
    struct block_sides got = run(&pi, nodes, count);
    for (size_t i = 0; i < count; i++) {
        struct block left = hash_one(parents[i]);
        struct block right = run == block_tree_halve ? block_xor(parents[i], left) : hash_one(block_xor(parents[i], BLOCK_ONE));
        assert_blocks(&left, &nodes[i], 1);
        assert_blocks(&right, &nodes[count + i], 1);
        expected.left = block_xor(expected.left, left);
        expected.right = block_xor(expected.right, right);
    }
    assert_blocks(&expected.left, &got.left, 1);
    assert_blocks(&expected.right, &got.right, 1);
    assert_blocks(&guard, &nodes[2 * count], 1);
}

static void check_levels(void)
{
    block_aes_init(&pi, BLOCK_ONE);
    for (size_t count = 1; count <= MOST; count++) {
        check_level(block_tree_halve, count);
        check_level(block_tree_double, count);
    }
}

static void levels_of_a_tree(void **state)
{
    (void)state;
    at_every_level(check_levels);
}

/* Half-Tree: every level of a correlated tree adds up to the same. */
static void check_sums(void)
{
    struct block nodes[64], expected;
    block_aes_init(&pi, BLOCK_ONE);
    fill_blocks(nodes, 2, 22);
    expected = block_sum(nodes, 2);
    for (size_t count = 2; count < 64; count *= 2) {
        (void)block_tree_halve(&pi, nodes, count);
        struct block got = block_sum(nodes, 2 * count);
        assert_blocks(&expected, &got, 1);
    }
}

static void a_correlated_tree_keeps_its_sum(void **state)
{
    (void)state;
    at_every_level(check_sums);
}

enum { LENGTH = 96, ROOM = LENGTH + BLOCK_CONVOLVE_REACH };

/* By the definition, one place after the other, each looking back. */
static void convolve_by_definition(struct block *x, size_t count, const uint32_t *taps)
{
    const struct block times_x = {{2, 0}};
    for (size_t to = 0; to < count + BLOCK_CONVOLVE_REACH; to++) {
        for (size_t back = 1; back <= BLOCK_CONVOLVE_REACH; back++) {
            if (to < back || to - back >= count)
                continue;
            if (back <= BLOCK_CONVOLVE_TAPS && (taps[to - back] >> (back - 1) & 1u))
                x[to] = block_xor(x[to], x[to - back]);
            if (back == BLOCK_CONVOLVE_REACH)
                x[to] = block_xor(x[to], block_gf_multiply(x[to - back], times_x));
        }
    }
}

static void check_convolution(void)
{
    struct block got[ROOM + 1], expected[ROOM + 1];
    struct block chosen[LENGTH / 4];
    uint32_t taps[LENGTH];
    fill_blocks(chosen, LENGTH / 4, 23);
    memcpy(taps, chosen, sizeof taps); /* with bits above the 24 that count */
    taps[5] = UINT32_MAX;
    taps[6] = 0;
    for (size_t count = 0; count <= LENGTH; count += 4) {
        fill_blocks(got, ROOM + 1, 24);
        memcpy(expected, got, sizeof got);
        block_convolve(got, count, taps);
        convolve_by_definition(expected, count, taps);
        assert_blocks(expected, got, ROOM + 1);
    }
}

static void convolution(void **state)
{
    (void)state;
    at_every_level(check_convolution);
}

static void check_two_convolutions(void)
{
    struct block one[ROOM + 1], other[ROOM + 1], expected[2][ROOM + 1], chosen[LENGTH / 4];
    uint32_t taps[LENGTH];
    fill_blocks(chosen, LENGTH / 4, 27);
    memcpy(taps, chosen, sizeof taps);
    for (size_t count = 0; count <= LENGTH; count += 4) {
        fill_blocks(one, ROOM + 1, 28);
        fill_blocks(other, ROOM + 1, 29);
        memcpy(expected[0], one, sizeof one);
        memcpy(expected[1], other, sizeof other);
        block_convolve_two(one, other, count, taps);
        block_convolve(expected[0], count, taps);
        block_convolve(expected[1], count, taps);
        assert_blocks(expected[0], one, ROOM + 1);
        assert_blocks(expected[1], other, ROOM + 1);
    }
}

static void two_convolutions_at_once(void **state)
{
    (void)state;
    at_every_level(check_two_convolutions);
}

static void check_places(void)
{
    enum { PERIOD = 48, COUNT = 3 * PERIOD };
    struct block chosen[COUNT / 4];
    uint32_t words[COUNT], got[COUNT], first[PERIOD], choice[PERIOD];
    fill_blocks(chosen, COUNT / 4, 30);
    memcpy(words, chosen, sizeof words);
    words[7] = UINT32_MAX;
    words[8] = 0;
    for (uint32_t j = 0; j < PERIOD; j++) {
        first[j] = j * 1000;
        choice[j] = j == 7 ? 1u << 26 : 1 + j * j * 1999;
    }
    memcpy(got, words, sizeof got);
    block_places(got, COUNT, first, choice, PERIOD);
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t line = first[i % PERIOD] + (uint64_t)words[i] * choice[i % PERIOD] / 4294967296u;
        assert_int_equal(4 * line + words[i] % 4, got[i]);
    }
}

static void places_from_words(void **state)
{
    (void)state;
    at_every_level(check_places);
}

static void check_gathering(void)
{
    enum { GROUPS = 9, WEIGHT_MOST = 21 };
    static const size_t weights[] = {0, 1, 5, 7, 21};
    struct block elements[LENGTH], out[4 * GROUPS + 1], expected[4 * GROUPS + 1];
    uint32_t places[GROUPS * WEIGHT_MOST];
    fill_blocks(elements, LENGTH, 25);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        places[i] = (uint32_t)(i * 7919 % LENGTH);
    for (size_t w = 0; w < sizeof weights / sizeof weights[0]; w++) {
        fill_blocks(out, 4 * GROUPS + 1, 26);
        memcpy(expected, out, sizeof out);
        for (size_t i = 0; i < 4 * GROUPS; i++) {
            for (size_t k = 0; k < weights[w]; k++) {
                uint32_t place = places[i / 4 * weights[w] + k];
                expected[i] = block_xor(expected[i], elements[place / 4 * 4 + (i + place) % 4]);
            }
        }
        block_gather(out, GROUPS, elements, places, weights[w]);
        assert_blocks(expected, out, 4 * GROUPS + 1);
    }
}

static void gathering(void **state)
{
    (void)state;
    at_every_level(check_gathering);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_of_a_tree),
        cmocka_unit_test(a_correlated_tree_keeps_its_sum),
        cmocka_unit_test(convolution),
        cmocka_unit_test(two_convolutions_at_once),
        cmocka_unit_test(places_from_words),
        cmocka_unit_test(gathering),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
