/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/export.h"

#include "verify/order.h"
#include "verify/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEYS_FILE_MAX = 4096,
    ENTRY_MAX = 65535,
    BUNDLE_MAX = VERIFY_TILE_WIDTH * (2 + ENTRY_MAX),
    TILE_MAX = VERIFY_TILE_WIDTH * VERIFY_HASH_LEN,
};

static struct verify_span span_of_file(const struct verify_file *file)
{
    return verify_span_of(file->data, file->len);
}

static enum verify_result read_keys(struct verify_export *export, const struct verify_folder *folder, const char *const expected[2],
                                    struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    bool exists;
    enum verify_result result = verify_file_read(folder, "keys", KEYS_FILE_MAX, &file, &exists, report);
    if (result == VERIFY_OK && !exists)
        result = verify_unreadable(report, "not there: this is not the folder of an export");
    if (result == VERIFY_OK)
        result = verify_parties_read(span_of_file(&file), expected, &export->parties, report);
    verify_file_release(&file);
    return result;
}

static enum verify_result read_checkpoint(struct verify_export *export, const struct verify_folder *folder, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    struct verify_checkpoint checkpoint;
    bool exists;
    enum verify_result result = verify_file_read(folder, "checkpoint", VERIFY_NOTE_MAX, &file, &exists, report);
    if (result == VERIFY_OK && !exists)
        result = verify_refute(report, "ledger 5.1", "the file is missing");
    if (result == VERIFY_OK)
        result = verify_checkpoint_check(&export->parties.keys[VERIFY_OWNER], &export->parties.keys[VERIFY_COSIGNER],
                                         span_of_file(&file), &checkpoint, &export->cosigned_at, report);
    if (result == VERIFY_OK && checkpoint.size > VERIFY_ENTRIES_MAX)
        result = verify_unreadable(report, "%llu entries: this program reads at most %d", (unsigned long long)checkpoint.size,
                                   VERIFY_ENTRIES_MAX);
    if (result == VERIFY_OK) {
        export->size = checkpoint.size;
        export->root = checkpoint.root;
    }
    verify_file_release(&file);
    return result;
}

/* Where the word of an unknown kind is kept. */
static enum verify_result keep_word(struct verify_export *export, const char *word, struct verify_entry *entry,
                                    struct verify_report *report)
{
    uint8_t place = 0;
    while (place < export->unknown_count && strcmp(export->unknown[place], word) != 0)
        place++;
    if (place == VERIFY_UNKNOWN_MAX)
        return verify_unreadable(report, "more than %d kinds that this program does not know", VERIFY_UNKNOWN_MAX);
    if (place == export->unknown_count)
        memcpy(export->unknown[export->unknown_count++], word, sizeof export->unknown[0]);
    entry->word = place;
    return VERIFY_OK;
}

static enum verify_result check_entry(struct verify_export *export, uint64_t index, struct verify_span bytes,
                                      struct verify_report *report)
{
    struct verify_said said;
    struct verify_entry *entry = &export->entries[index];
    if (!verify_leaf(bytes, &export->leaves[index]))
        return verify_unreadable(report, "no memory for a hash");
    size_t len = strlen(report->where);
    snprintf(report->where + len, sizeof report->where - len, ": entry %llu", (unsigned long long)index);
    VERIFY_TRY(verify_statement_check(&export->parties, index, bytes, &export->terms, entry, &said, report));
    if (entry->kind == VERIFY_KIND_UNKNOWN)
        VERIFY_TRY(keep_word(export, said.word, entry, report));
    report->where[len] = 0;
    export->checked = index + 1;
    return VERIFY_OK;
}

const char *verify_export_word(const struct verify_export *export, uint64_t index)
{
    const struct verify_entry *entry = &export->entries[index];
    return entry->kind == VERIFY_KIND_UNKNOWN ? export->unknown[entry->word] : verify_kind_word((enum verify_kind)entry->kind);
}

/* ledger 5.5, 6.7 */
static enum verify_result check_bundle(struct verify_export *export, uint64_t first, unsigned wanted, unsigned width,
                                       struct verify_span bytes, struct verify_report *report)
{
    for (unsigned i = 0; i < width; i++) {
        size_t len = bytes.len < 2 ? 0 : (size_t)bytes.data[0] << 8 | bytes.data[1];
        if (bytes.len < 2 || bytes.len - 2 < len)
            return verify_refute(report, "ledger 6.7", "the bundle ends after %u of its %u entries", i, width);
        if (i < wanted)
            VERIFY_TRY(check_entry(export, first + i, verify_span_of(bytes.data + 2, len), report));
        bytes = verify_span_of(bytes.data + 2 + len, bytes.len - 2 - len);
    }
    return bytes.len == 0 ? VERIFY_OK : verify_refute(report, "ledger 6.7", "the bundle goes on after its last entry");
}

