/* SPDX-License-Identifier: Apache-2.0 */
#include "names/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

enum { TEXT_MAX = 1 << 30, SCRIPTS_COUNTED = 8 };

/* Every code point below U+0300 is its own NFC form and composes with nothing before it, and 0xCC is the first lead
 * byte of a code point at or above it. */
static bool is_plainly_nfc(struct base_bytes utf8)
{
    for (size_t i = 0; i < utf8.len; i++)
        if (utf8.data[i] >= 0xcc)
            return false;
    return true;
}

static enum base_code append_utf16(const UChar *text, int32_t len, struct base_buffer *out)
{
    size_t most = (size_t)len * 3;
    int32_t written = 0;
    UErrorCode status = U_ZERO_ERROR;
    BASE_TRY(base_buffer_reserve(out, most));
    u_strToUTF8((char *)out->data + out->len, (int32_t)most, &written, text, len, &status);
    if (U_FAILURE(status))
        return base_fail(BASE_E_ENCODING, "text that has no UTF-8 form");
    out->len += (size_t)written;
    out->data[out->len] = 0;
    return BASE_OK;
}

enum base_code names_nfc(struct base_bytes utf8, struct base_buffer *out)
{
    if (utf8.len > TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a text of %zu bytes", utf8.len);
    if (!base_bytes_is_utf8(utf8))
        return base_fail(BASE_E_ENCODING, "text that is not UTF-8");
    if (is_plainly_nfc(utf8))
        return base_buffer_append(out, utf8);

    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    /* One code point of UTF-16 grows to at most three in NFC (UAX 15, table of maximum expansion factors). */
    size_t room = utf8.len * 3 + 1;
    UChar *wide = base_alloc_array(utf8.len + 1 + room, sizeof *wide);
    if (wide == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to normalise %zu bytes", utf8.len);
    int32_t wide_len = 0;
    u_strFromUTF8(wide, (int32_t)utf8.len + 1, &wide_len, (const char *)utf8.data, (int32_t)utf8.len, &status);
    UChar *normal = wide + utf8.len + 1;
    int32_t normal_len = unorm2_normalize(nfc, wide, wide_len, normal, (int32_t)room, &status);
    enum base_code code = U_FAILURE(status)
                              ? base_fail(BASE_E_INTERNAL, "cannot normalise: %s", u_errorName(status))
                              : append_utf16(normal, normal_len, out);
    free(wide);
    return code;
}

/* A letter grows to at most three UTF-16 units in lower case (SpecialCasing.txt), and lower case may undo NFC. */
static enum base_code lower_wide(struct base_bytes utf8, UChar *wide, UChar *lower, int32_t room, struct base_buffer *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t wide_len = 0;
    u_strFromUTF8(wide, room, &wide_len, (const char *)utf8.data, (int32_t)utf8.len, &status);
    int32_t len = u_strToLower(lower, room, wide, wide_len, "", &status);
    return U_FAILURE(status) ? base_fail(BASE_E_INTERNAL, "cannot lower: %s", u_errorName(status)) : append_utf16(lower, len, out);
}

enum base_code names_lower(struct base_bytes utf8, struct base_buffer *out)
{
    struct base_buffer lowered = BASE_BUFFER_EMPTY;
    if (utf8.len > TEXT_MAX / 4)
        return base_fail(BASE_E_LIMIT, "a text of %zu bytes", utf8.len);
    if (!base_bytes_is_utf8(utf8))
        return base_fail(BASE_E_ENCODING, "text that is not UTF-8");
    size_t room = utf8.len * 3 + 1;
    UChar *wide = base_alloc_array(2 * room, sizeof *wide);
    enum base_code code = wide == NULL ? base_fail(BASE_E_NOMEM, "no memory to lower %zu bytes", utf8.len)
                                       : lower_wide(utf8, wide, wide + room, (int32_t)room, &lowered);
    if (code == BASE_OK)
        code = names_nfc(base_bytes_buffer(&lowered), out);
    base_buffer_release(&lowered);
    free(wide);
    return code;
}

struct script_count {
    UScriptCode script;
    size_t letters;
};

static void count_letter(struct script_count counts[SCRIPTS_COUNTED], UChar32 letter)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(letter, &status);
    if (U_FAILURE(status) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED)
        return;
    for (size_t i = 0; i < SCRIPTS_COUNTED; i++) {
        if (counts[i].letters != 0 && counts[i].script != script)
            continue;
        counts[i].script = script;
        counts[i].letters++;
        return;
    }
}

void names_script_of(struct base_bytes utf8, char out[5])
{
    struct script_count counts[SCRIPTS_COUNTED] = {{USCRIPT_COMMON, 0}};
    memcpy(out, "Zyyy", 5);
    if (utf8.len > TEXT_MAX)
        return;
    for (int32_t at = 0, len = (int32_t)utf8.len; at < len;) {
        UChar32 point = 0;
        U8_NEXT(utf8.data, at, len, point);
        if (point < 0)
            return;
        if (u_isalpha(point))
            count_letter(counts, point);
    }
    const struct script_count *most = &counts[0];
    for (size_t i = 1; i < SCRIPTS_COUNTED; i++)
        if (counts[i].letters > most->letters)
            most = &counts[i];
    const char *name = most->letters == 0 ? NULL : uscript_getShortName(most->script);
    if (name != NULL && strlen(name) == 4)
        memcpy(out, name, 5);
}

/* Bytes 0x80 to 0x9F of Windows-1252; 0 where the set has no character. The rest is Latin-1. */
static const uint16_t windows_1252_high[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

enum base_code names_from_windows_1252(struct base_bytes bytes, struct base_buffer *out)
{
    size_t before = out->len;
    BASE_TRY(base_buffer_reserve(out, bytes.len * 3));
    uint8_t *at = out->data + before;
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned point = bytes.data[i];
        if (point >= 0x80 && point <= 0x9f)
            point = windows_1252_high[point - 0x80];
        if (point == 0 && bytes.data[i] != 0) {
            out->data[before] = 0;
            return base_fail(BASE_E_ENCODING, "byte 0x%02x is not a Windows-1252 character", bytes.data[i]);
        }
        if (point < 0x80) {
            *at++ = (uint8_t)point;
        } else if (point < 0x800) {
            *at++ = (uint8_t)(0xc0 | point >> 6);
            *at++ = (uint8_t)(0x80 | (point & 0x3f));
        } else {
            *at++ = (uint8_t)(0xe0 | point >> 12);
            *at++ = (uint8_t)(0x80 | (point >> 6 & 0x3f));
            *at++ = (uint8_t)(0x80 | (point & 0x3f));
        }
    }
    *at = 0;
    out->len = (size_t)(at - out->data);
    return BASE_OK;
}
