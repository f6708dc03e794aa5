/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing with linear probing, at most half full.
 */
#include "psi/table.h"

#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

enum base_code psi_table_init(struct psi_table *table, size_t count)
{
    *table = (struct psi_table){.count = count, .slot_count = 2};
    while (table->slot_count < 2 * count)
        table->slot_count *= 2;
    table->values = base_alloc_array(count > 0 ? count : 1, PSI_VALUE_LEN);
    table->slots = base_alloc_array(table->slot_count, sizeof *table->slots);
    if (table->values != NULL && table->slots != NULL)
        return BASE_OK;
    psi_table_release(table);
    return base_fail(BASE_E_NOMEM, "out of memory for %zu tokens", count);
}

void psi_table_release(struct psi_table *table)
{
    if (table->values != NULL)
        crypto_wipe(table->values, table->count * PSI_VALUE_LEN);
    free(table->values);
    free(table->slots);
    *table = (struct psi_table){0};
}

static size_t slot_of(const struct psi_table *table, const uint8_t value[PSI_VALUE_LEN])
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    return (size_t)bits & (table->slot_count - 1);
}

void psi_table_add(struct psi_table *table, uint32_t index)
{
    size_t slot = slot_of(table, table->values[index]);
    while (table->slots[slot] != 0)
        slot = (slot + 1) & (table->slot_count - 1);
    table->slots[slot] = index + 1;
}

uint32_t psi_table_find(const struct psi_table *table, const uint8_t value[PSI_VALUE_LEN])
{
    for (size_t slot = slot_of(table, value); table->slots[slot] != 0; slot = (slot + 1) & (table->slot_count - 1)) {
        uint32_t index = table->slots[slot] - 1;
        if (crypto_equal(table->values[index], value, PSI_VALUE_LEN))
            return index;
    }
    return PSI_TABLE_NONE;
}
