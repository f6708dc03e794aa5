/* SPDX-License-Identifier: Apache-2.0
 *
 * Cyrillic systems as rows of spellings in the order of the alphabet, with the few rules that look at a letter's neighbours.
 * Marks are left out, as in a plain form: ž is z.
 */
#include "names/romanise.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { WORD_MAX = 64, ALPHABET = 32, CYRILLIC_A = 0x430 };

enum language {
    RUSSIAN = 1 << 0,
    UKRAINIAN = 1 << 1,
    BELARUSIAN = 1 << 2,
    BULGARIAN = 1 << 3,
    SERBIAN = 1 << 4, /* and Macedonian */
    TURKIC = 1 << 5,  /* Kazakh, Kyrgyz, Uzbek, Tatar; and Tajik */
};

enum rule {
    RULE_YE = 1 << 0,      /* е at the start, after a vowel, ь or ъ has y or j before it */
    RULE_FINAL_Y = 1 << 1, /* -ий and -ый are one letter at the end */
    RULE_INE = 1 << 2,     /* French: -ин is -ine */
    RULE_START = 1 << 3,   /* Ukrainian, Belarusian: є ї й ю я begin with y at the start of a word, with i inside */
    RULE_C = 1 << 4,       /* GOST 7.79 B: ц is c before e, i, y, j */
};

struct system {
    const char *name;
    unsigned languages, rules;
    const char *letters; /* а to я; "-" is none */
    const char *others;  /* pairs */
};

