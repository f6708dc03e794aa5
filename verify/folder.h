/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to files: whole files, read up to a limit, and the paths of an export. doc/spec/ledger.md, section 5.
 */
#ifndef VERIFY_FOLDER_H
#define VERIFY_FOLDER_H

#include "verify/report.h"
#include "verify/text.h"

enum { VERIFY_TILE_WIDTH = 256, VERIFY_PATH_MAX = 4096, VERIFY_ENTRIES_LEVEL = -1 };

struct verify_file {
    uint8_t *data; /* owned */
    size_t len;
};

/* *exists false when there is no such file. VERIFY_UNREADABLE when it cannot be read or is larger than the limit. */
enum verify_result verify_file_read(const char *folder, const char *path, size_t max_len, struct verify_file *out, bool *exists,
                                    struct verify_report *report) VERIFY_MUST_USE;
void verify_file_release(struct verify_file *file); /* leaves it empty */

/* The path of a tile, or of a bundle for VERIFY_ENTRIES_LEVEL (5.1, 5.2); width 256 for a full one. */
void verify_tile_path(int level, uint64_t index, unsigned width, char out[128]);

/* Reads the tile or bundle of this width; where it is missing the full one in its place (6.6), and then *width is 256. Leaves
 * the path in report->where. VERIFY_REFUTED (ledger 6.6) when neither is there. */
enum verify_result verify_tile_read(const char *folder, int level, uint64_t index, unsigned *width, size_t max_len,
                                    struct verify_file *out, struct verify_report *report) VERIFY_MUST_USE;

#endif
