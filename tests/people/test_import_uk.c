/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

#define HEAD                                                                                                           \
    "Last Updated,13/04/2020,,\r\n"                                                                                    \
    "Name 6,Name 1,Name 2,Title,DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,Position,"   \
    "Address 1,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,Group ID\r\n"

static const char whole[] = HEAD
    " MEDLAR,Quince,of,Dr,00/00/1980,Pip,Ruritania,1) Ruritanian 2) Fenlander,(1) R 4477 (Ruritanian). Issued in 2003 "
    "(2) Passport No: B5588,none known,Gardener,1 Plum St,PL1,Ruritania,\x93Grows\x94 fruit,Individual,Prime Alias,"
    "Orchard,101\r\n"
    "MEDLAR,Qu\xedn,,,00/09/1981,,,,Passport no 4477,77-123,,,,,,Individual,AKA,Orchard,101\r\n"
    "FRUIT LTD,,,,,,,,,,,,,,,Entity,Prime Alias,Orchard,102\r\n"
    "FIG,Tom,,,14/06/1975,,,,,,,,,,,Individual,Prime Alias,Orchard,103\r\n"
    "MEDLAR,Quince,of,Dr,31/02/1980,,,,,,,,,,,Individual,Prime Alias,Orchard,101\r\n";

static void test_rows_of_one_person_come_together(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UK_CSV, whole, NULL));
    assert_int_equal(2, collect.count);
    assert_int_equal(5, collect.facts.rows);
    assert_int_equal(4, collect.facts.fragments);
    assert_string_equal("2020-04-13", collect.facts.list_date);
    const struct people_record *record = collect_find(&collect, "101");
    assert_non_null(record);
    assert_int_equal(2, record->name_count);
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Quince of MEDLAR"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Quín MEDLAR")); /* Windows-1252 */
    assert_int_equal(2, record->birth_count);
    assert_true(has_birth(record, 19800000, 19800000, false));
    assert_true(has_birth(record, 19810900, 19810900, false));
    assert_true(has_text(&record->remarks, "Born: 31/02/1980")); /* a day that is not keeps the person */
    assert_true(has_text(&record->remarks, "“Grows” fruit"));
    assert_true(has_text(&record->remarks, "Position: Gardener"));
    assert_true(has_text(&record->remarks, "Document: none known"));
    assert_int_equal(2, record->nationalities.count);
    assert_true(has_text(&record->nationalities, "Fenlander"));
    assert_int_equal(4, record->document_count);
    assert_string_equal("4477", record->documents[0].number);
    assert_string_equal("Ruritanian", record->documents[0].country);
    assert_string_equal("R 4477 (Ruritanian). Issued in 2003", record->documents[0].note);
    assert_string_equal("B5588", record->documents[1].number);
    assert_string_equal("77-123", record->documents[3].number);
    assert_null(record->documents[3].note);
    assert_int_equal(2, record->place_count);
    assert_string_equal("1 Plum St, PL1", record->places[1].text);
    collect_release(&collect);
}

static void test_every_cut_is_truncated(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct collect collect = {0};
        enum base_code code = collect_bytes(&collect, PEOPLE_FORMAT_UK_CSV, base_bytes_of(whole, len), NULL);
        bool is_at_row_end = len > sizeof HEAD - 1 && whole[len - 1] == '\n';
        /* In the first line a cut cannot be told from another file. */
        if (len > 24 || len == 0)
            assert_int_equal(is_at_row_end ? BASE_OK : BASE_E_TRUNCATED, code);
        else
            assert_true(code == BASE_E_FORMAT || code == BASE_E_TRUNCATED);
        collect_release(&collect);
    }
}

static void fails_with(enum base_code expected, const char *text)
{
    struct collect collect = {0};
    assert_fails(expected, collect_text(&collect, PEOPLE_FORMAT_UK_CSV, text, NULL));
    collect_release(&collect);
}

static void test_refuses(void **state)
{
    (void)state;
    fails_with(BASE_E_FORMAT, "Name 6,Name 1\n");
    fails_with(BASE_E_FORMAT, "Last Updated,never\n" HEAD);
    fails_with(BASE_E_FORMAT, "Last Updated,13/04/2020\nName 6,Name 1,Group ID\nA,B,1\n");
    fails_with(BASE_E_TRUNCATED, HEAD);
    fails_with(BASE_E_TRUNCATED, HEAD "FIG,Tom,,,,,,,,,,,,,,Individual,Prime Alias,Orchard\r\n");
    struct collect collect = {0}; /* UTF-16, as a spreadsheet saves it */
    assert_fails(BASE_E_ENCODING,
                 collect_bytes(&collect, PEOPLE_FORMAT_UK_CSV, base_bytes_of("\xff\xfeL\0a\0s\0t\0", 10), NULL));
    collect_release(&collect);
}

