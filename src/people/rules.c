/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads rule files (names 2). Knows nothing of records.
 */
#include "people/rules.h"

#include "base/cursor.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

struct word {
    const char *text;
    int value;
};

static const struct word grades[] = {{"exact", PEOPLE_GRADE_EXACT}, {"strong", PEOPLE_GRADE_STRONG}, {"possible", PEOPLE_GRADE_POSSIBLE}};
static const struct word dates[] = {{"none", PEOPLE_RULE_NO_DATE},
                                    {"day", PEOPLE_RULE_DAY},
                                    {"day-month", PEOPLE_RULE_DAY_MONTH},
                                    {"year", PEOPLE_RULE_YEAR},
                                    {"near-year", PEOPLE_RULE_NEAR_YEAR}};
static const struct word forms[] = {{"plain", 0}, {"sound", 1}};
static const struct word counts[] = {{"all", 0}, {"1", 1}, {"2", 2}, {"3", 3}};
static const struct word distincts[] = {{"0", 0}, {"1", 1}, {"2", 2}, {"3", 3}};

#define WORDS(list) (list), sizeof(list) / sizeof *(list)

static bool word_find(const struct word *words, size_t count, struct base_bytes text, int *value)
{
    for (size_t i = 0; i < count; i++)
        if (base_bytes_equal(text, base_bytes_text(words[i].text))) {
            *value = words[i].value;
            return true;
        }
    return false;
}

static bool bytes_start(struct base_bytes text, const char *prefix, struct base_bytes *rest)
{
    size_t len = strlen(prefix);
    if (text.len < len || !base_bytes_equal(base_bytes_of(text.data, len), base_bytes_text(prefix)))
        return false;
    *rest = base_bytes_of(text.data + len, text.len - len);
    return true;
}

/* The next word of a line whose words are parted by single blanks; false at its end. */
static bool next_word(struct base_bytes *line, struct base_bytes *word)
{
    if (line->len == 0)
        return false;
    const uint8_t *blank = memchr(line->data, ' ', line->len);
    size_t len = blank == NULL ? line->len : (size_t)(blank - line->data);
    *word = base_bytes_of(line->data, len);
    size_t used = len + (blank != NULL);
    *line = base_bytes_of(line->data + used, line->len - used);
    return true;
}

static bool set_part(struct people_rule *rule, struct base_bytes part, unsigned *seen)
{
    struct base_bytes text;
    int value = 0;
    unsigned bit = 0;
    uint64_t letters = 0;
    if (bytes_start(part, "tokens=", &text) && word_find(WORDS(counts), text, &value))
        rule->tokens = (size_t)value, bit = 1;
    else if (bytes_start(part, "form=", &text) && word_find(WORDS(forms), text, &value))
        rule->is_sound = value == 1, bit = 2;
    else if (bytes_start(part, "date=", &text) && word_find(WORDS(dates), text, &value))
        rule->date = (enum people_rule_date)value, bit = 4;
    else if (bytes_start(part, "distinct=", &text) && word_find(WORDS(distincts), text, &value))
        rule->distinct = (size_t)value, bit = 8;
    else if (bytes_start(part, "letters=", &text) && base_parse_decimal(text, NAMES_TOKEN_SIZE, &letters) == BASE_OK)
        rule->letters = (size_t)letters, bit = 32;
    else if (base_bytes_equal(part, base_bytes_text("document")))
        rule->is_document = true, bit = 16;
    bool is_new = bit != 0 && (*seen & bit) == 0;
    *seen |= bit;
    return is_new;
}

static bool is_name(struct base_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.data[i] >= 'a' && text.data[i] <= 'z') || (text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '-'))
            return false;
    return text.len > 0 && text.len <= PEOPLE_RULES_NAME_MAX;
}

/* names 2.4: a name, a grade, then either "document" or the four parts in any order, with or without letters. */
static enum base_code read_rule(struct people_rules *rules, struct base_bytes line, size_t number)
{
    if (rules->count == PEOPLE_RULES_MAX)
        return base_fail(BASE_E_LIMIT, "rule file line %zu: more than %d rules", number, PEOPLE_RULES_MAX);
    struct people_rule *rule = &rules->rules[rules->count];
    struct base_bytes name, word;
    int grade = 0;
    unsigned seen = 0;
    if (!next_word(&line, &name) || !is_name(name))
        return base_fail(BASE_E_FORMAT, "rule file line %zu: no rule name of small letters, digits and '-'", number);
    for (size_t i = 0; i < rules->count; i++)
        if (base_bytes_equal(name, base_bytes_text(rules->rules[i].name)))
            return base_fail(BASE_E_FORMAT, "rule file line %zu: a second rule %s", number, rules->rules[i].name);
    memcpy(rule->name, name.data, name.len);
    if (!next_word(&line, &word) || !word_find(WORDS(grades), word, &grade))
        return base_fail(BASE_E_FORMAT, "rule file line %zu: the grade is not exact, strong or possible", number);
    rule->grade = (enum people_grade)grade;
    for (size_t part = 1; next_word(&line, &word); part++)
        if (!set_part(rule, word, &seen))
            return base_fail(BASE_E_FORMAT, "rule file line %zu: part %zu of the rule is unknown or repeated", number, part);
    if ((seen & ~32U) != 15 && seen != 16)
        return base_fail(BASE_E_FORMAT, "rule file line %zu: needs tokens, form, date and distinct, or document alone", number);
    if (rule->tokens != 0 && rule->distinct > rule->tokens)
        return base_fail(BASE_E_FORMAT, "rule file line %zu: more distinct tokens than tokens", number);
    rules->count++;
    return BASE_OK;
}

