/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this layer share and nobody else may use: the rules of a note's text, and a reader that keeps the last
 * tile of each level while one root or proof is computed.
 */
#ifndef LEDGER_INSIDE_H
#define LEDGER_INSIDE_H

#include "ledger/tree.h"

/* UTF-8 without control characters but newline: BASE_E_ENCODING, BASE_E_FORMAT. */
enum base_code ledger_characters_check(struct base_bytes text) BASE_MUST_USE;

struct ledger_tile_slot {
    bool is_loaded;
    uint64_t index;
    struct base_buffer hashes;
};

struct ledger_reader {
    const struct ledger_tiles *tiles; /* borrowed */
    uint64_t size;
    struct ledger_tile_slot slots[LEDGER_TILE_LEVELS];
};

/* BASE_E_RANGE for a size above LEDGER_SIZE_MAX; the reader must be released in any case. */
enum base_code ledger_reader_init(struct ledger_reader *reader, const struct ledger_tiles *tiles, uint64_t size) BASE_MUST_USE;
void ledger_reader_release(struct ledger_reader *reader);

/* Hashes on a level, and in one tile, of a tree of the reader's size. */
uint64_t ledger_reader_level_count(const struct ledger_reader *reader, unsigned level);
unsigned ledger_reader_width(const struct ledger_reader *reader, unsigned level, uint64_t index);

/* The tile's hashes, exactly as wide as the reader's size says; borrowed until the next call for this level. */
enum base_code ledger_reader_tile(struct ledger_reader *reader, unsigned level, uint64_t index,
                                  struct base_bytes *hashes) BASE_MUST_USE;

/* MTH(D[begin:end]) for a range that RFC 6962's recursion produces: begin < end <= size, and begin a multiple of the smallest
 * power of two that is not less than end - begin. */
enum base_code ledger_reader_range(struct ledger_reader *reader, uint64_t begin, uint64_t end,
                                   struct crypto_hash *out) BASE_MUST_USE;

#endif
