/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.2 to 1.4: homoglyphs, and the rules of the alphabets.
 */
#include "names/spell.h"

#include <string.h>

enum {
    CYRILLIC_G = 0x433, CYRILLIC_D = 0x434, CYRILLIC_ZH = 0x436, CYRILLIC_Z = 0x437, CYRILLIC_I = 0x438, CYRILLIC_H = 0x445,
    CYRILLIC_TS = 0x446, CYRILLIC_CH = 0x447, CYRILLIC_SH = 0x448, CYRILLIC_SHCH = 0x449, CYRILLIC_HARD = 0x44a, SHORT_U = 0x45e,
    ALEF = 0x627, LAM = 0x644, WAW = 0x648, YEH = 0x64a, FARSI_YEH = 0x6cc,
};

struct spelling {
    struct names_word *word;
    size_t spelled_len, heard_len;
};

static size_t put_in(char text[NAMES_TOKEN_SIZE], size_t len, const char *added)
{
    for (; *added != 0 && len + 1 < NAMES_TOKEN_SIZE; added++)
        text[len++] = *added;
    return len;
}

static void put(struct spelling *out, const char *spelled, const char *heard)
{
    out->spelled_len = put_in(out->word->spelled, out->spelled_len, spelled);
    out->heard_len = put_in(out->word->heard, out->heard_len, heard);
}

static void put_letter(struct spelling *out, const struct names_letter *letter)
{
    put(out, letter->spelled, letter->heard);
}

static char last_spelled(const struct spelling *out)
{
    return out->spelled_len == 0 ? 0 : out->word->spelled[out->spelled_len - 1];
}

/* Letters that look alike when written large: Latin, Cyrillic, Greek; 0 where a script has none. */
static const uint16_t homoglyphs[][3] = {
    {'a', 0x430, 0x3b1}, {'b', 0x432, 0x3b2}, {'c', 0x441, 0},     {'e', 0x435, 0x3b5}, {'h', 0x43d, 0x3b7}, {'i', 0x456, 0x3b9},
    {'j', 0x458, 0},     {'k', 0x43a, 0x3ba}, {'m', 0x43c, 0x3bc}, {'n', 0, 0x3bd},     {'o', 0x43e, 0x3bf}, {'p', 0x440, 0x3c1},
    {'s', 0x455, 0},     {'t', 0x442, 0x3c4}, {'x', 0x445, 0x3c7}, {'y', 0x443, 0x3c5}, {'z', 0, 0x3b6},
};

static int column_of(unsigned script)
{
    return script == NAMES_CYRILLIC ? 1 : script == NAMES_GREEK ? 2 : 0;
}

static const struct names_letter *look_alike(const struct names_letter *letter, int from, int to)
{
    for (size_t i = 0; i < sizeof homoglyphs / sizeof *homoglyphs; i++)
        if (homoglyphs[i][from] == letter->base && homoglyphs[i][to] != 0)
            return names_letter_of(homoglyphs[i][to]);
    return letter;
}

/* names 1.2: the script that most letters are in, of equals the one that is not Latin; the others become its look-alikes. */
static enum names_script repair(struct names_written *written)
{
    size_t counts[3] = {0, 0, 0};
    for (size_t i = 0; i < written->count; i++)
        counts[column_of(written->letters[i]->script)]++;
    int to = counts[1] >= counts[0] && counts[1] >= counts[2] ? 1 : counts[2] >= counts[0] ? 2 : 0;
    for (size_t i = 0; i < written->count; i++) {
        int from = column_of(written->letters[i]->script);
        if (from != to)
            written->letters[i] = look_alike(written->letters[i], from, to);
    }
    return to == 1 ? NAMES_CYRILLIC : to == 2 ? NAMES_GREEK : NAMES_LATIN;
}

static uint16_t base_at(const struct names_written *written, size_t at)
{
    return at < written->count ? written->letters[at]->base : 0;
}

static bool is_vowel(char letter)
{
    return letter != 0 && strchr("aeiouy", letter) != NULL;
}

enum { SCHWA = 0x259, DOTLESS_I = 0x131, SOFT_G = 0x11f };

/* Only Azerbaijani and Turkish have these: c is j there, and in Azerbaijani x is kh. */
static bool has_letter(const struct names_written *written, uint32_t lower, uint32_t upper)
{
    for (size_t i = 0; i < written->count; i++)
        if (written->points[i] == lower || written->points[i] == upper)
            return true;
    return false;
}

