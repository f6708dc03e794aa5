/* SPDX-License-Identifier: Apache-2.0 */
#include "node/message.h"

#include "ledger/note.h"
#include "support/test.h"

static void a_refusal_keeps_its_word_and_loses_what_a_terminal_would_obey(void **state)
{
    (void)state;
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    assert_ok(node_refusal_write(BASE_E_OVER_BUDGET, "enough \x1b[2J for \xc3\xa9", &payload));
    assert_fails(BASE_E_OVER_BUDGET, node_refusal_read(base_bytes_buffer(&payload)));
    assert_string_equal("enough ?[2J for ??", base_detail());
    for (size_t len = 0; len < payload.len; len++)
        assert_fails(BASE_E_TRUNCATED, node_refusal_read(base_bytes_of(payload.data, len)));
    assert_ok(base_buffer_text(&payload, "x"));
    assert_fails(BASE_E_TRAILING, node_refusal_read(base_bytes_buffer(&payload)));
    base_buffer_clear(&payload);
    assert_ok(node_refusal_write(BASE_OK, "", &payload));
    assert_fails(BASE_E_REFUSED, node_refusal_read(base_bytes_buffer(&payload))); /* never success */
    base_buffer_clear(&payload);
    assert_ok(base_put_sized(&payload, base_bytes_text("a word longer than any of the list is")));
    assert_fails(BASE_E_LIMIT, node_refusal_read(base_bytes_buffer(&payload)));
    base_buffer_release(&payload);
}

static void a_long_detail_is_cut(void **state)
{
    (void)state;
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    char detail[400];
    memset(detail, 'd', sizeof detail);
    detail[sizeof detail - 1] = 0;
    assert_ok(node_refusal_write(BASE_E_STATE, detail, &payload));
    assert_fails(BASE_E_STATE, node_refusal_read(base_bytes_buffer(&payload)));
    assert_int_equal(255, strlen(base_detail()));
    base_buffer_release(&payload);
}

static void a_request_to_cosign_comes_back_as_it_went(void **state)
{
    (void)state;
    struct crypto_key seed = {{1}};
    struct crypto_sign_secret secret;
    struct crypto_sign_public key;
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY, payload = BASE_BUFFER_EMPTY;
    struct node_cosign_request request = {.old_size = 5, .proof = {.count = 2}}, again;
    struct ledger_checkpoint checkpoint = {.origin = "entente/a/b", .size = 9};
    crypto_sign_keys_from_seed(&seed, &secret, &key);
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), "entente/a/b", &secret, &note));
    request.note = base_bytes_buffer(&note);
    assert_ok(node_cosign_request_write(&request, &payload));
    assert_ok(node_cosign_request_read(base_bytes_buffer(&payload), &again));
    assert_int_equal(5, again.old_size);
    assert_int_equal(9, again.checkpoint.size);
    assert_int_equal(2, again.proof.count);
    assert_true(base_bytes_equal(request.note, again.note));
    for (size_t len = 0; len < payload.len; len++)
        assert_fails(BASE_E_TRUNCATED, node_cosign_request_read(base_bytes_of(payload.data, len), &again));
    assert_ok(base_buffer_text(&payload, "x"));
    assert_fails(BASE_E_TRAILING, node_cosign_request_read(base_bytes_buffer(&payload), &again));
    payload.data[0] = 0xff;
    assert_fails(BASE_E_LIMIT, node_cosign_request_read(base_bytes_buffer(&payload), &again));
    base_buffer_release(&text);
    base_buffer_release(&note);
    base_buffer_release(&payload);
}

static void a_size_is_eight_bytes(void **state)
{
    (void)state;
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    uint64_t size;
    assert_ok(node_size_write(UINT64_MAX - 1, &payload));
    assert_ok(node_size_read(base_bytes_buffer(&payload), &size));
    assert_true(size == UINT64_MAX - 1);
    assert_fails(BASE_E_TRUNCATED, node_size_read(base_bytes_of(payload.data, 7), &size));
    assert_ok(base_buffer_text(&payload, "x"));
    assert_fails(BASE_E_TRAILING, node_size_read(base_bytes_buffer(&payload), &size));
    base_buffer_release(&payload);
}

static void a_list_comes_back_as_it_went(void **state)
{
    (void)state;
    static struct node_list_page page = {.from = 7, .has_more = true, .count = 3}, again;
    struct node_list_ask ask = {{{1, 2, 3}}, UINT64_MAX}, asked;
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    assert_ok(node_list_ask_write(&ask, &payload));
    assert_int_equal(24, payload.len);
    assert_ok(node_list_ask_read(base_bytes_buffer(&payload), &asked));
    assert_true(exchange_id_equal(&ask.compartment, &asked.compartment));
    assert_int_equal(UINT64_MAX, asked.from);
    base_buffer_clear(&payload);
    page.items[1] = (struct node_listed){{{0xee}}, true};
    assert_ok(node_list_page_write(&page, &payload));
    assert_int_equal(9 + 3 * 33, payload.len);
    assert_ok(node_list_page_read(base_bytes_buffer(&payload), &again));
    assert_int_equal(7, again.from);
    assert_true(again.has_more);
    assert_int_equal(3, again.count);
    assert_memory_equal(page.items, again.items, 3 * sizeof *page.items);
    base_buffer_release(&payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_keeps_its_word_and_loses_what_a_terminal_would_obey),
        cmocka_unit_test(a_long_detail_is_cut),
        cmocka_unit_test(a_request_to_cosign_comes_back_as_it_went),
        cmocka_unit_test(a_size_is_eight_bytes),
        cmocka_unit_test(a_list_comes_back_as_it_went),
    };
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
