/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"
#include "verify/text.h"

static struct verify_span span(const char *text)
{
    return verify_span_of(text, strlen(text));
}

static void base64_has_one_form(void **state)
{
    (void)state;
    static const char *const good[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    static const char *const wrong[] = {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "=", "-_-_", "Zm9v\n", "Zg==Zg==", "Z===", "\xc3\xa9\xc3\xa9"};
    uint8_t out[6];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(strlen(good[i][0]), verify_base64(span(good[i][1]), out, sizeof out));
        assert_memory_equal(good[i][0], out, strlen(good[i][0]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(-1, verify_base64(span(wrong[i]), out, sizeof out));
    assert_int_equal(-1, verify_base64(span("Zm9vYmFy"), out, 5));
}

static void numbers_have_one_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "00", "01", "-1", "+1", "1 ", "1a", "18446744073709551616", "100000000000000000000"};
    uint64_t value = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verify_decimal(span(wrong[i]), UINT64_MAX, &value));
    assert_false(verify_decimal(span("101"), 100, &value));
    assert_false(verify_decimal(span("5"), 4, &value));
    assert_int_equal(7, value);
    assert_true(verify_decimal(span("100"), 100, &value));
    assert_int_equal(100, value);
    assert_true(verify_decimal(span("0"), 0, &value));
    assert_true(verify_decimal(span("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
}

static void hexadecimal_is_lower_case(void **state)
{
    (void)state;
    uint8_t out[2];
    char text[5];
    assert_true(verify_hex(span("0aff"), out, 2));
    verify_hex_write(out, 2, text);
    assert_string_equal("0aff", text);
    assert_false(verify_hex(span("0AFF"), out, 2));
    assert_false(verify_hex(span("0af"), out, 2));
    assert_false(verify_hex(span("0afg"), out, 2));
}

static void utf8_is_that_of_rfc_3629(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\x80", "\xc0\xaf", "\xc1\x81", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                                        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xc3(", "\xff"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verify_is_utf8(span(wrong[i])));
    assert_true(verify_is_utf8(span("aé\xe2\x82\xac\xf0\x9f\x8c\x8d\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80")));
    assert_true(verify_is_utf8(span("")));
}

static void times_exist(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "2026-11-24T05:00:00", "2026-11-24T05:00:00z", "2026-11-24 05:00:00Z", "2026-13-01T00:00:00Z",
                                        "2026-02-29T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
                                        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-1-011T00:00:00Z"};
    int64_t seconds, again;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verify_time_read(span(wrong[i]), &seconds));
    assert_true(verify_time_read(span("2024-02-29T23:59:59Z"), &seconds));
    assert_int_equal(1709251199, seconds);
    char text[24];
    verify_time_write(0, text);
    assert_string_equal("1970-01-01T00:00:00Z", text);
    verify_time_write(INT64_MAX, text);
    assert_string_equal("-", text);
    verify_time_write(VERIFY_TIME_LEAST - 1, text);
    assert_string_equal("-", text);
    for (seconds = VERIFY_TIME_LEAST; seconds <= VERIFY_TIME_MOST; seconds += 86399) {
        verify_time_write(seconds, text);
        assert_true(verify_time_read(span(text), &again));
        assert_int_equal(seconds, again);
    }
    verify_time_write(VERIFY_TIME_MOST, text);
    assert_string_equal("9999-12-31T23:59:59Z", text);
}

static void lines_are_taken_one_by_one(void **state)
{
    (void)state;
    struct verify_span rest = span("a\n\nb"), line;
    assert_true(verify_take_line(&rest, &line));
    assert_true(verify_span_is(line, "a"));
    assert_true(verify_take_line(&rest, &line));
    assert_int_equal(0, line.len);
    assert_false(verify_take_line(&rest, &line));
    assert_true(verify_span_is(rest, "b"));
    rest = verify_span_of(NULL, 0);
    assert_false(verify_take_line(&rest, &line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_has_one_form),       cmocka_unit_test(numbers_have_one_form),
        cmocka_unit_test(hexadecimal_is_lower_case), cmocka_unit_test(utf8_is_that_of_rfc_3629),
        cmocka_unit_test(times_exist),               cmocka_unit_test(lines_are_taken_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
