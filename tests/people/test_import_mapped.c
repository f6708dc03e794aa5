/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"
#include "people/mapping.h"

#define V1 "mapping: entente/mapping/v1\n"

static const char mapping[] = "# a comment\n\n" V1 "separator: semicolon\ncomment: #\nskip-lines: 1\nonly: Kind = Person\n"
                              "key: No\nname: Given + Family\nalias: Aka split |\noriginal-name: Orig\nweak-alias: Weak\n"
                              "birth: Born split |\nbirth-place: POB\naddress: Addr\nnationality: Nat split /\nsex: Sex\n"
                              "passport: Pass\nid-number: Id\nprogramme: Prog\ntitle: Title\nremark: Rem\r\n";
static const char rows[] = "A title line; with anything\n"
                           "No;Kind;Given;Family;Aka;Orig;Weak;Born;POB;Addr;Nat;Sex;Pass;Id;Prog;Title;Rem\n"
                           "# a comment;\n"
                           "1;Person;Quince;Medlar;Q|Quin;Айва;Pear;14.06.1975 | 1974;Pip;1 Plum St;ru/fe;F;R1;7-7;Orchard;Dr;x\n"
                           "2;Company;Fruit;Ltd;;;;;;;;;;;;;\n"
                           "3;Person;;Fig;;;;soon;;;;;;;;;";

static void test_every_field(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_CSV, rows, mapping));
    assert_int_equal(2, collect.count);
    const struct people_record *record = collect_find(&collect, "1");
    assert_non_null(record);
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Quince Medlar"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Quin"));
    assert_true(has_name(record, PEOPLE_NAME_ORIGINAL, "Айва"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "Pear"));
    assert_int_equal(2, record->birth_count);
    assert_true(has_birth(record, 19750614, 19750614, false));
    assert_int_equal(2, record->place_count);
    assert_int_equal(2, record->nationalities.count);
    assert_int_equal('f', record->sex);
    assert_int_equal(2, record->document_count);
    assert_string_equal("Orchard", record->programme);
    assert_int_equal(1, record->titles.count);
    assert_true(has_text(&record->remarks, "x"));
    assert_true(has_text(&collect_find(&collect, "3")->remarks, "Born: soon"));
    collect_release(&collect);
}

static void test_columns_by_number(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_CSV, "1\tFig\t03/04/1975\n2\tQu\xedn\t\n",
                           V1 "encoding: windows-1252\nseparator: tab\nheader: no\ndate-order: month-day\n"
                              "key: #1\nname: #2\nbirth: #3\n"));
    assert_true(has_birth(collect_find(&collect, "1"), 19750304, 19750304, false));
    assert_true(has_name(collect_find(&collect, "2"), PEOPLE_NAME_PRIMARY, "Quín"));
    collect_release(&collect);
}

static void fails_with(enum base_code expected, const char *text, const char *mapping_text)
{
    struct collect collect = {0};
    assert_fails(expected, collect_text(&collect, PEOPLE_FORMAT_CSV, text, mapping_text));
    collect_release(&collect);
}

static void test_refuses_files(void **state)
{
    (void)state;
    static const char simple[] = V1 "key: No\nname: Name\n";
    fails_with(BASE_E_TRUNCATED, "", simple);
    fails_with(BASE_E_TRUNCATED, "No,Name\n", simple);
    fails_with(BASE_E_TRUNCATED, "No,Name\n1,Fig\n2", simple);
    fails_with(BASE_E_TRUNCATED, "No,Name\n1,\"Fig", simple);
    fails_with(BASE_E_FORMAT, "Nr,Name\n1,Fig\n", simple);
    fails_with(BASE_E_FORMAT, "No,Name\n1\n2\n3,Fig\n", simple);
    fails_with(BASE_E_FORMAT, "No,Name\n1,\xff\n", simple); /* every row bad */
}

