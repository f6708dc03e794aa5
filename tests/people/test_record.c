/* SPDX-License-Identifier: Apache-2.0 */
#include "people/record.h"
#include "support/test.h"

#define T(text) base_bytes_text(text)
#define NOTHING base_bytes_of(NULL, 0)

static struct people_day day(int year, int month, int dom)
{
    return (struct people_day){(int16_t)year, (uint8_t)month, (uint8_t)dom};
}

static void fill(struct people_record *record)
{
    assert_ok(people_record_set_key(record, T(" K-1 ")));
    assert_ok(people_record_set_programme(record, T("Orchard")));
    record->sex = 'f';
    assert_ok(people_record_add_name(record, PEOPLE_NAME_PRIMARY, T("Quince  \"Q\"\n Medlar\\")));
    assert_ok(people_record_add_name(record, PEOPLE_NAME_ALIAS, T("Medlar Q.")));
    assert_ok(people_record_add_name(record, PEOPLE_NAME_WEAK, T("The Pear")));
    assert_ok(people_record_add_name(record, PEOPLE_NAME_ORIGINAL, T("Царнаев")));
    assert_ok(people_record_add_birth(record, day(1975, 6, 14), day(1975, 6, 14), false, NOTHING));
    assert_ok(people_record_add_birth(record, day(1958, 0, 0), day(1963, 0, 0), true, T("passport A1")));
    assert_ok(people_record_add_document(record, T("Passport"), T("A1"), T("Ruritania"), T("expired")));
    assert_ok(people_record_add_document(record, NOTHING, T("77-1"), NOTHING, NOTHING));
    assert_ok(people_record_add_place(record, PEOPLE_PLACE_BIRTH, T("Pear Hill"), T("Ruritania")));
    assert_ok(people_record_add_place(record, PEOPLE_PLACE_ADDRESS, T("1 Plum St"), NOTHING));
    assert_ok(people_texts_add(&record->nationalities, T("Ruritania")));
    assert_ok(people_texts_add(&record->titles, T("Dr")));
    assert_ok(people_texts_add(&record->remarks, T("Invented.")));
}

static const char full_json[] =
    "{\"entente\":{\"births\":[{\"circa\":true,\"from\":\"1958\",\"statedBy\":\"passport A1\",\"to\":\"1963\"},"
    "{\"from\":\"1975-06-14\"}],"
    "\"documents\":[{\"country\":\"Ruritania\",\"note\":\"expired\",\"number\":\"A1\",\"type\":\"Passport\"},"
    "{\"number\":\"77-1\"}],"
    "\"names\":[{\"kind\":\"alias\",\"script\":\"Latn\",\"text\":\"Medlar Q.\"},"
    "{\"kind\":\"original\",\"script\":\"Cyrl\",\"text\":\"Царнаев\"},"
    "{\"kind\":\"primary\",\"script\":\"Latn\",\"text\":\"Quince \\\"Q\\\" Medlar\\\\\"},"
    "{\"kind\":\"weak\",\"script\":\"Latn\",\"text\":\"The Pear\"}],"
    "\"places\":[{\"country\":\"Ruritania\",\"kind\":\"birth\",\"text\":\"Pear Hill\"},"
    "{\"kind\":\"address\",\"text\":\"1 Plum St\"}]},"
    "\"id\":\"K-1\",\"properties\":{\"address\":[\"1 Plum St\"],\"alias\":[\"Medlar Q.\"],"
    "\"birthDate\":[\"1958\",\"1963\",\"1975-06-14\"],\"birthPlace\":[\"Pear Hill, Ruritania\"],"
    "\"gender\":[\"female\"],\"idNumber\":[\"77-1\"],\"name\":[\"Quince \\\"Q\\\" Medlar\\\\\",\"Царнаев\"],"
    "\"nationality\":[\"Ruritania\"],\"notes\":[\"Invented.\"],\"passportNumber\":[\"A1\"],"
    "\"program\":[\"Orchard\"],\"title\":[\"Dr\"],\"weakAlias\":[\"The Pear\"]},\"schema\":\"Person\"}";

