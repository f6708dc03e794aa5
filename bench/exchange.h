/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of bench-exchange share.
 */
#ifndef BENCH_EXCHANGE_H
#define BENCH_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

double bench_now_s(void);
/* The value below which `of` thousandths of them lie; 500 is the median. Sorts them. */
double bench_quantile(double *values, size_t count, unsigned thousandths);

/* What this machine can do at most, measured in the same run as everything that is held against it. */
struct bench_yardstick {
    double writes;     /* of 4 KiB, each with an fsync, in a second */
    double signatures; /* Ed25519 of a text as long as a statement, on one core, in a second */
    double checks;
    double round_trip_us; /* of one byte between two processes over TCP on the loopback */
};
void bench_yardstick_measure(const char *folder, struct bench_yardstick *out);

#endif
