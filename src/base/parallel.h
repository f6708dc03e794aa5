/* SPDX-License-Identifier: Apache-2.0
 *
 * A loop over independent items on several cores. Threads live for one call; the work of a call should be worth
 * milliseconds.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include "base/bytes.h"

/* Handles items [begin, end); must not touch anything another range writes. */
typedef enum base_code base_parallel_work(void *context, size_t begin, size_t end);

/* Splits [0, count) into ranges of at most `chunk` items and runs `work` on them with up to `threads` threads (the caller
 * is one of them). Returns BASE_OK, or the code and detail of the failing range with the lowest begin; every range that
 * was begun is finished before the call returns. */
enum base_code base_parallel_for(unsigned threads, size_t count, size_t chunk, base_parallel_work *work,
                                 void *context) BASE_MUST_USE;

/* The cores this process may use, at least 1. */
unsigned base_parallel_cores(void);

#endif
