/* SPDX-License-Identifier: Apache-2.0
 *
 * Deliveries as frames, and the receipts that answer them (doc/spec/conversations.md 1 and 3): what a peer may put into either.
 */
#include "exchange_world.h"

static struct world world;

static void put(struct base_buffer *delivery, const struct world_forged *forged)
{
    struct node_parcel parcel = world_parcel(forged);
    assert_ok(node_parcel_put(&parcel, delivery));
}

static struct world_forged forged_ask(int64_t later)
{
    struct world_forged out = {.beside = NODE_PARCEL_NOTHING};
    struct exchange_content content = world_content(EXCHANGE_KIND_ASK);
    struct exchange_statement ask = world_ask(&world);
    ask.due_ms += later;
    world_forge(&world, HERE, &ask, &content, &out);
    exchange_content_release(&content);
    return out;
}

/* "+" for a receipt, the error word for a refusal, in their order. */
static void assert_answers(const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct base_cursor in = base_cursor_over(base_bytes_buffer(&world_line.payload));
    assert_int_equal(NODE_SAY_RECEIPTS, world_line.kind);
    while (in.left > 0) {
        bool is_receipt;
        struct base_bytes receipt;
        enum base_code refusal = BASE_OK;
        assert_ok(node_receipts_next(&in, &is_receipt, &receipt, &refusal));
        assert_ok(base_buffer_format(&text, "%s ", is_receipt ? "+" : base_code_word(refusal)));
    }
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void what_is_refused_does_not_stop_what_is_not(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged good = forged_ask(0), bad = forged_ask(1000), second = forged_ask(2000);
    world_restore(&world);
    bad.salt[0] ^= 1;
    put(&delivery, &bad);
    put(&delivery, &good);
    put(&delivery, &good); /* again: the same receipt */
    put(&delivery, &bad);
    put(&delivery, &second);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("inconsistent + + inconsistent + ");
    struct crypto_hash before = world_state(&world, THERE);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery))); /* the answer was lost */
    assert_answers("inconsistent + + inconsistent + ");
    struct crypto_hash after = world_state(&world, THERE);
    assert_true(crypto_hash_equal(&before, &after));
    base_buffer_release(&delivery);
    world_forged_release(&good);
    world_forged_release(&bad);
    world_forged_release(&second);
}

/* However often it is sent: no write, and no wait for the disk. */
static void what_is_refused_costs_no_write(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged bad = forged_ask(0);
    sqlite3 *database = world.nodes[THERE].party->store->database;
    world_restore(&world);
    bad.salt[0] ^= 1;
    put(&delivery, &bad);
    int changes = sqlite3_total_changes(database);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("inconsistent ");
    assert_int_equal(changes, sqlite3_total_changes(database));
    base_buffer_release(&delivery);
    world_forged_release(&bad);
}

/* The first parcel says where; another compartment's keys are unknown there, though both sit in both. */
static void a_delivery_is_of_one_compartment(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged border = forged_ask(0), banks;
    uint64_t before, after;
    world.fixture.compartment = world.other;
    banks = forged_ask(0);
    world.fixture.compartment = world.compartment;
    world_restore(&world);
    put(&delivery, &border);
    put(&delivery, &banks);
    assert_ok(store_entries_count(world.nodes[THERE].party->store, world.other.bytes, &before));
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("+ unknown-key ");
    base_buffer_clear(&delivery);
    put(&delivery, &banks);
    put(&delivery, &border);
    world_restore(&world);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("+ unknown-key ");
    assert_ok(store_entries_count(world.nodes[THERE].party->store, world.other.bytes, &after));
    assert_int_equal(before + 2, after); /* the ask and its receipt */
    base_buffer_release(&delivery);
    world_forged_release(&border);
    world_forged_release(&banks);
}

static void assert_refused(enum base_code code, const char *detail)
{
    assert_int_equal(NODE_SAY_REFUSED, world_line.kind);
    assert_fails(code, node_refusal_read(base_bytes_buffer(&world_line.payload)));
    assert_string_equal(detail, base_detail());
}

