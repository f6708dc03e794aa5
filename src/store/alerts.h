/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts as this party sees them, and what screening found: rows only. An alert is known by compartment and hash of its
 * statement; `person` numbers the persons that alerts are about, over all compartments, 0 while nobody has decided whether
 * it is a known one.
 */
#ifndef STORE_ALERTS_H
#define STORE_ALERTS_H

#include "store/duties.h"

enum store_alert_state { STORE_ALERT_AWAKE, STORE_ALERT_CLOSED };

struct store_alert {
    uint8_t compartment[STORE_ID_LEN];
    uint8_t hash[32];
    bool is_own; /* this party sent it */
    enum store_alert_state state;
    unsigned tell; /* bits of the caller's */
    int64_t opened_ms, review_ms;
    int64_t ended_ms; /* 0 while awake */
    int64_t person;
    uint8_t content[32];   /* the statement whose content holds its persons: the alert, or what corrected it last */
    bool is_screened;      /* false once that content was restricted or erased */
};
enum base_code store_alert_put(struct store *store, const struct store_alert *alert) BASE_MUST_USE; /* inserts or replaces */
enum base_code store_alert_get(struct store *store, struct store_alert *alert) BASE_MUST_USE; /* by compartment and hash; BASE_E_NOT_FOUND */
typedef enum base_code store_alert_visit(void *context, const struct store_alert *alert);
/* Oldest first; `compartment` NULL for all; only awake ones when asked for. */
enum base_code store_alerts_each(struct store *store, const uint8_t *compartment, bool only_awake, store_alert_visit *visit,
                                 void *context) BASE_MUST_USE;
enum base_code store_person_new(struct store *store, int64_t *person) BASE_MUST_USE; /* one that no alert has */
enum base_code store_persons_join(struct store *store, int64_t from, int64_t into) BASE_MUST_USE;

enum store_subject { STORE_SUBJECT_RECORD, STORE_SUBJECT_EVENT, STORE_SUBJECT_ALERT };
/* open ──► confirmed, rejected, unsure; rejected or unsure ──► open when something new is known */
enum store_finding_state { STORE_FINDING_OPEN, STORE_FINDING_CONFIRMED, STORE_FINDING_REJECTED, STORE_FINDING_UNSURE };

struct store_finding {
    int64_t number;
    uint8_t compartment[STORE_ID_LEN];
    uint8_t alert[32];
    enum store_subject subject;
    struct base_bytes other; /* a record's or event's number as 8 bytes big-endian, or compartment ‖ hash of an alert */
    enum store_finding_state state;
    unsigned grade;
    int64_t opened_ms, judged_ms;
    const char *reasons; /* lines; what was known when it was opened or judged */
    const char *news;    /* lines that were not there when it was judged before */
    char judge[STORE_USER_MAX + 1];
    const char *verdict; /* the judge's reason */
    struct base_bytes hit; /* 32 bytes: the entry in one's own ledger; empty for a finding between two alerts */
};
/* Inserts; *number is set. BASE_E_EXISTS when the pair has one. */
enum base_code store_finding_add(struct store *store, const struct store_finding *finding, int64_t *number) BASE_MUST_USE;
/* Replaces state, grade, reasons, news, judge, verdict, dates and hit of the number. BASE_E_NOT_FOUND. */
enum base_code store_finding_put(struct store *store, const struct store_finding *finding) BASE_MUST_USE;
typedef enum base_code store_finding_visit(void *context, const struct store_finding *finding);
/* By number; by hit; by its pair. BASE_E_NOT_FOUND. */
enum base_code store_finding_get(struct store *store, int64_t number, store_finding_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_finding_of_hit(struct store *store, const uint8_t hit[32], store_finding_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_finding_of_pair(struct store *store, const struct store_finding *pair, store_finding_visit *visit,
                                     void *context) BASE_MUST_USE;
/* Forgets what was said of persons in the findings of an alert: reasons, news and verdicts. */
enum base_code store_findings_blank(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t alert[32]) BASE_MUST_USE;
/* The same in the findings of other alerts that are about this one; and in the finding whose hit this is. */
enum base_code store_findings_blank_twins(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t alert[32]) BASE_MUST_USE;
enum base_code store_finding_blank_hit(struct store *store, const uint8_t hit[32]) BASE_MUST_USE;
/* Newest first; NULL for all compartments. */
enum base_code store_findings_each(struct store *store, const uint8_t *compartment, bool only_open, store_finding_visit *visit,
                                   void *context) BASE_MUST_USE;

#endif
