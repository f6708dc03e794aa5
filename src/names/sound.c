/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.6: spelling to consonant classes, with every reading of a spelling that has two.
 */
#include "names/sound.h"

#include <string.h>

/* What can be read in two ways. A word has 2^n readings of the first three kinds it holds. */
enum reading {
    READ_ONE, READ_J, READ_W, READ_CH, READ_C, READ_TH, READ_DH, READ_G, READ_Q, READ_ZH, READ_JIM, READ_DJ, READ_BET, READ_KAF, READ_PE,
    READ_GAMMA, READ_MP, READ_NT, READ_SHT, READ_FINAL_T, READ_CE, READ_AL, READ_COUNT,
};

enum { READINGS_MAX = 3, LETTERS = 26, SIGN_FIRST = '0', SIGN_LAST = ':' };

struct spelling {
    const char *text;
    const char *usual, *other;
    enum reading reading;
};

/* By the first letter, the longest first; the last is the letter alone. Vowels are no spellings. */
static const struct spelling of_b[] = {{"b", "B", "", READ_ONE}};
static const struct spelling of_c[] = {
    {"ch", "S", "H", READ_CH}, {"ck", "K", "", READ_ONE}, {"cz", "S", "", READ_ONE}, {"c", "K", "S", READ_C},
};
static const struct spelling of_d[] = {
    {"dsch", "J", "", READ_ONE}, {"dzh", "J", "", READ_ONE}, {"dsh", "J", "", READ_ONE}, {"dh", "D", "S", READ_DH},
    {"dj", "J", "", READ_ONE},   {"dz", "J", "", READ_ONE},  {"d", "D", "", READ_ONE},
};
static const struct spelling of_f[] = {{"f", "F", "", READ_ONE}};
static const struct spelling of_g[] = {{"gh", "G", "", READ_ONE}, {"g", "G", "", READ_ONE}};
static const struct spelling of_h[] = {{"h", "H", "", READ_ONE}};
static const struct spelling of_j[] = {{"j", "J", "y", READ_J}};
static const struct spelling of_k[] = {{"kh", "H", "", READ_ONE}, {"k", "K", "", READ_ONE}};
static const struct spelling of_l[] = {{"l", "L", "", READ_ONE}};
static const struct spelling of_m[] = {{"m", "M", "", READ_ONE}};
static const struct spelling of_n[] = {{"n", "N", "", READ_ONE}};
static const struct spelling of_p[] = {{"ph", "F", "", READ_ONE}, {"p", "P", "", READ_ONE}};
static const struct spelling of_q[] = {{"q", "K", "G", READ_Q}};
static const struct spelling of_r[] = {{"r", "R", "", READ_ONE}};
static const struct spelling of_s[] = {
    {"schtsch", "S", "", READ_ONE}, {"shch", "S", "", READ_ONE}, {"sch", "S", "", READ_ONE}, {"sh", "S", "", READ_ONE}, {"s", "S", "", READ_ONE},
};
static const struct spelling of_t[] = {
    {"tsch", "S", "", READ_ONE}, {"tch", "S", "", READ_ONE}, {"th", "T", "S", READ_TH}, {"ts", "S", "", READ_ONE},
    {"tz", "S", "", READ_ONE},   {"t", "T", "", READ_ONE},
};
static const struct spelling of_v[] = {{"v", "V", "", READ_ONE}};
static const struct spelling of_w[] = {{"w", "", "V", READ_W}};
static const struct spelling of_x[] = {{"x", "KS", "", READ_ONE}};
static const struct spelling of_z[] = {{"zh", "S", "", READ_ONE}, {"z", "S", "", READ_ONE}};

static const struct spelling *const of_letters[LETTERS] = {
    ['b' - 'a'] = of_b, ['c' - 'a'] = of_c, ['d' - 'a'] = of_d, ['f' - 'a'] = of_f, ['g' - 'a'] = of_g, ['h' - 'a'] = of_h, ['j' - 'a'] = of_j,
    ['k' - 'a'] = of_k, ['l' - 'a'] = of_l, ['m' - 'a'] = of_m, ['n' - 'a'] = of_n, ['p' - 'a'] = of_p, ['q' - 'a'] = of_q, ['r' - 'a'] = of_r,
    ['s' - 'a'] = of_s, ['t' - 'a'] = of_t, ['v' - 'a'] = of_v, ['w' - 'a'] = of_w, ['x' - 'a'] = of_x, ['z' - 'a'] = of_z,
};

/* A letter of another script with two readings: Cyrillic ж and г, Latin đ, Hebrew ב כ פ, Greek γ, Arabic ج, Greek μπ ντ, Cyrillic щ. */
static const struct spelling of_signs[SIGN_LAST - SIGN_FIRST + 1] = {
    {"0", "S", "J", READ_ZH}, {"1", "G", "H", READ_G},     {"2", "D", "J", READ_DJ},  {"3", "B", "V", READ_BET}, {"4", "K", "H", READ_KAF},
    {"5", "P", "F", READ_PE}, {"6", "G", "y", READ_GAMMA}, {"7", "J", "G", READ_JIM}, {"8", "MP", "B", READ_MP}, {"9", "NT", "D", READ_NT},
    {":", "S", "ST", READ_SHT},
};

/* One spelling of a word, or a vowel, or a class that the script made certain. */
struct unit {
    const struct spelling *spelling;
    char letter;
};

static bool is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u' || letter == 'y';
}

static bool begins_with(const char *text, const char *head)
{
    while (*head != 0 && *text == *head) {
        text++;
        head++;
    }
    return *head == 0;
}

