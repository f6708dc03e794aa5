/* SPDX-License-Identifier: Apache-2.0 */
#include "store/records.h"

#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

enum { FRAGMENTS_PER_KEY_MAX = 4096 };

static enum base_code check_import(const struct store *store)
{
    return store->import_source != 0 ? BASE_OK : base_fail(BASE_E_STATE, "no import was begun");
}

static enum base_code begin_import(struct store *store, const char *label, const char *format)
{
    int64_t source, mark, current, newest;
    BASE_TRY(store_script(store, "CREATE TEMP TABLE IF NOT EXISTS stage(number INTEGER PRIMARY KEY, key BLOB NOT NULL,"
                                 " content BLOB NOT NULL); DELETE FROM temp.stage"));
    BASE_TRY(store_run(store,
                       "INSERT INTO sources(label, format) VALUES(?,?) ON CONFLICT(label) DO UPDATE SET format=excluded.format",
                       STORE_VALUES(store_text(label), store_text(format)), NULL));
    BASE_TRY(store_run(store, "UPDATE sources SET mark=mark+1 WHERE label=?", STORE_VALUES(store_text(label)), NULL));
    BASE_TRY(store_number(store, "SELECT id FROM sources WHERE label=?", STORE_VALUES(store_text(label)), &source));
    BASE_TRY(store_number(store, "SELECT mark FROM sources WHERE id=?", STORE_VALUES(store_int(source)), &mark));
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM records WHERE source=? AND withdrawn_ms=0",
                          STORE_VALUES(store_int(source)), &current));
    BASE_TRY(store_number(store, "SELECT COALESCE(MAX(changed_ms), 0) FROM records", NULL, 0, &newest));
    store->import_source = source;
    store->import_change_ms = newest + 1;
    store->import_mark = mark;
    store->import_before = (uint64_t)current;
    store->import_added = store->import_changed = store->import_unchanged = store->import_restored = 0;
    return BASE_OK;
}

enum base_code store_import_begin(struct store *store, const char *label, const char *format)
{
    BASE_TRY(store_begin(store));
    enum base_code code = begin_import(store, label, format);
    if (code != BASE_OK)
        store_rollback(store);
    return code;
}

enum base_code store_import_stage(struct store *store, struct base_bytes key, struct base_bytes content)
{
    BASE_TRY(check_import(store));
    return store_run(store, "INSERT INTO temp.stage(key, content) VALUES(?,?)", STORE_VALUES(store_bytes(key), store_bytes(content)),
                     NULL);
}

/* The fragments of one key, copied out of the walk. */
struct fragments {
    struct base_buffer key;
    struct base_buffer *contents;
    size_t count, capacity;
};

