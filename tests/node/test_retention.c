/* SPDX-License-Identifier: Apache-2.0
 *
 * Contents go at their time and not before, nothing that is awake, open or held goes at all, and afterwards every proof still
 * verifies: on a virtual clock, to the millisecond; with nodes that die between two batches and stores that refuse a commit.
 */
#include "simulation.h"

#include "node/retention.h"
#include "overseer.h"
#include "people/record.h"
#include "store/events.h"
#include "store/matches.h"
#include "store/profiles.h"

enum { DAYS = 30, LONGER_DAYS = 60, TICKS = 60 };
#define DAY_MS (86400000LL)

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];
static struct simulation world; /* of the test under way */

static struct node *node_of(unsigned side)
{
    return &world.sides[side].node;
}

static struct store *store_of(unsigned side)
{
    return node_of(side)->party->store;
}

static int begin(void **state)
{
    static const struct simulation_odds calm = {.delay_ms = 10};
    (void)state;
    simulation_begin(&world, &made, compartments, 11, &calm);
    world.is_calm = true;
    return 0;
}

static void settle(void)
{
    for (unsigned round = 0; round < 4; round++) {
        simulation_tick(&world, HERE, true);
        simulation_tick(&world, THERE, true);
        simulation_run(&world, world.now_ms + 60000);
    }
}

/* Whatever a test did: ledgers and the files for an overseer are sound, to this program and to the independent verifier. */
static int end(void **state)
{
    (void)state;
    settle();
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned i = 0; i < SIMULATION_COMPARTMENTS; i++) {
            struct node_compartment facts;
            struct node_ledger_facts ledger;
            char hex[33];
            exchange_id_hex(&compartments[i], hex);
            assert_ok(node_compartment_find(world.sides[side].node.party->store, hex, &facts));
            assert_ok(node_ledger_verify(world.sides[side].node.party->store, &facts, &ledger));
            assert_int_equal(ledger.entries, ledger.cosigned);
        }
    }
    overseer_check(&world.fixture, 11);
    simulation_end(&world);
    return 0;
}

static void until(int64_t time_ms)
{
    assert_true(time_ms >= world.now_ms);
    simulation_run(&world, time_ms);
}

static void add_person(struct exchange_content *content, const char *name)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_day day = {1984, 11, 2};
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("p")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(name)));
    assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    assert_ok(people_record_encode(&record, &json));
    assert_ok(exchange_content_add_person(content, base_bytes_buffer(&json)));
    base_buffer_release(&json);
    people_record_release(&record);
}

static struct crypto_hash say_in(unsigned side, unsigned compartment, struct exchange_statement statement, const char *person, bool has_content)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        assert_ok(exchange_content_set_text(&content, (enum exchange_text)i, base_bytes_text("invented")));
    if (person != NULL)
        add_person(&content, person);
    assert_ok(node_say_alone(node_of(side), &compartments[compartment], &statement, has_content ? &content : NULL, &hash));
    exchange_content_release(&content);
    return hash;
}

static struct crypto_hash say(unsigned side, struct exchange_statement statement, const char *person, bool has_content)
{
    return say_in(side, 0, statement, person, has_content);
}

static struct crypto_hash say_alert(unsigned side, unsigned compartment, const char *name)
{
    return say_in(side, compartment,
                  (struct exchange_statement){.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1, .tell = 15,
                                              .due_ms = world.now_ms / 1000 * 1000 + 300 * DAY_MS},
                  name, true);
}

static void close_alert(unsigned side, struct crypto_hash alert)
{
    say(side, (struct exchange_statement){.kind = EXCHANGE_KIND_CLOSE, .about = alert}, NULL, false);
}

static struct crypto_hash say_ask(unsigned side)
{
    return say(side, (struct exchange_statement){.kind = EXCHANGE_KIND_ASK, .urgency = EXCHANGE_NORMAL, .due_ms = world.now_ms + 9 * DAY_MS}, NULL, true);
}

