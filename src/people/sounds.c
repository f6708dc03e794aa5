/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile to the sounds of the index. What makes two names a hit in src/people/compare.c must be here as a number that both
 * give: two parts by sound, neighbours joined; two frequent parts only with a date; one part with day and month.
 */
#include "people/index.h"

#include "people/profile_inside.h"
#include "people/sounds.h"

#include <stdlib.h>
#include <string.h>

enum {
    RANGE_YEARS_MAX = 10,
    CIRCA_YEARS = 2,
    YEARS_AROUND = 1, /* of what is asked */
    DATES_MAX = 64,
    SLIP_LETTERS_MIN = 5,
    SLIP_SOUNDS_MIN = 4,
    SLIP_LEFT_MIN = 3, /* what is shorter is common, and common parts do not slip */
    SLIPS_MAX = 1024,  /* of one sound */
    WHOLE_MAX = 64,    /* readings of one name */
    UNITS_MAX = NAMES_TOKENS_MAX * 2,
};

/* What a number stands for. */
enum kind { KIND_PAIR = 1, KIND_PAIR_YEAR, KIND_PAIR_DAY, KIND_PART_DAY, KIND_SHORT_YEAR, KIND_WHOLE, KIND_SPELLED, KIND_NUMBER };

struct making {
    const struct people_profile *profile;
    bool is_asked;
    size_t limit;
    struct people_sounds *out;
    int years[DATES_MAX], days[DATES_MAX]; /* a day is month * 100 + day, the smaller of both first */
    size_t year_count, day_count;
};

static bool is_full(const struct making *making)
{
    return making->out->count >= making->limit;
}

static enum base_code put(struct making *making, enum kind kind, uint64_t what, int when)
{
    struct people_sounds *out = making->out;
    if (is_full(making))
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items));
    uint64_t scattered = people_mix(what ^ people_mix((uint64_t)kind << 32 | (uint32_t)when));
    out->items[out->count++] = (int64_t)(scattered & (((uint64_t)1 << 47) - 1));
    return BASE_OK;
}

static void add_date(int *dates, size_t *count, int date)
{
    for (size_t i = 0; i < *count; i++)
        if (dates[i] == date)
            return;
    if (*count < DATES_MAX)
        dates[(*count)++] = date;
}

static void find_dates(struct making *making)
{
    for (size_t i = 0; i < making->profile->birth_count; i++) {
        const struct people_birth *birth = &making->profile->births[i];
        int slack = birth->is_circa ? CIRCA_YEARS : 0;
        bool is_new_year = birth->from.day == 1 && birth->from.month == 1;
        bool is_day = birth->from.day != 0 && !is_new_year && memcmp(&birth->from, &birth->to, sizeof birth->from) == 0;
        if (is_day) {
            int day = birth->from.day, month = birth->from.month;
            add_date(making->days, &making->day_count, day < month ? day * 100 + month : month * 100 + day);
        }
        if (birth->to.year - birth->from.year <= RANGE_YEARS_MAX)
            for (int year = birth->from.year - slack; year <= birth->to.year + slack; year++)
                add_date(making->years, &making->year_count, year);
    }
}

static enum base_code put_years(struct making *making, enum kind kind, uint64_t what, int around)
{
    for (size_t i = 0; i < making->year_count; i++)
        for (int off = -around; off <= around; off++)
            BASE_TRY(put(making, kind, what, making->years[i] + off));
    return BASE_OK;
}

static enum base_code put_days(struct making *making, enum kind kind, uint64_t what)
{
    for (size_t i = 0; i < making->day_count; i++)
        BASE_TRY(put(making, kind, what, making->days[i]));
    return BASE_OK;
}

/* Two parts, as a sum, so that their order does not matter. With a common one among them only together with a date. */
static enum base_code put_pair(struct making *making, const struct people_sound *a, const struct people_sound *b)
{
    uint64_t both = a->hash + b->hash;
    if (!a->is_common && !b->is_common)
        return put(making, KIND_PAIR, both, 0);
    bool is_around = making->is_asked && (!a->is_common || !b->is_common);
    BASE_TRY(put_years(making, KIND_PAIR_YEAR, both, is_around ? YEARS_AROUND : 0));
    return put_days(making, KIND_PAIR_DAY, both);
}

/* Sounds one slip away from a sound, by their hashes. */
struct slips {
    uint64_t hashes[SLIPS_MAX];
    size_t count;
};

static void add_slip(struct slips *slips, const char *sound, size_t len)
{
    if (slips->count < SLIPS_MAX && len >= SLIP_LEFT_MIN)
        slips->hashes[slips->count++] = people_hash(sound, len);
}