static void test_refuses_mappings(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *text;
    } bad[] = {
        {BASE_E_FORMAT, ""},
        {BASE_E_FORMAT, "key: No\nname: Name\n"},
        {BASE_E_VERSION, "mapping: entente/mapping/v2\nkey: No\nname: Name\n"},
        {BASE_E_FORMAT, V1 "key: No\n"},
        {BASE_E_FORMAT, V1 "name: Name\n"},
        {BASE_E_FORMAT, V1 "key: No\nkey: Nr\nname: Name\n"},
        {BASE_E_FORMAT, V1 "key: No\nname: Name\nfavourite-fruit: Fruit\n"},
        {BASE_E_FORMAT, V1 "key\n"},
        {BASE_E_FORMAT, V1 "key:\n"},
        {BASE_E_FORMAT, V1 "key: No + \n"},
        {BASE_E_FORMAT, V1 "key: No + + Nr\n"},
        {BASE_E_FORMAT, V1 "alias: A split ;;\n"},
        {BASE_E_FORMAT, V1 "separator: \"\n"},
        {BASE_E_FORMAT, V1 "encoding: latin-2\n"},
        {BASE_E_FORMAT, V1 "header: perhaps\n"},
        {BASE_E_FORMAT, V1 "skip-lines: -1\n"},
        {BASE_E_FORMAT, V1 "skip-lines: 1001\n"},
        {BASE_E_FORMAT, V1 "date-order: year-month\n"},
        {BASE_E_FORMAT, V1 "only: Kind\n"},
        {BASE_E_FORMAT, V1 "only: = Person\n"},
        {BASE_E_LIMIT, V1 "name: 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9\n"},
        {BASE_E_ENCODING, V1 "key: \xff\n"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct people_mapping out;
        enum base_code code = people_mapping_parse(base_bytes_text(bad[i].text), &out);
        if (code != bad[i].code)
            fail_msg("mapping %zu gave %s (%s)", i, base_code_word(code), base_detail());
    }
}

static void test_limits_of_mappings(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct people_mapping out;
    assert_ok(base_buffer_text(&text, V1));
    for (int i = 0; i <= PEOPLE_MAPPING_FIELDS_MAX; i++)
        assert_ok(base_buffer_text(&text, "alias: A\n"));
    assert_fails(BASE_E_LIMIT, people_mapping_parse(base_bytes_buffer(&text), &out));
    base_buffer_clear(&text);
    assert_ok(base_buffer_text(&text, V1 "key: "));
    for (int i = 0; i < 1100; i++)
        assert_ok(base_buffer_text(&text, "k"));
    assert_fails(BASE_E_LIMIT, people_mapping_parse(base_bytes_buffer(&text), &out));
    base_buffer_release(&text);
}

static void load_demo(struct collect *collect, const char *side)
{
    char list[4096], mapping_path[4096], relative[64];
    snprintf(relative, sizeof relative, "examples/demo/%s.csv", side);
    assert_non_null(test_source_path(relative));
    snprintf(list, sizeof list, "%s", test_source_path(relative));
    snprintf(relative, sizeof relative, "examples/demo/%s.mapping", side);
    assert_non_null(test_source_path(relative));
    snprintf(mapping_path, sizeof mapping_path, "%s", test_source_path(relative));
    assert_ok(collect_run(collect, PEOPLE_FORMAT_CSV, list, mapping_path));
    assert_int_equal(60, collect->count);
    assert_int_equal(0, collect->bad_count);
    for (size_t i = 0; i < collect->count; i++) {
        assert_int_not_equal(0, collect->records[i].birth_count);
        assert_int_equal(0, collect->records[i].remarks.count); /* every date was understood */
    }
}

static void test_the_demo_lists(void **state)
{
    (void)state;
    struct collect north = {0}, south = {0};
    load_demo(&north, "north");
    load_demo(&south, "south");
    assert_true(has_name(collect_find(&north, "N-032"), PEOPLE_NAME_PRIMARY, "Yaroslav YABLOCHNYY"));
    assert_true(has_name(collect_find(&south, "S/049"), PEOPLE_NAME_PRIMARY, "Яблочный Ярослав"));
    assert_string_equal("Cyrl", collect_find(&south, "S/049")->names[0].script);
    assert_int_equal(2, collect_find(&south, "S/022")->birth_count);
    collect_release(&north);
    collect_release(&south);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field),      cmocka_unit_test(test_columns_by_number),
        cmocka_unit_test(test_refuses_files),    cmocka_unit_test(test_refuses_mappings),
        cmocka_unit_test(test_limits_of_mappings), cmocka_unit_test(test_the_demo_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
