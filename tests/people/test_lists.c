/* SPDX-License-Identifier: Apache-2.0
 *
 * The published lists beside the source tree, when they are there: what comes out agrees with the counts of another
 * reader, written in another language. Of documents there is no other count (the source has prose): theirs only shows a change.
 */
#include "collect.h"

struct totals {
    size_t persons, primaries, aliases, weak, originals, births, stated_births, ranges, circa, documents, bad;
};

static struct totals totals_of(const struct collect *collect)
{
    struct totals totals = {.persons = collect->count, .bad = collect->bad_count};
    for (size_t i = 0; i < collect->count; i++) {
        const struct people_record *record = &collect->records[i];
        for (size_t k = 0; k < record->name_count; k++) {
            totals.primaries += record->names[k].kind == PEOPLE_NAME_PRIMARY;
            totals.aliases += record->names[k].kind == PEOPLE_NAME_ALIAS;
            totals.weak += record->names[k].kind == PEOPLE_NAME_WEAK;
            totals.originals += record->names[k].kind == PEOPLE_NAME_ORIGINAL;
        }
        totals.documents += record->document_count;
        for (size_t k = 0; k < record->birth_count; k++) {
            bool is_stated = record->births[k].stated_by != NULL;
            totals.stated_births += is_stated;
            totals.births += !is_stated;
            totals.ranges += !is_stated && people_date_precision(&record->births[k]) == PEOPLE_RANGE;
            totals.circa += !is_stated && record->births[k].is_circa;
        }
    }
    return totals;
}

static void assert_totals(const struct totals *expected, const struct totals *got)
{
    assert_int_equal(expected->persons, got->persons);
    assert_int_equal(expected->primaries, got->primaries);
    assert_int_equal(expected->aliases, got->aliases);
    assert_int_equal(expected->weak, got->weak);
    assert_int_equal(expected->originals, got->originals);
    assert_int_equal(expected->births, got->births);
    assert_int_equal(expected->stated_births, got->stated_births);
    assert_int_equal(expected->ranges, got->ranges);
    assert_int_equal(expected->circa, got->circa);
    assert_int_equal(expected->documents, got->documents);
    assert_int_equal(expected->bad, got->bad);
}

/* Every record goes through its JSON and back to the same bytes. */
static void assert_round_trips(const struct collect *collect)
{
    for (size_t i = 0; i < collect->count; i++) {
        struct people_record again = PEOPLE_RECORD_EMPTY;
        struct base_buffer json = BASE_BUFFER_EMPTY;
        assert_ok(people_record_encode(&collect->records[i], &json));
        assert_ok(people_record_decode(base_bytes_buffer(&json), &again)); /* compares the bytes */
        assert_int_equal(collect->records[i].name_count, again.name_count);
        people_record_release(&again);
        base_buffer_release(&json);
    }
}

static void assert_same_bytes(const struct collect *a, const struct collect *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        struct base_buffer first = BASE_BUFFER_EMPTY, second = BASE_BUFFER_EMPTY;
        assert_ok(people_record_encode(&a->records[i], &first));
        assert_ok(people_record_encode(&b->records[i], &second));
        assert_true(base_bytes_equal(base_bytes_buffer(&first), base_bytes_buffer(&second)));
        base_buffer_release(&first);
        base_buffer_release(&second);
    }
}

static struct collect import(enum people_format format, const char *path)
{
    struct collect collect = {0};
    enum people_format detected = PEOPLE_FORMAT_CSV;
    assert_ok(people_import_detect(path, &detected));
    assert_int_equal(format, detected);
    assert_ok(collect_run(&collect, format, path, NULL));
    return collect;
}

/* Twice, which must give the same bytes; the counts, the date and the round trip of each record. */
static void check(enum people_format format, const char *path, const char *list_date, const struct totals *expected)
{
    char kept[4096];
    snprintf(kept, sizeof kept, "%s", path);
    struct collect first = import(format, kept), second = import(format, kept);
    struct totals totals = totals_of(&first);
    assert_string_equal(list_date, first.facts.list_date);
    assert_int_equal(first.progress_total, first.progress_done);
    assert_totals(expected, &totals);
    assert_round_trips(&first);
    assert_same_bytes(&first, &second);
    collect_release(&first);
    collect_release(&second);
}

static void test_un(void **state)
{
    (void)state;
    const char *path = test_shared_path("lists/un-2018-06-07.xml");
    if (path == NULL)
        test_skip("../shared is not here");
    const struct totals expected = {.persons = 693, .primaries = 693, .aliases = 1497, .weak = 573, .originals = 367, .births = 819,
                                    .stated_births = 63, .ranges = 32, .circa = 129, .documents = 388};
    check(PEOPLE_FORMAT_UN_XML, path, "2018-06-07", &expected);
}

static void test_uk(void **state)
{
    (void)state;
    const char *path = test_shared_path("lists/uk-2018-04-13.csv.gz");
    if (path == NULL)
        test_skip("../shared is not here");
    const struct totals expected = {.persons = 1426, .primaries = 1426, .aliases = 2713, .births = 1478, .documents = 512};
    check(PEOPLE_FORMAT_UK_CSV, path, "2018-04-13", &expected);
}

static void test_ofac(void **state)
{
    (void)state;
    const char *path = test_shared_path("lists/ofac-2019-01/sdn.csv");
    if (path == NULL)
        test_skip("../shared is not here");
    const struct totals expected = {.persons = 3845, .primaries = 3845, .aliases = 5218, .weak = 1587, .births = 4274, .ranges = 95,
                                    .circa = 81, .documents = 3025};
    check(PEOPLE_FORMAT_OFAC_CSV, path, "", &expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_un), cmocka_unit_test(test_uk), cmocka_unit_test(test_ofac)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
