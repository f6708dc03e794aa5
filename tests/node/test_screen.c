/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts against what is held, what comes, and what changes: each is found once, a rejected pair stays rejected until something
 * new is known, and what may not be used is not screened.
 */
#include "simulation.h"

#include "people/record.h"
#include "store/profiles.h"
#include "store/records.h"
#include "store/sql.h"

#include <stdarg.h>

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];
static struct simulation world;

static const struct simulation_odds calm = {.delay_ms = 20};

static struct node *there(void)
{
    return &world.sides[THERE].node;
}

static void deliver(void)
{
    for (unsigned i = 0; i < 3; i++) {
        simulation_tick(&world, HERE, true);
        simulation_tick(&world, THERE, true);
        simulation_run(&world, world.now_ms + 5000);
    }
}

static void person(const char *key, int16_t year, const char *document, struct base_buffer *out, const char *first, ...)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_day day = {year, 5, 17};
    va_list names;
    assert_ok(people_record_set_key(&record, base_bytes_text(key)));
    va_start(names, first);
    for (const char *name = first; name != NULL; name = va_arg(names, const char *))
        assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, base_bytes_text(name)));
    va_end(names);
    if (year != 0)
        assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    if (document != NULL)
        assert_ok(people_record_add_document(&record, base_bytes_text("passport"), base_bytes_text(document), base_bytes_text(""), base_bytes_text("")));
    assert_ok(people_record_encode(&record, out));
    people_record_release(&record);
}

/* The list of THERE becomes this one person; NULL for nobody. */
static void hold(const struct base_buffer *content)
{
    struct store *store = there()->party->store;
    struct store_import_counts counts;
    uint8_t file_hash[32] = {1};
    assert_ok(store_import_begin(store, "own", "mapped"));
    if (content != NULL)
        assert_ok(store_import_put(store, base_bytes_text("p"), base_bytes_buffer(content), world.now_ms));
    assert_ok(store_import_finish(store, "2027-01-01", file_hash, world.now_ms, &counts));
    deliver();
}

static struct crypto_hash warn(const struct base_buffer *content, unsigned tell)
{
    struct exchange_content whole = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    struct exchange_statement alert = {.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1, .tell = tell,
                                       .due_ms = world.sides[HERE].clock_ms + 300LL * 86400000};
    assert_ok(exchange_content_add_person(&whole, base_bytes_buffer(content)));
    assert_ok(node_say_alone(&world.sides[HERE].node, &compartments[0], &alert, &whole, &hash));
    exchange_content_release(&whole);
    deliver();
    return hash;
}

static void correct(const struct crypto_hash *alert, enum exchange_action action, const struct base_buffer *content)
{
    struct exchange_content whole = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement correction = {.kind = EXCHANGE_KIND_CORRECTION, .about = *alert, .action = action};
    struct crypto_hash hash;
    if (content != NULL)
        assert_ok(exchange_content_add_person(&whole, base_bytes_buffer(content)));
    snprintf(correction.reason, sizeof correction.reason, "invented");
    assert_ok(node_say_alone(&world.sides[HERE].node, &compartments[0], &correction, content == NULL ? NULL : &whole, &hash));
    exchange_content_release(&whole);
    deliver();
}

struct seen {
    unsigned count;
    int64_t number;
    enum store_finding_state state;
    char reasons[1024], news[1024];
};

static enum base_code see(void *context, const struct store_finding *finding)
{
    struct seen *seen = context;
    seen->count++;
    seen->number = finding->number;
    seen->state = finding->state;
    snprintf(seen->reasons, sizeof seen->reasons, "%s", finding->reasons);
    snprintf(seen->news, sizeof seen->news, "%s", finding->news);
    return BASE_OK;
}

static struct seen findings(void)
{
    struct seen seen = {.count = 0};
    assert_ok(store_findings_each(there()->party->store, NULL, false, see, &seen));
    return seen;
}

static uint64_t hits(void)
{
    uint64_t count;
    assert_ok(store_entries_count_kind(there()->party->store, compartments[0].bytes, "hit", 0, &count));
    return count;
}

static void judge(int64_t finding, enum exchange_verdict verdict)
{
    assert_ok(store_begin(there()->party->store));
    assert_ok(node_screen_judge(there(), finding, verdict, "looked at both", "mara"));
    assert_ok(store_commit(there()->party->store));
}

static int begin(void **state)
{
    (void)state;
    simulation_begin(&world, &made, compartments, 7, &calm);
    world.is_calm = true;
    deliver();
    return 0;
}

