/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/compare.h"

#include "verify/tree.h"

#include <stdlib.h>
#include <string.h>

static bool is_same_key(const struct verify_export *a, int role_a, const struct verify_export *b, int role_b)
{
    return memcmp(a->parties.keys[role_a].bytes, b->parties.keys[role_b].bytes, 32) == 0;
}

static enum verify_result check_parties(const struct verify_export *a, const struct verify_export *b, bool is_one_ledger,
                                        struct verify_report *report)
{
    if (strcmp(a->parties.compartment, b->parties.compartment) != 0)
        return verify_refute(report, "statements 4.6", "the exports are of two compartments");
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (!is_same_key(a, role, b, is_one_ledger ? role : role ^ 1))
            return verify_refute(report, "statements 4.6", "the exports name other keys for one party");
    if (a->size > 0 && b->size > 0 && !verify_hash_equal(&a->terms, &b->terms))
        return verify_refute(report, "statements 3.4", "the exports have different terms");
    return VERIFY_OK;
}

/* ledger 4.7 */
static enum verify_result check_histories(const struct verify_export *a, const struct verify_export *b, struct verify_report *report)
{
    const struct verify_export *shorter = a->size <= b->size ? a : b, *longer = shorter == a ? b : a;
    for (uint64_t i = 0; i < shorter->size; i++)
        if (!verify_hash_equal(&shorter->leaves[i], &longer->leaves[i]))
            return verify_refute(report, "ledger 4.7", "the owner showed two histories: they part at entry %llu", (unsigned long long)i);
    return VERIFY_OK;
}

static int by_leaf(const void *a, const void *b)
{
    const struct verify_entry *const *left = a, *const *right = b;
    return memcmp((*left)->leaf.bytes, (*right)->leaf.bytes, VERIFY_HASH_LEN);
}

static int by_about(const void *a, const void *b)
{
    const struct verify_entry *const *left = a, *const *right = b;
    return memcmp((*left)->about.bytes, (*right)->about.bytes, VERIFY_HASH_LEN);
}

typedef int order_function(const void *, const void *);

/* The entries of an export, or only its matches, in an order. NULL without memory. */
static const struct verify_entry **sorted_entries(const struct verify_export *export, bool only_matches, order_function *order,
                                                  size_t *count)
{
    const struct verify_entry **list = calloc(export->size + 1, sizeof(const struct verify_entry *));
    *count = 0;
    for (uint64_t i = 0; i < export->size && list != NULL; i++)
        if (!only_matches || strcmp(export->entries[i].kind, "match") == 0)
            list[(*count)++] = &export->entries[i];
    if (list != NULL)
        qsort(list, *count, sizeof(const struct verify_entry *), order);
    return list;
}

/* Notes down which entries of `have` the other lacks. */
static bool note_missing(const struct verify_export *have, const struct verify_export *other, int side, struct verify_comparison *out)
{
    size_t count;
    const struct verify_entry **list = sorted_entries(other, false, by_leaf, &count);
    for (uint64_t i = 0; i < have->size && list != NULL; i++) {
        const struct verify_entry *key = &have->entries[i];
        if (bsearch(&key, list, count, sizeof(const struct verify_entry *), by_leaf) == NULL)
            out->only[out->only_count++] = (struct verify_difference){side, i};
        else
            out->common_count += side == 0;
    }
    free(list);
    return list != NULL;
}

/* statements 4.2: both sign one text about one acceptance. */
static enum verify_result check_matches(const struct verify_export *a, const struct verify_export *b, struct verify_comparison *out,
                                        struct verify_report *report)
{
    size_t count;
    const struct verify_entry **list = sorted_entries(b, true, by_about, &count);
    enum verify_result result = list == NULL ? verify_unreadable(report, "no memory for a list") : VERIFY_OK;
    for (uint64_t i = 0; i < a->size && result == VERIFY_OK; i++) {
        const struct verify_entry *key = &a->entries[i];
        const struct verify_entry **found = strcmp(key->kind, "match") != 0 ? NULL
                                            : bsearch(&key, list, count, sizeof(const struct verify_entry *), by_about);
        if (found == NULL)
            continue;
        out->matches++;
        if (!verify_hash_equal(&key->text, &(*found)->text))
            result = verify_refute(report, "statements 4.2", "entry %llu and entry %llu of the other are two matches about one acceptance",
                                   (unsigned long long)i, (unsigned long long)(*found - b->entries));
    }
    free(list);
    return result;
}

enum verify_result verify_compare(const struct verify_export *a, const struct verify_export *b, struct verify_comparison *out,
                                  struct verify_report *report)
{
    bool is_one_ledger = strcmp(a->parties.keys[VERIFY_OWNER].name, b->parties.keys[VERIFY_OWNER].name) == 0;
    *out = (struct verify_comparison){.only = NULL};
    verify_at(report, "comparison");
    VERIFY_TRY(check_parties(a, b, is_one_ledger, report));
    if (is_one_ledger)
        VERIFY_TRY(check_histories(a, b, report));
    out->only = calloc(a->size + b->size + 1, sizeof out->only[0]);
    if (out->only == NULL || !note_missing(a, b, 0, out) || !note_missing(b, a, 1, out))
        return verify_unreadable(report, "no memory for a list");
    return check_matches(a, b, out, report);
}

void verify_comparison_release(struct verify_comparison *comparison)
{
    free(comparison->only);
    *comparison = (struct verify_comparison){.only = NULL};
}
