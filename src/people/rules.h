/* SPDX-License-Identifier: Apache-2.0
 *
 * A parsed rule file, for src/people/keys.c and rules.c only. doc/spec/names.md, section 2, gives the format.
 */
#ifndef PEOPLE_RULES_H
#define PEOPLE_RULES_H

#include "names/forms.h"
#include "people/keys.h"

enum {
    PEOPLE_RULES_TEXT_MAX = 64 * 1024,
    PEOPLE_RULES_MAX = 32,
    PEOPLE_RULES_COMMON_MAX = 512,
    PEOPLE_RULES_NAME_MAX = 31,
    PEOPLE_RULES_KEYS_MAX = 65535,
};

enum people_rule_date { PEOPLE_RULE_NO_DATE, PEOPLE_RULE_DAY, PEOPLE_RULE_DAY_MONTH, PEOPLE_RULE_YEAR, PEOPLE_RULE_NEAR_YEAR, PEOPLE_RULE_DATES };

struct people_rule {
    char name[PEOPLE_RULES_NAME_MAX + 1];
    enum people_grade grade;
    bool is_document;
    bool is_sound;   /* otherwise the plain form */
    size_t tokens;   /* 0: all of the name, joined */
    size_t letters;  /* how many their forms have together, at least */
    size_t distinct; /* how many of them may not be common */
    enum people_rule_date date;
};

struct people_rules {
    struct crypto_hash hash;
    char version[PEOPLE_RULES_NAME_MAX + 1];
    size_t limit; /* keys of one record */
    struct people_rule rules[PEOPLE_RULES_MAX];
    struct crypto_running begun[PEOPLE_RULES_MAX]; /* what every key of the rule is hashed behind (names 3.1) */
    size_t count;
    char common[PEOPLE_RULES_COMMON_MAX][NAMES_TOKEN_SIZE]; /* sounds, sorted */
    size_t common_count;
};

/* Is a name with this sound too frequent to tell persons apart? */
bool people_rules_is_common(const struct people_rules *rules, const char *sound);

#endif
