/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "support/test.h"

static const uint8_t sample[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void integers_are_big_endian(void **state)
{
    (void)state;
    struct base_cursor in = base_cursor_over(base_bytes_of(sample, sizeof sample));
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    assert_ok(base_cursor_u8(&in, &one));
    assert_ok(base_cursor_u16(&in, &two));
    assert_ok(base_cursor_u32(&in, &four));
    assert_ok(base_cursor_u64(&in, &eight));
    assert_int_equal(1, one);
    assert_int_equal(0x0203, two);
    assert_int_equal(0x04050607, four);
    assert_true(eight == 0x08090a0b0c0d0e0f);
    assert_ok(base_cursor_end(&in));
}

static void a_read_past_the_end_does_not_move(void **state)
{
    (void)state;
    struct base_cursor in = base_cursor_over(base_bytes_of(sample, 1));
    struct base_bytes bytes;
    uint8_t copy[2] = {9, 9};
    uint16_t two = 9;
    uint32_t four = 9;
    uint64_t eight = 9;
    assert_fails(BASE_E_TRUNCATED, base_cursor_u16(&in, &two));
    assert_fails(BASE_E_TRUNCATED, base_cursor_u32(&in, &four));
    assert_fails(BASE_E_TRUNCATED, base_cursor_u64(&in, &eight));
    assert_fails(BASE_E_TRUNCATED, base_cursor_take(&in, 2, &bytes));
    assert_fails(BASE_E_TRUNCATED, base_cursor_take(&in, SIZE_MAX, &bytes));
    assert_fails(BASE_E_TRUNCATED, base_cursor_copy(&in, copy, 2));
    assert_fails(BASE_E_TRUNCATED, base_cursor_sized(&in, 100, &bytes));
    assert_fails(BASE_E_TRAILING, base_cursor_end(&in));
    assert_int_equal(1, in.left);
    assert_ptr_equal(sample, in.at);
    assert_int_equal(9, two + four + eight - 18);
    assert_int_equal(9, copy[0]);
}

static void nothing_can_be_read_from_nothing(void **state)
{
    (void)state;
    struct base_cursor in = base_cursor_over(base_bytes_of(NULL, 0));
    struct base_bytes bytes;
    uint8_t one;
    assert_fails(BASE_E_TRUNCATED, base_cursor_u8(&in, &one));
    assert_fails(BASE_E_TRUNCATED, base_cursor_line(&in, 10, &bytes));
    assert_fails(BASE_E_TRUNCATED, base_cursor_literal(&in, "a"));
    assert_ok(base_cursor_take(&in, 0, &bytes));
    assert_ok(base_cursor_copy(&in, &one, 0));
    assert_int_equal(0, base_cursor_rest(&in).len);
    assert_ok(base_cursor_end(&in));
}

static void a_sized_field_has_its_limit_checked_first(void **state)
{
    (void)state;
    static const uint8_t field[] = {0, 0, 0, 3, 'a', 'b', 'c', 'd'};
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff};
    struct base_bytes bytes;
    struct base_cursor in = base_cursor_over(base_bytes_of(field, sizeof field));
    assert_fails(BASE_E_LIMIT, base_cursor_sized(&in, 2, &bytes));
    assert_int_equal(sizeof field, in.left);
    assert_ok(base_cursor_sized(&in, 3, &bytes));
    assert_bytes("abc", bytes);
    assert_bytes("d", base_cursor_rest(&in));

    in = base_cursor_over(base_bytes_of(huge, sizeof huge));
    assert_fails(BASE_E_LIMIT, base_cursor_sized(&in, 1000, &bytes));
    assert_fails(BASE_E_TRUNCATED, base_cursor_sized(&in, UINT32_MAX, &bytes));
    assert_int_equal(sizeof huge, in.left);
    in = base_cursor_over(base_bytes_of(field, 6)); /* says 3, holds 2 */
    assert_fails(BASE_E_TRUNCATED, base_cursor_sized(&in, 3, &bytes));
    assert_int_equal(6, in.left);
}

