/* SPDX-License-Identifier: Apache-2.0
 *
 * How many slots a set needs (okvs 3). Both sides must come to the same numbers, so they are computed from integers and a table;
 * `bench-okvs --table` prints the table from the bound, and a test holds it against the bound.
 */
#include "okvs/okvs.h"

/* The fewest starts for which a strip of `count` keys fails with probability 2^-40 at most. Between two lines the numbers lie
 * below the straight line, because the curve bends upwards. */
static const struct line {
    uint32_t count, starts;
} lines[] = {
    {0, 1},           {192, 1},         {256, 7},         {384, 23},        {512, 39},         {768, 71},        {1024, 105},
    {1536, 173},      {2048, 242},      {3072, 380},      {4096, 518},      {6144, 794},       {8192, 1071},     {12288, 1625},
    {16384, 2179},    {24576, 3288},    {32768, 4398},    {49152, 6620},    {65536, 8843},     {98304, 13293},   {131072, 17745},
    {196608, 26657},  {262144, 35575},  {393216, 53422},  {524288, 71282},  {786432, 107027},
};
enum {
    LINES = sizeof lines / sizeof lines[0],
    KEYS_PER_BIT = 5000 /* one more start for so many keys makes a failure half as likely (okvs 3.4) */
};

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

static uint64_t starts_for(uint64_t count)
{
    size_t i = 1;
    while (i + 1 < LINES && lines[i].count < count)
        i++;
    const struct line *low = &lines[i - 1], *high = &lines[i];
    return low->starts + divide_up((count - low->count) * (high->starts - low->starts), high->count - low->count);
}

static uint64_t square_root_up(uint64_t value)
{
    uint64_t root = 0;
    while (root * root < value)
        root++;
    return root;
}

static unsigned log2_up(uint64_t value)
{
    unsigned bits = 0;
    while ((uint64_t)1 << bits < value)
        bits++;
    return bits;
}

void okvs_params_with(uint64_t count, uint64_t strips, uint64_t strip_starts, struct okvs_params *out)
{
    *out = (struct okvs_params){.count = count, .strips = strips, .strip_starts = strip_starts};
    out->strip_slots = OKVS_ALIGN * (strip_starts - 1) + OKVS_BAND;
    out->slots = strips * out->strip_slots;
}

enum base_code okvs_params_for(uint64_t count, struct okvs_params *out)
{
    if (count > OKVS_COUNT_MAX)
        return base_fail(BASE_E_LIMIT, "%llu keys, at most %d", (unsigned long long)count, (int)OKVS_COUNT_MAX);
    const uint64_t strips = count <= OKVS_STRIP_KEYS ? 1 : divide_up(count, OKVS_STRIP_KEYS);
    if (strips == 1) {
        okvs_params_with(count, 1, starts_for(count), out);
        out->failure_bits = OKVS_LAMBDA;
        return BASE_OK;
    }
    const uint64_t average = divide_up(count, strips);
    const uint64_t room = average + divide_up(43 * square_root_up(average), 5); /* 8.6 standard deviations */
    const unsigned more_bits = log2_up(strips) + 1;
    okvs_params_with(count, strips, starts_for(room) + divide_up(more_bits * room, KEYS_PER_BIT), out);
    out->failure_bits = OKVS_LAMBDA + 0.9; /* 2^-41 for the strips, 2^-45 for their loads */
    return BASE_OK;
}
