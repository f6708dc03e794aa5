/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/terms.h"

#include "exchange/lines.h"

#include <stddef.h>
#include <string.h>

static const char TERMS_KIND[] = "entente/terms/v2";

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

enum { DAY = 24 };

const struct exchange_profile exchange_profiles[] = {
    {"eu-2023-977", "Directive (EU) 2023/977: 8 hours, 7 days", {8, 7 * DAY, 7 * DAY}},
    {"eu-2006-960", "Framework Decision 2006/960/JHA: 8 hours, 7 days, 14 days", {8, 7 * DAY, 14 * DAY}},
    {"sirene", "SIRENE: at once, 12 hours", {1, 12, 12}},
    {"pruem-2", "Regulation (EU) 2024/982: 48 hours after a confirmed match", {2 * DAY, 2 * DAY, 2 * DAY}},
    {"egmont", "Egmont Group: 7 days, 30 days when others must be asked", {7 * DAY, 7 * DAY, 30 * DAY}},
    {"fincen-314a", "FinCEN 314(a): 14 days", {14 * DAY, 14 * DAY, 14 * DAY}},
};
const unsigned exchange_profile_count = sizeof exchange_profiles / sizeof *exchange_profiles;

const struct exchange_profile *exchange_profile_find(const char *word)
{
    for (unsigned i = 0; i < exchange_profile_count; i++)
        if (strcmp(word, exchange_profiles[i].word) == 0)
            return &exchange_profiles[i];
    return NULL;
}

const struct exchange_profile *exchange_profile_of(const struct exchange_hours *hours)
{
    for (unsigned i = 0; i < exchange_profile_count; i++)
        if (memcmp(hours->answer, exchange_profiles[i].answer, sizeof hours->answer) == 0)
            return &exchange_profiles[i];
    return NULL;
}

void exchange_terms_defaults(struct exchange_terms *terms)
{
    terms->alerts_per_day = 1000;
    terms->asks_per_day = 100;
    memcpy(terms->hours.answer, exchange_profiles[0].answer, sizeof terms->hours.answer);
    terms->hours.tell = DAY;
    terms->hours.task = 3 * DAY;
    terms->hours.receipt = DAY;
    terms->hours.cosign = DAY;
    terms->hours.feedback = 90 * DAY;
    terms->hours.correction = 7 * DAY;
    terms->retention_days = 3 * 365;
    terms->max_attachment = 65536;
    terms->release = EXCHANGE_RELEASE_NONE;
    terms->codes = EXCHANGE_CODES_ALL;
}

/* The deadlines' lines, in their order. */
static const struct hours_line {
    const char *key;
    size_t offset;
} hours_lines[] = {
    {"answer-urgent-hours", offsetof(struct exchange_hours, answer[EXCHANGE_URGENT])},
    {"answer-normal-hours", offsetof(struct exchange_hours, answer[EXCHANGE_NORMAL])},
    {"answer-other-hours", offsetof(struct exchange_hours, answer[EXCHANGE_OTHER])},
    {"tell-hours", offsetof(struct exchange_hours, tell)},
    {"task-hours", offsetof(struct exchange_hours, task)},
    {"receipt-hours", offsetof(struct exchange_hours, receipt)},
    {"cosign-hours", offsetof(struct exchange_hours, cosign)},
    {"feedback-hours", offsetof(struct exchange_hours, feedback)},
    {"correction-hours", offsetof(struct exchange_hours, correction)},
};
enum { HOURS_LINES = sizeof hours_lines / sizeof *hours_lines };

static uint64_t *hours_at(struct exchange_hours *hours, unsigned line)
{
    return (uint64_t *)((char *)hours + hours_lines[line].offset);
}

/* statements 3.7 */
static enum base_code check_exchange(const struct exchange_terms *terms)
{
    struct exchange_hours hours = terms->hours;
    for (unsigned i = 0; i < HOURS_LINES; i++)
        if (*hours_at(&hours, i) < 1 || *hours_at(&hours, i) > EXCHANGE_HOURS_MAX)
            return base_fail(BASE_E_RANGE, "%s are from 1 to %d", hours_lines[i].key, EXCHANGE_HOURS_MAX);
    if (terms->alerts_per_day > EXCHANGE_SAID_PER_DAY_MAX || terms->asks_per_day > EXCHANGE_SAID_PER_DAY_MAX)
        return base_fail(BASE_E_RANGE, "alerts and asks per day are at most %d", EXCHANGE_SAID_PER_DAY_MAX);
    if (terms->retention_days < 1 || terms->retention_days > EXCHANGE_RETENTION_DAYS_MAX)
        return base_fail(BASE_E_RANGE, "retention is from 1 to %d days", EXCHANGE_RETENTION_DAYS_MAX);
    if (terms->max_attachment > EXCHANGE_ATTACHMENT_MAX)
        return base_fail(BASE_E_RANGE, "attachments have at most %d bytes", EXCHANGE_ATTACHMENT_MAX);
    if (terms->codes == 0 || terms->codes > EXCHANGE_CODES_ALL)
        return base_fail(BASE_E_RANGE, "the terms accept no reason to decline, or one that is not in the list");
    return BASE_OK;
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
    return check_exchange(terms);
}

