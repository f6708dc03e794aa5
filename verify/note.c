/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/note.h"

#include <stdio.h>
#include <string.h>

/* ledger 2.1 */
static enum verify_result check_characters(struct verify_span bytes, struct verify_report *report)
{
    if (bytes.len > VERIFY_NOTE_MAX)
        return verify_refute(report, "ledger 2.1", "a note of %zu bytes", bytes.len);
    if (bytes.len == 0 || bytes.data[bytes.len - 1] != '\n')
        return verify_refute(report, "ledger 2.1", "a note that does not end in a line feed");
    if (!verify_is_utf8(bytes))
        return verify_refute(report, "ledger 2.1", "a note that is not UTF-8");
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] < 0x20 && bytes.data[i] != '\n')
            return verify_refute(report, "ledger 2.1", "a control character in a note");
    return VERIFY_OK;
}

/* ledger 2.3 */
static enum verify_result parse_signature(struct verify_span line, struct verify_signature *out, struct verify_report *report)
{
    static const char dash[] = "\xe2\x80\x94 ";
    if (!verify_span_begins(line, dash))
        return verify_refute(report, "ledger 2.3", "a signature line without its dash");
    struct verify_span rest = verify_span_of(line.data + sizeof dash - 1, line.len - (sizeof dash - 1));
    const uint8_t *space = rest.len == 0 ? NULL : memchr(rest.data, ' ', rest.len);
    if (space == NULL)
        return verify_refute(report, "ledger 2.3", "a signature line of another form");
    out->name = verify_span_of(rest.data, (size_t)(space - rest.data));
    if (!verify_is_name(out->name))
        return verify_refute(report, "ledger 2.4", "a signature line whose name is no key name");
    static uint8_t scratch[VERIFY_NOTE_MAX];
    long len = verify_base64(verify_span_of(space + 1, rest.len - out->name.len - 1), scratch, sizeof scratch);
    if (len < 5)
        return verify_refute(report, "ledger 2.3", "a signature line whose signature is not base64 of 5 bytes or more");
    memcpy(out->id, scratch, sizeof out->id);
    out->len = (size_t)len - 4;
    memcpy(out->bytes, scratch + 4, out->len < sizeof out->bytes ? out->len : sizeof out->bytes);
    return VERIFY_OK;
}

/* ledger 2.2: the last place where two line feeds stand, or SIZE_MAX. */
static size_t last_blank_line(struct verify_span bytes)
{
    for (size_t i = bytes.len; i >= 2; i--)
        if (bytes.data[i - 1] == '\n' && bytes.data[i - 2] == '\n')
            return i - 2;
    return SIZE_MAX;
}

enum verify_result verify_note_parse(struct verify_span bytes, struct verify_note *out, struct verify_report *report)
{
    VERIFY_TRY(check_characters(bytes, report));
    size_t blank = last_blank_line(bytes);
    if (blank == SIZE_MAX)
        return verify_refute(report, "ledger 2.2", "a note without a blank line");
    out->text = verify_span_of(bytes.data, blank + 1);
    out->count = 0;
    struct verify_span rest = verify_span_of(bytes.data + blank + 2, bytes.len - blank - 2), line;
    while (verify_take_line(&rest, &line)) {
        if (out->count == VERIFY_NOTE_SIGNATURES_MAX)
            return verify_refute(report, "ledger 2.2", "a note with more than 16 signatures");
        VERIFY_TRY(parse_signature(line, &out->signatures[out->count], report));
        out->count++;
    }
    if (out->count == 0)
        return verify_refute(report, "ledger 2.2", "a note without a signature");
    return VERIFY_OK;
}

bool verify_is_signature_of(const struct verify_signature *signature, const struct verify_key *key)
{
    return verify_span_is(signature->name, key->name) && memcmp(signature->id, key->id, sizeof key->id) == 0;
}

enum verify_signed verify_note_signed_by(const struct verify_note *note, const struct verify_key *key)
{
    enum verify_signed found = VERIFY_NOT_SIGNED;
    for (size_t i = 0; i < note->count; i++) {
        const struct verify_signature *signature = &note->signatures[i];
        if (!verify_is_signature_of(signature, key))
            continue;
        if (signature->len != 64 || !verify_ed25519(key->bytes, note->text, signature->bytes))
            return VERIFY_BADLY_SIGNED;
        found = VERIFY_SIGNED;
    }
    return found;
}

