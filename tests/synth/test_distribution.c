/* SPDX-License-Identifier: Apache-2.0
 *
 * Do the shares come out as doc/spec/synth.md states them? The seed is fixed, so that a run either always passes or never does; the
 * tolerances are at least four standard deviations of the count.
 */
#include "synth/inside.h"
#include "support/test.h"

enum { PERSONS = 100000, WORDS_MAX = 1 << 18 };

static struct synth *synth_of(const char *language, unsigned women_percent)
{
    struct synth *synth = NULL;
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    options.languages = &language;
    options.language_count = language != NULL;
    options.women_percent = women_percent;
    assert_ok(synth_new(2026, &options, &synth));
    return synth;
}

static void assert_share(const char *what, uint64_t count, uint64_t of, double expected, double tolerance)
{
    double share = (double)count / (double)of;
    if (share < expected - tolerance || share > expected + tolerance)
        fail_msg("%s: %.4f, expected %.4f within %.4f", what, share, expected, tolerance);
}

static const char *part_of(const struct synth_who *who, uint8_t role)
{
    for (size_t i = 0; i < who->part_count; i++)
        if (who->parts[i].role == role)
            return who->parts[i].original;
    return "";
}

static void check_top(const char *language, uint8_t role, const char *name, double expected, double tolerance)
{
    struct synth *synth = synth_of(language, 0);
    uint64_t count = 0;
    struct synth_who who;
    for (uint64_t i = 0; i < PERSONS; i++) {
        synth_who_make(synth, i, &who);
        count += strcmp(part_of(&who, role), name) == 0;
    }
    assert_share(name, count, PERSONS, expected, tolerance);
    synth_free(synth);
}

