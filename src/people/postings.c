/* SPDX-License-Identifier: Apache-2.0 */
#include "people/postings.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 64, ALLOCATION_BYTES = 16 /* what the heap keeps beside each */ };

#define FREE UINT32_MAX
#define LIST (UINT32_C(1) << 31)

void people_postings_release(struct people_postings *postings)
{
    for (size_t i = 0; i < postings->list_count; i++)
        free(postings->lists[i].items);
    free(postings->lists);
    free(postings->slots);
    *postings = PEOPLE_POSTINGS_EMPTY;
}

/* The slot of a key, or the free one where it would stand. Keys are scattered already. */
static struct people_postings_slot *slot_of(const struct people_postings *postings, uint32_t key)
{
    size_t at = (size_t)((uint64_t)key * postings->slot_count >> 31);
    while (postings->slots[at].what != FREE && postings->slots[at].key != key)
        at = at + 1 == postings->slot_count ? 0 : at + 1;
    return &postings->slots[at];
}

static void seat_all(struct people_postings *postings, const struct people_postings_slot *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slots[i].what != FREE)
            *slot_of(postings, slots[i].key) = slots[i];
}

/* Room for one more key, with at most three in four slots taken. */
static enum base_code make_room(struct people_postings *postings)
{
    if ((postings->used + 1) * 4 <= postings->slot_count * 3)
        return BASE_OK;
    size_t before = postings->slot_count, wanted = before < SLOTS_MIN ? SLOTS_MIN : before + before / 2;
    struct people_postings_slot *old = postings->slots, *slots = base_alloc_array(wanted, sizeof *slots);
    if (slots == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu keys", wanted);
    memset(slots, 0xff, wanted * sizeof *slots);
    postings->slots = slots;
    postings->slot_count = wanted;
    seat_all(postings, old, before);
    free(old);
    return BASE_OK;
}

static enum base_code put_number(struct people_postings *postings, struct people_postings_numbers *list, uint32_t number)
{
    if (list->count == list->capacity) {
        uint32_t wanted = list->capacity + list->capacity / 2 + 2;
        uint32_t *items = list->count == UINT32_MAX / 4 ? NULL : realloc(list->items, wanted * sizeof *items);
        if (items == NULL)
            return base_fail(BASE_E_NOMEM, "no memory for %u numbers of one key", wanted);
        postings->number_bytes += (wanted - list->capacity) * sizeof *items + (list->capacity == 0 ? ALLOCATION_BYTES : 0);
        list->items = items;
        list->capacity = wanted;
    }
    list->items[list->count++] = number;
    return BASE_OK;
}

static enum base_code take_list(struct people_postings *postings, uint32_t *at)
{
    if (postings->free_list > 0) {
        *at = postings->free_list - 1;
        postings->free_list = postings->lists[*at].count;
    } else {
        BASE_TRY(base_grow_array((void **)&postings->lists, &postings->list_capacity, postings->list_count + 1, sizeof *postings->lists));
        *at = (uint32_t)postings->list_count++;
    }
    postings->lists[*at] = (struct people_postings_numbers){0};
    return BASE_OK;
}

/* A key with one number gets a list for it and the next one. */
static enum base_code begin_list(struct people_postings *postings, struct people_postings_slot *slot, uint32_t number)
{
    uint32_t at;
    BASE_TRY(take_list(postings, &at));
    struct people_postings_numbers *list = &postings->lists[at];
    enum base_code code = put_number(postings, list, slot->what);
    if (code != BASE_OK) {
        list->count = postings->free_list;
        postings->free_list = at + 1;
        return code;
    }
    list->items[list->count++] = number;
    slot->what = LIST | at;
    return BASE_OK;
}

enum base_code people_postings_add(struct people_postings *postings, uint32_t key, uint32_t number)
{
    if (number > PEOPLE_POSTINGS_NUMBER_MAX || postings->list_count >= LIST - 1)
        return base_fail(BASE_E_NOMEM, "no room for more lists");
    BASE_TRY(make_room(postings));
    struct people_postings_slot *slot = slot_of(postings, key);
    if (slot->what == FREE) {
        *slot = (struct people_postings_slot){key, number};
        postings->used++;
        return BASE_OK;
    }
    return (slot->what & LIST) == 0 ? begin_list(postings, slot, number) : put_number(postings, &postings->lists[slot->what & ~LIST], number);
}

struct people_postings_list people_postings_find(const struct people_postings *postings, uint32_t key)
{
    if (postings->slot_count == 0)
        return (struct people_postings_list){NULL, 0};
    const struct people_postings_slot *slot = slot_of(postings, key);
    if (slot->what == FREE)
        return (struct people_postings_list){NULL, 0};
    if ((slot->what & LIST) == 0)
        return (struct people_postings_list){&slot->what, 1};
    const struct people_postings_numbers *list = &postings->lists[slot->what & ~LIST];
    return (struct people_postings_list){list->items, list->count};
}

/* Closes the gap: what stands behind it and would be found no more moves up. */
static void free_slot(struct people_postings *postings, size_t gap)
{
    size_t count = postings->slot_count;
    for (size_t at = gap + 1 == count ? 0 : gap + 1; postings->slots[at].what != FREE; at = at + 1 == count ? 0 : at + 1) {
        size_t wanted = (size_t)((uint64_t)postings->slots[at].key * count >> 31);
        size_t from_wanted = at >= wanted ? at - wanted : at + count - wanted, from_gap = at >= gap ? at - gap : at + count - gap;
        if (from_wanted < from_gap)
            continue;
        postings->slots[gap] = postings->slots[at];
        gap = at;
    }
    postings->slots[gap].what = FREE;
    postings->used--;
}

/* An empty list stays with its key until the next sweep, where it may be filled again. */
void people_postings_remove(struct people_postings *postings, uint32_t key, uint32_t number)
{
    if (postings->slot_count == 0)
        return;
    struct people_postings_slot *slot = slot_of(postings, key);
    if (slot->what == number) {
        free_slot(postings, (size_t)(slot - postings->slots));
        return;
    }
    if (slot->what == FREE || (slot->what & LIST) == 0)
        return;
    struct people_postings_numbers *list = &postings->lists[slot->what & ~LIST];
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i] != number)
            continue;
        list->items[i] = list->items[--list->count];
        return;
    }
}