static const struct spelling *spelling_at(const char *at)
{
    if (*at >= SIGN_FIRST && *at <= SIGN_LAST)
        return &of_signs[*at - SIGN_FIRST];
    const struct spelling *spelling = *at >= 'a' && *at <= 'z' ? of_letters[*at - 'a'] : NULL;
    while (spelling != NULL && !begins_with(at + 1, spelling->text + 1))
        spelling++;
    return spelling;
}

/* "al" written together with what follows it: Alzawahiri. */
static bool has_article(const char *word)
{
    bool is_al = (word[0] == 'a' || word[0] == 'e') && (word[1] == 'l' || (word[0] == 'a' && word[1] == 'L'));
    return is_al && strlen(word) >= 6;
}

struct parsed {
    struct unit units[NAMES_TOKEN_SIZE];
    size_t count, article; /* units of the article */
    unsigned readings;     /* a bit for each kind */
};

static const struct spelling start_w = {"w", "V", "", READ_ONE}, soft_c = {"c", "S", "", READ_ONE}, start_ce = {"c", "S", "J", READ_CE}, final_h = {"h", "", "", READ_ONE},
                             final_ff = {"ff", "V", "", READ_ONE}, final_t = {"t", "T", "D", READ_FINAL_T};

static const struct spelling *spelling_in(const char *word, const char *at)
{
    if (*at == 'w' && at == word)
        return &start_w;
    if (*at == 'c' && (at[1] == 'e' || at[1] == 'i' || at[1] == 'y')) /* at the start it may be Turkish */
        return at == word && at[1] != 'y' ? &start_ce : &soft_c;
    if (*at == 't' && at[1] == 0 && at - word >= 3 && is_vowel(at[-1])) /* Turkish Ahmet */
        return &final_t;
    if (*at == 'h' && at[1] == 0 && at != word) /* a final h is written or not */
        return &final_h;
    if (*at == 'f' && at[1] == 'f' && at[2] == 0) /* -off, -eff */
        return &final_ff;
    return spelling_at(at);
}

static void parse(const char *word, struct parsed *out)
{
    out->article = has_article(word) ? 2 : 0;
    out->readings = out->article > 0 ? 1U << READ_AL : 0;
    out->count = 0;
    for (const char *at = word; *at != 0 && out->count < NAMES_TOKEN_SIZE;) {
        const struct spelling *spelling = spelling_in(word, at);
        out->units[out->count++] = (struct unit){spelling, *at};
        out->readings |= spelling == NULL ? 0 : 1U << spelling->reading;
        at += spelling == NULL ? 1 : strlen(spelling->text);
    }
    out->readings &= ~(1U << READ_ONE);
}

struct sounding {
    char *text;
    size_t len;
    bool is_after_vowel; /* the last thing was a vowel, so that the same class again is another letter */
};

static void put_class(struct sounding *out, char class)
{
    if (is_vowel(class)) {
        if (out->len == 0)
            out->text[out->len++] = 'A';
        out->is_after_vowel = true;
        return;
    }
    char before = out->len > 0 && !out->is_after_vowel ? out->text[out->len - 1] : 0;
    if (class == 'S' && before == 'T') /* ts is one sound in every spelling */
        out->len--;
    bool is_repeat = before == class;
    if (!is_repeat && out->len + 1 < NAMES_TOKEN_SIZE)
        out->text[out->len++] = class;
    out->is_after_vowel = false;
}

static void read_units(const struct parsed *parsed, unsigned other, char out[NAMES_TOKEN_SIZE])
{
    struct sounding sounding = {out, 0, false};
    size_t first = (other & 1U << READ_AL) != 0 ? parsed->article : 0;
    for (size_t i = first; i < parsed->count; i++) {
        bool is_start_w = i == first && parsed->units[i].letter == 'w';
        const struct spelling *spelling = is_start_w ? &start_w : parsed->units[i].spelling;
        if (spelling == NULL) {
            put_class(&sounding, parsed->units[i].letter);
            continue;
        }
        for (const char *class = (other & 1U << spelling->reading) != 0 ? spelling->other : spelling->usual; *class != 0; class++)
            put_class(&sounding, *class);
    }
    out[sounding.len] = 0;
}

void names_sounds_add(struct names_token *token, const char *sound)
{
    if (token->sound_count == NAMES_SOUNDS_MAX)
        return;
    for (size_t i = 0; i < token->sound_count; i++)
        if (strcmp(token->sounds[i], sound) == 0)
            return;
    memcpy(token->sounds[token->sound_count++], sound, strlen(sound) + 1);
}

void names_sounds_more(const char *word, struct names_token *token)
{
    struct parsed parsed;
    unsigned kinds[READINGS_MAX], count = 0;
    char sound[NAMES_TOKEN_SIZE];
    parse(word, &parsed);
    for (unsigned reading = READ_J; parsed.readings != 0 && reading < READ_COUNT && count < READINGS_MAX; reading++)
        if ((parsed.readings & 1U << reading) != 0)
            kinds[count++] = 1U << reading;
    for (unsigned choice = 0; choice < 1U << count; choice++) {
        unsigned other = 0;
        for (unsigned i = 0; i < count; i++)
            other |= (choice & 1U << i) != 0 ? kinds[i] : 0;
        read_units(&parsed, other, sound);
        names_sounds_add(token, sound);
    }
}

void names_sounds_of(const char *word, struct names_token *token)
{
    token->sound_count = 0;
    names_sounds_more(word, token);
}
