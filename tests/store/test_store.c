/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "base/file.h"
#include "store/scratch.h"
#include "store/sql.h"

#include <sys/stat.h>

static void a_store_is_made_once_and_for_its_owner_alone(void **state)
{
    struct scratch *scratch = *state;
    struct stat status;
    struct store *again = NULL;
    assert_int_equal(0, stat(scratch->path, &status));
    assert_int_equal(0600, status.st_mode & 0777);
    assert_fails(BASE_E_EXISTS, store_open(scratch->path, STORE_CREATE, &again));
    assert_ok(store_check(scratch->store));
}

static void what_is_not_a_store_is_not_opened(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    char path[96];
    snprintf(path, sizeof path, "%s.other", scratch->path);
    assert_fails(BASE_E_NOT_FOUND, store_open(path, STORE_OPEN, &store));
    assert_fails(BASE_E_NOT_FOUND, store_open(path, STORE_READ, &store));
    assert_ok(base_file_write(path, base_bytes_text("This is a letter, long enough to be looked at as a page. It is no database.\n"
                                                    "................................................................\n"), 0600));
    assert_fails(BASE_E_CORRUPT, store_open(path, STORE_OPEN, &store));
    assert_ok(base_file_write(path, base_bytes_of(NULL, 0), 0600));
    assert_fails(BASE_E_CORRUPT, store_open(path, STORE_OPEN, &store));
    unlink(path);
    assert_fails(BASE_E_IO, store_open("/nonexistent/folder/store.db", STORE_CREATE, &store));
    assert_null(store);
}

static void another_programs_database_and_a_newer_one_are_refused(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    assert_ok(store_script(scratch->store, "PRAGMA user_version=6"));
    assert_fails(BASE_E_VERSION, store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_script(scratch->store, "PRAGMA user_version=5; PRAGMA application_id=77"));
    assert_fails(BASE_E_CORRUPT, store_open(scratch->path, STORE_OPEN, &store));
}

static void make_version_4(struct store *store)
{
    assert_ok(store_script(store, "DROP TABLE profiles;"
                                  "CREATE TABLE sounds(sound INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(sound, record)) WITHOUT ROWID;"
                                  "CREATE INDEX sounds_by_record ON sounds(record); PRAGMA user_version=4"));
}

static void make_version_3(struct store *store)
{
    make_version_4(store);
    assert_ok(store_script(store, "DROP INDEX contents_held; DROP INDEX findings_by_other; DROP TABLE events;"
                                  "CREATE TABLE events(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, happened_ms INTEGER NOT NULL,"
                                  " added_ms INTEGER NOT NULL, place TEXT NOT NULL, reference TEXT NOT NULL, content BLOB NOT NULL,"
                                  " UNIQUE(reference)); PRAGMA user_version=3"));
}

static void make_version_2(struct store *store)
{
    make_version_3(store);
    assert_ok(store_script(store, "DROP INDEX entries_by_about; DROP INDEX outbox_by_compartment; DROP INDEX duties_by_kind;"
                               "ALTER TABLE entries DROP COLUMN about; PRAGMA user_version=2"));
}

/* Takes a store back to version 1 by removing what the later ones added. */
static void make_old(struct store *store)
{
    static const char *const added[] = {"contents", "duties", "alerts", "findings", "events", "drafts", "roles", "users", "looks",
                                        "evidence", "sounds"};
    make_version_2(store);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        char text[64];
        snprintf(text, sizeof text, "DROP TABLE %s", added[i]);
        assert_ok(store_script(store, text));
    }
    assert_ok(store_script(store, "DROP INDEX records_by_change; PRAGMA user_version=1"));
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    int64_t count;
    make_old(scratch->store);
    assert_fails(BASE_E_VERSION, store_open(scratch->path, STORE_READ, &store));
    assert_ok(store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_number(store, "SELECT COUNT(*) FROM duties", NULL, 0, &count));
    store_close(store);
    assert_ok(store_open(scratch->path, STORE_READ, &store));
    store_close(store);
}

