/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum verify_result read_open_file(FILE *file, size_t max_len, struct verify_file *out, struct verify_report *report)
{
    size_t capacity = 0;
    for (;;) {
        if (out->len == capacity) {
            capacity = capacity == 0 ? 16384 : capacity * 2;
            uint8_t *grown = realloc(out->data, capacity);
            if (grown == NULL)
                return verify_unreadable(report, "no memory for %zu bytes", capacity);
            out->data = grown;
        }
        size_t got = fread(out->data + out->len, 1, capacity - out->len, file);
        out->len += got;
        if (out->len > max_len)
            return verify_unreadable(report, "larger than %zu bytes", max_len);
        if (got == 0)
            return ferror(file) ? verify_unreadable(report, "cannot be read: %s", strerror(errno)) : VERIFY_OK;
    }
}

struct verify_folder verify_folder_at(const char *path)
{
    return (struct verify_folder){path, NULL};
}

static enum verify_result read_path(const char *path, size_t max_len, struct verify_file *out, bool *exists, struct verify_report *report)
{
    *exists = true;
    FILE *file = fopen(path, "rb");
    if (file == NULL && errno == ENOENT) {
        *exists = false;
        return VERIFY_OK;
    }
    if (file == NULL)
        return verify_unreadable(report, "cannot be opened: %s", strerror(errno));
    enum verify_result result = read_open_file(file, max_len, out, report);
    fclose(file);
    return result;
}

enum verify_result verify_file_read(const struct verify_folder *folder, const char *path, size_t max_len, struct verify_file *out,
                                    bool *exists, struct verify_report *report)
{
    char whole[VERIFY_PATH_MAX];
    verify_at(report, "%s", path);
    if (snprintf(whole, sizeof whole, "%s/%s", folder->path, path) >= (int)sizeof whole)
        return verify_unreadable(report, "the path is too long");
    return folder->archive != NULL ? verify_archive_read(folder->archive, whole, max_len, out, exists, report)
                                   : read_path(whole, max_len, out, exists, report);
}

enum verify_result verify_path_read(const char *path, size_t max_len, struct verify_file *out, struct verify_report *report)
{
    bool exists;
    verify_at(report, "%s", path);
    enum verify_result result = read_path(path, max_len, out, &exists, report);
    return result == VERIFY_OK && !exists ? verify_unreadable(report, "the file is not there") : result;
}

void verify_tile_path(int level, uint64_t index, unsigned width, char out[128])
{
    char groups[64] = "";
    char head[16] = "entries", tail[16] = "";
    uint64_t rest = index;
    snprintf(groups, sizeof groups, "%03u", (unsigned)(rest % 1000));
    while ((rest /= 1000) > 0) {
        char longer[64];
        snprintf(longer, sizeof longer, "x%03u/%.50s", (unsigned)(rest % 1000), groups);
        memcpy(groups, longer, sizeof groups);
    }
    if (level != VERIFY_ENTRIES_LEVEL)
        snprintf(head, sizeof head, "%d", level);
    if (width != VERIFY_TILE_WIDTH)
        snprintf(tail, sizeof tail, ".p/%u", width);
    snprintf(out, 128, "tile/%s/%s%s", head, groups, tail);
}

enum verify_result verify_tile_read(const struct verify_folder *folder, int level, uint64_t index, unsigned *width, size_t max_len,
                                    struct verify_file *out, struct verify_report *report)
{
    char path[128], full_path[128];
    bool exists;
    verify_tile_path(level, index, *width, path);
    VERIFY_TRY(verify_file_read(folder, path, max_len, out, &exists, report));
    if (!exists && *width != VERIFY_TILE_WIDTH) {
        verify_tile_path(level, index, VERIFY_TILE_WIDTH, full_path);
        VERIFY_TRY(verify_file_read(folder, full_path, max_len, out, &exists, report));
        if (exists)
            *width = VERIFY_TILE_WIDTH;
    }
    if (!exists) {
        verify_at(report, "%s%s%s", folder->archive == NULL ? "" : folder->path, folder->archive == NULL ? "" : "/", path);
        return verify_refute(report, "ledger 6.6", "the file is missing");
    }
    return VERIFY_OK;
}
