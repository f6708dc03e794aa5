/* SPDX-License-Identifier: Apache-2.0
 *
 * Match keys: a record to the fixed-size tokens that a private match compares. Two parties that use the same rule file
 * derive the same token from any spelling of a name that the rules call equal; a token that meets is a hit on its own, so
 * every rule is strong enough for that (doc/spec/names.md gives, for each, its recall, its false hits and what a meeting
 * reveals).
 *
 *     BASE_TRY(people_rules_load(rule_text, &rules));
 *     struct people_keys keys = PEOPLE_KEYS_EMPTY;
 *     for each record: BASE_TRY(people_keys_make(rules, &record, &keys));     -- sorted, without repeats
 *     people_keys_release(&keys); people_rules_free(rules);
 */
#ifndef PEOPLE_KEYS_H
#define PEOPLE_KEYS_H

#include "crypto/hash.h"
#include "people/record.h"

struct people_rules; /* a parsed rule file, immutable */

/* BASE_E_FORMAT with the line, BASE_E_VERSION, BASE_E_LIMIT. */
enum base_code people_rules_load(struct base_bytes text, struct people_rules **out) BASE_MUST_USE;
void people_rules_free(struct people_rules *rules);
/* SHA-256 of the rule file's bytes: what the terms name. */
const struct crypto_hash *people_rules_hash(const struct people_rules *rules);
const char *people_rules_version(const struct people_rules *rules);
/* The rule file this program ships (rules/keys.rules, built in). */
struct base_bytes people_rules_default_text(void);

enum people_grade { PEOPLE_GRADE_EXACT, PEOPLE_GRADE_STRONG, PEOPLE_GRADE_POSSIBLE };
const char *people_grade_word(enum people_grade grade); /* "exact", "strong", "possible" */

struct people_key {
    struct crypto_hash token;
    uint16_t rule; /* index of the rule that made it */
};

struct people_keys_room; /* memory that making needs, used again for the next record */

struct people_keys {
    struct people_key *items; /* by token */
    size_t count, capacity;
    struct people_keys_room *room;
};

#define PEOPLE_KEYS_EMPTY ((struct people_keys){0})

/* Replaces what `keys` had; after an error it has none. BASE_E_NOMEM and the errors of names_form_of(). */
enum base_code people_keys_make(const struct people_rules *rules, const struct people_record *record,
                                struct people_keys *keys) BASE_MUST_USE;
void people_keys_release(struct people_keys *keys); /* leaves it empty */

/* What a key of the record stands for, for this party's own eyes: "SRNB + TMRLN + 1986". BASE_E_NOT_FOUND when the record has no such
 * key: it has changed since. */
enum base_code people_key_reason(const struct people_rules *rules, const struct people_record *record,
                                 const struct crypto_hash *token, struct base_buffer *out) BASE_MUST_USE;

const char *people_rule_name(const struct people_rules *rules, uint16_t rule);
enum people_grade people_rule_grade(const struct people_rules *rules, uint16_t rule);

#endif
