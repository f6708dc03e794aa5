/* SPDX-License-Identifier: Apache-2.0
 *
 * A thousand schedules of loss, doubling, reordering, partition, crash, failed commits and clock skew. In each, two nodes warn, ask,
 * answer, refuse, correct, judge and fall silent; at the end both ledgers must hold the same in what was receipted, nothing
 * that was acknowledged may be gone, every duty must have ended in an outcome or in an overdue, no content may be kept whose time
 * is over, and either side, comparing with the other, must find that nothing is missing.
 *
 *     ENTENTE_SEED=N    runs that one schedule alone, as a failure prints it
 *     ENTENTE_RUNS=N    runs so many
 */
#include "overseer.h"
#include "simulation.h"

#include "base/parallel.h"
#include "node/reconcile.h"
#include "node/retention.h"
#include "people/record.h"
#include "store/events.h"

#include <sys/wait.h>

enum {
    RUNS = 1000,
    RUNS_SANITIZED = 150, /* a sanitizer makes each several times slower */
    ACTIONS = 18,         /* of both sides together */
    DAY_MS = 86400000,
    RETENTION_DAYS = 20,  /* in the second compartment: within the schedule, and more behind it */
    SAID_MAX = 256,
    QUIET_ROUNDS_MAX = 400,
    WORKERS_MAX = 16,
    OVERSEEN = 5, /* every fifth schedule is also read by the independent verifier */
};

static const char MEMORY[] = "/dev/shm";

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];

struct said {
    unsigned side, compartment;
    struct crypto_hash hash;
};

struct run {
    struct simulation world;
    uint64_t seed;
    struct said said[SAID_MAX];
    size_t said_count;
};

static uint64_t pick(struct run *run, uint64_t below)
{
    return simulation_random(&run->world, below);
}

/* What the node confirmed to its user must be there for good. */
static void note_said(struct run *run, unsigned side, unsigned compartment, enum base_code code, const struct crypto_hash *hash)
{
    if (code == BASE_OK && run->said_count < SAID_MAX)
        run->said[run->said_count++] = (struct said){side, compartment, *hash};
}

static void say(struct run *run, unsigned side, unsigned compartment, struct exchange_statement *statement,
                const struct exchange_content *content)
{
    struct crypto_hash hash;
    enum base_code code = node_say_alone(&run->world.sides[side].node, &compartments[compartment], statement, content, &hash);
    note_said(run, side, compartment, code, &hash);
}

static const char *const persons[] = {"Царнаев Тамерлан", "Tsarnaev Tamerlan", "Ysolde Marchetti", "Arno Velthuisen", "Mirela Kostrova"};

static void add_person(struct run *run, struct exchange_content *content)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_day day = {(int16_t)(1980 + pick(run, 3)), 5, 17};
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("p")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(persons[pick(run, 5)])));
    assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    assert_ok(people_record_encode(&record, &json));
    assert_ok(exchange_content_add_person(content, base_bytes_buffer(&json)));
    base_buffer_release(&json);
    people_record_release(&record);
}

static void do_alert(struct run *run, unsigned side, unsigned compartment)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement alert = {.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1, .tell = (unsigned)pick(run, 16)};
    alert.due_ms = run->world.sides[side].clock_ms / 1000 * 1000 + (int64_t)(1 + pick(run, 200)) * DAY_MS;
    add_person(run, &content);
    say(run, side, compartment, &alert, &content);
    exchange_content_release(&content);
}

static void do_ask(struct run *run, unsigned side, unsigned compartment)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement ask = {.kind = EXCHANGE_KIND_ASK, .urgency = (enum exchange_urgency)pick(run, 3), .feedback = (unsigned)pick(run, 2)};
    ask.due_ms = run->world.sides[side].clock_ms + (int64_t)(8 + pick(run, 20) * 24) * 3600000;
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        assert_ok(exchange_content_set_text(&content, (enum exchange_text)i, base_bytes_text("invented")));
    say(run, side, compartment, &ask, &content);
    exchange_content_release(&content);
}

