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

enum { WIDE_MAX = NAMES_TEXT_MAX * 2, HEARD_MAX = 3, SPELLED_MAX = 4 };

struct letter {
    UChar from;
    char heard[HEARD_MAX], spelled[SPELLED_MAX + 1];
};

/* Each in code point order, for the search. */
static const struct letter latin[] = {
    {0x00df, "ss", "ss"}, {0x00e6, "ae", "ae"}, {0x00f0, "d", "d"}, {0x00f8, "o", "o"}, {0x00fe, "th", "th"},
    {0x0111, "d", "d"}, {0x010d, "S", "c"}, {0x0127, "h", "h"}, {0x0131, "i", "i"}, {0x0138, "k", "k"},
    {0x0142, "l", "l"}, {0x014b, "n", "n"}, {0x0153, "oe", "oe"}, {0x0167, "t", "t"}, {0x01dd, "a", "a"},
    {0x0257, "d", "d"}, {0x0259, "a", "a"}, {0x0268, "i", "i"},
};

static const struct letter cyrillic[] = {
    {0x0430, "a", "a"}, {0x0431, "B", "b"}, {0x0432, "V", "v"}, {0x0433, "1", "g"}, {0x0434, "D", "d"},
    {0x0435, "e", "e"}, {0x0436, "S", "zh"}, {0x0437, "S", "z"}, {0x0438, "i", "i"}, {0x0439, "y", "y"},
    {0x043a, "K", "k"}, {0x043b, "L", "l"}, {0x043c, "M", "m"}, {0x043d, "N", "n"}, {0x043e, "o", "o"},
    {0x043f, "P", "p"}, {0x0440, "R", "r"}, {0x0441, "S", "s"}, {0x0442, "T", "t"}, {0x0443, "u", "u"},
    {0x0444, "F", "f"}, {0x0445, "H", "kh"}, {0x0446, "S", "ts"}, {0x0447, "S", "ch"}, {0x0448, "S", "sh"},
    {0x0449, "S", "shch"}, {0x044a, "", ""}, {0x044b, "y", "y"}, {0x044c, "", ""}, {0x044d, "e", "e"},
    {0x044e, "u", "yu"}, {0x044f, "a", "ya"}, {0x0450, "e", "e"}, {0x0451, "e", "e"}, {0x0452, "J", "dj"},
    {0x0453, "G", "g"}, {0x0454, "e", "ye"}, {0x0455, "S", "dz"}, {0x0456, "i", "i"}, {0x0457, "i", "yi"},
    {0x0458, "y", "j"}, {0x0459, "L", "lj"}, {0x045a, "N", "nj"}, {0x045b, "S", "c"}, {0x045c, "K", "k"},
    {0x045d, "i", "i"}, {0x045e, "w", "w"}, {0x045f, "J", "dz"}, {0x0491, "G", "g"}, {0x0493, "G", "gh"},
    {0x0497, "J", "j"}, {0x049b, "K", "q"}, {0x049d, "K", "q"}, {0x04a3, "N", "ng"}, {0x04af, "u", "u"},
    {0x04b1, "u", "u"}, {0x04b3, "H", "h"}, {0x04b7, "J", "j"}, {0x04bb, "H", "h"}, {0x04cf, "", ""},
    {0x04d9, "a", "a"}, {0x04e9, "o", "o"},
};

static const struct letter arabic[] = {
    {0x0621, "", ""}, {0x0622, "a", "a"}, {0x0623, "a", "a"}, {0x0624, "", ""}, {0x0625, "a", "i"},
    {0x0626, "", ""}, {0x0627, "a", "a"}, {0x0628, "B", "b"}, {0x0629, "", ""}, {0x062a, "T", "t"},
    {0x062b, "th", "th"}, {0x062c, "J", "j"}, {0x062d, "H", "h"}, {0x062e, "H", "kh"}, {0x062f, "D", "d"},
    {0x0630, "dh", "dh"}, {0x0631, "R", "r"}, {0x0632, "S", "z"}, {0x0633, "S", "s"}, {0x0634, "S", "sh"},
    {0x0635, "S", "s"}, {0x0636, "dh", "d"}, {0x0637, "T", "t"}, {0x0638, "dh", "z"}, {0x0639, "a", "a"},
    {0x063a, "G", "gh"}, {0x0641, "F", "f"}, {0x0642, "K", "q"}, {0x0643, "K", "k"}, {0x0644, "L", "l"},
    {0x0645, "M", "m"}, {0x0646, "N", "n"}, {0x0647, "h", "h"}, {0x0648, "w", "w"}, {0x0649, "a", "a"},
    {0x064a, "y", "y"}, {0x0671, "a", "a"}, {0x067e, "P", "p"}, {0x0686, "S", "ch"}, {0x0698, "S", "zh"},
    {0x06a9, "K", "k"}, {0x06af, "G", "g"}, {0x06be, "h", "h"}, {0x06c0, "", "h"}, {0x06c1, "h", "h"},
    {0x06c3, "", ""}, {0x06cc, "y", "y"}, {0x06d2, "y", "y"},
};

