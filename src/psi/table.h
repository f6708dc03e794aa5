/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the psi layer: finds an own token by a 16-byte value derived from it. The values are outputs of the OPRF,
 * so they are spread evenly whatever either side puts in, and their first bytes serve as the hash.
 */
#ifndef PSI_TABLE_H
#define PSI_TABLE_H

#include "base/bytes.h"

enum { PSI_VALUE_LEN = 16, PSI_TABLE_NONE = UINT32_MAX };

struct psi_table {
    uint8_t (*values)[PSI_VALUE_LEN]; /* value of own token i at i */
    uint32_t *slots;                  /* own index + 1, 0 for free */
    size_t count, slot_count;         /* slot_count is a power of two, at least 2 * count */
};

enum base_code psi_table_init(struct psi_table *table, size_t count) BASE_MUST_USE; /* BASE_E_NOMEM */
void psi_table_release(struct psi_table *table);                                    /* wipes */
/* Makes values[index], which the caller has written, findable. */
void psi_table_add(struct psi_table *table, uint32_t index);
/* The own index with this value, or PSI_TABLE_NONE. */
uint32_t psi_table_find(const struct psi_table *table, const uint8_t value[PSI_VALUE_LEN]);

#endif
