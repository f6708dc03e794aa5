/* SPDX-License-Identifier: Apache-2.0 */
#include "store/compartments.h"

#include "store/sql.h"

/* Is the name taken by a row with another id? */
static enum base_code check_name(struct store *store, const char *text, const char *name, const uint8_t id[STORE_ID_LEN])
{
    int64_t taken;
    BASE_TRY(store_number(store, text, STORE_VALUES(store_text(name), store_blob(id, STORE_ID_LEN)), &taken));
    return taken == 0 ? BASE_OK : base_fail(BASE_E_EXISTS, "the name is taken already");
}

enum base_code store_peer_put(struct store *store, const struct store_peer *peer)
{
    BASE_TRY(check_name(store, "SELECT COUNT(*) FROM peers WHERE name=? AND fingerprint<>?", peer->name, peer->fingerprint));
    return store_run(store,
                     "INSERT INTO peers VALUES(?,?,?,?,?) ON CONFLICT(fingerprint) DO UPDATE SET name=excluded.name,"
                     " state=excluded.state, since_ms=excluded.since_ms, card=excluded.card",
                     STORE_VALUES(store_blob(peer->fingerprint, STORE_ID_LEN), store_text(peer->name), store_int(peer->state),
                                  store_int(peer->since_ms), store_bytes(peer->card)),
                     NULL);
}

enum base_code store_peer_remove(struct store *store, const uint8_t fingerprint[STORE_ID_LEN])
{
    int changes = 0;
    BASE_TRY(store_run(store, "DELETE FROM peers WHERE fingerprint=?", STORE_VALUES(store_blob(fingerprint, STORE_ID_LEN)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such peer");
}

static enum base_code visit_peers(struct store_query *query, store_peer_visit *visit, void *context, uint64_t *count)
{
    bool has_row = false;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_peer peer = {.state = (uint32_t)store_column_int(query, 2), .since_ms = store_column_int(query, 3),
                                  .card = store_column_bytes(query, 4)};
        ++*count;
        store_column_text(query, 1, peer.name, sizeof peer.name);
        if ((code = store_column_copy(query, 0, peer.fingerprint, STORE_ID_LEN)) != BASE_OK ||
            (code = visit(context, &peer)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_peer_get(struct store *store, const uint8_t fingerprint[STORE_ID_LEN], store_peer_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT fingerprint, name, state, since_ms, card FROM peers WHERE fingerprint=?",
                               STORE_VALUES(store_blob(fingerprint, STORE_ID_LEN)), &query));
    BASE_TRY(visit_peers(&query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such peer");
}

enum base_code store_peers_each(struct store *store, store_peer_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT fingerprint, name, state, since_ms, card FROM peers ORDER BY name", NULL, 0, &query));
    return visit_peers(&query, visit, context, &count);
}

enum base_code store_compartment_put(struct store *store, const struct store_compartment *compartment)
{
    BASE_TRY(check_name(store, "SELECT COUNT(*) FROM compartments WHERE name=? AND id<>?", compartment->name, compartment->id));
    return store_run(store,
                     "INSERT INTO compartments VALUES(?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET peer=excluded.peer,"
                     " name=excluded.name, state=excluded.state, since_ms=excluded.since_ms, terms=excluded.terms, keys=excluded.keys",
                     STORE_VALUES(store_blob(compartment->id, STORE_ID_LEN), store_blob(compartment->peer, STORE_ID_LEN),
                                  store_text(compartment->name), store_int(compartment->state), store_int(compartment->since_ms),
                                  store_bytes(compartment->terms), store_bytes(compartment->keys)),
                     NULL);
}

static enum base_code visit_compartments(struct store_query *query, store_compartment_visit *visit, void *context, uint64_t *count)
{
    bool has_row = false;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_compartment row = {.state = (uint32_t)store_column_int(query, 3), .since_ms = store_column_int(query, 4),
                                        .terms = store_column_bytes(query, 5), .keys = store_column_bytes(query, 6)};
        ++*count;
        store_column_text(query, 2, row.name, sizeof row.name);
        if ((code = store_column_copy(query, 0, row.id, STORE_ID_LEN)) != BASE_OK ||
            (code = store_column_copy(query, 1, row.peer, STORE_ID_LEN)) != BASE_OK || (code = visit(context, &row)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

enum base_code store_compartment_get(struct store *store, const uint8_t id[STORE_ID_LEN], store_compartment_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT id, peer, name, state, since_ms, terms, keys FROM compartments WHERE id=?",
                               STORE_VALUES(store_blob(id, STORE_ID_LEN)), &query));
    BASE_TRY(visit_compartments(&query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such compartment here");
}

enum base_code store_compartment_state(struct store *store, const uint8_t id[STORE_ID_LEN], uint32_t *state)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT state FROM compartments WHERE id=?", STORE_VALUES(store_blob(id, STORE_ID_LEN)), &number));
    *state = (uint32_t)number;
    return BASE_OK;
}

enum base_code store_compartments_each(struct store *store, store_compartment_visit *visit, void *context)
{
    struct store_query query;
    uint64_t count;
    BASE_TRY(store_query_begin(store, "SELECT id, peer, name, state, since_ms, terms, keys FROM compartments ORDER BY name", NULL,
                               0, &query));
    return visit_compartments(&query, visit, context, &count);
}
