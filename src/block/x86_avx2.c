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

void block_kernels_avx2(struct block_kernels *kernels)
{
    kernels->xor_into = xor_into;
    kernels->sum = sum;
    kernels->add_at = add_at;
}
