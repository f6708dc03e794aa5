/* SPDX-License-Identifier: Apache-2.0
 *
 * What the index is made of: for src/people/index.c, which keeps, and gather.c, which asks.
 */
#ifndef PEOPLE_INDEX_INSIDE_H
#define PEOPLE_INDEX_INSIDE_H

#include "people/index.h"
#include "people/postings.h"
#include "people/profile_inside.h"
#include "people/slips.h"

/* What a list is of: whole names, joined neighbours, documents stand in one table, told apart by their keys. */
enum people_index_kind { PEOPLE_KIND_PART, PEOPLE_KIND_JOINED, PEOPLE_KIND_ALONE, PEOPLE_KIND_NUMBER, PEOPLE_KIND_MEMBER };

uint32_t people_index_key(enum people_index_kind kind, uint64_t hash);

/* When somebody was born: a bit for each year, by its last six bits, and days of the year. */
struct people_index_dates {
    uint64_t years;
    uint16_t day; /* month * 32 + day, the smaller first; 0: none, PEOPLE_DAYS_MANY: several */
};
enum { PEOPLE_DAYS_MANY = UINT16_MAX, PEOPLE_MARK_TAKEN = 128 };

/* A slot is a number that is or was there; one that is not has no packed profile. */
struct people_index {
    size_t slot_count, slot_capacity, live;
    int64_t *numbers;
    uint8_t **packed;
    uint32_t *lens;     /* of the packed profile; of a slot that may be used again one more than the next such slot, 0: none */
    uint32_t *found;    /* of the call under way: slots that are to be compared */
    uint64_t *years;
    uint16_t *days;
    uint8_t *marks;     /* of the call under way: 1 + the part that was met, PEOPLE_MARK_TAKEN */
    size_t found_count, dead, packed_bytes;
    uint32_t free_slot; /* one more than the first that may be used again; 0: none */
    struct people_postings parts;  /* parts of names by sound, to slots */
    struct people_postings others; /* joined neighbours, names of one part, documents, numbers, to slots */
    struct people_slips slips;     /* spellings and sounds one slip away, to the keys of parts */
    struct people_profile *held;   /* the one that is compared */
    struct base_buffer block;
    uint64_t *keys; /* of the profile that is added: kind and key */
    size_t key_count, key_capacity;
};

void people_index_dates_of(const struct people_profile *profile, int years_around, struct people_index_dates *out);
bool people_index_day_of(const struct people_birth *birth, uint16_t *out);
/* Fills `found` with all that could be hits. */
void people_index_gather(struct people_index *index, const struct people_profile *profile);

#endif