static unsigned width_of(uint64_t count, uint64_t tile)
{
    uint64_t left = count - tile * VERIFY_TILE_WIDTH;
    return left < VERIFY_TILE_WIDTH ? (unsigned)left : VERIFY_TILE_WIDTH;
}

static enum verify_result read_entries(struct verify_export *export, const struct verify_folder *folder, struct verify_report *report)
{
    export->leaves = calloc(export->size + 1, sizeof export->leaves[0]);
    export->entries = calloc(export->size + 1, sizeof export->entries[0]);
    if (export->leaves == NULL || export->entries == NULL)
        return verify_unreadable(report, "no memory for %llu entries", (unsigned long long)export->size);
    for (uint64_t tile = 0; tile * VERIFY_TILE_WIDTH < export->size; tile++) {
        struct verify_file file = {NULL, 0};
        unsigned wanted = width_of(export->size, tile), width = wanted;
        enum verify_result result = verify_tile_read(folder, VERIFY_ENTRIES_LEVEL, tile, &width, BUNDLE_MAX, &file, report);
        if (result == VERIFY_OK)
            result = check_bundle(export, tile * VERIFY_TILE_WIDTH, wanted, width, span_of_file(&file), report);
        verify_file_release(&file);
        VERIFY_TRY(result);
    }
    return VERIFY_OK;
}

/* ledger 6.8 */
static enum verify_result check_root(const struct verify_export *export, struct verify_report *report)
{
    struct verify_hash root;
    verify_at(report, "checkpoint");
    if (!verify_root(export->leaves, export->size, &root))
        return verify_unreadable(report, "no memory for a hash");
    if (!verify_hash_equal(&root, &export->root))
        return verify_refute(report, "ledger 6.8", "the root is not that of the entries");
    return VERIFY_OK;
}

/* ledger 6.6, 6.9 */
static enum verify_result check_tile(const struct verify_folder *folder, int level, uint64_t tile, const struct verify_hash *hashes, uint64_t count,
                                     struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    unsigned wanted = width_of(count, tile), width = wanted;
    enum verify_result result = verify_tile_read(folder, level, tile, &width, TILE_MAX, &file, report);
    if (result == VERIFY_OK && file.len != (size_t)width * VERIFY_HASH_LEN)
        result = verify_refute(report, "ledger 6.6", "%zu bytes, not %u", file.len, width * VERIFY_HASH_LEN);
    for (unsigned i = 0; i < wanted && result == VERIFY_OK; i++)
        if (memcmp(file.data + (size_t)i * VERIFY_HASH_LEN, hashes[tile * VERIFY_TILE_WIDTH + i].bytes, VERIFY_HASH_LEN) != 0)
            result = verify_refute(report, "ledger 6.9", "hash %u is not that of what stands below it", i);
    verify_file_release(&file);
    return result;
}

/* Replaces the hashes of a level by those of the next: the roots of its full tiles (5.4). */
static bool rise(struct verify_hash *hashes, uint64_t *count)
{
    uint64_t full = *count / VERIFY_TILE_WIDTH;
    for (uint64_t tile = 0; tile < full; tile++)
        if (!verify_root(hashes + tile * VERIFY_TILE_WIDTH, VERIFY_TILE_WIDTH, &hashes[tile]))
            return false;
    *count = full;
    return true;
}

static enum verify_result check_tiles(const struct verify_export *export, const struct verify_folder *folder, struct verify_report *report)
{
    uint64_t count = export->size;
    struct verify_hash *hashes = malloc((count + 1) * sizeof *hashes);
    enum verify_result result = VERIFY_OK;
    if (hashes == NULL)
        return verify_unreadable(report, "no memory for %llu hashes", (unsigned long long)count);
    if (count > 0)
        memcpy(hashes, export->leaves, count * sizeof *hashes);
    for (int level = 0; count > 0 && result == VERIFY_OK; level++) {
        for (uint64_t tile = 0; tile * VERIFY_TILE_WIDTH < count && result == VERIFY_OK; tile++)
            result = check_tile(folder, level, tile, hashes, count, report);
        if (result == VERIFY_OK && !rise(hashes, &count))
            result = verify_unreadable(report, "no memory for a hash");
    }
    free(hashes);
    return result;
}

