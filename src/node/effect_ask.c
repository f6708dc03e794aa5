/* SPDX-License-Identifier: Apache-2.0
 *
 * Asks and how they end (statements 6 and 7.2).
 *
 *     ask ──► answer, decline, withdraw: the duty is met
 *      │ └──► defer: the duty has a new date, at most three times
 *      └────► silence: overdue (overdue.c)
 */
#include "node/exchange.h"

#include "store/ledgers.h"

#include <stdio.h>
#include <string.h>

enum { DEFERS_MAX = 3 };

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\n")] == 0;
}

enum base_code node_ask_check(struct node_taking *taking)
{
    const struct exchange_terms *terms = &taking->seat->facts.terms;
    const struct exchange_statement *ask = taking->statement;
    static const enum exchange_text needed[] = {EXCHANGE_TEXT_FACTS, EXCHANGE_TEXT_REASON, EXCHANGE_TEXT_LINK, EXCHANGE_TEXT_USE};
    if (ask->due_ms < ask->time_ms + node_hours_ms(terms->hours.answer[ask->urgency])) /* statements 6.6 */
        return base_fail(BASE_E_OUTSIDE_TERMS, "the terms give %llu hours to answer an ask that is %s",
                         (unsigned long long)terms->hours.answer[ask->urgency], exchange_urgencies.items[ask->urgency]);
    for (size_t i = 0; taking->has_content && i < sizeof needed / sizeof *needed; i++)
        if (is_blank(taking->content.texts[needed[i]]))
            return base_fail(BASE_E_FORMAT, "an ask states its %s", exchange_text_keys.items[needed[i]]);
    if (!exchange_hash_is_none(&ask->about))
        BASE_TRY(node_about_find(taking));
    return node_budget_check(taking, terms->asks_per_day);
}

enum base_code node_ask_apply(struct node_taking *taking)
{
    return node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_ANSWER, !taking->is_own, taking->statement->due_ms);
}

static const char WITHDRAWN[] = "withdrawn";

static bool has_ended(const struct store_duty *duty)
{
    return duty->state == STORE_DUTY_MET || duty->state == STORE_DUTY_LATE;
}

/* The duty to answer the ask that this is about; must wait, be overdue, or have been partly met. What the other party said
 * before it heard that the ask was withdrawn is taken (statements 7.3). */
static enum base_code find_ask(const struct node_taking *taking, struct store_duty *duty)
{
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ASK, !taking->is_own));
    BASE_TRY(node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_ANSWER, taking->is_own, duty));
    bool is_partly = strcmp(duty->outcome, exchange_outcomes.items[EXCHANGE_PARTLY]) == 0;
    bool has_crossed = !taking->is_own && strcmp(duty->outcome, WITHDRAWN) == 0;
    if (has_ended(duty) && !has_crossed && !(is_partly && taking->statement->kind == EXCHANGE_KIND_ANSWER))
        return base_fail(BASE_E_ORDER, "this ask has ended: %s", duty->outcome);
    return BASE_OK;
}

enum base_code node_answer_check(struct node_taking *taking)
{
    struct store_duty duty;
    enum exchange_outcome outcome = taking->statement->outcome;
    bool must_have = outcome == EXCHANGE_ANSWERED || outcome == EXCHANGE_PARTLY;
    if (must_have == exchange_hash_is_none(&taking->statement->content))
        return base_fail(BASE_E_FORMAT, "an answer that says %s %s", exchange_outcomes.items[outcome],
                         must_have ? "has a content" : "has no content");
    if (outcome == EXCHANGE_TRANSFERRED && is_blank(taking->statement->reason))
        return base_fail(BASE_E_FORMAT, "an ask that was transferred says to whom in its reason");
    return find_ask(taking, &duty);
}

static enum base_code end_ask(struct node_taking *taking, const char *outcome)
{
    struct store_duty key = node_duty_key(taking->seat, &taking->statement->about, EXCHANGE_DUTY_ANSWER, taking->is_own);
    enum base_code code = store_duty_close(taking->node->party->store, &key, outcome, taking->now_ms);
    return code == BASE_E_NOT_FOUND ? store_duty_amend(taking->node->party->store, &key, outcome) : code;
}

enum base_code node_answer_apply(struct node_taking *taking)
{
    const struct exchange_hours *hours = &taking->seat->facts.terms.hours;
    BASE_TRY(end_ask(taking, exchange_outcomes.items[taking->statement->outcome]));
    if (!taking->statement->feedback)
        return BASE_OK;
    return node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_FEEDBACK, !taking->is_own,
                          taking->statement->time_ms + node_hours_ms(hours->feedback));
}

