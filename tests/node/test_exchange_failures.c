/* SPDX-License-Identifier: Apache-2.0
 *
 *     ENTENTE_EVERY=1    every n, which takes long; else every one at first, then ever fewer of them
 *
 * The n-th allocation, the n-th step of the database, the n-th page of the disk and the commit fail while a statement is said or
 * taken, for every n: the store is as it was, and the same once more gives exactly what it would have given at first, also in what
 * stands in memory alone. The linker sends malloc, calloc and realloc of this program here; jansson's and SQLite's are sent here too.
 */
#include "exchange_world.h"

static struct world world;

/* Allocations. */

static unsigned allocations, failing; /* failing 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return ++allocations == failing ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return ++allocations == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++allocations == failing ? NULL : __real_realloc(old, size);
}

static sqlite3_mem_methods database_memory;

static void *database_malloc(int size)
{
    return ++allocations == failing ? NULL : database_memory.xMalloc(size);
}

static void *database_realloc(void *old, int size)
{
    return ++allocations == failing ? NULL : database_memory.xRealloc(old, size);
}

/* What is said and taken. */

struct act {
    const char *name;
    enum exchange_kind kind;
    size_t about; /* in the scene; 0 for none */
    bool is_said; /* by THERE; else it is HERE's and taken */
    bool has_content;
    int64_t later_ms;
    struct exchange_statement statement;
    bool is_with_refused; /* delivered with another that is refused when it has written already */
};

#define OF(member) (offsetof(struct world_scene, member) + 1)

static const struct act acts[] = {
    {"an alert that meets an event, taken", EXCHANGE_KIND_ALERT, 0, false, true, 0,
     {.count = 1, .review_class = 1, .tell = 2, .due_ms = 100LL * WORLD_DAY_MS}, false},
    {"an ask, taken", EXCHANGE_KIND_ASK, 0, false, true, 0, {.due_ms = 200LL * WORLD_DAY_MS}, false},
    {"an answer, taken", EXCHANGE_KIND_ANSWER, OF(ask_there), false, true, 0, {.feedback = 1}, false},
    {"an erasure, taken and carried out", EXCHANGE_KIND_CORRECTION, OF(alert_here), false, false, 0, {.action = EXCHANGE_ERASE}, false},
    {"a correction, taken and screened", EXCHANGE_KIND_CORRECTION, OF(alert_here), false, true, 0, {.action = EXCHANGE_CORRECT}, false},
    {"a close, taken", EXCHANGE_KIND_CLOSE, OF(alert_here), false, false, 0, {.count = 0}, false},
    {"an overdue, taken", EXCHANGE_KIND_OVERDUE, OF(ask_here), false, false, 201LL * WORLD_DAY_MS,
     {.duty = EXCHANGE_DUTY_ANSWER, .due_ms = 200LL * WORLD_DAY_MS}, false},
    {"a suspension, taken", EXCHANGE_KIND_STATE, 0, false, false, 0, {.move = EXCHANGE_SUSPEND}, false},
    {"an alert that meets an event, taken before one that is refused", EXCHANGE_KIND_ALERT, 0, false, true, 0,
     {.count = 1, .review_class = 1, .tell = 2, .due_ms = 100LL * WORLD_DAY_MS}, true},
    {"a correction, taken before one that is refused", EXCHANGE_KIND_CORRECTION, OF(alert_here), false, true, 0,
     {.action = EXCHANGE_CORRECT}, true},
    {"an alert, said", EXCHANGE_KIND_ALERT, 0, true, true, 0, {.count = 1, .review_class = 1, .due_ms = 100LL * WORLD_DAY_MS}, false},
    {"an answer, said", EXCHANGE_KIND_ANSWER, OF(ask_here), true, true, 0, {.feedback = 1}, false},
    {"a close, said", EXCHANGE_KIND_CLOSE, OF(alert_there), true, false, 0, {.count = 0}, false},
    {"an erasure, said", EXCHANGE_KIND_CORRECTION, OF(alert_there), true, false, 0, {.action = EXCHANGE_ERASE}, false},
};
enum { ACTS = sizeof acts / sizeof *acts };

struct ready {
    const struct act *act;
    struct exchange_statement statement;
    struct exchange_content content;
    struct world_forged forged, refused;
    uint64_t secrets;
};

static struct exchange_content content_of(const struct act *act)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    if (act->kind != EXCHANGE_KIND_CORRECTION)
        return world_content(act->kind);
    world_person(&content, "Mirella Kostrova");
    return content;
}

