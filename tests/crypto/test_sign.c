/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"
#include "hex.h"

struct vector {
    const char *seed, *public_key, *message, *signature;
};

/* RFC 8032 section 7.1, tests 1 to 3. */
static const struct vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void signatures_are_those_of_rfc_8032(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct crypto_key seed;
        struct crypto_sign_secret secret;
        struct crypto_sign_public public_key, again;
        struct crypto_signature signature;
        uint8_t message[8];
        size_t len = from_hex(vectors[i].message, message, sizeof message);
        from_hex(vectors[i].seed, seed.bytes, sizeof seed.bytes);
        crypto_sign_keys_from_seed(&seed, &secret, &public_key);
        assert_hex(vectors[i].public_key, public_key.bytes, sizeof public_key.bytes);
        crypto_sign_public_of(&secret, &again);
        assert_memory_equal(&public_key, &again, sizeof again);
        crypto_sign_make(&secret, base_bytes_of(message, len), &signature);
        assert_hex(vectors[i].signature, signature.bytes, sizeof signature.bytes);
        assert_ok(crypto_sign_check(&public_key, base_bytes_of(message, len), &signature));
    }
}

static void load_second(struct crypto_sign_public *public_key, struct crypto_signature *signature)
{
    from_hex(vectors[1].public_key, public_key->bytes, sizeof public_key->bytes);
    from_hex(vectors[1].signature, signature->bytes, sizeof signature->bytes);
}

static void no_changed_bit_verifies(void **state)
{
    (void)state;
    struct crypto_sign_public public_key;
    struct crypto_signature signature;
    load_second(&public_key, &signature);
    for (size_t bit = 0; bit < 512; bit++) {
        signature.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text("r"), &signature));
        signature.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 256; bit++) {
        public_key.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text("r"), &signature));
        public_key.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_ok(crypto_sign_check(&public_key, base_bytes_text("r"), &signature));
    assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text("s"), &signature));
    assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text("rr"), &signature));
    assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text(""), &signature));
}

/* RFC 8032 section 5.1.7: S must be below the order, or anyone could make a second signature from a first. */
static void a_signature_has_one_form(void **state)
{
    (void)state;
    uint8_t order[32];
    struct crypto_sign_public public_key;
    struct crypto_signature signature;
    from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, sizeof order);
    load_second(&public_key, &signature);
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signature.bytes[32 + i] + order[i];
        signature.bytes[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(0, carry);
    assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_text("r"), &signature));
}

/* With a key of small order a signature of zeros would verify for any message. */
static void keys_of_small_order_are_refused(void **state)
{
    (void)state;
    static const char *const small[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        struct crypto_sign_public public_key;
        struct crypto_signature signature = {{1}}; /* R the neutral element, S zero */
        from_hex(small[i], public_key.bytes, sizeof public_key.bytes);
        for (char message = 'a'; message < 'a' + 16; message++)
            assert_fails(BASE_E_SIGNATURE, crypto_sign_check(&public_key, base_bytes_of(&message, 1), &signature));
    }
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_rfc_8032),
        cmocka_unit_test(no_changed_bit_verifies),
        cmocka_unit_test(a_signature_has_one_form),
        cmocka_unit_test(keys_of_small_order_are_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
