/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/letters.h"
#include "support/test.h"

enum { SIZE = 32, DRAWS = 200 };

struct slip {
    bool (*make)(char *text, size_t size, struct synth_random *random);
    int longer; /* by so many bytes; 2: by one, or shorter by one */
};

static const struct slip slips[] = {
    {synth_letters_vowel, 0}, {synth_letters_doubled, 2}, {synth_letters_dropped, -1},
    {synth_letters_added, 1}, {synth_letters_wrong, 0},   {synth_letters_swapped, 0},
};

static void test_a_slip_changes_one_letter_and_keeps_the_first(void **state)
{
    (void)state;
    struct synth_random random = synth_random_of(1, 1, 1);
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        for (int draw = 0; draw < DRAWS; draw++) {
            char text[SIZE] = "Mustafa";
            assert_true(slips[i].make(text, sizeof text, &random));
            assert_string_not_equal(text, "Mustafa");
            assert_int_equal(text[0], 'M');
            int longer = (int)strlen(text) - 7;
            assert_true(slips[i].longer == 2 ? longer == 1 || longer == -1 : longer == slips[i].longer);
        }
    }
}

static void test_a_double_letter_becomes_single(void **state)
{
    (void)state;
    struct synth_random random = synth_random_of(1, 1, 1);
    char text[SIZE] = "Hassan";
    assert_true(synth_letters_doubled(text, sizeof text, &random));
    assert_string_equal(text, "Hasan");
}

static void test_letters_outside_ascii_stay_whole(void **state)
{
    (void)state;
    struct synth_random random = synth_random_of(1, 1, 1);
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        for (int draw = 0; draw < DRAWS; draw++) {
            char text[SIZE] = "Иван", mixed[SIZE] = "Öztürkoğlu";
            assert_false(slips[i].make(text, sizeof text, &random));
            assert_string_equal(text, "Иван");
            assert_true(slips[i].make(mixed, sizeof mixed, &random));
            assert_true(base_bytes_is_utf8(base_bytes_text(mixed)));
        }
    }
}

static void test_no_room_and_no_letters(void **state)
{
    (void)state;
    struct synth_random random = synth_random_of(1, 1, 1);
    char full[6] = "Abcde", empty[4] = "";
    assert_false(synth_letters_added(full, sizeof full, &random));
    assert_false(synth_letters_doubled(full, sizeof full, &random));
    assert_string_equal(full, "Abcde");
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        assert_false(slips[i].make(empty, sizeof empty, &random));
    char lone[4] = "Ng";
    assert_false(synth_letters_dropped(lone, sizeof lone, &random));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slip_changes_one_letter_and_keeps_the_first),
        cmocka_unit_test(test_a_double_letter_becomes_single),
        cmocka_unit_test(test_letters_outside_ascii_stay_whole),
        cmocka_unit_test(test_no_room_and_no_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
