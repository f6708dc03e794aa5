/* SPDX-License-Identifier: Apache-2.0
 *
 * Syncing frame by frame: two nodes, and between them this test, which carries every frame by hand (doc/spec/conversations.md 3).
 */
#include "sync_world.h"

static uint64_t waiting(unsigned compartment)
{
    uint64_t count;
    assert_ok(store_outbox_count(here()->party->store, world.compartments[compartment].bytes, &count));
    return count;
}

static uint64_t cosigned(unsigned compartment)
{
    uint64_t size;
    assert_ok(node_cosigned_size(here()->party->store, &world.compartments[compartment], &size));
    return size;
}

static void all_compartments_share_one_line(void **state)
{
    (void)state;
    begin(COMPARTMENTS);
    for (unsigned i = 0; i < COMPARTMENTS; i++)
        say(i, 1);
    node_sync_wanted(here());
    assert_int_equal(1, world.sides[HERE].dials);
    assert_int_equal(0, under_way()); /* it is not open yet */
    open_line();
    assert_int_equal(COMPARTMENTS, under_way());
    for (unsigned i = 0; i < COMPARTMENTS; i++)
        carry_delivery();
    for (unsigned i = 0; i < COMPARTMENTS; i++)
        carry_checkpoint();
    for (unsigned i = 0; i < COMPARTMENTS; i++) {
        assert_int_equal(0, waiting(i));
        assert_int_equal(3, cosigned(i));
    }
    assert_int_equal(0, under_way());
    assert_int_equal(1, world.sides[HERE].dials);
    end();
}

static void two_deliveries_of_a_compartment_are_under_way(void **state)
{
    (void)state;
    begin(1);
    say(0, 4 * NODE_PARCELS_MAX - 3);
    node_sync_wanted(here());
    open_line();
    assert_int_equal(SYNC_FLIGHTS_MAX, under_way());
    carry_delivery();
    assert_int_equal(SYNC_FLIGHTS_MAX, under_way());
    assert_int_equal(3 * NODE_PARCELS_MAX - 3, waiting(0));
    carry_delivery();
    carry_delivery();
    carry_delivery();
    assert_int_equal(0, waiting(0));
    carry_checkpoint();
    assert_int_equal(0, under_way());
    assert_int_equal(1 + 2 * (4 * NODE_PARCELS_MAX - 3), cosigned(0));
    end();
}

struct heard {
    unsigned times;
    enum base_code code;
};

static void hear(void *context, enum base_code code, const char *detail)
{
    struct heard *heard = context;
    (void)detail;
    heard->times++;
    heard->code = code;
}

static void who_waits_hears_when_it_is_reached(void **state)
{
    struct heard delivered = {0, BASE_E_INTERNAL}, cosigned_too = delivered, later = delivered;
    (void)state;
    begin(1);
    say(0, NODE_PARCELS_MAX + 1);
    assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_COSIGNED, hear, &cosigned_too));
    assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_DELIVERED, hear, &delivered));
    open_line();
    carry_delivery();
    assert_int_equal(0, delivered.times); /* the last one is not receipted */
    carry_delivery();
    assert_int_equal(1, delivered.times);
    assert_int_equal(BASE_OK, delivered.code);
    assert_int_equal(1, under_way());
    /* While the checkpoint is under way somebody says more, and it does not wait for that. */
    say(0, 1);
    assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_DELIVERED, hear, &later));
    assert_int_equal(2, under_way());
    carry_checkpoint();
    assert_int_equal(0, cosigned_too.times); /* the ledger has grown */
    carry_delivery();
    assert_int_equal(1, later.times);
    carry_checkpoint();
    assert_int_equal(1, cosigned_too.times);
    assert_int_equal(BASE_OK, cosigned_too.code);
    assert_true(delivered.times == 1 && later.times == 1);
    end();
}

static void what_is_said_goes_out_before_the_tick(void **state)
{
    (void)state;
    begin(1);
    say(0, 1);
    node_sync_wanted(here());
    open_line();
    carry_delivery();
    say(0, 1); /* by a rule, say, while something else is under way */
    node_sync_wanted(here());
    assert_int_equal(2, under_way());
    carry_checkpoint();
    carry_delivery();
    carry_checkpoint();
    assert_int_equal(0, waiting(0));
    node_sync_wanted(here());
    assert_int_equal(0, under_way());
    end();
}

