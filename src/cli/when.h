/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates as people type them, and deadlines as people read them. All in UTC.
 */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include "base/bytes.h"

/* What a day without a time stands for: an event happened then; something is due until it is over. */
enum cli_day { CLI_DAY_BEGINS, CLI_DAY_ENDS };

/* The system's time, or what a node that replays said it is. */
int64_t cli_now(void);
void cli_now_is(int64_t now_ms);
/* "2026-11-24", "2026-11-24 08:00" or "2026-11-24T08:00:00", with "Z", an offset like "+01:00" or nothing (UTC) behind it; "+8h",
 * "+14d", "+2w" from now. BASE_E_FORMAT, BASE_E_RANGE for a day or time that does not exist. */
enum base_code cli_when_parse(const char *text, enum cli_day day, int64_t now_ms, int64_t *out) BASE_MUST_USE;

/* "in 3 days", "in 5 hours", "2 days late", "now", to the nearest; in static storage of eight turns. */
const char *cli_due(int64_t due_ms, int64_t now_ms);
/* The same of a text of RFC 3339; "" when there is none. */
const char *cli_due_text(const char *due, int64_t now_ms);
/* "2026-11-24 05:00" of a text of RFC 3339; "-" when it is none. */
const char *cli_time_text(const char *time);

#endif
