/* SPDX-License-Identifier: Apache-2.0
 *
 * Oblivious pseudorandom functions: RFC 9497, ciphersuite ristretto255-SHA512, in its three modes. The client blinds an
 * input, the server evaluates the blinded point under its key and, in the verifiable modes, proves for a whole batch
 * that it used the key it published; the client unblinds to 64 bytes that only the holder of the key can give.
 *
 *     client                                   server
 *     crypto_oprf_blind()          -- point ->
 *                                              crypto_oprf_evaluate(), crypto_oprf_prove()
 *                                  <- point, proof --
 *     crypto_oprf_verify(), crypto_oprf_finalize()
 *
 * The partially oblivious mode has a public `info` in addition: the server works with crypto_oprf_tweak_secret() and the
 * client with crypto_oprf_tweak_public(); the evaluation uses crypto_oprf_evaluate_inverse(), and in the proof the
 * evaluated points stand first and the blinded ones second (RFC 9497 section 3.3.3).
 *
 * Points and scalars are 32 bytes as they travel. Every function here checks what it is given:
 *   BASE_E_POINT      not the canonical encoding of a group element (RFC 9496 section 4.3.1)
 *   BASE_E_IDENTITY   the identity, which RFC 9497 section 2.1 forbids to accept, or an input that hashes to it
 *   BASE_E_SCALAR     not below the group order, or zero where a key or a blind stands
 *   BASE_E_PROOF      the proof does not verify
 *   BASE_E_LIMIT      an input, info or batch longer than two bytes can count; BASE_E_ARGUMENT for an empty batch
 * crypto_start() first.
 */
#ifndef CRYPTO_OPRF_H
#define CRYPTO_OPRF_H

#include "base/bytes.h"

enum crypto_oprf_mode { CRYPTO_OPRF_BASE = 0, CRYPTO_OPRF_VERIFIABLE = 1, CRYPTO_OPRF_PARTIAL = 2 };
enum { CRYPTO_OPRF_OUTPUT_LEN = 64, CRYPTO_OPRF_BATCH_MAX = 65535 };

struct crypto_point {
    uint8_t bytes[32];
};
struct crypto_scalar {
    uint8_t bytes[32]; /* little-endian; keys and blinds are secret: wiped by the owner with crypto_wipe() */
};
struct crypto_oprf_proof {
    struct crypto_scalar challenge, response;
};

/* expand_message_xmd of RFC 9380 section 5.3.1 with SHA-512. BASE_E_LIMIT for more than 255 * 64 bytes out, a domain
 * over 255 bytes. */
enum base_code crypto_expand_xmd(struct base_bytes message, struct base_bytes domain, uint8_t *out, size_t len) BASE_MUST_USE;

enum base_code crypto_point_check(const struct crypto_point *point) BASE_MUST_USE;
enum base_code crypto_scalar_check(const struct crypto_scalar *scalar) BASE_MUST_USE;
/* 64 uniform bytes modulo the group order. BASE_E_SCALAR when that is zero, which chance does not bring about. */
enum base_code crypto_scalar_reduce(const uint8_t wide[64], struct crypto_scalar *out) BASE_MUST_USE;

/* HashToGroup and HashToScalar of the ciphersuite (RFC 9497 section 4.1). */
enum base_code crypto_oprf_hash_to_group(enum crypto_oprf_mode mode, struct base_bytes input,
                                         struct crypto_point *out) BASE_MUST_USE;
enum base_code crypto_oprf_hash_to_scalar(enum crypto_oprf_mode mode, struct base_bytes input,
                                          struct crypto_scalar *out) BASE_MUST_USE;

/* DeriveKeyPair (section 3.2.1) and the public key of a secret one. */
enum base_code crypto_oprf_key_derive(enum crypto_oprf_mode mode, const uint8_t seed[32], struct base_bytes info,
                                      struct crypto_scalar *secret, struct crypto_point *public_key) BASE_MUST_USE;
enum base_code crypto_oprf_key_public(const struct crypto_scalar *secret, struct crypto_point *out) BASE_MUST_USE;

/* blind * HashToGroup(input). The blind is a fresh uniform scalar. */
enum base_code crypto_oprf_blind(enum crypto_oprf_mode mode, struct base_bytes input, const struct crypto_scalar *blind,
                                 struct crypto_point *out) BASE_MUST_USE;
/* secret * point, and in the partially oblivious mode secret^-1 * point. */
enum base_code crypto_oprf_evaluate(const struct crypto_scalar *secret, const struct crypto_point *blinded,
                                    struct crypto_point *out) BASE_MUST_USE;
enum base_code crypto_oprf_evaluate_inverse(const struct crypto_scalar *tweaked, const struct crypto_point *blinded,
                                            struct crypto_point *out) BASE_MUST_USE;

/* One proof that second[i] = secret * first[i] for all i and public_key = secret * G (section 2.2). `nonce` is a fresh
 * uniform scalar, never used for another proof. The work runs on up to `threads` threads. */
enum base_code crypto_oprf_prove(enum crypto_oprf_mode mode, const struct crypto_scalar *secret,
                                 const struct crypto_point *public_key, const struct crypto_scalar *nonce,
                                 const struct crypto_point *first, const struct crypto_point *second, size_t count,
                                 unsigned threads, struct crypto_oprf_proof *out) BASE_MUST_USE;
enum base_code crypto_oprf_verify(enum crypto_oprf_mode mode, const struct crypto_point *public_key,
                                  const struct crypto_point *first, const struct crypto_point *second, size_t count,
                                  unsigned threads, const struct crypto_oprf_proof *proof) BASE_MUST_USE;

/* The output: unblinds and hashes. `info` counts in the partially oblivious mode only. */
enum base_code crypto_oprf_finalize(enum crypto_oprf_mode mode, struct base_bytes input, struct base_bytes info,
                                    const struct crypto_scalar *blind, const struct crypto_point *evaluated,
                                    uint8_t out[CRYPTO_OPRF_OUTPUT_LEN]) BASE_MUST_USE;
/* The same output, computed by the holder of the key alone (Evaluate, section 3.3.1). In the partially oblivious mode
 * `secret` is the key itself, not the tweaked one. */
enum base_code crypto_oprf_output(enum crypto_oprf_mode mode, struct base_bytes input, struct base_bytes info,
                                  const struct crypto_scalar *secret, uint8_t out[CRYPTO_OPRF_OUTPUT_LEN]) BASE_MUST_USE;

/* The key for one `info` (section 3.3.3). BASE_E_SCALAR or BASE_E_IDENTITY when the tweak meets the key's negative. */
enum base_code crypto_oprf_tweak_secret(const struct crypto_scalar *secret, struct base_bytes info,
                                        struct crypto_scalar *out) BASE_MUST_USE;
enum base_code crypto_oprf_tweak_public(const struct crypto_point *public_key, struct base_bytes info,
                                        struct crypto_point *out) BASE_MUST_USE;

#endif
