/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets at rest and in memory: wiping, constant-time comparison, sealing under a key, and a key from a passphrase.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "base/bytes.h"
#include "base/random.h"

/* Must be called once before anything else of this layer; may be called again. BASE_E_INTERNAL. */
enum base_code crypto_start(void) BASE_MUST_USE;

void crypto_wipe(void *secret, size_t len);
void crypto_wipe_buffer(struct base_buffer *buffer); /* wipes the whole capacity and releases it */
bool crypto_equal(const void *a, const void *b, size_t len); /* constant time */

struct crypto_key {
    uint8_t bytes[32];
};

/* A subkey: HMAC-SHA-256(key, domain ‖ 0x00 ‖ context). Different domains or contexts give unrelated keys. */
void crypto_key_derive(const struct crypto_key *key, const char *domain, struct base_bytes context, struct crypto_key *out);

/* XChaCha20-Poly1305 with a random nonce in front: 24 + 16 bytes longer than the plain text. `label` is authenticated and
 * not stored: opening needs the same label. crypto_open() fails with BASE_E_PASSPHRASE when the key, the label or the
 * bytes are not those that were sealed, BASE_E_TRUNCATED when there are fewer than 40 bytes. Both append to out. */
enum base_code crypto_seal(const struct crypto_key *key, struct base_bytes label, struct base_bytes plain,
                           const struct base_random *random, struct base_buffer *out) BASE_MUST_USE;
enum base_code crypto_open(const struct crypto_key *key, struct base_bytes label, struct base_bytes sealed,
                           struct base_buffer *out) BASE_MUST_USE;

/* Argon2id (RFC 9106), 3 passes over 256 MiB: about half a second. The parameters are written beside the sealed keys, so
 * that they can be raised. BASE_E_RANGE for passes outside 1..16 or memory outside 8 MiB..4 GiB, BASE_E_NOMEM. */
#define CRYPTO_PASSPHRASE_PASSES     3u
#define CRYPTO_PASSPHRASE_MEMORY_KIB (256u * 1024u)
struct crypto_passphrase_cost {
    uint32_t passes;
    uint32_t memory_kib;
};
enum base_code crypto_key_from_passphrase(struct base_bytes passphrase, const uint8_t salt[16],
                                          const struct crypto_passphrase_cost *cost, struct crypto_key *out) BASE_MUST_USE;

#endif
