/* SPDX-License-Identifier: Apache-2.0 */
#include "vpsi/sort.h"

#include "base/parallel.h"

#include <string.h>

enum { DIGIT_MAX = 11, FEW = 24, EXPECTED_LOG = 3, PARALLEL_CHUNK = 16 };

static void sort_few(struct vpsi_place *places, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct vpsi_place place = places[i];
        size_t at = i;
        for (; at > 0 && places[at - 1].key > place.key; at--)
            places[at] = places[at - 1];
        places[at] = place;
    }
}

/* So many leading bits of what is left that about eight items share them. */
static unsigned digit_bits(size_t count, unsigned left)
{
    unsigned bits = 1;
    while (bits < DIGIT_MAX && bits < left && count >> (bits + EXPECTED_LOG) > 0)
        bits++;
    return bits;
}

/* Moves each item to the part of `to` that its digit has. begins[d] becomes where part d ends. */
static void distribute(const struct vpsi_place *from, struct vpsi_place *to, size_t count, unsigned shift, unsigned bits,
                       uint32_t *begins)
{
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    uint32_t sum = 0;
    memset(begins, 0, ((size_t)1 << bits) * sizeof *begins);
    for (size_t i = 0; i < count; i++)
        begins[from[i].key >> shift & mask]++;
    for (size_t i = 0; i <= mask; i++) {
        const uint32_t part = begins[i];
        begins[i] = sum;
        sum += part;
    }
    for (size_t i = 0; i < count; i++)
        to[begins[from[i].key >> shift & mask]++] = from[i];
}

/* Sorts by the lowest `left` bits; the result is in `to` or in `from`. The depth is at most 64 / 2: FEW items are more than 2^4. */
static void sort_range(struct vpsi_place *from, struct vpsi_place *to, size_t count, unsigned left, bool is_into_to)
{
    if (count <= FEW || left == 0) {
        if (left > 0)
            sort_few(from, count);
        if (is_into_to && count > 0)
            memcpy(to, from, count * sizeof *to);
        return;
    }
    uint32_t ends[1 << DIGIT_MAX];
    const unsigned bits = digit_bits(count, left);
    distribute(from, to, count, left - bits, bits, ends);
    size_t begin = 0;
    for (size_t i = 0; i < (size_t)1 << bits; i++) {
        sort_range(to + begin, from + begin, ends[i] - begin, left - bits, !is_into_to);
        begin = ends[i];
    }
}

struct parts {
    struct vpsi_place *from, *to;
    uint32_t ends[1 << DIGIT_MAX];
    unsigned left;
};

static enum base_code sort_parts(void *context, size_t begin, size_t end)
{
    struct parts *parts = context;
    for (size_t i = begin; i < end; i++) {
        const size_t at = i == 0 ? 0 : parts->ends[i - 1];
        sort_range(parts->to + at, parts->from + at, parts->ends[i] - at, parts->left, false);
    }
    return BASE_OK;
}

enum base_code vpsi_sort(struct vpsi_place *from, struct vpsi_place *to, size_t count, unsigned threads)
{
    if (count >= UINT32_MAX)
        return base_fail(BASE_E_LIMIT, "%zu items to sort", count);
    if (count <= FEW) {
        sort_range(from, to, count, 64, true);
        return BASE_OK;
    }
    struct parts parts = {.from = from, .to = to};
    const unsigned bits = digit_bits(count, 64);
    parts.left = 64 - bits;
    distribute(from, to, count, parts.left, bits, parts.ends);
    return base_parallel_for(threads, (size_t)1 << bits, PARALLEL_CHUNK, sort_parts, &parts);
}
