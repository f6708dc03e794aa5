/* SPDX-License-Identifier: Apache-2.0
 *
 * Walker's alias method (as M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991), in
 * whole numbers: each of the `count` slots is filled to the brim, which is the sum of the weights, by its own item and one other.
 */
#include "synth/tables.h"

#include <stdlib.h>

/* Items under and over the brim, as two stacks that grow towards each other in one array. */
struct heaps {
    uint64_t *filled; /* of the brim */
    uint32_t *stack;
    size_t low, high;
};

static void put(struct heaps *heaps, uint32_t item, uint64_t brim)
{
    if (heaps->filled[item] < brim)
        heaps->stack[heaps->low++] = item;
    else
        heaps->stack[--heaps->high] = item;
}

static void fill(struct heaps *heaps, size_t count, uint64_t brim, struct synth_slot *slots)
{
    while (heaps->low > 0 && heaps->high < count) {
        uint32_t small = heaps->stack[--heaps->low], large = heaps->stack[heaps->high++];
        slots[small] = (struct synth_slot){(uint32_t)heaps->filled[small], large};
        heaps->filled[large] -= brim - heaps->filled[small];
        put(heaps, large, brim);
    }
    while (heaps->high < count) { /* exactly full: whole numbers leave no rest */
        uint32_t item = heaps->stack[heaps->high++];
        slots[item] = (struct synth_slot){(uint32_t)brim, item};
    }
}

enum base_code synth_slots_make(const uint32_t *weights, size_t count, struct synth_slot **slots, uint32_t *total)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    if (count == 0 || count > UINT16_MAX || sum == 0 || sum > UINT32_MAX)
        return base_fail(BASE_E_LIMIT, "%zu names of weight %llu in one table", count, (unsigned long long)sum);
    struct heaps heaps = {base_alloc_array(count, sizeof *heaps.filled), base_alloc_array(count, sizeof *heaps.stack), 0, count};
    *slots = base_alloc_array(count, sizeof **slots);
    *total = (uint32_t)sum;
    enum base_code code = heaps.filled == NULL || heaps.stack == NULL || *slots == NULL
                              ? base_fail(BASE_E_NOMEM, "no memory for %zu names", count)
                              : BASE_OK;
    for (uint32_t i = 0; code == BASE_OK && i < count; i++) {
        heaps.filled[i] = (uint64_t)weights[i] * count;
        put(&heaps, i, sum);
    }
    if (code == BASE_OK)
        fill(&heaps, count, sum, *slots);
    free(heaps.filled);
    free(heaps.stack);
    return code;
}

size_t synth_slots_pick(const struct synth_slot *slots, size_t count, uint32_t total, struct synth_random *random)
{
    uint64_t bits = synth_random_next(random);
    size_t slot = (size_t)((bits >> 32) * count >> 32);
    uint64_t level = (bits & UINT32_MAX) * total >> 32;
    return level < slots[slot].cut ? slot : slots[slot].other;
}