static void a_line_is_kept_for_a_while(void **state)
{
    (void)state;
    begin(1);
    for (unsigned i = 0; i < 3; i++) {
        say(0, 1);
        node_sync_wanted(here());
        assert_int_equal(1, world.sides[HERE].dials);
        if (i == 0)
            open_line();
        carry_delivery();
        carry_checkpoint();
        world.now_ms += SYNC_LINE_IDLE_MS - 1;
        node_sync_all(here());
        assert_int_equal(0, world.sides[HERE].ends);
    }
    world.now_ms++;
    node_sync_all(here());
    assert_int_equal(1, world.sides[HERE].ends);
    say(0, 1); /* the old link is not gone yet */
    node_sync_wanted(here());
    assert_int_equal(2, world.sides[HERE].dials);
    close_talk(&world.sides[HERE].dialled[0], BASE_OK);
    open_line();
    carry_delivery();
    carry_checkpoint();
    assert_int_equal(0, waiting(0));
    end();
}

/* The other node was started anew while nothing was under way. */
static void a_line_that_died_unnoticed_is_dialled_again(void **state)
{
    struct heard heard = {0, BASE_E_INTERNAL};
    (void)state;
    begin(1);
    say(0, 1);
    node_sync_wanted(here());
    open_line();
    carry_delivery();
    carry_checkpoint();
    for (unsigned is_known = 0; is_known < 2; is_known++) { /* the link takes the frame, or knows already that it has ended */
        struct node_talk *old = line();
        world.sides[HERE].is_dead = is_known == 1;
        say(0, 1);
        assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_DELIVERED, hear, &heard));
        assert_int_equal(1 - is_known, under_way());
        world.sides[HERE].taken = world.sides[HERE].count; /* lost */
        world.sides[HERE].dialled[is_known] = NULL;
        node_talk_closed(old, BASE_E_CLOSED, "reset");
        assert_int_equal(2 + is_known, world.sides[HERE].dials);
        assert_int_equal(is_known, heard.times);
        open_line();
        carry_delivery();
        assert_int_equal(1 + is_known, heard.times);
        assert_int_equal(BASE_OK, heard.code);
        carry_checkpoint();
    }
    end();
}

static void a_failure_is_tried_again_ever_more_rarely(void **state)
{
    struct heard heard = {0, BASE_OK};
    int64_t pause_ms = 2000;
    (void)state;
    begin(1);
    say(0, 1);
    assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_COSIGNED, hear, &heard));
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(i + 1, world.sides[HERE].dials);
        close_talk(&world.sides[HERE].dialled[i], BASE_E_IO);
        world.now_ms += pause_ms - 1;
        node_sync_all(here());
        assert_int_equal(i + 1, world.sides[HERE].dials);
        world.now_ms++;
        node_sync_all(here());
        pause_ms *= 2;
    }
    assert_int_equal(1, heard.times);
    assert_int_equal(BASE_E_IO, heard.code);
    open_line();
    carry_delivery();
    carry_checkpoint();
    assert_int_equal(0, waiting(0));
    end();
}

static void a_refusal_leaves_the_other_compartments(void **state)
{
    struct heard first = {0, BASE_OK}, second = {0, BASE_E_INTERNAL};
    struct base_buffer refusal = BASE_BUFFER_EMPTY;
    (void)state;
    begin(2);
    say(0, 2 * NODE_PARCELS_MAX);
    say(1, 1);
    assert_ok(node_sync_begin(here(), &world.compartments[0], NODE_SYNC_DELIVERED, hear, &first));
    assert_ok(node_sync_begin(here(), &world.compartments[1], NODE_SYNC_COSIGNED, hear, &second));
    open_line();
    assert_int_equal(3, under_way());
    struct node_talk *talk = line();
    assert_ok(node_refusal_write(BASE_E_DISK_FULL, "no room", &refusal));
    unsigned refused = 0;
    for (unsigned i = 0; i < 3; i++) {
        struct side *side = &world.sides[HERE];
        if (side->frames[side->taken].payload.len < 20000) { /* the small one */
            carry_delivery();
            continue;
        }
        next_frame(HERE, NODE_SAY_DELIVERY);
        assert_ok(node_talk_frame(talk, NODE_SAY_REFUSED, base_bytes_buffer(&refusal)));
        assert_int_equal(++refused == 2, first.times); /* nothing of it is under way any more */
    }
    assert_int_equal(BASE_E_DISK_FULL, first.code);
    assert_int_equal(2 * NODE_PARCELS_MAX, waiting(0));
    carry_checkpoint();
    assert_int_equal(1, second.times);
    assert_int_equal(BASE_OK, second.code);
    base_buffer_release(&refusal);
    end();
}

static enum base_code note_second(void *context, const struct store_outgoing *row)
{
    struct crypto_hash *hashes = context;
    hashes[0] = hashes[1];
    memcpy(hashes[1].bytes, row->hash, sizeof hashes[1].bytes);
    return BASE_OK;
}