static int end(void **state)
{
    (void)state;
    simulation_end(&world);
    return 0;
}

static void what_is_held_and_what_comes_is_found_once(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    hold(&held);
    warn(&held, 1u << EXCHANGE_TELL_RECORD); /* held before the alert came */
    assert_int_equal(1, findings().count);
    deliver();
    hold(&held); /* the same list again */
    assert_int_equal(1, findings().count);
    assert_int_equal(1, hits());
    base_buffer_release(&held);
}

static void what_comes_after_the_alert_is_found_also_after_a_restart(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, asked = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("a", 1984, NULL, &asked, "\xd0\x9c\xd0\xb8\xd1\x80\xd0\xb5\xd0\xbb\xd0\xb0 \xd0\x9a\xd0\xbe\xd1\x81\xd1\x82\xd1\x80\xd0\xbe\xd0\xb2\xd0\xb0", NULL);
    warn(&asked, 0);
    simulation_crash(&world, THERE); /* what stood in memory is gone */
    simulation_tick(&world, THERE, true);
    assert_int_equal(0, findings().count);
    hold(&held);
    assert_int_equal(1, findings().count);
    hold(NULL); /* withdrawn, and back: the same record, the same pair */
    hold(&held);
    assert_int_equal(1, findings().count);
    assert_int_equal(1, hits());
    base_buffer_release(&held);
    base_buffer_release(&asked);
}

static void a_rejected_pair_stays_rejected_until_something_new_is_known(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, more = BASE_BUFFER_EMPTY, asked = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("a", 1984, "X7781234", &asked, "Mirela Kostrova", NULL);
    hold(&held);
    warn(&asked, 1u << EXCHANGE_TELL_RECORD);
    judge(findings().number, EXCHANGE_REJECTED);
    hold(&held);
    deliver();
    struct seen seen = findings();
    assert_int_equal(STORE_FINDING_REJECTED, seen.state);
    assert_int_equal(1, hits());
    person("p", 1984, "X7781234", &more, "Mirela Kostrova", NULL); /* the list now has a passport */
    hold(&more);
    seen = findings();
    assert_int_equal(1, seen.count);
    assert_int_equal(STORE_FINDING_OPEN, seen.state);
    assert_non_null(strstr(seen.news, "document:"));
    assert_null(strstr(seen.news, "birth:")); /* that was known */
    assert_int_equal(2, hits());
    /* Confirmed, it is not asked about again. */
    judge(seen.number, EXCHANGE_CONFIRMED);
    hold(&held);
    hold(&more);
    assert_int_equal(STORE_FINDING_CONFIRMED, findings().state);
    assert_int_equal(2, hits());
    base_buffer_release(&held);
    base_buffer_release(&more);
    base_buffer_release(&asked);
}

static void a_corrected_alert_is_held_against_everything_again(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, wrong = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("a", 1984, NULL, &wrong, "Odo Brandwyk", NULL);
    hold(&held);
    struct crypto_hash alert = warn(&wrong, 0);
    assert_int_equal(0, findings().count);
    correct(&alert, EXCHANGE_CORRECT, &held);
    assert_int_equal(1, findings().count);
    base_buffer_release(&held);
    base_buffer_release(&wrong);
}

static void what_is_restricted_or_erased_or_closed_is_not_screened(void **state)
{
    (void)state;
    static const enum exchange_action actions[] = {EXCHANGE_RESTRICT, EXCHANGE_ERASE};
    struct base_buffer held = BASE_BUFFER_EMPTY, other = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("q", 1960, NULL, &other, "Odo Brandwyk", NULL);
    for (unsigned i = 0; i < 3; i++) {
        struct crypto_hash alert = warn(i == 1 ? &other : &held, 0), hash;
        struct exchange_statement close = {.kind = EXCHANGE_KIND_CLOSE, .about = alert};
        if (i < 2)
            correct(&alert, actions[i], NULL);
        else
            assert_ok(node_say_alone(&world.sides[HERE].node, &compartments[0], &close, NULL, &hash));
        deliver();
    }
    hold(&held);
    hold(&other);
    assert_int_equal(0, hits());
    base_buffer_release(&held);
    base_buffer_release(&other);
}

