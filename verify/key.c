/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/key.h"

#include <openssl/evp.h>
#include <string.h>

bool verify_sha256(const struct verify_span *spans, size_t count, struct verify_hash *out)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; i < count && is_done; i++)
        is_done = EVP_DigestUpdate(context, spans[i].data, spans[i].len) == 1;
    is_done = is_done && EVP_DigestFinal_ex(context, out->bytes, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_done;
}

/* ledger 2.4 */
static bool is_space_or_plus(uint32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == '+' || point == 0x85 || point == 0xa0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
           point == 0x3000;
}

bool verify_is_name(struct verify_span name)
{
    if (name.len < 1 || name.len > VERIFY_NAME_MAX || !verify_is_utf8(name))
        return false;
    for (size_t i = 0; i < name.len;) {
        uint8_t lead = name.data[i++];
        uint32_t point = lead < 0x80 ? lead : lead >= 0xf0 ? lead & 7u : lead >= 0xe0 ? lead & 15u : lead & 31u;
        for (; i < name.len && (name.data[i] & 0xc0) == 0x80; i++)
            point = point << 6 | (name.data[i] & 0x3f);
        if (point < 0x20 || is_space_or_plus(point))
            return false;
    }
    return true;
}

bool verify_key_set_id(struct verify_key *key)
{
    struct verify_hash hash;
    const struct verify_span spans[] = {{(const uint8_t *)key->name, strlen(key->name)},
                                        {(const uint8_t *)"\n", 1},
                                        {&key->type, 1},
                                        {key->bytes, sizeof key->bytes}};
    if (!verify_sha256(spans, 4, &hash))
        return false;
    memcpy(key->id, hash.bytes, sizeof key->id);
    return true;
}

bool verify_key_parse(struct verify_span text, struct verify_key *out)
{
    const uint8_t *plus = text.len == 0 ? NULL : memchr(text.data, '+', text.len);
    if (plus == NULL)
        return false;
    struct verify_span name = verify_span_of(text.data, (size_t)(plus - text.data));
    struct verify_span rest = verify_span_of(plus + 1, text.len - name.len - 1);
    uint8_t id[4], material[33];
    if (!verify_is_name(name) || rest.len < 9 || rest.data[8] != '+' || !verify_hex(verify_span_of(rest.data, 8), id, 4))
        return false;
    if (verify_base64(verify_span_of(rest.data + 9, rest.len - 9), material, sizeof material) != (long)sizeof material)
        return false;
    memset(out, 0, sizeof *out);
    memcpy(out->name, name.data, name.len);
    out->type = material[0];
    memcpy(out->bytes, material + 1, sizeof out->bytes);
    return verify_key_set_id(out) && memcmp(out->id, id, sizeof id) == 0;
}

bool verify_fingerprint(const uint8_t identity[32], char out[2 * VERIFY_FINGERPRINT_LEN + 1])
{
    static const char domain[] = "entente/exchange/party/v1"; /* with its zero byte */
    static const uint8_t length[8] = {0, 0, 0, 0, 0, 0, 0, 32};
    const struct verify_span spans[] = {{(const uint8_t *)domain, sizeof domain}, {length, sizeof length}, {identity, 32}};
    struct verify_hash hash;
    if (!verify_sha256(spans, 3, &hash))
        return false;
    verify_hex_write(hash.bytes, VERIFY_FINGERPRINT_LEN, out);
    return true;
}

/* The y coordinates, little-endian, of the eight points of small order (RFC 7748's curve has cofactor 8). */
static const uint8_t small_order[5][32] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* Is y below 2^255 - 19, and the point not of small order? */
static bool is_sound_point(const uint8_t encoded[32])
{
    uint8_t y[32];
    memcpy(y, encoded, sizeof y);
    y[31] &= 0x7f;
    for (size_t i = 0; i < 5; i++)
        if (memcmp(y, small_order[i], sizeof y) == 0)
            return false;
    if (y[31] != 0x7f)
        return true;
    for (size_t i = 1; i < 31; i++)
        if (y[i] != 0xff)
            return true;
    return y[0] < 0xed;
}

bool verify_ed25519(const uint8_t key[32], struct verify_span message, const uint8_t signature[64])
{
    if (!is_sound_point(key) || !is_sound_point(signature))
        return false;
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = public_key != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
                 EVP_DigestVerify(context, signature, 64, message.data, message.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    return holds;
}