/* An ask whose content is there already, which nothing that is said brings about. */
static void make_refused(struct ready *ready)
{
    struct exchange_statement ask = {.kind = EXCHANGE_KIND_ASK, .due_ms = world.saved_ms + 200LL * WORLD_DAY_MS};
    struct exchange_content content = world_content(EXCHANGE_KIND_ASK);
    struct store_content row = {.state = STORE_CONTENT_KEPT, .salt = base_bytes_text("x"), .content = base_bytes_text("y")};
    world_forge(&world, HERE, &ask, &content, &ready->refused);
    memcpy(row.hash, ready->refused.hash.bytes, sizeof row.hash);
    assert_ok(store_content_add(world.nodes[THERE].party->store, world.compartment.bytes, &row));
    exchange_content_release(&content);
}

/* What is delivered with one that is refused may be taken once or twice: the salts do not depend on it. */
static enum base_code fill_same(void *context, uint8_t *out, size_t len)
{
    (void)context;
    memset(out, 0x33, len);
    return BASE_OK;
}

/* The scene, with an event that the alerts meet, and the alerts in memory: what fails later must leave them as they are. */
static void begin(struct ready *ready, const struct act *act)
{
    *ready = (struct ready){.act = act, .content = content_of(act), .forged = {.beside = NODE_PARCEL_NOTHING},
                             .refused = {.beside = NODE_PARCEL_NOTHING}};
    world_restore(&world);
    world.secrets = 7; /* the same salts each time */
    struct exchange_content of_event = EXCHANGE_CONTENT_EMPTY;
    struct node *node = &world.nodes[THERE];
    node->random = act->is_with_refused ? (struct base_random){.fill = fill_same} : base_random_repeatable(&world.secrets);
    world_person(&of_event, "Mirela Kostrova");
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .place = "", .reference = "r-1",
                                .content = base_bytes_buffer(&of_event.persons[0])};
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_event(node, &event, NULL));
    assert_ok(store_commit(node->party->store));
    exchange_content_release(&of_event);
    world.now_ms += act->later_ms;
    ready->statement = act->statement;
    ready->statement.kind = act->kind;
    ready->statement.owed_by = world.fixture.sides[THERE].party->fingerprint;
    if (act->about != 0)
        memcpy(ready->statement.about.bytes, (const char *)&world.scene + (act->about - 1), 32);
    if (ready->statement.due_ms != 0)
        ready->statement.due_ms += world.saved_ms;
    if (!act->is_said)
        world_forge(&world, HERE, &ready->statement, act->has_content ? &ready->content : NULL, &ready->forged);
    if (act->is_with_refused)
        make_refused(ready);
    ready->secrets = world.secrets;
}

static void end(struct ready *ready)
{
    exchange_content_release(&ready->content);
    world_forged_release(&ready->forged);
    world_forged_release(&ready->refused);
}

static enum base_code next_answer(struct base_cursor *answers)
{
    struct base_bytes receipt;
    bool is_receipt = false;
    enum base_code refusal = BASE_OK;
    assert_ok(node_receipts_next(answers, &is_receipt, &receipt, &refusal));
    return is_receipt ? BASE_OK : refusal;
}

/* What fails, fails from `arm` to `disarm`: only in the node itself. */
static void (*arm)(void), (*disarm)(void);

static enum base_code take(struct ready *ready)
{
    struct node_seat seat = fixture_seat(&world.fixture, THERE);
    struct node_parcel parcels[] = {world_parcel(&ready->forged), world_parcel(&ready->refused)};
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    if (arm != NULL)
        arm();
    enum base_code code = node_take(&world.nodes[THERE], &seat, parcels, ready->act->is_with_refused ? 2 : 1, &answers);
    if (arm != NULL)
        disarm();
    if (code == BASE_OK) {
        struct base_cursor in = base_cursor_over(base_bytes_buffer(&answers));
        code = next_answer(&in);
        enum base_code other = ready->act->is_with_refused ? next_answer(&in) : BASE_E_EXISTS;
        assert_true(other == BASE_E_EXISTS || other == BASE_E_FORMAT); /* jansson does not say that it found no memory */
        assert_ok(base_cursor_end(&in));
    } else {
        assert_int_equal(0, answers.len);
    }
    base_buffer_release(&answers);
    node_seat_release(&seat);
    return code;
}

static enum base_code run(struct ready *ready)
{
    struct exchange_statement statement = ready->statement;
    struct crypto_hash hash;
    world.secrets = ready->secrets;
    if (!ready->act->is_said)
        return take(ready);
    if (arm != NULL)
        arm();
    enum base_code code = node_say_alone(&world.nodes[THERE], &world.compartment, &statement, ready->act->has_content ? &ready->content : NULL, &hash);
    if (arm != NULL)
        disarm();
    return code;
}

