/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels with AES-NI and PCLMULQDQ, eight blocks under way at a time.
 */
#include "block/kernels.h"

#include <wmmintrin.h>
#include <tmmintrin.h>

enum { WIDE = 8, ROUNDS = 10 };

static inline __m128i load(const struct block *in)
{
    return _mm_loadu_si128((const __m128i *)(const void *)in);
}

static inline void store(struct block *out, __m128i value)
{
    _mm_storeu_si128((__m128i *)(void *)out, value);
}

static inline __m128i next_key(__m128i key, __m128i assist)
{
    assist = _mm_shuffle_epi32(assist, 0xff);
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
    return _mm_xor_si128(key, assist);
}

static void aes_init(struct block_aes *aes, struct block first)
{
    struct block *keys = aes->round_keys;
    __m128i key = load(&first);
    store(&keys[0], key);
#define NEXT(round, constant)                                                                      \
    key = next_key(key, _mm_aeskeygenassist_si128(key, constant));                                 \
    store(&keys[round], key)
    NEXT(1, 0x01);
    NEXT(2, 0x02);
    NEXT(3, 0x04);
    NEXT(4, 0x08);
    NEXT(5, 0x10);
    NEXT(6, 0x20);
    NEXT(7, 0x40);
    NEXT(8, 0x80);
    NEXT(9, 0x1b);
    NEXT(10, 0x36);
#undef NEXT
}

static inline void encrypt_wide(const struct block_aes *aes, __m128i x[WIDE])
{
    __m128i key = load(&aes->round_keys[0]);
    for (size_t i = 0; i < WIDE; i++)
        x[i] = _mm_xor_si128(x[i], key);
    for (size_t round = 1; round < ROUNDS; round++) {
        key = load(&aes->round_keys[round]);
        for (size_t i = 0; i < WIDE; i++)
            x[i] = _mm_aesenc_si128(x[i], key);
    }
    key = load(&aes->round_keys[ROUNDS]);
    for (size_t i = 0; i < WIDE; i++)
        x[i] = _mm_aesenclast_si128(x[i], key);
}

static inline size_t load_some(const struct block *in, size_t count, __m128i x[WIDE])
{
    size_t some = count < WIDE ? count : WIDE;
    for (size_t i = 0; i < WIDE; i++)
        x[i] = i < some ? load(in + i) : _mm_setzero_si128();
    return some;
}

static inline void store_some(struct block *out, size_t some, const __m128i x[WIDE])
{
    for (size_t i = 0; i < WIDE; i++)
        if (i < some)
            store(out + i, x[i]);
}

static void aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count)
{
    __m128i x[WIDE];
    for (size_t done = 0; done < count; done += WIDE) {
        size_t some = load_some(in + done, count - done, x);
        encrypt_wide(aes, x);
        store_some(out + done, some, x);
    }
}

static inline __m128i counter_at(uint64_t stream, uint64_t number)
{
    return _mm_set_epi64x((long long)stream, (long long)number);
}

static void aes_counter(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count)
{
    __m128i x[WIDE];
    for (size_t done = 0; done < count; done += WIDE) {
        for (size_t i = 0; i < WIDE; i++)
            x[i] = counter_at(stream, first + done + i);
        encrypt_wide(aes, x);
        store_some(out + done, count - done < WIDE ? count - done : WIDE, x);
    }
}

/* (hi ^ lo, hi) */
static inline __m128i turned(__m128i x)
{
    __m128i high_only = _mm_and_si128(x, _mm_set_epi64x(-1, 0));
    return _mm_xor_si128(_mm_shuffle_epi32(x, 0x4e), high_only);
}

static inline void hash_wide(const struct block_aes *pi, __m128i x[WIDE])
{
    __m128i kept[WIDE];
    for (size_t i = 0; i < WIDE; i++)
        x[i] = kept[i] = turned(x[i]);
    encrypt_wide(pi, x);
    for (size_t i = 0; i < WIDE; i++)
        x[i] = _mm_xor_si128(x[i], kept[i]);
}

static void hash_circular(const struct block_aes *pi, const struct block *in, struct block *out, size_t count)
{
    __m128i x[WIDE];
    for (size_t done = 0; done < count; done += WIDE) {
        size_t some = load_some(in + done, count - done, x);
        hash_wide(pi, x);
        store_some(out + done, some, x);
    }
}

static void hash_tweaked(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count)
{
    __m128i x[WIDE], once[WIDE];
    for (size_t done = 0; done < count; done += WIDE) {
        size_t some = load_some(in + done, count - done, x);
        encrypt_wide(pi, x);
        for (size_t i = 0; i < WIDE; i++) {
            once[i] = x[i];
            x[i] = _mm_xor_si128(x[i], counter_at(0, first + done + i));
        }
        encrypt_wide(pi, x);
        for (size_t i = 0; i < WIDE; i++)
            x[i] = _mm_xor_si128(x[i], once[i]);
        store_some(out + done, some, x);
    }
}

static inline __m128i add_some(__m128i total, size_t some, const __m128i x[WIDE])
{
    for (size_t i = 0; i < WIDE; i++)
        if (i < some)
            total = _mm_xor_si128(total, x[i]);
    return total;
}

