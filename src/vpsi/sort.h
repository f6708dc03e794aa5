/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vpsi layer: sorts numbers that are spread evenly, and remembers where each came from.
 */
#ifndef VPSI_SORT_H
#define VPSI_SORT_H

#include "base/bytes.h"

struct vpsi_place {
    uint64_t key;
    uint32_t index;
    uint32_t unused;
};

/* Sorts from[0..count) by key into to[0..count); `from` is overwritten. Distribution by leading bits, until so few are left that
 * they are put in order one by one: fast for keys that are spread evenly, correct for all. At most 2^32 - 1 items. */
enum base_code vpsi_sort(struct vpsi_place *from, struct vpsi_place *to, size_t count, unsigned threads) BASE_MUST_USE;

#endif
