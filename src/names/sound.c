/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.6: spelling to consonant classes, with every reading of a spelling that has two.
 */
#include "names/sound.h"

#include <string.h>

/* What can be read in two ways. A word has 2^n readings of the first three kinds it holds. */
enum reading { READ_ONE, READ_J, READ_W, READ_CH, READ_C, READ_TH, READ_DH, READ_G, READ_AL, READ_COUNT };

struct spelling {
    const char *text;
    const char *usual, *other;
    enum reading reading;
};

/* The longest first. */
static const struct spelling spellings[] = {
    {"schtsch", "S", "", READ_ONE}, {"dsch", "J", "", READ_ONE}, {"tsch", "S", "", READ_ONE}, {"shch", "S", "", READ_ONE},
    {"sch", "S", "", READ_ONE}, {"tch", "S", "", READ_ONE},  {"dzh", "J", "", READ_ONE},  {"dsh", "J", "", READ_ONE},
    {"ch", "S", "H", READ_CH},  {"ck", "K", "", READ_ONE},   {"cz", "S", "", READ_ONE},   {"dh", "D", "S", READ_DH},
    {"dj", "J", "", READ_ONE},  {"dz", "J", "", READ_ONE},   {"gh", "G", "", READ_ONE},   {"kh", "H", "", READ_ONE},
    {"ph", "F", "", READ_ONE},  {"sh", "S", "", READ_ONE},   {"th", "T", "S", READ_TH},   {"ts", "S", "", READ_ONE},
    {"tz", "S", "", READ_ONE},  {"zh", "S", "", READ_ONE},   {"ce", "S", "", READ_ONE},   {"ci", "S", "", READ_ONE},
    {"cy", "S", "", READ_ONE},  {"c", "K", "S", READ_C},     {"j", "J", "y", READ_J},     {"w", "", "V", READ_W},
    {"x", "KS", "", READ_ONE},  {"q", "K", "", READ_ONE},    {"1", "G", "H", READ_G},     {"b", "B", "", READ_ONE},
    {"d", "D", "", READ_ONE},   {"f", "F", "", READ_ONE},    {"g", "G", "", READ_ONE},    {"h", "H", "", READ_ONE},
    {"k", "K", "", READ_ONE},   {"l", "L", "", READ_ONE},    {"m", "M", "", READ_ONE},    {"n", "N", "", READ_ONE},
    {"p", "P", "", READ_ONE},   {"r", "R", "", READ_ONE},    {"s", "S", "", READ_ONE},    {"t", "T", "", READ_ONE},
    {"v", "V", "", READ_ONE},   {"z", "S", "", READ_ONE},
};

static bool is_vowel(char letter)
{
    return letter != 0 && strchr("aeiouy", letter) != NULL;
}

static const struct spelling *spelling_at(const char *at)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (*at == *spellings[i].text && strncmp(at, spellings[i].text, strlen(spellings[i].text)) == 0)
            return &spellings[i];
    return NULL;
}

/* "al" written together with what follows it: Alzawahiri. */
static bool has_article(const char *word)
{
    return (strncmp(word, "al", 2) == 0 || strncmp(word, "el", 2) == 0 || strncmp(word, "aL", 2) == 0) && strlen(word) >= 6;
}

static unsigned readings_in(const char *word)
{
    unsigned found = has_article(word) ? 1U << READ_AL : 0;
    for (const char *at = word; *at != 0;) {
        const struct spelling *spelling = spelling_at(at);
        if (spelling != NULL && spelling->reading != READ_ONE && !(spelling->reading == READ_W && at == word))
            found |= 1U << spelling->reading;
        at += spelling == NULL ? 1 : strlen(spelling->text);
    }
    return found;
}

struct sounding {
    char *text;
    size_t len;
    bool is_after_vowel; /* the last thing was a vowel, so that the same class again is another letter */
};

static void put_class(struct sounding *out, const char *classes)
{
    for (; *classes != 0; classes++) {
        if (is_vowel(*classes)) {
            if (out->len == 0)
                out->text[out->len++] = 'A';
            out->is_after_vowel = true;
            continue;
        }
        bool is_repeat = out->len > 0 && !out->is_after_vowel && out->text[out->len - 1] == *classes;
        if (!is_repeat && out->len + 1 < NAMES_TOKEN_SIZE)
            out->text[out->len++] = *classes;
        out->is_after_vowel = false;
    }
}

static const char *class_of(const char *word, const char *at, const struct spelling *spelling, unsigned other)
{
    const char *rest = at + strlen(spelling->text);
    if (*at == 'w' && at == word)
        return "V";
    if (*at == 'h' && *rest == 0 && at != word) /* a final h is written or not */
        return "";
    if (*at == 'f' && at[1] == 'f' && at[2] == 0) /* -off, -eff */
        return "V";
    return (other & 1U << spelling->reading) != 0 ? spelling->other : spelling->usual;
}

static void sound_read(const char *word, unsigned other, char out[NAMES_TOKEN_SIZE])
{
    struct sounding sounding = {out, 0, false};
    if ((other & 1U << READ_AL) != 0)
        word += 2;
    for (const char *at = word; *at != 0;) {
        const struct spelling *spelling = spelling_at(at);
        if (spelling == NULL) { /* a vowel or a class that the script made certain */
            put_class(&sounding, (char[]){*at++, 0});
            continue;
        }
        bool is_final_ff = *at == 'f' && at[1] == 'f' && at[2] == 0;
        put_class(&sounding, class_of(word, at, spelling, other));
        at += is_final_ff ? 2 : strlen(spelling->text);
    }
    out[sounding.len] = 0;
}

void names_sounds_add(struct names_token *token, const char *sound)
{
    for (size_t i = 0; i < token->sound_count; i++)
        if (strcmp(token->sounds[i], sound) == 0)
            return;
    memcpy(token->sounds[token->sound_count++], sound, strlen(sound) + 1);
}

void names_sounds_of(const char *word, struct names_token *token)
{
    unsigned kinds[3] = {0, 0, 0}, count = 0, found = readings_in(word);
    for (unsigned reading = READ_J; reading < READ_COUNT && count < 3; reading++)
        if ((found & 1U << reading) != 0)
            kinds[count++] = 1U << reading;
    token->sound_count = 0;
    for (unsigned choice = 0; choice < 1U << count; choice++) {
        char sound[NAMES_TOKEN_SIZE];
        unsigned other = ((choice & 1) != 0 ? kinds[0] : 0) | ((choice & 2) != 0 ? kinds[1] : 0) | ((choice & 4) != 0 ? kinds[2] : 0);
        sound_read(word, other, sound);
        names_sounds_add(token, sound);
    }
}
