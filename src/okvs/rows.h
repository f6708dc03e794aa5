/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the okvs layer: from a key to its row.
 */
#ifndef OKVS_ROWS_H
#define OKVS_ROWS_H

#include "okvs/window.h"

enum { OKVS_BATCH = 64 }; /* rows made at once */

/* The starts of all strips are numbered through: start s is in strip s / strip_starts. */
static inline uint64_t okvs_start(uint64_t all_starts, struct block key)
{
    return (uint64_t)(((unsigned __int128)okvs_key_order(key) * all_starts) >> 64);
}

/* Bit p mod 256 of a row belongs to slot p of its strip. */
static inline void okvs_rows_make(const struct block_aes *aes, const struct block *keys, size_t count,
                                  struct okvs_row rows[OKVS_BATCH])
{
    struct block *halves = (struct block *)rows;
    for (size_t i = 0; i < count; i++) {
        halves[2 * i] = keys[i];
        halves[2 * i + 1] = block_xor(keys[i], (struct block){{0, 1}});
    }
    block_aes_encrypt(aes, halves, halves, 2 * count);
}

#endif
