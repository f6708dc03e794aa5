/* SPDX-License-Identifier: Apache-2.0
 *
 * What one character is in a name: its spelling in a-z, how it is heard, its script, and what it does to its word. The table is
 * made by script/tables from src/names/letters.txt and ICU's data, and committed: two parties must fold alike whatever
 * ICU they have. For src/names/ only.
 */
#ifndef NAMES_LETTERS_H
#define NAMES_LETTERS_H

#include "names/forms.h"

enum { NAMES_LETTER_MAX = 6 }; /* letters of one spelling */

enum names_letter_kind {
    NAMES_GAP,        /* parts words */
    NAMES_HYPHEN,     /* parts words that belong together */
    NAMES_DROPPED,    /* a mark, or a sign inside a word: ayn, hamza, apostrophe */
    NAMES_UNUSUAL,    /* the text has to be normalised (NFKC_Casefold) before it is read by this table */
    NAMES_LETTER,
    NAMES_CONSONANT,  /* of an Indian script: a vowel follows it unless a sign says otherwise */
    NAMES_VOWEL_SIGN,
    NAMES_VIRAMA,
};

struct names_letter {
    uint16_t base; /* the letter in lower case and without marks; 0 where no rule of a script asks */
    uint8_t script; /* enum names_script */
    uint8_t kind;   /* enum names_letter_kind */
    char spelled[NAMES_LETTER_MAX + 1];
    char heard[NAMES_LETTER_MAX + 1]; /* as in names/fold.h */
};

extern const uint8_t names_letter_pages[256];
extern const uint16_t names_letter_index[][256];
extern const struct names_letter names_letter_values[];

static inline const struct names_letter *names_letter_of(uint32_t point)
{
    if (point > 0xffff)
        return &names_letter_values[0];
    return &names_letter_values[names_letter_index[names_letter_pages[point >> 8]][point & 0xff]];
}

#endif