static void an_erased_alert_takes_what_was_found_with_it(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    hold(&held);
    struct crypto_hash alert = warn(&held, 0);
    assert_true(strlen(findings().reasons) > 0);
    correct(&alert, EXCHANGE_ERASE, NULL);
    assert_string_equal("", findings().reasons);
    assert_int_equal(1, hits()); /* that something was found stays in the ledger */
    base_buffer_release(&held);
}

/* What stands in memory goes, and is made from the store when it is needed again. */
static void forget_memory(void)
{
    node_screen_free(there()->screen);
    there()->screen = NULL;
}

static void what_memory_has_no_room_for_is_found_all_the_same(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, other = BASE_BUFFER_EMPTY;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("q", 1960, NULL, &other, "Odo Brandwyk", NULL);
    forget_memory();
    there()->screen_memory_bytes = 1;
    hold(&held);
    warn(&other, 0);
    assert_int_equal(0, hits());
    warn(&held, 0);
    assert_int_equal(1, hits());
    forget_memory(); /* also when it is read from the store */
    warn(&held, 0);
    assert_int_equal(2, hits());
    there()->screen_memory_bytes = 0;
    base_buffer_release(&held);
    base_buffer_release(&other);
}

static enum base_code note_len(void *context, int64_t number, struct base_bytes block)
{
    (void)number;
    *(size_t *)context = block.len;
    return BASE_OK;
}

/* A block that is cut, changed or of another program is not trusted: it is made from the record again. */
static void a_damaged_profile_is_made_anew(void **state)
{
    (void)state;
    static const char *const damages[] = {"UPDATE profiles SET block=substr(block, 1, 9)", "UPDATE profiles SET block=x''",
                                          "UPDATE profiles SET block=block || x'00'", "UPDATE profiles SET block=x'ff' || substr(block, 2)"};
    struct base_buffer held = BASE_BUFFER_EMPTY;
    size_t len = 0, again = 0;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    hold(&held);
    assert_ok(store_profiles_each(there()->party->store, note_len, &len));
    assert_true(len > 0);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        there()->screen_memory_bytes = i % 2; /* also where it is read for each alert */
        assert_ok(store_script(there()->party->store, damages[i]));
        forget_memory();
        warn(&held, 0);
        assert_int_equal(i + 1, hits());
        there()->screen_memory_bytes = 0;
        forget_memory();
        deliver();
        assert_ok(store_profiles_each(there()->party->store, note_len, &again));
        assert_int_equal(len, again);
    }
    base_buffer_release(&held);
}

static void add_event(const struct base_buffer *content, const char *reference)
{
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .added_ms = world.now_ms, .place = "Dover",
                                .reference = reference, .content = base_bytes_buffer(content)};
    assert_ok(node_screen_event(there(), &event, NULL));
}

/* Memory follows the store: what a transaction took back is not there, and what it had replaced is there again. */
static void what_is_taken_back_is_not_found(void **state)
{
    (void)state;
    struct base_buffer first = BASE_BUFFER_EMPTY, second = BASE_BUFFER_EMPTY, third = BASE_BUFFER_EMPTY;
    struct store *store = there()->party->store;
    person("p", 1984, NULL, &first, "Mirela Kostrova", NULL);
    person("q", 1960, NULL, &second, "Odo Brandwyk", NULL);
    person("r", 1971, NULL, &third, "Arno Velthuisen", NULL);
    hold(&first);
    assert_ok(store_begin(store));
    add_event(&second, "e1");
    assert_ok(store_mark(store));
    add_event(&third, "e2");
    assert_ok(store_mark_undo(store));
    assert_ok(store_commit(store));
    warn(&third, 0);
    assert_int_equal(0, hits());
    warn(&second, 0);
    assert_int_equal(1, hits());
    assert_ok(store_begin(store));
    add_event(&third, "e3");
    assert_ok(node_screen_forget_events(there(), world.now_ms, 10));
    assert_ok(store_script(store, "DELETE FROM settings WHERE name='screened-to'"));
    store_rollback(store);
    warn(&third, 0);
    assert_int_equal(1, hits());
    warn(&second, 0); /* the event that was about to be forgotten */
    warn(&first, 0);
    assert_int_equal(3, hits());
    base_buffer_release(&first);
    base_buffer_release(&second);
    base_buffer_release(&third);
}

