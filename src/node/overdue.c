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

/* A claim against this party is held against its own book: was the date one of this duty, and had the other party heard, when it
 * said this, that the duty was met or put off? */
struct claim {
    struct node_taking *taking;
    const struct exchange_statement *overdue;
    bool is_date_set;     /* the duty was due then */
    bool is_contradicted; /* and they had receipted what ended that */
};

static enum base_code look_at_receipt(void *context, const struct store_entry *entry)
{
    struct claim *claim = context;
    struct exchange_statement receipt;
    BASE_TRY(node_statement_read(entry->note, &receipt));
    claim->is_contradicted |= receipt.time_ms < claim->overdue->time_ms;
    return BASE_OK;
}

static bool sets_date(const struct claim *claim, const struct exchange_statement *said)
{
    const struct exchange_statement *overdue = claim->overdue;
    if (said->kind == EXCHANGE_KIND_SERVED)
        return said->time_ms + NODE_JUSTIFY_MS == overdue->due_ms;
    bool is_mover = (said->kind == EXCHANGE_KIND_DEFER && overdue->duty == EXCHANGE_DUTY_ANSWER) ||
                    (said->kind == EXCHANGE_KIND_RENEW && overdue->duty == EXCHANGE_DUTY_REVIEW);
    return is_mover && said->due_ms == overdue->due_ms;
}

static enum base_code look_at_said(void *context, const struct store_entry *entry)
{
    struct claim *claim = context;
    struct exchange_statement said;
    BASE_TRY(node_statement_read(entry->note, &said));
    if (sets_date(claim, &said)) {
        claim->is_date_set = true;
        claim->is_contradicted = false;
        return BASE_OK;
    }
    if (said.kind == EXCHANGE_KIND_SERVED || (claim->overdue->duty == EXCHANGE_DUTY_JUSTIFY && said.time_ms < claim->overdue->due_ms - NODE_JUSTIFY_MS))
        return BASE_OK; /* another demand; a renewal from before this one */
    if (!exchange_id_equal(&said.from, &claim->overdue->owed_by)) {
        claim->is_contradicted |= said.time_ms < claim->overdue->time_ms;
        return BASE_OK;
    }
    return store_entries_about(claim->taking->node->party->store, claim->taking->seat->facts.id.bytes, entry->hash, "receipt", look_at_receipt, claim);
}

/* What puts a duty off, then what ends it, in the order in which these can come. The list ends with zero, the kind `state`. */
static const enum exchange_kind ends[EXCHANGE_DUTY_COUNT][5] = {
    [EXCHANGE_DUTY_ANSWER] = {EXCHANGE_KIND_DEFER, EXCHANGE_KIND_ANSWER, EXCHANGE_KIND_DECLINE, EXCHANGE_KIND_WITHDRAW},
    [EXCHANGE_DUTY_REVIEW] = {EXCHANGE_KIND_RENEW, EXCHANGE_KIND_CLOSE},
    [EXCHANGE_DUTY_FEEDBACK] = {EXCHANGE_KIND_FEEDBACK},
    [EXCHANGE_DUTY_CORRECTION] = {EXCHANGE_KIND_CORRECTED},
    [EXCHANGE_DUTY_JUSTIFY] = {EXCHANGE_KIND_SERVED, EXCHANGE_KIND_RENEW, EXCHANGE_KIND_CLOSE},
};

/* statements 6.3: what is still on its way to them does not make untrue what they say. */
static enum base_code check_claim(struct node_taking *taking)
{
    const struct exchange_statement *overdue = taking->statement;
    struct claim claim = {taking, overdue, false, false};
    struct store_duty duty;
    BASE_TRY(find_duty(taking, &duty));
    if (taking->is_own)
        return overdue->due_ms == duty.due_ms ? BASE_OK : base_fail(BASE_E_ORDER, "this duty is due at another date");
    BASE_TRY(node_about_find(taking));
    bool has_date = overdue->duty == EXCHANGE_DUTY_ANSWER || overdue->duty == EXCHANGE_DUTY_REVIEW; /* says one itself */
    claim.is_date_set = has_date ? taking->about.due_ms == overdue->due_ms : duty.due_ms == overdue->due_ms;
    for (const enum exchange_kind *kind = ends[overdue->duty]; *kind != EXCHANGE_KIND_STATE; kind++)
        BASE_TRY(store_entries_about(taking->node->party->store, taking->seat->facts.id.bytes, overdue->about.bytes, exchange_kind_word(*kind),
                                     look_at_said, &claim));
    if (!claim.is_date_set)
        return base_fail(BASE_E_ORDER, "this duty is due at another date");
    return claim.is_contradicted ? base_fail(BASE_E_ORDER, "this duty was met or put off, and that was receipted") : BASE_OK;
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
    enum base_code code = find_duty(taking, &duty);
    if (code == BASE_OK)
        return base_fail(BASE_E_ORDER, "this hit is known already");
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code node_overdue_check(struct node_taking *taking)
{
    const struct exchange_statement *overdue = taking->statement;
    BASE_TRY(check_debtor(taking));
    if (overdue->due_ms > taking->now_ms) /* statements 6.3 */
        return base_fail(BASE_E_RANGE, "by this node's clock the date has not passed");
    if (overdue->duty != EXCHANGE_DUTY_TELL && !exchange_hash_is_none(&overdue->hit))
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
