/* SPDX-License-Identifier: Apache-2.0 */
#include "store/profiles.h"

#include "store/sql.h"

enum base_code store_profile_put(struct store *store, int64_t number, struct base_bytes block)
{
    return store_run(store, "INSERT INTO profiles(number, block) VALUES(?,?) ON CONFLICT(number) DO UPDATE SET block=excluded.block",
                     STORE_VALUES(store_int(number), store_bytes(block)), NULL);
}

enum base_code store_profile_remove(struct store *store, int64_t number)
{
    return store_run(store, "DELETE FROM profiles WHERE number=?", STORE_VALUES(store_int(number)), NULL);
}

static enum base_code visit_profiles(struct store_query *query, store_profile_visit *visit, void *context, uint64_t *count)
{
    bool has_row;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        ++*count;
        if ((code = visit(context, store_column_int(query, 0), store_column_bytes(query, 1))) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_profile_get(struct store *store, int64_t number, store_profile_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT number, block FROM profiles WHERE number=?", STORE_VALUES(store_int(number)), &query));
    BASE_TRY(visit_profiles(&query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such profile");
}

enum base_code store_profiles_each(struct store *store, store_profile_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT number, block FROM profiles ORDER BY number", NULL, 0, &query));
    return visit_profiles(&query, visit, context, &count);
}

enum base_code store_profiles_count(struct store *store, uint64_t *count)
{
    int64_t rows;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM profiles", NULL, 0, &rows));
    *count = (uint64_t)rows;
    return BASE_OK;
}

enum base_code store_profiles_clear(struct store *store)
{
    return store_script(store, "DELETE FROM profiles");
}
