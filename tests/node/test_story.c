/* SPDX-License-Identifier: Apache-2.0
 *
 * What was known of Tamerlan Tsarnaev in 2011 and 2012, and what this system makes of it: eight things that must hold, replayed on a
 * virtual clock through two nodes. Each fails if the behaviour that it names is taken out. Dates and facts are those that the
 * press and published summaries report; HERE is who warns, THERE is who is warned.
 */
#include "simulation.h"

#include "people/record.h"
#include "store/events.h"

enum { DAY_MS = 86400000 };

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];
static struct simulation world;

static const struct simulation_odds calm = {.delay_ms = 50};

static int64_t at(const char *text)
{
    int64_t time_ms;
    assert_ok(base_time_parse(base_bytes_text(text), &time_ms));
    return time_ms;
}

/* What waits is delivered, receipted and cosigned. */
static void deliver(void)
{
    for (unsigned i = 0; i < 3; i++) {
        simulation_tick(&world, HERE, true);
        simulation_tick(&world, THERE, true);
        simulation_run(&world, world.now_ms + 5000);
    }
}

/* Days pass on both sides. */
static void until(const char *text)
{
    int64_t end_ms = at(text);
    while (world.now_ms < end_ms) {
        simulation_run(&world, world.now_ms + DAY_MS < end_ms ? world.now_ms + DAY_MS : end_ms);
        deliver();
    }
}

static struct store *store_of(unsigned side)
{
    return world.sides[side].node.party->store;
}

struct birth {
    int16_t year;
    uint8_t month, day;
};

static void person_json(const char *const *names, const struct birth *births, size_t birth_count, struct base_buffer *out)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("person")));
    for (; *names != NULL; names++)
        assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, base_bytes_text(*names)));
    for (size_t i = 0; i < birth_count; i++) {
        struct people_day day = {births[i].year, births[i].month, births[i].day};
        assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    }
    assert_ok(people_record_encode(&record, out));
    people_record_release(&record);
}

static enum base_code say(unsigned side, unsigned compartment, struct exchange_statement *statement, const struct exchange_content *content,
                          struct crypto_hash *hash)
{
    return node_say_alone(&world.sides[side].node, &compartments[compartment], statement, content, hash);
}

static const char *const names_of_march[] = {"Царнаев Тамерлан", NULL};
static const struct birth births_of_march[] = {{1987, 10, 21}, {1988, 10, 21}};
static const char *const names_of_september[] = {"Тамерлан Царнаев", "Tamerlan Tsarnayev", NULL};

/* The warning: one page in Cyrillic, two dates of birth, both wrong; asks to be told if he travels. */
static void warn(unsigned compartment, const char *const *names, struct crypto_hash *hash)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer person = BASE_BUFFER_EMPTY;
    struct exchange_statement alert = {.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1, .tell = 1u << EXCHANGE_TELL_TRAVEL,
                                       .label = EXCHANGE_TLP_AMBER, .due_ms = world.sides[HERE].clock_ms + 365LL * DAY_MS};
    person_json(names, births_of_march, 2, &person);
    assert_ok(exchange_content_add_person(&content, base_bytes_buffer(&person)));
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("radical, may travel to join underground groups")));
    assert_ok(say(HERE, compartment, &alert, &content, hash));
    exchange_content_release(&content);
    base_buffer_release(&person);
}

/* 2012-01-21: he leaves New York for Moscow; the airline's record is misspelt, and has the true date of birth. */
static void depart(void)
{
    static const char *const names[] = {"Tamerlan Tsarnayev", NULL}; /* as the second lookout had it; passport: Tsarnaev */
    static const struct birth births[] = {{1986, 10, 21}};
    struct base_buffer person = BASE_BUFFER_EMPTY;
    struct node *node = &world.sides[THERE].node;
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .added_ms = world.now_ms, .place = "New York to Moscow",
                                .reference = "departure"};
    uint64_t found = 0;
    person_json(names, births, 1, &person);
    event.content = base_bytes_buffer(&person);
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_event(node, &event, &found));
    assert_ok(store_commit(node->party->store));
    base_buffer_release(&person);
}

struct seen {
    unsigned alerts, events;
    struct store_finding last;
    char reasons[2048];
    uint8_t hit[32];
};

static enum base_code see(void *context, const struct store_finding *finding)
{
    struct seen *seen = context;
    seen->alerts += finding->subject == STORE_SUBJECT_ALERT;
    seen->events += finding->subject == STORE_SUBJECT_EVENT;
    seen->last = *finding;
    snprintf(seen->reasons, sizeof seen->reasons, "%s", finding->reasons);
    if (finding->hit.len == sizeof seen->hit)
        memcpy(seen->hit, finding->hit.data, sizeof seen->hit);
    return BASE_OK;
}

