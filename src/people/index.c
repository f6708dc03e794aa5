/* SPDX-License-Identifier: Apache-2.0
 *
 * What the index keeps: slots with packed profiles, and lists of slots. A slot that is given up stays in the lists until they are
 * swept, and is not used again before.
 */
#include "people/index_inside.h"

#include "people/compare.h"
#include "people/packed.h"

#include <stdlib.h>
#include <string.h>

enum {
    RANGE_YEARS_MAX = 10,
    CIRCA_YEARS = 2,
    SLOTS_MIN = 64,
    DEAD_MIN = 1024,      /* sweeping costs as much as there is: seldom, with few */
    SORT_BY_HAND = 48,    /* keys; more are sorted by the library */
    ALLOCATION_BYTES = 16, /* what the heap keeps beside each */
    NATION_BITS = 15,
    PLACE_BITS = 16,
    AHEAD = 6,            /* profiles that are fetched while another is compared */
};

uint32_t people_index_key(enum people_index_kind kind, uint64_t hash)
{
    return people_postings_key(kind == PEOPLE_KIND_PART ? hash : people_mix(hash + (uint64_t)kind));
}

bool people_index_day_of(const struct people_birth *birth, uint16_t *out)
{
    unsigned day = birth->from.day, month = birth->from.month;
    bool is_new_year = day == 1 && month == 1; /* stands for the year alone */
    if (day == 0 || is_new_year || memcmp(&birth->from, &birth->to, sizeof birth->from) != 0)
        return false;
    *out = (uint16_t)(day < month ? day * 32 + month : month * 32 + day);
    return true;
}

void people_index_facts_of(const struct people_profile *profile, int years_around, struct people_index_facts *out)
{
    bool are_days = profile->birth_count > 0;
    *out = (struct people_index_facts){0};
    for (size_t i = 0; i < profile->birth_count; i++) {
        const struct people_birth *birth = &profile->births[i];
        int slack = years_around + (birth->is_circa ? CIRCA_YEARS : 0);
        uint16_t day;
        bool is_day = people_index_day_of(birth, &day);
        if (is_day)
            out->day = out->day == 0 || out->day == day ? day : PEOPLE_DAYS_MANY;
        are_days = are_days && is_day && !birth->is_circa;
        out->has_month = out->has_month || birth->from.month != 0;
        if (birth->to.year - birth->from.year <= RANGE_YEARS_MAX)
            for (int year = birth->from.year - slack; year <= birth->to.year + slack; year++)
                out->years |= UINT64_C(1) << (year & 63);
    }
    for (size_t i = 0; i < profile->mark_count; i++) {
        uint32_t hash = profile->marks[i].hash;
        out->marks |= profile->marks[i].is_place ? UINT32_C(1) << (NATION_BITS + hash % PLACE_BITS) : UINT32_C(1) << hash % NATION_BITS;
    }
    for (size_t i = 0; i < profile->token_count; i++)
        out->is_silent = out->is_silent || !people_token_is_voweled(&profile->tokens[i]);
    out->marks |= are_days ? PEOPLE_ONLY_DAYS : 0;
}

enum base_code people_index_new(struct people_index **out)
{
    struct people_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for an index");
    enum base_code code = people_profile_new(&index->held);
    if (code != BASE_OK) {
        people_index_free(index);
        return code;
    }
    *out = index;
    return BASE_OK;
}

void people_index_free(struct people_index *index)
{
    if (index == NULL)
        return;
    for (size_t i = 0; i < index->slot_count; i++)
        free(index->packed[i]);
    free(index->numbers);
    free(index->packed);
    free(index->lens);
    free(index->found);
    free(index->facts);
    free(index->met);
    free(index->keys);
    people_postings_release(&index->parts);
    people_postings_release(&index->others);
    people_slips_release(&index->slips);
    people_profile_free(index->held);
    base_buffer_release(&index->block);
    free(index);
}

/* The slot of a number, or slot_count. */
static size_t find_slot(const struct people_index *index, int64_t number)
{
    struct people_postings_list list = people_postings_find(&index->others, people_index_key(PEOPLE_KIND_MEMBER, (uint64_t)number));
    for (size_t i = 0; i < list.count; i++)
        if (index->packed[list.items[i]] != NULL && index->numbers[list.items[i]] == number)
            return list.items[i];
    return index->slot_count;
}

bool people_index_has(const struct people_index *index, int64_t number)
{
    return find_slot(index, number) < index->slot_count;
}