/* One that does not exist, and one of this node with somebody else. */
static void another_partys_compartment_is_as_if_it_were_not_there(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct exchange_statement suspend = {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND};
    world_restore(&world);
    world_forge_text(&world, HERE, &suspend, NULL, "compartment: c0", "compartment: 77", &forged);
    put(&delivery, &forged);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_refused(BASE_E_NOT_FOUND, "there is no such compartment here");
    fixture_sql(&world.fixture, THERE, "UPDATE compartments SET peer=x'00112233445566778899aabbccddeeff' WHERE name='border'");
    base_buffer_clear(&delivery);
    world_forge(&world, HERE, &suspend, NULL, &forged);
    put(&delivery, &forged);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_refused(BASE_E_NOT_FOUND, "there is no such compartment here");
    base_buffer_release(&delivery);
    world_forged_release(&forged);
}

static void assert_dropped(enum base_code code, struct base_bytes payload)
{
    struct crypto_hash before = world_state(&world, THERE), after;
    (void)world_logged(&world, "", BASE_OK);
    assert_fails(code, world_ask_there(&world, NODE_SAY_DELIVERY, payload));
    assert_int_equal(0, world_line.frames);
    assert_true(world_logged(&world, "talk-failed", code));
    after = world_state(&world, THERE);
    assert_true(crypto_hash_equal(&before, &after));
}

static void what_is_no_delivery_ends_the_talk(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged forged = forged_ask(0);
    world_restore(&world);
    assert_dropped(BASE_E_TRUNCATED, base_bytes_of(NULL, 0));
    put(&delivery, &forged);
    for (size_t len = 1; len < delivery.len; len += len < 600 ? 1 : 37)
        assert_dropped(BASE_E_TRUNCATED, base_bytes_of(delivery.data, len));
    uint8_t *beside = delivery.data + 4 + forged.note.len;
    *beside = 3;
    assert_dropped(BASE_E_FORMAT, base_bytes_buffer(&delivery));
    *beside = NODE_PARCEL_CONTENT;
    assert_ok(base_put_u8(&delivery, 0));
    assert_dropped(BASE_E_TRUNCATED, base_bytes_buffer(&delivery)); /* a byte behind */
    base_buffer_clear(&delivery);
    assert_ok(base_put_u32(&delivery, LEDGER_NOTE_MAX + 1));
    assert_dropped(BASE_E_LIMIT, base_bytes_buffer(&delivery));
    base_buffer_clear(&delivery);
    assert_ok(base_put_sized(&delivery, base_bytes_text("note")));
    assert_ok(base_put_u8(&delivery, NODE_PARCEL_CONTENT));
    assert_ok(base_put_bytes(&delivery, forged.salt, sizeof forged.salt));
    assert_ok(base_put_u32(&delivery, EXCHANGE_CONTENT_MAX + 1));
    assert_dropped(BASE_E_LIMIT, base_bytes_buffer(&delivery));
    base_buffer_clear(&delivery);
    for (unsigned i = 0; i <= NODE_PARCELS_MAX; i++) {
        struct node_parcel parcel = {.note = base_bytes_text("n"), .beside = NODE_PARCEL_NOTHING};
        assert_ok(node_parcel_put(&parcel, &delivery));
    }
    assert_dropped(BASE_E_LIMIT, base_bytes_buffer(&delivery));
    base_buffer_release(&delivery);
    world_forged_release(&forged);
}

static int refuse_commit(void *context)
{
    (void)context;
    return 1;
}

/* The peer hears that something failed, and nothing of what. */
static void what_fails_here_is_not_told(void **state)
{
    (void)state;
    struct base_buffer delivery = BASE_BUFFER_EMPTY;
    struct world_forged forged = forged_ask(0);
    sqlite3 *database = world.nodes[THERE].party->store->database;
    world_restore(&world);
    struct crypto_hash before = world_state(&world, THERE), after;
    put(&delivery, &forged);
    sqlite3_commit_hook(database, refuse_commit, NULL);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_refused(BASE_E_DATABASE, "");
    assert_true(world_logged(&world, "refused", BASE_E_DATABASE));
    sqlite3_commit_hook(database, NULL, NULL);
    after = world_state(&world, THERE);
    assert_true(crypto_hash_equal(&before, &after));
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("+ ");
    base_buffer_release(&delivery);
    world_forged_release(&forged);
}

