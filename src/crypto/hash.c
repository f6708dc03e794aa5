/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 comes from OpenSSL, which uses the CPU's SHA instructions; the rest from libsodium. Its one-shot call looks the
 * algorithm up by name each time, which takes longer than hashing a tree's node: the steps are called one by one.
 */
#define OPENSSL_API_COMPAT 0x10100000L /* they are discouraged since OpenSSL 3 for whoever wants to choose an algorithm at run time */

#include "crypto/hash.h"

#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

/* A running state is kept opaque so that no other layer sees the library's types. */
_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct crypto_running), "the state fits");

static SHA256_CTX *state_of(struct crypto_running *running)
{
    return (SHA256_CTX *)(void *)running->state;
}

void crypto_running_init(struct crypto_running *running)
{
    SHA256_Init(state_of(running));
}

void crypto_running_update(struct crypto_running *running, struct base_bytes bytes)
{
    if (bytes.len > 0)
        SHA256_Update(state_of(running), bytes.data, bytes.len);
}

void crypto_running_final(struct crypto_running *running, struct crypto_hash *out)
{
    SHA256_Final(out->bytes, state_of(running));
    sodium_memzero(running, sizeof *running);
}

void crypto_sha256(const struct base_bytes *parts, size_t count, struct crypto_hash *out)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].len > 0)
            SHA256_Update(&state, parts[i].data, parts[i].len);
    SHA256_Final(out->bytes, &state);
}

void crypto_running_domain(struct crypto_running *running, const char *domain)
{
    crypto_running_init(running);
    crypto_running_update(running, base_bytes_of(domain, strlen(domain) + 1));
}

void crypto_running_part(struct crypto_running *running, struct base_bytes part)
{
    uint8_t len[8];
    for (int shift = 0; shift < 8; shift++)
        len[shift] = (uint8_t)((uint64_t)part.len >> (56 - 8 * shift));
    crypto_running_update(running, base_bytes_of(len, sizeof len));
    crypto_running_update(running, part);
}

void crypto_hash_domain(const char *domain, const struct base_bytes *parts, size_t count, struct crypto_hash *out)
{
    struct crypto_running running;
    crypto_running_domain(&running, domain);
    for (size_t i = 0; i < count; i++)
        crypto_running_part(&running, parts[i]);
    crypto_running_final(&running, out);
}

void crypto_hmac_sha256(struct base_bytes key, struct base_bytes message, struct crypto_hash *out)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data, key.len);
    crypto_auth_hmacsha256_update(&state, message.data, message.len);
    crypto_auth_hmacsha256_final(&state, out->bytes);
    sodium_memzero(&state, sizeof state);
}

void crypto_sha512(const struct base_bytes *parts, size_t count, uint8_t out[64])
{
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].len > 0)
            crypto_hash_sha512_update(&state, parts[i].data, parts[i].len);
    crypto_hash_sha512_final(&state, out);
}

bool crypto_hash_equal(const struct crypto_hash *a, const struct crypto_hash *b)
{
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