/*                   а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я */
static const struct system systems[] = {
    {"ICAO 9303", RUSSIAN, 0, "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia", "ё e"},
    {"BGN/PCGN", RUSSIAN, RULE_YE, "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya", "ё ye"},
    {"English press", RUSSIAN, RULE_FINAL_Y, "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya", "ё yo"},
    {"English press", RUSSIAN, 0, "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya", "ё e"},
    {"ISO 9", RUSSIAN | UKRAINIAN | BELARUSIAN | BULGARIAN | SERBIAN, 0,
     "a b v g d e z z i j k l m n o p r s t u f h c c s s - y - e u a",
     "ё e є e і i ї i ґ g ў u ђ d ћ c љ l њ n ј j џ d ѓ g ќ k ѕ z"},
    {"scientific", RUSSIAN, 0, "a b v g d e z z i j k l m n o p r s t u f ch c c s sc - y - e ju ja", "ё e"},
    {"scientific", RUSSIAN, 0, "a b v g d e z z i j k l m n o p r s t u f x c c s sc - y - e ju ja", "ё jo"},
    {"GOST R 52535", RUSSIAN, 0, "a b v g d e zh z i i k l m n o p r s t u f kh tc ch sh shch - y - e iu ia", "ё e"},
    {"GOST 7.79 B", RUSSIAN, RULE_C, "a b v g d e zh z i j k l m n o p r s t u f x cz ch sh shh - y - e yu ya", "ё yo"},
    {"GOST 16876", RUSSIAN, 0, "a b v g d e zh z i j k l m n o p r s t u f kh c ch sh shh - y - eh ju ja", "ё jo"},
    {"ALA-LC", RUSSIAN, 0, "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia", "ё e"},
    {"German", RUSSIAN, RULE_YE, "a b w g d e sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja", "ё jo"},
    {"German", RUSSIAN, RULE_YE | RULE_FINAL_Y, "a b w g d e sh s i i k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja", "ё jo"},
    {"French", RUSSIAN, RULE_INE, "a b v g d e j z i i k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia", "ё io"},
    {"French", RUSSIAN, RULE_INE | RULE_YE, "a b v g d e j z i y k l m n o p r s t ou f kh ts tch ch chtch - y - e you ya", "ё yo"},
    {"Polish", RUSSIAN, RULE_YE, "a b w g d e z z i j k l m n o p r s t u f ch c cz sz szcz - y - e ju ja", "ё jo"},
    {"Turkish", RUSSIAN, RULE_YE, "a b v g d e j z i y k l m n o p r s t u f h ts c s sc - i - e yu ya", "ё yo"},
    {"Dutch", RUSSIAN, RULE_YE | RULE_FINAL_Y, "a b v g d e zj z i j k l m n o p r s t oe f ch ts tsj sj sjtsj - y - e joe ja", "ё jo"},
    {"Spanish", RUSSIAN, RULE_FINAL_Y, "a b v g d e zh z i i k l m n o p r s t u f j ts ch sh sch - y - e yu ya", "ё yo"},
    {"Ukrainian national", UKRAINIAN, RULE_START, "a b v h d e zh z y i k l m n o p r s t u f kh ts ch sh shch - - - - iu ia",
     "є ie і i ї i ґ g"},
    {"BGN/PCGN for Ukrainian", UKRAINIAN, 0, "a b v h d e zh z y y k l m n o p r s t u f kh ts ch sh shch - - - - yu ya",
     "є ye і i ї yi ґ g"},
    {"Ukrainian, scientific", UKRAINIAN, 0, "a b v h d e z z y j k l m n o p r s t u f ch c c s sc - - - - ju ja", "є je і i ї ji ґ g"},
    {"Ukrainian, German", UKRAINIAN, 0, "a b w h d e sch s y j k l m n o p r s t u f ch z tsch sch schtsch - - - - ju ja",
     "є je і i ї ji ґ g"},
    {"Ukrainian, Polish", UKRAINIAN, 0, "a b w h d e z z y j k l m n o p r s t u f ch c cz sz szcz - - - - ju ja", "є je і i ї ji ґ g"},
    {"Belarusian national", BELARUSIAN, RULE_START, "a b v h d ie z z i j k l m n o p r s t u f ch c c s - - y - e iu ia",
     "ё io і i ў u"},
    {"BGN/PCGN for Belarusian", BELARUSIAN, RULE_YE, "a b v h d e zh z i y k l m n o p r s t u f kh ts ch sh - - y - e yu ya",
     "ё yo і i ў w"},
    {"Belarusian passport", BELARUSIAN, 0, "a b v h d e zh z i i k l m n o p r s t u f kh ts ch sh - - y - e iu ia", "ё io і i ў u"},
    {"Bulgarian national", BULGARIAN, 0, "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a - y - yu ya", ""},
    {"Serbian Latin", SERBIAN, 0, "a b v g d e z z i - k l m n o p r s t u f h c c s - - - - - - -",
     "ђ d ћ c љ lj њ nj ј j џ dz ѓ gj ќ kj ѕ dz"},
    {"Serbian, English letters", SERBIAN, 0, "a b v g d e zh z i - k l m n o p r s t u f h ts ch sh - - - - - - -",
     "ђ dj ћ ch љ lj њ nj ј y џ dzh ѓ g ќ k ѕ dz"},
    {"BGN/PCGN", TURKIC, 0, "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
     "ё yo ә a ғ gh қ q ң ng ө o ұ u ү u һ h і i җ j ҳ h ҷ j ӣ i ӯ u ў o"},
    {"Latin alphabet", TURKIC, 0, "a b v g d e j z i y k l m n o p r s t u f h ts ch sh shch - y - e yu ya",
     "ё yo ә a ғ g қ q ң n ө o ұ u ү u һ h і i җ j ҳ h ҷ j ӣ i ӯ u ў o"},
    {"Russian", TURKIC, 0, "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia",
     "ё e ә a ғ g қ k ң n ө o ұ u ү u һ kh і i җ zh ҳ kh ҷ dzh ӣ i ӯ u ў u"},
};

