/* SPDX-License-Identifier: Apache-2.0
 *
 * The two halves of an expand-convolute code (vole/code.h says which); over GF(2^128).
 */
#ifndef BLOCK_CODE_H
#define BLOCK_CODE_H

#include "block/block.h"

enum {
    BLOCK_CONVOLVE_TAPS = 24,  /* coefficients that are chosen */
    BLOCK_CONVOLVE_REACH = 28, /* the farthest place that an element is added to */
    BLOCK_GATHER_GROUP = 4     /* elements that are gathered together: a cache line */
};

/* For i from 0 to count - 1: adds elements[i] to elements[i + 1 + j] for each bit j < 24 that is set in taps[i], and x times
 * elements[i] to elements[i + 28]. The array has count + 28 elements; count is a multiple of four. */
void block_convolve(struct block *elements, size_t count, const uint32_t *taps);

/* The same for two arrays with the same taps, in less time than for one after the other. */
void block_convolve_two(struct block *one, struct block *other, size_t count, const uint32_t *taps);

/* Random words to places, for block_gather(): word i becomes 4 * (first[j] + floor(word * choice[j] / 2^32)) + word % 4 with
 * j = i % period. period is a multiple of 16, count one of period; the results fit into 32 bits. */
void block_places(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period);

/* For each group g of four items of `out` and each k < weight, with place = places[weight * g + k] = 4 * line + turn: adds
 * elements[4 * line + (i + turn) % 4] to out[4 * g + i] for i < 4. The places are public. */
void block_gather(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight);

#endif
