/* SPDX-License-Identifier: Apache-2.0
 *
 * The SHA-256 compression function with the SHA instructions. One message waits for its own rounds most of the time: two are
 * under way at once.
 */
#include "block/kernels.h"
#include "block/portable.h"

#include <immintrin.h>

enum { PAIR = 2 };

static inline __m128i load(const void *in)
{
    return _mm_loadu_si128((const __m128i *)in);
}

/* The instructions want a, b, e, f in one register and c, d, g, h in another. */
static inline void state_in(const struct block_sha *state, __m128i *abef, __m128i *cdgh)
{
    const __m128i badc = _mm_shuffle_epi32(load(&state->words[0]), 0xb1), hgfe = _mm_shuffle_epi32(load(&state->words[4]), 0x1b);
    *abef = _mm_alignr_epi8(badc, hgfe, 8);
    *cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
}

static inline void state_out(struct block_sha *state, __m128i abef, __m128i cdgh)
{
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)&state->words[0], _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)&state->words[4], _mm_alignr_epi8(dchg, feba, 8));
}

static inline __attribute__((always_inline)) void compress_some(struct block_sha *states, const uint8_t *pieces, size_t some)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[PAIR], cdgh[PAIR], abef_before[PAIR], cdgh_before[PAIR], w[PAIR][4];
    for (size_t m = 0; m < some; m++) {
        state_in(&states[m], &abef[m], &cdgh[m]);
        abef_before[m] = abef[m];
        cdgh_before[m] = cdgh[m];
    }
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; i++) {
        const __m128i constants = load(&block_sha_constants[4 * i]);
#pragma GCC unroll 2
        for (size_t m = 0; m < some; m++) {
            __m128i *a = &w[m][i % 4];
            if (i < 4) {
                *a = _mm_shuffle_epi8(load(pieces + m * BLOCK_SHA_LEN + 16 * i), order);
            } else {
                const __m128i b = w[m][(i + 1) % 4], c = w[m][(i + 2) % 4], d = w[m][(i + 3) % 4];
                *a = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*a, b), _mm_alignr_epi8(d, c, 4)), d);
            }
            const __m128i sum = _mm_add_epi32(*a, constants);
            cdgh[m] = _mm_sha256rnds2_epu32(cdgh[m], abef[m], sum);
            abef[m] = _mm_sha256rnds2_epu32(abef[m], cdgh[m], _mm_shuffle_epi32(sum, 0x0e));
        }
    }
    for (size_t m = 0; m < some; m++)
        state_out(&states[m], _mm_add_epi32(abef[m], abef_before[m]), _mm_add_epi32(cdgh[m], cdgh_before[m]));
}

static void sha_compress(struct block_sha *states, const uint8_t *pieces, size_t count)
{
    size_t i = 0;
    for (; i + PAIR <= count; i += PAIR)
        compress_some(states + i, pieces + i * BLOCK_SHA_LEN, PAIR);
    if (i < count)
        compress_some(states + i, pieces + i * BLOCK_SHA_LEN, 1);
}

void block_kernels_sha(struct block_kernels *kernels)
{
    kernels->sha_compress = sha_compress;
}
