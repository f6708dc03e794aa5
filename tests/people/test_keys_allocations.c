/* SPDX-License-Identifier: Apache-2.0
 *
 * Match keys in which the n-th allocation of this program fails, for every n; and that making the keys of one record after the other
 * allocates nothing once there is room. The persons are invented.
 */
#include "persons.h"

#include "people/keys.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return ++allocations == failing ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return ++allocations == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++allocations == failing ? NULL : __real_realloc(old, size);
}

static struct people_record long_person(void)
{
    struct people_record record = person_of("Gerasim Pankratovich Wolkenstein;Герасим Волькенштейн;Yan Jakob Wolkenstein;Muhammad Khalid Chan Jan Wolkenstein Dornbusch",
                                            "1961-05-23 ~1963 1950..1958");
    assert_ok(people_record_add_document(&record, base_bytes_text("Passport"), base_bytes_text("AB123456"), base_bytes_text("Ruritania"),
                                         base_bytes_text("")));
    return record;
}

static void test_loading(void **state)
{
    (void)state;
    struct people_rules *rules = NULL;
    allocations = failing = 0;
    assert_ok(people_rules_load(people_rules_default_text(), &rules));
    const unsigned count = allocations;
    people_rules_free(rules);
    assert_true(count > 0);
    for (unsigned nth = 1; nth <= count; nth++) {
        rules = NULL;
        allocations = 0;
        failing = nth;
        enum base_code code = people_rules_load(people_rules_default_text(), &rules);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        assert_null(rules);
    }
}

static void test_making(void **state)
{
    (void)state;
    struct people_rules *rules = NULL;
    struct people_record record = long_person();
    struct people_keys whole = PEOPLE_KEYS_EMPTY;
    assert_ok(people_rules_load(people_rules_default_text(), &rules));
    allocations = failing = 0;
    assert_ok(people_keys_make(rules, &record, &whole));
    const unsigned count = allocations;
    assert_true(count > 8 && whole.count > 20);
    for (unsigned nth = 1; nth <= count; nth++) {
        struct people_keys keys = PEOPLE_KEYS_EMPTY;
        allocations = 0;
        failing = nth;
        enum base_code code = people_keys_make(rules, &record, &keys);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        assert_int_equal(0, keys.count);
        assert_ok(people_keys_make(rules, &record, &keys)); /* and nothing of the failure stays */
        assert_int_equal(whole.count, keys.count);
        assert_true(crypto_hash_equal(&whole.items[0].token, &keys.items[0].token));
        people_keys_release(&keys);
    }
    allocations = 0;
    assert_ok(people_keys_make(rules, &record, &whole));
    assert_int_equal(0, allocations);
    people_keys_release(&whole);
    people_record_release(&record);
    people_rules_free(rules);
}

static void test_explaining(void **state)
{
    (void)state;
    struct people_rules *rules = NULL;
    struct people_record record = long_person();
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    struct base_buffer reason = BASE_BUFFER_EMPTY;
    assert_ok(people_rules_load(people_rules_default_text(), &rules));
    assert_ok(people_keys_make(rules, &record, &keys));
    allocations = failing = 0;
    assert_ok(people_key_reason(rules, &record, &keys.items[0].token, &reason));
    const unsigned count = allocations;
    base_buffer_release(&reason);
    for (unsigned nth = 1; nth <= count; nth++) {
        allocations = 0;
        failing = nth;
        enum base_code code = people_key_reason(rules, &record, &keys.items[0].token, &reason);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        base_buffer_release(&reason);
    }
    people_keys_release(&keys);
    people_record_release(&record);
    people_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_loading), cmocka_unit_test(test_making), cmocka_unit_test(test_explaining)};
    return cmocka_run_group_tests_name("people/keys_allocations", tests, NULL, NULL);
}
