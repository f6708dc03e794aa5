/* SPDX-License-Identifier: Apache-2.0
 *
 * Who could be a hit, by the contract of src/people/index.h. The lists of all parts of a name are walked: who is in one of them is
 * marked with the evidence that the part can be at most. Then the lists of what is a slip away from a part are walked for
 * those that were marked with another. To be compared is who meets the contract and has, with what is known of dates and places in a
 * few bits, as much evidence as a hit needs: so a frequent name does not bring everybody who bears it. A name whose
 * lists are short is not worth that: all are compared.
 */
#include "people/index_inside.h"

#include "people/compare_inside.h"

#include <string.h>

enum {
    YEARS_AROUND = 1,
    SHORT = 24, /* slots in all lists of a name together */
    AHEAD = 16, /* slots that are fetched while another is marked */
    UNITS_MAX = NAMES_TOKENS_MAX * 2,
    LISTS_MAX = UNITS_MAX * NAMES_SOUNDS_MAX * 2,
};

struct list {
    struct people_postings_list slots;
    uint8_t unit; /* which part or join it is of */
    uint16_t most, silent_most;
};

struct gathering {
    struct people_index *index;
    const struct people_profile *profile;
    struct people_index_facts facts, around; /* around: with the neighbouring years */
    struct list lists[LISTS_MAX]; /* of the name under way */
    size_t list_count, total;
    int slips; /* evidence of all slips of the name together, at most */
    uint8_t unit;
};

static void take(struct people_index *index, uint32_t slot)
{
    if (index->packed[slot] == NULL || (index->met[slot].ways & PEOPLE_MET_TAKEN) != 0)
        return;
    index->met[slot].ways |= PEOPLE_MET_TAKEN;
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
    if (day == 0 || gathering->facts.day == 0)
        return false;
    if (day == PEOPLE_DAYS_MANY || gathering->facts.day != PEOPLE_DAYS_MANY)
        return day == PEOPLE_DAYS_MANY || day == gathering->facts.day;
    for (size_t i = 0; i < gathering->profile->birth_count; i++)
        if (people_index_day_of(&gathering->profile->births[i], &asked) && asked == day)
            return true;
    return false;
}

/* What dates and places can say at most; *is_near when the dates may speak for the same person. */
static int most_of_facts(const struct gathering *gathering, const struct people_index_facts *held, bool *is_near)
{
    uint32_t common = gathering->facts.marks & held->marks;
    int most = (common & PEOPLE_NATIONS) != 0 ? people_most.nation : 0;
    most += (common & ~(PEOPLE_NATIONS | PEOPLE_ONLY_DAYS)) != 0 ? people_most.place : 0;
    bool is_day = has_day(gathering, held->day), is_year = (gathering->facts.years & held->years) != 0;
    *is_near = is_day || (gathering->around.years & held->years) != 0;
    if (is_day)
        return most + people_births_evidence(PEOPLE_NEAR_DAY);
    if (!is_year || (common & PEOPLE_ONLY_DAYS) != 0)
        return most;
    return most + people_births_evidence(gathering->facts.has_month && held->has_month ? PEOPLE_NEAR_MONTH : PEOPLE_NEAR_YEAR);
}

/* Is somebody who was met in these ways to be compared? */
static bool is_worth(const struct gathering *gathering, uint32_t slot)
{
    struct people_index_met met = gathering->index->met[slot];
    const struct people_index_facts *held = &gathering->index->facts[slot];
    bool is_near, has_two = (met.ways & (PEOPLE_MET_TWO | PEOPLE_MET_SLIP)) != 0;
    int most = most_of_facts(gathering, held, &is_near) + (held->is_silent ? met.silent_most : met.most);
    most += (met.ways & PEOPLE_MET_SLIP) != 0 ? gathering->slips : 0;
    most += (met.ways & PEOPLE_MET_TWO) == 0 ? people_most.alone : 0;
    return (has_two || is_near) && most >= people_most.needed;
}

static void put_list(struct gathering *gathering, struct people_postings_list slots, size_t unit, int most, int silent_most)
{
    if (slots.count == 0)
        return;
    gathering->lists[gathering->list_count++] = (struct list){slots, (uint8_t)unit, (uint16_t)most, (uint16_t)silent_most};
    gathering->total += slots.count;
}

