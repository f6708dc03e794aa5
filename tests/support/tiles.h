/* SPDX-License-Identifier: Apache-2.0
 *
 * Tiles in memory, for tests and benchmarks of trees. Fixed arrays of levels, growing arrays of tiles.
 */
#ifndef SUPPORT_TILES_H
#define SUPPORT_TILES_H

#include "ledger/tree.h"

#include <stdlib.h>

enum { TEST_TILE_LEVELS = 4 }; /* trees of up to 2^32 leaves */

struct test_tiles {
    struct {
        struct base_buffer *tiles;
        size_t count, capacity;
    } levels[TEST_TILE_LEVELS];
    size_t writes;
    size_t reads;
    size_t fail_write_at; /* the write with this number (from 1) fails with BASE_E_DISK_FULL; 0 for none */
};

static inline enum base_code test_tiles_read(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    struct test_tiles *tiles = context;
    tiles->reads++;
    if (level >= TEST_TILE_LEVELS || index >= tiles->levels[level].count)
        return base_fail(BASE_E_NOT_FOUND, "no tile");
    return base_buffer_append(out, base_bytes_buffer(&tiles->levels[level].tiles[index]));
}

static inline enum base_code test_tiles_write(void *context, unsigned level, uint64_t index, struct base_bytes hashes)
{
    struct test_tiles *tiles = context;
    if (++tiles->writes == tiles->fail_write_at)
        return base_fail(BASE_E_DISK_FULL, "planned");
    if (level >= TEST_TILE_LEVELS || index > tiles->levels[level].count)
        return base_fail(BASE_E_INTERNAL, "tile %u/%llu out of order", level, (unsigned long long)index);
    if (index == tiles->levels[level].count) {
        BASE_TRY(base_grow_array((void **)&tiles->levels[level].tiles, &tiles->levels[level].capacity,
                                 tiles->levels[level].count + 1, sizeof(struct base_buffer)));
        tiles->levels[level].tiles[tiles->levels[level].count++] = BASE_BUFFER_EMPTY;
    }
    base_buffer_clear(&tiles->levels[level].tiles[index]);
    return base_buffer_append(&tiles->levels[level].tiles[index], hashes);
}

static inline struct ledger_tiles test_tiles_port(struct test_tiles *tiles)
{
    return (struct ledger_tiles){tiles, test_tiles_read, test_tiles_write};
}

static inline void test_tiles_release(struct test_tiles *tiles)
{
    for (unsigned level = 0; level < TEST_TILE_LEVELS; level++) {
        for (size_t i = 0; i < tiles->levels[level].count; i++)
            base_buffer_release(&tiles->levels[level].tiles[i]);
        free(tiles->levels[level].tiles);
    }
    *tiles = (struct test_tiles){0};
}

#endif
