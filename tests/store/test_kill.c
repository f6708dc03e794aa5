/* SPDX-License-Identifier: Apache-2.0
 *
 * A writer that is killed at random moments, a hundred times on the same store: what it has acknowledged is there, nothing is
 * half there, and the store opens. ENTENTE_SEED=N replays a run's moments (as far as a scheduler lets anybody).
 */
#include "base/clock.h"
#include "base/random.h"
#include "store/ledgers.h"
#include "support/test.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 100, BATCH = 5, MOMENT_MAX_US = 25000 };

static const uint8_t compartment[STORE_ID_LEN] = "a compartment..";

/* The hash of entry `index`: its number, so that the parent can tell what must be there. */
static void hash_of(uint64_t index, uint8_t hash[32])
{
    memset(hash, 0x5a, 32);
    memcpy(hash, &index, sizeof index);
}

static enum base_code append_batch(struct store *store, uint64_t *size)
{
    struct store_head head = {.size = *size + BATCH};
    uint8_t hash[32];
    BASE_TRY(store_begin(store));
    for (uint64_t i = 0; i < BATCH; i++) {
        struct store_entry entry = {.index = *size + i, .kind = "test", .note = base_bytes_text("a note\n")};
        hash_of(entry.index, entry.hash);
        BASE_TRY(store_entry_add(store, compartment, &entry));
        BASE_TRY(store_outbox_put(store, compartment, entry.hash, 0, entry.note));
    }
    hash_of(*size, hash);
    BASE_TRY(store_tile_put(store, compartment, 0, *size / 256, base_bytes_of(hash, sizeof hash)));
    BASE_TRY(store_head_put(store, compartment, STORE_HEAD_OWN, &head, base_bytes_text("a checkpoint\n")));
    BASE_TRY(store_commit(store));
    *size += BATCH;
    return BASE_OK;
}

/* The child: appends until it is killed, and says after each commit how far it is. */
static void write_until_killed(const char *path, int to_parent)
{
    struct store *store = NULL;
    uint64_t size = 0;
    if (store_open(path, STORE_OPEN, &store) != BASE_OK || store_entries_count(store, compartment, &size) != BASE_OK)
        _exit(1);
    while (append_batch(store, &size) == BASE_OK)
        if (write(to_parent, &size, sizeof size) != sizeof size)
            break;
    _exit(2);
}

/* Kills a writer after `moment_us`; returns the last size it acknowledged. */
static uint64_t run_and_kill(const char *path, uint64_t moment_us, uint64_t acknowledged)
{
    int ends[2];
    assert_int_equal(0, pipe(ends));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(path, ends[1]);
    }
    close(ends[1]);
    struct timespec pause = {0, (long)moment_us * 1000};
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    uint64_t size;
    while (read(ends[0], &size, sizeof size) == sizeof size)
        acknowledged = size;
    close(ends[0]);
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL); /* it ended by the kill, not by an error */
    return acknowledged;
}

static enum base_code check_entry(void *context, const struct store_entry *entry)
{
    uint64_t *expected = context;
    uint8_t hash[32];
    hash_of(*expected, hash);
    assert_int_equal(*expected, entry->index);
    assert_memory_equal(hash, entry->hash, sizeof hash);
    ++*expected;
    return BASE_OK;
}

static void check_store(const char *path, uint64_t acknowledged)
{
    struct store *store = NULL;
    struct store_head head = {0};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    uint64_t count = 0, waiting = 0, seen = 0;
    assert_ok(store_open(path, STORE_OPEN, &store));
    assert_ok(store_check(store));
    assert_ok(store_entries_count(store, compartment, &count));
    assert_true(count >= acknowledged);
    assert_int_equal(0, count % BATCH); /* no batch is half there */
    assert_ok(store_entries_each(store, compartment, 0, count, check_entry, &seen));
    assert_int_equal(count, seen);
    assert_ok(store_outbox_count(store, compartment, &waiting));
    assert_int_equal(count, waiting); /* what was appended waits, in the same transaction */
    if (count > 0) {
        assert_ok(store_head_get(store, compartment, STORE_HEAD_OWN, &head, &note));
        assert_int_equal(count, head.size);
    }
    base_buffer_release(&note);
    store_close(store);
}

static void what_was_acknowledged_survives_a_hundred_kills(void **state)
{
    (void)state;
    char folder[] = "/tmp/entente-kill-XXXXXX", path[64], beside[80];
    const char *given = getenv("ENTENTE_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)base_clock_elapsed_ms();
    struct base_random random = base_random_repeatable(&seed);
    struct store *store = NULL;
    uint64_t acknowledged = 0;
    print_message("# ENTENTE_SEED=%llu\n", (unsigned long long)seed);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/entente.db", folder);
    assert_ok(store_open(path, STORE_CREATE, &store));
    store_close(store);
    for (int i = 0; i < KILLS; i++) {
        uint64_t moment;
        assert_ok(base_random_fill(&random, &moment, sizeof moment));
        acknowledged = run_and_kill(path, 500 + moment % MOMENT_MAX_US, acknowledged);
        check_store(path, acknowledged);
    }
    assert_true(acknowledged > 0); /* a run in which nothing was written would prove nothing */
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(beside, sizeof beside, "%s%s", path, endings[i]);
        unlink(beside);
    }
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_acknowledged_survives_a_hundred_kills)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
