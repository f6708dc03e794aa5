/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/synth.h"
#include "support/test.h"

static struct synth *synth_of(uint64_t seed, unsigned error_percent)
{
    struct synth *synth = NULL;
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    options.error_percent = error_percent;
    assert_ok(synth_new(seed, &options, &synth));
    return synth;
}

static struct base_buffer person_text(const struct synth *synth, uint64_t index)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(synth_person(synth, index, &record));
    assert_ok(people_record_encode(&record, &text));
    people_record_release(&record);
    return text;
}

static void assert_same_person(const struct synth *a, const struct synth *b, uint64_t index)
{
    struct base_buffer x = person_text(a, index), y = person_text(b, index);
    assert_string_equal(base_buffer_c_string(&x), base_buffer_c_string(&y));
    base_buffer_release(&x);
    base_buffer_release(&y);
}

static void test_a_person_depends_on_seed_and_index_alone(void **state)
{
    (void)state;
    struct synth *one = synth_of(7, 100), *two = synth_of(7, 100), *other = synth_of(8, 100);
    for (uint64_t i = 0; i < 300; i++) /* one forwards, one backwards */
        assert_same_person(one, two, i);
    for (uint64_t i = 300; i-- > 0;)
        assert_same_person(one, two, i);
    assert_same_person(one, two, SYNTH_INDEX_MAX);
    unsigned same = 0;
    for (uint64_t i = 0; i < 300; i++) {
        struct base_buffer x = person_text(one, i), y = person_text(other, i);
        same += strcmp(base_buffer_c_string(&x), base_buffer_c_string(&y)) == 0;
        base_buffer_release(&x);
        base_buffer_release(&y);
    }
    assert_int_equal(same, 0);
    synth_free(one);
    synth_free(two);
    synth_free(other);
}

static void test_everybody_is_marked_and_well_formed(void **state)
{
    (void)state;
    struct synth *synth = synth_of(3, 100);
    for (uint64_t i = 0; i < 5000; i++) {
        struct people_record person = PEOPLE_RECORD_EMPTY, other = PEOPLE_RECORD_EMPTY;
        char key[64];
        assert_ok(synth_person(synth, i, &person));
        assert_ok(synth_variant(synth, i, 4, &other, NULL));
        snprintf(key, sizeof key, "synth-%llu", (unsigned long long)i);
        assert_string_equal(person.source_key, key);
        snprintf(key, sizeof key, "synth-%llu-4", (unsigned long long)i);
        assert_string_equal(other.source_key, key);
        assert_string_equal(person.programme, SYNTH_PROGRAMME);
        assert_string_equal(other.programme, SYNTH_PROGRAMME);
        assert_true(person.name_count > 0 && person.names[0].kind == PEOPLE_NAME_PRIMARY);
        assert_true(other.name_count > 0);
        for (size_t k = 0; k < person.name_count; k++)
            assert_true(strlen(person.names[k].text) > 1);
        people_record_release(&person);
        people_record_release(&other);
    }
    synth_free(synth);
}

static void test_without_errors_the_second_writing_is_the_first(void **state)
{
    (void)state;
    struct synth *synth = synth_of(3, 0);
    for (uint64_t i = 0; i < 2000; i++) {
        struct people_record person = PEOPLE_RECORD_EMPTY, other = PEOPLE_RECORD_EMPTY;
        uint64_t errors = 1;
        assert_ok(synth_person(synth, i, &person));
        assert_ok(synth_variant(synth, i, 0, &other, &errors));
        assert_int_equal(errors, 0);
        assert_string_equal(other.names[0].text, person.names[0].text);
        assert_int_equal(other.birth_count, person.birth_count);
        assert_int_equal(other.document_count, person.document_count);
        people_record_release(&person);
        people_record_release(&other);
    }
    synth_free(synth);
}

static bool has_name(const struct people_record *record, const char *text)
{
    for (size_t i = 0; i < record->name_count; i++)
        if (strcmp(record->names[i].text, text) == 0)
            return true;
    return false;
}

