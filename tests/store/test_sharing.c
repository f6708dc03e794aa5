/* SPDX-License-Identifier: Apache-2.0
 *
 * Two processes on one store, a file that is not ours, and a file that cannot grow.
 */
#include "base/file.h"
#include "store/ledgers.h"
#include "store/scratch.h"
#include "store/sql.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { TURNS = 150 };

static void what_is_set_is_what_the_header_says(void **state)
{
    struct scratch *scratch = *state;
    int64_t value = -1;
    assert_ok(store_number(scratch->store, "PRAGMA synchronous", NULL, 0, &value));
    assert_int_equal(2, value); /* FULL */
    assert_ok(store_number(scratch->store, "PRAGMA foreign_keys", NULL, 0, &value));
    assert_int_equal(1, value);
    assert_ok(store_number(scratch->store, "PRAGMA cache_size", NULL, 0, &value));
    assert_int_equal(-16384, value); /* KiB */
    assert_ok(store_number(scratch->store, "PRAGMA busy_timeout", NULL, 0, &value));
    assert_int_equal(5000, value);
    assert_ok(store_number(scratch->store, "SELECT COUNT(*) FROM pragma_journal_mode WHERE journal_mode='wal'", NULL, 0, &value));
    assert_int_equal(1, value);
}

static void the_files_beside_it_are_for_its_owner_alone_too(void **state)
{
    struct scratch *scratch = *state;
    struct stat status;
    char path[80];
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("b")));
    snprintf(path, sizeof path, "%s-wal", scratch->path);
    assert_int_equal(0, stat(path, &status));
    assert_int_equal(0600, status.st_mode & 0777);
}

static void a_second_writer_is_told_that_the_store_is_busy(void **state)
{
    struct scratch *scratch = *state;
    struct store *second = NULL;
    assert_ok(store_open(scratch->path, STORE_OPEN, &second));
    sqlite3_busy_timeout(second->database, 20); /* the wait itself is SQLite's */
    assert_ok(store_begin(scratch->store));
    assert_fails(BASE_E_BUSY, store_begin(second));
    assert_false(store_is_in_transaction(second));
    assert_fails(BASE_E_BUSY, store_setting_put(second, "a", base_bytes_text("b")));
    store_rollback(scratch->store);
    assert_ok(store_begin(second));
    assert_ok(store_setting_put(second, "a", base_bytes_text("b")));
    assert_ok(store_commit(second));
    store_close(second);
}

static void a_reader_sees_one_moment(void **state)
{
    struct scratch *scratch = *state;
    struct store *reader = NULL;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("old")));
    assert_ok(store_setting_put(scratch->store, "b", base_bytes_text("old")));
    assert_ok(store_open(scratch->path, STORE_READ, &reader));
    assert_ok(store_begin_reading(reader));
    assert_fails(BASE_E_STATE, store_begin_reading(reader));
    assert_ok(store_setting_get(reader, "a", &value));
    assert_ok(store_setting_put(scratch->store, "b", base_bytes_text("new"))); /* nobody waits for a reader */
    assert_ok(store_setting_get(reader, "b", &value));
    assert_string_equal("oldold", base_buffer_c_string(&value));
    store_rollback(reader);
    assert_ok(store_setting_get(reader, "b", &value));
    assert_string_equal("oldoldnew", base_buffer_c_string(&value));
    base_buffer_release(&value);
    store_close(reader);
}

/* Appends TURNS entries to a ledger, each with its head, each in a transaction. */
static enum base_code append_entries(struct store *store, const uint8_t compartment[STORE_ID_LEN])
{
    for (uint64_t i = 0; i < TURNS; i++) {
        struct store_entry entry = {.index = i, .kind = "test", .note = base_bytes_text("a note\n")};
        struct store_head head = {.size = i + 1};
        memcpy(entry.hash, &i, sizeof i);
        BASE_TRY(store_begin(store));
        BASE_TRY(store_entry_add(store, compartment, &entry));
        BASE_TRY(store_head_put(store, compartment, STORE_HEAD_OWN, &head, entry.note));
        BASE_TRY(store_commit(store));
    }
    return BASE_OK;
}

static pid_t start_writer(const char *path, const uint8_t compartment[STORE_ID_LEN])
{
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store = NULL;
        enum base_code code = store_open(path, STORE_OPEN, &store);
        if (code == BASE_OK)
            code = append_entries(store, compartment);
        store_close(store);
        _exit(code == BASE_OK ? 0 : 1);
    }
    return child;
}

