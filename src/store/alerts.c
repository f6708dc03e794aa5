/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alerts.h"

#include "store/sql.h"

#include <string.h>

_Static_assert(STORE_SUBJECT_ALERT == 2, "the index of twins and its query say 2");

#define ALERT_COLUMNS   "compartment, hash, is_own, state, tell, opened_ms, review_ms, ended_ms, person, content"
#define FINDING_COLUMNS "number, compartment, alert, subject, other, state, grade, opened_ms, judged_ms, reasons, news, judge, verdict, hit"

enum base_code store_alert_put(struct store *store, const struct store_alert *alert)
{
    return store_run(store,
                     "INSERT INTO alerts(" ALERT_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(compartment, hash) DO UPDATE SET"
                     " state=excluded.state, tell=excluded.tell, review_ms=excluded.review_ms, ended_ms=excluded.ended_ms,"
                     " person=excluded.person, content=excluded.content",
                     STORE_VALUES(store_blob(alert->compartment, STORE_ID_LEN), store_blob(alert->hash, 32), store_int(alert->is_own),
                                  store_int(alert->state), store_int(alert->tell), store_int(alert->opened_ms),
                                  store_int(alert->review_ms), store_int(alert->ended_ms), store_int(alert->person),
                                  store_blob(alert->content, alert->is_screened ? 32 : 0)),
                     NULL);
}

static enum base_code visit_alerts(struct store_query *query, store_alert_visit *visit, void *context)
{
    bool has_row;
    enum base_code code;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_alert alert = {.is_own = store_column_int(query, 2) != 0,
                                    .state = (enum store_alert_state)store_column_int(query, 3),
                                    .tell = (unsigned)store_column_int(query, 4), .opened_ms = store_column_int(query, 5),
                                    .review_ms = store_column_int(query, 6), .ended_ms = store_column_int(query, 7),
                                    .person = store_column_int(query, 8), .is_screened = store_column_bytes(query, 9).len > 0};
        if ((code = store_column_copy(query, 0, alert.compartment, STORE_ID_LEN)) != BASE_OK ||
            (code = store_column_copy(query, 1, alert.hash, 32)) != BASE_OK ||
            (alert.is_screened && (code = store_column_copy(query, 9, alert.content, 32)) != BASE_OK) ||
            (code = visit(context, &alert)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

struct single_alert {
    struct store_alert *out;
    bool is_found;
};

static enum base_code take_alert(void *context, const struct store_alert *alert)
{
    struct single_alert *single = context;
    *single->out = *alert;
    single->is_found = true;
    return BASE_OK;
}

enum base_code store_alert_get(struct store *store, struct store_alert *alert)
{
    struct store_query query;
    struct single_alert single = {alert, false};
    BASE_TRY(store_query_begin(store, "SELECT " ALERT_COLUMNS " FROM alerts WHERE compartment=? AND hash=?",
                               STORE_VALUES(store_blob(alert->compartment, STORE_ID_LEN), store_blob(alert->hash, 32)), &query));
    BASE_TRY(visit_alerts(&query, take_alert, &single));
    return single.is_found ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such alert");
}

enum base_code store_alerts_each(struct store *store, const uint8_t *compartment, bool only_awake, store_alert_visit *visit,
                                 void *context)
{
    struct store_query query;
    struct base_bytes id = base_bytes_of(compartment, compartment == NULL ? 0 : STORE_ID_LEN);
    BASE_TRY(store_query_begin(store,
                               "SELECT " ALERT_COLUMNS " FROM alerts WHERE (?1=x'' OR compartment=?1) AND (?2=0 OR state=0)"
                               " ORDER BY opened_ms, hash",
                               STORE_VALUES(store_bytes(id), store_int(only_awake)), &query));
    return visit_alerts(&query, visit, context);
}

enum base_code store_person_new(struct store *store, int64_t *person)
{
    return store_number(store, "SELECT COALESCE(MAX(person), 0) + 1 FROM alerts", NULL, 0, person);
}

enum base_code store_persons_join(struct store *store, int64_t from, int64_t into)
{
    return store_run(store, "UPDATE alerts SET person=? WHERE person=?", STORE_VALUES(store_int(into), store_int(from)), NULL);
}

enum base_code store_finding_add(struct store *store, const struct store_finding *finding, int64_t *number)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "INSERT INTO findings(compartment, alert, subject, other, state, grade, opened_ms, reasons, news, hit)"
                       " VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                       STORE_VALUES(store_blob(finding->compartment, STORE_ID_LEN), store_blob(finding->alert, 32),
                                    store_int(finding->subject), store_bytes(finding->other), store_int(finding->state),
                                    store_int(finding->grade), store_int(finding->opened_ms), store_text(finding->reasons),
                                    store_text(finding->news), store_bytes(finding->hit)),
                       &changes));
    if (changes != 1)
        return base_fail(BASE_E_EXISTS, "the pair has a finding already");
    return store_number(store, "SELECT last_insert_rowid()", NULL, 0, number);
}

