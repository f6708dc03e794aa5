/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to randomness. Whoever needs random bytes is handed a source, so that a test can replay a run.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/bytes.h"

struct base_random {
    enum base_code (*fill)(void *context, uint8_t *out, size_t len);
    void *context;
};

/* The system's generator (getrandom(2)). Fails with BASE_E_IO only where the kernel has none. */
struct base_random base_random_system(void);
/* For tests: the same bytes for the same seed, of no cryptographic worth. *seed is borrowed and moves on. */
struct base_random base_random_repeatable(uint64_t *seed);
enum base_code base_random_fill(const struct base_random *random, void *out, size_t len) BASE_MUST_USE;

#endif
