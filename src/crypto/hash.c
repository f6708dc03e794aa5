/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 comes from OpenSSL, which uses the CPU's SHA instructions; the rest from libsodium.
 */
#include "crypto/hash.h"

#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

/* A running state is kept opaque so that no other layer sees the library's types. */
struct running_state {
    crypto_hash_sha256_state sha;
};
_Static_assert(sizeof(struct running_state) <= sizeof(struct crypto_running), "the state fits");

static crypto_hash_sha256_state *state_of(struct crypto_running *running)
{
    return (crypto_hash_sha256_state *)(void *)running->state;
}

void crypto_running_init(struct crypto_running *running)
{
    crypto_hash_sha256_init(state_of(running));
}

void crypto_running_update(struct crypto_running *running, struct base_bytes bytes)
{
    if (bytes.len > 0)
        crypto_hash_sha256_update(state_of(running), bytes.data, bytes.len);
}

void crypto_running_final(struct crypto_running *running, struct crypto_hash *out)
{
    crypto_hash_sha256_final(state_of(running), out->bytes);
    sodium_memzero(running, sizeof *running);
}

enum { SHORT_INPUT = 512 };

void crypto_sha256(const struct base_bytes *parts, size_t count, struct crypto_hash *out)
{
    /* Tree nodes and leaves are short: gathered and hashed in one call of the fast function. */
    uint8_t gathered[SHORT_INPUT];
    size_t len = 0;
    size_t i = 0;
    for (; i < count && parts[i].len <= SHORT_INPUT - len; i++) {
        if (parts[i].len > 0)
            memcpy(gathered + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    if (i == count) {
        SHA256(gathered, len, out->bytes);
        return;
    }
    if (count == 1) {
        SHA256(parts[0].data, parts[0].len, out->bytes);
        return;
    }
    struct crypto_running running;
    crypto_running_init(&running);
    for (i = 0; i < count; i++)
        crypto_running_update(&running, parts[i]);
    crypto_running_final(&running, out);
}

void crypto_hash_domain(const char *domain, const struct base_bytes *parts, size_t count, struct crypto_hash *out)
{
    struct crypto_running running;
    crypto_running_init(&running);
    crypto_running_update(&running, base_bytes_of(domain, strlen(domain) + 1));
    for (size_t i = 0; i < count; i++) {
        uint8_t len[8];
        for (int shift = 0; shift < 8; shift++)
            len[shift] = (uint8_t)((uint64_t)parts[i].len >> (56 - 8 * shift));
        crypto_running_update(&running, base_bytes_of(len, sizeof len));
        crypto_running_update(&running, parts[i]);
    }
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
