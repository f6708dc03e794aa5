/* SPDX-License-Identifier: Apache-2.0 */
#include "names_test.h"

#include "names/fold.h"
#include "names/sound.h"

static void test_cyrillic_in_every_romanisation(void **state)
{
    (void)state;
    ALL_MEET("Царнаев", "Tsarnaev", "Tsarnayev", "Carnaev", "Zarnajew", "Tzarnaev", "Tsarnaïev", "Czarnajew", "Tsarnaeff",
             "Carnaev", "ЦАРНАЕВ", "Tsarnaiev", "Царнаеў");
    ALL_MEET("Джохар", "Dzhokhar", "Djokhar", "Dschochar", "Dzhohar", "Džochar", "Jokhar");
    ALL_MEET("Щербаков", "Shcherbakov", "Schtscherbakow", "Chtcherbakov", "Ščerbakov");
    ALL_MEET("Жуков", "Zhukov", "Žukov", "Schukow", "Zhukow");
    ALL_MEET("Юрий", "Yuri", "Iouri", "Juri", "Yuriy");
}

static void test_languages_differ(void **state)
{
    (void)state;
    ALL_MEET("Григорий", "Grigory", "Hryhorij", "Григорій");
    ALL_MEET("Лукашэнка", "Lukashenka", "Lukašenka");
    ALL_MEET("Иванов", "Ivanova", "Иванова", "Iwanow", "Ivanoff");
    ALL_MEET("Каменский", "Kamensky", "Kamenskaya", "Kamenskij");
}

static void test_homoglyphs(void **state)
{
    (void)state;
    ALL_MEET("Наталья", "Hатaлья"); /* Latin H and a */
    ALL_MEET("Петров", "Пeтpoв");
    ALL_MEET("Anna Berg", "\xd0\x90nna Berg"); /* a Cyrillic A */
}

static void test_abd(void **state)
{
    (void)state;
    ALL_MEET("Abd al-Rahman", "Abdul Rahman", "Abdurrahman", "Abdulrahman", "Abdel-Rahman", "Abd ar-Rahman", "عبد الرحمن",
             "عبدالرحمن", "ABDUL-RAHMAN", "Абдурахман", "Абдул Рахман", "Abd Al Rahman", "Abdelrahman");
    ALL_MEET("Abdullah", "Abd Allah", "Abdallah", "عبد الله", "عبدالله", "Abdulla", "Abd-Allah");
    ALL_MEET("Abdul Aziz", "Abdulaziz", "Abd al-Aziz", "Abdelaziz", "عبد العزيز");
    ALL_MEET("Abdul Hadi", "Abd al-Hadi", "Abdelhadi", "عبد الهادي");
    assert_false(names_meet("Abdullah", "Abdulaziz"));
    assert_false(names_meet("Abdul Hadi", "Abdul Karim"));
    assert_int_equal(2, form_of("Abdi Karim").count);
    assert_int_equal(1, form_of("Abdul").count);
}

static void test_arabic(void **state)
{
    (void)state;
    ALL_MEET("محمد", "Muhammad", "Mohamed", "Mohammed", "Muhammed");
    ALL_MEET("عثمان", "Uthman", "Osman", "Othman");
    ALL_MEET("داود", "Dawud", "Daoud", "Dawood");
    ALL_MEET("الكرماني", "al-Kirmani", "El Kermani", "Al Kirmani");
    ALL_MEET("فاطمة", "Fatima", "Fatimah");
    ALL_MEET("خالد", "Khalid", "Khaled");
    ALL_MEET("يوسف", "Yusuf", "Youssef", "Yousif");
}

static void test_particles(void **state)
{
    (void)state;
    ALL_MEET("Salim bin Nasr", "Salim ben Nasr", "Salim ibn Nasr", "Salim Nasr", "سالم بن نصر");
    ALL_MEET("Karl von Berg", "Karl Berg");
    ALL_MEET("Ильхам Теймур оглы", "Ilham Teymur oglu");
    assert_int_equal(0, form_of("bin al-").count);
    assert_int_equal(0, form_of("  -- ... ").count);
    assert_int_equal(0, form_of("").count);
}

static void test_marks_and_signs(void **state)
{
    (void)state;
    assert_string_equal("soren", form_of("Søren").tokens[0].plain);
    assert_string_equal("strasse", form_of("Straße").tokens[0].plain);
    assert_string_equal("lukasz", form_of("Łukasz").tokens[0].plain);
    assert_string_equal("isik", form_of("Işık").tokens[0].plain);
    assert_string_equal("oneil", form_of("O'Neil").tokens[0].plain);
    assert_string_equal("oneil", form_of("O\xe2\x80\x99Neil").tokens[0].plain);
    assert_string_equal("anna", form_of("\xef\xbc\xa1nna").tokens[0].plain); /* full width */
    ALL_MEET("Jean-Paul", "Jean Paul");
    ALL_MEET("Jose\xcc\x81", "Jos\xc3\xa9", "Jose");
}

static void test_other_scripts(void **state)
{
    (void)state;
    ALL_MEET("Γιώργος", "Giorgos");
    assert_true(form_of("王小明").count >= 1);
    assert_true(form_of("გიორგი").count == 1);
}

