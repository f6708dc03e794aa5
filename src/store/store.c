/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "base/file.h"
#include "store/sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x456e7465, SCHEMA_VERSION = 5, BUSY_MS = 5000 };

/* The tables, version by version: a new store runs all steps, an older one those it lacks (doc/spec/store.md 4). */
static const char version_1[] =
    "CREATE TABLE settings(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE sources(id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, format TEXT NOT NULL,"
    " list_date TEXT NOT NULL DEFAULT '', imported_ms INTEGER NOT NULL DEFAULT 0, file_hash BLOB NOT NULL DEFAULT (zeroblob(32)),"
    " mark INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE records(id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources(id), key BLOB NOT NULL,"
    " content BLOB NOT NULL, first_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, withdrawn_ms INTEGER NOT NULL DEFAULT 0,"
    " mark INTEGER NOT NULL, UNIQUE(source, key));"
    "CREATE TABLE former(record INTEGER NOT NULL REFERENCES records(id), replaced_ms INTEGER NOT NULL, content BLOB NOT NULL);"
    "CREATE INDEX former_by_record ON former(record);"
    "CREATE TABLE peers(fingerprint BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
    " card BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE compartments(id BLOB PRIMARY KEY, peer BLOB NOT NULL, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,"
    " since_ms INTEGER NOT NULL, terms BLOB NOT NULL, keys BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE entries(compartment BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, kind TEXT NOT NULL,"
    " time_ms INTEGER NOT NULL, note BLOB NOT NULL, PRIMARY KEY(compartment, number)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX entries_by_hash ON entries(compartment, hash);"
    "CREATE INDEX entries_by_kind ON entries(compartment, kind, time_ms);"
    "CREATE TABLE tiles(compartment BLOB NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,"
    " PRIMARY KEY(compartment, level, number)) WITHOUT ROWID;"
    "CREATE TABLE heads(compartment BLOB NOT NULL, slot INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " time_ms INTEGER NOT NULL, note BLOB NOT NULL, PRIMARY KEY(compartment, slot)) WITHOUT ROWID;"
    "CREATE TABLE outbox(number INTEGER PRIMARY KEY AUTOINCREMENT, compartment BLOB NOT NULL, hash BLOB NOT NULL,"
    " since_ms INTEGER NOT NULL, note BLOB NOT NULL, UNIQUE(compartment, hash));"
    "CREATE TABLE matches(session BLOB PRIMARY KEY, compartment BLOB NOT NULL, is_starter INTEGER NOT NULL,"
    " is_receiver INTEGER NOT NULL, own_count INTEGER NOT NULL, peer_count INTEGER NOT NULL, hit_count INTEGER NOT NULL,"
    " bytes_sent INTEGER NOT NULL, bytes_received INTEGER NOT NULL, started_ms INTEGER NOT NULL, finished_ms INTEGER NOT NULL,"
    " statement BLOB NOT NULL, opening BLOB NOT NULL, tokens BLOB NOT NULL);"
    "CREATE TABLE hits(session BLOB NOT NULL REFERENCES matches(session), record INTEGER NOT NULL REFERENCES records(id),"
    " rule TEXT NOT NULL, grade TEXT NOT NULL, reference BLOB NOT NULL, reason TEXT NOT NULL,"
    " PRIMARY KEY(session, record, reference));"
    "CREATE TABLE nonces(compartment BLOB NOT NULL, nonce BLOB NOT NULL, seen_ms INTEGER NOT NULL,"
    " PRIMARY KEY(compartment, nonce)) WITHOUT ROWID;";

