/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct store_value store_int(int64_t value)
{
    return (struct store_value){.type = STORE_VALUE_INTEGER, .integer = value};
}

struct store_value store_text(const char *text)
{
    return (struct store_value){.type = STORE_VALUE_TEXT, .bytes = base_bytes_text(text)};
}

struct store_value store_blob(const void *data, size_t len)
{
    return (struct store_value){.type = STORE_VALUE_BLOB, .bytes = base_bytes_of(data, len)};
}

struct store_value store_bytes(struct base_bytes bytes)
{
    return (struct store_value){.type = STORE_VALUE_BLOB, .bytes = bytes};
}

/* SQLite calls only ENOSPC a full disk; a quota or a limit on a file's size is one too. It does not keep the cause of a failed
 * commit (sqlite3_system_errno() is not set there), but errno still has it. */
static bool is_disk_full(int result, int cause)
{
    return (result & 0xff) == SQLITE_FULL ||
           ((result & 0xff) == SQLITE_IOERR && (cause == ENOSPC || cause == EDQUOT || cause == EFBIG));
}

/* SQLite's messages name tables and columns, never values. */
static enum base_code fail(struct store *store, int result)
{
    int cause = errno;
    const char *message = sqlite3_errmsg(store->database);
    if (is_disk_full(result, cause))
        return base_fail(BASE_E_DISK_FULL, "the disk is full: the store is as it was");
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return base_fail(BASE_E_BUSY, "another process is writing to the store; try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return base_fail(BASE_E_CORRUPT, "the store is damaged or not a database: %s", message);
    case SQLITE_NOMEM:
        return base_fail(BASE_E_NOMEM, "no memory for the store");
    case SQLITE_TOOBIG:
        return base_fail(BASE_E_LIMIT, "a value too large for the store");
    default:
        return base_fail(BASE_E_DATABASE, "the store refused: %s", message);
    }
}

static enum base_code prepare(struct store *store, const char *text, sqlite3_stmt **out)
{
    int result = sqlite3_prepare_v3(store->database, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return result == SQLITE_OK ? BASE_OK : fail(store, result);
}

/* SQLite may end a transaction by itself, and has been seen not to say so (no memory at the end of a statement, 3.40): what comes
 * behind would each be a transaction of its own. */
static enum base_code check_transaction(const struct store *store)
{
    return !store->has_begun || store_is_in_transaction(store) ? BASE_OK
                                                               : base_fail(BASE_E_DATABASE, "the store has ended the transaction by itself");
}

static enum base_code take_statement(struct store *store, const char *text, struct store_query *out)
{
    *out = (struct store_query){.store = store};
    BASE_TRY(check_transaction(store));
    for (size_t i = 0; i < store->prepared_count; i++) {
        struct store_prepared *slot = &store->prepared[i];
        if (slot->text == text && !slot->is_used) {
            slot->is_used = true;
            out->slot = slot;
            out->statement = slot->statement;
            return BASE_OK;
        }
    }
    BASE_TRY(prepare(store, text, &out->statement));
    if (store->prepared_count < STORE_STATEMENTS_MAX) {
        out->slot = &store->prepared[store->prepared_count++];
        *out->slot = (struct store_prepared){text, out->statement, true};
    }
    return BASE_OK;
}

static int bind(sqlite3_stmt *statement, int at, const struct store_value *value)
{
    const char *data = value->bytes.data == NULL ? "" : (const char *)value->bytes.data;
    if (value->type == STORE_VALUE_INTEGER)
        return sqlite3_bind_int64(statement, at, value->integer);
    if (value->type == STORE_VALUE_TEXT)
        return sqlite3_bind_text64(statement, at, data, value->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_blob64(statement, at, data, value->bytes.len, SQLITE_STATIC);
}

enum base_code store_query_begin(struct store *store, const char *text, const struct store_value *values, size_t count,
                                 struct store_query *out)
{
    BASE_TRY(take_statement(store, text, out));
    for (size_t i = 0; i < count; i++) {
        int result = bind(out->statement, (int)i + 1, &values[i]);
        if (result != SQLITE_OK) {
            enum base_code code = fail(store, result);
            store_query_end(out);
            return code;
        }
    }
    return BASE_OK;
}

enum base_code store_query_step(struct store_query *query, bool *has_row)
{
    errno = 0; /* fail() looks at what the system says from here on */
    int result = sqlite3_step(query->statement);
    *has_row = result == SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? BASE_OK : fail(query->store, result);
}

void store_query_end(struct store_query *query)
{
    if (query->statement == NULL)
        return;
    if (query->slot == NULL) {
        sqlite3_finalize(query->statement);
    } else {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
        query->slot->is_used = false;
    }
    query->statement = NULL;
}

int64_t store_column_int(const struct store_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

struct base_bytes store_column_bytes(const struct store_query *query, int column)
{
    const void *data = sqlite3_column_blob(query->statement, column);
    return base_bytes_of(data, (size_t)sqlite3_column_bytes(query->statement, column));
}

void store_column_text(const struct store_query *query, int column, char *out, size_t capacity)
{
    const unsigned char *text = sqlite3_column_text(query->statement, column);
    snprintf(out, capacity, "%s", text == NULL ? "" : (const char *)text);
}

enum base_code store_column_copy(const struct store_query *query, int column, void *out, size_t len)
{
    struct base_bytes bytes = store_column_bytes(query, column);
    if (bytes.len != len)
        return base_fail(BASE_E_CORRUPT, "a value of %zu bytes where %zu belong", bytes.len, len);
    memcpy(out, bytes.data, len);
    return BASE_OK;
}

enum base_code store_run(struct store *store, const char *text, const struct store_value *values, size_t count, int *changes)
{
    struct store_query query;
    bool has_row = true;
    BASE_TRY(store_query_begin(store, text, values, count, &query));
    enum base_code code = BASE_OK;
    while (code == BASE_OK && has_row)
        code = store_query_step(&query, &has_row);
    if (changes != NULL)
        *changes = sqlite3_changes(store->database);
    store_query_end(&query);
    return code;
}

enum base_code store_number(struct store *store, const char *text, const struct store_value *values, size_t count, int64_t *out)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, text, values, count, &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK && !has_row)
        code = base_fail(BASE_E_NOT_FOUND, "there is no such row");
    if (code == BASE_OK)
        *out = store_column_int(&query, 0);
    store_query_end(&query);
    return code;
}

enum base_code store_script(struct store *store, const char *text)
{
    errno = 0;
    int result = sqlite3_exec(store->database, text, NULL, NULL, NULL);
    return result == SQLITE_OK ? BASE_OK : fail(store, result);
}