static struct crypto_hash say_answer(unsigned side, struct crypto_hash ask, enum exchange_outcome outcome, unsigned feedback)
{
    return say(side, (struct exchange_statement){.kind = EXCHANGE_KIND_ANSWER, .about = ask, .outcome = outcome, .feedback = feedback}, NULL,
               outcome <= EXCHANGE_PARTLY);
}

static int64_t add_event(unsigned side, const char *name, const char *reference)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .added_ms = world.now_ms, .place = "Dover",
                                .reference = reference};
    add_person(&content, name);
    event.content = base_bytes_buffer(&content.persons[0]);
    assert_ok(store_begin(store_of(side)));
    assert_ok(node_screen_event(node_of(side), &event, NULL));
    assert_ok(store_commit(store_of(side)));
    exchange_content_release(&content);
    return event.number;
}

struct kept {
    enum store_content_state state;
    size_t bytes;
};

static enum base_code take_kept(void *context, const struct store_content *content)
{
    *(struct kept *)context = (struct kept){content->state, content->salt.len + content->content.len};
    return BASE_OK;
}

static bool is_gone_in(unsigned side, unsigned compartment, struct crypto_hash hash)
{
    struct kept kept;
    assert_ok(store_content_get(store_of(side), compartments[compartment].bytes, hash.bytes, take_kept, &kept));
    assert_true((kept.state == STORE_CONTENT_ERASED) == (kept.bytes == 0));
    return kept.state == STORE_CONTENT_ERASED;
}

static bool is_gone(unsigned side, struct crypto_hash hash)
{
    return is_gone_in(side, 0, hash);
}

static struct node_compartment facts_of(unsigned side, unsigned compartment)
{
    struct node_compartment facts;
    char hex[33];
    exchange_id_hex(&compartments[compartment], hex);
    assert_ok(node_compartment_find(store_of(side), hex, &facts));
    return facts;
}

struct found {
    struct crypto_hash items[1200];
    int64_t since_ms[1200];
    size_t count;
};

static enum base_code add_found(void *context, const struct node_compartment *compartment, const struct node_expired *expired)
{
    struct found *found = context;
    (void)compartment;
    assert_true(found->count < sizeof found->items / sizeof *found->items);
    found->since_ms[found->count] = expired->since_ms;
    found->items[found->count++] = expired->statement;
    return BASE_OK;
}

/* The whole walk through a compartment. */
static void walk(unsigned side, unsigned compartment, int64_t now_ms, bool is_dry, struct found *out)
{
    struct node_compartment facts = facts_of(side, compartment);
    struct node_retention_place place = {.has_begun = false};
    out->count = 0;
    while (!place.has_ended)
        assert_ok(node_retention_step(node_of(side), &facts, now_ms, is_dry, &place, add_found, out));
}

static size_t over_at(unsigned side, int64_t now_ms)
{
    static struct found found;
    walk(side, 0, now_ms, true, &found);
    for (size_t i = 0; i < found.count; i++) /* what is said of it is why */
        assert_true(found.since_ms[i] > 0 && found.since_ms[i] + DAYS * DAY_MS <= now_ms);
    return found.count;
}

/* From when the days of this content count. */
static int64_t since_of(unsigned side, struct crypto_hash hash, int64_t now_ms)
{
    static struct found found;
    walk(side, 0, now_ms, true, &found);
    for (size_t i = 0; i < found.count; i++)
        if (crypto_hash_equal(&found.items[i], &hash))
            return found.since_ms[i];
    return 0;
}

struct told {
    uint64_t statements, erased;
    struct base_buffer listed; /* the contents of all `retention` statements, a line a statement */
    unsigned side, compartment;
};

static enum base_code take_list(void *context, const struct store_content *content)
{
    struct told *told = context;
    struct exchange_content list;
    assert_int_equal(STORE_CONTENT_KEPT, content->state);
    assert_ok(exchange_content_decode(content->content, &list));
    assert_ok(base_buffer_format(&told->listed, "%s\n", list.texts[EXCHANGE_TEXT_TEXT]));
    exchange_content_release(&list);
    return BASE_OK;
}

