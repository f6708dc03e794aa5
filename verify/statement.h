/* SPDX-License-Identifier: Apache-2.0
 *
 * What an entry says: the terms and the statements of a compartment. doc/spec/ledger.md 6.10 and 6.11,
 * doc/spec/statements.md, sections 3 and 4.
 */
#ifndef VERIFY_STATEMENT_H
#define VERIFY_STATEMENT_H

#include "verify/parties.h"

enum { VERIFY_KIND_MAX = 32 };

struct verify_entry {
    struct verify_hash leaf;
    char kind[VERIFY_KIND_MAX + 1];
    char time[21];
    uint8_t signers; /* a bit for each enum verify_role */
    bool is_known;   /* false: a kind whose lines this program does not know; only its common lines were checked */
    struct verify_hash about; /* where the kind has it, else zero */
    struct verify_hash text;  /* SHA-256 of the note's text */
};

/* Checks entry `index` and fills in all of `entry` but the leaf. Entry 0 gives *terms (3.4), which the others must cite. */
enum verify_result verify_statement_check(const struct verify_parties *parties, uint64_t index, struct verify_span bytes,
                                          struct verify_hash *terms, struct verify_entry *entry,
                                          struct verify_report *report) VERIFY_MUST_USE;

#endif