static void spell_latin(const struct names_written *written, struct spelling *out)
{
    bool is_azerbaijani = has_letter(written, SCHWA, 0x18f);
    bool is_turkic = is_azerbaijani || has_letter(written, DOTLESS_I, 0x130) || has_letter(written, SOFT_G, 0x11e);
    for (size_t i = 0; i < written->count; i++) {
        const struct names_letter *letter = written->letters[i];
        bool is_c = letter->spelled[0] == 'c' && letter->heard[0] == 'c';
        bool is_x = letter->spelled[0] == 'x';
        put(out, letter->spelled, is_turkic && is_c ? "J" : is_azerbaijani && is_x ? "H" : letter->heard);
    }
}

static void spell_plainly(const struct names_written *written, struct spelling *out)
{
    for (size_t i = 0; i < written->count; i++)
        put_letter(out, written->letters[i]);
}

/* What a language spells otherwise than Russian; NULL when it does not. */
static const char *cyrillic_of_language(enum names_language language, uint16_t base)
{
    bool is_serbian = language == NAMES_SERBIAN;
    if (language == NAMES_NO_LANGUAGE)
        return NULL;
    switch (base) {
    case CYRILLIC_G: return is_serbian ? NULL : "h";
    case CYRILLIC_I: return language == NAMES_UKRAINIAN ? "y" : NULL;
    case CYRILLIC_ZH: return is_serbian ? "z" : NULL;
    case CYRILLIC_H: return is_serbian ? "h" : NULL;
    case CYRILLIC_TS: return is_serbian ? "c" : NULL;
    case CYRILLIC_CH: return is_serbian ? "c" : NULL;
    case CYRILLIC_SH: return is_serbian ? "s" : NULL;
    default: return NULL;
    }
}

/* ъ stands before a vowel that begins with y in Russian, and is a vowel in Bulgarian. */
static bool is_bulgarian_vowel(const struct names_written *written, size_t at)
{
    uint16_t after = base_at(written, at + 1);
    return base_at(written, at) == CYRILLIC_HARD && after != 0 && !is_vowel(names_letter_of(after)->spelled[0]);
}

static void spell_cyrillic(const struct names_written *written, struct spelling *out)
{
    for (size_t i = 0; i < written->count; i++) {
        const struct names_letter *letter = written->letters[i];
        uint16_t base = letter->base, after = base_at(written, i + 1);
        const char *own = cyrillic_of_language(written->language, base);
        if (base == CYRILLIC_D && (after == CYRILLIC_ZH || after == CYRILLIC_Z)) { /* one sound, whatever the romanisation */
            put(out, after == CYRILLIC_ZH && written->language != NAMES_SERBIAN ? "dzh" : "dz", "J");
            i++;
        } else if (base == SHORT_U && !is_vowel(last_spelled(out))) { /* in Belarusian after a vowel only; Uzbek */
            put(out, "o", "o");
        } else if (is_bulgarian_vowel(written, i)) {
            put(out, "a", "a");
        } else {
            put(out, own != NULL ? own : letter->spelled, letter->heard);
        }
    }
}

static bool is_weak(uint16_t base)
{
    return base == WAW || base == YEH || base == FARSI_YEH;
}

/* Waw and yeh are long vowels between consonants and at the end. */
static const char *arabic_spelling(const struct names_written *written, size_t at, char before)
{
    const struct names_letter *letter = written->letters[at];
    uint16_t after = base_at(written, at + 1);
    if (!is_weak(letter->base) || before == 0 || before == 'a' || before == 'i' || before == 'u' || is_weak(after) || after == ALEF)
        return letter->spelled;
    return letter->base == WAW ? "u" : "i";
}

/* The article of a word of at least four letters is a particle, and left out as particles are. */
static void spell_arabic(const struct names_written *written, struct spelling *out)
{
    size_t first = written->count >= 4 && base_at(written, 0) == ALEF && base_at(written, 1) == LAM ? 2 : 0;
    for (size_t i = first; i < written->count; i++)
        put(out, arabic_spelling(written, i, last_spelled(out)), written->letters[i]->heard);
}

struct pair {
    uint16_t first, second;
    char spelled[4], heard[4], at_start[4]; /* at_start: spelled so at the start of a word */
};

static const struct pair greek_pairs[] = {
    {0x3bf, 0x3c5, "ou", "u", ""},    {0x3b1, 0x3c5, "av", "aV", ""},  {0x3b5, 0x3c5, "ev", "eV", ""},  {0x3bc, 0x3c0, "mp", "8", "b"},
    {0x3bd, 0x3c4, "nt", "9", "d"},   {0x3b3, 0x3ba, "gk", "G", "g"},  {0x3b3, 0x3b3, "ng", "NG", ""},  {0x3c4, 0x3b6, "tz", "S", ""},
    {0x3c4, 0x3c3, "ts", "S", ""},    {0x3b3, 0x3b9, "gi", "6i", ""},  {0x3b3, 0x3b5, "ge", "6e", ""},  {0x3b3, 0x3c5, "gy", "6i", ""},
    {0x3b3, 0x3b7, "gi", "6i", ""},
};

