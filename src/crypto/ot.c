/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ot.h"

#include "crypto/group.h"
#include "crypto/secret.h"

#include <string.h>

static const char group_domain[] = "entente/crypto/ot-group/v1", key_domain[] = "entente/crypto/ot-key/v1";

/* The number and a side, as they are hashed. The side is secret at the receiver. */
struct label {
    uint8_t bytes[5];
};

static struct label label_of(uint32_t number, unsigned side)
{
    return (struct label){{(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number, (uint8_t)side}};
}

/* H_side(other) */
static void hash_to_group(const struct crypto_hash *context, uint32_t number, unsigned side, const struct crypto_point *other,
                          struct crypto_point *out)
{
    struct label label = label_of(number, side);
    uint8_t uniform[64];
    const struct base_bytes parts[] = {{(const uint8_t *)group_domain, sizeof group_domain},
                                       {context->bytes, sizeof context->bytes},
                                       {label.bytes, sizeof label.bytes},
                                       {other->bytes, sizeof other->bytes}};
    crypto_sha512(parts, sizeof parts / sizeof parts[0], uniform);
    crypto_group_from_uniform(uniform, out);
    crypto_wipe(uniform, sizeof uniform);
}

static void derive_key(const struct crypto_hash *context, uint32_t number, unsigned side, const struct crypto_ot_opening *opening,
                       const struct crypto_ot_offer *offer, const struct crypto_point *shared, struct crypto_ot_key *out)
{
    struct label label = label_of(number, side);
    const struct base_bytes parts[] = {{context->bytes, sizeof context->bytes},
                                       {label.bytes, sizeof label.bytes},
                                       {opening->point.bytes, sizeof opening->point.bytes},
                                       {(const uint8_t *)offer->points, sizeof offer->points},
                                       {shared->bytes, sizeof shared->bytes}};
    struct crypto_hash key;
    crypto_hash_domain(key_domain, parts, sizeof parts / sizeof parts[0], &key);
    memcpy(out->bytes, key.bytes, sizeof out->bytes);
    crypto_wipe(&key, sizeof key);
}

enum base_code crypto_ot_open(const uint8_t wide[64], struct crypto_scalar *secret, struct crypto_ot_opening *out)
{
    BASE_TRY(crypto_scalar_reduce(wide, secret));
    crypto_group_multiply_base(secret, &out->point);
    return BASE_OK;
}

/* a and b change places if `choice` is 1. */
static void exchange_if(unsigned choice, struct crypto_point *a, struct crypto_point *b)
{
    uint8_t mask = (uint8_t)(0u - (choice & 1u));
    for (size_t i = 0; i < sizeof a->bytes; i++) {
        uint8_t differ = (uint8_t)((a->bytes[i] ^ b->bytes[i]) & mask);
        a->bytes[i] ^= differ;
        b->bytes[i] ^= differ;
    }
}

enum base_code crypto_ot_choose(const struct crypto_hash *context, uint32_t number, unsigned choice, const uint8_t wide[128],
                                struct crypto_scalar *secret, struct crypto_ot_offer *out)
{
    struct crypto_point own, hashed;
    BASE_TRY(crypto_scalar_reduce(wide, secret));
    crypto_group_multiply_base(secret, &own);
    crypto_group_from_uniform(wide + 64, &out->points[1]);
    hash_to_group(context, number, choice, &out->points[1], &hashed);
    BASE_TRY(crypto_group_subtract(&own, &hashed, &out->points[0]));
    exchange_if(choice, &out->points[0], &out->points[1]);
    crypto_wipe(&own, sizeof own);
    crypto_wipe(&hashed, sizeof hashed);
    return BASE_OK;
}

enum base_code crypto_ot_opening_check(const struct crypto_ot_opening *opening)
{
    return crypto_point_check(&opening->point);
}

enum base_code crypto_ot_sender_keys(const struct crypto_hash *context, uint32_t number, const struct crypto_scalar *secret,
                                     const struct crypto_ot_opening *own, const struct crypto_ot_offer *offer,
                                     struct crypto_ot_key out[2])
{
    struct crypto_point point;
    BASE_TRY(crypto_point_check(&offer->points[0]));
    BASE_TRY(crypto_point_check(&offer->points[1]));
    for (unsigned side = 0; side < 2; side++) {
        hash_to_group(context, number, side, &offer->points[!side], &point);
        BASE_TRY(crypto_group_add(&offer->points[side], &point, &point));
        BASE_TRY(crypto_group_multiply(secret, &point, &point));
        derive_key(context, number, side, own, offer, &point, &out[side]);
    }
    crypto_wipe(&point, sizeof point);
    return BASE_OK;
}

enum base_code crypto_ot_receiver_key(const struct crypto_hash *context, uint32_t number, unsigned choice,
                                      const struct crypto_scalar *secret, const struct crypto_ot_opening *opening,
                                      const struct crypto_ot_offer *own, struct crypto_ot_key *out)
{
    struct crypto_point shared;
    BASE_TRY(crypto_ot_opening_check(opening));
    BASE_TRY(crypto_group_multiply(secret, &opening->point, &shared));
    derive_key(context, number, choice, opening, own, &shared, out);
    crypto_wipe(&shared, sizeof shared);
    return BASE_OK;
}
