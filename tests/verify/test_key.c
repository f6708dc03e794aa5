/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"
#include "verify/key.h"

static void load(const char *text, uint8_t *out, size_t len)
{
    assert_true(verify_hex(verify_span_of(text, strlen(text)), out, len));
}

/* RFC 8032 section 7.1, test 2. */
static void a_published_signature_verifies(void **state)
{
    (void)state;
    uint8_t key[32], signature[64];
    load("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key, 32);
    load("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
         signature, 64);
    struct verify_span message = verify_span_of("r", 1);
    assert_true(verify_ed25519(key, message, signature));
    for (size_t bit = 0; bit < 512; bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(verify_ed25519(key, message, signature));
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_false(verify_ed25519(key, verify_span_of("s", 1), signature));
    assert_false(verify_ed25519(key, verify_span_of("", 0), signature));
}

/* ledger 2.6: S below the order of the group. */
static void a_second_form_of_a_signature_is_refused(void **state)
{
    (void)state;
    uint8_t key[32], signature[64], order[32];
    unsigned carry = 0;
    load("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key, 32);
    load("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
         signature, 64);
    load("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, 32);
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(verify_ed25519(key, verify_span_of("r", 1), signature));
}

/* ledger 2.6: with such a key a signature of R = 1, S = 0 would verify for many messages. */
static void points_of_small_order_and_other_encodings_are_refused(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    };
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        uint8_t key[32], signature[64] = {1};
        load(points[i], key, 32);
        for (char message = 'a'; message < 'a' + 16; message++)
            assert_false(verify_ed25519(key, verify_span_of(&message, 1), signature));
    }
}

/* The key of the public checksum database for Go modules. */
static void a_published_verifier_key_is_read(void **state)
{
    (void)state;
    static const char vkey[] = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    struct verify_key key;
    assert_true(verify_key_parse(verify_span_of(vkey, sizeof vkey - 1), &key));
    assert_string_equal("sum.golang.org", key.name);
    assert_int_equal(1, key.type);
}

static void other_verifier_keys_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "+", "name", "name+00000000", "name+00000000+", "na me+00000000+AAAA",
                                        "name+0000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "name+00000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "name+00000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    struct verify_key key;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verify_key_parse(verify_span_of(wrong[i], strlen(wrong[i])), &key));
}

static void key_names_hold_no_spaces(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "a b", "a+b", "a\tb", "a\x01", "a\xc2\xa0", "\xe2\x80\x83", "\xe3\x80\x80", "a\xff"};
    char longest[257];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verify_is_name(verify_span_of(wrong[i], strlen(wrong[i]))));
    memset(longest, 'n', sizeof longest);
    assert_true(verify_is_name(verify_span_of(longest, 255)));
    assert_false(verify_is_name(verify_span_of(longest, 256)));
    assert_true(verify_is_name(verify_span_of("entente/\xc3\xa9", 10)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_published_signature_verifies),
        cmocka_unit_test(a_second_form_of_a_signature_is_refused),
        cmocka_unit_test(points_of_small_order_and_other_encodings_are_refused),
        cmocka_unit_test(a_published_verifier_key_is_read),
        cmocka_unit_test(other_verifier_keys_are_refused),
        cmocka_unit_test(key_names_hold_no_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
