/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts of entries that need not be counted again for each new one.
 */
#include "store/ledgers.h"

#include "store/sql.h"

#include <stdio.h>
#include <string.h>

/* FNV-1a; a slot that two share is only counted again more often. */
static struct store_tally *slot_of(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *what)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < STORE_ID_LEN; i++)
        hash = (hash ^ compartment[i]) * 0x100000001b3u;
    for (const char *at = what; *at != 0; at++)
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    return &store->tallies[(hash ^ hash >> 32) % STORE_TALLIES];
}

enum base_code store_tally_most(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *what, int64_t since_ms,
                                uint64_t *most)
{
    const struct store_tally *tally = slot_of(store, compartment, what);
    uint64_t entries;
    *most = UINT64_MAX;
    if (memcmp(tally->compartment, compartment, STORE_ID_LEN) != 0 || strcmp(tally->what, what) != 0)
        return BASE_OK;
    /* Of what was undone nobody knows what it held; and a clock that was set back looks at more than was counted. */
    if (tally->undone != store->undone || since_ms < tally->since_ms)
        return BASE_OK;
    BASE_TRY(store_entries_count(store, compartment, &entries));
    *most = tally->count + (entries - tally->entries);
    return BASE_OK;
}

enum base_code store_tally_keep(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *what, int64_t since_ms,
                                uint64_t count)
{
    struct store_tally *tally = slot_of(store, compartment, what);
    uint64_t entries;
    if (!store_is_in_transaction(store)) /* another process may have added one between the counting and now */
        return BASE_OK;
    BASE_TRY(store_entries_count(store, compartment, &entries));
    if (strlen(what) >= sizeof tally->what)
        return base_fail(BASE_E_LIMIT, "\"%s\" is too long to count", what);
    *tally = (struct store_tally){.since_ms = since_ms, .count = count, .entries = entries, .undone = store->undone};
    memcpy(tally->compartment, compartment, sizeof tally->compartment);
    snprintf(tally->what, sizeof tally->what, "%s", what);
    return BASE_OK;
}
