/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-screen [RECORDS [EVENTS [SCANNED]]]: screening with synthetic persons (src/synth/synth.h).
 *
 *   store    RECORDS in a store, to the index: time to make it from the records, its size on disk and in memory, and time to read it
 *   asked    one person against all of them, one core: profile, index, comparing, hits with their grades. 2,000 persons, of whom half
 *            are held in another writing
 *   scan     SCANNED of these against every record, without the index: what it lost
 *   events   EVENTS arrivals of one name and one date against 10,000 awake alerts: arrivals a second on one core
 *
 * The yardsticks of the same run are comparing one by one, and SHA-256. The store is made in TMPDIR, is warm in the system's cache,
 * and is removed.
 */
#include "bench/screen.h"

#include "crypto/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    RECORDS_DEFAULT = 1000000,
    EVENTS_DEFAULT = 1000000,
    SCANNED_DEFAULT = 300,
    SIZE_MAX_ARGUMENT = 20000000,
    UNKNOWN_AT = 50000000, /* persons who are asked for and not held */
    HASHED_BYTES = 1 << 20,
    HASHED_TIMES = 200,
};

int64_t bench_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void bench_sort(int64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, by_size);
}

int64_t bench_about(const struct bench *bench, size_t at)
{
    return at < BENCH_ASKED / 2 ? (int64_t)(at * (bench->records / (BENCH_ASKED / 2))) : -1;
}

enum base_code bench_asked(const struct bench *bench, size_t at, struct people_record *out)
{
    int64_t about = bench_about(bench, at);
    return about >= 0 ? synth_variant(bench->synth, (uint64_t)about, 0, out, NULL) : synth_person(bench->synth, UNKNOWN_AT + at, out);
}

struct answers {
    int64_t total_us[BENCH_ASKED], compared[BENCH_ASKED];
    int64_t about;
    uint64_t hits, known_found;
};

static enum base_code count_hit(void *context, int64_t number, enum people_grade grade)
{
    struct answers *answers = context;
    (void)grade;
    answers->hits++;
    answers->known_found += number == answers->about;
    return BASE_OK;
}

static enum base_code count_compared(void *context, int64_t number)
{
    (void)number;
    ++*(int64_t *)context;
    return BASE_OK;
}

static enum base_code ask_one(struct bench *bench, size_t at, struct answers *answers)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = bench_asked(bench, at, &record);
    int64_t begun = bench_now_us();
    answers->about = bench_about(bench, at);
    if (code == BASE_OK)
        code = people_profile_set(bench->profile, &record);
    if (code == BASE_OK)
        code = people_index_screen(bench->index, bench->profile, count_hit, answers);
    answers->total_us[at] = bench_now_us() - begun;
    if (code == BASE_OK)
        code = people_index_find(bench->index, bench->profile, count_compared, &answers->compared[at]);
    people_record_release(&record);
    return code;
}

enum base_code bench_screen_ask(struct bench *bench)
{
    static struct answers answers;
    for (size_t i = 0; i < BENCH_ASKED; i++)
        BASE_TRY(ask_one(bench, i, &answers));
    bench_sort(answers.total_us, BENCH_ASKED);
    bench_sort(answers.compared, BENCH_ASKED);
    printf("asked: one person: median %.3f ms, 99th percentile %.3f ms, most %.3f ms\n", (double)answers.total_us[BENCH_ASKED / 2] / 1000,
           (double)answers.total_us[BENCH_ASKED * 99 / 100] / 1000, (double)answers.total_us[BENCH_ASKED - 1] / 1000);
    printf("asked: compared with: median %lld, 99th percentile %lld, most %lld; %.2f hits a person\n", (long long)answers.compared[BENCH_ASKED / 2],
           (long long)answers.compared[BENCH_ASKED * 99 / 100], (long long)answers.compared[BENCH_ASKED - 1], (double)answers.hits / BENCH_ASKED);
    printf("asked: of %d who are held in another writing, %llu were found\n", BENCH_ASKED / 2, (unsigned long long)answers.known_found);
    return BASE_OK;
}

struct scanning {
    struct bench *bench;
    size_t count;
    struct people_profile **profiles;
    int8_t *graded; /* for each of them and each record 1 + the grade, 0: not handed out */
    size_t at;
    uint64_t hits, found, same;
};

static enum base_code note_hit(void *context, int64_t number, enum people_grade grade)
{
    struct scanning *scanning = context;
    scanning->graded[scanning->at * scanning->bench->records + (size_t)number] = (int8_t)(1 + (int)grade);
    return BASE_OK;
}

static enum base_code begin_scan(struct scanning *scanning)
{
    for (scanning->at = 0; scanning->at < scanning->count; scanning->at++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        struct people_profile **profile = &scanning->profiles[scanning->at];
        enum base_code code = bench_asked(scanning->bench, scanning->at * (BENCH_ASKED / scanning->count), &record);
        if (code == BASE_OK)
            code = people_profile_new(profile);
        if (code == BASE_OK)
            code = people_profile_set(*profile, &record);
        people_record_release(&record);
        BASE_TRY(code);
        BASE_TRY(people_index_screen(scanning->bench->index, *profile, note_hit, scanning));
    }
    return BASE_OK;
}

