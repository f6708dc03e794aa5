/* SPDX-License-Identifier: Apache-2.0
 *
 * Published lists with their true pairs, for benches of names: loaded, paired, and judged as the folder's score.py judges.
 * The truth comes from document numbers for the most part, so documents are left out of every comparison.
 *
 *     struct lists lists = {0};
 *     BASE_TRY(lists_load(folder, &lists));
 *     for (size_t i = 0; i < LISTS_PAIRS; i++) ... lists.pairs[i] ... lists_judge(&lists.pairs[i], row_a, row_b)
 *     lists_release(&lists);
 */
#ifndef BENCH_LISTS_H
#define BENCH_LISTS_H

#include "people/record.h"

struct list {
    struct people_record *records; /* sorted by source key, one a person */
    size_t count, capacity;
};

enum lists_names { LISTS_ALL_NAMES, LISTS_PRIMARY_NAMES, LISTS_ORIGINAL_NAMES, LISTS_LATIN_NAMES };

enum { LISTS_PAIRS = 8, LISTS_COUNT = 4 };

/* A pair of lists with its truth. Rows are places in the lists. */
struct lists_pair {
    const char *name;
    const struct list *a, *b;
    enum lists_names a_names, b_names;
    size_t truth_count;
    int32_t *true_of_a, *true_of_b; /* for each row the row of the same person in the other list, or -1 */
    /* For each row: which half of the persons it belongs to, for judging on those who were not looked at. A person of several
     * lists is in one half; one who is in no truth is in half 0. */
    uint8_t *half_of_a, *half_of_b;
};

struct lists {
    struct list lists[LISTS_COUNT];
    struct lists_pair pairs[LISTS_PAIRS];
};

enum lists_verdict { LISTS_TRUE, LISTS_FALSE, LISTS_UNKNOWN };

/* False only when one of the two is in the truth, for that is not complete. */
enum lists_verdict lists_judge(const struct lists_pair *pair, size_t a, size_t b);
/* The half that a pair of rows is judged in: that of a person of the truth. */
int lists_half(const struct lists_pair *pair, size_t a, size_t b);

/* BASE_E_NOT_FOUND and the errors of the importers. */
enum base_code lists_load(const char *folder, struct lists *out) BASE_MUST_USE;
void lists_release(struct lists *lists);

/* The record with the chosen names and no documents. The view owns only the array of names: people_record.names is to be
 * freed, and nothing else of it. */
enum base_code lists_view(const struct people_record *record, enum lists_names names, struct people_record *view) BASE_MUST_USE;

/* For src files of the loader: adds the fragments of one person into one record. */
enum base_code list_merge(struct list *list) BASE_MUST_USE;
/* The Belarus list of the folder, which is a tabulation with names in prose: read by the folder's listlib.py in a child
 * python3. Latin primary names are primary, Cyrillic names original, other spellings aliases. */
enum base_code list_load_tabulated(const char *folder, struct list *out) BASE_MUST_USE;

#endif
