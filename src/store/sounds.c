/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sounds.h"

#include "store/sql.h"

#include <stdlib.h>

enum base_code store_sounds_batch_add(struct store_sounds_batch *batch, int64_t record, const int64_t *sounds, size_t count)
{
    BASE_TRY(base_grow_array((void **)&batch->records, &batch->record_capacity, batch->record_count + 1, sizeof *batch->records));
    BASE_TRY(base_grow_array((void **)&batch->sounds, &batch->capacity, batch->count + count, sizeof *batch->sounds));
    batch->records[batch->record_count++] = record;
    for (size_t i = 0; i < count; i++)
        batch->sounds[batch->count++] = (struct store_sound){sounds[i], record};
    return BASE_OK;
}

static int by_sound(const void *a, const void *b)
{
    const struct store_sound *x = a, *y = b;
    if (x->sound != y->sound)
        return x->sound < y->sound ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

static enum base_code put_all(struct store *store, const struct store_sounds_batch *batch)
{
    for (size_t i = 0; i < batch->record_count; i++)
        BASE_TRY(store_run(store, "DELETE FROM sounds WHERE record=?", STORE_VALUES(store_int(batch->records[i])), NULL));
    for (size_t i = 0; i < batch->count; i++)
        BASE_TRY(store_run(store, "INSERT INTO sounds(sound, record) VALUES(?,?)",
                           STORE_VALUES(store_int(batch->sounds[i].sound), store_int(batch->sounds[i].record)), NULL));
    return BASE_OK;
}

static enum base_code write_all(struct store *store, const struct store_sounds_batch *batch)
{
    if (store_is_in_transaction(store))
        return put_all(store, batch);
    BASE_TRY(store_begin(store));
    enum base_code code = put_all(store, batch);
    if (code == BASE_OK)
        return store_commit(store);
    store_rollback(store);
    return code;
}

enum base_code store_sounds_batch_write(struct store_sounds_batch *batch, struct store *store)
{
    if (batch->count > 0) /* in order, a page of the table is written once and not for each of its rows */
        qsort(batch->sounds, batch->count, sizeof *batch->sounds, by_sound);
    BASE_TRY(write_all(store, batch));
    batch->count = batch->record_count = 0;
    return BASE_OK;
}

void store_sounds_batch_release(struct store_sounds_batch *batch)
{
    free(batch->sounds);
    free(batch->records);
    *batch = STORE_SOUNDS_BATCH_EMPTY;
}

enum base_code store_sounds_put(struct store *store, int64_t record, const int64_t *sounds, size_t count)
{
    struct store_sounds_batch batch = STORE_SOUNDS_BATCH_EMPTY;
    enum base_code code = store_sounds_batch_add(&batch, record, sounds, count);
    if (code == BASE_OK)
        code = store_sounds_batch_write(&batch, store);
    store_sounds_batch_release(&batch);
    return code;
}

/* Records by the rows that name them: first each as often as it was met, then each once with its count. */
struct met {
    int64_t *records;
    size_t count, capacity;
};

struct candidate {
    int64_t record;
    size_t shared;
};

static enum base_code meet_sound(struct store *store, int64_t sound, struct met *met)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, "SELECT record FROM sounds WHERE sound=? AND record>0", STORE_VALUES(store_int(sound)), &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        code = met->count == STORE_SOUNDS_ROWS_MAX ? base_fail(BASE_E_LIMIT, "a search that meets more than %d rows", STORE_SOUNDS_ROWS_MAX)
                                                   : base_grow_array((void **)&met->records, &met->capacity, met->count + 1, sizeof *met->records);
        if (code != BASE_OK)
            break;
        met->records[met->count++] = store_column_int(&query, 0);
    }
    store_query_end(&query);
    return code;
}

/* In one transaction, so that all are of one state, and no lock is taken for each. */
static enum base_code meet_all(struct store *store, const int64_t *sounds, size_t count, struct met *met)
{
    bool is_own = !store_is_in_transaction(store);
    enum base_code code = is_own ? store_script(store, "BEGIN") : BASE_OK;
    for (size_t i = 0; i < count && code == BASE_OK; i++)
        code = meet_sound(store, sounds[i], met);
    if (!is_own)
        return code;
    if (code == BASE_OK)
        code = store_script(store, "COMMIT");
    if (code != BASE_OK)
        store_rollback(store);
    return code;
}

static int by_record(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_shared(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->shared != y->shared)
        return x->shared < y->shared ? 1 : -1;
    return by_record(&x->record, &y->record);
}

static enum base_code rank(struct met *met, size_t least, struct candidate **out, size_t *count)
{
    struct candidate *candidates = base_alloc_array(met->count, sizeof *candidates);
    if (candidates == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu candidates", met->count);
    *count = 0;
    if (met->count > 0)
        qsort(met->records, met->count, sizeof *met->records, by_record);
    for (size_t i = 0, end; i < met->count; i = end) {
        for (end = i; end < met->count && met->records[end] == met->records[i];)
            end++;
        if (end - i >= least)
            candidates[(*count)++] = (struct candidate){met->records[i], end - i};
    }
    if (*count > 0)
        qsort(candidates, *count, sizeof *candidates, by_shared);
    *out = candidates;
    return BASE_OK;
}

struct visiting {
    store_sounds_visit *visit;
    void *context;
    size_t shared, visited;
};

static enum base_code visit_one(void *context, const struct store_record *record)
{
    struct visiting *visiting = context;
    if (record->withdrawn_ms != 0)
        return BASE_OK;
    visiting->visited++;
    return visiting->visit(visiting->context, record, visiting->shared);
}

/* A record that is not there any more is passed over: the table may be older than the records. */
static enum base_code visit_all(struct store *store, const struct candidate *candidates, size_t count, size_t limit, struct visiting *visiting)
{
    for (size_t i = 0; i < count && visiting->visited < limit; i++) {
        size_t before = visiting->visited;
        visiting->shared = candidates[i].shared;
        enum base_code code = store_record_get(store, candidates[i].record, visit_one, visiting);
        if (code != BASE_OK && (code != BASE_E_NOT_FOUND || visiting->visited != before))
            return code;
    }
    return BASE_OK;
}

enum base_code store_sounds_find(struct store *store, const int64_t *sounds, size_t count, size_t least, size_t limit,
                                 store_sounds_visit *visit, void *context, size_t *found)
{
    struct met met = {0};
    struct candidate *candidates = NULL;
    struct visiting visiting = {visit, context, 0, 0};
    *found = 0;
    enum base_code code = meet_all(store, sounds, count, &met);
    if (code == BASE_OK)
        code = rank(&met, least, &candidates, found);
    free(met.records);
    if (code == BASE_OK)
        code = visit_all(store, candidates, *found, limit, &visiting);
    free(candidates);
    return code;
}

enum base_code store_sounds_count(struct store *store, uint64_t *count)
{
    int64_t rows;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM sounds", NULL, 0, &rows));
    *count = (uint64_t)rows;
    return BASE_OK;
}

enum base_code store_sounds_clear(struct store *store)
{
    return store_script(store, "DELETE FROM sounds");
}
