/* SPDX-License-Identifier: Apache-2.0
 *
 * A sink that merges fragments by key in memory, for tests, and notes the bad rows.
 */
#ifndef PEOPLE_COLLECT_H
#define PEOPLE_COLLECT_H

#include "people/import.h"
#include "people/import_job.h"
#include "support/test.h"

struct collect {
    struct people_record *records;
    size_t count, capacity, last;
    size_t bad_count;
    uint64_t bad_line;      /* of the last bad row */
    char bad_reason[256], bad_file[64];
    size_t stop_after;      /* fragments; 0: never */
    size_t progress_calls;
    uint64_t progress_done, progress_total;
    struct people_import_facts facts;
};

static inline struct people_record *collect_find(struct collect *collect, const char *key)
{
    for (size_t i = 0; i < collect->count; i++) {
        size_t at = (collect->last + i) % collect->count;
        if (strcmp(collect->records[at].source_key, key) == 0) {
            collect->last = at;
            return &collect->records[at];
        }
    }
    return NULL;
}

static inline enum base_code collect_fragment(void *context, const struct people_record *fragment)
{
    struct collect *collect = context;
    if (collect->stop_after != 0 && --collect->stop_after == 0)
        return base_fail(BASE_E_CANCELLED, "stopped by the test");
    struct people_record *record = collect_find(collect, fragment->source_key);
    if (record == NULL) {
        BASE_TRY(base_grow_array((void **)&collect->records, &collect->capacity, collect->count + 1,
                                 sizeof *collect->records));
        collect->last = collect->count;
        record = &collect->records[collect->count++];
        *record = PEOPLE_RECORD_EMPTY;
    }
    return people_record_merge(record, fragment);
}

static inline void collect_bad(void *context, const char *file, uint64_t line, const char *reason)
{
    struct collect *collect = context;
    collect->bad_count++;
    collect->bad_line = line;
    snprintf(collect->bad_reason, sizeof collect->bad_reason, "%s", reason);
    snprintf(collect->bad_file, sizeof collect->bad_file, "%s", file);
}

static inline enum base_code collect_progress(void *context, uint64_t done, uint64_t total)
{
    struct collect *collect = context;
    collect->progress_calls++;
    collect->progress_done = done;
    collect->progress_total = total;
    return BASE_OK;
}

static inline struct people_import_sink collect_sink(struct collect *collect)
{
    return (struct people_import_sink){collect, collect_fragment, collect_bad, collect_progress};
}

static inline enum base_code collect_run(struct collect *collect, enum people_format format, const char *path,
                                         const char *mapping)
{
    struct people_import_sink sink = collect_sink(collect);
    return people_import_run(format, path, mapping, &sink, &collect->facts);
}

/* The same over bytes in memory, for one-file formats. */
static inline enum base_code collect_bytes(struct collect *collect, enum people_format format, struct base_bytes bytes,
                                           const char *mapping)
{
    struct people_import_sink sink = collect_sink(collect);
    struct people_job job = {.sink = &sink, .facts = &collect->facts, .total_bytes = bytes.len};
    struct people_stream stream;
    people_stream_over(&stream, bytes, "memory");
    enum base_code code = format == PEOPLE_FORMAT_UN_XML   ? people_import_un(&stream, &job)
                          : format == PEOPLE_FORMAT_UK_CSV ? people_import_uk(&stream, &job)
                          : format == PEOPLE_FORMAT_FTM    ? people_import_ftm(&stream, &job)
                                                        : people_import_mapped(&stream, base_bytes_text(mapping), &job);
    return code == BASE_OK ? people_job_check(&job) : code;
}

static inline enum base_code collect_text(struct collect *collect, enum people_format format, const char *text,
                                          const char *mapping)
{
    return collect_bytes(collect, format, base_bytes_text(text), mapping);
}

static inline void collect_release(struct collect *collect)
{
    for (size_t i = 0; i < collect->count; i++)
        people_record_release(&collect->records[i]);
    free(collect->records);
    *collect = (struct collect){0};
}

static inline bool has_name(const struct people_record *record, enum people_name_kind kind, const char *text)
{
    for (size_t i = 0; i < record->name_count; i++)
        if (record->names[i].kind == kind && strcmp(record->names[i].text, text) == 0)
            return true;
    return false;
}

static inline bool has_text(const struct people_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

/* `from` and `to` as YYYYMMDD with 00 for what is not known. */
static inline bool has_birth(const struct people_record *record, int from, int to, bool is_circa)
{
    for (size_t i = 0; i < record->birth_count; i++) {
        const struct people_date *birth = &record->births[i];
        if (birth->from.year * 10000 + birth->from.month * 100 + birth->from.day == from &&
            birth->to.year * 10000 + birth->to.month * 100 + birth->to.day == to && birth->is_circa == is_circa)
            return true;
    }
    return false;
}

#endif