static struct seen findings(unsigned side)
{
    struct seen seen = {.alerts = 0};
    assert_ok(store_findings_each(store_of(side), NULL, false, see, &seen));
    return seen;
}

static uint64_t count(unsigned side, unsigned compartment, const char *kind)
{
    uint64_t number;
    assert_ok(store_entries_count_kind(store_of(side), compartments[compartment].bytes, kind, 0, &number));
    return number;
}

static struct store_duty duty(unsigned side, unsigned compartment, const struct crypto_hash *about, enum exchange_duty kind, bool is_own)
{
    struct store_duty out = {.kind = kind, .is_own = is_own};
    memcpy(out.compartment, compartments[compartment].bytes, sizeof out.compartment);
    memcpy(out.about, about->bytes, sizeof out.about);
    assert_ok(store_duty_get(store_of(side), &out));
    return out;
}

static int begin(void **state)
{
    (void)state;
    simulation_begin(&world, &made, compartments, 2011, &calm);
    world.is_calm = true;
    simulation_run(&world, at("2011-03-04T09:00:00Z"));
    deliver();
    return 0;
}

static int end(void **state)
{
    (void)state;
    simulation_end(&world);
    return 0;
}

static void a1_a_warning_in_cyrillic_with_wrong_dates_meets_a_misspelt_departure(void **state)
{
    (void)state;
    struct crypto_hash alert;
    warn(0, names_of_march, &alert);
    deliver();
    until("2012-01-21T22:00:00Z");
    depart();
    struct seen seen = findings(THERE);
    assert_int_equal(1, seen.events);
    assert_int_equal(EXCHANGE_STRONG, seen.last.grade);
    assert_non_null(strstr(seen.reasons, "name:"));
    assert_non_null(strstr(seen.reasons, "1987-10-21 against 1986-10-21"));
    assert_int_equal(1, count(THERE, 0, "hit"));
    assert_int_equal(0, count(HERE, 0, "hit")); /* what was found is not told by the ledger */
}

static enum base_code collect_persons(void *context, const struct store_alert *alert)
{
    int64_t *persons = context;
    if (persons[0] < 8)
        persons[++persons[0]] = alert->person;
    return BASE_OK;
}

static void a2_the_same_person_warned_of_twice_is_offered_as_one(void **state)
{
    (void)state;
    struct crypto_hash first, second;
    int64_t persons[9] = {0};
    warn(0, names_of_march, &first);
    until("2011-09-28T09:00:00Z");
    warn(1, names_of_september, &second); /* the other desk: another compartment, another spelling */
    deliver();
    struct seen seen = findings(THERE);
    assert_int_equal(1, seen.alerts);
    assert_memory_equal(second.bytes, seen.last.alert, 32);
    assert_ok(store_alerts_each(store_of(THERE), NULL, true, collect_persons, persons));
    assert_int_equal(2, persons[0]);
    assert_int_equal(0, persons[2]); /* no second person exists while nobody has decided */
    assert_ok(store_begin(store_of(THERE)));
    assert_ok(node_screen_judge(&world.sides[THERE].node, seen.last.number, EXCHANGE_CONFIRMED, "the same name and dates", "analyst"));
    assert_ok(store_commit(store_of(THERE)));
    persons[0] = 0;
    assert_ok(store_alerts_each(store_of(THERE), NULL, true, collect_persons, persons));
    assert_true(persons[1] != 0 && persons[1] == persons[2]);
}

static void a3_a_warning_never_lapses_silently(void **state)
{
    (void)state;
    struct crypto_hash alert;
    warn(0, names_of_march, &alert);
    deliver();
    until("2011-11-03T09:00:00Z"); /* 122 days ahead of the review */
    assert_int_equal(0, duty(HERE, 0, &alert, EXCHANGE_DUTY_REVIEW, true).reminders);
    until("2011-11-06T09:00:00Z");
    assert_int_equal(1, duty(HERE, 0, &alert, EXCHANGE_DUTY_REVIEW, true).reminders);
    assert_int_equal(STORE_DUTY_OPEN, duty(HERE, 0, &alert, EXCHANGE_DUTY_TASK, true).state); /* asked: a task of the owner's */
    until("2012-02-04T09:00:00Z");
    assert_int_equal(3, duty(HERE, 0, &alert, EXCHANGE_DUTY_REVIEW, true).reminders);
    until("2012-03-06T09:00:00Z"); /* a year and two days: nobody has decided */
    assert_int_equal(STORE_DUTY_OVERDUE, duty(THERE, 0, &alert, EXCHANGE_DUTY_REVIEW, false).state);
    assert_int_equal(STORE_DUTY_OVERDUE, duty(HERE, 0, &alert, EXCHANGE_DUTY_REVIEW, true).state);
    assert_true(count(THERE, 0, "overdue") >= 1);
    assert_true(count(HERE, 0, "overdue") >= 1);
    /* It is awake all the same: the return of July 2012 would be seen. */
    depart();
    assert_int_equal(1, findings(THERE).events);
}