static enum base_code take_told(void *context, const struct store_entry *entry)
{
    struct told *told = context;
    struct ledger_note note;
    struct exchange_statement statement;
    assert_ok(ledger_note_parse(entry->note, &note));
    assert_ok(exchange_statement_parse(note.text, &statement));
    ledger_note_release(&note);
    told->statements++;
    told->erased += statement.count;
    return store_content_get(store_of(told->side), compartments[told->compartment].bytes, entry->hash, take_list, told);
}

/* What the ledger says was erased. */
static struct told told_of(unsigned side, unsigned compartment)
{
    struct told told = {.listed = BASE_BUFFER_EMPTY, .side = side, .compartment = compartment};
    assert_ok(store_entries_each_kind(store_of(side), compartments[compartment].bytes, "retention", 0, take_told, &told));
    uint64_t lines = 0;
    for (size_t i = 0; i < told.listed.len; i++)
        lines += told.listed.data[i] == '\n';
    assert_int_equal(told.erased, lines);
    return told;
}

static void assert_told(unsigned side, uint64_t statements, uint64_t erased)
{
    struct told told = told_of(side, 0);
    assert_int_equal(statements, told.statements);
    assert_int_equal(erased, told.erased);
    base_buffer_release(&told.listed);
}

/* A whole daily run. */
static void run(unsigned side)
{
    for (unsigned i = 0; i < TICKS; i++)
        simulation_tick(&world, side, true);
}

static void an_alert_goes_days_after_it_was_closed(void **state)
{
    (void)state;
    struct crypto_hash alert = say_alert(HERE, 0, "Mirela Kostrova");
    settle();
    struct crypto_hash renewal = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_RENEW, .about = alert, .due_ms = world.now_ms / 1000 * 1000 + 200 * DAY_MS}, NULL, true);
    until(world.now_ms + 150 * DAY_MS);
    assert_int_equal(0, over_at(HERE, world.now_ms + 10000 * DAY_MS)); /* awake */
    int64_t closed_ms = world.now_ms;
    close_alert(HERE, alert);
    assert_int_equal(0, over_at(HERE, closed_ms + DAYS * DAY_MS - 1));
    assert_int_equal(2, over_at(HERE, closed_ms + DAYS * DAY_MS));
    settle();
    until(closed_ms + DAYS * DAY_MS - 1);
    run(HERE);
    assert_false(is_gone(HERE, alert) || is_gone(HERE, renewal));
    until(closed_ms + (DAYS + 1) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, alert) && is_gone(HERE, renewal));
    assert_told(HERE, 1, 2);
    run(THERE); /* each party's node for itself */
    until(world.now_ms + DAY_MS);
    run(THERE);
    assert_true(is_gone(THERE, alert) && is_gone(THERE, renewal));
}

static void an_ask_goes_days_after_it_ended(void **state)
{
    (void)state;
    struct crypto_hash ask = say_ask(HERE), silent = say_ask(HERE);
    settle();
    until(world.now_ms + 100 * DAY_MS);
    settle();
    assert_int_equal(0, over_at(HERE, world.now_ms + 1000 * DAY_MS)); /* overdue, and not ended */
    int64_t answered_ms = world.now_ms;
    struct crypto_hash answer = say_answer(THERE, ask, EXCHANGE_PARTLY, 0);
    assert_int_equal(0, over_at(THERE, answered_ms + DAYS * DAY_MS - 1));
    assert_int_equal(2, over_at(THERE, answered_ms + DAYS * DAY_MS));
    until(answered_ms + 20 * DAY_MS);
    struct crypto_hash later = say_answer(THERE, ask, EXCHANGE_ANSWERED, 0); /* and more follows: it stays its own days */
    assert_int_equal(2, over_at(THERE, answered_ms + DAYS * DAY_MS));
    assert_int_equal(3, over_at(THERE, answered_ms + (20 + DAYS) * DAY_MS));
    assert_int_equal(answered_ms, since_of(THERE, ask, answered_ms + 100 * DAY_MS));
    assert_int_equal(answered_ms + 20 * DAY_MS, since_of(THERE, later, answered_ms + 100 * DAY_MS));
    settle();
    until(answered_ms + (DAYS + 1) * DAY_MS);
    run(THERE);
    assert_true(is_gone(THERE, ask) && is_gone(THERE, answer));
    assert_false(is_gone(THERE, later));
    assert_false(is_gone(THERE, silent));
}

