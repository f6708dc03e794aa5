/* SPDX-License-Identifier: Apache-2.0
 *
 * Records to match keys (names 3). Every key is the hash of the rule file's hash, the rule's name and the
 * parts that must be equal; the reason keeps those parts in words for the party that made it.
 */
#include "people/keys.h"

#include "people/rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANGE_YEARS_MAX = 10,   /* names 3.3: a longer range says too little */
    DOCUMENT_MAX = 32,
    DOCUMENT_MIN = 7,
    DOCUMENT_DIGITS_MIN = 5,
    PARTS_MAX = 4,
    JOINED_MAX = NAMES_TOKEN_SIZE * NAMES_TOKENS_MAX,
    DATE_TEXT_SIZE = 16,
    VALUES_MAX = 128,
    COMBINATIONS_MAX = 20000, /* keys made for one record before repeats and the weakest go */
};

struct date_value {
    char text[DATE_TEXT_SIZE];
};

struct making {
    const struct people_rules *rules;
    uint16_t rule;
    const struct people_record *record;
    struct people_keys *keys;
    struct date_value dates[VALUES_MAX]; /* of the rule under way */
    size_t date_count;
};

static enum base_code add_key(struct making *making, const char *const *parts, size_t count)
{
    struct people_keys *keys = making->keys;
    const struct people_rules *rules = making->rules;
    struct base_bytes hashed[PARTS_MAX + 2];
    if (keys->count >= COMBINATIONS_MAX) /* rules stand in order of strength, so the weakest are what is left out */
        return BASE_OK;
    hashed[0] = base_bytes_of(rules->hash.bytes, sizeof rules->hash.bytes);
    hashed[1] = base_bytes_text(rules->rules[making->rule].name);
    struct base_buffer reason = BASE_BUFFER_EMPTY;
    enum base_code code = base_grow_array((void **)&keys->items, &keys->capacity, keys->count + 1, sizeof *keys->items);
    for (size_t i = 0; i < count && code == BASE_OK; i++) {
        hashed[2 + i] = base_bytes_text(parts[i]);
        code = base_buffer_format(&reason, "%s%s", i == 0 ? "" : " + ", parts[i]);
    }
    if (code != BASE_OK) {
        base_buffer_release(&reason);
        return code;
    }
    struct people_key *key = &keys->items[keys->count++];
    crypto_hash_domain("entente/people/key/v1", hashed, count + 2, &key->token);
    key->rule = making->rule;
    key->reason = (char *)reason.data;
    return BASE_OK;
}

/* names 3.4: letters and digits only, long enough that no two persons have it by chance. */
static bool document_normal(const char *number, char out[DOCUMENT_MAX + 1])
{
    size_t len = 0, digits = 0;
    for (; *number != 0; number++) {
        unsigned char byte = (unsigned char)*number;
        if (byte >= 0x80 || !isalnum(byte))
            continue;
        if (len == DOCUMENT_MAX)
            return false;
        out[len++] = (char)toupper(byte);
        digits += isdigit(byte) != 0;
    }
    out[len] = 0;
    return len >= DOCUMENT_MIN && digits >= DOCUMENT_DIGITS_MIN;
}

static enum base_code add_documents(struct making *making)
{
    for (size_t i = 0; i < making->record->document_count; i++) {
        char number[DOCUMENT_MAX + 1];
        const char *part = number;
        if (making->record->documents[i].number != NULL && document_normal(making->record->documents[i].number, number))
            BASE_TRY(add_key(making, &part, 1));
    }
    return BASE_OK;
}

static void add_date(struct making *making, const char *format, int first, int second, int third)
{
    char text[DATE_TEXT_SIZE];
    unsigned parts[3] = {(unsigned)first % 10000, (unsigned)second % 100, (unsigned)third % 100};
    if (format[0] == 'y')
        snprintf(text, sizeof text, "%04u", parts[0]);
    else if (format[0] == 'm')
        snprintf(text, sizeof text, "--%02u-%02u", parts[0] % 100, parts[1]);
    else
        snprintf(text, sizeof text, "%04u-%02u-%02u", parts[0], parts[1], parts[2]);
    for (size_t i = 0; i < making->date_count; i++)
        if (strcmp(making->dates[i].text, text) == 0)
            return;
    if (making->date_count < VALUES_MAX)
        memcpy(making->dates[making->date_count++].text, text, sizeof text);
}