static const char version_2[] =
    "CREATE TABLE contents(compartment BLOB NOT NULL, hash BLOB NOT NULL, state INTEGER NOT NULL, changed_ms INTEGER NOT NULL,"
    " salt BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY(compartment, hash)) WITHOUT ROWID;"
    "CREATE TABLE duties(number INTEGER PRIMARY KEY, compartment BLOB NOT NULL, about BLOB NOT NULL, kind INTEGER NOT NULL,"
    " is_own INTEGER NOT NULL, state INTEGER NOT NULL, opened_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
    " closed_ms INTEGER NOT NULL DEFAULT 0, reminders INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '',"
    " owner TEXT NOT NULL DEFAULT '', overdue BLOB NOT NULL DEFAULT x'', UNIQUE(compartment, about, kind, is_own));"
    "CREATE INDEX duties_by_due ON duties(state, due_ms);"
    "CREATE TABLE alerts(compartment BLOB NOT NULL, hash BLOB NOT NULL, is_own INTEGER NOT NULL, state INTEGER NOT NULL,"
    " tell INTEGER NOT NULL, opened_ms INTEGER NOT NULL, review_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL DEFAULT 0,"
    " person INTEGER NOT NULL DEFAULT 0, content BLOB NOT NULL, PRIMARY KEY(compartment, hash)) WITHOUT ROWID;"
    "CREATE INDEX alerts_by_state ON alerts(state, opened_ms);"
    "CREATE INDEX alerts_by_person ON alerts(person);"
    "CREATE TABLE findings(number INTEGER PRIMARY KEY, compartment BLOB NOT NULL, alert BLOB NOT NULL, subject INTEGER NOT NULL,"
    " other BLOB NOT NULL, state INTEGER NOT NULL, grade INTEGER NOT NULL, opened_ms INTEGER NOT NULL, judged_ms INTEGER NOT NULL DEFAULT 0,"
    " reasons TEXT NOT NULL, news TEXT NOT NULL DEFAULT '', judge TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '',"
    " hit BLOB NOT NULL DEFAULT x'', UNIQUE(compartment, alert, subject, other));"
    "CREATE INDEX findings_by_state ON findings(state, number);"
    "CREATE INDEX findings_by_hit ON findings(hit);"
    "CREATE TABLE events(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, happened_ms INTEGER NOT NULL, added_ms INTEGER NOT NULL,"
    " place TEXT NOT NULL, reference TEXT NOT NULL, content BLOB NOT NULL, UNIQUE(reference));"
    "CREATE TABLE drafts(number INTEGER PRIMARY KEY, compartment BLOB NOT NULL, state INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
    " decided_ms INTEGER NOT NULL DEFAULT 0, author TEXT NOT NULL, decider TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',"
    " request BLOB NOT NULL);"
    "CREATE TABLE users(name TEXT PRIMARY KEY, key BLOB NOT NULL, state INTEGER NOT NULL, since_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE roles(user TEXT NOT NULL REFERENCES users(name), compartment BLOB NOT NULL, role INTEGER NOT NULL,"
    " since_ms INTEGER NOT NULL, PRIMARY KEY(user, compartment, role)) WITHOUT ROWID;"
    "CREATE TABLE looks(number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, user TEXT NOT NULL, compartment BLOB NOT NULL,"
    " what TEXT NOT NULL, subject TEXT NOT NULL, why TEXT NOT NULL, chain BLOB NOT NULL);"
    "CREATE TABLE evidence(number INTEGER PRIMARY KEY, compartment BLOB NOT NULL, found_ms INTEGER NOT NULL, first BLOB NOT NULL,"
    " second BLOB NOT NULL, proof BLOB NOT NULL, UNIQUE(compartment, first, second));"
    "CREATE TABLE sounds(sound INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(sound, record)) WITHOUT ROWID;"
    "CREATE INDEX sounds_by_record ON sounds(record);"
    "CREATE INDEX records_by_change ON records(changed_ms, id);";

/* What an entry is about was in its note only. The text ends where the signatures begin, and none of its other lines begins so. */
static const char version_3[] =
    "ALTER TABLE entries ADD COLUMN about TEXT NOT NULL DEFAULT '';"
    "UPDATE entries SET about=substr(CAST(note AS TEXT), instr(CAST(note AS TEXT), char(10) || 'about: ') + 8, 64)"
    " WHERE instr(CAST(note AS TEXT), char(10) || 'about: ')>0;"
    "UPDATE entries SET about='' WHERE about LIKE '-%';"
    "CREATE INDEX entries_by_about ON entries(compartment, about, kind) WHERE about<>'';"
    "CREATE INDEX outbox_by_compartment ON outbox(compartment, number);"
    "CREATE INDEX duties_by_kind ON duties(compartment, kind, state);";

/* Retention: what is looked at each day has an index, and an event that is gone leaves its number to no other. */
static const char version_4[] =
    "CREATE INDEX contents_held ON contents(compartment, hash) WHERE state<>2;"
    "CREATE INDEX findings_by_other ON findings(other) WHERE subject=2;"
    "ALTER TABLE events RENAME TO events_before;"
    "CREATE TABLE events(number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, happened_ms INTEGER NOT NULL,"
    " added_ms INTEGER NOT NULL, place TEXT NOT NULL, reference TEXT NOT NULL, content BLOB NOT NULL, UNIQUE(reference));"
    "INSERT INTO events(number, kind, happened_ms, added_ms, place, reference, content)"
    " SELECT number, kind, happened_ms, added_ms, place, reference, content FROM events_before;"
    "DROP TABLE events_before;"
    "CREATE INDEX events_by_added ON events(added_ms);";

