/* SPDX-License-Identifier: Apache-2.0
 *
 * Two ledgers held against each other: what was made unequal is found and named, nothing of a party's own crosses, and a peer that
 * lists what it may not, or without end, is refused with the exact error.
 */
#include "simulation.h"

#include "node/reconcile.h"
#include "people/record.h"

enum { DAY_MS = 86400000, LONG = NODE_LIST_PAGE_MAX + 100 };

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];

struct answer {
    unsigned count; /* how often it came */
    enum base_code code;
    bool is_by_peer;
    uint64_t own, theirs, counts[NODE_DIFFERENCE_COUNT];
    struct node_difference items[8];
};

static void take_answer(void *context, enum base_code code, const char *detail, bool is_by_peer, const struct node_reconciled *result)
{
    struct answer *answer = context;
    (void)detail;
    answer->count++;
    answer->code = code;
    answer->is_by_peer = is_by_peer;
    assert_true((result != NULL) == (code == BASE_OK));
    if (result == NULL)
        return;
    answer->own = result->own;
    answer->theirs = result->theirs;
    memcpy(answer->counts, result->counts, sizeof answer->counts);
    for (size_t i = 0; i < result->count && i < 8; i++)
        answer->items[i] = result->items[i];
}

static void assert_counts(const struct answer *answer, uint64_t missing_there, uint64_t missing_here, uint64_t waits_here, uint64_t waits_there)
{
    assert_int_equal(missing_there, answer->counts[NODE_MISSING_THERE]);
    assert_int_equal(missing_here, answer->counts[NODE_MISSING_HERE]);
    assert_int_equal(waits_here, answer->counts[NODE_WAITS_HERE]);
    assert_int_equal(waits_there, answer->counts[NODE_WAITS_THERE]);
}

static void begin(struct simulation *world)
{
    static const struct simulation_odds calm = {.delay_ms = 10};
    simulation_begin(world, &made, compartments, 7, &calm);
    world->is_calm = true;
}

static struct node *node_of(struct simulation *world, unsigned side)
{
    return &world->sides[side].node;
}

static struct store *store_of(struct simulation *world, unsigned side)
{
    return node_of(world, side)->party->store;
}

static void settle(struct simulation *world)
{
    for (unsigned round = 0; round < 4; round++) {
        simulation_tick(world, HERE, true);
        simulation_tick(world, THERE, true);
        simulation_run(world, world->now_ms + 60000);
    }
}

static struct answer reconcile(struct simulation *world, unsigned side)
{
    struct answer answer = {.count = 0};
    assert_ok(node_reconcile_begin(node_of(world, side), &compartments[0], take_answer, &answer));
    simulation_run(world, world->now_ms + 60000);
    assert_int_equal(1, answer.count);
    return answer;
}

static struct crypto_hash say_state(struct simulation *world, unsigned side, enum exchange_move move)
{
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_STATE, .move = move};
    struct crypto_hash hash;
    assert_ok(node_say_alone(node_of(world, side), &compartments[0], &statement, NULL, &hash));
    return hash;
}

static struct crypto_hash say_hold(struct simulation *world, unsigned side)
{
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_HOLD};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("invented")));
    assert_ok(node_say_alone(node_of(world, side), &compartments[0], &statement, &content, &hash));
    exchange_content_release(&content);
    return hash;
}

static void add_person(struct exchange_content *content)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("p")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Mirela Kostrova")));
    assert_ok(people_record_encode(&record, &json));
    assert_ok(exchange_content_add_person(content, base_bytes_buffer(&json)));
    base_buffer_release(&json);
    people_record_release(&record);
}

