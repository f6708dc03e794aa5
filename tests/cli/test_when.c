/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/clock.h"
#include "cli/when.h"

static const int64_t now = 1795500000000; /* 2026-11-24T06:00:00Z */

static void assert_when(const char *text, enum cli_day day, const char *expected)
{
    char got[BASE_TIME_TEXT_LEN + 1];
    int64_t time_ms;
    assert_ok(cli_when_parse(text, day, now, &time_ms));
    base_time_format(time_ms, got);
    assert_string_equal(got, expected);
}

static void every_way_of_writing_a_time(void **state)
{
    (void)state;
    assert_when("2026-11-24", CLI_DAY_BEGINS, "2026-11-24T00:00:00Z");
    assert_when("2026-11-24", CLI_DAY_ENDS, "2026-11-24T23:59:59Z");
    assert_when("2026-11-24 08:30", CLI_DAY_ENDS, "2026-11-24T08:30:00Z");
    assert_when("2026-11-24T08:30", CLI_DAY_BEGINS, "2026-11-24T08:30:00Z");
    assert_when("2026-11-24t08:30:15Z", CLI_DAY_BEGINS, "2026-11-24T08:30:15Z");
    assert_when("2012-01-21T18:20:00-05:00", CLI_DAY_BEGINS, "2012-01-21T23:20:00Z");
    assert_when("2012-01-21 18:20-0500", CLI_DAY_BEGINS, "2012-01-21T23:20:00Z");
    assert_when("2026-01-01T00:30+01:00", CLI_DAY_BEGINS, "2025-12-31T23:30:00Z");
    assert_when("+8h", CLI_DAY_ENDS, "2026-11-24T14:00:00Z");
    assert_when("+14d", CLI_DAY_ENDS, "2026-12-08T06:00:00Z");
    assert_when("+2w", CLI_DAY_ENDS, "2026-12-08T06:00:00Z");
    assert_when("2024-02-29", CLI_DAY_BEGINS, "2024-02-29T00:00:00Z");
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "tomorrow",
                                      "2026-11",
                                      "24.11.2026",
                                      "2026-11-24Z",
                                      "2026-11-24 8:00",
                                      "2026-11-24 08:00 ",
                                      "2026-11-24T08:00:00X",
                                      "2026-11-24T08:00:00+1:00",
                                      "2026-11-24T08:00:00+24:00",
                                      "2026-11-24T08:00:00+01:60",
                                      "2026-11-24T08:00:00+01-00",
                                      "2026-11-24T08:00:00+0100:",
                                      "2026-11-24T08:00:00.123Z",
                                      "+",
                                      "+h",
                                      "+8",
                                      "+8m",
                                      "+8hh",
                                      "+-8h",
                                      "+100001d",
                                      "+99999999999999999999d",
                                      "2026-11-24T08:00:00Zand so on, for much longer than a time"};
    int64_t time_ms;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(BASE_E_FORMAT, cli_when_parse(bad[i], CLI_DAY_BEGINS, now, &time_ms));
    assert_fails(BASE_E_RANGE, cli_when_parse("2026-02-29", CLI_DAY_BEGINS, now, &time_ms));
    assert_fails(BASE_E_RANGE, cli_when_parse("2026-13-01", CLI_DAY_BEGINS, now, &time_ms));
    assert_fails(BASE_E_RANGE, cli_when_parse("2026-11-24 24:00", CLI_DAY_BEGINS, now, &time_ms));
}

static void deadlines_are_relative(void **state)
{
    (void)state;
    const int64_t minute = 60000, hour = 60 * minute, day = 24 * hour;
    assert_string_equal(cli_due(now + 3 * day + hour, now), "in 3 days");
    assert_string_equal(cli_due(now + 2 * day, now), "in 2 days");
    assert_string_equal(cli_due(now + 2 * day - 1, now), "in 48 hours");
    assert_string_equal(cli_due(now + 2 * hour, now), "in 2 hours");
    assert_string_equal(cli_due(now + 2 * hour - 1, now), "in 120 minutes");
    assert_string_equal(cli_due(now + minute, now), "in 1 minute");
    assert_string_equal(cli_due(now + minute - 1, now), "now");
    assert_string_equal(cli_due(now, now), "now");
    assert_string_equal(cli_due(now - minute, now), "1 minute late");
    assert_string_equal(cli_due(now - 5 * hour, now), "5 hours late");
    assert_string_equal(cli_due(now - 2 * day, now), "2 days late");
    assert_string_equal(cli_due_text("2026-11-27T07:00:00Z", now), "in 3 days");
    assert_string_equal(cli_due_text("2026-11-22T06:00:00Z", now), "2 days late");
    assert_string_equal(cli_due_text("", now), "");
    assert_string_equal(cli_due_text("\x1b[2J", now), "");
    assert_string_equal(cli_time_text("2026-11-22T06:00:00Z"), "2026-11-22 06:00");
    assert_string_equal(cli_time_text("soon"), "-");
    char first[32];
    snprintf(first, sizeof first, "%s", cli_due(now + 3 * day, now));
    const char *kept = cli_due(now + 4 * day, now); /* two in one line of output */
    assert_string_not_equal(kept, cli_due(now + 5 * day, now));
    assert_string_equal(kept, "in 4 days");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_writing_a_time),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(deadlines_are_relative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
