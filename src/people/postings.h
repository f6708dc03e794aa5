/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys to lists of small numbers, in memory: most keys have one number, some have very many. A key is 31 bits of a hash, so that
 * two hashes may share a list: who reads one checks what it finds. For src/people/index.c and what belongs to it.
 *
 *     struct people_postings postings = PEOPLE_POSTINGS_EMPTY;
 *     BASE_TRY(people_postings_add(&postings, people_postings_key(hash), number));
 *     struct people_postings_list list = people_postings_find(&postings, key);
 *     people_postings_release(&postings);
 */
#ifndef PEOPLE_POSTINGS_H
#define PEOPLE_POSTINGS_H

#include "base/bytes.h"

enum { PEOPLE_POSTINGS_NUMBER_MAX = 0x7ffffffe };

struct people_postings_slot {
    uint32_t key;
    uint32_t what; /* a number; with the highest bit which list; all ones: free */
};

/* Open addressing: slots in the order of their keys, as far as collisions allow. */
struct people_postings {
    struct people_postings_slot *slots;
    size_t slot_count, used;
    struct people_postings_numbers {
        uint32_t *items;
        uint32_t count, capacity;
    } *lists;
    size_t list_count, list_capacity, number_bytes;
    uint32_t free_list; /* one more than the first of those that are not in use; 0: none */
};

#define PEOPLE_POSTINGS_EMPTY ((struct people_postings){0})

struct people_postings_list {
    const uint32_t *items; /* until the postings change */
    size_t count;
};

static inline uint32_t people_postings_key(uint64_t hash)
{
    uint32_t key = (uint32_t)(hash >> 33);
    return key - (key > PEOPLE_POSTINGS_NUMBER_MAX); /* so that a key may stand in a list itself */
}

void people_postings_release(struct people_postings *postings); /* leaves it empty */
/* A number may be there twice. BASE_E_NOMEM changes nothing. */
enum base_code people_postings_add(struct people_postings *postings, uint32_t key, uint32_t number) BASE_MUST_USE;
struct people_postings_list people_postings_find(const struct people_postings *postings, uint32_t key);
/* Once; nothing when it is not there. */
void people_postings_remove(struct people_postings *postings, uint32_t key, uint32_t number);
/* Removes all numbers that `keep` refuses. */
typedef bool people_postings_keep(const void *context, uint32_t number);
void people_postings_sweep(struct people_postings *postings, people_postings_keep *keep, const void *context);
size_t people_postings_bytes(const struct people_postings *postings); /* all memory it holds */

#endif