/* Both have signed it, and both have entered it at once: it was no delivery, and there is no receipt for one. */
static void a_match_that_was_made_here_is_not_taken_as_delivered(void **state)
{
    (void)state;
    struct node_seat there = fixture_seat(&world.fixture, THERE);
    struct world_forged offer = {.beside = NODE_PARCEL_NOTHING}, accept = offer, match = offer;
    struct base_buffer delivery = BASE_BUFFER_EMPTY, both = BASE_BUFFER_EMPTY;
    struct exchange_statement offered = {.kind = EXCHANGE_KIND_MATCH_OFFER}, matched = {.kind = EXCHANGE_KIND_MATCH};
    world_restore(&world);
    world_forge(&world, HERE, &offered, NULL, &offer);
    fixture_enter(&world.fixture, THERE, "match-offer", base_bytes_buffer(&offer.note));
    struct exchange_statement accepted = {.kind = EXCHANGE_KIND_MATCH_ACCEPT, .about = offer.hash};
    world_forge(&world, THERE, &accepted, NULL, &accept);
    fixture_enter(&world.fixture, THERE, "match-accept", base_bytes_buffer(&accept.note));
    matched.about = accept.hash;
    world_forge(&world, HERE, &matched, NULL, &match);
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&match.note), there.own_name, &there.secret, &both));
    base_buffer_release(&match.note);
    match.note = both;
    fixture_enter(&world.fixture, THERE, "match", base_bytes_buffer(&match.note));
    world_refused(&world, &match, BASE_E_ORDER, "a match that was made here");
    put(&delivery, &match);
    assert_ok(world_ask_there(&world, NODE_SAY_DELIVERY, base_bytes_buffer(&delivery)));
    assert_answers("out-of-order ");
    base_buffer_release(&delivery);
    world_forged_release(&offer);
    world_forged_release(&accept);
    world_forged_release(&match);
    node_seat_release(&there);
}

/* Receipts. THERE has said three things, and HERE answers. */

struct said {
    struct crypto_hash hashes[3];
    struct node_talk *talk;
    bool is_done;
    enum base_code code;
    char detail[256];
};

static void note_done(void *context, enum base_code code, const char *detail)
{
    struct said *said = context;
    said->is_done = true;
    said->code = code;
    snprintf(said->detail, sizeof said->detail, "%s", detail);
}

static void say_three(struct said *said)
{
    *said = (struct said){.is_done = false};
    world_restore(&world);
    for (unsigned i = 0; i < 3; i++) {
        struct exchange_content content = world_content(EXCHANGE_KIND_ASK);
        struct exchange_statement ask = world_ask(&world);
        assert_ok(node_say_alone(&world.nodes[THERE], &world.compartment, &ask, &content, &said->hashes[i]));
        exchange_content_release(&content);
    }
    said->talk = world_sync(&world, note_done, said);
    assert_int_equal(NODE_SAY_DELIVERY, world_line.kind);
}

static void put_receipt(struct base_buffer *answers, unsigned side, const struct crypto_hash *about)
{
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct exchange_statement receipt = {.kind = EXCHANGE_KIND_RECEIPT, .about = *about};
    world_forge(&world, side, &receipt, NULL, &forged);
    assert_ok(node_receipts_put(base_bytes_buffer(&forged.note), answers));
    world_forged_release(&forged);
}

static void good_receipts(const struct said *said, struct base_buffer *answers)
{
    for (unsigned i = 0; i < 3; i++)
        put_receipt(answers, HERE, &said->hashes[i]);
}

