/* SPDX-License-Identifier: Apache-2.0
 *
 * Korean names: spelled by the Revised Romanisation, a family name as it is spelled most; heard in McCune-Reischauer too, and with the hard
 * consonants that people choose.
 */
#include "names/spell.h"

#include <string.h>

enum { FIRST = 0xac00, VOWELS = 21, FINALS = 28 };

/* In the order of Unicode: Revised Romanisation, McCune-Reischauer at the start, between voiced sounds, and hard letters with j. */
static const char *const initials[4][19] = {
    {"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"},
    {"k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch", "k", "t", "p", "h"},
    {"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "tch", "ch", "k", "t", "p", "h"},
    {"k", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"},
};
static const char *const vowels[2][VOWELS] = {
    {"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"},
    {"a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui", "i"},
};
static const char *const finals[FINALS] = {"",  "k", "k", "k", "n", "n", "n", "t", "l",  "k", "m", "l", "l", "l",
                                           "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"};

/* The usual spelling first. */
static const struct {
    const char *hangul, *spellings;
} families[] = {
    {"김", "kim gim"}, {"이", "lee yi rhee ri"}, {"박", "park bak pak"}, {"최", "choi choe"}, {"정", "jung chung jeong"}, {"강", "kang gang"},
    {"조", "cho jo"}, {"윤", "yoon yun"}, {"장", "jang chang"}, {"임", "lim im rim"}, {"한", "han"}, {"오", "oh"}, {"서", "seo suh"},
    {"신", "shin sin"}, {"권", "kwon gwon"}, {"황", "hwang"}, {"안", "ahn an"}, {"송", "song"}, {"전", "jeon chun"}, {"홍", "hong"},
    {"유", "yoo ryu yu"}, {"류", "ryu yoo"}, {"고", "ko go koh"}, {"문", "moon mun"}, {"양", "yang"}, {"손", "son sohn"}, {"배", "bae pae"},
    {"백", "baek paek paik"}, {"허", "heo hur huh"}, {"남", "nam"}, {"심", "shim sim"}, {"노", "noh roh no"}, {"하", "ha"}, {"곽", "kwak gwak"},
    {"성", "sung seong"}, {"차", "cha"}, {"주", "joo chu"}, {"우", "woo u"}, {"구", "koo gu"}, {"나", "na ra"}, {"라", "ra na"}, {"민", "min"},
    {"진", "jin chin"}, {"지", "ji chi"}, {"엄", "um eom"}, {"채", "chae"}, {"원", "won"}, {"천", "cheon"}, {"방", "bang pang"},
    {"공", "kong gong"}, {"현", "hyun"}, {"함", "ham"}, {"변", "byun pyon"}, {"염", "yeom"}, {"여", "yeo ryo"}, {"추", "choo"}, {"도", "do to"},
    {"소", "so"}, {"석", "seok"}, {"선", "sun"}, {"설", "seol"}, {"길", "gil kil"}, {"기", "ki gi"}, {"반", "ban pan"}, {"금", "keum geum"},
    {"제", "je che"}, {"국", "kook guk"}, {"용", "yong ryong"}, {"봉", "bong pong"}, {"경", "kyung gyeong"}, {"부", "boo pu"}, {"가", "ka ga"},
    {"두", "doo tu"}, {"리", "ri lee"}, {"림", "rim lim"}, {"로", "ro noh"}, {"량", "ryang yang"}, {"남궁", "namgung namkoong"},
    {"황보", "hwangbo"}, {"제갈", "jegal chegal"}, {"사공", "sagong"}, {"선우", "sunwoo"}, {"서문", "seomun"}, {"독고", "dokgo tokko"},
};

const char *names_korean_family(const char *spelled)
{
    size_t len = strlen(spelled);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        for (const char *at = families[i].spellings; at != NULL; at = strchr(at, ' ')) {
            at += *at == ' ';
            if (strncmp(at, spelled, len) == 0 && (at[len] == ' ' || at[len] == 0))
                return families[i].spellings;
        }
    }
    return NULL;
}

struct part {
    const uint32_t *points;
    size_t count;
};

/* n, m, ng, l and vowels are voiced, and what stands between two of them is too. */
static bool is_voiced(const char *text, size_t len)
{
    return len > 0 && strchr("aeiouynmgl", text[len - 1]) != NULL;
}

static void spell_part(const struct part *part, int system, char out[NAMES_TOKEN_SIZE])
{
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < part->count; i++) {
        size_t index = part->points[i] - FIRST;
        int row = system == 1 && is_voiced(out, len) ? 2 : system;
        len = names_append(out, len, initials[row][index / (VOWELS * FINALS)]);
        len = names_append(out, len, vowels[system == 1][index / FINALS % VOWELS]);
        len = names_append(out, len, finals[index % FINALS]);
    }
}

static bool is_written(const struct part *part, const char *hangul)
{
    for (size_t i = 0; i < part->count; i++, hangul += 3) {
        const unsigned char *bytes = (const unsigned char *)hangul;
        if (bytes[0] == 0 || ((uint32_t)(bytes[0] & 15) << 12 | (uint32_t)(bytes[1] & 63) << 6 | (bytes[2] & 63U)) != part->points[i])
            return false;
    }
    return *hangul == 0;
}

static const char *family_of(const struct part *part)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (is_written(part, families[i].hangul))
            return families[i].spellings;
    return NULL;
}

static void add_part(const struct part *part, const char *spellings, struct names_folded *out)
{
    char other[NAMES_TOKEN_SIZE];
    struct names_word *word = names_begin_word(out, NAMES_HANGUL);
    spell_part(part, 0, word->spelled);
    if (spellings != NULL) {
        size_t len = strcspn(spellings, " ");
        memcpy(word->spelled, spellings, len);
        word->spelled[len] = 0;
    }
    memcpy(word->heard, word->spelled, sizeof word->heard);
    if (spellings != NULL) {
        names_add_others(out, word, spellings);
        return;
    }
    spell_part(part, 1, other);
    names_add_other(out, word, other);
    spell_part(part, 3, other);
    names_add_other(out, word, other);
}

void names_spell_hangul(const struct names_written *written, bool is_whole, struct names_folded *out)
{
    const size_t longest = 5;
    struct part all = {written->points, written->count};
    struct part family = {written->points, written->count >= 3 && family_of(&(struct part){written->points, 2}) != NULL ? 2 : 1};
    if (!is_whole || all.count > longest || all.count < 2) {
        add_part(&all, family_of(&all), out);
        return;
    }
    struct part given = {written->points + family.count, written->count - family.count};
    add_part(&family, family_of(&family), out);
    add_part(&given, NULL, out);
}