static void two_processes_write_at_once(void **state)
{
    struct scratch *scratch = *state;
    static const uint8_t ids[2][STORE_ID_LEN] = {{1}, {2}};
    pid_t children[2];
    store_close(scratch->store); /* SQLite: a connection does not cross a fork */
    scratch->store = NULL;
    for (size_t i = 0; i < 2; i++)
        children[i] = start_writer(scratch->path, ids[i]);
    for (size_t i = 0; i < 2; i++) {
        int status = -1;
        assert_int_equal(children[i], waitpid(children[i], &status, 0));
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_ok(store_open(scratch->path, STORE_READ, &scratch->store));
    assert_ok(store_check(scratch->store));
    for (size_t i = 0; i < 2; i++) {
        uint64_t count = 0;
        assert_ok(store_entries_count(scratch->store, ids[i], &count));
        assert_int_equal(TURNS, count);
    }
}

static void a_file_of_another_program_is_not_changed_by_looking_at_it(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer before = BASE_BUFFER_EMPTY, after = BASE_BUFFER_EMPTY;
    struct store *store = NULL;
    sqlite3 *other = NULL;
    char path[80];
    snprintf(path, sizeof path, "%s.other", scratch->path);
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &other));
    assert_int_equal(SQLITE_OK, sqlite3_exec(other, "CREATE TABLE notes(text)", NULL, NULL, NULL));
    sqlite3_close(other);
    assert_ok(base_file_read(path, 1 << 20, &before));
    assert_fails(BASE_E_CORRUPT, store_open(path, STORE_OPEN, &store));
    assert_fails(BASE_E_CORRUPT, store_open(path, STORE_READ, &store));
    assert_null(store);
    assert_ok(base_file_read(path, 1 << 20, &after));
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.data, after.data, before.len);
    base_buffer_release(&before);
    base_buffer_release(&after);
    unlink(path);
}

/* A commit of more than a file may hold: the write of the journal fails in the middle of it. */
static enum base_code commit_under_limit(struct store *store, struct base_bytes large, rlim_t limit)
{
    struct rlimit before, low;
    if (getrlimit(RLIMIT_FSIZE, &before) != 0)
        return base_fail(BASE_E_IO, "no limit to read");
    low = (struct rlimit){limit, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    enum base_code code = setrlimit(RLIMIT_FSIZE, &low) == 0 ? store_begin(store) : base_fail(BASE_E_IO, "no limit to set");
    if (code == BASE_OK)
        code = store_setting_put(store, "a", large);
    if (code == BASE_OK)
        code = store_commit(store);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    return code;
}

static void a_commit_that_cannot_be_written_leaves_the_store_as_it_was(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer large = BASE_BUFFER_EMPTY, value = BASE_BUFFER_EMPTY;
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("before")));
    assert_ok(base_buffer_reserve(&large, 1 << 20));
    memset(large.data, 'x', 1 << 20);
    large.len = 1 << 20;
    assert_fails(BASE_E_DISK_FULL, commit_under_limit(scratch->store, base_bytes_buffer(&large), 512 * 1024));
    assert_false(store_is_in_transaction(scratch->store));
    assert_ok(store_setting_get(scratch->store, "a", &value));
    assert_string_equal("before", base_buffer_c_string(&value));
    assert_ok(store_check(scratch->store));
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_buffer(&large))); /* when there is room again */
    assert_ok(store_check(scratch->store));
    base_buffer_release(&large);
    base_buffer_release(&value);
}

static void a_damaged_page_is_found(void **state)
{
    struct scratch *scratch = *state;
    int64_t pages = 0, page_bytes = 0;
    struct base_buffer file = BASE_BUFFER_EMPTY;
    assert_ok(store_number(scratch->store, "PRAGMA page_count", NULL, 0, &pages));
    assert_ok(store_number(scratch->store, "PRAGMA page_size", NULL, 0, &page_bytes));
    store_close(scratch->store); /* the journal goes into the file */
    scratch->store = NULL;
    assert_ok(base_file_read(scratch->path, 1 << 24, &file));
    assert_true(pages > 4 && file.len == (size_t)(pages * page_bytes));
    memset(file.data + 3 * page_bytes, 0xa5, (size_t)page_bytes);
    assert_ok(base_file_write(scratch->path, base_bytes_buffer(&file), 0600));
    base_buffer_release(&file);
    assert_ok(store_open(scratch->path, STORE_READ, &scratch->store));
    assert_fails(BASE_E_CORRUPT, store_check(scratch->store));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(what_is_set_is_what_the_header_says),
        SCRATCH_TEST(the_files_beside_it_are_for_its_owner_alone_too),
        SCRATCH_TEST(a_second_writer_is_told_that_the_store_is_busy),
        SCRATCH_TEST(a_reader_sees_one_moment),
        SCRATCH_TEST(two_processes_write_at_once),
        SCRATCH_TEST(a_file_of_another_program_is_not_changed_by_looking_at_it),
        SCRATCH_TEST(a_commit_that_cannot_be_written_leaves_the_store_as_it_was),
        SCRATCH_TEST(a_damaged_page_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
