/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "cli/print.h"

#include <locale.h>

static void assert_safe(const char *text, const char *expected)
{
    char *safe = cli_safe(text);
    assert_string_equal(safe, expected);
    free(safe);
}

static void assert_cut(const char *text, size_t width, const char *expected)
{
    char *cut = cli_cut(text, width);
    assert_string_equal(cut, expected);
    assert_true(cli_columns(cut) <= width);
    free(cut);
}

static void assert_wrapped(const char *text, size_t indent, size_t width, const char *expected)
{
    char *shown = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&shown, &len);
    assert_non_null(file);
    cli_print_wrapped(file, text, indent, width);
    fclose(file);
    assert_string_equal(shown, expected);
    free(shown);
}

static void nothing_shown_moves_the_cursor(void **state)
{
    (void)state;
    assert_safe("Anna", "Anna");
    assert_safe("", "");
    assert_safe("a\x1b[2Jb", "a?[2Jb");
    assert_safe("a\rb", "a?b");
    assert_safe("a\x7f", "a?");
    assert_safe("a\xc2\x9b" "b", "a?b");         /* C1: CSI in one character */
    assert_safe("a\xe2\x80\xae" "b", "a?b");     /* right-to-left override */
    assert_safe("a\xe2\x81\xa6" "b", "a?b");     /* left-to-right isolate */
    assert_safe("Щука", "Щука");
}

static void broken_text_is_marked_not_passed_on(void **state)
{
    (void)state;
    char *safe = cli_safe("a\xff" "b\xd0");
    for (const char *at = safe; *at != 0; at++)
        assert_true((unsigned char)*at < 0x80);
    assert_int_equal(safe[0], 'a');
    assert_non_null(strchr(safe, 'b'));
    free(safe);
}

static void columns_are_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(cli_columns(""), 0);
    assert_int_equal(cli_columns("Щука"), 4);
    assert_int_equal(cli_columns("東京"), 4);
    assert_int_equal(cli_columns("e\xcc\x81"), 1);
}

static void a_cut_is_seen_and_fits(void **state)
{
    (void)state;
    assert_cut("abcdef", 6, "abcdef");
    assert_cut("abcdefg", 6, "abcde…");
    assert_cut("ab cdef", 4, "ab…");
    assert_cut("東京太郎", 6, "東京…");
    assert_cut("東京太郎", 8, "東京太郎");
}

static void words_are_wrapped_and_examples_are_not(void **state)
{
    (void)state;
    assert_wrapped("one two three", 0, 7, "one two\nthree\n");
    assert_wrapped("one two three", 2, 7, "  one\n  two\n  three\n");
    assert_wrapped("one\n\ntwo", 0, 20, "one\n\ntwo\n");
    assert_wrapped("one\ntwo", 0, 20, "one two\n");
    assert_wrapped("muchtoolongaword", 0, 5, "muchtoolongaword\n");
    assert_wrapped("  as  it   stands", 1, 5, "   as  it   stands\n");
    assert_wrapped("", 0, 20, "");
}

static void the_width_has_bounds(void **state)
{
    (void)state;
    setenv("COLUMNS", "100", 1);
    assert_int_equal(cli_width(stdout), 100);
    setenv("COLUMNS", "3", 1);
    assert_int_equal(cli_width(stdout), 40);
    setenv("COLUMNS", "99999999", 1);
    assert_int_equal(cli_width(stdout), 1000);
    FILE *file = tmpfile();
    assert_non_null(file);
    for (size_t i = 0; i < 3; i++) {
        setenv("COLUMNS", (const char *[]){"-5", "wide", ""}[i], 1);
        assert_int_equal(cli_width(file), 80);
    }
    fclose(file);
    unsetenv("COLUMNS");
}

static void numbers_are_read_by_people(void **state)
{
    (void)state;
    assert_string_equal(cli_thousands(0), "0");
    assert_string_equal(cli_thousands(999), "999");
    assert_string_equal(cli_thousands(1000), "1,000");
    assert_string_equal(cli_thousands(UINT64_MAX), "18,446,744,073,709,551,615");
    assert_string_equal(cli_size(999), "999 bytes");
    assert_string_equal(cli_size(1000), "1.0 kB");
    assert_string_equal(cli_size(72600), "72.6 kB");
    assert_string_equal(cli_size(UINT64_MAX), "18446744.1 TB");
    assert_string_equal(cli_duration(1500), "1.5 s");
    assert_string_equal(cli_duration(61000), "1 min 1 s");
    assert_string_equal(cli_time(0), "-");
    assert_string_equal(cli_time(86400000), "1970-01-02 00:00");
}

/* One line shows several numbers: the storage of one must not become the next. */
static void eight_numbers_stand_side_by_side(void **state)
{
    (void)state;
    const char *texts[8];
    char expected[8];
    for (unsigned i = 0; i < 8; i++)
        texts[i] = cli_thousands(i);
    for (unsigned i = 0; i < 8; i++) {
        snprintf(expected, sizeof expected, "%u", i);
        assert_string_equal(texts[i], expected);
    }
}

static int set_up(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_shown_moves_the_cursor),
        cmocka_unit_test(broken_text_is_marked_not_passed_on),
        cmocka_unit_test(columns_are_not_bytes),
        cmocka_unit_test(a_cut_is_seen_and_fits),
        cmocka_unit_test(words_are_wrapped_and_examples_are_not),
        cmocka_unit_test(the_width_has_bounds),
        cmocka_unit_test(numbers_are_read_by_people),
        cmocka_unit_test(eight_numbers_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
