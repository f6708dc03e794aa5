/* SPDX-License-Identifier: Apache-2.0
 *
 * The bound of okvs 3.2 on the probability that a strip cannot be encoded, computed from its formula, for the tests and
 * for the program that prints the table of src/okvs/params.c.
 */
#ifndef OKVS_BOUND_H
#define OKVS_BOUND_H

#include "okvs/okvs.h"

#include <math.h>

/* E[min(1, 2^(N - columns))] for N binomial(count, share). */
static inline double bound_excess(double count, double share, double columns)
{
    if (share >= 1.0)
        return exp2(fmin(0.0, count - columns));
    double k = fmax(0.0, columns - 80.0), sum = 0.0;
    if (k > count)
        return 0.0;
    double term = lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1) + k * log(share) + (count - k) * log1p(-share);
    const double odds = log(share) - log1p(-share);
    for (; k <= count; k++) {
        const double part = exp(term) * exp2(fmin(0.0, k - columns));
        sum += part;
        if (k > columns && (part < sum * 1e-12 || part == 0.0))
            break;
        term += odds + log((count - k) / (k + 1));
    }
    return sum;
}

/* -log2 of the bound for one strip with `count` keys at `starts` places. */
static inline double bound_bits(uint64_t count, uint64_t starts)
{
    double total = 0.0;
    unsigned small = 0;
    for (uint64_t width = 1; width <= starts && small < 400; width++) {
        const double columns = (double)(OKVS_ALIGN * (width - 1) + OKVS_BAND);
        const double part = (double)(starts - width + 1) *
                            bound_excess((double)count, (double)width / (double)starts, columns);
        total += part;
        small = total > 0.0 && part < total * 1e-7 ? small + 1 : 0;
    }
    return total > 0.0 ? -log2(total) : INFINITY;
}

/* The fewest starts for which the bound is 2^-bits or less. */
static inline uint64_t bound_starts(uint64_t count, double bits)
{
    if (bound_bits(count, 1) >= bits)
        return 1;
    uint64_t low = 1, high = count / 5 + 2;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (bound_bits(count, middle) >= bits)
            high = middle;
        else
            low = middle;
    }
    return high;
}

#endif
