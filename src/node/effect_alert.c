/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts, what is told of them, and what a person judged (statements 6 and 7.2).
 *
 *     awake ──renew──► awake (a new review date)
 *       │ ────────────► lapsed: the review is overdue, and it stays awake
 *       └──close──────► closed: by its owner, or by the receiver once a `justify` is overdue
 */
#include "node/exchange.h"

#include "node/screen.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, LEAP_DAYS = 2 };

static enum base_code check_review(const struct exchange_statement *statement, uint64_t years)
{
    int64_t longest = ((int64_t)years * 365 + LEAP_DAYS) * DAY_MS; /* statements 5.1 */
    if (statement->due_ms <= statement->time_ms || statement->due_ms > statement->time_ms + longest)
        return base_fail(BASE_E_RANGE, "the review date is after today and at most %llu years away", (unsigned long long)years);
    return BASE_OK;
}

enum base_code node_alert_check(struct node_taking *taking)
{
    const struct exchange_statement *alert = taking->statement;
    if (alert->count == 0 || (taking->has_content && alert->count != taking->content.person_count))
        return base_fail(BASE_E_FORMAT, "an alert carries as many persons as it says, at least one");
    BASE_TRY(node_screen_check_persons(&taking->content));
    BASE_TRY(check_review(alert, alert->review_class));
    return node_budget_check(taking, taking->seat->facts.terms.alerts_per_day);
}

static struct store_alert alert_key(const struct node_taking *taking, const struct crypto_hash *hash)
{
    struct store_alert alert = {.is_own = false};
    memcpy(alert.compartment, taking->seat->facts.id.bytes, sizeof alert.compartment);
    memcpy(alert.hash, hash->bytes, sizeof alert.hash);
    return alert;
}

enum base_code node_alert_apply(struct node_taking *taking)
{
    const struct exchange_statement *statement = taking->statement;
    struct store_alert alert = alert_key(taking, &taking->hash);
    alert.is_own = taking->is_own;
    alert.tell = statement->tell;
    alert.opened_ms = taking->now_ms;
    alert.review_ms = statement->due_ms;
    alert.is_screened = taking->has_content;
    memcpy(alert.content, taking->hash.bytes, sizeof alert.content);
    BASE_TRY(store_alert_put(taking->node->party->store, &alert));
    BASE_TRY(node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_REVIEW, taking->is_own, statement->due_ms));
    if (!taking->is_own)
        BASE_TRY(node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_TASK, true,
                                taking->now_ms + node_hours_ms(taking->seat->facts.terms.hours.task)));
    return node_screen_alert(taking, &alert);
}

static enum base_code find_alert(const struct node_taking *taking, struct store_alert *alert)
{
    *alert = alert_key(taking, &taking->statement->about);
    return store_alert_get(taking->node->party->store, alert);
}

/* What the other party said before it heard that the alert was closed is taken, and changes nothing (statements 7.3). */
static enum base_code check_awake(const struct node_taking *taking, struct store_alert *alert)
{
    BASE_TRY(find_alert(taking, alert));
    return alert->state == STORE_ALERT_AWAKE || !taking->is_own ? BASE_OK : base_fail(BASE_E_ORDER, "this alert was closed");
}

/* When the other party said that the alert has served its purpose: both sides must hold the same renewals for an answer to it. */
static int64_t served_ms(const struct store_duty *justify)
{
    return justify->due_ms - NODE_JUSTIFY_MS;
}

/* statements 6.1: a renewal of that time or later justifies the alert; an earlier one has crossed with what was said. */
static enum base_code meet_justify(struct node_taking *taking)
{
    struct store_duty justify;
    enum base_code code = node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_JUSTIFY, taking->is_own, &justify);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && taking->statement->time_ms < served_ms(&justify)))
        return BASE_OK;
    return code == BASE_OK ? node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_JUSTIFY, taking->is_own, "renewed") : code;
}

