/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read from a block compares as the profile that was written, and no other bytes are read at all.
 */
#include "persons.h"

#include "people/packed.h"

static struct base_buffer packed(const struct people_profile *profile)
{
    struct base_buffer block = BASE_BUFFER_EMPTY;
    assert_ok(people_packed_write(profile, &block));
    return block;
}

static struct people_record long_person(void)
{
    struct people_record record = person_of("Gerasim Pankratovich Wolkenstein;Герасим Волькенштейн;G. Wolkenstein;Bay Tursyn", "1961-05-23 ~1963 1950..1958");
    struct base_bytes none = base_bytes_text("");
    record.sex = 'm';
    persons_add_names(&record, PEOPLE_NAME_WEAK, "Muhammad Khalid;Wolkenstein");
    assert_ok(people_record_add_document(&record, none, base_bytes_text("AB 123-456"), none, none));
    assert_ok(people_record_add_document(&record, none, base_bytes_text("998877665"), none, none));
    return record;
}

static void test_it_compares_as_before(void **state)
{
    (void)state;
    struct people_profile *whole[PERSONS_AWKWARD], *read = NULL;
    size_t hits = 0;
    assert_ok(people_profile_new(&read));
    for (size_t i = 0; i < PERSONS_AWKWARD; i++) {
        struct people_record record = awkward_person(i);
        whole[i] = profile_of(&record);
        people_record_release(&record);
    }
    for (size_t i = 0; i < PERSONS_AWKWARD; i++) {
        struct base_buffer block = packed(whole[i]), again = BASE_BUFFER_EMPTY;
        assert_ok(people_packed_read(base_bytes_buffer(&block), read));
        assert_ok(people_packed_write(read, &again));
        assert_int_equal(block.len, again.len);
        assert_memory_equal(block.data, again.data, block.len);
        for (size_t k = 0; k < PERSONS_AWKWARD; k++) {
            enum people_grade expected, forth, back;
            bool is_hit = people_compare_profiles(whole[i], whole[k], &expected);
            assert_int_equal(is_hit, people_compare_profiles(read, whole[k], &forth));
            assert_int_equal(is_hit, people_compare_profiles(whole[k], read, &back));
            assert_true(forth == expected && back == expected);
            hits += is_hit;
        }
        base_buffer_release(&block);
        base_buffer_release(&again);
    }
    assert_true(hits > PERSONS_AWKWARD);
    for (size_t i = 0; i < PERSONS_AWKWARD; i++)
        people_profile_free(whole[i]);
    people_profile_free(read);
}

static void test_sex_and_documents_are_kept(void **state)
{
    (void)state;
    struct people_record record = long_person(), other = person_of("Pankrat Brumm", ""), woman = person_of("Gerasim Wolkenstein", "1961-05-23");
    struct base_bytes none = base_bytes_text("");
    enum people_grade before, after;
    woman.sex = 'f';
    assert_ok(people_record_add_document(&other, none, base_bytes_text("998877665"), none, none));
    struct people_profile *whole = profile_of(&record), *with_number = profile_of(&other), *with_sex = profile_of(&woman), *read = NULL;
    struct base_buffer block = packed(whole);
    assert_ok(people_profile_new(&read));
    assert_ok(people_packed_read(base_bytes_buffer(&block), read));
    assert_true(people_compare_profiles(read, with_number, &after));
    assert_true(people_compare_profiles(whole, with_sex, &before) && people_compare_profiles(read, with_sex, &after));
    assert_int_equal(before, after);
    base_buffer_release(&block);
    people_profile_free(whole);
    people_profile_free(with_number);
    people_profile_free(with_sex);
    people_profile_free(read);
    people_record_release(&record);
    people_record_release(&other);
    people_record_release(&woman);
}

