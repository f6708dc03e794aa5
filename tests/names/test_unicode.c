/* SPDX-License-Identifier: Apache-2.0 */
#include "names/unicode.h"
#include "support/test.h"

static void nfc_is(const char *text, const char *expected)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&out, "<"));
    assert_ok(names_nfc(base_bytes_text(text), &out));
    assert_bytes(expected, base_bytes_of(out.data + 1, out.len - 1));
    base_buffer_release(&out);
}

static void test_nfc_composes(void **state)
{
    (void)state;
    nfc_is("", "");
    nfc_is("Plum", "Plum");
    nfc_is("Jos\xc3\xa9", "Jos\xc3\xa9");
    nfc_is("Jose\xcc\x81", "Jos\xc3\xa9");
    nfc_is("\xd0\x98\xcc\x86", "\xd0\x99");             /* Cyrillic short i */
    nfc_is("\xe2\x84\xab", "\xc3\x85");                 /* the Angstrom sign */
    nfc_is("\xf0\x9d\x85\x9e", "\xf0\x9d\x85\x97\xf0\x9d\x85\xa5"); /* a composition exclusion grows */
    nfc_is("\xe1\x84\x80\xe1\x85\xa1", "\xea\xb0\x80"); /* Hangul */
}

static void test_nfc_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xc3", "\xff", "\xed\xa0\x80", "\xc0\xaf", "a\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct base_buffer out = BASE_BUFFER_EMPTY;
        assert_ok(base_buffer_text(&out, "kept"));
        assert_fails(BASE_E_ENCODING, names_nfc(base_bytes_text(bad[i]), &out));
        assert_bytes("kept", base_bytes_buffer(&out));
        base_buffer_release(&out);
    }
}

static void lower_is(const char *text, const char *expected)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&out, "<"));
    assert_ok(names_lower(base_bytes_text(text), &out));
    assert_bytes(expected, base_bytes_of(out.data + 1, out.len - 1));
    base_buffer_release(&out);
}

static void test_lower_case(void **state)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    (void)state;
    lower_is("", "");
    lower_is("Plum 7-TREE", "plum 7-tree");
    lower_is("ЦАРНАЕВ", "царнаев");
    lower_is("JOSE\xcc\x81", "jos\xc3\xa9");
    lower_is("\xc4\xb0", "i\xcc\x87"); /* I with a dot: grows */
    lower_is("ΜΉΛΟΣ", "μήλος");            /* a final sigma */
    lower_is("تفاح 苹果", "تفاح 苹果");
    assert_fails(BASE_E_ENCODING, names_lower(base_bytes_text("a\x80"), &out));
    assert_int_equal(0, out.len);
}

static void script_is(const char *text, const char *expected)
{
    char script[5];
    names_script_of(base_bytes_text(text), script);
    assert_string_equal(expected, script);
}

static void test_script_of_most_letters(void **state)
{
    (void)state;
    script_is("Quince Medlar", "Latn");
    script_is("Царнаев", "Cyrl");
    script_is("Царнаев T", "Cyrl");
    script_is("T Ца", "Cyrl");
    script_is("Ta Ца", "Latn");
    script_is("تفاح", "Arab");
    script_is("苹果", "Hani");
    script_is("Μήλο", "Grek");
    script_is("1975-06", "Zyyy");
    script_is("", "Zyyy");
    script_is("\xff", "Zyyy");
}

static void test_windows_1252(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(names_from_windows_1252(base_bytes_text("A\x91" "b\x92 \x96 \xe9\xff\x80\x9f"), &out));
    assert_bytes("A‘b’ – éÿ€Ÿ", base_bytes_buffer(&out));
    assert_fails(BASE_E_ENCODING, names_from_windows_1252(base_bytes_text("x\x81"), &out));
    assert_bytes("A‘b’ – éÿ€Ÿ", base_bytes_buffer(&out));
    static const char holes[] = "\x81\x8d\x8f\x90\x9d";
    for (size_t i = 0; i < 5; i++)
        assert_fails(BASE_E_ENCODING, names_from_windows_1252(base_bytes_of(holes + i, 1), &out));
    base_buffer_clear(&out);
    assert_ok(names_from_windows_1252(base_bytes_of("a\0b", 3), &out));
    assert_int_equal(3, out.len);
    base_buffer_release(&out);
}

static void test_windows_1252_every_byte_gives_utf8(void **state)
{
    (void)state;
    for (unsigned byte = 1; byte < 256; byte++) {
        struct base_buffer out = BASE_BUFFER_EMPTY;
        uint8_t one = (uint8_t)byte;
        if (names_from_windows_1252(base_bytes_of(&one, 1), &out) == BASE_OK)
            assert_true(base_bytes_is_utf8(base_bytes_buffer(&out)));
        base_buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nfc_composes),
        cmocka_unit_test(test_nfc_refuses_what_is_not_utf8),
        cmocka_unit_test(test_lower_case),
        cmocka_unit_test(test_script_of_most_letters),
        cmocka_unit_test(test_windows_1252),
        cmocka_unit_test(test_windows_1252_every_byte_gives_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
