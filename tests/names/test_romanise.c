/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "names/romanise.h"

static void assert_system(const char *word, const char *plain, const char *expected)
{
    const char *system = names_romanisation_of(base_bytes_text(word), plain);
    if ((system == NULL) != (expected == NULL) || (system != NULL && strcmp(system, expected) != 0))
        fail_msg("%s as %s: %s, expected %s", word, plain, system == NULL ? "none" : system, expected == NULL ? "none" : expected);
}

static void test_russian(void **state)
{
    (void)state;
    assert_system("Царнаев", "tsarnaev", "ICAO 9303");
    assert_system("Царнаев", "tsarnayev", "BGN/PCGN");
    assert_system("Царнаев", "carnaev", "ISO 9");
    assert_system("Царнаев", "tcarnaev", "GOST R 52535");
    assert_system("Царнаев", "zarnajew", "German");
    assert_system("Царнаев", "carnajew", "Polish");
    assert_system("Царнаев", "tamerlan", NULL);
    assert_system("Юрий", "iurii", "ICAO 9303");
    assert_system("Юрий", "yuriy", "BGN/PCGN");
    assert_system("Юрий", "yury", "English press");
    assert_system("Юрий", "iourii", "French");
    assert_system("Юрий", "jurij", "scientific");
    assert_system("Пушкин", "pouchkine", "French");
    assert_system("Хрущёв", "khrushchev", "ICAO 9303");
    assert_system("Жуков", "schukow", "German");
    assert_system("Цыпкин", "cypkin", "ISO 9");
    assert_system("Цой", "czoj", "GOST 7.79 B");
}

static void test_other_languages(void **state)
{
    (void)state;
    assert_system("Григорій", "hryhorii", "Ukrainian national");
    assert_system("Григорій", "hryhoriy", "BGN/PCGN for Ukrainian");
    assert_system("Єлизавета", "yelyzaveta", "Ukrainian national");
    assert_system("В'ячеслав", "viacheslav", "ICAO 9303"); /* nothing in it is Ukrainian alone */
    assert_system("Лукашэнка", "lukashenka", "ICAO 9303");
    assert_system("Кацярына", "katsiaryna", "ICAO 9303");
    assert_system("Шаўцоў", "sautsou", NULL);
    assert_system("Шаўцоў", "saucou", "ISO 9");
    assert_system("Шаўцоў", "shawtsow", "BGN/PCGN for Belarusian");
    assert_system("Първанов", "parvanov", "Bulgarian national");
    assert_system("Ђорђевић", "djordjevich", "Serbian, English letters");
    assert_system("Љубица", "ljubica", "Serbian Latin");
    assert_system("Қайрат", "qayrat", "BGN/PCGN");
    assert_system("Қайрат", "kairat", "Russian");
}

static void test_what_is_no_word_of_these(void **state)
{
    (void)state;
    struct names_romanisation out[NAMES_ROMANISATIONS_MAX];
    assert_int_equal(0, names_romanisations(base_bytes_text(""), out));
    assert_int_equal(0, names_romanisations(base_bytes_text("Tsarnaev"), out));
    assert_int_equal(0, names_romanisations(base_bytes_text("Царнaев"), out)); /* a Latin a */
    assert_int_equal(0, names_romanisations(base_bytes_text("\xff\xfe"), out));
    assert_int_equal(0, names_romanisations(base_bytes_text("\xd0"), out));
    assert_int_equal(0, names_romanisations(base_bytes_text("љы"), out)); /* no alphabet has both */
}

/* и + breve is й. */
static void test_letters_in_two_parts(void **state)
{
    (void)state;
    assert_system("Юри\xd0\xb8\xcc\x86", "yuriy", "BGN/PCGN");
    assert_system("\xd0\xa2\xd0\xbe\xd0\xbb\xd1\x81\xd1\x82\xd0\xbe\xd0\xb8\xcc\x86", "tolstoy", "BGN/PCGN");
}

/* Every spelling is what the plain form of a token may be, whatever the length of the word. */
static void test_spellings_are_plain(void **state)
{
    (void)state;
    struct names_romanisation out[NAMES_ROMANISATIONS_MAX];
    char word[128] = "";
    for (size_t i = 0; i < 60; i++)
        memcpy(word + 2 * i, "щ", 2);
    word[120] = 0;
    static const char *const words[] = {"Щёщ", "Ьйъы", "абвгдежзийклмнопрстуфхцчшщъыьэюя"};
    for (size_t w = 0; w < 4; w++) {
        size_t count = names_romanisations(base_bytes_text(w < 3 ? words[w] : word), out);
        assert_true(count > 0 && count <= NAMES_ROMANISATIONS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(strlen(out[i].plain), strspn(out[i].plain, "abcdefghijklmnopqrstuvwxyz"));
            assert_true(strlen(out[i].plain) < NAMES_TOKEN_SIZE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_russian),
        cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_what_is_no_word_of_these),
        cmocka_unit_test(test_letters_in_two_parts),
        cmocka_unit_test(test_spellings_are_plain),
    };
    return cmocka_run_group_tests_name("names/romanise", tests, NULL, NULL);
}
