/* SPDX-License-Identifier: Apache-2.0
 *
 * make_letters RULES: src/names/letters_table.c on standard output, from src/names/letters.txt and the data of ICU. script/tables runs
 * it and says what to do with what it prints.
 */
#include "names/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

enum { POINTS = 0x10000, PAGES = 256, PAGE = 256, VALUES_MAX = 8192, TEXT_MAX = 64, DEPTH_MAX = 4, ANY_SCRIPT = 255 };

static const struct {
    const char *section;
    enum names_script script;
} sections[] = {
    {"latin", NAMES_LATIN}, {"cyrillic", NAMES_CYRILLIC}, {"arabic", NAMES_ARABIC}, {"greek", NAMES_GREEK}, {"hebrew", NAMES_HEBREW},
    {"georgian", NAMES_GEORGIAN}, {"armenian", NAMES_ARMENIAN}, {"kana", NAMES_KANA}, {"devanagari", NAMES_DEVANAGARI},
};

static const struct {
    UScriptCode code;
    enum names_script script;
} codes[] = {
    {USCRIPT_LATIN, NAMES_LATIN}, {USCRIPT_CYRILLIC, NAMES_CYRILLIC}, {USCRIPT_ARABIC, NAMES_ARABIC}, {USCRIPT_GREEK, NAMES_GREEK},
    {USCRIPT_HEBREW, NAMES_HEBREW}, {USCRIPT_GEORGIAN, NAMES_GEORGIAN}, {USCRIPT_ARMENIAN, NAMES_ARMENIAN}, {USCRIPT_HAN, NAMES_HAN},
    {USCRIPT_HANGUL, NAMES_HANGUL}, {USCRIPT_HIRAGANA, NAMES_KANA}, {USCRIPT_KATAKANA, NAMES_KANA},
    {USCRIPT_DEVANAGARI, NAMES_DEVANAGARI},
};

static struct names_letter made[POINTS], values[VALUES_MAX];
static bool is_ruled[POINTS];
static uint16_t value_of[POINTS], pages[PAGES][PAGE];
static uint8_t page_of[PAGES];
static size_t value_count, page_count;
static UTransliterator *any_latin, *han_latin;
static const UNormalizer2 *casefold, *nfd;

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "make_letters: %s: %s\n", what, detail);
    exit(1);
}

static void must(UErrorCode status, const char *what)
{
    if (U_FAILURE(status))
        fail(what, u_errorName(status));
}

static UTransliterator *open_rules(const UChar *id)
{
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *out = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    must(status, "no transliterator");
    return out;
}

/* The letters a-z of one character in Latin; more than a table holds are cut. */
static void transliterate(UTransliterator *rules, UChar point, char out[NAMES_LETTER_MAX + 1])
{
    UChar text[TEXT_MAX] = {point, 0};
    int32_t len = 1, limit = 1;
    size_t kept = 0;
    UErrorCode status = U_ZERO_ERROR;
    utrans_transUChars(rules, text, &len, TEXT_MAX, 0, &limit, &status);
    must(status, "cannot transliterate");
    for (int32_t i = 0; i < len && kept < NAMES_LETTER_MAX; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            out[kept++] = (char)text[i];
    out[kept] = 0;
}

static uint8_t script_of(UChar point)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode code = uscript_getScript(point, &status);
    must(status, "no script");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return (uint8_t)codes[i].script;
    return NAMES_OTHER;
}

static void copy_spelling(char out[NAMES_LETTER_MAX + 1], const char *text)
{
    if (strlen(text) > NAMES_LETTER_MAX)
        fail("a spelling is too long", text);
    snprintf(out, NAMES_LETTER_MAX + 1, "%s", strcmp(text, "-") == 0 ? "" : text);
}

static void take_rule(uint8_t script, const char *letter, const char *spelled, const char *heard)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar point[3] = {0};
    unsigned number = 0;
    if (sscanf(letter, "U+%4x", &number) == 1)
        point[0] = (UChar)number;
    else
        u_strFromUTF8(point, 3, NULL, letter, -1, &status);
    if (U_FAILURE(status) || point[0] == 0 || point[1] != 0)
        fail("not one letter", letter);
    struct names_letter *to = &made[point[0]];
    if (is_ruled[point[0]])
        fail("ruled twice", letter);
    is_ruled[point[0]] = true;
    to->base = point[0];
    to->script = script;
    to->kind = (U_GET_GC_MASK(point[0]) & U_GC_M_MASK) != 0 ? NAMES_VOWEL_SIGN : NAMES_LETTER;
    copy_spelling(to->spelled, spelled);
    copy_spelling(to->heard, heard);
}

