/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

static const char whole[] =
    "{\"id\":\"a\",\"schema\":\"Person\",\"caption\":\"x\",\"properties\":{\"name\":[\"Quince Medlar\",\"Айва\"],"
    "\"alias\":[\"Q. Medlar\"],\"weakAlias\":[\"The Pear\"],\"previousName\":[\"Quin\"],\"birthDate\":[\"1975-06\",\"1974\",\"soon\"],"
    "\"nationality\":[\"ru\"],\"citizenship\":[\"fe\"],\"passportNumber\":[\"R4477\"],\"innCode\":[\"77\"],\"gender\":[\"female\"],"
    "\"birthPlace\":[\"Pip\"],\"birthCountry\":[\"ru\"],\"address\":[\"1 Plum St\"],\"position\":[\"Gardener\"],\"title\":[\"Dr\"],"
    "\"notes\":[\"Invented.\"],\"program\":[\"Orchard\"]}}\n"
    "{\"id\":\"b\",\"schema\":\"Company\",\"properties\":{\"name\":[\"Fruit Ltd\"]}}\n"
    "\n"
    "{\"id\":\"c\",\"schema\":\"Person\",\"properties\":{\"firstName\":[\"Tom\"],\"lastName\":[\"Fig\"]}}\n";

static void test_entities(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_FTM, whole, NULL));
    assert_int_equal(2, collect.count);
    assert_int_equal(3, collect.facts.rows);
    const struct people_record *record = collect_find(&collect, "a");
    assert_non_null(record);
    assert_int_equal(5, record->name_count);
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Айва"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Quin"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "The Pear"));
    assert_int_equal(2, record->birth_count);
    assert_true(has_birth(record, 19750600, 19750600, false));
    assert_true(has_text(&record->remarks, "Born: soon"));
    assert_true(has_text(&record->remarks, "Position: Gardener"));
    assert_int_equal(2, record->nationalities.count);
    assert_int_equal(2, record->document_count);
    assert_string_equal("INN", record->documents[1].type);
    assert_int_equal(3, record->place_count);
    assert_string_equal("Orchard", record->programme);
    assert_int_equal('f', record->sex);
    assert_true(has_name(collect_find(&collect, "c"), PEOPLE_NAME_PRIMARY, "Tom Fig"));
    collect_release(&collect);
}

/* What people_record_encode() wrote comes back whole, which the properties alone could not give. */
static void test_own_records_come_back_whole(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer line = BASE_BUFFER_EMPTY, again = BASE_BUFFER_EMPTY;
    struct people_day from = {1958, 0, 0}, to = {1963, 0, 0};
    assert_ok(people_record_set_key(&record, base_bytes_text("k")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Айва")));
    assert_ok(people_record_add_birth(&record, from, to, true, base_bytes_text("passport")));
    assert_ok(people_record_encode(&record, &line));
    struct collect collect = {0};
    assert_ok(collect_bytes(&collect, PEOPLE_FORMAT_FTM, base_bytes_buffer(&line), NULL)); /* no line end: still whole */
    assert_int_equal(1, collect.count);
    assert_ok(people_record_encode(&collect.records[0], &again));
    assert_string_equal(base_buffer_c_string(&line), base_buffer_c_string(&again));
    collect_release(&collect);
    people_record_release(&record);
    base_buffer_release(&line);
    base_buffer_release(&again);
}

static void test_every_cut_of_the_last_line(void **state)
{
    (void)state;
    size_t last = sizeof whole - 2;
    while (whole[last - 1] != '\n')
        last--;
    for (size_t len = last + 1; len < sizeof whole - 2; len++) {
        struct collect collect = {0};
        assert_fails(BASE_E_TRUNCATED, collect_bytes(&collect, PEOPLE_FORMAT_FTM, base_bytes_of(whole, len), NULL));
        collect_release(&collect);
    }
}

static void test_bad_lines(void **state)
{
    (void)state;
    struct collect collect = {0};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, whole));
    assert_ok(base_buffer_text(&text, whole));
    assert_ok(base_buffer_text(&text, "not JSON\n{\"id\":\"d\"}\n[1]\n{\"id\":\"e\",\"schema\":\"Person\"}\n"));
    assert_ok(collect_bytes(&collect, PEOPLE_FORMAT_FTM, base_bytes_buffer(&text), NULL));
    assert_int_equal(2, collect.count);
    assert_int_equal(4, collect.bad_count);
    assert_int_equal(12, collect.bad_line);
    assert_string_equal("no name", collect.bad_reason);
    collect_release(&collect);
    base_buffer_release(&text);
}

static void test_a_line_over_the_limit_is_left_out(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, whole));
    assert_ok(base_buffer_reserve(&text, 5 << 20));
    memset(text.data + text.len, 'x', 5 << 20);
    text.len += 5 << 20;
    assert_ok(base_buffer_text(&text, "\n"));
    struct collect collect = {0};
    assert_ok(collect_bytes(&collect, PEOPLE_FORMAT_FTM, base_bytes_buffer(&text), NULL));
    assert_int_equal(2, collect.count);
    assert_string_equal("a line over 4 MiB", collect.bad_reason);
    collect_release(&collect);
    base_buffer_release(&text);
}

static void test_refuses(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_fails(BASE_E_TRUNCATED, collect_text(&collect, PEOPLE_FORMAT_FTM, "", NULL));
    assert_fails(BASE_E_FORMAT, collect_text(&collect, PEOPLE_FORMAT_FTM, "a\nb\n", NULL));
    collect_release(&collect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_own_records_come_back_whole),
        cmocka_unit_test(test_every_cut_of_the_last_line),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_a_line_over_the_limit_is_left_out),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