static const struct pair armenian_pairs[] = {{0x578, 0x582, "u", "u", ""}};

/* Greek αυ and ευ end in f before what has no voice. */
static bool is_unvoiced(uint16_t base)
{
    static const uint16_t letters[] = {0x3b8, 0x3ba, 0x3be, 0x3c0, 0x3c3, 0x3c4, 0x3c6, 0x3c7, 0x3c8};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i] == base)
            return true;
    return false;
}

static void spell_pairs(const struct names_written *written, const struct pair *pairs, size_t count, struct spelling *out)
{
    for (size_t i = 0; i < written->count; i++) {
        const struct pair *pair = NULL;
        for (size_t k = 0; k < count && pair == NULL; k++)
            if (pairs[k].first == base_at(written, i) && pairs[k].second == base_at(written, i + 1))
                pair = &pairs[k];
        if (pair == NULL) {
            put_letter(out, written->letters[i]);
            continue;
        }
        bool is_start = i == 0 && pair->at_start[0] != 0;
        if (pair->spelled[1] == 'v' && is_unvoiced(base_at(written, i + 2)))
            put(out, pair->spelled[0] == 'a' ? "af" : "ef", "aF");
        else
            put(out, is_start ? pair->at_start : pair->spelled, pair->heard);
        i++;
    }
}

static void spell_armenian(const struct names_written *written, struct spelling *out)
{
    bool is_vo = base_at(written, 0) == 0x578 && base_at(written, 1) != 0x582;
    bool is_ye = base_at(written, 0) == 0x565;
    if (is_vo)
        put(out, "v", "V");
    if (is_ye)
        put(out, "y", "y");
    spell_pairs(written, armenian_pairs, sizeof armenian_pairs / sizeof *armenian_pairs, out);
}

enum { HEBREW_VAV = 0x5d5, HEBREW_YOD = 0x5d9, HEBREW_HE = 0x5d4 };

/* Vav is v at the start, and o or u inside; yod is i inside. */
static void spell_hebrew(const struct names_written *written, struct spelling *out)
{
    for (size_t i = 0; i < written->count; i++) {
        const struct names_letter *letter = written->letters[i];
        uint16_t after = base_at(written, i + 1);
        bool is_inside = i > 0 && after != 0 && letter->base != after;
        if (letter->base == after && (after == HEBREW_VAV || after == HEBREW_YOD)) { /* doubled: the consonant */
            put(out, after == HEBREW_VAV ? "v" : "y", after == HEBREW_VAV ? "V" : "y");
            i++;
        } else if (letter->base == HEBREW_VAV && is_inside) {
            put(out, "o", letter->heard);
        } else if (letter->base == HEBREW_YOD && i > 0 && !is_vowel(written->letters[i - 1]->spelled[0])) {
            put(out, "i", letter->heard);
        } else {
            put_letter(out, letter);
        }
    }
}

enum { NUKTA = 0x93c, INDIAN_FIRST = 0x900, DRAVIDIAN_FIRST = 0xb80, INDIAN_LAST = 0xdff };

/* A nukta makes another letter of the one before it. */
static const struct names_letter *with_nukta(const struct names_letter *letter)
{
    static const uint16_t pairs[][2] = {{0x915, 0x958}, {0x916, 0x959}, {0x917, 0x95a}, {0x91c, 0x95b}, {0x921, 0x95c}, {0x922, 0x95d}, {0x92b, 0x95e}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] == letter->base)
            return names_letter_of(pairs[i][1]);
    return letter;
}

/* The vowel that no sign writes is silent at the end, and between two that are heard (names 1.4). */
static bool is_silent(const struct names_written *written, size_t at, bool was_spoken)
{
    if (written->letters[at]->base >= DRAVIDIAN_FIRST)
        return false;
    if (at + 1 == written->count)
        return at > 0;
    bool is_before_vowel = at + 2 < written->count && written->letters[at + 1]->kind == NAMES_CONSONANT &&
                           written->letters[at + 2]->kind == NAMES_VOWEL_SIGN;
    return was_spoken && is_before_vowel;
}

static void spell_indian(const struct names_written *written, struct spelling *out)
{
    bool was_spoken = false; /* a vowel stands before this consonant */
    for (size_t i = 0; i < written->count; i++) {
        const struct names_letter *letter = written->letters[i];
        const struct names_letter *next = i + 1 < written->count ? written->letters[i + 1] : NULL;
        if (next != NULL && next->base == NUKTA) {
            letter = with_nukta(letter);
            i++;
            next = i + 1 < written->count ? written->letters[i + 1] : NULL;
        }
        put_letter(out, letter);
        if (letter->kind != NAMES_CONSONANT) {
            was_spoken = letter->kind != NAMES_VIRAMA;
            continue;
        }
        bool is_signed = next != NULL && (next->kind == NAMES_VIRAMA || (next->kind == NAMES_VOWEL_SIGN && is_vowel(next->spelled[0])));
        if (is_signed)
            continue;
        bool is_spoken = !is_silent(written, i, was_spoken);
        if (is_spoken)
            put(out, "a", "a");
        was_spoken = is_spoken;
    }
}