/* An answer that feedback is owed on is still needed, until that date has passed or feedback was given. */
static void what_is_still_to_be_done_keeps_its_content(void **state)
{
    (void)state;
    struct crypto_hash ask = say_ask(HERE);
    settle();
    struct crypto_hash answer = say_answer(THERE, ask, EXCHANGE_ANSWERED, 1);
    settle();
    assert_int_equal(1, over_at(HERE, world.now_ms + 80 * DAY_MS)); /* the ask alone */
    say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_FEEDBACK, .about = answer, .use = EXCHANGE_USEFUL}, NULL, false);
    assert_int_equal(2, over_at(HERE, world.now_ms + 80 * DAY_MS));
    until(world.now_ms + 91 * DAY_MS); /* the other side never hears of it: the date passes there */
    run(THERE);
    assert_true(is_gone(THERE, ask) && is_gone(THERE, answer));
}

static void what_is_held_stays(void **state)
{
    (void)state;
    struct crypto_hash hold = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_HOLD}, NULL, true);
    struct crypto_hash release = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_RELEASE, .about = hold}, NULL, true);
    int64_t said_ms = world.now_ms;
    assert_int_equal(0, over_at(HERE, said_ms + DAYS * DAY_MS - 1));
    assert_int_equal(1, over_at(HERE, said_ms + DAYS * DAY_MS)); /* a release belongs to nothing that ends */
    assert_int_equal(said_ms, since_of(HERE, release, said_ms + DAYS * DAY_MS));
    until(said_ms + 100 * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, release));
    assert_false(is_gone(HERE, hold));
    until(said_ms + 10000 * DAY_MS);
    run(HERE);
    assert_false(is_gone(HERE, hold));
    assert_told(HERE, 1, 1); /* and a retention's own list stays: no ledger grows by saying that it went */
}

static enum base_code take_texts(void *context, const struct store_finding *finding)
{
    *(size_t *)context += strlen(finding->reasons) + strlen(finding->news) + strlen(finding->verdict);
    return BASE_OK;
}

static size_t texts_of_findings(unsigned side)
{
    size_t texts = 0;
    assert_ok(store_findings_each(store_of(side), NULL, false, take_texts, &texts));
    return texts;
}

static enum base_code take_finding(void *context, const struct store_finding *finding)
{
    struct store_finding *out = context;
    out->number = finding->number;
    memcpy(out->judge, finding->hit.data, 32); /* a place to keep the hit */
    return BASE_OK;
}

static void judge(unsigned side, int64_t finding)
{
    assert_ok(store_begin(store_of(side)));
    assert_ok(node_screen_judge(node_of(side), finding, EXCHANGE_CONFIRMED, "the same person", "nobody"));
    assert_ok(store_commit(store_of(side)));
}

