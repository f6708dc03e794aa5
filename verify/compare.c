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
    if (a->size > 0 && b->size > 0 && !verify_hash_equal(&a->terms.hash, &b->terms.hash))
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

/* Notes down which entries of `have` the other lacks. */
static void note_missing(const struct verify_export *have, const struct verify_export *other, int side, struct verify_comparison *out)
{
    for (uint64_t i = 0; i < have->size; i++) {
        if (verify_export_find(other, &have->leaves[i]) == VERIFY_NONE)
            out->only[out->only_count++] = (struct verify_difference){side, i};
        else if (side == 0)
            out->common_count++;
    }
}

/* The match about the acceptance with this hash, or VERIFY_NONE: there is one at most (conversations 3.3). */
static uint32_t find_match(const struct verify_export *export, const struct verify_hash *acceptance)
{
    uint32_t at = verify_export_find(export, acceptance);
    if (at != VERIFY_NONE)
        at = export->entries[at].first;
    while (at != VERIFY_NONE && export->entries[at].kind != VERIFY_KIND_MATCH)
        at = export->entries[at].next;
    return at;
}

/* statements 4.2: both sign one text about one acceptance. */
static enum verify_result check_matches(const struct verify_export *a, const struct verify_export *b, struct verify_comparison *out,
                                        struct verify_report *report)
{
    for (uint64_t i = 0; i < a->size; i++) {
        uint32_t found = a->entries[i].kind == VERIFY_KIND_MATCH ? find_match(b, &a->entries[i].about) : VERIFY_NONE;
        if (found == VERIFY_NONE)
            continue;
        out->matches++;
        if (!verify_hash_equal(&a->entries[i].second, &b->entries[found].second))
            return verify_refute(report, "statements 4.2", "entry %llu and entry %u of the other are two matches about one acceptance",
                                 (unsigned long long)i, found);
    }
    return VERIFY_OK;
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
    if (out->only == NULL)
        return verify_unreadable(report, "no memory for a list");
    note_missing(a, b, 0, out);
    note_missing(b, a, 1, out);
    return check_matches(a, b, out, report);
}

void verify_comparison_release(struct verify_comparison *comparison)
{
    free(comparison->only);
    *comparison = (struct verify_comparison){.only = NULL};
}
