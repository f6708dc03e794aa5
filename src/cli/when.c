/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/when.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "cli/print.h"

#include <string.h>

enum { TURNS = 8, TURN_LEN = 32, TEXT_MAX = 32, AHEAD_MAX = 100000 };
enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

static int64_t replayed_ms;

void cli_now_is(int64_t now_ms)
{
    replayed_ms = now_ms;
}

int64_t cli_now(void)
{
    if (replayed_ms != 0)
        return replayed_ms;
    struct base_clock clock = base_clock_system();
    return base_clock_now(&clock);
}

static enum base_code not_a_time(const char *text)
{
    return base_fail(BASE_E_FORMAT, "'%.40s' is no time: 2026-11-24, 2026-11-24 08:00, or +14d from now", text);
}

/* "+8h": behind the sign a number and a unit. */
static enum base_code parse_ahead(const char *text, int64_t now_ms, int64_t *out)
{
    size_t len = strspn(text + 1, "0123456789");
    uint64_t count;
    int64_t unit = text[1 + len] == 'h' ? HOUR_MS : text[1 + len] == 'd' ? DAY_MS : text[1 + len] == 'w' ? (int64_t)7 * DAY_MS : 0;
    if (unit == 0 || text[len + 2] != 0 || base_parse_decimal(base_bytes_of(text + 1, len), AHEAD_MAX, &count) != BASE_OK)
        return not_a_time(text);
    *out = now_ms + (int64_t)count * unit;
    return BASE_OK;
}

/* "+01:00" or "-0500"; nothing and "Z" are none. */
static bool parse_offset(const char *text, int64_t *out_ms)
{
    uint64_t hours, minutes;
    size_t colon = strlen(text) == 6 ? 1 : 0;
    *out_ms = 0;
    if (*text == 0 || strcmp(text, "Z") == 0)
        return true;
    if ((*text != '+' && *text != '-') || strlen(text) != 5 + colon || (colon == 1 && text[3] != ':'))
        return false;
    if (strspn(text + 1, "0123456789") != (colon == 1 ? 2 : 4) || strspn(text + 3 + colon, "0123456789") != 2)
        return false;
    hours = (uint64_t)((text[1] - '0') * 10 + text[2] - '0');
    minutes = (uint64_t)((text[3 + colon] - '0') * 10 + text[4 + colon] - '0');
    *out_ms = (int64_t)(hours * HOUR_MS + minutes * MINUTE_MS) * (*text == '-' ? -1 : 1);
    return hours < 24 && minutes < 60;
}

/* How many characters from `text` have the shape: d for a digit, T for "T", "t" or a blank, anything else for itself. */
static size_t fits(const char *text, const char *shape)
{
    size_t len = 0;
    for (; shape[len] != 0; len++) {
        char letter = text[len];
        bool is_fit = shape[len] == 'd'   ? letter >= '0' && letter <= '9'
                      : shape[len] == 'T' ? letter == 'T' || letter == 't' || letter == ' '
                                          : letter == shape[len];
        if (!is_fit)
            return 0;
    }
    return len;
}

enum base_code cli_when_parse(const char *text, enum cli_day day, int64_t now_ms, int64_t *out)
{
    char whole[BASE_TIME_TEXT_LEN + 1] = "0000-00-00T00:00:00Z";
    int64_t offset_ms = 0;
    size_t len;
    if (text[0] == '+')
        return parse_ahead(text, now_ms, out);
    if (strlen(text) > TEXT_MAX)
        return not_a_time(text);
    if ((len = fits(text, "dddd-dd-ddTdd:dd:dd")) == 0 && (len = fits(text, "dddd-dd-ddTdd:dd")) == 0)
        len = fits(text, "dddd-dd-dd");
    if (len == 0 || (len == 10 ? text[len] != 0 : !parse_offset(text + len, &offset_ms)))
        return not_a_time(text);
    memcpy(whole, text, len);
    whole[10] = 'T';
    if (len == 10 && day == CLI_DAY_ENDS)
        memcpy(whole + 11, "23:59:59", 8);
    BASE_TRY(base_time_parse(base_bytes_text(whole), out));
    *out -= offset_ms;
    return BASE_OK;
}

static char *next_turn(void)
{
    static char turns[TURNS][TURN_LEN];
    static unsigned turn;
    turn = (turn + 1) % TURNS;
    return turns[turn];
}

const char *cli_due(int64_t due_ms, int64_t now_ms)
{
    static const struct {
        int64_t unit_ms, from_ms; /* from two of a unit on */
        const char *name;
    } units[] = {{DAY_MS, (int64_t)2 * DAY_MS, "day"}, {HOUR_MS, (int64_t)2 * HOUR_MS, "hour"}, {MINUTE_MS, MINUTE_MS, "minute"}};
    int64_t away_ms = due_ms > now_ms ? due_ms - now_ms : now_ms - due_ms;
    char *text = next_turn();
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (away_ms < units[i].from_ms)
            continue;
        long long count = (long long)((away_ms + units[i].unit_ms / 2) / units[i].unit_ms);
        snprintf(text, TURN_LEN, "%s%lld %s%s%s", due_ms > now_ms ? "in " : "", count, units[i].name, count == 1 ? "" : "s",
                 due_ms > now_ms ? "" : " late");
        return text;
    }
    return "now";
}

const char *cli_due_text(const char *due, int64_t now_ms)
{
    int64_t due_ms;
    return base_time_parse(base_bytes_text(due), &due_ms) == BASE_OK ? cli_due(due_ms, now_ms) : "";
}

const char *cli_time_text(const char *time)
{
    int64_t time_ms;
    return base_time_parse(base_bytes_text(time), &time_ms) == BASE_OK ? cli_time(time_ms) : "-";
}