static int compare_leaves(const void *a, const void *b, void *leaves)
{
    const uint32_t *left = a, *right = b;
    const struct verify_hash *all = leaves;
    int order = memcmp(&all[*left], &all[*right], sizeof all[0]);
    return order != 0 ? order : (*left > *right) - (*left < *right);
}

/* statements 4.6: a ledger holds the same note once. */
static enum verify_result sort_leaves(struct verify_export *export, struct verify_report *report)
{
    export->by_leaf = malloc((export->size + 1) * sizeof export->by_leaf[0]);
    if (export->by_leaf == NULL)
        return verify_unreadable(report, "no memory for a list");
    for (uint32_t i = 0; i < export->size; i++)
        export->by_leaf[i] = i;
    qsort_r(export->by_leaf, export->size, sizeof export->by_leaf[0], compare_leaves, export->leaves);
    for (uint64_t i = 1; i < export->size; i++) {
        if (!verify_hash_equal(&export->leaves[export->by_leaf[i - 1]], &export->leaves[export->by_leaf[i]]))
            continue;
        verify_at(report, "entry %u", export->by_leaf[i]);
        return verify_refute(report, "statements 4.6", "the same note as entry %u", export->by_leaf[i - 1]);
    }
    return VERIFY_OK;
}

uint32_t verify_export_find(const struct verify_export *export, const struct verify_hash *leaf)
{
    uint64_t from = 0, to = export->by_leaf == NULL ? 0 : export->size;
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        int order = memcmp(leaf, &export->leaves[export->by_leaf[middle]], sizeof *leaf);
        if (order == 0)
            return export->by_leaf[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return VERIFY_NONE;
}

/* Finds what each entry is about. From the last to the first: so the entries about one stand in their order. */
static void link_entries(struct verify_export *export)
{
    static const struct verify_hash none;
    for (uint64_t i = export->size; i-- > 0;) {
        struct verify_entry *entry = &export->entries[i];
        if (verify_hash_equal(&entry->about, &none))
            continue;
        entry->about_at = verify_export_find(export, &entry->about);
        if (entry->about_at == VERIFY_NONE)
            continue;
        entry->next = export->entries[entry->about_at].first;
        export->entries[entry->about_at].first = (uint32_t)i;
    }
}

enum verify_result verify_export_read(struct verify_export *export, const struct verify_folder *folder, const char *const expected[2],
                                      struct verify_report *report)
{
    VERIFY_TRY(read_keys(export, folder, expected, report));
    VERIFY_TRY(read_checkpoint(export, folder, report));
    VERIFY_TRY(read_entries(export, folder, report));
    VERIFY_TRY(check_root(export, report));
    VERIFY_TRY(check_tiles(export, folder, report));
    VERIFY_TRY(sort_leaves(export, report));
    link_entries(export);
    return verify_order_check(export, report);
}

void verify_export_release(struct verify_export *export)
{
    free(export->leaves);
    free(export->entries);
    free(export->by_leaf);
    *export = VERIFY_EXPORT_EMPTY;
}

enum verify_result verify_export_check_older(const struct verify_export *export, const char *path, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    struct verify_checkpoint older;
    struct verify_hash root;
    enum verify_result result = verify_path_read(path, VERIFY_NOTE_MAX, &file, report);
    if (result == VERIFY_OK)
        result = verify_checkpoint_check(&export->parties.keys[VERIFY_OWNER], NULL, span_of_file(&file), &older, NULL, report);
    if (result == VERIFY_OK && older.size > export->size)
        result = verify_refute(report, "ledger 6.12", "it speaks of %llu entries, the export has %llu",
                               (unsigned long long)older.size, (unsigned long long)export->size);
    if (result == VERIFY_OK && !verify_root(export->leaves, older.size, &root))
        result = verify_unreadable(report, "no memory for a hash");
    if (result == VERIFY_OK && !verify_hash_equal(&root, &older.root))
        result = verify_refute(report, "ledger 6.12", "the export does not begin with what it speaks of: the owner showed two histories");
    verify_file_release(&file);
    return result;
}