static enum base_code read_common(struct people_rules *rules, struct base_bytes line, size_t number)
{
    struct base_bytes word;
    struct names_form form;
    while (next_word(&line, &word)) {
        BASE_TRY(names_form_of(word, &form));
        if (form.count != 1)
            return base_fail(BASE_E_FORMAT, "rule file line %zu: a common word that is not one token", number);
        for (size_t i = 0; i < form.tokens[0].sound_count; i++) {
            if (rules->common_count == PEOPLE_RULES_COMMON_MAX)
                return base_fail(BASE_E_LIMIT, "rule file line %zu: too many common words", number);
            memcpy(rules->common[rules->common_count++], form.tokens[0].sounds[i], NAMES_TOKEN_SIZE);
        }
    }
    return BASE_OK;
}

static enum base_code read_line(struct people_rules *rules, struct base_bytes line, size_t number)
{
    struct base_bytes rest;
    uint64_t limit = 0;
    if (line.len == 0 || line.data[0] == '#')
        return BASE_OK;
    if (bytes_start(line, "rule: ", &rest))
        return read_rule(rules, rest, number);
    if (bytes_start(line, "common: ", &rest))
        return read_common(rules, rest, number);
    if (bytes_start(line, "version: ", &rest) && is_name(rest) && rules->version[0] == 0) {
        memcpy(rules->version, rest.data, rest.len);
        return BASE_OK;
    }
    if (bytes_start(line, "limit: ", &rest) && rules->limit == 0 &&
        base_parse_decimal(rest, PEOPLE_RULES_KEYS_MAX, &limit) == BASE_OK && limit > 0) {
        rules->limit = (size_t)limit;
        return BASE_OK;
    }
    return base_fail(BASE_E_FORMAT, "rule file line %zu: not a version, limit, common or rule line, or a second one", number);
}

static enum base_code read_lines(struct people_rules *rules, struct base_bytes text)
{
    struct base_cursor in = base_cursor_over(text);
    struct base_bytes line;
    size_t number = 1;
    if (base_cursor_line(&in, LINE_MAX_BYTES, &line) != BASE_OK || !base_bytes_equal(line, base_bytes_text("entente-rules/v1")))
        return base_fail(BASE_E_VERSION, "rule file line 1: not entente-rules/v1");
    while (in.left > 0) {
        number++;
        enum base_code code = base_cursor_line(&in, LINE_MAX_BYTES, &line);
        if (code != BASE_OK)
            return base_fail(code == BASE_E_TRUNCATED ? BASE_E_FORMAT : code, "rule file line %zu: too long, or without its end", number);
        BASE_TRY(read_line(rules, line, number));
    }
    if (rules->version[0] == 0 || rules->limit == 0 || rules->count == 0)
        return base_fail(BASE_E_FORMAT, "rule file line %zu: ends without a version, a limit or a rule", number);
    return BASE_OK;
}

static int compare_sounds(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* names 3.1: the first block of SHA-256, which the keys of a rule have in common. */
static void begin_keys(struct people_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct base_bytes parts[] = {base_bytes_of(rules->hash.bytes, sizeof rules->hash.bytes), base_bytes_text(rules->rules[i].name)};
        struct crypto_hash rule;
        struct base_bytes part = base_bytes_of(rule.bytes, sizeof rule.bytes);
        crypto_hash_domain("entente/people/rule/v2", parts, 2, &rule);
        crypto_running_domain(&rules->begun[i], "entente/people/token/v2");
        crypto_running_part(&rules->begun[i], part);
    }
}

enum base_code people_rules_load(struct base_bytes text, struct people_rules **out)
{
    if (text.len > PEOPLE_RULES_TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a rule file of %zu bytes, at most %d", text.len, PEOPLE_RULES_TEXT_MAX);
    if (!base_bytes_is_utf8(text))
        return base_fail(BASE_E_FORMAT, "rule file line 1: the text is not UTF-8");
    struct people_rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for rules");
    enum base_code code = read_lines(rules, text);
    if (code != BASE_OK) {
        free(rules);
        return code;
    }
    crypto_sha256(&text, 1, &rules->hash);
    qsort(rules->common, rules->common_count, sizeof rules->common[0], compare_sounds);
    begin_keys(rules);
    *out = rules;
    return BASE_OK;
}

void people_rules_free(struct people_rules *rules)
{
    free(rules);
}

const struct crypto_hash *people_rules_hash(const struct people_rules *rules)
{
    return &rules->hash;
}

const char *people_rules_version(const struct people_rules *rules)
{
    return rules->version;
}

bool people_rules_is_common(const struct people_rules *rules, const char *sound)
{
    return bsearch(sound, rules->common, rules->common_count, sizeof rules->common[0], compare_sounds) != NULL;
}

const char *people_grade_word(enum people_grade grade)
{
    return grades[grade].text;
}

const char *people_rule_name(const struct people_rules *rules, uint16_t rule)
{
    return rule < rules->count ? rules->rules[rule].name : "";
}

enum people_grade people_rule_grade(const struct people_rules *rules, uint16_t rule)
{
    return rule < rules->count ? rules->rules[rule].grade : PEOPLE_GRADE_POSSIBLE;
}
