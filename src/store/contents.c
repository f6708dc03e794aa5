/* SPDX-License-Identifier: Apache-2.0 */
#include "store/contents.h"

#include "store/sql.h"

enum base_code store_content_add(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_content *content)
{
    int changes = 0;
    BASE_TRY(store_run(store, "INSERT INTO contents(compartment, hash, state, changed_ms, salt, content) VALUES(?,?,?,?,?,?)"
                              " ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(content->hash, 32), store_int(content->state),
                                    store_int(content->changed_ms), store_bytes(content->salt), store_bytes(content->content)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "the statement has its content already");
}

enum base_code store_content_set(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                 enum store_content_state state, int64_t now_ms)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE contents SET state=?1, changed_ms=?2, salt=CASE WHEN ?1=2 THEN x'' ELSE salt END,"
                       " content=CASE WHEN ?1=2 THEN x'' ELSE content END WHERE compartment=?3 AND hash=?4",
                       STORE_VALUES(store_int(state), store_int(now_ms), store_blob(compartment, STORE_ID_LEN), store_blob(hash, 32)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "the statement has no content");
}

static enum base_code visit_contents(struct store_query *query, store_content_visit *visit, void *context, uint64_t *count)
{
    bool has_row;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_content content = {.state = (enum store_content_state)store_column_int(query, 1),
                                        .changed_ms = store_column_int(query, 2), .salt = store_column_bytes(query, 3),
                                        .content = store_column_bytes(query, 4)};
        ++*count;
        if ((code = store_column_copy(query, 0, content.hash, 32)) != BASE_OK || (code = visit(context, &content)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_content_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                 store_content_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT hash, state, changed_ms, salt, content FROM contents WHERE compartment=? AND hash=?",
                               STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(hash, 32)), &query));
    BASE_TRY(visit_contents(&query, visit, context, &count));
    return count == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "the statement has no content");
}

enum base_code store_contents_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t before_ms,
                                   store_content_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store,
                               "SELECT hash, state, changed_ms, salt, content FROM contents WHERE compartment=? AND state<>2"
                               " AND changed_ms<? ORDER BY changed_ms, hash",
                               STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_int(before_ms)), &query));
    return visit_contents(&query, visit, context, &count);
}

enum base_code store_contents_held(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t *after, size_t limit,
                                   store_hash_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    uint8_t hash[32];
    BASE_TRY(store_query_begin(store,
                               "SELECT hash FROM contents INDEXED BY contents_held WHERE compartment=? AND state<>2 AND hash>? ORDER BY hash"
                               " LIMIT ?",
                               STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(after, after == NULL ? 0 : 32),
                                            store_int((int64_t)limit)),
                               &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = store_column_copy(&query, 0, hash, sizeof hash)) != BASE_OK || (code = visit(context, hash)) != BASE_OK)
            break;
    store_query_end(&query);
    return code;
}

enum base_code store_content_is_held(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], bool *out)
{
    int64_t count;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM contents WHERE compartment=? AND hash=? AND state<>2",
                          STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(hash, 32)), &count));
    *out = count > 0;
    return BASE_OK;
}
