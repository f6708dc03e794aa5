/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/export.h"

#include "ledger/inside.h"

#include <stdio.h>
#include <string.h>

enum { HASH_LEN = 32, GROUPS_MAX = 7 }; /* 2^64 has 20 digits */

/* ledger 5.2 */
static enum base_code format_path(const char *folder, uint64_t index, unsigned width, char out[LEDGER_PATH_MAX])
{
    if (width == 0 || width > LEDGER_TILE_WIDTH)
        return base_fail(BASE_E_ARGUMENT, "a tile %u wide", width);
    unsigned groups[GROUPS_MAX];
    size_t count = 0;
    do {
        groups[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    int len = snprintf(out, LEDGER_PATH_MAX, "tile/%s", folder);
    while (count-- > 0)
        len += snprintf(out + len, LEDGER_PATH_MAX - (size_t)len, "/%s%03u", count > 0 ? "x" : "", groups[count]);
    if (width < LEDGER_TILE_WIDTH)
        snprintf(out + len, LEDGER_PATH_MAX - (size_t)len, ".p/%u", width);
    return BASE_OK;
}

enum base_code ledger_tile_path(unsigned level, uint64_t index, unsigned width, char out[LEDGER_PATH_MAX])
{
    char folder[3];
    if (level > 63)
        return base_fail(BASE_E_ARGUMENT, "a tile of level %u", level);
    snprintf(folder, sizeof folder, "%u", level % 100);
    return format_path(folder, index, width, out);
}

enum base_code ledger_entries_path(uint64_t index, unsigned width, char out[LEDGER_PATH_MAX])
{
    return format_path("entries", index, width, out);
}

/* ledger 5.5 */
enum base_code ledger_bundle_put(struct base_buffer *out, struct base_bytes entry)
{
    if (entry.len > LEDGER_ENTRY_MAX)
        return base_fail(BASE_E_LIMIT, "an entry of %zu bytes, at most %d allowed", entry.len, LEDGER_ENTRY_MAX);
    BASE_TRY(base_buffer_reserve(out, 2 + entry.len));
    BASE_TRY(base_put_u16(out, (uint16_t)entry.len));
    return base_buffer_append(out, entry);
}

enum base_code ledger_bundle_next(struct base_cursor *bundle, struct base_bytes *entry)
{
    struct base_cursor ahead = *bundle;
    uint16_t len;
    BASE_TRY(base_cursor_u16(&ahead, &len));
    BASE_TRY(base_cursor_take(&ahead, len, entry));
    *bundle = ahead;
    return BASE_OK;
}

static enum base_code export_level(struct ledger_reader *reader, unsigned level, const struct ledger_files *files)
{
    uint64_t count = ledger_reader_level_count(reader, level);
    for (uint64_t index = 0; index * LEDGER_TILE_WIDTH < count; index++) {
        char path[LEDGER_PATH_MAX];
        struct base_bytes hashes;
        BASE_TRY(ledger_reader_tile(reader, level, index, &hashes));
        BASE_TRY(ledger_tile_path(level, index, ledger_reader_width(reader, level, index), path));
        BASE_TRY(files->write(files->context, path, hashes));
    }
    return BASE_OK;
}

/* One entry into the bundle, if it is the one its leaf stands for. */
static enum base_code put_entry(const struct ledger_entries *entries, uint64_t index, const uint8_t leaf[HASH_LEN],
                                struct base_buffer *entry, struct base_buffer *bundle)
{
    struct crypto_hash hash;
    base_buffer_clear(entry);
    BASE_TRY(entries->read(entries->context, index, entry));
    ledger_leaf_hash(base_bytes_buffer(entry), &hash);
    if (memcmp(hash.bytes, leaf, HASH_LEN) != 0)
        return base_fail(BASE_E_CORRUPT, "entry %llu does not hash to its leaf", (unsigned long long)index);
    return ledger_bundle_put(bundle, base_bytes_buffer(entry));
}

static enum base_code export_bundle(struct ledger_reader *reader, uint64_t index, const struct ledger_entries *entries,
                                    const struct ledger_files *files, struct base_buffer *entry, struct base_buffer *bundle)
{
    char path[LEDGER_PATH_MAX];
    struct base_bytes leaves;
    unsigned width = ledger_reader_width(reader, 0, index);
    base_buffer_clear(bundle);
    BASE_TRY(ledger_reader_tile(reader, 0, index, &leaves));
    for (unsigned i = 0; i < width; i++)
        BASE_TRY(put_entry(entries, index * LEDGER_TILE_WIDTH + i, leaves.data + (size_t)i * HASH_LEN, entry, bundle));
    BASE_TRY(ledger_entries_path(index, width, path));
    return files->write(files->context, path, base_bytes_buffer(bundle));
}

static enum base_code export_bundles(struct ledger_reader *reader, const struct ledger_entries *entries,
                                     const struct ledger_files *files)
{
    struct base_buffer entry = BASE_BUFFER_EMPTY, bundle = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    for (uint64_t index = 0; index * LEDGER_TILE_WIDTH < reader->size && code == BASE_OK; index++)
        code = export_bundle(reader, index, entries, files, &entry, &bundle);
    base_buffer_release(&entry);
    base_buffer_release(&bundle);
    return code;
}

enum base_code ledger_export(const struct ledger_tiles *tiles, uint64_t size, const struct ledger_entries *entries,
                             const struct ledger_files *files)
{
    struct ledger_reader reader;
    enum base_code code = ledger_reader_init(&reader, tiles, size);
    for (unsigned level = 0; level < LEDGER_TILE_LEVELS && code == BASE_OK; level++)
        code = export_level(&reader, level, files);
    if (code == BASE_OK)
        code = export_bundles(&reader, entries, files);
    ledger_reader_release(&reader);
    return code;
}
