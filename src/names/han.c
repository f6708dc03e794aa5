/* SPDX-License-Identifier: Apache-2.0
 *
 * Chinese names: read as Mandarin, spelled in pinyin, heard in Wade-Giles too, and a family name as Cantonese, Hokkien and
 * others spell it.
 */
#include "names/spell.h"

#include <string.h>

/* Family names in both ways of writing, with a reading of their own where the character has another, and what else they
 * are spelled as. */
static const struct {
    uint16_t simple, full;
    const char *pinyin, *others;
} families[] = {
    {0x9648, 0x9673, NULL, "chan tan"},   {0x9ec4, 0x9ec3, NULL, "wong ng"},    {0x738b, 0, NULL, "wong ong"},     {0x674e, 0, NULL, "lee"},
    {0x5f20, 0x5f35, NULL, "cheung teo"}, {0x5218, 0x5289, NULL, "lau low"},    {0x6768, 0x694a, NULL, "yeung yeo"}, {0x5434, 0x5433, NULL, "ng goh"},
    {0x5468, 0, NULL, "chow chew"},       {0x6881, 0, NULL, "leung neo"},       {0x90ed, 0, NULL, "kwok quek"},    {0x8bb8, 0x8a31, NULL, "hui khoo"},
    {0x4f55, 0, NULL, "ho"},              {0x66fe, 0, "zeng", "tsang chan"},    {0x9093, 0x9127, NULL, "tang"},    {0x51af, 0x99ae, NULL, "fung pang"},
    {0x8c22, 0x8b1d, NULL, "tse chia"},   {0x53f6, 0x8449, NULL, "yip yap"},    {0x6797, 0, NULL, "lam lim"},      {0x8521, 0, NULL, "choi chua"},
    {0x8d75, 0x8d99, NULL, "chiu"},       {0x6731, 0, NULL, "chu choo"},        {0x80e1, 0, NULL, "wu oh"},        {0x9ad8, 0, NULL, "ko"},
    {0x7f57, 0x7f85, NULL, "law loh"},    {0x90d1, 0x912d, NULL, "cheng tay"},  {0x97e9, 0x97d3, NULL, "hon"},     {0x5f6d, 0, NULL, "pang"},
    {0x82cf, 0x8607, NULL, "so soh"},     {0x5362, 0x76e7, NULL, "lo loo"},     {0x848b, 0x8523, NULL, "cheung"},  {0x4f59, 0, NULL, "yu ee"},
    {0x6f58, 0, NULL, "poon phua"},       {0x5f90, 0, NULL, "chui"},            {0x5b8b, 0, NULL, "sung"},         {0x8881, 0, NULL, "yuen"},
    {0x8463, 0, NULL, "tung"},            {0x9ee0, 0, NULL, "tong"},            {0x6c88, 0, NULL, "shum sim"},     {0x65b9, 0, NULL, "fong png"},
    {0x6e29, 0x6eab, NULL, "wan"},        {0x90b1, 0, NULL, "yau khoo"},        {0x66f9, 0, NULL, "tso"},          {0x94b1, 0x9322, NULL, "chin"},
    {0x5355, 0x55ae, "shan", ""},         {0x89e3, 0, "xie", ""},               {0x4ec7, 0, "qiu", ""},            {0x533a, 0x5340, "ou", "au"},
    {0x67e5, 0, "zha", "cha"},            {0x6734, 0, "piao", "park"},          {0x7fdf, 0, "zhai", ""},           {0x8983, 0, "qin", ""},
    {0x76d6, 0x84cb, "ge", ""},           {0x4e50, 0x6a02, "yue", "le"},        {0x7f2a, 0x7e46, "miao", ""},      {0x5458, 0x54e1, "yun", ""},
    {0x51bc, 0, "xian", ""},              {0x6d17, 0, "xian", ""},              {0x53ec, 0, "shao", ""},           {0x91d1, 0, NULL, "kim"},
};

/* Family names of two characters, in both ways of writing. */
static const uint16_t compounds[][2] = {
    {0x6b27, 0x9633}, {0x6b50, 0x967d}, {0x53f8, 0x9a6c}, {0x53f8, 0x99ac}, {0x4e0a, 0x5b98}, {0x8bf8, 0x845b}, {0x8af8, 0x845b},
    {0x590f, 0x4faf}, {0x4e1c, 0x65b9}, {0x6771, 0x65b9}, {0x7687, 0x752b}, {0x5c09, 0x8fdf}, {0x5c09, 0x9072}, {0x516c, 0x5b59},
    {0x516c, 0x5b6b}, {0x6155, 0x5bb9}, {0x4ee4, 0x72d0}, {0x5b87, 0x6587}, {0x957f, 0x5b59}, {0x9577, 0x5b6b}, {0x53f8, 0x5f92},
    {0x7aef, 0x6728}, {0x8f69, 0x8f95}, {0x8ed2, 0x8f45}, {0x72ec, 0x5b64}, {0x7368, 0x5b64}, {0x5357, 0x5bab}, {0x5357, 0x5bae},
    {0x897f, 0x95e8}, {0x897f, 0x9580}, {0x4e1c, 0x90ed}, {0x6771, 0x90ed}, {0x62d3, 0x8dcb}, {0x547c, 0x5ef6},
};

struct change {
    const char *from, *to;
};

/* The longer first. */
static const struct change initials[] = {
    {"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"}, {"p", "p"}, {"m", "m"}, {"f", "f"}, {"d", "t"}, {"t", "t"}, {"n", "n"}, {"l", "l"},
    {"g", "k"},   {"k", "k"},   {"h", "h"},   {"j", "ch"}, {"q", "ch"}, {"x", "hs"}, {"r", "j"}, {"z", "ts"}, {"c", "ts"}, {"s", "s"},
    {"y", "y"},   {"w", "w"},
};

