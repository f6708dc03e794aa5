/* SPDX-License-Identifier: Apache-2.0
 *
 * How long names take: two published lists all against all, and one person against very many synthetic ones, on one core. From
 * records in memory to graded hits: forms, profiles, index and comparing are counted, reading files and making synthetic persons are
 * not. Times are the processor's, so that whatever else runs beside does not count.
 */
#include "bench/names.h"
#include "people/compare.h"
#include "people/index.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 5, QUERIES = 1000, SCANNED = 100, US_UK = 2 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

static enum base_code count_hit(void *context, int64_t number, enum people_grade grade)
{
    (void)number, (void)grade;
    ++*(uint64_t *)context;
    return BASE_OK;
}

/* The records without documents, as the other measures have them. */
static enum base_code views_of(const struct list *list, struct people_record **out, size_t *names)
{
    *out = base_alloc_array(list->count, sizeof **out);
    if (*out == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    for (size_t i = 0; i < list->count; i++) {
        (*out)[i] = list->records[i];
        (*out)[i].document_count = 0;
        *names += list->records[i].name_count;
    }
    return BASE_OK;
}

static enum base_code add_all(struct people_index *index, struct people_profile *profile, const struct people_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        BASE_TRY(people_profile_set(profile, &records[i]));
        BASE_TRY(people_index_add(index, (int64_t)i, profile));
    }
    return BASE_OK;
}

