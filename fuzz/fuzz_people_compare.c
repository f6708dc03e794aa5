/* SPDX-License-Identifier: Apache-2.0
 *
 * Two records compared and screened: an alert's person is written by the other party. A line is a letter (n name, w weak
 * alias, b date of birth, d document, c nationality, p place of birth, s sex) and its text; a line "|" begins the second
 * record. What a record does not take is left out. Both orders must give the same grade and as many reasons, and a record
 * that is a hit with itself is handed out by the index.
 */
#include "people/compare.h"
#include "people/dates.h"
#include "people/index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static enum base_code take(void *context, int64_t number, enum people_grade grade)
{
    demand(number == 7 && grade <= PEOPLE_GRADE_POSSIBLE);
    ++*(size_t *)context;
    return BASE_OK;
}

static void screen(const struct people_record *record)
{
    struct people_profile *profile = NULL;
    struct people_index *index = NULL;
    enum people_grade grade;
    size_t count = 0;
    demand(people_profile_new(&profile) == BASE_OK && people_index_new(&index) == BASE_OK);
    if (people_profile_set(profile, record) == BASE_OK) {
        demand(people_index_add(index, 7, profile) == BASE_OK);
        demand(people_index_screen(index, profile, take, &count) == BASE_OK);
        demand(count == people_compare_profiles(profile, profile, &grade));
        people_index_remove(index, 7);
        demand(people_index_count(index) == 0);
    }
    people_index_free(index);
    people_profile_free(profile);
}

static void compare(const struct people_record *a, const struct people_record *b)
{
    struct people_finding forth = PEOPLE_FINDING_EMPTY, back = PEOPLE_FINDING_EMPTY;
    demand(people_compare(a, b, &forth) == BASE_OK && people_compare(b, a, &back) == BASE_OK);
    demand(forth.is_hit == back.is_hit && forth.reasons.count == back.reasons.count);
    demand(!forth.is_hit || forth.grade == back.grade);
    people_finding_release(&forth);
    people_finding_release(&back);
}

static enum base_code take_line(struct people_record *record, char kind, struct base_bytes text)
{
    struct base_bytes none = base_bytes_of(NULL, 0);
    struct people_date birth;
    switch (kind) {
    case 'n':
        return people_record_add_name(record, PEOPLE_NAME_ALIAS, text);
    case 'w':
        return people_record_add_name(record, PEOPLE_NAME_WEAK, text);
    case 'b':
        BASE_TRY(people_date_parse(text, PEOPLE_ORDER_DAY_MONTH, &birth));
        return people_record_add_birth(record, birth.from, birth.to, birth.is_circa, none);
    case 'd':
        return people_record_add_document(record, none, text, none, none);
    case 'c':
        return people_texts_add(&record->nationalities, text);
    case 'p':
        return people_record_add_place(record, PEOPLE_PLACE_BIRTH, text, none);
    default:
        record->sex = kind == 's' ? (text.len % 2 == 0 ? 'm' : 'f') : record->sex;
        return BASE_OK;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people_record records[2] = {PEOPLE_RECORD_EMPTY, PEOPLE_RECORD_EMPTY};
    size_t side = 0;
    while (size > 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t len = end == NULL ? size : (size_t)(end - data), step = len + (end != NULL);
        if (len == 1 && *data == '|')
            side = 1;
        else if (len > 0 && take_line(&records[side], (char)*data, base_bytes_of(data + 1, len - 1)) == BASE_E_NOMEM)
            abort();
        data += step;
        size -= step;
    }
    for (size_t i = 0; i < 2; i++)
        screen(&records[i]);
    compare(&records[0], &records[1]);
    for (size_t i = 0; i < 2; i++)
        people_record_release(&records[i]);
    return 0;
}
