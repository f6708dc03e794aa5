/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rules a kind of statement has. The table is the whole exchange at a glance; statements 6 and 7 in words.
 */
#include "node/exchange.h"

#include "store/ledgers.h"

#include <stdio.h>

enum { DAY_MS = 86400000, STATES_PER_DAY_MAX = 200, OTHERS_PER_DAY_MAX = 20000 };

/* As they are now: a statement of the same delivery may have changed them since the seat was opened. */
static enum base_code read_states(const struct node_taking *taking, struct node_states *out)
{
    return node_compartment_states(taking->node->party->store, &taking->seat->facts.id, out);
}

static enum base_code state_check(struct node_taking *taking)
{
    struct node_states states;
    BASE_TRY(read_states(taking, &states));
    return exchange_state_move(taking->is_own ? &states.own : &states.peer, taking->statement->move);
}

static enum base_code state_apply(struct node_taking *taking)
{
    struct node_states states;
    BASE_TRY(read_states(taking, &states));
    BASE_TRY(exchange_state_move(taking->is_own ? &states.own : &states.peer, taking->statement->move));
    return node_compartment_set_states(taking->node->party->store, &taking->seat->facts.id, states.own, states.peer, taking->now_ms);
}

struct hearing {
    const struct node_taking *taking;
    bool has_heard;
};

static enum base_code look_at_state(void *context, const struct store_entry *entry)
{
    struct hearing *hearing = context;
    bool waits = false;
    BASE_TRY(store_outbox_has(hearing->taking->node->party->store, hearing->taking->seat->facts.id.bytes, entry->hash, &waits));
    hearing->has_heard &= !waits;
    return BASE_OK;
}

/* The other party's word counts from when it knew: what it said before it had receipted this party's suspension is taken. For as long as
 * the terms give to receipt: else a suspension would hold only for who says that it has heard of it. */
static enum base_code has_heard(const struct node_taking *taking, bool *out)
{
    struct hearing hearing = {taking, true};
    int64_t since_ms = taking->now_ms - node_hours_ms(taking->seat->facts.terms.hours.receipt);
    BASE_TRY(store_entries_each_kind(taking->node->party->store, taking->seat->facts.id.bytes, exchange_kind_word(EXCHANGE_KIND_STATE),
                                     since_ms + 1, look_at_state, &hearing));
    *out = hearing.has_heard;
    return BASE_OK;
}

static enum base_code check_active(const struct node_taking *taking)
{
    struct node_states states;
    bool is_heard = true;
    BASE_TRY(read_states(taking, &states));
    if (states.both == EXCHANGE_ACTIVE)
        return BASE_OK;
    if (!taking->is_own && states.peer == EXCHANGE_ACTIVE)
        BASE_TRY(has_heard(taking, &is_heard));
    return is_heard ? base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(states.both)) : BASE_OK;
}

/* Renewals are put in order by what they say of their time (7.3): one of a far future would answer all that is still to be said. */
static enum base_code check_time(const struct node_taking *taking)
{
    return taking->is_own || taking->statement->time_ms <= taking->now_ms + DAY_MS /* statements 7.4 */
               ? BASE_OK
               : base_fail(BASE_E_RANGE, "a statement of more than a day ahead of this node's clock");
}

typedef enum base_code rule(struct node_taking *taking);

static const struct effect {
    rule *check, *apply;
    bool has_about;  /* `about` must be in the ledger */
    bool is_stopped; /* not while the compartment is suspended or closed: it would begin something new */
} effects[EXCHANGE_KIND_COUNT] = {
    [EXCHANGE_KIND_STATE] = {state_check, state_apply, false, false},
    [EXCHANGE_KIND_MATCH] = {node_match_check, NULL, false, false},
    [EXCHANGE_KIND_MATCH_ABORT] = {node_match_check, NULL, false, false},
    [EXCHANGE_KIND_REFUSAL] = {node_match_check, NULL, false, false},
    [EXCHANGE_KIND_ALERT] = {node_alert_check, node_alert_apply, false, true},
    [EXCHANGE_KIND_RENEW] = {node_renew_check, node_renew_apply, true, false},
    [EXCHANGE_KIND_CLOSE] = {node_close_check, node_close_apply, true, false},
    [EXCHANGE_KIND_SERVED] = {node_served_check, node_served_apply, true, false},
    [EXCHANGE_KIND_ASK] = {node_ask_check, node_ask_apply, false, true},
    [EXCHANGE_KIND_ANSWER] = {node_answer_check, node_answer_apply, true, false},
    [EXCHANGE_KIND_DECLINE] = {node_decline_check, node_decline_apply, true, false},
    [EXCHANGE_KIND_DEFER] = {node_defer_check, node_defer_apply, true, false},
    [EXCHANGE_KIND_WITHDRAW] = {node_withdraw_check, node_withdraw_apply, true, false},
    [EXCHANGE_KIND_FEEDBACK] = {node_feedback_check, node_feedback_apply, true, false},
    [EXCHANGE_KIND_TELL] = {node_tell_check, node_tell_apply, true, false},
    [EXCHANGE_KIND_TELL_DECLINE] = {node_tell_check, node_tell_apply, true, false},
    [EXCHANGE_KIND_CORRECTION] = {node_correction_check, node_correction_apply, true, false},
    [EXCHANGE_KIND_CORRECTED] = {node_corrected_check, node_corrected_apply, true, false},
    [EXCHANGE_KIND_OVERDUE] = {node_overdue_check, node_overdue_apply, false, false},
    [EXCHANGE_KIND_HIT] = {node_hit_check, node_hit_apply, true, false},
    [EXCHANGE_KIND_VERDICT] = {node_verdict_check, node_verdict_apply, true, false},
};

