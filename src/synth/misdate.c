/* SPDX-License-Identifier: Apache-2.0
 *
 * The date of birth as a second source gives it: the first source's, and errors on it (doc/spec/synth.md section 5).
 */
#include "synth/inside.h"

#include <string.h>

/* In 100,000 persons. Where each comes from: doc/spec/synth.md 5.3. */
enum {
    RATE_NO_DATE = 650,
    RATE_DATE = 5000, /* of persons for whom the first source has none */
    RATE_FULLER_DATE = 4500, /* of persons whose date is less than a day */
    RATE_BARE_YEAR = 1400,
    RATE_FIRST_JANUARY = 200,
    RATE_DAY_MONTH = 200,
    RATE_DIGIT = 500,
    RATE_YEAR_OFF = 300,
    RATE_YEAR_FAR = 300,
    RATE_CIRCA = 1000,
    RATE_RANGE = 500,
    RATE_FEWER_DATES = 40000, /* of persons with several, each */
    RATE_MORE_DATES = 2600,
    FIRST_YEAR = 1900,
};

struct misdating {
    const struct synth *synth;
    const struct synth_first *first;
    struct synth_random *random;
    struct synth_sheet_date date;
    uint64_t errors;
};

static bool errs(struct misdating *dating, uint32_t rate)
{
    return synth_errs(dating->synth, dating->random, rate);
}

static void set_year(struct synth_sheet_date *date, int year)
{
    date->from = date->to = (struct people_day){(int16_t)year, 0, 0};
}

static bool is_year_alone(const struct synth_sheet_date *date)
{
    return date->from.day == 0 && date->from.year == date->to.year && !date->is_circa;
}

static void move_year(struct synth_sheet_date *date, int years)
{
    date->from.year = (int16_t)(date->from.year + years);
    date->to.year = (int16_t)(date->to.year + years);
    if (date->from.month == 2 && date->from.day > 28)
        date->from.day = date->to.day = 28;
}

static bool to_bare_year(struct misdating *dating)
{
    if (dating->date.from.day == 0)
        return false;
    set_year(&dating->date, dating->date.from.year);
    return true;
}

static bool to_first_january(struct misdating *dating)
{
    struct people_day *day = &dating->date.from;
    if (day->day == 0 || (day->month == 1 && day->day == 1))
        return false;
    day->month = day->day = 1;
    dating->date.to = *day;
    return true;
}

static bool to_day_month(struct misdating *dating)
{
    struct people_day *day = &dating->date.from;
    if (day->day == 0 || day->day > 12 || day->day == day->month)
        return false;
    uint8_t month = day->month;
    day->month = day->day;
    day->day = month;
    dating->date.to = *day;
    return true;
}

/* 14 becomes 17, 24 or 4: one digit of the day that still makes a day of every month. */
static bool to_digit(struct misdating *dating)
{
    struct people_day *day = &dating->date.from;
    if (day->day == 0)
        return false;
    uint8_t was = day->day;
    unsigned tens = was / 10, ones = was % 10;
    if (synth_random_per_mille(dating->random, 300))
        tens = (tens + 1 + synth_random_below(dating->random, 2)) % 3;
    else
        ones = (ones + 1 + synth_random_below(dating->random, 9)) % 10;
    unsigned now = tens * 10 + ones;
    if (now == 0 || now > 28)
        return false;
    day->day = (uint8_t)now;
    dating->date.to = *day;
    return true;
}

static bool to_year_off(struct misdating *dating)
{
    move_year(&dating->date, synth_random_per_mille(dating->random, 500) ? 1 : -1);
    return true;
}

static bool to_year_far(struct misdating *dating)
{
    int years = 2 + (int)synth_random_below(dating->random, 9);
    move_year(&dating->date, synth_random_per_mille(dating->random, 500) ? years : -years);
    return true;
}

