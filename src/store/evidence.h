/* SPDX-License-Identifier: Apache-2.0
 *
 * Two checkpoints of the other party that cannot both be true, and what shows it.
 */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "store/compartments.h"

struct store_evidence {
    int64_t number;
    uint8_t compartment[STORE_ID_LEN];
    int64_t found_ms;
    struct base_bytes first, second; /* notes */
    struct base_bytes proof;
};
enum base_code store_evidence_add(struct store *store, const struct store_evidence *evidence) BASE_MUST_USE; /* BASE_E_EXISTS */
typedef enum base_code store_evidence_visit(void *context, const struct store_evidence *evidence);
/* Oldest first; NULL for all compartments. */
enum base_code store_evidence_each(struct store *store, const uint8_t *compartment, store_evidence_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_evidence_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count) BASE_MUST_USE;

#endif