static void what_was_found_goes_with_its_alert(void **state)
{
    struct store_finding finding = {0};
    struct exchange_statement tell = {.kind = EXCHANGE_KIND_TELL};
    (void)state;
    struct crypto_hash alert = tell.about = say_alert(HERE, 0, "Mirela Kostrova");
    settle();
    add_event(THERE, "Mirela Kostrova", "e1");
    assert_ok(store_findings_each(store_of(THERE), NULL, false, take_finding, &finding));
    memcpy(tell.hit.bytes, finding.judge, 32);
    struct crypto_hash hit = tell.hit, told = say(THERE, tell, NULL, true);
    judge(THERE, finding.number);
    settle();
    until(world.now_ms + 70 * DAY_MS);
    int64_t closed_ms = world.now_ms;
    close_alert(HERE, alert);
    settle();
    assert_true(texts_of_findings(THERE) > 0);
    assert_int_equal(2, over_at(HERE, closed_ms + (DAYS + 1) * DAY_MS)); /* the alert, what was told */
    assert_int_equal(4, over_at(THERE, closed_ms + (DAYS + 1) * DAY_MS)); /* and the hit, the verdict */
    until(closed_ms + (DAYS + 2) * DAY_MS);
    run(THERE);
    assert_true(is_gone(THERE, alert) && is_gone(THERE, hit) && is_gone(THERE, told));
    assert_int_equal(0, texts_of_findings(THERE));
    assert_told(THERE, 1, 4);
    judge(THERE, finding.number); /* a word said late goes as well, in its own time */
    assert_true(texts_of_findings(THERE) > 0);
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    run(THERE);
    assert_int_equal(0, texts_of_findings(THERE));
    assert_told(THERE, 2, 5);
}

static bool is_screened(unsigned side, struct crypto_hash hash)
{
    struct store_alert alert = {.is_own = false};
    memcpy(alert.compartment, compartments[0].bytes, sizeof alert.compartment);
    memcpy(alert.hash, hash.bytes, sizeof alert.hash);
    assert_ok(store_alert_get(store_of(side), &alert));
    return alert.is_screened;
}

/* Two alerts about one person: what was found between them goes with the first that goes, whichever came first. */
static void twins(bool is_first_closed)
{
    struct crypto_hash alerts[2] = {say_alert(HERE, 0, "Mirela Kostrova"), say_alert(HERE, 0, "Kostrova Mirela")};
    struct crypto_hash closed = alerts[is_first_closed ? 0 : 1], awake = alerts[is_first_closed ? 1 : 0];
    assert_true(texts_of_findings(HERE) > 0);
    close_alert(HERE, closed);
    settle();
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, closed));
    assert_false(is_screened(HERE, closed));
    assert_int_equal(0, texts_of_findings(HERE));
    assert_true(is_screened(HERE, awake)); /* looked for on */
}

static void what_was_found_between_two_alerts_goes_with_the_first(void **state)
{
    (void)state;
    twins(true);
}

static void what_was_found_between_two_alerts_goes_with_the_second(void **state)
{
    (void)state;
    twins(false);
}

/* The persons of an alert that was corrected stand in the correction: what was found stays as long as that. */
static void a_late_correction_keeps_what_was_found(void **state)
{
    (void)state;
    struct crypto_hash alert = say_alert(HERE, 0, "Mirela Kostrova");
    say_alert(HERE, 0, "Kostrova Mirela");
    int64_t closed_ms = world.now_ms;
    close_alert(HERE, alert);
    until(closed_ms + 20 * DAY_MS);
    struct crypto_hash corrected = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = alert}, "Mirela Kostrowa", true);
    until(closed_ms + (DAYS + 1) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, alert) && !is_gone(HERE, corrected));
    assert_true(is_screened(HERE, alert) && texts_of_findings(HERE) > 0);
    until(closed_ms + (DAYS + 22) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, corrected) && !is_screened(HERE, alert));
    assert_int_equal(0, texts_of_findings(HERE));
}

