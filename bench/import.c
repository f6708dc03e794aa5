/* SPDX-License-Identifier: Apache-2.0
 *
 * How fast lists go in: rows and megabytes a second for each importer, with and without writing the records as JSON, the
 * peak memory, and the ratio to plainly reading the same bytes.
 *
 *     bench-import [shared folder]      -- default $ENTENTE_SHARED; without lists there, the demo lists of $ENTENTE_SOURCE
 */
#include "base/clock.h"
#include "people/import.h"
#include "people/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ROUNDS_MAX = 200, MEASURE_MS = 700 };

struct tally {
    struct base_buffer json;
    uint64_t fragments, json_bytes;
    bool writes_json;
};

static enum base_code take(void *context, const struct people_record *fragment)
{
    struct tally *tally = context;
    tally->fragments++;
    if (!tally->writes_json)
        return BASE_OK;
    base_buffer_clear(&tally->json);
    BASE_TRY(people_record_encode(fragment, &tally->json));
    tally->json_bytes += tally->json.len;
    return BASE_OK;
}

static void pass(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context, (void)file, (void)line, (void)reason;
}

/* The unpacked bytes of a file, read to the end in pieces. */
static uint64_t read_plainly(const char *path)
{
    static uint8_t chunk[65536];
    struct people_stream stream;
    uint64_t total = 0;
    size_t len = 0;
    if (people_stream_open(&stream, path) != BASE_OK)
        return 0;
    while (people_stream_read(&stream, chunk, sizeof chunk, &len) == BASE_OK && len > 0)
        total += len;
    people_stream_close(&stream);
    return total;
}

static uint64_t read_set_plainly(const char *path, enum people_format format)
{
    static const char *const names[] = {"sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"};
    char file[4352];
    uint64_t total = 0;
    if (format != PEOPLE_FORMAT_OFAC_CSV)
        return read_plainly(path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(file, sizeof file, "%s/%s", path, names[i]);
        total += read_plainly(file);
    }
    return total;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static double plain_ms(const char *path, enum people_format format)
{
    int rounds = 0;
    int64_t begun = base_clock_elapsed_ms();
    while (base_clock_elapsed_ms() - begun < MEASURE_MS / 3) {
        if (read_set_plainly(path, format) == 0)
            return 0;
        rounds++;
    }
    return (double)(base_clock_elapsed_ms() - begun) / rounds;
}

static int measure(enum people_format format, const char *path, const char *mapping, bool writes_json)
{
    struct tally tally = {.writes_json = writes_json};
    struct people_import_sink sink = {&tally, take, pass, NULL};
    struct people_import_facts facts = {0};
    uint64_t bytes = read_set_plainly(path, format);
    int rounds = 0;
    int64_t begun = base_clock_elapsed_ms();
    while (rounds == 0 || (rounds < ROUNDS_MAX && base_clock_elapsed_ms() - begun < MEASURE_MS)) {
        enum base_code code = people_import_run(format, path, mapping, &sink, &facts);
        if (code != BASE_OK) {
            fprintf(stderr, "%s: %s: %s\n", path, base_code_word(code), base_detail());
            return 1;
        }
        rounds++;
    }
    double ms = (double)(base_clock_elapsed_ms() - begun) / rounds, plain = plain_ms(path, format);
    if (ms <= 0)
        ms = 0.001;
    printf("%-5s %-5s %8llu rows %8llu fragments %9.0f rows/s %7.1f MB/s  %5.1f times plain reading  peak %ld KiB\n",
           people_format_word(format), writes_json ? "json" : "", (unsigned long long)facts.rows,
           (unsigned long long)facts.fragments, (double)facts.rows * 1000 / ms, (double)bytes / 1000 / ms,
           plain <= 0 ? 0.0 : ms / plain, peak_kib());
    base_buffer_release(&tally.json);
    return 0;
}

static int measure_both(enum people_format format, const char *path, const char *mapping)
{
    return measure(format, path, mapping, false) | measure(format, path, mapping, true);
}

static int measure_demo(const char *source)
{
    char path[4096], mapping[4096];
    snprintf(path, sizeof path, "%s/examples/demo/north.csv", source);
    snprintf(mapping, sizeof mapping, "%s/examples/demo/north.mapping", source);
    if (!base_path_exists(path)) {
        fprintf(stderr, "neither lists nor %s\n", path);
        return 1;
    }
    return measure_both(PEOPLE_FORMAT_CSV, path, mapping);
}

struct fragment_file {
    FILE *file;
    struct base_buffer line;
};

static enum base_code write_line(void *context, const struct people_record *fragment)
{
    struct fragment_file *out = context;
    base_buffer_clear(&out->line);
    BASE_TRY(people_record_encode(fragment, &out->line));
    BASE_TRY(base_buffer_text(&out->line, "\n"));
    return fwrite(out->line.data, 1, out->line.len, out->file) == out->line.len
               ? BASE_OK
               : base_fail(BASE_E_IO, "cannot write the lines to read");
}

/* The UN list as FollowTheMoney lines, in a temporary file. */
static int measure_ftm(const char *un_path)
{
    char path[] = "/tmp/bench-import-XXXXXX";
    int fd = mkstemp(path), failed = 1;
    struct fragment_file out = {.file = fd < 0 ? NULL : fdopen(fd, "wb")};
    struct people_import_sink sink = {&out, write_line, pass, NULL};
    struct people_import_facts facts = {0};
    if (out.file != NULL && people_import_run(PEOPLE_FORMAT_UN_XML, un_path, NULL, &sink, &facts) == BASE_OK &&
        fflush(out.file) == 0)
        failed = measure_both(PEOPLE_FORMAT_FTM, path, NULL);
    if (out.file != NULL)
        fclose(out.file);
    remove(path);
    base_buffer_release(&out.line);
    return failed;
}

int main(int count, char **arguments)
{
    static const struct {
        enum people_format format;
        const char *path;
    } lists[] = {{PEOPLE_FORMAT_UN_XML, "lists/un-2018-06-07.xml"},
                 {PEOPLE_FORMAT_UK_CSV, "lists/uk-2018-04-13.csv.gz"},
                 {PEOPLE_FORMAT_OFAC_CSV, "lists/ofac-2019-01"}};
    const char *shared = count > 1 ? arguments[1] : getenv("ENTENTE_SHARED");
    const char *source = getenv("ENTENTE_SOURCE");
    char path[4096];
    int failed = 0, measured = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", shared == NULL ? "../shared" : shared, lists[i].path);
        if (!base_path_exists(path))
            continue;
        failed |= measure_both(lists[i].format, path, NULL);
        if (lists[i].format == PEOPLE_FORMAT_UN_XML)
            failed |= measure_ftm(path);
        measured++;
    }
    return measured > 0 ? failed : measure_demo(source == NULL ? "." : source);
}
