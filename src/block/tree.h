/* SPDX-License-Identifier: Apache-2.0
 *
 * One level of a tree of blocks, in place: `count` parents in nodes[0 .. count) become 2 * count children, the left child of
 * parent i at i and its right child at count + i. So the bits of a leaf's place, from the lowest, are the turns from the root.
 * H is the circular hash of aes.h.
 */
#ifndef BLOCK_TREE_H
#define BLOCK_TREE_H

#include "block/aes.h"

/* Sums over a level, by side: of the children, after the call. */
struct block_sides {
    struct block left, right;
};

/* left = H(parent), right = parent ^ left: the correlated tree of Half-Tree (Guo et al., eprint 2022/1431), in which
 * both children add up to their parent and every level adds up to the same block. */
struct block_sides block_tree_halve(const struct block_aes *pi, struct block *nodes, size_t count);
/* left = H(parent), right = H(parent ^ 1): children without relation. */
struct block_sides block_tree_double(const struct block_aes *pi, struct block *nodes, size_t count);

#endif