static void test_bad_rows(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UK_CSV,
                           HEAD "FIG,Tom,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,1\r\n"
                                "FIG,T\x81m,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,2\r\n"
                                "FIG,Tim,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,3\r\n"
                                "FIG,Too,few\r\n"
                                "FIG,Tam,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,4\r\n"
                                "FIG,Tum,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,\r\n"
                                "FIG,Tym,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,5\r\n",
                           NULL));
    assert_int_equal(4, collect.count);
    assert_int_equal(3, collect.bad_count);
    assert_int_equal(8, collect.bad_line);
    assert_string_equal("no key", collect.bad_reason);
    assert_string_equal("memory", collect.bad_file);
    collect_release(&collect);
}

static void test_mostly_bad_is_another_file(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_fails(BASE_E_FORMAT, collect_text(&collect, PEOPLE_FORMAT_UK_CSV,
                                             HEAD "a,b\r\nc,d\r\nFIG,T,,,,,,,,,,,,,,Individual,Prime Alias,Orchard,1\r\n",
                                             NULL));
    collect_release(&collect);
}

#define FULL_HEAD                                                                                                      \
    "Last Updated,01/02/2021\n"                                                                                        \
    "Name 6,Name 1,Name 5,Name Non-Latin Script,DOB,Passport Number,National Identification Number,Address 6,Group Type," \
    "Alias Type,Alias Quality,Group ID\n"

static void test_columns_of_the_longer_header(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UK_CSV,
                           FULL_HEAD "MEDLAR,Quince,V,,01/02/1975,R4477,77-1234,Pip,Individual,Prime Alias,,9\n"
                                     "PEAR,The,,,,,,,Individual,AKA,Low,9\nPLUM,A,,,,,,,Individual,AKA,Good,9\n"
                                     "PIP,Seed,,,,,,,individual,Prime Alias,,10\nSHIP,,,,,,,,Ship,Prime Alias,,11\n", NULL));
    assert_int_equal(1, collect.count); /* only exactly "Individual" is a person */
    assert_int_equal(5, collect.facts.rows);
    assert_int_equal(0, collect.bad_count);
    assert_string_equal("2021-02-01", collect.facts.list_date);
    const struct people_record *record = &collect.records[0];
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Quince V MEDLAR"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "The PEAR"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "A PLUM"));
    assert_true(has_birth(record, 19750201, 19750201, false));
    assert_int_equal(2, record->document_count);
    assert_string_equal("Passport", record->documents[0].type);
    assert_string_equal("R4477", record->documents[0].number);
    assert_null(record->documents[0].note);
    assert_string_equal("National identification number", record->documents[1].type);
    assert_string_equal("77-1234", record->documents[1].number);
    assert_int_equal(1, record->place_count);
    assert_string_equal("Pip", record->places[0].text);
    assert_null(record->programme); /* this header has no Regime */
    collect_release(&collect);
}

/* The number, the country and the note of one free text; "" for none. */
static void has_document(const char *text, const char *number, const char *country, const char *note)
{
    char file[1024];
    struct collect collect = {0};
    snprintf(file, sizeof file, FULL_HEAD "FIG,Tom,,,,\"%s\",,,Individual,Prime Alias,,1\n", text);
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UK_CSV, file, NULL));
    const struct people_record *record = &collect.records[0];
    if (record->document_count != 1)
        fail_msg("\"%s\" gave %zu documents", text, record->document_count);
    assert_string_equal(number, record->documents[0].number);
    assert_string_equal(country, record->documents[0].country == NULL ? "" : record->documents[0].country);
    assert_string_equal(note, record->documents[0].note == NULL ? "" : record->documents[0].note);
    collect_release(&collect);
}

static void test_documents_in_free_text(void **state)
{
    (void)state;
    has_document("R4477", "R4477", "", "");
    has_document("(1) R4477.", "R4477", "", "R4477.");
    has_document("No: 123456 (Fenland). Expired", "123456", "Fenland", "No: 123456 (Fenland). Expired");
    has_document("123456 (issued 2003)", "123456", "", "123456 (issued 2003)"); /* a bracket with digits is no country */
    has_document("123456 (Fenland", "123456", "", "123456 (Fenland");
    has_document("AB 12 and 345-6", "345-6", "", "AB 12 and 345-6");
    has_document("a) 111 b) ", "111", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_of_the_longer_header),
        cmocka_unit_test(test_documents_in_free_text),
        cmocka_unit_test(test_rows_of_one_person_come_together), cmocka_unit_test(test_every_cut_is_truncated),
        cmocka_unit_test(test_refuses),                          cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_mostly_bad_is_another_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
