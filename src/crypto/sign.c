/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

void crypto_sign_keys_from_seed(const struct crypto_key *seed, struct crypto_sign_secret *secret,
                                struct crypto_sign_public *public_key)
{
    crypto_sign_ed25519_seed_keypair(public_key->bytes, secret->bytes, seed->bytes);
}

void crypto_sign_public_of(const struct crypto_sign_secret *secret, struct crypto_sign_public *out)
{
    memcpy(out->bytes, secret->bytes + 32, sizeof out->bytes);
}

void crypto_sign_make(const struct crypto_sign_secret *secret, struct base_bytes message, struct crypto_signature *out)
{
    crypto_sign_ed25519_detached(out->bytes, NULL, message.data, message.len, secret->bytes);
}

enum base_code crypto_sign_check(const struct crypto_sign_public *public_key, struct base_bytes message,
                                 const struct crypto_signature *signature)
{
    if (crypto_sign_ed25519_verify_detached(signature->bytes, message.data, message.len, public_key->bytes) != 0)
        return base_fail(BASE_E_SIGNATURE, "the signature does not verify");
    return BASE_OK;
}
