/* SPDX-License-Identifier: Apache-2.0
 *
 * What a peer with the right keys can try that no single statement shows: lies about time, words it has heard and denies, floods, questions
 * whose refusal would be an answer. HERE attacks.
 */
#include "exchange_world.h"

#include "store/evidence.h"

static struct world world;

static enum base_code deliver(struct exchange_statement statement, bool has_content)
{
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct exchange_content content = world_content(statement.kind);
    world_forge(&world, HERE, &statement, has_content ? &content : NULL, &forged);
    enum base_code code = world_deliver(&world, THERE, &forged);
    exchange_content_release(&content);
    world_forged_release(&forged);
    return code;
}

static bool is_awake(const struct crypto_hash *hash)
{
    struct store_alert alert = {.is_own = true};
    memcpy(alert.compartment, world.compartment.bytes, sizeof alert.compartment);
    memcpy(alert.hash, hash->bytes, sizeof alert.hash);
    assert_ok(store_alert_get(world.nodes[THERE].party->store, &alert));
    return alert.state == STORE_ALERT_AWAKE;
}

static struct exchange_statement of_alert(enum exchange_kind kind)
{
    return (struct exchange_statement){.kind = kind, .about = world.scene.alert_there};
}

/* Nobody's alert is closed before they had fifteen days to answer for it, however old the demand says it is. */
static void a_demand_dated_back_does_not_close_an_alert(void **state)
{
    (void)state;
    world_restore(&world);
    struct exchange_statement served = of_alert(EXCHANGE_KIND_SERVED);
    served.time_ms = world.now_ms - 20LL * WORLD_DAY_MS;
    assert_ok(deliver(served, false));
    assert_fails(BASE_E_RANGE, deliver(of_alert(EXCHANGE_KIND_CLOSE), false));
    world.now_ms += 14LL * WORLD_DAY_MS;
    assert_fails(BASE_E_RANGE, deliver(of_alert(EXCHANGE_KIND_CLOSE), false));
    assert_true(is_awake(&world.scene.alert_there));
    world.now_ms += 2LL * WORLD_DAY_MS; /* what it says it may say now */
    assert_ok(deliver(of_alert(EXCHANGE_KIND_CLOSE), false));
    assert_false(is_awake(&world.scene.alert_there));
}

static void renew(int64_t time_ms)
{
    struct exchange_statement renewal = of_alert(EXCHANGE_KIND_RENEW);
    renewal.time_ms = time_ms;
    renewal.due_ms = world.now_ms + 100LL * WORLD_DAY_MS;
    world_say(&world, THERE, renewal, true);
}

/* The owner has renewed it and the other has receipted that: it cannot say later that it had not heard. */
static void an_alert_that_was_justified_is_not_closed(void **state)
{
    (void)state;
    world_restore(&world);
    world_say(&world, HERE, of_alert(EXCHANGE_KIND_SERVED), false);
    world.now_ms += WORLD_DAY_MS;
    renew(0);
    world.now_ms += 20LL * WORLD_DAY_MS;
    assert_fails(BASE_E_ORDER, deliver(of_alert(EXCHANGE_KIND_CLOSE), false));
    assert_true(is_awake(&world.scene.alert_there));
}

/* Said before the renewal arrived there, and heard here behind it: taken. */
static void a_close_that_crossed_with_a_late_renewal_is_taken(void **state)
{
    (void)state;
    world_restore(&world);
    world_say(&world, HERE, of_alert(EXCHANGE_KIND_SERVED), false);
    world.now_ms += 16LL * WORLD_DAY_MS;
    struct exchange_statement closing = of_alert(EXCHANGE_KIND_CLOSE);
    closing.time_ms = world.now_ms;
    world.now_ms += WORLD_HOUR_MS;
    renew(0);
    assert_ok(deliver(closing, false));
    assert_false(is_awake(&world.scene.alert_there));
}

