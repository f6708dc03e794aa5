/* SPDX-License-Identifier: Apache-2.0
 *
 * What is owed, by either party: since when, until when, and how it ended. One row for each statement, kind of duty and side
 * that owes it. This layer does not know what a duty is about.
 */
#ifndef STORE_DUTIES_H
#define STORE_DUTIES_H

#include "store/compartments.h"

/* open ──► met; open ──► overdue ──► late (met after all) */
enum store_duty_state { STORE_DUTY_OPEN, STORE_DUTY_MET, STORE_DUTY_OVERDUE, STORE_DUTY_LATE };

enum { STORE_USER_MAX = 63, STORE_OUTCOME_MAX = 63 };

struct store_duty {
    int64_t number;
    uint8_t compartment[STORE_ID_LEN];
    uint8_t about[32]; /* the statement that opened it */
    unsigned kind;     /* the caller's numbering */
    bool is_own;       /* this party owes it */
    enum store_duty_state state;
    int64_t opened_ms, due_ms;
    int64_t closed_ms; /* 0 while open or overdue */
    unsigned reminders; /* bits of the caller's */
    char outcome[STORE_OUTCOME_MAX + 1];
    char owner[STORE_USER_MAX + 1]; /* who in the house has it; "" for nobody */
};
/* Opens; BASE_E_EXISTS when that duty is there in any state. */
enum base_code store_duty_open(struct store *store, const struct store_duty *duty) BASE_MUST_USE;
/* Ends it, as met or late; BASE_E_NOT_FOUND when there is none that is open or overdue. */
enum base_code store_duty_close(struct store *store, const struct store_duty *key, const char *outcome, int64_t now_ms) BASE_MUST_USE;
/* Marks an open one as overdue; `overdue` is the hash of the statement that says so, NULL while none does.
 * BASE_E_NOT_FOUND. */
enum base_code store_duty_run_out(struct store *store, int64_t number, const uint8_t *overdue) BASE_MUST_USE;
/* What is said of one that has ended, once more: a partial answer that was completed. BASE_E_NOT_FOUND. */
enum base_code store_duty_amend(struct store *store, const struct store_duty *key, const char *outcome) BASE_MUST_USE;
/* A new date; an overdue or ended one is open again. BASE_E_NOT_FOUND. */
enum base_code store_duty_move(struct store *store, const struct store_duty *key, int64_t due_ms) BASE_MUST_USE;
enum base_code store_duty_remind(struct store *store, int64_t number, unsigned reminders) BASE_MUST_USE;
enum base_code store_duty_assign(struct store *store, int64_t number, const char *owner) BASE_MUST_USE;
/* One duty by compartment, about, kind, is_own of `duty`, which is filled. BASE_E_NOT_FOUND. */
enum base_code store_duty_get(struct store *store, struct store_duty *duty) BASE_MUST_USE;
typedef enum base_code store_duty_visit(void *context, const struct store_duty *duty);
/* Open ones that are due at or before `due_ms`, of all compartments, earliest first, at most `limit`. */
enum base_code store_duties_due(struct store *store, int64_t due_ms, size_t limit, store_duty_visit *visit, void *context) BASE_MUST_USE;
/* Own ones of a kind that are open, due at or before `due_ms`, and have none of these bits of `reminders`; at most `limit`. */
enum base_code store_duties_unreminded(struct store *store, unsigned kind, int64_t due_ms, unsigned reminders, size_t limit,
                                       store_duty_visit *visit, void *context) BASE_MUST_USE;
/* Those of one kind that are open or overdue. */
enum base_code store_duties_each_open(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned kind,
                                      store_duty_visit *visit, void *context) BASE_MUST_USE;
/* Is any duty about this statement open, and its date still to come? */
enum base_code store_duties_is_open(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t about[32],
                                    bool *out) BASE_MUST_USE;
/* All of a compartment (NULL: of all), newest first. */
enum base_code store_duties_each(struct store *store, const uint8_t *compartment, store_duty_visit *visit, void *context) BASE_MUST_USE;

#endif