/* What an error says must be so; which name errors there are must show in the name. */
static void check_errors(const struct people_record *person, const struct people_record *other, uint64_t errors)
{
    static const uint64_t in_name = SYNTH_ERROR_BIT(SYNTH_ERROR_ALIAS) - 1;
    bool has_alias = (errors & SYNTH_ERROR_BIT(SYNTH_ERROR_ALIAS)) != 0;
    bool is_same = strcmp(person->names[0].text, other->names[0].text) == 0;
    assert_true(is_same == ((errors & in_name) == 0 && !has_alias));
    if (has_alias)
        assert_true(has_name(person, other->names[0].text));
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_SCRIPT)) != 0)
        assert_true(other->names[0].kind == PEOPLE_NAME_ORIGINAL && strcmp(other->names[0].script, "Latn") != 0);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_NO_DATE)) != 0)
        assert_true(person->birth_count > 0 && other->birth_count == 0);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_BARE_YEAR)) != 0)
        assert_true(person->births[0].from.day > 0 && other->births[0].from.day == 0 && other->births[0].from.year == person->births[0].from.year);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_DAY_MONTH)) != 0)
        assert_true(person->births[0].from.day == other->births[0].from.month && person->births[0].from.month == other->births[0].from.day);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_YEAR_OFF)) != 0)
        assert_int_equal(abs(person->births[0].from.year - other->births[0].from.year), 1);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_YEAR_FAR)) != 0)
        assert_in_range(abs(person->births[0].from.year - other->births[0].from.year), 2, 10);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_FULLER_DATE)) != 0)
        assert_true(other->births[0].from.day > 0 && (person->birth_count == 0 || person->births[0].from.day == 0));
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_NO_DOCUMENT)) != 0)
        assert_true(person->document_count > 0 && other->document_count == 0);
    else
        assert_int_equal(person->document_count, other->document_count);
    if ((errors & SYNTH_ERROR_BIT(SYNTH_ERROR_MORE_DATES)) != 0)
        assert_true(other->birth_count > 1);
}

static void test_the_errors_are_the_ones_that_are_told(void **state)
{
    (void)state;
    struct synth *synth = synth_of(5, 200);
    uint64_t seen = 0;
    for (uint64_t i = 0; i < 40000; i++) {
        struct people_record person = PEOPLE_RECORD_EMPTY, other = PEOPLE_RECORD_EMPTY;
        uint64_t errors = 0;
        assert_ok(synth_person(synth, i, &person));
        assert_ok(synth_variant(synth, i, 0, &other, &errors));
        check_errors(&person, &other, errors);
        seen |= errors;
        people_record_release(&person);
        people_record_release(&other);
    }
    for (unsigned error = 0; error < SYNTH_ERROR_COUNT; error++)
        if ((seen & SYNTH_ERROR_BIT(error)) == 0)
            fail_msg("%s never happened", synth_error_word(error));
    synth_free(synth);
}

static void test_languages_can_be_chosen(void **state)
{
    (void)state;
    static const char *const russian[] = {"russian"}, *const arabic[] = {"arabic"}, *const none[] = {"elvish"};
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    struct synth *synth = NULL;
    options.language_count = 1;
    options.languages = russian;
    assert_ok(synth_new(1, &options, &synth));
    for (uint64_t i = 0; i < 200; i++)
        assert_string_equal(synth_language_name(synth, synth_person_language(synth, i)), "russian");
    synth_free(synth);
    options.languages = arabic; /* stands for all its regions */
    assert_ok(synth_new(1, &options, &synth));
    for (uint64_t i = 0; i < 200; i++)
        assert_memory_equal(synth_language_name(synth, synth_person_language(synth, i)), "arabic-", 7);
    synth_free(synth);
    options.languages = none;
    assert_fails(BASE_E_ARGUMENT, synth_new(1, &options, &synth));
}

static void test_what_is_refused(void **state)
{
    (void)state;
    struct synth *synth = NULL;
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    options.women_percent = 101;
    assert_fails(BASE_E_ARGUMENT, synth_new(1, &options, &synth));
    options = SYNTH_OPTIONS_DEFAULT;
    options.error_percent = SYNTH_ERROR_PERCENT_MAX + 1;
    assert_fails(BASE_E_ARGUMENT, synth_new(1, &options, &synth));
    assert_null(synth);
    synth = synth_of(1, 100);
    assert_fails(BASE_E_RANGE, synth_person(synth, SYNTH_INDEX_MAX + 1, &record));
    assert_fails(BASE_E_RANGE, synth_variant(synth, SYNTH_INDEX_MAX + 1, 0, &record, NULL));
    people_record_release(&record);
    synth_free(synth);
    synth_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_person_depends_on_seed_and_index_alone),
        cmocka_unit_test(test_everybody_is_marked_and_well_formed),
        cmocka_unit_test(test_without_errors_the_second_writing_is_the_first),
        cmocka_unit_test(test_the_errors_are_the_ones_that_are_told),
        cmocka_unit_test(test_languages_can_be_chosen),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