enum base_code node_renew_date(const struct node_seat *seat, struct node *node, struct exchange_statement *renewal)
{
    struct store_duty justify = node_duty_key(seat, &renewal->about, EXCHANGE_DUTY_JUSTIFY, true);
    enum base_code code = store_duty_get(node->party->store, &justify);
    if (code == BASE_OK && renewal->time_ms < served_ms(&justify))
        renewal->time_ms = served_ms(&justify);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code node_renew_check(struct node_taking *taking)
{
    struct store_alert alert;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ALERT, taking->is_own));
    BASE_TRY(check_awake(taking, &alert));
    return check_review(taking->statement, taking->about.review_class);
}

/* The task that asks an alert's owner for its review (duties.c) ends with the decision; the receiver's own task does not. */
static enum base_code meet_question(struct node_taking *taking, const char *outcome)
{
    return taking->is_about_own ? node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_TASK, true, outcome) : BASE_OK;
}

enum base_code node_renew_apply(struct node_taking *taking)
{
    struct store *store = taking->node->party->store;
    const struct crypto_hash *about = &taking->statement->about;
    struct store_alert alert;
    struct store_duty review;
    BASE_TRY(find_alert(taking, &alert));
    if (alert.state == STORE_ALERT_CLOSED)
        return BASE_OK;
    alert.review_ms = taking->statement->due_ms;
    BASE_TRY(store_alert_put(store, &alert));
    BASE_TRY(node_duty_find(taking, about, EXCHANGE_DUTY_REVIEW, taking->is_own, &review));
    BASE_TRY(store_duty_move(store, &review, alert.review_ms));
    BASE_TRY(store_duty_remind(store, review.number, 0));
    BASE_TRY(meet_question(taking, "renewed"));
    return meet_justify(taking);
}

struct hearing {
    struct node_taking *taking;
    int64_t heard_ms;  /* when the newest "alert-served" was entered here */
    int64_t served_ms; /* what it says of that itself */
    bool is_answered;
};

static enum base_code note_heard(void *context, const struct store_entry *entry)
{
    ((struct hearing *)context)->heard_ms = entry->time_ms;
    return BASE_OK;
}

static enum base_code look_at_receipt(void *context, const struct store_entry *entry)
{
    struct hearing *hearing = context;
    struct exchange_statement receipt;
    BASE_TRY(node_statement_read(entry->note, &receipt));
    hearing->is_answered |= receipt.time_ms < hearing->taking->statement->time_ms;
    return BASE_OK;
}

static enum base_code look_at_answer(void *context, const struct store_entry *entry)
{
    struct hearing *hearing = context;
    struct exchange_statement renewal;
    BASE_TRY(node_statement_read(entry->note, &renewal));
    if (renewal.time_ms < hearing->served_ms)
        return BASE_OK;
    return store_entries_about(hearing->taking->node->party->store, hearing->taking->seat->facts.id.bytes, entry->hash, "receipt",
                               look_at_receipt, hearing);
}

/* statements 6.4: by the receiver, when its owner has had fifteen days since it heard that it should justify it, and has not: the dates
 * of the other party's words are its own. A renewal that the other party receipted before it said this was an answer. */
static enum base_code check_unanswered(struct node_taking *taking, const struct store_duty *justify)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes, *alert = taking->statement->about.bytes;
    struct hearing hearing = {.taking = taking, .served_ms = served_ms(justify)};
    BASE_TRY(store_entries_about(store, compartment, alert, exchange_kind_word(EXCHANGE_KIND_SERVED), note_heard, &hearing));
    BASE_TRY(store_entries_about(store, compartment, alert, exchange_kind_word(EXCHANGE_KIND_RENEW), look_at_answer, &hearing));
    if (hearing.is_answered)
        return base_fail(BASE_E_ORDER, "this alert was justified, and that was receipted");
    if (taking->now_ms < hearing.heard_ms + NODE_JUSTIFY_MS)
        return base_fail(BASE_E_RANGE, "by this node's clock its owner still has time to justify it");
    return BASE_OK;
}

