/* SPDX-License-Identifier: Apache-2.0
 *
 * One written word by the letter of each romanisation in use: Царнаев is tsarnaev by ICAO 9303, carnaev by ISO 9, zarnajew
 * in German. For explanations: names_form_of() decides whether words meet, this says which system a clerk used.
 *
 *     const char *system = names_romanisation_of(base_bytes_text("Царнаев"), "zarnajew");   "German"
 *
 * Spellings are a-z as the plain form of a token is. A word that more than one language could have written has the systems
 * of each; the systems that many use come first.
 */
#ifndef NAMES_ROMANISE_H
#define NAMES_ROMANISE_H

#include "names/forms.h"

enum { NAMES_ROMANISATIONS_MAX = 48 };

struct names_romanisation {
    const char *system; /* "ISO 9", "BGN/PCGN", "German" ...: a text of the program */
    char plain[NAMES_TOKEN_SIZE];
};

/* Returns how many: 0 for a word that is not UTF-8, or holds letters of no script that is known here, or of two. Two systems may
 * give the same spelling, and one system two. */
size_t names_romanisations(struct base_bytes word, struct names_romanisation out[NAMES_ROMANISATIONS_MAX]);

/* The system that spells the word so, the most used one if there are several; NULL when none does. */
const char *names_romanisation_of(struct base_bytes word, const char *plain);

#endif
