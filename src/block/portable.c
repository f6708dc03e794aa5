/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything but AES in plain C, and the constructions over AES for a machine that has nothing better.
 */
#include "block/portable.h"

#include "crypto/secret.h"

enum { PIECE = 64 };

static void aes_counter(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (struct block){{first + i, stream}};
    block_portable_aes_encrypt(aes, out, out, count);
}

static void hash_circular(const struct block_aes *pi, const struct block *in, struct block *out, size_t count)
{
    struct block turned[PIECE], hashed[PIECE];
    for (size_t done = 0; done < count; done += PIECE) {
        size_t some = count - done < PIECE ? count - done : PIECE;
        for (size_t i = 0; i < some; i++) {
            struct block x = in[done + i];
            turned[i] = (struct block){{x.word[1], x.word[1] ^ x.word[0]}};
        }
        block_portable_aes_encrypt(pi, turned, hashed, some);
        for (size_t i = 0; i < some; i++)
            out[done + i] = block_xor(hashed[i], turned[i]);
    }
    crypto_wipe(turned, sizeof turned);
    crypto_wipe(hashed, sizeof hashed);
}

static void hash_tweaked(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count)
{
    struct block once[PIECE], twice[PIECE];
    for (size_t done = 0; done < count; done += PIECE) {
        size_t some = count - done < PIECE ? count - done : PIECE;
        block_portable_aes_encrypt(pi, in + done, once, some);
        for (size_t i = 0; i < some; i++)
            twice[i] = block_xor(once[i], (struct block){{first + done + i, 0}});
        block_portable_aes_encrypt(pi, twice, twice, some);
        for (size_t i = 0; i < some; i++)
            out[done + i] = block_xor(twice[i], once[i]);
    }
    crypto_wipe(once, sizeof once);
    crypto_wipe(twice, sizeof twice);
}

static void xor_into(struct block *out, const struct block *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = block_xor(out[i], in[i]);
}

static struct block sum(const struct block *in, size_t count)
{
    struct block total = BLOCK_ZERO;
    for (size_t i = 0; i < count; i++)
        total = block_xor(total, in[i]);
    return total;
}

/* All ones if the numbers are equal. */
static inline struct block mask_equal(uint64_t a, uint64_t b)
{
    uint64_t differ = a ^ b;
    return block_mask((unsigned)((differ | ((uint64_t)0 - differ)) >> 63) ^ 1u);
}

static struct block pick(const struct block *in, size_t count, size_t index)
{
    struct block total = BLOCK_ZERO;
    for (size_t i = 0; i < count; i++)
        total = block_xor(total, block_and(in[i], mask_equal(i, index)));
    return total;
}

static void add_at(struct block *in, size_t count, size_t index, struct block value)
{
    for (size_t i = 0; i < count; i++)
        in[i] = block_xor(in[i], block_and(value, mask_equal(i, index)));
}

/* Products without carries from products with carries: with bits only in every fourth place, no more than eight of them meet, and
 * the three places between keep the carries apart. */
static inline uint64_t product_32(uint32_t a, uint32_t b)
{
    uint64_t out = 0;
    for (unsigned place = 0; place < 4; place++) {
        uint64_t sum_here = 0;
        for (unsigned i = 0; i < 4; i++) {
            uint64_t left = a & 0x11111111u << i, right = b & 0x11111111u << ((place - i) & 3u);
            sum_here ^= left * right;
        }
        out |= sum_here & (uint64_t)0x1111111111111111u << place;
    }
    return out;
}

static struct block product_64(uint64_t a, uint64_t b)
{
    uint64_t low = product_32((uint32_t)a, (uint32_t)b), high = product_32((uint32_t)(a >> 32), (uint32_t)(b >> 32));
    uint64_t middle = product_32((uint32_t)(a ^ a >> 32), (uint32_t)(b ^ b >> 32)) ^ low ^ high;
    return (struct block){{low ^ middle << 32, high ^ middle >> 32}};
}

/* The 255 coefficients of a product, before it is reduced; sums of them are reduced together. */
struct wide {
    struct block low, high;
};

static inline void add_product(struct wide *total, struct block a, struct block b)
{
    struct block low = product_64(a.word[0], b.word[0]), high = product_64(a.word[1], b.word[1]);
    struct block middle = product_64(a.word[0] ^ a.word[1], b.word[0] ^ b.word[1]);
    middle = block_xor(middle, block_xor(low, high));
    total->low = block_xor(total->low, (struct block){{low.word[0], low.word[1] ^ middle.word[0]}});
    total->high = block_xor(total->high, (struct block){{high.word[0] ^ middle.word[1], high.word[1]}});
}

/* a (x^7 + x^2 + x + 1): at most 71 bits. */
static inline struct block fold(uint64_t a)
{
    return (struct block){{a ^ a << 1 ^ a << 2 ^ a << 7, a >> 63 ^ a >> 62 ^ a >> 57}};
}

