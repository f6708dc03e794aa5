/* SPDX-License-Identifier: Apache-2.0
 *
 * What the first source says of a person: how many names, how exact a date, which documents. The shares are those of published
 * lists (doc/spec/synth.md section 4).
 */
#include "synth/inside.h"

#include <stdio.h>
#include <string.h>

/* Per mille of persons; measured where doc/spec/synth.md 4 says so. */
enum {
    MARKS = 300,
    RESPELLED = 300,
    ORIGINAL = 530,
    WEAK_ALIAS = 200, /* of aliases */
    SEX_STATED = 125,
    PLACE_STATED = 634,
    COUNTRY_STATED = 535,
    NO_DATE = 90,
    BARE_YEAR = 179,
    CIRCA = 27,
    RANGE = 12,
    MONTH = 3,
    FIRST_JANUARY = 32,
    SECOND_DATE = 130, /* of persons with a date */
    THIRD_DATE = 280,  /* of persons with two */
};

void synth_sheet_add_name(struct synth_sheet *sheet, enum people_name_kind kind, const char *text)
{
    for (size_t i = 0; i < sheet->name_count; i++)
        if (strcmp(sheet->names[i].text, text) == 0)
            return;
    if (*text == 0 || sheet->name_count == SYNTH_NAMES_MAX)
        return;
    struct synth_text out = synth_text_over(sheet->names[sheet->name_count].text, SYNTH_NAME_BYTES);
    synth_text_put(&out, text);
    sheet->names[sheet->name_count++].kind = kind;
}

static bool is_same_date(const struct synth_sheet_date *a, const struct synth_sheet_date *b)
{
    return a->from.year == b->from.year && a->from.month == b->from.month && a->from.day == b->from.day &&
           a->to.year == b->to.year && a->is_circa == b->is_circa;
}

void synth_sheet_add_birth(struct synth_sheet *sheet, struct synth_sheet_date date)
{
    for (size_t i = 0; i < sheet->birth_count; i++)
        if (is_same_date(&sheet->births[i], &date))
            return;
    if (sheet->birth_count < SYNTH_BIRTHS_MAX)
        sheet->births[sheet->birth_count++] = date;
}

static struct synth_sheet_date date_of(struct people_day day)
{
    return (struct synth_sheet_date){day, day, false};
}

static struct people_day year_of(int year)
{
    return (struct people_day){(int16_t)year, 0, 0};
}

static void add_other_births(int year, struct synth_random *random, struct synth_sheet *out)
{
    uint32_t rate = SECOND_DATE;
    while (out->birth_count < SYNTH_BIRTHS_MAX && synth_random_per_mille(random, rate)) {
        int other = year + (int)synth_random_below(random, 9) - 4;
        synth_sheet_add_birth(out, date_of(synth_random_per_mille(random, 500) ? year_of(other) : synth_day_any(other, random)));
        rate = THIRD_DATE;
    }
}

/* What is known of the day. */
static void write_births(const struct synth_who *who, struct synth_random *random, struct synth_sheet *out)
{
    int year = who->birth.year;
    struct synth_sheet_date date = date_of(who->birth);
    uint32_t level = synth_random_below(random, 1000), limit = NO_DATE;
    if (level < limit)
        return;
    if (level < (limit += BARE_YEAR)) {
        date = date_of(year_of(year));
    } else if (level < (limit += CIRCA)) {
        date = date_of(year_of(year));
        date.is_circa = true;
    } else if (level < (limit += RANGE)) {
        int before = (int)synth_random_below(random, 4), after = 1 + (int)synth_random_below(random, 3);
        date = (struct synth_sheet_date){year_of(year - before), year_of(year + after), false};
    } else if (level < (limit += MONTH)) {
        date.from.day = date.to.day = 0;
    } else if (level < limit + FIRST_JANUARY) {
        date.from.month = date.to.month = date.from.day = date.to.day = 1;
    }
    synth_sheet_add_birth(out, date);
    add_other_births(year, random, out);
}

