/* SPDX-License-Identifier: Apache-2.0 */
#include "people/dates.h"

#include "base/clock.h"

#include <string.h>
#include <strings.h>

/* A date is short; what is longer is prose. */
enum { TEXT_MAX = 80, WORDS_MAX = 12 };

/* The text cut at blanks and commas, in lower case. */
struct words {
    char text[TEXT_MAX + 1];
    const char *items[WORDS_MAX];
    size_t count;
};

static enum base_code not_a_date(void)
{
    return base_fail(BASE_E_FORMAT, "a date of birth in no form this program knows");
}

static enum base_code split(struct base_bytes text, struct words *out)
{
    if (text.len > TEXT_MAX)
        return not_a_date();
    out->count = 0;
    bool is_inside = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        bool is_gap = byte <= ' ' || byte == ',';
        out->text[i] = is_gap ? 0 : (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
        if (!is_gap && !is_inside) {
            if (out->count == WORDS_MAX)
                return not_a_date();
            out->items[out->count++] = &out->text[i];
        }
        is_inside = !is_gap;
    }
    out->text[text.len] = 0;
    return out->count == 0 ? not_a_date() : BASE_OK;
}

/* All digits, 1 to `most_digits` of them. */
static bool is_number(const char *text, size_t len, size_t most_digits, int *out)
{
    if (len == 0 || len > most_digits)
        return false;
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static bool is_year(const char *text, size_t len, int *out)
{
    return len == 4 && is_number(text, len, 4, out) && *out > 0;
}

/* "jan", "jan.", "january" */
static int month_of(const char *word)
{
    static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
    size_t len = strlen(word);
    if (len > 0 && word[len - 1] == '.')
        len--;
    for (int month = 1; month <= 12; month++) {
        const char *full = months[month - 1];
        if ((len == 3 || (month == 9 && len == 4) || len == strlen(full)) && strncmp(word, full, len) == 0)
            return month;
    }
    return 0;
}

static struct people_day day_of(int year, int month, int day)
{
    return (struct people_day){(int16_t)year, (uint8_t)month, (uint8_t)day};
}

/* "03/04/1975", "3.4.1975", "04/1975", "1975-04-03", "1975-04", "1975/04/03"; 00 for what is not known. Whatever follows an ISO day
 * as its time or zone ("T00:00:00", "-04:00", "Z") is passed over. */
static bool parse_numbers(const char *word, enum people_date_order order, struct people_day *out)
{
    int parts[3] = {0};
    size_t lens[3] = {0}, count = 0;
    const char *at = word;
    char mark = 0;
    while (count < 3) {
        size_t len = strspn(at, "0123456789");
        if (!is_number(at, len, 4, &parts[count]))
            return false;
        lens[count++] = len;
        at += len;
        if (count == 3 || *at == 0)
            break;
        if ((*at != '-' && *at != '/' && *at != '.') || (mark != 0 && *at != mark))
            return false;
        mark = *at++;
    }
    bool is_iso = lens[0] == 4;
    if (*at != 0 && !(is_iso && mark == '-' && lens[1] == 2 && lens[2] == 2 && strchr("tz+-", *at) != NULL))
        return false;
    if (is_iso && count >= 2 && lens[1] <= 2 && lens[2] <= 2 && mark != '.') {
        *out = day_of(parts[0], parts[1], parts[2]);
        return true;
    }
    if (count == 2 && lens[0] <= 2 && lens[1] == 4) {
        *out = day_of(parts[1], parts[0], 0);
        return true;
    }
    if (count != 3 || lens[2] != 4 || lens[0] > 2 || lens[1] > 2)
        return false;
    bool is_month_first = order == PEOPLE_ORDER_MONTH_DAY && mark == '/';
    *out = day_of(parts[2], parts[is_month_first ? 0 : 1], parts[is_month_first ? 1 : 0]);
    return true;
}

/* One day, month or year in the words from `at`; how many of them it takes, 0 when none starts here. */
static size_t parse_one(const struct words *words, size_t at, enum people_date_order order, struct people_day *out)
{
    const char *const *word = words->items + at;
    size_t left = words->count - at;
    int day = 0, year = 0;
    if (left == 0)
        return 0;
    if (left >= 3 && is_number(word[0], strlen(word[0]), 2, &day) && month_of(word[1]) != 0 &&
        is_year(word[2], strlen(word[2]), &year)) {
        *out = day_of(year, month_of(word[1]), day);
        return day == 0 ? 0 : 3;
    }
    if (left >= 3 && month_of(word[0]) != 0 && is_number(word[1], strlen(word[1]), 2, &day) &&
        is_year(word[2], strlen(word[2]), &year)) {
        *out = day_of(year, month_of(word[0]), day);
        return day == 0 ? 0 : 3;
    }
    if (left >= 2 && month_of(word[0]) != 0 && is_year(word[1], strlen(word[1]), &year)) {
        *out = day_of(year, month_of(word[0]), 0);
        return 2;
    }
    if (is_year(word[0], strlen(word[0]), &year)) {
        *out = day_of(year, 0, 0);
        return 1;
    }
    return parse_numbers(word[0], order, out) ? 1 : 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
    while (*list != NULL && strcmp(word, *list) != 0)
        list++;
    return *list != NULL;
}

static const char *const circa_words[] = {"circa", "c.",     "ca",     "ca.",      "c",     "approximately",
                                          "approx", "approx.", "about", "around", "estimated", NULL};
static const char *const range_words[] = {"to", "and", "-", "\xe2\x80\x93", NULL};

/* "1958-1963", "1958/1963", "1970s": a range in one word. */
static bool parse_years_in_a_word(const char *word, struct people_day *from, struct people_day *to)
{
    int first = 0, last = 0;
    size_t len = strlen(word);
    if (len == 9 && (word[4] == '-' || word[4] == '/') && is_year(word, 4, &first) && is_year(word + 5, 4, &last)) {
        *from = day_of(first, 0, 0);
        *to = day_of(last, 0, 0);
        return true;
    }
    if (len == 5 && word[4] == 's' && is_year(word, 4, &first) && first % 10 == 0) {
        *from = day_of(first, 0, 0);
        *to = day_of(first + 9, 0, 0);
        return true;
    }
    return false;
}

/* "between Aug. and Sep. 1977": the first month takes the year of the second. */
static size_t parse_bare_month(const struct words *words, size_t at, struct people_day *out)
{
    size_t last = words->count - 1;
    int year = 0;
    if (at + 3 != last || month_of(words->items[at]) == 0 || !is_year(words->items[last], strlen(words->items[last]), &year))
        return 0;
    *out = day_of(year, month_of(words->items[at]), 0);
    return 1;
}

static enum base_code parse_words(const struct words *words, enum people_date_order order, struct people_date *out)
{
    size_t at = 0;
    bool is_between = false;
    if (is_one_of(words->items[0], circa_words)) {
        out->is_circa = true;
        at++;
    }
    if (at < words->count && (strcmp(words->items[at], "between") == 0 || strcmp(words->items[at], "from") == 0)) {
        is_between = true;
        at++;
    }
    if (at + 1 == words->count && parse_years_in_a_word(words->items[at], &out->from, &out->to))
        return BASE_OK;
    size_t taken = parse_one(words, at, order, &out->from);
    if (taken == 0)
        taken = at < words->count ? parse_bare_month(words, at, &out->from) : 0;
    if (taken == 0)
        return not_a_date();
    at += taken;
    out->to = out->from;
    if (at == words->count)
        return is_between ? not_a_date() : BASE_OK;
    if (!is_one_of(words->items[at++], range_words))
        return not_a_date();
    taken = parse_one(words, at, order, &out->to);
    return taken > 0 && at + taken == words->count ? BASE_OK : not_a_date();
}

static bool is_real(struct people_day day)
{
    return (day.month != 0 || day.day == 0) && day.year >= 1 &&
           base_is_civil(day.year, day.month == 0 ? 1 : day.month, day.day == 0 ? 1 : day.day);
}

static int as_number(struct people_day day, int unknown)
{
    return day.year * 10000 + (day.month == 0 ? unknown : day.month) * 100 + (day.day == 0 ? unknown : day.day);
}

enum base_code people_date_parse(struct base_bytes text, enum people_date_order order, struct people_date *out)
{
    struct words words;
    struct people_date date = {0};
    BASE_TRY(split(text, &words));
    BASE_TRY(parse_words(&words, order, &date));
    if (!is_real(date.from) || !is_real(date.to))
        return base_fail(BASE_E_RANGE, "a date of birth on a day that does not exist");
    if (as_number(date.from, 0) > as_number(date.to, 99))
        return base_fail(BASE_E_RANGE, "a range of dates that runs backwards");
    *out = date;
    return BASE_OK;
}
