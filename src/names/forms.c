/* SPDX-License-Identifier: Apache-2.0 */
#include "names/forms.h"

#include "names/latin.h"

#include <string.h>

/* Sounds, longest first: what clerks write for one sound becomes one letter (names 2). "" is not heard. */
static const struct {
    const char *written, *sound;
} sounds[] = {
    {"shch", "x"}, {"tsch", "c"}, {"sch", "x"}, {"tch", "c"}, {"dzh", "j"}, {"zh", "j"}, {"dj", "j"}, {"sh", "x"}, {"ch", "c"},
    {"kh", "h"},   {"gh", "g"},   {"ph", "f"},  {"th", "t"},  {"dh", "d"},  {"ts", "s"}, {"tz", "s"}, {"ck", "k"}, {"cz", "c"},
    {"ks", "ks"},  {"ou", ""},    {"a", ""},    {"e", ""},    {"i", ""},    {"o", ""},   {"u", ""},   {"y", ""},   {"q", "k"},
    {"z", "s"},    {"x", "ks"},   {"w", "v"},
};

static bool is_vowel(char c)
{
    return strchr("aeiouy", c) != NULL;
}

/* Before e, i and y a Latin c is soft, elsewhere hard. */
static const char *sound_at(const char *at, size_t *len)
{
    for (size_t i = 0; i < sizeof sounds / sizeof sounds[0]; i++) {
        size_t written = strlen(sounds[i].written);
        if (strncmp(at, sounds[i].written, written) == 0) {
            *len = written;
            return sounds[i].sound;
        }
    }
    *len = 1;
    if (at[0] == 'c')
        return at[1] != 0 && strchr("eiy", at[1]) != NULL ? "s" : "k";
    return NULL;
}

/* h at the end or before a consonant, and w inside a word, are written or not as the clerk likes. */
static bool is_unsure(const char *word, const char *at, size_t len)
{
    if (len != 1)
        return false;
    if (at[0] == 'h')
        return at != word && (at[1] == 0 || !is_vowel(at[1]));
    return at[0] == 'w' && at != word && at[1] != 0;
}

static void skeleton_of(const char *word, char out[NAMES_SKELETON_MAX + 1])
{
    size_t count = 0;
    bool is_after_vowel = true;
    for (const char *at = word; *at != 0;) {
        size_t len;
        char own[2] = {*at, 0};
        const char *sound = sound_at(at, &len);
        if (sound == NULL)
            sound = own;
        if (is_unsure(word, at, len))
            sound = "";
        for (const char *s = sound; *s != 0; s++) {
            bool is_doubled = count > 0 && out[count - 1] == *s && !is_after_vowel;
            if (!is_doubled && count < NAMES_SKELETON_MAX)
                out[count++] = *s;
            is_after_vowel = false;
        }
        if (*sound == 0)
            is_after_vowel = true;
        at += len;
    }
    out[count] = 0;
}

static bool is_particle(const char *word)
{
    static const char *const particles[] = {"al", "el", "ul", "ad", "ar", "as", "at", "az", "an", "bin", "ben", "ibn", "bn", "b",
                                            "bint", "de", "da", "di", "del", "von", "van", "der", "den", "la", "le", "y", "e",
                                            "dr", "mr", "mrs", "haji", "hajji", "mullah", "maulavi", "mawlawi"};
    for (size_t i = 0; i < sizeof particles / sizeof particles[0]; i++)
        if (strcmp(word, particles[i]) == 0)
            return true;
    return false;
}

static void add_word(const char *word, struct names_form *out)
{
    if (is_particle(word) || out->count == NAMES_TOKENS_MAX)
        return;
    struct names_token *token = &out->items[out->count];
    skeleton_of(word, token->skeleton);
    if (token->skeleton[0] == 0) { /* a word of vowels: kept as it is, so that it is not lost */
        size_t len = strnlen(word, NAMES_SKELETON_MAX);
        memcpy(token->skeleton, word, len);
        token->skeleton[len] = 0;
    }
    out->count++;
}

/* "abdulkarim", "abdalkarim", "abdelkarim", "abdurrahman": the servant of, and whose. Arabic "abdlkrym" likewise. */
static void add_parts(char *word, struct names_form *out)
{
    size_t len = strlen(word);
    if (len >= 7 && strncmp(word, "abd", 3) == 0) {
        size_t rest = 3;
        while (rest < len && is_vowel(word[rest]))
            rest++;
        if (rest < len && word[rest] == 'l')
            rest++;
        else if (rest + 1 < len && word[rest] == word[rest + 1])
            rest++;
        if (rest > 3 && len - rest >= 3) {
            add_word("abd", out);
            add_word(word + rest, out);
            return;
        }
    }
    add_word(word, out);
}

enum base_code names_form_of(struct base_bytes utf8, struct names_form *out)
{
    struct base_buffer latin = BASE_BUFFER_EMPTY;
    *out = (struct names_form){.count = 0};
    enum base_code code = names_latin(utf8, &latin);
    if (code == BASE_OK && latin.len > 0) {
        char *word = (char *)latin.data;
        while (word != NULL) {
            char *blank = strchr(word, ' ');
            if (blank != NULL)
                *blank = 0;
            if (*word != 0)
                add_parts(word, out);
            word = blank == NULL ? NULL : blank + 1;
        }
    }
    base_buffer_release(&latin);
    return code;
}
