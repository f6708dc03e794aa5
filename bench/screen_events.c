/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrivals of one name and one date against awake alerts in memory.
 */
#include "base/clock.h"
#include "bench/screen.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    AWAKE = 10000,
    BATCH = 20000,      /* events made ahead of the clock */
    KNOWN_EVERY = 1000, /* events: one is about a person with an alert */
    SCANS = 200,        /* of all alerts, for the yardstick */
};

/* Alerts and strangers are persons behind those that are held and asked for. */
enum { ALERTS_AT = 100000000, STRANGERS_AT = 200000000 };

struct awake {
    struct people_profile *profiles[AWAKE];
    struct people_index *index;
    int64_t about; /* the alert that the event is about, or -1 */
    uint64_t hits, known, known_alike, known_found;
};

static enum base_code wake_one(struct bench *bench, struct awake *awake, size_t at)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = synth_person(bench->synth, ALERTS_AT + at, &record);
    if (code == BASE_OK)
        code = people_profile_new(&awake->profiles[at]);
    if (code == BASE_OK)
        code = people_profile_set(awake->profiles[at], &record);
    if (code == BASE_OK)
        code = people_profile_trim(awake->profiles[at]);
    people_record_release(&record);
    return code == BASE_OK ? people_index_add(awake->index, (int64_t)at, awake->profiles[at]) : code;
}

static enum base_code wake_all(struct bench *bench, struct awake *awake)
{
    int64_t begun = base_clock_elapsed_ms();
    BASE_TRY(people_index_new(&awake->index));
    for (size_t i = 0; i < AWAKE; i++)
        BASE_TRY(wake_one(bench, awake, i));
    printf("events: %zu alerts awake in %.2f s, %.1f MB\n", people_index_count(awake->index), (double)(base_clock_elapsed_ms() - begun) / 1000,
           (double)people_index_bytes(awake->index) / 1e6);
    return BASE_OK;
}

static int64_t about(uint64_t event)
{
    return event % KNOWN_EVERY == 0 ? (int64_t)(event / KNOWN_EVERY % AWAKE) : -1;
}

/* A crossing as it comes: one name, one date. */
static enum base_code make_event(const struct bench *bench, uint64_t number, struct people_record *out)
{
    struct people_record person = PEOPLE_RECORD_EMPTY;
    enum base_code code = about(number) >= 0 ? synth_variant(bench->synth, ALERTS_AT + (uint64_t)about(number), 0, &person, NULL)
                                             : synth_person(bench->synth, STRANGERS_AT + number, &person);
    if (code == BASE_OK)
        code = people_record_add_name(out, PEOPLE_NAME_PRIMARY, base_bytes_text(person.names[0].text));
    if (code == BASE_OK && person.birth_count > 0)
        code = people_record_add_birth(out, person.births[0].from, person.births[0].to, person.births[0].is_circa, base_bytes_text(""));
    out->sex = person.sex;
    people_record_release(&person);
    return code;
}

static enum base_code count_hit(void *context, int64_t number, enum people_grade grade)
{
    struct awake *awake = context;
    (void)grade;
    awake->hits++;
    awake->known_found += number == awake->about;
    return BASE_OK;
}

/* Would it be a hit if there were no index? A second writing may be too far off. */
static enum base_code compare_known(struct bench *bench, struct awake *awake, const struct people_record *event, int64_t alert)
{
    enum people_grade grade;
    BASE_TRY(people_profile_set(bench->profile, event));
    awake->known++;
    awake->known_alike += people_compare_profiles(awake->profiles[alert], bench->profile, &grade);
    return BASE_OK;
}

static enum base_code screen_batch(struct bench *bench, struct awake *awake, uint64_t from, uint64_t count, int64_t *spent_us)
{
    static struct people_record events[BATCH];
    enum base_code code = BASE_OK;
    for (uint64_t i = 0; i < count && code == BASE_OK; i++)
        code = make_event(bench, from + i, &events[i]);
    for (uint64_t i = 0; i < count && code == BASE_OK; i++)
        if (about(from + i) >= 0)
            code = compare_known(bench, awake, &events[i], about(from + i));
    int64_t begun = bench_now_us();
    for (uint64_t i = 0; i < count && code == BASE_OK; i++) {
        awake->about = about(from + i);
        code = people_profile_set(bench->profile, &events[i]);
        if (code == BASE_OK)
            code = people_index_screen(awake->index, bench->profile, count_hit, awake);
    }
    *spent_us += bench_now_us() - begun;
    for (uint64_t i = 0; i < count; i++)
        people_record_release(&events[i]);
    return code;
}

static enum base_code screen_all(struct bench *bench, struct awake *awake)
{
    int64_t spent_us = 0;
    for (uint64_t done = 0; done < bench->events; done += BATCH) {
        uint64_t left = bench->events - done;
        BASE_TRY(screen_batch(bench, awake, done, left < BATCH ? left : BATCH, &spent_us));
    }
    printf("events: %llu in %.1f s: %.0f a second on one core; %.4f hits an event\n", (unsigned long long)bench->events, (double)spent_us / 1e6,
           (double)bench->events * 1e6 / (double)spent_us, (double)awake->hits / (double)bench->events);
    printf("events: of %llu about a person with an alert, %llu compare as a hit, and %llu were found\n", (unsigned long long)awake->known,
           (unsigned long long)awake->known_alike, (unsigned long long)awake->known_found);
    return BASE_OK;
}

/* The last event's profile against the same alerts over and over, without an index. */
static void scan(const struct awake *awake, const struct people_profile *event)
{
    uint64_t hits = 0;
    int64_t begun = bench_now_us();
    enum people_grade grade;
    for (size_t i = 0; i < (size_t)SCANS * AWAKE; i++)
        hits += people_compare_profiles(awake->profiles[i % AWAKE], event, &grade);
    double rate = (double)SCANS * AWAKE * 1e6 / (double)(bench_now_us() - begun);
    printf("yardstick: comparing one by one: %.1f million profiles a second (%llu hits): %.0f events a second without an index\n", rate / 1e6,
           (unsigned long long)hits, rate / AWAKE);
}

enum base_code bench_screen_events(struct bench *bench)
{
    struct awake *awake = calloc(1, sizeof *awake);
    if (awake == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for alerts");
    enum base_code code = wake_all(bench, awake);
    if (code == BASE_OK)
        code = screen_all(bench, awake);
    if (code == BASE_OK)
        scan(awake, bench->profile);
    people_index_free(awake->index);
    for (size_t i = 0; i < AWAKE; i++)
        people_profile_free(awake->profiles[i]);
    free(awake);
    return code;
}
