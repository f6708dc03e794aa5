/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to time. Whoever needs the time is handed a clock, so that a test can turn it. Times are milliseconds since
 * 1970-01-01T00:00:00Z, without leap seconds.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/bytes.h"

struct base_clock {
    int64_t (*now_ms)(void *context);
    void *context;
};

struct base_clock base_clock_system(void);
/* A clock that stands at *now_ms (borrowed for the clock's life) until the caller changes it. */
struct base_clock base_clock_manual(int64_t *now_ms);
int64_t base_clock_now(const struct base_clock *clock);
struct base_clock base_clock_steady(void); /* base_clock_elapsed_ms() as a clock */
/* Milliseconds that only move forward, for measuring how long something took. */
int64_t base_clock_elapsed_ms(void);

/* RFC 3339 in UTC with seconds: "2026-11-24T05:00:00Z", 20 characters. */
#define BASE_TIME_TEXT_LEN 20
void base_time_format(int64_t time_ms, char out[BASE_TIME_TEXT_LEN + 1]); /* years 0 to 9999, else "0000-..." */
enum base_code base_time_parse(struct base_bytes text, int64_t *time_ms) BASE_MUST_USE; /* BASE_E_FORMAT, BASE_E_RANGE */

/* Days since 1970-01-01 of a civil date, and whether there is such a date (proleptic Gregorian). */
int64_t base_days_from_civil(int year, int month, int day);
bool base_is_civil(int year, int month, int day);

#endif