/* Letters that look alike when written large or small: Cyrillic, then Latin. */
static const UChar homoglyphs[][2] = {
    {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043a, 'k'}, {0x043c, 'm'}, {0x043d, 'h'}, {0x043e, 'o'}, {0x0440, 'p'},
    {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x0455, 's'},
};

static const struct letter *letter_find(const struct letter *table, size_t count, UChar32 point)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].from == point)
            return &table[i];
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

static enum names_script script_of(const UChar *text, int32_t len)
{
    static const struct {
        UScriptCode code;
        enum names_script script;
    } known[] = {
        {USCRIPT_LATIN, NAMES_LATIN}, {USCRIPT_CYRILLIC, NAMES_CYRILLIC}, {USCRIPT_ARABIC, NAMES_ARABIC}, {USCRIPT_GREEK, NAMES_GREEK},
        {USCRIPT_HEBREW, NAMES_HEBREW}, {USCRIPT_GEORGIAN, NAMES_GEORGIAN}, {USCRIPT_ARMENIAN, NAMES_ARMENIAN}, {USCRIPT_HAN, NAMES_HAN},
        {USCRIPT_HANGUL, NAMES_HANGUL}, {USCRIPT_HIRAGANA, NAMES_KANA}, {USCRIPT_KATAKANA, NAMES_KANA}, {USCRIPT_DEVANAGARI, NAMES_DEVANAGARI},
    };
    for (int32_t at = 0; at < len;) {
        UScriptCode script = script_at(next_point(text, &at, len));
        if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED)
            continue;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (known[i].code == script)
                return known[i].script;
        return NAMES_OTHER;
    }
    return NAMES_OTHER;
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

static size_t put_in(char *text, size_t len, const char *added)
{
    for (; *added != 0 && len + 1 < NAMES_FOLD_MAX; added++)
        text[len++] = *added;
    return len;
}

static void put(struct names_folded *out, const char *heard, const char *spelled)
{
    bool is_full = out->heard_len + HEARD_MAX >= NAMES_FOLD_MAX || out->spelled_len + SPELLED_MAX >= NAMES_FOLD_MAX;
    if (is_full)
        return;
    out->heard_len = put_in(out->heard, out->heard_len, heard);
    out->spelled_len = put_in(out->spelled, out->spelled_len, spelled);
}

static void put_gap(struct names_folded *out, const char *gap)
{
    char last = out->spelled_len == 0 ? ' ' : out->spelled[out->spelled_len - 1];
    if (last != ' ' && last != '-')
        put(out, gap, gap);
}

static bool is_inside_word_sign(UChar32 point) /* ayn, hamza and their stand-ins vanish; other signs part words */
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2018 || point == 0x2019 || point == 0x201b ||
           (point >= 0x2b0 && point <= 0x2ff) || point == 0x640 || point == 0x200c || point == 0x200d;
}

static void put_point(struct names_folded *out, UChar32 point)
{
    const struct letter *letter = letter_find(latin, sizeof latin / sizeof *latin, point);
    if (letter == NULL && point >= 0x400 && point < 0x500)
        letter = letter_find(cyrillic, sizeof cyrillic / sizeof *cyrillic, point);
    if (letter == NULL && point >= 0x600 && point < 0x700)
        letter = letter_find(arabic, sizeof arabic / sizeof *arabic, point);
    if (letter != NULL) {
        put(out, letter->heard, letter->spelled);
        return;
    }
    UChar parts[32];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    int32_t count = U_FAILURE(status) ? -1 : unorm2_getDecomposition(nfd, point, parts, 32, &status);
    if (U_SUCCESS(status) && count > 0 && parts[0] != point && (parts[0] < 0xd800 || parts[0] > 0xdfff)) {
        put_point(out, parts[0]); /* the base letter; its marks are dropped, and bases do not decompose again */
    } else if (point >= 'a' && point <= 'z') {
        put(out, (char[]){(char)point, 0}, (char[]){(char)point, 0});
    } else if (point == '-' || (point >= 0x2010 && point <= 0x2015)) {
        put_gap(out, "-");
    } else if (!is_inside_word_sign(point) && (U_GET_GC_MASK(point) & U_GC_M_MASK) == 0) {
        put_gap(out, " ");
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

static void fold_text(const UChar *text, int32_t len, struct names_folded *out)
{
    for (int32_t at = 0; at < len;) {
        if (is_arabic_article(text, at, len)) {
            put(out, "al", "al");
            put_gap(out, "-");
            at += 2;
        } else if (is_affricate(text, at, len)) {
            put(out, "J", text[at + 1] == 0x436 ? "dzh" : "dz");
            at += 2;
        } else {
            put_point(out, next_point(text, &at, len));
        }
    }
}

enum base_code names_fold(struct base_bytes utf8, struct names_folded *out)
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
    out->script = script_of(text, len);
    if (needs_transliterator(text, len))
        BASE_TRY(to_latin(text, &len));
    out->heard_len = out->spelled_len = 0;
    fold_text(text, len, out);
    out->heard[out->heard_len] = out->spelled[out->spelled_len] = 0;
    return BASE_OK;
}
