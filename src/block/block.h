/* SPDX-License-Identifier: Apache-2.0
 *
 * A block is 128 bits: a string of 16 bytes to AES, an element of GF(2^128) to gf.h, and bits to be added. This folder
 * holds everything that depends on the CPU: the work is done by one of several sets of kernels, chosen at run time, and all
 * of them give the same bytes. No kernel branches on, or looks up by, the content of a block.
 *
 * Byte i of the string is bits 8i to 8i+7 of the number word[0] + 2^64 * word[1], so a block in memory is its string.
 */
#ifndef BLOCK_BLOCK_H
#define BLOCK_BLOCK_H

#include "base/bytes.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a block in memory is its string on little-endian machines only");

struct block {
    _Alignas(16) uint64_t word[2];
};

#define BLOCK_ZERO ((struct block){{0, 0}})

/* From and to 16 bytes, which need not be aligned. */
static inline struct block block_load(const void *bytes)
{
    struct block out;
    memcpy(&out, bytes, sizeof out);
    return out;
}

static inline void block_store(struct block a, void *bytes)
{
    memcpy(bytes, &a, sizeof a);
}

static inline struct block block_xor(struct block a, struct block b)
{
    return (struct block){{a.word[0] ^ b.word[0], a.word[1] ^ b.word[1]}};
}

static inline struct block block_and(struct block a, struct block b)
{
    return (struct block){{a.word[0] & b.word[0], a.word[1] & b.word[1]}};
}

/* All ones for bit 1, all zeros for bit 0; without a branch. */
static inline struct block block_mask(unsigned bit)
{
    uint64_t word = (uint64_t)0 - (uint64_t)(bit & 1u);
    return (struct block){{word, word}};
}

static inline unsigned block_bit(struct block a, unsigned index)
{
    return (unsigned)(a.word[index >> 6] >> (index & 63u)) & 1u;
}

bool block_equal(const struct block *a, const struct block *b); /* constant time */

/* Arrays. Ranges either are the same or do not overlap. */
void block_xor_into(struct block *out, const struct block *in, size_t count); /* out[i] ^= in[i] */
struct block block_sum(const struct block *in, size_t count);
/* in[index] ^= value for a secret index: every item is read and written. Nothing happens for an index of count or more. */
void block_add_at(struct block *in, size_t count, size_t index, struct block value);
/* in[index] for a secret index: every item is read. Zero for an index of count or more. */
struct block block_pick(const struct block *in, size_t count, size_t index);
/* Transposes a square of 128 x 128 bits in place: bit j of block i changes places with bit i of block j. */
void block_transpose(struct block square[128]);

/* The sets of kernels, from the one every machine can run. */
enum block_level {
    BLOCK_PORTABLE, /* C alone; AES is bitsliced */
    BLOCK_AESNI,    /* AES-NI and PCLMULQDQ, 128 bits wide */
    BLOCK_AVX2,     /* the same, with 256 bits where AES and multiplication are not concerned */
    BLOCK_AVX512    /* AVX-512 (F, VL, BW, DQ), VAES and VPCLMULQDQ, 512 bits wide */
};

enum block_level block_level(void);      /* the one in use: at first the best this machine has */
enum block_level block_level_best(void); /* the best this machine has */
const char *block_level_name(enum block_level level);
/* For tests and benchmarks, while no other thread works with blocks. BASE_E_UNSUPPORTED when the machine cannot run it. */
enum base_code block_set_level(enum block_level level) BASE_MUST_USE;

#endif
