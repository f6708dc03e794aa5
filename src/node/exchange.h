/* SPDX-License-Identifier: Apache-2.0
 *
 * The exchange: what a statement does to this party's side, whoever says it. Saying and taking are one path:
 *
 *     node_say()   an own statement:     check ─► sign ─► book, content, outbox ─► effect
 *     node_take()  the other's:          check ─► book, content, receipt        ─► effect
 *     node_clock() nobody says anything: duties whose time has run out          ─► node_say(overdue)
 *
 * all inside one transaction of the store, on the node's clock, without a socket. doc/spec/statements.md 4 to 7. Private to
 * the layer.
 *
 *     take.c     node_say and node_take
 *     effect.c   the table of kinds; effect_alert.c, effect_ask.c, effect_correct.c, overdue.c: their rules
 *     duties.c   opening, meeting and running out
 *     screen.c   alerts against records, events and alerts
 */
#ifndef NODE_EXCHANGE_H
#define NODE_EXCHANGE_H

#include "exchange/content.h"
#include "node/node.h"
#include "store/alerts.h"
#include "store/contents.h"
#include "store/duties.h"

/* One statement on its way into the book. */
struct node_taking {
    struct node *node;
    const struct node_seat *seat;
    const struct exchange_statement *statement;
    struct exchange_statement *own; /* the same, while it may still be changed; NULL for the other party's */
    bool is_own;              /* this party says it */
    int64_t now_ms;
    struct exchange_content content; /* empty when nothing travels beside it */
    bool has_content;
    bool is_content_erased;   /* there was one, and its sender has erased it since */
    struct exchange_statement about; /* what it speaks of; filled by node_effect_check() for the kinds that need it */
    bool is_about_own;        /* this party said that */
    struct crypto_hash hash;  /* of the note; known to the effect, not to the check */
};

/* May this be said now? In the order of doc/spec/statements.md: BASE_E_SUSPENDED, BASE_E_NOT_FOUND (about), BASE_E_ORDER,
 * BASE_E_OUTSIDE_TERMS, BASE_E_OVER_BUDGET, BASE_E_FLOOD, BASE_E_RANGE, BASE_E_FORMAT. */
enum base_code node_effect_check(struct node_taking *taking) BASE_MUST_USE;
/* What it does to duties, alerts and contents. */
enum base_code node_effect_apply(struct node_taking *taking) BASE_MUST_USE;

/* Says it in the compartment: commits to the content (may be NULL), signs, enters it in the book and, if the other party is to
 * hear it, in the outbox. In a transaction of the caller's. node_statement_begin() has begun the statement. */
enum base_code node_say(struct node *node, const struct node_seat *seat, struct exchange_statement *statement,
                        const struct exchange_content *content, struct crypto_hash *hash) BASE_MUST_USE;
/* The same in a transaction of its own, for a compartment by id. */
enum base_code node_say_alone(struct node *node, const struct exchange_id *compartment, struct exchange_statement *statement,
                              const struct exchange_content *content, struct crypto_hash *hash) BASE_MUST_USE;

/* Takes the parcels of one compartment that a peer delivered, in one transaction; for each a receipt or a refusal is appended to
 * `answers` (message.h, RECEIPTS). What is refused changes nothing and is logged. After a failure nothing has changed. */
enum base_code node_take(struct node *node, const struct node_seat *seat, const struct node_parcel *parcels, size_t count,
                         struct base_buffer *answers) BASE_MUST_USE;

/* A duty as key: compartment, about, kind, who owes it. */
struct store_duty node_duty_key(const struct node_seat *seat, const struct crypto_hash *about, enum exchange_duty kind, bool is_own);
enum base_code node_duty_open(struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind, bool is_own,
                              int64_t due_ms) BASE_MUST_USE;
/* Ends it; fine when none waits. */
enum base_code node_duty_meet(struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind, bool is_own,
                              const char *outcome) BASE_MUST_USE;
/* BASE_E_NOT_FOUND */
enum base_code node_duty_find(const struct node_taking *taking, const struct crypto_hash *about, enum exchange_duty kind,
                              bool is_own, struct store_duty *out) BASE_MUST_USE;

/* Does the other party get this: from the outbox, inside a match, or as a receipt? Else it stays in the ledger of who says it. */
bool node_statement_crosses(const struct exchange_statement *statement);

/* What of the outbox is held back while a compartment is suspended: alerts, asks, and what is about one of them; else nothing. In
 * one that is closed all is offered, and what the other party refuses leaves the outbox (sync.c). */
struct node_held {
    struct crypto_hash *hashes;
    size_t count, capacity;
};
enum base_code node_held_find(struct node *node, const struct exchange_id *compartment, enum exchange_state state,
                              struct node_held *out) BASE_MUST_USE;
bool node_held_has(const struct node_held *held, const uint8_t hash[32]);
void node_held_release(struct node_held *held);

/* Everything that the time of day does: duties that ran out, reminders, retention, what waits to be screened. Called by the tick;
 * nothing it does depends on how often. An error of one compartment is logged and does not stop the others. */
void node_clock(struct node *node);

int64_t node_hours_ms(uint64_t hours);
#define NODE_JUSTIFY_MS (15LL * 86400000) /* statements 6.1: how long an owner has to justify an alert */

/* The rules of kinds, for effect.c's table. Checks come before the book, effects after. */
enum base_code node_alert_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_alert_apply(struct node_taking *taking) BASE_MUST_USE;
/* Dates an own renewal so that it is not before what it answers, whatever the two clocks show. */
enum base_code node_renew_date(const struct node_seat *seat, struct node *node, struct exchange_statement *renewal) BASE_MUST_USE;
enum base_code node_renew_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_renew_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_close_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_close_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_served_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_served_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_tell_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_tell_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_hit_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_hit_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_verdict_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_verdict_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_ask_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_ask_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_answer_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_answer_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_decline_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_decline_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_defer_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_defer_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_withdraw_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_withdraw_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_feedback_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_feedback_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_correction_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_correction_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_corrected_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_corrected_apply(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_match_check(struct node_taking *taking) BASE_MUST_USE; /* match, match-abort, refusal: offers.c */
enum base_code node_overdue_check(struct node_taking *taking) BASE_MUST_USE;
enum base_code node_overdue_apply(struct node_taking *taking) BASE_MUST_USE;

/* Fills taking->about and is_about_own. BASE_E_NOT_FOUND, to the other party also for what is in this party's ledger alone. */
enum base_code node_about_find(struct node_taking *taking) BASE_MUST_USE;
/* What a check of `about` needs: the kind it must be of, and whether this party must have said it. BASE_E_ORDER. */
enum base_code node_about_check(const struct node_taking *taking, enum exchange_kind kind, bool must_be_own) BASE_MUST_USE;
/* BASE_E_OVER_BUDGET when the sender has said `limit` of this kind in the last 24 hours. */
enum base_code node_budget_check(const struct node_taking *taking, uint64_t limit) BASE_MUST_USE;

#endif