static void lines_end_in_a_line_feed(void **state)
{
    (void)state;
    struct base_cursor in = base_cursor_over(base_bytes_text("one\n\nthree\r\nrest"));
    struct base_bytes line;
    assert_ok(base_cursor_line(&in, 3, &line));
    assert_bytes("one", line);
    assert_ok(base_cursor_line(&in, 0, &line));
    assert_bytes("", line);
    assert_fails(BASE_E_LIMIT, base_cursor_line(&in, 5, &line));
    assert_ok(base_cursor_line(&in, 6, &line));
    assert_bytes("three\r", line);
    assert_fails(BASE_E_TRUNCATED, base_cursor_line(&in, 100, &line));
    assert_bytes("rest", base_cursor_rest(&in));
}

static void a_literal_is_matched_to_the_byte(void **state)
{
    (void)state;
    struct base_cursor in = base_cursor_over(base_bytes_text("key: x"));
    assert_fails(BASE_E_FORMAT, base_cursor_literal(&in, "Key: "));
    assert_fails(BASE_E_TRUNCATED, base_cursor_literal(&in, "key: xy"));
    assert_int_equal(6, in.left);
    assert_ok(base_cursor_literal(&in, "key: "));
    assert_fails(BASE_E_TRAILING, base_cursor_end(&in));
    assert_ok(base_cursor_literal(&in, "x"));
    assert_ok(base_cursor_end(&in));
}

static void decimals_have_one_form(void **state)
{
    (void)state;
    uint64_t value = 77;
    static const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "01", "00", "0x1", "1a", "1.0", "\xd9\xa1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fails(BASE_E_FORMAT, base_parse_decimal(base_bytes_text(wrong[i]), UINT64_MAX, &value));
    assert_fails(BASE_E_RANGE, base_parse_decimal(base_bytes_text("18446744073709551616"), UINT64_MAX, &value));
    assert_fails(BASE_E_RANGE, base_parse_decimal(base_bytes_text("99999999999999999999999"), UINT64_MAX, &value));
    assert_fails(BASE_E_RANGE, base_parse_decimal(base_bytes_text("101"), 100, &value));
    assert_int_equal(77, value);
    assert_ok(base_parse_decimal(base_bytes_text("0"), 0, &value));
    assert_int_equal(0, value);
    assert_ok(base_parse_decimal(base_bytes_text("100"), 100, &value));
    assert_int_equal(100, value);
    assert_ok(base_parse_decimal(base_bytes_text("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
}

static void what_is_put_is_read(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(base_put_u8(&out, 0xfe));
    assert_ok(base_put_u16(&out, 0xfedc));
    assert_ok(base_put_u32(&out, 0xfedcba98));
    assert_ok(base_put_u64(&out, 0xfedcba9876543210));
    assert_ok(base_put_bytes(&out, "ab", 2));
    assert_ok(base_put_sized(&out, base_bytes_text("xyz")));
    assert_ok(base_put_sized(&out, base_bytes_of(NULL, 0)));
    static const uint8_t expected[] = {0xfe, 0xfe, 0xdc, 0xfe, 0xdc, 0xba, 0x98, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32,
                                       0x10, 'a',  'b',  0,    0,    0,    3,    'x',  'y',  'z',  0,    0,    0,    0};
    assert_int_equal(sizeof expected, out.len);
    assert_memory_equal(expected, out.data, out.len);
    base_buffer_release(&out);
    assert_fails(BASE_E_LIMIT, base_put_sized(&out, base_bytes_of(sample, (size_t)UINT32_MAX + 1)));
    assert_int_equal(0, out.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_big_endian),
        cmocka_unit_test(a_read_past_the_end_does_not_move),
        cmocka_unit_test(nothing_can_be_read_from_nothing),
        cmocka_unit_test(a_sized_field_has_its_limit_checked_first),
        cmocka_unit_test(lines_end_in_a_line_feed),
        cmocka_unit_test(a_literal_is_matched_to_the_byte),
        cmocka_unit_test(decimals_have_one_form),
        cmocka_unit_test(what_is_put_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