static void a4_who_asked_to_be_told_is_told_or_refused_or_both_hold_it_overdue(void **state)
{
    (void)state;
    struct crypto_hash alert, hit, hash;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    warn(0, names_of_march, &alert);
    deliver();
    until("2012-01-21T22:00:00Z");
    depart();
    memcpy(hit.bytes, findings(THERE).hit, sizeof hit.bytes);
    struct store_duty tell = duty(THERE, 0, &hit, EXCHANGE_DUTY_TELL, true);
    assert_int_equal(STORE_DUTY_OPEN, tell.state);
    assert_int_equal(STORE_DUTY_OPEN, duty(THERE, 0, &hit, EXCHANGE_DUTY_TASK, true).state);
    assert_true(tell.due_ms <= world.sides[THERE].clock_ms + DAY_MS);
    until("2012-01-24T09:00:00Z"); /* nobody looks */
    assert_int_equal(STORE_DUTY_OVERDUE, duty(THERE, 0, &hit, EXCHANGE_DUTY_TELL, true).state);
    assert_int_equal(STORE_DUTY_OVERDUE, duty(HERE, 0, &hit, EXCHANGE_DUTY_TELL, false).state);
    /* And told after all, it is late on both sides. */
    struct exchange_statement told = {.kind = EXCHANGE_KIND_TELL, .about = alert, .hit = hit};
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("left New York for Moscow on 2012-01-21")));
    assert_ok(say(THERE, 0, &told, &content, &hash));
    exchange_content_release(&content);
    deliver();
    assert_int_equal(STORE_DUTY_LATE, duty(THERE, 0, &hit, EXCHANGE_DUTY_TELL, true).state);
    assert_int_equal(STORE_DUTY_LATE, duty(HERE, 0, &hit, EXCHANGE_DUTY_TELL, false).state);
    assert_int_equal(1, count(HERE, 0, "tell"));
}

/* The letter: its result, and a request for more information. */
static void ask(struct crypto_hash *hash)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_ASK, .urgency = EXCHANGE_NORMAL,
                                           .due_ms = world.sides[THERE].clock_ms + 168LL * 3600000};
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_FACTS, base_bytes_text("the assessment has found nothing")));
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_REASON, base_bytes_text("more is needed to go on")));
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_LINK, base_bytes_text("the warning of 2011-03-04")));
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_USE, base_bytes_text("the assessment")));
    assert_ok(say(THERE, 0, &statement, &content, hash));
    exchange_content_release(&content);
}

static enum base_code take_overdue(void *context, const struct store_entry *entry)
{
    struct crypto_hash *hash = context;
    memcpy(hash->bytes, entry->hash, sizeof hash->bytes);
    return BASE_OK;
}

static void a5_a_request_that_is_not_answered_is_the_same_entry_in_both_records(void **state)
{
    (void)state;
    struct crypto_hash letter, here = {{0}}, there = {{0}};
    uint64_t index;
    until("2011-08-08T09:00:00Z");
    ask(&letter);
    deliver();
    until("2011-08-14T09:00:00Z");
    assert_int_equal(0, count(THERE, 0, "overdue")); /* not before its time */
    until("2011-08-17T09:00:00Z");
    assert_int_equal(STORE_DUTY_OVERDUE, duty(THERE, 0, &letter, EXCHANGE_DUTY_ANSWER, false).state);
    assert_int_equal(STORE_DUTY_OVERDUE, duty(HERE, 0, &letter, EXCHANGE_DUTY_ANSWER, true).state);
    assert_ok(store_entries_each_kind(store_of(HERE), compartments[0].bytes, "overdue", 0, take_overdue, &here));
    assert_ok(store_entries_each_kind(store_of(THERE), compartments[0].bytes, "overdue", 0, take_overdue, &there));
    assert_memory_equal(here.bytes, there.bytes, sizeof here.bytes);
    /* The receipt of the side that did not answer stands right behind it in both. */
    assert_ok(store_entry_find(store_of(HERE), compartments[0].bytes, here.bytes, &index));
    uint64_t waiting;
    assert_ok(store_outbox_count(store_of(THERE), compartments[0].bytes, &waiting));
    assert_int_equal(0, waiting);
}

