/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparing with reasons, and the index in memory, in which the n-th allocation of this program fails, for every n. The persons
 * are invented. Comparing profiles, and asking an index that has been asked before, allocate nothing at all.
 */
#include "persons.h"

#include "people/index.h"

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
    struct people_record record = person_of("Gerasim Pankratovich Wolkenstein;Герасим Волькенштейн;G. Wolkenstein;Muhammad Khalid", "1961-05-23 ~1963");
    struct base_bytes none = base_bytes_text("");
    record.sex = 'm';
    assert_ok(people_record_add_document(&record, base_bytes_text("Passport"), base_bytes_text("AB123456"), base_bytes_text("Ruritania"), none));
    assert_ok(people_record_add_place(&record, PEOPLE_PLACE_BIRTH, base_bytes_text("Strelsau"), none));
    assert_ok(people_texts_add(&record.nationalities, base_bytes_text("Ruritania")));
    return record;
}

static void test_comparing(void **state)
{
    (void)state;
    struct people_record a = long_person(), b = long_person();
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    allocations = failing = 0;
    assert_ok(people_compare(&a, &b, &finding));
    const unsigned count = allocations;
    const size_t reasons = finding.reasons.count;
    people_finding_release(&finding);
    assert_true(count > 20 && reasons > 5);
    for (unsigned nth = 1; nth <= count; nth++) {
        allocations = 0;
        failing = nth;
        enum base_code code = people_compare(&a, &b, &finding);
        failing = 0;
        assert_int_equal(BASE_E_NOMEM, code);
        assert_null(finding.reasons.items);
    }
    people_record_release(&a);
    people_record_release(&b);
}

static enum base_code count_one(void *context, int64_t number, enum people_grade grade)
{
    (void)number;
    (void)grade;
    ++*(size_t *)context;
    return BASE_OK;
}

static size_t found(struct people_index *index, const struct people_profile *profile)
{
    size_t count = 0;
    assert_ok(people_index_screen(index, profile, count_one, &count));
    return count;
}

/* The second of two persons fails to go in: the first is still found, and the second goes in the next time. */
static void test_indexing(void **state)
{
    (void)state;
    struct people_record first = person_of("Gerasim Brumm", "1961"), second = long_person();
    struct people_profile *x = profile_of(&first), *y = profile_of(&second);
    unsigned failed = 0;
    for (unsigned nth = 1; nth < 100; nth++) {
        struct people_index *index = NULL;
        assert_ok(people_index_new(&index));
        assert_ok(people_index_add(index, 1, x));
        allocations = 0;
        failing = nth;
        enum base_code code = people_index_add(index, 2, y);
        failing = 0;
        assert_true(code == BASE_OK || code == BASE_E_NOMEM);
        failed += code != BASE_OK;
        assert_int_equal(code == BASE_OK ? 2 : 1, people_index_count(index));
        assert_int_equal(1, found(index, x));
        assert_int_equal(code == BASE_OK ? 1 : 0, found(index, y));
        assert_ok(people_index_add(index, 2, y));
        assert_int_equal(1, found(index, y));
        people_index_free(index);
    }
    assert_true(failed > 3);
    people_profile_free(x);
    people_profile_free(y);
    people_record_release(&first);
    people_record_release(&second);
}

static void test_profiles(void **state)
{
    (void)state;
    struct people_record record = long_person();
    struct people_profile *profile = NULL, *whole = profile_of(&record);
    enum people_grade grade;
    unsigned failed = 0;
    for (unsigned nth = 1; nth < 100; nth++) {
        assert_ok(people_profile_new(&profile));
        allocations = 0;
        failing = nth;
        enum base_code code = people_profile_set(profile, &record);
        failing = 0;
        assert_true(code == BASE_OK || code == BASE_E_NOMEM);
        failed += code != BASE_OK;
        assert_true(people_compare_profiles(profile, whole, &grade) == (code == BASE_OK)); /* otherwise it is of an empty record */
        people_profile_free(profile);
    }
    assert_true(failed > 5);
    people_profile_free(whole);
    people_record_release(&record);
}

static void test_asking_allocates_nothing(void **state)
{
    (void)state;
    struct people_record alert = long_person(), event = person_of("Wolkenstein Gerasim", "1961-05-23");
    struct people_profile *kept = profile_of(&alert), *asked = profile_of(&event);
    struct people_index *index = NULL;
    enum people_grade grade;
    assert_ok(people_index_new(&index));
    assert_ok(people_index_add(index, 1, kept));
    assert_int_equal(1, found(index, asked));
    allocations = 0;
    assert_ok(people_profile_set(asked, &event));
    assert_int_equal(1, found(index, asked));
    assert_true(people_compare_profiles(kept, asked, &grade));
    assert_int_equal(0, allocations);
    people_index_free(index);
    people_profile_free(kept);
    people_profile_free(asked);
    people_record_release(&alert);
    people_record_release(&event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_indexing),
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_asking_allocates_nothing),
    };
    return cmocka_run_group_tests_name("people/compare_allocations", tests, NULL, NULL);
}
