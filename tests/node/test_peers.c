/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static void test_card_check(void **state)
{
    struct fixture fixture;
    struct exchange_card card, untouched = {.name = "untouched"};
    struct base_buffer note = BASE_BUFFER_EMPTY, text = BASE_BUFFER_EMPTY, forged = BASE_BUFFER_EMPTY;
    char name[EXCHANGE_KEY_NAME_LEN];
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    struct node_party *here = fixture.sides[HERE].party, *there = fixture.sides[THERE].party;
    assert_ok(node_card_note(there->store, &note));
    assert_ok(node_card_check(base_bytes_buffer(&note), &card));
    assert_string_equal("harbour", card.name);
    card = untouched;
    /* another address under the old signature */
    uint8_t *at = (uint8_t *)strstr((char *)(uintptr_t)base_buffer_c_string(&note), ":4712");
    assert_non_null(at);
    at[4] = '3';
    assert_fails(BASE_E_SIGNATURE, node_card_check(base_bytes_buffer(&note), &card));
    at[4] = '2';
    /* signed by somebody else, under its own name and under the party's */
    assert_ok(exchange_card_format(&there->card, &text));
    exchange_identity_name(&here->fingerprint, name);
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), name, &here->identity, &forged));
    assert_fails(BASE_E_SIGNATURE, node_card_check(base_bytes_buffer(&forged), &card));
    base_buffer_clear(&forged);
    exchange_identity_name(&there->fingerprint, name);
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), name, &here->identity, &forged));
    assert_fails(BASE_E_SIGNATURE, node_card_check(base_bytes_buffer(&forged), &card));
    for (size_t len = 0; len < note.len; len++)
        assert_int_not_equal(BASE_OK, node_card_check(base_bytes_of(note.data, len), &card));
    assert_string_equal("untouched", card.name);
    base_buffer_release(&note);
    base_buffer_release(&text);
    base_buffer_release(&forged);
    fixture_release(&fixture);
}

static enum base_code count_peers(void *context, const struct node_peer *peer)
{
    (void)peer;
    ++*(unsigned *)context;
    return BASE_OK;
}

static void test_put(void **state)
{
    struct fixture fixture;
    struct node_peer peer;
    struct base_buffer own = BASE_BUFFER_EMPTY, card = BASE_BUFFER_EMPTY;
    unsigned count = 0;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    struct store *store = fixture.sides[HERE].party->store;
    assert_ok(node_card_note(store, &own));
    assert_ok(node_card_note(fixture.sides[THERE].party->store, &card));
    assert_fails(BASE_E_ARGUMENT, node_peer_put(store, base_bytes_buffer(&own), "self", NODE_PEER_PENDING, 1));
    assert_fails(BASE_E_ARGUMENT, node_peer_put(store, base_bytes_buffer(&card), "two words", NODE_PEER_PENDING, 1));
    assert_fails(BASE_E_NOT_FOUND, node_peer_by_name(store, "harbour", &peer));
    fixture_know(&fixture, HERE, "harbour", NODE_PEER_PENDING);
    assert_ok(node_peer_by_name(store, "harbour", &peer));
    assert_int_equal(NODE_PEER_PENDING, peer.state);
    assert_true(exchange_id_equal(&peer.fingerprint, &fixture.sides[THERE].party->fingerprint));
    fixture_know(&fixture, HERE, "harbour", NODE_PEER_PAIRED);
    assert_ok(node_peer_by_name(store, "harbour", &peer));
    assert_int_equal(NODE_PEER_PAIRED, peer.state);
    assert_ok(node_peers_each(store, count_peers, &count));
    assert_int_equal(1, count);
    base_buffer_release(&own);
    base_buffer_release(&card);
    fixture_release(&fixture);
}

static void test_name_taken(void **state)
{
    struct fixture fixture, others;
    struct node_peer peer;
    struct base_buffer card = BASE_BUFFER_EMPTY;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_parties(&others, "127.0.0.1:4713", "127.0.0.1:4714");
    struct store *store = fixture.sides[HERE].party->store;
    fixture_pair(&fixture);
    assert_ok(node_card_note(others.sides[HERE].party->store, &card));
    assert_fails(BASE_E_EXISTS, node_peer_put(store, base_bytes_buffer(&card), "harbour", NODE_PEER_PAIRED, 1));
    assert_ok(node_peer_by_name(store, "harbour", &peer));
    assert_true(exchange_id_equal(&peer.fingerprint, &fixture.sides[THERE].party->fingerprint));
    base_buffer_release(&card);
    fixture_release(&fixture);
    fixture_release(&others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card_check), cmocka_unit_test(test_put), cmocka_unit_test(test_name_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