enum base_code node_close_check(struct node_taking *taking)
{
    struct store_alert alert;
    struct store_duty justify;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ALERT, taking->about.kind == EXCHANGE_KIND_ALERT && taking->is_about_own));
    BASE_TRY(check_awake(taking, &alert));
    if (taking->is_about_own == taking->is_own)
        return BASE_OK;
    enum base_code code = node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_JUSTIFY, taking->is_about_own, &justify);
    bool has_run_out = code == BASE_OK && (taking->is_own ? justify.state == STORE_DUTY_OVERDUE : justify.due_ms <= taking->now_ms);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && !has_run_out))
        return base_fail(BASE_E_ORDER, "an alert is closed by its owner; say that its purpose is served, and wait for the answer");
    return code != BASE_OK || taking->is_own || alert.state == STORE_ALERT_CLOSED ? code : check_unanswered(taking, &justify);
}

enum base_code node_close_apply(struct node_taking *taking)
{
    const struct crypto_hash *about = &taking->statement->about;
    struct store_alert alert;
    BASE_TRY(find_alert(taking, &alert));
    if (alert.state == STORE_ALERT_CLOSED)
        return BASE_OK;
    alert.state = STORE_ALERT_CLOSED;
    alert.ended_ms = taking->now_ms;
    BASE_TRY(store_alert_put(taking->node->party->store, &alert));
    BASE_TRY(node_duty_meet(taking, about, EXCHANGE_DUTY_REVIEW, taking->is_about_own, "closed"));
    BASE_TRY(node_duty_meet(taking, about, EXCHANGE_DUTY_JUSTIFY, taking->is_about_own, "closed"));
    BASE_TRY(meet_question(taking, "closed"));
    node_screen_forget(taking->node, &alert);
    return BASE_OK;
}

enum base_code node_served_check(struct node_taking *taking)
{
    struct store_alert alert;
    struct store_duty justify;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ALERT, !taking->is_own));
    BASE_TRY(check_awake(taking, &alert));
    enum base_code code = node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_JUSTIFY, !taking->is_own, &justify);
    if (code == BASE_OK && (justify.state == STORE_DUTY_OPEN || justify.state == STORE_DUTY_OVERDUE))
        return base_fail(BASE_E_ORDER, "this was said of the alert already");
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

struct renewals {
    const struct exchange_statement *served;
    bool has_later;
};

static enum base_code look_at_renewal(void *context, const struct store_entry *entry)
{
    struct renewals *renewals = context;
    struct exchange_statement renewal;
    BASE_TRY(node_statement_read(entry->note, &renewal));
    renewals->has_later |= renewal.time_ms >= renewals->served->time_ms;
    return BASE_OK;
}

enum base_code node_served_apply(struct node_taking *taking)
{
    const struct crypto_hash *about = &taking->statement->about;
    int64_t due_ms = taking->statement->time_ms + NODE_JUSTIFY_MS;
    struct store_alert alert;
    struct store_duty justify;
    BASE_TRY(find_alert(taking, &alert));
    if (node_duty_find(taking, about, EXCHANGE_DUTY_JUSTIFY, !taking->is_own, &justify) == BASE_OK)
        BASE_TRY(store_duty_move(taking->node->party->store, &justify, due_ms));
    else
        BASE_TRY(node_duty_open(taking, about, EXCHANGE_DUTY_JUSTIFY, !taking->is_own, due_ms));
    if (alert.state == STORE_ALERT_CLOSED) /* it has crossed with the close */
        return node_duty_meet(taking, about, EXCHANGE_DUTY_JUSTIFY, !taking->is_own, "closed");
    struct renewals renewals = {taking->statement, false};
    BASE_TRY(store_entries_about(taking->node->party->store, taking->seat->facts.id.bytes, about->bytes, exchange_kind_word(EXCHANGE_KIND_RENEW),
                                 look_at_renewal, &renewals));
    return renewals.has_later ? node_duty_meet(taking, about, EXCHANGE_DUTY_JUSTIFY, !taking->is_own, "renewed") : BASE_OK;
}