struct choice {
    struct run *run;
    bool is_own;
    unsigned kinds; /* bits of duties */
    struct store_duty duty;
    unsigned seen;
};

static enum base_code choose_duty(void *context, const struct store_duty *duty)
{
    struct choice *choice = context;
    if (duty->is_own == choice->is_own && (choice->kinds & 1u << duty->kind) != 0 && pick(choice->run, ++choice->seen) == 0)
        choice->duty = *duty;
    return BASE_OK;
}

static bool choose(struct run *run, unsigned side, unsigned compartment, bool is_own, unsigned kinds, struct crypto_hash *about,
                   unsigned *kind)
{
    struct choice choice = {.run = run, .is_own = is_own, .kinds = kinds};
    assert_ok(store_duties_each(run->world.sides[side].node.party->store, compartments[compartment].bytes, choose_duty, &choice));
    memcpy(about->bytes, choice.duty.about, sizeof about->bytes);
    *kind = choice.duty.kind;
    return choice.seen > 0;
}

static void do_answer(struct run *run, unsigned side, unsigned compartment)
{
    static const enum exchange_kind kinds[] = {EXCHANGE_KIND_ANSWER, EXCHANGE_KIND_ANSWER, EXCHANGE_KIND_DECLINE, EXCHANGE_KIND_DEFER};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement answer = {.kind = kinds[pick(run, 4)], .outcome = (enum exchange_outcome)pick(run, 4),
                                        .feedback = (unsigned)pick(run, 2), .code = (enum exchange_code)pick(run, EXCHANGE_CODE_COUNT)};
    unsigned kind;
    if (!choose(run, side, compartment, true, 1u << EXCHANGE_DUTY_ANSWER, &answer.about, &kind))
        return;
    bool has_content = answer.kind == EXCHANGE_KIND_ANSWER && answer.outcome <= EXCHANGE_PARTLY;
    answer.due_ms = run->world.sides[side].clock_ms / 1000 * 1000 + (int64_t)(1 + pick(run, 30)) * DAY_MS;
    snprintf(answer.reason, sizeof answer.reason, "invented");
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("invented")));
    say(run, side, compartment, &answer, has_content ? &content : NULL);
    exchange_content_release(&content);
}

static void do_of_ask(struct run *run, unsigned side, unsigned compartment)
{
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_WITHDRAW};
    unsigned kind;
    if (choose(run, side, compartment, false, 1u << EXCHANGE_DUTY_ANSWER, &statement.about, &kind) && pick(run, 2) == 0)
        say(run, side, compartment, &statement, NULL);
    statement = (struct exchange_statement){.kind = EXCHANGE_KIND_FEEDBACK, .use = (enum exchange_use)pick(run, 3)};
    if (choose(run, side, compartment, true, 1u << EXCHANGE_DUTY_FEEDBACK, &statement.about, &kind))
        say(run, side, compartment, &statement, NULL);
}

static void do_of_alert(struct run *run, unsigned side, unsigned compartment)
{
    static const enum exchange_kind kinds[] = {EXCHANGE_KIND_RENEW, EXCHANGE_KIND_CLOSE, EXCHANGE_KIND_CORRECTION, EXCHANGE_KIND_RENEW};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement statement = {.kind = kinds[pick(run, 4)], .action = (enum exchange_action)pick(run, 3)};
    unsigned kind;
    bool is_own = pick(run, 3) != 0;
    if (!is_own)
        statement.kind = pick(run, 2) == 0 ? EXCHANGE_KIND_SERVED : EXCHANGE_KIND_CLOSE;
    if (!choose(run, side, compartment, is_own, 1u << EXCHANGE_DUTY_REVIEW, &statement.about, &kind))
        return;
    statement.due_ms = run->world.sides[side].clock_ms / 1000 * 1000 + (int64_t)(1 + pick(run, 200)) * DAY_MS;
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_REASON, base_bytes_text("invented")));
    add_person(run, &content);
    bool has_content = statement.kind == EXCHANGE_KIND_RENEW || (statement.kind == EXCHANGE_KIND_CORRECTION && statement.action == EXCHANGE_CORRECT);
    say(run, side, compartment, &statement, has_content ? &content : NULL);
    exchange_content_release(&content);
}