/* ledger 4.5 */
static bool cosignature_holds(const struct verify_note *note, const struct verify_key *key,
                              const struct verify_signature *signature, uint64_t *seconds)
{
    static uint8_t message[VERIFY_NOTE_MAX + 64];
    if (signature->len != 72)
        return false;
    *seconds = 0;
    for (int i = 0; i < 8; i++)
        *seconds = *seconds << 8 | signature->bytes[i];
    if (*seconds > VERIFY_SIZE_MAX || note->text.len > VERIFY_NOTE_MAX)
        return false;
    int head = snprintf((char *)message, 64, "cosignature/v1\ntime %llu\n", (unsigned long long)*seconds);
    memcpy(message + head, note->text.data, note->text.len);
    return verify_ed25519(key->bytes, verify_span_of(message, (size_t)head + note->text.len), signature->bytes + 8);
}

enum verify_signed verify_note_cosigned_by(const struct verify_note *note, const struct verify_key *key, uint64_t *seconds)
{
    enum verify_signed found = VERIFY_NOT_SIGNED;
    for (size_t i = 0; i < note->count; i++) {
        uint64_t at;
        if (!verify_is_signature_of(&note->signatures[i], key))
            continue;
        if (!cosignature_holds(note, key, &note->signatures[i], &at))
            return VERIFY_BADLY_SIGNED;
        if (found == VERIFY_NOT_SIGNED)
            *seconds = at;
        found = VERIFY_SIGNED;
    }
    return found;
}

enum verify_result verify_checkpoint_parse(struct verify_span text, struct verify_checkpoint *out, struct verify_report *report)
{
    struct verify_span size, root, line;
    if (!verify_take_line(&text, &out->origin) || !verify_take_line(&text, &size) || !verify_take_line(&text, &root))
        return verify_refute(report, "ledger 4.1", "a checkpoint of fewer than three lines");
    if (out->origin.len < 1 || out->origin.len > VERIFY_NAME_MAX)
        return verify_refute(report, "ledger 4.2", "an origin of %zu bytes", out->origin.len);
    if (!verify_decimal(size, VERIFY_SIZE_MAX, &out->size))
        return verify_refute(report, "ledger 4.3", "the second line is not a number of entries");
    if (verify_base64(root, out->root.bytes, sizeof out->root.bytes) != VERIFY_HASH_LEN)
        return verify_refute(report, "ledger 4.4", "the third line is not base64 of a hash");
    while (verify_take_line(&text, &line))
        if (line.len == 0)
            return verify_refute(report, "ledger 4.1", "an empty extension line");
    return VERIFY_OK;
}

enum verify_result verify_checkpoint_origin(struct verify_span bytes, struct verify_span *origin, struct verify_report *report)
{
    static struct verify_note note;
    struct verify_checkpoint checkpoint;
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    VERIFY_TRY(verify_checkpoint_parse(note.text, &checkpoint, report));
    *origin = checkpoint.origin;
    return VERIFY_OK;
}

enum verify_result verify_checkpoint_check(const struct verify_key *owner, const struct verify_key *cosigner, struct verify_span bytes,
                                           struct verify_checkpoint *out, uint64_t *seconds, struct verify_report *report)
{
    static struct verify_note note;
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    VERIFY_TRY(verify_checkpoint_parse(note.text, out, report));
    if (!verify_span_is(out->origin, owner->name))
        return verify_refute(report, "ledger 6.3", "the origin is not the owner's name");
    enum verify_signed is_signed = verify_note_signed_by(&note, owner);
    if (is_signed != VERIFY_SIGNED)
        return verify_refute(report, "ledger 6.4", is_signed == VERIFY_NOT_SIGNED ? "not signed by the owner"
                                                                                  : "the owner's signature does not verify");
    if (cosigner == NULL)
        return VERIFY_OK;
    is_signed = verify_note_cosigned_by(&note, cosigner, seconds);
    if (is_signed != VERIFY_SIGNED)
        return verify_refute(report, "ledger 6.5", is_signed == VERIFY_NOT_SIGNED ? "not cosigned by the other party"
                                                                                  : "the cosignature does not verify");
    return VERIFY_OK;
}