/* Once for each hit: the duty to tell of it, which its receiver learns of now, ends. */
enum base_code node_tell_check(struct node_taking *taking)
{
    struct store_duty duty;
    bool is_declined = taking->statement->kind == EXCHANGE_KIND_TELL_DECLINE;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ALERT, !taking->is_own));
    if (is_declined && (taking->seat->facts.terms.codes & 1u << taking->statement->code) == 0)
        return base_fail(BASE_E_OUTSIDE_TERMS, "the terms do not accept %s", exchange_codes.items[taking->statement->code]);
    enum base_code code = node_duty_find(taking, &taking->statement->hit, EXCHANGE_DUTY_TELL, taking->is_own, &duty);
    if (code == BASE_OK && (duty.state == STORE_DUTY_MET || duty.state == STORE_DUTY_LATE))
        return base_fail(BASE_E_ORDER, "this hit was told or refused already");
    if (code == BASE_E_NOT_FOUND && taking->is_own)
        return base_fail(BASE_E_NOT_FOUND, "there is no such hit to tell of");
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code node_tell_apply(struct node_taking *taking)
{
    const struct exchange_statement *statement = taking->statement;
    struct store_duty duty;
    char outcome[STORE_OUTCOME_MAX + 1];
    if (node_duty_find(taking, &statement->hit, EXCHANGE_DUTY_TELL, taking->is_own, &duty) == BASE_E_NOT_FOUND)
        BASE_TRY(node_duty_open(taking, &statement->hit, EXCHANGE_DUTY_TELL, taking->is_own, taking->now_ms));
    snprintf(outcome, sizeof outcome, "%s%s", statement->kind == EXCHANGE_KIND_TELL ? "told" : "declined ",
             statement->kind == EXCHANGE_KIND_TELL ? "" : exchange_codes.items[statement->code]);
    return node_duty_meet(taking, &statement->hit, EXCHANGE_DUTY_TELL, taking->is_own, outcome);
}

/* Hits are said by this node to itself, on alerts of either party. */
enum base_code node_hit_check(struct node_taking *taking)
{
    return node_about_check(taking, EXCHANGE_KIND_ALERT, taking->is_about_own);
}

enum base_code node_hit_apply(struct node_taking *taking)
{
    const struct exchange_hours *hours = &taking->seat->facts.terms.hours;
    BASE_TRY(node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_TASK, true, taking->now_ms + node_hours_ms(hours->task)));
    if (taking->statement->tell == 0)
        return BASE_OK;
    return node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_TELL, true, taking->statement->due_ms);
}

enum base_code node_verdict_check(struct node_taking *taking)
{
    struct store_duty task;
    if (taking->about.kind != EXCHANGE_KIND_HIT && taking->about.kind != EXCHANGE_KIND_ALERT)
        return base_fail(BASE_E_ORDER, "a verdict is about a hit, or about an alert that arrived");
    if ((taking->about.kind == EXCHANGE_KIND_ALERT) != (taking->statement->verdict == EXCHANGE_ASSESSED))
        return base_fail(BASE_E_ORDER, "a hit is confirmed, rejected or unsure; an alert that arrived is assessed");
    return node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_TASK, true, &task);
}

enum base_code node_verdict_apply(struct node_taking *taking)
{
    const char *outcome = exchange_verdicts.items[taking->statement->verdict];
    struct store_duty tell;
    BASE_TRY(node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_TASK, true, outcome));
    if (taking->statement->verdict != EXCHANGE_REJECTED)
        return BASE_OK;
    /* statements 6.1: nothing to tell, unless the other party knows of the hit by an overdue and waits */
    enum base_code code = node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_TELL, true, &tell);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && tell.state != STORE_DUTY_OPEN))
        return BASE_OK;
    return code == BASE_OK ? node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_TELL, true, outcome) : code;
}