static enum base_code run_failing(struct ready *ready, void (*begin_failing)(void), void (*end_failing)(void))
{
    arm = begin_failing;
    disarm = end_failing;
    enum base_code code = run(ready);
    arm = disarm = NULL;
    return code;
}

/* What the alerts in memory would find: a second event about the person. */
static unsigned found_now(void)
{
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct node *node = &world.nodes[THERE];
    uint64_t found = 0;
    world_person(&content, "Mirela Kostrova");
    struct store_event event = {.kind = EXCHANGE_TELL_TRAVEL, .happened_ms = world.now_ms, .place = "", .reference = "r-2",
                                .content = base_bytes_buffer(&content.persons[0])};
    assert_ok(store_begin(node->party->store));
    assert_ok(node_screen_event(node, &event, &found));
    store_rollback(node->party->store);
    node->is_screen_stale = true;
    exchange_content_release(&content);
    return (unsigned)found;
}

struct expected {
    struct crypto_hash before, after;
    unsigned found_before, found_after;
};

static struct expected expect(const struct act *act)
{
    struct ready ready;
    struct expected expected;
    begin(&ready, act);
    expected.before = world_state(&world, THERE);
    expected.found_before = found_now();
    enum base_code code = run(&ready);
    if (code != BASE_OK)
        fail_msg("%s: %s (%s)", act->name, base_code_word(code), base_detail());
    expected.after = world_state(&world, THERE);
    expected.found_after = found_now();
    end(&ready);
    return expected;
}

static void assert_state(const struct crypto_hash *expected, const char *name, const char *when, unsigned n)
{
    struct crypto_hash state = world_state(&world, THERE);
    if (!crypto_hash_equal(expected, &state))
        fail_msg("%s, failure %u: the store is not as it was %s", name, n, when);
}

/* Of what failed nothing has stayed; then it goes through. */
static void assert_untouched(struct ready *ready, const struct expected *expected, unsigned n)
{
    assert_state(&expected->before, ready->act->name, "before", n);
    if (found_now() != expected->found_before)
        fail_msg("%s, failure %u: the alerts in memory are not as they were", ready->act->name, n);
    enum base_code code = run(ready);
    if (code != BASE_OK)
        fail_msg("%s, after failure %u: %s (%s)", ready->act->name, n, base_code_word(code), base_detail());
    assert_state(&expected->after, ready->act->name, "when nothing failed", n);
    if (found_now() != expected->found_after)
        fail_msg("%s, after failure %u: the alerts in memory are not as they should be", ready->act->name, n);
}

static unsigned planned;

static unsigned after(unsigned n)
{
    return getenv("ENTENTE_EVERY") != NULL ? n + 1 : n + 1 + n / 40;
}

static void arm_allocation(void)
{
    allocations = 0;
    failing = planned;
}

static void disarm_allocation(void)
{
    failing = 0;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < ACTS; i++) {
        struct expected expected = expect(&acts[i]);
        unsigned failed = 0;
        for (unsigned n = 1;; n = after(n)) {
            struct ready ready;
            begin(&ready, &acts[i]);
            planned = n;
            enum base_code code = run_failing(&ready, arm_allocation, disarm_allocation);
            bool has_failed = allocations >= n;
            if (code != BASE_OK) { /* jansson does not say that it found no memory, and SQLite may end a transaction by itself */
                failed++;
                if (code != BASE_E_NOMEM && code != BASE_E_FORMAT && code != BASE_E_DATABASE)
                    fail_msg("%s, failure %u: %s (%s)", acts[i].name, n, base_code_word(code), base_detail());
                assert_true(has_failed);
                assert_untouched(&ready, &expected, n);
            } else {
                assert_state(&expected.after, acts[i].name, "when nothing failed", n);
            }
            end(&ready);
            if (!has_failed)
                break;
        }
        assert_true(failed > 30);
        printf("# %s: %u allocations that matter\n", acts[i].name, failed);
    }
}

static sqlite3 *database(void)
{
    return world.nodes[THERE].party->store->database;
}

static unsigned steps_left;

static int stop_step(void *context)
{
    (void)context;
    return steps_left > 0 && --steps_left == 0;
}

static void arm_step(void)
{
    steps_left = planned;
    sqlite3_progress_handler(database(), 1, stop_step, NULL);
}

static void disarm_step(void)
{
    sqlite3_progress_handler(database(), 0, NULL, NULL);
}

static bool is_committed(const struct expected *expected)
{
    struct crypto_hash state = world_state(&world, THERE);
    return crypto_hash_equal(&expected->after, &state);
}