/* Nothing entered, nothing gone from the outbox, the talk at an end, a line in the log. */
static void assert_not_taken(struct said *said, enum base_code code, struct base_bytes answers, const char *name)
{
    struct crypto_hash before = world_state(&world, THERE);
    (void)world_logged(&world, "", BASE_OK);
    enum base_code got = node_talk_frame(said->talk, NODE_SAY_RECEIPTS, answers);
    if (got != code)
        fail_msg("%s: %s (%s), expected %s", name, base_code_word(got), base_detail(), base_code_word(code));
    struct crypto_hash after = world_state(&world, THERE);
    if (!crypto_hash_equal(&before, &after))
        fail_msg("%s: the store has changed", name);
    if (!world_logged(&world, "talk-failed", code))
        fail_msg("%s: not logged", name);
    node_talk_closed(said->talk, got, base_detail());
    assert_true(said->is_done);
    assert_int_equal(code, said->code);
}

static void forge_other_receipt(unsigned which, const struct said *said, struct base_buffer *answers)
{
    const struct exchange_id *there = &world.fixture.sides[THERE].party->fingerprint;
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct base_buffer twice = BASE_BUFFER_EMPTY;
    struct exchange_statement receipt = {.kind = which == 5 ? EXCHANGE_KIND_WITHDRAW : EXCHANGE_KIND_RECEIPT, .about = said->hashes[0]};
    if (which == 0)
        memset(receipt.about.bytes, 0xee, sizeof receipt.about.bytes); /* never said */
    else if (which == 1)
        receipt.about = world.scene.ask_there; /* said and receipted long ago */
    else if (which == 2)
        receipt.about = world.scene.hit_there; /* never sent */
    char here_hex[33], there_hex[33];
    exchange_id_hex(&world.fixture.sides[HERE].party->fingerprint, here_hex);
    exchange_id_hex(there, there_hex);
    world_forge_text(&world, which == 4 ? THERE : HERE, &receipt, NULL, which == 3 ? here_hex : NULL, which == 3 ? there_hex : NULL, &forged);
    uint8_t *letter = &forged.note.data[forged.note.len - 20];
    if (which == 6)
        *letter = *letter == 'A' ? 'B' : 'A';
    if (which == 7) {
        assert_ok(ledger_note_add_signature(base_bytes_buffer(&forged.note), "entente/stranger", &world.fixture.sides[HERE].party->identity, &twice));
        base_buffer_release(&forged.note);
        forged.note = twice;
    }
    assert_ok(node_receipts_put(base_bytes_buffer(&forged.note), answers));
    for (unsigned i = 1; i < 3; i++)
        put_receipt(answers, HERE, &said->hashes[i]);
    world_forged_release(&forged);
}

static void receipts_for_what_was_not_sent(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum base_code code;
    } cases[] = {
        {"for something never said", BASE_E_ORDER},      {"for something receipted long ago", BASE_E_ORDER},
        {"for something never sent", BASE_E_ORDER},      {"in the sender's own name", BASE_E_KEY},
        {"by the sender itself", BASE_E_KEY},            {"that is no receipt", BASE_E_ORDER},
        {"with a signature that is none", BASE_E_SIGNATURE}, {"with a stranger's signature beside", BASE_E_FORMAT},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct base_buffer answers = BASE_BUFFER_EMPTY;
        struct said said;
        say_three(&said);
        forge_other_receipt(i, &said, &answers);
        assert_not_taken(&said, cases[i].code, base_bytes_buffer(&answers), cases[i].name);
        base_buffer_release(&answers);
    }
}

static void receipts_in_another_order(void **state)
{
    (void)state;
    static const unsigned orders[][3] = {{1, 0, 2}, {0, 2, 1}, {2, 0, 1}, {0, 0, 2}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct base_buffer answers = BASE_BUFFER_EMPTY;
        struct said said;
        say_three(&said);
        for (unsigned k = 0; k < 3; k++)
            put_receipt(&answers, HERE, &said.hashes[orders[i][k]]);
        assert_not_taken(&said, BASE_E_ORDER, base_bytes_buffer(&answers), "in another order");
        base_buffer_release(&answers);
    }
}