static struct crypto_hash say_alert(struct simulation *world, unsigned side)
{
    struct exchange_statement alert = {.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    alert.due_ms = world->sides[side].clock_ms / 1000 * 1000 + 100LL * DAY_MS;
    add_person(&content);
    assert_ok(node_say_alone(node_of(world, side), &compartments[0], &alert, &content, &hash));
    exchange_content_release(&content);
    return hash;
}

/* Removes an entry behind the store's back. */
static void lose(struct simulation *world, unsigned side, const char *kind)
{
    char sql[128];
    snprintf(sql, sizeof sql, "DELETE FROM entries WHERE kind='%s' AND compartment=x'c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0'", kind);
    assert_ok(store_script(store_of(world, side), sql));
    assert_int_equal(1, sqlite3_changes(store_of(world, side)->database));
}

static void equal_ledgers_miss_nothing(void **state)
{
    struct simulation world;
    (void)state;
    begin(&world);
    struct answer answer = reconcile(&world, HERE); /* nothing but the terms */
    assert_ok(answer.code);
    assert_int_equal(0, answer.own + answer.theirs);
    say_state(&world, HERE, EXCHANGE_SUSPEND);
    say_state(&world, THERE, EXCHANGE_SUSPEND);
    settle(&world);
    for (unsigned side = 0; side < 2; side++) {
        answer = reconcile(&world, side);
        assert_ok(answer.code);
        assert_int_equal(4, answer.own); /* two statements and two receipts */
        assert_int_equal(4, answer.theirs);
        assert_counts(&answer, 0, 0, 0, 0);
    }
    simulation_end(&world);
}

static void a_lost_entry_is_named_on_both_sides(void **state)
{
    struct simulation world;
    (void)state;
    begin(&world);
    struct crypto_hash hash = say_state(&world, HERE, EXCHANGE_SUSPEND);
    int64_t said_ms = world.sides[HERE].clock_ms;
    settle(&world);
    lose(&world, THERE, "state");
    struct answer answer = reconcile(&world, HERE);
    assert_ok(answer.code);
    assert_counts(&answer, 1, 0, 0, 0);
    assert_int_equal(NODE_MISSING_THERE, answer.items[0].where);
    assert_memory_equal(hash.bytes, answer.items[0].hash.bytes, 32);
    assert_string_equal("state", answer.items[0].kind);
    assert_int_equal(said_ms, answer.items[0].time_ms);
    answer = reconcile(&world, THERE);
    assert_counts(&answer, 0, 1, 0, 0);
    assert_int_equal(NODE_MISSING_HERE, answer.items[0].where);
    assert_memory_equal(hash.bytes, answer.items[0].hash.bytes, 32);
    assert_string_equal("", answer.items[0].kind); /* a hash tells nothing else */
    assert_int_equal(0, answer.items[0].time_ms);
    simulation_end(&world);
}

static void what_waits_is_not_missing(void **state)
{
    struct simulation world;
    (void)state;
    begin(&world);
    struct crypto_hash hash = say_state(&world, HERE, EXCHANGE_SUSPEND); /* and nobody ticks */
    struct answer answer = reconcile(&world, HERE);
    assert_counts(&answer, 0, 0, 1, 0);
    assert_memory_equal(hash.bytes, answer.items[0].hash.bytes, 32);
    assert_string_equal("state", answer.items[0].kind);
    answer = reconcile(&world, THERE);
    assert_counts(&answer, 0, 0, 0, 1);
    assert_memory_equal(hash.bytes, answer.items[0].hash.bytes, 32);
    settle(&world);
    answer = reconcile(&world, THERE);
    assert_counts(&answer, 0, 0, 0, 0);
    simulation_end(&world);
}

struct sent {
    struct base_buffer note;
    struct crypto_hash hash;
};

static enum base_code keep_sent(void *context, const struct store_outgoing *row)
{
    struct sent *sent = context;
    memcpy(sent->hash.bytes, row->hash, 32);
    return base_buffer_append(&sent->note, row->note);
}

/* As if the receipt had been lost on its way: the statement waits here, and is there. */
static void a_lost_receipt_is_named(void **state)
{
    struct simulation world;
    struct sent sent = {.note = BASE_BUFFER_EMPTY};
    (void)state;
    begin(&world);
    say_state(&world, HERE, EXCHANGE_SUSPEND);
    assert_ok(store_outbox_each(store_of(&world, HERE), compartments[0].bytes, 0, 1, keep_sent, &sent));
    settle(&world);
    lose(&world, HERE, "receipt");
    assert_ok(store_outbox_put(store_of(&world, HERE), compartments[0].bytes, sent.hash.bytes, world.now_ms, base_bytes_buffer(&sent.note)));
    struct answer answer = reconcile(&world, HERE);
    assert_counts(&answer, 0, 1, 0, 0);
    answer = reconcile(&world, THERE);
    assert_counts(&answer, 1, 0, 0, 0);
    assert_string_equal("receipt", answer.items[0].kind);
    base_buffer_release(&sent.note);
    simulation_end(&world);
}

static enum base_code count_own(void *context, const struct store_entry *entry)
{
    static const char task[] = "duty: task\n";
    ((unsigned *)context)[0] += memmem(entry->note.data, entry->note.len, task, sizeof task - 1) != NULL;
    ((unsigned *)context)[1] += strcmp(entry->kind, "hold") == 0;
    return BASE_OK;
}

/* A hold, and an alert that nobody assesses in time: neither is told, and the other party learns of neither. */
static void what_is_a_partys_own_is_not_told(void **state)
{
    struct simulation world;
    unsigned seen[2] = {0, 0};
    (void)state;
    begin(&world);
    say_alert(&world, HERE);
    settle(&world);
    say_hold(&world, THERE);
    simulation_run(&world, world.now_ms + 60LL * DAY_MS);
    settle(&world);
    assert_ok(store_entries_each(store_of(&world, THERE), compartments[0].bytes, 0, UINT64_MAX, count_own, seen));
    assert_int_equal(1, seen[0]); /* the overdue task */
    assert_int_equal(1, seen[1]);
    for (unsigned side = 0; side < 2; side++) {
        struct answer answer = reconcile(&world, side);
        assert_ok(answer.code);
        assert_int_equal(answer.own, answer.theirs);
        assert_counts(&answer, 0, 0, 0, 0);
    }
    simulation_end(&world);
}

/* More than a page, on one side only. */
static void a_long_list_comes_in_pages(void **state)
{
    struct simulation world;
    (void)state;
    begin(&world);
    struct node *node = node_of(&world, THERE);
    struct node_seat seat;
    assert_ok(node_seat_open(node->party, &compartments[0], &seat));
    assert_ok(store_begin(node->party->store));
    for (unsigned i = 0; i < LONG; i++) {
        struct exchange_statement statement;
        struct base_buffer note = BASE_BUFFER_EMPTY;
        struct crypto_hash hash;
        bool is_new;
        node_statement_begin(&seat, EXCHANGE_KIND_STATE, &node->party->fingerprint, world.now_ms, &statement);
        statement.move = EXCHANGE_SUSPEND;
        snprintf(statement.reason, sizeof statement.reason, "number %u", i);
        assert_ok(node_statement_sign(&seat, &statement, &note));
        assert_ok(node_book_append(node->party, &seat, "state", world.now_ms, base_bytes_buffer(&note), &hash, &is_new));
        base_buffer_release(&note);
    }
    assert_ok(node_book_head(node->party, &seat, world.now_ms));
    assert_ok(store_commit(node->party->store));
    node_seat_release(&seat);
    struct answer answer = reconcile(&world, HERE);
    assert_ok(answer.code);
    assert_int_equal(LONG, answer.theirs);
    assert_counts(&answer, 0, LONG, 0, 0);
    answer = reconcile(&world, THERE);
    assert_counts(&answer, LONG, 0, 0, 0);
    simulation_end(&world);
}

/* A peer of the test's own: frames go into `frames`, and what it says is put in by hand. */

struct stage {
    struct node_wire wire;
    struct simulation world;
    struct node_talk *talk;
    uint8_t kind;
    struct base_buffer frame; /* the last that the node sent */
    unsigned sent, ended;
    struct answer answer;
};

static struct stage *stage; /* the one under way: a wire has no context */

static enum base_code stage_dial(struct node_talk *talk)
{
    stage->talk = talk;
    talk->link = stage;
    return BASE_OK;
}

static enum base_code stage_send(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    (void)talk;
    stage->kind = kind;
    stage->sent++;
    base_buffer_clear(&stage->frame);
    return base_buffer_append(&stage->frame, payload);
}

static void stage_end(struct node_talk *talk, enum base_code why)
{
    (void)talk, (void)why;
    stage->ended++;
}

static void stage_begin(void)
{
    stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    begin(&stage->world);
    stage->wire = (struct node_wire){stage_dial, stage_send, stage_end};
    say_state(&stage->world, HERE, EXCHANGE_SUSPEND);
    say_state(&stage->world, THERE, EXCHANGE_SUSPEND);
    settle(&stage->world);
    stage->world.sides[HERE].node.wire = &stage->wire;
}

static void stage_close(enum base_code why)
{
    if (stage->talk != NULL)
        node_talk_closed(stage->talk, why, "");
    stage->talk = NULL;
}

static void stage_release(void)
{
    stage_close(BASE_E_CLOSED);
    base_buffer_release(&stage->frame);
    simulation_end(&stage->world);
    free(stage);
}

/* The node begins to reconcile, and has asked. */
static void stage_ask(void)
{
    struct node_list_ask ask;
    stage_close(BASE_E_CLOSED);
    stage->answer = (struct answer){.count = 0};
    stage->sent = stage->ended = 0;
    assert_ok(node_reconcile_begin(node_of(&stage->world, HERE), &compartments[0], take_answer, &stage->answer));
    assert_ok(node_talk_opened(stage->talk));
    assert_int_equal(NODE_SAY_LIST_ASK, stage->kind);
    assert_ok(node_list_ask_read(base_bytes_buffer(&stage->frame), &ask));
    assert_int_equal(0, ask.from);
}

static enum base_code hear(enum node_frame_kind kind, struct base_bytes payload)
{
    return node_talk_frame(stage->talk, (uint8_t)kind, payload);
}

static enum base_code hear_page(const struct node_list_page *page)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    assert_ok(node_list_page_write(page, &payload));
    enum base_code code = hear(NODE_SAY_LIST, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

static enum base_code add_hash(void *context, const struct store_entry *entry)
{
    struct node_list_page *page = context;
    if (entry->index > 0)
        memcpy(page->items[page->count++].hash.bytes, entry->hash, 32);
    return BASE_OK;
}

static struct node_list_page *page_new(void)
{
    struct node_list_page *page = calloc(1, sizeof *page);
    assert_non_null(page);
    assert_ok(store_entries_each(store_of(&stage->world, HERE), compartments[0].bytes, 0, UINT64_MAX, add_hash, page));
    return page;
}

/* The page is refused with exactly this, the one who waits hears it, and nothing more is asked. */
static void refuses(const struct node_list_page *page, enum base_code code)
{
    stage_ask();
    assert_fails(code, hear_page(page));
    stage_close(code);
    assert_int_equal(1, stage->answer.count);
    assert_int_equal(code, stage->answer.code);
    assert_false(stage->answer.is_by_peer);
    assert_int_equal(1, stage->sent);
}

static void a_page_that_lies_is_refused(void **state)
{
    (void)state;
    stage_begin();
    struct crypto_hash hold = say_hold(&stage->world, HERE);
    struct node_list_page *page = page_new();
    page->count--; /* the hold */
    refuses(&(struct node_list_page){.from = 1}, BASE_E_ORDER);
    page->items[page->count++] = page->items[0];
    refuses(page, BASE_E_REPLAY);
    memset(page->items[page->count - 1].hash.bytes, 0xee, 32);
    page->items[page->count] = page->items[page->count - 1];
    page->count++;
    refuses(page, BASE_E_REPLAY); /* a statement that is not here, twice */
    page->count--;
    page->items[page->count - 1].hash = hold;
    refuses(page, BASE_E_INCONSISTENT); /* it was never sent */
    page->count--;
    ledger_leaf_hash(base_bytes_text("nothing"), &page->items[0].hash);
    for (size_t i = 0; i < page->count; i++)
        page->items[i].is_waiting = true;
    refuses(page, BASE_E_INCONSISTENT); /* this party's own statements, and receipts, cannot wait there */
    free(page);
    stage_release();
}

static enum base_code first_of(void *context, const struct store_entry *entry)
{
    struct node_listed *item = context;
    memcpy(item->hash.bytes, entry->hash, 32);
    return BASE_OK;
}

static void terms_are_no_statement(void **state)
{
    struct node_list_page *page = calloc(1, sizeof *page);
    (void)state;
    stage_begin();
    assert_ok(store_entries_each(store_of(&stage->world, HERE), compartments[0].bytes, 0, 1, first_of, &page->items[0]));
    page->count = 1;
    refuses(page, BASE_E_INCONSISTENT);
    free(page);
    stage_release();
}

static void a_page_out_of_form_is_refused(void **state)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    (void)state;
    stage_begin();
    refuses(&(struct node_list_page){.has_more = true}, BASE_E_FORMAT);
    for (size_t len = 0; len < 42; len++) {
        stage_ask();
        assert_ok(base_buffer_reserve(&payload, 64));
        memset(payload.data, 0, 64);
        if (len != 9) /* a whole page of nothing */
            assert_fails(BASE_E_TRUNCATED, hear(NODE_SAY_LIST, base_bytes_of(payload.data, len)));
    }
    payload.data[8] = 2;
    stage_ask();
    assert_fails(BASE_E_FORMAT, hear(NODE_SAY_LIST, base_bytes_of(payload.data, 9)));
    payload.data[8] = 0;
    payload.data[41] = 3;
    stage_ask();
    assert_fails(BASE_E_FORMAT, hear(NODE_SAY_LIST, base_bytes_of(payload.data, 42)));
    base_buffer_release(&payload);
    size_t len = 9 + (size_t)(NODE_LIST_PAGE_MAX + 1) * 33;
    uint8_t *large = calloc(1, len);
    stage_ask();
    assert_fails(BASE_E_LIMIT, hear(NODE_SAY_LIST, base_bytes_of(large, len)));
    free(large);
    stage_ask();
    assert_fails(BASE_E_ORDER, hear(NODE_SAY_RECEIPT, base_bytes_text("")));
    stage_release();
}

static void a_list_without_end_is_ended(void **state)
{
    struct node_list_page *page = calloc(1, sizeof *page);
    enum base_code code = BASE_OK;
    (void)state;
    stage_begin();
    stage_ask();
    page->has_more = true;
    page->count = NODE_LIST_PAGE_MAX;
    for (uint32_t pages = 0; code == BASE_OK; pages++) {
        assert_true(pages <= NODE_DIFFERENCES_MAX / NODE_LIST_PAGE_MAX + 1);
        for (uint32_t i = 0; i < NODE_LIST_PAGE_MAX; i++) {
            uint32_t number = pages * NODE_LIST_PAGE_MAX + i;
            memset(page->items[i].hash.bytes, 0x55, 32);
            memcpy(page->items[i].hash.bytes, &number, sizeof number);
        }
        code = hear_page(page);
        page->from += page->count;
    }
    assert_int_equal(BASE_E_FLOOD, code);
    free(page);
    stage_release();
}

static void an_end_is_an_end(void **state)
{
    (void)state;
    stage_begin();
    struct node_list_page *page = page_new();
    stage_ask();
    assert_ok(hear_page(page));
    assert_int_equal(1, stage->answer.count);
    assert_ok(stage->answer.code);
    assert_int_equal(1, stage->ended);
    assert_fails(BASE_E_ORDER, hear_page(page));
    stage_close(BASE_E_ORDER);
    assert_int_equal(1, stage->answer.count); /* answered once */
    stage_ask();
    stage_close(BASE_E_TIMEOUT);
    assert_int_equal(BASE_E_TIMEOUT, stage->answer.code);
    stage_ask();
    stage_close(BASE_OK); /* it ended, and had not answered */
    assert_int_equal(BASE_E_CLOSED, stage->answer.code);
    struct base_buffer refusal = BASE_BUFFER_EMPTY;
    assert_ok(node_refusal_write(BASE_E_NOT_FOUND, "no", &refusal));
    stage_ask();
    assert_ok(hear(NODE_SAY_REFUSED, base_bytes_buffer(&refusal)));
    assert_int_equal(BASE_E_NOT_FOUND, stage->answer.code);
    assert_true(stage->answer.is_by_peer);
    base_buffer_release(&refusal);
    free(page);
    stage_release();
}

/* Said while the list is told: neither side misses it. */
static void what_comes_meanwhile_is_not_missing(void **state)
{
    (void)state;
    stage_begin();
    struct node_list_page *page = page_new();
    stage_ask();
    page->items[page->count++].hash = say_state(&stage->world, HERE, EXCHANGE_RESUME); /* known only now */
    say_state(&stage->world, HERE, EXCHANGE_SUSPEND);
    assert_ok(hear_page(page));
    assert_ok(stage->answer.code);
    assert_counts(&stage->answer, 0, 0, 0, 0);
    free(page);
    stage_release();
}

/* The side that is asked. */

static void peer_comes(const char *name)
{
    struct node_peer peer;
    stage_close(BASE_E_CLOSED);
    assert_ok(node_peer_by_name(store_of(&stage->world, HERE), name, &peer));
    assert_ok(node_talk_accept(node_of(&stage->world, HERE), &peer, stage, &stage->talk));
}

static enum base_code peer_asks(const struct exchange_id *compartment, uint64_t from)
{
    struct node_list_ask ask = {*compartment, from};
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    assert_ok(node_list_ask_write(&ask, &payload));
    enum base_code code = hear(NODE_SAY_LIST_ASK, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

static void peer_is_refused(const struct exchange_id *compartment, uint64_t from, enum base_code code)
{
    peer_comes("harbour");
    assert_ok(peer_asks(compartment, from));
    assert_int_equal(NODE_SAY_REFUSED, stage->kind);
    assert_fails(code, node_refusal_read(base_bytes_buffer(&stage->frame)));
}

static void a_peer_that_asks_for_what_it_may_not_is_refused(void **state)
{
    struct exchange_id unknown = {{9}};
    char sql[200];
    (void)state;
    stage_begin();
    peer_is_refused(&unknown, 0, BASE_E_NOT_FOUND);
    peer_is_refused(&compartments[0], 5, BASE_E_RANGE);
    peer_is_refused(&compartments[0], UINT64_MAX, BASE_E_RANGE);
    peer_comes("harbour");
    assert_fails(BASE_E_TRUNCATED, hear(NODE_SAY_LIST_ASK, base_bytes_text("short")));
    peer_comes("harbour");
    assert_fails(BASE_E_TRAILING, hear(NODE_SAY_LIST_ASK, base_bytes_text("a compartment of it, and more")));
    peer_comes("harbour");
    assert_ok(peer_asks(&compartments[0], 4)); /* resumed at the end */
    assert_int_equal(NODE_SAY_LIST, stage->kind);
    assert_fails(BASE_E_ORDER, peer_asks(&compartments[0], 4)); /* and it had ended */
    peer_comes("harbour");
    assert_ok(peer_asks(&compartments[0], 0));
    assert_fails(BASE_E_ORDER, hear(NODE_SAY_CHECKPOINT, base_bytes_text("")));
    /* a compartment of another party looks like none */
    snprintf(sql, sizeof sql, "UPDATE compartments SET peer=x'00112233445566778899aabbccddeeff' WHERE name='missing'");
    assert_ok(store_script(store_of(&stage->world, HERE), sql));
    peer_is_refused(&compartments[1], 0, BASE_E_NOT_FOUND);
    stage_release();
}

static void a_peer_reads_the_list_once_through(void **state)
{
    struct node_list_page *page = calloc(1, sizeof *page);
    (void)state;
    stage_begin();
    struct crypto_hash hold = say_hold(&stage->world, HERE);
    peer_comes("harbour");
    assert_ok(peer_asks(&compartments[0], 2));
    assert_ok(node_list_page_read(base_bytes_buffer(&stage->frame), page));
    assert_int_equal(2, page->from);
    assert_int_equal(2, page->count);
    assert_false(page->has_more);
    for (size_t i = 0; i < page->count; i++)
        assert_memory_not_equal(hold.bytes, page->items[i].hash.bytes, 32);
    free(page);
    stage_release();
}

static int set_up(void **state)
{
    (void)state;
    simulation_template(&made, compartments, 1798761600000 /* 2027-01-01 */);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_release(&made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_ledgers_miss_nothing),
        cmocka_unit_test(a_lost_entry_is_named_on_both_sides),
        cmocka_unit_test(what_waits_is_not_missing),
        cmocka_unit_test(a_lost_receipt_is_named),
        cmocka_unit_test(what_is_a_partys_own_is_not_told),
        cmocka_unit_test(a_long_list_comes_in_pages),
        cmocka_unit_test(a_page_that_lies_is_refused),
        cmocka_unit_test(terms_are_no_statement),
        cmocka_unit_test(a_page_out_of_form_is_refused),
        cmocka_unit_test(a_list_without_end_is_ended),
        cmocka_unit_test(an_end_is_an_end),
        cmocka_unit_test(what_comes_meanwhile_is_not_missing),
        cmocka_unit_test(a_peer_that_asks_for_what_it_may_not_is_refused),
        cmocka_unit_test(a_peer_reads_the_list_once_through),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
