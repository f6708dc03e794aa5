/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of bench-names: what is found in the clear, what match keys find, and how long it takes.
 */
#ifndef BENCH_NAMES_H
#define BENCH_NAMES_H

#include "bench/lists.h"

/* Every record of one list with every record of the other by people_assess(). `shown` is the name of a pair whose errors are
 * printed, or NULL; `features` a file that gets a line for each pair of records that has something in common, or NULL. */
enum base_code names_clear(const struct lists *lists, const char *shown, const char *features) BASE_MUST_USE;

enum base_code names_case(void) BASE_MUST_USE;

/* The time that two lists take all against all, and one person against so many synthetic ones. */
enum base_code names_all_against_all(const struct lists *lists) BASE_MUST_USE;
enum base_code names_one_against_many(uint64_t records) BASE_MUST_USE;

/* The time that the match keys of so many synthetic persons take. */
struct people_rules;
enum base_code names_keys_speed(const struct people_rules *rules, uint64_t persons) BASE_MUST_USE;

/* Precision, recall and their harmonic mean, of all persons and of each half. */
struct names_score {
    size_t truth[2], right[2], wrong[2];
};
void names_score_print(const struct names_score *score);

enum base_code names_case(void) BASE_MUST_USE;

/* The time that two lists take all against all, and one person against so many synthetic ones. */
enum base_code names_all_against_all(const struct lists *lists) BASE_MUST_USE;
enum base_code names_one_against_many(uint64_t records) BASE_MUST_USE;

/* The time that the match keys of so many synthetic persons take. */
struct people_rules;
enum base_code names_keys_speed(const struct people_rules *rules, uint64_t persons) BASE_MUST_USE;

#endif
