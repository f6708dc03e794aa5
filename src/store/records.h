/* SPDX-License-Identifier: Apache-2.0
 *
 * Records by source. An import is one transaction: fragments are staged on disk (a temporary table, bounded cache), read
 * back grouped by key, merged by the caller, and put; what the file no longer holds is withdrawn. Nothing is deleted: a
 * changed record keeps its former content with the time it was replaced.
 *
 *     store_import_begin(store, label, format)
 *     store_import_stage(store, key, content) ...                   -- any order, any number per key
 *     store_import_groups(store, group, context)                    -- calls group() once per key, keys ascending
 *         store_import_put(store, key, merged, now_ms)              -- from within group()
 *     store_import_finish(store, list_date, file_hash, now_ms, &counts), or store_rollback(store)
 */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include "store/store.h"

struct store_source {
    int64_t id;
    char label[65];     /* the operator's name for it: "un", "uk" */
    char format[17];    /* people_format_word() */
    char list_date[21]; /* as the file states, or "" */
    int64_t imported_ms;
    uint8_t file_hash[32];
    uint64_t current, withdrawn; /* records; filled when read */
};

struct store_import_counts {
    uint64_t added, changed, unchanged, withdrawn, restored;
    uint64_t current_before; /* current records of this source before the import */
};

/* Begins the transaction and makes or finds the source by label. BASE_E_STATE inside a transaction; BASE_E_BUSY. */
enum base_code store_import_begin(struct store *store, const char *label, const char *format) BASE_MUST_USE;
enum base_code store_import_stage(struct store *store, struct base_bytes key, struct base_bytes content) BASE_MUST_USE;
typedef enum base_code store_import_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count);
/* At most 4096 fragments a key: more is BASE_E_LIMIT. */
enum base_code store_import_groups(struct store *store, store_import_group *group, void *context) BASE_MUST_USE;
enum base_code store_import_put(struct store *store, struct base_bytes key, struct base_bytes content, int64_t now_ms) BASE_MUST_USE;
/* What would be withdrawn, before finishing: the number of current records of the source that were not put. */
enum base_code store_import_missing(struct store *store, uint64_t *missing) BASE_MUST_USE;
/* Withdraws what was not put, notes date and file hash, commits. */
enum base_code store_import_finish(struct store *store, const char *list_date, const uint8_t file_hash[32], int64_t now_ms,
                                   struct store_import_counts *counts) BASE_MUST_USE;

typedef enum base_code store_source_visit(void *context, const struct store_source *source);
enum base_code store_sources_each(struct store *store, store_source_visit *visit, void *context) BASE_MUST_USE;

struct store_record {
    int64_t id;
    const char *source; /* label */
    struct base_bytes key;
    struct base_bytes content;
    int64_t first_ms;
    int64_t changed_ms; /* when it was added, changed, withdrawn or restored: store_records_changed_each() */
    int64_t withdrawn_ms; /* 0 while current */
};
typedef enum base_code store_record_visit(void *context, const struct store_record *record);
/* Ascending id; `source` NULL for all; withdrawn ones only when asked for. */
enum base_code store_records_each(struct store *store, const char *source, bool with_withdrawn, store_record_visit *visit,
                                  void *context) BASE_MUST_USE;
/* One record by id; BASE_E_NOT_FOUND. */
enum base_code store_record_get(struct store *store, int64_t id, store_record_visit *visit, void *context) BASE_MUST_USE;
/* What was added, changed, withdrawn or restored after a place in the order of (changed_ms, id), which is the order of the
 * visits; withdrawn ones are among them. At most `limit`. Whoever goes on from the last one visited misses nothing: what one
 * import changes is later than what was there before it, whatever the clock says. */
enum base_code store_records_changed_each(struct store *store, int64_t after_changed_ms, int64_t after_id, size_t limit,
                                          store_record_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_records_count(struct store *store, uint64_t *current) BASE_MUST_USE;

#endif
