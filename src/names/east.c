/* SPDX-License-Identifier: Apache-2.0
 *
 * Chinese and Korean names in Latin letters: a given name with a hyphen is one word, and the hard consonants of Wade-Giles and of
 * McCune-Reischauer are heard as the soft ones of pinyin and of the Revised Romanisation too. A name counts as one of these when every word
 * of it is made of such syllables and the first or the last is a frequent family name.
 */
#include "names/spell.h"

#include <string.h>

enum { WORDS_MIN = 2, WORDS_MAX = 4, SYLLABLES_MAX = 3, LETTERS_MAX = 14 };

/* In pinyin, in Wade-Giles and as spelled in Hong Kong. The Korean ones are in hangul.c. */
static const char chinese_families[] =
    " ai an bai bao bi bian cai cao cen chan chang chao chen cheng cheung chi chia chiang chien chin ching chiu chou chow chu chuang chung cui "
    "dai deng ding dong du duan fan fang fei feng fu fung gan gao ge gong gu guan guo hai han hao he ho hou hsi hsia hsiang hsiao hsieh hsin "
    "hsing hsiung hsu hsueh hu hua huang hui hung ji jia jiang jiao jin jing kan kang kao ko kong ku kuan kung kuo kwan kwok lai lam lan lao lau "
    "law lei leung li liang liao lim lin ling liu lo long lu lung luo ma mai man mao mei meng miao mo mu ni nie niu ng ong ou ouyang pai pan pao "
    "pei peng qi qian qiao qin qiu qu ren ruan shao she shen sheng shi shih song su sui sun sung szeto tai tam tan tang tao teng tian tien "
    "ting tong tsai tsang tsao tse tseng tsou tsui tu tuan tung wan wang wei wen weng wong wu xi xia xiang xiao xie xin xing xiong xu xue yan yang "
    "yao yau ye yeh yen yeung yi yin ying yip you yu yuan yuen yueh yung zeng zhai zhan zhang zhao zheng zhong zhou zhu zhuang zhuo zou ";

static bool is_in(const char *list, const char *text, size_t len) /* a list of words, each between blanks */
{
    for (; list[1] != 0; list = strchr(list + 1, ' '))
        if (strncmp(list + 1, text, len) == 0 && list[1 + len] == ' ')
            return true;
    return false;
}

static bool is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

static size_t initial_len(const char *at)
{
    if (*at == 0 || *at == 'v' || is_vowel(*at))
        return 0;
    switch (at[1]) {
    case 'h': return strchr("cszr", *at) != NULL ? 2 : 1;
    case 's': return strchr("tsh", *at) != NULL ? 2 : 1;
    case 'z': return strchr("ts", *at) != NULL ? 2 : 1;
    default: return *at == at[1] && strchr("ktpj", *at) != NULL ? 2 : 1;
    }
}

static bool is_nucleus(const char *at, size_t len)
{
    return len == 1 || (len == 2 && is_in(" ai ei ao ou ia ie iu io ua uo ui ue eo ae oe eu oo ee ", at, len)) ||
           (len == 3 && is_in(" iao uai iou ", at, len));
}

static size_t coda_len(const char *at)
{
    if (at[0] == 'n' && at[1] == 'g')
        return 2;
    bool is_coda = *at != 0 && (strchr("nmlkpt", *at) != NULL || (*at == 'h' && at[1] == 0));
    return is_coda && !is_vowel(at[1]) && at[1] != 'y' && at[1] != 'w' ? 1 : 0;
}

/* Letters of the syllable at `at`; 0 when there is none. */
static size_t syllable_len(const char *at)
{
    size_t len = initial_len(at), vowels = 0;
    if (len > 0 && (at[len] == 'y' || at[len] == 'w') && at[0] != 'y' && at[0] != 'w') /* hyun, kwang */
        len++;
    while (is_vowel(at[len + vowels]))
        vowels++;
    if (!is_nucleus(at + len, vowels))
        return 0;
    return len + vowels + coda_len(at + len + vowels);
}

static bool is_of_syllables(const char *word)
{
    size_t count = 0;
    size_t letters = strlen(word);
    if (letters > LETTERS_MAX || is_in(" al el ul il abu bin ben umm ", word, letters))
        return false;
    while (*word != 0 && count <= SYLLABLES_MAX) {
        size_t len = syllable_len(word);
        if (len == 0)
            return false;
        word += len;
        count++;
    }
    return *word == 0;
}

