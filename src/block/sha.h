/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 (FIPS 180-4) of many short messages that begin alike: the compression function, two messages at a time. Messages
 * of any length have crypto/hash.h.
 */
#ifndef BLOCK_SHA_H
#define BLOCK_SHA_H

#include "block/block.h"
#include "crypto/hash.h"

enum { BLOCK_SHA_LEN = 64, BLOCK_SHA_TAIL_MAX = 119 };

/* After a number of whole 64-byte pieces: big-endian words as numbers. */
struct block_sha {
    uint32_t words[8];
};

/* After no piece at all. */
void block_sha_init(struct block_sha *out);
/* states[i] takes the 64 bytes at pieces[64 * i]. */
void block_sha_compress(struct block_sha *states, const uint8_t *pieces, size_t count);

/* out[i] = the hash of what is in `start`, which took `start_len` bytes (a multiple of 64), and the `len` bytes at
 * tails[i * stride]; len is BLOCK_SHA_TAIL_MAX at most. */
void block_sha_finish(const struct block_sha *start, uint64_t start_len, const uint8_t *tails, size_t stride, size_t len,
                      size_t count, struct crypto_hash *out);

#endif