static void test_encode_gives_the_documented_bytes(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    fill(&record);
    assert_ok(people_record_encode(&record, &out));
    assert_string_equal(full_json, base_buffer_c_string(&out));
    base_buffer_release(&out);
    people_record_release(&record);
}

static void test_decode_gives_the_record_back(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_record_decode(T(full_json), &record));
    assert_string_equal("K-1", record.source_key);
    assert_string_equal("Orchard", record.programme);
    assert_int_equal('f', record.sex);
    assert_int_equal(4, record.name_count);
    assert_int_equal(PEOPLE_NAME_ORIGINAL, record.names[1].kind);
    assert_string_equal("Cyrl", record.names[1].script);
    assert_int_equal(2, record.birth_count);
    assert_true(record.births[0].is_circa);
    assert_int_equal(1963, record.births[0].to.year);
    assert_string_equal("passport A1", record.births[0].stated_by);
    assert_int_equal(PEOPLE_DAY, people_date_precision(&record.births[1]));
    assert_null(record.documents[1].type);
    assert_string_equal("Pear Hill", record.places[0].text);
    assert_int_equal(1, record.titles.count);
    assert_int_equal(1, record.remarks.count);
    people_record_release(&record);
    assert_null(record.names);
}

static void test_order_of_adding_does_not_show(void **state)
{
    (void)state;
    struct people_record first = PEOPLE_RECORD_EMPTY, second = PEOPLE_RECORD_EMPTY;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    fill(&first);
    assert_ok(people_texts_add(&second.titles, T("Dr")));
    assert_ok(people_record_add_name(&second, PEOPLE_NAME_ORIGINAL, T("Царнаев")));
    assert_ok(people_record_add_birth(&second, day(1958, 0, 0), day(1963, 0, 0), true, T("passport A1")));
    assert_ok(people_record_merge(&second, &first));
    assert_ok(people_record_merge(&second, &first));
    assert_ok(people_record_encode(&second, &out));
    assert_string_equal(full_json, base_buffer_c_string(&out));
    base_buffer_release(&out);
    people_record_release(&first);
    people_record_release(&second);
}

static void test_an_empty_record_goes_round(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, T("k")));
    assert_ok(people_record_encode(&record, &out));
    assert_string_equal("{\"entente\":{},\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"}",
                        base_buffer_c_string(&out));
    people_record_release(&record);
    assert_ok(people_record_decode(base_bytes_buffer(&out), &record));
    assert_string_equal("k", record.source_key);
    people_record_release(&record);
    base_buffer_release(&out);
}

static void test_decode_refuses(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *json;
    } bad[] = {
        {BASE_E_FORMAT, ""},
        {BASE_E_FORMAT, "[]"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"properties\":{},\"schema\":\"Company\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"} "},
        {BASE_E_FORMAT, "{\"id\":\"k\",\"entente\":{},\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"more\":1,\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k  k\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"names\":[]},\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"names\":{}},\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"names\":[1]},\"id\":\"k\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"names\":[{\"kind\":\"nick\",\"script\":\"Latn\",\"text\":\"A\"}]},"
                        "\"id\":\"k\",\"properties\":{\"alias\":[\"A\"]},\"schema\":\"Person\"}"},
        /* the script is not the one of the letters */
        {BASE_E_FORMAT, "{\"entente\":{\"names\":[{\"kind\":\"alias\",\"script\":\"Cyrl\",\"text\":\"A\"}]},"
                        "\"id\":\"k\",\"properties\":{\"alias\":[\"A\"]},\"schema\":\"Person\"}"},
        /* the two halves disagree */
        {BASE_E_FORMAT, "{\"entente\":{\"names\":[{\"kind\":\"alias\",\"script\":\"Latn\",\"text\":\"A\"}]},"
                        "\"id\":\"k\",\"properties\":{\"alias\":[\"B\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"births\":[{\"from\":\"1975-02-30\"}]},\"id\":\"k\","
                        "\"properties\":{\"birthDate\":[\"1975-02-30\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"births\":[{\"from\":\"1975-6\"}]},\"id\":\"k\","
                        "\"properties\":{\"birthDate\":[\"1975-6\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"births\":[{\"from\":\"1975\",\"to\":\"1974\"}]},\"id\":\"k\","
                        "\"properties\":{\"birthDate\":[\"1974\",\"1975\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{\"births\":[{\"circa\":false,\"from\":\"1975\"}]},\"id\":\"k\","
                        "\"properties\":{\"birthDate\":[\"1975\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"properties\":{\"gender\":[\"other\"]},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"k\",\"properties\":{\"title\":\"Dr\"},\"schema\":\"Person\"}"},
        {BASE_E_FORMAT, "{\"entente\":{},\"id\":\"a\\u0000b\",\"properties\":{},\"schema\":\"Person\"}"},
        {BASE_E_ENCODING, "{\"entente\":{},\"id\":\"\xff\",\"properties\":{},\"schema\":\"Person\"}"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        assert_fails(bad[i].code, people_record_decode(T(bad[i].json), &record));
        assert_null(record.source_key);
    }
}