/* Version 3 reads from the notes what each entry is about. */
static void what_an_entry_is_about_is_found_in_its_note(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    int64_t count;
    make_version_2(scratch->store);
    assert_ok(store_script(scratch->store,
                           "INSERT INTO entries SELECT x'c0', 0, x'00', 'ask', 0, CAST('entente/ask/v1' || char(10) || 'about: -' || char(10) || 'content: 00' || char(10) AS BLOB);"
                           "INSERT INTO entries SELECT x'c0', 1, x'01', 'hold', 0, CAST('entente/hold/v1' || char(10) || 'reason: about: ' || char(10) AS BLOB);"
                           "INSERT INTO entries SELECT x'c0', 2, x'02', 'receipt', 0, CAST('entente/receipt/v1' || char(10) || 'about: ' ||"
                           " '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' || char(10) || char(10) || 'x' AS BLOB)"));
    assert_ok(store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_number(store, "SELECT COUNT(*) FROM entries WHERE about=''", NULL, 0, &count));
    assert_int_equal(2, count);
    assert_ok(store_number(store, "SELECT number FROM entries WHERE about='00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'", NULL, 0,
                           &count));
    assert_int_equal(2, count);
    store_close(store);
}

/* Version 5 keeps whole profiles, which are made as records are screened again. */
static void screening_begins_anew(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    int64_t count;
    make_version_4(scratch->store);
    assert_ok(store_script(scratch->store, "INSERT INTO sounds VALUES(5, 1), (6, -1)"));
    assert_ok(store_setting_put(scratch->store, "screened-to", base_bytes_text("1 10 3")));
    assert_ok(store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_number(store, "SELECT COUNT(*) FROM profiles", NULL, 0, &count));
    assert_int_equal(0, count);
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(store, "screened-to", &value));
    assert_ok(store_number(store, "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'sounds%'", NULL, 0, &count));
    assert_int_equal(0, count);
    base_buffer_release(&value);
    store_close(store);
}

/* Version 4 makes the table of events anew: numbers that findings know stay. */
static void events_keep_their_numbers(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    int64_t count;
    make_version_3(scratch->store);
    assert_ok(store_script(scratch->store, "INSERT INTO events VALUES(7, 1, 2, 3, 'Dover', 'e7', x'00')"));
    assert_ok(store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_number(store, "SELECT number FROM events WHERE reference='e7' AND place='Dover' AND added_ms=3", NULL, 0, &count));
    assert_int_equal(7, count);
    assert_ok(store_script(store, "DELETE FROM events; INSERT INTO events(kind, happened_ms, added_ms, place, reference, content)"
                                  " VALUES(1, 2, 3, '', 'e8', x'00')"));
    assert_ok(store_number(store, "SELECT number FROM events", NULL, 0, &count));
    assert_int_equal(8, count);
    store_close(store);
}

static void a_compartment_under_older_terms_is_not_lost(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = NULL;
    int64_t version;
    make_old(scratch->store);
    assert_ok(store_script(scratch->store, "INSERT INTO compartments VALUES(x'01', x'02', 'old', 0, 0, x'', x'')"));
    assert_fails(BASE_E_VERSION, store_open(scratch->path, STORE_OPEN, &store));
    assert_ok(store_number(scratch->store, "PRAGMA user_version", NULL, 0, &version));
    assert_int_equal(1, version);
}

/* As SQLite does where memory is short: nothing of what follows may be written by itself. */
static void a_transaction_that_ended_by_itself_takes_no_more(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    assert_ok(store_begin(scratch->store));
    assert_ok(store_setting_put(scratch->store, "first", base_bytes_text("1")));
    assert_ok(store_script(scratch->store, "ROLLBACK"));
    assert_fails(BASE_E_DATABASE, store_setting_put(scratch->store, "second", base_bytes_text("2")));
    assert_fails(BASE_E_DATABASE, store_setting_get(scratch->store, "first", &value));
    assert_fails(BASE_E_STATE, store_commit(scratch->store));
    store_rollback(scratch->store);
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(scratch->store, "first", &value));
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(scratch->store, "second", &value));
    assert_ok(store_setting_put(scratch->store, "second", base_bytes_text("2")));
}

static void settings_are_kept(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(scratch->store, "colour", &value));
    assert_ok(store_setting_put(scratch->store, "colour", base_bytes_text("green")));
    assert_ok(store_setting_put(scratch->store, "colour", base_bytes_of("b\0ue", 4)));
    assert_ok(store_setting_get(scratch->store, "colour", &value));
    assert_int_equal(4, value.len);
    assert_memory_equal("b\0ue", value.data, 4);
    base_buffer_release(&value);
}

