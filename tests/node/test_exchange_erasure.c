/* SPDX-License-Identifier: Apache-2.0
 *
 * What is erased is gone: from the content that was sent, from what corrected it before, and from what either side made of it. Every row
 * of every table is searched for the name.
 */
#include "exchange_world.h"

static struct world world;

static const char family[] = "Marchetti";

/* The rows of a table that hold the name, in text or in bytes. */
static unsigned rows_with_name(unsigned side, const char *table)
{
    sqlite3 *database = world.nodes[side].party->store->database;
    sqlite3_stmt *rows;
    char query[64];
    unsigned count = 0;
    snprintf(query, sizeof query, "SELECT * FROM %s", table);
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(database, query, -1, &rows, NULL));
    while (sqlite3_step(rows) == SQLITE_ROW) {
        bool has_name = false;
        for (int column = 0; column < sqlite3_column_count(rows); column++) {
            const void *data = sqlite3_column_blob(rows, column);
            size_t len = (size_t)sqlite3_column_bytes(rows, column);
            has_name |= len > 0 && memmem(data, len, family, sizeof family - 1) != NULL;
        }
        count += has_name;
    }
    sqlite3_finalize(rows);
    return count;
}

static unsigned all_rows_with_name(unsigned side)
{
    sqlite3_stmt *tables;
    unsigned count = 0;
    sqlite3 *database = world.nodes[side].party->store->database;
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(database, "SELECT name FROM sqlite_master WHERE type='table'", -1, &tables, NULL));
    while (sqlite3_step(tables) == SQLITE_ROW)
        count += rows_with_name(side, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    return count;
}

static struct crypto_hash say_with(unsigned side, struct exchange_statement statement, const char *name, const char *text)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    if (name != NULL)
        world_person(&content, name);
    if (text != NULL)
        assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(text)));
    bool has_content = name != NULL || text != NULL;
    assert_ok(node_say_alone(&world.nodes[side], &world.fixture.compartment, &statement, has_content ? &content : NULL, &hash));
    exchange_content_release(&content);
    for (unsigned i = 0; i < 2; i++) {
        assert_ok(world_post(&world, side));
        assert_ok(world_post(&world, 1 - side));
    }
    return hash;
}

static enum base_code keep_number(void *context, const struct store_finding *finding)
{
    if (finding->subject == STORE_SUBJECT_EVENT)
        *(int64_t *)context = finding->number;
    return BASE_OK;
}

static void judge(enum exchange_verdict verdict, const char *reason)
{
    struct node *node = &world.nodes[THERE];
    int64_t finding = 0;
    assert_ok(store_findings_each(node->party->store, world.compartment.bytes, true, keep_number, &finding));
    assert_true(finding > 0);
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_judge(node, finding, verdict, reason, "mara"));
    assert_ok(store_commit(node->party->store));
    assert_ok(world_post(&world, THERE));
}

static void add_event(void)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct node *node = &world.nodes[THERE];
    world_person(&content, "Ysolde Marchetti");
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .place = "", .reference = "r-1",
                                .content = base_bytes_buffer(&content.persons[0])};
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_event(node, &event, NULL));
    assert_ok(store_commit(node->party->store));
    exchange_content_release(&content);
}

static struct exchange_statement correction_of(struct crypto_hash about, enum exchange_action action)
{
    return (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = about, .action = action};
}

static void an_alert_is_erased_with_all_that_came_of_it(void **state)
{
    (void)state;
    world_restore(&world);
    add_event();
    struct crypto_hash alert = say_with(HERE, world_alert(&world), "Ysolde Marchetti", "Marchetti was seen");
    judge(EXCHANGE_REJECTED, "another Marchetti");
    say_with(HERE, correction_of(alert, EXCHANGE_CORRECT), "Isolde Marchetti", NULL); /* meets the event again */
    say_with(HERE, correction_of(alert, EXCHANGE_CORRECT), "Ysolda Marchetti", "Marchetti, not Marketti");
    struct exchange_statement renewal = {.kind = EXCHANGE_KIND_RENEW, .about = alert, .due_ms = world.now_ms + 200LL * WORLD_DAY_MS};
    say_with(HERE, renewal, NULL, "Marchetti is still looked for");
    struct exchange_statement assessed = {.kind = EXCHANGE_KIND_VERDICT, .about = alert, .verdict = EXCHANGE_ASSESSED};
    say_with(THERE, assessed, NULL, "Marchetti is looked for here as well");
    assert_true(rows_with_name(THERE, "contents") > 5);
    assert_true(rows_with_name(THERE, "findings") > 0);
    say_with(HERE, correction_of(alert, EXCHANGE_ERASE), NULL, NULL);
    assert_int_equal(1, rows_with_name(THERE, "events")); /* what THERE holds itself */
    assert_int_equal(1, all_rows_with_name(THERE));
    assert_int_equal(0, all_rows_with_name(HERE));
}