static void an_earlier_demand_does_not_age_a_later_one(void **state)
{
    (void)state;
    world_restore(&world);
    world_say(&world, HERE, of_alert(EXCHANGE_KIND_SERVED), false);
    world.now_ms += WORLD_DAY_MS;
    renew(0);
    world.now_ms += 20LL * WORLD_DAY_MS;
    struct exchange_statement again = of_alert(EXCHANGE_KIND_SERVED);
    again.time_ms = world.now_ms - 16LL * WORLD_DAY_MS;
    assert_ok(deliver(again, false));
    assert_fails(BASE_E_RANGE, deliver(of_alert(EXCHANGE_KIND_CLOSE), false));
    assert_true(is_awake(&world.scene.alert_there));
}

static struct exchange_statement overdue(enum exchange_duty duty, const struct crypto_hash *about, int64_t due_ms)
{
    return (struct exchange_statement){.kind = EXCHANGE_KIND_OVERDUE, .duty = duty, .about = *about, .due_ms = due_ms,
                                       .owed_by = world.fixture.sides[THERE].party->fingerprint};
}

/* What was met, and receipted as such by who now says that it was not. */
static void silence_is_not_claimed_against_a_receipt(void **state)
{
    (void)state;
    int64_t due_ms = world.saved_ms + 200LL * WORLD_DAY_MS;
    world_restore(&world);
    world_say(&world, THERE, (struct exchange_statement){.kind = EXCHANGE_KIND_FEEDBACK, .about = world.scene.answer_here}, false);
    world.now_ms += 201LL * WORLD_DAY_MS;
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ended_here, due_ms), false));
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_FEEDBACK, &world.scene.answer_here, world.saved_ms + 90LL * WORLD_DAY_MS), false));
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_CORRECTION, &world.scene.correction_here, world.saved_ms + 7LL * WORLD_DAY_MS), false));
    assert_ok(deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, due_ms), false));
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, due_ms + 1000), false));
}

static void a_date_that_was_put_off_is_not_claimed_against_a_receipt(void **state)
{
    (void)state;
    int64_t ask_ms = world.saved_ms + 200LL * WORLD_DAY_MS, alert_ms = world.saved_ms + 100LL * WORLD_DAY_MS;
    struct exchange_statement defer = {.kind = EXCHANGE_KIND_DEFER, .about = world.scene.ask_here, .due_ms = ask_ms + WORLD_DAY_MS, .reason = "time"};
    world_restore(&world);
    world.now_ms += 50LL * WORLD_DAY_MS;
    world_say(&world, THERE, defer, false);
    renew(0); /* for 100 days more */
    world.now_ms = ask_ms + 1000;
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, ask_ms), false));
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_REVIEW, &world.scene.alert_there, alert_ms), false));
    assert_ok(deliver(overdue(EXCHANGE_DUTY_REVIEW, &world.scene.alert_there, alert_ms + 50LL * WORLD_DAY_MS), false));
    world.now_ms += WORLD_DAY_MS;
    assert_ok(deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, ask_ms + WORLD_DAY_MS), false));
}

/* Said before the answer had come: true when it was said. */
static void silence_that_crossed_with_the_answer_is_taken(void **state)
{
    (void)state;
    int64_t due_ms = world.saved_ms + 200LL * WORLD_DAY_MS;
    struct exchange_statement claim = overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, due_ms);
    world_restore(&world);
    claim.time_ms = world.now_ms = due_ms + WORLD_HOUR_MS;
    world.now_ms += WORLD_HOUR_MS;
    world_say(&world, THERE, world_answer(&world.scene.ask_here), true);
    assert_ok(deliver(claim, false));
}