static void read_rules(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[256], section[32], letter[32], spelled[32], heard[32];
    uint8_t script = ANY_SCRIPT;
    if (file == NULL)
        fail("cannot read", path);
    while (fgets(line, sizeof line, file) != NULL) {
        int count = sscanf(line, "%31s %31s %31s", letter, spelled, heard);
        if (count < 1 || letter[0] == '#')
            continue;
        if (sscanf(line, "[%31[^]]]", section) == 1) {
            script = ANY_SCRIPT;
            for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
                if (strcmp(section, sections[i].section) == 0)
                    script = (uint8_t)sections[i].script;
            if (script == ANY_SCRIPT)
                fail("no such section", section);
            continue;
        }
        if (count < 2 || script == ANY_SCRIPT)
            fail("not a rule", line);
        take_rule(script, letter, spelled, count < 3 ? spelled : heard);
    }
    fclose(file);
}

static bool is_sign_inside(UChar point)
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2018 || point == 0x2019 || point == 0x201b || point == 0x640 ||
           (point >= 0x2b0 && point <= 0x2ff) || point == 0x5f3 || point == 0x5f4 || point == 0xa78c || point == 0x30fc;
}

/* A mark that can make another letter of the one before it, where the difference is kept. */
static bool is_composing(UChar point)
{
    return (point >= 0x300 && point < 0x370) || (point >= 0x653 && point <= 0x655) || point == 0x3099 || point == 0x309a ||
           (point >= 0x1100 && point <= 0x11ff);
}

static bool is_indian(UChar point)
{
    return point >= 0x900 && point < 0xe00;
}