static void put_unit(struct gathering *gathering, const struct people_token *token, size_t unit, bool is_joined)
{
    struct people_index *index = gathering->index;
    const struct people_sound *sounds = people_profile_sounds(gathering->profile, token);
    for (size_t i = 0; i < token->sound_count && !token->is_initial; i++) {
        struct people_part_most most;
        people_part_most(token, &sounds[i], i == 0, &most);
        put_list(gathering, people_postings_find(&index->parts, people_index_key(PEOPLE_KIND_PART, sounds[i].hash)), unit,
                 is_joined ? most.joined : most.part, is_joined ? most.joined : most.silent);
        if (!is_joined)
            put_list(gathering, people_postings_find(&index->others, people_index_key(PEOPLE_KIND_JOINED, sounds[i].hash)), unit, most.joined,
                     most.joined);
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

/* A part counts once, with the most that one of its lists gives it. */
static void lift(uint16_t *sum, uint16_t *last, uint16_t most)
{
    if (most <= *last)
        return;
    *sum = (uint16_t)(*sum + most - *last);
    *last = most;
}

/* Marks who is in the list; who is met first stands behind those that are found. */
static void walk_list(struct people_index *index, const struct list *list, size_t *met_count)
{
    uint8_t unit = (uint8_t)(list->unit + 1);
    for (size_t i = 0; i < list->slots.count; i++) {
        struct people_index_met *met = &index->met[list->slots.items[i]];
        if (i + AHEAD < list->slots.count)
            __builtin_prefetch(&index->met[list->slots.items[i + AHEAD]], 1);
        if ((met->ways & PEOPLE_MET_TAKEN) != 0)
            continue;
        if (met->unit != unit) {
            if (met->unit == 0)
                index->found[index->found_count + (*met_count)++] = list->slots.items[i];
            else
                met->ways |= PEOPLE_MET_TWO;
            met->unit = unit;
            met->last = met->silent_last = 0;
        }
        lift(&met->most, &met->last, list->most);
        lift(&met->silent_most, &met->silent_last, list->silent_most);
    }
}

/* Keeps those of the met ones that are to be compared. */
static void choose(struct gathering *gathering, size_t met_count)
{
    struct people_index *index = gathering->index;
    size_t first = index->found_count;
    for (size_t i = first; i < first + met_count; i++) {
        uint32_t slot = index->found[i];
        if (i + AHEAD < first + met_count)
            __builtin_prefetch(&index->facts[index->found[i + AHEAD]]);
        bool is_taken = index->packed[slot] != NULL && is_worth(gathering, slot);
        index->met[slot] = (struct people_index_met){.ways = is_taken ? PEOPLE_MET_TAKEN : 0};
        if (is_taken)
            index->found[index->found_count++] = slot;
    }
}

/* Of those that have what is a slip away from a part: who was marked with another part. */
static void take_slips(void *context, uint32_t key)
{
    struct gathering *gathering = context;
    struct people_postings_list list = people_postings_find(&gathering->index->parts, key);
    for (size_t i = 0; i < list.count; i++) {
        struct people_index_met *met = &gathering->index->met[list.items[i]];
        if (met->unit != 0 && ((met->ways & PEOPLE_MET_TWO) != 0 || met->unit != gathering->unit + 1))
            met->ways |= PEOPLE_MET_SLIP;
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
    size_t met_count = 0;
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
        walk_list(gathering->index, &gathering->lists[i], &met_count);
    gathering->slips = 0;
    for (size_t i = 0; i < name->count; i++) {
        gathering->slips += people_slip_most(people_profile_token(profile, name, i));
        walk_slips(gathering, people_profile_token(profile, name, i), i);
    }
    choose(gathering, met_count);
}

void people_index_gather(struct people_index *index, const struct people_profile *profile)
{
    struct gathering gathering = {.index = index, .profile = profile};
    people_index_facts_of(profile, 0, &gathering.facts);
    people_index_facts_of(profile, YEARS_AROUND, &gathering.around);
    index->found_count = 0;
    for (size_t i = 0; i < profile->number_count; i++)
        take_all(index, people_postings_find(&index->others, people_index_key(PEOPLE_KIND_NUMBER,
                                                                              people_hash(profile->numbers[i].text, strlen(profile->numbers[i].text)))));
    for (size_t i = 0; i < profile->name_count; i++)
        gather_name(&gathering, &profile->names[i]);
    for (size_t i = 0; i < index->found_count; i++)
        index->met[index->found[i]] = (struct people_index_met){0};
}