enum base_code node_about_check(const struct node_taking *taking, enum exchange_kind kind, bool must_be_own)
{
    if (taking->about.kind != kind || taking->is_about_own != must_be_own)
        return base_fail(BASE_E_ORDER, "a %s is about %s %s, not about this %s", exchange_kind_word(taking->statement->kind),
                         must_be_own == taking->is_own ? "one's own" : "the other party's", exchange_kind_word(kind),
                         exchange_kind_word(taking->about.kind));
    return BASE_OK;
}

struct said {
    const struct exchange_id *from;
    uint64_t count;
};

static enum base_code count_said(void *context, const struct store_entry *entry)
{
    struct said *said = context;
    struct exchange_statement statement;
    BASE_TRY(node_statement_read(entry->note, &statement));
    said->count += exchange_id_equal(&statement.from, said->from);
    return BASE_OK;
}

/* From one side; from both together is cheaper to count, and nearly always enough. */
static enum base_code count_budget(const struct node_taking *taking, const char *kind, int64_t since_ms, uint64_t limit, uint64_t *out)
{
    struct store *store = taking->node->party->store;
    struct said said = {&taking->statement->from, 0};
    BASE_TRY(store_entries_count_kind(store, taking->seat->facts.id.bytes, kind, since_ms, out));
    if (*out < limit)
        return BASE_OK;
    BASE_TRY(store_entries_each_kind(store, taking->seat->facts.id.bytes, kind, since_ms, count_said, &said));
    *out = said.count;
    return BASE_OK;
}

enum base_code node_budget_check(const struct node_taking *taking, uint64_t limit)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes;
    const char *kind = exchange_kind_word(taking->statement->kind);
    int64_t since_ms = taking->now_ms - DAY_MS;
    char what[40];
    uint64_t said;
    snprintf(what, sizeof what, "%s %s", taking->is_own ? "own" : "other", kind);
    BASE_TRY(store_tally_most(store, compartment, what, since_ms, &said));
    if (said < limit)
        return BASE_OK;
    BASE_TRY(count_budget(taking, kind, since_ms, limit, &said));
    BASE_TRY(store_tally_keep(store, compartment, what, since_ms, said));
    return said < limit ? BASE_OK
                        : base_fail(BASE_E_OVER_BUDGET, "the terms allow %llu in 24 hours of the kind %s", (unsigned long long)limit, kind);
}

/* conversations 3.3: what a peer may say without being asked is bounded, so that it cannot make a ledger grow without end. */
static enum base_code check_flood(const struct node_taking *taking)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes;
    const char *kind = exchange_kind_word(taking->statement->kind);
    uint64_t limit = taking->statement->kind == EXCHANGE_KIND_STATE ? STATES_PER_DAY_MAX : OTHERS_PER_DAY_MAX, said;
    int64_t since_ms = taking->now_ms - DAY_MS;
    if (taking->is_own)
        return BASE_OK;
    BASE_TRY(store_tally_most(store, compartment, kind, since_ms, &said));
    if (said < limit)
        return BASE_OK;
    BASE_TRY(store_entries_count_kind(store, compartment, kind, since_ms, &said));
    BASE_TRY(store_tally_keep(store, compartment, kind, since_ms, said));
    return said < limit ? BASE_OK : base_fail(BASE_E_FLOOD, "%llu of the kind %s in 24 hours", (unsigned long long)said, kind);
}

/* What this party keeps to itself (its hits, its verdicts) is to the other as if it were not there: it may have seen the hash in a
 * proof, and an answer would say what of (statements 7.1). */
enum base_code node_about_find(struct node_taking *taking)
{
    const struct crypto_hash *about = &taking->statement->about;
    enum base_code code = node_book_find(taking->node->party->store, taking->seat, about, &taking->about);
    bool is_hidden = code == BASE_OK && !taking->is_own && exchange_kind_path(taking->about.kind) == EXCHANGE_PATH_OWN;
    if (code == BASE_E_NOT_FOUND || is_hidden)
        return base_fail(BASE_E_NOT_FOUND, "what this %s is about is not in the ledger", exchange_kind_word(taking->statement->kind));
    taking->is_about_own = exchange_id_equal(&taking->about.from, &taking->node->party->fingerprint);
    return code;
}

enum base_code node_effect_check(struct node_taking *taking)
{
    const struct effect *effect = &effects[taking->statement->kind];
    BASE_TRY(check_time(taking));
    if (effect->is_stopped)
        BASE_TRY(check_active(taking));
    BASE_TRY(check_flood(taking));
    BASE_TRY(exchange_content_check_terms(&taking->content, &taking->seat->facts.terms));
    if (effect->has_about)
        BASE_TRY(node_about_find(taking));
    return effect->check == NULL ? BASE_OK : effect->check(taking);
}

enum base_code node_effect_apply(struct node_taking *taking)
{
    const struct effect *effect = &effects[taking->statement->kind];
    enum base_code code = effect->apply == NULL ? BASE_OK : effect->apply(taking);
    taking->node->is_screen_stale |= code != BASE_OK;
    return code;
}
