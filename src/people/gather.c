/* SPDX-License-Identifier: Apache-2.0
 *
 * Who could be a hit, by the contract of src/people/index.h. The lists of all parts of a name are walked: who is in the lists of two
 * parts, or was born near, is to be compared, and the others are marked with the part. Then the lists of what is a slip away from a
 * part are walked for those that were marked with another. A name whose lists are short is not worth that: all are compared.
 */
#include "people/index_inside.h"

#include <string.h>

enum {
    YEARS_AROUND = 1,
    SHORT = 24, /* slots in all lists of a name together */
    UNITS_MAX = NAMES_TOKENS_MAX * 2,
    LISTS_MAX = UNITS_MAX * NAMES_SOUNDS_MAX * 2,
};

struct list {
    struct people_postings_list slots;
    uint8_t unit; /* which part or join it is of */
};

struct gathering {
    struct people_index *index;
    const struct people_profile *profile;
    struct people_index_dates dates;
    struct list lists[LISTS_MAX]; /* of the name under way */
    size_t list_count, total;
    uint8_t unit;
};

static void take(struct people_index *index, uint32_t slot)
{
    if (index->packed[slot] == NULL || (index->marks[slot] & PEOPLE_MARK_TAKEN) != 0)
        return;
    index->marks[slot] |= PEOPLE_MARK_TAKEN;
    index->found[index->found_count++] = slot;
}

static void take_all(struct people_index *index, struct people_postings_list list)
{
    for (size_t i = 0; i < list.count; i++)
        take(index, list.items[i]);
}

static bool has_day(const struct gathering *gathering, uint16_t day)
{
    uint16_t asked;
    if (day == 0 || gathering->dates.day == 0)
        return false;
    if (day == PEOPLE_DAYS_MANY || gathering->dates.day != PEOPLE_DAYS_MANY)
        return day == PEOPLE_DAYS_MANY || day == gathering->dates.day;
    for (size_t i = 0; i < gathering->profile->birth_count; i++)
        if (people_index_day_of(&gathering->profile->births[i], &asked) && asked == day)
            return true;
    return false;
}

static bool is_near(const struct gathering *gathering, uint32_t slot)
{
    return (gathering->index->years[slot] & gathering->dates.years) != 0 || has_day(gathering, gathering->index->days[slot]);
}

static void put_list(struct gathering *gathering, struct people_postings_list slots, size_t unit)
{
    if (slots.count == 0)
        return;
    gathering->lists[gathering->list_count++] = (struct list){slots, (uint8_t)unit};
    gathering->total += slots.count;
}

static void put_unit(struct gathering *gathering, const struct people_token *token, size_t unit, bool is_joined)
{
    struct people_index *index = gathering->index;
    const struct people_sound *sounds = people_profile_sounds(gathering->profile, token);
    for (size_t i = 0; i < token->sound_count && !token->is_initial; i++) {
        put_list(gathering, people_postings_find(&index->parts, people_index_key(PEOPLE_KIND_PART, sounds[i].hash)), unit);
        if (!is_joined)
            put_list(gathering, people_postings_find(&index->others, people_index_key(PEOPLE_KIND_JOINED, sounds[i].hash)), unit);
    }
}

static void find_lists(struct gathering *gathering, const struct people_profile_name *name)
{
    gathering->list_count = gathering->total = 0;
    for (size_t i = 0; i < name->count; i++) {
        put_unit(gathering, people_profile_token(gathering->profile, name, i), i, false);
        if (i + 1 < name->count)
            put_unit(gathering, people_profile_joined(gathering->profile, name, i), name->count + i, true);
    }
}

static void walk_list(struct gathering *gathering, const struct list *list)
{
    struct people_index *index = gathering->index;
    for (size_t i = 0; i < list->slots.count; i++) {
        uint32_t slot = list->slots.items[i];
        uint8_t mark = index->marks[slot];
        if ((mark & PEOPLE_MARK_TAKEN) != 0)
            continue;
        if ((mark != 0 && mark != list->unit + 1) || is_near(gathering, slot))
            take(index, slot);
        else
            index->marks[slot] = (uint8_t)(list->unit + 1);
    }
}

