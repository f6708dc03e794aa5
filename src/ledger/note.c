/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include "base/cursor.h"
#include "crypto/text.h"
#include "ledger/checkpoint.h"
#include "ledger/inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ID_LEN = 4, SIGNATURE_LEN = 64, COSIGNATURE_LEN = 8 + 64 };

static const char line_start[] = "\xe2\x80\x94 "; /* U+2014 and a space */
static const char cosignature_line[] = "cosignature/v1\n";

static bool starts_with(struct base_bytes bytes, const char *text)
{
    size_t len = strlen(text);
    return bytes.len >= len && memcmp(bytes.data, text, len) == 0;
}

/* ---- taking apart ---- */

/* ledger 2.2: the text ends with the first newline of the last two that stand together. */
static enum base_code find_text(struct base_bytes bytes, size_t *len)
{
    for (size_t i = bytes.len - 1; i > 0; i--) {
        if (bytes.data[i] == '\n' && bytes.data[i - 1] == '\n') {
            *len = i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "a note without a blank line before its signatures");
}

static enum base_code count_lines(struct base_bytes lines, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < lines.len; i++)
        *count += lines.data[i] == '\n';
    if (*count == 0)
        return base_fail(BASE_E_FORMAT, "a note without a signature");
    if (*count > LEDGER_NOTE_SIGNATURES_MAX)
        return base_fail(BASE_E_LIMIT, "a note with %zu signatures, at most %d allowed", *count, LEDGER_NOTE_SIGNATURES_MAX);
    return BASE_OK;
}

/* ledger 2.3. The blob's bytes are appended to storage; its data is set once storage no longer moves. */
static enum base_code parse_line(struct base_bytes line, struct ledger_note_signature *out, struct base_buffer *storage)
{
    if (!starts_with(line, line_start))
        return base_fail(BASE_E_FORMAT, "a signature line that does not start with a dash and a space");
    struct base_bytes rest = base_bytes_of(line.data + sizeof line_start - 1, line.len - (sizeof line_start - 1));
    const uint8_t *space = rest.len == 0 ? NULL : memchr(rest.data, ' ', rest.len);
    if (space == NULL)
        return base_fail(BASE_E_FORMAT, "a signature line without a space after the name");
    out->name = base_bytes_of(rest.data, (size_t)(space - rest.data));
    BASE_TRY(ledger_name_check(out->name));

    size_t start = storage->len;
    BASE_TRY(crypto_base64_decode(base_bytes_of(space + 1, rest.len - out->name.len - 1), storage));
    if (storage->len - start <= KEY_ID_LEN)
        return base_fail(BASE_E_FORMAT, "a signature of %zu bytes", storage->len - start);
    struct base_cursor id = base_cursor_over(base_bytes_of(storage->data + start, KEY_ID_LEN));
    out->blob.len = storage->len - start - KEY_ID_LEN;
    return base_cursor_u32(&id, &out->key_id);
}

static enum base_code parse_lines(struct base_bytes lines, struct ledger_note *note)
{
    size_t count;
    BASE_TRY(count_lines(lines, &count));
    note->signatures = base_alloc_array(count, sizeof *note->signatures);
    if (note->signatures == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu signatures", count);
    struct base_cursor in = base_cursor_over(lines);
    for (; note->count < count; note->count++) {
        struct base_bytes line;
        BASE_TRY(base_cursor_line(&in, LEDGER_NOTE_MAX, &line));
        BASE_TRY(parse_line(line, &note->signatures[note->count], &note->storage));
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        note->signatures[i].blob.data = note->storage.data + at + KEY_ID_LEN;
        at += KEY_ID_LEN + note->signatures[i].blob.len;
    }
    return base_cursor_end(&in);
}

static enum base_code check_text(struct base_bytes text)
{
    if (text.len == 0 || text.data[text.len - 1] != '\n')
        return base_fail(BASE_E_TRUNCATED, "a note that does not end in a newline");
    return ledger_characters_check(text);
}

enum base_code ledger_note_parse(struct base_bytes bytes, struct ledger_note *out)
{
    *out = LEDGER_NOTE_EMPTY;
    if (bytes.len > LEDGER_NOTE_MAX) /* ledger 2.1 */
        return base_fail(BASE_E_LIMIT, "a note of %zu bytes, at most %d allowed", bytes.len, LEDGER_NOTE_MAX);
    size_t text_len = 0;
    BASE_TRY(check_text(bytes));
    BASE_TRY(find_text(bytes, &text_len));
    out->text = base_bytes_of(bytes.data, text_len);
    enum base_code code = parse_lines(base_bytes_of(bytes.data + text_len + 1, bytes.len - text_len - 1), out);
    if (code != BASE_OK)
        ledger_note_release(out);
    return code;
}

void ledger_note_release(struct ledger_note *note)
{
    free(note->signatures);
    base_buffer_release(&note->storage);
    *note = LEDGER_NOTE_EMPTY;
}

/* ---- making ---- */

/* ledger 4.5: what a cosignature signs. */
static enum base_code cosigned_message(uint64_t seconds, struct base_bytes text, struct base_buffer *out)
{
    BASE_TRY(base_buffer_format(out, "%stime %" PRIu64 "\n", cosignature_line, seconds));
    return base_buffer_append(out, text);
}

static enum base_code check_seconds(uint64_t seconds)
{
    if (seconds > INT64_MAX)
        return base_fail(BASE_E_RANGE, "a cosignature's time is above 2^63 - 1");
    return BASE_OK;
}

/* BASE_E_ARGUMENT for a text that would sign what a cosignature signs (ledger 2.8). */
static enum base_code sign_text(struct base_bytes text, const struct crypto_sign_secret *secret, uint8_t signature[SIGNATURE_LEN])
{
    if (starts_with(text, cosignature_line))
        return base_fail(BASE_E_ARGUMENT, "a text that starts as a cosignature does");
    struct crypto_signature made;
    crypto_sign_make(secret, text, &made);
    memcpy(signature, made.bytes, SIGNATURE_LEN);
    return BASE_OK;
}

static enum base_code put_line(const struct ledger_verifier *signer, struct base_bytes blob, struct base_buffer *out)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    enum base_code code = base_put_u32(&bytes, signer->key_id);
    if (code == BASE_OK)
        code = base_buffer_append(&bytes, blob);
    if (code == BASE_OK)
        code = base_buffer_format(out, "%s%s ", line_start, signer->name);
    if (code == BASE_OK)
        code = crypto_base64_append(base_bytes_buffer(&bytes), out);
    if (code == BASE_OK)
        code = base_buffer_text(out, "\n");
    base_buffer_release(&bytes);
    return code;
}

