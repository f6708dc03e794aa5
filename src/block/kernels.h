/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the block layer: one set of kernels for each level. A set may leave a kernel to the set below it; level.c fills
 * the table in. What the kernels do is said in block.h, gf.h, aes.h, tree.h and code.h.
 */
#ifndef BLOCK_KERNELS_H
#define BLOCK_KERNELS_H

#include "block/aes.h"
#include "block/sha.h"
#include "block/code.h"
#include "block/tree.h"

struct block_kernels {
    void (*aes_init)(struct block_aes *aes, struct block key);
    void (*aes_encrypt)(const struct block_aes *aes, const struct block *in, struct block *out, size_t count);
    void (*aes_counter)(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count);
    void (*hash_circular)(const struct block_aes *pi, const struct block *in, struct block *out, size_t count);
    void (*hash_tweaked)(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count);
    void (*sha_compress)(struct block_sha *states, const uint8_t *pieces, size_t count);
    void (*xor_into)(struct block *out, const struct block *in, size_t count);
    struct block (*sum)(const struct block *in, size_t count);
    void (*add_at)(struct block *in, size_t count, size_t index, struct block value);
    struct block (*pick)(const struct block *in, size_t count, size_t index);
    struct block (*multiply)(struct block a, struct block b);
    struct block (*dot)(const struct block *a, const struct block *b, size_t count);
    void (*scale)(struct block *out, const struct block *in, struct block scalar, size_t count);
    void (*multiply_add)(struct block *out, const struct block *in, struct block scalar, size_t count);
    void (*multiply_each)(struct block *out, const struct block *a, const struct block *b, size_t count);
    struct block_sides (*tree_halve)(const struct block_aes *pi, struct block *nodes, size_t count);
    struct block_sides (*tree_double)(const struct block_aes *pi, struct block *nodes, size_t count);
    void (*convolve)(struct block *elements, size_t count, const uint32_t *taps);
    void (*convolve_two)(struct block *one, struct block *other, size_t count, const uint32_t *taps);
    void (*places)(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period);
    void (*gather)(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight);
};

const struct block_kernels *block_kernels(void); /* of the level in use */

/* Overwrite what they do better. */
void block_kernels_portable(struct block_kernels *kernels);
#ifdef BLOCK_HAS_X86
void block_kernels_aesni(struct block_kernels *kernels);
void block_kernels_sha(struct block_kernels *kernels); /* on machines that have the SHA instructions, at all levels but the first */
void block_kernels_avx2(struct block_kernels *kernels);
void block_kernels_avx512(struct block_kernels *kernels);
#endif

#endif