static void test_decode_refuses_every_cut(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof full_json - 1; len++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = people_record_decode(base_bytes_of(full_json, len), &record);
        assert_true(code == BASE_E_FORMAT || code == BASE_E_ENCODING);
    }
}

static void test_decode_limits_the_number_of_items(void **state)
{
    (void)state;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(base_buffer_text(&json, "{\"entente\":{},\"id\":\"k\",\"properties\":{\"notes\":[\"0\""));
    for (int i = 1; i <= PEOPLE_ITEMS_MAX; i++)
        assert_ok(base_buffer_format(&json, ",\"%d\"", i));
    assert_ok(base_buffer_text(&json, "]},\"schema\":\"Person\"}"));
    assert_fails(BASE_E_LIMIT, people_record_decode(base_bytes_buffer(&json), &record));
    base_buffer_release(&json);
}

static void test_texts_are_cleaned(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, T("\t Jose\xcc\x81 \xc2\xa0\r\n\xe3\x80\x80 Fig\xe2\x80\xa8")));
    assert_string_equal("Jos\xc3\xa9 Fig", record.names[0].text);
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, T("Jos\xc3\xa9 Fig")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, T(" \n\xc2\xa0 ")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, NOTHING));
    assert_int_equal(1, record.name_count);
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_WEAK, T("Jos\xc3\xa9 Fig")));
    assert_int_equal(2, record.name_count);
    assert_fails(BASE_E_ENCODING, people_record_add_name(&record, PEOPLE_NAME_ALIAS, T("\xff")));
    assert_fails(BASE_E_ENCODING, people_record_add_name(&record, PEOPLE_NAME_ALIAS, base_bytes_of("a\0b", 3)));
    assert_ok(people_record_set_key(&record, T("k")));
    assert_ok(people_record_set_key(&record, T("  ")));
    assert_string_equal("k", record.source_key);
    people_record_release(&record);
}

