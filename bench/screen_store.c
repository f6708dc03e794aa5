/* SPDX-License-Identifier: Apache-2.0
 *
 * Records in a store, to the index: made from the records, and read from what was kept of them.
 */
#include "base/clock.h"
#include "bench/screen.h"
#include "people/packed.h"
#include "store/profiles.h"
#include "store/records.h"

#include <stdio.h>
#include <sys/stat.h>

enum { BUILD_BATCH = 1000 /* records of one transaction, as the node has it */ };

static uint64_t file_bytes(const struct bench *bench)
{
    struct stat facts;
    return stat(bench->path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}

static enum base_code put_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    (void)count;
    return store_import_put(context, key, contents[0], 1);
}

static enum base_code stage_one(struct bench *bench, uint64_t number, struct base_buffer *json)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    base_buffer_clear(json);
    enum base_code code = synth_person(bench->synth, number, &record);
    if (code == BASE_OK)
        code = people_record_encode(&record, json);
    if (code == BASE_OK)
        code = store_import_stage(bench->store, base_bytes_text(record.source_key), base_bytes_buffer(json));
    people_record_release(&record);
    return code;
}

static enum base_code fill_store(struct bench *bench)
{
    static const uint8_t no_hash[32] = {0};
    struct store_import_counts counts;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    int64_t begun = base_clock_elapsed_ms();
    enum base_code code = store_import_begin(bench->store, "synthetic", "csv");
    for (uint64_t i = 0; i < bench->records && code == BASE_OK; i++)
        code = stage_one(bench, i, &json);
    base_buffer_release(&json);
    BASE_TRY(code);
    BASE_TRY(store_import_groups(bench->store, put_group, bench->store));
    BASE_TRY(store_import_finish(bench->store, "", no_hash, 1, &counts));
    printf("store: %llu records made and imported in %.1f s\n", (unsigned long long)counts.added,
           (double)(base_clock_elapsed_ms() - begun) / 1000);
    return BASE_OK;
}

struct building {
    struct bench *bench;
    struct base_buffer block;
    int64_t changed_ms, id;
    uint64_t records, names, block_bytes;
};

/* The number of the index is that of the synthetic person, which the key ends in: the store may have another order. */
static enum base_code build_one(void *context, const struct store_record *stored)
{
    struct building *building = context;
    struct bench *bench = building->bench;
    struct people_record record;
    unsigned long long number = 0;
    BASE_TRY(people_record_decode(stored->content, &record));
    enum base_code code = people_profile_set(bench->profile, &record);
    sscanf(record.source_key, "synth-%llu", &number);
    building->names += record.name_count;
    people_record_release(&record);
    base_buffer_clear(&building->block);
    if (code == BASE_OK)
        code = people_packed_write(bench->profile, &building->block);
    if (code == BASE_OK)
        code = store_profile_put(bench->store, (int64_t)number, base_bytes_buffer(&building->block));
    if (code == BASE_OK)
        code = people_index_add_packed(bench->index, (int64_t)number, base_bytes_buffer(&building->block));
    building->block_bytes += building->block.len;
    building->records++;
    building->changed_ms = stored->changed_ms;
    building->id = stored->id;
    return code;
}

static enum base_code build_all(struct bench *bench, struct building *building)
{
    for (uint64_t before = UINT64_MAX; before != building->records;) {
        before = building->records;
        BASE_TRY(store_begin(bench->store));
        BASE_TRY(store_records_changed_each(bench->store, building->changed_ms, building->id, BUILD_BATCH, build_one, building));
        BASE_TRY(store_commit(bench->store));
    }
    return BASE_OK;
}

static enum base_code build(struct bench *bench)
{
    struct building building = {.bench = bench, .changed_ms = INT64_MIN};
    uint64_t before = file_bytes(bench);
    int64_t begun = base_clock_elapsed_ms();
    BASE_TRY(people_index_new(&bench->index));
    enum base_code code = build_all(bench, &building);
    base_buffer_release(&building.block);
    BASE_TRY(code);
    double seconds = (double)(base_clock_elapsed_ms() - begun) / 1000, records = (double)building.records;
    store_close(bench->store); /* what is in the journal goes into the file */
    bench->store = NULL;
    printf("store: index made from the records in %.1f s: %.0f records a second; %.2f names a record\n", seconds, records / seconds,
           (double)building.names / records);
    printf("store: %.0f bytes a record on disk\n", (double)(file_bytes(bench) - before) / records);
    printf("index: %.0f MB, %.0f bytes a record, of which %.0f are its packed profile\n", (double)people_index_bytes(bench->index) / 1e6,
           (double)people_index_bytes(bench->index) / records, (double)building.block_bytes / records);
    return store_open(bench->path, STORE_OPEN, &bench->store);
}

static enum base_code load_one(void *context, int64_t number, struct base_bytes block)
{
    return people_index_add_packed(context, number, block);
}

static enum base_code load(struct bench *bench)
{
    int64_t begun = base_clock_elapsed_ms();
    people_index_free(bench->index);
    bench->index = NULL;
    BASE_TRY(people_index_new(&bench->index));
    BASE_TRY(store_profiles_each(bench->store, load_one, bench->index));
    printf("store: index read from it in %.1f s\n", (double)(base_clock_elapsed_ms() - begun) / 1000);
    return BASE_OK;
}

enum base_code bench_screen_store(struct bench *bench)
{
    BASE_TRY(store_open(bench->path, STORE_CREATE, &bench->store));
    BASE_TRY(fill_store(bench));
    BASE_TRY(build(bench));
    return load(bench);
}
