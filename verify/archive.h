/* SPDX-License-Identifier: Apache-2.0
 *
 * The ustar archive of an oversight file: opened, its every header, filling and end checked, and its files read one by one.
 * doc/spec/oversight.md, clauses 1.1 to 1.4.
 */
#ifndef VERIFY_ARCHIVE_H
#define VERIFY_ARCHIVE_H

#include "verify/report.h"
#include "verify/text.h"

#include <stdio.h>

enum {
    VERIFY_BLOCK = 512,
    VERIFY_MEMBER_NAME_MAX = 99,
    VERIFY_MEMBERS_MAX = 65536,
    VERIFY_MEMBER_MAX = 16777472, /* bytes of a file */
};

struct verify_file {
    uint8_t *data; /* owned */
    size_t len;
};
void verify_file_release(struct verify_file *file); /* leaves it empty */

struct verify_member {
    char name[VERIFY_MEMBER_NAME_MAX + 1];
    uint64_t at; /* where its bytes begin in the archive */
    uint32_t size;
    bool is_called_for;
};

struct verify_archive {
    FILE *file;
    struct verify_member *members; /* owned; names ascend */
    size_t count;
};

#define VERIFY_ARCHIVE_EMPTY ((struct verify_archive){NULL, NULL, 0})

/* Reads the archive through once. `file` is then the archive's, also after a failure. VERIFY_REFUTED with the clause. */
enum verify_result verify_archive_open(struct verify_archive *archive, FILE *file, struct verify_report *report) VERIFY_MUST_USE;
void verify_archive_release(struct verify_archive *archive);

/* Reads a file, and marks it as called for. *exists false when the archive does not have it. */
enum verify_result verify_archive_read(struct verify_archive *archive, const char *name, size_t max_len, struct verify_file *out,
                                       bool *exists, struct verify_report *report) VERIFY_MUST_USE;

#endif