static void do_event(struct run *run, unsigned side)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct node *node = &run->world.sides[side].node;
    struct store_event event = {.kind = (unsigned)pick(run, EXCHANGE_TELL_COUNT), .happened_ms = run->world.now_ms, .added_ms = run->world.now_ms,
                                .place = "invented"};
    char reference[32];
    snprintf(reference, sizeof reference, "e%llu", (unsigned long long)pick(run, 1000000));
    event.reference = reference;
    add_person(run, &content);
    event.content = base_bytes_buffer(&content.persons[0]);
    assert_ok(store_begin(node->party->store));
    if (node_screen_event(node, &event, NULL) == BASE_OK)
        assert_ok(store_commit(node->party->store));
    store_rollback(node->party->store);
    exchange_content_release(&content);
}

static void do_tell(struct run *run, unsigned side, unsigned compartment)
{
    struct node *node = &run->world.sides[side].node;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement tell = {.kind = pick(run, 2) == 0 ? EXCHANGE_KIND_TELL : EXCHANGE_KIND_TELL_DECLINE}, hit;
    struct node_seat seat;
    unsigned kind;
    if (!choose(run, side, compartment, true, 1u << EXCHANGE_DUTY_TELL, &tell.hit, &kind))
        return;
    assert_ok(node_seat_open(node->party, &compartments[compartment], &seat));
    assert_ok(node_book_find(node->party->store, &seat, &tell.hit, &hit));
    node_seat_release(&seat);
    tell.about = hit.about;
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("invented")));
    say(run, side, compartment, &tell, tell.kind == EXCHANGE_KIND_TELL ? &content : NULL);
    exchange_content_release(&content);
}

static enum base_code keep_number(void *context, const struct store_finding *finding)
{
    *(int64_t *)context = finding->number;
    return BASE_OK;
}

static void do_judge(struct run *run, unsigned side)
{
    struct node *node = &run->world.sides[side].node;
    int64_t finding = 0;
    assert_ok(store_findings_each(node->party->store, NULL, true, keep_number, &finding));
    if (finding == 0)
        return;
    assert_ok(store_begin(node->party->store));
    if (node_screen_judge(node, finding, (enum exchange_verdict)pick(run, 3), "invented", "nobody") == BASE_OK)
        assert_ok(store_commit(node->party->store));
    store_rollback(node->party->store);
}

static void do_state(struct run *run, unsigned side, unsigned compartment)
{
    struct exchange_statement state = {.kind = EXCHANGE_KIND_STATE, .move = pick(run, 8) == 0 ? EXCHANGE_CLOSE : pick(run, 2) == 0 ? EXCHANGE_SUSPEND : EXCHANGE_RESUME};
    say(run, side, compartment, &state, NULL);
}

static void act(struct run *run)
{
    unsigned side = (unsigned)pick(run, 2), compartment = (unsigned)pick(run, SIMULATION_COMPARTMENTS);
    if (!run->world.sides[side].is_up)
        return;
    switch (pick(run, 12)) {
    case 0:
    case 1:
        do_alert(run, side, compartment);
        break;
    case 2:
    case 3:
        do_ask(run, side, compartment);
        break;
    case 4:
    case 5:
        do_answer(run, side, compartment);
        break;
    case 6:
        do_of_ask(run, side, compartment);
        break;
    case 7:
        do_of_alert(run, side, compartment);
        break;
    case 8:
        do_event(run, side);
        break;
    case 9:
        do_tell(run, side, compartment);
        break;
    case 10:
        do_judge(run, side);
        break;
    default:
        do_state(run, side, compartment);
    }
}

