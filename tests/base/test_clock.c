/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "support/test.h"

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    assert_int_equal(0, base_days_from_civil(1970, 1, 1));
    assert_int_equal(-1, base_days_from_civil(1969, 12, 31));
    assert_int_equal(11016, base_days_from_civil(2000, 2, 29));
    assert_int_equal(-719528, base_days_from_civil(0, 1, 1));
    assert_int_equal(2932896, base_days_from_civil(9999, 12, 31));
}

static void every_day_follows_the_one_before(void **state)
{
    (void)state;
    int64_t expected = base_days_from_civil(1896, 1, 1);
    for (int year = 1896; year <= 2104; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++)
                if (base_is_civil(year, month, day))
                    assert_int_equal(expected++, base_days_from_civil(year, month, day));
    assert_int_equal(expected, base_days_from_civil(2105, 1, 1));
}

static void dates_that_never_were_are_refused(void **state)
{
    (void)state;
    assert_true(base_is_civil(2000, 2, 29));
    assert_true(base_is_civil(2024, 2, 29));
    assert_false(base_is_civil(1900, 2, 29));
    assert_false(base_is_civil(2023, 2, 29));
    assert_false(base_is_civil(2023, 4, 31));
    assert_false(base_is_civil(2023, 0, 1));
    assert_false(base_is_civil(2023, 13, 1));
    assert_false(base_is_civil(2023, 1, 0));
    assert_false(base_is_civil(2023, 1, 32));
    assert_false(base_is_civil(-1, 1, 1));
    assert_false(base_is_civil(10000, 1, 1));
}

static void check_both_ways(const char *text, int64_t time_ms)
{
    char written[BASE_TIME_TEXT_LEN + 1];
    int64_t read = -1;
    assert_ok(base_time_parse(base_bytes_text(text), &read));
    assert_int_equal(time_ms, read);
    base_time_format(time_ms, written);
    assert_string_equal(text, written);
}

static void times_are_read_and_written(void **state)
{
    (void)state;
    check_both_ways("1970-01-01T00:00:00Z", 0);
    check_both_ways("1985-04-12T23:20:50Z", 482196050000); /* RFC 3339 section 5.8, without the fraction */
    check_both_ways("1969-12-31T23:59:59Z", -1000);
    check_both_ways("0000-01-01T00:00:00Z", -62167219200000);
    check_both_ways("0987-06-05T04:03:02Z", -31007044618000);
    check_both_ways("9999-12-31T23:59:59Z", 253402300799000);
}

static void a_part_of_a_second_is_rounded_down(void **state)
{
    (void)state;
    char written[BASE_TIME_TEXT_LEN + 1];
    base_time_format(1999, written);
    assert_string_equal("1970-01-01T00:00:01Z", written);
    base_time_format(-1, written);
    assert_string_equal("1969-12-31T23:59:59Z", written);
}

static void times_out_of_reach_are_written_as_zeros(void **state)
{
    (void)state;
    const int64_t times[] = {INT64_MIN, INT64_MAX, 253402300800000, -62167219200001};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char written[BASE_TIME_TEXT_LEN + 1];
        base_time_format(times[i], written);
        assert_string_equal("0000-00-00T00:00:00Z", written);
    }
}

static void times_of_another_form_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "2026-11-24", "2026-11-24T05:00:00", "2026-11-24T05:00:00z", "2026-11-24 05:00:00Z",
                                        "2026-11-24T05:00:00ZZ", "2026-11-24T05:00:0 Z", "2O26-11-24T05:00:00Z",
                                        "2026-11-24T05-00-00Z", "-026-11-24T05:00:00Z", "2026-11-24T05:00:+1Z"};
    int64_t time_ms = 77;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fails(BASE_E_FORMAT, base_time_parse(base_bytes_text(wrong[i]), &time_ms));
    assert_int_equal(77, time_ms);
}

static void times_that_never_were_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2026-02-29T05:00:00Z", "2026-13-01T05:00:00Z", "2026-00-01T05:00:00Z",
                                        "2026-01-00T05:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T05:60:00Z",
                                        "2026-01-01T05:00:60Z"};
    int64_t time_ms = 77;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fails(BASE_E_RANGE, base_time_parse(base_bytes_text(wrong[i]), &time_ms));
    assert_int_equal(77, time_ms);
}

static void a_manual_clock_stands_until_it_is_turned(void **state)
{
    (void)state;
    int64_t now_ms = 5;
    struct base_clock clock = base_clock_manual(&now_ms);
    assert_int_equal(5, base_clock_now(&clock));
    now_ms = 6;
    assert_int_equal(6, base_clock_now(&clock));
}

static void the_system_clock_moves_forward(void **state)
{
    (void)state;
    struct base_clock clock = base_clock_system();
    assert_true(base_clock_now(&clock) > 1577836800000); /* 2020 */
    int64_t first = base_clock_elapsed_ms();
    assert_true(base_clock_elapsed_ms() >= first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(dates_that_never_were_are_refused),
        cmocka_unit_test(times_are_read_and_written),
        cmocka_unit_test(a_part_of_a_second_is_rounded_down),
        cmocka_unit_test(times_out_of_reach_are_written_as_zeros),
        cmocka_unit_test(times_of_another_form_are_refused),
        cmocka_unit_test(times_that_never_were_are_refused),
        cmocka_unit_test(a_manual_clock_stands_until_it_is_turned),
        cmocka_unit_test(the_system_clock_moves_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
