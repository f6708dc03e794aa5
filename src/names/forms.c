/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.5: a folded name to tokens: particles out, "Abd al-X" into one.
 */
#include "names/forms.h"

#include "names/fold.h"
#include "names/sound.h"

#include <ctype.h>
#include <string.h>

/* In lower case as folded from any script: "bn" is بن, "o1ly" is оглы. */
static const char *const particles[] = {
    "al", "el", "ul", "il", "ad", "ed", "ar", "er", "as", "es", "an", "az", "ash", "esh", "at", "adh", "bin", "ben", "ibn",
    "abn", "bn", "bint", "bnt", "binti", "ould", "uld", "wuld", "von", "van", "der", "den", "de", "del", "della", "di", "da",
    "do", "dos", "du", "la", "le", "los", "las", "y", "e", "oglu", "ogly", "oghlu", "o1ly", "o1lu", "kizi", "kyzy", "qizi", "gizi",
};

static void to_lower(const char *word, char out[NAMES_TOKEN_SIZE])
{
    size_t len = 0;
    for (; word[len] != 0 && len + 1 < NAMES_TOKEN_SIZE; len++)
        out[len] = (char)tolower((unsigned char)word[len]);
    out[len] = 0;
}

static bool is_particle(const char *word)
{
    char lower[NAMES_TOKEN_SIZE];
    to_lower(word, lower);
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        if (strcmp(lower, particles[i]) == 0)
            return true;
    return false;
}

static bool is_vowel(char letter)
{
    return letter != 0 && strchr("aeiou", letter) != NULL;
}

/* The rest of a word after the article: "ulrahman", "urrahman", "alrahman" give "rahman"; "aziz" stays. */
static const char *without_article(const char *word)
{
    char lower[NAMES_TOKEN_SIZE];
    to_lower(word, lower);
    if (!is_vowel(lower[0]) || lower[1] == 0)
        return word;
    if (lower[1] == 'l' || lower[1] == lower[2])
        return word + 2;
    return word;
}

/* Where what follows "abd" begins, or NULL when the word does not begin so. */
static const char *after_abd(const char *word)
{
    static const char head[] = "abd";
    for (size_t i = 0; i < 3; i++)
        if (tolower((unsigned char)word[i]) != head[i])
            return NULL;
    return word + 3;
}

static void copy_token(char out[NAMES_TOKEN_SIZE], const char *head, const char *tail)
{
    size_t len = 0;
    for (; *head != 0 && len + 1 < NAMES_TOKEN_SIZE; head++)
        out[len++] = *head;
    for (; *tail != 0 && len + 1 < NAMES_TOKEN_SIZE; tail++)
        out[len++] = *tail;
    out[len] = 0;
}

/* Joins "abd", "abdul", "abdel" with the word after it; returns how many words were used. */
static size_t make_token(char words[][NAMES_TOKEN_SIZE], size_t left, struct names_token *token)
{
    const char *rest = after_abd(words[0]);
    size_t used = 1;
    char joined[NAMES_TOKEN_SIZE];
    if (rest == NULL) {
        copy_token(joined, words[0], "");
    } else {
        bool is_open = rest[0] == 0 || (is_vowel(rest[0]) && (rest[1] == 'l' || rest[1] == 'L') && rest[2] == 0);
        if (is_open && left > 1) {
            rest = words[1];
            used = 2;
        }
        copy_token(joined, "aBD", is_open && used == 1 ? "" : without_article(rest));
    }
    copy_token(token->plain, joined, "");
    names_sounds_of(joined, token);
    return used;
}

static size_t split(const char *text, char words[][NAMES_TOKEN_SIZE], size_t max)
{
    size_t count = 0;
    while (*text != 0 && count < max) {
        size_t len = strcspn(text, " -");
        if (len > 0) {
            size_t kept = len < NAMES_TOKEN_SIZE - 1 ? len : NAMES_TOKEN_SIZE - 1;
            memcpy(words[count], text, kept);
            words[count][kept] = 0;
            count += !is_particle(words[count]);
        }
        text += len + (text[len] != 0);
    }
    return count;
}

enum base_code names_form_of(struct base_bytes name, struct names_form *out)
{
    char folded[NAMES_FOLD_MAX];
    char words[NAMES_TOKENS_MAX + 1][NAMES_TOKEN_SIZE];
    out->count = 0;
    BASE_TRY(names_fold(name, folded));
    size_t count = split(folded, words, NAMES_TOKENS_MAX);
    for (size_t i = 0; i < count;) {
        struct names_token *token = &out->tokens[out->count];
        i += make_token(words + i, count - i, token);
        out->count += token->sounds[0][0] != 0 || token->sound_count > 1;
    }
    return BASE_OK;
}