static void a_correction_goes_with_what_it_corrects(void **state)
{
    (void)state;
    struct crypto_hash alert = say_alert(HERE, 0, "Mirela Kostrova"), ask = say_ask(HERE);
    settle();
    struct crypto_hash corrected = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = alert}, "Mirela Kostrowa", true);
    struct crypto_hash again = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = alert}, "Mirela Kostrova", true);
    struct crypto_hash of_ask = say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = ask}, NULL, true);
    settle();
    until(world.now_ms + 200 * DAY_MS);
    settle();
    assert_int_equal(0, over_at(HERE, world.now_ms)); /* the alert is awake, the ask not answered */
    close_alert(HERE, alert);
    assert_int_equal(3, over_at(HERE, world.now_ms + (DAYS + 1) * DAY_MS));
    assert_true(is_screened(HERE, alert));
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, alert) && is_gone(HERE, corrected) && is_gone(HERE, again));
    assert_false(is_gone(HERE, of_ask));
    assert_false(is_screened(HERE, alert));
    say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_WITHDRAW, .about = ask}, NULL, false);
    assert_int_equal(2, over_at(HERE, world.now_ms + (DAYS + 1) * DAY_MS));
}

static void what_was_restricted_goes_and_what_was_erased_is_not_counted_again(void **state)
{
    (void)state;
    struct crypto_hash restricted = say_alert(HERE, 0, "Mirela Kostrova"), erased = say_alert(HERE, 0, "Odo Brandwyk");
    say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = restricted, .action = EXCHANGE_RESTRICT}, NULL, false);
    say(HERE, (struct exchange_statement){.kind = EXCHANGE_KIND_CORRECTION, .about = erased, .action = EXCHANGE_ERASE}, NULL, false);
    close_alert(HERE, restricted);
    close_alert(HERE, erased);
    assert_true(is_gone(HERE, erased));
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, restricted));
    assert_told(HERE, 1, 1);
}

/* Closed alerts, so many that they go in several batches. */
static void say_closed(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char name[48];
        snprintf(name, sizeof name, "Person %c%c%c Invented", 'a' + (int)(i / 676), 'a' + (int)(i / 26 % 26), 'a' + (int)(i % 26));
        close_alert(HERE, say_alert(HERE, 0, name));
    }
}

static void a_dry_run_says_what_a_run_does(void **state)
{
    static struct found dry, real;
    (void)state;
    say_closed(NODE_RETENTION_BATCH + 20);
    say_alert(HERE, 0, "Mirela Kostrova");
    int64_t now_ms = world.now_ms + DAYS * DAY_MS;
    uint64_t before, after;
    assert_ok(store_entries_count(store_of(HERE), compartments[0].bytes, &before));
    walk(HERE, 0, now_ms, true, &dry);
    assert_int_equal(NODE_RETENTION_BATCH + 20, dry.count);
    assert_ok(store_entries_count(store_of(HERE), compartments[0].bytes, &after));
    assert_int_equal(before, after);
    for (size_t i = 0; i < dry.count; i++)
        assert_false(is_gone(HERE, dry.items[i]));
    walk(HERE, 0, now_ms, false, &real);
    assert_int_equal(dry.count, real.count);
    assert_memory_equal(dry.items, real.items, dry.count * sizeof *dry.items);
    for (size_t i = 0; i < real.count; i++)
        assert_true(is_gone(HERE, real.items[i]));
    assert_told(HERE, 2, real.count);
    walk(HERE, 0, now_ms, false, &real);
    assert_int_equal(0, real.count);
}

static void a_death_between_two_batches_loses_nothing(void **state)
{
    (void)state;
    say_closed(2 * NODE_RETENTION_BATCH + 50);
    settle();
    until(world.now_ms + (DAYS + 2) * DAY_MS);
    simulation_tick(&world, HERE, true); /* one batch */
    assert_told(HERE, 1, NODE_RETENTION_BATCH);
    simulation_crash(&world, HERE);
    run(HERE);
    assert_told(HERE, 3, 2 * NODE_RETENTION_BATCH + 50);
    struct told told = told_of(HERE, 0);
    assert_int_equal(0, over_at(HERE, world.now_ms));
    for (size_t i = 0; i + 65 < told.listed.len; i += 65) /* each once */
        assert_null(memmem(told.listed.data + i + 65, told.listed.len - i - 65, told.listed.data + i, 64));
    base_buffer_release(&told.listed);
}

