/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/text.h"

#include <sodium.h>
#include <string.h>

void crypto_hex_encode(struct base_bytes bytes, char *out)
{
    sodium_bin2hex(out, bytes.len * 2 + 1, bytes.data, bytes.len);
}

enum base_code crypto_hex_decode(struct base_bytes text, uint8_t *out, size_t len)
{
    if (text.len != 2 * len)
        return base_fail(BASE_E_FORMAT, "%zu hexadecimal characters, %zu expected", text.len, 2 * len);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return base_fail(BASE_E_FORMAT, "not lower-case hexadecimal");
    }
    size_t got = 0;
    if (sodium_hex2bin(out, len, (const char *)text.data, text.len, NULL, &got, NULL) != 0 || got != len)
        return base_fail(BASE_E_FORMAT, "not lower-case hexadecimal");
    return BASE_OK;
}

enum base_code crypto_base64_append(struct base_bytes bytes, struct base_buffer *out)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_ORIGINAL); /* with the NUL */
    BASE_TRY(base_buffer_reserve(out, room));
    sodium_bin2base64((char *)out->data + out->len, room, bytes.data, bytes.len, sodium_base64_VARIANT_ORIGINAL);
    out->len += room - 1;
    return BASE_OK;
}

/* libsodium 1.0.18 takes bytes over 0x7f for characters of the alphabet. */
static bool is_ascii(struct base_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] > 0x7f)
            return false;
    return true;
}

enum base_code crypto_base64_decode(struct base_bytes text, struct base_buffer *out)
{
    if (!is_ascii(text))
        return base_fail(BASE_E_FORMAT, "not base64");
    size_t room = text.len / 4 * 3 + 3;
    size_t len = 0;
    BASE_TRY(base_buffer_reserve(out, room));
    const char *end = NULL;
    if (sodium_base642bin(out->data + out->len, room, (const char *)text.data, text.len, NULL, &len, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != (const char *)text.data + text.len)
        return base_fail(BASE_E_FORMAT, "not base64");
    out->len += len;
    out->data[out->len] = 0;
    return BASE_OK;
}

void crypto_words(struct base_bytes bytes, char *out)
{
    static const char consonants[] = "bdfghjklmnprstvz";
    static const char vowels[] = "aiou";
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        unsigned word = (unsigned)bytes.data[i] << 8 | bytes.data[i + 1];
        *out++ = consonants[word >> 12 & 15];
        *out++ = vowels[word >> 10 & 3];
        *out++ = consonants[word >> 6 & 15];
        *out++ = vowels[word >> 4 & 3];
        *out++ = consonants[word & 15];
        *out++ = i + 3 < bytes.len ? '-' : 0;
    }
    if (bytes.len < 2)
        *out = 0;
}
