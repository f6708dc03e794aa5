/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledgers.h"

#include "store/sql.h"

#include <string.h>

static struct store_value id_value(const uint8_t id[STORE_ID_LEN])
{
    return store_blob(id, STORE_ID_LEN);
}

/* A bound above what a column can hold stands above every row. */
static struct store_value number_value(uint64_t number)
{
    return store_int(number > INT64_MAX ? INT64_MAX : (int64_t)number);
}

enum base_code store_entry_add(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_entry *entry)
{
    int changes = 0;
    uint64_t next;
    BASE_TRY(store_entries_count(store, compartment, &next));
    if (entry->index > next)
        return base_fail(BASE_E_RANGE, "entry %llu, and the ledger ends at %llu", (unsigned long long)entry->index,
                         (unsigned long long)next);
    BASE_TRY(store_run(store,
                       "INSERT INTO entries(compartment, number, hash, kind, time_ms, note, about) VALUES(?,?,?,?,?,?,lower(hex(?)))"
                       " ON CONFLICT DO NOTHING",
                       STORE_VALUES(id_value(compartment), store_int((int64_t)entry->index), store_blob(entry->hash, 32),
                                    store_text(entry->kind), store_int(entry->time_ms), store_bytes(entry->note), store_bytes(entry->about)),
                       &changes));
    store->end.entries += store->end.is_known && changes == 1;
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "the entry is in the ledger already");
}

enum base_code store_entry_append(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_entry *entry,
                                  bool *is_new)
{
    int changes = 0;
    uint64_t next;
    BASE_TRY(store_entries_count(store, compartment, &next));
    BASE_TRY(store_run(store,
                       "INSERT INTO entries(compartment, number, hash, kind, time_ms, note, about) VALUES(?,?,?,?,?,?,lower(hex(?)))"
                       " ON CONFLICT(compartment, hash) DO NOTHING",
                       STORE_VALUES(id_value(compartment), store_int((int64_t)next), store_blob(entry->hash, 32), store_text(entry->kind),
                                    store_int(entry->time_ms), store_bytes(entry->note), store_bytes(entry->about)),
                       &changes));
    *is_new = changes == 1;
    store->end.entries += store->end.is_known && *is_new;
    return BASE_OK;
}

static enum base_code visit_entries(struct store_query *query, store_entry_visit *visit, void *context)
{
    bool has_row;
    enum base_code code;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_entry entry = {.index = (uint64_t)store_column_int(query, 0), .time_ms = store_column_int(query, 3),
                                    .note = store_column_bytes(query, 4)};
        store_column_text(query, 2, entry.kind, sizeof entry.kind);
        if ((code = store_column_copy(query, 1, entry.hash, 32)) != BASE_OK || (code = visit(context, &entry)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_entries_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t from, uint64_t to,
                                  store_entry_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store,
                               "SELECT number, hash, kind, time_ms, note FROM entries WHERE compartment=? AND number>=? AND number<?"
                               " ORDER BY number",
                               STORE_VALUES(id_value(compartment), number_value(from), number_value(to)), &query));
    return visit_entries(&query, visit, context);
}

enum base_code store_entries_each_kind(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *kind,
                                       int64_t since_ms, store_entry_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store,
                               "SELECT number, hash, kind, time_ms, note FROM entries WHERE compartment=? AND kind=? AND time_ms>=?"
                               " ORDER BY time_ms, number",
                               STORE_VALUES(id_value(compartment), store_text(kind), store_int(since_ms)), &query));
    return visit_entries(&query, visit, context);
}

enum base_code store_entries_about(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t about[32],
                                   const char *kind, store_entry_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store,
                               "SELECT number, hash, kind, time_ms, note FROM entries INDEXED BY entries_by_about WHERE compartment=?"
                               " AND about=lower(hex(?)) AND about<>''"
                               " AND kind=? ORDER BY number",
                               STORE_VALUES(id_value(compartment), store_blob(about, 32), store_text(kind)), &query));
    return visit_entries(&query, visit, context);
}

