/* SPDX-License-Identifier: Apache-2.0
 *
 * A written name to the forms in which spellings of the same name are equal (doc/spec/names.md, section 1). A name is cut
 * into tokens; each has a `plain` form (a-z alone: Latin letters without marks, every other script in its most usual
 * romanisation, so that Царнаев is tsarnaev and محمد is mhmd) and up to NAMES_SOUNDS_MAX `sound` forms: the name's consonants
 * in classes that every romanisation in use shares. Царнаев, Tsarnaev, Carnaev and Zarnajew have a sound in common; so have
 * عبد الرحمن and Abdurrahman. Where a spelling can be read in two ways (French j, German j) the token has the sound of each
 * reading; two tokens are alike when they share one. Plain forms are for people and for comparison letter by letter.
 *
 *     struct names_form form;
 *     BASE_TRY(names_form_of(name, &form));
 *     for (size_t i = 0; i < form.count; i++) ... form.tokens[i].sounds[0 .. sound_count - 1]
 *
 * Articles and words for "son of" (al-, bin, ibn, oglu, von ...) are left out, "Abd al-X" becomes one token however it is
 * written (plain: abdalx). Stray Latin letters in a Cyrillic or Greek word, and the reverse, are repaired first. A Chinese or
 * Korean name that is written as one word is cut into the family name and the given name. Nothing is allocated, nothing
 * needs release, and any number of threads may ask.
 */
#ifndef NAMES_FORMS_H
#define NAMES_FORMS_H

#include "base/bytes.h"

enum {
    NAMES_TEXT_MAX = 4096,  /* bytes of a name */
    NAMES_TOKENS_MAX = 12,  /* more are left out */
    NAMES_TOKEN_SIZE = 48,  /* bytes of a form with its NUL; the rest of a longer token is left out */
    NAMES_SOUNDS_MAX = 8,
};

enum names_script {
    NAMES_LATIN,
    NAMES_CYRILLIC,
    NAMES_ARABIC,
    NAMES_GREEK,
    NAMES_HEBREW,
    NAMES_GEORGIAN,
    NAMES_ARMENIAN,
    NAMES_HAN,
    NAMES_HANGUL,
    NAMES_KANA,
    NAMES_DEVANAGARI,
    NAMES_OTHER,
};

struct names_token {
    enum names_script script; /* as written, after repair */
    uint16_t begin, end;      /* the written word: bytes of the name; both 0 when its characters had to be normalised first */
    char plain[NAMES_TOKEN_SIZE];
    char sounds[NAMES_SOUNDS_MAX][NAMES_TOKEN_SIZE]; /* without repeats; [0] is the most usual reading */
    size_t sound_count;                              /* at least 1 */
};

struct names_form {
    struct names_token tokens[NAMES_TOKENS_MAX]; /* in the written order */
    size_t count;                                /* 0 when nothing is left but particles and signs */
};

/* BASE_E_LIMIT over NAMES_TEXT_MAX bytes, BASE_E_ENCODING when it is not UTF-8. */
enum base_code names_form_of(struct base_bytes name, struct names_form *out) BASE_MUST_USE;

/* Two neighbours as if they had been written as one word. `out` is neither of them. */
void names_join(const struct names_token *first, const struct names_token *second, struct names_token *out);

#endif