static void live(struct run *run)
{
    struct simulation *world = &run->world;
    for (unsigned i = 0; i < ACTIONS; i++) {
        act(run);
        for (unsigned turn = 0; turn < 3; turn++) { /* soon, and after a while */
            int64_t longest = turn == 2 ? 3 * DAY_MS : 60000;
            simulation_run(world, world->now_ms + 1 + (int64_t)pick(run, (uint64_t)longest));
            simulation_tick(world, (unsigned)pick(run, 2), false);
        }
    }
}

static enum base_code resume_one(struct run *run, unsigned side, unsigned compartment)
{
    struct exchange_statement state = {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_RESUME};
    struct crypto_hash hash;
    enum base_code code = node_say_alone(&run->world.sides[side].node, &compartments[compartment], &state, NULL, &hash);
    note_said(run, side, compartment, code, &hash);
    return code == BASE_E_STATE || code == BASE_E_EXISTS ? BASE_OK : code;
}

static uint64_t held_count(struct run *run, unsigned side, unsigned compartment)
{
    struct node *node = &run->world.sides[side].node;
    struct node_compartment facts;
    struct node_held held;
    char hex[33];
    exchange_id_hex(&compartments[compartment], hex);
    assert_ok(node_compartment_find(node->party->store, hex, &facts));
    assert_ok(node_held_find(node, &facts.id, facts.state, &held));
    uint64_t count = held.count;
    node_held_release(&held);
    return count;
}

static bool is_quiet(struct run *run)
{
    for (unsigned side = 0; side < 2; side++) {
        struct store *store = run->world.sides[side].node.party->store;
        for (unsigned i = 0; i < SIMULATION_COMPARTMENTS; i++) {
            uint64_t waiting, entries, cosigned;
            assert_ok(store_outbox_count(store, compartments[i].bytes, &waiting));
            assert_ok(store_entries_count(store, compartments[i].bytes, &entries));
            assert_ok(node_cosigned_size(store, &compartments[i], &cosigned));
            if (waiting > held_count(run, side, i) || entries != cosigned)
                return false;
        }
    }
    return true;
}

static void settle(struct run *run, const char *when)
{
    for (unsigned round = 0; round < QUIET_ROUNDS_MAX; round++) {
        for (unsigned side = 0; side < 2; side++)
            simulation_tick(&run->world, side, true);
        simulation_run(&run->world, run->world.now_ms + 300000);
        if (round > 1 && is_quiet(run))
            return;
    }
    for (unsigned side = 0; side < 2; side++)
        for (unsigned i = 0; i < SIMULATION_COMPARTMENTS; i++) {
            struct store *store = run->world.sides[side].node.party->store;
            uint64_t waiting, entries, cosigned;
            assert_ok(store_outbox_count(store, compartments[i].bytes, &waiting));
            assert_ok(store_entries_count(store, compartments[i].bytes, &entries));
            assert_ok(node_cosigned_size(store, &compartments[i], &cosigned));
            printf("# side %u compartment %u: %llu wait, %llu entries, %llu cosigned\n", side, i, (unsigned long long)waiting, (unsigned long long)entries, (unsigned long long)cosigned);
        }
    fail_msg("seed %llu: not quiet %s after %d rounds", (unsigned long long)run->seed, when, QUIET_ROUNDS_MAX);
}

/* What must hold in the end. */

struct tally {
    struct run *run;
    unsigned side, compartment;
    uint64_t statements, receipts;
};

static enum base_code check_entry(void *context, const struct store_entry *entry)
{
    struct tally *tally = context;
    struct store *other = tally->run->world.sides[1 - tally->side].node.party->store;
    const uint8_t *compartment = compartments[tally->compartment].bytes;
    enum exchange_kind kind;
    uint64_t index;
    if (entry->index == 0)
        return BASE_OK;
    assert_ok(exchange_kind_find(base_bytes_text(entry->kind), &kind));
    bool is_there = store_entry_find(other, compartment, entry->hash, &index) == BASE_OK;
    bool is_shared = exchange_kind_path(kind) == EXCHANGE_PATH_OUTBOX;
    tally->statements += is_shared && is_there;
    tally->receipts += kind == EXCHANGE_KIND_RECEIPT;
    if (kind == EXCHANGE_KIND_RECEIPT && !is_there)
        fail_msg("seed %llu: a receipt that only side %u has (entry %llu)", (unsigned long long)tally->run->seed, tally->side,
                 (unsigned long long)entry->index);
    if (!is_shared && kind != EXCHANGE_KIND_RECEIPT && is_there)
        fail_msg("seed %llu: a %s crossed", (unsigned long long)tally->run->seed, entry->kind);
    return BASE_OK;
}

