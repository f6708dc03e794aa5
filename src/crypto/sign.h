/* SPDX-License-Identifier: Apache-2.0
 *
 * Ed25519 signatures (RFC 8032), strict verification.
 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "base/bytes.h"
#include "crypto/secret.h"

struct crypto_sign_public {
    uint8_t bytes[32];
};
struct crypto_sign_secret {
    uint8_t bytes[64]; /* seed ‖ public key; wiped by the owner with crypto_wipe() */
};
struct crypto_signature {
    uint8_t bytes[64];
};

void crypto_sign_keys_from_seed(const struct crypto_key *seed, struct crypto_sign_secret *secret,
                                struct crypto_sign_public *public_key);
void crypto_sign_public_of(const struct crypto_sign_secret *secret, struct crypto_sign_public *out);
void crypto_sign_make(const struct crypto_sign_secret *secret, struct base_bytes message, struct crypto_signature *out);
/* BASE_E_SIGNATURE when it does not verify. */
enum base_code crypto_sign_check(const struct crypto_sign_public *public_key, struct base_bytes message,
                                 const struct crypto_signature *signature) BASE_MUST_USE;

#endif
