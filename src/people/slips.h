/* SPDX-License-Identifier: Apache-2.0
 *
 * Which kept words are one slip away from a word: one letter changed, left out, put in, or swapped with the next. All such
 * words are made, with the letters that kept words have, and looked up; a hash that can be continued makes each in a few steps.
 * For src/people/index.c and what belongs to it.
 */
#ifndef PEOPLE_SLIPS_H
#define PEOPLE_SLIPS_H

#include "people/postings.h"

enum people_slips_kind { PEOPLE_SLIPS_SPELLING, PEOPLE_SLIPS_SOUND, PEOPLE_SLIPS_KINDS };

struct people_slips {
    struct people_postings words; /* to what was given with them */
    uint8_t letters[PEOPLE_SLIPS_KINDS][256];
    size_t letter_count[PEOPLE_SLIPS_KINDS];
};

void people_slips_release(struct people_slips *slips); /* leaves it empty */
/* Keeps a word with what it stands for, unless it is there with that already. BASE_E_NOMEM. */
enum base_code people_slips_add(struct people_slips *slips, enum people_slips_kind kind, const char *word, size_t len,
                                uint32_t what) BASE_MUST_USE;
/* Visits what words stand for that are one slip away, at times twice; also one in 2^31 others. */
typedef void people_slips_visit(void *context, uint32_t what);
void people_slips_find(const struct people_slips *slips, enum people_slips_kind kind, const char *word, size_t len,
                       people_slips_visit *visit, void *context);

#endif
