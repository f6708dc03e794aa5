/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.1 to 1.4: case and width, homoglyphs, marks, and one letter table for each of Cyrillic and Arabic script.
 * Other scripts go through ICU's Any-Latin.
 */
#include "names/fold.h"

#include "names/forms.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { WIDE_MAX = NAMES_TEXT_MAX * 2, FOLDED_MAX = 3 };

struct letter {
    UChar from;
    const char to[FOLDED_MAX + 1];
};

/* Each in code point order, for the search. */
static const struct letter latin[] = {
    {0x00df, "ss"}, {0x00e6, "ae"}, {0x00f0, "d"},  {0x00f8, "o"},  {0x00fe, "th"}, {0x0111, "d"},  {0x010d, "S"},
    {0x0127, "h"},  {0x0131, "i"},  {0x0138, "k"},  {0x0142, "l"},  {0x014b, "n"},  {0x0153, "oe"}, {0x0167, "t"},
    {0x01dd, "a"},  {0x0257, "d"},  {0x0259, "a"},  {0x0268, "i"},
};

static const struct letter cyrillic[] = {
    {0x0430, "a"}, {0x0431, "B"}, {0x0432, "V"}, {0x0433, "1"}, {0x0434, "D"}, {0x0435, "e"}, {0x0436, "S"},
    {0x0437, "S"}, {0x0438, "i"}, {0x0439, "y"}, {0x043a, "K"}, {0x043b, "L"}, {0x043c, "M"}, {0x043d, "N"},
    {0x043e, "o"}, {0x043f, "P"}, {0x0440, "R"}, {0x0441, "S"}, {0x0442, "T"}, {0x0443, "u"}, {0x0444, "F"},
    {0x0445, "H"}, {0x0446, "S"}, {0x0447, "S"}, {0x0448, "S"}, {0x0449, "S"}, {0x044a, ""},  {0x044b, "y"},
    {0x044c, ""},  {0x044d, "e"}, {0x044e, "u"}, {0x044f, "a"}, {0x0450, "e"}, {0x0451, "e"}, {0x0452, "J"},
    {0x0453, "G"}, {0x0454, "e"}, {0x0455, "S"}, {0x0456, "i"}, {0x0457, "i"}, {0x0458, "y"}, {0x0459, "L"},
    {0x045a, "N"}, {0x045b, "S"}, {0x045c, "K"}, {0x045d, "i"}, {0x045e, "w"}, {0x045f, "J"}, {0x0491, "G"},
    {0x0493, "G"}, {0x0497, "J"}, {0x049b, "K"}, {0x049d, "K"}, {0x04a3, "N"}, {0x04af, "u"}, {0x04b1, "u"},
    {0x04b3, "H"}, {0x04b7, "J"}, {0x04bb, "H"}, {0x04cf, ""},  {0x04d9, "a"}, {0x04e9, "o"},
};

static const struct letter arabic[] = {
    {0x0621, ""},  {0x0622, "a"}, {0x0623, "a"}, {0x0624, ""},  {0x0625, "a"}, {0x0626, ""},  {0x0627, "a"},
    {0x0628, "B"}, {0x0629, ""},  {0x062a, "T"}, {0x062b, "th"}, {0x062c, "J"}, {0x062d, "H"}, {0x062e, "H"},
    {0x062f, "D"}, {0x0630, "dh"}, {0x0631, "R"}, {0x0632, "S"}, {0x0633, "S"}, {0x0634, "S"}, {0x0635, "S"},
    {0x0636, "dh"}, {0x0637, "T"}, {0x0638, "dh"}, {0x0639, "a"}, {0x063a, "G"}, {0x0641, "F"}, {0x0642, "K"},
    {0x0643, "K"}, {0x0644, "L"}, {0x0645, "M"}, {0x0646, "N"}, {0x0647, "h"}, {0x0648, "w"}, {0x0649, "a"},
    {0x064a, "y"}, {0x0671, "a"}, {0x067e, "P"}, {0x0686, "S"}, {0x0698, "S"}, {0x06a9, "K"}, {0x06af, "G"},
    {0x06be, "h"}, {0x06c0, ""},  {0x06c1, "h"}, {0x06c3, ""},  {0x06cc, "y"}, {0x06d2, "y"},
};

