/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to files: whole files, read up to a limit from a folder or from an archive, and the paths of an export.
 * doc/spec/ledger.md, section 5.
 */
#ifndef VERIFY_FOLDER_H
#define VERIFY_FOLDER_H

#include "verify/archive.h"

enum { VERIFY_TILE_WIDTH = 256, VERIFY_PATH_MAX = 4096, VERIFY_ENTRIES_LEVEL = -1 };

/* Where the files of an export are: in a folder, or under this name in an archive. */
struct verify_folder {
    const char *path;               /* borrowed */
    struct verify_archive *archive; /* borrowed; NULL for a folder */
};
struct verify_folder verify_folder_at(const char *path);

/* *exists false when there is no such file. VERIFY_UNREADABLE when it cannot be read or is larger than the limit. */
enum verify_result verify_file_read(const struct verify_folder *folder, const char *path, size_t max_len, struct verify_file *out,
                                    bool *exists, struct verify_report *report) VERIFY_MUST_USE;
/* The file at this path of the system. VERIFY_UNREADABLE also when it is not there. */
enum verify_result verify_path_read(const char *path, size_t max_len, struct verify_file *out, struct verify_report *report) VERIFY_MUST_USE;

/* The path of a tile, or of a bundle for VERIFY_ENTRIES_LEVEL (5.1, 5.2); width 256 for a full one. */
void verify_tile_path(int level, uint64_t index, unsigned width, char out[128]);

/* Reads the tile or bundle of this width; where it is missing the full one in its place (6.6), and then *width is 256. Leaves
 * the path in report->where. VERIFY_REFUTED (ledger 6.6) when neither is there. */
enum verify_result verify_tile_read(const struct verify_folder *folder, int level, uint64_t index, unsigned *width, size_t max_len,
                                    struct verify_file *out, struct verify_report *report) VERIFY_MUST_USE;

#endif