/* Two or three names make a block of a few hundred bytes. */
static void test_it_is_small(void **state)
{
    (void)state;
    struct people_record record = person_of("Tamerlan Anzorovich Tsarnaev;Царнаев Тамерлан Анзорович;Tsarnayev Tamerlan", "1986-10-21 1987-10-21");
    struct people_profile *profile = profile_of(&record);
    assert_ok(people_profile_trim(profile));
    struct base_buffer block = packed(profile);
    assert_true(block.len <= 400);
    assert_true(block.len * 3 <= people_profile_bytes(profile));
    base_buffer_release(&block);
    people_profile_free(profile);
    people_record_release(&record);
}

/* More words than a byte counts. */
static void test_a_record_of_very_many_names(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY, one = person_of("Babado Wolkenstein", "1961-05-23");
    char name[64];
    enum people_grade grade;
    for (int i = 0; i < PEOPLE_ITEMS_MAX; i++) {
        snprintf(name, sizeof name, "%ca%ca%cov Wolken%c", "bdfgklmnprst"[i % 12], "bdfgklmnprst"[i / 12 % 12], "bdfgklmnprst"[i / 144], "bdfg"[i % 4]);
        persons_add_names(&record, PEOPLE_NAME_ALIAS, name);
    }
    persons_add_names(&one, PEOPLE_NAME_ALIAS, record.names[700].text);
    persons_add_births(&record, "1961-05-23");
    struct people_profile *whole = profile_of(&record), *other = profile_of(&one), *read = NULL;
    struct base_buffer block = packed(whole);
    assert_ok(people_profile_new(&read));
    assert_ok(people_packed_read(base_bytes_buffer(&block), read));
    assert_true(people_compare_profiles(read, other, &grade));
    for (size_t len = 0; len < block.len; len += 97)
        assert_true(people_packed_read(base_bytes_of(block.data, len), read) != BASE_OK);
    base_buffer_release(&block);
    people_profile_free(whole);
    people_profile_free(other);
    people_profile_free(read);
    people_record_release(&record);
    people_record_release(&one);
}

/* The block of "Oda Brumm", 1961-05-23, byte by byte. Births stand at 9, names at 18, parts at 19, tokens at 22, sounds at 34. */
static struct base_buffer small_block(void)
{
    struct people_record record = person_of("Oda Brumm", "1961-05-23");
    struct people_profile *profile = profile_of(&record);
    struct base_buffer block = packed(profile);
    people_profile_free(profile);
    people_record_release(&record);
    return block;
}

/* The blocks are in stores: when this fails, PEOPLE_PACKED_VERSION has to go up. */
static void test_blocks_stay_what_they_are(void **state)
{
    (void)state;
    static const uint8_t expected[] = "\x02\x00\x01\x01\x01\x00\x03\x03\x00"
                                      "\x07\xa9\x05\x17\x07\xa9\x05\x17\x00"
                                      "\x02\x00\x01\x02"
                                      "\x03\x01\x00U\x05\x01\x00n\x00\x01\x00v"
                                      "\x82;\x03Z\x05\x76"
                                      "oda\0AD\0brumm\0BRM\0ADBRM";
    struct base_buffer block = small_block();
    assert_int_equal(2, PEOPLE_PACKED_VERSION);
    assert_int_equal(sizeof expected, block.len);
    assert_memory_equal(expected, block.data, sizeof expected);
    base_buffer_release(&block);
}

static void assert_refused(size_t at, uint8_t value, enum base_code code)
{
    struct people_record nothing = PEOPLE_RECORD_EMPTY, same = person_of("Oda Brumm", "1961-05-23");
    struct people_profile *profile = profile_of(&nothing), *other = profile_of(&same);
    struct base_buffer block = small_block();
    enum people_grade grade;
    block.data[at] = value;
    assert_fails(code, people_packed_read(base_bytes_buffer(&block), profile));
    assert_false(people_compare_profiles(profile, other, &grade)); /* it is of an empty record */
    base_buffer_release(&block);
    people_profile_free(profile);
    people_profile_free(other);
    people_record_release(&same);
}

