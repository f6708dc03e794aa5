/* SPDX-License-Identifier: Apache-2.0
 *
 * An oversight file: that it is whole, and each compartment in it. doc/spec/oversight.md, sections 1 and 2.
 */
#ifndef VERIFY_OVERSIGHT_H
#define VERIFY_OVERSIGHT_H

#include "verify/account.h"
#include "verify/conflict.h"

enum { VERIFY_COMPARTMENTS_MAX = 1024, VERIFY_CONFLICTS_MAX = 999 };

struct verify_oversight {
    char party[33];
    char (*not_cosigned)[33]; /* owned; compartments that are not there */
    size_t not_cosigned_count;
    size_t compartments;
    uint64_t entries; /* of all of them */
};

#define VERIFY_OVERSIGHT_EMPTY ((struct verify_oversight){.party = ""})

/* One compartment, checked. */
struct verify_compartment {
    const struct verify_export *export;
    const struct verify_account *account;
    bool has_peer; /* a checkpoint of the other party's ledger is there */
    uint64_t peer_size, peer_at;
    const struct verify_conflict *conflicts;
    size_t conflict_count;
};
typedef void verify_compartment_visit(void *context, const struct verify_compartment *compartment);

/* Checks the file, and hands over each compartment once it is found sound; what was handed over before a failure stays sound.
 * `file` is closed. *out must be released in any case. `expected` as for an export. */
enum verify_result verify_oversight_read(FILE *file, const char *const expected[2], verify_compartment_visit *visit, void *context,
                                         struct verify_oversight *out, struct verify_report *report) VERIFY_MUST_USE;
void verify_oversight_release(struct verify_oversight *oversight);

#endif
