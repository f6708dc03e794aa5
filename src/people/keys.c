/* SPDX-License-Identifier: Apache-2.0
 *
 * Records to match keys (names 3). The parts of a key are numbers while they are chosen, so that a repeat costs no hash; only
 * what is left is hashed, behind what the keys of its rule have in common.
 */
#include "people/keys.h"

#include "people/keys_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    DOCUMENT_MAX = 32,
    DOCUMENT_MIN = 7,
    DOCUMENT_DIGITS_MIN = 5,
    TOKENS_MAX = 3,
    JOINED_MAX = NAMES_TOKEN_SIZE * NAMES_TOKENS_MAX,
    CHOICES_MAX = 100000, /* names 3.6: choices of parts that are looked at for one record */
    SLOTS_MIN = 128,
    TEXT_BITS = 17,
    DATE_BITS = 7,
};
_Static_assert(KEYS_TEXTS_MAX <= 1 << TEXT_BITS && KEYS_DATES_MAX < 1 << DATE_BITS, "a number has room");
_Static_assert(PEOPLE_RULES_MAX <= 1 << (64 - DATE_BITS - TOKENS_MAX * TEXT_BITS), "a rule has room");

/* A key before it is hashed, as one number: the rule, its date (from 1; 0: none), the numbers of its texts. */
typedef uint64_t packed_key;

/* A set of keys in the order in which they came, with an open hash over it. */
struct chosen {
    packed_key *items;
    size_t count, capacity;
    uint32_t *slots; /* index + 1; slot_count of them are in use, a power of two */
    size_t slot_count, slot_capacity;
};

struct people_keys_room {
    struct keys_parts parts;
    struct chosen chosen;
    size_t looked_at;
    uint16_t rule; /* under way */
};

struct choice {
    uint32_t texts[TOKENS_MAX];
    size_t count, letters, distinct;
};

static size_t slot_of(const struct chosen *chosen, packed_key key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15U) >> 32) & (chosen->slot_count - 1);
    while (chosen->slots[at] != 0 && chosen->items[chosen->slots[at] - 1] != key)
        at = (at + 1) & (chosen->slot_count - 1);
    return at;
}

static enum base_code grow_slots(struct chosen *chosen)
{
    if (chosen->count * 2 < chosen->slot_count)
        return BASE_OK;
    size_t count = chosen->slot_count == 0 ? SLOTS_MIN : chosen->slot_count * 2;
    BASE_TRY(base_grow_array((void **)&chosen->slots, &chosen->slot_capacity, count, sizeof *chosen->slots));
    memset(chosen->slots, 0, count * sizeof *chosen->slots);
    chosen->slot_count = count;
    for (size_t i = 0; i < chosen->count; i++)
        chosen->slots[slot_of(chosen, chosen->items[i])] = (uint32_t)(i + 1);
    return BASE_OK;
}

static enum base_code choose(struct people_keys_room *room, const struct choice *choice, size_t date)
{
    struct chosen *chosen = &room->chosen;
    packed_key key = (packed_key)room->rule << DATE_BITS | date;
    for (size_t i = 0; i < TOKENS_MAX; i++)
        key = key << TEXT_BITS | (i < choice->count ? choice->texts[i] : 0);
    BASE_TRY(grow_slots(chosen));
    size_t slot = slot_of(chosen, key);
    room->looked_at++;
    if (chosen->slots[slot] != 0)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&chosen->items, &chosen->capacity, chosen->count + 1, sizeof *chosen->items));
    chosen->items[chosen->count++] = key;
    chosen->slots[slot] = (uint32_t)chosen->count;
    return BASE_OK;
}

static const struct people_rule *rule_of(const struct people_keys_room *room)
{
    return &room->parts.rules->rules[room->rule];
}

/* names 3.4: letters and digits only, long enough that no two persons have it by chance. */
static size_t document_normal(const char *number, char out[DOCUMENT_MAX])
{
    size_t len = 0, digits = 0;
    for (; *number != 0; number++) {
        unsigned char byte = (unsigned char)*number;
        if (byte >= 0x80 || !isalnum(byte))
            continue;
        if (len == DOCUMENT_MAX)
            return 0;
        out[len++] = (char)toupper(byte);
        digits += isdigit(byte) != 0;
    }
    return len >= DOCUMENT_MIN && digits >= DOCUMENT_DIGITS_MIN ? len : 0;
}

static enum base_code add_documents(struct people_keys_room *room)
{
    const struct people_record *record = room->parts.record;
    for (size_t i = 0; i < record->document_count; i++) {
        char number[DOCUMENT_MAX];
        struct choice choice = {.count = 1};
        size_t len = record->documents[i].number == NULL ? 0 : document_normal(record->documents[i].number, number);
        if (len == 0)
            continue;
        BASE_TRY(keys_parts_text(&room->parts, number, len, &choice.texts[0]));
        BASE_TRY(choose(room, &choice, 0));
    }
    return BASE_OK;
}

