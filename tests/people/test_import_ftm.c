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

/* One entity by itself may stand over several lines, and needs no key. */
static void test_one_entity(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum base_code code;
    } wrong[] = {{"", BASE_E_FORMAT},
                 {"[]", BASE_E_FORMAT},
                 {"{\"schema\":\"Company\",\"properties\":{\"name\":[\"Fruit Ltd\"]}}", BASE_E_FORMAT},
                 {"{\"schema\":\"Person\"}", BASE_E_FORMAT},
                 {"{\"schema\":\"Person\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A B\"]}}", BASE_E_FORMAT},
                 {"{\"schema\":\"Person\",\"properties\":{\"name\":[\"A B\"]}} x", BASE_E_FORMAT}};
    struct people_record record = PEOPLE_RECORD_EMPTY, again = PEOPLE_RECORD_EMPTY;
    struct base_buffer json = BASE_BUFFER_EMPTY, same = BASE_BUFFER_EMPTY;
    assert_ok(people_import_entity(base_bytes_text("{\n \"schema\": \"Person\",\n \"properties\":\n {\"name\": [\"Tom Fig\"]}\n}\n"), &record));
    assert_true(has_name(&record, PEOPLE_NAME_PRIMARY, "Tom Fig"));
    assert_null(record.source_key);
    assert_ok(people_record_set_key(&record, base_bytes_text("k")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Айва")));
    assert_ok(people_record_encode(&record, &json));
    assert_ok(people_import_entity(base_bytes_buffer(&json), &again));
    assert_ok(people_record_encode(&again, &same));
    assert_string_equal(base_buffer_c_string(&json), base_buffer_c_string(&same));
    people_record_release(&again);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_fails(wrong[i].code, people_import_entity(base_bytes_text(wrong[i].json), &again));
        people_record_release(&again);
    }
    base_buffer_clear(&json);
    while (json.len <= 1 << 22)
        assert_ok(base_buffer_text(&json, "                                                                "));
    assert_fails(BASE_E_LIMIT, people_import_entity(base_bytes_buffer(&json), &again));
    people_record_release(&record);
    base_buffer_release(&json);
    base_buffer_release(&same);
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

/* The only record of one entity with this property. */
static struct people_record taken(struct collect *collect, const char *property, const char *value)
{
    char text[512];
    snprintf(text, sizeof text, "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Fig\"],\"%s\":%s}}\n", property, value);
    assert_ok(collect_text(collect, PEOPLE_FORMAT_FTM, text, NULL));
    assert_int_equal(1, collect->count);
    return collect->records[0];
}

static void test_every_document_property(void **state)
{
    (void)state;
    static const char *const properties[][2] = {{"passportNumber", "Passport"}, {"idNumber", "Identification number"},
                                                {"taxNumber", "Tax number"}, {"innCode", "INN"},
                                                {"socialSecurityNumber", "Social security number"}};
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        struct collect collect = {0};
        struct people_record record = taken(&collect, properties[i][0], "[\"R1\",\"R2\",\"R1\",7,\"\"]");
        assert_int_equal(2, record.document_count); /* repeats and what is no text say nothing */
        assert_string_equal(properties[i][1], record.documents[0].type);
        assert_string_equal("R2", record.documents[1].number);
        assert_null(record.documents[1].country);
        collect_release(&collect);
    }
}

static void test_every_name_property(void **state)
{
    (void)state;
    static const struct {
        const char *property;
        enum people_name_kind kind;
    } names[] = {{"alias", PEOPLE_NAME_ALIAS}, {"previousName", PEOPLE_NAME_ALIAS}, {"weakAlias", PEOPLE_NAME_WEAK}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct collect collect = {0};
        struct people_record record = taken(&collect, names[i].property, "[\"The  Pear \"]");
        assert_int_equal(2, record.name_count);
        assert_true(has_name(&record, names[i].kind, "The Pear"));
        collect_release(&collect);
    }
    struct collect collect = {0}; /* the parts count only where there is no whole name */
    struct people_record record = taken(&collect, "lastName", "[\"Medlar\"]");
    assert_int_equal(1, record.name_count);
    collect_release(&collect);
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_FTM,
                           "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"lastName\":[\"E\"],\"fatherName\":[\"D\"],\"middleName\":[\"C\"],"
                           "\"secondName\":[\"B\"],\"firstName\":[\"A\",\"Z\"]}}\n", NULL));
    assert_string_equal("A B C D E", collect.records[0].names[0].text);
    collect_release(&collect);
}

static void test_properties_of_the_wrong_shape_say_nothing(void **state)
{
    (void)state;
    static const char *const properties[] = {"alias", "birthDate", "nationality", "citizenship", "gender", "birthPlace", "birthCountry",
                                             "address", "position", "title", "notes", "program", "idNumber"};
    static const char *const values[] = {"\"text\"", "[]", "[7]", "[null]", "[[\"x\"]]", "{\"0\":\"x\"}", "true", "[\"\"]"};
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
            struct collect collect = {0};
            struct people_record record = taken(&collect, properties[i], values[k]);
            assert_int_equal(1, record.name_count);
            assert_int_equal(0, record.birth_count + record.document_count + record.place_count + record.nationalities.count +
                                    record.titles.count + record.remarks.count);
            assert_int_equal(0, record.sex);
            assert_null(record.programme);
            collect_release(&collect);
        }
}

/* A record of this program that was touched is no longer its record: only the properties are believed. */
static void test_an_own_record_that_was_changed(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_FTM,
                           "{\"entente\":{\"names\":[{\"kind\":\"weak\",\"text\":\"The Pear\"}]},\"id\":\"a\",\"properties\":{\"name\":[\"Fig\"]},"
                           "\"schema\":\"Person\"}\n", NULL));
    assert_int_equal(1, collect.records[0].name_count);
    assert_true(has_name(&collect.records[0], PEOPLE_NAME_PRIMARY, "Fig"));
    collect_release(&collect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_document_property),
        cmocka_unit_test(test_every_name_property),
        cmocka_unit_test(test_properties_of_the_wrong_shape_say_nothing),
        cmocka_unit_test(test_an_own_record_that_was_changed),
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_own_records_come_back_whole),
        cmocka_unit_test(test_one_entity),
        cmocka_unit_test(test_every_cut_of_the_last_line),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_a_line_over_the_limit_is_left_out),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