static enum base_code add_fragment(struct fragments *fragments, struct base_bytes content)
{
    if (fragments->count == FRAGMENTS_PER_KEY_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d rows for one key", FRAGMENTS_PER_KEY_MAX);
    if (fragments->count == fragments->capacity) {
        size_t before = fragments->capacity;
        BASE_TRY(base_grow_array((void **)&fragments->contents, &fragments->capacity, before + 1, sizeof *fragments->contents));
        memset(fragments->contents + before, 0, (fragments->capacity - before) * sizeof *fragments->contents);
    }
    struct base_buffer *slot = &fragments->contents[fragments->count];
    base_buffer_clear(slot);
    BASE_TRY(base_buffer_append(slot, content));
    fragments->count++;
    return BASE_OK;
}

static enum base_code hand_over(struct fragments *fragments, store_import_group *group, void *context)
{
    if (fragments->count == 0)
        return BASE_OK;
    struct base_bytes *views = base_alloc_array(fragments->count, sizeof *views);
    if (views == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a group");
    for (size_t i = 0; i < fragments->count; i++)
        views[i] = base_bytes_buffer(&fragments->contents[i]);
    enum base_code code = group(context, base_bytes_buffer(&fragments->key), views, fragments->count);
    free(views);
    fragments->count = 0;
    return code;
}

static enum base_code take_staged(struct fragments *fragments, const struct store_query *query, store_import_group *group,
                                  void *context)
{
    struct base_bytes key = store_column_bytes(query, 0);
    if (!base_bytes_equal(key, base_bytes_buffer(&fragments->key))) {
        BASE_TRY(hand_over(fragments, group, context));
        base_buffer_clear(&fragments->key);
        BASE_TRY(base_buffer_append(&fragments->key, key));
    }
    return add_fragment(fragments, store_column_bytes(query, 1));
}

enum base_code store_import_groups(struct store *store, store_import_group *group, void *context)
{
    struct fragments fragments = {.key = BASE_BUFFER_EMPTY};
    struct store_query query;
    bool has_row;
    BASE_TRY(check_import(store));
    BASE_TRY(store_query_begin(store, "SELECT key, content FROM temp.stage ORDER BY key, number", NULL, 0, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = take_staged(&fragments, &query, group, context)) != BASE_OK)
            break;
    if (code == BASE_OK)
        code = hand_over(&fragments, group, context);
    store_query_end(&query);
    for (size_t i = 0; i < fragments.capacity; i++)
        base_buffer_release(&fragments.contents[i]);
    free(fragments.contents);
    base_buffer_release(&fragments.key);
    return code;
}

struct held {
    int64_t id, withdrawn_ms;
    bool is_there, is_same;
};

static enum base_code find_record(struct store *store, struct base_bytes key, struct base_bytes content, struct held *out)
{
    struct store_query query;
    *out = (struct held){0};
    BASE_TRY(store_query_begin(store, "SELECT id, withdrawn_ms, content FROM records WHERE source=? AND key=?",
                               STORE_VALUES(store_int(store->import_source), store_bytes(key)), &query));
    enum base_code code = store_query_step(&query, &out->is_there);
    if (code == BASE_OK && out->is_there) {
        out->id = store_column_int(&query, 0);
        out->withdrawn_ms = store_column_int(&query, 1);
        out->is_same = base_bytes_equal(store_column_bytes(&query, 2), content);
    }
    store_query_end(&query);
    return code;
}

static enum base_code replace_content(struct store *store, int64_t id, struct base_bytes content, int64_t now_ms)
{
    BASE_TRY(store_run(store, "INSERT INTO former SELECT id, ?, content FROM records WHERE id=?",
                       STORE_VALUES(store_int(now_ms), store_int(id)), NULL));
    return store_run(store, "UPDATE records SET content=? WHERE id=?", STORE_VALUES(store_bytes(content), store_int(id)), NULL);
}

/* A change is never as early as one of a transaction before it: who reads changes in their order has read those already. */
static int64_t change_time(const struct store *store, int64_t now_ms)
{
    return now_ms > store->import_change_ms ? now_ms : store->import_change_ms;
}

enum base_code store_import_put(struct store *store, struct base_bytes key, struct base_bytes content, int64_t now_ms)
{
    struct held held;
    BASE_TRY(check_import(store));
    BASE_TRY(find_record(store, key, content, &held));
    if (!held.is_there) {
        store->import_added++;
        return store_run(store, "INSERT INTO records(source, key, content, first_ms, changed_ms, mark) VALUES(?,?,?,?,?,?)",
                         STORE_VALUES(store_int(store->import_source), store_bytes(key), store_bytes(content), store_int(now_ms),
                                      store_int(change_time(store, now_ms)), store_int(store->import_mark)),
                         NULL);
    }
    if (!held.is_same)
        BASE_TRY(replace_content(store, held.id, content, now_ms));
    if (held.withdrawn_ms != 0)
        store->import_restored++;
    else if (held.is_same)
        store->import_unchanged++;
    else
        store->import_changed++;
    if (held.is_same && held.withdrawn_ms == 0)
        return store_run(store, "UPDATE records SET mark=? WHERE id=?", STORE_VALUES(store_int(store->import_mark), store_int(held.id)), NULL);
    return store_run(store, "UPDATE records SET mark=?, withdrawn_ms=0, changed_ms=? WHERE id=?",
                     STORE_VALUES(store_int(store->import_mark), store_int(change_time(store, now_ms)), store_int(held.id)), NULL);
}

enum base_code store_import_missing(struct store *store, uint64_t *missing)
{
    int64_t count;
    BASE_TRY(check_import(store));
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM records WHERE source=? AND withdrawn_ms=0 AND mark<>?",
                          STORE_VALUES(store_int(store->import_source), store_int(store->import_mark)), &count));
    *missing = (uint64_t)count;
    return BASE_OK;
}

