/* SPDX-License-Identifier: Apache-2.0 */
#include "store/duties.h"

#include "store/sql.h"

#include <string.h>

#define COLUMNS "number, compartment, about, kind, is_own, state, opened_ms, due_ms, closed_ms, reminders, outcome, owner"

enum base_code store_duty_open(struct store *store, const struct store_duty *duty)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "INSERT INTO duties(compartment, about, kind, is_own, state, opened_ms, due_ms, owner) VALUES(?,?,?,?,0,?,?,?)"
                       " ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(duty->compartment, STORE_ID_LEN), store_blob(duty->about, 32), store_int(duty->kind),
                                    store_int(duty->is_own), store_int(duty->opened_ms), store_int(duty->due_ms), store_text(duty->owner)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "this duty is there already");
}

enum base_code store_duty_close(struct store *store, const struct store_duty *key, const char *outcome, int64_t now_ms)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE duties SET state=state+1, outcome=?, closed_ms=? WHERE compartment=? AND about=? AND kind=? AND is_own=?"
                       " AND state IN (0, 2)",
                       STORE_VALUES(store_text(outcome), store_int(now_ms), store_blob(key->compartment, STORE_ID_LEN),
                                    store_blob(key->about, 32), store_int(key->kind), store_int(key->is_own)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty that waits");
}

enum base_code store_duty_amend(struct store *store, const struct store_duty *key, const char *outcome)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE duties SET outcome=? WHERE compartment=? AND about=? AND kind=? AND is_own=? AND state IN (1, 3)",
                       STORE_VALUES(store_text(outcome), store_blob(key->compartment, STORE_ID_LEN), store_blob(key->about, 32),
                                    store_int(key->kind), store_int(key->is_own)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty that has ended");
}

enum base_code store_duty_run_out(struct store *store, int64_t number, const uint8_t *overdue)
{
    int changes = 0;
    BASE_TRY(store_run(store, "UPDATE duties SET state=2, overdue=? WHERE number=? AND state=0",
                       STORE_VALUES(store_blob(overdue, overdue == NULL ? 0 : 32), store_int(number)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty that waits");
}

enum base_code store_duty_move(struct store *store, const struct store_duty *key, int64_t due_ms)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE duties SET state=0, due_ms=?, closed_ms=0, outcome='' WHERE compartment=? AND about=?"
                       " AND kind=? AND is_own=?",
                       STORE_VALUES(store_int(due_ms), store_blob(key->compartment, STORE_ID_LEN), store_blob(key->about, 32),
                                    store_int(key->kind), store_int(key->is_own)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty");
}

enum base_code store_duty_remind(struct store *store, int64_t number, unsigned reminders)
{
    return store_run(store, "UPDATE duties SET reminders=? WHERE number=?", STORE_VALUES(store_int(reminders), store_int(number)), NULL);
}

enum base_code store_duty_assign(struct store *store, int64_t number, const char *owner)
{
    int changes = 0;
    BASE_TRY(store_run(store, "UPDATE duties SET owner=? WHERE number=?", STORE_VALUES(store_text(owner), store_int(number)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty");
}

static enum base_code visit_duties(struct store_query *query, store_duty_visit *visit, void *context)
{
    bool has_row;
    enum base_code code;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_duty duty = {.number = store_column_int(query, 0), .kind = (unsigned)store_column_int(query, 3),
                                  .is_own = store_column_int(query, 4) != 0, .state = (enum store_duty_state)store_column_int(query, 5),
                                  .opened_ms = store_column_int(query, 6), .due_ms = store_column_int(query, 7),
                                  .closed_ms = store_column_int(query, 8), .reminders = (unsigned)store_column_int(query, 9)};
        store_column_text(query, 10, duty.outcome, sizeof duty.outcome);
        store_column_text(query, 11, duty.owner, sizeof duty.owner);
        if ((code = store_column_copy(query, 1, duty.compartment, STORE_ID_LEN)) != BASE_OK ||
            (code = store_column_copy(query, 2, duty.about, 32)) != BASE_OK || (code = visit(context, &duty)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

struct single {
    struct store_duty *out;
    bool is_found;
};

static enum base_code take_single(void *context, const struct store_duty *duty)
{
    struct single *single = context;
    *single->out = *duty;
    single->is_found = true;
    return BASE_OK;
}

enum base_code store_duty_get(struct store *store, struct store_duty *duty)
{
    struct store_query query;
    struct single single = {duty, false};
    BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM duties WHERE compartment=? AND about=? AND kind=? AND is_own=?",
                               STORE_VALUES(store_blob(duty->compartment, STORE_ID_LEN), store_blob(duty->about, 32),
                                            store_int(duty->kind), store_int(duty->is_own)),
                               &query));
    BASE_TRY(visit_duties(&query, take_single, &single));
    return single.is_found ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such duty");
}

enum base_code store_duties_due(struct store *store, int64_t due_ms, size_t limit, store_duty_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM duties WHERE state=0 AND due_ms<=? ORDER BY due_ms, number LIMIT ?",
                               STORE_VALUES(store_int(due_ms), store_int((int64_t)limit)), &query));
    return visit_duties(&query, visit, context);
}

enum base_code store_duties_unreminded(struct store *store, unsigned kind, int64_t due_ms, unsigned reminders, size_t limit,
                                       store_duty_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store,
                               "SELECT " COLUMNS " FROM duties WHERE state=0 AND due_ms<=? AND kind=? AND is_own=1 AND reminders & ?=0"
                               " ORDER BY due_ms LIMIT ?",
                               STORE_VALUES(store_int(due_ms), store_int(kind), store_int(reminders), store_int((int64_t)limit)), &query));
    return visit_duties(&query, visit, context);
}

enum base_code store_duties_each_open(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned kind,
                                      store_duty_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM duties WHERE state IN (0, 2) AND compartment=? AND kind=?",
                               STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_int(kind)), &query));
    return visit_duties(&query, visit, context);
}

enum base_code store_duties_is_open(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t about[32], bool *out)
{
    int64_t count;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM duties WHERE compartment=? AND about=? AND state=0",
                          STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(about, 32)), &count));
    *out = count > 0;
    return BASE_OK;
}

enum base_code store_duties_each(struct store *store, const uint8_t *compartment, store_duty_visit *visit, void *context)
{
    struct store_query query;
    if (compartment == NULL)
        BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM duties ORDER BY number DESC", NULL, 0, &query));
    else
        BASE_TRY(store_query_begin(store, "SELECT " COLUMNS " FROM duties WHERE compartment=? ORDER BY number DESC",
                                   STORE_VALUES(store_blob(compartment, STORE_ID_LEN)), &query));
    return visit_duties(&query, visit, context);
}
