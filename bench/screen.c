/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-screen [RECORDS [EVENTS]]: screening with persons that do not exist (bench/persons.h).
 *
 *   stored   one alert against RECORDS records in a store: time to build the index and its size on disk; for each of many
 *            alerts the time to look up, decode and compare, and how many candidates there were
 *   memory   EVENTS arrivals of one name and one date against 10,000 awake alerts: arrivals a second on one core, and the memory
 *
 * The yardsticks of the same run are comparing one profile with many, and SHA-256. The store is made in TMPDIR, is warm in the
 * system's cache, and is removed. Half of the alerts and one in a thousand of the events are about a person that is there, in
 * another spelling and often with a wrong date: how many of these are found is printed too.
 */
#include "base/clock.h"
#include "bench/persons.h"
#include "crypto/hash.h"
#include "people/compare.h"
#include "people/index.h"
#include "store/sounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    RECORDS_DEFAULT = 1000000,
    EVENTS_DEFAULT = 1000000,
    SIZE_MAX_ARGUMENT = 20000000,
    ALERTS_ASKED = 400,   /* against the store */
    ALERTS_AWAKE = 10000, /* in memory */
    BATCH = 20000,        /* events made ahead of the clock */
    BUILD_BATCH = 100000, /* records of one transaction */
    CANDIDATES_MAX = 2000,
    KNOWN_EVERY = 1000, /* events */
    SCANNED = 20000,
    HASHED_BYTES = 1 << 20,
    HASHED_TIMES = 200,
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct bench {
    uint64_t records, events;
    char folder[64], path[80];
    struct store *store;
    struct persons *persons;
    struct people_record asked[ALERTS_ASKED]; /* alerts for the store */
    int64_t known[ALERTS_ASKED];              /* the number of the record that the first half of them is about */
    size_t known_alike;                       /* how many of those compare as a hit */
    struct people_profile *profile;           /* used again */
    struct people_sounds sounds;
    struct store_sounds_batch batch;
};

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

/* An alert about this person, as somebody else would write it. */
static enum base_code make_alert(struct bench *bench, const struct people_record *person, struct people_record *out)
{
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    BASE_TRY(persons_misspell(bench->persons, person, out));
    BASE_TRY(people_compare(person, out, &finding));
    bench->known_alike += finding.is_hit;
    people_finding_release(&finding);
    return BASE_OK;
}

/* Every so many records one becomes an alert. */
static enum base_code stage_records(struct bench *bench)
{
    struct base_buffer json = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    uint64_t every = bench->records * 2 / ALERTS_ASKED;
    for (uint64_t i = 0; i < bench->records && code == BASE_OK; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        base_buffer_clear(&json);
        code = persons_next(bench->persons, &record);
        if (code == BASE_OK)
            code = people_record_encode(&record, &json);
        if (code == BASE_OK)
            code = store_import_stage(bench->store, base_bytes_text(record.source_key), base_bytes_buffer(&json));
        size_t slot = (size_t)(i / every);
        if (code == BASE_OK && i % every == 0 && slot < ALERTS_ASKED / 2) {
            bench->known[slot] = (int64_t)i;
            code = make_alert(bench, &record, &bench->asked[slot]);
        }
        people_record_release(&record);
    }
    base_buffer_release(&json);
    return code;
}

static enum base_code fill_store(struct bench *bench)
{
    static const uint8_t no_hash[32] = {0};
    struct store_import_counts counts;
    int64_t begun = base_clock_elapsed_ms();
    BASE_TRY(store_import_begin(bench->store, "synthetic", "csv"));
    BASE_TRY(stage_records(bench));
    BASE_TRY(store_import_groups(bench->store, put_group, bench->store));
    BASE_TRY(store_import_finish(bench->store, "", no_hash, 1, &counts));
    printf("stored: %llu records made and imported in %.1f s\n", (unsigned long long)counts.added,
           (double)(base_clock_elapsed_ms() - begun) / 1000);
    for (size_t i = ALERTS_ASKED / 2; i < ALERTS_ASKED; i++)
        BASE_TRY(persons_next(bench->persons, &bench->asked[i]));
    return BASE_OK;
}

struct filling {
    struct bench *bench;
    int64_t changed_ms, id;
    uint64_t rows, records;
};

static enum base_code put_sounds(void *context, const struct store_record *stored)
{
    struct filling *filling = context;
    struct bench *bench = filling->bench;
    struct people_record record;
    BASE_TRY(people_record_decode(stored->content, &record));
    enum base_code code = people_profile_set(bench->profile, &record);
    people_record_release(&record);
    if (code == BASE_OK)
        code = people_index_sounds(bench->profile, PEOPLE_SOUNDS_HELD, &bench->sounds);
    if (code == BASE_OK)
        code = store_sounds_batch_add(&bench->batch, stored->id, bench->sounds.items, bench->sounds.count);
    filling->rows += bench->sounds.count;
    filling->records++;
    filling->changed_ms = stored->changed_ms;
    filling->id = stored->id;
    return code;
}