static void test_different_names_do_not_meet(void **state)
{
    (void)state;
    assert_false(names_meet("Tamerlan", "Ruslan"));
    assert_false(names_meet("Petrov", "Pavlov"));
    assert_false(names_meet("Hassan", "Hussam"));
    assert_false(names_meet("Иванов", "Петров"));
    assert_false(names_meet("Hans O", "Hans Joachim"));
}

static void test_limits(void **state)
{
    (void)state;
    struct names_form form;
    char text[NAMES_TEXT_MAX + 2];
    memset(text, 'm', sizeof text);
    assert_ok(names_form_of(base_bytes_of(text, NAMES_TEXT_MAX), &form));
    assert_int_equal(1, form.count);
    assert_int_equal(NAMES_TOKEN_SIZE - 1, strlen(form.tokens[0].plain));
    assert_fails(BASE_E_LIMIT, names_form_of(base_bytes_of(text, NAMES_TEXT_MAX + 1), &form));
    assert_fails(BASE_E_ENCODING, names_form_of(base_bytes_text("\xff"), &form));
    for (size_t i = 1; i < NAMES_TEXT_MAX; i += 2)
        text[i] = ' ';
    assert_ok(names_form_of(base_bytes_of(text, NAMES_TEXT_MAX), &form));
    assert_int_equal(NAMES_TOKENS_MAX, form.count);
}

static void test_readings_are_bounded(void **state)
{
    (void)state;
    struct names_token token;
    names_sounds_of("alwajchthdhcw1", &token);
    assert_true(token.sound_count >= 2 && token.sound_count <= NAMES_SOUNDS_MAX);
    for (size_t i = 0; i < token.sound_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(token.sounds[i], token.sounds[k]);
    names_sounds_of("", &token);
    assert_int_equal(1, token.sound_count);
    assert_string_equal("", token.sounds[0]);
}

static void test_fold(void **state)
{
    (void)state;
    struct names_folded out;
    assert_ok(names_fold(base_bytes_text("Anna-Maria  \xd0\x94\xd0\xb6"), &out));
    assert_int_equal(3, out.count);
    assert_string_equal("maria", out.words[1].heard);
    assert_true(out.words[1].is_hyphened && !out.words[0].is_hyphened && !out.words[2].is_hyphened);
    assert_string_equal("J", out.words[2].heard);
    assert_string_equal("dzh", out.words[2].spelled);
    assert_int_equal(12, out.words[2].begin);
    assert_int_equal(16, out.words[2].end);
    assert_ok(names_fold(base_bytes_text(""), &out));
    assert_int_equal(0, out.count);
}

static void test_plain_is_romanised(void **state)
{
    (void)state;
    assert_plain("Царнаев", NAMES_CYRILLIC, "tsarnaev");
    assert_plain("Щербаков", NAMES_CYRILLIC, "shcherbakov");
    assert_plain("Джохар", NAMES_CYRILLIC, "dzhokhar");
    assert_plain("محمد", NAMES_ARABIC, "mhmd");
    assert_plain("عبدالله", NAMES_ARABIC, "abdallh");
    assert_plain("Abdullah", NAMES_LATIN, "abdallah");
    assert_plain("Abd al-Rahman", NAMES_LATIN, "abdalrahman");
    assert_plain("Abdi", NAMES_LATIN, "abdi");
    assert_plain("Μαρία", NAMES_GREEK, "maria");
    assert_plain("Čapek", NAMES_LATIN, "capek");
}

static void test_join(void **state)
{
    (void)state;
    struct names_form apart = form_of("Магомед расул"), whole = form_of("Магомедрасул");
    struct names_token joined;
    names_join(&apart.tokens[0], &apart.tokens[1], &joined);
    assert_string_equal(whole.tokens[0].plain, joined.plain);
    assert_true(tokens_meet(&whole.tokens[0], &joined));
    assert_int_equal(NAMES_CYRILLIC, joined.script);
    apart = form_of("Иван ноев");
    whole = form_of("Иванноев");
    names_join(&apart.tokens[0], &apart.tokens[1], &joined);
    assert_true(tokens_meet(&whole.tokens[0], &joined));
    apart = form_of("Jong un");
    whole = form_of("Jongun");
    names_join(&apart.tokens[0], &apart.tokens[1], &joined);
    assert_string_equal(whole.tokens[0].plain, joined.plain);
    assert_string_equal(whole.tokens[0].sounds[0], joined.sounds[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cyrillic_in_every_romanisation),
        cmocka_unit_test(test_languages_differ),
        cmocka_unit_test(test_homoglyphs),
        cmocka_unit_test(test_abd),
        cmocka_unit_test(test_arabic),
        cmocka_unit_test(test_particles),
        cmocka_unit_test(test_marks_and_signs),
        cmocka_unit_test(test_other_scripts),
        cmocka_unit_test(test_different_names_do_not_meet),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_readings_are_bounded),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_plain_is_romanised),
        cmocka_unit_test(test_join),
    };
    return cmocka_run_group_tests_name("names/forms", tests, NULL, NULL);
}