static void a_transaction_is_whole_or_not_at_all(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    assert_fails(BASE_E_STATE, store_commit(scratch->store));
    store_rollback(scratch->store);
    assert_ok(store_begin(scratch->store));
    assert_true(store_is_in_transaction(scratch->store));
    assert_fails(BASE_E_STATE, store_begin(scratch->store));
    assert_ok(store_setting_put(scratch->store, "kept", base_bytes_text("no")));
    store_rollback(scratch->store);
    assert_false(store_is_in_transaction(scratch->store));
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(scratch->store, "kept", &value));
    assert_ok(store_begin(scratch->store));
    assert_ok(store_setting_put(scratch->store, "kept", base_bytes_text("yes")));
    assert_ok(store_commit(scratch->store));
    store_close(scratch->store);
    scratch->store = NULL;
    assert_ok(store_open(scratch->path, STORE_OPEN, &scratch->store));
    assert_ok(store_setting_get(scratch->store, "kept", &value));
    assert_string_equal("yes", base_buffer_c_string(&value));
    base_buffer_release(&value);
}

static void a_reader_reads_while_a_writer_writes_and_cannot_write(void **state)
{
    struct scratch *scratch = *state;
    struct store *reader = NULL;
    struct base_buffer value = BASE_BUFFER_EMPTY;
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("before")));
    assert_ok(store_open(scratch->path, STORE_READ, &reader));
    assert_ok(store_begin(scratch->store));
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("after")));
    assert_ok(store_setting_get(reader, "a", &value));
    assert_string_equal("before", base_buffer_c_string(&value));
    assert_ok(store_commit(scratch->store));
    base_buffer_clear(&value);
    assert_ok(store_setting_get(reader, "a", &value));
    assert_string_equal("after", base_buffer_c_string(&value));
    assert_fails(BASE_E_DATABASE, store_setting_put(reader, "a", base_bytes_text("never")));
    store_close(reader);
    base_buffer_release(&value);
}

static void a_full_disk_leaves_the_store_as_it_was(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer large = BASE_BUFFER_EMPTY, value = BASE_BUFFER_EMPTY;
    assert_ok(store_setting_put(scratch->store, "a", base_bytes_text("before")));
    assert_ok(base_buffer_reserve(&large, 1 << 20));
    memset(large.data, 'x', 1 << 20);
    large.len = 1 << 20;
    int64_t pages;
    assert_ok(store_number(scratch->store, "PRAGMA page_count", NULL, 0, &pages));
    char limit[64];
    snprintf(limit, sizeof limit, "PRAGMA max_page_count=%lld", (long long)pages + 8);
    assert_ok(store_script(scratch->store, limit));
    assert_fails(BASE_E_DISK_FULL, store_setting_put(scratch->store, "a", base_bytes_buffer(&large)));
    assert_ok(store_begin(scratch->store));
    assert_ok(store_setting_put(scratch->store, "b", base_bytes_text("small")));
    assert_fails(BASE_E_DISK_FULL, store_setting_put(scratch->store, "a", base_bytes_buffer(&large)));
    store_rollback(scratch->store);
    assert_ok(store_setting_get(scratch->store, "a", &value));
    assert_string_equal("before", base_buffer_c_string(&value));
    assert_fails(BASE_E_NOT_FOUND, store_setting_get(scratch->store, "b", &value));
    assert_ok(store_check(scratch->store));
    base_buffer_release(&large);
    base_buffer_release(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_store_is_made_once_and_for_its_owner_alone),
        SCRATCH_TEST(what_is_not_a_store_is_not_opened),
        SCRATCH_TEST(another_programs_database_and_a_newer_one_are_refused),
        SCRATCH_TEST(an_older_store_is_brought_up_to_date),
        SCRATCH_TEST(what_an_entry_is_about_is_found_in_its_note),
        SCRATCH_TEST(events_keep_their_numbers),
        SCRATCH_TEST(screening_begins_anew),
        SCRATCH_TEST(a_compartment_under_older_terms_is_not_lost),
        SCRATCH_TEST(a_transaction_that_ended_by_itself_takes_no_more),
        SCRATCH_TEST(settings_are_kept),
        SCRATCH_TEST(a_transaction_is_whole_or_not_at_all),
        SCRATCH_TEST(a_reader_reads_while_a_writer_writes_and_cannot_write),
        SCRATCH_TEST(a_full_disk_leaves_the_store_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
