/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "node/node.h"

static void begin(struct fixture *fixture)
{
    struct crypto_hash rules = {{1}};
    fixture_parties(fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(fixture);
    fixture_agree(fixture, 0xc0, "flood", &rules);
}

static uint64_t entries_of(struct fixture *fixture)
{
    uint64_t count;
    assert_ok(store_entries_count(fixture->sides[HERE].party->store, fixture->compartment.bytes, &count));
    return count;
}

static void head_of(struct fixture *fixture, struct store_head *head, struct base_buffer *note)
{
    base_buffer_clear(note);
    assert_ok(store_head_get(fixture->sides[HERE].party->store, fixture->compartment.bytes, STORE_HEAD_OWN, head, note));
}

static void test_only_in_transactions(void **state)
{
    struct fixture fixture;
    struct crypto_hash hash;
    (void)state;
    begin(&fixture);
    struct node_party *party = fixture.sides[HERE].party;
    struct node_seat seat = fixture_seat(&fixture, HERE);
    assert_fails(BASE_E_INTERNAL, node_book_add(party, &seat, "state", 1, base_bytes_text("a note"), &hash));
    assert_int_equal(1, entries_of(&fixture));
    node_seat_release(&seat);
    fixture_release(&fixture);
}

static void test_same_note_twice(void **state)
{
    struct fixture fixture;
    struct base_buffer before = BASE_BUFFER_EMPTY, after = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    struct exchange_statement statement = {.move = EXCHANGE_SUSPEND};
    struct store_head head;
    (void)state;
    begin(&fixture);
    fixture_say(&fixture, HERE, EXCHANGE_KIND_STATE, &statement, &note);
    fixture_enter(&fixture, HERE, "state", base_bytes_buffer(&note));
    head_of(&fixture, &head, &before);
    fixture_enter(&fixture, HERE, "state", base_bytes_buffer(&note));
    head_of(&fixture, &head, &after);
    assert_int_equal(2, entries_of(&fixture));
    assert_true(base_bytes_equal(base_bytes_buffer(&before), base_bytes_buffer(&after)));
    base_buffer_release(&before);
    base_buffer_release(&after);
    base_buffer_release(&note);
    fixture_release(&fixture);
}

static void enter_at(struct fixture *fixture, unsigned side, enum exchange_kind kind, const struct crypto_hash *about, uint8_t nonce,
                     int64_t time_ms, struct crypto_hash *hash)
{
    struct exchange_statement statement = {.about = about == NULL ? (struct crypto_hash){{0}} : *about, .nonce = {{nonce}},
                                           .keys = {1}, .word = "over-budget"};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct node_seat seat = fixture_seat(fixture, HERE);
    struct node_party *party = fixture->sides[HERE].party;
    fixture_say(fixture, side, kind, &statement, &note);
    assert_ok(store_begin(party->store));
    assert_ok(node_book_add(party, &seat, exchange_kind_word(kind), time_ms, base_bytes_buffer(&note), hash));
    assert_ok(store_commit(party->store));
    node_seat_release(&seat);
    base_buffer_release(&note);
}

/* A refusal takes its own offer out of the count, and no other: not one for an offer of long ago, nor for one accepted. */
static void test_offers_counted(void **state)
{
    struct fixture fixture;
    struct crypto_hash old, accepted, refused, hash;
    uint64_t count;
    (void)state;
    begin(&fixture);
    struct node node = {.party = fixture.sides[HERE].party};
    struct node_seat seat = fixture_seat(&fixture, HERE);
    enter_at(&fixture, HERE, EXCHANGE_KIND_MATCH_OFFER, NULL, 1, 10, &old);
    enter_at(&fixture, THERE, EXCHANGE_KIND_MATCH_OFFER, NULL, 2, 100, &accepted);
    enter_at(&fixture, HERE, EXCHANGE_KIND_MATCH_ACCEPT, &accepted, 3, 101, &hash);
    enter_at(&fixture, HERE, EXCHANGE_KIND_MATCH_OFFER, NULL, 4, 102, &refused);
    assert_ok(node_offers_counted(&node, &seat, 100, &count));
    assert_int_equal(2, count);
    enter_at(&fixture, THERE, EXCHANGE_KIND_REFUSAL, &refused, 0, 103, &hash);
    assert_ok(node_offers_counted(&node, &seat, 100, &count));
    assert_int_equal(1, count);
    enter_at(&fixture, THERE, EXCHANGE_KIND_REFUSAL, &old, 0, 104, &hash);
    enter_at(&fixture, HERE, EXCHANGE_KIND_REFUSAL, &accepted, 0, 105, &hash);
    assert_ok(node_offers_counted(&node, &seat, 100, &count));
    assert_int_equal(1, count);
    node_seat_release(&seat);
    fixture_release(&fixture);
}

/* Every size has a checkpoint of that size, signed by the owner and nobody else. */
static void test_checkpoint(void **state)
{
    struct fixture fixture;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    struct ledger_note note;
    struct ledger_checkpoint checkpoint;
    struct store_head head;
    (void)state;
    begin(&fixture);
    struct node_seat seat = fixture_seat(&fixture, HERE);
    for (unsigned i = 1; i < 9; i++) {
        head_of(&fixture, &head, &bytes);
        assert_int_equal(i, head.size);
        assert_ok(ledger_note_parse(base_bytes_buffer(&bytes), &note));
        assert_ok(ledger_note_check(&note, &seat.own));
        assert_fails(BASE_E_KEY, ledger_note_check(&note, &seat.peer));
        assert_ok(ledger_checkpoint_parse(note.text, &checkpoint));
        assert_int_equal(i, checkpoint.size);
        assert_string_equal(seat.own_name, checkpoint.origin);
        assert_memory_equal(head.root, checkpoint.root.bytes, 32);
        ledger_note_release(&note);
        struct base_buffer said = BASE_BUFFER_EMPTY;
        struct exchange_statement statement = {.about = {{(uint8_t)i}}};
        fixture_say(&fixture, HERE, EXCHANGE_KIND_RECEIPT, &statement, &said);
        fixture_enter(&fixture, HERE, "receipt", base_bytes_buffer(&said));
        base_buffer_release(&said);
    }
    node_seat_release(&seat);
    base_buffer_release(&bytes);
    fixture_release(&fixture);
}

static void test_rollback(void **state)
{
    struct fixture fixture;
    struct base_buffer before = BASE_BUFFER_EMPTY, after = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    struct exchange_statement statement = {.move = EXCHANGE_CLOSE};
    struct node_ledger_facts facts;
    struct node_compartment compartment;
    struct store_head head;
    struct crypto_hash hash;
    (void)state;
    begin(&fixture);
    struct node_party *party = fixture.sides[HERE].party;
    struct node_seat seat = fixture_seat(&fixture, HERE);
    fixture_say(&fixture, HERE, EXCHANGE_KIND_STATE, &statement, &note);
    head_of(&fixture, &head, &before);
    assert_ok(store_begin(party->store));
    assert_ok(node_book_add(party, &seat, "state", 1, base_bytes_buffer(&note), &hash));
    assert_int_equal(2, entries_of(&fixture));
    store_rollback(party->store);
    head_of(&fixture, &head, &after);
    assert_int_equal(1, entries_of(&fixture));
    assert_true(base_bytes_equal(base_bytes_buffer(&before), base_bytes_buffer(&after)));
    assert_ok(node_compartment_find(party->store, "flood", &compartment));
    assert_ok(node_ledger_verify(party->store, &compartment, &facts));
    fixture_enter(&fixture, HERE, "state", base_bytes_buffer(&note)); /* the tiles go on from there */
    assert_ok(node_ledger_verify(party->store, &compartment, &facts));
    assert_int_equal(2, facts.entries);
    node_seat_release(&seat);
    base_buffer_release(&before);
    base_buffer_release(&after);
    base_buffer_release(&note);
    fixture_release(&fixture);
}

/* statements 4.2, 4.6: who may say what. */
static void test_statement_check(void **state)
{
    struct fixture fixture;
    struct exchange_statement out, statement = {.move = EXCHANGE_SUSPEND};
    struct base_buffer note = BASE_BUFFER_EMPTY, more = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&fixture);
    struct node_seat seat = fixture_seat(&fixture, HERE), other = fixture_seat(&fixture, THERE);
    fixture_say(&fixture, THERE, EXCHANGE_KIND_STATE, &statement, &note);
    assert_ok(node_statement_check(&seat, base_bytes_buffer(&note), &out));
    assert_fails(BASE_E_KEY, node_statement_check(&other, base_bytes_buffer(&note), &out));
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&note), seat.own_name, &seat.secret, &more));
    assert_fails(BASE_E_FORMAT, node_statement_check(&seat, base_bytes_buffer(&more), &out));
    base_buffer_clear(&note);
    statement.from = seat.facts.peer;
    statement.terms.bytes[0] ^= 1;
    assert_ok(node_statement_sign(&other, &statement, &note));
    assert_fails(BASE_E_INCONSISTENT, node_statement_check(&seat, base_bytes_buffer(&note), &out));
    base_buffer_clear(&note);
    statement.terms.bytes[0] ^= 1;
    statement.compartment.bytes[0] ^= 1;
    assert_ok(node_statement_sign(&other, &statement, &note));
    assert_fails(BASE_E_INCONSISTENT, node_statement_check(&seat, base_bytes_buffer(&note), &out));
    base_buffer_clear(&note);
    statement.compartment.bytes[0] ^= 1;
    statement.from = other.facts.peer;
    assert_ok(node_statement_sign(&other, &statement, &note));
    assert_fails(BASE_E_KEY, node_statement_check(&seat, base_bytes_buffer(&note), &out));
    node_seat_release(&seat);
    node_seat_release(&other);
    base_buffer_release(&note);
    base_buffer_release(&more);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_in_transactions), cmocka_unit_test(test_same_note_twice), cmocka_unit_test(test_offers_counted), cmocka_unit_test(test_checkpoint),
        cmocka_unit_test(test_rollback),             cmocka_unit_test(test_statement_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
