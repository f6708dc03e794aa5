/* SPDX-License-Identifier: Apache-2.0
 *
 * Silence as an entry: which overdue statements are true, and what they do (statements 6).
 */
#include "node/exchange.h"

#include "store/ledgers.h"

enum { OVERDUES_PER_DAY_MAX = 10000 };

/* Who says that a duty has run out (statements 6.1): who it is owed to, but a hit is known only to who owes it. */
static bool is_said_by_debtor(enum exchange_duty duty)
{
    return duty == EXCHANGE_DUTY_TELL || duty == EXCHANGE_DUTY_TASK;
}

/* A gap is a claim about what did not come: there is nothing in the ledger of who is said to owe it. */
static bool is_gap(enum exchange_duty duty)
{
    return duty == EXCHANGE_DUTY_RECEIPT || duty == EXCHANGE_DUTY_COSIGN;
}

static enum base_code check_debtor(const struct node_taking *taking)
{
    const struct exchange_statement *overdue = taking->statement;
    const struct exchange_id *debtor = taking->is_own != is_said_by_debtor(overdue->duty) ? &taking->seat->facts.peer
                                                                                        : &taking->node->party->fingerprint;
    if (!exchange_id_equal(&overdue->owed_by, debtor))
        return base_fail(BASE_E_ORDER, "this duty is owed by the other party, or is not theirs to call overdue");
    if (overdue->duty == EXCHANGE_DUTY_TASK && !taking->is_own)
        return base_fail(BASE_E_ORDER, "a task is a party's own affair");
    return BASE_OK;
}

/* The duty's statement is the hit where there is one. */
static const struct crypto_hash *subject(const struct exchange_statement *overdue)
{
    return overdue->duty == EXCHANGE_DUTY_TELL ? &overdue->hit : &overdue->about;
}

static enum base_code find_duty(const struct node_taking *taking, struct store_duty *duty)
{
    bool is_owed_by_own = exchange_id_equal(&taking->statement->owed_by, &taking->node->party->fingerprint);
    return node_duty_find(taking, subject(taking->statement), taking->statement->duty, is_owed_by_own, duty);
}

struct date_search {
    const struct exchange_statement *overdue;
    bool is_found;
};

static enum base_code look_at_date(void *context, const struct store_entry *entry)
{
    struct date_search *search = context;
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code == BASE_OK && crypto_hash_equal(&statement.about, &search->overdue->about))
        search->is_found |= statement.due_ms == search->overdue->due_ms;
    return code;
}

/* Was this once the date: by the ask or the alert itself, or by what put it off? */
static enum base_code was_date_set(struct node_taking *taking, bool *out)
{
    const struct exchange_statement *overdue = taking->statement;
    struct store *store = taking->node->party->store;
    struct date_search search = {overdue, false};
    if (overdue->duty != EXCHANGE_DUTY_ANSWER && overdue->duty != EXCHANGE_DUTY_REVIEW && overdue->duty != EXCHANGE_DUTY_JUSTIFY)
        return BASE_OK;
    BASE_TRY(node_book_find(store, taking->seat, &overdue->about, &taking->about));
    const char *mover = exchange_kind_word(overdue->duty == EXCHANGE_DUTY_ANSWER ? EXCHANGE_KIND_DEFER : EXCHANGE_KIND_RENEW);
    BASE_TRY(store_entries_each_kind(store, taking->seat->facts.id.bytes, mover, 0, look_at_date, &search));
    *out = search.is_found || (taking->about.due_ms == overdue->due_ms && overdue->duty != EXCHANGE_DUTY_JUSTIFY);
    return BASE_OK;
}

/* The other party says that this one owes something: only if this one's own book agrees. */
static enum base_code check_claim(struct node_taking *taking)
{
    const struct exchange_statement *overdue = taking->statement;
    struct store_duty duty;
    BASE_TRY(find_duty(taking, &duty));
    if (overdue->due_ms == duty.due_ms)
        return BASE_OK;
    /* statements 6.3: a new date that is still on its way to them does not make the old one untrue */
    bool was_set = false;
    BASE_TRY(was_date_set(taking, &was_set));
    return was_set ? BASE_OK : base_fail(BASE_E_ORDER, "this duty is due at another date");
}

static enum base_code check_told_late(struct node_taking *taking)
{
    struct store_duty duty;
    BASE_TRY(node_about_find(taking));
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_ALERT, !taking->is_own));
    if (exchange_hash_is_none(&taking->statement->hit))
        return base_fail(BASE_E_FORMAT, "what was not told in time is a hit");
    if (taking->is_own)
        return BASE_OK;
    return find_duty(taking, &duty) == BASE_OK ? base_fail(BASE_E_ORDER, "this hit is known already") : BASE_OK;
}

enum base_code node_overdue_check(struct node_taking *taking)
{
    const struct exchange_statement *overdue = taking->statement;
    BASE_TRY(check_debtor(taking));
    if (overdue->due_ms > taking->now_ms) /* statements 6.3 */
        return base_fail(BASE_E_RANGE, "by this node's clock the date has not passed");
    if (overdue->duty != EXCHANGE_DUTY_TELL && overdue->duty != EXCHANGE_DUTY_COSIGN && !exchange_hash_is_none(&overdue->hit))
        return base_fail(BASE_E_FORMAT, "only what was not told names a hit");
    if (is_gap(overdue->duty))
        return node_budget_check(taking, OVERDUES_PER_DAY_MAX);
    if (overdue->duty == EXCHANGE_DUTY_TELL)
        return check_told_late(taking);
    if (overdue->duty == EXCHANGE_DUTY_TASK)
        return BASE_OK;
    return check_claim(taking);
}

enum base_code node_overdue_apply(struct node_taking *taking)
{
    struct store *store = taking->node->party->store;
    const struct exchange_statement *overdue = taking->statement;
    struct store_duty duty;
    bool is_owed_by_own = exchange_id_equal(&overdue->owed_by, &taking->node->party->fingerprint);
    enum base_code code = find_duty(taking, &duty);
    if (code == BASE_E_NOT_FOUND) { /* a gap, or a hit of the other party's that is heard of for the first time */
        BASE_TRY(node_duty_open(taking, subject(overdue), overdue->duty, is_owed_by_own, overdue->due_ms));
        code = find_duty(taking, &duty);
    }
    if (code != BASE_OK)
        return code;
    if (duty.due_ms != overdue->due_ms) /* it has another date meanwhile */
        return BASE_OK;
    code = store_duty_run_out(store, duty.number, taking->hash.bytes);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code; /* ended meanwhile, or marked already: the entry stands all the same */
}
