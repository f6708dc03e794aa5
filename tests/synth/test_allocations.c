/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables, persons and lists in which the n-th allocation of this program fails. Making a person's sheet allocates nothing: only its
 * record does.
 */
#include "synth/inside.h"
#include "synth/lists.h"
#include "support/test.h"

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

#define TABLE                                                                                                                    \
    "language: orchard\nscript: Latn\nshare: 1\nparts: given family\n10\tm\tAppel\tApple\tAppl\n10\tf\tPera\n10\ts\tPflaum\n"     \
    "10\tplace\tHain\n10\tcountry\tOrchardia\n9\tcompose\ts\ttree\n1\ttree\tKirsch\n40\trule\tph>f\n1\twoman\tum>uma\n1\tson\t>s\n"

static void test_tables(void **state)
{
    (void)state;
    struct synth_tables tables;
    allocations = failing = 0;
    assert_ok(synth_tables_parse(base_bytes_text(TABLE), &tables));
    synth_tables_release(&tables);
    const unsigned count = allocations;
    assert_true(count > 30);
    for (unsigned nth = 1; nth <= count; nth++) {
        allocations = 0;
        failing = nth;
        enum base_code code = synth_tables_parse(base_bytes_text(TABLE), &tables);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        assert_null(tables.languages);
    }
}

static void test_a_population(void **state)
{
    (void)state;
    struct synth *synth = NULL;
    allocations = failing = 0;
    assert_ok(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    const unsigned count = allocations;
    synth_free(synth);
    synth = NULL;
    for (unsigned nth = 1; nth <= count; nth += nth < 20 || nth + 20 > count ? 1 : count / 40) {
        allocations = 0;
        failing = nth;
        enum base_code code = synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        assert_null(synth);
    }
}

static void test_a_sheet_allocates_nothing(void **state)
{
    (void)state;
    struct synth *synth = NULL;
    struct synth_first first;
    struct synth_sheet second;
    assert_ok(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    allocations = failing = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        synth_first_make(synth, i, &first);
        synth_second_make(synth, &first, 0, &second);
    }
    assert_int_equal(allocations, 0);
    synth_free(synth);
}

static void test_a_record(void **state)
{
    (void)state;
    struct synth *synth = NULL;
    assert_ok(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    for (uint64_t index = 0; index < 20; index++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        allocations = failing = 0;
        assert_ok(synth_variant(synth, index, 0, &record, NULL));
        people_record_release(&record);
        const unsigned count = allocations;
        for (unsigned nth = 1; nth <= count; nth++) {
            allocations = 0;
            failing = nth;
            enum base_code code = synth_variant(synth, index, 0, &record, NULL);
            failing = 0;
            assert_int_equal(BASE_E_NOMEM, code);
            people_record_release(&record);
        }
    }
    synth_free(synth);
}

static void make_lists(struct synth *synth, enum synth_format format)
{
    struct synth_lists lists = {synth, format, true, 20, 10};
    struct synth_lists_part part = SYNTH_LISTS_PART_EMPTY;
    allocations = failing = 0;
    assert_ok(synth_lists_make(&lists, 0, synth_lists_persons(&lists), &part));
    synth_lists_part_release(&part);
    const unsigned count = allocations;
    assert_true(count > 5);
    for (unsigned nth = 1; nth <= count; nth++) {
        allocations = 0;
        failing = nth;
        enum base_code code = synth_lists_make(&lists, 0, synth_lists_persons(&lists), &part);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        synth_lists_part_release(&part);
    }
}

static void test_lists(void **state)
{
    (void)state;
    struct synth *synth = NULL;
    assert_ok(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    make_lists(synth, SYNTH_FORMAT_CSV);
    make_lists(synth, SYNTH_FORMAT_FTM);
    synth_free(synth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables), cmocka_unit_test(test_a_population), cmocka_unit_test(test_a_sheet_allocates_nothing),
        cmocka_unit_test(test_a_record), cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
