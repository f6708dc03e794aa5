/* SPDX-License-Identifier: Apache-2.0
 *
 * The first step of names_form_of(), and its port to ICU: any script to letters that src/names/sound.c reads. Lower case
 * letters are to be read as Latin spelling, with its digraphs; upper case letters are consonant classes that are certain
 * because the original script said so. '1' is Cyrillic г (g or h). Words are parted by one blank, hyphens are '-'.
 */
#ifndef NAMES_FOLD_H
#define NAMES_FOLD_H

#include "base/bytes.h"

enum { NAMES_FOLD_MAX = 1024 }; /* bytes of a folded name with its NUL; what is beyond is left out */

/* BASE_E_LIMIT over NAMES_TEXT_MAX bytes, BASE_E_ENCODING, BASE_E_INTERNAL when ICU's data is missing. */
enum base_code names_fold(struct base_bytes utf8, char out[NAMES_FOLD_MAX]) BASE_MUST_USE;

#endif
