/* SPDX-License-Identifier: Apache-2.0
 *
 * One import of each format, and a record to JSON and back, in which the n-th allocation of this program fails, for every
 * n: it goes through whole or ends with BASE_E_NOMEM, never with a person left out (the sanitizers watch for the rest).
 */
#include "collect.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return ++allocations == failing ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return ++allocations == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++allocations == failing ? NULL : __real_realloc(old, size);
}

struct list {
    enum people_format format;
    const char *text, *mapping;
};

#define OFAC_REST ",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"

static enum base_code run_ofac(struct collect *collect)
{
    struct people_import_sink sink = collect_sink(collect);
    struct people_job job = {.sink = &sink, .facts = &collect->facts};
    struct people_ofac_streams in;
    people_stream_over(&in.sdn, base_bytes_text("20,\"MEDLAR, Quince\",\"individual\",\"ORCHARD] [PLUM\",\"Gardener\"" OFAC_REST
                                                "\"DOB 1975; Passport R4477 (Ruritania); a.k.a. 'THE PEAR'; grows\"\r\n"),
                       "sdn.csv");
    people_stream_over(&in.alt, base_bytes_text("20,1,\"aka\",\"MEDLAR, Q.\",-0- \r\n"), "alt.csv");
    people_stream_over(&in.add, base_bytes_text("20,1,\"1 Plum St\",\"Pip\",\"Ruritania\",-0- \r\n"), "add.csv");
    people_stream_over(&in.comments, base_bytes_text("20,\" fruit.\"\r\n"), "sdn_comments.csv");
    enum base_code code = people_import_ofac(&in, &job);
    return code == BASE_OK ? people_job_check(&job) : code;
}

static enum base_code run(struct collect *collect, const struct list *list)
{
    return list->format == PEOPLE_FORMAT_OFAC_CSV ? run_ofac(collect)
                                                  : collect_text(collect, list->format, list->text, list->mapping);
}

/* The one record as JSON: what came through must be what comes through when memory is plenty. */
static void assert_same(const struct collect *collect, struct base_bytes expected)
{
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_int_equal(1, collect->count);
    assert_int_equal(0, collect->bad_count);
    assert_ok(people_record_encode(&collect->records[0], &json));
    assert_true(base_bytes_equal(expected, base_bytes_buffer(&json)));
    base_buffer_release(&json);
}

static void every_allocation_may_fail(const struct list *list)
{
    struct collect whole = {0};
    struct base_buffer expected = BASE_BUFFER_EMPTY;
    allocations = failing = 0;
    assert_ok(run(&whole, list));
    const unsigned count = allocations;
    assert_int_equal(1, whole.count);
    assert_ok(people_record_encode(&whole.records[0], &expected));
    collect_release(&whole);
    assert_true(count > 10 && count < 2000);
    for (unsigned number = 1; number <= count; number++) {
        struct collect collect = {0};
        allocations = 0;
        failing = number;
        enum base_code code = run(&collect, list);
        failing = 0;
        if (code == BASE_OK)
            assert_same(&collect, base_bytes_buffer(&expected));
        else if (code != BASE_E_NOMEM)
            fail_msg("allocation %u of %u: %s (%s)", number, count, base_code_word(code), base_detail());
        assert_int_equal(0, collect.bad_count); /* a want of memory is no fault of the row */
        collect_release(&collect);
    }
    base_buffer_release(&expected);
}

static void test_un(void **state)
{
    (void)state;
    const struct list list = {PEOPLE_FORMAT_UN_XML,
        "<CONSOLIDATED_LIST dateGenerated=\"2020-02-03\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Quince</FIRST_NAME>"
        "<SECOND_NAME>Medlar</SECOND_NAME><UN_LIST_TYPE>Orchard</UN_LIST_TYPE><COMMENTS1>Grows.</COMMENTS1>"
        "<NATIONALITY><VALUE>Ruritania</VALUE></NATIONALITY><TITLE><VALUE>Dr</VALUE></TITLE>"
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Q; The Pear</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ADDRESS><STREET>1 Plum St</STREET><CITY>Pip</CITY></INDIVIDUAL_ADDRESS>"
        "<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1965</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>R 77</NUMBER><NOTE>old</NOTE></INDIVIDUAL_DOCUMENT>"
        "</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>", NULL};
    every_allocation_may_fail(&list);
}

