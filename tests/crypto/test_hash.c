/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "hex.h"

#define ABC_448 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static void check_sha256(const char *expected, struct base_bytes message)
{
    struct crypto_hash hash;
    crypto_sha256(&message, 1, &hash);
    assert_hex(expected, hash.bytes, sizeof hash.bytes);
}

/* FIPS 180-4, the examples published with it. */
static void sha256_is_that_of_fips_180(void **state)
{
    (void)state;
    check_sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", base_bytes_text("abc"));
    check_sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", base_bytes_of(NULL, 0));
    check_sha256("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", base_bytes_text(ABC_448));
    char *million = malloc(1000000);
    assert_non_null(million);
    memset(million, 'a', 1000000);
    check_sha256("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", base_bytes_of(million, 1000000));
    free(million);
}

static void sha512_is_that_of_fips_180(void **state)
{
    (void)state;
    struct base_bytes parts[] = {base_bytes_text("a"), base_bytes_of(NULL, 0), base_bytes_text("bc")};
    uint8_t hash[64];
    crypto_sha512(parts, 3, hash);
    assert_hex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
               hash, sizeof hash);
}

/* Parts are gathered, streamed or hashed whole depending on their lengths: all ways must agree. */
static void parts_are_hashed_as_their_concatenation(void **state)
{
    (void)state;
    uint8_t bytes[1200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37);
    for (size_t len = 0; len <= sizeof bytes; len += 100)
        for (size_t cut = 0; cut <= len; cut += 50) {
            struct base_bytes whole = base_bytes_of(bytes, len);
            struct base_bytes parts[] = {base_bytes_of(bytes, cut), base_bytes_of(NULL, 0), base_bytes_of(bytes + cut, len - cut)};
            struct crypto_hash of_whole, of_parts, running_hash;
            struct crypto_running running;
            crypto_sha256(&whole, 1, &of_whole);
            crypto_sha256(parts, 3, &of_parts);
            crypto_running_init(&running);
            crypto_running_update(&running, parts[0]);
            crypto_running_update(&running, parts[1]);
            crypto_running_update(&running, parts[2]);
            crypto_running_final(&running, &running_hash);
            assert_memory_equal(&of_whole, &of_parts, sizeof of_whole);
            assert_memory_equal(&of_whole, &running_hash, sizeof of_whole);
        }
}

/* Worked out with another implementation from the definition in the header. */
static void a_domain_and_lengths_stand_before_parts(void **state)
{
    (void)state;
    struct base_bytes parts[] = {base_bytes_text("abc"), base_bytes_text("")};
    struct base_bytes shifted[] = {base_bytes_text("ab"), base_bytes_text("c")};
    struct crypto_hash hash, other;
    crypto_hash_domain("entente/test/v1", parts, 2, &hash);
    assert_hex("edb3b71359741bcd2ea181947f6afd8a2410309730bbce1c3ba49035dfc92804", hash.bytes, sizeof hash.bytes);
    crypto_hash_domain("entente/test/v1", shifted, 2, &other);
    assert_false(crypto_hash_equal(&hash, &other));
    crypto_hash_domain("entente/test/v2", parts, 2, &other);
    assert_false(crypto_hash_equal(&hash, &other));
}

static void check_hmac(const char *expected, const char *key_hex, const char *message)
{
    uint8_t key[256];
    size_t len = from_hex(key_hex, key, sizeof key);
    struct crypto_hash hash;
    crypto_hmac_sha256(base_bytes_of(key, len), base_bytes_text(message), &hash);
    assert_hex(expected, hash.bytes, sizeof hash.bytes);
}

/* RFC 4231 sections 4.2, 4.3 and 4.7 (a key longer than a block). */
static void hmac_is_that_of_rfc_4231(void **state)
{
    (void)state;
    check_hmac("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
               "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There");
    check_hmac("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "4a656665",
               "what do ya want for nothing?");
    char long_key[2 * 131 + 1];
    memset(long_key, 'a', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = 0;
    check_hmac("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", long_key,
               "Test Using Larger Than Block-Size Key - Hash Key First");
}

static void hashes_are_compared_whole(void **state)
{
    (void)state;
    struct crypto_hash a = {{0}}, b = {{0}};
    assert_true(crypto_hash_equal(&a, &b));
    for (size_t i = 0; i < sizeof b.bytes; i++) {
        b.bytes[i] = 0x80;
        assert_false(crypto_hash_equal(&a, &b));
        b.bytes[i] = 0;
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
        cmocka_unit_test(sha256_is_that_of_fips_180),
        cmocka_unit_test(sha512_is_that_of_fips_180),
        cmocka_unit_test(parts_are_hashed_as_their_concatenation),
        cmocka_unit_test(a_domain_and_lengths_stand_before_parts),
        cmocka_unit_test(hmac_is_that_of_rfc_4231),
        cmocka_unit_test(hashes_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