static void check_ledgers(struct run *run, unsigned compartment)
{
    struct tally tallies[2];
    for (unsigned side = 0; side < 2; side++) {
        struct store *store = run->world.sides[side].node.party->store;
        struct node_compartment facts;
        struct node_ledger_facts ledger;
        char hex[33];
        tallies[side] = (struct tally){run, side, compartment, 0, 0};
        assert_ok(store_entries_each(store, compartments[compartment].bytes, 0, UINT64_MAX, check_entry, &tallies[side]));
        exchange_id_hex(&compartments[compartment], hex);
        assert_ok(node_compartment_find(store, hex, &facts));
        assert_ok(node_ledger_verify(store, &facts, &ledger));
    }
    /* Every statement that both have is receipted, once, in both. */
    assert_int_equal(tallies[HERE].statements, tallies[THERE].statements);
    assert_int_equal(tallies[HERE].receipts, tallies[THERE].receipts);
    assert_int_equal(tallies[HERE].statements, tallies[HERE].receipts);
}

static enum base_code check_duty(void *context, const struct store_duty *duty)
{
    struct tally *tally = context;
    struct simulation *world = &tally->run->world;
    struct store_duty other = *duty;
    bool is_inner = duty->kind == EXCHANGE_DUTY_TASK || duty->kind == EXCHANGE_DUTY_RECEIPT || duty->kind == EXCHANGE_DUTY_COSIGN;
    if (duty->state == STORE_DUTY_OPEN && duty->due_ms <= world->sides[tally->side].clock_ms)
        fail_msg("seed %llu: side %u has an open %s duty %lld that was due", (unsigned long long)tally->run->seed, tally->side,
                 exchange_duties.items[duty->kind], (long long)duty->number);
    if (duty->kind == EXCHANGE_DUTY_RECEIPT && duty->state == STORE_DUTY_OVERDUE && !duty->is_own)
        fail_msg("seed %llu: side %u has a gap that has not ended", (unsigned long long)tally->run->seed, tally->side);
    if (is_inner)
        return BASE_OK;
    other.is_own = !duty->is_own;
    enum base_code code = store_duty_get(world->sides[1 - tally->side].node.party->store, &other);
    if (code == BASE_E_NOT_FOUND) { /* never delivered (the compartment was closed), or a hit that its finder rejected */
        uint64_t index;
        bool is_known = store_entry_find(world->sides[1 - tally->side].node.party->store, duty->compartment, duty->about, &index) == BASE_OK;
        if (is_known || (duty->kind == EXCHANGE_DUTY_TELL && strcmp(duty->outcome, "rejected") != 0))
            fail_msg("seed %llu: only side %u knows a %s duty", (unsigned long long)tally->run->seed, tally->side, exchange_duties.items[duty->kind]);
        return BASE_OK;
    }
    if (strcmp(duty->outcome, other.outcome) != 0)
        fail_msg("seed %llu: a %s duty ended as \"%s\" on side %u and as \"%s\" on the other", (unsigned long long)tally->run->seed,
                 exchange_duties.items[duty->kind], duty->outcome, tally->side, other.outcome);
    return BASE_OK;
}

static void check_duties(struct run *run)
{
    for (unsigned side = 0; side < 2; side++) {
        struct tally tally = {.run = run, .side = side};
        assert_ok(store_duties_each(run->world.sides[side].node.party->store, NULL, check_duty, &tally));
    }
}