static enum base_code put_side(struct base_buffer *out, const char *identity_key, const char *key_key,
                               const struct exchange_terms_side *side)
{
    BASE_TRY(exchange_put_key(out, identity_key, &side->identity));
    return is_zero_key(&side->key) ? exchange_put(out, key_key, "-") : exchange_put_key(out, key_key, &side->key);
}

static enum base_code put_codes(struct base_buffer *out, uint32_t codes)
{
    if (codes == EXCHANGE_CODES_ALL)
        return exchange_put(out, "reasons", "all");
    BASE_TRY(base_buffer_text(out, "reasons:"));
    for (unsigned i = 0; i < EXCHANGE_CODE_COUNT; i++)
        if (codes & 1u << i)
            BASE_TRY(base_buffer_format(out, " %s", exchange_codes.items[i]));
    return base_buffer_text(out, "\n");
}

static enum base_code put_exchange(struct base_buffer *out, const struct exchange_terms *terms)
{
    struct exchange_hours hours = terms->hours;
    BASE_TRY(exchange_put_number(out, "alerts-per-day", terms->alerts_per_day));
    BASE_TRY(exchange_put_number(out, "asks-per-day", terms->asks_per_day));
    for (unsigned i = 0; i < HOURS_LINES; i++)
        BASE_TRY(exchange_put_number(out, hours_lines[i].key, *hours_at(&hours, i)));
    BASE_TRY(exchange_put_number(out, "retention-days", terms->retention_days));
    BASE_TRY(exchange_put_number(out, "max-attachment", terms->max_attachment));
    BASE_TRY(exchange_put(out, "release", exchange_releases.items[terms->release]));
    return put_codes(out, terms->codes);
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
    BASE_TRY(put_exchange(out, terms));
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

/* "all", or words in the list's order, each once: the same set is always the same text. */
static enum base_code take_codes(struct base_cursor *in, uint32_t *codes)
{
    struct base_buffer again = BASE_BUFFER_EMPTY;
    struct base_cursor start = *in;
    struct base_bytes line;
    BASE_TRY(exchange_take(in, "reasons", &line));
    *codes = base_bytes_equal(line, base_bytes_text("all")) ? EXCHANGE_CODES_ALL : 0;
    for (size_t at = 0; *codes != EXCHANGE_CODES_ALL && at < line.len;) {
        const uint8_t *blank = memchr(line.data + at, ' ', line.len - at);
        size_t len = blank == NULL ? line.len - at : (size_t)(blank - line.data) - at;
        unsigned place;
        BASE_TRY(exchange_words_find(&exchange_codes, "reasons", base_bytes_of(line.data + at, len), &place));
        *codes |= 1u << place;
        at += len + 1;
    }
    enum base_code code = put_codes(&again, *codes);
    size_t taken = start.left - in->left;
    if (code == BASE_OK && !base_bytes_equal(base_bytes_buffer(&again), base_bytes_of(start.at, taken)))
        code = base_fail(BASE_E_FORMAT, "the reasons do not stand in their order, each once");
    base_buffer_release(&again);
    return code;
}

static enum base_code take_exchange(struct base_cursor *in, struct exchange_terms *terms)
{
    struct base_bytes word;
    unsigned release;
    BASE_TRY(exchange_take_number(in, "alerts-per-day", EXCHANGE_SAID_PER_DAY_MAX, &terms->alerts_per_day));
    BASE_TRY(exchange_take_number(in, "asks-per-day", EXCHANGE_SAID_PER_DAY_MAX, &terms->asks_per_day));
    for (unsigned i = 0; i < HOURS_LINES; i++)
        BASE_TRY(exchange_take_number(in, hours_lines[i].key, EXCHANGE_HOURS_MAX, hours_at(&terms->hours, i)));
    BASE_TRY(exchange_take_number(in, "retention-days", EXCHANGE_RETENTION_DAYS_MAX, &terms->retention_days));
    BASE_TRY(exchange_take_number(in, "max-attachment", EXCHANGE_ATTACHMENT_MAX, &terms->max_attachment));
    BASE_TRY(exchange_take(in, "release", &word));
    BASE_TRY(exchange_words_find(&exchange_releases, "release", word, &release));
    terms->release = (enum exchange_release)release;
    return take_codes(in, &terms->codes);
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
    BASE_TRY(take_exchange(&in, &terms));
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
