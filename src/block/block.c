/* SPDX-License-Identifier: Apache-2.0
 *
 * The public functions: each hands its work to the kernels in use, or is made of those that do.
 */
#include "block/block.h"

#include "block/aes.h"
#include "block/code.h"
#include "block/gf.h"
#include "block/kernels.h"
#include "block/tree.h"
#include "crypto/secret.h"

bool block_equal(const struct block *a, const struct block *b)
{
    return crypto_equal(a, b, sizeof *a);
}

void block_xor_into(struct block *out, const struct block *in, size_t count)
{
    block_kernels()->xor_into(out, in, count);
}

struct block block_sum(const struct block *in, size_t count)
{
    return block_kernels()->sum(in, count);
}

void block_add_at(struct block *in, size_t count, size_t index, struct block value)
{
    block_kernels()->add_at(in, count, index, value);
}

struct block block_pick(const struct block *in, size_t count, size_t index)
{
    return block_kernels()->pick(in, count, index);
}

/* Squares of 64, 32, ... 1 bits change places across the diagonal. */
static void transpose_step(struct block square[128], unsigned by, uint64_t mask)
{
    for (size_t i = 0; i < 128; i++) {
        if (i & by)
            continue;
        struct block *a = &square[i], *b = &square[i + by];
        for (size_t w = 0; w < 2; w++) {
            uint64_t differ = (a->word[w] >> by ^ b->word[w]) & mask;
            b->word[w] ^= differ;
            a->word[w] ^= differ << by;
        }
    }
}

void block_transpose(struct block square[128])
{
    for (size_t i = 0; i < 64; i++) {
        uint64_t kept = square[i].word[1];
        square[i].word[1] = square[i + 64].word[0];
        square[i + 64].word[0] = kept;
    }
    uint64_t mask = 0xffffffffu;
    for (unsigned by = 32; by > 0; by >>= 1) {
        transpose_step(square, by, mask);
        mask ^= mask << (by >> 1);
    }
}

void block_aes_init(struct block_aes *aes, struct block key)
{
    block_kernels()->aes_init(aes, key);
}

void block_aes_wipe(struct block_aes *aes)
{
    crypto_wipe(aes, sizeof *aes);
}

void block_aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count)
{
    block_kernels()->aes_encrypt(aes, in, out, count);
}

void block_aes_counter(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count)
{
    block_kernels()->aes_counter(aes, stream, first, out, count);
}

void block_hash_circular(const struct block_aes *pi, const struct block *in, struct block *out, size_t count)
{
    block_kernels()->hash_circular(pi, in, out, count);
}

void block_hash_tweaked(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count)
{
    block_kernels()->hash_tweaked(pi, first, in, out, count);
}

struct block block_gf_multiply(struct block a, struct block b)
{
    return block_kernels()->multiply(a, b);
}

struct block block_gf_square(struct block a)
{
    return block_kernels()->multiply(a, a);
}

struct block block_gf_invert(struct block a)
{
    /* ones = a^(2^k - 1) for k = 1, 3, 7, ..., 127; then one square more. */
    const struct block_kernels *kernels = block_kernels();
    struct block ones = a;
    unsigned k = 1;
    for (unsigned bit = 32; bit > 0; bit >>= 1) {
        struct block raised = ones;
        for (unsigned i = 0; i < k; i++)
            raised = kernels->multiply(raised, raised);
        ones = kernels->multiply(raised, ones);
        ones = kernels->multiply(kernels->multiply(ones, ones), a);
        k = 2 * k + 1;
    }
    return kernels->multiply(ones, ones);
}

struct block block_gf_dot(const struct block *a, const struct block *b, size_t count)
{
    return block_kernels()->dot(a, b, count);
}

struct block block_gf_compose(const struct block a[128])
{
    struct block powers[128];
    for (unsigned i = 0; i < 128; i++)
        powers[i] = i < 64 ? (struct block){{(uint64_t)1 << i, 0}} : (struct block){{0, (uint64_t)1 << (i - 64)}};
    return block_kernels()->dot(a, powers, 128);
}

void block_gf_scale(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    block_kernels()->scale(out, in, scalar, count);
}

void block_gf_multiply_add(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    block_kernels()->multiply_add(out, in, scalar, count);
}

void block_gf_multiply_each(struct block *out, const struct block *a, const struct block *b, size_t count)
{
    block_kernels()->multiply_each(out, a, b, count);
}

static struct block power(struct block base, uint64_t exponent)
{
    struct block out = BLOCK_ONE;
    for (unsigned bit = 64; bit-- > 0;) {
        out = block_gf_square(out);
        if (exponent >> bit & 1u) /* exponents are places in an array, and public */
            out = block_gf_multiply(out, base);
    }
    return out;
}

void block_gf_powers(struct block base, uint64_t first, struct block *out, size_t count)
{
    if (count == 0)
        return;
    out[0] = power(base, first);
    for (size_t done = 1; done < count; done *= 2)
        block_gf_scale(out + done, out, power(base, done), count - done < done ? count - done : done);
}

struct block_sides block_tree_halve(const struct block_aes *pi, struct block *nodes, size_t count)
{
    return block_kernels()->tree_halve(pi, nodes, count);
}

struct block_sides block_tree_double(const struct block_aes *pi, struct block *nodes, size_t count)
{
    return block_kernels()->tree_double(pi, nodes, count);
}

void block_convolve(struct block *elements, size_t count, const uint32_t *taps)
{
    block_kernels()->convolve(elements, count, taps);
}

void block_convolve_two(struct block *one, struct block *other, size_t count, const uint32_t *taps)
{
    block_kernels()->convolve_two(one, other, count, taps);
}

void block_places(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period)
{
    block_kernels()->places(words, count, first, choice, period);
}

void block_gather(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight)
{
    block_kernels()->gather(out, groups, elements, places, weight);
}
