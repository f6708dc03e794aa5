/* SPDX-License-Identifier: Apache-2.0
 *
 * One folded word (src/names/fold.h) to its sounds. Classes: A (a vowel at the start), B D F G H J K L M N P R S T V;
 * S is every sibilant. Knows nothing of scripts, names or tokens.
 */
#ifndef NAMES_SOUND_H
#define NAMES_SOUND_H

#include "names/forms.h"

/* Fills sounds and sound_count from `word`, which is any NUL-ended text. */
void names_sounds_of(const char *word, struct names_token *token);

/* Adds the sounds of `word` to those that are there already, as far as there is room. */
void names_sounds_more(const char *word, struct names_token *token);

/* Adds one sound unless it is there already or there is no room. */
void names_sounds_add(struct names_token *token, const char *sound);

#endif
