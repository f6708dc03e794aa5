/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

#define REST ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"

static const char sdn[] =
    "10,\"FRUIT LTD\",-0- ,\"ORCHARD\",-0- " REST "-0- \r\n"
    "20,\"MEDLAR, Quince\",\"individual\",\"ORCHARD] [PLUM\",\"Head Gardener\"" REST
    "\"DOB 14 Jun 1975; alt. DOB circa 1974; alt. DOB 1958 to 1963; alt. DOB 01 Jan 1960 to 31 Dec 1962; POB Pip, Ruritania; "
    "nationality Ruritania; alt. citizen Fenland; Gender Female; Passport R4477 (Ruritania) expires 2011; alt. Passport B5588; "
    "National ID No. 77-1 (Fenland); a.k.a. 'THE PEAR'; a.k.a. ''ABU PLUM'; DOB sometime; Linked To: FRUIT LTD; "
    "alt. DOB 03 Ju\"\r\n"
    "30,\"FIG\",\"individual\",\"PLUM\",-0- " REST "-0- \r\n";
static const char alt[] = "10,1,\"aka\",\"FRUIT\",-0- \r\n20,2,\"aka\",\"MEDLAR, Q.\",-0- \r\n20,3,\"fka\",\"QUINCE\",-0- \r\n";
static const char add[] = "10,1,\"1 Plum St\",\"Pip\",\"Ruritania\",-0- \r\n20,2,\"2 Plum St\",\"Pip 77\",\"Ruritania\",-0- \r\n"
                          "30,3,-0- ,-0- ,-0- ,-0- \r\n";
static const char comments[] = "20,\"n 1973; F.I.G. unknown.\"\r\n\x1a";

struct set {
    const char *sdn, *alt, *add, *comments;
};

static enum base_code run(struct collect *collect, struct set set)
{
    struct people_import_sink sink = collect_sink(collect);
    struct people_job job = {.sink = &sink, .facts = &collect->facts};
    struct people_ofac_streams in;
    people_stream_over(&in.sdn, base_bytes_text(set.sdn), "sdn.csv");
    people_stream_over(&in.alt, base_bytes_text(set.alt), "alt.csv");
    people_stream_over(&in.add, base_bytes_text(set.add), "add.csv");
    people_stream_over(&in.comments, base_bytes_text(set.comments), "sdn_comments.csv");
    enum base_code code = people_import_ofac(&in, &job);
    return code == BASE_OK ? people_job_check(&job) : code;
}

static void test_four_files_make_one_person(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(run(&collect, (struct set){sdn, alt, add, comments}));
    assert_int_equal(2, collect.count);
    assert_int_equal(0, collect.bad_count);
    const struct people_record *record = collect_find(&collect, "20");
    assert_non_null(record);
    assert_int_equal(5, record->name_count);
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Quince MEDLAR"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Q. MEDLAR"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "QUINCE"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "THE PEAR"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "'ABU PLUM"));
    assert_int_equal(5, record->birth_count);
    assert_true(has_birth(record, 19750614, 19750614, false));
    assert_true(has_birth(record, 19740000, 19740000, true));
    assert_true(has_birth(record, 19580000, 19630000, false));
    assert_true(has_birth(record, 19600101, 19621231, false));
    assert_true(has_birth(record, 19730603, 19730603, false)); /* cut between the two files */
    assert_true(has_text(&record->remarks, "Born: sometime"));
    assert_true(has_text(&record->remarks, "Linked To: FRUIT LTD"));
    assert_true(has_text(&record->remarks, "F.I.G. unknown"));
    assert_string_equal("ORCHARD, PLUM", record->programme);
    assert_string_equal("Head Gardener", record->titles.items[0]);
    assert_int_equal('f', record->sex);
    assert_int_equal(2, record->nationalities.count);
    assert_int_equal(3, record->document_count);
    assert_string_equal("R4477", record->documents[0].number);
    assert_string_equal("Ruritania", record->documents[0].country);
    assert_string_equal("expires 2011", record->documents[0].note);
    assert_string_equal("National ID No.", record->documents[2].type);
    assert_int_equal(2, record->place_count);
    assert_string_equal("2 Plum St, Pip 77", record->places[1].text);
    collect_release(&collect);
}

static void fails_with(enum base_code expected, struct set set)
{
    struct collect collect = {0};
    assert_fails(expected, run(&collect, set));
    collect_release(&collect);
}

static void test_cut_files(void **state)
{
    (void)state;
    fails_with(BASE_E_TRUNCATED, (struct set){"", alt, add, comments});
    fails_with(BASE_E_TRUNCATED, (struct set){"20,\"MEDLAR\",\"individual\"", alt, add, comments});
    fails_with(BASE_E_TRUNCATED, (struct set){sdn, "20,2,\"aka\",\"MEDLAR", add, comments});
    fails_with(BASE_E_TRUNCATED, (struct set){sdn, "20,2,\"aka\",\"MEDLAR\"", add, comments});
    fails_with(BASE_E_TRUNCATED, (struct set){sdn, alt, "20,2,-0- ,-0- ,-0- ,", comments});
    fails_with(BASE_E_TRUNCATED, (struct set){sdn, alt, add, "20,\"n 1973"});
    fails_with(BASE_E_FORMAT, (struct set){sdn, alt, add, "\x1a\n20,\"n 1973\"\r\n"});
    fails_with(BASE_E_FORMAT, (struct set){sdn, alt, add, "30,\"a\"\r\n20,\"b\"\r\n"});
    /* whole, though the last line end is missing or the last mark is clipped */
    struct collect collect = {0};
    assert_ok(run(&collect, (struct set){sdn, "20,2,\"aka\",\"MEDLAR, Q.\",-0-", "20,2,-0- ,-0- ,\"Ruritania\",-0", "20,\"n 1973.\""}));
    collect_release(&collect);
}

static void test_bad_rows(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(run(&collect, (struct set){sdn, "x,2,\"aka\",\"A\",-0- \r\n99999999999,2,\"aka\",\"A\",-0- \r\n20,1\r\n20,4,\"aka\",\"QUIN\",-0- \r\n",
                                         add, comments}));
    assert_int_equal(3, collect.bad_count);
    assert_string_equal("alt.csv", collect.bad_file);
    assert_int_equal(3, collect.bad_line);
    assert_string_equal("too few columns", collect.bad_reason);
    assert_true(has_name(collect_find(&collect, "20"), PEOPLE_NAME_ALIAS, "QUIN"));
    collect_release(&collect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_four_files_make_one_person),
                                       cmocka_unit_test(test_cut_files), cmocka_unit_test(test_bad_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