enum { SMALL_YA = 0x3083, SMALL_YU = 0x3085, SMALL_YO = 0x3087, SMALL_TSU = 0x3063, KANA_N = 0x3093 };

static bool is_small_y(uint16_t base)
{
    return base == SMALL_YA || base == SMALL_YU || base == SMALL_YO;
}

/* Katakana is the same table further on. */
static const struct names_letter *hiragana(const struct names_written *written, size_t at)
{
    uint32_t point = at < written->count ? written->points[at] : 0;
    if (point >= 0x30a1 && point <= 0x30f4)
        return names_letter_of(point - 0x60);
    return point == 0 ? names_letter_of(0) : written->letters[at];
}

/* One of "ou", "oo", "uu": a long vowel is written once. */
static bool is_long(const struct spelling *out, const struct names_letter *letter)
{
    char last = last_spelled(out), vowel = letter->spelled[1] == 0 ? letter->spelled[0] : 0;
    return (last == 'o' && (vowel == 'u' || vowel == 'o')) || (last == 'u' && vowel == 'u');
}

static void spell_kana(const struct names_written *written, struct spelling *out)
{
    for (size_t i = 0; i < written->count; i++) {
        const struct names_letter *letter = hiragana(written, i), *next = hiragana(written, i + 1);
        char syllable[NAMES_LETTER_MAX + 3];
        size_t len = strlen(letter->spelled);
        if (letter->base == SMALL_TSU) {
            char doubled[2] = {next->spelled[0] == 'c' ? 't' : next->spelled[0], 0};
            put(out, is_vowel(doubled[0]) ? "" : doubled, "");
            continue;
        }
        if (is_long(out, letter))
            continue;
        memcpy(syllable, letter->spelled, len + 1);
        if (is_small_y(next->base) && len > 1 && syllable[len - 1] == 'i') {
            bool is_hushed = strcmp(syllable, "shi") == 0 || strcmp(syllable, "chi") == 0 || strcmp(syllable, "ji") == 0;
            memcpy(syllable + len - 1, next->spelled + is_hushed, strlen(next->spelled + is_hushed) + 1);
            i++;
        }
        put(out, syllable, syllable);
    }
}

void names_add_kunrei(struct names_folded *out, struct names_word *word)
{
    static const struct {
        const char *hepburn, *kunrei;
    } changes[] = {{"shi", "si"}, {"chi", "ti"}, {"tsu", "tu"}, {"fu", "hu"}, {"ji", "zi"}, {"sh", "sy"}, {"ch", "ty"}, {"j", "zy"}};
    char other[NAMES_TOKEN_SIZE] = "";
    size_t len = 0;
    for (const char *at = word->spelled; *at != 0;) {
        char letter[2] = {*at, 0};
        const char *to = letter;
        size_t taken = 1;
        for (size_t i = 0; i < sizeof changes / sizeof *changes && to == letter; i++) {
            size_t from_len = strlen(changes[i].hepburn);
            if (strncmp(at, changes[i].hepburn, from_len) != 0)
                continue;
            to = changes[i].kunrei;
            taken = from_len;
        }
        len = names_append(other, len, to);
        at += taken;
    }
    names_add_other(out, word, other);
}

void names_spell(struct names_written *written, struct names_word *word)
{
    struct spelling out = {word, 0, 0};
    bool is_mixed = (written->scripts & (written->scripts - 1)) != 0;
    word->script = is_mixed ? repair(written) : written->letters[0]->script;
    switch (word->script) {
    case NAMES_LATIN: spell_latin(written, &out); break;
    case NAMES_CYRILLIC: spell_cyrillic(written, &out); break;
    case NAMES_ARABIC: spell_arabic(written, &out); break;
    case NAMES_GREEK: spell_pairs(written, greek_pairs, sizeof greek_pairs / sizeof *greek_pairs, &out); break;
    case NAMES_ARMENIAN: spell_armenian(written, &out); break;
    case NAMES_HEBREW: spell_hebrew(written, &out); break;
    case NAMES_KANA: spell_kana(written, &out); break;
    default:
        if (base_at(written, 0) >= INDIAN_FIRST && base_at(written, 0) <= INDIAN_LAST)
            spell_indian(written, &out);
        else
            spell_plainly(written, &out);
    }
    word->spelled[out.spelled_len] = word->heard[out.heard_len] = 0;
}
