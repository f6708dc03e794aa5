/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <sodium.h>
#include <string.h>

enum {
    NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

enum base_code crypto_start(void)
{
    return sodium_init() < 0 ? base_fail(BASE_E_INTERNAL, "libsodium does not start") : BASE_OK;
}

void crypto_wipe(void *secret, size_t len)
{
    sodium_memzero(secret, len);
}

void crypto_wipe_buffer(struct base_buffer *buffer)
{
    if (buffer->data != NULL)
        sodium_memzero(buffer->data, buffer->capacity);
    base_buffer_release(buffer);
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void crypto_key_derive(const struct crypto_key *key, const char *domain, struct base_bytes context, struct crypto_key *out)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)domain, strlen(domain) + 1);
    if (context.len > 0)
        crypto_auth_hmacsha256_update(&state, context.data, context.len);
    crypto_auth_hmacsha256_final(&state, out->bytes);
    sodium_memzero(&state, sizeof state);
}

enum base_code crypto_seal(const struct crypto_key *key, struct base_bytes label, struct base_bytes plain,
                           const struct base_random *random, struct base_buffer *out)
{
    uint8_t nonce[NONCE_LEN];
    BASE_TRY(base_random_fill(random, nonce, sizeof nonce));
    BASE_TRY(base_buffer_reserve(out, NONCE_LEN + plain.len + TAG_LEN));
    memcpy(out->data + out->len, nonce, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out->data + out->len + NONCE_LEN, NULL, plain.data, plain.len, label.data,
                                               label.len, NULL, nonce, key->bytes);
    out->len += NONCE_LEN + plain.len + TAG_LEN;
    out->data[out->len] = 0;
    return BASE_OK;
}

enum base_code crypto_open(const struct crypto_key *key, struct base_bytes label, struct base_bytes sealed,
                           struct base_buffer *out)
{
    if (sealed.len < NONCE_LEN + TAG_LEN)
        return base_fail(BASE_E_TRUNCATED, "%zu bytes are too few to be sealed", sealed.len);
    size_t plain_len = sealed.len - NONCE_LEN - TAG_LEN;
    BASE_TRY(base_buffer_reserve(out, plain_len));
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out->data + out->len, NULL, NULL, sealed.data + NONCE_LEN,
                                                   sealed.len - NONCE_LEN, label.data, label.len, sealed.data,
                                                   key->bytes) != 0)
        return base_fail(BASE_E_PASSPHRASE, "the sealed bytes do not open with this key");
    out->len += plain_len;
    out->data[out->len] = 0;
    return BASE_OK;
}

enum base_code crypto_key_from_passphrase(struct base_bytes passphrase, const uint8_t salt[16],
                                          const struct crypto_passphrase_cost *cost, struct crypto_key *out)
{
    if (cost->passes < 1 || cost->passes > 16 || cost->memory_kib < 8 * 1024 || cost->memory_kib > 4 * 1024 * 1024)
        return base_fail(BASE_E_RANGE, "passphrase cost of %u passes over %u KiB", cost->passes, cost->memory_kib);
    if (crypto_pwhash(out->bytes, sizeof out->bytes, (const char *)passphrase.data, passphrase.len, salt, cost->passes,
                      (size_t)cost->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return base_fail(BASE_E_NOMEM, "no %u KiB of memory to work out the passphrase", cost->memory_kib);
    return BASE_OK;
}
