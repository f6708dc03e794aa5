/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/terms.h"

#include "exchange/lines.h"

#include <string.h>

static const char TERMS_KIND[] = "entente/terms/v1";

static const char *const starters_words[] = {"both", "proposer", "accepter"};

const char *exchange_starters_word(enum exchange_starters starters)
{
    return starters_words[starters];
}

enum base_code exchange_starters_from_word(struct base_bytes word, enum exchange_starters *out)
{
    for (unsigned i = 0; i < 3; i++) {
        if (base_bytes_equal(word, base_bytes_text(starters_words[i]))) {
            *out = (enum exchange_starters)i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_ARGUMENT, "who may start is both, proposer or accepter");
}

static bool is_zero_key(const struct crypto_sign_public *key)
{
    static const struct crypto_sign_public zero;
    return memcmp(key, &zero, sizeof zero) == 0;
}

bool exchange_terms_is_filled(const struct exchange_terms *terms)
{
    return !is_zero_key(&terms->sides[EXCHANGE_ACCEPTER].key);
}

/* statements 3.3 */
static enum base_code check_values(const struct exchange_terms *terms)
{
    if (memcmp(&terms->sides[0].identity, &terms->sides[1].identity, sizeof terms->sides[0].identity) == 0)
        return base_fail(BASE_E_ARGUMENT, "a compartment is between two parties");
    if (terms->max_list < 1 || terms->max_list > EXCHANGE_LIST_MAX || terms->max_keys < 1 ||
        terms->max_keys > EXCHANGE_KEYS_MAX)
        return base_fail(BASE_E_RANGE, "the largest list and its keys are from 1 to %d", EXCHANGE_LIST_MAX);
    if (terms->matches_per_day < 1 || terms->matches_per_day > EXCHANGE_MATCHES_PER_DAY_MAX)
        return base_fail(BASE_E_RANGE, "matches per day are from 1 to %d", EXCHANGE_MATCHES_PER_DAY_MAX);
    if (terms->purpose[0] == 0)
        return base_fail(BASE_E_ARGUMENT, "the terms need a purpose");
    return BASE_OK;
}

static enum base_code put_side(struct base_buffer *out, const char *identity_key, const char *key_key,
                               const struct exchange_terms_side *side)
{
    BASE_TRY(exchange_put_key(out, identity_key, &side->identity));
    return is_zero_key(&side->key) ? exchange_put(out, key_key, "-") : exchange_put_key(out, key_key, &side->key);
}

enum base_code exchange_terms_format(const struct exchange_terms *terms, struct base_buffer *out)
{
    BASE_TRY(check_values(terms));
    BASE_TRY(exchange_text_check("purpose", base_bytes_text(terms->purpose), sizeof terms->purpose));
    BASE_TRY(base_buffer_format(out, "%s\n", TERMS_KIND));
    BASE_TRY(exchange_put_hex(out, "compartment", terms->compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(put_side(out, "proposer-identity", "proposer-key", &terms->sides[EXCHANGE_PROPOSER]));
    BASE_TRY(put_side(out, "accepter-identity", "accepter-key", &terms->sides[EXCHANGE_ACCEPTER]));
    BASE_TRY(exchange_put(out, "purpose", terms->purpose));
    BASE_TRY(exchange_put_hex(out, "rules", terms->rules.bytes, sizeof terms->rules.bytes));
    BASE_TRY(exchange_put_number(out, "max-list", terms->max_list));
    BASE_TRY(exchange_put_number(out, "max-keys", terms->max_keys));
    BASE_TRY(exchange_put_number(out, "matches-per-day", terms->matches_per_day));
    BASE_TRY(exchange_put(out, "starters", exchange_starters_word(terms->starters)));
    return exchange_put_time(out, "time", terms->time_ms);
}

/* Only the accepter's key may be absent, as "-" (statements 3.2). */
static enum base_code take_accepter_key(struct base_cursor *in, struct crypto_sign_public *out)
{
    struct base_cursor ahead = *in;
    struct base_bytes value;
    BASE_TRY(exchange_take(&ahead, "accepter-key", &value));
    if (!base_bytes_equal(value, base_bytes_text("-"))) {
        BASE_TRY(exchange_take_key(in, "accepter-key", out));
        return is_zero_key(out) ? base_fail(BASE_E_FORMAT, "the accepter's key is zero") : BASE_OK;
    }
    *in = ahead;
    *out = (struct crypto_sign_public){0};
    return BASE_OK;
}

static enum base_code take_limits(struct base_cursor *in, struct exchange_terms *terms)
{
    struct base_bytes word;
    BASE_TRY(exchange_take_number(in, "max-list", EXCHANGE_LIST_MAX, &terms->max_list));
    BASE_TRY(exchange_take_number(in, "max-keys", EXCHANGE_KEYS_MAX, &terms->max_keys));
    BASE_TRY(exchange_take_number(in, "matches-per-day", EXCHANGE_MATCHES_PER_DAY_MAX, &terms->matches_per_day));
    BASE_TRY(exchange_take(in, "starters", &word));
    if (exchange_starters_from_word(word, &terms->starters) != BASE_OK)
        return base_fail(BASE_E_FORMAT, "who may start is not a word of the terms");
    return BASE_OK;
}

enum base_code exchange_terms_parse(struct base_bytes text, struct exchange_terms *out)
{
    struct base_cursor in = base_cursor_over(text);
    struct exchange_terms terms = {0};
    struct exchange_terms_side *proposer = &terms.sides[EXCHANGE_PROPOSER], *accepter = &terms.sides[EXCHANGE_ACCEPTER];
    BASE_TRY(exchange_take_kind(&in, TERMS_KIND));
    BASE_TRY(exchange_take_hex(&in, "compartment", terms.compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(exchange_take_key(&in, "proposer-identity", &proposer->identity));
    BASE_TRY(exchange_take_key(&in, "proposer-key", &proposer->key));
    BASE_TRY(exchange_take_key(&in, "accepter-identity", &accepter->identity));
    BASE_TRY(take_accepter_key(&in, &accepter->key));
    BASE_TRY(exchange_take_text(&in, "purpose", terms.purpose, sizeof terms.purpose));
    BASE_TRY(exchange_take_hex(&in, "rules", terms.rules.bytes, sizeof terms.rules.bytes));
    BASE_TRY(take_limits(&in, &terms));
    BASE_TRY(exchange_take_time(&in, "time", &terms.time_ms));
    BASE_TRY(base_cursor_end(&in));
    BASE_TRY(check_values(&terms));
    *out = terms;
    return BASE_OK;
}

enum base_code exchange_terms_hash(const struct exchange_terms *terms, struct crypto_hash *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = exchange_terms_format(terms, &text);
    if (code == BASE_OK) {
        struct base_bytes part = base_bytes_buffer(&text);
        crypto_hash_domain("entente/exchange/terms/v1", &part, 1, out);
    }
    base_buffer_release(&text);
    return code;
}

enum base_code exchange_terms_check_filled(const struct exchange_terms *proposal, const struct exchange_terms *filled)
{
    struct exchange_terms copy = *filled;
    struct crypto_hash a, b;
    copy.sides[EXCHANGE_ACCEPTER].key = (struct crypto_sign_public){0};
    BASE_TRY(exchange_terms_hash(proposal, &a));
    BASE_TRY(exchange_terms_hash(&copy, &b));
    if (exchange_terms_is_filled(proposal) || !exchange_terms_is_filled(filled) || !crypto_hash_equal(&a, &b))
        return base_fail(BASE_E_INCONSISTENT, "the accepted terms are not those that were proposed");
    return BASE_OK;
}

enum base_code exchange_terms_side_of(const struct exchange_terms *terms, const struct exchange_id *fingerprint,
                                      enum exchange_side *out)
{
    for (unsigned side = 0; side < 2; side++) {
        struct exchange_id id;
        exchange_fingerprint(&terms->sides[side].identity, &id);
        if (exchange_id_equal(&id, fingerprint)) {
            *out = (enum exchange_side)side;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_KEY, "the party is on neither side of the terms");
}

const char *exchange_state_word(enum exchange_state state)
{
    static const char *const words[] = {"proposed", "offered", "active", "suspended", "closed"};
    return words[state];
}

const char *exchange_move_word(enum exchange_move move)
{
    static const char *const words[] = {"accept", "suspend", "resume", "close"};
    return words[move];
}

enum base_code exchange_state_move(enum exchange_state *state, enum exchange_move move)
{
    enum { NO = -1 };
    static const int allowed[5][4] = {
        /*                        accept           suspend             resume           close */
        [EXCHANGE_PROPOSED] = {EXCHANGE_ACTIVE, NO, NO, EXCHANGE_CLOSED},
        [EXCHANGE_OFFERED] = {EXCHANGE_ACTIVE, NO, NO, EXCHANGE_CLOSED},
        [EXCHANGE_ACTIVE] = {NO, EXCHANGE_SUSPENDED, NO, EXCHANGE_CLOSED},
        [EXCHANGE_SUSPENDED] = {NO, NO, EXCHANGE_ACTIVE, EXCHANGE_CLOSED},
        [EXCHANGE_CLOSED] = {NO, NO, NO, NO},
    };
    int next = allowed[*state][move];
    if (next == NO)
        return base_fail(BASE_E_STATE, "a compartment that is %s cannot %s", exchange_state_word(*state),
                         exchange_move_word(move));
    *state = (enum exchange_state)next;
    return BASE_OK;
}

enum base_code exchange_match_check(const struct exchange_terms *terms, const struct exchange_match_plan *plan)
{
    if (plan->state != EXCHANGE_ACTIVE)
        return base_fail(BASE_E_SUSPENDED, "the compartment is %s", exchange_state_word(plan->state));
    if (terms->starters != EXCHANGE_START_BOTH && (terms->starters == EXCHANGE_START_PROPOSER) !=
                                                      (plan->starter == EXCHANGE_PROPOSER))
        return base_fail(BASE_E_OUTSIDE_TERMS, "by the terms only the %s may start a match",
                         exchange_starters_word(terms->starters));
    if (plan->keys > terms->max_keys)
        return base_fail(BASE_E_OUTSIDE_TERMS, "%llu keys are more than the %llu of the terms",
                         (unsigned long long)plan->keys, (unsigned long long)terms->max_keys);
    if (plan->offers_24h >= terms->matches_per_day)
        return base_fail(BASE_E_OVER_BUDGET, "the budget of the terms is used up: matches in 24 hours: %llu",
                         (unsigned long long)terms->matches_per_day);
    if (!crypto_hash_equal(&plan->rules, &terms->rules))
        return base_fail(BASE_E_RULES, "the rule file is not the one that the terms name");
    return BASE_OK;
}