static inline struct block reduce(struct wide a)
{
    struct block top = fold(a.high.word[1]), next = fold(a.high.word[0] ^ top.word[1]);
    return (struct block){{a.low.word[0] ^ next.word[0], a.low.word[1] ^ top.word[0] ^ next.word[1]}};
}

struct block block_portable_multiply(struct block a, struct block b)
{
    struct wide total = {BLOCK_ZERO, BLOCK_ZERO};
    add_product(&total, a, b);
    return reduce(total);
}

static struct block dot(const struct block *a, const struct block *b, size_t count)
{
    struct wide total = {BLOCK_ZERO, BLOCK_ZERO};
    for (size_t i = 0; i < count; i++)
        add_product(&total, a[i], b[i]);
    return reduce(total);
}

static void scale(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = block_portable_multiply(in[i], scalar);
}

static void multiply_add(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = block_xor(out[i], block_portable_multiply(in[i], scalar));
}

static void multiply_each(struct block *out, const struct block *a, const struct block *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = block_portable_multiply(a[i], b[i]);
}

static void add_sides(struct block_sides *total, const struct block *left, const struct block *right, size_t count)
{
    total->left = block_xor(total->left, sum(left, count));
    total->right = block_xor(total->right, sum(right, count));
}

static struct block_sides tree_halve(const struct block_aes *pi, struct block *nodes, size_t count)
{
    struct block_sides total = {BLOCK_ZERO, BLOCK_ZERO};
    struct block hashed[PIECE];
    for (size_t done = 0; done < count; done += PIECE) {
        size_t some = count - done < PIECE ? count - done : PIECE;
        hash_circular(pi, nodes + done, hashed, some);
        for (size_t i = 0; i < some; i++)
            nodes[count + done + i] = block_xor(nodes[done + i], hashed[i]);
        memcpy(nodes + done, hashed, some * sizeof *nodes);
        add_sides(&total, nodes + done, nodes + count + done, some);
    }
    crypto_wipe(hashed, sizeof hashed);
    return total;
}

static struct block_sides tree_double(const struct block_aes *pi, struct block *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        nodes[count + i] = block_xor(nodes[i], (struct block){{1, 0}});
    hash_circular(pi, nodes, nodes, 2 * count);
    struct block_sides total = {BLOCK_ZERO, BLOCK_ZERO};
    add_sides(&total, nodes, nodes + count, count);
    return total;
}

static inline struct block times_x(struct block a)
{
    uint64_t carry = (uint64_t)0 - (a.word[1] >> 63);
    return (struct block){{a.word[0] << 1 ^ (carry & 0x87u), a.word[1] << 1 | a.word[0] >> 63}};
}

static void convolve(struct block *elements, size_t count, const uint32_t *taps)
{
    for (size_t i = 0; i < count; i++) {
        struct block *next = elements + i + 1, element = elements[i];
        for (unsigned j = 0; j < BLOCK_CONVOLVE_TAPS; j++)
            next[j] = block_xor(next[j], block_and(element, block_mask(taps[i] >> j)));
        elements[i + BLOCK_CONVOLVE_REACH] = block_xor(elements[i + BLOCK_CONVOLVE_REACH], times_x(element));
    }
}

static void convolve_two(struct block *one, struct block *other, size_t count, const uint32_t *taps)
{
    convolve(one, count, taps);
    convolve(other, count, taps);
}

static void places(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period)
{
    for (size_t done = 0; done < count; done += period)
        for (size_t j = 0; j < period; j++) {
            uint64_t line = first[j] + ((uint64_t)words[done + j] * choice[j] >> 32);
            words[done + j] = (uint32_t)line << 2 | (words[done + j] & 3u);
        }
}

static void gather(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight)
{
    for (size_t g = 0; g < groups; g++, out += BLOCK_GATHER_GROUP, places += weight)
        for (size_t k = 0; k < weight; k++)
            for (uint32_t i = 0; i < BLOCK_GATHER_GROUP; i++)
                out[i] = block_xor(out[i], elements[(places[k] & ~(uint32_t)3) + ((places[k] + i) & 3u)]);
}

void block_kernels_portable(struct block_kernels *kernels)
{
    *kernels = (struct block_kernels){
        .aes_init = block_portable_aes_init,
        .sha_compress = block_portable_sha_compress,
        .aes_encrypt = block_portable_aes_encrypt,
        .aes_counter = aes_counter,
        .hash_circular = hash_circular,
        .hash_tweaked = hash_tweaked,
        .xor_into = xor_into,
        .sum = sum,
        .add_at = add_at,
        .pick = pick,
        .multiply = block_portable_multiply,
        .dot = dot,
        .scale = scale,
        .multiply_add = multiply_add,
        .multiply_each = multiply_each,
        .tree_halve = tree_halve,
        .tree_double = tree_double,
        .convolve = convolve,
        .convolve_two = convolve_two,
        .places = places,
        .gather = gather,
    };
}
