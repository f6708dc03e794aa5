/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-synth [PERSONS]: how fast synthetic persons are made, by a second of one core's time, and with what memory.
 * The yardsticks of the same run are
 * copying records that are there already, which costs the record's part of making one, and the importer reading the very list.
 */
#include "base/file.h"
#include "people/import.h"
#include "synth/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PERSONS_DEFAULT = 500000, PERSONS_MOST = 100000000, CHUNK = 2048, COPIED = 20000, TABLES_READ = 20 };

static int64_t spent_us_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void print_rate(const char *what, uint64_t count, int64_t spent_us, uint64_t bytes)
{
    double seconds = (double)(spent_us == 0 ? 1 : spent_us) / 1e6;
    printf("%-34s %9.0f a second", what, (double)count / seconds);
    if (bytes > 0)
        printf(", %6.1f MB/s, %4.0f bytes each", (double)bytes / 1e6 / seconds, (double)bytes / (double)count);
    printf("   peak %ld KiB\n", peak_kib());
}

static enum base_code make_records(const struct synth *synth, uint64_t persons, bool is_variant)
{
    enum base_code code = BASE_OK;
    int64_t begun = spent_us_now();
    for (uint64_t i = 0; code == BASE_OK && i < persons; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        code = is_variant ? synth_variant(synth, i, 0, &record, NULL) : synth_person(synth, i, &record);
        people_record_release(&record);
    }
    print_rate(is_variant ? "records, second writing" : "records", persons, spent_us_now() - begun, 0);
    return code;
}

static enum base_code copy_all(const struct people_record *records, uint64_t persons)
{
    int64_t begun = spent_us_now();
    for (uint64_t i = 0; i < persons; i++) {
        struct people_record copy = PEOPLE_RECORD_EMPTY;
        enum base_code code = people_record_merge(&copy, &records[i % COPIED]);
        people_record_release(&copy);
        BASE_TRY(code);
    }
    print_rate("yardstick: records copied", persons, spent_us_now() - begun, 0);
    return BASE_OK;
}

static enum base_code copy_records(const struct synth *synth, uint64_t persons)
{
    struct people_record *records = base_alloc_array(COPIED, sizeof *records);
    enum base_code code = records == NULL ? base_fail(BASE_E_NOMEM, "no memory for records") : BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < COPIED; i++)
        code = synth_person(synth, i, &records[i]);
    if (code == BASE_OK)
        code = copy_all(records, persons);
    for (size_t i = 0; records != NULL && i < COPIED; i++)
        people_record_release(&records[i]);
    free(records);
    return code;
}

static enum base_code make_text(const struct synth_lists *lists, const char *what, const char *path)
{
    struct synth_lists_part part = SYNTH_LISTS_PART_EMPTY;
    struct base_sink *sink = NULL;
    uint64_t bytes = 0, rows = 0, persons = synth_lists_persons(lists);
    int64_t spent_us = 0;
    enum base_code code = path == NULL ? BASE_OK : base_sink_open(path, 0600, &sink);
    if (code == BASE_OK && sink != NULL && (code = synth_lists_head(lists, &part.first)) == BASE_OK)
        code = base_sink_write(sink, base_bytes_buffer(&part.first));
    for (uint64_t from = 0; code == BASE_OK && from < persons; from += CHUNK) {
        synth_lists_part_clear(&part);
        int64_t begun = spent_us_now();
        code = synth_lists_make(lists, from, from + CHUNK < persons ? from + CHUNK : persons, &part);
        spent_us += spent_us_now() - begun;
        bytes += part.first.len + part.second.len;
        rows += part.first_rows + part.second_rows;
        if (code == BASE_OK && sink != NULL)
            code = base_sink_write(sink, base_bytes_buffer(&part.first));
    }
    print_rate(what, rows, spent_us, bytes);
    synth_lists_part_release(&part);
    if (sink == NULL)
        return code;
    if (code == BASE_OK)
        return base_sink_finish(sink);
    base_sink_abandon(sink);
    return code;
}

static enum base_code take(void *context, const struct people_record *fragment)
{
    (void)fragment;
    ++*(uint64_t *)context;
    return BASE_OK;
}

static void pass(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context, (void)file, (void)line, (void)reason;
}

static enum base_code read_text(const char *path, const char *mapping)
{
    uint64_t read = 0;
    struct people_import_sink sink = {&read, take, pass, NULL};
    struct people_import_facts facts = {0};
    int64_t begun = spent_us_now();
    BASE_TRY(people_import_run(PEOPLE_FORMAT_CSV, path, mapping, &sink, &facts));
    print_rate("yardstick: the importer reading it", read, spent_us_now() - begun, 0);
    return BASE_OK;
}

/* The list is written to a file of its own, which is read back and removed. */
static enum base_code make_and_read(const struct synth_lists *lists)
{
    char folder[] = "/tmp/bench-synth-XXXXXX", path[64], mapping[64];
    if (mkdtemp(folder) == NULL)
        return base_fail(BASE_E_IO, "no folder for the list");
    snprintf(path, sizeof path, "%s/list.csv", folder);
    snprintf(mapping, sizeof mapping, "%s/list.mapping", folder);
    enum base_code code = base_file_write(mapping, synth_mapping_text(), 0600);
    if (code == BASE_OK)
        code = make_text(lists, "csv", path);
    if (code == BASE_OK)
        code = read_text(path, mapping);
    unlink(path);
    unlink(mapping);
    rmdir(folder);
    return code;
}

static enum base_code time_tables(void)
{
    int64_t begun = spent_us_now();
    for (int i = 0; i < TABLES_READ; i++) {
        struct synth *synth = NULL;
        BASE_TRY(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
        synth_free(synth);
    }
    printf("%-34s %9.1f ms\n", "name tables read", (double)(spent_us_now() - begun) / 1000 / TABLES_READ);
    return BASE_OK;
}

static enum base_code run(struct synth *synth, uint64_t persons)
{
    struct synth_lists plain = {synth, SYNTH_FORMAT_CSV, false, persons, 0};
    struct synth_lists sides = {synth, SYNTH_FORMAT_CSV, true, persons / 2, persons / 10};
    struct synth_lists lines = {synth, SYNTH_FORMAT_FTM, false, persons, 0};
    BASE_TRY(make_text(&sides, "csv, two lists with 1 in 5 shared", NULL));
    BASE_TRY(make_and_read(&plain));
    BASE_TRY(make_text(&lines, "ftm", NULL));
    BASE_TRY(make_records(synth, persons, false));
    BASE_TRY(make_records(synth, persons, true));
    return copy_records(synth, persons);
}

int main(int count, char **arguments)
{
    struct synth *synth = NULL;
    char *end = NULL;
    unsigned long long persons = count > 1 ? strtoull(arguments[1], &end, 10) : PERSONS_DEFAULT;
    if (count > 2 || (end != NULL && *end != 0) || persons < 10 || persons > PERSONS_MOST) {
        fprintf(stderr, "usage: bench-synth [PERSONS]\n");
        return 2;
    }
    enum base_code code = time_tables();
    if (code == BASE_OK)
        code = synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth);
    if (code == BASE_OK)
        code = run(synth, persons);
    if (code != BASE_OK)
        fprintf(stderr, "bench-synth: %s (%s)\n", base_detail(), base_code_word(code));
    synth_free(synth);
    return code != BASE_OK;
}