static void make_sign(UChar point, struct names_letter *out)
{
    bool is_hyphen = point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x5be || point == 0x58a;
    bool is_mark = (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
    out->kind = is_hyphen ? NAMES_HYPHEN : is_sign_inside(point) || is_mark ? NAMES_DROPPED : NAMES_GAP;
}

static bool is_vowel(char letter)
{
    return letter != 0 && strchr("aeiou", letter) != NULL;
}

static void make_indian(UChar point, struct names_letter *out)
{
    size_t len = strlen(out->spelled);
    bool is_mark = (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
    if (u_getCombiningClass(point) == 9) {
        *out = (struct names_letter){.script = out->script, .kind = NAMES_VIRAMA};
    } else if (is_mark) {
        out->kind = len > 0 || is_ruled[point] ? NAMES_VOWEL_SIGN : NAMES_DROPPED;
    } else if (!is_vowel(out->spelled[0]) && len > 0) {
        out->kind = NAMES_CONSONANT;
        if (len > 1 && out->spelled[len - 1] == 'a' && !is_ruled[point])
            out->spelled[len - 1] = out->heard[len - 1] = 0;
    }
}

static void make_from_icu(UChar point, struct names_letter *out)
{
    out->script = script_of(point);
    out->kind = NAMES_LETTER;
    transliterate(out->script == NAMES_HAN ? han_latin : any_latin, point, out->spelled);
    memcpy(out->heard, out->spelled, sizeof out->heard);
    out->base = is_indian(point) ? point : 0;
    if (out->spelled[0] == 0 && !is_indian(point))
        *out = (struct names_letter){.kind = NAMES_GAP};
}

static const struct names_letter *make(UChar point, int depth);

/* What normalisation makes of it, when that is letters with a rule. */
static void make_folded(const UChar *folded, int32_t count, int depth, struct names_letter *out)
{
    char spelled[TEXT_MAX] = "", heard[TEXT_MAX] = "";
    const struct names_letter *first = make(folded[0], depth + 1);
    if (count == 1) {
        *out = *first;
        return;
    }
    for (int32_t i = 0; i < count && i < 4; i++) {
        const struct names_letter *part = make(folded[i], depth + 1);
        bool is_mark = part->kind == NAMES_DROPPED || is_composing(folded[i]);
        if (folded[i] >= 0xd800 || count > 4 || (!is_mark && (part->kind != NAMES_LETTER || part->script != NAMES_LATIN))) {
            out->kind = NAMES_UNUSUAL;
            return;
        }
        snprintf(spelled + strlen(spelled), NAMES_LETTER_MAX + 1, "%s", is_mark ? "" : part->spelled);
        snprintf(heard + strlen(heard), NAMES_LETTER_MAX + 1, "%s", is_mark ? "" : part->heard);
    }
    *out = *first;
    copy_spelling(out->spelled, spelled);
    copy_spelling(out->heard, heard);
}

/* The base of a letter with marks. */
static bool make_based(UChar point, int depth, struct names_letter *out)
{
    UChar parts[TEXT_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = unorm2_getDecomposition(nfd, point, parts, TEXT_MAX, &status);
    if (count <= 0 || parts[0] == point || parts[0] >= 0xd800)
        return false;
    *out = *make(parts[0], depth + 1);
    return true;
}

static const struct names_letter *make(UChar point, int depth)
{
    static bool is_made[POINTS];
    struct names_letter *out = &made[point];
    UChar text[1] = {point}, folded[TEXT_MAX];
    UErrorCode status = U_ZERO_ERROR;
    if (is_made[point] || depth > DEPTH_MAX)
        return out;
    is_made[point] = true;
    if (is_ruled[point]) {
        if (is_indian(point))
            make_indian(point, out);
        return out;
    }
    if (point >= 'a' && point <= 'z') {
        *out = (struct names_letter){point, NAMES_LATIN, NAMES_LETTER, {(char)point}, {(char)point}};
        return out;
    }
    if (is_composing(point)) {
        out->kind = NAMES_UNUSUAL;
        return out;
    }
    int32_t count = unorm2_normalize(casefold, text, 1, folded, TEXT_MAX, &status);
    must(status, "cannot fold");
    if (count == 0)
        out->kind = NAMES_DROPPED;
    else if (is_sign_inside(point) || !(u_isalpha(folded[0]) || (U_GET_GC_MASK(folded[0]) & U_GC_M_MASK) != 0 || folded[0] != point))
        make_sign(point, out);
    else if (count > 1 || folded[0] != point)
        make_folded(folded, count, depth, out);
    else if (!make_based(point, depth, out))
        u_isalpha(point) || is_indian(point) ? make_from_icu(point, out) : make_sign(point, out);
    if (is_indian(point) && out->kind != NAMES_GAP)
        make_indian(point, out);
    return out;
}

static uint16_t number_of(const struct names_letter *letter)
{
    for (size_t i = 0; i < value_count; i++)
        if (memcmp(&values[i], letter, sizeof *letter) == 0)
            return (uint16_t)i;
    if (value_count == VALUES_MAX)
        fail("too many different letters", "");
    values[value_count] = *letter;
    return (uint16_t)value_count++;
}

static void make_all(void)
{
    UErrorCode status = U_ZERO_ERROR;
    any_latin = open_rules(u"Any-Latin; Latin-ASCII; Lower");
    han_latin = open_rules(u"Han-Latin; Latin-ASCII; Lower");
    casefold = unorm2_getNFKCCasefoldInstance(&status);
    nfd = unorm2_getNFDInstance(&status);
    must(status, "no normaliser");
    number_of(&(struct names_letter){.kind = NAMES_GAP});
    for (uint32_t point = 1; point < POINTS; point++) {
        bool is_outside = (point >= 0xac00 && point < 0xd7a4) || (point >= 0xd800 && point < 0xf900) || u_charType((UChar32)point) == U_UNASSIGNED;
        value_of[point] = is_outside ? 0 : number_of(make((UChar)point, 0));
    }
    for (size_t page = 0; page < PAGES; page++) {
        size_t same = 0;
        while (same < page_count && memcmp(pages[same], &value_of[page * PAGE], sizeof pages[same]) != 0)
            same++;
        if (same == page_count)
            memcpy(pages[page_count++], &value_of[page * PAGE], sizeof pages[0]);
        page_of[page] = (uint8_t)same;
    }
}

static void print_all(void)
{
    printf("/* SPDX-License-Identifier: Apache-2.0\n *\n * Generated by script/tables from src/names/letters.txt and the data of ICU %s, Unicode %s.\n */\n",
           U_ICU_VERSION, U_UNICODE_VERSION);
    printf("#include \"names/letters.h\"\n\nconst uint8_t names_letter_pages[256] = {");
    for (size_t i = 0; i < PAGES; i++)
        printf("%s%u,", i % 32 == 0 ? "\n    " : " ", page_of[i]);
    printf("\n};\n\nconst struct names_letter names_letter_values[%zu] = {\n", value_count);
    for (size_t i = 0; i < value_count; i++)
        printf("    {0x%04x, %u, %u, \"%s\", \"%s\"},\n", values[i].base, values[i].script, values[i].kind, values[i].spelled, values[i].heard);
    printf("};\n\nconst uint16_t names_letter_index[%zu][256] = {\n", page_count);
    for (size_t page = 0; page < page_count; page++) {
        printf("    {");
        for (size_t i = 0; i < PAGE; i++)
            printf("%u%s", pages[page][i], i + 1 == PAGE ? "},\n" : i % 32 == 31 ? ",\n     " : ", ");
    }
    printf("};\n");
}

int main(int count, char **arguments)
{
    if (count != 2)
        fail("usage", "make_letters RULES");
    read_rules(arguments[1]);
    make_all();
    print_all();
    utrans_close(any_latin);
    utrans_close(han_latin);
    return 0;
}