static void receipts_cut_or_with_more_behind(void **state)
{
    (void)state;
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    struct said said;
    size_t len = 1; /* until the first are made */
    for (size_t cut = 0; cut < len; cut += 97) {
        base_buffer_clear(&answers);
        say_three(&said);
        good_receipts(&said, &answers);
        len = answers.len;
        assert_not_taken(&said, BASE_E_TRUNCATED, base_bytes_of(answers.data, cut), "cut");
    }
    base_buffer_clear(&answers);
    say_three(&said);
    good_receipts(&said, &answers);
    assert_ok(base_put_u8(&answers, 1));
    assert_not_taken(&said, BASE_E_TRAILING, base_bytes_buffer(&answers), "with more behind");
    say_three(&said);
    assert_not_taken(&said, BASE_E_FORMAT, base_bytes_text("\2"), "neither a receipt nor a refusal");
    base_buffer_release(&answers);
}

static uint64_t waiting(void)
{
    uint64_t count;
    assert_ok(store_outbox_count(world.nodes[THERE].party->store, world.compartment.bytes, &count));
    return count;
}

/* Taken once; the same frame again answers nothing. */
static void receipts_that_come_again(void **state)
{
    (void)state;
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    struct said said;
    say_three(&said);
    good_receipts(&said, &answers);
    assert_ok(node_talk_frame(said.talk, NODE_SAY_RECEIPTS, base_bytes_buffer(&answers)));
    assert_int_equal(0, waiting());
    assert_int_equal(NODE_SAY_CHECKPOINT, world_line.kind);
    assert_not_taken(&said, BASE_E_ORDER, base_bytes_buffer(&answers), "the same frame again");

    /* and those of an earlier delivery, for a later one */
    struct crypto_hash hash;
    struct exchange_content content = world_content(EXCHANGE_KIND_ASK);
    struct exchange_statement ask = world_ask(&world);
    assert_ok(node_say_alone(&world.nodes[THERE], &world.compartment, &ask, &content, &hash));
    exchange_content_release(&content);
    said = (struct said){.is_done = false};
    said.talk = world_sync(&world, note_done, &said);
    assert_not_taken(&said, BASE_E_ORDER, base_bytes_buffer(&answers), "of an earlier delivery");
    assert_int_equal(1, waiting());
    base_buffer_release(&answers);
}

static void what_is_refused_stays_and_the_rest_goes(void **state)
{
    (void)state;
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    struct said said;
    say_three(&said);
    put_receipt(&answers, HERE, &said.hashes[0]);
    assert_ok(node_receipts_put_refusal(BASE_E_OVER_BUDGET, "no more \x1b[31mtoday", &answers));
    put_receipt(&answers, HERE, &said.hashes[2]);
    assert_ok(node_talk_frame(said.talk, NODE_SAY_RECEIPTS, base_bytes_buffer(&answers)));
    assert_int_equal(1, waiting());
    assert_int_equal(NODE_SAY_CHECKPOINT, world_line.kind); /* what was refused is not sent again in this talk */
    node_talk_closed(said.talk, BASE_E_CLOSED, "gone");
    assert_true(said.is_done);
    base_buffer_release(&answers);
}

static int set_up(void **state)
{
    (void)state;
    world_begin(&world);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused_does_not_stop_what_is_not),
        cmocka_unit_test(what_is_refused_costs_no_write),
        cmocka_unit_test(a_delivery_is_of_one_compartment),
        cmocka_unit_test(another_partys_compartment_is_as_if_it_were_not_there),
        cmocka_unit_test(what_is_no_delivery_ends_the_talk),
        cmocka_unit_test(what_fails_here_is_not_told),
        cmocka_unit_test(a_match_that_was_made_here_is_not_taken_as_delivered),
        cmocka_unit_test(receipts_for_what_was_not_sent),
        cmocka_unit_test(receipts_in_another_order),
        cmocka_unit_test(receipts_cut_or_with_more_behind),
        cmocka_unit_test(receipts_that_come_again),
        cmocka_unit_test(what_is_refused_stays_and_the_rest_goes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
