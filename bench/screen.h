/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of bench-screen share.
 */
#ifndef BENCH_SCREEN_H
#define BENCH_SCREEN_H

#include "people/compare.h"
#include "people/index.h"
#include "store/store.h"
#include "synth/synth.h"

enum { BENCH_ASKED = 2000 }; /* persons that are screened: the first half are held */

struct bench {
    uint64_t records, events, scanned;
    char folder[64], path[80];
    struct store *store;
    struct synth *synth;
    struct people_profile *profile; /* used again */
    struct people_index *index;     /* of all records */
};

int64_t bench_now_us(void);
void bench_sort(int64_t *times, size_t count);
/* Person `at` of those that are asked for: a second writing of one that is held, or one that is not. */
enum base_code bench_asked(const struct bench *bench, size_t at, struct people_record *out) BASE_MUST_USE;
int64_t bench_about(const struct bench *bench, size_t at); /* the number of the one that is held, or -1 */

enum base_code bench_screen_store(struct bench *bench) BASE_MUST_USE; /* fills bench->index */
enum base_code bench_screen_ask(struct bench *bench) BASE_MUST_USE;
enum base_code bench_screen_scan(struct bench *bench) BASE_MUST_USE;
enum base_code bench_screen_events(struct bench *bench) BASE_MUST_USE;

#endif
