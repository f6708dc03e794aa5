/* SPDX-License-Identifier: Apache-2.0
 *
 * names 1.5: a folded name to tokens: particles out, "Abd al-X" into one.
 */
#include "names/forms.h"

#include "names/fold.h"
#include "names/sound.h"

#include <ctype.h>
#include <string.h>

enum { LETTERS = 26, PARTICLE_MAX = 6 };

/* By their first letter, as spelled in any script: "bn" is بن, "ogly" is оглы. */
static const char *const particles[LETTERS] = {
    ['a' - 'a'] = " al ad ar as an az ash at adh abn ",
    ['b' - 'a'] = " bin ben bn bint bnt binti ",
    ['d' - 'a'] = " der den de del della di da do dos du ",
    ['e' - 'a'] = " el ed er es esh e ",
    ['g' - 'a'] = " gizi ",
    ['i' - 'a'] = " il ibn ",
    ['k' - 'a'] = " kizi kyzy ",
    ['l' - 'a'] = " la le los las ",
    ['o' - 'a'] = " ould oglu ogly oghlu ",
    ['q' - 'a'] = " qizi ",
    ['u' - 'a'] = " ul uld ",
    ['v' - 'a'] = " von van ",
    ['w' - 'a'] = " wuld wld ",
    ['y' - 'a'] = " y ",
};

static bool is_particle(const char *spelled)
{
    const char *list = particles[spelled[0] - 'a'];
    size_t len = strlen(spelled);
    if (list == NULL || len > PARTICLE_MAX)
        return false;
    for (; list[1] != 0; list = strchr(list + 1, ' '))
        if (strncmp(list + 1, spelled, len) == 0 && list[1 + len] == ' ')
            return true;
    return false;
}

static bool is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

/* The rest of a word after the article: "ulrahman", "urrahman", "alrahman" give "rahman"; "aziz" stays. */
static const char *without_article(const char *word)
{
    if (!is_vowel(word[0]) || word[1] == 0)
        return word;
    int next = tolower((unsigned char)word[1]), after = tolower((unsigned char)word[2]);
    return next == 'l' || next == after ? word + 2 : word;
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

static bool is_open(const char *rest) /* "abd", "abdul": what it joins with is the next word */
{
    return rest[0] == 0 || (is_vowel(rest[0]) && (rest[1] == 'l' || rest[1] == 'L') && rest[2] == 0);
}

static void copy_form(char out[NAMES_TOKEN_SIZE], const char *head, const char *tail)
{
    size_t len = 0;
    for (; *head != 0 && len + 1 < NAMES_TOKEN_SIZE; head++)
        out[len++] = *head;
    for (; *tail != 0 && len + 1 < NAMES_TOKEN_SIZE; tail++)
        out[len++] = *tail;
    out[len] = 0;
}

/* "abd", "abdul", "abdel" with the word after it, or what is joined to it already; the article is one in every spelling. */
static void make_abd(const struct names_word *word, const struct names_word *next, struct names_token *token)
{
    char heard[NAMES_TOKEN_SIZE];
    const char *rest = next != NULL ? next->heard : after_abd(word->heard);
    const char *spelled = next != NULL ? next->spelled : after_abd(word->spelled);
    bool is_alone = next == NULL && is_open(rest);
    const char *bare = is_alone ? "" : without_article(spelled);
    copy_form(heard, "aBD", is_alone ? "" : without_article(rest));
    copy_form(token->plain, next == NULL && bare == spelled ? "abd" : "abdal", bare);
    names_sounds_of(heard, token);
}

static void make_word(const struct names_folded *folded, const struct names_word *word, struct names_token *token)
{
    memcpy(token->plain, word->spelled, strlen(word->spelled) + 1);
    names_sounds_of(word->heard, token);
    for (size_t i = 0; i < word->other_count; i++)
        names_sounds_more(folded->others[word->first_other + i], token);
}

/* `at` are the words that are no particles. Returns how many words were used. */
static size_t make_token(const struct names_folded *folded, const struct names_word *const *at, size_t left, struct names_token *token)
{
    const struct names_word *word = at[0];
    const char *rest = after_abd(word->heard);
    token->script = word->script;
    token->begin = word->begin;
    token->end = word->end;
    if (rest == NULL || after_abd(word->spelled) == NULL) {
        make_word(folded, word, token);
        return 1;
    }
    const struct names_word *next = is_open(rest) && left > 1 ? at[1] : NULL;
    token->end = next != NULL ? next->end : word->end;
    make_abd(word, next, token);
    return next != NULL ? 2 : 1;
}

enum base_code names_form_of(struct base_bytes name, struct names_form *out)
{
    struct names_folded folded;
    const struct names_word *words[NAMES_TOKENS_MAX];
    size_t count = 0;
    out->count = 0;
    BASE_TRY(names_fold(name, &folded));
    for (size_t i = 0; i < folded.count && count < NAMES_TOKENS_MAX; i++)
        if (!is_particle(folded.words[i].spelled))
            words[count++] = &folded.words[i];
    for (size_t i = 0; i < count;) {
        struct names_token *token = &out->tokens[out->count];
        i += make_token(&folded, words + i, count - i, token);
        out->count += token->sounds[0][0] != 0 || token->sound_count > 1;
    }
    return BASE_OK;
}

/* A vowel that began the second word is inside now, and the same class on both sides is one letter unless a vowel parts them. */
static void join_sounds(const char *first, const char *second, bool is_apart, char out[NAMES_TOKEN_SIZE])
{
    size_t len = strlen(first);
    bool is_vowel_first = second[0] == 'A' && len > 0;
    second += is_vowel_first;
    if (!is_apart && !is_vowel_first && len > 0 && second[0] == first[len - 1])
        second++;
    copy_form(out, first, second);
}

void names_join(const struct names_token *first, const struct names_token *second, struct names_token *out)
{
    size_t len = strlen(first->plain);
    bool is_apart = len > 0 && is_vowel(first->plain[len - 1]);
    copy_form(out->plain, first->plain, second->plain);
    out->script = first->script;
    out->begin = first->begin;
    out->end = second->end;
    if (first->script == NAMES_LATIN && second->script == NAMES_LATIN) {
        names_sounds_of(out->plain, out);
        return;
    }
    out->sound_count = 0;
    for (size_t i = 0; i < first->sound_count; i++)
        for (size_t k = 0; k < second->sound_count && out->sound_count < NAMES_SOUNDS_MAX; k++) {
            char sound[NAMES_TOKEN_SIZE];
            join_sounds(first->sounds[i], second->sounds[k], is_apart, sound);
            names_sounds_add(out, sound);
        }
}