enum base_code store_finding_put(struct store *store, const struct store_finding *finding)
{
    int changes = 0;
    BASE_TRY(store_run(store,
                       "UPDATE findings SET state=?, grade=?, opened_ms=?, judged_ms=?, reasons=?, news=?, judge=?, verdict=?, hit=?"
                       " WHERE number=?",
                       STORE_VALUES(store_int(finding->state), store_int(finding->grade), store_int(finding->opened_ms),
                                    store_int(finding->judged_ms), store_text(finding->reasons), store_text(finding->news),
                                    store_text(finding->judge), store_text(finding->verdict), store_bytes(finding->hit),
                                    store_int(finding->number)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such hit");
}

/* Texts of a column are read as C strings: SQLite ends them with a NUL. */
static const char *column_string(const struct store_query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    return text == NULL ? "" : text;
}

static enum base_code visit_findings(struct store_query *query, store_finding_visit *visit, void *context, uint64_t *count)
{
    bool has_row;
    enum base_code code;
    *count = 0;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row) {
        struct store_finding finding = {.number = store_column_int(query, 0), .subject = (enum store_subject)store_column_int(query, 3),
                                        .other = store_column_bytes(query, 4),
                                        .state = (enum store_finding_state)store_column_int(query, 5),
                                        .grade = (unsigned)store_column_int(query, 6), .opened_ms = store_column_int(query, 7),
                                        .judged_ms = store_column_int(query, 8), .reasons = column_string(query, 9),
                                        .news = column_string(query, 10), .verdict = column_string(query, 12),
                                        .hit = store_column_bytes(query, 13)};
        ++*count;
        store_column_text(query, 11, finding.judge, sizeof finding.judge);
        if ((code = store_column_copy(query, 1, finding.compartment, STORE_ID_LEN)) != BASE_OK ||
            (code = store_column_copy(query, 2, finding.alert, 32)) != BASE_OK || (code = visit(context, &finding)) != BASE_OK)
            break;
    }
    store_query_end(query);
    return code;
}

static enum base_code one_finding(struct store_query *query, store_finding_visit *visit, void *context)
{
    uint64_t count;
    BASE_TRY(visit_findings(query, visit, context, &count));
    return count > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such hit");
}

enum base_code store_finding_get(struct store *store, int64_t number, store_finding_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store, "SELECT " FINDING_COLUMNS " FROM findings WHERE number=?", STORE_VALUES(store_int(number)), &query));
    return one_finding(&query, visit, context);
}

enum base_code store_finding_of_hit(struct store *store, const uint8_t hit[32], store_finding_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store, "SELECT " FINDING_COLUMNS " FROM findings WHERE hit=?", STORE_VALUES(store_blob(hit, 32)), &query));
    return one_finding(&query, visit, context);
}

enum base_code store_finding_of_pair(struct store *store, const struct store_finding *pair, store_finding_visit *visit, void *context)
{
    struct store_query query;
    BASE_TRY(store_query_begin(store,
                               "SELECT " FINDING_COLUMNS " FROM findings WHERE compartment=? AND alert=? AND subject=? AND other=?",
                               STORE_VALUES(store_blob(pair->compartment, STORE_ID_LEN), store_blob(pair->alert, 32),
                                            store_int(pair->subject), store_bytes(pair->other)),
                               &query));
    return one_finding(&query, visit, context);
}

enum base_code store_findings_blank(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t alert[32])
{
    return store_run(store, "UPDATE findings SET reasons='', news='', verdict='' WHERE compartment=? AND alert=?",
                     STORE_VALUES(store_blob(compartment, STORE_ID_LEN), store_blob(alert, 32)), NULL);
}

enum base_code store_findings_blank_twins(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t alert[32])
{
    uint8_t other[STORE_ID_LEN + 32];
    memcpy(other, compartment, STORE_ID_LEN);
    memcpy(other + STORE_ID_LEN, alert, 32);
    return store_run(store, "UPDATE findings SET reasons='', news='', verdict='' WHERE subject=2 AND other=?",
                     STORE_VALUES(store_blob(other, sizeof other)), NULL);
}

enum base_code store_finding_blank_hit(struct store *store, const uint8_t hit[32])
{
    return store_run(store, "UPDATE findings SET reasons='', news='', verdict='' WHERE hit=?", STORE_VALUES(store_blob(hit, 32)), NULL);
}

enum base_code store_findings_each(struct store *store, const uint8_t *compartment, bool only_open, store_finding_visit *visit,
                                   void *context)
{
    struct store_query query;
    uint64_t count;
    struct base_bytes id = base_bytes_of(compartment, compartment == NULL ? 0 : STORE_ID_LEN);
    BASE_TRY(store_query_begin(store,
                               "SELECT " FINDING_COLUMNS " FROM findings WHERE (?1=x'' OR compartment=?1) AND (?2=0 OR state=0)"
                               " ORDER BY number DESC",
                               STORE_VALUES(store_bytes(id), store_int(only_open)), &query));
    return visit_findings(&query, visit, context, &count);
}
