/* SPDX-License-Identifier: Apache-2.0 */
#include "store/evidence.h"

#include "store/sql.h"

enum base_code store_evidence_add(struct store *store, const struct store_evidence *evidence)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "INSERT INTO evidence(compartment, found_ms, first, second, proof) VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(evidence->compartment, STORE_ID_LEN), store_int(evidence->found_ms),
                                    store_bytes(evidence->first), store_bytes(evidence->second), store_bytes(evidence->proof)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "this evidence is kept already");
}

enum base_code store_evidence_each(struct store *store, const uint8_t *compartment, store_evidence_visit *visit, void *context)
{
    struct store_query query;
    bool has_row;
    struct base_bytes id = base_bytes_of(compartment, compartment == NULL ? 0 : STORE_ID_LEN);
    BASE_TRY(store_query_begin(store,
                               "SELECT number, compartment, found_ms, first, second, proof FROM evidence WHERE (?1=x'' OR compartment=?1)"
                               " ORDER BY number",
                               STORE_VALUES(store_bytes(id)), &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_evidence evidence = {.number = store_column_int(&query, 0), .found_ms = store_column_int(&query, 2),
                                          .first = store_column_bytes(&query, 3), .second = store_column_bytes(&query, 4),
                                          .proof = store_column_bytes(&query, 5)};
        if ((code = store_column_copy(&query, 1, evidence.compartment, STORE_ID_LEN)) != BASE_OK ||
            (code = visit(context, &evidence)) != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

enum base_code store_evidence_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM evidence WHERE compartment=?",
                          STORE_VALUES(store_blob(compartment, STORE_ID_LEN)), &number));
    *count = (uint64_t)number;
    return BASE_OK;
}
