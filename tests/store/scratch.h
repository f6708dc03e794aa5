/* SPDX-License-Identifier: Apache-2.0
 *
 * A fresh store in a folder of its own for each test, removed behind it.
 */
#ifndef TESTS_STORE_SCRATCH_H
#define TESTS_STORE_SCRATCH_H

#include "store/sql.h"
#include "store/store.h"
#include "support/test.h"

#include <unistd.h>

struct scratch {
    char folder[32], path[64];
    struct store *store;
};

static inline int scratch_set_up(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    snprintf(scratch->folder, sizeof scratch->folder, "/tmp/entente-store-XXXXXX");
    if (mkdtemp(scratch->folder) == NULL)
        return -1;
    snprintf(scratch->path, sizeof scratch->path, "%s/entente.db", scratch->folder);
    *state = scratch;
    return store_open(scratch->path, STORE_CREATE, &scratch->store) == BASE_OK ? 0 : -1;
}

static inline int scratch_tear_down(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    struct scratch *scratch = *state;
    char path[80];
    store_close(scratch->store);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", scratch->path, endings[i]);
        unlink(path);
    }
    rmdir(scratch->folder);
    free(scratch);
    return 0;
}

/* Steps of SQLite's machine that the store's queries have taken since this was asked last: what they cost, whatever the clock. */
static inline int scratch_steps(struct store *store)
{
    int steps = 0;
    for (size_t i = 0; i < store->prepared_count; i++)
        steps += sqlite3_stmt_status(store->prepared[i].statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

#define SCRATCH_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

#endif
