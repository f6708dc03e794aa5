/* SPDX-License-Identifier: Apache-2.0 */
#include "store/drafts.h"

#include "store/sql.h"

#define COLUMNS "number, compartment, state, created_ms, decided_ms, author, decider, reason, request"

enum base_code store_draft_add(struct store *store, const struct store_draft *draft, int64_t *number)
{
    BASE_TRY(store_run(store, "INSERT INTO drafts(compartment, state, created_ms, author, request) VALUES(?,0,?,?,?)",
                       STORE_VALUES(store_blob(draft->compartment, STORE_ID_LEN), store_int(draft->created_ms), store_text(draft->author),
                                    store_bytes(draft->request)),
                       NULL));
    return store_number(store, "SELECT last_insert_rowid()", NULL, 0, number);
}

enum base_code store_draft_decide(struct store *store, int64_t number, enum store_draft_state state, const char *decider,
                                  const char *reason, int64_t now_ms)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE drafts SET state=?, decider=?, reason=?, decided_ms=?, request=x'' WHERE number=? AND state=0",
                       STORE_VALUES(store_int(state), store_text(decider), store_text(reason), store_int(now_ms), store_int(number)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "no draft with this number waits");
}

static enum base_code visit_drafts(struct store_query *query, store_draft_visit *visit, void *context, uint64_t *count)
{
    bool has_row;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        const char *reason = (const char *)sqlite3_column_text(query->statement, 7);
        struct store_draft draft = {.number = store_column_int(query, 0), .state = (enum store_draft_state)store_column_int(query, 2),
                                    .created_ms = store_column_int(query, 3), .decided_ms = store_column_int(query, 4),
                                    .reason = reason == NULL ? "" : reason, .request = store_column_bytes(query, 8)};
        ++*count;
        store_column_text(query, 5, draft.author, sizeof draft.author);
        store_column_text(query, 6, draft.decider, sizeof draft.decider);
        if ((code = store_column_copy(query, 1, draft.compartment, STORE_ID_LEN)) != BASE_OK || (code = visit(context, &draft)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_draft_get(struct store *store, int64_t number, store_draft_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM drafts WHERE number=?", STORE_VALUES(store_int(number)), &query));
    BASE_TRY(visit_drafts(&query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no draft with this number");
}

enum base_code store_drafts_each(struct store *store, const uint8_t *compartment, bool only_waiting, store_draft_visit *visit,
                                 void *context)
{
    struct store_query query;
    uint64_t count;
    struct base_bytes id = base_bytes_of(compartment, compartment == NULL ? 0 : STORE_ID_LEN);
    BASE_TRY(store_query_begin(store,
                               "SELECT " COLUMNS " FROM drafts WHERE (?1=x'' OR compartment=?1) AND (?2=0 OR state=0) ORDER BY number DESC",
                               STORE_VALUES(store_bytes(id), store_int(only_waiting)), &query));
    return visit_drafts(&query, visit, context, &count);
}
