/* SPDX-License-Identifier: Apache-2.0
 *
 * Sounds to numbers in memory: a table of distinct sounds by linear probing, and for each a chain of the numbers that have
 * it. A filter of bits in front answers most of what is asked, which is not there, from the processor's cache.
 */
#include "people/index.h"

#include "people/profile_inside.h"
#include "people/sounds.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 64, FILTER_BITS_PER_SLOT = 8 };

#define NOTHING UINT32_MAX
#define NUMBER_KEY ((uint64_t)1 << 63) /* keys with it stand for numbers themselves */

struct key {
    uint64_t key;
    uint32_t first; /* entry, or NOTHING when all are gone */
};

/* A key of a member: in the chain of the key and in that of the member. A free one is in the chain of free ones. */
struct entry {
    uint32_t member, key;
    uint32_t next_of_key, next_of_member;
};

struct member {
    int64_t number;
    uint32_t first; /* entry; of a free member the next free one */
    uint32_t seen;  /* the last search that met it */
};

struct people_index {
    uint32_t *slots; /* keys by their hash; NOTHING when free */
    size_t slot_count; /* a power of two */
    uint64_t *filter;
    struct key *keys;
    size_t key_count, key_capacity;
    struct entry *entries;
    size_t entry_count, entry_capacity, live_entries;
    uint32_t free_entry;
    struct member *members;
    size_t member_count, member_capacity, live_members;
    uint32_t free_member;
    uint32_t search;
    struct people_sounds sounds; /* of the call under way */
};

static uint64_t number_key(int64_t number)
{
    return NUMBER_KEY | people_mix((uint64_t)number);
}

static uint64_t filter_bit(const struct people_index *index, uint64_t key)
{
    return (key >> 3) & (index->slot_count * FILTER_BITS_PER_SLOT - 1);
}

static bool may_be_there(const struct people_index *index, uint64_t key)
{
    uint64_t bit = filter_bit(index, key);
    return (index->filter[bit / 64] & (uint64_t)1 << (bit % 64)) != 0;
}

/* The slot of a key, or the free one where it would stand. Keys are scattered already. */
static size_t slot_of(const struct people_index *index, uint64_t key)
{
    size_t at = (size_t)key & (index->slot_count - 1);
    while (index->slots[at] != NOTHING && index->keys[index->slots[at]].key != key)
        at = (at + 1) & (index->slot_count - 1);
    return at;
}

static uint32_t find_key(const struct people_index *index, uint64_t key)
{
    if (index->slot_count == 0 || !may_be_there(index, key))
        return NOTHING;
    return index->slots[slot_of(index, key)];
}

static void seat_key(struct people_index *index, uint32_t at)
{
    uint64_t key = index->keys[at].key, bit = filter_bit(index, key);
    index->slots[slot_of(index, key)] = at;
    index->filter[bit / 64] |= (uint64_t)1 << (bit % 64);
}

/* Keys that nobody has any more go when the table grows. */
static void drop_empty_keys(struct people_index *index)
{
    size_t kept = 0;
    for (size_t i = 0; i < index->key_count; i++) {
        if (index->keys[i].first == NOTHING)
            continue;
        index->keys[kept] = index->keys[i];
        for (uint32_t at = index->keys[kept].first; at != NOTHING; at = index->entries[at].next_of_key)
            index->entries[at].key = (uint32_t)kept;
        kept++;
    }
    index->key_count = kept;
}

/* Room for `more` keys with the table at most half full. */
static enum base_code make_room(struct people_index *index, size_t more)
{
    if ((index->key_count + more) * 2 <= index->slot_count)
        return BASE_OK;
    drop_empty_keys(index);
    size_t wanted = index->slot_count == 0 ? SLOTS_MIN : index->slot_count;
    while ((index->key_count + more) * 2 > wanted)
        wanted *= 2;
    uint32_t *slots = malloc(wanted * sizeof *slots);
    uint64_t *filter = calloc(wanted * FILTER_BITS_PER_SLOT / 64, sizeof *filter);
    bool is_made = slots != NULL && filter != NULL;
    if (is_made) {
        free(index->slots);
        free(index->filter);
        index->slots = slots;
        index->filter = filter;
        index->slot_count = wanted;
    } else { /* the old table has to fit what was dropped */
        free(slots);
        free(filter);
        if (index->slot_count > 0)
            memset(index->filter, 0, index->slot_count * FILTER_BITS_PER_SLOT / 8);
    }
    for (size_t i = 0; i < index->slot_count; i++)
        index->slots[i] = NOTHING;
    for (size_t i = 0; i < index->key_count; i++)
        seat_key(index, (uint32_t)i);
    return is_made ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for %zu sounds", index->key_count + more);
}

/* Everything that one more member needs, so that nothing fails half way. */
static enum base_code reserve(struct people_index *index, size_t count)
{
    if (index->entry_count + count >= NOTHING || index->key_count + count >= NOTHING || index->member_count + 1 >= NOTHING)
        return base_fail(BASE_E_LIMIT, "the index is full");
    BASE_TRY(base_grow_array((void **)&index->keys, &index->key_capacity, index->key_count + count, sizeof *index->keys));
    BASE_TRY(base_grow_array((void **)&index->entries, &index->entry_capacity, index->entry_count + count, sizeof *index->entries));
    BASE_TRY(base_grow_array((void **)&index->members, &index->member_capacity, index->member_count + 1, sizeof *index->members));
    return make_room(index, count);
}

