/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vpsi layer: masks in ascending order as they travel, in a number of bytes that depends on their count alone
 * (vpsi 5). A mask is the number word[0] * 2^64 + word[1]; its leading bits are in the heads, a bit string for all masks, the
 * others are in batches. The code for the heads is that of Elias (1974) and Fano (1971).
 */
#ifndef VPSI_MASKS_H
#define VPSI_MASKS_H

#include "base/cursor.h"
#include "block/block.h"
#include "vpsi/sort.h"

struct vpsi_code {
    uint64_t count;
    unsigned high_bits; /* leading bits in the heads: floor(log2(count)) */
    size_t heads_len;   /* bytes: for count + 2^high_bits - 1 bits, rounded up to eight */
};
struct vpsi_code vpsi_code_for(uint64_t count);
/* Bytes of `masks` masks without their heads. */
size_t vpsi_code_batch_len(const struct vpsi_code *code, uint64_t masks);

/* Puts masks with the same word[0] in order of word[1]. `places` are sorted by key, which is word[0] of masks[index]. */
void vpsi_code_order_ties(struct vpsi_place *places, const struct block *masks, size_t count);
/* heads_len bytes; count places. */
void vpsi_code_heads(const struct vpsi_code *code, const struct vpsi_place *places, uint8_t *heads);
/* Appends masks first .. first + batch - 1. BASE_E_NOMEM. */
enum base_code vpsi_code_write(const struct vpsi_code *code, const struct vpsi_place *places, const struct block *masks,
                               uint64_t first, uint64_t batch, struct base_buffer *out) BASE_MUST_USE;

/* Reads them back, one after another. `heads` is borrowed. */
struct vpsi_code_reader {
    struct vpsi_code code;
    const uint8_t *heads;
    uint64_t rank, position; /* masks read; bits of the heads read */
    struct block last;
    /* of the batch: what is left of it, and bits taken off it */
    const uint8_t *seconds, *lows, *lows_end;
    unsigned __int128 bits;
    unsigned bit_count;
};
/* BASE_E_FORMAT unless the heads hold `count` ones, and zeros behind their end. */
enum base_code vpsi_code_reader_init(struct vpsi_code_reader *reader, const struct vpsi_code *code,
                                     const uint8_t *heads) BASE_MUST_USE;
/* Begins a batch: takes its bytes off the cursor. BASE_E_TRUNCATED. */
enum base_code vpsi_code_reader_batch(struct vpsi_code_reader *reader, uint64_t masks, struct base_cursor *in) BASE_MUST_USE;
/* BASE_E_FORMAT unless it is above the one before. Not more often than the batch has masks. */
enum base_code vpsi_code_reader_next(struct vpsi_code_reader *reader, struct block *out) BASE_MUST_USE;
/* BASE_E_FORMAT when the bits behind the batch's last mask are not zero. */
enum base_code vpsi_code_reader_batch_end(const struct vpsi_code_reader *reader) BASE_MUST_USE;

#endif