/* What no pinyin has. */
static bool is_wade_giles(const char *word)
{
    size_t len = strlen(word);
    const char *end = word + len;
    if (is_in(" hs ts tz sz ss ", word, 2) || strstr(word, "ung") != NULL || strstr(word, "kuo") != NULL)
        return true;
    if (word[0] == 'c' && word[1] == 'h' && word[2] == 'i' && word[3] != 0 && word[3] != 'h')
        return true;
    return len > 3 && (strcmp(end - 3, "ieh") == 0 || strcmp(end - 3, "ueh") == 0 || strcmp(end - 3, "ien") == 0 || strcmp(end - 2, "ih") == 0);
}

/* Consonants as pinyin writes what Wade-Giles writes without its signs; `ch` is kept, or becomes j as in Korean names. */
static void soften(const char *word, bool is_ch_kept, char out[NAMES_TOKEN_SIZE])
{
    size_t len = 0;
    out[0] = 0;
    for (const char *at = word; *at != 0; at++) {
        static const char hard[] = "ktp", soft[] = "gdb";
        const char *found = strchr(hard, *at);
        char letter[2] = {*at, 0};
        if (at[0] == 'h' && at[1] == 's') {
            letter[0] = 'x';
            at++;
        } else if (at[0] == 'c' && at[1] == 'h') {
            len = names_append(out, len, is_ch_kept ? "ch" : "j");
            at++;
            continue;
        } else if (at[0] == 't' && (at[1] == 's' || at[1] == 'z')) {
            letter[0] = 'z';
            at++;
        } else if (found != NULL) {
            letter[0] = soft[found - hard];
        }
        len = names_append(out, len, letter);
    }
}

static void add_softened(struct names_folded *folded, struct names_word *word)
{
    char other[NAMES_TOKEN_SIZE];
    const char *family = names_korean_family(word->spelled);
    word->first_other = (uint8_t)folded->other_count;
    if (family != NULL)
        names_add_others(folded, word, family);
    soften(word->spelled, true, other);
    names_add_other(folded, word, other);
    soften(word->spelled, false, other);
    names_add_other(folded, word, other);
}

static void join_hyphened(struct names_folded *folded)
{
    size_t kept = 1;
    for (size_t i = 1; i < folded->count; i++) {
        struct names_word *before = &folded->words[kept - 1], *word = &folded->words[i];
        if (!word->is_hyphened) {
            folded->words[kept++] = *word;
            continue;
        }
        names_append(before->spelled, strlen(before->spelled), word->spelled);
        names_append(before->heard, strlen(before->heard), word->heard);
        before->end = word->end;
    }
    folded->count = kept;
}

static bool is_eastern(const struct names_folded *folded)
{
    if (folded->count < WORDS_MIN || folded->count > WORDS_MAX)
        return false;
    for (size_t i = 0; i < folded->count; i++) {
        const struct names_word *word = &folded->words[i];
        bool is_park = strcmp(word->spelled, "park") == 0; /* the one family name that is no such syllable */
        if (word->script != NAMES_LATIN || (!is_park && !is_of_syllables(word->spelled)))
            return false;
    }
    return true;
}

void names_read_eastern(struct names_folded *folded)
{
    bool is_hyphened = false, is_telling = false;
    if (!is_eastern(folded))
        return;
    const char *first = folded->words[0].spelled, *last = folded->words[folded->count - 1].spelled;
    bool is_korean = names_korean_family(first) != NULL || names_korean_family(last) != NULL;
    if (!is_korean && !is_in(chinese_families, first, strlen(first)) && !is_in(chinese_families, last, strlen(last)))
        return;
    for (size_t i = 0; i < folded->count; i++) {
        is_hyphened = is_hyphened || folded->words[i].is_hyphened;
        is_telling = is_telling || is_korean || is_wade_giles(folded->words[i].spelled);
    }
    if (is_hyphened)
        join_hyphened(folded);
    for (size_t i = 0; is_telling && i < folded->count; i++)
        add_softened(folded, &folded->words[i]);
}