static void a_commit_that_fails_changes_nothing_and_is_tried_again(void **state)
{
    (void)state;
    struct crypto_hash alert = say_alert(HERE, 0, "Mirela Kostrova");
    close_alert(HERE, alert);
    settle();
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    uint64_t before, after;
    assert_ok(store_entries_count(store_of(HERE), compartments[0].bytes, &before));
    assert_false(is_gone(HERE, alert));
    world.sides[HERE].is_commit_failing = true;
    for (unsigned i = 0; i < 10; i++)
        node_retention_clock(node_of(HERE));
    world.sides[HERE].is_commit_failing = false;
    assert_false(is_gone(HERE, alert));
    assert_ok(store_entries_count(store_of(HERE), compartments[0].bytes, &after));
    assert_int_equal(before, after);
    for (unsigned i = 0; i < 10; i++) /* not at once: a full disk would be asked each second */
        node_retention_clock(node_of(HERE));
    assert_false(is_gone(HERE, alert));
    until(world.now_ms + 3600000);
    for (unsigned i = 0; i < 10; i++)
        node_retention_clock(node_of(HERE));
    assert_true(is_gone(HERE, alert));
    assert_told(HERE, 1, 1);
}

static void it_runs_once_a_day_in_every_compartment(void **state)
{
    (void)state;
    struct crypto_hash one = say_alert(HERE, 0, "Mirela Kostrova"), two = say_alert(HERE, 1, "Odo Brandwyk");
    close_alert(HERE, one);
    say_in(HERE, 1, (struct exchange_statement){.kind = EXCHANGE_KIND_CLOSE, .about = two}, NULL, false);
    int64_t closed_ms = world.now_ms;
    until(closed_ms + DAYS * DAY_MS - 1000);
    run(HERE);
    until(closed_ms + DAYS * DAY_MS);
    run(HERE);
    assert_false(is_gone(HERE, one)); /* it has run today */
    simulation_crash(&world, HERE);
    run(HERE);
    assert_false(is_gone(HERE, one)); /* which a restart remembers */
    until(world.now_ms + DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, one));
    assert_false(is_gone_in(HERE, 1, two)); /* other terms */
    until(closed_ms + (LONGER_DAYS + 2) * DAY_MS);
    run(HERE);
    assert_true(is_gone_in(HERE, 1, two));
    until(world.now_ms + 10 * DAY_MS);
    one = say_alert(HERE, 0, "Arno Velthuisen");
    close_alert(HERE, one);
    assert_ok(node_retention_hurry(node_of(HERE)));
    until(world.now_ms + DAYS * DAY_MS);
    run(HERE);
    assert_true(is_gone(HERE, one));
}

static void a_clock_that_was_put_back_stops_nothing(void **state)
{
    (void)state;
    struct crypto_hash alert = say_alert(HERE, 0, "Mirela Kostrova");
    close_alert(HERE, alert);
    until(world.now_ms + (DAYS + 1) * DAY_MS);
    assert_ok(store_setting_put(store_of(HERE), "retention-ran", base_bytes_text("99999999999999")));
    run(HERE);
    assert_true(is_gone(HERE, alert));
    assert_ok(store_setting_put(store_of(HERE), "retention-ran", base_bytes_text("never")));
    simulation_crash(&world, HERE);
    alert = say_alert(THERE, 0, "Odo Brandwyk");
    run(HERE);
}

static enum base_code count_event(void *context, const struct store_event *event)
{
    (void)event;
    ++*(unsigned *)context;
    return BASE_OK;
}

static unsigned events_of(unsigned side)
{
    unsigned count = 0;
    assert_ok(store_events_each(store_of(side), 0, 100, count_event, &count));
    return count;
}