static enum base_code choose_with_dates(struct people_keys_room *room, const struct choice *choice)
{
    const struct people_rule *rule = rule_of(room);
    room->looked_at++;
    if (choice->letters < rule->letters || choice->distinct < rule->distinct)
        return BASE_OK;
    if (rule->date == PEOPLE_RULE_NO_DATE)
        return choose(room, choice, 0);
    const struct keys_dates *dates = keys_parts_dates(&room->parts, rule->date);
    for (size_t i = 0; i < dates->count; i++)
        BASE_TRY(choose(room, choice, i + 1));
    return BASE_OK;
}

static void sort_texts(const struct keys_parts *parts, uint32_t *texts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && keys_parts_is_less(parts, texts[k], texts[k - 1]); k--) {
            uint32_t swapped = texts[k];
            texts[k] = texts[k - 1];
            texts[k - 1] = swapped;
        }
}

/* The choice with one more text, unless it has it already or it is of a single letter, which tells nothing (names 3.2). */
static bool add_text(const struct keys_parts *parts, uint32_t text, bool is_common, struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->texts[i] == text)
            return false;
    choice->texts[choice->count++] = text;
    choice->letters += parts->texts[text].len;
    choice->distinct += !is_common;
    return parts->texts[text].len > 1;
}

/* Every choice of so many tokens as the rule wants, each in every reading. */
static enum base_code add_tokens(struct people_keys_room *room, const struct keys_name *name, size_t first, const struct choice *before)
{
    const struct people_rule *rule = rule_of(room);
    if (before->count == rule->tokens) {
        struct choice sorted = *before;
        sort_texts(&room->parts, sorted.texts, sorted.count);
        return choose_with_dates(room, &sorted);
    }
    for (size_t i = first; i < name->count && room->looked_at < CHOICES_MAX; i++) {
        const struct keys_token *token = &room->parts.tokens[name->first + i];
        const uint32_t *texts = rule->is_sound ? token->sounds : &token->plain;
        for (size_t k = 0; k < (rule->is_sound ? token->sound_count : 1); k++) {
            struct choice choice = *before;
            if (add_text(&room->parts, texts[k], token->is_common, &choice))
                BASE_TRY(add_tokens(room, name, i + 1, &choice));
        }
    }
    return BASE_OK;
}

/* The whole name in its most usual reading, joined: in the written order when heard, so that cuts between words do not
 * matter; sorted when spelled. */
static enum base_code add_whole(struct people_keys_room *room, const struct keys_name *name)
{
    const struct people_rule *rule = rule_of(room);
    struct choice choice = {.count = 1};
    uint32_t words[NAMES_TOKENS_MAX];
    char joined[JOINED_MAX];
    size_t len = 0;
    for (size_t i = 0; i < name->count; i++) {
        const struct keys_token *token = &room->parts.tokens[name->first + i];
        words[i] = rule->is_sound ? token->sounds[0] : token->plain;
        choice.letters += room->parts.texts[words[i]].len;
        choice.distinct += !token->is_common;
    }
    if (name->count < 2)
        return BASE_OK;
    if (!rule->is_sound)
        sort_texts(&room->parts, words, name->count);
    for (size_t i = 0; i < name->count; i++) {
        size_t word_len = room->parts.texts[words[i]].len;
        if (i > 0 && !rule->is_sound)
            joined[len++] = ' ';
        memcpy(joined + len, keys_parts_letters(&room->parts, words[i]), word_len);
        len += word_len;
    }
    BASE_TRY(keys_parts_text(&room->parts, joined, len, &choice.texts[0]));
    return choose_with_dates(room, &choice);
}

static enum base_code add_rule(struct people_keys_room *room)
{
    const struct people_rule *rule = rule_of(room);
    const struct choice none = {.count = 0};
    if (rule->is_document)
        return add_documents(room);
    if (rule->date != PEOPLE_RULE_NO_DATE && keys_parts_dates(&room->parts, rule->date)->count == 0)
        return BASE_OK;
    for (size_t i = 0; i < room->parts.name_count && room->looked_at < CHOICES_MAX; i++) {
        const struct keys_name *name = &room->parts.names[i];
        BASE_TRY(rule->tokens == 0 ? add_whole(room, name) : add_tokens(room, name, 0, &none));
    }
    return BASE_OK;
}