static void another_versions_profiles_are_made_anew(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, event = BASE_BUFFER_EMPTY;
    struct store *store = there()->party->store;
    uint64_t count;
    person("p", 1984, NULL, &held, "Mirela Kostrova", NULL);
    person("q", 1960, NULL, &event, "Odo Brandwyk", NULL);
    hold(&held);
    assert_ok(store_begin(store));
    add_event(&event, "e1");
    assert_ok(store_commit(store));
    assert_ok(store_script(store, "UPDATE profiles SET block=x'ff'; INSERT INTO profiles VALUES(4711, x'ff')"));
    assert_ok(store_setting_put(store, "screened-to", base_bytes_text("255 99999999999999 9")));
    forget_memory();
    warn(&held, 0);
    warn(&event, 0);
    assert_int_equal(2, hits());
    assert_ok(store_profiles_count(store, &count));
    assert_int_equal(2, count); /* what is of nothing is gone */
    base_buffer_release(&held);
    base_buffer_release(&event);
}

static void number_name(unsigned number, char out[64])
{
    static const char letters[] = "bdfgklmnprstvz";
    snprintf(out, 64, "%ca%co%ci%cun Kostrova", letters[number % 14], letters[number / 14 % 14], letters[number / 196 % 14], letters[number * 5 % 14]);
}

/* A list of some thousands is screened in pieces, with the node killed between them. */
static void a_long_list_is_screened_whole_though_the_node_dies(void **state)
{
    (void)state;
    enum { PERSONS = 2500, WARNED = 5 };
    struct store *store = there()->party->store;
    struct store_import_counts counts;
    uint8_t file_hash[32] = {1};
    uint64_t count;
    char name[64], key[16];
    assert_ok(store_import_begin(store, "own", "mapped"));
    for (unsigned i = 0; i < PERSONS; i++) {
        struct base_buffer held = BASE_BUFFER_EMPTY;
        number_name(i, name);
        snprintf(key, sizeof key, "p%u", i);
        person(key, 1984, NULL, &held, name, NULL);
        assert_ok(store_import_put(store, base_bytes_text(key), base_bytes_buffer(&held), world.now_ms));
        base_buffer_release(&held);
    }
    assert_ok(store_import_finish(store, "2027-01-01", file_hash, world.now_ms, &counts));
    for (uint64_t expected = 1000; expected <= 2000; expected += 1000) {
        assert_ok(node_screen_pending(there()));
        assert_ok(store_profiles_count(there()->party->store, &count));
        assert_int_equal(expected, count);
        simulation_crash(&world, THERE);
        while (!world.sides[THERE].is_up)
            simulation_run(&world, world.now_ms + 1000);
    }
    deliver();
    assert_ok(store_profiles_count(there()->party->store, &count));
    assert_int_equal(PERSONS, count);
    for (unsigned i = 0; i < WARNED; i++) {
        struct base_buffer asked = BASE_BUFFER_EMPTY;
        uint64_t before = hits();
        number_name(i * (PERSONS - 1) / (WARNED - 1), name);
        person("a", 1984, NULL, &asked, name, NULL);
        warn(&asked, 0);
        assert_true(hits() > before);
        base_buffer_release(&asked);
    }
}

static void a_verdict_needs_a_reason_and_a_hit(void **state)
{
    (void)state;
    assert_ok(store_begin(there()->party->store));
    assert_fails(BASE_E_NOT_FOUND, node_screen_judge(there(), 4711, EXCHANGE_CONFIRMED, "looked at both", "mara"));
    assert_fails(BASE_E_ARGUMENT, node_screen_judge(there(), 1, EXCHANGE_CONFIRMED, "x", "mara"));
    assert_fails(BASE_E_ARGUMENT, node_screen_judge(there(), 1, EXCHANGE_ASSESSED, "looked at both", "mara"));
    store_rollback(there()->party->store);
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

#define SCREEN(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCREEN(what_is_held_and_what_comes_is_found_once),
        SCREEN(what_comes_after_the_alert_is_found_also_after_a_restart),
        SCREEN(a_rejected_pair_stays_rejected_until_something_new_is_known),
        SCREEN(a_corrected_alert_is_held_against_everything_again),
        SCREEN(what_is_restricted_or_erased_or_closed_is_not_screened),
        SCREEN(an_erased_alert_takes_what_was_found_with_it),
        SCREEN(what_memory_has_no_room_for_is_found_all_the_same),
        SCREEN(a_damaged_profile_is_made_anew),
        SCREEN(what_is_taken_back_is_not_found),
        SCREEN(another_versions_profiles_are_made_anew),
        SCREEN(a_long_list_is_screened_whole_though_the_node_dies),
        SCREEN(a_verdict_needs_a_reason_and_a_hit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
