/* SPDX-License-Identifier: Apache-2.0
 *
 * A published list in the memory of bench-names.
 */
#ifndef BENCH_NAMES_H
#define BENCH_NAMES_H

#include "people/record.h"

struct list {
    struct people_record *records; /* sorted by source key, one a person */
    size_t count, capacity;
};

/* Adds fragments of one person into one record. */
enum base_code list_merge(struct list *list) BASE_MUST_USE;

/* The Belarus list of the folder, which is a tabulation with names in prose: read by the folder's listlib.py in a child
 * python3. Latin primary names are primary, Cyrillic names original, other spellings aliases. */
enum base_code list_load_tabulated(const char *folder, struct list *out) BASE_MUST_USE;

#endif