static enum base_code build_index(struct bench *bench)
{
    struct filling filling = {.bench = bench, .changed_ms = INT64_MIN};
    uint64_t before = file_bytes(bench), last = 1;
    int64_t begun = base_clock_elapsed_ms();
    while (last > 0) {
        uint64_t so_far = filling.records;
        BASE_TRY(store_begin(bench->store));
        BASE_TRY(store_records_changed_each(bench->store, filling.changed_ms, filling.id, BUILD_BATCH, put_sounds, &filling));
        BASE_TRY(store_sounds_batch_write(&bench->batch, bench->store));
        BASE_TRY(store_commit(bench->store));
        last = filling.records - so_far;
    }
    store_close(bench->store); /* what is in the journal goes into the file */
    bench->store = NULL;
    double seconds = (double)(base_clock_elapsed_ms() - begun) / 1000;
    uint64_t bytes = file_bytes(bench) - before;
    printf("stored: index of %llu sounds, %.1f a record, built in %.1f s (%.0f records/s), %.0f MB: %.0f bytes a record\n",
           (unsigned long long)filling.rows, (double)filling.rows / (double)filling.records, seconds, (double)filling.records / seconds,
           (double)bytes / 1e6, (double)bytes / (double)filling.records);
    return store_open(bench->path, STORE_OPEN, &bench->store);
}

struct asking {
    struct bench *bench;
    const struct people_profile *alert;
    int64_t known_key, decode_us;
    size_t candidates, hits;
    bool is_known_found;
};

static enum base_code compare_stored(void *context, const struct store_record *stored, size_t shared)
{
    struct asking *asking = context;
    struct people_record record;
    enum people_grade grade;
    char key[32];
    (void)shared;
    BASE_TRY(people_record_decode(stored->content, &record));
    enum base_code code = people_profile_set(asking->bench->profile, &record);
    people_record_release(&record);
    asking->candidates++;
    if (code != BASE_OK || !people_compare_profiles(asking->alert, asking->bench->profile, &grade))
        return code;
    asking->hits++;
    snprintf(key, sizeof key, "synthetic-%lld", (long long)asking->known_key);
    asking->is_known_found = asking->is_known_found || base_bytes_equal(stored->key, base_bytes_text(key));
    return BASE_OK;
}

struct answers {
    int64_t total_us[ALERTS_ASKED];
    size_t asked_sounds, candidates[ALERTS_ASKED], found_max, hits, known_found;
};