enum base_code node_decline_check(struct node_taking *taking)
{
    struct store_duty duty;
    if ((taking->seat->facts.terms.codes & 1u << taking->statement->code) == 0)
        return base_fail(BASE_E_OUTSIDE_TERMS, "the terms do not accept %s", exchange_codes.items[taking->statement->code]);
    return find_ask(taking, &duty);
}

enum base_code node_decline_apply(struct node_taking *taking)
{
    char outcome[STORE_OUTCOME_MAX + 1];
    snprintf(outcome, sizeof outcome, "declined %s", exchange_codes.items[taking->statement->code]);
    return end_ask(taking, outcome);
}

enum base_code node_defer_check(struct node_taking *taking)
{
    struct store_duty duty;
    int64_t longest = node_hours_ms(taking->seat->facts.terms.hours.answer[EXCHANGE_OTHER]);
    const struct exchange_statement *defer = taking->statement;
    BASE_TRY(find_ask(taking, &duty));
    if (is_blank(defer->reason))
        return base_fail(BASE_E_FORMAT, "an ask is deferred with a reason");
    if (duty.reminders >= DEFERS_MAX)
        return base_fail(BASE_E_ORDER, "this ask was deferred %d times already", DEFERS_MAX);
    if (defer->due_ms <= duty.due_ms || defer->due_ms > duty.due_ms + longest) /* statements 6.5 */
        return base_fail(BASE_E_RANGE, "an ask is deferred to a later date, by at most %llu hours",
                         (unsigned long long)taking->seat->facts.terms.hours.answer[EXCHANGE_OTHER]);
    return BASE_OK;
}

enum base_code node_defer_apply(struct node_taking *taking)
{
    struct store_duty duty;
    BASE_TRY(node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_ANSWER, taking->is_own, &duty));
    if (has_ended(&duty)) /* withdrawn meanwhile */
        return BASE_OK;
    BASE_TRY(store_duty_move(taking->node->party->store, &duty, taking->statement->due_ms));
    return store_duty_remind(taking->node->party->store, duty.number, duty.reminders + 1); /* counts deferrals */
}

static enum base_code note_withdrawal(void *context, const struct store_entry *entry)
{
    (void)entry;
    *(bool *)context = true;
    return BASE_OK;
}

enum base_code node_withdraw_check(struct node_taking *taking)
{
    struct store_duty duty;
    bool is_again = false;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ASK, taking->is_own));
    BASE_TRY(node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_ANSWER, !taking->is_own, &duty));
    if (has_ended(&duty) && taking->is_own) /* an answer may be on its way to the other party */
        return base_fail(BASE_E_ORDER, "this ask has ended: %s", duty.outcome);
    BASE_TRY(store_entries_about(taking->node->party->store, taking->seat->facts.id.bytes, duty.about, exchange_kind_word(EXCHANGE_KIND_WITHDRAW),
                                 note_withdrawal, &is_again));
    return is_again ? base_fail(BASE_E_ORDER, "this ask was withdrawn already") : BASE_OK;
}

enum base_code node_withdraw_apply(struct node_taking *taking)
{
    return node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_ANSWER, !taking->is_own, WITHDRAWN);
}

enum base_code node_feedback_check(struct node_taking *taking)
{
    struct store_duty duty;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ANSWER, !taking->is_own));
    enum base_code code = node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_FEEDBACK, taking->is_own, &duty);
    if (code == BASE_OK && (duty.state == STORE_DUTY_MET || duty.state == STORE_DUTY_LATE))
        return base_fail(BASE_E_ORDER, "feedback on this answer was given already");
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code node_feedback_apply(struct node_taking *taking)
{
    struct store_duty duty;
    const struct crypto_hash *answer = &taking->statement->about;
    if (node_duty_find(taking, answer, EXCHANGE_DUTY_FEEDBACK, taking->is_own, &duty) == BASE_E_NOT_FOUND) /* given unasked */
        BASE_TRY(node_duty_open(taking, answer, EXCHANGE_DUTY_FEEDBACK, taking->is_own, taking->now_ms));
    return node_duty_meet(taking, answer, EXCHANGE_DUTY_FEEDBACK, taking->is_own, exchange_uses.items[taking->statement->use]);
}
