/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to memory by the page: for arrays of many megabytes, which the system should give in large pages where it can.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include "base/bytes.h"

struct base_pages {
    void *data; /* aligned to 2 MiB, zeroed; owned */
    size_t len;
    void *mapped;
    size_t mapped_len;
};

#define BASE_PAGES_EMPTY ((struct base_pages){NULL, 0, NULL, 0})

/* BASE_E_NOMEM. */
enum base_code base_pages_new(size_t len, struct base_pages *out) BASE_MUST_USE;
void base_pages_release(struct base_pages *pages); /* leaves it empty; an empty one is fine */

#endif