static void old_events_go_with_their_profiles(void **state)
{
    uint64_t profiles;
    (void)state;
    int64_t first = add_event(HERE, "Mirela Kostrova", "e1");
    int64_t added_ms = world.now_ms, before_ms;
    until(added_ms + DAY_MS);
    int64_t second = add_event(HERE, "Odo Brandwyk", "e2");
    assert_true(second > first);
    assert_ok(node_retention_events_before(node_of(HERE), added_ms + LONGER_DAYS * DAY_MS, &before_ms));
    assert_int_equal(added_ms, before_ms); /* by the longest terms */
    until(added_ms + LONGER_DAYS * DAY_MS - 1);
    run(HERE);
    assert_int_equal(2, events_of(HERE));
    until(world.now_ms + DAY_MS);
    run(HERE);
    assert_int_equal(1, events_of(HERE));
    until(world.now_ms + DAY_MS);
    run(HERE);
    assert_int_equal(0, events_of(HERE));
    assert_ok(store_profiles_count(store_of(HERE), &profiles));
    assert_int_equal(0, profiles);
    assert_true(add_event(HERE, "Arno Velthuisen", "e1") > second); /* a number that findings know is not given again */
}

static void events_stay_a_year_without_terms(void **state)
{
    int64_t before_ms;
    (void)state;
    assert_ok(store_script(store_of(HERE), "CREATE TEMP TABLE aside AS SELECT * FROM compartments; DELETE FROM compartments"));
    assert_ok(node_retention_events_before(node_of(HERE), world.now_ms, &before_ms));
    assert_int_equal(world.now_ms - 365 * DAY_MS, before_ms);
    assert_ok(store_script(store_of(HERE), "INSERT INTO compartments SELECT * FROM aside"));
}

static void nonces_go_when_their_offers_are_out_of_date(void **state)
{
    static const uint8_t nonce[32] = {1}, later[32] = {2};
    (void)state;
    assert_ok(store_nonce_claim(store_of(HERE), compartments[0].bytes, nonce, world.now_ms));
    run(HERE);
    until(world.now_ms + DAY_MS);
    assert_ok(store_nonce_claim(store_of(HERE), compartments[0].bytes, later, world.now_ms));
    run(HERE);
    assert_fails(BASE_E_REPLAY, store_nonce_claim(store_of(HERE), compartments[0].bytes, nonce, world.now_ms)); /* a day, and not ten minutes more */
    until(world.now_ms + DAY_MS);
    run(HERE);
    assert_fails(BASE_E_REPLAY, store_nonce_claim(store_of(HERE), compartments[0].bytes, later, world.now_ms));
    assert_ok(store_nonce_claim(store_of(HERE), compartments[0].bytes, nonce, world.now_ms));
}

static int set_up(void **state)
{
    (void)state;
    simulation_retention_days[0] = DAYS;
    simulation_retention_days[1] = LONGER_DAYS;
    simulation_template(&made, compartments, 1798761600000 /* 2027-01-01 */);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_release(&made);
    return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_alert_goes_days_after_it_was_closed),
        WORLD_TEST(an_ask_goes_days_after_it_ended),
        WORLD_TEST(what_is_still_to_be_done_keeps_its_content),
        WORLD_TEST(what_is_held_stays),
        WORLD_TEST(what_was_found_goes_with_its_alert),
        WORLD_TEST(what_was_found_between_two_alerts_goes_with_the_first),
        WORLD_TEST(what_was_found_between_two_alerts_goes_with_the_second),
        WORLD_TEST(a_late_correction_keeps_what_was_found),
        WORLD_TEST(a_correction_goes_with_what_it_corrects),
        WORLD_TEST(what_was_restricted_goes_and_what_was_erased_is_not_counted_again),
        WORLD_TEST(a_dry_run_says_what_a_run_does),
        WORLD_TEST(a_death_between_two_batches_loses_nothing),
        WORLD_TEST(a_commit_that_fails_changes_nothing_and_is_tried_again),
        WORLD_TEST(it_runs_once_a_day_in_every_compartment),
        WORLD_TEST(a_clock_that_was_put_back_stops_nothing),
        WORLD_TEST(old_events_go_with_their_profiles),
        WORLD_TEST(events_stay_a_year_without_terms),
        WORLD_TEST(nonces_go_when_their_offers_are_out_of_date),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
