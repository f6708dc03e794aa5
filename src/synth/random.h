/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers that are a function of (seed, index, purpose): a counter-based generator. Each draw is a step of SplitMix64 (Steele,
 * Lea and Flood, "Fast splittable pseudorandom number generators", 2014) from a start that its finaliser mixes from the three.
 * Integers only, so that every machine draws the same; of no cryptographic worth.
 */
#ifndef SYNTH_RANDOM_H
#define SYNTH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct synth_random {
    uint64_t state;
};

static inline uint64_t synth_mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static inline struct synth_random synth_random_of(uint64_t seed, uint64_t index, uint64_t purpose)
{
    uint64_t start = synth_mix(seed + 0x9e3779b97f4a7c15U * (purpose + 1));
    return (struct synth_random){synth_mix(start ^ synth_mix(index + 0xd1b54a32d192ed03U))};
}

static inline uint64_t synth_random_next(struct synth_random *random)
{
    return synth_mix(random->state += 0x9e3779b97f4a7c15U);
}

/* 0 to limit - 1; the bias of multiply-and-shift is under limit / 2^32. */
static inline uint32_t synth_random_below(struct synth_random *random, uint32_t limit)
{
    return (uint32_t)((synth_random_next(random) >> 32) * limit >> 32);
}

static inline bool synth_random_per_mille(struct synth_random *random, uint32_t rate)
{
    return synth_random_below(random, 1000) < rate;
}

#endif
