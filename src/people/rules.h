/* SPDX-License-Identifier: Apache-2.0
 *
 * The parsed rule file. Private to the layer.
 */
#ifndef PEOPLE_RULES_H
#define PEOPLE_RULES_H

#include "people/keys.h"

enum { PEOPLE_RULES_MAX = 32, PEOPLE_RULE_TOKENS_MAX = 4, PEOPLE_COMMON_MAX = 256, PEOPLE_WORD_MAX = 31 };

enum people_rule_date { PEOPLE_RULE_NONE, PEOPLE_RULE_YEAR, PEOPLE_RULE_DAY };

struct people_rule {
    char name[PEOPLE_WORD_MAX + 1];
    enum people_grade grade;
    bool is_document;
    uint8_t tokens;  /* that must be equal, 2 to PEOPLE_RULE_TOKENS_MAX */
    uint8_t letters; /* least letters of their skeletons together */
    uint8_t rare;    /* least number of tokens that are not common */
    enum people_rule_date date;
};

struct people_rules {
    struct crypto_hash hash;
    char version[PEOPLE_WORD_MAX + 1];
    uint64_t most; /* keys a person; what comes later in the file gives way */
    struct people_rule items[PEOPLE_RULES_MAX];
    size_t count;
    char common[PEOPLE_COMMON_MAX][PEOPLE_WORD_MAX + 1];
    size_t common_count;
};

bool people_rules_is_common(const struct people_rules *rules, const char *skeleton);

#endif