enum base_code store_entry_find(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], uint64_t *index)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT number FROM entries WHERE compartment=? AND hash=?",
                          STORE_VALUES(id_value(compartment), store_blob(hash, 32)), &number));
    *index = (uint64_t)number;
    return BASE_OK;
}

static int digit_value(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

enum base_code store_entries_with_prefix(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *digits,
                                         store_entry_visit *visit, void *context)
{
    struct store_query query;
    uint8_t least[32] = {0}, most[32];
    size_t len = strlen(digits);
    memset(most, 0xff, sizeof most);
    if (len < 1 || len > 64)
        return base_fail(BASE_E_ARGUMENT, "a hash has 1 to 64 hexadecimal digits");
    for (size_t i = 0; i < len; i++) {
        int value = digit_value(digits[i]);
        unsigned shift = i % 2 == 0 ? 4 : 0;
        if (value < 0)
            return base_fail(BASE_E_ARGUMENT, "not hexadecimal digits: %.64s", digits);
        least[i / 2] = (uint8_t)(least[i / 2] | value << shift);
        most[i / 2] = (uint8_t)((most[i / 2] & ~(0xf << shift)) | value << shift);
    }
    BASE_TRY(store_query_begin(store,
                               "SELECT number, hash, kind, time_ms, note FROM entries WHERE compartment=? AND hash BETWEEN ? AND ?"
                               " ORDER BY hash",
                               STORE_VALUES(id_value(compartment), store_blob(least, 32), store_blob(most, 32)), &query));
    return visit_entries(&query, visit, context);
}

enum base_code store_outbox_has(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], bool *out)
{
    int64_t count;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM outbox WHERE compartment=? AND hash=?",
                          STORE_VALUES(id_value(compartment), store_blob(hash, 32)), &count));
    *out = count > 0;
    return BASE_OK;
}

enum base_code store_entries_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count)
{
    int64_t next; /* there are no gaps: the last number tells */
    if (store->end.is_known && store_is_in_transaction(store) && memcmp(store->end.compartment, compartment, STORE_ID_LEN) == 0) {
        *count = store->end.entries;
        return BASE_OK;
    }
    BASE_TRY(store_number(store, "SELECT COALESCE(MAX(number)+1, 0) FROM entries WHERE compartment=?",
                          STORE_VALUES(id_value(compartment)), &next));
    *count = (uint64_t)next;
    store->end.is_known = store_is_in_transaction(store);
    store->end.entries = *count;
    memcpy(store->end.compartment, compartment, STORE_ID_LEN);
    return BASE_OK;
}

enum base_code store_entries_count_kind(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *kind,
                                        int64_t since_ms, uint64_t *count)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM entries WHERE compartment=? AND kind=? AND time_ms>=?",
                          STORE_VALUES(id_value(compartment), store_text(kind), store_int(since_ms)), &number));
    *count = (uint64_t)number;
    return BASE_OK;
}

enum base_code store_tile_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned level, uint64_t index,
                              struct base_bytes hashes)
{
    return store_run(store,
                     "INSERT INTO tiles VALUES(?,?,?,?) ON CONFLICT(compartment, level, number) DO UPDATE SET hashes=excluded.hashes",
                     STORE_VALUES(id_value(compartment), store_int(level), store_int((int64_t)index), store_bytes(hashes)), NULL);
}

enum base_code store_tile_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned level, uint64_t index,
                              struct base_buffer *out)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, "SELECT hashes FROM tiles WHERE compartment=? AND level=? AND number=?",
                               STORE_VALUES(id_value(compartment), store_int(level), store_int((int64_t)index)), &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK)
        code = has_row ? base_buffer_append(out, store_column_bytes(&query, 0)) : base_fail(BASE_E_NOT_FOUND, "there is no such tile");
    store_query_end(&query);
    return code;
}

