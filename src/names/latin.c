/* SPDX-License-Identifier: Apache-2.0 */
#include "names/latin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { TEXT_MAX = 4096 };

/* Lower-case letters U+0430 to U+045F, by the passport rule (ICAO 9303 part 3, table of Cyrillic), but kh, ts, shch whole. */
static const char *const cyrillic[] = {
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
    "e", "e", "d", "g", "e", "z", "i", "i", "y", "l", "n", "ch", "k", "i", "u", "dzh",
};

static const struct {
    UChar letter;
    const char *latin;
} others[] = {
    /* Cyrillic of other languages */
    {0x0491, "g"}, {0x0493, "g"}, {0x0497, "zh"}, {0x049b, "k"}, {0x04a3, "n"}, {0x04af, "u"}, {0x04b1, "u"}, {0x04b3, "kh"},
    {0x04b7, "j"}, {0x04bb, "h"}, {0x04d9, "a"}, {0x04e3, "i"}, {0x04e9, "o"}, {0x04ef, "u"},
    /* Arabic, Persian, Urdu, Pashto, Kurdish: consonants; long vowels and their bearers say nothing reliable */
    {0x0628, "b"}, {0x062a, "t"}, {0x062b, "th"}, {0x062c, "j"}, {0x062d, "h"}, {0x062e, "kh"}, {0x062f, "d"}, {0x0630, "dh"},
    {0x0631, "r"}, {0x0632, "z"}, {0x0633, "s"}, {0x0634, "sh"}, {0x0635, "s"}, {0x0636, "d"}, {0x0637, "t"}, {0x0638, "z"},
    {0x063a, "gh"}, {0x0641, "f"}, {0x0642, "q"}, {0x0643, "k"}, {0x0644, "l"}, {0x0645, "m"}, {0x0646, "n"}, {0x0647, "h"},
    {0x0648, "w"}, {0x064a, "y"}, {0x0649, "a"}, {0x0629, "a"}, {0x0627, "a"}, {0x0623, "a"}, {0x0625, "i"}, {0x0622, "a"},
    {0x0671, "a"}, {0x0624, "u"}, {0x0626, "i"}, {0x0621, ""}, {0x0639, "a"}, {0x0640, ""},
    {0x067e, "p"}, {0x0686, "ch"}, {0x0698, "zh"}, {0x06a9, "k"}, {0x06af, "g"}, {0x06cc, "y"}, {0x06c1, "h"}, {0x06be, "h"},
    {0x06ba, "n"}, {0x06d2, "y"}, {0x0679, "t"}, {0x0688, "d"}, {0x0691, "r"}, {0x06ab, "k"}, {0x0693, "r"}, {0x0681, "z"},
    {0x0685, "ts"}, {0x069a, "kh"}, {0x06bc, "n"}, {0x06cd, "y"}, {0x06d0, "e"}, {0x06c6, "o"}, {0x06d5, "a"}, {0x0695, "r"},
    {0x06b5, "l"}, {0x06a4, "v"}, {0x06c0, "h"}, {0x06c3, "a"},
};

static const char *letter_latin(UChar c)
{
    if (c >= 0x0430 && c < 0x0460)
        return cyrillic[c - 0x0430];
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].letter == c)
            return others[i].latin;
    return NULL;
}

/* A transliterator is dear to open and not to be shared by threads: one a thread, closed when the thread ends. */
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void close_held(void *held)
{
    utrans_close(held);
}

static void make_key(void)
{
    (void)!pthread_key_create(&key, close_held);
}

static UTransliterator *transliterator(void)
{
    static const UChar id[] = u"Any-Latin; NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower";
    UErrorCode status = U_ZERO_ERROR;
    pthread_once(&once, make_key);
    UTransliterator *held = pthread_getspecific(key);
    if (held != NULL)
        return held;
    held = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_SUCCESS(status))
        pthread_setspecific(key, held);
    return U_SUCCESS(status) ? held : NULL;
}

