/* SPDX-License-Identifier: Apache-2.0 */
#include "store/matches.h"

#include "store/sql.h"

#include <stdlib.h>

enum base_code store_match_put(struct store *store, const struct store_match *match)
{
    int changes = 0;
    BASE_TRY(store_run(store, "INSERT INTO matches VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(match->session, STORE_ID_LEN), store_blob(match->compartment, STORE_ID_LEN),
                                    store_int(match->is_starter), store_int(match->is_receiver),
                                    store_int((int64_t)match->own_count), store_int((int64_t)match->peer_count),
                                    store_int((int64_t)match->hit_count), store_int((int64_t)match->bytes_sent),
                                    store_int((int64_t)match->bytes_received), store_int(match->started_ms),
                                    store_int(match->finished_ms), store_blob(match->statement, 32), store_bytes(match->opening),
                                    store_bytes(match->tokens)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "the match is kept already");
}

static enum base_code visit_match(const struct store_query *query, store_match_visit *visit, void *context)
{
    struct store_match match = {.is_starter = store_column_int(query, 2) != 0, .is_receiver = store_column_int(query, 3) != 0,
                                .own_count = (uint64_t)store_column_int(query, 4), .peer_count = (uint64_t)store_column_int(query, 5),
                                .hit_count = (uint64_t)store_column_int(query, 6), .bytes_sent = (uint64_t)store_column_int(query, 7),
                                .bytes_received = (uint64_t)store_column_int(query, 8), .started_ms = store_column_int(query, 9),
                                .finished_ms = store_column_int(query, 10), .opening = store_column_bytes(query, 12),
                                .tokens = store_column_bytes(query, 13)};
    BASE_TRY(store_column_copy(query, 0, match.session, STORE_ID_LEN));
    BASE_TRY(store_column_copy(query, 1, match.compartment, STORE_ID_LEN));
    BASE_TRY(store_column_copy(query, 11, match.statement, 32));
    return visit(context, &match);
}

enum base_code store_matches_each(struct store *store, const uint8_t *compartment, store_match_visit *visit, void *context)
{
    static const char all[] = "SELECT * FROM matches ORDER BY finished_ms DESC, rowid DESC";
    static const char one[] = "SELECT * FROM matches WHERE compartment=? ORDER BY finished_ms DESC, rowid DESC";
    struct store_value value = store_blob(compartment, STORE_ID_LEN);
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, compartment == NULL ? all : one, &value, compartment == NULL ? 0 : 1, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = visit_match(&query, visit, context)) != BASE_OK)
            break;
    store_query_end(&query);
    return code;
}

enum base_code store_hit_put(struct store *store, const struct store_hit *hit)
{
    return store_run(store, "INSERT INTO hits VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                     STORE_VALUES(store_blob(hit->session, STORE_ID_LEN), store_int(hit->record), store_text(hit->rule),
                                  store_text(hit->grade), store_blob(hit->reference, 16), store_text(hit->reason)),
                     NULL);
}

enum base_code store_hits_each(struct store *store, const uint8_t session[STORE_ID_LEN], store_hit_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store,
                               "SELECT session, record, rule, grade, reference, reason FROM hits WHERE session=?"
                               " ORDER BY record, reference",
                               STORE_VALUES(store_blob(session, STORE_ID_LEN)), &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_hit hit = {.record = store_column_int(&query, 1)};
        struct base_bytes reason = store_column_bytes(&query, 5);
        char *copy = base_bytes_dup(reason);
        if (copy == NULL) {
            code = base_fail(BASE_E_NOMEM, "no memory for a reason");
            break;
        }
        hit.reason = copy;
        store_column_text(&query, 2, hit.rule, sizeof hit.rule);
        store_column_text(&query, 3, hit.grade, sizeof hit.grade);
        code = store_column_copy(&query, 0, hit.session, STORE_ID_LEN);
        if (code == BASE_OK)
            code = store_column_copy(&query, 4, hit.reference, sizeof hit.reference);
        if (code == BASE_OK)
            code = visit(context, &hit);
        free(copy);
        if (code != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

enum base_code store_nonce_claim(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t nonce[32], int64_t now_ms)
{
    int changes = 0;
    BASE_TRY(store_run(store, "INSERT INTO nonces VALUES(?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(nonce, 32), store_int(now_ms)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_REPLAY, "this session was seen before");
}

enum base_code store_nonces_forget(struct store *store, int64_t before_ms)
{
    return store_run(store, "DELETE FROM nonces WHERE seen_ms<?", STORE_VALUES(store_int(before_ms)), NULL);
}