static void put_entry(struct people_index *index, uint64_t key, uint32_t member)
{
    uint32_t at = index->free_entry, key_at = find_key(index, key);
    if (at != NOTHING)
        index->free_entry = index->entries[at].next_of_key;
    else
        at = (uint32_t)index->entry_count++;
    if (key_at == NOTHING) {
        key_at = (uint32_t)index->key_count++;
        index->keys[key_at] = (struct key){key, NOTHING};
        seat_key(index, key_at);
    }
    index->entries[at] = (struct entry){member, key_at, index->keys[key_at].first, index->members[member].first};
    index->keys[key_at].first = at;
    index->members[member].first = at;
    index->live_entries++;
}

static uint32_t put_member(struct people_index *index, int64_t number)
{
    uint32_t at = index->free_member;
    if (at != NOTHING)
        index->free_member = index->members[at].first;
    else
        at = (uint32_t)index->member_count++;
    index->members[at] = (struct member){number, NOTHING, 0};
    index->live_members++;
    return at;
}

enum base_code people_index_new(struct people_index **out)
{
    struct people_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for an index");
    index->free_entry = index->free_member = NOTHING;
    *out = index;
    return BASE_OK;
}

void people_index_free(struct people_index *index)
{
    if (index == NULL)
        return;
    free(index->slots);
    free(index->filter);
    free(index->keys);
    free(index->entries);
    free(index->members);
    people_sounds_release(&index->sounds);
    free(index);
}

enum base_code people_index_add(struct people_index *index, int64_t number, const struct people_profile *profile)
{
    people_index_remove(index, number);
    BASE_TRY(people_index_sounds(profile, PEOPLE_SOUNDS_HELD, &index->sounds));
    BASE_TRY(reserve(index, index->sounds.count + 1));
    uint32_t member = put_member(index, number);
    put_entry(index, number_key(number), member);
    for (size_t i = 0; i < index->sounds.count; i++)
        put_entry(index, (uint64_t)index->sounds.items[i], member);
    return BASE_OK;
}

static void leave_key(struct people_index *index, uint32_t gone)
{
    uint32_t *link = &index->keys[index->entries[gone].key].first;
    while (*link != gone)
        link = &index->entries[*link].next_of_key;
    *link = index->entries[gone].next_of_key;
    index->entries[gone].next_of_key = index->free_entry;
    index->free_entry = gone;
    index->live_entries--;
}

static uint32_t find_member(const struct people_index *index, int64_t number)
{
    uint32_t key = find_key(index, number_key(number));
    uint32_t at = key == NOTHING ? NOTHING : index->keys[key].first;
    while (at != NOTHING && index->members[index->entries[at].member].number != number)
        at = index->entries[at].next_of_key;
    return at == NOTHING ? NOTHING : index->entries[at].member;
}

void people_index_remove(struct people_index *index, int64_t number)
{
    uint32_t member = find_member(index, number);
    if (member == NOTHING)
        return;
    for (uint32_t at = index->members[member].first; at != NOTHING;) {
        uint32_t next = index->entries[at].next_of_member;
        leave_key(index, at);
        at = next;
    }
    index->members[member].first = index->free_member;
    index->free_member = member;
    index->live_members--;
}

static enum base_code visit_key(struct people_index *index, uint64_t key, people_index_visit *visit, void *context)
{
    uint32_t found = find_key(index, key);
    if (found == NOTHING)
        return BASE_OK;
    for (uint32_t at = index->keys[found].first; at != NOTHING; at = index->entries[at].next_of_key) {
        struct member *member = &index->members[index->entries[at].member];
        if (member->seen == index->search)
            continue;
        member->seen = index->search;
        BASE_TRY(visit(context, member->number));
    }
    return BASE_OK;
}

static void begin_search(struct people_index *index)
{
    if (++index->search != 0)
        return;
    for (size_t i = 0; i < index->member_count; i++)
        index->members[i].seen = 0;
    index->search = 1;
}

enum base_code people_index_find(struct people_index *index, const struct people_profile *profile, people_index_visit *visit, void *context)
{
    BASE_TRY(people_sounds_list(profile, PEOPLE_SOUNDS_ASKED, &index->sounds));
    begin_search(index);
    for (size_t i = 0; i < index->sounds.count; i++)
        BASE_TRY(visit_key(index, (uint64_t)index->sounds.items[i], visit, context));
    return BASE_OK;
}

size_t people_index_count(const struct people_index *index)
{
    return index->live_members;
}

size_t people_index_entries(const struct people_index *index)
{
    return index->live_entries - index->live_members;
}

size_t people_index_bytes(const struct people_index *index)
{
    return sizeof *index + index->slot_count * sizeof *index->slots + index->slot_count * FILTER_BITS_PER_SLOT / 8 +
           index->key_capacity * sizeof *index->keys + index->entry_capacity * sizeof *index->entries +
           index->member_capacity * sizeof *index->members + index->sounds.capacity * sizeof *index->sounds.items;
}
