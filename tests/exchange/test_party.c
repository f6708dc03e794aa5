/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/party.h"

#include "exchange/sample.h"

static void sample_card(struct exchange_card *out)
{
    *out = (struct exchange_card){.name = "north", .address = "127.0.0.1:7001"};
    sample_key(1, &out->identity);
    sample_key(9, &out->transport);
}

static void a_fingerprint_names_keys(void **state)
{
    (void)state;
    struct crypto_sign_public key, other;
    struct exchange_id a, b, again;
    char hex[33], words[EXCHANGE_WORDS_LEN], name[EXCHANGE_KEY_NAME_LEN], expected[EXCHANGE_KEY_NAME_LEN];
    sample_key(1, &key);
    sample_key(2, &other);
    exchange_fingerprint(&key, &a);
    exchange_fingerprint(&other, &b);
    assert_false(exchange_id_equal(&a, &b));
    exchange_id_hex(&a, hex);
    assert_int_equal(32, strlen(hex));
    assert_ok(exchange_id_parse(base_bytes_text(hex), &again));
    assert_true(exchange_id_equal(&a, &again));
    exchange_words(&a, words);
    assert_int_equal(EXCHANGE_WORDS_LEN - 1, strlen(words));
    exchange_identity_name(&a, name);
    snprintf(expected, sizeof expected, "entente/%s", hex);
    assert_string_equal(expected, name);
    exchange_key_name(&a, &a, name);
    snprintf(expected, sizeof expected, "entente/%s/%s", hex, hex);
    assert_string_equal(expected, name);
    assert_fails(BASE_E_FORMAT, exchange_id_parse(base_bytes_text("abc"), &again));
    hex[0] = 'G';
    assert_fails(BASE_E_FORMAT, exchange_id_parse(base_bytes_text(hex), &again));
}

static void names_are_plain(void **state)
{
    (void)state;
    char longest[EXCHANGE_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[EXCHANGE_NAME_MAX] = 0;
    assert_ok(exchange_name_check("north-2.b_c"));
    assert_ok(exchange_name_check(longest));
    longest[EXCHANGE_NAME_MAX] = 'a';
    longest[EXCHANGE_NAME_MAX + 1] = 0;
    assert_fails(BASE_E_ARGUMENT, exchange_name_check(longest));
    assert_fails(BASE_E_ARGUMENT, exchange_name_check(""));
    assert_fails(BASE_E_ARGUMENT, exchange_name_check("two words"));
    assert_fails(BASE_E_ARGUMENT, exchange_name_check("../up"));
    assert_fails(BASE_E_ARGUMENT, exchange_name_check("n\xc3\xb6rd"));
}

static void a_card_comes_back_as_it_went(void **state)
{
    (void)state;
    struct exchange_card card, again;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    sample_card(&card);
    assert_ok(exchange_card_format(&card, &text));
    assert_ok(exchange_card_parse(base_bytes_buffer(&text), &again));
    assert_string_equal(card.name, again.name);
    assert_string_equal(card.address, again.address);
    assert_memory_equal(&card.identity, &again.identity, sizeof card.identity);
    assert_memory_equal(&card.transport, &again.transport, sizeof card.transport);
    base_buffer_release(&text);
}

static void a_card_is_read_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum base_code code;
    } cases[] = {
        {"entente/card/v1", "entente/card/v2", BASE_E_VERSION},
        {"name: north", "nane: north", BASE_E_FORMAT},
        {"name: north\n", "", BASE_E_FORMAT},
        {"name: north", "name: no/rth", BASE_E_FORMAT},
        {"name: north", "name: no\trth", BASE_E_ENCODING},
        {"identity: ", "identity: A", BASE_E_FORMAT},
        {"identity: ", "identity:", BASE_E_FORMAT},
        {"127.0.0.1:7001", "127.0.0.1", BASE_E_FORMAT},
        {"127.0.0.1:7001", "127.0.0.1:0", BASE_E_FORMAT},
        {"127.0.0.1:7001", "127.0.0.1:70000", BASE_E_FORMAT},
        {"127.0.0.1:7001", ":7001", BASE_E_FORMAT},
        {"7001\n", "7001", BASE_E_TRUNCATED},
        {"7001\n", "7001\n\n", BASE_E_TRAILING},
    };
    struct exchange_card card, out;
    struct base_buffer text = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    sample_card(&card);
    assert_ok(exchange_card_format(&card, &text));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        replaced(&changed, base_buffer_c_string(&text), cases[i].from, cases[i].to);
        assert_fails(cases[i].code, exchange_card_parse(base_bytes_buffer(&changed), &out));
    }
    snprintf(card.address, sizeof card.address, "nowhere");
    assert_fails(BASE_E_ARGUMENT, exchange_card_format(&card, &changed));
    base_buffer_release(&text);
    base_buffer_release(&changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fingerprint_names_keys),
        cmocka_unit_test(names_are_plain),
        cmocka_unit_test(a_card_comes_back_as_it_went),
        cmocka_unit_test(a_card_is_read_to_the_letter),
    };
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
