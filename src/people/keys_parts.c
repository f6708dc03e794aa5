/* SPDX-License-Identifier: Apache-2.0 */
#include "people/keys_parts.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 64, RANGE_YEARS_MAX = 10 /* names 3.3: a longer range says too little */ };

static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619U;
    return hash ^ hash >> 15;
}

static uint64_t prefix_of(const char *text, size_t len)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < len ? (uint8_t)text[i] : 0);
    return prefix;
}

static void put_in_slot(struct keys_parts *parts, uint32_t number)
{
    size_t at = parts->texts[number].hash & (parts->slot_count - 1);
    while (parts->slots[at] != 0)
        at = (at + 1) & (parts->slot_count - 1);
    parts->slots[at] = number;
}

static enum base_code grow_slots(struct keys_parts *parts)
{
    if (parts->text_count * 2 < parts->slot_count)
        return BASE_OK;
    size_t count = parts->slot_count == 0 ? SLOTS_MIN : parts->slot_count * 2;
    BASE_TRY(base_grow_array((void **)&parts->slots, &parts->slot_capacity, count, sizeof *parts->slots));
    memset(parts->slots, 0, count * sizeof *parts->slots);
    parts->slot_count = count;
    for (uint32_t number = 1; number < parts->text_count; number++)
        put_in_slot(parts, number);
    return BASE_OK;
}

static uint32_t find_text(const struct keys_parts *parts, const char *text, size_t len, uint32_t hash)
{
    size_t at = hash & (parts->slot_count - 1);
    for (; parts->slots[at] != 0; at = (at + 1) & (parts->slot_count - 1)) {
        const struct keys_text *one = &parts->texts[parts->slots[at]];
        if (one->hash == hash && one->len == len && memcmp(parts->letters.data + one->at, text, len) == 0)
            break;
    }
    return parts->slots[at];
}

enum base_code keys_parts_text(struct keys_parts *parts, const char *text, size_t len, uint32_t *number)
{
    uint32_t hash = hash_of(text, len);
    BASE_TRY(grow_slots(parts));
    *number = find_text(parts, text, len, hash);
    if (*number != 0)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&parts->texts, &parts->text_capacity, parts->text_count + 1, sizeof *parts->texts));
    uint32_t at = (uint32_t)parts->letters.len;
    BASE_TRY(base_buffer_append(&parts->letters, base_bytes_of(text, len)));
    BASE_TRY(base_buffer_append(&parts->letters, base_bytes_of("", 1)));
    *number = (uint32_t)parts->text_count++;
    parts->texts[*number] = (struct keys_text){prefix_of(text, len), at, hash, (uint16_t)len, people_rules_is_common(parts->rules, text)};
    put_in_slot(parts, *number);
    return BASE_OK;
}

const char *keys_parts_letters(const struct keys_parts *parts, uint32_t number)
{
    return (const char *)parts->letters.data + parts->texts[number].at;
}

bool keys_parts_is_less(const struct keys_parts *parts, uint32_t a, uint32_t b)
{
    const struct keys_text *left = &parts->texts[a], *right = &parts->texts[b];
    if (left->prefix != right->prefix)
        return left->prefix < right->prefix;
    return strcmp(keys_parts_letters(parts, a), keys_parts_letters(parts, b)) < 0;
}

static enum base_code add_token(struct keys_parts *parts, const struct names_token *written)
{
    BASE_TRY(base_grow_array((void **)&parts->tokens, &parts->token_capacity, parts->token_count + 1, sizeof *parts->tokens));
    struct keys_token *token = &parts->tokens[parts->token_count];
    *token = (struct keys_token){.sound_count = (uint8_t)written->sound_count};
    BASE_TRY(keys_parts_text(parts, written->plain, strlen(written->plain), &token->plain));
    for (size_t i = 0; i < written->sound_count; i++) {
        BASE_TRY(keys_parts_text(parts, written->sounds[i], strlen(written->sounds[i]), &token->sounds[i]));
        token->is_common = token->is_common || parts->texts[token->sounds[i]].is_common;
    }
    parts->token_count++;
    return BASE_OK;
}

static enum base_code add_name(struct keys_parts *parts, const char *text)
{
    struct names_form form;
    BASE_TRY(names_form_of(base_bytes_text(text), &form));
    BASE_TRY(base_grow_array((void **)&parts->names, &parts->name_capacity, parts->name_count + 1, sizeof *parts->names));
    parts->names[parts->name_count++] = (struct keys_name){parts->token_count, form.count};
    for (size_t i = 0; i < form.count; i++)
        BASE_TRY(add_token(parts, &form.tokens[i]));
    return BASE_OK;
}

enum base_code keys_parts_read(struct keys_parts *parts, const struct people_rules *rules, const struct people_record *record)
{
    parts->rules = rules;
    parts->record = record;
    parts->text_count = 1;
    parts->token_count = parts->name_count = 0;
    base_buffer_clear(&parts->letters);
    parts->slot_count = 0;
    for (size_t i = 0; i < PEOPLE_RULE_DATES; i++)
        parts->dates[i].is_made = false;
    for (size_t i = 0; i < record->name_count; i++)
        BASE_TRY(add_name(parts, record->names[i].text));
    return BASE_OK;
}

void keys_parts_release(struct keys_parts *parts)
{
    base_buffer_release(&parts->letters);
    free(parts->texts);
    free(parts->slots);
    free(parts->tokens);
    free(parts->names);
    *parts = (struct keys_parts){0};
}

static char *put_digits(char *out, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

/* "1961-02-03", "1961", "--02-03": what is 0 is left out. */
static void add_date(struct keys_dates *dates, int year, int month, int day)
{
    char text[KEYS_DATE_TEXT_SIZE] = "", *end = text;
    if (year != 0)
        end = put_digits(end, year, 4);
    else
        *end++ = '-';
    if (month != 0) {
        *end++ = '-';
        end = put_digits(end, month, 2);
        *end++ = '-';
        end = put_digits(end, day, 2);
    }
    *end = 0;
    for (size_t i = 0; i < dates->count; i++)
        if (strcmp(dates->texts[i], text) == 0)
            return;
    if (dates->count < KEYS_DATES_MAX)
        memcpy(dates->texts[dates->count++], text, sizeof text);
}

static void add_dates(struct keys_dates *dates, const struct people_date *birth, enum people_rule_date kind)
{
    struct people_day from = birth->from;
    if (kind == PEOPLE_RULE_DAY || kind == PEOPLE_RULE_DAY_MONTH) {
        bool is_swapped = from.day < from.month; /* names 3.3: the smaller first where they can be swapped */
        if (people_date_precision(birth) != PEOPLE_DAY)
            return;
        if (kind == PEOPLE_RULE_DAY)
            add_date(dates, from.year, from.month, from.day);
        else
            add_date(dates, 0, is_swapped ? from.day : from.month, is_swapped ? from.month : from.day);
        return;
    }
    int last = birth->to.year + (kind == PEOPLE_RULE_NEAR_YEAR); /* two years meet on the later of a pair of neighbours */
    if (from.year == 0 || birth->to.year - from.year > RANGE_YEARS_MAX)
        return;
    for (int year = from.year; year <= last; year++)
        add_date(dates, year, 0, 0);
}

const struct keys_dates *keys_parts_dates(struct keys_parts *parts, enum people_rule_date kind)
{
    struct keys_dates *dates = &parts->dates[kind];
    if (dates->is_made)
        return dates;
    dates->count = 0;
    for (size_t i = 0; i < parts->record->birth_count; i++)
        add_dates(dates, &parts->record->births[i], kind);
    dates->is_made = true;
    return dates;
}