/* One class put in before `at`, or in place of the one there. A vowel is a class only at the start. */
static void add_other_classes(struct slips *slips, char *sound, size_t len, size_t at, char except)
{
    static const char classes[] = "BDFGHJKLMNPRSTVA";
    for (size_t i = 0; classes[i] != 0; i++) {
        if (classes[i] == except || (classes[i] == 'A' && at > 0))
            continue;
        sound[at] = classes[i];
        add_slip(slips, sound, len);
    }
}

static void find_slips(const char *sound, size_t len, struct slips *out)
{
    char other[NAMES_TOKEN_SIZE + 1];
    out->count = 0;
    for (size_t at = 0; at <= len; at++) {
        memcpy(other, sound, at);
        memcpy(other + at + 1, sound + at, len - at);
        add_other_classes(out, other, len + 1, at, 0);
        if (at == len)
            break;
        memcpy(other + at, sound + at, len - at);
        add_other_classes(out, other, len, at, sound[at]);
        memcpy(other + at, sound + at + 1, len - at - 1);
        add_slip(out, other, len - 1);
        if (at + 1 < len && sound[at] != sound[at + 1]) {
            other[at] = sound[at + 1];
            other[at + 1] = sound[at];
            memcpy(other + at + 2, sound + at + 2, len - at - 2);
            add_slip(out, other, len);
        }
    }
}

static bool may_slip(const struct people_token *token, const struct people_sound *sound)
{
    return !token->is_common && (token->plain_len >= SLIP_LETTERS_MIN || sound->len >= SLIP_SOUNDS_MIN);
}

static enum base_code put_slip_pair(struct making *making, uint64_t slip, const struct people_sound *with)
{
    uint64_t both = slip + with->hash;
    return with->is_common ? put_days(making, KIND_PAIR_DAY, both) : put(making, KIND_PAIR, both, 0);
}

/* Pairs of what is one slip from this part, with every other part of the name. */
static enum base_code put_slips(struct making *making, const struct people_profile_name *name, size_t at)
{
    const struct people_profile *profile = making->profile;
    const struct people_token *token = people_profile_token(profile, name, at);
    const struct people_sound *sounds = people_profile_sounds(profile, token);
    struct slips slips;
    for (size_t i = 0; i < token->sound_count && !is_full(making); i++) {
        if (!may_slip(token, &sounds[i]))
            continue;
        find_slips(people_profile_text(profile, sounds[i].text), sounds[i].len, &slips);
        for (size_t k = 0; k < name->count; k++) {
            const struct people_token *other = people_profile_token(profile, name, k);
            const struct people_sound *with = people_profile_sounds(profile, other);
            for (size_t w = 0; w < other->sound_count && k != at && !other->is_initial; w++)
                for (size_t s = 0; s < slips.count; s++)
                    BASE_TRY(put_slip_pair(making, slips.hashes[s], &with[w]));
        }
    }
    return BASE_OK;
}

/* A part of a name, or two neighbours joined; it covers parts from `first` to before `end`. */
struct unit {
    const struct people_token *token;
    size_t first, end;
};

static size_t find_units(const struct people_profile *profile, const struct people_profile_name *name, struct unit units[UNITS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < name->count; i++)
        units[count++] = (struct unit){people_profile_token(profile, name, i), i, i + 1};
    for (size_t i = 0; i + 1 < name->count; i++)
        units[count++] = (struct unit){people_profile_joined(profile, name, i), i, i + 2};
    return count;
}

static enum base_code put_unit_pair(struct making *making, const struct people_token *a, const struct people_token *b)
{
    const struct people_sound *x = people_profile_sounds(making->profile, a), *y = people_profile_sounds(making->profile, b);
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            BASE_TRY(put_pair(making, &x[i], &y[k]));
    return BASE_OK;
}

static enum base_code put_pairs(struct making *making, const struct unit *units, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            if (!units[i].token->is_initial && !units[k].token->is_initial && (units[i].end <= units[k].first || units[k].end <= units[i].first))
                BASE_TRY(put_unit_pair(making, units[i].token, units[k].token));
    return BASE_OK;
}

static bool has_sound(const struct making *making, const struct people_token *token, bool is_common)
{
    const struct people_sound *sounds = people_profile_sounds(making->profile, token);
    for (size_t i = 0; i < token->sound_count; i++)
        if (sounds[i].is_common == is_common)
            return true;
    return false;
}

/* Every reading of these units together. */
static enum base_code put_readings(struct making *making, const struct people_token *const *units, size_t count)
{
    size_t total = 1;
    for (size_t i = 0; i < count; i++)
        total *= units[i]->sound_count;
    for (size_t choice = 0; choice < total && choice < WHOLE_MAX; choice++) {
        uint64_t sum = count;
        for (size_t i = 0, left = choice; i < count; left /= units[i]->sound_count, i++)
            sum += people_profile_sounds(making->profile, units[i])[left % units[i]->sound_count].hash;
        BASE_TRY(put(making, KIND_WHOLE, sum, 0));
    }
    return BASE_OK;
}