static bool to_circa(struct misdating *dating)
{
    if (dating->date.is_circa || dating->date.from.year != dating->date.to.year)
        return false;
    set_year(&dating->date, dating->date.from.year);
    dating->date.is_circa = true;
    return true;
}

static bool to_range(struct misdating *dating)
{
    int year = dating->date.from.year;
    if (dating->date.to.year != year)
        return false;
    set_year(&dating->date, year - (int)synth_random_below(dating->random, 3));
    dating->date.to.year = (int16_t)(year + 1 + (int)synth_random_below(dating->random, 3));
    dating->date.is_circa = false;
    return true;
}

static bool to_fuller(struct misdating *dating)
{
    if (!is_year_alone(&dating->date) && !dating->date.is_circa)
        return false;
    dating->date = (struct synth_sheet_date){dating->first->who.birth, dating->first->who.birth, false};
    return true;
}

/* At most one of these happens, so that a date tells what happened to it. */
static const struct {
    enum synth_error error;
    uint32_t rate;
    bool (*change)(struct misdating *dating);
} changes[] = {
    {SYNTH_ERROR_FULLER_DATE, RATE_FULLER_DATE, to_fuller},
    {SYNTH_ERROR_BARE_YEAR, RATE_BARE_YEAR, to_bare_year},
    {SYNTH_ERROR_FIRST_JANUARY, RATE_FIRST_JANUARY, to_first_january},
    {SYNTH_ERROR_DAY_MONTH, RATE_DAY_MONTH, to_day_month},
    {SYNTH_ERROR_DIGIT, RATE_DIGIT, to_digit},
    {SYNTH_ERROR_YEAR_OFF, RATE_YEAR_OFF, to_year_off},
    {SYNTH_ERROR_YEAR_FAR, RATE_YEAR_FAR, to_year_far},
    {SYNTH_ERROR_CIRCA, RATE_CIRCA, to_circa},
    {SYNTH_ERROR_RANGE, RATE_RANGE, to_range},
};

static void change_date(struct misdating *dating)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (!errs(dating, changes[i].rate) || !changes[i].change(dating))
            continue;
        dating->errors |= SYNTH_ERROR_BIT(changes[i].error);
        return;
    }
}

static void add_more(struct misdating *dating, struct synth_sheet *out)
{
    if (!errs(dating, RATE_MORE_DATES))
        return;
    int year = dating->date.from.year + (int)synth_random_below(dating->random, 9) - 4;
    struct people_day day = synth_day_any(year > FIRST_YEAR ? year : FIRST_YEAR, dating->random);
    size_t before = out->birth_count;
    synth_sheet_add_birth(out, (struct synth_sheet_date){day, day, false});
    if (out->birth_count > before)
        dating->errors |= SYNTH_ERROR_BIT(SYNTH_ERROR_MORE_DATES);
}

uint64_t synth_misdate(const struct synth *synth, const struct synth_first *first, struct synth_random *random,
                       struct synth_sheet *out)
{
    struct misdating dating = {.synth = synth, .first = first, .random = random};
    const struct synth_sheet *sheet = &first->sheet;
    if (sheet->birth_count == 0) {
        if (errs(&dating, RATE_DATE)) {
            synth_sheet_add_birth(out, (struct synth_sheet_date){first->who.birth, first->who.birth, false});
            return SYNTH_ERROR_BIT(SYNTH_ERROR_FULLER_DATE);
        }
        return 0;
    }
    if (errs(&dating, RATE_NO_DATE))
        return SYNTH_ERROR_BIT(SYNTH_ERROR_NO_DATE);
    dating.date = sheet->births[0];
    change_date(&dating);
    synth_sheet_add_birth(out, dating.date);
    for (size_t i = 1; i < sheet->birth_count; i++) {
        if (errs(&dating, RATE_FEWER_DATES))
            dating.errors |= SYNTH_ERROR_BIT(SYNTH_ERROR_FEWER_DATES);
        else
            synth_sheet_add_birth(out, sheet->births[i]);
    }
    add_more(&dating, out);
    return dating.errors;
}
