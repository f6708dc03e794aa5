/* SPDX-License-Identifier: Apache-2.0
 *
 * Names, key ids and verifier key texts.
 */
#include "base/cursor.h"
#include "crypto/hash.h"
#include "crypto/text.h"
#include "ledger/inside.h"
#include "ledger/note.h"

#include <string.h>

enum { MATERIAL_LEN = 33, KEY_ID_DIGITS = 8 };

/* Moves over one character of well-formed UTF-8. */
static uint32_t next_character(const uint8_t **at)
{
    const uint8_t *c = *at;
    if (c[0] < 0x80) {
        *at += 1;
        return c[0];
    }
    size_t len = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
    uint32_t value = c[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        value = value << 6 | (c[i] & 0x3fu);
    *at += len;
    return value;
}

/* Unicode White_Space. */
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

enum base_code ledger_characters_check(struct base_bytes text)
{
    if (!base_bytes_is_utf8(text))
        return base_fail(BASE_E_ENCODING, "a note is not UTF-8"); /* ledger 2.1 */
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 && text.data[i] != '\n')
            return base_fail(BASE_E_FORMAT, "a control character in a note, at byte %zu", i);
    return BASE_OK;
}

enum base_code ledger_name_check(struct base_bytes name)
{
    if (name.len > LEDGER_NAME_MAX)
        return base_fail(BASE_E_LIMIT, "a key name of %zu bytes, at most %d allowed", name.len, LEDGER_NAME_MAX);
    if (name.len == 0)
        return base_fail(BASE_E_FORMAT, "an empty key name");
    if (!base_bytes_is_utf8(name))
        return base_fail(BASE_E_FORMAT, "a key name that is not UTF-8");
    const uint8_t *at = name.data, *end = name.data + name.len;
    while (at < end) { /* ledger 2.4 */
        uint32_t c = next_character(&at);
        if (c < 0x20 || c == '+' || is_space(c))
            return base_fail(BASE_E_FORMAT, "a key name with a space, a plus or a control character");
    }
    return BASE_OK;
}

/* ledger 2.5 */
static uint32_t key_id_of(struct base_bytes name, uint8_t type, const struct crypto_sign_public *key)
{
    uint8_t separator[2] = {'\n', type};
    struct base_bytes parts[3] = {name, base_bytes_of(separator, sizeof separator), base_bytes_of(key->bytes, sizeof key->bytes)};
    struct crypto_hash hash;
    crypto_sha256(parts, 3, &hash);
    return (uint32_t)hash.bytes[0] << 24 | (uint32_t)hash.bytes[1] << 16 | (uint32_t)hash.bytes[2] << 8 | hash.bytes[3];
}

static enum base_code verifier_set(struct ledger_verifier *out, struct base_bytes name, uint8_t type,
                                   const struct crypto_sign_public *key)
{
    if (type != LEDGER_KEY_ED25519 && type != LEDGER_KEY_COSIGNATURE)
        return base_fail(BASE_E_UNSUPPORTED, "a key of type 0x%02x", type);
    BASE_TRY(ledger_name_check(name));
    memset(out, 0, sizeof *out);
    memcpy(out->name, name.data, name.len);
    out->type = type;
    out->key_id = key_id_of(name, type, key);
    out->key = *key;
    return BASE_OK;
}

enum base_code ledger_verifier_init(struct ledger_verifier *out, const char *name, uint8_t type,
                                    const struct crypto_sign_public *key)
{
    return verifier_set(out, base_bytes_text(name), type, key);
}

/* The bytes before the next '+', and moves behind it. */
static enum base_code take_to_plus(struct base_cursor *in, struct base_bytes *out)
{
    const uint8_t *plus = in->left == 0 ? NULL : memchr(in->at, '+', in->left);
    if (plus == NULL)
        return base_fail(BASE_E_FORMAT, "a verifier key is name+id+key");
    struct base_bytes separator;
    BASE_TRY(base_cursor_take(in, (size_t)(plus - in->at), out));
    return base_cursor_take(in, 1, &separator);
}

static enum base_code decode_material(struct base_bytes text, uint8_t *type, struct crypto_sign_public *key)
{
    struct base_buffer material = BASE_BUFFER_EMPTY;
    enum base_code code = crypto_base64_decode(text, &material);
    if (code == BASE_OK && material.len == 0)
        code = base_fail(BASE_E_FORMAT, "a verifier key without a key");
    if (code == BASE_OK) {
        *type = material.data[0];
        if (*type != LEDGER_KEY_ED25519 && *type != LEDGER_KEY_COSIGNATURE)
            code = base_fail(BASE_E_UNSUPPORTED, "a verifier key of type 0x%02x", *type);
        else if (material.len != MATERIAL_LEN)
            code = base_fail(BASE_E_FORMAT, "a verifier key of %zu bytes, %d expected", material.len, MATERIAL_LEN);
        else
            memcpy(key->bytes, material.data + 1, sizeof key->bytes);
    }
    base_buffer_release(&material);
    return code;
}

/* ledger 2.9 */
enum base_code ledger_verifier_parse(struct base_bytes vkey, struct ledger_verifier *out)
{
    struct base_cursor in = base_cursor_over(vkey);
    struct base_bytes name, id;
    uint8_t type, id_bytes[4];
    struct crypto_sign_public key;
    if (vkey.len > LEDGER_NAME_MAX + 1 + KEY_ID_DIGITS + 1 + 44)
        return base_fail(BASE_E_LIMIT, "a verifier key of %zu bytes", vkey.len);
    BASE_TRY(take_to_plus(&in, &name));
    BASE_TRY(take_to_plus(&in, &id));
    BASE_TRY(crypto_hex_decode(id, id_bytes, sizeof id_bytes));
    BASE_TRY(decode_material(base_cursor_rest(&in), &type, &key));

    struct ledger_verifier verifier;
    BASE_TRY(verifier_set(&verifier, name, type, &key));
    struct base_cursor id_cursor = base_cursor_over(base_bytes_of(id_bytes, sizeof id_bytes));
    uint32_t key_id;
    BASE_TRY(base_cursor_u32(&id_cursor, &key_id));
    if (key_id != verifier.key_id)
        return base_fail(BASE_E_FORMAT, "a verifier key whose id is not that of its name and key");
    *out = verifier;
    return BASE_OK;
}

enum base_code ledger_verifier_format(const struct ledger_verifier *verifier, struct base_buffer *out)
{
    uint8_t material[MATERIAL_LEN];
    material[0] = verifier->type;
    memcpy(material + 1, verifier->key.bytes, sizeof verifier->key.bytes);
    BASE_TRY(base_buffer_format(out, "%s+%08x+", verifier->name, verifier->key_id));
    return crypto_base64_append(base_bytes_of(material, sizeof material), out);
}
