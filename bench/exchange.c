/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-exchange: how many statements pass from one node into both ledgers, and how soon one does.
 *
 * Two whole nodes, two processes, TLS on the loopback, stores as they are in use (WAL, synchronous=FULL). Every round begins with new
 * homes. What is measured:
 *
 *     say        asks said one after the other, each in a durable transaction of its own; no node runs
 *     deliver    asks that wait in the outbox: from the start of the second node until the last receipt is in its ledger (the
 *                first's has it before); beside it the processor time that each node takes for one statement
 *     prompt     an ask that a user sends over the control socket of a node that has nothing else to do, until the other party's
 *                receipt is in the ledger
 *     rest       the processor time of a node that has nothing to do
 *
 * each with 1 and with 100 compartments between the two. Medians over the rounds; a quantile is taken in each round first.
 *
 *     bench-exchange [folder [rounds]]        (default: the current one; a folder on tmpfs measures no disk)
 */
#include "bench/exchange.h"
#include "node/exchange.h"
#include "node/nodes.h"

enum {
    ROUNDS = 5, ROUNDS_MAX = 99,
    MANY = 100,        /* compartments */
    SAYS = 400,
    STATEMENTS = 6000, /* of a delivery, over all compartments */
    SAMPLES = 300,     /* of a round */
    PAUSE_MS = 20,     /* between them: the node comes to rest */
    REST_MS = 5000,
    WAIT_S = 300,
};

struct figures {
    double says, delivered, sender_us, receiver_us, middle_ms, slow_ms, rest;
};

static void allow_many(struct exchange_terms *terms)
{
    terms->asks_per_day = EXCHANGE_SAID_PER_DAY_MAX;
}

struct bench {
    struct nodes nodes;
    struct exchange_id compartments[MANY];
    unsigned count;
};

static void make_homes(struct bench *bench, unsigned count)
{
    struct crypto_hash rules;
    nodes_init(&bench->nodes);
    nodes_rules(&rules);
    bench->count = count;
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%u", i);
        fixture_agree(&bench->nodes.fixture, (uint8_t)(i + 1), name, &rules);
        bench->compartments[i] = bench->nodes.fixture.compartment;
    }
}

static struct node node_at_rest(struct bench *bench, unsigned side)
{
    return (struct node){.party = bench->nodes.fixture.sides[side].party, .clock = base_clock_system(), .steady = base_clock_steady(),
                         .random = base_random_system(), .log = {.fd = -1}};
}

static void make_ask(unsigned number, int64_t now_ms, struct exchange_statement *ask, struct exchange_content *content)
{
    char text[64];
    *ask = (struct exchange_statement){.kind = EXCHANGE_KIND_ASK, .urgency = EXCHANGE_NORMAL, .due_ms = now_ms + 60 * 86400000LL};
    snprintf(text, sizeof text, "an invented question, number %u", number);
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        assert_ok(exchange_content_set_text(content, (enum exchange_text)i, base_bytes_text(text)));
}

static double measure_saying(struct bench *bench)
{
    struct node node = node_at_rest(bench, HERE);
    double start = bench_now_s();
    for (unsigned i = 0; i < SAYS; i++) {
        struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
        struct exchange_statement ask;
        struct crypto_hash hash;
        make_ask(i, base_clock_now(&node.clock), &ask, &content);
        assert_ok(node_say_alone(&node, &bench->compartments[i % bench->count], &ask, &content, &hash));
        exchange_content_release(&content);
    }
    return SAYS / (bench_now_s() - start);
}

/* All in one transaction. */
static void fill_outbox(struct bench *bench)
{
    struct node node = node_at_rest(bench, HERE);
    struct store *store = node.party->store;
    assert_ok(store_begin(store));
    for (unsigned c = 0; c < bench->count; c++) {
        struct node_seat seat;
        assert_ok(node_seat_open(node.party, &bench->compartments[c], &seat));
        for (unsigned i = SAYS; i < SAYS + STATEMENTS / bench->count; i++) {
            struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
            struct exchange_statement ask, begun;
            struct crypto_hash hash;
            make_ask(i, base_clock_now(&node.clock), &ask, &content);
            node_statement_begin(&seat, ask.kind, &node.party->fingerprint, base_clock_now(&node.clock), &begun);
            begun.urgency = ask.urgency;
            begun.due_ms = ask.due_ms;
            assert_ok(node_say(&node, &seat, &begun, &content, &hash));
            exchange_content_release(&content);
        }
        node_seat_release(&seat);
    }
    assert_ok(store_commit(store));
}

