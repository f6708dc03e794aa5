/* SPDX-License-Identifier: Apache-2.0
 *
 * Sorted keys and values at random, for the tests and benchmarks of okvs.
 */
#ifndef OKVS_KEYS_H
#define OKVS_KEYS_H

#include "okvs/okvs.h"

#include <math.h>
#include <stdlib.h>

static inline struct block *keys_blocks(size_t count)
{
    return aligned_alloc(64, (count * sizeof(struct block) + 127) / 64 * 64);
}

static inline void keys_random(uint64_t seed, struct block *out, size_t count)
{
    struct block_aes aes;
    block_aes_init(&aes, (struct block){{seed, 77}});
    block_aes_counter(&aes, 0, 0, out, count);
}

static inline int keys_compare(const void *a, const void *b)
{
    const uint64_t left = okvs_key_order(*(const struct block *)a), right = okvs_key_order(*(const struct block *)b);
    return (left > right) - (left < right);
}

static inline void keys_sorted(uint64_t seed, struct block *out, size_t count)
{
    keys_random(seed, out, count);
    qsort(out, count, sizeof *out, keys_compare);
}

/* The same distribution without sorting: partial sums of exponential steps are the order statistics of uniform numbers.
 * `steps` has room for count + 1. */
static inline void keys_in_order(uint64_t seed, struct block *out, size_t count, double *steps)
{
    double sum = 0;
    struct block last;
    keys_random(seed, out, count);
    keys_random(seed + ((uint64_t)1 << 63), &last, 1);
    for (size_t i = 0; i <= count; i++) {
        const uint64_t number = i < count ? out[i].word[0] : last.word[0];
        sum -= log(((double)(number >> 11) + 0.5) / 9007199254740992.0);
        steps[i] = sum;
    }
    for (size_t i = 0; i < count; i++)
        out[i].word[0] = (uint64_t)(steps[i] / sum * 18446744073709549568.0);
}

#endif
