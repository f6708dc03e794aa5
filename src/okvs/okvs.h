/* SPDX-License-Identifier: Apache-2.0
 *
 * An oblivious key-value store over GF(2^128): an array of blocks in which every key of a set has its value, and which tells
 * nothing of the keys when the values are random. The value of a key is the sum of the slots its row names:
 *
 *     value(key) = sum of slot p over start(key) <= p < start(key) + 256 where bit p mod 256 of row(key) is 1
 *
 * It is the random band matrix of Bienstock, Patel, Seo and Yeo, "Near-Optimal Oblivious Key-Value Stores for Efficient PSI,
 * PSU and Volume-Hiding Multi-Maps" (eprint 2023/903), with a band of 256 bits and starts at multiples of 8. The array is
 * cut into strips that share no slot, each solved by itself. How it is laid out and why it is as small as it is:
 * doc/spec/okvs.md.
 *
 * Keys are blocks that are uniformly random to whoever chose the set (hashes under a salt that came later), sorted by
 * okvs_key_order(): the order of the keys is the order of their slots, so that encoding and decoding stream through memory.
 *
 *     okvs_params_for(n, &params);
 *     okvs_encode(&params, seed, keys, values, n, filler, threads, arena, slots);     -- slots: params.slots blocks
 *     okvs_decode(&params, seed, keys, n, slots, threads, values);
 *
 * Which memory is touched depends on the keys: nothing is claimed against whoever shares the machine's caches.
 */
#ifndef OKVS_OKVS_H
#define OKVS_OKVS_H

#include "block/aes.h"
#include "block/block.h"

enum {
    OKVS_BAND = 256,           /* slots a row can name */
    OKVS_ALIGN = 8,            /* a row starts at a multiple of this */
    OKVS_LAMBDA = 40,          /* an encoding fails with probability 2^-40 at most */
    OKVS_COUNT_MAX = 1 << 27,  /* keys */
    OKVS_STRIP_KEYS = 1 << 19, /* keys in a strip at most, on average */
};

struct okvs_params {
    uint64_t count;        /* keys the array has room for */
    uint64_t strips;
    uint64_t strip_starts; /* places in a strip where a row can start */
    uint64_t strip_slots;  /* OKVS_ALIGN * (strip_starts - 1) + OKVS_BAND */
    uint64_t slots;        /* strips * strip_slots */
    double failure_bits;   /* an encoding of `count` keys fails with probability 2^-failure_bits at most */
};

/* The parameters everybody uses for `count` keys, 0 included. BASE_E_LIMIT over OKVS_COUNT_MAX. */
enum base_code okvs_params_for(uint64_t count, struct okvs_params *out) BASE_MUST_USE;
/* The same with numbers of one's own, for measuring what the bound is worth; failure_bits is left 0. */
void okvs_params_with(uint64_t count, uint64_t strips, uint64_t strip_starts, struct okvs_params *out);

/* Keys are sorted by this number. */
static inline uint64_t okvs_key_order(struct block key)
{
    return key.word[0];
}

/* Bytes of scratch memory okvs_encode() needs: for each thread at work one strip. */
size_t okvs_encode_arena(const struct okvs_params *params, unsigned threads);

/* Fills slots[0..params->slots). Keys that occur twice must have the same value. `filler` seeds what the keys leave free:
 * secret, fresh, uniformly random. The work is split into strips, so threads help with more than one strip.
 * BASE_E_ARGUMENT for keys out of order or more than params->count; BASE_E_INTERNAL when the keys cannot be encoded, which
 * happens with the probability params->failure_bits says and tells something about them: the session is over. */
enum base_code okvs_encode(const struct okvs_params *params, struct block seed, const struct block *keys,
                           const struct block *values, size_t count, struct block filler, unsigned threads, void *arena,
                           struct block *slots) BASE_MUST_USE;

/* values[i] of keys[i], for any number of keys, in the set or not. BASE_E_ARGUMENT for keys out of order. */
enum base_code okvs_decode(const struct okvs_params *params, struct block seed, const struct block *keys, size_t count,
                           const struct block *slots, unsigned threads, struct block *values) BASE_MUST_USE;

#endif
