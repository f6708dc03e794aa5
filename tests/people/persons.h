/* SPDX-License-Identifier: Apache-2.0
 *
 * Records of invented persons in one line: names parted by ";", dates of birth as "1961-02-03", "1961-02", "1961",
 * "1960..1963" or "~1961", parted by blanks.
 */
#ifndef PEOPLE_PERSONS_H
#define PEOPLE_PERSONS_H

#include "people/compare.h"
#include "support/test.h"

static inline struct people_day persons_day(const char *text)
{
    int year = 0, month = 0, day = 0;
    assert_true(sscanf(text, "%4d-%2d-%2d", &year, &month, &day) >= 1);
    return (struct people_day){(int16_t)year, (uint8_t)month, (uint8_t)day};
}

static inline void persons_add_names(struct people_record *record, enum people_name_kind kind, const char *names)
{
    while (*names != 0) {
        size_t len = strcspn(names, ";");
        assert_ok(people_record_add_name(record, kind, base_bytes_of(names, len)));
        names += len + (names[len] != 0);
    }
}

static inline void persons_add_births(struct people_record *record, const char *births)
{
    while (*births != 0) {
        bool is_circa = *births == '~';
        births += is_circa;
        size_t len = strcspn(births, " ");
        const char *range = strstr(births, "..");
        struct people_day from = persons_day(births), to = range != NULL && range < births + len ? persons_day(range + 2) : from;
        assert_ok(people_record_add_birth(record, from, to, is_circa, base_bytes_text("")));
        births += len + (births[len] != 0);
    }
}

static inline struct people_record person_of(const char *names, const char *births)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    persons_add_names(&record, PEOPLE_NAME_PRIMARY, names);
    persons_add_births(&record, births);
    return record;
}

static inline struct people_profile *profile_of(const struct people_record *record)
{
    struct people_profile *profile = NULL;
    assert_ok(people_profile_new(&profile));
    assert_ok(people_profile_set(profile, record));
    return profile;
}

enum { PERSONS_NAMES = 19, PERSONS_BIRTHS = 7, PERSONS_AWKWARD = PERSONS_NAMES * PERSONS_BIRTHS };

/* Names of which each is much like some of the others, with every kind of date. */
static inline struct people_record awkward_person(size_t number)
{
    static const char *const names[PERSONS_NAMES] = {
        "Jan Yan Wolkenstein", "Yan Jan Wolkenstein", "Jwan Chan", "Chan Ivan", "Bay Tursyn Nur Zhan", "Baytursyn Nurzhan Bay",
        "Jussuf Jakob Charwat", "Yakob Yussuf Harwat", "Gerasim G Wolkenstein", "G Gerasim Wolkemstein", "Abu Abu Omar", "Omar Abu",
        "A B Wolkenstein", "Wolkenstein", "Волькенштейн Герасим", "Tamerlan Tamerlin Tamerlam", "Tamerlam Tamerlan",
        "Abu Bakr Siddiq Khalid", "Abubakr Siddiq Khaled"};
    static const char *const births[PERSONS_BIRTHS] = {"", "1961-05-23", "1961", "~1963", "1950..1958", "1962-05-23 1940", "1971-01-01"};
    return person_of(names[number / PERSONS_BIRTHS], births[number % PERSONS_BIRTHS]);
}

#endif