enum base_code store_head_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], enum store_head_slot slot,
                              const struct store_head *head, struct base_bytes note)
{
    return store_run(store,
                     "INSERT INTO heads VALUES(?,?,?,?,?,?) ON CONFLICT(compartment, slot) DO UPDATE SET size=excluded.size,"
                     " root=excluded.root, time_ms=excluded.time_ms, note=excluded.note",
                     STORE_VALUES(id_value(compartment), store_int(slot), store_int((int64_t)head->size), store_blob(head->root, 32),
                                  store_int(head->time_ms), store_bytes(note)),
                     NULL);
}

enum base_code store_head_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], enum store_head_slot slot,
                              struct store_head *head, struct base_buffer *note)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, "SELECT size, root, time_ms, note FROM heads WHERE compartment=? AND slot=?",
                               STORE_VALUES(id_value(compartment), store_int(slot)), &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK && !has_row)
        code = base_fail(BASE_E_NOT_FOUND, "there is no such checkpoint yet");
    if (code == BASE_OK)
        code = store_column_copy(&query, 1, head->root, 32);
    if (code == BASE_OK) {
        head->size = (uint64_t)store_column_int(&query, 0);
        head->time_ms = store_column_int(&query, 2);
        code = base_buffer_append(note, store_column_bytes(&query, 3));
    }
    store_query_end(&query);
    return code;
}

enum base_code store_outbox_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], int64_t now_ms,
                                struct base_bytes note)
{
    int changes = 0;
    BASE_TRY(store_run(store, "INSERT INTO outbox(compartment, hash, since_ms, note) VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(id_value(compartment), store_blob(hash, 32), store_int(now_ms), store_bytes(note)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "the statement waits already");
}

enum base_code store_outbox_remove(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32])
{
    int changes = 0;
    BASE_TRY(store_run(store, "DELETE FROM outbox WHERE compartment=? AND hash=?",
                       STORE_VALUES(id_value(compartment), store_blob(hash, 32)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "no such statement waits");
}

enum base_code store_outbox_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t after, size_t limit,
                                 store_outgoing_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store,
                               "SELECT number, hash, since_ms, note FROM outbox WHERE compartment=? AND number>? ORDER BY number LIMIT ?",
                               STORE_VALUES(id_value(compartment), store_int(after), store_int((int64_t)limit)), &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_outgoing outgoing = {.number = store_column_int(&query, 0), .since_ms = store_column_int(&query, 2),
                                          .note = store_column_bytes(&query, 3)};
        if ((code = store_column_copy(&query, 1, outgoing.hash, 32)) != BASE_OK || (code = visit(context, &outgoing)) != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

enum base_code store_outbox_last(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t *number)
{
    return store_number(store, "SELECT COALESCE(MAX(number), 0) FROM outbox WHERE compartment=?", STORE_VALUES(id_value(compartment)), number);
}

enum base_code store_lags_each(struct store *store, store_lag_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store,
                               "SELECT id, state, EXISTS(SELECT 1 FROM outbox WHERE compartment=id),"
                               " COALESCE((SELECT size FROM heads WHERE compartment=id AND slot=0), 0),"
                               " COALESCE((SELECT size FROM heads WHERE compartment=id AND slot=1), 0) FROM compartments",
                               NULL, 0, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_lag lag = {.state = (uint32_t)store_column_int(&query, 1), .has_outgoing = store_column_int(&query, 2) != 0,
                                .own_size = (uint64_t)store_column_int(&query, 3), .cosigned_size = (uint64_t)store_column_int(&query, 4)};
        if ((code = store_column_copy(&query, 0, lag.compartment, STORE_ID_LEN)) != BASE_OK || (code = visit(context, &lag)) != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

enum base_code store_outbox_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM outbox WHERE compartment=?", STORE_VALUES(id_value(compartment)), &number));
    *count = (uint64_t)number;
    return BASE_OK;
}
