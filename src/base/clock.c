/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/cursor.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_now(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t manual_now(void *context)
{
    return *(const int64_t *)context;
}

struct base_clock base_clock_system(void)
{
    return (struct base_clock){system_now, NULL};
}

struct base_clock base_clock_manual(int64_t *now_ms)
{
    return (struct base_clock){manual_now, now_ms};
}

int64_t base_clock_now(const struct base_clock *clock)
{
    return clock->now_ms(clock->context);
}

int64_t base_clock_elapsed_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t steady_now(void *context)
{
    (void)context;
    return base_clock_elapsed_ms();
}

struct base_clock base_clock_steady(void)
{
    return (struct base_clock){steady_now, NULL};
}

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool base_is_civil(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= lengths[month - 1] + (month == 2 && is_leap_year(year));
}

int64_t base_days_from_civil(int year, int month, int day)
{
    /* Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year. */
    int64_t shifted = (int64_t)year - (month <= 2);
    int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int64_t year_of_era = shifted - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void base_time_format(int64_t time_ms, char out[BASE_TIME_TEXT_LEN + 1])
{
    static const char nonsense[] = "0000-00-00T00:00:00Z";
    time_t seconds = (time_t)(time_ms / 1000 - (time_ms % 1000 < 0));
    struct tm parts;
    memcpy(out, nonsense, sizeof nonsense);
    if (gmtime_r(&seconds, &parts) == NULL || parts.tm_year < -1900 || parts.tm_year > 9999 - 1900)
        return;
    /* strftime's %Y does not pad the years before 1000. */
    char text[80];
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
             parts.tm_hour, parts.tm_min, parts.tm_sec);
    memcpy(out, text, BASE_TIME_TEXT_LEN + 1);
}

static int digits(const uint8_t *at, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

enum base_code base_time_parse(struct base_bytes text, int64_t *time_ms)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
    if (text.len != BASE_TIME_TEXT_LEN)
        return base_fail(BASE_E_FORMAT, "not a time of the form 2026-11-24T05:00:00Z");
    for (size_t i = 0; i < text.len; i++)
        if (shape[i] != 'd' && text.data[i] != (uint8_t)shape[i])
            return base_fail(BASE_E_FORMAT, "not a time of the form 2026-11-24T05:00:00Z");
    int year = digits(text.data, 4), month = digits(text.data + 5, 2), day = digits(text.data + 8, 2);
    int hour = digits(text.data + 11, 2), minute = digits(text.data + 14, 2), second = digits(text.data + 17, 2);
    if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
        return base_fail(BASE_E_FORMAT, "not a time of the form 2026-11-24T05:00:00Z");
    if (!base_is_civil(year, month, day) || hour > 23 || minute > 59 || second > 59)
        return base_fail(BASE_E_RANGE, "there is no such time");
    *time_ms = ((base_days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000;
    return BASE_OK;
}
