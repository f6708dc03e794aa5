/* SPDX-License-Identifier: Apache-2.0
 *
 * Two checkpoints of one ledger that cannot both be true. doc/spec/oversight.md, section 4.
 */
#ifndef VERIFY_CONFLICT_H
#define VERIFY_CONFLICT_H

#include "verify/document.h"
#include "verify/statement.h"

enum { VERIFY_CONFLICT_FILE_MAX = 524288 };

struct verify_conflict {
    struct verify_parties parties; /* the owner is the party that the checkpoints are of */
    uint64_t sizes[2];
    struct verify_hash roots[2];
    struct verify_hash prefix;     /* when proven and the sizes differ: the root that the second has over the first's size */
    bool is_proven;                /* else a suspicion (4.5) */
};

/* Reads a conflict file. VERIFY_REFUTED when it is not of the form, not signed, or shows no conflict. */
enum verify_result verify_conflict_read(struct verify_span file, struct verify_conflict *out, struct verify_report *report) VERIFY_MUST_USE;

#endif