/* What only some of the languages have beside а to я; a letter that stands nowhere here belongs to none. */
static const struct {
    UChar32 letter;
    unsigned languages;
} owners[] = {
    {0x451, RUSSIAN | BELARUSIAN | TURKIC}, {0x454, UKRAINIAN}, {0x456, UKRAINIAN | BELARUSIAN | TURKIC}, {0x457, UKRAINIAN},
    {0x491, UKRAINIAN}, {0x45e, BELARUSIAN | TURKIC}, {0x452, SERBIAN}, {0x45b, SERBIAN}, {0x459, SERBIAN}, {0x45a, SERBIAN},
    {0x458, SERBIAN}, {0x45f, SERBIAN}, {0x453, SERBIAN}, {0x45c, SERBIAN}, {0x455, SERBIAN}, {0x4d9, TURKIC}, {0x493, TURKIC},
    {0x49b, TURKIC}, {0x4a3, TURKIC}, {0x4e9, TURKIC}, {0x4b1, TURKIC}, {0x4af, TURKIC}, {0x4bb, TURKIC}, {0x497, TURKIC},
    {0x4b3, TURKIC}, {0x4b7, TURKIC}, {0x4e3, TURKIC}, {0x4ef, TURKIC},
    {0x44b, RUSSIAN | BELARUSIAN | TURKIC}, {0x44d, RUSSIAN | BELARUSIAN | TURKIC}, {0x44a, RUSSIAN | BULGARIAN | TURKIC},
    {0x438, RUSSIAN | UKRAINIAN | BULGARIAN | SERBIAN | TURKIC}, {0x449, RUSSIAN | UKRAINIAN | BULGARIAN | TURKIC},
    {0x439, RUSSIAN | UKRAINIAN | BELARUSIAN | BULGARIAN | TURKIC}, {0x44c, RUSSIAN | UKRAINIAN | BELARUSIAN | BULGARIAN | TURKIC},
    {0x44e, RUSSIAN | UKRAINIAN | BELARUSIAN | BULGARIAN | TURKIC}, {0x44f, RUSSIAN | UKRAINIAN | BELARUSIAN | BULGARIAN | TURKIC},
};

struct word {
    UChar32 letters[WORD_MAX];
    size_t count;
};

static unsigned owners_of(UChar32 letter)
{
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        if (owners[i].letter == letter)
            return owners[i].languages;
    return letter >= CYRILLIC_A && letter < CYRILLIC_A + ALPHABET ? ~0U : 0;
}

/* й, ё, ї and ў may be written as a letter and a mark. */
static UChar32 composed(UChar32 letter, UChar32 mark)
{
    if (mark == 0x306)
        return letter == 0x438 ? 0x439 : letter == 0x443 ? 0x45e : letter;
    if (mark == 0x308)
        return letter == 0x435 ? 0x451 : letter == 0x456 ? 0x457 : letter;
    return letter;
}

/* The languages that could have written the word; 0 when it is none of theirs. */
static unsigned read_word(struct base_bytes utf8, struct word *out)
{
    unsigned languages = ~0U;
    out->count = 0;
    if (utf8.len > NAMES_TEXT_MAX)
        return 0;
    for (int32_t at = 0, len = (int32_t)utf8.len; at < len;) {
        UChar32 point = 0;
        U8_NEXT(utf8.data, at, len, point);
        if (point < 0 || out->count == WORD_MAX)
            return 0;
        if (point == '\'' || point == 0x2019 || point == 0x2bc) /* the Ukrainian apostrophe */
            continue;
        if (point >= 0x300 && point < 0x370) {
            if (out->count > 0)
                out->letters[out->count - 1] = composed(out->letters[out->count - 1], point);
            continue;
        }
        out->letters[out->count++] = u_tolower(point);
    }
    for (size_t i = 0; i < out->count; i++)
        languages &= owners_of(out->letters[i]);
    return out->count == 0 ? 0 : languages;
}

struct field {
    const char *text;
    size_t len;
};

static struct field next_field(const char **at)
{
    struct field field = {*at, strcspn(*at, " ")};
    *at += field.len + ((*at)[field.len] != 0);
    return field;
}

static struct field spelling_of(const struct system *system, UChar32 letter)
{
    const char *at = system->letters;
    if (letter >= CYRILLIC_A && letter < CYRILLIC_A + ALPHABET) {
        struct field field = next_field(&at);
        for (UChar32 i = CYRILLIC_A; i < letter; i++)
            field = next_field(&at);
        return field.text[0] == '-' ? (struct field){"", 0} : field;
    }
    for (at = system->others; *at != 0;) {
        struct field from = next_field(&at), to = next_field(&at);
        UChar32 point = 0;
        int32_t read = 0;
        U8_NEXT((const uint8_t *)from.text, read, (int32_t)from.len, point);
        if (point == letter)
            return to;
    }
    return (struct field){"", 0};
}

