/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/lists.h"

#include "base/cursor.h"
#include "synth/inside.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 4, KEY_CHOICE = 1000, KEY_NUMBER = 2000 };

enum base_code synth_format_from_word(const char *word, enum synth_format *out)
{
    *out = strcmp(word, "ftm") == 0 ? SYNTH_FORMAT_FTM : SYNTH_FORMAT_CSV;
    return *out == SYNTH_FORMAT_CSV && strcmp(word, "csv") != 0 ? base_fail(BASE_E_ARGUMENT, "a list is written as csv or ftm, not '%.40s'", word)
                                                                : BASE_OK;
}

uint64_t synth_lists_persons(const struct synth_lists *lists)
{
    return lists->is_two_sided ? 2 * lists->count - lists->shared : lists->count - lists->shared;
}

enum base_code synth_lists_check(const struct synth_lists *lists)
{
    if (lists->count == 0)
        return base_fail(BASE_E_ARGUMENT, "a list of no persons");
    if (lists->count > SYNTH_INDEX_MAX / 2)
        return base_fail(BASE_E_RANGE, "more persons than can be numbered");
    if (lists->is_two_sided && lists->shared > lists->count)
        return base_fail(BASE_E_ARGUMENT, "more persons in common than a list has");
    if (!lists->is_two_sided && lists->shared > lists->count / 2)
        return base_fail(BASE_E_ARGUMENT, "at most half of a list's persons can stand in it twice");
    return BASE_OK;
}

/* A permutation of 0 .. count - 1: a Feistel network over the next even number of bits, walked until it is back inside (J. Black and
 * P. Rogaway, "Ciphers with arbitrary finite domains", 2002). */
static uint64_t permute(uint64_t seed, uint64_t key, uint64_t count, uint64_t index)
{
    unsigned half = 1;
    while (half < 32 && (uint64_t)1 << 2 * half < count)
        half++;
    uint64_t mask = ((uint64_t)1 << half) - 1;
    do {
        uint64_t left = index >> half, right = index & mask;
        for (uint64_t round = 0; round < ROUNDS; round++) {
            struct synth_random random = synth_random_of(seed, right, key + round);
            uint64_t mixed = left ^ (random.state & mask);
            left = right;
            right = mixed;
        }
        index = left << half | right;
    } while (index >= count);
    return index;
}

/* A field, in quotes where it needs them. */
static enum base_code put_field(struct base_buffer *out, const char *text)
{
    if (strpbrk(text, ",\"\n") == NULL)
        return base_buffer_text(out, text);
    BASE_TRY(base_put_u8(out, '"'));
    BASE_TRY(base_buffer_text(out, text));
    return base_put_u8(out, '"');
}

/* All names of a kind, parted by ";". No name has a quote or a semicolon: the name tables may not. */
static enum base_code put_names(struct base_buffer *out, const struct synth_sheet *sheet, enum people_name_kind kind)
{
    char text[SYNTH_NAMES_MAX * SYNTH_NAME_BYTES];
    struct synth_text joined = synth_text_over(text, sizeof text);
    for (size_t i = 0; i < sheet->name_count; i++) {
        if (sheet->names[i].kind != kind)
            continue;
        synth_text_put(&joined, joined.at == text ? "" : ";");
        synth_text_put(&joined, sheet->names[i].text);
    }
    return put_field(out, text);
}

static char *digits_put(char *at, unsigned number, unsigned count)
{
    for (unsigned i = count; i-- > 0; number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + count;
}

static char *day_put(char *at, struct people_day day)
{
    at = digits_put(at, (unsigned)day.year, 4);
    if (day.month > 0) {
        *at++ = '-';
        at = digits_put(at, day.month, 2);
    }
    if (day.day > 0) {
        *at++ = '-';
        at = digits_put(at, day.day, 2);
    }
    return at;
}

static enum base_code put_births(struct base_buffer *out, const struct synth_sheet *sheet)
{
    char text[SYNTH_BIRTHS_MAX * 32], *at = text;
    for (size_t i = 0; i < sheet->birth_count; i++) {
        const struct synth_sheet_date *date = &sheet->births[i];
        if (i > 0)
            *at++ = ';';
        if (date->is_circa)
            at = (char *)memcpy(at, "circa ", 6) + 6;
        at = day_put(at, date->from);
        if (date->to.year != date->from.year) {
            at = (char *)memcpy(at, " to ", 4) + 4;
            at = day_put(at, date->to);
        }
    }
    return base_buffer_append(out, base_bytes_of(text, (size_t)(at - text)));
}

static enum base_code put_csv(struct base_buffer *out, const struct synth_sheet *sheet)
{
    BASE_TRY(base_buffer_text(out, sheet->key));
    BASE_TRY(base_put_u8(out, ','));
    static const enum people_name_kind kinds[] = {PEOPLE_NAME_PRIMARY, PEOPLE_NAME_ALIAS, PEOPLE_NAME_WEAK, PEOPLE_NAME_ORIGINAL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        BASE_TRY(put_names(out, sheet, kinds[i]));
        BASE_TRY(base_put_u8(out, ','));
    }
    BASE_TRY(put_births(out, sheet));
    BASE_TRY(base_put_u8(out, ','));
    BASE_TRY(put_field(out, sheet->place == NULL ? "" : sheet->place));
    BASE_TRY(base_buffer_text(out, sheet->sex == 'm' ? ",male," : sheet->sex == 'f' ? ",female," : ",,"));
    BASE_TRY(put_field(out, sheet->country == NULL ? "" : sheet->country));
    BASE_TRY(base_put_u8(out, ','));
    BASE_TRY(base_buffer_text(out, sheet->passport));
    BASE_TRY(base_put_u8(out, ','));
    BASE_TRY(base_buffer_text(out, sheet->id));
    return base_buffer_text(out, "," SYNTH_PROGRAMME "\n");
}

static enum base_code put_ftm(struct base_buffer *out, const struct synth_sheet *sheet)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = synth_sheet_record(sheet, &record);
    if (code == BASE_OK)
        code = people_record_encode(&record, out);
    if (code == BASE_OK)
        code = base_put_u8(out, '\n');
    people_record_release(&record);
    return code;
}