static void test_uk(void **state)
{
    (void)state;
    const struct list list = {PEOPLE_FORMAT_UK_CSV,
        "Last Updated,13/04/2020\r\nName 6,Name 1,DOB,Nationality,Passport Details,Address 1,Other Information,Group Type,Alias Type,"
        "Regime,Group ID\r\nMEDLAR,Qu\xedn,00/00/1980,1) Ruritanian 2) Fenlander,(1) R 4477 (Ruritanian). Old,1 Plum St,grows,"
        "Individual,Prime Alias,Orchard,101\r\n", NULL};
    every_allocation_may_fail(&list);
}

static void test_ofac(void **state)
{
    (void)state;
    const struct list list = {PEOPLE_FORMAT_OFAC_CSV, NULL, NULL};
    every_allocation_may_fail(&list);
}

static void test_ftm(void **state)
{
    (void)state;
    const struct list list = {PEOPLE_FORMAT_FTM,
        "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"firstName\":[\"Quince\"],\"lastName\":[\"Medlar\"],\"birthDate\":[\"1975\"],"
        "\"passportNumber\":[\"R4477\"],\"address\":[\"1 Plum St\"],\"nationality\":[\"ru\"],\"notes\":[\"grows\"]}}\n", NULL};
    every_allocation_may_fail(&list);
}

/* A line that this program wrote: a want of memory must not turn it into the lesser record of its properties. */
static void test_own_lines(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer line = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("k")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Quince")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Айва")));
    assert_ok(people_record_add_birth(&record, (struct people_day){1958, 0, 0}, (struct people_day){1963, 0, 0}, true,
                                      base_bytes_text("passport")));
    assert_ok(people_record_encode(&record, &line));
    const struct list list = {PEOPLE_FORMAT_FTM, base_buffer_c_string(&line), NULL};
    every_allocation_may_fail(&list);
    people_record_release(&record);
    base_buffer_release(&line);
}

static void test_mapped(void **state)
{
    (void)state;
    const struct list list = {PEOPLE_FORMAT_CSV, "No,Kind,Given,Family,Born,Pass\n1,Person,Quince,Medlar,1975|1976,R1\n",
                              "mapping: entente/mapping/v1\nonly: Kind = Person\nkey: No\nname: Given + Family\nbirth: Born split |\n"
                              "passport: Pass\n"};
    every_allocation_may_fail(&list);
}

static void test_a_record_to_json_and_back(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY, again = PEOPLE_RECORD_EMPTY;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("k")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Quince \"Q\" Medlar")));
    assert_ok(people_record_add_document(&record, base_bytes_text("Passport"), base_bytes_text("R1"), base_bytes_text("ru"),
                                         base_bytes_text("old")));
    assert_ok(people_record_add_place(&record, PEOPLE_PLACE_BIRTH, base_bytes_text("Pip"), base_bytes_text("ru")));
    enum base_code code = BASE_E_NOMEM;
    for (failing = 1; code == BASE_E_NOMEM; failing++) { /* until none is left to fail */
        allocations = 0;
        base_buffer_release(&json);
        code = people_record_encode(&record, &json);
    }
    assert_int_equal(BASE_OK, code);
    assert_true(failing > 5);
    code = BASE_E_NOMEM;
    for (failing = 1; code == BASE_E_NOMEM; failing++) {
        allocations = 0;
        code = people_record_decode(base_bytes_buffer(&json), &again);
        assert_true(code == BASE_OK || again.source_key == NULL); /* nothing to release after a failure */
    }
    failing = 0;
    assert_ok(code);
    assert_string_equal("R1", again.documents[0].number);
    people_record_release(&again);
    people_record_release(&record);
    base_buffer_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_un),  cmocka_unit_test(test_uk),        cmocka_unit_test(test_ofac),
        cmocka_unit_test(test_ftm), cmocka_unit_test(test_own_lines), cmocka_unit_test(test_mapped),
        cmocka_unit_test(test_a_record_to_json_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