/* Letters that look alike when written large or small: Cyrillic, then Latin. */
static const UChar homoglyphs[][2] = {
    {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043a, 'k'}, {0x043c, 'm'}, {0x043d, 'h'}, {0x043e, 'o'}, {0x0440, 'p'},
    {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x0455, 's'},
};

static const char *letter_find(const struct letter *table, size_t count, UChar32 point)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].from == point)
            return table[i].to;
    return NULL;
}

static UScriptCode script_at(UChar32 point)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(point, &status);
    return U_FAILURE(status) || !u_isalpha(point) ? USCRIPT_COMMON : script;
}

/* names 1.2: in a word of both Latin and Cyrillic letters, the rarer kind becomes its look-alikes of the other. */
static void repair_word(UChar *word, int32_t len)
{
    int32_t kinds[2] = {0, 0};
    for (int32_t i = 0; i < len; i++) {
        UScriptCode script = script_at(word[i]);
        kinds[0] += script == USCRIPT_CYRILLIC;
        kinds[1] += script == USCRIPT_LATIN;
    }
    if (kinds[0] == 0 || kinds[1] == 0)
        return;
    int to = kinds[0] >= kinds[1] ? 0 : 1;
    for (int32_t i = 0; i < len; i++)
        for (size_t k = 0; k < sizeof homoglyphs / sizeof *homoglyphs; k++)
            if (word[i] == homoglyphs[k][1 - to])
                word[i] = homoglyphs[k][to];
}

static void repair(UChar *text, int32_t len)
{
    int32_t start = 0;
    for (int32_t i = 0; i <= len; i++) {
        if (i < len && u_isalpha(text[i]))
            continue;
        repair_word(text + start, i - start);
        start = i + 1;
    }
}

static UChar32 next_point(const UChar *text, int32_t *at, int32_t len)
{
    UChar32 first = text[(*at)++];
    if (first >= 0xd800 && first <= 0xdbff && *at < len && text[*at] >= 0xdc00 && text[*at] <= 0xdfff)
        return 0x10000 + ((first - 0xd800) << 10) + (text[(*at)++] - 0xdc00);
    return first;
}

static bool needs_transliterator(const UChar *text, int32_t len)
{
    for (int32_t at = 0; at < len;) {
        UScriptCode script = script_at(next_point(text, &at, len));
        if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED && script != USCRIPT_LATIN &&
            script != USCRIPT_CYRILLIC && script != USCRIPT_ARABIC)
            return true;
    }
    return false;
}

/* A transliterator is not safe to share between threads, and these scripts are rare: one per name. */
static enum base_code to_latin(UChar *text, int32_t *len)
{
    UErrorCode status = U_ZERO_ERROR;
    static const UChar id[] = u"Any-Latin; Lower";
    UTransliterator *any = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status))
        return base_fail(BASE_E_INTERNAL, "no transliterator: %s", u_errorName(status));
    int32_t limit = *len;
    utrans_transUChars(any, text, len, WIDE_MAX, 0, &limit, &status);
    utrans_close(any);
    if (U_FAILURE(status))
        return base_fail(BASE_E_LIMIT, "a name grows too long in Latin letters");
    return BASE_OK;
}

struct output {
    char *text;
    size_t len;
};

static void put(struct output *out, const char *text)
{
    for (; *text != 0; text++) {
        char last = out->len == 0 ? ' ' : out->text[out->len - 1];
        bool is_gap = *text == ' ' || *text == '-';
        if (out->len + 1 >= NAMES_FOLD_MAX || (is_gap && (last == ' ' || last == '-')))
            continue;
        out->text[out->len++] = *text;
    }
}

