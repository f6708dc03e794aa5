/* SPDX-License-Identifier: Apache-2.0
 *
 * All persons here are invented.
 */
#include "support/test.h"

#include "people/keys.h"

static struct people_rules *rules;

static int load_default(void **state)
{
    (void)state;
    return people_rules_load(people_rules_default_text(), &rules) == BASE_OK ? 0 : -1;
}

static int free_default(void **state)
{
    (void)state;
    people_rules_free(rules);
    return 0;
}

static void add_name(struct people_record *record, const char *name)
{
    assert_ok(people_record_add_name(record, PEOPLE_NAME_PRIMARY, base_bytes_text(name)));
}

static void add_birth(struct people_record *record, struct people_day from, struct people_day to)
{
    assert_ok(people_record_add_birth(record, from, to, false, base_bytes_text("")));
}

static struct people_record person(const char *name, int16_t year, uint8_t month, uint8_t day)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_day birth = {year, month, day};
    add_name(&record, name);
    if (year != 0)
        add_birth(&record, birth, birth);
    return record;
}

static bool keys_meet(const struct people_keys *a, const struct people_keys *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (crypto_hash_equal(&a->items[i].token, &b->items[k].token))
                return true;
    return false;
}

static bool records_meet(const struct people_record *a, const struct people_record *b)
{
    struct people_keys left = PEOPLE_KEYS_EMPTY, right = PEOPLE_KEYS_EMPTY;
    assert_ok(people_keys_make(rules, a, &left));
    assert_ok(people_keys_make(rules, b, &right));
    bool meet = keys_meet(&left, &right);
    people_keys_release(&left);
    people_keys_release(&right);
    return meet;
}

/* Two persons with one name and one date each. */
static bool meet(const char *a, int16_t year_a, uint8_t month_a, uint8_t day_a, const char *b, int16_t year_b, uint8_t month_b,
                 uint8_t day_b)
{
    struct people_record left = person(a, year_a, month_a, day_a), right = person(b, year_b, month_b, day_b);
    bool result = records_meet(&left, &right);
    people_record_release(&left);
    people_record_release(&right);
    return result;
}