static void add_alias(const struct synth_first *first, struct synth_random *random, struct synth_sheet *out)
{
    const struct synth_who *who = &first->who;
    enum people_name_kind kind = synth_random_per_mille(random, WEAK_ALIAS) ? PEOPLE_NAME_WEAK : PEOPLE_NAME_ALIAS;
    struct synth_writing writing = first->writing;
    char text[SYNTH_NAME_BYTES];
    uint32_t level = synth_random_below(random, 1000);
    unsigned special = who->sex == 'f' ? SYNTH_KIND_ALIAS_FEMALE : SYNTH_KIND_ALIAS;
    if (level < 250 && synth_language_table(who->language, special)->count > 0) {
        struct synth_part alias;
        synth_name_pick(who->language, special, 1, random, &alias);
        synth_sheet_add_name(out, kind, alias.roman);
        return;
    }
    if (level < 600 || writing.count < 3)
        synth_writing_respell(who, &writing, random);
    for (size_t i = 0; level >= 450 && i < writing.count; i++)
        writing.parts[i].is_written = writing.parts[i].is_written &&
                                      (writing.parts[i].role == SYNTH_ROLE_GIVEN || writing.parts[i].role == SYNTH_ROLE_FAMILY ||
                                       (writing.parts[i].role == SYNTH_ROLE_FATHER && synth_random_per_mille(random, 500)));
    synth_writing_join(who, &writing, text);
    synth_sheet_add_name(out, kind, text);
}

/* How many are tried; some come out as a name that is there already. */
static unsigned alias_count(struct synth_random *random)
{
    static const uint16_t counts[] = {432, 213, 106, 68, 181}; /* 0, 1, 2, 3, and 4 to 6 */
    uint32_t level = synth_random_below(random, 1000);
    unsigned count = 0;
    while (level >= counts[count])
        level -= counts[count++];
    return count < 4 ? count : 4 + synth_random_below(random, 3);
}

static void write_names(struct synth_first *first, struct synth_random *random)
{
    const struct synth_who *who = &first->who;
    struct synth_sheet *out = &first->sheet;
    char text[SYNTH_NAME_BYTES];
    synth_writing_make(who, synth_random_per_mille(random, MARKS), &first->writing);
    if (synth_random_per_mille(random, RESPELLED))
        synth_writing_respell(who, &first->writing, random);
    synth_writing_join(who, &first->writing, text);
    synth_sheet_add_name(out, PEOPLE_NAME_PRIMARY, text);
    for (unsigned count = alias_count(random); count > 0; count--)
        add_alias(first, random, out);
    if (strcmp(who->language->script, "Latn") != 0 && synth_random_per_mille(random, ORIGINAL)) {
        synth_original_join(who, text);
        synth_sheet_add_name(out, PEOPLE_NAME_ORIGINAL, text);
    }
}

void synth_first_make(const struct synth *synth, uint64_t index, struct synth_first *out)
{
    struct synth_random random = synth_random_of(synth->seed, index, SYNTH_PURPOSE_WRITING);
    struct synth_sheet *sheet = &out->sheet;
    synth_who_make(synth, index, &out->who);
    snprintf(sheet->key, sizeof sheet->key, "synth-%llu", (unsigned long long)index);
    sheet->name_count = sheet->birth_count = 0;
    write_names(out, &random);
    write_births(&out->who, &random, sheet);
    sheet->sex = synth_random_per_mille(&random, SEX_STATED) ? out->who.sex : 0;
    sheet->place = synth_random_per_mille(&random, PLACE_STATED) ? out->who.place->roman : NULL;
    sheet->country = synth_random_per_mille(&random, COUNTRY_STATED) ? out->who.country->roman : NULL;
    memcpy(sheet->passport, out->who.passport, sizeof sheet->passport);
    memcpy(sheet->id, out->who.id, sizeof sheet->id);
}

static struct base_bytes view(const char *text)
{
    return text == NULL ? base_bytes_of(NULL, 0) : base_bytes_text(text);
}

enum base_code synth_sheet_record(const struct synth_sheet *sheet, struct people_record *out)
{
    struct base_bytes nothing = base_bytes_of(NULL, 0);
    BASE_TRY(people_record_set_key(out, base_bytes_text(sheet->key)));
    BASE_TRY(people_record_set_programme(out, base_bytes_text(SYNTH_PROGRAMME)));
    out->sex = sheet->sex;
    for (size_t i = 0; i < sheet->name_count; i++)
        BASE_TRY(people_record_add_name(out, sheet->names[i].kind, base_bytes_text(sheet->names[i].text)));
    for (size_t i = 0; i < sheet->birth_count; i++)
        BASE_TRY(people_record_add_birth(out, sheet->births[i].from, sheet->births[i].to, sheet->births[i].is_circa, nothing));
    BASE_TRY(people_record_add_document(out, base_bytes_text("Passport"), base_bytes_text(sheet->passport), nothing, nothing));
    BASE_TRY(people_record_add_document(out, base_bytes_text("Identification number"), base_bytes_text(sheet->id), nothing, nothing));
    BASE_TRY(people_record_add_place(out, PEOPLE_PLACE_BIRTH, view(sheet->place), nothing));
    return people_texts_add(&out->nationalities, view(sheet->country));
}