static void sweep_list(struct people_postings_numbers *list, people_postings_keep *keep, const void *context)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++)
        if (keep(context, list->items[i]))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static void free_list(struct people_postings *postings, uint32_t at)
{
    struct people_postings_numbers *list = &postings->lists[at];
    postings->number_bytes -= list->capacity * sizeof *list->items + ALLOCATION_BYTES;
    free(list->items);
    *list = (struct people_postings_numbers){.count = postings->free_list};
    postings->free_list = at + 1;
}

/* Whether anything of the slot stays. A list of one becomes a number again. */
static bool sweep_slot(struct people_postings *postings, struct people_postings_slot *slot, people_postings_keep *keep, const void *context)
{
    if ((slot->what & LIST) == 0)
        return keep(context, slot->what);
    uint32_t at = slot->what & ~LIST;
    struct people_postings_numbers *list = &postings->lists[at];
    sweep_list(list, keep, context);
    if (list->count > 1)
        return true;
    bool is_kept = list->count == 1;
    if (is_kept)
        slot->what = list->items[0];
    free_list(postings, at);
    return is_kept;
}

void people_postings_sweep(struct people_postings *postings, people_postings_keep *keep, const void *context)
{
    for (size_t i = 0; i < postings->slot_count; i++) /* what a gap draws here comes from behind, and is looked at next */
        while (postings->slots[i].what != FREE && !sweep_slot(postings, &postings->slots[i], keep, context))
            free_slot(postings, i);
}

size_t people_postings_bytes(const struct people_postings *postings)
{
    return postings->slot_count * sizeof *postings->slots + postings->list_capacity * sizeof *postings->lists + postings->number_bytes;
}