static enum base_code join_once(const struct people_record *held, size_t held_count, const struct people_record *asked, size_t asked_count,
                                uint64_t *hits)
{
    struct people_index *index = NULL;
    struct people_profile *profile = NULL;
    *hits = 0;
    enum base_code code = people_index_new(&index);
    if (code == BASE_OK)
        code = people_profile_new(&profile);
    if (code == BASE_OK)
        code = add_all(index, profile, held, held_count);
    for (size_t i = 0; i < asked_count && code == BASE_OK; i++) {
        code = people_profile_set(profile, &asked[i]);
        if (code == BASE_OK)
            code = people_index_screen(index, profile, count_hit, hits);
    }
    people_profile_free(profile);
    people_index_free(index);
    return code;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum base_code names_all_against_all(const struct lists *lists)
{
    const struct lists_pair *pair = &lists->pairs[US_UK];
    struct people_record *us = NULL, *uk = NULL;
    double times[ROUNDS];
    size_t us_names = 0, uk_names = 0;
    uint64_t hits = 0;
    enum base_code code = views_of(pair->a, &us, &us_names);
    if (code == BASE_OK)
        code = views_of(pair->b, &uk, &uk_names);
    for (size_t i = 0; i < ROUNDS && code == BASE_OK; i++) {
        double begun = now_ms();
        code = join_once(us, pair->a->count, uk, pair->b->count, &hits);
        times[i] = now_ms() - begun;
    }
    if (code == BASE_OK) {
        qsort(times, ROUNDS, sizeof *times, by_size);
        printf("all against all, %s: %zu and %zu persons of %zu and %zu names, one core\n"
               "  median %.0f ms of %d rounds, %llu hits\n", pair->name, pair->a->count, pair->b->count, us_names, uk_names,
               times[ROUNDS / 2], ROUNDS, (unsigned long long)hits);
    }
    free(us);
    free(uk);
    return code;
}

struct crowd {
    struct synth *synth;
    struct people_index *index;
    struct people_profile *profile;
    uint64_t records;
    struct people_profile *asked[SCANNED]; /* the first queries, kept for the scan */
    uint64_t *found[SCANNED];              /* a bit for each record that the index gave as a hit */
    double times[QUERIES];
    double build_ms;
    uint64_t hits, strong, scan_hits, lost, of_truth, strong_of_truth;
};

static enum base_code fill_index(struct crowd *crowd)
{
    for (uint64_t i = 0; i < crowd->records; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = synth_person(crowd->synth, i, &record);
        double begun = now_ms();
        if (code == BASE_OK)
            code = people_profile_set(crowd->profile, &record);
        if (code == BASE_OK)
            code = people_index_add(crowd->index, (int64_t)i, crowd->profile);
        crowd->build_ms += now_ms() - begun;
        people_record_release(&record);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

struct asking {
    struct crowd *crowd;
    size_t query;
    uint64_t wanted;
};

static enum base_code note_hit(void *context, int64_t number, enum people_grade grade)
{
    struct asking *asking = context;
    struct crowd *crowd = asking->crowd;
    bool is_strong = grade <= PEOPLE_GRADE_STRONG, is_wanted = (uint64_t)number == asking->wanted;
    crowd->hits++;
    crowd->strong += is_strong;
    crowd->of_truth += is_wanted;
    crowd->strong_of_truth += is_wanted && is_strong;
    if (asking->query < SCANNED)
        crowd->found[asking->query][number / 64] |= (uint64_t)1 << (number % 64);
    return BASE_OK;
}

/* Somebody else's writing of a person that is there: the usual question. */
static enum base_code ask_one(struct crowd *crowd, size_t query)
{
    struct asking asking = {crowd, query, (uint64_t)query * (crowd->records / QUERIES)};
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = synth_variant(crowd->synth, asking.wanted, 0, &record, NULL);
    if (code == BASE_OK && query < SCANNED) {
        crowd->found[query] = calloc(crowd->records / 64 + 1, sizeof(uint64_t));
        code = crowd->found[query] == NULL ? base_fail(BASE_E_NOMEM, "no memory") : people_profile_new(&crowd->asked[query]);
        if (code == BASE_OK)
            code = people_profile_set(crowd->asked[query], &record);
    }
    double begun = now_ms();
    if (code == BASE_OK)
        code = people_profile_set(crowd->profile, &record);
    if (code == BASE_OK)
        code = people_index_screen(crowd->index, crowd->profile, note_hit, &asking);
    crowd->times[query] = now_ms() - begun;
    people_record_release(&record);
    return code;
}

static enum base_code scan_record(struct crowd *crowd, uint64_t number)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = synth_person(crowd->synth, number, &record);
    if (code == BASE_OK)
        code = people_profile_set(crowd->profile, &record);
    people_record_release(&record);
    for (size_t i = 0; i < SCANNED && code == BASE_OK; i++) {
        enum people_grade grade;
        if (!people_compare_profiles(crowd->asked[i], crowd->profile, &grade))
            continue;
        crowd->scan_hits++;
        crowd->lost += (crowd->found[i][number / 64] & (uint64_t)1 << (number % 64)) == 0;
    }
    return code;
}

static enum base_code measure_crowd(struct crowd *crowd)
{
    BASE_TRY(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &crowd->synth));
    BASE_TRY(people_index_new(&crowd->index));
    BASE_TRY(people_profile_new(&crowd->profile));
    BASE_TRY(fill_index(crowd));
    for (size_t i = 0; i < QUERIES; i++)
        BASE_TRY(ask_one(crowd, i));
    for (uint64_t i = 0; i < crowd->records; i++)
        BASE_TRY(scan_record(crowd, i));
    return BASE_OK;
}

enum base_code names_one_against_many(uint64_t records)
{
    struct crowd crowd = {.records = records < QUERIES ? QUERIES : records};
    enum base_code code = measure_crowd(&crowd);
    if (code == BASE_OK) {
        qsort(crowd.times, QUERIES, sizeof *crowd.times, by_size);
        printf("one person against %llu synthetic ones, one core, %d questions\n"
               "  median %.2f ms, 99th percentile %.2f ms, greatest %.2f ms\n"
               "  hits a question %.2f, the person asked for among them in %.1f%%; strong %.2f, in %.1f%%\n"
               "  against a full scan, %d questions: %llu hits, %llu of them not found by the index, recall %.5f\n"
               "  index: %.0f bytes a record, %.0f records/s\n",
               (unsigned long long)crowd.records, QUERIES, crowd.times[QUERIES / 2], crowd.times[QUERIES - QUERIES / 100], crowd.times[QUERIES - 1],
               (double)crowd.hits / QUERIES, 100.0 * (double)crowd.of_truth / QUERIES, (double)crowd.strong / QUERIES,
               100.0 * (double)crowd.strong_of_truth / QUERIES, SCANNED, (unsigned long long)crowd.scan_hits,
               (unsigned long long)crowd.lost, crowd.scan_hits == 0 ? 1 : 1 - (double)crowd.lost / (double)crowd.scan_hits,
               (double)people_index_bytes(crowd.index) / (double)crowd.records, (double)crowd.records / crowd.build_ms * 1000);
    }
    for (size_t i = 0; i < SCANNED; i++) {
        people_profile_free(crowd.asked[i]);
        free(crowd.found[i]);
    }
    people_profile_free(crowd.profile);
    people_index_free(crowd.index);
    synth_free(crowd.synth);
    return code;
}