static enum base_code put_sheet(const struct synth_lists *lists, struct base_buffer *out, const struct synth_sheet *sheet)
{
    return lists->format == SYNTH_FORMAT_CSV ? put_csv(out, sheet) : put_ftm(out, sheet);
}

enum base_code synth_lists_head(const struct synth_lists *lists, struct base_buffer *out)
{
    if (lists->format != SYNTH_FORMAT_CSV)
        return BASE_OK;
    BASE_TRY(base_buffer_format(out, "# SYNTHETIC. No person in this list exists: entente synth made them from seed %llu.\n",
                                (unsigned long long)lists->synth->seed));
    return base_buffer_text(out, "key,name,alias,weak,original,born,place,sex,nationality,passport,id,programme\n");
}

/* "a TAB b TAB error;error": the columns of the truth files that scores are made with. */
static enum base_code put_truth(struct synth_lists_part *part, const struct synth_sheet *first, const struct synth_sheet *second, uint64_t errors)
{
    BASE_TRY(base_buffer_format(&part->truth, "%s\t%s\t%s", first->key, second->key, errors == 0 ? "exact" : ""));
    bool is_first = true;
    for (unsigned error = 0; error < SYNTH_ERROR_COUNT; error++) {
        if ((errors & SYNTH_ERROR_BIT(error)) == 0)
            continue;
        BASE_TRY(base_buffer_text(&part->truth, is_first ? "" : ";"));
        BASE_TRY(base_buffer_text(&part->truth, synth_error_word((enum synth_error)error)));
        part->errors[error]++;
        is_first = false;
    }
    part->exact += errors == 0;
    part->pairs++;
    return base_put_u8(&part->truth, '\n');
}

static enum base_code make_one_sided(const struct synth_lists *lists, uint64_t index, bool is_shared, struct synth_lists_part *part)
{
    struct synth_first first;
    struct synth_sheet second;
    synth_first_make(lists->synth, index, &first);
    BASE_TRY(put_sheet(lists, &part->first, &first.sheet));
    part->first_rows++;
    if (!is_shared)
        return BASE_OK;
    uint64_t errors = synth_second_make(lists->synth, &first, 0, &second);
    BASE_TRY(put_sheet(lists, &part->first, &second));
    part->first_rows++;
    return put_truth(part, &first.sheet, &second, errors);
}

/* The persons of a family may stand in different lists, and so may namesakes. */
static enum base_code make_two_sided(const struct synth_lists *lists, uint64_t index, uint64_t place, struct synth_lists_part *part)
{
    struct synth_first first;
    struct synth_sheet second;
    bool is_shared = place < lists->shared, is_in_first = place < lists->count;
    uint64_t number = permute(lists->synth->seed, KEY_NUMBER, synth_lists_persons(lists), index);
    synth_first_make(lists->synth, index, &first);
    snprintf(first.sheet.key, sizeof first.sheet.key, "synth-a-%llu", (unsigned long long)index);
    if (is_in_first) {
        BASE_TRY(put_sheet(lists, &part->first, &first.sheet));
        part->first_rows++;
    }
    if (is_in_first && !is_shared)
        return BASE_OK;
    uint64_t errors = synth_second_make(lists->synth, &first, 0, &second);
    snprintf(second.key, sizeof second.key, "synth-b-%llu", (unsigned long long)number);
    BASE_TRY(put_sheet(lists, &part->second, &second));
    part->second_rows++;
    return is_shared ? put_truth(part, &first.sheet, &second, errors) : BASE_OK;
}

enum base_code synth_lists_make(const struct synth_lists *lists, uint64_t from, uint64_t to, struct synth_lists_part *part)
{
    uint64_t persons = synth_lists_persons(lists);
    bool is_plain = !lists->is_two_sided && lists->shared == 0;
    for (uint64_t index = from; index < to; index++) {
        uint64_t place = is_plain ? 0 : permute(lists->synth->seed, KEY_CHOICE, persons, index);
        if (lists->is_two_sided)
            BASE_TRY(make_two_sided(lists, index, place, part));
        else
            BASE_TRY(make_one_sided(lists, index, place < lists->shared, part));
    }
    return BASE_OK;
}

void synth_lists_part_clear(struct synth_lists_part *part)
{
    struct base_buffer first = part->first, second = part->second, truth = part->truth;
    base_buffer_clear(&first);
    base_buffer_clear(&second);
    base_buffer_clear(&truth);
    *part = (struct synth_lists_part){.first = first, .second = second, .truth = truth};
}

void synth_lists_part_release(struct synth_lists_part *part)
{
    base_buffer_release(&part->first);
    base_buffer_release(&part->second);
    base_buffer_release(&part->truth);
    *part = SYNTH_LISTS_PART_EMPTY;
}
