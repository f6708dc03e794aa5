/* SPDX-License-Identifier: Apache-2.0
 *
 * Persons that do not exist, for bench-screen: names made of syllables, as unevenly frequent as names are, in three manners
 * (given name, patronymic and family name, at times also in Cyrillic; three or four given names in a row, the first of them
 * very frequent; given name and family name). The same seed gives the same persons.
 */
#ifndef BENCH_PERSONS_H
#define BENCH_PERSONS_H

#include "people/record.h"

struct persons; /* tables of names */

enum base_code persons_new(uint64_t seed, struct persons **out) BASE_MUST_USE;
void persons_free(struct persons *persons);

/* Appends the next person to an empty record. */
enum base_code persons_next(struct persons *persons, struct people_record *out) BASE_MUST_USE;
/* What somebody else may have written about the same person: one name, its parts in another order, a vowel changed or a letter
 * wrong, and a date of birth that is right, a year off, or a bare year. */
enum base_code persons_misspell(struct persons *persons, const struct people_record *person, struct people_record *out) BASE_MUST_USE;

#endif