/* Each record's profile is made anew: the scan knows nothing of packed ones. */
static enum base_code scan_record(struct scanning *scanning, uint64_t number)
{
    struct bench *bench = scanning->bench;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = synth_person(bench->synth, number, &record);
    if (code == BASE_OK)
        code = people_profile_set(bench->profile, &record);
    people_record_release(&record);
    for (size_t i = 0; i < scanning->count && code == BASE_OK; i++) {
        enum people_grade grade;
        int8_t graded = scanning->graded[i * bench->records + number];
        if (!people_compare_profiles(scanning->profiles[i], bench->profile, &grade))
            continue;
        scanning->hits++;
        scanning->found += graded != 0;
        scanning->same += graded == 1 + (int)grade;
    }
    return code;
}

static enum base_code scan_all(struct scanning *scanning)
{
    BASE_TRY(begin_scan(scanning));
    for (uint64_t i = 0; i < scanning->bench->records; i++)
        BASE_TRY(scan_record(scanning, i));
    uint64_t handed_out = 0;
    for (size_t i = 0; i < scanning->count * scanning->bench->records; i++)
        handed_out += scanning->graded[i] != 0;
    printf("scan: %zu persons against every record: %llu hits, of which the index found %llu (recall %.5f), %llu with the same grade; it handed out %llu\n",
           scanning->count, (unsigned long long)scanning->hits, (unsigned long long)scanning->found,
           scanning->hits == 0 ? 1 : (double)scanning->found / (double)scanning->hits, (unsigned long long)scanning->same, (unsigned long long)handed_out);
    return BASE_OK;
}

enum base_code bench_screen_scan(struct bench *bench)
{
    struct scanning scanning = {.bench = bench, .count = (size_t)bench->scanned};
    if (scanning.count == 0)
        return BASE_OK;
    scanning.profiles = base_alloc_array(scanning.count, sizeof *scanning.profiles);
    scanning.graded = base_alloc_array(scanning.count, bench->records);
    enum base_code code = scanning.profiles == NULL || scanning.graded == NULL ? base_fail(BASE_E_NOMEM, "no memory to scan") : scan_all(&scanning);
    for (size_t i = 0; i < scanning.count && scanning.profiles != NULL; i++)
        people_profile_free(scanning.profiles[i]);
    free(scanning.profiles);
    free(scanning.graded);
    return code;
}

static enum base_code hash_much(void)
{
    uint8_t *bytes = calloc(1, HASHED_BYTES);
    struct crypto_hash hash;
    if (bytes == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to hash");
    struct base_bytes part = base_bytes_of(bytes, HASHED_BYTES);
    int64_t begun = bench_now_us();
    for (int i = 0; i < HASHED_TIMES; i++) {
        crypto_sha256(&part, 1, &hash);
        bytes[0] = hash.bytes[0];
    }
    printf("yardstick: SHA-256: %.0f MB a second\n", (double)HASHED_BYTES * HASHED_TIMES / (double)(bench_now_us() - begun));
    free(bytes);
    return BASE_OK;
}

static enum base_code run(struct bench *bench)
{
    BASE_TRY(people_profile_new(&bench->profile));
    BASE_TRY(synth_new(20261124, &SYNTH_OPTIONS_DEFAULT, &bench->synth));
    BASE_TRY(bench_screen_store(bench));
    BASE_TRY(bench_screen_ask(bench));
    BASE_TRY(bench_screen_scan(bench));
    BASE_TRY(bench_screen_events(bench));
    return hash_much();
}

static void clean_up(struct bench *bench)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[96];
    store_close(bench->store);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", bench->path, endings[i]);
        unlink(path);
    }
    rmdir(bench->folder);
    people_index_free(bench->index);
    people_profile_free(bench->profile);
    synth_free(bench->synth);
}

static bool read_size(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    *out = number;
    return *text != 0 && *end == 0 && number >= least && number <= most;
}

int main(int count, char **arguments)
{
    static struct bench bench = {.records = RECORDS_DEFAULT, .events = EVENTS_DEFAULT, .scanned = SCANNED_DEFAULT};
    const char *folder = getenv("TMPDIR");
    bool is_right = count <= 4 && (count < 2 || read_size(arguments[1], BENCH_ASKED, SIZE_MAX_ARGUMENT, &bench.records)) &&
                    (count < 3 || read_size(arguments[2], 1, SIZE_MAX_ARGUMENT, &bench.events)) &&
                    (count < 4 || read_size(arguments[3], 0, BENCH_ASKED, &bench.scanned));
    if (!is_right) {
        fprintf(stderr, "usage: bench-screen [RECORDS [EVENTS [SCANNED]]]\n");
        return 2;
    }
    snprintf(bench.folder, sizeof bench.folder, "%.40s/bench-screen-XXXXXX", folder == NULL ? "/tmp" : folder);
    if (mkdtemp(bench.folder) == NULL) {
        fprintf(stderr, "bench-screen: no scratch folder\n");
        return 1;
    }
    snprintf(bench.path, sizeof bench.path, "%s/store.db", bench.folder);
    enum base_code code = run(&bench);
    if (code != BASE_OK)
        fprintf(stderr, "bench-screen: %s (%s)\n", base_detail(), base_code_word(code));
    clean_up(&bench);
    return code != BASE_OK;
}
