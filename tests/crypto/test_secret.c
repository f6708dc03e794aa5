/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"
#include "hex.h"

static struct crypto_key key;
static uint64_t seed = 1;

static int start(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (uint8_t)i;
    return crypto_start() != BASE_OK || crypto_start() != BASE_OK;
}

static void what_is_sealed_opens(void **state)
{
    (void)state;
    struct base_random random = base_random_repeatable(&seed);
    struct base_bytes label = base_bytes_text("label");
    for (size_t len = 0; len < 200; len += 13) {
        uint8_t plain[200];
        memset(plain, (int)len, sizeof plain);
        struct base_buffer sealed = BASE_BUFFER_EMPTY, opened = BASE_BUFFER_EMPTY;
        assert_ok(crypto_seal(&key, label, base_bytes_of(plain, len), &random, &sealed));
        assert_int_equal(len + 40, sealed.len);
        assert_ok(crypto_open(&key, label, base_bytes_buffer(&sealed), &opened));
        assert_true(base_bytes_equal(base_bytes_of(plain, len), base_bytes_buffer(&opened)));
        base_buffer_release(&sealed);
        base_buffer_release(&opened);
    }
}

static void no_changed_bit_opens(void **state)
{
    (void)state;
    struct base_random random = base_random_repeatable(&seed);
    struct base_buffer sealed = BASE_BUFFER_EMPTY, opened = BASE_BUFFER_EMPTY;
    assert_ok(crypto_seal(&key, base_bytes_text("label"), base_bytes_text("plain"), &random, &sealed));
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_fails(BASE_E_PASSPHRASE, crypto_open(&key, base_bytes_text("label"), base_bytes_buffer(&sealed), &opened));
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_fails(len < 40 ? BASE_E_TRUNCATED : BASE_E_PASSPHRASE,
                     crypto_open(&key, base_bytes_text("label"), base_bytes_of(sealed.data, len), &opened));
    assert_int_equal(0, opened.len);
    base_buffer_release(&sealed);
    base_buffer_release(&opened);
}

static void another_key_or_label_does_not_open(void **state)
{
    (void)state;
    struct base_random random = base_random_repeatable(&seed);
    struct base_buffer sealed = BASE_BUFFER_EMPTY, opened = BASE_BUFFER_EMPTY;
    struct crypto_key other = key;
    other.bytes[31] ^= 1;
    assert_ok(crypto_seal(&key, base_bytes_text("label"), base_bytes_text("plain"), &random, &sealed));
    assert_fails(BASE_E_PASSPHRASE, crypto_open(&other, base_bytes_text("label"), base_bytes_buffer(&sealed), &opened));
    assert_fails(BASE_E_PASSPHRASE, crypto_open(&key, base_bytes_text("labem"), base_bytes_buffer(&sealed), &opened));
    assert_fails(BASE_E_PASSPHRASE, crypto_open(&key, base_bytes_text(""), base_bytes_buffer(&sealed), &opened));
    base_buffer_release(&sealed);
    base_buffer_release(&opened);
}

static enum base_code no_random(void *context, uint8_t *out, size_t len)
{
    (void)context, (void)out, (void)len;
    return base_fail(BASE_E_IO, "no random bytes");
}

static void nothing_is_sealed_without_random_bytes(void **state)
{
    (void)state;
    struct base_random random = {no_random, NULL};
    struct base_buffer sealed = BASE_BUFFER_EMPTY;
    assert_fails(BASE_E_IO, crypto_seal(&key, base_bytes_text(""), base_bytes_text("plain"), &random, &sealed));
    assert_int_equal(0, sealed.len);
    base_buffer_release(&sealed);
}

/* Worked out with another implementation of HMAC-SHA-256. */
static void subkeys_are_hmacs(void **state)
{
    (void)state;
    struct crypto_key out, other;
    crypto_key_derive(&key, "entente/test/key/v1", base_bytes_text("ctx"), &out);
    assert_hex("0ef335a15439db7cba44830081df6f476d308f1b204a0e929364802641a1ffc0", out.bytes, sizeof out.bytes);
    crypto_key_derive(&key, "entente/test/key/v1", base_bytes_text("cty"), &other);
    assert_memory_not_equal(&out, &other, sizeof out);
    crypto_key_derive(&key, "entente/test/key/v2", base_bytes_text("ctx"), &other);
    assert_memory_not_equal(&out, &other, sizeof out);
}

/* RFC 9106's own vectors use inputs that the library does not offer; these come from its authors' reference program:
 *   printf 'password' | argon2 somesaltsomesalt -id -t 1 -m 13 -p 1 -l 32 -r */
static void passphrases_are_worked_by_argon2id(void **state)
{
    (void)state;
    struct crypto_key out;
    struct crypto_passphrase_cost cost = {1, 8192};
    assert_ok(crypto_key_from_passphrase(base_bytes_text("password"), (const uint8_t *)"somesaltsomesalt", &cost, &out));
    assert_hex("84fb006bbc3cd69895722b64b5bf735251a9e8e9f3ecb93ff595b98aeb7accb7", out.bytes, sizeof out.bytes);
    cost = (struct crypto_passphrase_cost){3, 16384};
    assert_ok(crypto_key_from_passphrase(base_bytes_text("correct horse"), (const uint8_t *)"0123456789abcdef", &cost, &out));
    assert_hex("b797fb511beffdf4ab6f633f2e3fd5311a14915164cddc5fe923ed258a8fc45d", out.bytes, sizeof out.bytes);
}

static void a_cost_out_of_range_is_refused(void **state)
{
    (void)state;
    static const struct crypto_passphrase_cost wrong[] = {
        {0, 8192}, {17, 8192}, {1, 8191}, {1, 4 * 1024 * 1024 + 1}, {UINT32_MAX, UINT32_MAX}};
    struct crypto_key out;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fails(BASE_E_RANGE, crypto_key_from_passphrase(base_bytes_text("p"), (const uint8_t *)"somesaltsomesalt",
                                                              &wrong[i], &out));
}

static void wiped_bytes_are_zero(void **state)
{
    (void)state;
    uint8_t secret[40];
    memset(secret, 7, sizeof secret);
    crypto_wipe(secret + 1, sizeof secret - 2);
    assert_int_equal(7, secret[0]);
    assert_int_equal(7, secret[39]);
    for (size_t i = 1; i < 39; i++)
        assert_int_equal(0, secret[i]);
    struct base_buffer buffer = BASE_BUFFER_EMPTY;
    crypto_wipe_buffer(&buffer);
    assert_ok(base_buffer_text(&buffer, "secret"));
    crypto_wipe_buffer(&buffer);
    assert_null(buffer.data);
    assert_int_equal(0, buffer.len);
}

static void bytes_are_compared_whole(void **state)
{
    (void)state;
    assert_true(crypto_equal("abc", "abd", 2));
    assert_false(crypto_equal("abc", "abd", 3));
    assert_true(crypto_equal("abc", "xyz", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(no_changed_bit_opens),
        cmocka_unit_test(another_key_or_label_does_not_open),
        cmocka_unit_test(nothing_is_sealed_without_random_bytes),
        cmocka_unit_test(subkeys_are_hmacs),
        cmocka_unit_test(passphrases_are_worked_by_argon2id),
        cmocka_unit_test(a_cost_out_of_range_is_refused),
        cmocka_unit_test(wiped_bytes_are_zero),
        cmocka_unit_test(bytes_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
