/* SPDX-License-Identifier: Apache-2.0 */
#include "people/dates.h"
#include "support/test.h"

static int number_of(struct people_day day)
{
    return day.year * 10000 + day.month * 100 + day.day;
}

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int from, to;
        bool is_circa;
    } forms[] = {
        {"1975-06-14", 19750614, 19750614, false},
        {"1975-06", 19750600, 19750600, false},
        {"1975", 19750000, 19750000, false},
        {" 1975 ", 19750000, 19750000, false},
        {"1975-06-14T00:00:00Z", 19750614, 19750614, false},
        {"1975-06-14-04:00", 19750614, 19750614, false},
        {"1975-00-00", 19750000, 19750000, false},
        {"1975/06/14", 19750614, 19750614, false},
        {"14/06/1975", 19750614, 19750614, false},
        {"4/6/1975", 19750604, 19750604, false},
        {"00/00/1980", 19800000, 19800000, false},
        {"00/09/1977", 19770900, 19770900, false},
        {"14.06.1975", 19750614, 19750614, false},
        {"06/1975", 19750600, 19750600, false},
        {"14-06-1975", 19750614, 19750614, false},
        {"14 Jun 1975", 19750614, 19750614, false},
        {"14 June 1975", 19750614, 19750614, false},
        {"1 SEPT. 1975", 19750901, 19750901, false},
        {"June 14, 1975", 19750614, 19750614, false},
        {"Jun 1975", 19750600, 19750600, false},
        {"Nov. 1973", 19731100, 19731100, false},
        {"circa 1961", 19610000, 19610000, true},
        {"Circa Jan 1961", 19610100, 19610100, true},
        {"approximately 1961", 19610000, 19610000, true},
        {"about 14 Jun 1975", 19750614, 19750614, true},
        {"c. 1961", 19610000, 19610000, true},
        {"1958 to 1963", 19580000, 19630000, false},
        {"circa 1958-1963", 19580000, 19630000, true},
        {"1958/1963", 19580000, 19630000, false},
        {"1970s", 19700000, 19790000, false},
        {"01 Jan 1960 to 31 Dec 1962", 19600101, 19621231, false},
        {"between 1958 and 1963", 19580000, 19630000, false},
        {"Between Aug. and Sep. 1977", 19770800, 19770900, false},
        {"between 01 Jan 1960 and Dec 1962", 19600101, 19621200, false},
        {"29 Feb 1976", 19760229, 19760229, false},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct people_date date = {0};
        enum base_code code = people_date_parse(base_bytes_text(forms[i].text), PEOPLE_ORDER_DAY_MONTH, &date);
        if (code != BASE_OK)
            fail_msg("\"%s\": %s", forms[i].text, base_detail());
        assert_int_equal(forms[i].from, number_of(date.from));
        assert_int_equal(forms[i].to, number_of(date.to));
        assert_int_equal(forms[i].is_circa, date.is_circa);
        assert_null(date.stated_by);
    }
}

static void test_order_of_day_and_month(void **state)
{
    (void)state;
    struct people_date date = {0};
    assert_ok(people_date_parse(base_bytes_text("03/04/1975"), PEOPLE_ORDER_MONTH_DAY, &date));
    assert_int_equal(19750304, number_of(date.from));
    assert_ok(people_date_parse(base_bytes_text("03.04.1975"), PEOPLE_ORDER_MONTH_DAY, &date)); /* dots are never US */
    assert_int_equal(19750403, number_of(date.from));
    assert_fails(BASE_E_RANGE, people_date_parse(base_bytes_text("14/06/1975"), PEOPLE_ORDER_MONTH_DAY, &date));
}

static void test_what_is_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " ", "unknown", "24/06/1402 (Hijri Calendar)", "30 years old", "30-35 years old", "Sep.", "circa", "between 1958",
        "between", "1958 and", "1958 to", "1958 to soon", "75", "75-06-14", "14/06/75", "1975-6-1x", "1975-06-14x", "12345",
        "0000", "1975-06/14", "1/2/3/1975", "1958 or 1963", "14 Foo 1975", "0 Jun 1975", "juniper 1975", "1975 1976",
        "1971s", "a b c d e f g h i j k l m", "..", "--", "1975-06-14-04:00 to", "1975 to 1976 to 1977",
        "a text that goes on for longer than any date of birth does in any list that was ever published",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct people_date date = {0};
        enum base_code code = people_date_parse(base_bytes_text(bad[i]), PEOPLE_ORDER_DAY_MONTH, &date);
        if (code != BASE_E_FORMAT)
            fail_msg("\"%s\" gave %s", bad[i], base_code_word(code));
    }
}

static void test_days_that_are_not(void **state)
{
    (void)state;
    static const char *const bad[] = {"1975-02-29", "31/04/1975", "1975-13-01", "32 Jan 1975", "14/00/1975", "1963 to 1958",
                                      "01 Feb 1960 to Jan 1960", "1975-00-14"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct people_date date = {0};
        enum base_code code = people_date_parse(base_bytes_text(bad[i]), PEOPLE_ORDER_DAY_MONTH, &date);
        if (code != BASE_E_RANGE)
            fail_msg("\"%s\" gave %s", bad[i], base_code_word(code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_order_of_day_and_month),
                                       cmocka_unit_test(test_what_is_no_date), cmocka_unit_test(test_days_that_are_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
