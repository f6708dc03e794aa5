/* SPDX-License-Identifier: Apache-2.0
 *
 * Slips of one letter in a text of UTF-8. Each returns false, and leaves the text alone, where it finds no place for itself.
 */
#ifndef SYNTH_LETTERS_H
#define SYNTH_LETTERS_H

#include "synth/random.h"

#include <stddef.h>

/* `size`: of the storage, with the NUL. The first letter of a word is spared by all but synth_letters_vowel(). */
bool synth_letters_vowel(char *text, size_t size, struct synth_random *random);
bool synth_letters_doubled(char *text, size_t size, struct synth_random *random);
bool synth_letters_dropped(char *text, size_t size, struct synth_random *random);
bool synth_letters_added(char *text, size_t size, struct synth_random *random);
bool synth_letters_wrong(char *text, size_t size, struct synth_random *random);
bool synth_letters_swapped(char *text, size_t size, struct synth_random *random);

#endif
