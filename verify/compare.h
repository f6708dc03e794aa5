/* SPDX-License-Identifier: Apache-2.0
 *
 * Two exports of one compartment, each checked before: what one has that the other lacks, and whether they contradict
 * each other.
 */
#ifndef VERIFY_COMPARE_H
#define VERIFY_COMPARE_H

#include "verify/export.h"

struct verify_difference {
    int side; /* which export has it: 0 or 1 */
    uint64_t index;
};

struct verify_comparison {
    struct verify_difference *only; /* owned; in order of side and index */
    uint64_t only_count;
    uint64_t common_count;
    uint64_t matches; /* match statements that both have */
};

/* VERIFY_REFUTED when the two cannot both be true: other compartments, parties, keys or terms (statements 4.6), two match
 * statements about one acceptance (statements 4.2), or, for two exports of one ledger, two histories (ledger 4.7). A
 * statement that only one side has is no contradiction: it may be under way. */
enum verify_result verify_compare(const struct verify_export *a, const struct verify_export *b, struct verify_comparison *out,
                                  struct verify_report *report) VERIFY_MUST_USE;
void verify_comparison_release(struct verify_comparison *comparison);

#endif
