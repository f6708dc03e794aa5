/* SPDX-License-Identifier: Apache-2.0
 *
 * The table that script/rarity_table makes of src/people/rarity.tsv when the program is built: for src/people/rarity.c only.
 */
#ifndef PEOPLE_RARITY_INSIDE_H
#define PEOPLE_RARITY_INSIDE_H

#include <stddef.h>
#include <stdint.h>

struct people_rarity_word {
    const char *text; /* a sound in capitals, or a plain form in small letters */
    uint8_t tenths;
};

extern const struct people_rarity_word people_rarity_words[];
extern const size_t people_rarity_word_count;

#endif