static bool is_vowel(UChar32 letter)
{
    static const UChar32 vowels[] = {0x430, 0x435, 0x438, 0x43e, 0x443, 0x44b, 0x44d, 0x44e, 0x44f, 0x451, 0x454, 0x456, 0x457};
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels; i++)
        if (vowels[i] == letter)
            return true;
    return false;
}

static void put(char out[NAMES_TOKEN_SIZE], size_t *len, const char *text, size_t text_len)
{
    for (size_t i = 0; i < text_len && *len + 1 < NAMES_TOKEN_SIZE; i++)
        out[(*len)++] = text[i];
}

/* What a rule of the system puts in the place of a letter; NULL when it is spelled by the row. */
static const char *by_rule(const struct system *system, const struct word *word, size_t at)
{
    UChar32 letter = word->letters[at], before = at == 0 ? 0 : word->letters[at - 1], after = at + 1 < word->count ? word->letters[at + 1] : 0;
    bool is_opening = at == 0 || is_vowel(before) || before == 0x44c || before == 0x44a;
    bool is_german = strchr(system->letters, 'j') != NULL && strstr(system->letters, "yu") == NULL && strstr(system->letters, "you") == NULL;
    if ((system->rules & RULE_YE) != 0 && letter == 0x435 && is_opening)
        return is_german ? "je" : "ye";
    if ((system->rules & RULE_FINAL_Y) != 0 && at + 2 == word->count && (letter == 0x438 || letter == 0x44b) && after == 0x439)
        return "";
    if ((system->rules & RULE_INE) != 0 && at + 1 == word->count && letter == 0x43d && before == 0x438)
        return "ne";
    if ((system->rules & RULE_C) != 0 && letter == 0x446 && (after == 0x435 || after == 0x438 || after == 0x44b || after == 0x439))
        return "c";
    if ((system->rules & RULE_START) == 0 || at != 0)
        return NULL;
    switch (letter) {
    case 0x454: return "ye";
    case 0x457: return "yi";
    case 0x439: return "y";
    case 0x44e: return (system->languages & BELARUSIAN) != 0 ? "ju" : "yu";
    case 0x44f: return (system->languages & BELARUSIAN) != 0 ? "ja" : "ya";
    case 0x435: return (system->languages & BELARUSIAN) != 0 ? "je" : NULL;
    case 0x451: return "jo";
    default: return NULL;
    }
}

static void spell(const struct system *system, const struct word *word, char out[NAMES_TOKEN_SIZE])
{
    size_t len = 0;
    for (size_t i = 0; i < word->count; i++) {
        const char *ruled = by_rule(system, word, i);
        struct field field = ruled != NULL ? (struct field){ruled, strlen(ruled)} : spelling_of(system, word->letters[i]);
        put(out, &len, field.text, field.len);
    }
    out[len] = 0;
}

_Static_assert(sizeof systems / sizeof *systems <= NAMES_ROMANISATIONS_MAX, "every system has room");

size_t names_romanisations(struct base_bytes word, struct names_romanisation out[NAMES_ROMANISATIONS_MAX])
{
    struct word letters;
    unsigned languages = read_word(word, &letters);
    size_t count = 0;
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        if ((systems[i].languages & languages) == 0)
            continue;
        out[count].system = systems[i].name;
        spell(&systems[i], &letters, out[count++].plain);
    }
    return count;
}

const char *names_romanisation_of(struct base_bytes word, const char *plain)
{
    struct names_romanisation spellings[NAMES_ROMANISATIONS_MAX];
    size_t count = names_romanisations(word, spellings);
    for (size_t i = 0; i < count; i++)
        if (strcmp(spellings[i].plain, plain) == 0)
            return spellings[i].system;
    return NULL;
}