static void test_limits(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    char *text = calloc(1, 5 * PEOPLE_TEXT_MAX);
    assert_non_null(text);
    memset(text, 'a', PEOPLE_TEXT_MAX);
    assert_ok(people_texts_add(&record.remarks, T(text)));
    text[PEOPLE_TEXT_MAX] = 'a';
    assert_fails(BASE_E_LIMIT, people_texts_add(&record.remarks, T(text)));
    memset(text, ' ', 4 * PEOPLE_TEXT_MAX + 1);
    assert_fails(BASE_E_LIMIT, people_texts_add(&record.remarks, T(text)));
    free(text);
    for (int i = 0; i < PEOPLE_ITEMS_MAX; i++) {
        char number[16];
        snprintf(number, sizeof number, "n%d", i);
        assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, T(number)));
        assert_ok(people_record_add_document(&record, NOTHING, T(number), NOTHING, NOTHING));
        assert_ok(people_record_add_place(&record, PEOPLE_PLACE_BIRTH, T(number), NOTHING));
        assert_ok(people_record_add_birth(&record, day(1000 + i, 0, 0), day(1000 + i, 0, 0), false, NOTHING));
        assert_ok(people_texts_add(&record.titles, T(number)));
    }
    assert_fails(BASE_E_LIMIT, people_record_add_name(&record, PEOPLE_NAME_ALIAS, T("more")));
    assert_fails(BASE_E_LIMIT, people_record_add_document(&record, T("t"), T("more"), NOTHING, NOTHING));
    assert_fails(BASE_E_LIMIT, people_record_add_place(&record, PEOPLE_PLACE_BIRTH, T("more"), NOTHING));
    assert_fails(BASE_E_LIMIT, people_record_add_birth(&record, day(999, 0, 0), day(999, 0, 0), false, T("x")));
    assert_fails(BASE_E_LIMIT, people_texts_add(&record.titles, T("more")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, T("n7"))); /* a repeat is no more */
    people_record_release(&record);
}

static void test_births(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    static const struct people_day bad[] = {{0, 1, 1}, {1975, 13, 1}, {1975, 2, 29}, {1975, 0, 4}, {1975, 4, 31}, {-5, 0, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(BASE_E_RANGE, people_record_add_birth(&record, bad[i], bad[i], false, NOTHING));
    assert_fails(BASE_E_RANGE, people_record_add_birth(&record, day(1976, 0, 0), day(1975, 0, 0), false, NOTHING));
    assert_fails(BASE_E_RANGE, people_record_add_birth(&record, day(1975, 7, 0), day(1975, 6, 30), false, NOTHING));
    assert_ok(people_record_add_birth(&record, day(1976, 2, 29), day(1976, 2, 29), false, NOTHING));
    assert_ok(people_record_add_birth(&record, day(1976, 2, 29), day(1976, 2, 29), false, NOTHING));
    assert_ok(people_record_add_birth(&record, day(1976, 2, 29), day(1976, 0, 0), false, NOTHING));
    assert_ok(people_record_add_birth(&record, day(1976, 2, 0), day(1976, 2, 0), true, T("UK")));
    assert_ok(people_record_add_birth(&record, day(1976, 0, 0), day(1976, 0, 0), true, T("US")));
    assert_int_equal(4, record.birth_count);
    assert_int_equal(PEOPLE_DAY, people_date_precision(&record.births[0]));
    assert_int_equal(PEOPLE_RANGE, people_date_precision(&record.births[1]));
    assert_int_equal(PEOPLE_MONTH, people_date_precision(&record.births[2]));
    assert_int_equal(PEOPLE_YEAR, people_date_precision(&record.births[3]));
    people_record_release(&record);
}

static void test_a_place_of_which_only_the_country_is_known(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_record_add_place(&record, PEOPLE_PLACE_ADDRESS, T(" "), T("Ruritania")));
    assert_ok(people_record_add_place(&record, PEOPLE_PLACE_ADDRESS, NOTHING, NOTHING));
    assert_ok(people_record_add_document(&record, T("Passport"), T(" "), T("Ruritania"), NOTHING));
    assert_int_equal(1, record.place_count);
    assert_int_equal(0, record.document_count);
    assert_string_equal("Ruritania", record.places[0].text);
    assert_null(record.places[0].country);
    people_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encode_gives_the_documented_bytes),
        cmocka_unit_test(test_decode_gives_the_record_back),
        cmocka_unit_test(test_order_of_adding_does_not_show),
        cmocka_unit_test(test_an_empty_record_goes_round),
        cmocka_unit_test(test_decode_refuses),
        cmocka_unit_test(test_decode_refuses_every_cut),
        cmocka_unit_test(test_decode_limits_the_number_of_items),
        cmocka_unit_test(test_texts_are_cleaned),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_births),
        cmocka_unit_test(test_a_place_of_which_only_the_country_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
