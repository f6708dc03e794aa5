/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.1: text to words. Words of ASCII letters, the most frequent by far, are copied; others are looked up letter by letter.
 * A text with a character that the table does not read by itself is normalised by ICU and read again.
 */
#include "names/fold.h"

#include "names/spell.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

enum { WIDE_MAX = NAMES_TEXT_MAX * 2, NORMAL_MAX = WIDE_MAX * 3 };

static const struct names_letter hangul = {0, NAMES_HANGUL, NAMES_LETTER, "", ""};

struct folding {
    struct base_bytes text;
    bool is_normal; /* it was normalised: characters that stay unusual are gaps */
    bool is_hyphened;
    size_t han_words;
    enum names_language language;
    struct names_folded *out;
};

/* The letters that only one language has, in any word of the name. */
static enum names_language language_of(struct base_bytes text)
{
    static const struct {
        uint32_t from, to;
        enum names_language language;
    } telling[] = {
        {0x40e, 0x40e, NAMES_BELARUSIAN}, {0x45e, 0x45e, NAMES_BELARUSIAN}, {0x404, 0x404, NAMES_UKRAINIAN}, {0x407, 0x407, NAMES_UKRAINIAN},
        {0x454, 0x454, NAMES_UKRAINIAN},  {0x457, 0x457, NAMES_UKRAINIAN},  {0x490, 0x491, NAMES_UKRAINIAN}, {0x406, 0x406, NAMES_UKRAINIAN},
        {0x456, 0x456, NAMES_UKRAINIAN},  {0x402, 0x403, NAMES_SERBIAN},    {0x405, 0x405, NAMES_SERBIAN},   {0x408, 0x40c, NAMES_SERBIAN},
        {0x40f, 0x40f, NAMES_SERBIAN},    {0x452, 0x453, NAMES_SERBIAN},    {0x455, 0x455, NAMES_SERBIAN},   {0x458, 0x45c, NAMES_SERBIAN},
        {0x45f, 0x45f, NAMES_SERBIAN},
    };
    enum names_language found = NAMES_NO_LANGUAGE;
    bool has_hard = false;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if ((text.data[i] & 0xfc) != 0xd0)
            continue;
        uint32_t point = (uint32_t)(text.data[i] & 0x1f) << 6 | (text.data[i + 1] & 0x3f);
        if (point >= 0x492 && point < 0x500) /* Kazakh, Tajik and others write і and ў too */
            return NAMES_NO_LANGUAGE;
        if (point >= 0x410 && point <= 0x44f) { /* а to я: ы and э are not Ukrainian */
            has_hard = has_hard || (point - 0x410) % 32 == 0x1b || (point - 0x410) % 32 == 0x1d;
            continue;
        }
        for (size_t k = 0; k < sizeof telling / sizeof *telling && found != NAMES_BELARUSIAN; k++)
            if (point >= telling[k].from && point <= telling[k].to)
                found = telling[k].language;
    }
    return found == NAMES_UKRAINIAN && has_hard ? NAMES_BELARUSIAN : found;
}

static bool is_ascii_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26;
}

/* Bytes of the word at `at` when it is of ASCII letters alone and nothing else belongs to it; otherwise 0. */
static size_t ascii_word(const struct folding *folding, size_t at)
{
    size_t end = at;
    while (end < folding->text.len && is_ascii_letter(folding->text.data[end]))
        end++;
    uint8_t next = end < folding->text.len ? folding->text.data[end] : ' ';
    return next >= 0x80 || next == '\'' || next == '`' || end - at >= NAMES_TOKEN_SIZE ? 0 : end - at;
}

static struct names_word *add_word(struct folding *folding, size_t begin, size_t end)
{
    struct names_word *word = names_begin_word(folding->out, NAMES_LATIN);
    word->is_hyphened = folding->is_hyphened;
    word->begin = folding->is_normal ? 0 : (uint16_t)begin;
    word->end = folding->is_normal ? 0 : (uint16_t)end;
    folding->is_hyphened = false;
    return word;
}

static void take_ascii(struct folding *folding, size_t at, size_t len)
{
    struct names_word *word = add_word(folding, at, at + len);
    for (size_t i = 0; i < len; i++)
        word->spelled[i] = (char)(folding->text.data[at + i] | 0x20);
    word->spelled[len] = 0;
    memcpy(word->heard, word->spelled, len + 1);
}

static const struct names_letter *letter_at(const struct folding *folding, size_t *at, uint32_t *point)
{
    int32_t read = (int32_t)*at;
    UChar32 taken = 0;
    U8_NEXT_UNSAFE(folding->text.data, read, taken); /* the text is known to be UTF-8 */
    *at = (size_t)read;
    *point = (uint32_t)taken;
    return taken >= 0xac00 && taken <= 0xd7a3 ? &hangul : names_letter_of(*point);
}

/* Scripts that look alike are one word, to be repaired; others part. */
static bool is_same_word(unsigned scripts, unsigned script)
{
    const unsigned alike = 1U << NAMES_LATIN | 1U << NAMES_CYRILLIC | 1U << NAMES_GREEK;
    return scripts == 0 || scripts == script || ((scripts | script) & ~alike) == 0;
}

