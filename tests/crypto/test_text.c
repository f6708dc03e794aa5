/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/text.h"
#include "support/test.h"

static void hexadecimal_goes_both_ways(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x01, 0x9a, 0xbc, 0xff};
    char text[11];
    uint8_t back[5] = {0};
    crypto_hex_encode(base_bytes_of(bytes, sizeof bytes), text);
    assert_string_equal("00019abcff", text);
    assert_ok(crypto_hex_decode(base_bytes_text(text), back, sizeof back));
    assert_memory_equal(bytes, back, sizeof back);
    crypto_hex_encode(base_bytes_of(NULL, 0), text);
    assert_string_equal("", text);
    assert_ok(crypto_hex_decode(base_bytes_text(""), back, 0));
}

static void other_hexadecimal_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "0", "000", "0g", "AB", "aB", " 0", "0 ", "0x", "00000", "\xc3\xa9", "000001"};
    uint8_t out[2];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_fails(BASE_E_FORMAT, crypto_hex_decode(base_bytes_text(wrong[i]), out, 1));
        if (strlen(wrong[i]) != 4)
            assert_fails(BASE_E_FORMAT, crypto_hex_decode(base_bytes_text(wrong[i]), out, 2));
    }
    assert_fails(BASE_E_FORMAT, crypto_hex_decode(base_bytes_of("a\0", 2), out, 1));
}

static void base64_is_that_of_rfc_4648(void **state)
{
    (void)state;
    /* Section 10, and the two characters that differ in the alphabet for addresses. */
    static const char *const vectors[][2] = {{"", ""},           {"f", "Zg=="},         {"fo", "Zm8="},
                                             {"foo", "Zm9v"},    {"foob", "Zm9vYg=="},  {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf", "+/+/"}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct base_buffer text = BASE_BUFFER_EMPTY, back = BASE_BUFFER_EMPTY;
        assert_ok(base_buffer_text(&text, "<"));
        assert_ok(crypto_base64_append(base_bytes_text(vectors[i][0]), &text));
        assert_string_equal(vectors[i][1], base_buffer_c_string(&text) + 1);
        assert_int_equal(strlen(vectors[i][1]) + 1, text.len);
        assert_ok(crypto_base64_decode(base_bytes_text(vectors[i][1]), &back));
        assert_bytes(vectors[i][0], base_bytes_buffer(&back));
        base_buffer_release(&text);
        base_buffer_release(&back);
    }
}

static void base64_of_every_length_goes_both_ways(void **state)
{
    (void)state;
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 101 + 7);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct base_buffer text = BASE_BUFFER_EMPTY, back = BASE_BUFFER_EMPTY;
        assert_ok(crypto_base64_append(base_bytes_of(bytes, len), &text));
        assert_int_equal((len + 2) / 3 * 4, text.len);
        assert_ok(crypto_base64_decode(base_bytes_buffer(&text), &back));
        assert_true(base_bytes_equal(base_bytes_of(bytes, len), base_bytes_buffer(&back)));
        base_buffer_release(&text);
        base_buffer_release(&back);
    }
}

static void other_base64_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"Z",     "Zg",   "Zg=",     "Zg===", "Zg==Zg==", "=",     "====",   "Zm9v\n", " Zm9v",
                                        "Zm 9v", "Zh==", "Zm9=",    "-_-_",  "Zm9v=",    "Z===",  "Zm9vY",  "Zg=\n=", "Zg= =",
                                        "Zm\r\n9v", "Zm9v====", "\xc3\xa9\xc3\xa9"};
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&out, "kept"));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fails(BASE_E_FORMAT, crypto_base64_decode(base_bytes_text(wrong[i]), &out));
    assert_fails(BASE_E_FORMAT, crypto_base64_decode(base_bytes_of("Zm9v\0", 5), &out));
    assert_bytes("kept", base_bytes_buffer(&out));
    base_buffer_release(&out);
}

static void words_are_proquints(void **state)
{
    (void)state;
    /* The addresses worked out in the paper. */
    static const struct {
        uint8_t bytes[4];
        const char *words;
    } vectors[] = {
        {{127, 0, 0, 1}, "lusab-babad"},      {{63, 84, 220, 193}, "gutih-tugad"},  {{63, 118, 7, 35}, "gutuk-bisog"},
        {{140, 98, 193, 141}, "mudof-sakat"}, {{64, 255, 6, 200}, "haguz-biram"},   {{128, 30, 52, 45}, "mabiv-gibot"},
        {{147, 67, 119, 2}, "natag-lisaf"},   {{212, 58, 253, 68}, "tibup-zujah"},  {{216, 35, 68, 215}, "tobog-higil"},
        {{216, 68, 232, 21}, "todah-vobij"},  {{198, 81, 129, 136}, "sinid-makam"}, {{12, 110, 110, 204}, "budov-kuras"},
    };
    char words[48];
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        crypto_words(base_bytes_of(vectors[i].bytes, 4), words);
        assert_string_equal(vectors[i].words, words);
    }
    static const uint8_t fingerprint[16] = {0, 0, 0xff, 0xff};
    crypto_words(base_bytes_of(fingerprint, 16), words);
    assert_string_equal("babab-zuzuz-babab-babab-babab-babab-babab-babab", words);
    crypto_words(base_bytes_of(fingerprint, 0), words);
    assert_string_equal("", words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hexadecimal_goes_both_ways),
        cmocka_unit_test(other_hexadecimal_is_refused),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(base64_of_every_length_goes_both_ways),
        cmocka_unit_test(other_base64_is_refused),
        cmocka_unit_test(words_are_proquints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
