/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of block and vole: runs a case with every set of kernels that this machine has.
 */
#ifndef BLOCK_LEVELS_H
#define BLOCK_LEVELS_H

#include "support/test.h"

#include "block/aes.h"
#include "block/gf.h"

static inline void at_every_level(void (*run)(void))
{
    enum block_level best = block_level_best();
    for (int level = BLOCK_PORTABLE; level <= (int)best; level++) {
        assert_ok(block_set_level((enum block_level)level));
        run();
    }
    assert_ok(block_set_level(best));
}

/* Bytes that only look random, the same in every run. */
static inline void fill_blocks(struct block *out, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < 2 * count; i++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15u);
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        out[i / 2].word[i % 2] = z ^ z >> 31;
    }
}

static inline struct block block_from_hex(const char *hex)
{
    uint8_t bytes[16];
    for (size_t i = 0; i < 16; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return block_load(bytes);
}

#define assert_blocks(a, b, count) assert_memory_equal((a), (b), (count) * sizeof(struct block))

#endif