/* Screening keeps whole profiles, and begins anew where it does not find how far it came. */
static const char version_5[] =
    "DROP TABLE sounds;"
    "CREATE TABLE profiles(number INTEGER PRIMARY KEY, block BLOB NOT NULL);"
    "DELETE FROM settings WHERE name='screened-to';";

static const char *const versions[SCHEMA_VERSION] = {version_1, version_2, version_3, version_4, version_5};

static enum base_code set_up(struct store *store)
{
    sqlite3_busy_timeout(store->database, BUSY_MS);
    return store_script(store, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384;"
                               "PRAGMA temp_store=FILE; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON");
}

/* All steps above `from`, in one transaction: a store is never between two versions. */
static enum base_code bring_up_to_date(struct store *store, int64_t from)
{
    char text[64];
    BASE_TRY(store_script(store, "BEGIN IMMEDIATE"));
    enum base_code code = BASE_OK;
    for (int64_t version = from; code == BASE_OK && version < SCHEMA_VERSION; version++)
        code = store_script(store, versions[version]);
    snprintf(text, sizeof text, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID, SCHEMA_VERSION);
    if (code == BASE_OK)
        code = store_script(store, text);
    if (code == BASE_OK)
        code = store_script(store, "COMMIT");
    store_rollback(store);
    return code;
}

/* The terms of version 1 know no deadlines: a compartment under them cannot go on. */
static enum base_code check_step(struct store *store, int64_t from)
{
    int64_t compartments;
    if (from != 1)
        return BASE_OK;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM compartments", NULL, 0, &compartments));
    return compartments == 0 ? BASE_OK : base_fail(BASE_E_VERSION, "the store has compartments of an older version, which this program cannot "
                                                                   "go on with; use the older program, or begin a new home");
}

static enum base_code check_version(struct store *store, enum store_mode mode)
{
    int64_t application, version;
    BASE_TRY(store_number(store, "PRAGMA application_id", NULL, 0, &application));
    BASE_TRY(store_number(store, "PRAGMA user_version", NULL, 0, &version));
    if (application != APPLICATION_ID)
        return base_fail(BASE_E_CORRUPT, "the file is a database of another program");
    if (version > SCHEMA_VERSION)
        return base_fail(BASE_E_VERSION, "the store was made by a newer version of this program");
    if (version < 1)
        return base_fail(BASE_E_CORRUPT, "the store has no tables");
    if (version < SCHEMA_VERSION && mode == STORE_READ)
        return base_fail(BASE_E_VERSION, "the store is of an older version; any command that writes brings it up to date");
    BASE_TRY(check_step(store, version));
    return version < SCHEMA_VERSION ? bring_up_to_date(store, version) : BASE_OK;
}

/* The journal's mode stands in the file: it is set only in a file that is known to be ours. */
static enum base_code make_ready(struct store *store, enum store_mode mode)
{
    BASE_TRY(set_up(store));
    if (mode != STORE_CREATE)
        BASE_TRY(check_version(store, mode));
    if (mode != STORE_READ)
        BASE_TRY(store_script(store, "PRAGMA journal_mode=WAL"));
    return mode == STORE_CREATE ? bring_up_to_date(store, 0) : BASE_OK;
}

/* Made by hand first, so that nobody else can read it from its first moment. */
static enum base_code make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return base_path_exists(path) ? base_fail(BASE_E_EXISTS, "%s is there already", path)
                                      : base_fail(BASE_E_IO, "cannot create %s", path);
    close(fd);
    return BASE_OK;
}

static void on_rollback(void *context)
{
    struct store *store = context;
    store->undone++;
    store->end.is_known = false;
}

enum base_code store_open(const char *path, enum store_mode mode, struct store **out)
{
    if (mode == STORE_CREATE)
        BASE_TRY(make_file(path));
    else if (!base_path_exists(path))
        return base_fail(BASE_E_NOT_FOUND, "there is no store at %s", path);
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a store");
    int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int result = sqlite3_open_v2(path, &store->database, flags | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_rollback_hook(store->database, on_rollback, store);
    enum base_code code = result == SQLITE_OK ? make_ready(store, mode) : base_fail(BASE_E_DATABASE, "cannot open %s", path);
    if (code != BASE_OK) {
        store_close(store);
        if (mode == STORE_CREATE)
            unlink(path);
        return code;
    }
    *out = store;
    return BASE_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_rollback(store);
    for (size_t i = 0; i < store->prepared_count; i++)
        sqlite3_finalize(store->prepared[i].statement);
    sqlite3_close(store->database);
    free(store);
}

bool store_is_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->database) == 0;
}