enum base_code store_import_finish(struct store *store, const char *list_date, const uint8_t file_hash[32], int64_t now_ms,
                                   struct store_import_counts *counts)
{
    int withdrawn = 0;
    BASE_TRY(check_import(store));
    BASE_TRY(store_run(store, "UPDATE records SET withdrawn_ms=?, changed_ms=? WHERE source=? AND withdrawn_ms=0 AND mark<>?",
                       STORE_VALUES(store_int(now_ms), store_int(change_time(store, now_ms)), store_int(store->import_source),
                                    store_int(store->import_mark)),
                       &withdrawn));
    BASE_TRY(store_run(store, "UPDATE sources SET list_date=?, imported_ms=?, file_hash=? WHERE id=?",
                       STORE_VALUES(store_text(list_date), store_int(now_ms), store_blob(file_hash, 32),
                                    store_int(store->import_source)),
                       NULL));
    BASE_TRY(store_script(store, "DELETE FROM temp.stage"));
    *counts = (struct store_import_counts){store->import_added, store->import_changed, store->import_unchanged,
                                           (uint64_t)withdrawn, store->import_restored, store->import_before};
    return store_commit(store);
}

enum base_code store_sources_each(struct store *store, store_source_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store,
                               "SELECT s.id, label, format, list_date, imported_ms, file_hash,"
                               " (SELECT COUNT(*) FROM records r WHERE r.source=s.id AND withdrawn_ms=0),"
                               " (SELECT COUNT(*) FROM records r WHERE r.source=s.id AND withdrawn_ms<>0)"
                               " FROM sources s ORDER BY label",
                               NULL, 0, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_source source = {.id = store_column_int(&query, 0), .imported_ms = store_column_int(&query, 4),
                                      .current = (uint64_t)store_column_int(&query, 6),
                                      .withdrawn = (uint64_t)store_column_int(&query, 7)};
        store_column_text(&query, 1, source.label, sizeof source.label);
        store_column_text(&query, 2, source.format, sizeof source.format);
        store_column_text(&query, 3, source.list_date, sizeof source.list_date);
        if ((code = store_column_copy(&query, 5, source.file_hash, 32)) != BASE_OK || (code = visit(context, &source)) != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

#define RECORD_COLUMNS "SELECT r.id, s.label, r.key, r.content, r.first_ms, r.changed_ms, r.withdrawn_ms" \
                       " FROM records r JOIN sources s ON s.id=r.source"

static enum base_code visit_record(const struct store_query *query, store_record_visit *visit, void *context)
{
    char label[65];
    store_column_text(query, 1, label, sizeof label);
    struct store_record record = {.id = store_column_int(query, 0), .source = label, .key = store_column_bytes(query, 2),
                                  .content = store_column_bytes(query, 3), .first_ms = store_column_int(query, 4),
                                  .changed_ms = store_column_int(query, 5), .withdrawn_ms = store_column_int(query, 6)};
    return visit(context, &record);
}

static enum base_code walk_records(struct store *store, const char *text, const struct store_value *values, size_t count,
                                   store_record_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, text, values, count, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = visit_record(&query, visit, context)) != BASE_OK)
            break;
    store_query_end(&query);
    return code;
}

enum base_code store_records_each(struct store *store, const char *source, bool with_withdrawn, store_record_visit *visit,
                                  void *context)
{
    static const char all[] = RECORD_COLUMNS " WHERE (?1 OR r.withdrawn_ms=0) ORDER BY r.id";
    static const char one[] = RECORD_COLUMNS " WHERE (?1 OR r.withdrawn_ms=0) AND s.label=?2 ORDER BY r.id";
    struct store_value values[] = {store_int(with_withdrawn), store_text(source == NULL ? "" : source)};
    return walk_records(store, source == NULL ? all : one, values, source == NULL ? 1 : 2, visit, context);
}

enum base_code store_records_changed_each(struct store *store, int64_t after_changed_ms, int64_t after_id, size_t limit,
                                          store_record_visit *visit, void *context)
{
    static const char text[] = RECORD_COLUMNS " WHERE (r.changed_ms, r.id)>(?,?) ORDER BY r.changed_ms, r.id LIMIT ?";
    struct store_value values[] = {store_int(after_changed_ms), store_int(after_id), store_int(limit > INT64_MAX ? INT64_MAX : (int64_t)limit)};
    return walk_records(store, text, values, 3, visit, context);
}

enum base_code store_record_get(struct store *store, int64_t id, store_record_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, RECORD_COLUMNS " WHERE r.id=?", STORE_VALUES(store_int(id)), &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK)
        code = has_row ? visit_record(&query, visit, context) : base_fail(BASE_E_NOT_FOUND, "there is no record %lld", (long long)id);
    store_query_end(&query);
    return code;
}

enum base_code store_records_count(struct store *store, uint64_t *current)
{
    int64_t count;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM records WHERE withdrawn_ms=0", NULL, 0, &count));
    *current = (uint64_t)count;
    return BASE_OK;
}
