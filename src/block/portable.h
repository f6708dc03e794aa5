/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the block layer: the portable kernels, which other sets fall back on.
 */
#ifndef BLOCK_PORTABLE_H
#define BLOCK_PORTABLE_H

#include "block/kernels.h"

void block_portable_aes_init(struct block_aes *aes, struct block key);
void block_portable_aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count);
extern const uint32_t block_sha_constants[64];
void block_portable_sha_compress(struct block_sha *states, const uint8_t *pieces, size_t count);
struct block block_portable_multiply(struct block a, struct block b);

#endif