static void test_what_is_not_right_is_refused(void **state)
{
    (void)state;
    assert_refused(0, 1, BASE_E_VERSION);
    assert_refused(1, 'x', BASE_E_FORMAT);     /* sex */
    assert_refused(2, 2, BASE_E_FORMAT);       /* width */
    assert_refused(2, 4, BASE_E_FORMAT);       /* numbers that are too large */
    assert_refused(3, 9, BASE_E_TRUNCATED);    /* more births than there are bytes */
    assert_refused(18, 0, BASE_E_FORMAT);      /* a name without parts */
    assert_refused(18, 13, BASE_E_FORMAT);     /* or with too many */
    assert_refused(19, 3, BASE_E_FORMAT);      /* a part that is no token */
    assert_refused(19, 2, BASE_E_FORMAT);      /* or only a join */
    assert_refused(22, 48, BASE_E_FORMAT);     /* letters of a token */
    assert_refused(22, 2, BASE_E_FORMAT);      /* which do not end there */
    assert_refused(23, 9, BASE_E_FORMAT);      /* sounds of it */
    assert_refused(23, 0, BASE_E_FORMAT);      /* fewer than there are: what follows does not end */
    assert_refused(24, 99, BASE_E_FORMAT);     /* a script that there is not */
    assert_refused(34, 0, BASE_E_FORMAT);      /* a sound of no classes */
    assert_refused(34, 63, BASE_E_FORMAT);     /* or of too many */
    assert_refused(38, 6, BASE_E_TRUNCATED);   /* the last text, cut */
    assert_refused(38, 4, BASE_E_FORMAT);      /* or going on */
}

static void test_every_cut_and_every_tail_is_refused(void **state)
{
    (void)state;
    struct people_record record = long_person();
    struct people_profile *whole = profile_of(&record), *read = NULL;
    struct base_buffer block = packed(whole);
    assert_ok(people_profile_new(&read));
    for (size_t len = 0; len < block.len; len++)
        assert_true(people_packed_read(base_bytes_of(block.data, len), read) != BASE_OK);
    assert_ok(base_buffer_append(&block, base_bytes_of("", 1)));
    assert_fails(BASE_E_TRAILING, people_packed_read(base_bytes_buffer(&block), read));
    base_buffer_release(&block);
    people_profile_free(whole);
    people_profile_free(read);
    people_record_release(&record);
}

/* Whatever a byte becomes, what is read can be compared and written. */
static void test_every_byte_changed(void **state)
{
    (void)state;
    struct people_record record = long_person();
    struct people_profile *whole = profile_of(&record), *read = NULL;
    struct base_buffer block = packed(whole), again = BASE_BUFFER_EMPTY;
    static const uint8_t changes[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    size_t refused = 0;
    enum people_grade grade;
    assert_ok(people_profile_new(&read));
    for (size_t at = 0; at < block.len; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
            block.data[at] ^= changes[i];
            enum base_code code = people_packed_read(base_bytes_buffer(&block), read);
            refused += code != BASE_OK;
            people_compare_profiles(read, whole, &grade);
            base_buffer_clear(&again);
            assert_ok(people_packed_write(read, &again));
            block.data[at] ^= changes[i];
        }
    }
    assert_true(refused > block.len);
    base_buffer_release(&block);
    base_buffer_release(&again);
    people_profile_free(whole);
    people_profile_free(read);
    people_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_compares_as_before),
        cmocka_unit_test(test_sex_and_documents_are_kept),
        cmocka_unit_test(test_it_is_small),
        cmocka_unit_test(test_a_record_of_very_many_names),
        cmocka_unit_test(test_blocks_stay_what_they_are),
        cmocka_unit_test(test_what_is_not_right_is_refused),
        cmocka_unit_test(test_every_cut_and_every_tail_is_refused),
        cmocka_unit_test(test_every_byte_changed),
    };
    return cmocka_run_group_tests_name("people/packed", tests, NULL, NULL);
}
