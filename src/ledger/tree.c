/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashing, the reader of tiles, and appending to them. Proofs stand in proof.c.
 */
#include "ledger/tree.h"

#include "ledger/inside.h"

#include <stdlib.h>
#include <string.h>

enum { HASH_LEN = 32 };

/* ledger 3.1 */
void ledger_leaf_hash(struct base_bytes leaf, struct crypto_hash *out)
{
    static const uint8_t prefix = 0x00;
    struct base_bytes parts[2] = {base_bytes_of(&prefix, 1), leaf};
    crypto_sha256(parts, 2, out);
}

void ledger_node_hash(const struct crypto_hash *left, const struct crypto_hash *right, struct crypto_hash *out)
{
    uint8_t node[1 + 2 * HASH_LEN];
    node[0] = 0x01;
    memcpy(node + 1, left->bytes, HASH_LEN);
    memcpy(node + 1 + HASH_LEN, right->bytes, HASH_LEN);
    struct base_bytes part = base_bytes_of(node, sizeof node);
    crypto_sha256(&part, 1, out);
}

/* The root over 2^n hashes, n from 0 to 8. */
static void fold(struct base_bytes hashes, struct crypto_hash *out)
{
    struct crypto_hash row[LEDGER_TILE_WIDTH];
    memcpy(row, hashes.data, hashes.len);
    for (size_t count = hashes.len / HASH_LEN; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            ledger_node_hash(&row[2 * i], &row[2 * i + 1], &row[i]);
    *out = row[0];
}

/* ---- reading ---- */

enum base_code ledger_reader_init(struct ledger_reader *reader, const struct ledger_tiles *tiles, uint64_t size)
{
    memset(reader, 0, sizeof *reader);
    reader->tiles = tiles;
    reader->size = size;
    if (size > LEDGER_SIZE_MAX)
        return base_fail(BASE_E_RANGE, "a tree of more than 2^63 - 1 leaves"); /* ledger 3.3 */
    return BASE_OK;
}

void ledger_reader_release(struct ledger_reader *reader)
{
    for (unsigned level = 0; level < LEDGER_TILE_LEVELS; level++)
        base_buffer_release(&reader->slots[level].hashes);
}

uint64_t ledger_reader_level_count(const struct ledger_reader *reader, unsigned level)
{
    return level < LEDGER_TILE_LEVELS ? reader->size >> (LEDGER_TILE_HEIGHT * level) : 0;
}

unsigned ledger_reader_width(const struct ledger_reader *reader, unsigned level, uint64_t index)
{
    uint64_t count = ledger_reader_level_count(reader, level), before = index * LEDGER_TILE_WIDTH;
    if (count <= before)
        return 0;
    return count - before < LEDGER_TILE_WIDTH ? (unsigned)(count - before) : LEDGER_TILE_WIDTH;
}

static enum base_code load(struct ledger_reader *reader, struct ledger_tile_slot *slot, unsigned level, uint64_t index)
{
    slot->is_loaded = false;
    base_buffer_clear(&slot->hashes);
    enum base_code code = reader->tiles->read(reader->tiles->context, level, index, &slot->hashes);
    if (code == BASE_E_NOT_FOUND)
        return base_fail(BASE_E_CORRUPT, "tile %u/%llu is missing", level, (unsigned long long)index);
    BASE_TRY(code);
    size_t len = slot->hashes.len;
    if (len % HASH_LEN != 0 || len > LEDGER_TILE_BYTES || len < HASH_LEN * (size_t)ledger_reader_width(reader, level, index))
        return base_fail(BASE_E_CORRUPT, "tile %u/%llu has %zu bytes", level, (unsigned long long)index, len);
    slot->index = index;
    slot->is_loaded = true;
    return BASE_OK;
}

enum base_code ledger_reader_tile(struct ledger_reader *reader, unsigned level, uint64_t index, struct base_bytes *hashes)
{
    if (level >= LEDGER_TILE_LEVELS || ledger_reader_width(reader, level, index) == 0)
        return base_fail(BASE_E_INTERNAL, "a tile outside the tree: %u/%llu", level, (unsigned long long)index);
    struct ledger_tile_slot *slot = &reader->slots[level];
    if (!slot->is_loaded || slot->index != index)
        BASE_TRY(load(reader, slot, level, index));
    *hashes = base_bytes_of(slot->hashes.data, HASH_LEN * (size_t)ledger_reader_width(reader, level, index));
    return BASE_OK;
}

/* The root of the full subtree of 2^height leaves that starts at `begin`, a multiple of 2^height. Its topmost hashes that are
 * stored lie side by side in one tile, since 2^(height mod 8) divides the tile's width. */
static enum base_code subtree(struct ledger_reader *reader, uint64_t begin, unsigned height, struct crypto_hash *out)
{
    unsigned level = height / LEDGER_TILE_HEIGHT;
    uint64_t first = begin >> (LEDGER_TILE_HEIGHT * level);
    size_t count = (size_t)1 << (height % LEDGER_TILE_HEIGHT), offset = (size_t)(first % LEDGER_TILE_WIDTH);
    struct base_bytes tile;
    BASE_TRY(ledger_reader_tile(reader, level, first / LEDGER_TILE_WIDTH, &tile));
    if ((offset + count) * HASH_LEN > tile.len)
        return base_fail(BASE_E_INTERNAL, "a subtree outside the tree");
    fold(base_bytes_of(tile.data + offset * HASH_LEN, count * HASH_LEN), out);
    return BASE_OK;
}

/* The set bits of the length are the full subtrees of the range, the largest at the left; RFC 6962's tree joins them from the
 * right. */
enum base_code ledger_reader_range(struct ledger_reader *reader, uint64_t begin, uint64_t end, struct crypto_hash *out)
{
    uint64_t length = end - begin, at = end;
    bool is_first = true;
    for (unsigned height = 0; height < 64; height++) {
        struct crypto_hash left;
        if ((length >> height & 1) == 0)
            continue;
        at -= (uint64_t)1 << height;
        BASE_TRY(subtree(reader, at, height, &left));
        if (is_first)
            *out = left;
        else
            ledger_node_hash(&left, out, out);
        is_first = false;
    }
    return BASE_OK;
}

enum base_code ledger_tree_root(const struct ledger_tiles *tiles, uint64_t size, struct crypto_hash *out)
{
    struct ledger_reader reader;
    if (size == 0) {
        crypto_sha256(NULL, 0, out);
        return BASE_OK;
    }
    enum base_code code = ledger_reader_init(&reader, tiles, size);
    if (code == BASE_OK)
        code = ledger_reader_range(&reader, 0, size, out);
    ledger_reader_release(&reader);
    return code;
}

/* ---- appending ---- */

/* Puts `count` hashes behind those of a level, and the roots of the tiles that became full into `roots`. */
static enum base_code append_level(struct ledger_reader *reader, unsigned level, const struct crypto_hash *hashes, size_t count,
                                   struct crypto_hash *roots, size_t *root_count)
{
    const struct ledger_tiles *tiles = reader->tiles;
    uint64_t at = ledger_reader_level_count(reader, level);
    size_t done = 0, width = (size_t)(at % LEDGER_TILE_WIDTH);
    uint8_t tile[LEDGER_TILE_BYTES];
    if (width > 0) {
        struct base_bytes stored;
        BASE_TRY(ledger_reader_tile(reader, level, at / LEDGER_TILE_WIDTH, &stored));
        memcpy(tile, stored.data, width * HASH_LEN);
    }
    *root_count = 0;
    while (done < count) {
        size_t room = LEDGER_TILE_WIDTH - width, take = count - done < room ? count - done : room;
        memcpy(tile + width * HASH_LEN, hashes + done, take * HASH_LEN);
        width += take;
        done += take;
        BASE_TRY(tiles->write(tiles->context, level, at / LEDGER_TILE_WIDTH, base_bytes_of(tile, width * HASH_LEN)));
        at += take;
        if (width == LEDGER_TILE_WIDTH) {
            fold(base_bytes_of(tile, sizeof tile), &roots[(*root_count)++]);
            width = 0;
        }
    }
    return BASE_OK;
}

static enum base_code append_levels(struct ledger_reader *reader, const struct crypto_hash *leaves, size_t count,
                                    struct crypto_hash *roots)
{
    const struct crypto_hash *hashes = leaves;
    for (unsigned level = 0; level < LEDGER_TILE_LEVELS && count > 0; level++) {
        /* From level 1 on the roots are read and written in one array: a root is written after the hashes below it were read. */
        size_t root_count;
        BASE_TRY(append_level(reader, level, hashes, count, roots, &root_count));
        hashes = roots;
        count = root_count;
    }
    return BASE_OK;
}

enum base_code ledger_tree_append(const struct ledger_tiles *tiles, uint64_t *size, const struct crypto_hash *leaves,
                                  size_t count)
{
    struct ledger_reader reader;
    if (*size > LEDGER_SIZE_MAX || count > LEDGER_SIZE_MAX - *size)
        return base_fail(BASE_E_RANGE, "a tree of more than 2^63 - 1 leaves");
    if (count == 0)
        return BASE_OK;
    struct crypto_hash *roots = base_alloc_array(count / LEDGER_TILE_WIDTH + 1, sizeof *roots);
    if (roots == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to append %zu leaves", count);
    enum base_code code = ledger_reader_init(&reader, tiles, *size);
    if (code == BASE_OK)
        code = append_levels(&reader, leaves, count, roots);
    if (code == BASE_OK)
        *size += count;
    ledger_reader_release(&reader);
    free(roots);
    return code;
}
