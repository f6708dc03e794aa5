/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rules a kind of statement has. The table is the whole exchange at a glance; statements 6 and 7 in words.
 */
#include "node/exchange.h"

#include "store/ledgers.h"

enum { DAY_MS = 86400000, STATES_PER_DAY_MAX = 200, OTHERS_PER_DAY_MAX = 20000 };

struct states {
    enum exchange_state own, peer, both;
};

static enum base_code take_states(void *context, const struct node_compartment *facts)
{
    *(struct states *)context = (struct states){facts->own_state, facts->peer_state, facts->state};
    return BASE_OK;
}

/* As they are now: a statement of the same delivery may have changed them since the seat was opened. */
static enum base_code read_states(const struct node_taking *taking, struct states *out)
{
    return node_compartment_with(taking->node->party->store, &taking->seat->facts.id, take_states, out);
}

static enum base_code state_check(struct node_taking *taking)
{
    struct states states;
    BASE_TRY(read_states(taking, &states));
    return exchange_state_move(taking->is_own ? &states.own : &states.peer, taking->statement->move);
}

static enum base_code state_apply(struct node_taking *taking)
{
    struct states states;
    BASE_TRY(read_states(taking, &states));
    BASE_TRY(exchange_state_move(taking->is_own ? &states.own : &states.peer, taking->statement->move));
    return node_compartment_set_states(taking->node->party->store, &taking->seat->facts.id, states.own, states.peer, taking->now_ms);
}

static enum base_code is_state(void *context, const struct store_outgoing *row)
{
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(row->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code == BASE_OK && statement.kind == EXCHANGE_KIND_STATE)
        *(bool *)context = false;
    return code;
}

/* The other party's word counts from when it knew: what it said before it had receipted this party's suspension is taken. */
static enum base_code has_heard(const struct node_taking *taking, bool *out)
{
    *out = true;
    return store_outbox_each(taking->node->party->store, taking->seat->facts.id.bytes, 0, INT32_MAX, is_state, out);
}

static enum base_code check_active(const struct node_taking *taking)
{
    struct states states;
    bool is_heard = true;
    BASE_TRY(read_states(taking, &states));
    if (!taking->is_own && states.peer == EXCHANGE_ACTIVE)
        BASE_TRY(has_heard(taking, &is_heard));
    return states.both == EXCHANGE_ACTIVE || !is_heard ? BASE_OK
                                          : base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(states.both));
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
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code == BASE_OK)
        said->count += exchange_id_equal(&statement.from, said->from);
    return code;
}

enum base_code node_budget_check(const struct node_taking *taking, uint64_t limit)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes;
    const char *kind = exchange_kind_word(taking->statement->kind);
    struct said said = {&taking->statement->from, 0};
    uint64_t all;
    BASE_TRY(store_entries_count_kind(store, compartment, kind, taking->now_ms - DAY_MS, &all));
    if (all < limit) /* from both sides together: cheap, and nearly always enough */
        return BASE_OK;
    BASE_TRY(store_entries_each_kind(store, compartment, kind, taking->now_ms - DAY_MS, count_said, &said));
    return said.count < limit ? BASE_OK
                              : base_fail(BASE_E_OVER_BUDGET, "the terms allow %llu in 24 hours of the kind %s", (unsigned long long)limit, kind);
}

/* conversations 3.3: what a peer may say without being asked is bounded, so that it cannot make a ledger grow without end. */
static enum base_code check_flood(const struct node_taking *taking)
{
    uint64_t limit = taking->statement->kind == EXCHANGE_KIND_STATE ? STATES_PER_DAY_MAX : OTHERS_PER_DAY_MAX, said;
    BASE_TRY(store_entries_count_kind(taking->node->party->store, taking->seat->facts.id.bytes,
                                      exchange_kind_word(taking->statement->kind), taking->now_ms - DAY_MS, &said));
    return taking->is_own || said < limit
               ? BASE_OK
               : base_fail(BASE_E_FLOOD, "%llu of the kind %s in 24 hours", (unsigned long long)said, exchange_kind_word(taking->statement->kind));
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
