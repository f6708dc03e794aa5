/* SPDX-License-Identifier: Apache-2.0
 *
 * Quarters of the calendar, in UTC.
 */
#include "exchange/report.h"

#include "base/clock.h"

#include <stdio.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum base_code exchange_quarter_parse(const char *text, struct exchange_quarter *out)
{
    struct exchange_quarter quarter = {0, 0};
    int at = 0;
    for (; at < 4 && is_digit(text[at]); at++)
        quarter.year = 10 * quarter.year + (text[at] - '0');
    bool is_formed = at == 4 && text[4] == 'Q' && text[5] >= '1' && text[5] <= '4' && text[6] == 0;
    if (!is_formed || quarter.year < 1970)
        return base_fail(BASE_E_FORMAT, "a quarter is written like 2026Q4");
    quarter.number = text[5] - '0';
    *out = quarter;
    return BASE_OK;
}

void exchange_quarter_format(struct exchange_quarter quarter, char out[EXCHANGE_QUARTER_LEN])
{
    unsigned year = (unsigned)quarter.year % 10000, number = (unsigned)quarter.number % 10;
    snprintf(out, EXCHANGE_QUARTER_LEN, "%04uQ%u", year, number);
}

struct exchange_quarter exchange_quarter_of(int64_t time_ms)
{
    struct exchange_quarter quarter = {0, 1};
    char text[BASE_TIME_TEXT_LEN + 1];
    base_time_format(time_ms, text);
    for (int i = 0; i < 4; i++)
        quarter.year = 10 * quarter.year + (text[i] - '0');
    quarter.number = (10 * (text[5] - '0') + (text[6] - '0') - 1) / 3 + 1;
    return quarter;
}

struct exchange_quarter exchange_quarter_shift(struct exchange_quarter quarter, int by)
{
    int quarters = 4 * quarter.year + quarter.number - 1 + by;
    return (struct exchange_quarter){quarters / 4, quarters % 4 + 1};
}

int64_t exchange_quarter_begin_ms(struct exchange_quarter quarter)
{
    return base_days_from_civil(quarter.year, 3 * quarter.number - 2, 1) * 86400000;
}
