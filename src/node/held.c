/* SPDX-License-Identifier: Apache-2.0
 *
 * What of an outbox does not go out while a compartment is suspended.
 */
#include "node/exchange.h"

#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

bool node_held_has(const struct node_held *held, const uint8_t hash[32])
{
    for (size_t i = 0; i < held->count; i++)
        if (memcmp(held->hashes[i].bytes, hash, 32) == 0)
            return true;
    return false;
}

static enum base_code look_at(void *context, const struct store_outgoing *row)
{
    struct node_held *held = context;
    struct exchange_statement statement;
    BASE_TRY(node_statement_read(row->note, &statement));
    bool begins = statement.kind == EXCHANGE_KIND_ALERT || statement.kind == EXCHANGE_KIND_ASK;
    if (!begins && !node_held_has(held, statement.about.bytes))
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&held->hashes, &held->capacity, held->count + 1, sizeof *held->hashes));
    memcpy(held->hashes[held->count++].bytes, row->hash, 32);
    return BASE_OK;
}

enum base_code node_held_find(struct node *node, const struct exchange_id *compartment, enum exchange_state state, struct node_held *out)
{
    *out = (struct node_held){NULL, 0, 0};
    if (state != EXCHANGE_SUSPENDED)
        return BASE_OK;
    enum base_code code = store_outbox_each(node->party->store, compartment->bytes, 0, INT32_MAX, look_at, out);
    if (code != BASE_OK)
        node_held_release(out);
    return code;
}

void node_held_release(struct node_held *held)
{
    free(held->hashes);
    *held = (struct node_held){NULL, 0, 0};
}