/* Appends front, separator and one signature line; takes it all back when that fails or makes too long a note. */
static enum base_code put_note(struct base_bytes front, const char *separator, const struct ledger_verifier *signer,
                               struct base_bytes blob, struct base_buffer *out)
{
    size_t start = out->len;
    enum base_code code = base_buffer_append(out, front);
    if (code == BASE_OK)
        code = base_buffer_text(out, separator);
    if (code == BASE_OK)
        code = put_line(signer, blob, out);
    if (code == BASE_OK && out->len - start > LEDGER_NOTE_MAX)
        code = base_fail(BASE_E_LIMIT, "a note of %zu bytes, at most %d allowed", out->len - start, LEDGER_NOTE_MAX);
    if (code != BASE_OK && out->len > start) {
        out->len = start;
        out->data[start] = 0;
    }
    return code;
}

static enum base_code signer_init(struct ledger_verifier *out, const char *name, uint8_t type,
                                  const struct crypto_sign_secret *secret)
{
    struct crypto_sign_public key;
    crypto_sign_public_of(secret, &key);
    return ledger_verifier_init(out, name, type, &key);
}

enum base_code ledger_note_sign(struct base_bytes text, const char *name, const struct crypto_sign_secret *secret,
                                struct base_buffer *out)
{
    struct ledger_verifier signer;
    BASE_TRY(signer_init(&signer, name, LEDGER_KEY_ED25519, secret));
    return ledger_note_sign_as(text, &signer, secret, out);
}

enum base_code ledger_note_sign_as(struct base_bytes text, const struct ledger_verifier *signer, const struct crypto_sign_secret *secret,
                                   struct base_buffer *out)
{
    uint8_t blob[SIGNATURE_LEN];
    if (text.len > LEDGER_NOTE_MAX)
        return base_fail(BASE_E_LIMIT, "a text of %zu bytes", text.len);
    if (text.len == 0 || text.data[text.len - 1] != '\n')
        return base_fail(BASE_E_FORMAT, "a text that does not end in a newline");
    BASE_TRY(ledger_characters_check(text));
    BASE_TRY(sign_text(text, secret, blob));
    return put_note(text, "\n", signer, base_bytes_of(blob, sizeof blob), out);
}

static bool is_by(const struct ledger_note_signature *signature, const struct ledger_verifier *verifier)
{
    return signature->key_id == verifier->key_id && base_bytes_equal(signature->name, base_bytes_text(verifier->name));
}

static enum base_code check_room(const struct ledger_note *note, const struct ledger_verifier *signer)
{
    for (size_t i = 0; i < note->count; i++)
        if (is_by(&note->signatures[i], signer))
            return base_fail(BASE_E_EXISTS, "this key has signed the note already");
    if (note->count >= LEDGER_NOTE_SIGNATURES_MAX)
        return base_fail(BASE_E_LIMIT, "the note has %zu signatures already", note->count);
    return BASE_OK;
}

enum base_code ledger_note_add_signature(struct base_bytes note, const char *name, const struct crypto_sign_secret *secret,
                                         struct base_buffer *out)
{
    struct ledger_verifier signer;
    struct ledger_note parsed = LEDGER_NOTE_EMPTY;
    uint8_t blob[SIGNATURE_LEN];
    BASE_TRY(signer_init(&signer, name, LEDGER_KEY_ED25519, secret));
    BASE_TRY(ledger_note_parse(note, &parsed));
    enum base_code code = check_room(&parsed, &signer);
    if (code == BASE_OK)
        code = sign_text(parsed.text, secret, blob);
    if (code == BASE_OK)
        code = put_note(note, "", &signer, base_bytes_of(blob, sizeof blob), out);
    ledger_note_release(&parsed);
    return code;
}

