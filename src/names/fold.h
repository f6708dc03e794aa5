/* SPDX-License-Identifier: Apache-2.0
 *
 * The first step of names_form_of(): a text to words, each twice in Latin letters. `spelled` is the usual romanisation, a-z
 * alone. `heard` is what src/names/sound.c reads: lower case letters are to be read as Latin spelling, with its digraphs;
 * upper case letters are consonant classes that are certain because the original script said so; a digit is a letter of
 * another script that is read in two ways (src/names/sound.c). Knows nothing of particles, sounds and tokens.
 */
#ifndef NAMES_FOLD_H
#define NAMES_FOLD_H

#include "names/forms.h"

enum {
    NAMES_WORDS_MAX = 24, /* words after it are left out */
    NAMES_OTHERS_MAX = 24,
};

struct names_word {
    enum names_script script;
    bool is_hyphened;      /* by a hyphen to the word before it */
    uint8_t other_count;   /* what else it is heard as: another system's spelling of the same characters */
    uint8_t first_other;
    uint16_t begin, end;   /* where it stands in the name: bytes; both 0 when the text had to be normalised first */
    char spelled[NAMES_TOKEN_SIZE], heard[NAMES_TOKEN_SIZE];
};

struct names_folded {
    size_t count, other_count;
    struct names_word words[NAMES_WORDS_MAX];
    char others[NAMES_OTHERS_MAX][NAMES_TOKEN_SIZE];
};

/* BASE_E_LIMIT over NAMES_TEXT_MAX bytes, BASE_E_ENCODING, BASE_E_INTERNAL when ICU's data is missing. */
enum base_code names_fold(struct base_bytes utf8, struct names_folded *out) BASE_MUST_USE;

#endif