/* SQLite asks before each step of its machine whether to go on. */
static void every_step_of_the_database_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < ACTS; i++) {
        struct expected expected = expect(&acts[i]);
        unsigned failed = 0;
        enum base_code code = BASE_E_DATABASE;
        for (unsigned n = 1; code != BASE_OK; n = after(n)) {
            struct ready ready;
            begin(&ready, &acts[i]);
            planned = n;
            code = run_failing(&ready, arm_step, disarm_step);
            if (code != BASE_OK) {
                failed++;
                assert_int_equal(BASE_E_DATABASE, code); /* not the statement's refusal */
                if (is_committed(&expected)) /* behind the commit itself, where only the answer is lost */
                    code = BASE_OK;
                else
                    assert_untouched(&ready, &expected, n);
            }
            end(&ready);
        }
        assert_true(failed > 20);
    }
}

static void limit_pages(int64_t count)
{
    char text[64];
    snprintf(text, sizeof text, "PRAGMA max_page_count=%lld", (long long)count);
    assert_ok(store_script(world.nodes[THERE].party->store, text));
}

static void arm_pages(void)
{
    int64_t count;
    assert_ok(store_number(world.nodes[THERE].party->store, "PRAGMA page_count", NULL, 0, &count));
    limit_pages(count + planned);
}

static void disarm_pages(void)
{
    limit_pages(1000000);
}

/* No page more than there are, then one, then two: SQLite says that the disk is full wherever it would need the next. */
static void every_page_may_find_the_disk_full(void **state)
{
    (void)state;
    unsigned full = 0;
    for (size_t i = 0; i < ACTS; i++) {
        struct expected expected = expect(&acts[i]);
        enum base_code code = BASE_E_DISK_FULL;
        for (unsigned more = 0; code != BASE_OK; more++) {
            struct ready ready;
            begin(&ready, &acts[i]);
            planned = more;
            code = run_failing(&ready, arm_pages, disarm_pages);
            if (code != BASE_OK) {
                assert_int_equal(BASE_E_DISK_FULL, code);
                full++;
                assert_untouched(&ready, &expected, more);
            }
            end(&ready);
            assert_true(more < 100);
        }
    }
    assert_true(full >= ACTS / 2);
}

static int refuse_commit(void *context)
{
    (void)context;
    return 1;
}

static void arm_commit(void)
{
    sqlite3_commit_hook(database(), refuse_commit, NULL);
}

static void disarm_commit(void)
{
    sqlite3_commit_hook(database(), NULL, NULL);
}

static void the_commit_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < ACTS; i++) {
        struct expected expected = expect(&acts[i]);
        struct ready ready;
        begin(&ready, &acts[i]);
        assert_fails(BASE_E_DATABASE, run_failing(&ready, arm_commit, disarm_commit));
        assert_untouched(&ready, &expected, 1);
        end(&ready);
    }
}

/* The same by the frame that carries one statement and no content. */
static void the_commit_of_a_single_statement_may_fail(void **state)
{
    (void)state;
    const struct act *closing = NULL;
    for (size_t i = 0; closing == NULL; i++)
        closing = acts[i].kind == EXCHANGE_KIND_CLOSE ? &acts[i] : NULL;
    struct expected expected = expect(closing);
    struct ready ready;
    begin(&ready, closing);
    (void)found_now(); /* the alerts are in memory */
    arm_commit();
    world.nodes[THERE].is_screen_stale = false;
    assert_ok(world_ask_there(&world, NODE_SAY_STATEMENT, base_bytes_buffer(&ready.forged.note)));
    assert_int_equal(NODE_SAY_REFUSED, world_line.kind);
    disarm_commit();
    assert_untouched(&ready, &expected, 1);
    end(&ready);
}

/* A case that fails leaves nothing armed. */
static int disarm_all(void **state)
{
    (void)state;
    failing = 0;
    arm = disarm = NULL;
    disarm_step();
    disarm_commit();
    return 0;
}

#define FAILURE_TEST(test) cmocka_unit_test_setup(test, disarm_all)

static int set_up(void **state)
{
    (void)state;
    sqlite3_mem_methods wrapped;
    assert_int_equal(SQLITE_OK, sqlite3_shutdown());
    assert_int_equal(SQLITE_OK, sqlite3_config(SQLITE_CONFIG_GETMALLOC, &database_memory));
    wrapped = database_memory;
    wrapped.xMalloc = database_malloc;
    wrapped.xRealloc = database_realloc;
    assert_int_equal(SQLITE_OK, sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped));
    json_set_alloc_funcs(__wrap_malloc, free);
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
        FAILURE_TEST(every_allocation_may_fail),
        FAILURE_TEST(every_step_of_the_database_may_fail),
        FAILURE_TEST(every_page_may_find_the_disk_full),
        FAILURE_TEST(the_commit_may_fail),
        FAILURE_TEST(the_commit_of_a_single_statement_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
