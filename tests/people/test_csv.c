/* SPDX-License-Identifier: Apache-2.0 */
#include "people/csv.h"
#include "support/test.h"

/* The rows of a text as "a|b\n" lines, with '!' before a row that has a problem. */
static enum base_code flatten(struct base_bytes text, char separator, struct base_buffer *out)
{
    struct people_stream stream;
    struct people_csv *csv = NULL;
    bool has_row = false;
    people_stream_over(&stream, text, "folder/memory");
    BASE_TRY(people_csv_new(&stream, separator, &csv));
    enum base_code code = BASE_OK;
    while (code == BASE_OK && (code = people_csv_next(csv, &has_row)) == BASE_OK && has_row) {
        if (people_csv_problem(csv) != NULL)
            code = base_buffer_text(out, "!");
        for (size_t i = 0; i < people_csv_count(csv) && code == BASE_OK; i++) {
            code = i == 0 ? BASE_OK : base_buffer_text(out, "|");
            if (code == BASE_OK)
                code = base_buffer_append(out, people_csv_field(csv, i));
        }
        if (code == BASE_OK)
            code = base_buffer_text(out, "\n");
    }
    people_csv_free(csv);
    return code;
}

static void rows_are(const char *text, const char *expected)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(flatten(base_bytes_text(text), ',', &out));
    assert_string_equal(expected, base_buffer_c_string(&out));
    base_buffer_release(&out);
}

static void test_rows(void **state)
{
    (void)state;
    rows_are("", "");
    rows_are("a,b\n", "a|b\n");
    rows_are("a,b", "a|b\n");
    rows_are("a,b\r\nc,d\r\n", "a|b\nc|d\n");
    rows_are("a,,\n,\n", "a||\n|\n");
    rows_are("\n\r\na\n\n", "a\n");
    rows_are("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d\n");
    rows_are("\"a\nb\r\nc\",d\n", "a\nb\r\nc|d\n");
    rows_are("\"\"\n", "\n");
    rows_are("a\"b,c\n", "a\"b|c\n");
    rows_are("a\rb,c\n", "a\rb|c\n");
    rows_are("\"a\"x,b\nc\n", "!ax|b\nc\n");
    rows_are("\xef\xbb\xbf" "a,b\n", "a|b\n");
    rows_are("\"\",\"\"", "|\n");
    rows_are("a,", "a|\n");
    rows_are("a\r", "a\n");
}

static void test_other_separators(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(flatten(base_bytes_text("a;b,c\n"), ';', &out));
    assert_ok(flatten(base_bytes_text("a\tb\n"), '\t', &out));
    assert_string_equal("a|b,c\na|b\n", base_buffer_c_string(&out));
    base_buffer_release(&out);
}

static void test_refuses(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_fails(BASE_E_TRUNCATED, flatten(base_bytes_text("a,\"b"), ',', &out));
    assert_fails(BASE_E_TRUNCATED, flatten(base_bytes_text("a,\""), ',', &out));
    assert_fails(BASE_E_TRUNCATED, flatten(base_bytes_text("a,\"b\"\""), ',', &out));
    assert_fails(BASE_E_ENCODING, flatten(base_bytes_of("a\0b\n", 4), ',', &out));
    assert_fails(BASE_E_ENCODING, flatten(base_bytes_of("\xff\xfe" "a\0", 4), ',', &out)); /* UTF-16 */
    base_buffer_release(&out);
}

static void test_limits(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY, out = BASE_BUFFER_EMPTY;
    for (int i = 1; i < PEOPLE_CSV_FIELDS_MAX; i++)
        assert_ok(base_buffer_text(&text, ","));
    assert_ok(flatten(base_bytes_buffer(&text), ',', &out));
    assert_ok(base_buffer_text(&text, ","));
    assert_fails(BASE_E_LIMIT, flatten(base_bytes_buffer(&text), ',', &out));
    base_buffer_clear(&text);
    base_buffer_clear(&out);
    assert_ok(base_buffer_reserve(&text, PEOPLE_CSV_ROW_MAX + 3));
    memset(text.data, 'x', PEOPLE_CSV_ROW_MAX + 3);
    assert_ok(flatten(base_bytes_of(text.data, PEOPLE_CSV_ROW_MAX), ',', &out));
    assert_int_equal(PEOPLE_CSV_ROW_MAX + 1, out.len);
    assert_fails(BASE_E_LIMIT, flatten(base_bytes_of(text.data, PEOPLE_CSV_ROW_MAX + 1), ',', &out));
    text.data[0] = '"';
    assert_fails(BASE_E_LIMIT, flatten(base_bytes_of(text.data, PEOPLE_CSV_ROW_MAX + 2), ',', &out));
    base_buffer_release(&text);
    base_buffer_release(&out);
}

static void test_line_numbers_and_ends(void **state)
{
    (void)state;
    struct people_stream stream;
    struct people_csv *csv = NULL;
    bool has_row = false;
    people_stream_over(&stream, base_bytes_text("skipped \"\nthis too\nh\n\n\"a\nb\",c\nlast,\"q\""), "f");
    assert_ok(people_csv_new(&stream, ',', &csv));
    assert_ok(people_csv_skip_lines(csv, 2));
    assert_ok(people_csv_next(csv, &has_row));
    assert_int_equal(3, people_csv_line(csv));
    assert_true(people_csv_has_line_end(csv));
    assert_ok(people_csv_next(csv, &has_row));
    assert_int_equal(5, people_csv_line(csv));
    assert_false(people_csv_is_last_quoted(csv));
    assert_ok(people_csv_next(csv, &has_row));
    assert_int_equal(7, people_csv_line(csv));
    assert_false(people_csv_has_line_end(csv));
    assert_true(people_csv_is_last_quoted(csv));
    assert_int_equal(0, people_csv_field(csv, 2).len);
    assert_ok(people_csv_next(csv, &has_row));
    assert_false(has_row);
    people_csv_free(csv);
}

/* A field that lies across the reader's chunks comes out whole, wherever the cut falls. */
static void test_chunks_do_not_show(void **state)
{
    (void)state;
    for (size_t pad = 65536 - 12; pad < 65536 + 2; pad++) {
        struct base_buffer text = BASE_BUFFER_EMPTY, out = BASE_BUFFER_EMPTY;
        assert_ok(base_buffer_reserve(&text, pad + 16));
        memset(text.data, '.', pad);
        text.len = pad;
        assert_ok(base_buffer_text(&text, ",\"b\"\"c\"\r\nd\n"));
        assert_ok(flatten(base_bytes_buffer(&text), ',', &out));
        assert_string_equal("|b\"c\nd\n", base_buffer_c_string(&out) + pad);
        base_buffer_release(&text);
        base_buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),   cmocka_unit_test(test_other_separators),      cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_line_numbers_and_ends), cmocka_unit_test(test_chunks_do_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