/* One is refused when it has written already: what it wrote is taken back, and nothing of the others. */
static void a_late_refusal_is_taken_back_alone(void **state)
{
    struct crypto_hash hashes[2];
    struct store_content content = {.state = STORE_CONTENT_KEPT, .salt = base_bytes_text("x"), .content = base_bytes_text("y")};
    uint64_t entries;
    (void)state;
    begin(1);
    say(0, 3);
    struct store *there = world.sides[THERE].node.party->store;
    const uint8_t *compartment = world.compartments[0].bytes;
    assert_ok(store_outbox_each(here()->party->store, compartment, 0, 2, note_second, hashes));
    memcpy(content.hash, hashes[1].bytes, sizeof content.hash);
    assert_ok(store_content_add(there, compartment, &content)); /* a content without its statement: nothing that is said makes one */
    node_sync_wanted(here());
    open_line();
    carry_delivery();
    assert_int_equal(1, waiting(0));
    assert_ok(store_entries_count(there, compartment, &entries));
    assert_int_equal(1 + 2 * 2, entries);
    assert_fails(BASE_E_NOT_FOUND, store_entry_find(there, compartment, hashes[1].bytes, &entries));
    carry_checkpoint();
    struct node_compartment facts;
    struct node_ledger_facts ledger;
    assert_ok(node_compartment_find(there, "a", &facts));
    assert_ok(node_ledger_verify(there, &facts, &ledger));
    end();
}

/* conversations 3.6, 3.7 */
static void a_frame_must_answer_what_was_asked(void **state)
{
    struct base_bytes nothing = base_bytes_of(NULL, 0);
    (void)state;
    begin(1);
    say(0, 1);
    node_sync_wanted(here());
    open_line();
    assert_fails(BASE_E_ORDER, node_talk_frame(line(), NODE_SAY_COSIGNED, nothing));
    close_talk(&world.sides[HERE].dialled[0], BASE_E_ORDER);
    assert_int_equal(1, waiting(0));
    world.sides[HERE].taken = world.sides[HERE].count;
    world.now_ms += 2000;
    node_sync_all(here());
    open_line();
    carry_delivery();
    carry_checkpoint();
    assert_fails(BASE_E_ORDER, node_talk_frame(line(), NODE_SAY_DONE, nothing)); /* unasked */
    end();
}

static void an_older_cosignature_is_none(void **state)
{
    (void)state;
    begin(1);
    say(0, 1);
    node_sync_wanted(here());
    open_line();
    carry_delivery();
    carry_checkpoint();
    struct side *there = &world.sides[THERE];
    struct base_bytes old = base_bytes_buffer(&there->frames[there->taken - 1].payload);
    say(0, 1);
    node_sync_wanted(here());
    carry_delivery();
    next_frame(HERE, NODE_SAY_CHECKPOINT);
    assert_fails(BASE_E_INCONSISTENT, node_talk_frame(line(), NODE_SAY_COSIGNED, old));
    assert_int_equal(3, cosigned(0));
    end();
}

static int count_statement(unsigned event, void *context, void *statement, void *text)
{
    (void)event, (void)statement, (void)text;
    ++*(unsigned *)context;
    return 0;
}

/* Each second, in every node: it must cost next to nothing. */
static void a_quiet_node_looks_at_nothing(void **state)
{
    unsigned statements = 0;
    (void)state;
    begin(COMPARTMENTS);
    node_sync_all(here());
    sqlite3_trace_v2(here()->party->store->database, SQLITE_TRACE_STMT, count_statement, &statements);
    for (unsigned i = 0; i < 10; i++) {
        world.now_ms += 1000;
        node_sync_all(here());
    }
    assert_int_equal(10, statements);
    assert_int_equal(0, world.sides[HERE].dials);
    sqlite3_trace_v2(here()->party->store->database, 0, NULL, NULL);
    /* What another process puts there is seen. */
    fixture_sql(&world.fixture, HERE, "INSERT INTO outbox(compartment, hash, since_ms, note) SELECT compartment, hash, 0, note FROM entries"
                                       " WHERE number=0 LIMIT 1");
    node_sync_all(here());
    assert_int_equal(1, world.sides[HERE].dials);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_compartments_share_one_line),
        cmocka_unit_test(two_deliveries_of_a_compartment_are_under_way),
        cmocka_unit_test(who_waits_hears_when_it_is_reached),
        cmocka_unit_test(what_is_said_goes_out_before_the_tick),
        cmocka_unit_test(a_line_is_kept_for_a_while),
        cmocka_unit_test(a_line_that_died_unnoticed_is_dialled_again),
        cmocka_unit_test(a_failure_is_tried_again_ever_more_rarely),
        cmocka_unit_test(a_refusal_leaves_the_other_compartments),
        cmocka_unit_test(a_late_refusal_is_taken_back_alone),
        cmocka_unit_test(a_frame_must_answer_what_was_asked),
        cmocka_unit_test(an_older_cosignature_is_none),
        cmocka_unit_test(a_quiet_node_looks_at_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
