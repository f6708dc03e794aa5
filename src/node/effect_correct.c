/* SPDX-License-Identifier: Apache-2.0
 *
 * Corrections: what was sent is corrected, restricted or erased on both sides at once, and the receiver's node says what it did.
 * Content goes; notes, commitments and every proof stay.
 */
#include "node/exchange.h"

#include "node/screen.h"

enum { CORRECTIONS_PER_DAY_MAX = 200 };

enum base_code node_correction_check(struct node_taking *taking)
{
    const struct exchange_statement *correction = taking->statement;
    bool has_content = !exchange_hash_is_none(&correction->content);
    if (taking->is_about_own != taking->is_own || exchange_kind_path(taking->about.kind) != EXCHANGE_PATH_OUTBOX ||
        exchange_hash_is_none(&taking->about.content))
        return base_fail(BASE_E_ORDER, "a correction is about a statement with content that its sender has sent");
    if (has_content != (correction->action == EXCHANGE_CORRECT))
        return base_fail(BASE_E_FORMAT, "what is corrected has a new content; what is restricted or erased has none");
    if (taking->has_content && taking->about.kind == EXCHANGE_KIND_ALERT) {
        if (taking->content.person_count == 0)
            return base_fail(BASE_E_FORMAT, "an alert is corrected to at least one person");
        BASE_TRY(node_screen_check_persons(&taking->content));
    }
    return node_budget_check(taking, CORRECTIONS_PER_DAY_MAX);
}

static enum base_code is_held(void *context, const struct store_content *content)
{
    *(bool *)context = content->state != STORE_CONTENT_ERASED;
    return BASE_OK;
}

/* The content of what was corrected; and, of an alert that is erased, what was derived from it. */
static enum base_code change_content(struct node_taking *taking, bool *was_held)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes, *about = taking->statement->about.bytes;
    bool is_erased = taking->statement->action == EXCHANGE_ERASE;
    *was_held = false;
    enum base_code code = store_content_get(store, compartment, about, is_held, was_held);
    if (code == BASE_E_NOT_FOUND)
        return BASE_OK;
    if (code == BASE_OK && *was_held)
        code = store_content_set(store, compartment, about, is_erased ? STORE_CONTENT_ERASED : STORE_CONTENT_RESTRICTED, taking->now_ms);
    if (code == BASE_OK && taking->about.kind == EXCHANGE_KIND_ALERT)
        code = node_screen_corrected(taking);
    return code;
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
