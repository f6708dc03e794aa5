/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of bench-ledger share.
 */
#ifndef BENCH_LEDGER_H
#define BENCH_LEDGER_H

#include "crypto/secret.h"

double bench_now_us(void);
double bench_median(double *values, size_t count); /* sorts them */
void bench_must(enum base_code code, const char *what); /* ends the program when code is not BASE_OK */

/* Appends batches to a ledger in a store in `folder`, in turns with plain writes, and prints the table. */
void bench_ledger_appends(const char *folder);

#endif