static enum base_code ask_one(struct bench *bench, size_t at, struct people_profile *alert, struct answers *answers)
{
    struct asking asking = {.bench = bench, .alert = alert, .known_key = bench->known[at]};
    size_t found = 0;
    int64_t begun = now_us();
    BASE_TRY(people_profile_set(alert, &bench->asked[at]));
    BASE_TRY(people_index_sounds(alert, PEOPLE_SOUNDS_ASKED, &bench->sounds));
    BASE_TRY(store_sounds_find(bench->store, bench->sounds.items, bench->sounds.count, 1, CANDIDATES_MAX, compare_stored, &asking, &found));
    answers->total_us[at] = now_us() - begun;
    answers->candidates[at] = asking.candidates;
    answers->asked_sounds += bench->sounds.count;
    answers->found_max = found > answers->found_max ? found : answers->found_max;
    answers->hits += asking.hits;
    answers->known_found += at < ALERTS_ASKED / 2 && asking.is_known_found;
    return BASE_OK;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_count(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static enum base_code ask_store(struct bench *bench)
{
    static struct answers answers;
    struct people_profile *alert = NULL;
    enum base_code code = people_profile_new(&alert);
    for (size_t i = 0; i < ALERTS_ASKED && code == BASE_OK; i++)
        code = ask_one(bench, i, alert, &answers);
    people_profile_free(alert);
    BASE_TRY(code);
    qsort(answers.total_us, ALERTS_ASKED, sizeof *answers.total_us, by_time);
    qsort(answers.candidates, ALERTS_ASKED, sizeof *answers.candidates, by_count);
    printf("stored: one alert: median %.2f ms, 99th percentile %.2f ms, most %.2f ms; %zu sounds asked on average\n",
           (double)answers.total_us[ALERTS_ASKED / 2] / 1000, (double)answers.total_us[ALERTS_ASKED * 99 / 100] / 1000,
           (double)answers.total_us[ALERTS_ASKED - 1] / 1000, answers.asked_sounds / ALERTS_ASKED);
    printf("stored: candidates compared: median %zu, 99th percentile %zu, most %zu (limit %d, most found %zu); %.1f hits an alert\n",
           answers.candidates[ALERTS_ASKED / 2], answers.candidates[ALERTS_ASKED * 99 / 100], answers.candidates[ALERTS_ASKED - 1],
           CANDIDATES_MAX, answers.found_max, (double)answers.hits / ALERTS_ASKED);
    printf("stored: of %d alerts about a person that is held, %zu compare as a hit, and %zu found the person\n", ALERTS_ASKED / 2,
           bench->known_alike, answers.known_found);
    return BASE_OK;
}

struct awake {
    struct people_record records[ALERTS_AWAKE];
    struct people_profile *profiles[ALERTS_AWAKE];
    struct people_index *index;
};

static enum base_code wake_one(struct bench *bench, struct awake *awake, size_t at)
{
    BASE_TRY(persons_next(bench->persons, &awake->records[at]));
    BASE_TRY(people_profile_new(&awake->profiles[at]));
    BASE_TRY(people_profile_set(awake->profiles[at], &awake->records[at]));
    BASE_TRY(people_profile_trim(awake->profiles[at]));
    return people_index_add(awake->index, (int64_t)at, awake->profiles[at]);
}

static enum base_code wake_all(struct bench *bench, struct awake *awake)
{
    size_t bytes = 0;
    int64_t begun = base_clock_elapsed_ms();
    BASE_TRY(people_index_new(&awake->index));
    for (size_t i = 0; i < ALERTS_AWAKE; i++) {
        BASE_TRY(wake_one(bench, awake, i));
        bytes += people_profile_bytes(awake->profiles[i]);
    }
    size_t index_bytes = people_index_bytes(awake->index), entries = people_index_entries(awake->index);
    printf("memory: %zu alerts awake in %.2f s; index %.1f MB for %zu sounds (%.0f bytes each), profiles %.1f MB\n", people_index_count(awake->index),
           (double)(base_clock_elapsed_ms() - begun) / 1000, (double)index_bytes / 1e6, entries, (double)index_bytes / (double)entries,
           (double)bytes / 1e6);
    return BASE_OK;
}

struct arriving {
    const struct awake *awake;
    const struct people_profile *event;
    int64_t about; /* the alert it is about, or -1 */
    uint64_t candidates, hits, known, known_alike, known_found;
};

static enum base_code compare_awake(void *context, int64_t number)
{
    struct arriving *arriving = context;
    enum people_grade grade;
    arriving->candidates++;
    if (!people_compare_profiles(arriving->awake->profiles[number], arriving->event, &grade))
        return BASE_OK;
    arriving->hits++;
    arriving->known_found += number == arriving->about;
    return BASE_OK;
}

static int64_t about(uint64_t event)
{
    return event % KNOWN_EVERY == 0 ? (int64_t)(event / KNOWN_EVERY % ALERTS_AWAKE) : -1;
}

/* Would it be a hit if there were no index? A letter and a date may be wrong at once. */
static enum base_code compare_known(struct bench *bench, struct arriving *arriving, const struct people_record *event, int64_t alert)
{
    enum people_grade grade;
    BASE_TRY(people_profile_set(bench->profile, event));
    arriving->known++;
    arriving->known_alike += people_compare_profiles(arriving->awake->profiles[alert], bench->profile, &grade);
    return BASE_OK;
}

/* A crossing as it comes: one name, one date. */
static enum base_code make_event(struct bench *bench, const struct awake *awake, uint64_t number, struct people_record *out)
{
    if (about(number) >= 0)
        return persons_misspell(bench->persons, &awake->records[about(number)], out);
    struct people_record person = PEOPLE_RECORD_EMPTY;
    enum base_code code = persons_next(bench->persons, &person);
    if (code == BASE_OK)
        code = people_record_add_name(out, PEOPLE_NAME_PRIMARY, base_bytes_text(person.names[0].text));
    if (code == BASE_OK && person.birth_count > 0)
        code = people_record_add_birth(out, person.births[0].from, person.births[0].to, false, base_bytes_text(""));
    people_record_release(&person);
    return code;
}

static enum base_code screen_batch(struct bench *bench, struct arriving *arriving, uint64_t from, uint64_t count, int64_t *spent_us)
{
    static struct people_record events[BATCH];
    enum base_code code = BASE_OK;
    for (uint64_t i = 0; i < count && code == BASE_OK; i++)
        code = make_event(bench, arriving->awake, from + i, &events[i]);
    for (uint64_t i = 0; i < count && code == BASE_OK; i++)
        if (about(from + i) >= 0)
            code = compare_known(bench, arriving, &events[i], about(from + i));
    int64_t begun = now_us();
    for (uint64_t i = 0; i < count && code == BASE_OK; i++) {
        arriving->about = about(from + i);
        code = people_profile_set(bench->profile, &events[i]);
        if (code == BASE_OK)
            code = people_index_find(arriving->awake->index, bench->profile, compare_awake, arriving);
    }
    *spent_us += now_us() - begun;
    for (uint64_t i = 0; i < count; i++)
        people_record_release(&events[i]);
    return code;
}

static enum base_code screen_events(struct bench *bench, struct awake *awake)
{
    struct arriving arriving = {.awake = awake, .event = bench->profile};
    int64_t spent_us = 0;
    for (uint64_t done = 0; done < bench->events; done += BATCH) {
        uint64_t left = bench->events - done;
        BASE_TRY(screen_batch(bench, &arriving, done, left < BATCH ? left : BATCH, &spent_us));
    }
    printf("memory: %llu events in %.1f s: %.0f a second on one core; %.2f candidates and %.4f hits an event\n", (unsigned long long)bench->events,
           (double)spent_us / 1e6, (double)bench->events * 1e6 / (double)spent_us, (double)arriving.candidates / (double)bench->events,
           (double)arriving.hits / (double)bench->events);
    printf("memory: of %llu events about a person with an alert, %llu compare as a hit, and %llu were found\n", (unsigned long long)arriving.known,
           (unsigned long long)arriving.known_alike, (unsigned long long)arriving.known_found);
    return BASE_OK;
}

/* One event's profile against the same alerts over and over, without an index. */
static void scan(const struct awake *awake, const struct people_profile *event)
{
    uint64_t compared = 0, hits = 0;
    int64_t begun = now_us();
    enum people_grade grade;
    for (size_t i = 0; i < SCANNED * 100; i++, compared++)
        hits += people_compare_profiles(awake->profiles[i % ALERTS_AWAKE], event, &grade);
    double rate = (double)compared * 1e6 / (double)(now_us() - begun);
    printf("yardstick: comparing one by one: %.1f million profiles a second (%llu hits): %.0f events a second without an index\n", rate / 1e6,
           (unsigned long long)hits, rate / ALERTS_AWAKE);
}

static enum base_code hash_much(void)
{
    uint8_t *bytes = calloc(1, HASHED_BYTES);
    struct crypto_hash hash;
    if (bytes == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to hash");
    struct base_bytes part = base_bytes_of(bytes, HASHED_BYTES);
    int64_t begun = now_us();
    for (int i = 0; i < HASHED_TIMES; i++) {
        crypto_sha256(&part, 1, &hash);
        bytes[0] = hash.bytes[0];
    }
    printf("yardstick: SHA-256: %.0f MB a second\n", (double)HASHED_BYTES * HASHED_TIMES / (double)(now_us() - begun));
    free(bytes);
    return BASE_OK;
}

static enum base_code run_memory(struct bench *bench)
{
    struct awake *awake = calloc(1, sizeof *awake);
    if (awake == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for alerts");
    enum base_code code = wake_all(bench, awake);
    if (code == BASE_OK)
        code = screen_events(bench, awake);
    if (code == BASE_OK)
        scan(awake, bench->profile);
    people_index_free(awake->index);
    for (size_t i = 0; i < ALERTS_AWAKE; i++) {
        people_profile_free(awake->profiles[i]);
        people_record_release(&awake->records[i]);
    }
    free(awake);
    return code;
}

static enum base_code run(struct bench *bench)
{
    BASE_TRY(people_profile_new(&bench->profile));
    BASE_TRY(persons_new(20261124, &bench->persons));
    BASE_TRY(store_open(bench->path, STORE_CREATE, &bench->store));
    BASE_TRY(fill_store(bench));
    BASE_TRY(build_index(bench));
    BASE_TRY(ask_store(bench));
    BASE_TRY(run_memory(bench));
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
    for (size_t i = 0; i < ALERTS_ASKED; i++)
        people_record_release(&bench->asked[i]);
    people_profile_free(bench->profile);
    people_sounds_release(&bench->sounds);
    store_sounds_batch_release(&bench->batch);
    persons_free(bench->persons);
}

static bool read_size(const char *text, uint64_t least, uint64_t *out)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    *out = number;
    return *text != 0 && *end == 0 && number >= least && number <= SIZE_MAX_ARGUMENT;
}

int main(int count, char **arguments)
{
    static struct bench bench = {.records = RECORDS_DEFAULT, .events = EVENTS_DEFAULT};
    const char *folder = getenv("TMPDIR");
    bool is_right = count <= 3 && (count < 2 || read_size(arguments[1], ALERTS_ASKED, &bench.records)) &&
                    (count < 3 || read_size(arguments[2], 1, &bench.events));
    if (!is_right) {
        fprintf(stderr, "usage: bench-screen [RECORDS [EVENTS]]\n");
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