static void dates_of(struct making *making, const struct people_date *birth, enum people_rule_date kind)
{
    bool is_day = people_date_precision(birth) == PEOPLE_DAY;
    int from = birth->from.year, to = birth->to.year;
    if (kind == PEOPLE_RULE_DAY && is_day)
        add_date(making, "d", from, birth->from.month, birth->from.day);
    if (kind == PEOPLE_RULE_DAY_MONTH && is_day) { /* names 3.3: the smaller first where they can be swapped */
        bool is_swapped = birth->from.day < birth->from.month;
        add_date(making, "m", is_swapped ? birth->from.day : birth->from.month, is_swapped ? birth->from.month : birth->from.day, 0);
    }
    if ((kind != PEOPLE_RULE_YEAR && kind != PEOPLE_RULE_NEAR_YEAR) || from == 0 || to - from > RANGE_YEARS_MAX)
        return;
    if (kind == PEOPLE_RULE_NEAR_YEAR) { /* two years meet on the later of a pair of neighbours */
        for (int year = from; year <= to + 1; year++)
            add_date(making, "y", year, 0, 0);
        return;
    }
    for (int year = from; year <= to; year++)
        add_date(making, "y", year, 0, 0);
}

static enum base_code add_with_dates(struct making *making, const char **parts, size_t count)
{
    if (making->rules->rules[making->rule].date == PEOPLE_RULE_NO_DATE)
        return add_key(making, parts, count);
    for (size_t i = 0; i < making->date_count; i++) {
        parts[count] = making->dates[i].text;
        BASE_TRY(add_key(making, parts, count + 1));
    }
    return BASE_OK;
}

static size_t readings(const struct people_rule *rule, const struct names_token *token)
{
    return rule->is_sound ? token->sound_count : 1;
}

static const char *reading(const struct people_rule *rule, const struct names_token *token, size_t which)
{
    return rule->is_sound ? token->sounds[which] : token->plain;
}

static void sort_parts(const char **parts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && strcmp(parts[k - 1], parts[k]) > 0; k--) {
            const char *swapped = parts[k];
            parts[k] = parts[k - 1];
            parts[k - 1] = swapped;
        }
}

/* Every reading of up to three tokens, sorted, with every date. A form of less than two letters tells nothing. */
static enum base_code add_readings(struct making *making, const struct names_token *const *tokens, size_t count)
{
    const struct people_rule *rule = &making->rules->rules[making->rule];
    size_t total = 1;
    for (size_t i = 0; i < count; i++)
        total *= readings(rule, tokens[i]);
    for (size_t choice = 0; choice < total; choice++) {
        const char *parts[PARTS_MAX];
        bool is_enough = true;
        size_t left = choice, letters = 0;
        for (size_t i = 0; i < count; i++) {
            parts[i] = reading(rule, tokens[i], left % readings(rule, tokens[i]));
            left /= readings(rule, tokens[i]);
            letters += strlen(parts[i]);
            is_enough = is_enough && parts[i][0] != 0 && parts[i][1] != 0;
        }
        sort_parts(parts, count);
        for (size_t i = 1; i < count; i++)
            is_enough = is_enough && strcmp(parts[i - 1], parts[i]) != 0;
        if (is_enough && letters >= rule->letters)
            BASE_TRY(add_with_dates(making, parts, count));
    }
    return BASE_OK;
}

static enum base_code add_tokens(struct making *making, const struct names_form *form, size_t first,
                                 const struct names_token **chosen, size_t count, size_t distinct)
{
    const struct people_rule *rule = &making->rules->rules[making->rule];
    if (count == rule->tokens || count == PARTS_MAX - 1) /* a rule has at most three */
        return distinct >= rule->distinct ? add_readings(making, chosen, count) : BASE_OK;
    for (size_t i = first; i < form->count; i++) {
        chosen[count] = &form->tokens[i];
        bool is_common = people_rules_is_common(making->rules, chosen[count]);
        BASE_TRY(add_tokens(making, form, i + 1, chosen, count + 1, distinct + !is_common));
    }
    return BASE_OK;
}

/* The whole name in its most usual reading, joined: in the written order when heard, so that cuts between words do not
 * matter; sorted when spelled. */
