/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels with AVX2: two blocks in a register. AES and multiplication stay with AES-NI, which is 128 bits wide here.
 */
#include "block/kernels.h"

#include <immintrin.h>

static inline __m256i load(const struct block *in)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)in);
}

static inline void store(struct block *out, __m256i value)
{
    _mm256_storeu_si256((__m256i *)(void *)out, value);
}

static void xor_into(struct block *out, const struct block *in, size_t count)
{
    size_t i = 0;
    for (; i + 2 <= count; i += 2)
        store(out + i, _mm256_xor_si256(load(out + i), load(in + i)));
    if (i < count)
        out[i] = block_xor(out[i], in[i]);
}

static struct block sum(const struct block *in, size_t count)
{
    __m256i a = _mm256_setzero_si256(), b = a;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        a = _mm256_xor_si256(a, load(in + i));
        b = _mm256_xor_si256(b, load(in + i + 2));
    }
    struct block pair[2];
    store(pair, _mm256_xor_si256(a, b));
    struct block total = block_xor(pair[0], pair[1]);
    for (; i < count; i++)
        total = block_xor(total, in[i]);
    return total;
}

static void add_at(struct block *in, size_t count, size_t index, struct block value)
{
    const __m256i wanted = _mm256_set1_epi64x((long long)index), two = _mm256_set1_epi64x(2);
    __m256i number = _mm256_set_epi64x(1, 1, 0, 0);
    struct block values[2] = {value, value};
    __m256i doubled = load(values);
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        __m256i mask = _mm256_cmpeq_epi64(number, wanted);
        store(in + i, _mm256_xor_si256(load(in + i), _mm256_and_si256(mask, doubled)));
        number = _mm256_add_epi64(number, two);
    }
    if (i < count) {
        uint64_t differ = (uint64_t)i ^ (uint64_t)index;
        unsigned is_other = (unsigned)((differ | ((uint64_t)0 - differ)) >> 63);
        in[i] = block_xor(in[i], block_and(value, block_mask(is_other ^ 1u)));
    }
}

static struct block pick(const struct block *in, size_t count, size_t index)
{
    const __m256i wanted = _mm256_set1_epi64x((long long)index), two = _mm256_set1_epi64x(2);
    __m256i number = _mm256_set_epi64x(1, 1, 0, 0), total = _mm256_setzero_si256();
    struct block pair[2], last = BLOCK_ZERO;
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        total = _mm256_xor_si256(total, _mm256_and_si256(_mm256_cmpeq_epi64(number, wanted), load(in + i)));
        number = _mm256_add_epi64(number, two);
    }
    if (i < count) {
        uint64_t differ = (uint64_t)i ^ (uint64_t)index;
        last = block_and(in[i], block_mask((unsigned)((differ | ((uint64_t)0 - differ)) >> 63) ^ 1u));
    }
    store(pair, total);
    return block_xor(last, block_xor(pair[0], pair[1]));
}

static inline __m256i times_x(__m256i a)
{
    __m256i carries = _mm256_srli_epi64(a, 63);
    __m256i up = _mm256_bslli_epi128(carries, 8), round = _mm256_bsrli_epi128(carries, 8); /* from word 0, from word 1 */
    __m256i folded = _mm256_sub_epi64(_mm256_setzero_si256(), round);
    folded = _mm256_and_si256(folded, _mm256_set1_epi64x(0x87));
    return _mm256_xor_si256(_mm256_xor_si256(_mm256_add_epi64(a, a), up), folded);
}

enum { PAIRS = BLOCK_CONVOLVE_REACH / 2 };

/* Adds the block in both lanes of `element` to the pairs whose bits are set; bit 2 p + lane belongs to lane of pair p. */
static inline void add_under(__m256i pairs[PAIRS], __m256i element, uint32_t bits)
{
    const __m256i all = _mm256_set1_epi64x(bits);
    __m256i wanted = _mm256_set_epi64x(2, 2, 1, 1);
    for (size_t p = 0; p < PAIRS; p++) {
        __m256i mask = _mm256_cmpeq_epi64(_mm256_and_si256(all, wanted), wanted);
        pairs[p] = _mm256_xor_si256(pairs[p], _mm256_and_si256(mask, element));
        wanted = _mm256_slli_epi64(wanted, 2);
    }
}

enum { CHOSEN = (1 << BLOCK_CONVOLVE_TAPS) - 1 };

static void convolve(struct block *elements, size_t count, const uint32_t *taps)
{
    __m256i pairs[PAIRS + 1];
    for (size_t p = 0; p < PAIRS; p++)
        pairs[p] = load(elements + 2 * p);
    for (size_t i = 0; i < count; i += 2) {
        add_under(pairs, _mm256_permute4x64_epi64(pairs[0], 0x44), (taps[i] & CHOSEN) << 1);
        add_under(pairs, _mm256_permute4x64_epi64(pairs[0], 0xee), (taps[i + 1] & CHOSEN) << 2);
        store(elements + i, pairs[0]);
        pairs[PAIRS] = _mm256_xor_si256(load(elements + i + BLOCK_CONVOLVE_REACH), times_x(pairs[0]));
        for (size_t p = 0; p < PAIRS; p++)
            pairs[p] = pairs[p + 1];
    }
    for (size_t p = 0; p < PAIRS; p++)
        store(elements + count + 2 * p, pairs[p]);
}

static void convolve_two(struct block *one, struct block *other, size_t count, const uint32_t *taps)
{
    convolve(one, count, taps);
    convolve(other, count, taps);
}

enum { WORDS = 8 };

static inline __m256i load_words(const uint32_t *words)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)words);
}

static void places(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period)
{
    for (size_t done = 0; done < count; done += period) {
        for (size_t j = 0; j < period; j += WORDS) {
            __m256i word = load_words(words + done + j), factor = load_words(choice + j);
            __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(word, factor), 32);
            __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(word, 32), _mm256_srli_epi64(factor, 32));
            __m256i line = _mm256_add_epi32(_mm256_blend_epi32(even, odd, 0xaa), load_words(first + j));
            __m256i place = _mm256_or_si256(_mm256_slli_epi32(line, 2), _mm256_and_si256(word, _mm256_set1_epi32(3)));
            _mm256_storeu_si256((__m256i *)(void *)(words + done + j), place);
        }
    }
}

void block_kernels_avx2(struct block_kernels *kernels)
{
    kernels->xor_into = xor_into;
    kernels->sum = sum;
    kernels->add_at = add_at;
    kernels->pick = pick;
    kernels->convolve = convolve;
    kernels->convolve_two = convolve_two;
    kernels->places = places;
}