static enum base_code make_cosignature(struct base_bytes text, const struct crypto_sign_secret *secret, uint64_t seconds,
                                       struct base_buffer *blob)
{
    struct base_buffer message = BASE_BUFFER_EMPTY;
    struct crypto_signature signature;
    enum base_code code = cosigned_message(seconds, text, &message);
    if (code == BASE_OK)
        code = base_put_u64(blob, seconds);
    if (code == BASE_OK) {
        crypto_sign_make(secret, base_bytes_buffer(&message), &signature);
        code = base_put_bytes(blob, signature.bytes, sizeof signature.bytes);
    }
    base_buffer_release(&message);
    return code;
}

enum base_code ledger_cosign(struct base_bytes note, const char *name, const struct crypto_sign_secret *secret,
                             uint64_t seconds, struct base_buffer *out)
{
    struct ledger_verifier signer;
    struct ledger_checkpoint checkpoint;
    struct ledger_note parsed = LEDGER_NOTE_EMPTY;
    struct base_buffer blob = BASE_BUFFER_EMPTY;
    BASE_TRY(check_seconds(seconds));
    BASE_TRY(signer_init(&signer, name, LEDGER_KEY_COSIGNATURE, secret));
    BASE_TRY(ledger_note_parse(note, &parsed));
    enum base_code code = ledger_checkpoint_parse(parsed.text, &checkpoint);
    if (code == BASE_OK)
        code = check_room(&parsed, &signer);
    if (code == BASE_OK)
        code = make_cosignature(parsed.text, secret, seconds, &blob);
    if (code == BASE_OK)
        code = put_note(note, "", &signer, base_bytes_buffer(&blob), out);
    base_buffer_release(&blob);
    ledger_note_release(&parsed);
    return code;
}

/* ---- checking ---- */

static enum base_code check_length(const struct ledger_note_signature *signature, size_t len)
{
    if (signature->blob.len != len)
        return base_fail(BASE_E_SIGNATURE, "a signature of %zu bytes, %zu expected", signature->blob.len, len);
    return BASE_OK;
}

static enum base_code check_plain(struct base_bytes text, const struct ledger_note_signature *by,
                                  const struct crypto_sign_public *key)
{
    struct crypto_signature signature;
    BASE_TRY(check_length(by, SIGNATURE_LEN));
    memcpy(signature.bytes, by->blob.data, SIGNATURE_LEN);
    return crypto_sign_check(key, text, &signature);
}

static enum base_code check_cosignature(struct base_bytes text, const struct ledger_note_signature *by,
                                        const struct crypto_sign_public *key, uint64_t *seconds)
{
    struct base_cursor in = base_cursor_over(by->blob);
    struct base_buffer message = BASE_BUFFER_EMPTY;
    struct crypto_signature signature;
    BASE_TRY(check_length(by, COSIGNATURE_LEN));
    BASE_TRY(base_cursor_u64(&in, seconds));
    BASE_TRY(check_seconds(*seconds));
    BASE_TRY(base_cursor_copy(&in, signature.bytes, sizeof signature.bytes));
    enum base_code code = cosigned_message(*seconds, text, &message);
    if (code == BASE_OK)
        code = crypto_sign_check(key, base_bytes_buffer(&message), &signature);
    base_buffer_release(&message);
    return code;
}

/* ledger 2.6, 4.6: every signature by this key must verify; the first one's time. */
static enum base_code check_all(const struct ledger_note *note, const struct ledger_verifier *verifier, uint64_t *seconds)
{
    bool is_found = false;
    for (size_t i = 0; i < note->count; i++) {
        const struct ledger_note_signature *signature = &note->signatures[i];
        uint64_t time = 0;
        if (!is_by(signature, verifier))
            continue;
        if (verifier->type == LEDGER_KEY_COSIGNATURE)
            BASE_TRY(check_cosignature(note->text, signature, &verifier->key, &time));
        else
            BASE_TRY(check_plain(note->text, signature, &verifier->key));
        if (!is_found)
            *seconds = time;
        is_found = true;
    }
    if (!is_found)
        return base_fail(BASE_E_KEY, "no signature by this key (id %08x, type 0x%02x)", verifier->key_id, verifier->type);
    return BASE_OK;
}

enum base_code ledger_note_check(const struct ledger_note *note, const struct ledger_verifier *verifier)
{
    uint64_t seconds;
    return check_all(note, verifier, &seconds);
}

enum base_code ledger_cosignature_time(const struct ledger_note *note, const struct ledger_verifier *verifier,
                                       uint64_t *seconds)
{
    if (verifier->type != LEDGER_KEY_COSIGNATURE)
        return base_fail(BASE_E_ARGUMENT, "a key of type 0x%02x makes no cosignatures", verifier->type);
    return check_all(note, verifier, seconds);
}