/* Who took the question back waits for nothing. */
static void silence_is_not_claimed_of_a_withdrawn_ask(void **state)
{
    (void)state;
    world_restore(&world);
    assert_ok(deliver((struct exchange_statement){.kind = EXCHANGE_KIND_WITHDRAW, .about = world.scene.ask_here}, false));
    world.now_ms += 201LL * WORLD_DAY_MS;
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_ANSWER, &world.scene.ask_here, world.saved_ms + 200LL * WORLD_DAY_MS), false));
}

/* The date of an earlier demand, which a renewal has answered in time. */
static void a_demand_that_was_answered_is_not_claimed_again(void **state)
{
    (void)state;
    world_restore(&world);
    int64_t first_ms = world.now_ms + 15LL * WORLD_DAY_MS;
    world_say(&world, HERE, of_alert(EXCHANGE_KIND_SERVED), false);
    world.now_ms += WORLD_DAY_MS;
    renew(0);
    world.now_ms += WORLD_DAY_MS;
    world_say(&world, HERE, of_alert(EXCHANGE_KIND_SERVED), false);
    world.now_ms += 16LL * WORLD_DAY_MS;
    assert_fails(BASE_E_ORDER, deliver(overdue(EXCHANGE_DUTY_JUSTIFY, &world.scene.alert_there, first_ms), false));
    assert_ok(deliver(overdue(EXCHANGE_DUTY_JUSTIFY, &world.scene.alert_there, first_ms + 2LL * WORLD_DAY_MS), false));
}

/* Who does not receipt a suspension has heard of it all the same, once it had the time. */
static void a_suspension_holds_without_a_receipt(void **state)
{
    (void)state;
    struct exchange_statement suspend = {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND};
    struct crypto_hash hash;
    world_restore(&world);
    assert_ok(node_say_alone(&world.nodes[THERE], &world.compartment, &suspend, NULL, &hash));
    assert_ok(deliver(world_ask(&world), true)); /* it may have crossed */
    world.now_ms += 24LL * WORLD_HOUR_MS - 1000;
    assert_ok(deliver(world_alert(&world), true));
    world.now_ms += 1000;
    assert_fails(BASE_E_SUSPENDED, deliver(world_ask(&world), true));
    assert_fails(BASE_E_SUSPENDED, deliver(world_alert(&world), true));
}

/* Steps of the database's machine that THERE's queries have taken since this was asked last. */
static int steps(void)
{
    struct store *store = world.nodes[THERE].party->store;
    int count = 0;
    for (size_t i = 0; i < store->prepared_count; i++)
        count += sqlite3_stmt_status(store->prepared[i].statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return count;
}

/* What waits to go out has no part in what comes in. */
static void a_long_outbox_does_not_slow_what_is_taken(void **state)
{
    (void)state;
    struct store *store = world.nodes[THERE].party->store;
    struct exchange_statement suspend = {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND};
    struct crypto_hash hash;
    int costs[2][2];
    for (unsigned is_long = 0; is_long < 2; is_long++) {
        world_restore(&world);
        assert_ok(store_begin(store));
        for (uint32_t i = 0; i < 3000 * is_long; i++) {
            uint8_t number[32] = {(uint8_t)i, (uint8_t)(i >> 8)};
            assert_ok(store_outbox_put(store, world.compartment.bytes, number, world.now_ms, base_bytes_text("entente/ask/v1\n")));
        }
        assert_ok(store_commit(store));
        (void)steps();
        assert_ok(deliver(world_ask(&world), true));
        costs[is_long][0] = steps();
        assert_ok(node_say_alone(&world.nodes[THERE], &world.compartment, &suspend, NULL, &hash));
        (void)steps();
        assert_ok(deliver(world_alert(&world), true));
        costs[is_long][1] = steps();
    }
    assert_true(costs[1][0] < costs[0][0] + 200);
    assert_true(costs[1][1] < costs[0][1] + 200);
}

/* Said once, a renewal of the year 9999 would answer every demand to come. */
static void a_statement_of_the_future_is_not_taken(void **state)
{
    (void)state;
    struct exchange_statement renewal = {.kind = EXCHANGE_KIND_RENEW, .about = world.scene.alert_here};
    world_restore(&world);
    renewal.time_ms = 253402300799000 - 2LL * WORLD_DAY_MS;
    renewal.due_ms = renewal.time_ms + WORLD_DAY_MS;
    assert_fails(BASE_E_RANGE, deliver(renewal, true));
    renewal.time_ms = world.now_ms + WORLD_DAY_MS + 1000;
    renewal.due_ms = renewal.time_ms + WORLD_DAY_MS;
    assert_fails(BASE_E_RANGE, deliver(renewal, true));
    renewal.time_ms -= 1000;
    assert_ok(deliver(renewal, true));
}

static void add_event(const char *name, const char *place)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct node *node = &world.nodes[THERE];
    uint64_t found = 0;
    world_person(&content, name);
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .added_ms = world.now_ms, .place = place,
                                .reference = "r-1", .content = base_bytes_buffer(&content.persons[0])};
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_event(node, &event, &found));
    assert_ok(store_commit(node->party->store));
    exchange_content_release(&content);
}

