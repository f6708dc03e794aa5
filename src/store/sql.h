/* SPDX-License-Identifier: Apache-2.0
 *
 * The one port to SQLite. A query is a text with `?` parameters and a list of arguments; the text is prepared once and kept.
 * Private to the layer.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "store/compartments.h"

#include <sqlite3.h>

enum { STORE_STATEMENTS_MAX = 192, STORE_TALLIES = 256 };

struct store {
    sqlite3 *database;
    struct store_prepared {
        const char *text; /* of static life: the address is the key */
        sqlite3_stmt *statement;
        bool is_used; /* a walk may start the same query again from its visit */
    } prepared[STORE_STATEMENTS_MAX];
    size_t prepared_count;
    bool has_begun;  /* a transaction of store_begin() should be open */
    uint64_t undone; /* how often a change was taken back */
    struct {
        bool is_known; /* only inside a transaction, where nobody else adds an entry */
        uint8_t compartment[STORE_ID_LEN];
        uint64_t entries;
    } end; /* of the ledger that was written last */
    struct store_tally {
        uint8_t compartment[STORE_ID_LEN];
        char what[40];
        int64_t since_ms;
        uint64_t count, entries; /* so many, when the ledger had so many entries */
        uint64_t undone;
    } tallies[STORE_TALLIES];
    int64_t import_source; /* 0: no import under way */
    int64_t import_mark;
    int64_t import_change_ms; /* later than every change before it */
    uint64_t import_before;
    uint64_t import_added, import_changed, import_unchanged, import_restored;
};

/* One argument of a query. */
struct store_value {
    enum { STORE_VALUE_INTEGER, STORE_VALUE_TEXT, STORE_VALUE_BLOB } type;
    int64_t integer;
    struct base_bytes bytes;
};
struct store_value store_int(int64_t value);
struct store_value store_text(const char *text);
struct store_value store_blob(const void *data, size_t len);
struct store_value store_bytes(struct base_bytes bytes);

struct store_query {
    struct store *store;
    sqlite3_stmt *statement;
    struct store_prepared *slot; /* NULL: the statement is this query's own */
};

/* Begins a query with `count` arguments, borrowed until it ends. */
enum base_code store_query_begin(struct store *store, const char *text, const struct store_value *values, size_t count,
                                 struct store_query *out) BASE_MUST_USE;
/* *has_row: whether the query stands on a row. */
enum base_code store_query_step(struct store_query *query, bool *has_row) BASE_MUST_USE;
void store_query_end(struct store_query *query);
int64_t store_column_int(const struct store_query *query, int column);
struct base_bytes store_column_bytes(const struct store_query *query, int column);
void store_column_text(const struct store_query *query, int column, char *out, size_t capacity);
/* A blob of exactly len bytes. BASE_E_CORRUPT. */
enum base_code store_column_copy(const struct store_query *query, int column, void *out, size_t len) BASE_MUST_USE;

/* Runs a query that gives no rows; *changes (may be NULL) counts the rows it changed. */
enum base_code store_run(struct store *store, const char *text, const struct store_value *values, size_t count,
                         int *changes) BASE_MUST_USE;
/* Runs a query for one number. BASE_E_NOT_FOUND without a row. */
enum base_code store_number(struct store *store, const char *text, const struct store_value *values, size_t count,
                            int64_t *out) BASE_MUST_USE;
enum base_code store_script(struct store *store, const char *text) BASE_MUST_USE;

#define STORE_VALUES(...)                                                                                              \
    (const struct store_value[]){__VA_ARGS__}, sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value)

#endif