static void end_word(struct folding *folding, struct names_written *written, size_t begin, size_t end)
{
    if (written->count == 0)
        return;
    written->language = folding->language;
    size_t first = folding->out->count;
    if (written->scripts == 1U << NAMES_HAN || written->scripts == 1U << NAMES_HANGUL) {
        bool is_whole = folding->han_words == 1;
        if (written->scripts == 1U << NAMES_HAN)
            names_spell_han(written, is_whole, folding->out);
        else
            names_spell_hangul(written, is_whole, folding->out);
        for (size_t i = first; i < folding->out->count; i++) {
            struct names_word *word = &folding->out->words[i];
            word->is_hyphened = false;
            word->begin = folding->is_normal ? 0 : (uint16_t)begin;
            word->end = folding->is_normal ? 0 : (uint16_t)end;
        }
        return;
    }
    names_spell(written, add_word(folding, begin, end));
    if (folding->out->words[first].spelled[0] == 0)
        folding->out->count = first;
    else if (written->scripts == 1U << NAMES_KANA)
        names_add_kunrei(folding->out, &folding->out->words[first]);
}

/* Reads one word that has a letter outside ASCII, and the gap after it. Returns false at an unusual character. */
static bool take_word(struct folding *folding, size_t *at)
{
    struct names_written written = {.count = 0, .scripts = 0};
    size_t begin = *at, end = *at, next = *at;
    uint32_t point = 0;
    while (next < folding->text.len) {
        const struct names_letter *letter = letter_at(folding, &next, &point);
        unsigned script = 1U << letter->script;
        if (letter->kind == NAMES_UNUSUAL && !folding->is_normal)
            return false;
        if (letter->kind == NAMES_DROPPED || letter->kind == NAMES_UNUSUAL) {
            *at = next;
            continue;
        }
        bool is_letter = letter->kind >= NAMES_LETTER;
        if (!is_letter || !is_same_word(written.scripts, script)) {
            end_word(folding, &written, begin, end);
            folding->is_hyphened = letter->kind == NAMES_HYPHEN;
            *at = is_letter ? end : next;
            return true;
        }
        written.scripts |= script;
        if (written.count < NAMES_WORD_LETTERS) {
            written.points[written.count] = point;
            written.letters[written.count++] = letter;
        }
        *at = end = next;
    }
    end_word(folding, &written, begin, end);
    return true;
}

/* How many words of characters that are written without gaps between the parts of a name. */
static size_t count_han_words(struct base_bytes text)
{
    size_t count = 0;
    bool is_inside = false;
    for (size_t at = 0; at < text.len;) {
        int32_t read = (int32_t)at;
        UChar32 point = 0;
        U8_NEXT_UNSAFE(text.data, read, point);
        at = (size_t)read;
        bool is_han = point >= 0x3400 && (names_letter_of((uint32_t)point)->script == NAMES_HAN || (point >= 0xac00 && point <= 0xd7a3));
        count += is_han && !is_inside;
        is_inside = is_han;
    }
    return count;
}

/* Returns false when the text has to be normalised first. */
static bool fold_text(struct folding *folding, bool is_ascii)
{
    folding->out->count = folding->out->other_count = 0;
    folding->is_hyphened = false;
    folding->language = is_ascii ? NAMES_NO_LANGUAGE : language_of(folding->text);
    folding->han_words = is_ascii ? 0 : count_han_words(folding->text);
    for (size_t at = 0; at < folding->text.len && folding->out->count + 1 < NAMES_WORDS_MAX;) {
        size_t len = ascii_word(folding, at);
        if (len > 0) {
            take_ascii(folding, at, len);
            at += len;
        } else if (folding->text.data[at] < 0x80 && !is_ascii_letter(folding->text.data[at])) {
            folding->is_hyphened = folding->text.data[at] == '-';
            at++;
        } else if (!take_word(folding, &at)) {
            return false;
        }
    }
    return true;
}

static enum base_code normalise(struct base_bytes utf8, uint8_t out[NORMAL_MAX], size_t *out_len)
{
    UChar wide[NAMES_TEXT_MAX + 1], text[WIDE_MAX];
    int32_t wide_len = 0, len = 0, written = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(wide, NAMES_TEXT_MAX + 1, &wide_len, (const char *)utf8.data, (int32_t)utf8.len, &status);
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    len = U_FAILURE(status) ? 0 : unorm2_normalize(fold, wide, wide_len, text, WIDE_MAX, &status);
    u_strToUTF8((char *)out, NORMAL_MAX, &written, text, len, &status);
    if (U_FAILURE(status))
        return base_fail(status == U_BUFFER_OVERFLOW_ERROR ? BASE_E_LIMIT : BASE_E_INTERNAL, "cannot fold a name: %s", u_errorName(status));
    *out_len = (size_t)written;
    return BASE_OK;
}

static bool is_ascii_text(struct base_bytes text)
{
    uint8_t all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= text.data[i];
    return all < 0x80;
}

/* Apart from names_fold(), so that only a name that needs it takes the room on the stack. */
static __attribute__((noinline)) enum base_code fold_normalised(struct base_bytes utf8, struct names_folded *out)
{
    uint8_t normal[NORMAL_MAX];
    struct folding folding = {.is_normal = true, .out = out};
    size_t len = 0;
    BASE_TRY(normalise(utf8, normal, &len));
    folding.text = base_bytes_of(normal, len);
    fold_text(&folding, false);
    return BASE_OK;
}

enum base_code names_fold(struct base_bytes utf8, struct names_folded *out)
{
    struct folding folding = {.text = utf8, .out = out};
    bool is_ascii = is_ascii_text(utf8);
    if (utf8.len > NAMES_TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a name of %zu bytes, at most %d", utf8.len, NAMES_TEXT_MAX);
    if (!is_ascii && !base_bytes_is_utf8(utf8))
        return base_fail(BASE_E_ENCODING, "a name that is not UTF-8");
    if (!fold_text(&folding, is_ascii))
        BASE_TRY(fold_normalised(utf8, out));
    names_read_eastern(out);
    return BASE_OK;
}
