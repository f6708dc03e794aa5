/* SPDX-License-Identifier: Apache-2.0
 *
 * Screening: one person against very many, without comparing each. The index keeps a packed profile (src/people/packed.h) of
 * every number and lists of who has which part of a name by sound; who could be a hit is compared (src/people/compare.h),
 * and hits are handed out with their grades. What is handed out is what comparing with everybody would give, as long as
 * src/people/compare.c keeps this contract. A hit has at least one of
 *
 *     a   an equal document number
 *     b   two parts of a name of one person that are equal by sound to two parts of a name of the other; two neighbours that
 *         sound, joined, like one part of the other count as one
 *     c   one part that is equal so, and another that is one slip away: one letter or one class of the sound was changed, left
 *         out, put in or swapped with the next, in parts that no reading makes common (people/common.h), of at least
 *         PEOPLE_SLIP_LETTERS letters or PEOPLE_SLIP_SOUNDS classes
 *     d   one part that is equal so, and dates of birth that are near: years, with two allowed for circa and ranges of at most
 *         ten years, the same or neighbours; or the same day and month, or these swapped
 *     e   names of one part that are equal so
 *
 * What is kept and what is asked are treated alike: either side of a screening may be the one that is kept.
 *
 *     people_index_new(&index), people_index_add(index, number, profile) ...
 *     people_index_screen(index, profile, visit, context)
 *     people_index_free(index)
 *
 * An index belongs to one thread at a time. What is removed leaves gaps that are filled, or closed when they become many: memory
 * does not grow with changes.
 */
#ifndef PEOPLE_INDEX_H
#define PEOPLE_INDEX_H

#include "people/keys.h"
#include "people/profile.h"

enum { PEOPLE_SLIP_LETTERS = 5, PEOPLE_SLIP_SOUNDS = 4 };

struct people_index;

enum base_code people_index_new(struct people_index **out) BASE_MUST_USE;
void people_index_free(struct people_index *index); /* NULL is fine */

/* Adds a number, or replaces what it stands for; nothing of the profile is kept. BASE_E_NOMEM, after which the number is not
 * there. BASE_E_LIMIT at 2^31 numbers. */
enum base_code people_index_add(struct people_index *index, int64_t number, const struct people_profile *profile) BASE_MUST_USE;
/* The same from a block of people_packed_write(), with the errors of people_packed_read(). */
enum base_code people_index_add_packed(struct people_index *index, int64_t number, struct base_bytes packed) BASE_MUST_USE;
void people_index_remove(struct people_index *index, int64_t number); /* nothing when it is not there */
bool people_index_has(const struct people_index *index, int64_t number);

/* An error of a visit ends the walk and is returned. A visit may not change the index nor ask it. */
typedef enum base_code people_index_hit(void *context, int64_t number, enum people_grade grade);
/* Each number that is a hit, once, in no order. */
enum base_code people_index_screen(struct people_index *index, const struct people_profile *profile, people_index_hit *visit,
                                   void *context) BASE_MUST_USE;
typedef enum base_code people_index_visit(void *context, int64_t number);
/* Each number that screening would compare, hit or not. */
enum base_code people_index_find(struct people_index *index, const struct people_profile *profile, people_index_visit *visit,
                                 void *context) BASE_MUST_USE;

size_t people_index_count(const struct people_index *index); /* numbers */
size_t people_index_bytes(const struct people_index *index); /* all memory it holds */

#endif