static double processor_s(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    assert_int_equal(0, clock_getcpuclockid(pid, &clock));
    assert_int_equal(0, clock_gettime(clock, &time));
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool is_outbox_empty(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    assert_true(result == SQLITE_DONE || result == SQLITE_ROW);
    return result == SQLITE_DONE;
}

/* A connection of its own, which looks and never holds a writer up. */
static void wait_for_receipts(struct bench *bench)
{
    char path[128];
    sqlite3 *database;
    sqlite3_stmt *statement;
    double until = bench_now_s() + WAIT_S;
    snprintf(path, sizeof path, "%s/entente.db", bench->nodes.fixture.sides[HERE].home);
    assert_int_equal(SQLITE_OK, sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(database, "SELECT 1 FROM outbox LIMIT 1", -1, &statement, NULL));
    while (!is_outbox_empty(statement)) {
        if (bench_now_s() > until)
            fail_msg("not delivered after %d s", WAIT_S);
        nodes_sleep(2);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void check_receipts(struct bench *bench, uint64_t expected)
{
    for (unsigned side = 0; side < 2; side++) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < bench->count; i++) {
            uint64_t count;
            assert_ok(store_entries_count_kind(nodes_store(&bench->nodes, side), bench->compartments[i].bytes, "receipt", 0, &count));
            sum += count;
        }
        assert_int_equal(expected, sum);
    }
}

static void measure_delivery(struct bench *bench, struct figures *out)
{
    struct nodes *nodes = &bench->nodes;
    const double statements = STATEMENTS / bench->count * bench->count;
    nodes_start(nodes, THERE);
    double receiver = processor_s(nodes->pids[THERE]);
    nodes_start(nodes, HERE);
    double start = bench_now_s(), sender = processor_s(nodes->pids[HERE]);
    wait_for_receipts(bench);
    out->delivered = (statements + SAYS) / (bench_now_s() - start);
    out->sender_us = (processor_s(nodes->pids[HERE]) - sender) * 1e6 / (statements + SAYS);
    out->receiver_us = (processor_s(nodes->pids[THERE]) - receiver) * 1e6 / (statements + SAYS);
    check_receipts(bench, (uint64_t)statements + SAYS);
}

static json_t *ask_request(unsigned compartment, unsigned number)
{
    char name[16], text[64];
    snprintf(name, sizeof name, "c%u", compartment);
    snprintf(text, sizeof text, "an invented question asked alone, number %u", number);
    return json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "do", "ask", "compartment", name, "urgency", "normal", "texts", "facts", text,
                     "reason", "invented", "link", "invented", "use", "invented");
}

static void measure_promptness(struct bench *bench, struct figures *out)
{
    static double times[SAMPLES];
    for (unsigned i = 0; i < SAMPLES; i++) {
        nodes_sleep(PAUSE_MS);
        double start = bench_now_s();
        json_t *reply = nodes_ask(&bench->nodes, HERE, ask_request(i % bench->count, i));
        if (!json_is_true(json_object_get(reply, "delivered"))) /* the node tries again by itself */
            wait_for_receipts(bench);
        times[i] = (bench_now_s() - start) * 1e3;
    }
    out->middle_ms = bench_quantile(times, SAMPLES, 500);
    out->slow_ms = bench_quantile(times, SAMPLES, 990);
}

static double measure_rest(struct bench *bench)
{
    nodes_sleep(2000); /* what is left to cosign */
    double before = processor_s(bench->nodes.pids[HERE]), start = bench_now_s();
    nodes_sleep(REST_MS);
    return (processor_s(bench->nodes.pids[HERE]) - before) / (bench_now_s() - start);
}

static void run_round(unsigned count, struct figures *out)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    make_homes(bench, count);
    out->says = measure_saying(bench);
    fill_outbox(bench);
    measure_delivery(bench, out);
    nodes_sleep(2500);
    measure_promptness(bench, out);
    out->rest = measure_rest(bench);
    nodes_release(&bench->nodes);
    free(bench);
}

static double median_of(const struct figures *rounds, unsigned count, size_t offset)
{
    double values[ROUNDS_MAX];
    for (unsigned i = 0; i < count; i++)
        values[i] = *(const double *)((const char *)&rounds[i] + offset);
    return bench_quantile(values, count, 500);
}

#define MEDIAN(member) median_of(figures, rounds, offsetof(struct figures, member))

static void measure(unsigned compartments, unsigned rounds)
{
    struct figures figures[ROUNDS_MAX];
    for (unsigned i = 0; i < rounds; i++)
        run_round(compartments, &figures[i]);
    printf("%12u %10.0f %12.0f %10.0f %12.0f %10.2f %10.2f %9.2f %%\n", compartments, MEDIAN(says), MEDIAN(delivered), MEDIAN(sender_us),
           MEDIAN(receiver_us), MEDIAN(middle_ms), MEDIAN(slow_ms), 100 * MEDIAN(rest));
    fflush(stdout);
}

int main(int count, char **arguments)
{
    struct bench_yardstick yardstick;
    unsigned rounds = count > 2 ? (unsigned)strtoul(arguments[2], NULL, 10) : ROUNDS;
    char here[4096];
    fixture_place = count > 1 ? arguments[1] : getcwd(here, sizeof here);
    fixture_adjust = allow_many;
    if (rounds == 0 || rounds > ROUNDS_MAX || fixture_place == NULL || strlen(fixture_place) > 40) {
        fprintf(stderr, "bench-exchange [folder, its name at most 40 bytes [rounds, at most %d]]\n", ROUNDS_MAX);
        return 2;
    }
    assert_ok(crypto_start());
    bench_yardstick_measure(fixture_place, &yardstick);
    printf("4 KiB written and fsync'ed: %.0f a second. Ed25519 on one core: %.0f signatures, %.0f checks a second. Loopback round trip: %.0f us\n\n",
           yardstick.writes, yardstick.signatures, yardstick.checks, yardstick.round_trip_us);
    printf("%12s %10s %12s %10s %12s %10s %10s %11s\n", "compartments", "said/s", "delivered/s", "sender us", "receiver us", "p50 ms", "p99 ms",
           "at rest");
    measure(1, rounds);
    measure(MANY, rounds);
    return 0;
}
