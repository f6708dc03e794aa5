/* SPDX-License-Identifier: Apache-2.0
 *
 * One export, read whole and checked. doc/spec/ledger.md, section 6.
 */
#ifndef VERIFY_EXPORT_H
#define VERIFY_EXPORT_H

#include "verify/folder.h"
#include "verify/statement.h"

enum { VERIFY_ENTRIES_MAX = 1 << 22, VERIFY_UNKNOWN_MAX = 64 };

struct verify_export {
    struct verify_parties parties;
    uint64_t size;
    struct verify_hash root;
    uint64_t cosigned_at; /* seconds since 1970 */
    struct verify_terms terms;
    struct verify_hash *leaves;   /* owned */
    struct verify_entry *entries; /* owned; those before `checked` are filled in */
    uint64_t checked;
    uint32_t *by_leaf; /* owned; places in order of their leaves */
    char unknown[VERIFY_UNKNOWN_MAX][VERIFY_KIND_MAX + 1]; /* words of kinds that this program does not know */
    uint8_t unknown_count;
};

#define VERIFY_EXPORT_EMPTY ((struct verify_export){.size = 0})

/* Everything of section 6 but 6.12. Must be released in any case; after a failure the entries before `checked` were sound. */
enum verify_result verify_export_read(struct verify_export *export, const struct verify_folder *folder, const char *const expected[2],
                                      struct verify_report *report) VERIFY_MUST_USE;
void verify_export_release(struct verify_export *export);

const char *verify_export_word(const struct verify_export *export, uint64_t index); /* of an entry's kind */
/* The entry with this leaf hash, or VERIFY_NONE. */
uint32_t verify_export_find(const struct verify_export *export, const struct verify_hash *leaf);

/* An older checkpoint of the same origin, in a file of its own (6.12). */
enum verify_result verify_export_check_older(const struct verify_export *export, const char *path,
                                             struct verify_report *report) VERIFY_MUST_USE;

#endif