static bool is_inside_word_sign(UChar32 point) /* ayn, hamza and their stand-ins vanish; other signs part words */
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2018 || point == 0x2019 || point == 0x201b ||
           (point >= 0x2b0 && point <= 0x2ff) || point == 0x640 || point == 0x200c || point == 0x200d;
}

static void put_point(struct output *out, UChar32 point)
{
    const char *to = letter_find(latin, sizeof latin / sizeof *latin, point);
    if (to == NULL && point >= 0x400 && point < 0x500)
        to = letter_find(cyrillic, sizeof cyrillic / sizeof *cyrillic, point);
    if (to == NULL && point >= 0x600 && point < 0x700)
        to = letter_find(arabic, sizeof arabic / sizeof *arabic, point);
    if (to != NULL) {
        put(out, to);
        return;
    }
    UChar parts[32];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    int32_t count = U_FAILURE(status) ? -1 : unorm2_getDecomposition(nfd, point, parts, 32, &status);
    if (U_SUCCESS(status) && count > 0 && parts[0] != point && (parts[0] < 0xd800 || parts[0] > 0xdfff)) {
        put_point(out, parts[0]); /* the base letter; its marks are dropped, and bases do not decompose again */
    } else if ((point >= 'a' && point <= 'z') || point == '-') {
        put(out, (char[]){(char)point, 0});
    } else if (point >= 0x2010 && point <= 0x2015) {
        put(out, "-");
    } else if (!is_inside_word_sign(point) && (U_GET_GC_MASK(point) & U_GC_M_MASK) == 0) {
        put(out, " ");
    }
}

/* дж and дз are one sound, whatever the romanisation. */
static bool is_affricate(const UChar *text, int32_t at, int32_t len)
{
    return at + 1 < len && text[at] == 0x434 && (text[at + 1] == 0x436 || text[at + 1] == 0x437);
}

/* The article at the start of an Arabic word of at least four letters is written as a particle of its own. */
static bool is_arabic_article(const UChar *text, int32_t at, int32_t len)
{
    return at + 3 < len && text[at] == 0x627 && text[at + 1] == 0x644 && u_isalpha(text[at + 2]) && u_isalpha(text[at + 3]) &&
           (at == 0 || !u_isalpha(text[at - 1]));
}

enum base_code names_fold(struct base_bytes utf8, char out[NAMES_FOLD_MAX])
{
    if (utf8.len > NAMES_TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a name of %zu bytes, at most %d", utf8.len, NAMES_TEXT_MAX);
    if (!base_bytes_is_utf8(utf8))
        return base_fail(BASE_E_ENCODING, "a name that is not UTF-8");
    UChar wide[NAMES_TEXT_MAX + 1], text[WIDE_MAX];
    int32_t wide_len = 0, len = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(wide, NAMES_TEXT_MAX + 1, &wide_len, (const char *)utf8.data, (int32_t)utf8.len, &status);
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    len = U_FAILURE(status) ? 0 : unorm2_normalize(fold, wide, wide_len, text, WIDE_MAX, &status);
    if (U_FAILURE(status))
        return base_fail(status == U_BUFFER_OVERFLOW_ERROR ? BASE_E_LIMIT : BASE_E_INTERNAL, "cannot fold a name: %s", u_errorName(status));
    repair(text, len);
    if (needs_transliterator(text, len))
        BASE_TRY(to_latin(text, &len));
    struct output folded = {out, 0};
    for (int32_t at = 0; at < len;) {
        if (is_affricate(text, at, len) || is_arabic_article(text, at, len)) {
            put(&folded, text[at] == 0x627 ? "al-" : "J");
            at += 2;
            continue;
        }
        put_point(&folded, next_point(text, &at, len));
    }
    out[folded.len] = 0;
    return BASE_OK;
}