enum base_code store_begin(struct store *store)
{
    if (store_is_in_transaction(store))
        return base_fail(BASE_E_STATE, "a transaction is open already");
    store->end.is_known = false;
    enum base_code code = store_script(store, "BEGIN IMMEDIATE");
    store->has_begun = code == BASE_OK;
    if (code != BASE_OK) /* it may have begun all the same */
        store_rollback(store);
    return code;
}

enum base_code store_begin_reading(struct store *store)
{
    if (store_is_in_transaction(store))
        return base_fail(BASE_E_STATE, "a transaction is open already");
    return store_script(store, "BEGIN");
}

enum base_code store_commit(struct store *store)
{
    if (!store_is_in_transaction(store))
        return base_fail(BASE_E_STATE, "no transaction is open");
    store->end.is_known = false;
    enum base_code code = store_script(store, "COMMIT");
    store_rollback(store); /* a commit that failed leaves nothing open */
    return code;
}

void store_rollback(struct store *store)
{
    store->import_source = 0;
    store->has_begun = false;
    store->end.is_known = false;
    /* Where memory was short a moment ago it may be for this too: once more, for a transaction that stays open stops everything. */
    for (unsigned i = 0; i < 2 && store->database != NULL && store_is_in_transaction(store); i++)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
}

enum base_code store_mark(struct store *store)
{
    return store_run(store, "SAVEPOINT mark", NULL, 0, NULL);
}

enum base_code store_mark_keep(struct store *store)
{
    return store_run(store, "RELEASE mark", NULL, 0, NULL);
}

enum base_code store_mark_undo(struct store *store)
{
    store->undone++; /* of this the hook does not hear */
    store->end.is_known = false;
    BASE_TRY(store_run(store, "ROLLBACK TO mark", NULL, 0, NULL));
    return store_mark_keep(store);
}

enum base_code store_journal_empty(struct store *store, bool *is_empty)
{
    int64_t is_busy = 1;
    sqlite3_busy_timeout(store->database, 0); /* who reads is not waited for */
    enum base_code code = store_number(store, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, &is_busy);
    sqlite3_busy_timeout(store->database, BUSY_MS);
    *is_empty = is_busy == 0;
    return code == BASE_E_BUSY ? BASE_OK : code;
}

uint64_t store_undone(const struct store *store)
{
    return store->undone;
}

uint64_t store_changes(struct store *store)
{
    return (uint64_t)sqlite3_total_changes64(store->database);
}

enum base_code store_version(struct store *store, uint64_t *out)
{
    int64_t others; /* changes with what other connections commit */
    BASE_TRY(store_number(store, "PRAGMA data_version", NULL, 0, &others));
    *out = (uint64_t)others << 40 ^ store_changes(store);
    return BASE_OK;
}

enum base_code store_setting_get(struct store *store, const char *name, struct base_buffer *out)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, "SELECT value FROM settings WHERE name=?", STORE_VALUES(store_text(name)), &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK && !has_row)
        code = base_fail(BASE_E_NOT_FOUND, "there is no setting %s", name);
    if (code == BASE_OK)
        code = base_buffer_append(out, store_column_bytes(&query, 0));
    store_query_end(&query);
    return code;
}

enum base_code store_setting_put(struct store *store, const char *name, struct base_bytes value)
{
    return store_run(store, "INSERT INTO settings VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
                     STORE_VALUES(store_text(name), store_bytes(value)), NULL);
}

enum base_code store_check(struct store *store)
{
    struct store_query query;
    bool has_row;
    char first[64] = "";
    BASE_TRY(store_query_begin(store, "PRAGMA integrity_check(1)", NULL, 0, &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK && has_row)
        store_column_text(&query, 0, first, sizeof first);
    store_query_end(&query);
    if (code == BASE_OK && strcmp(first, "ok") != 0)
        code = base_fail(BASE_E_CORRUPT, "the store is damaged: %s", first);
    BASE_TRY(code);
    BASE_TRY(store_query_begin(store, "PRAGMA foreign_key_check", NULL, 0, &query));
    code = store_query_step(&query, &has_row);
    if (code == BASE_OK && has_row)
        code = base_fail(BASE_E_CORRUPT, "a row of the store points nowhere");
    store_query_end(&query);
    return code;
}
