/* SPDX-License-Identifier: Apache-2.0 */
#include "people/keys.h"

#include "names/forms.h"
#include "people/rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARTS_MAX = PEOPLE_RULE_TOKENS_MAX + 1,
    RANGE_YEARS_MAX = 5,   /* a wider range of birth years makes no key by year */
    DOCUMENT_LETTERS = 7,  /* a document number has as many letters and digits, */
    DOCUMENT_DIGITS = 5,   /* and as many digits, so that a chance meeting is unlikely */
    DOCUMENT_MAX = 32,
};

struct making {
    const struct people_rules *rules;
    const struct people_record *record;
    struct people_keys *out;
};

static enum base_code add_key(struct making *making, uint16_t rule, const char *const *parts, size_t count, const char *reason)
{
    struct people_keys *out = making->out;
    struct base_bytes bytes[PARTS_MAX + 2];
    struct crypto_hash token;
    bytes[0] = base_bytes_of(making->rules->hash.bytes, sizeof making->rules->hash.bytes);
    bytes[1] = base_bytes_text(making->rules->items[rule].name);
    for (size_t i = 0; i < count; i++)
        bytes[i + 2] = base_bytes_text(parts[i]);
    crypto_hash_domain("entente/people/key/v1", bytes, count + 2, &token);
    for (size_t i = 0; i < out->count; i++)
        if (memcmp(out->items[i].token.bytes, token.bytes, sizeof token.bytes) == 0)
            return BASE_OK;
    if (out->count >= making->rules->most)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items));
    char *copy = base_bytes_dup(base_bytes_text(reason));
    if (copy == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a key");
    out->items[out->count++] = (struct people_key){token, rule, copy};
    return BASE_OK;
}

static enum base_code add_document(struct making *making, uint16_t rule, const char *number)
{
    char plain[DOCUMENT_MAX + 1], reason[DOCUMENT_MAX + 32];
    size_t len = 0, digits = 0;
    for (const char *at = number; *at != 0 && len < DOCUMENT_MAX; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 0x80 || !isalnum(c))
            continue;
        plain[len++] = (char)toupper(c);
        digits += isdigit(c) != 0;
    }
    plain[len] = 0;
    if (len < DOCUMENT_LETTERS || digits < DOCUMENT_DIGITS)
        return BASE_OK;
    const char *parts[] = {plain};
    snprintf(reason, sizeof reason, "document number %s", plain);
    return add_key(making, rule, parts, 1, reason);
}

/* The dates of a person in the form a rule compares; each once. */
static size_t date_texts(const struct people_record *record, enum people_rule_date date, char (*out)[16], size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < record->birth_count; i++) {
        const struct people_date *birth = &record->births[i];
        if (date == PEOPLE_RULE_DAY) {
            if (people_date_precision(birth) == PEOPLE_DAY && count < capacity)
                snprintf(out[count++], 16, "%04d-%02d-%02d", birth->from.year, birth->from.month, birth->from.day);
            continue;
        }
        for (int year = birth->from.year; year <= birth->to.year && birth->to.year - birth->from.year < RANGE_YEARS_MAX; year++)
            if (count < capacity && year > 0)
                snprintf(out[count++], 16, "%04d", year);
    }
    return count;
}

static enum base_code add_tokens(struct making *making, uint16_t index, const char *const *tokens, size_t count)
{
    const struct people_rule *rule = &making->rules->items[index];
    const char *parts[PARTS_MAX];
    char dates[64][16], reason[160];
    size_t letters = 0, rare = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i] = tokens[i];
        letters += strlen(tokens[i]);
        rare += !people_rules_is_common(making->rules, tokens[i]);
        used += (size_t)snprintf(reason + used, sizeof reason - used, "%s%s", i == 0 ? "" : " + ", tokens[i]);
    }
    if (letters < rule->letters || rare < rule->rare)
        return BASE_OK;
    if (rule->date == PEOPLE_RULE_NONE)
        return add_key(making, index, parts, count, reason);
    size_t date_count = date_texts(making->record, rule->date, dates, sizeof dates / sizeof dates[0]);
    for (size_t i = 0; i < date_count; i++) {
        parts[count] = dates[i];
        snprintf(reason + used, sizeof reason - used, ", born %s", dates[i]);
        BASE_TRY(add_key(making, index, parts, count + 1, reason));
    }
    return BASE_OK;
}

/* Every choice of `rule->tokens` of the name's tokens, in their sorted order. */
static enum base_code choose(struct making *making, uint16_t index, const struct names_form *form, const char **chosen, size_t count,
                             size_t from)
{
    /* The rules' reader admits no more than PEOPLE_RULE_TOKENS_MAX; said again for the compiler. */
    if (count == making->rules->items[index].tokens || count == PEOPLE_RULE_TOKENS_MAX)
        return add_tokens(making, index, chosen, count);
    for (size_t i = from; i < form->count; i++) {
        chosen[count] = form->items[i].skeleton;
        BASE_TRY(choose(making, index, form, chosen, count + 1, i + 1));
    }
    return BASE_OK;
}

static int compare_tokens(const void *a, const void *b)
{
    return strcmp(((const struct names_token *)a)->skeleton, ((const struct names_token *)b)->skeleton);
}

static void sort_once(struct names_form *form)
{
    size_t kept = 0;
    if (form->count == 0)
        return;
    qsort(form->items, form->count, sizeof form->items[0], compare_tokens);
    for (size_t i = 0; i < form->count; i++)
        if (i == 0 || strcmp(form->items[i].skeleton, form->items[kept - 1].skeleton) != 0)
            form->items[kept++] = form->items[i];
    form->count = kept > 8 ? 8 : kept; /* the choices of three grow with the cube */
}

static enum base_code make_by_rule(struct making *making, uint16_t index, const struct names_form *forms)
{
    const char *chosen[PEOPLE_RULE_TOKENS_MAX];
    const struct people_record *record = making->record;
    if (making->rules->items[index].is_document) {
        for (size_t i = 0; i < record->document_count; i++)
            if (record->documents[i].number != NULL)
                BASE_TRY(add_document(making, index, record->documents[i].number));
        return BASE_OK;
    }
    for (size_t i = 0; i < record->name_count; i++)
        if (record->names[i].kind != PEOPLE_NAME_WEAK)
            BASE_TRY(choose(making, index, &forms[i], chosen, 0, 0));
    return BASE_OK;
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(((const struct people_key *)a)->token.bytes, ((const struct people_key *)b)->token.bytes, sizeof(struct crypto_hash));
}

enum base_code people_keys_make(const struct people_rules *rules, const struct people_record *record, struct people_keys *out)
{
    struct making making = {rules, record, out};
    struct names_form *forms = base_alloc_array(record->name_count, sizeof *forms);
    enum base_code code = forms == NULL ? base_fail(BASE_E_NOMEM, "no memory for names") : BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < record->name_count; i++) {
        code = names_form_of(base_bytes_text(record->names[i].text), &forms[i]);
        sort_once(&forms[i]);
    }
    for (size_t rule = 0; code == BASE_OK && rule < rules->count; rule++)
        code = make_by_rule(&making, (uint16_t)rule, forms);
    free(forms);
    if (code != BASE_OK)
        people_keys_release(out);
    else if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, compare_keys);
    return code;
}

void people_keys_release(struct people_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        free(keys->items[i].reason);
    free(keys->items);
    *keys = PEOPLE_KEYS_EMPTY;
}
