/* SPDX-License-Identifier: Apache-2.0
 *
 * The content of blocks does not steer: no branch and no address depends on it, with every set of kernels that valgrind knows. The
 * method is that of tests/crypto/secret_flow.c. Prints TAP; without valgrind it skips.
 */
#include "block/aes.h"
#include "block/code.h"
#include "block/gf.h"
#include "block/tree.h"

#include <stdio.h>
#include <valgrind/memcheck.h>

#define SECRET(value) (void)VALGRIND_MAKE_MEM_UNDEFINED((value), sizeof *(value))

enum { COUNT = 37 };

static void encrypting(void)
{
    struct block key = BLOCK_ONE, blocks[COUNT] = {BLOCK_ZERO};
    struct block_aes aes;
    SECRET(&key);
    SECRET(&blocks);
    block_aes_init(&aes, key);
    block_aes_encrypt(&aes, blocks, blocks, COUNT);
    block_aes_counter(&aes, 1, 1, blocks, COUNT);
}

static void hashing(void)
{
    struct block blocks[COUNT] = {BLOCK_ZERO};
    struct block_aes pi;
    block_aes_init(&pi, BLOCK_ONE);
    SECRET(&blocks);
    block_hash_circular(&pi, blocks, blocks, COUNT);
    block_hash_tweaked(&pi, 0, blocks, blocks, COUNT);
}

static void multiplying(void)
{
    struct block a[COUNT] = {BLOCK_ONE}, b[COUNT] = {BLOCK_ONE}, square[128] = {BLOCK_ONE};
    SECRET(&a);
    SECRET(&b);
    SECRET(&square);
    a[0] = block_gf_multiply(a[0], b[0]);
    a[1] = block_gf_invert(a[1]);
    a[2] = block_gf_dot(a, b, COUNT);
    a[3] = block_gf_compose(square);
    block_gf_scale(a, b, a[1], COUNT);
    block_gf_multiply_add(a, b, a[1], COUNT);
    block_gf_multiply_each(a, a, b, COUNT);
    block_gf_powers(a[2], 3, b, COUNT);
}

static void moving(void)
{
    struct block a[COUNT] = {BLOCK_ONE}, square[128] = {BLOCK_ONE};
    size_t index = 5;
    SECRET(&a);
    SECRET(&square);
    SECRET(&index);
    block_add_at(a, COUNT, index, a[0]);
    a[0] = block_xor(block_sum(a, COUNT), block_pick(a, COUNT, index));
    block_transpose(square);
    a[1] = block_and(block_mask(block_bit(a[0], 3)), a[2]);
}

static void growing(void)
{
    struct block nodes[4 * COUNT] = {BLOCK_ONE};
    struct block_aes pi;
    block_aes_init(&pi, BLOCK_ONE);
    SECRET(&nodes);
    (void)block_tree_halve(&pi, nodes, COUNT);
    (void)block_tree_double(&pi, nodes, 2 * COUNT);
}

static void encoding(void)
{
    enum { LENGTH = 40 };
    struct block elements[LENGTH + BLOCK_CONVOLVE_REACH] = {BLOCK_ONE};
    uint32_t taps[LENGTH] = {1, 3, 0xffffff}, places[7 * 2] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    SECRET(&elements);
    struct block others[LENGTH + BLOCK_CONVOLVE_REACH] = {BLOCK_ONE};
    SECRET(&others);
    block_convolve(elements, LENGTH, taps);
    block_convolve_two(elements, others, LENGTH, taps);
    block_gather(elements + 30, 2, elements, places, 7);
}

static volatile int sink;

/* What the others must not do: without a report here the test proves nothing. */
static void a_leak(void)
{
    struct block a = BLOCK_ONE;
    SECRET(&a);
    if (a.word[0] == 3)
        sink = 1;
}

static const struct {
    const char *name;
    void (*run)(void);
    bool leaks;
} cases[] = {
    {"encrypting", encrypting, false}, {"hashing", hashing, false},   {"multiplying", multiplying, false},
    {"moving", moving, false},         {"growing", growing, false},   {"encoding", encoding, false},
    {"a leak is seen", a_leak, true},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static int run_case(size_t index, int number)
{
    unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
    cases[index].run();
    bool has_leaked = (unsigned)VALGRIND_COUNT_ERRORS != before, is_right = has_leaked == cases[index].leaks;
    printf("%s %d - %s, %s\n", is_right ? "ok" : "not ok", number, cases[index].name, block_level_name(block_level()));
    return !is_right;
}

int main(void)
{
    int failed = 0, number = 0;
    if (!RUNNING_ON_VALGRIND) {
        printf("1..1\nok 1 - the flow of secrets # SKIP not under valgrind\n");
        return 0;
    }
    for (int level = BLOCK_PORTABLE; level <= (int)block_level_best(); level++) {
        if (block_set_level((enum block_level)level) != BASE_OK)
            return 1;
        for (size_t i = 0; i < CASES; i++)
            failed += run_case(i, ++number);
    }
    printf("1..%d\n", number);
    return failed != 0;
}
