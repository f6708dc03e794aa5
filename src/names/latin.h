/* SPDX-License-Identifier: Apache-2.0
 *
 * Any script to plain lower-case ASCII letters, with one blank between words: the second file of the port to ICU. Cyrillic and
 * Arabic go through tables of this project, everything else through ICU's Any-Latin. Private to the layer.
 */
#ifndef NAMES_LATIN_H
#define NAMES_LATIN_H

#include "base/bytes.h"

/* Appends. Arabic letters come out as consonants; its article at the head of a word is left out. */
enum base_code names_latin(struct base_bytes utf8, struct base_buffer *out) BASE_MUST_USE;

#endif
