/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the crypto layer: ristretto255 arithmetic in which the identity is a value like any other. The library
 * reports a product that is the identity and a point that is none with the same return value; here they are told apart.
 * Points given to these functions have passed crypto_point_check() or are results of them.
 */
#ifndef CRYPTO_GROUP_H
#define CRYPTO_GROUP_H

#include "crypto/oprf.h"

enum base_code crypto_group_multiply(const struct crypto_scalar *scalar, const struct crypto_point *point,
                                     struct crypto_point *out) BASE_MUST_USE;
void crypto_group_multiply_base(const struct crypto_scalar *scalar, struct crypto_point *out);
enum base_code crypto_group_add(const struct crypto_point *a, const struct crypto_point *b,
                                struct crypto_point *out) BASE_MUST_USE;
enum base_code crypto_group_subtract(const struct crypto_point *a, const struct crypto_point *b,
                                     struct crypto_point *out) BASE_MUST_USE;
bool crypto_group_is_identity(const struct crypto_point *point);
void crypto_group_from_uniform(const uint8_t uniform[64], struct crypto_point *out);
/* Is it below the group order? Zero is. */
bool crypto_group_is_scalar(const struct crypto_scalar *scalar);
void crypto_group_reduce(const uint8_t wide[64], struct crypto_scalar *out);
/* *out = a * b, a + b, a - b modulo the order; the inverse of a scalar that is not zero. */
void crypto_group_scalar_multiply(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out);
void crypto_group_scalar_add(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out);
void crypto_group_scalar_subtract(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out);
enum base_code crypto_group_scalar_invert(const struct crypto_scalar *a, struct crypto_scalar *out) BASE_MUST_USE;

#endif
