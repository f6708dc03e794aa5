/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "people/import.h"
#include "synth/lists.h"
#include "support/test.h"

#include <unistd.h>

static struct synth *synth_of(uint64_t seed)
{
    struct synth *synth = NULL;
    assert_ok(synth_new(seed, &SYNTH_OPTIONS_DEFAULT, &synth));
    return synth;
}

static void test_sizes_that_are_refused(void **state)
{
    (void)state;
    struct synth_lists lists = {NULL, SYNTH_FORMAT_CSV, false, 0, 0};
    enum synth_format format;
    assert_fails(BASE_E_ARGUMENT, synth_lists_check(&lists));
    lists.count = 9;
    lists.shared = 5; /* ten rows */
    assert_fails(BASE_E_ARGUMENT, synth_lists_check(&lists));
    lists.shared = 4;
    assert_ok(synth_lists_check(&lists));
    assert_int_equal(synth_lists_persons(&lists), 5);
    lists.is_two_sided = true;
    assert_int_equal(synth_lists_persons(&lists), 14);
    lists.shared = 10;
    assert_fails(BASE_E_ARGUMENT, synth_lists_check(&lists));
    lists.count = SYNTH_INDEX_MAX;
    assert_fails(BASE_E_RANGE, synth_lists_check(&lists));
    assert_fails(BASE_E_ARGUMENT, synth_format_from_word("xml", &format));
    assert_ok(synth_format_from_word("ftm", &format));
    assert_int_equal(format, SYNTH_FORMAT_FTM);
}

/* Of every size: so many rows, so many pairs, and no more. */
static void test_every_size_has_its_rows(void **state)
{
    (void)state;
    struct synth *synth = synth_of(11);
    for (uint64_t count = 1; count < 40; count++) {
        for (uint64_t shared = 0; shared <= count; shared++) {
            for (int sides = 1; sides <= 2; sides++) {
                struct synth_lists lists = {synth, SYNTH_FORMAT_CSV, sides == 2, count, shared};
                struct synth_lists_part part = SYNTH_LISTS_PART_EMPTY;
                if (synth_lists_check(&lists) != BASE_OK)
                    continue;
                assert_ok(synth_lists_make(&lists, 0, synth_lists_persons(&lists), &part));
                assert_int_equal(part.first_rows, count);
                assert_int_equal(part.second_rows, sides == 2 ? count : 0);
                assert_int_equal(part.pairs, shared);
                synth_lists_part_release(&part);
            }
        }
    }
    synth_free(synth);
}

struct comparing {
    const struct synth *synth;
    uint64_t next;
};

static enum base_code compare_fragment(void *context, const struct people_record *fragment)
{
    struct comparing *comparing = context;
    struct people_record person = PEOPLE_RECORD_EMPTY;
    struct base_buffer read = BASE_BUFFER_EMPTY, made = BASE_BUFFER_EMPTY;
    assert_ok(synth_person(comparing->synth, comparing->next++, &person));
    assert_ok(people_record_encode(&person, &made));
    assert_ok(people_record_encode(fragment, &read));
    assert_string_equal(base_buffer_c_string(&made), base_buffer_c_string(&read));
    people_record_release(&person);
    base_buffer_release(&read);
    base_buffer_release(&made);
    return BASE_OK;
}

static void no_bad_row(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context;
    fail_msg("%s:%llu: %s", file, (unsigned long long)line, reason);
}

/* What the importer reads from the list is the record that synth_person() gives. */
static void check_import(struct synth *synth, enum synth_format format, enum people_format read_as, uint64_t count)
{
    char folder[] = "/tmp/synth-lists-XXXXXX", path[64], mapping[64];
    struct synth_lists lists = {synth, format, false, count, 0};
    struct synth_lists_part part = SYNTH_LISTS_PART_EMPTY;
    struct comparing comparing = {synth, 0};
    struct people_import_sink sink = {&comparing, compare_fragment, no_bad_row, NULL};
    struct people_import_facts facts = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/list", folder);
    snprintf(mapping, sizeof mapping, "%s/mapping", folder);
    assert_ok(synth_lists_head(&lists, &part.first));
    assert_ok(synth_lists_make(&lists, 0, count, &part));
    assert_ok(base_file_write(path, base_bytes_buffer(&part.first), 0600));
    assert_ok(base_file_write(mapping, synth_mapping_text(), 0600));
    assert_ok(people_import_run(read_as, path, read_as == PEOPLE_FORMAT_CSV ? mapping : NULL, &sink, &facts));
    assert_int_equal(comparing.next, count);
    assert_int_equal(facts.bad_rows, 0);
    unlink(path);
    unlink(mapping);
    rmdir(folder);
    synth_lists_part_release(&part);
}

static void test_the_importer_reads_what_was_made(void **state)
{
    (void)state;
    struct synth *synth = synth_of(12);
    check_import(synth, SYNTH_FORMAT_CSV, PEOPLE_FORMAT_CSV, 10000);
    check_import(synth, SYNTH_FORMAT_FTM, PEOPLE_FORMAT_FTM, 5000);
    synth_free(synth);
}

static void assert_file(const char *relative, const struct base_buffer *text)
{
    struct base_buffer expected = BASE_BUFFER_EMPTY;
    const char *path = test_source_path(relative);
    if (path == NULL)
        fail_msg("%s is not there", relative);
    assert_ok(base_file_read(path, 1 << 20, &expected));
    assert_string_equal(base_buffer_c_string(&expected), base_buffer_c_string(text));
    base_buffer_release(&expected);
}

/* The first rows of seed 1, byte for byte: a change of tables, rates or draws changes every measurement made with them, and is to
 * be made knowingly. `entente synth --count 20 --pairs 12 --out golden.csv` writes the three files. */
static void test_the_first_rows_of_seed_1(void **state)
{
    (void)state;
    struct synth *synth = synth_of(1);
    struct synth_lists lists = {synth, SYNTH_FORMAT_CSV, true, 20, 12};
    struct synth_lists_part part = SYNTH_LISTS_PART_EMPTY;
    assert_ok(synth_lists_head(&lists, &part.first));
    assert_ok(synth_lists_head(&lists, &part.second));
    assert_ok(synth_lists_make(&lists, 0, synth_lists_persons(&lists), &part));
    assert_file("tests/synth/golden.csv", &part.first);
    assert_file("tests/synth/golden-b.csv", &part.second);
    assert_file("tests/synth/golden-truth.tsv", &part.truth);
    synth_lists_part_release(&part);
    synth_free(synth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_that_are_refused),
        cmocka_unit_test(test_every_size_has_its_rows),
        cmocka_unit_test(test_the_importer_reads_what_was_made),
        cmocka_unit_test(test_the_first_rows_of_seed_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
