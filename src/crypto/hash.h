/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes. Every hash this project computes for itself (not for an existing format) starts with a domain: an ASCII
 * string "entente/<layer>/<use>/v1" and a zero byte, so that no two uses can collide.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "base/bytes.h"

struct crypto_hash {
    uint8_t bytes[32];
};

/* SHA-256 (FIPS 180-4) of the concatenation of `count` parts, without a domain: for formats that exist. */
void crypto_sha256(const struct base_bytes *parts, size_t count, struct crypto_hash *out);
/* SHA-256 of domain ‖ 0x00 ‖ for each part: u64 big-endian length ‖ part. */
void crypto_hash_domain(const char *domain, const struct base_bytes *parts, size_t count, struct crypto_hash *out);
/* HMAC-SHA-256 (RFC 2104) of one message. */
void crypto_hmac_sha256(struct base_bytes key, struct base_bytes message, struct crypto_hash *out);
/* SHA-512 of the concatenation of `count` parts. */
void crypto_sha512(const struct base_bytes *parts, size_t count, uint8_t out[64]);

/* A running SHA-256, for transcripts and files. Caller storage; crypto_running_final() may be called once. */
struct crypto_running {
    _Alignas(16) uint8_t state[128];
};
void crypto_running_init(struct crypto_running *running);
void crypto_running_update(struct crypto_running *running, struct base_bytes bytes);
void crypto_running_final(struct crypto_running *running, struct crypto_hash *out);
/* crypto_hash_domain() in steps: instead of init, then part by part. A copy of a running hash goes on from what was hashed so far. */
void crypto_running_domain(struct crypto_running *running, const char *domain);
void crypto_running_part(struct crypto_running *running, struct base_bytes part);

bool crypto_hash_equal(const struct crypto_hash *a, const struct crypto_hash *b); /* constant time */

#endif
