/* SPDX-License-Identifier: Apache-2.0
 *
 * A content that was committed to, shown with its salt and its place in the ledger. doc/spec/oversight.md, section 5.
 */
#ifndef VERIFY_OPENING_H
#define VERIFY_OPENING_H

#include "verify/document.h"
#include "verify/export.h"

enum { VERIFY_OPENING_FILE_MAX = 2097152, VERIFY_CONTENT_MAX = 1048576 };

struct verify_opening {
    struct verify_parties parties;
    uint64_t index, size; /* of the entry; of the tree that the checkpoint speaks of */
    uint64_t cosigned_at;
    struct verify_entry entry;
    char kind[VERIFY_KIND_MAX + 1];
    struct verify_hash leaf;
    struct verify_file content; /* owned */
};

#define VERIFY_OPENING_EMPTY ((struct verify_opening){.index = 0})

/* Must be released in any case. `expected` as for an export. */
enum verify_result verify_opening_read(struct verify_span file, const char *const expected[2], struct verify_opening *out,
                                       struct verify_report *report) VERIFY_MUST_USE;
void verify_opening_release(struct verify_opening *opening);

/* 5.7: an export that was checked holds the same entry. */
enum verify_result verify_opening_compare(const struct verify_opening *opening, const struct verify_export *export,
                                          struct verify_report *report) VERIFY_MUST_USE;

#endif
