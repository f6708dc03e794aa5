/* SPDX-License-Identifier: Apache-2.0
 *
 * The group under the OPRF. Knows points and scalars, nothing of protocols.
 */
#include "crypto/group.h"

#include "crypto/secret.h"

#include <sodium.h>
#include <string.h>

bool crypto_group_is_identity(const struct crypto_point *point)
{
    return sodium_is_zero(point->bytes, sizeof point->bytes) != 0;
}

enum base_code crypto_group_multiply(const struct crypto_scalar *scalar, const struct crypto_point *point,
                                     struct crypto_point *out)
{
    uint8_t product[32] = {0};
    if (crypto_scalarmult_ristretto255(product, scalar->bytes, point->bytes) != 0) {
        if (crypto_core_ristretto255_is_valid_point(point->bytes) != 1)
            return base_fail(BASE_E_POINT, "not a point of ristretto255");
        memset(product, 0, sizeof product); /* the product is the identity */
    }
    memcpy(out->bytes, product, sizeof product);
    crypto_wipe(product, sizeof product);
    return BASE_OK;
}

void crypto_group_multiply_base(const struct crypto_scalar *scalar, struct crypto_point *out)
{
    if (crypto_scalarmult_ristretto255_base(out->bytes, scalar->bytes) != 0)
        memset(out->bytes, 0, sizeof out->bytes); /* scalar zero */
}

enum base_code crypto_group_add(const struct crypto_point *a, const struct crypto_point *b, struct crypto_point *out)
{
    if (crypto_core_ristretto255_add(out->bytes, a->bytes, b->bytes) != 0)
        return base_fail(BASE_E_POINT, "not a point of ristretto255");
    return BASE_OK;
}

enum base_code crypto_group_subtract(const struct crypto_point *a, const struct crypto_point *b, struct crypto_point *out)
{
    if (crypto_core_ristretto255_sub(out->bytes, a->bytes, b->bytes) != 0)
        return base_fail(BASE_E_POINT, "not a point of ristretto255");
    return BASE_OK;
}

void crypto_group_from_uniform(const uint8_t uniform[64], struct crypto_point *out)
{
    (void)crypto_core_ristretto255_from_hash(out->bytes, uniform); /* never fails */
}

void crypto_group_reduce(const uint8_t wide[64], struct crypto_scalar *out)
{
    crypto_core_ristretto255_scalar_reduce(out->bytes, wide);
}

bool crypto_group_is_scalar(const struct crypto_scalar *scalar)
{
    uint8_t wide[64] = {0};
    struct crypto_scalar reduced;
    memcpy(wide, scalar->bytes, sizeof scalar->bytes);
    crypto_group_reduce(wide, &reduced);
    bool is_scalar = crypto_equal(reduced.bytes, scalar->bytes, sizeof reduced.bytes);
    crypto_wipe(wide, sizeof wide);
    crypto_wipe(&reduced, sizeof reduced);
    return is_scalar;
}

void crypto_group_scalar_multiply(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out)
{
    crypto_core_ristretto255_scalar_mul(out->bytes, a->bytes, b->bytes);
}

void crypto_group_scalar_add(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out)
{
    crypto_core_ristretto255_scalar_add(out->bytes, a->bytes, b->bytes);
}

void crypto_group_scalar_subtract(const struct crypto_scalar *a, const struct crypto_scalar *b, struct crypto_scalar *out)
{
    crypto_core_ristretto255_scalar_sub(out->bytes, a->bytes, b->bytes);
}

enum base_code crypto_group_scalar_invert(const struct crypto_scalar *a, struct crypto_scalar *out)
{
    if (crypto_core_ristretto255_scalar_invert(out->bytes, a->bytes) != 0)
        return base_fail(BASE_E_SCALAR, "zero has no inverse");
    return BASE_OK;
}

enum base_code crypto_point_check(const struct crypto_point *point)
{
    if (crypto_group_is_identity(point))
        return base_fail(BASE_E_IDENTITY, "the identity of ristretto255");
    if (crypto_core_ristretto255_is_valid_point(point->bytes) != 1)
        return base_fail(BASE_E_POINT, "not the canonical encoding of a point of ristretto255");
    return BASE_OK;
}

enum base_code crypto_scalar_check(const struct crypto_scalar *scalar)
{
    if (sodium_is_zero(scalar->bytes, sizeof scalar->bytes))
        return base_fail(BASE_E_SCALAR, "scalar zero");
    if (!crypto_group_is_scalar(scalar))
        return base_fail(BASE_E_SCALAR, "scalar not below the group order");
    return BASE_OK;
}

enum base_code crypto_scalar_reduce(const uint8_t wide[64], struct crypto_scalar *out)
{
    crypto_group_reduce(wide, out);
    if (sodium_is_zero(out->bytes, sizeof out->bytes))
        return base_fail(BASE_E_SCALAR, "scalar zero");
    return BASE_OK;
}