/* Chosen until the limit is reached; the rule that reaches it is looked at to its end. */
static enum base_code choose_all(struct people_keys_room *room, const struct people_rules *rules, const struct people_record *record)
{
    room->chosen.count = room->chosen.slot_count = room->looked_at = 0;
    BASE_TRY(keys_parts_read(&room->parts, rules, record));
    for (room->rule = 0; room->rule < rules->count && room->chosen.count < rules->limit; room->rule++)
        BASE_TRY(add_rule(room));
    return BASE_OK;
}

static uint16_t rule_in(packed_key key)
{
    return (uint16_t)(key >> (DATE_BITS + TOKENS_MAX * TEXT_BITS));
}

/* The texts of a key and its date, in the order in which they are hashed; returns how many. */
static size_t parts_in(const struct people_keys_room *room, packed_key key, struct base_bytes out[TOKENS_MAX + 1])
{
    size_t count = 0, date = (size_t)(key >> TOKENS_MAX * TEXT_BITS) & ((1U << DATE_BITS) - 1);
    for (size_t i = 0; i < TOKENS_MAX; i++) {
        uint32_t text = (uint32_t)(key >> (TOKENS_MAX - 1 - i) * TEXT_BITS) & ((1U << TEXT_BITS) - 1);
        if (text != 0)
            out[count++] = base_bytes_of(keys_parts_letters(&room->parts, text), room->parts.texts[text].len);
    }
    if (date != 0)
        out[count++] = base_bytes_text(room->parts.dates[room->parts.rules->rules[rule_in(key)].date].texts[date - 1]);
    return count;
}

static void hash_key(const struct people_keys_room *room, packed_key key, struct people_key *out)
{
    struct base_bytes parts[TOKENS_MAX + 1];
    size_t count = parts_in(room, key, parts);
    out->rule = rule_in(key);
    struct crypto_running running = room->parts.rules->begun[out->rule];
    for (size_t i = 0; i < count; i++)
        crypto_running_part(&running, parts[i]);
    crypto_running_final(&running, &out->token);
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

/* names 3.6: the last rules of the file go first, within a rule by token, so that both sides drop alike. */
static void sort_keys(struct people_keys *keys, size_t limit)
{
    if (keys->count == 0)
        return;
    if (keys->count > limit) {
        qsort(keys->items, keys->count, sizeof *keys->items, compare_rules);
        keys->count = limit;
    }
    qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
}

static enum base_code make_room(struct people_keys *keys)
{
    if (keys->room == NULL)
        keys->room = calloc(1, sizeof *keys->room);
    return keys->room == NULL ? base_fail(BASE_E_NOMEM, "no memory for match keys") : BASE_OK;
}

enum base_code people_keys_make(const struct people_rules *rules, const struct people_record *record, struct people_keys *keys)
{
    keys->count = 0;
    BASE_TRY(make_room(keys));
    BASE_TRY(choose_all(keys->room, rules, record));
    const struct chosen *chosen = &keys->room->chosen;
    BASE_TRY(base_grow_array((void **)&keys->items, &keys->capacity, chosen->count, sizeof *keys->items));
    for (size_t i = 0; i < chosen->count; i++)
        hash_key(keys->room, chosen->items[i], &keys->items[keys->count++]);
    sort_keys(keys, rules->limit);
    return BASE_OK;
}

static void room_free(struct people_keys_room *room)
{
    if (room == NULL)
        return;
    keys_parts_release(&room->parts);
    free(room->chosen.items);
    free(room->chosen.slots);
    free(room);
}

void people_keys_release(struct people_keys *keys)
{
    room_free(keys->room);
    free(keys->items);
    *keys = PEOPLE_KEYS_EMPTY;
}

/* Rebuilds the choice that has the token. */
static enum base_code find_reason(const struct people_keys_room *room, const struct crypto_hash *token, struct base_buffer *out)
{
    for (size_t i = 0; i < room->chosen.count; i++) {
        struct people_key key;
        struct base_bytes parts[TOKENS_MAX + 1];
        hash_key(room, room->chosen.items[i], &key);
        if (compare_keys(&key, token) != 0)
            continue;
        size_t count = parts_in(room, room->chosen.items[i], parts);
        for (size_t k = 0; k < count; k++) {
            BASE_TRY(base_buffer_text(out, k == 0 ? "" : " + "));
            BASE_TRY(base_buffer_append(out, parts[k]));
        }
        return BASE_OK;
    }
    return base_fail(BASE_E_NOT_FOUND, "the record has no such match key");
}

enum base_code people_key_reason(const struct people_rules *rules, const struct people_record *record,
                                 const struct crypto_hash *token, struct base_buffer *out)
{
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    BASE_TRY(make_room(&keys));
    enum base_code code = choose_all(keys.room, rules, record);
    if (code == BASE_OK)
        code = find_reason(keys.room, token, out);
    people_keys_release(&keys);
    return code;
}