static void test_spellings_meet(void **state)
{
    (void)state;
    static const char *const spellings[] = {"Tamerlan Tsarnaev", "Tsarnayev, Tamerlan", "Tamerlan Carnaev", "Tamerlan Zarnajew",
                                            "TZARNAEV Tamerlan", "Тамерлан Царнаев"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (!meet("Царнаев Тамерлан", 1986, 0, 0, spellings[i], 1986, 10, 21))
            fail_msg("%s does not meet", spellings[i]);
}

static void test_a_patronymic_may_drop(void **state)
{
    (void)state;
    assert_true(meet("Gerasim Pankratovich Wolkenstein", 1961, 2, 3, "Gerasim Wolkenstein", 1961, 0, 0));
}

static void test_words_split_and_join(void **state)
{
    (void)state;
    assert_true(meet("Nurzhan Baytursyn", 1970, 0, 0, "Nur Zhan Bay Tursyn", 1970, 0, 0));
    assert_true(meet("Abd al-Rahman Qarabulut", 1970, 0, 0, "Abdurrahman Karabulut", 1970, 0, 0));
}

static void test_without_a_date(void **state)
{
    (void)state;
    assert_true(meet("Gerasim Pankratovich Wolkenstein", 0, 0, 0, "wolkenstein GERASIM pankratovich", 1961, 2, 3));
    assert_true(meet("Gerasim Wolkenstein", 0, 0, 0, "Wolkenstein Gerasim", 0, 0, 0));
    assert_false(meet("Ivan Petrov", 0, 0, 0, "Ivan Petrov", 0, 0, 0)); /* short, and half of it frequent */
    assert_false(meet("Ola Berg", 0, 0, 0, "Ola Berg", 0, 0, 0));
}

/* A wrong date lowers the grade and does not silence. */
static void test_a_wrong_date(void **state)
{
    (void)state;
    assert_true(meet("Tamerlan Tsarnaev", 1986, 10, 21, "Тамерлан Царнаев", 1987, 7, 22));
    assert_true(meet("Gerasim Wolkenstein", 1961, 2, 3, "Gerasim Holm Wolkenstein", 1962, 0, 0)); /* the year before */
    assert_true(meet("Gerasim Wolkenstein", 1961, 2, 3, "Gerasim Holm Wolkenstein", 1982, 3, 2)); /* day and month swapped */
    assert_false(meet("Gerasim Wolkenstein", 1961, 2, 3, "Gerasim Holm Wolkenstein", 1963, 0, 0));
    assert_false(meet("Gerasim Wolkenstein", 1961, 2, 3, "Gerasim Holm Wolkenstein", 1982, 3, 4));
}

static void test_different_persons_do_not_meet(void **state)
{
    (void)state;
    assert_false(meet("Gerd Berg", 1961, 0, 0, "Gerd Berg", 1975, 0, 0)); /* a namesake */
    assert_false(meet("Gerasim Wolkenstein", 1961, 2, 3, "Gerasim Holzapfel", 1961, 2, 3));
    assert_false(meet("Hans Friedrich", 1961, 0, 0, "Hans Oblomov", 1961, 0, 0));
    assert_false(meet("Muhammad Ali", 1970, 0, 0, "Ali Muhammad", 1970, 0, 0)); /* frequent names and a year: too little */
    assert_true(meet("Muhammad Karim", 1970, 5, 6, "Karim Mohamed", 1970, 5, 6)); /* with the day: enough */
}

static void test_dates_that_say_little(void **state)
{
    (void)state;
    struct people_record narrow = person("Gerasim Dornbusch", 0, 0, 0), wide = person("Gerasim Dornbusch", 0, 0, 0);
    struct people_record exact = person("Gerasim Holm Dornbusch", 1961, 2, 3);
    add_birth(&narrow, (struct people_day){1960, 0, 0}, (struct people_day){1963, 0, 0});
    add_birth(&wide, (struct people_day){1950, 0, 0}, (struct people_day){1970, 0, 0});
    assert_true(records_meet(&narrow, &exact));
    assert_false(records_meet(&wide, &exact));
    people_record_release(&narrow);
    people_record_release(&wide);
    people_record_release(&exact);
}

static void test_documents(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool meet;
    } cases[] = {{"AB 123-456", "ab123456", true}, {"12345", "12345", false}, {"ABCDEF1", "ABCDEF1", false}, {"1234567", "1234568", false},
                 {"99887766554433221100998877665544332", "99887766554433221100998877665544332", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct people_record left = PEOPLE_RECORD_EMPTY, right = PEOPLE_RECORD_EMPTY;
        struct base_bytes none = base_bytes_text("");
        assert_ok(people_record_add_document(&left, none, base_bytes_text(cases[i].a), none, none));
        assert_ok(people_record_add_document(&right, none, base_bytes_text(cases[i].b), none, none));
        assert_int_equal(cases[i].meet, records_meet(&left, &right));
        people_record_release(&left);
        people_record_release(&right);
    }
}

static void test_sorted_once_and_explained(void **state)
{
    (void)state;
    struct people_record record = person("Gerasim Pankratovich Wolkenstein", 1961, 2, 3);
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    add_name(&record, "Wolkenstein Gerasim Pankratovich");
    assert_ok(people_keys_make(rules, &record, &keys));
    assert_true(keys.count > 3);
    for (size_t i = 0; i < keys.count; i++) {
        struct base_buffer reason = BASE_BUFFER_EMPTY;
        assert_ok(people_key_reason(rules, &record, &keys.items[i].token, &reason));
        assert_true(reason.len > 0);
        base_buffer_release(&reason);
        if (i > 0)
            assert_true(memcmp(keys.items[i - 1].token.bytes, keys.items[i].token.bytes, 32) < 0);
    }
    people_keys_release(&keys);
    people_record_release(&record);
}

static void test_reasons(void **state)
{
    (void)state;
    struct people_record record = person("Gerasim Wolkenstein", 1961, 2, 3);
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    struct base_buffer reason = BASE_BUFFER_EMPTY;
    struct crypto_hash none = {{0}};
    size_t days = 0;
    assert_ok(people_keys_make(rules, &record, &keys));
    for (size_t i = 0; i < keys.count; i++) {
        if (strcmp(people_rule_name(rules, keys.items[i].rule), "two-day") != 0)
            continue;
        base_buffer_clear(&reason);
        assert_ok(people_key_reason(rules, &record, &keys.items[i].token, &reason));
        days += strcmp(base_buffer_c_string(&reason), "GRSM + VLKNSTN + 1961-02-03") == 0;
    }
    assert_int_equal(1, days);
    base_buffer_clear(&reason);
    assert_fails(BASE_E_NOT_FOUND, people_key_reason(rules, &record, &none, &reason));
    assert_int_equal(0, reason.len);
    base_buffer_release(&reason);
    people_keys_release(&keys);
    people_record_release(&record);
}

/* names 3.1, worked out here from its words. */
static void test_a_token_is_what_the_page_says(void **state)
{
    (void)state;
    struct people_record record = person("Gerasim Wolkenstein", 1961, 2, 3);
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    struct crypto_hash rule, token;
    struct base_bytes rule_parts[] = {base_bytes_of(people_rules_hash(rules)->bytes, 32), base_bytes_text("two-day")};
    crypto_hash_domain("entente/people/rule/v2", rule_parts, 2, &rule);
    struct base_bytes parts[] = {base_bytes_of(rule.bytes, 32), base_bytes_text("GRSM"), base_bytes_text("VLKNSTN"), base_bytes_text("1961-02-03")};
    crypto_hash_domain("entente/people/token/v2", parts, 4, &token);
    assert_ok(people_keys_make(rules, &record, &keys));
    size_t found = 0;
    for (size_t i = 0; i < keys.count; i++)
        found += crypto_hash_equal(&keys.items[i].token, &token);
    assert_int_equal(1, found);
    people_keys_release(&keys);
    people_record_release(&record);
}

/* What one record leaves behind does not reach the next. */
static void test_keys_are_used_again(void **state)
{
    (void)state;
    struct people_record many = PEOPLE_RECORD_EMPTY, one = person("Gerasim Wolkenstein", 1961, 2, 3);
    struct people_keys keys = PEOPLE_KEYS_EMPTY, fresh = PEOPLE_KEYS_EMPTY;
    for (int i = 0; i < 300; i++) {
        char name[96];
        snprintf(name, sizeof name, "Gerasim%c%c Pankrat%c%c", 'b' + i % 7, 'f' + i % 5, 'k' + i % 3, 'l' + i % 11);
        add_name(&many, name);
        add_birth(&many, (struct people_day){(int16_t)(1700 + i), 2, 3}, (struct people_day){(int16_t)(1700 + i), 2, 3});
    }
    assert_ok(people_keys_make(rules, &one, &fresh));
    assert_ok(people_keys_make(rules, &many, &keys));
    assert_int_equal(256, keys.count);
    assert_ok(people_keys_make(rules, &one, &keys));
    assert_int_equal(fresh.count, keys.count);
    for (size_t i = 0; i < keys.count; i++) {
        assert_true(crypto_hash_equal(&fresh.items[i].token, &keys.items[i].token));
        assert_int_equal(fresh.items[i].rule, keys.items[i].rule);
    }
    people_keys_release(&keys);
    people_keys_release(&fresh);
    people_record_release(&many);
    people_record_release(&one);
}

static void test_nothing_gives_nothing(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    assert_ok(people_keys_make(rules, &record, &keys));
    assert_int_equal(0, keys.count);
    people_keys_release(&keys);
}

/* A record with more names and dates than fit keeps its document, and both sides keep the same. */
static void test_the_weakest_give_way(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_keys keys = PEOPLE_KEYS_EMPTY, again = PEOPLE_KEYS_EMPTY;
    struct base_bytes none = base_bytes_text("");
    for (int i = 0; i < 40; i++) {
        char name[96];
        snprintf(name, sizeof name, "Gerasim%c Pankrat%c Wolken%c Brumm%c Dornbusch", 'b' + i % 7, 'f' + i % 5, 'k' + i % 3, 'l' + i % 4);
        add_name(&record, name);
        struct people_day day = {(int16_t)(1950 + i), 2, 3};
        add_birth(&record, day, day);
    }
    assert_ok(people_record_add_document(&record, none, base_bytes_text("AB123456"), none, none));
    assert_ok(people_keys_make(rules, &record, &keys));
    assert_ok(people_keys_make(rules, &record, &again));
    assert_int_equal(256, keys.count);
    assert_int_equal(256, again.count);
    size_t documents = 0;
    for (size_t i = 0; i < keys.count; i++) {
        assert_true(crypto_hash_equal(&keys.items[i].token, &again.items[i].token));
        documents += strcmp(people_rule_name(rules, keys.items[i].rule), "document") == 0;
    }
    assert_int_equal(1, documents);
    people_keys_release(&keys);
    people_keys_release(&again);
    people_record_release(&record);
}

static void test_other_rules_give_other_keys(void **state)
{
    (void)state;
    struct people_rules *other = NULL;
    struct people_record record = person("Gerasim Wolkenstein", 1961, 2, 3);
    struct people_keys keys = PEOPLE_KEYS_EMPTY, others = PEOPLE_KEYS_EMPTY;
    assert_ok(people_rules_load(base_bytes_text("entente-rules/v1\nversion: t\nlimit: 9\n"
                                                "rule: two-day exact tokens=2 form=sound date=day distinct=0\n"), &other));
    assert_ok(people_keys_make(rules, &record, &keys));
    assert_ok(people_keys_make(other, &record, &others));
    assert_true(others.count > 0);
    assert_false(keys_meet(&keys, &others));
    people_keys_release(&keys);
    people_keys_release(&others);
    people_record_release(&record);
    people_rules_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_meet),
        cmocka_unit_test(test_a_patronymic_may_drop),
        cmocka_unit_test(test_words_split_and_join),
        cmocka_unit_test(test_without_a_date),
        cmocka_unit_test(test_a_wrong_date),
        cmocka_unit_test(test_different_persons_do_not_meet),
        cmocka_unit_test(test_dates_that_say_little),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_sorted_once_and_explained),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_a_token_is_what_the_page_says),
        cmocka_unit_test(test_keys_are_used_again),
        cmocka_unit_test(test_nothing_gives_nothing),
        cmocka_unit_test(test_the_weakest_give_way),
        cmocka_unit_test(test_other_rules_give_other_keys),
    };
    return cmocka_run_group_tests_name("people/keys", tests, load_default, free_default);
}