/* All parts by sound, and again with each two neighbours joined. */
static enum base_code put_whole(struct making *making, const struct people_profile_name *name)
{
    const struct people_token *units[NAMES_TOKENS_MAX];
    for (size_t joined = 0; joined < name->count; joined++) { /* the last of these: none */
        size_t count = 0;
        for (size_t i = 0; i < name->count; i += i == joined && joined + 1 < name->count ? 2 : 1)
            units[count++] = i == joined && joined + 1 < name->count ? people_profile_joined(making->profile, name, i)
                                                                     : people_profile_token(making->profile, name, i);
        if (count > 1)
            BASE_TRY(put_readings(making, units, count));
    }
    return BASE_OK;
}

/* What finds a name without a date that no pair of distinct parts finds: the whole of it by sound, or by its letters. */
static enum base_code put_undated(struct making *making, const struct people_profile_name *name)
{
    uint64_t letters = 0;
    size_t distinct = 0, never_common = 0;
    for (size_t i = 0; i < name->count; i++) {
        const struct people_token *token = people_profile_token(making->profile, name, i);
        letters += token->plain_hash;
        if (token->is_initial)
            return BASE_OK;
        distinct += has_sound(making, token, false);
        never_common += !has_sound(making, token, true);
    }
    if (name->count < 2 || never_common > 1)
        return BASE_OK;
    return distinct > 0 ? put_whole(making, name) : put(making, KIND_SPELLED, letters, 0);
}

/* A part with day and month, and with the year where it is all of a name but initials. */
static enum base_code put_part(struct making *making, const struct people_token *token, bool is_short)
{
    const struct people_sound *sounds = people_profile_sounds(making->profile, token);
    for (size_t i = 0; i < token->sound_count; i++) {
        if (sounds[i].is_common)
            continue;
        BASE_TRY(put_days(making, KIND_PART_DAY, sounds[i].hash));
        if (is_short || making->is_asked)
            BASE_TRY(put_years(making, KIND_SHORT_YEAR, sounds[i].hash, making->is_asked ? YEARS_AROUND : 0));
    }
    return BASE_OK;
}

static enum base_code put_name(struct making *making, const struct people_profile_name *name)
{
    struct unit units[UNITS_MAX];
    size_t count = find_units(making->profile, name, units), initials = 0;
    for (size_t i = 0; i < name->count; i++)
        initials += units[i].token->is_initial;
    bool is_short = initials + 1 == name->count;
    BASE_TRY(put_pairs(making, units, count));
    BASE_TRY(put_undated(making, name));
    for (size_t i = 0; i < (name->count == 2 ? count : name->count); i++) /* of two parts also the join of both */
        if (!units[i].token->is_initial)
            BASE_TRY(put_part(making, units[i].token, is_short || i >= name->count));
    return BASE_OK;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_once(struct people_sounds *sounds)
{
    size_t kept = 0;
    if (sounds->count > 0)
        qsort(sounds->items, sounds->count, sizeof *sounds->items, by_number);
    for (size_t i = 0; i < sounds->count; i++)
        if (i == 0 || sounds->items[i] != sounds->items[kept - 1])
            sounds->items[kept++] = sounds->items[i];
    sounds->count = kept;
}

/* Documents first and slips last, so that over the limit the least goes. */
static enum base_code put_all(struct making *making)
{
    const struct people_profile *profile = making->profile;
    for (size_t i = 0; i < profile->number_count; i++)
        BASE_TRY(put(making, KIND_NUMBER, people_hash(profile->numbers[i].text, strlen(profile->numbers[i].text)), 0));
    for (size_t i = 0; i < profile->name_count && !is_full(making); i++)
        BASE_TRY(put_name(making, &profile->names[i]));
    for (size_t i = 0; i < profile->name_count && making->is_asked && !is_full(making); i++)
        for (size_t k = 0; k < profile->names[i].count; k++)
            if (!people_profile_token(profile, &profile->names[i], k)->is_initial)
                BASE_TRY(put_slips(making, &profile->names[i], k));
    return BASE_OK;
}

enum base_code people_sounds_list(const struct people_profile *profile, enum people_sounds_use use, struct people_sounds *out)
{
    bool is_asked = use == PEOPLE_SOUNDS_ASKED;
    struct making making = {.profile = profile, .is_asked = is_asked, .limit = is_asked ? PEOPLE_SOUNDS_ASKED_MAX : PEOPLE_SOUNDS_HELD_MAX,
                            .out = out};
    out->count = 0;
    find_dates(&making);
    return put_all(&making);
}

enum base_code people_index_sounds(const struct people_profile *profile, enum people_sounds_use use, struct people_sounds *out)
{
    BASE_TRY(people_sounds_list(profile, use, out));
    sort_once(out);
    return BASE_OK;
}

void people_sounds_release(struct people_sounds *sounds)
{
    free(sounds->items);
    *sounds = PEOPLE_SOUNDS_EMPTY;
}
