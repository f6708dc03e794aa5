/* SPDX-License-Identifier: Apache-2.0 */
#include "store/events.h"

#include "store/sql.h"

enum base_code store_event_add(struct store *store, const struct store_event *event, int64_t *number)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "INSERT INTO events(kind, happened_ms, added_ms, place, reference, content) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_int(event->kind), store_int(event->happened_ms), store_int(event->added_ms),
                                    store_text(event->place), store_text(event->reference), store_bytes(event->content)),
                       &changes));
    if (changes != 1)
        return base_fail(BASE_E_EXISTS, "there is an event with this reference already");
    return store_number(store, "SELECT last_insert_rowid()", NULL, 0, number);
}

static enum base_code visit_events(struct store_query *query, store_event_visit *visit, void *context, uint64_t *count)
{
    bool has_row;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        const char *place = (const char *)sqlite3_column_text(query->statement, 4);
        const char *reference = (const char *)sqlite3_column_text(query->statement, 5);
        struct store_event event = {.number = store_column_int(query, 0), .kind = (unsigned)store_column_int(query, 1),
                                    .happened_ms = store_column_int(query, 2), .added_ms = store_column_int(query, 3),
                                    .place = place == NULL ? "" : place, .reference = reference == NULL ? "" : reference,
                                    .content = store_column_bytes(query, 6)};
        ++*count;
        if ((code = visit(context, &event)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_event_get(struct store *store, int64_t number, store_event_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT number, kind, happened_ms, added_ms, place, reference, content FROM events WHERE number=?",
                               STORE_VALUES(store_int(number)), &query));
    BASE_TRY(visit_events(&query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such event");
}

enum base_code store_events_each(struct store *store, int64_t after, size_t limit, store_event_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store,
                               "SELECT number, kind, happened_ms, added_ms, place, reference, content FROM events WHERE number>?"
                               " ORDER BY number LIMIT ?",
                               STORE_VALUES(store_int(after), store_int((int64_t)limit)), &query));
    return visit_events(&query, visit, context, &count);
}

enum base_code store_events_old(struct store *store, int64_t added_ms, size_t limit, store_event_number_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    enum base_code code;
    BASE_TRY(store_query_begin(store, "SELECT number FROM events WHERE added_ms<=? ORDER BY added_ms, number LIMIT ?",
                               STORE_VALUES(store_int(added_ms), store_int((int64_t)limit)), &query));
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = visit(context, store_column_int(&query, 0))) != BASE_OK)
            break;
    store_query_end(&query);
    return code;
}

enum base_code store_events_forget(struct store *store, int64_t added_ms, size_t limit, uint64_t *deleted)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "DELETE FROM profiles WHERE number IN (SELECT -number FROM events WHERE added_ms<=? ORDER BY added_ms, number LIMIT ?)",
                       STORE_VALUES(store_int(added_ms), store_int((int64_t)limit)), NULL));
    BASE_TRY(store_run(store,
                       "DELETE FROM events WHERE number IN (SELECT number FROM events WHERE added_ms<=? ORDER BY added_ms, number LIMIT ?)",
                       STORE_VALUES(store_int(added_ms), store_int((int64_t)limit)), &changes));
    *deleted = (uint64_t)changes;
    return BASE_OK;
}
