/* SPDX-License-Identifier: Apache-2.0
 *
 * GF(2^128) = GF(2)[x] / (x^128 + x^7 + x^2 + x + 1). Bit i of a block (block.h) is the coefficient of x^i; addition is
 * block_xor(). It is the field of GCM (NIST SP 800-38D) with the bits in the other order: an element here, with the bits
 * within each of its 16 bytes reversed, is the element there. All functions run in a time that depends on counts alone.
 */
#ifndef BLOCK_GF_H
#define BLOCK_GF_H

#include "block/block.h"

#define BLOCK_ONE ((struct block){{1, 0}})

struct block block_gf_multiply(struct block a, struct block b);
struct block block_gf_square(struct block a);
struct block block_gf_invert(struct block a); /* a^(2^128 - 2): the inverse, and zero for zero */

/* Sum of a[i] * b[i]; one reduction for the whole sum. */
struct block block_gf_dot(const struct block *a, const struct block *b, size_t count);
/* Sum of x^i * a[i] for i < 128: 128 elements whose multiples by the powers of x are added up. */
struct block block_gf_compose(const struct block a[128]);

/* out[i] = in[i] * scalar, and out[i] ^= in[i] * scalar. out may be in. */
void block_gf_scale(struct block *out, const struct block *in, struct block scalar, size_t count);
void block_gf_multiply_add(struct block *out, const struct block *in, struct block scalar, size_t count);
/* out[i] = a[i] * b[i] */
void block_gf_multiply_each(struct block *out, const struct block *a, const struct block *b, size_t count);
/* out[i] = base^(first + i) */
void block_gf_powers(struct block base, uint64_t first, struct block *out, size_t count);

#endif
