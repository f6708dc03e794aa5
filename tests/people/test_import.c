/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

#include <unistd.h>

static char folder[] = "/tmp/entente-import-XXXXXX";

static const char *write_file(const char *name, const char *text)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_ok(base_file_write(path, base_bytes_text(text), 0600));
    return path;
}

static void remove_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

static void detects(enum people_format expected, const char *text)
{
    enum people_format format = PEOPLE_FORMAT_CSV;
    assert_ok(people_import_detect(write_file("list", text), &format));
    assert_int_equal(expected, format);
}

static void test_detect(void **state)
{
    (void)state;
    enum people_format format;
    detects(PEOPLE_FORMAT_UN_XML, "\xef\xbb\xbf<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"x\">");
    detects(PEOPLE_FORMAT_UK_CSV, "Last Updated,13/04/2018,,\n");
    detects(PEOPLE_FORMAT_FTM, "{\"id\": \"a\", \"schema\": \"Person\"}\n");
    detects(PEOPLE_FORMAT_OFAC_CSV, "36,\"FIG\",-0- ,\"X\"\n");
    assert_fails(BASE_E_FORMAT, people_import_detect(write_file("list", "No,Name\n1,Fig\n"), &format));
    assert_fails(BASE_E_FORMAT, people_import_detect(write_file("list", "<html>"), &format));
    assert_fails(BASE_E_FORMAT, people_import_detect(write_file("list", "36,\"FIG\",1\n"), &format));
    assert_fails(BASE_E_TRUNCATED, people_import_detect(write_file("list", " \n"), &format));
    assert_fails(BASE_E_TRUNCATED, people_import_detect(write_file("list", ""), &format));
    assert_fails(BASE_E_NOT_FOUND, people_import_detect("/nowhere/list", &format));
    assert_fails(BASE_E_FORMAT, people_import_detect(folder, &format));
}

static void test_words(void **state)
{
    (void)state;
    for (int i = PEOPLE_FORMAT_UN_XML; i <= PEOPLE_FORMAT_CSV; i++) {
        enum people_format format;
        assert_ok(people_format_from_word(people_format_word((enum people_format)i), &format));
        assert_int_equal(i, format);
    }
    enum people_format format;
    assert_fails(BASE_E_ARGUMENT, people_format_from_word("xls", &format));
    assert_non_null(strstr(base_detail(), "un, uk, ofac, ftm, csv"));
}

static void fails_with(enum base_code expected, enum people_format format, const char *path, const char *mapping)
{
    struct collect collect = {0};
    assert_fails(expected, collect_run(&collect, format, path, mapping));
    collect_release(&collect);
}

static void test_wrong_calls(void **state)
{
    (void)state;
    const char *path = write_file("list", "No,Name\n1,Fig\n");
    fails_with(BASE_E_ARGUMENT, PEOPLE_FORMAT_CSV, path, NULL);
    fails_with(BASE_E_ARGUMENT, PEOPLE_FORMAT_UK_CSV, path, path);
    fails_with(BASE_E_ARGUMENT, (enum people_format)77, path, NULL);
    fails_with(BASE_E_NOT_FOUND, PEOPLE_FORMAT_CSV, path, "/nowhere/mapping");
    fails_with(BASE_E_NOT_FOUND, PEOPLE_FORMAT_UN_XML, "/nowhere/list", NULL);
    fails_with(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, path, NULL);
    fails_with(BASE_E_FORMAT, PEOPLE_FORMAT_UK_CSV, path, NULL);
    fails_with(BASE_E_FORMAT, PEOPLE_FORMAT_FTM, path, NULL);
}

static void test_a_gzip_stream_that_is_cut(void **state)
{
    (void)state;
    struct base_buffer file = BASE_BUFFER_EMPTY;
    const char *path = test_source_path("tests/people/fixtures/orchard.csv.gz");
    assert_non_null(path);
    struct collect collect = {0};
    assert_ok(collect_run(&collect, PEOPLE_FORMAT_UK_CSV, path, NULL));
    assert_int_equal(1, collect.count);
    collect_release(&collect);
    assert_ok(base_file_read(path, 65536, &file));
    char cut[256];
    snprintf(cut, sizeof cut, "%s/cut.gz", folder);
    for (size_t len = 20; len < file.len; len += 7) {
        assert_ok(base_file_write(cut, base_bytes_of(file.data, len), 0600));
        fails_with(BASE_E_TRUNCATED, PEOPLE_FORMAT_UK_CSV, cut, NULL);
    }
    remove_file("cut.gz");
    base_buffer_release(&file);
}

static void test_an_ofac_set_with_a_file_missing(void **state)
{
    (void)state;
    static const char *const names[] = {"sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"};
    static const char *const texts[] = {"20,\"FIG, Tom\",\"individual\",\"X\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n",
                                        "20,1,\"1 Plum St\",-0- ,-0- ,-0- \n", "20,1,\"aka\",\"FIGGY\",-0- \n",
                                        "10,\"nothing\"\n"};
    for (size_t missing = 0; missing <= 4; missing++) {
        for (size_t i = 0; i < 4; i++)
            if (i == missing)
                remove_file(names[i]);
            else
                write_file(names[i], texts[i]);
        struct collect collect = {0};
        enum base_code code = collect_run(&collect, PEOPLE_FORMAT_OFAC_CSV, folder, NULL);
        assert_int_equal(missing == 4 ? BASE_OK : BASE_E_NOT_FOUND, code);
        if (missing < 4)
            assert_non_null(strstr(base_detail(), names[missing]));
        else
            assert_int_equal(2, collect.records[0].name_count);
        collect_release(&collect);
    }
    enum people_format format = PEOPLE_FORMAT_CSV;
    assert_ok(people_import_detect(folder, &format));
    assert_int_equal(PEOPLE_FORMAT_OFAC_CSV, format);
    for (size_t i = 0; i < 4; i++)
        remove_file(names[i]);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    remove_file("list");
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detect),      cmocka_unit_test(test_words),
        cmocka_unit_test(test_wrong_calls), cmocka_unit_test(test_a_gzip_stream_that_is_cut),
        cmocka_unit_test(test_an_ofac_set_with_a_file_missing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