/* The same person was known by another alert: what was found between the two goes, the other alert stays. */
static void what_was_found_between_two_alerts_goes_with_either(void **state)
{
    (void)state;
    world_restore(&world);
    struct crypto_hash first = say_with(HERE, world_alert(&world), "Ysolde Marchetti", NULL);
    say_with(THERE, world_alert(&world), "Ysolde Marchetti", NULL);
    assert_int_equal(1, rows_with_name(THERE, "findings"));
    say_with(HERE, correction_of(first, EXCHANGE_ERASE), NULL, NULL);
    assert_int_equal(0, rows_with_name(THERE, "findings"));
    assert_int_equal(0, rows_with_name(HERE, "findings"));
    assert_int_equal(1, all_rows_with_name(THERE)); /* the content of the other alert */
    assert_int_equal(1, all_rows_with_name(HERE));
}

/* No more than it says: of an ask its own content and its corrections. */
static void an_ask_is_erased_with_its_corrections(void **state)
{
    (void)state;
    world_restore(&world);
    struct exchange_content content = world_content(EXCHANGE_KIND_ASK);
    struct exchange_statement ask = world_ask(&world);
    struct crypto_hash hash;
    world_person(&content, "Ysolde Marchetti");
    assert_ok(node_say_alone(&world.nodes[HERE], &world.fixture.compartment, &ask, &content, &hash));
    assert_ok(world_post(&world, HERE));
    exchange_content_release(&content);
    say_with(HERE, correction_of(hash, EXCHANGE_CORRECT), "Isolde Marchetti", NULL);
    assert_int_equal(2, rows_with_name(THERE, "contents"));
    say_with(HERE, correction_of(hash, EXCHANGE_ERASE), NULL, NULL);
    assert_int_equal(0, all_rows_with_name(THERE));
    assert_int_equal(0, all_rows_with_name(HERE));
}

static enum base_code take_state(void *context, const struct store_content *content)
{
    *(enum store_content_state *)context = content->state;
    return BASE_OK;
}

static void assert_state(unsigned side, const struct crypto_hash *hash, enum store_content_state expected)
{
    enum store_content_state state = STORE_CONTENT_KEPT;
    assert_ok(store_content_get(world.nodes[side].party->store, world.compartment.bytes, hash->bytes, take_state, &state));
    assert_int_equal(expected, state);
}

/* Only the newest words are in use, and what is erased is not brought back by a milder word. */
static void what_was_corrected_is_used_no_more(void **state)
{
    (void)state;
    world_restore(&world);
    struct crypto_hash alert = say_with(HERE, world_alert(&world), "Ysolde Marchetti", NULL);
    struct crypto_hash first = say_with(HERE, correction_of(alert, EXCHANGE_CORRECT), "Isolde Marchetti", NULL);
    struct crypto_hash second = say_with(HERE, correction_of(alert, EXCHANGE_CORRECT), "Ysolda Marchetti", NULL);
    for (unsigned side = 0; side < 2; side++) {
        assert_state(side, &alert, STORE_CONTENT_RESTRICTED);
        assert_state(side, &first, STORE_CONTENT_RESTRICTED);
        assert_state(side, &second, STORE_CONTENT_KEPT);
    }
    say_with(HERE, correction_of(alert, EXCHANGE_ERASE), NULL, NULL);
    say_with(HERE, correction_of(alert, EXCHANGE_RESTRICT), NULL, NULL);
    for (unsigned side = 0; side < 2; side++) {
        assert_state(side, &alert, STORE_CONTENT_ERASED);
        assert_state(side, &first, STORE_CONTENT_ERASED);
        assert_state(side, &second, STORE_CONTENT_ERASED);
    }
}

static void a_correction_is_not_corrected_itself(void **state)
{
    (void)state;
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    world_restore(&world);
    struct crypto_hash alert = say_with(HERE, world_alert(&world), "Ysolde Marchetti", NULL);
    struct crypto_hash first = say_with(HERE, correction_of(alert, EXCHANGE_CORRECT), "Isolde Marchetti", NULL);
    struct exchange_statement again = correction_of(first, EXCHANGE_ERASE);
    world_forge(&world, HERE, &again, NULL, &forged);
    world_refused(&world, &forged, BASE_E_ORDER, "a correction of a correction");
    world_forged_release(&forged);
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
        cmocka_unit_test(an_alert_is_erased_with_all_that_came_of_it),
        cmocka_unit_test(what_was_found_between_two_alerts_goes_with_either),
        cmocka_unit_test(an_ask_is_erased_with_its_corrections),
        cmocka_unit_test(what_was_corrected_is_used_no_more),
        cmocka_unit_test(a_correction_is_not_corrected_itself),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