static void test_the_most_frequent_names(void **state)
{
    (void)state;
    check_top("korean", SYNTH_ROLE_FAMILY, "김", 0.2259, 0.008);
    check_top("vietnamese", SYNTH_ROLE_FAMILY, "Nguyễn", 0.315, 0.008);
    check_top("chinese", SYNTH_ROLE_FAMILY, "王", 0.072, 0.005);
    check_top("russian", SYNTH_ROLE_FAMILY, "Иванов", 0.014, 0.003);
    check_top("spanish", SYNTH_ROLE_FAMILY2, "García", 0.033 * 0.85, 0.003);
    check_top("arabic-levant", SYNTH_ROLE_GIVEN, "محمد", 0.11, 0.006);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* How many different family names a language's first PERSONS persons have. */
static size_t count_families(const char *language)
{
    struct synth *synth = synth_of(language, 0);
    char **words = base_alloc_array(PERSONS, sizeof *words);
    struct synth_who who;
    size_t different = 0;
    assert_non_null(words);
    for (uint64_t i = 0; i < PERSONS; i++) {
        synth_who_make(synth, i, &who);
        words[i] = base_bytes_dup(base_bytes_text(part_of(&who, SYNTH_ROLE_FAMILY)));
        assert_non_null(words[i]);
    }
    qsort(words, PERSONS, sizeof *words, by_text);
    for (size_t i = 0; i < PERSONS; i++)
        different += i == 0 || strcmp(words[i - 1], words[i]) != 0;
    for (size_t i = 0; i < PERSONS; i++)
        free(words[i]);
    free(words);
    synth_free(synth);
    return different;
}

static void test_rare_names_have_a_long_tail(void **state)
{
    (void)state;
    assert_in_range(count_families("russian"), 1500, 20000);
    assert_in_range(count_families("german"), 2500, 30000);
    assert_in_range(count_families("uzbek"), 2000, 20000);
    assert_in_range(count_families("korean"), 60, 120); /* few there, as in life */
}

struct kinds {
    uint64_t none, year, circa, range, month, first_january, day, several, with_date, alias, weak, original, not_latin, passport, id, sex, place,
        country;
};

static void count_births(const struct synth_sheet *sheet, struct kinds *kinds)
{
    if (sheet->birth_count == 0) {
        kinds->none++;
        return;
    }
    const struct synth_sheet_date *date = &sheet->births[0];
    kinds->with_date++;
    kinds->several += sheet->birth_count > 1;
    if (date->is_circa)
        kinds->circa++;
    else if (date->from.year != date->to.year)
        kinds->range++;
    else if (date->from.month == 0)
        kinds->year++;
    else if (date->from.day == 0)
        kinds->month++;
    else if (date->from.month == 1 && date->from.day == 1)
        kinds->first_january++;
    else
        kinds->day++;
}

static void count_names(const struct synth_first *first, struct kinds *kinds)
{
    bool has_alias = false;
    for (size_t i = 0; i < first->sheet.name_count; i++) {
        enum people_name_kind kind = first->sheet.names[i].kind;
        has_alias = has_alias || kind == PEOPLE_NAME_ALIAS || kind == PEOPLE_NAME_WEAK;
        kinds->original += kind == PEOPLE_NAME_ORIGINAL;
    }
    kinds->alias += has_alias;
    kinds->not_latin += strcmp(first->who.language->script, "Latn") != 0;
}

static void test_what_the_first_source_says(void **state)
{
    (void)state;
    struct synth *synth = synth_of(NULL, 40);
    struct kinds kinds = {0};
    struct synth_first first;
    uint64_t women = 0;
    for (uint64_t i = 0; i < PERSONS; i++) {
        synth_first_make(synth, i, &first);
        count_births(&first.sheet, &kinds);
        count_names(&first, &kinds);
        kinds.passport += first.sheet.passport[0] != 0;
        kinds.id += first.sheet.id[0] != 0;
        kinds.sex += first.sheet.sex != 0;
        kinds.place += first.sheet.place != NULL;
        kinds.country += first.sheet.country != NULL;
        women += first.who.sex == 'f';
    }
    assert_share("no date", kinds.none, PERSONS, 0.090, 0.004);
    assert_share("bare year", kinds.year, PERSONS, 0.179, 0.005);
    assert_share("circa", kinds.circa, PERSONS, 0.027, 0.0025);
    assert_share("range", kinds.range, PERSONS, 0.012, 0.0015);
    assert_share("month", kinds.month, PERSONS, 0.003, 0.0008);
    assert_share("1 January", kinds.first_january, PERSONS, 0.032 + 0.657 / 365, 0.0025);
    assert_share("several dates", kinds.several, kinds.with_date, 0.130, 0.006);
    assert_share("original script", kinds.original, kinds.not_latin, 0.53, 0.01);
    assert_share("passport", kinds.passport, PERSONS, 0.241, 0.006);
    assert_share("identity number", kinds.id, PERSONS, 0.253, 0.006);
    assert_share("sex", kinds.sex, PERSONS, 0.125, 0.005);
    assert_share("place of birth", kinds.place, PERSONS, 0.634, 0.007);
    assert_share("nationality", kinds.country, PERSONS, 0.535, 0.007);
    assert_share("women", women, PERSONS, 0.40, 0.02); /* fathers are men */
    assert_share("with an alias", kinds.alias, PERSONS, 0.50, 0.07); /* of 0.568 tried, some are the name itself */
    synth_free(synth);
}

static const struct synth_part *family_part(const struct synth_who *who)
{
    for (size_t i = 0; i < who->part_count; i++)
        if (who->parts[i].role == SYNTH_ROLE_FAMILY)
            return &who->parts[i];
    return NULL;
}

/* Relatives share what they should; persons in families are as many as stated. */
static void test_families(void **state)
{
    (void)state;
    struct synth *synth = synth_of("german", 40); /* a language in which everybody has a family name, the same for women */
    uint64_t related = 0, twins = 0, namesakes = 0;
    struct synth_who first, who;
    for (uint64_t i = 0; i < PERSONS; i++) {
        uint64_t family = synth_person_family(synth, i);
        if (family == i)
            continue;
        assert_true(family < i && i - family < 4);
        related++;
        synth_who_make(synth, family, &first);
        synth_who_make(synth, i, &who);
        assert_string_equal(family_part(&first)->original, family_part(&who)->original);
        bool has_same_given = strcmp(part_of(&first, SYNTH_ROLE_GIVEN), part_of(&who, SYNTH_ROLE_GIVEN)) == 0;
        bool is_same_day = first.birth.year == who.birth.year && first.birth.month == who.birth.month && first.birth.day == who.birth.day;
        namesakes += has_same_given;
        twins += is_same_day && !has_same_given;
    }
    assert_share("with a relative before", related, PERSONS, 0.167, 0.006);
    assert_share("twins", twins, PERSONS, 0.0083, 0.002);
    assert_share("namesakes", namesakes, PERSONS, 0.0295, 0.004); /* and a few brothers of one name */
    synth_free(synth);
}

/* Per cent of all pairs, all languages: doc/spec/synth.md 5.6. */
static const double stated[SYNTH_ERROR_COUNT] = {
    [SYNTH_ERROR_ROMANISATION] = 10.6, [SYNTH_ERROR_MARKS] = 1.2, [SYNTH_ERROR_VOWEL] = 2.4, [SYNTH_ERROR_DOUBLED] = 1.0,
    [SYNTH_ERROR_DROPPED] = 1.05, [SYNTH_ERROR_ADDED] = 1.1, [SYNTH_ERROR_WRONG] = 0.28, [SYNTH_ERROR_SWAPPED] = 0.20,
    [SYNTH_ERROR_PARTICLE] = 1.9, [SYNTH_ERROR_TOKEN_LESS] = 4.6, [SYNTH_ERROR_TOKEN_MORE] = 2.3, [SYNTH_ERROR_OTHER_FAMILY] = 2.7,
    [SYNTH_ERROR_ORDER] = 13.4, [SYNTH_ERROR_JOINED] = 0.34, [SYNTH_ERROR_SPLIT] = 0.16, [SYNTH_ERROR_INITIAL] = 0.27,
    [SYNTH_ERROR_SCRIPT] = 1.3, [SYNTH_ERROR_ALIAS] = 0.25, [SYNTH_ERROR_NO_DATE] = 0.57, [SYNTH_ERROR_BARE_YEAR] = 0.96,
    [SYNTH_ERROR_FULLER_DATE] = 1.4, [SYNTH_ERROR_FIRST_JANUARY] = 0.14, [SYNTH_ERROR_DAY_MONTH] = 0.04, [SYNTH_ERROR_DIGIT] = 0.29,
    [SYNTH_ERROR_YEAR_OFF] = 0.26, [SYNTH_ERROR_YEAR_FAR] = 0.26, [SYNTH_ERROR_CIRCA] = 0.84, [SYNTH_ERROR_RANGE] = 0.43,
    [SYNTH_ERROR_FEWER_DATES] = 5.6, [SYNTH_ERROR_MORE_DATES] = 2.3, [SYNTH_ERROR_NO_DOCUMENT] = 2.5, [SYNTH_ERROR_DOCUMENT_DIGIT] = 0.30,
    [SYNTH_ERROR_OTHER_PLACE] = 0.27, [SYNTH_ERROR_NO_PLACE] = 4.8, [SYNTH_ERROR_NO_NATIONALITY] = 7.5,
};

static void test_errors_come_as_often_as_stated(void **state)
{
    (void)state;
    struct synth *synth = synth_of(NULL, 40);
    uint64_t counts[SYNTH_ERROR_COUNT] = {0}, exact = 0;
    struct synth_first first;
    struct synth_sheet second;
    for (uint64_t i = 0; i < PERSONS; i++) {
        synth_first_make(synth, i, &first);
        uint64_t errors = synth_second_make(synth, &first, 0, &second);
        exact += errors == 0;
        for (unsigned error = 0; error < SYNTH_ERROR_COUNT; error++)
            counts[error] += errors >> error & 1;
    }
    for (unsigned error = 0; error < SYNTH_ERROR_COUNT; error++)
        assert_share(synth_error_word((enum synth_error)error), counts[error], PERSONS, stated[error] / 100, stated[error] / 1000 + 0.0005);
    assert_share("exact", exact, PERSONS, 0.464, 0.006);
    synth_free(synth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_most_frequent_names),
        cmocka_unit_test(test_rare_names_have_a_long_tail),
        cmocka_unit_test(test_what_the_first_source_says),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_errors_come_as_often_as_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
