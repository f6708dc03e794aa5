/* SPDX-License-Identifier: Apache-2.0
 *
 * Corrections: what was sent is corrected, restricted or erased on both sides at once, and the receiver's node says what it did.
 * Content goes; notes, commitments and every proof stay.
 */
#include "node/exchange.h"

#include "node/screen.h"
#include "store/ledgers.h"

#include <string.h>

enum { CORRECTIONS_PER_DAY_MAX = 200 };

enum base_code node_correction_check(struct node_taking *taking)
{
    const struct exchange_statement *correction = taking->statement;
    bool has_content = !exchange_hash_is_none(&correction->content);
    if (taking->is_about_own != taking->is_own || exchange_kind_path(taking->about.kind) != EXCHANGE_PATH_OUTBOX ||
        exchange_hash_is_none(&taking->about.content) || taking->about.kind == EXCHANGE_KIND_CORRECTION)
        return base_fail(BASE_E_ORDER, "a correction is about a statement with content that its sender has sent, and not about a correction");
    if (has_content != (correction->action == EXCHANGE_CORRECT))
        return base_fail(BASE_E_FORMAT, "what is corrected has a new content; what is restricted or erased has none");
    if (taking->has_content && taking->about.kind == EXCHANGE_KIND_ALERT) {
        if (taking->content.person_count == 0)
            return base_fail(BASE_E_FORMAT, "an alert is corrected to at least one person");
        BASE_TRY(node_screen_check_persons(&taking->content));
    }
    return node_budget_check(taking, CORRECTIONS_PER_DAY_MAX);
}

struct change {
    struct node_taking *taking;
    enum store_content_state to;
    bool was_held; /* there was something to change */
};

static enum base_code is_held(void *context, const struct store_content *content)
{
    *(bool *)context = content->state != STORE_CONTENT_ERASED;
    return BASE_OK;
}

static enum base_code change_one(struct change *change, const uint8_t hash[32])
{
    struct store *store = change->taking->node->party->store;
    const uint8_t *compartment = change->taking->seat->facts.id.bytes;
    bool held = false;
    enum base_code code = store_content_get(store, compartment, hash, is_held, &held);
    if (code != BASE_OK || !held) /* what is erased stays so */
        return code == BASE_E_NOT_FOUND ? BASE_OK : code;
    change->was_held = true;
    return store_content_set(store, compartment, hash, change->to, change->taking->now_ms);
}

static enum base_code change_entry(void *context, const struct store_entry *entry)
{
    struct change *change = context;
    return memcmp(entry->hash, change->taking->hash.bytes, 32) == 0 ? BASE_OK : change_one(change, entry->hash);
}

/* The content of what was corrected, and of what corrected it before: an earlier correction says as much of a person. Of an alert that is
 * erased also what its owner said when it was renewed, and what was derived from it here. */
static enum base_code change_content(struct node_taking *taking, bool *was_held)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes, *about = taking->statement->about.bytes;
    bool is_erased = taking->statement->action == EXCHANGE_ERASE, is_alert = taking->about.kind == EXCHANGE_KIND_ALERT;
    struct change change = {taking, is_erased ? STORE_CONTENT_ERASED : STORE_CONTENT_RESTRICTED, false};
    BASE_TRY(change_one(&change, about));
    BASE_TRY(store_entries_about(store, compartment, about, exchange_kind_word(EXCHANGE_KIND_CORRECTION), change_entry, &change));
    if (is_erased && is_alert)
        BASE_TRY(store_entries_about(store, compartment, about, exchange_kind_word(EXCHANGE_KIND_RENEW), change_entry, &change));
    *was_held = change.was_held;
    return is_alert ? node_screen_corrected(taking) : BASE_OK;
}

static enum base_code say_corrected(struct node_taking *taking, bool was_held)
{
    static const enum exchange_did dids[] = {[EXCHANGE_CORRECT] = EXCHANGE_DID_CORRECT, [EXCHANGE_RESTRICT] = EXCHANGE_DID_RESTRICT,
                                             [EXCHANGE_ERASE] = EXCHANGE_DID_ERASE};
    struct exchange_statement corrected;
    struct crypto_hash hash;
    node_statement_begin(taking->seat, EXCHANGE_KIND_CORRECTED, &taking->node->party->fingerprint, taking->now_ms, &corrected);
    corrected.about = taking->hash;
    corrected.did = was_held ? dids[taking->statement->action] : EXCHANGE_DID_NOT_HOLD;
    return node_say(taking->node, taking->seat, &corrected, NULL, &hash);
}

enum base_code node_correction_apply(struct node_taking *taking)
{
    const struct exchange_hours *hours = &taking->seat->facts.terms.hours;
    bool was_held;
    BASE_TRY(change_content(taking, &was_held));
    BASE_TRY(node_duty_open(taking, &taking->hash, EXCHANGE_DUTY_CORRECTION, !taking->is_own,
                            taking->statement->time_ms + node_hours_ms(hours->correction)));
    return taking->is_own ? BASE_OK : say_corrected(taking, was_held);
}

enum base_code node_corrected_check(struct node_taking *taking)
{
    struct store_duty duty;
    BASE_TRY(node_about_check(taking, EXCHANGE_KIND_CORRECTION, !taking->is_own));
    BASE_TRY(node_duty_find(taking, &taking->statement->about, EXCHANGE_DUTY_CORRECTION, taking->is_own, &duty));
    if (duty.state == STORE_DUTY_MET || duty.state == STORE_DUTY_LATE)
        return base_fail(BASE_E_ORDER, "this correction was carried out already");
    return BASE_OK;
}

enum base_code node_corrected_apply(struct node_taking *taking)
{
    return node_duty_meet(taking, &taking->statement->about, EXCHANGE_DUTY_CORRECTION, taking->is_own,
                          exchange_dids.items[taking->statement->did]);
}