/* What Wade-Giles spells as a whole, then its finals. */
static const struct change syllables[] = {
    {"zhi", "chih"}, {"chi", "chih"}, {"shi", "shih"}, {"ri", "jih"},   {"zi", "tzu"},   {"ci", "tzu"},   {"si", "szu"},   {"er", "erh"},
    {"yi", "i"},     {"ye", "yeh"},   {"yan", "yen"},  {"you", "yu"},   {"yong", "yung"}, {"yue", "yueh"}, {"ge", "ko"},    {"ke", "ko"},
    {"he", "ho"},    {"guo", "kuo"},  {"kuo", "kuo"},  {"huo", "huo"},  {"shuo", "shuo"}, {"xi", "hsi"},
};
static const struct change finals[] = {{"ian", "ien"}, {"ie", "ieh"}, {"ue", "ueh"}, {"uo", "o"}, {"ong", "ung"}, {"iong", "iung"}};

void names_wade_giles(const char *pinyin, char out[NAMES_SYLLABLE_SIZE])
{
    const char *head = "", *rest = pinyin, *tail;
    for (size_t i = 0; i < sizeof syllables / sizeof *syllables; i++) {
        if (strcmp(syllables[i].from, pinyin) == 0) {
            memcpy(out, syllables[i].to, strlen(syllables[i].to) + 1);
            return;
        }
    }
    for (size_t i = 0; i < sizeof initials / sizeof *initials && rest == pinyin; i++) {
        if (strncmp(pinyin, initials[i].from, strlen(initials[i].from)) == 0) {
            head = initials[i].to;
            rest = pinyin + strlen(initials[i].from);
        }
    }
    tail = rest;
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
        if (strcmp(finals[i].from, rest) == 0)
            tail = finals[i].to;
    size_t head_len = strlen(head), tail_len = strlen(tail);
    tail_len = head_len + tail_len < NAMES_SYLLABLE_SIZE ? tail_len : NAMES_SYLLABLE_SIZE - 1 - head_len;
    memcpy(out, head, head_len);
    memcpy(out + head_len, tail, tail_len);
    out[head_len + tail_len] = 0;
}

struct part {
    const uint32_t *points;
    size_t count;
    bool is_family;
};

static size_t family_at(const struct part *part)
{
    size_t count = sizeof families / sizeof *families, at = 0;
    if (!part->is_family || part->count != 1)
        return count;
    while (at < count && families[at].simple != part->points[0] && families[at].full != part->points[0])
        at++;
    return at;
}

size_t names_append(char text[NAMES_TOKEN_SIZE], size_t len, const char *added)
{
    for (; *added != 0 && len + 1 < NAMES_TOKEN_SIZE; added++)
        text[len++] = *added;
    text[len] = 0;
    return len;
}

static void spell_part(const struct part *part, size_t family, char pinyin[NAMES_TOKEN_SIZE], char wade_giles[NAMES_TOKEN_SIZE])
{
    size_t pinyin_len = 0, wade_giles_len = 0;
    bool is_own = family < sizeof families / sizeof *families && families[family].pinyin != NULL;
    for (size_t i = 0; i < part->count; i++) {
        const char *syllable = is_own ? families[family].pinyin : names_letter_of(part->points[i])->spelled;
        char other[NAMES_SYLLABLE_SIZE];
        names_wade_giles(syllable, other);
        pinyin_len = names_append(pinyin, pinyin_len, syllable);
        wade_giles_len = names_append(wade_giles, wade_giles_len, other);
    }
}

void names_add_other(struct names_folded *out, struct names_word *word, const char *heard)
{
    if (out->other_count == NAMES_OTHERS_MAX || strcmp(heard, word->heard) == 0)
        return;
    names_append(out->others[out->other_count++], 0, heard);
    word->other_count++;
}

void names_add_others(struct names_folded *out, struct names_word *word, const char *list)
{
    while (*list != 0) {
        char one[NAMES_TOKEN_SIZE];
        size_t len = strcspn(list, " "), kept = len < sizeof one ? len : sizeof one - 1;
        memcpy(one, list, kept);
        one[kept] = 0;
        names_add_other(out, word, one);
        list += len + (list[len] != 0);
    }
}

struct names_word *names_begin_word(struct names_folded *out, enum names_script script)
{
    struct names_word *word = &out->words[out->count++];
    word->script = script;
    word->other_count = 0;
    word->first_other = (uint8_t)out->other_count;
    return word;
}

static void add_part(const struct part *part, struct names_folded *out)
{
    char wade_giles[NAMES_TOKEN_SIZE];
    size_t family = family_at(part);
    struct names_word *word = names_begin_word(out, NAMES_HAN);
    spell_part(part, family, word->spelled, wade_giles);
    memcpy(word->heard, word->spelled, sizeof word->heard);
    names_add_other(out, word, wade_giles);
    if (family < sizeof families / sizeof *families)
        names_add_others(out, word, families[family].others);
}

static bool is_compound(const uint32_t *points)
{
    for (size_t i = 0; i < sizeof compounds / sizeof *compounds; i++)
        if (compounds[i][0] == points[0] && compounds[i][1] == points[1])
            return true;
    return false;
}

void names_spell_han(const struct names_written *written, bool is_whole, struct names_folded *out)
{
    const size_t longest = 4; /* a longer word is a foreign name by sound */
    size_t family = written->count >= 3 && is_compound(written->points) ? 2 : 1;
    if (!is_whole || written->count > longest || written->count < 2) {
        add_part(&(struct part){written->points, written->count, written->count == 1}, out);
        return;
    }
    add_part(&(struct part){written->points, family, true}, out);
    add_part(&(struct part){written->points + family, written->count - family, false}, out);
}
