/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the okvs layer: the window of 256 slots that a row can touch, as 64 tables of the 16 sums of four neighbouring
 * slots each. Slot p of a strip belongs to bit p mod 256 of a row and to table (p / 4) mod 64, so that a row is summed up by 64
 * look-ups without shifting anything, and the window moves by replacing tables. The tables fill 16 KiB: they stay in the
 * first cache while slots and rows stream by.
 */
#ifndef OKVS_WINDOW_H
#define OKVS_WINDOW_H

#include "block/block.h"
#include "okvs/okvs.h"

enum { OKVS_GROUP = 4, OKVS_TABLES = OKVS_BAND / OKVS_GROUP, OKVS_SUMS = 1 << OKVS_GROUP };

typedef uint64_t okvs_vector __attribute__((vector_size(16), may_alias)); /* a block in one register */

struct okvs_window {
    _Alignas(64) okvs_vector sums[OKVS_TABLES][OKVS_SUMS];
};

struct okvs_row {
    _Alignas(32) uint64_t word[OKVS_BAND / 64];
};

/* The sums of slots[0..3] in the table they belong to; `slot` is the number of the first, a multiple of 4. */
static inline void okvs_window_put(struct okvs_window *window, uint64_t slot, const struct block *slots)
{
    okvs_vector *sums = window->sums[slot / OKVS_GROUP % OKVS_TABLES];
    const okvs_vector *in = (const okvs_vector *)slots;
    const okvs_vector a = in[0], b = in[1], c = in[2], d = in[3];
    const okvs_vector ab = a ^ b, ac = a ^ c, bc = b ^ c, abc = ab ^ c;
    sums[0] = (okvs_vector){0, 0};
    sums[1] = a;
    sums[2] = b;
    sums[3] = ab;
    sums[4] = c;
    sums[5] = ac;
    sums[6] = bc;
    sums[7] = abc;
    sums[8] = d;
    sums[9] = a ^ d;
    sums[10] = b ^ d;
    sums[11] = ab ^ d;
    sums[12] = c ^ d;
    sums[13] = ac ^ d;
    sums[14] = bc ^ d;
    sums[15] = abc ^ d;
}

/* The sum of the slots whose bits are set in one word of a row. */
static inline okvs_vector okvs_window_word(const okvs_vector (*tables)[OKVS_SUMS], uint64_t word)
{
    /* Sixteen times the nibble is the offset of its sum in bytes: the low nibbles are moved up, the high ones are there. */
    const uint64_t high = word & 0xf0f0f0f0f0f0f0f0u, low = (word & 0x0f0f0f0f0f0f0f0fu) << 4;
    okvs_vector even = {0, 0}, odd = {0, 0};
#define OKVS_LOOK_UP(table, offset) (*(const okvs_vector *)((const char *)tables[table] + (uint8_t)(offset)))
#define OKVS_LOOK_UP_BYTE(i)                                                                       \
    even ^= OKVS_LOOK_UP(2 * (i), low >> (8 * (i)));                                               \
    odd ^= OKVS_LOOK_UP(2 * (i) + 1, high >> (8 * (i)))
    OKVS_LOOK_UP_BYTE(0);
    OKVS_LOOK_UP_BYTE(1);
    OKVS_LOOK_UP_BYTE(2);
    OKVS_LOOK_UP_BYTE(3);
    OKVS_LOOK_UP_BYTE(4);
    OKVS_LOOK_UP_BYTE(5);
    OKVS_LOOK_UP_BYTE(6);
    OKVS_LOOK_UP_BYTE(7);
#undef OKVS_LOOK_UP_BYTE
#undef OKVS_LOOK_UP
    return even ^ odd;
}

static inline okvs_vector okvs_window_sum(const struct okvs_window *window, const uint64_t row[OKVS_BAND / 64])
{
    return okvs_window_word(window->sums, row[0]) ^ okvs_window_word(window->sums + 16, row[1]) ^
           okvs_window_word(window->sums + 32, row[2]) ^ okvs_window_word(window->sums + 48, row[3]);
}

#endif
