/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "cli/table.h"

#include <locale.h>

static const struct cli_column columns[] = {{"ID", CLI_RIGHT}, {"NAME", CLI_FLEXIBLE}, {"BORN", CLI_LEFT}};

static char *printed(const struct cli_table *table, size_t width)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    assert_non_null(memory);
    cli_table_print_wide(table, memory, width);
    fclose(memory);
    return text;
}

static char *wrapped(const char *text, size_t indent, size_t width)
{
    char *out = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&out, &len);
    assert_non_null(memory);
    cli_print_wrapped(memory, text, indent, width);
    fclose(memory);
    return out;
}

static void assert_text(char *owned, const char *expected)
{
    assert_string_equal(owned, expected);
    free(owned);
}

static void columns_align(void **state)
{
    (void)state;
    struct cli_table table;
    cli_table_init(&table, columns, 3);
    cli_table_add(&table, CLI_TEXTS("1", "Ana Imaginaria", "1980"));
    cli_table_add(&table, CLI_TEXTS("12", "Bo", ""));
    assert_text(printed(&table, 80), "ID  NAME            BORN\n 1  Ana Imaginaria  1980\n12  Bo\n");
    cli_table_release(&table);
}

static void the_flexible_column_gives_way(void **state)
{
    (void)state;
    struct cli_table table;
    cli_table_init(&table, columns, 3);
    cli_table_add(&table, CLI_TEXTS("1", "Ana Imaginaria the Elder", "1980"));
    assert_text(printed(&table, 22), "ID  NAME          BORN\n 1  Ana Imagina…  1980\n");
    char *tight = printed(&table, 5); /* never below eight columns */
    assert_non_null(strstr(tight, "Ana Ima…"));
    free(tight);
    cli_table_release(&table);
}

static void a_late_column_gives_way_last(void **state)
{
    (void)state;
    const struct cli_column late[] = {{"NAME", CLI_FLEXIBLE}, {"WHY", CLI_LATE}};
    struct cli_table table;
    cli_table_init(&table, late, 2);
    cli_table_add(&table, CLI_TEXTS("Ana Imaginaria the Elder", "the name and the day of birth"));
    assert_text(printed(&table, 50), "NAME                 WHY\nAna Imaginaria the…  the name and the day of birth\n");
    assert_text(printed(&table, 45), "NAME                WHY\nAna Imaginaria th…  the name and the day of…\n");
    cli_table_release(&table);
}

static void wide_letters_count_double_and_marks_not(void **state)
{
    (void)state;
    assert_int_equal(cli_columns("abc"), 3);
    assert_int_equal(cli_columns("Царн"), 4);
    assert_int_equal(cli_columns("東京"), 4);
    assert_int_equal(cli_columns("e\xcc\x81"), 1);
    assert_text(cli_cut("東京東京", 5), "東京…");
    assert_text(cli_cut("東京東京", 8), "東京東京");
    assert_text(cli_cut("ab cd", 4), "ab…");
}

static void nothing_from_outside_steers_the_terminal(void **state)
{
    (void)state;
    assert_text(cli_safe("a\x1b[31mb\nc\td"), "a?[31mb?c?d");
    assert_text(cli_safe("x\xe2\x80\xaey\xe2\x81\xa6z\xe2\x80\x8f"), "x?y?z?");
    assert_text(cli_safe("\xc2\x9b"
                         "31m"),
                "?31m");
    assert_text(cli_safe("a\xff\xfe"
                         "b"),
                "a??b");
    assert_text(cli_safe("Царнаев 東京"), "Царнаев 東京");
    struct cli_table table;
    cli_table_init(&table, columns, 3);
    cli_table_add(&table, CLI_TEXTS("1", "a\r\x1b[2Jb", ""));
    assert_text(printed(&table, 80), "ID  NAME     BORN\n 1  a??[2Jb\n");
    cli_table_release(&table);
}

static void paragraphs_wrap(void **state)
{
    (void)state;
    assert_text(wrapped("one two three four", 0, 9), "one two\nthree\nfour\n");
    assert_text(wrapped("one two\nthree", 2, 80), "  one two three\n");
    assert_text(wrapped("first\n\nsecond", 0, 80), "first\n\nsecond\n");
    assert_text(wrapped("lines:\n\n  as   they stand\n\nmore", 0, 80), "lines:\n\n  as   they stand\n\nmore\n");
    assert_text(wrapped("averyveryverylongword", 0, 10), "averyveryverylongword\n");
    assert_text(wrapped("", 0, 10), "");
    assert_text(wrapped("\nlast", 0, 10), "\nlast\n");
}

static void numbers_for_people(void **state)
{
    (void)state;
    assert_string_equal(cli_thousands(0), "0");
    assert_string_equal(cli_thousands(999), "999");
    assert_string_equal(cli_thousands(1000), "1,000");
    assert_string_equal(cli_thousands(UINT64_MAX), "18,446,744,073,709,551,615");
    assert_string_equal(cli_size(999), "999 bytes");
    assert_string_equal(cli_size(1500), "1.5 kB");
    assert_string_equal(cli_size(UINT64_MAX), "18446744.1 TB");
    assert_string_equal(cli_duration(1234), "1.2 s");
    assert_string_equal(cli_duration(61000), "1 min 1 s");
    assert_string_equal(cli_time(0), "-");
    assert_string_equal(cli_time(1795500000000), "2026-11-24 06:00");
}

static void width_comes_from_the_environment(void **state)
{
    (void)state;
    setenv("COLUMNS", "120", 1);
    assert_int_equal(cli_width(stdout), 120);
    setenv("COLUMNS", "3", 1);
    assert_int_equal(cli_width(stdout), 40);
    setenv("COLUMNS", "99999999", 1);
    assert_int_equal(cli_width(stdout), 1000);
    unsetenv("COLUMNS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_align),
        cmocka_unit_test(the_flexible_column_gives_way),
        cmocka_unit_test(a_late_column_gives_way_last),
        cmocka_unit_test(wide_letters_count_double_and_marks_not),
        cmocka_unit_test(nothing_from_outside_steers_the_terminal),
        cmocka_unit_test(paragraphs_wrap),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(width_comes_from_the_environment),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