/* A run of letters that no table knows. */
static enum base_code put_by_icu(const UChar *text, int32_t len, struct base_buffer *out)
{
    UChar work[256];
    int32_t text_len = len, limit = len;
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *held = transliterator();
    if (held == NULL)
        return base_fail(BASE_E_INTERNAL, "ICU has no transliteration to Latin");
    if (len > 64)
        len = text_len = limit = 64;
    memcpy(work, text, (size_t)len * sizeof *text);
    utrans_transUChars(held, work, &text_len, 256, 0, &limit, &status);
    if (U_FAILURE(status) || text_len > 256)
        return BASE_OK; /* a run that grows beyond reason says nothing */
    for (int32_t i = 0; i < text_len; i++) {
        char c = work[i] >= 'a' && work[i] <= 'z' ? (char)work[i] : ' ';
        if (c != ' ' || work[i] == ' ')
            BASE_TRY(base_buffer_append(out, base_bytes_of(&c, 1)));
    }
    return BASE_OK;
}

static bool is_apostrophe(UChar c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x02bc || c == 0x02bb || c == 0x02be || c == 0x02bf ||
           c == 0x00b4 || c == 0x2032 || c == 0x200c || c == 0x200d || c == 0x200e || c == 0x200f;
}

static bool is_mark(UChar c)
{
    int8_t type = u_charType(c);
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

/* The Arabic article stands joined to its word: alef, lam, and at least two letters behind it. */
static bool is_article(const UChar *at, int32_t left, bool is_word_start)
{
    return is_word_start && left >= 4 && at[0] == 0x0627 && at[1] == 0x0644 && u_isalpha(at[2]) && u_isalpha(at[3]);
}

static enum base_code put_text(const UChar *text, int32_t len, struct base_buffer *out)
{
    bool is_word_start = true;
    for (int32_t i = 0; i < len; i++) {
        UChar c = text[i];
        if (is_apostrophe(c) || is_mark(c))
            continue;
        const char *latin = letter_latin(c);
        if (is_article(text + i, len - i, is_word_start)) {
            i++;
        } else if (latin != NULL) {
            BASE_TRY(base_buffer_text(out, latin));
        } else if (c < 0x80 && u_isalpha(c)) {
            char ascii = (char)c;
            BASE_TRY(base_buffer_append(out, base_bytes_of(&ascii, 1)));
        } else if (u_isalpha(c) || U16_IS_SURROGATE(c)) {
            int32_t end = i + 1;
            while (end < len && text[end] >= 0x80 && letter_latin(text[end]) == NULL && (u_isalpha(text[end]) || is_mark(text[end])))
                end++;
            BASE_TRY(put_by_icu(text + i, end - i, out));
            i = end - 1;
        } else if (!is_word_start) {
            BASE_TRY(base_buffer_text(out, " "));
        }
        is_word_start = !(latin != NULL || u_isalpha(c) || U16_IS_SURROGATE(c));
    }
    return BASE_OK;
}

enum base_code names_latin(struct base_bytes utf8, struct base_buffer *out)
{
    UChar folded[2 * TEXT_MAX], text[TEXT_MAX + 1];
    int32_t len = 0, folded_len;
    UErrorCode status = U_ZERO_ERROR;
    if (utf8.len > TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a name of %zu bytes", utf8.len);
    u_strFromUTF8(text, TEXT_MAX + 1, &len, (const char *)utf8.data, (int32_t)utf8.len, &status);
    if (U_FAILURE(status))
        return base_fail(BASE_E_ENCODING, "a name that is not UTF-8");
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    folded_len = unorm2_normalize(fold, text, len, folded, 2 * TEXT_MAX, &status);
    if (U_FAILURE(status))
        return base_fail(BASE_E_LIMIT, "a name that grows beyond reason when folded");
    return put_text(folded, folded_len, out);
}