static void a6_closing_an_assessment_keeps_the_warning_awake(void **state)
{
    (void)state;
    struct crypto_hash alert, hash;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    warn(0, names_of_march, &alert);
    deliver();
    until("2011-06-24T09:00:00Z");
    struct exchange_statement assessed = {.kind = EXCHANGE_KIND_VERDICT, .about = alert, .verdict = EXCHANGE_ASSESSED};
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_REASON, base_bytes_text("nothing found")));
    assert_ok(say(THERE, 0, &assessed, &content, &hash));
    exchange_content_release(&content);
    assert_true(duty(THERE, 0, &alert, EXCHANGE_DUTY_TASK, true).state == STORE_DUTY_LATE);
    /* The receiver cannot end it: that takes the owner's decision. */
    struct exchange_statement close = {.kind = EXCHANGE_KIND_CLOSE, .about = alert};
    assert_fails(BASE_E_ORDER, say(THERE, 0, &close, NULL, &hash));
    until("2012-01-21T22:00:00Z");
    depart();
    assert_int_equal(1, findings(THERE).events);
}

static void a7_the_record_verifies_and_names_nobody(void **state)
{
    (void)state;
    struct crypto_hash alert, letter;
    struct node_compartment facts;
    struct node_ledger_facts ledger;
    char hex[33];
    warn(0, names_of_march, &alert);
    deliver();
    until("2011-08-08T09:00:00Z");
    ask(&letter);
    deliver();
    until("2011-08-20T09:00:00Z");
    exchange_id_hex(&compartments[0], hex);
    for (unsigned side = 0; side < 2; side++) {
        assert_ok(node_compartment_find(store_of(side), hex, &facts));
        assert_ok(node_ledger_verify(store_of(side), &facts, &ledger));
        assert_int_equal(ledger.entries, ledger.cosigned); /* the other side has signed that nothing was taken away */
    }
}

static enum base_code search_notes(void *context, const struct store_entry *entry)
{
    const char *word = context;
    assert_null(memmem(entry->note.data, entry->note.len, word, strlen(word)));
    return BASE_OK;
}

static enum base_code check_opening(void *context, const struct store_content *content)
{
    const struct crypto_hash *committed = context;
    struct crypto_hash again;
    exchange_commit(content->salt.data, content->content, &again);
    assert_memory_equal(committed->bytes, again.bytes, sizeof again.bytes);
    assert_non_null(memmem(content->content.data, content->content.len, "intercepted", 11));
    /* And nothing else can be passed off as it. */
    exchange_commit(content->salt.data, base_bytes_text("a call that was never intercepted"), &again);
    assert_memory_not_equal(committed->bytes, again.bytes, sizeof again.bytes);
    return BASE_OK;
}

static void a8_what_was_held_and_not_shared_can_be_shown_later(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement hold = {.kind = EXCHANGE_KIND_HOLD};
    struct crypto_hash hash;
    uint64_t index, cosigned;
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("an intercepted call of 2011")));
    assert_ok(say(HERE, 0, &hold, &content, &hash));
    exchange_content_release(&content);
    until("2011-03-10T09:00:00Z");
    /* The other side has cosigned a ledger that holds it, and does not have it. */
    assert_ok(store_entry_find(store_of(HERE), compartments[0].bytes, hash.bytes, &index));
    assert_ok(node_cosigned_size(store_of(HERE), &compartments[0], &cosigned));
    assert_true(index < cosigned);
    assert_fails(BASE_E_NOT_FOUND, store_entry_find(store_of(THERE), compartments[0].bytes, hash.bytes, &index));
    assert_ok(store_entries_each(store_of(HERE), compartments[0].bytes, 0, UINT64_MAX, search_notes, (void *)(uintptr_t) "intercepted"));
    until("2013-04-20T09:00:00Z");
    assert_ok(store_content_get(store_of(HERE), compartments[0].bytes, hash.bytes, check_opening, &hold.content));
}

static int set_up(void **state)
{
    (void)state;
    simulation_template(&made, compartments, at("2011-03-04T08:00:00Z"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_release(&made);
    return 0;
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a1_a_warning_in_cyrillic_with_wrong_dates_meets_a_misspelt_departure),
        STORY(a2_the_same_person_warned_of_twice_is_offered_as_one),
        STORY(a3_a_warning_never_lapses_silently),
        STORY(a4_who_asked_to_be_told_is_told_or_refused_or_both_hold_it_overdue),
        STORY(a5_a_request_that_is_not_answered_is_the_same_entry_in_both_records),
        STORY(a6_closing_an_assessment_keeps_the_warning_awake),
        STORY(a7_the_record_verifies_and_names_nobody),
        STORY(a8_what_was_held_and_not_shared_can_be_shown_later),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