static void check_said(struct run *run)
{
    uint64_t index;
    for (size_t i = 0; i < run->said_count; i++)
        if (store_entry_find(run->world.sides[run->said[i].side].node.party->store, compartments[run->said[i].compartment].bytes,
                             run->said[i].hash.bytes, &index) != BASE_OK)
            fail_msg("seed %llu: something that was confirmed is gone", (unsigned long long)run->seed);
}

struct reconciled {
    struct run *run;
    unsigned side, compartment;
    bool is_closed, is_done;
};

static void check_reconciled(void *context, enum base_code code, const char *detail, bool is_by_peer, const struct node_reconciled *found)
{
    struct reconciled *reconciled = context;
    (void)is_by_peer;
    reconciled->is_done = true;
    if (code != BASE_OK)
        fail_msg("seed %llu: side %u could not reconcile: %s", (unsigned long long)reconciled->run->seed, reconciled->side, detail);
    /* What is said in a compartment that the other side has closed is refused, and stays with who said it. */
    bool is_missing = found->counts[NODE_MISSING_HERE] > 0 || found->counts[NODE_MISSING_THERE] > 0;
    if (found->conflicts > 0 || (is_missing && !reconciled->is_closed))
        fail_msg("seed %llu: side %u misses %llu, the other %llu, in compartment %u; %llu conflicts", (unsigned long long)reconciled->run->seed,
                 reconciled->side, (unsigned long long)found->counts[NODE_MISSING_HERE], (unsigned long long)found->counts[NODE_MISSING_THERE],
                 reconciled->compartment, (unsigned long long)found->conflicts);
}

/* Each side compares with the other and finds nothing missing, and nobody is accused of a second history. */
static void reconcile(struct run *run, unsigned side, unsigned compartment)
{
    struct node *node = &run->world.sides[side].node;
    struct reconciled reconciled = {.run = run, .side = side, .compartment = compartment};
    struct node_compartment facts;
    char hex[33];
    exchange_id_hex(&compartments[compartment], hex);
    assert_ok(node_compartment_find(node->party->store, hex, &facts));
    reconciled.is_closed = facts.state == EXCHANGE_CLOSED;
    assert_ok(node_reconcile_begin(node, &compartments[compartment], check_reconciled, &reconciled));
    simulation_run(&run->world, run->world.now_ms + 60000);
    assert_true(reconciled.is_done);
}

static uint64_t retained; /* contents that were erased because their time was over */

static enum base_code count_retained(void *context, const struct node_compartment *compartment, const struct node_expired *expired)
{
    (void)compartment, (void)expired;
    ++*(uint64_t *)context;
    return BASE_OK;
}

static enum base_code add_retained(void *context, const struct store_entry *entry)
{
    struct ledger_note note;
    struct exchange_statement statement;
    assert_ok(ledger_note_parse(entry->note, &note));
    assert_ok(exchange_statement_parse(note.text, &statement));
    ledger_note_release(&note);
    *(uint64_t *)context += statement.count;
    return BASE_OK;
}

/* After the day's run nothing is kept whose time is over. */
static void check_retention(struct run *run, unsigned side, unsigned compartment)
{
    struct node *node = &run->world.sides[side].node;
    struct node_retention_place place = {.has_begun = false};
    struct node_compartment facts;
    uint64_t over = 0;
    char hex[33];
    exchange_id_hex(&compartments[compartment], hex);
    assert_ok(node_compartment_find(node->party->store, hex, &facts));
    while (!place.has_ended)
        assert_ok(node_retention_step(node, &facts, run->world.sides[side].clock_ms - DAY_MS, true, &place, count_retained, &over));
    if (over > 0)
        fail_msg("seed %llu: side %u keeps %llu contents too long", (unsigned long long)run->seed, side, (unsigned long long)over);
    assert_ok(store_entries_each_kind(node->party->store, facts.id.bytes, "retention", 0, add_retained, &retained));
}