/* An alert is taken or refused for what it is. Were it refused because it met something, it would be a question that costs nothing. */
static void an_alert_that_meets_something_is_taken_like_any_other(void **state)
{
    (void)state;
    static const char json[] = "{\"entente\":{\"births\":[{\"from\":\"1961-05-23\",\"statedBy\":\"%s\"}],\"names\":[{\"kind\":\"primary\",\"script\":\"Latn\","
                               "\"text\":\"Odo Brandwyk\"}]},\"id\":\"p\",\"properties\":{\"birthDate\":[\"1961-05-23\"],\"name\":[\"Odo Brandwyk\"]},\"schema\":\"Person\"}";
    static const char place[] = "вокзал вокзал вокзал вокзал вокзал вокзал";
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer person = BASE_BUFFER_EMPTY;
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct exchange_statement alert = world_alert(&world);
    char stated_by[PEOPLE_TEXT_MAX];
    uint64_t hits;
    memset(stated_by, 'x', sizeof stated_by - 1);
    stated_by[sizeof stated_by - 1] = 0;
    world_restore(&world);
    add_event("Odo Brandwyk", place);
    assert_ok(base_buffer_format(&person, json, stated_by));
    assert_ok(exchange_content_add_person(&content, base_bytes_buffer(&person)));
    world_forge(&world, HERE, &alert, &content, &forged);
    assert_ok(world_deliver(&world, THERE, &forged));
    assert_ok(store_entries_count_kind(world.nodes[THERE].party->store, world.compartment.bytes, "hit", 0, &hits));
    assert_int_equal(2, hits); /* one is the scene's */
    world_forged_release(&forged);
    base_buffer_release(&person);
    exchange_content_release(&content);
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
        cmocka_unit_test(a_demand_dated_back_does_not_close_an_alert),
        cmocka_unit_test(an_alert_that_was_justified_is_not_closed),
        cmocka_unit_test(a_close_that_crossed_with_a_late_renewal_is_taken),
        cmocka_unit_test(an_earlier_demand_does_not_age_a_later_one),
        cmocka_unit_test(silence_is_not_claimed_against_a_receipt),
        cmocka_unit_test(a_date_that_was_put_off_is_not_claimed_against_a_receipt),
        cmocka_unit_test(silence_that_crossed_with_the_answer_is_taken),
        cmocka_unit_test(silence_is_not_claimed_of_a_withdrawn_ask),
        cmocka_unit_test(a_demand_that_was_answered_is_not_claimed_again),
        cmocka_unit_test(a_suspension_holds_without_a_receipt),
        cmocka_unit_test(a_long_outbox_does_not_slow_what_is_taken),
        cmocka_unit_test(a_statement_of_the_future_is_not_taken),
        cmocka_unit_test(an_alert_that_meets_something_is_taken_like_any_other),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