static struct block_sides tree_halve(const struct block_aes *pi, struct block *nodes, size_t count)
{
    __m128i x[WIDE], right[WIDE], left_total = _mm_setzero_si128(), right_total = left_total;
    for (size_t done = 0; done < count; done += WIDE) {
        size_t some = load_some(nodes + done, count - done, x);
        for (size_t i = 0; i < WIDE; i++)
            right[i] = x[i];
        hash_wide(pi, x);
        for (size_t i = 0; i < WIDE; i++)
            right[i] = _mm_xor_si128(right[i], x[i]);
        store_some(nodes + done, some, x);
        store_some(nodes + count + done, some, right);
        left_total = add_some(left_total, some, x);
        right_total = add_some(right_total, some, right);
    }
    struct block_sides total;
    store(&total.left, left_total);
    store(&total.right, right_total);
    return total;
}

static struct block_sides tree_double(const struct block_aes *pi, struct block *nodes, size_t count)
{
    const __m128i one = _mm_set_epi64x(0, 1);
    __m128i x[WIDE], right[WIDE], left_total = _mm_setzero_si128(), right_total = left_total;
    for (size_t done = 0; done < count; done += WIDE) {
        size_t some = load_some(nodes + done, count - done, x);
        for (size_t i = 0; i < WIDE; i++)
            right[i] = _mm_xor_si128(x[i], one);
        hash_wide(pi, x);
        hash_wide(pi, right);
        store_some(nodes + done, some, x);
        store_some(nodes + count + done, some, right);
        left_total = add_some(left_total, some, x);
        right_total = add_some(right_total, some, right);
    }
    struct block_sides total;
    store(&total.left, left_total);
    store(&total.right, right_total);
    return total;
}

enum { AHEAD = 16 }; /* groups whose lines are on their way, into the second cache: the first is too small for them */

static void gather(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight)
{
    for (size_t g = 0; g < groups; g++, out += BLOCK_GATHER_GROUP, places += weight) {
        __m128i total[BLOCK_GATHER_GROUP];
        for (size_t i = 0; i < BLOCK_GATHER_GROUP; i++)
            total[i] = load(out + i);
        if (g + AHEAD < groups)
            for (size_t k = 0; k < weight; k++)
                _mm_prefetch((const char *)(elements + places[AHEAD * weight + k]), _MM_HINT_T1);
        for (size_t k = 0; k < weight; k++) {
            const struct block *line = elements + (places[k] & ~(uint32_t)3);
            for (uint32_t i = 0; i < BLOCK_GATHER_GROUP; i++)
                total[i] = _mm_xor_si128(total[i], load(line + ((places[k] + i) & 3u)));
        }
        for (size_t i = 0; i < BLOCK_GATHER_GROUP; i++)
            store(out + i, total[i]);
    }
}

/* Products before reduction; sums of them are reduced together. */
struct wide {
    __m128i low, middle, high;
};

static inline struct wide wide_zero(void)
{
    return (struct wide){_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
}

static inline void add_product(struct wide *total, __m128i a, __m128i b)
{
    total->low = _mm_xor_si128(total->low, _mm_clmulepi64_si128(a, b, 0x00));
    total->high = _mm_xor_si128(total->high, _mm_clmulepi64_si128(a, b, 0x11));
    __m128i cross = _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x01), _mm_clmulepi64_si128(a, b, 0x10));
    total->middle = _mm_xor_si128(total->middle, cross);
}

static inline __m128i reduce(struct wide a)
{
    const __m128i polynomial = _mm_set_epi64x(0, 0x87);
    __m128i low = _mm_xor_si128(a.low, _mm_slli_si128(a.middle, 8));
    __m128i high = _mm_xor_si128(a.high, _mm_srli_si128(a.middle, 8));
    __m128i top = _mm_clmulepi64_si128(high, polynomial, 0x01);
    low = _mm_xor_si128(low, _mm_slli_si128(top, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(top, 8));
    return _mm_xor_si128(low, _mm_clmulepi64_si128(high, polynomial, 0x00));
}

static inline __m128i product(__m128i a, __m128i b)
{
    struct wide total = wide_zero();
    add_product(&total, a, b);
    return reduce(total);
}

static struct block multiply(struct block a, struct block b)
{
    struct block out;
    store(&out, product(load(&a), load(&b)));
    return out;
}

static struct block dot(const struct block *a, const struct block *b, size_t count)
{
    struct wide total = wide_zero();
    struct block out;
    for (size_t i = 0; i < count; i++)
        add_product(&total, load(a + i), load(b + i));
    store(&out, reduce(total));
    return out;
}

static void scale(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    __m128i factor = load(&scalar);
    for (size_t i = 0; i < count; i++)
        store(out + i, product(load(in + i), factor));
}

static void multiply_add(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    __m128i factor = load(&scalar);
    for (size_t i = 0; i < count; i++)
        store(out + i, _mm_xor_si128(load(out + i), product(load(in + i), factor)));
}

static void multiply_each(struct block *out, const struct block *a, const struct block *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        store(out + i, product(load(a + i), load(b + i)));
}

void block_kernels_aesni(struct block_kernels *kernels)
{
    kernels->aes_init = aes_init;
    kernels->aes_encrypt = aes_encrypt;
    kernels->aes_counter = aes_counter;
    kernels->hash_circular = hash_circular;
    kernels->hash_tweaked = hash_tweaked;
    kernels->multiply = multiply;
    kernels->dot = dot;
    kernels->scale = scale;
    kernels->multiply_add = multiply_add;
    kernels->multiply_each = multiply_each;
    kernels->tree_halve = tree_halve;
    kernels->tree_double = tree_double;
    kernels->gather = gather;
}
