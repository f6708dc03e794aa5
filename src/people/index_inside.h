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

/* What is known of somebody besides the name, in a few bits: who agrees in it has a bit in common, who has a bit in common may agree. */
struct people_index_facts {
    uint64_t years; /* of birth: a bit for each, by its last six bits */
    uint16_t day;   /* of birth, month * 32 + day, the smaller first; 0: none, PEOPLE_DAYS_MANY: several */
    bool is_silent; /* a part of a name is in a script that does not write vowels */
    bool has_month; /* of birth, in a date that has no day, or beside one */
    uint32_t marks; /* a bit for each nationality and place of birth; PEOPLE_ONLY_DAYS when every date is a day */
};
enum { PEOPLE_DAYS_MANY = UINT16_MAX, PEOPLE_NATIONS = 0x7fff };
#define PEOPLE_ONLY_DAYS ((uint32_t)1 << 31)

/* What the call under way met of somebody. */
struct people_index_met {
    uint16_t most, silent_most; /* evidence at most, if the scripts of both write vowels and if not */
    uint16_t last, silent_last; /* of it, that of the part that was met last */
    uint8_t unit;               /* 1 + that part; 0: nothing was met */
    uint8_t ways;
};
enum {
    PEOPLE_MET_TWO = 1,   /* another part before that */
    PEOPLE_MET_SLIP = 2,  /* a part that is a slip away from another */
    PEOPLE_MET_TAKEN = 4, /* to be compared, whatever else */
};

/* A slot is a number that is or was there; one that is not has no packed profile. */
struct people_index {
    size_t slot_count, slot_capacity, live;
    int64_t *numbers;
    uint8_t **packed;
    uint32_t *lens;     /* of the packed profile; of a slot that may be used again one more than the next such slot, 0: none */
    uint32_t *found;    /* of the call under way: slots that are to be compared */
    struct people_index_facts *facts;
    struct people_index_met *met; /* zeros between calls */
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

void people_index_facts_of(const struct people_profile *profile, int years_around, struct people_index_facts *out);
bool people_index_day_of(const struct people_birth *birth, uint16_t *out);
/* Fills `found` with all that could be hits. */
void people_index_gather(struct people_index *index, const struct people_profile *profile);

#endif
