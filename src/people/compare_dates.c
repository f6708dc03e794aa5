/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates of birth against each other. What differs as clerks' slips differ (day and month swapped, the year of a date off by a
 * little) counts nearly as much as what agrees: chance does not make it.
 */
#include "people/compare_inside.h"

#include <stdlib.h>

enum {
    CIRCA_YEARS = 2,
    RANGE_YEARS_MAX = 10, /* a longer range says too little */
    SLIP_YEARS = 2,
    LOOSE_YEARS = 1,
    OFF_YEARS = 5,
};

/* The first of January stands for an unknown day so often that it counts as the year alone. */
static bool is_new_year(struct people_day day)
{
    return day.month == 1 && day.day == 1;
}

static bool is_full(struct people_day day)
{
    return day.day != 0 && !is_new_year(day);
}

static bool has_month(struct people_day day)
{
    return day.month != 0 && !is_new_year(day);
}

static bool is_same_day(struct people_day a, struct people_day b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static bool is_span(const struct people_birth *birth)
{
    return birth->is_circa || !is_same_day(birth->from, birth->to);
}

/* 1968 and 1986, 1957 and 1967: digits swapped, or one of them another. */
static bool is_year_slip(int a, int b)
{
    int a_digits[] = {a / 10 % 10, a % 10}, b_digits[] = {b / 10 % 10, b % 10};
    if (a / 100 != b / 100)
        return false;
    return a_digits[0] == b_digits[0] || a_digits[1] == b_digits[1] || (a_digits[0] == b_digits[1] && a_digits[1] == b_digits[0]);
}

static int years_apart(const struct people_birth *a, const struct people_birth *b)
{
    int slack = (a->is_circa ? CIRCA_YEARS : 0) + (b->is_circa ? CIRCA_YEARS : 0);
    int gap = a->from.year > b->to.year ? a->from.year - b->to.year : b->from.year > a->to.year ? b->from.year - a->to.year : 0;
    return gap > slack ? gap - slack : 0;
}

static enum people_nearness spans_near(const struct people_birth *a, const struct people_birth *b)
{
    int apart = years_apart(a, b);
    if (a->to.year - a->from.year > RANGE_YEARS_MAX || b->to.year - b->from.year > RANGE_YEARS_MAX)
        return apart == 0 ? PEOPLE_NEAR_UNKNOWN : PEOPLE_NEAR_FAR;
    return apart == 0 ? PEOPLE_NEAR_SPAN : apart <= LOOSE_YEARS ? PEOPLE_NEAR_NEXT : apart <= OFF_YEARS ? PEOPLE_NEAR_OFF : PEOPLE_NEAR_FAR;
}

static bool is_swapped(struct people_day a, struct people_day b)
{
    return a.day == b.month && a.month == b.day;
}

static enum people_nearness days_near(struct people_day a, struct people_day b)
{
    bool is_day_month = a.day == b.day && a.month == b.month;
    int apart = abs(a.year - b.year);
    if (apart == 0 && !is_day_month)
        return is_swapped(a, b) ? PEOPLE_NEAR_SWAPPED : a.day == b.day || a.month == b.month ? PEOPLE_NEAR_PART : PEOPLE_NEAR_SAME;
    if (is_day_month)
        return apart == 0 ? PEOPLE_NEAR_DAY : apart <= SLIP_YEARS || is_year_slip(a.year, b.year) ? PEOPLE_NEAR_SLIP : PEOPLE_NEAR_BIRTHDAY;
    return apart <= OFF_YEARS ? PEOPLE_NEAR_OFF : PEOPLE_NEAR_FAR;
}

enum people_nearness people_births_near(const struct people_birth *a, const struct people_birth *b)
{
    if (is_span(a) || is_span(b))
        return spans_near(a, b);
    if (is_full(a->from) && is_full(b->from))
        return days_near(a->from, b->from);
    int apart = abs(a->from.year - b->from.year);
    if (apart > 0)
        return apart <= LOOSE_YEARS ? PEOPLE_NEAR_NEXT : apart <= OFF_YEARS ? PEOPLE_NEAR_OFF : PEOPLE_NEAR_FAR;
    if (!has_month(a->from) || !has_month(b->from))
        return PEOPLE_NEAR_YEAR;
    return a->from.month == b->from.month ? PEOPLE_NEAR_MONTH : PEOPLE_NEAR_SAME;
}

int people_births_evidence(enum people_nearness near)
{
    static const int16_t evidence[PEOPLE_NEARNESSES] = {
        [PEOPLE_NEAR_DAY] = 104,   [PEOPLE_NEAR_SWAPPED] = 80,  [PEOPLE_NEAR_MONTH] = 65,  [PEOPLE_NEAR_SLIP] = 50,
        [PEOPLE_NEAR_YEAR] = 44,   [PEOPLE_NEAR_BIRTHDAY] = 25, [PEOPLE_NEAR_SPAN] = 20,   [PEOPLE_NEAR_PART] = 0,
        [PEOPLE_NEAR_UNKNOWN] = 0, [PEOPLE_NEAR_NEXT] = -18,    [PEOPLE_NEAR_SAME] = -21,  [PEOPLE_NEAR_OFF] = -55,
        [PEOPLE_NEAR_FAR] = -60,
    };
    return evidence[near];
}

enum people_nearness people_births_best(const struct people_profile *a, const struct people_profile *b, size_t *at_a, size_t *at_b)
{
    enum people_nearness best = PEOPLE_NEAR_FAR;
    if (a->birth_count == 0 || b->birth_count == 0)
        return PEOPLE_NEAR_UNKNOWN;
    *at_a = *at_b = 0;
    for (size_t i = 0; i < a->birth_count && best != PEOPLE_NEAR_DAY; i++) {
        for (size_t k = 0; k < b->birth_count && best != PEOPLE_NEAR_DAY; k++) {
            enum people_nearness near = people_births_near(&a->births[i], &b->births[k]);
            if (people_births_evidence(near) <= people_births_evidence(best))
                continue;
            best = near;
            *at_a = i;
            *at_b = k;
        }
    }
    return best;
}

static enum base_code put_day(struct base_buffer *out, struct people_day day)
{
    if (day.month == 0)
        return base_buffer_format(out, "%04d", day.year);
    if (day.day == 0)
        return base_buffer_format(out, "%04d-%02u", day.year, day.month);
    return base_buffer_format(out, "%04d-%02u-%02u", day.year, day.month, day.day);
}

static enum base_code put_date(struct base_buffer *out, const struct people_date *date)
{
    if (date->is_circa)
        BASE_TRY(base_buffer_text(out, "circa "));
    BASE_TRY(put_day(out, date->from));
    if (!is_same_day(date->from, date->to)) {
        BASE_TRY(base_buffer_text(out, " to "));
        BASE_TRY(put_day(out, date->to));
    }
    if (date->stated_by == NULL)
        return BASE_OK;
    BASE_TRY(base_buffer_text(out, " ("));
    BASE_TRY(people_words_cut(out, date->stated_by));
    return base_buffer_text(out, ")");
}

static enum base_code put_apart(struct base_buffer *out, int years)
{
    return years == 1 ? base_buffer_text(out, "one year apart") : base_buffer_format(out, "%d years apart", years);
}

static enum base_code put_spans(struct base_buffer *out, const struct people_birth *a, const struct people_birth *b)
{
    int apart = years_apart(a, b);
    if (apart > 0) {
        BASE_TRY(put_apart(out, apart));
        return a->is_circa || b->is_circa ? base_buffer_format(out, ", with %d years allowed for circa", CIRCA_YEARS) : BASE_OK;
    }
    return base_buffer_text(out, people_births_near(a, b) == PEOPLE_NEAR_UNKNOWN ? "they overlap, over so many years that it says little"
                                                                                 : "they agree");
}

static enum base_code put_days(struct base_buffer *out, struct people_day a, struct people_day b)
{
    int apart = abs(a.year - b.year);
    bool is_day_month = a.day == b.day && a.month == b.month;
    if (apart > 0) {
        BASE_TRY(base_buffer_text(out, is_day_month ? "day and month agree, " : is_swapped(a, b) ? "day and month swapped, " : ""));
        return put_apart(out, apart);
    }
    if (is_day_month)
        return base_buffer_text(out, "the same day");
    if (is_swapped(a, b))
        return base_buffer_format(out, "the year agrees, %u/%u swapped", a.day, a.month);
    if (a.day == b.day)
        return base_buffer_text(out, "day and year agree, the month differs");
    return base_buffer_text(out, a.month == b.month ? "month and year agree, the day differs" : "the year agrees, day and month differ");
}

static enum base_code put_parts(struct base_buffer *out, struct people_day a, struct people_day b)
{
    int apart = abs(a.year - b.year);
    if (apart > 0)
        return put_apart(out, apart);
    if (is_new_year(a) || is_new_year(b))
        return base_buffer_text(out, "the year agrees, and 1 January may stand for an unknown day");
    if (a.month == 0 || b.month == 0)
        return base_buffer_text(out, a.month == b.month ? "the year agrees" : "the year agrees, and no more is known of one");
    return base_buffer_text(out, a.month != b.month ? "the year agrees, the month differs"
                                 : a.day == b.day   ? "year and month agree"
                                                    : "year and month agree, and no more is known of one");
}

enum base_code people_births_words(const struct people_date *a, const struct people_date *b, struct base_buffer *out)
{
    struct people_birth x = {a->from, a->to, a->is_circa}, y = {b->from, b->to, b->is_circa};
    BASE_TRY(base_buffer_text(out, "born "));
    BASE_TRY(put_date(out, a));
    BASE_TRY(base_buffer_text(out, " against "));
    BASE_TRY(put_date(out, b));
    BASE_TRY(base_buffer_text(out, ": "));
    if (is_span(&x) || is_span(&y))
        return put_spans(out, &x, &y);
    return is_full(a->from) && is_full(b->from) ? put_days(out, a->from, b->from) : put_parts(out, a->from, b->from);
}