static enum base_code grow(void **array, size_t before, size_t wanted, size_t size)
{
    uint8_t *grown = realloc(*array, wanted * size);
    if (grown == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu persons", wanted);
    memset(grown + before * size, 0, (wanted - before) * size);
    *array = grown;
    return BASE_OK;
}

static enum base_code make_room(struct people_index *index)
{
    size_t before = index->slot_capacity, wanted = before < SLOTS_MIN ? SLOTS_MIN : before + before / 2;
    if (index->free_slot > 0 || index->slot_count < before)
        return BASE_OK;
    if (index->slot_count >= PEOPLE_POSTINGS_NUMBER_MAX)
        return base_fail(BASE_E_LIMIT, "the index is full");
    BASE_TRY(grow((void **)&index->numbers, before, wanted, sizeof *index->numbers));
    BASE_TRY(grow((void **)&index->packed, before, wanted, sizeof *index->packed));
    BASE_TRY(grow((void **)&index->lens, before, wanted, sizeof *index->lens));
    BASE_TRY(grow((void **)&index->found, before, wanted, sizeof *index->found));
    BASE_TRY(grow((void **)&index->facts, before, wanted, sizeof *index->facts));
    BASE_TRY(grow((void **)&index->met, before, wanted, sizeof *index->met));
    index->slot_capacity = wanted;
    return BASE_OK;
}

static enum base_code put_key(struct people_index *index, enum people_index_kind kind, uint64_t hash)
{
    BASE_TRY(base_grow_array((void **)&index->keys, &index->key_capacity, index->key_count + 1, sizeof *index->keys));
    index->keys[index->key_count++] = (uint64_t)(kind != PEOPLE_KIND_PART) << 32 | people_index_key(kind, hash);
    return BASE_OK;
}

static enum base_code put_sounds(struct people_index *index, const struct people_profile *profile, const struct people_token *token,
                                 enum people_index_kind kind)
{
    const struct people_sound *sounds = people_profile_sounds(profile, token);
    for (size_t i = 0; i < token->sound_count && !token->is_initial; i++)
        BASE_TRY(put_key(index, kind, sounds[i].hash));
    return BASE_OK;
}

static enum base_code put_name(struct people_index *index, const struct people_profile *profile, const struct people_profile_name *name)
{
    for (size_t i = 0; i < name->count; i++) {
        BASE_TRY(put_sounds(index, profile, people_profile_token(profile, name, i), PEOPLE_KIND_PART));
        if (i + 1 < name->count)
            BASE_TRY(put_sounds(index, profile, people_profile_joined(profile, name, i), PEOPLE_KIND_JOINED));
    }
    if (name->count == 1)
        return put_sounds(index, profile, people_profile_token(profile, name, 0), PEOPLE_KIND_ALONE);
    return name->count == 2 ? put_sounds(index, profile, people_profile_joined(profile, name, 0), PEOPLE_KIND_ALONE) : BASE_OK;
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_keys(uint64_t *keys, size_t count)
{
    if (count > SORT_BY_HAND) {
        qsort(keys, count, sizeof *keys, by_key);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* All keys of a profile, each once: a name in two spellings has the same sounds. */
static enum base_code find_keys(struct people_index *index, const struct people_profile *profile)
{
    size_t kept = 0;
    index->key_count = 0;
    for (size_t i = 0; i < profile->name_count; i++)
        BASE_TRY(put_name(index, profile, &profile->names[i]));
    for (size_t i = 0; i < profile->number_count; i++)
        BASE_TRY(put_key(index, PEOPLE_KIND_NUMBER, people_hash(profile->numbers[i].text, strlen(profile->numbers[i].text))));
    sort_keys(index->keys, index->key_count);
    for (size_t i = 0; i < index->key_count; i++)
        if (i == 0 || index->keys[i] != index->keys[kept - 1])
            index->keys[kept++] = index->keys[i];
    index->key_count = kept;
    return BASE_OK;
}

static enum base_code put_slips(struct people_index *index, const struct people_profile *profile)
{
    for (size_t i = 0; i < profile->token_count; i++) {
        const struct people_token *token = &profile->tokens[i];
        const struct people_sound *sounds = people_profile_sounds(profile, token);
        if (token->is_common || token->sound_count == 0 || token->plain_len == 0)
            continue;
        if (token->plain_len >= PEOPLE_SLIP_LETTERS)
            BASE_TRY(people_slips_add(&index->slips, PEOPLE_SLIPS_SPELLING, people_profile_text(profile, token->plain), token->plain_len,
                                      people_index_key(PEOPLE_KIND_PART, sounds[0].hash)));
        for (size_t k = 0; k < token->sound_count; k++)
            if (sounds[k].len >= PEOPLE_SLIP_SOUNDS)
                BASE_TRY(people_slips_add(&index->slips, PEOPLE_SLIPS_SOUND, people_profile_text(profile, sounds[k].text), sounds[k].len,
                                          people_index_key(PEOPLE_KIND_PART, sounds[k].hash)));
    }
    return BASE_OK;
}

static enum base_code put_lists(struct people_index *index, const struct people_profile *profile, int64_t number, uint32_t slot)
{
    BASE_TRY(people_postings_add(&index->others, people_index_key(PEOPLE_KIND_MEMBER, (uint64_t)number), slot));
    BASE_TRY(find_keys(index, profile));
    for (size_t i = 0; i < index->key_count; i++)
        BASE_TRY(people_postings_add(index->keys[i] >> 32 == 0 ? &index->parts : &index->others, (uint32_t)index->keys[i], slot));
    return put_slips(index, profile);
}

static uint32_t take_slot(struct people_index *index)
{
    uint32_t slot = index->free_slot - 1;
    if (index->free_slot == 0)
        return (uint32_t)index->slot_count++;
    index->free_slot = index->lens[slot];
    return slot;
}

static void give_up(struct people_index *index, size_t slot)
{
    index->packed_bytes -= index->lens[slot] + ALLOCATION_BYTES;
    free(index->packed[slot]);
    index->packed[slot] = NULL;
    index->live--;
    index->dead++;
}

static bool is_live(const void *context, uint32_t slot)
{
    return ((const struct people_index *)context)->packed[slot] != NULL;
}

static bool has_persons(const void *context, uint32_t key)
{
    return people_postings_find(&((const struct people_index *)context)->parts, key).count > 0;
}

static void sweep(struct people_index *index)
{
    people_postings_sweep(&index->parts, is_live, index);
    people_postings_sweep(&index->others, is_live, index);
    people_postings_sweep(&index->slips.words, has_persons, index);
    index->free_slot = 0;
    for (size_t i = index->slot_count; i-- > 0;) {
        if (index->packed[i] != NULL)
            continue;
        index->lens[i] = index->free_slot;
        index->free_slot = (uint32_t)i + 1;
    }
    index->dead = 0;
}

void people_index_remove(struct people_index *index, int64_t number)
{
    size_t slot = find_slot(index, number);
    if (slot == index->slot_count)
        return;
    people_postings_remove(&index->others, people_index_key(PEOPLE_KIND_MEMBER, (uint64_t)number), (uint32_t)slot);
    give_up(index, slot);
    if (index->dead >= DEAD_MIN && index->dead > index->live / 4)
        sweep(index);
}

/* The block is that of the profile. */
static enum base_code add_block(struct people_index *index, int64_t number, const struct people_profile *profile, struct base_bytes block)
{
    BASE_TRY(make_room(index));
    uint8_t *copy = block.len > UINT32_MAX ? NULL : malloc(block.len);
    if (copy == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a profile of %zu bytes", block.len);
    memcpy(copy, block.data, block.len);
    uint32_t slot = take_slot(index);
    index->numbers[slot] = number;
    index->packed[slot] = copy;
    index->lens[slot] = (uint32_t)block.len;
    people_index_facts_of(profile, 0, &index->facts[slot]);
    index->packed_bytes += block.len + ALLOCATION_BYTES;
    index->live++;
    enum base_code code = put_lists(index, profile, number, slot);
    if (code != BASE_OK) {
        people_postings_remove(&index->others, people_index_key(PEOPLE_KIND_MEMBER, (uint64_t)number), slot);
        give_up(index, slot);
    }
    return code;
}

enum base_code people_index_add(struct people_index *index, int64_t number, const struct people_profile *profile)
{
    people_index_remove(index, number);
    base_buffer_clear(&index->block);
    BASE_TRY(people_packed_write(profile, &index->block));
    return add_block(index, number, profile, base_bytes_buffer(&index->block));
}

enum base_code people_index_add_packed(struct people_index *index, int64_t number, struct base_bytes packed)
{
    people_index_remove(index, number);
    BASE_TRY(people_packed_read(packed, index->held));
    return add_block(index, number, index->held, packed);
}

/* What is needed soon is fetched early: profiles lie scattered. */
static void fetch(const struct people_index *index, size_t at)
{
    if (at + AHEAD * 2 < index->found_count)
        __builtin_prefetch(&index->packed[index->found[at + AHEAD * 2]]);
    if (at + AHEAD >= index->found_count)
        return;
    const uint8_t *block = index->packed[index->found[at + AHEAD]];
    for (size_t line = 0; line < 4; line++)
        __builtin_prefetch(block + line * 64);
}

enum base_code people_index_screen(struct people_index *index, const struct people_profile *profile, people_index_hit *visit, void *context)
{
    people_index_gather(index, profile);
    for (size_t i = 0; i < index->found_count; i++) {
        uint32_t slot = index->found[i];
        enum people_grade grade;
        fetch(index, i);
        BASE_TRY(people_packed_read(base_bytes_of(index->packed[slot], index->lens[slot]), index->held));
        if (people_compare_profiles(profile, index->held, &grade))
            BASE_TRY(visit(context, index->numbers[slot], grade));
    }
    return BASE_OK;
}

enum base_code people_index_find(struct people_index *index, const struct people_profile *profile, people_index_visit *visit, void *context)
{
    people_index_gather(index, profile);
    for (size_t i = 0; i < index->found_count; i++)
        BASE_TRY(visit(context, index->numbers[index->found[i]]));
    return BASE_OK;
}

size_t people_index_count(const struct people_index *index)
{
    return index->live;
}

size_t people_index_bytes(const struct people_index *index)
{
    static const struct people_index *const none = NULL;
    size_t slot = sizeof *none->numbers + sizeof *none->packed + sizeof *none->lens + sizeof *none->found + sizeof *none->facts +
                  sizeof *none->met;
    return sizeof *index + index->slot_capacity * slot + index->packed_bytes + people_postings_bytes(&index->parts) +
           people_postings_bytes(&index->others) + people_postings_bytes(&index->slips.words) + people_profile_bytes(index->held) +
           index->block.capacity + index->key_capacity * sizeof *index->keys;
}
