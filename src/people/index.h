/* SPDX-License-Identifier: Apache-2.0
 *
 * Screening: which records are worth comparing with one person. A name gives `sounds`: numbers that stand for two of its
 * parts by sound, for a part with a date of birth, for a document. Two records that share one number are compared
 * (src/people/compare.h); those that share none would not have been a hit, but for what doc/spec/screening.md names.
 *
 * What is held gives few sounds, what is asked gives many: also those of names that are one slip away, and of neighbouring
 * years. So either side of a screening may be the one that is kept:
 *
 *     records in the store:  people_index_sounds(profile, PEOPLE_SOUNDS_HELD, &sounds) into src/store/sounds.h,
 *                            looked up with those of PEOPLE_SOUNDS_ASKED
 *     alerts in memory:      people_index_add(index, number, profile) ... people_index_find(index, profile, visit, context)
 *
 * An index belongs to one thread at a time.
 */
#ifndef PEOPLE_INDEX_H
#define PEOPLE_INDEX_H

#include "people/profile.h"

enum {
    PEOPLE_SOUNDS_VERSION = 1, /* goes up when a record gives other sounds: those in a store are then to be made anew */
    PEOPLE_SOUNDS_HELD_MAX = 8192,   /* of one record; what is beyond is left out, names in their order */
    PEOPLE_SOUNDS_ASKED_MAX = 32768,
    PEOPLE_INDEX_ENTRY_BYTES = 64,   /* memory of one sound of one number, at most, once the index has grown */
};

enum people_sounds_use { PEOPLE_SOUNDS_HELD, PEOPLE_SOUNDS_ASKED };

/* Ascending, without repeats; each is from 0 to 2^47 - 1, and the same wherever the version is. */
struct people_sounds {
    int64_t *items;
    size_t count, capacity;
};

#define PEOPLE_SOUNDS_EMPTY ((struct people_sounds){0})

/* Replaces what is in `out`, which keeps its memory. BASE_E_NOMEM. */
enum base_code people_index_sounds(const struct people_profile *profile, enum people_sounds_use use, struct people_sounds *out) BASE_MUST_USE;
void people_sounds_release(struct people_sounds *sounds);

struct people_index; /* in memory: sounds to numbers */

enum base_code people_index_new(struct people_index **out) BASE_MUST_USE;
void people_index_free(struct people_index *index); /* NULL is fine */

/* Adds a number, or replaces what it stands for. BASE_E_NOMEM, after which the number is not there. BASE_E_LIMIT at 2^32
 * sounds in all. */
enum base_code people_index_add(struct people_index *index, int64_t number, const struct people_profile *profile) BASE_MUST_USE;
void people_index_remove(struct people_index *index, int64_t number); /* nothing when it is not there */

/* An error of the visit ends the walk and is returned. The visit may not change the index. */
typedef enum base_code people_index_visit(void *context, int64_t number);
/* Each number that is worth comparing, once, in no order. */
enum base_code people_index_find(struct people_index *index, const struct people_profile *profile, people_index_visit *visit,
                                 void *context) BASE_MUST_USE;

size_t people_index_count(const struct people_index *index); /* numbers */
size_t people_index_entries(const struct people_index *index); /* sounds of all numbers */
size_t people_index_bytes(const struct people_index *index); /* all memory it holds */

#endif
