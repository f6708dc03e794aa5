/* SPDX-License-Identifier: Apache-2.0
 *
 * Oblivious transfers of random keys over ristretto255, a batch at a time, secure against parties that deviate. The sender gets two
 * keys for each transfer, the receiver the one it chose; the sender does not learn which, the receiver learns nothing of
 * the other. Both may influence their own keys ("endemic"), which is what a generator's seed can bear.
 *
 *     sender                                         receiver
 *     crypto_ot_open()             -- opening ->
 *                                  <- offer i --     crypto_ot_choose(i)
 *     crypto_ot_sender_keys(i)                       crypto_ot_receiver_key(i)
 *
 * The opening and the offers do not depend on each other and may cross. Construction: Masny and Rindal, "Endemic Oblivious Transfer"
 * (eprint 2019/706, over Diffie-Hellman), whose pair of points is the programmable-once function that
 * McQuoid, Rosulek and Roy, "Batching Base Oblivious Transfers" (eprint 2021/682), show to be safe with one opening for a
 * batch, provided that hashes and keys are bound to the transfer's number, as they are here. Assumption: computational
 * Diffie-Hellman in ristretto255; SHA-512 and SHA-256 as random oracles.
 *
 * With j the choice, M the offer's points and H_j a hash into the group:  M_j + H_j(M_(1-j)) = b G  for the receiver's b;
 * key_j = SHA-256 over all of it and a (M_j + H_j(M_(1-j))) for the sender's a.
 *
 * `context` binds all to a session. Nothing branches on, or looks up by, a choice or a scalar. crypto_start() first.
 */
#ifndef CRYPTO_OT_H
#define CRYPTO_OT_H

#include "crypto/hash.h"
#include "crypto/oprf.h"

struct crypto_ot_opening {
    struct crypto_point point;
};
struct crypto_ot_offer {
    struct crypto_point points[2];
};
struct crypto_ot_key {
    uint8_t bytes[32];
};

/* 64 uniform bytes to the sender's secret and its opening. BASE_E_SCALAR as crypto_scalar_reduce(). */
enum base_code crypto_ot_open(const uint8_t wide[64], struct crypto_scalar *secret, struct crypto_ot_opening *out) BASE_MUST_USE;

/* 128 uniform bytes, fresh for each transfer, to an offer and the receiver's secret for it. choice is 0 or 1. */
enum base_code crypto_ot_choose(const struct crypto_hash *context, uint32_t number, unsigned choice, const uint8_t wide[128],
                                struct crypto_scalar *secret, struct crypto_ot_offer *out) BASE_MUST_USE;

/* BASE_E_POINT or BASE_E_IDENTITY for what the other side may not send. */
enum base_code crypto_ot_opening_check(const struct crypto_ot_opening *opening) BASE_MUST_USE;
enum base_code crypto_ot_sender_keys(const struct crypto_hash *context, uint32_t number, const struct crypto_scalar *secret,
                                     const struct crypto_ot_opening *own, const struct crypto_ot_offer *offer,
                                     struct crypto_ot_key out[2]) BASE_MUST_USE;
enum base_code crypto_ot_receiver_key(const struct crypto_hash *context, uint32_t number, unsigned choice,
                                      const struct crypto_scalar *secret, const struct crypto_ot_opening *opening,
                                      const struct crypto_ot_offer *own, struct crypto_ot_key *out) BASE_MUST_USE;

#endif