static void unmark(struct people_index *index, const struct list *list)
{
    for (size_t i = 0; i < list->slots.count; i++)
        index->marks[list->slots.items[i]] &= PEOPLE_MARK_TAKEN;
}

/* Of those that have what is a slip away from a part: who was marked with another part. */
static void take_slips(void *context, uint32_t key)
{
    struct gathering *gathering = context;
    struct people_postings_list list = people_postings_find(&gathering->index->parts, key);
    for (size_t i = 0; i < list.count; i++) {
        uint8_t mark = gathering->index->marks[list.items[i]];
        if (mark != 0 && mark != gathering->unit + 1)
            take(gathering->index, list.items[i]);
    }
}

static bool has_other_lists(const struct gathering *gathering, size_t unit)
{
    for (size_t i = 0; i < gathering->list_count; i++)
        if (gathering->lists[i].unit != unit)
            return true;
    return false;
}

static void walk_slips(struct gathering *gathering, const struct people_token *token, size_t unit)
{
    const struct people_profile *profile = gathering->profile;
    const struct people_slips *slips = &gathering->index->slips;
    const struct people_sound *sounds = people_profile_sounds(profile, token);
    if (token->is_common || token->is_initial || token->sound_count == 0 || !has_other_lists(gathering, unit))
        return;
    gathering->unit = (uint8_t)unit;
    if (token->plain_len >= PEOPLE_SLIP_LETTERS)
        people_slips_find(slips, PEOPLE_SLIPS_SPELLING, people_profile_text(profile, token->plain), token->plain_len, take_slips, gathering);
    for (size_t i = 0; i < token->sound_count; i++)
        if (sounds[i].len >= PEOPLE_SLIP_SOUNDS)
            people_slips_find(slips, PEOPLE_SLIPS_SOUND, people_profile_text(profile, sounds[i].text), sounds[i].len, take_slips, gathering);
}

static void gather_alone(struct gathering *gathering, const struct people_token *token)
{
    const struct people_sound *sounds = people_profile_sounds(gathering->profile, token);
    for (size_t i = 0; i < token->sound_count && !token->is_initial; i++)
        take_all(gathering->index, people_postings_find(&gathering->index->others, people_index_key(PEOPLE_KIND_ALONE, sounds[i].hash)));
}

static void gather_name(struct gathering *gathering, const struct people_profile_name *name)
{
    const struct people_profile *profile = gathering->profile;
    if (name->count == 1)
        gather_alone(gathering, people_profile_token(profile, name, 0));
    if (name->count == 2)
        gather_alone(gathering, people_profile_joined(profile, name, 0));
    find_lists(gathering, name);
    if (gathering->total <= SHORT) {
        for (size_t i = 0; i < gathering->list_count; i++)
            take_all(gathering->index, gathering->lists[i].slots);
        return;
    }
    for (size_t i = 0; i < gathering->list_count; i++)
        walk_list(gathering, &gathering->lists[i]);
    for (size_t i = 0; i < name->count; i++)
        walk_slips(gathering, people_profile_token(profile, name, i), i);
    for (size_t i = 0; i < gathering->list_count; i++)
        unmark(gathering->index, &gathering->lists[i]);
}

void people_index_gather(struct people_index *index, const struct people_profile *profile)
{
    struct gathering gathering = {.index = index, .profile = profile};
    people_index_dates_of(profile, YEARS_AROUND, &gathering.dates);
    index->found_count = 0;
    for (size_t i = 0; i < profile->number_count; i++)
        take_all(index, people_postings_find(&index->others, people_index_key(PEOPLE_KIND_NUMBER,
                                                                              people_hash(profile->numbers[i].text, strlen(profile->numbers[i].text)))));
    for (size_t i = 0; i < profile->name_count; i++)
        gather_name(&gathering, &profile->names[i]);
    for (size_t i = 0; i < index->found_count; i++)
        index->marks[index->found[i]] = 0;
}