static const struct simulation_odds weathers[] = {
    {.cut = 0, .delay_ms = 500, .skew_ms = 0},
    {.cut = 60, .refuse = 100, .delay_ms = 2000, .skew_ms = 60000, .ghost = 100},
    {.cut = 200, .refuse = 300, .crash = 30, .commit = 20, .ghost = 200, .partition = 50, .delay_ms = 30000, .skew_ms = 7200000},
    {.cut = 30, .refuse = 50, .crash = 120, .commit = 60, .ghost = 100, .partition = 20, .delay_ms = 5000, .skew_ms = 600000},
};

static uint64_t happened[4];

static void run_one(uint64_t seed)
{
    struct run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    run->seed = seed;
    simulation_begin(&run->world, &made, compartments, seed, &weathers[seed % 4]);
    live(run);
    run->world.is_calm = true;
    run->world.healed_at_ms = 0;
    settle(run, "after the storm");
    for (unsigned i = 0; i < 2 * SIMULATION_COMPARTMENTS; i++)
        assert_ok(resume_one(run, i % 2, i / 2));
    settle(run, "after resuming");
    simulation_run(&run->world, run->world.now_ms + 500LL * DAY_MS); /* beyond every deadline */
    settle(run, "after the deadlines");
    for (unsigned i = 0; i < SIMULATION_COMPARTMENTS; i++)
        check_ledgers(run, i);
    check_duties(run);
    check_said(run);
    for (unsigned i = 0; i < 2 * SIMULATION_COMPARTMENTS; i++) {
        reconcile(run, i % 2, i / 2);
        check_retention(run, i % 2, i / 2);
    }
    if (seed % OVERSEEN == 0)
        overseer_check(&run->world.fixture, seed);
    happened[0] += run->world.cuts;
    happened[1] += run->world.crashes;
    happened[2] += run->world.doubles;
    happened[3] += run->world.failed_commits;
    simulation_end(&run->world);
    free(run);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

/* The share of one process. A failure of cmocka's ends it with a message that names the seed. */
static void work(uint64_t first, uint64_t runs, unsigned share, unsigned of)
{
    uint64_t done = 0;
    for (uint64_t seed = first + runs * share / of; seed < first + runs * (share + 1) / of; seed++, done++)
        run_one(seed);
    printf("# %llu schedules: %llu connections cut, %llu deaths, %llu deliveries doubled, %llu commits failed, %llu contents erased in time\n", (unsigned long long)done,
           (unsigned long long)happened[0], (unsigned long long)happened[1], (unsigned long long)happened[2], (unsigned long long)happened[3], (unsigned long long)retained);
    fflush(stdout);
    _exit(0);
}

static void a_thousand_schedules(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    uint64_t runs = from_environment("ENTENTE_RUNS", RUNS_SANITIZED);
#else
    uint64_t runs = from_environment("ENTENTE_RUNS", RUNS);
#endif
    uint64_t first = from_environment("ENTENTE_SEED", 1);
    if (getenv("ENTENTE_SEED") != NULL && getenv("ENTENTE_RUNS") == NULL)
        runs = 1;
    pid_t workers[WORKERS_MAX];
    unsigned count = runs == 1 ? 0 : base_parallel_cores();
    if (count == 0) { /* one schedule, to be looked at: in this process */
        run_one(first);
        return;
    }
    count = count > WORKERS_MAX ? WORKERS_MAX : count;
    fflush(stdout);
    for (unsigned i = 0; i < count; i++)
        if ((workers[i] = fork()) == 0)
            work(first, runs, i, count);
    bool is_good = true;
    for (unsigned i = 0; i < count; i++) {
        int status = 1;
        is_good &= waitpid(workers[i], &status, 0) == workers[i] && status == 0;
    }
    assert_true(is_good);
}

static int set_up(void **state)
{
    (void)state;
    if (access(MEMORY, W_OK) == 0) /* a kill is simulated, not a power cut: no disk is needed */
        fixture_place = MEMORY;
    simulation_retention_days[1] = RETENTION_DAYS;
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
        cmocka_unit_test(a_thousand_schedules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