static enum base_code add_whole(struct making *making, const struct names_form *form)
{
    const struct people_rule *rule = &making->rules->rules[making->rule];
    const char *words[NAMES_TOKENS_MAX];
    char joined[JOINED_MAX] = "";
    size_t distinct = 0, letters = 0, len = 0;
    for (size_t i = 0; i < form->count; i++) {
        words[i] = reading(rule, &form->tokens[i], 0);
        letters += strlen(words[i]);
        distinct += !people_rules_is_common(making->rules, &form->tokens[i]);
    }
    if (distinct < rule->distinct || letters < rule->letters || form->count < 2)
        return BASE_OK;
    if (!rule->is_sound)
        sort_parts(words, form->count);
    for (size_t i = 0; i < form->count; i++)
        len += (size_t)snprintf(joined + len, sizeof joined - len, "%s%s", i > 0 && !rule->is_sound ? " " : "", words[i]);
    const char *parts[PARTS_MAX] = {joined};
    return add_with_dates(making, parts, 1);
}

static enum base_code add_rule(struct making *making, const struct names_form *names)
{
    const struct people_rule *rule = &making->rules->rules[making->rule];
    const struct names_token *chosen[PARTS_MAX];
    if (rule->is_document)
        return add_documents(making);
    making->date_count = 0;
    for (size_t i = 0; i < making->record->birth_count; i++)
        dates_of(making, &making->record->births[i], rule->date);
    if (making->date_count == 0 && rule->date != PEOPLE_RULE_NO_DATE)
        return BASE_OK;
    for (size_t i = 0; i < making->record->name_count; i++)
        BASE_TRY(rule->tokens == 0 ? add_whole(making, &names[i]) : add_tokens(making, &names[i], 0, chosen, 0, 0));
    return BASE_OK;
}

static int compare_keys(const void *a, const void *b)
{
    const struct people_key *left = a, *right = b;
    return memcmp(left->token.bytes, right->token.bytes, sizeof left->token.bytes);
}

static int compare_rules(const void *a, const void *b)
{
    const struct people_key *left = a, *right = b;
    return left->rule != right->rule ? (left->rule > right->rule) - (left->rule < right->rule) : compare_keys(a, b);
}

static void drop_repeats(struct people_keys *keys)
{
    size_t kept = 0;
    for (size_t i = 0; i < keys->count; i++) {
        if (kept > 0 && compare_keys(&keys->items[kept - 1], &keys->items[i]) == 0)
            free(keys->items[i].reason);
        else
            keys->items[kept++] = keys->items[i];
    }
    keys->count = kept;
}

/* names 3.6: the last rules of the file go first, within a rule by token, so that both sides drop alike. */
static void keep_strongest(struct people_keys *keys, size_t limit)
{
    if (keys->count <= limit)
        return;
    qsort(keys->items, keys->count, sizeof *keys->items, compare_rules);
    while (keys->count > limit)
        free(keys->items[--keys->count].reason);
    qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
}

static void sort_keys(struct people_keys *keys, size_t limit)
{
    if (keys->count == 0)
        return;
    qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
    drop_repeats(keys);
    keep_strongest(keys, limit);
}

enum base_code people_keys_make(const struct people_rules *rules, const struct people_record *record, struct people_keys *out)
{
    struct people_keys made = PEOPLE_KEYS_EMPTY;
    struct making making = {.rules = rules, .record = record, .keys = &made};
    struct names_form *names = base_alloc_array(record->name_count + 1, sizeof *names);
    enum base_code code = names == NULL ? base_fail(BASE_E_NOMEM, "no memory for %zu names", record->name_count) : BASE_OK;
    for (size_t i = 0; i < record->name_count && code == BASE_OK; i++)
        code = names_form_of(base_bytes_text(record->names[i].text), &names[i]);
    for (; making.rule < rules->count && code == BASE_OK; making.rule++)
        code = add_rule(&making, names);
    free(names);
    if (code != BASE_OK) {
        people_keys_release(&made);
        return code;
    }
    sort_keys(&made, rules->limit);
    *out = made;
    return BASE_OK;
}

void people_keys_release(struct people_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        free(keys->items[i].reason);
    free(keys->items);
    *keys = PEOPLE_KEYS_EMPTY;
}
