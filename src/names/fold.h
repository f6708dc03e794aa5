/* SPDX-License-Identifier: Apache-2.0
 *
 * The first step of names_form_of(), and its port to ICU: any script to letters, twice. `spelled` is the usual romanisation,
 * a-z alone. `heard` is what src/names/sound.c reads: lower case letters are to be read as Latin spelling, with its digraphs;
 * upper case letters are consonant classes that are certain because the original script said so. '1' is Cyrillic г (g or
 * h). In both, words are parted by one blank or '-', and the n-th word of one is the n-th of the other.
 */
#ifndef NAMES_FOLD_H
#define NAMES_FOLD_H

#include "names/forms.h"

enum { NAMES_FOLD_MAX = 1024 }; /* bytes of a folded name with its NUL; what is beyond is left out */

struct names_folded {
    char heard[NAMES_FOLD_MAX], spelled[NAMES_FOLD_MAX];
    size_t heard_len, spelled_len;
    enum names_script script; /* of its first letter */
};

/* BASE_E_LIMIT over NAMES_TEXT_MAX bytes, BASE_E_ENCODING, BASE_E_INTERNAL when ICU's data is missing. */
enum base_code names_fold(struct base_bytes utf8, struct names_folded *out) BASE_MUST_USE;

#endif
