/* SPDX-License-Identifier: Apache-2.0
 *
 * What the match keys of one record are made of: every form of every name once, and the dates of birth as each rule wants them.
 * For src/people/keys.c only. Its memory is used again for the next record.
 */
#ifndef PEOPLE_KEYS_PARTS_H
#define PEOPLE_KEYS_PARTS_H

#include "people/rules.h"

enum {
    KEYS_DATES_MAX = 127,      /* of one kind; more are left out */
    KEYS_DATE_TEXT_SIZE = 11,  /* "1961-02-03" */
    KEYS_TEXTS_MAX = 1 << 17,  /* a number of a text has 17 bits */
};
_Static_assert(PEOPLE_ITEMS_MAX * (NAMES_TOKENS_MAX * (1 + NAMES_SOUNDS_MAX) + 3) < KEYS_TEXTS_MAX, "every text has its number");

/* Equal texts have one number. Number 0 is no text. */
struct keys_text {
    uint64_t prefix; /* its first eight bytes as a number, so that most comparisons are one */
    uint32_t at;     /* in keys_parts.letters, with a NUL behind it */
    uint32_t hash;
    uint16_t len;
    bool is_common; /* a sound that the rules call common */
};

struct keys_token {
    uint32_t plain, sounds[NAMES_SOUNDS_MAX];
    uint8_t sound_count;
    bool is_common;
};

struct keys_name {
    size_t first, count; /* its tokens */
};

struct keys_dates {
    char texts[KEYS_DATES_MAX][KEYS_DATE_TEXT_SIZE];
    size_t count;
    bool is_made;
};

struct keys_parts {
    const struct people_rules *rules;
    const struct people_record *record;
    struct base_buffer letters;
    struct keys_text *texts;
    size_t text_count, text_capacity;
    uint32_t *slots; /* open hash of texts; slot_count of them are in use, a power of two */
    size_t slot_count, slot_capacity;
    struct keys_token *tokens;
    size_t token_count, token_capacity;
    struct keys_name *names;
    size_t name_count, name_capacity;
    struct keys_dates dates[PEOPLE_RULE_DATES];
};

/* The rules and the record are borrowed until the next call. BASE_E_NOMEM and the errors of names_form_of(). */
enum base_code keys_parts_read(struct keys_parts *parts, const struct people_rules *rules, const struct people_record *record) BASE_MUST_USE;
void keys_parts_release(struct keys_parts *parts);

/* The number of a text. */
enum base_code keys_parts_text(struct keys_parts *parts, const char *text, size_t len, uint32_t *number) BASE_MUST_USE;
const char *keys_parts_letters(const struct keys_parts *parts, uint32_t number);
/* The order of strcmp. */
bool keys_parts_is_less(const struct keys_parts *parts, uint32_t a, uint32_t b);

/* names 3.3. Not for PEOPLE_RULE_NO_DATE. */
const struct keys_dates *keys_parts_dates(struct keys_parts *parts, enum people_rule_date kind);

#endif
