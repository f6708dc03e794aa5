/* SPDX-License-Identifier: Apache-2.0 */
#include "people/rules.h"

#include "base/cursor.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 65536, LINE_MAX_BYTES = 1024, WORDS_MAX = 300, MOST_MAX = 1024 };

struct line {
    uint64_t number;
    char words[WORDS_MAX][PEOPLE_WORD_MAX + 1];
    size_t count;
};

static enum base_code fail_at(const struct line *line, enum base_code code, const char *what)
{
    return base_fail(code, "rule file, line %llu: %s", (unsigned long long)line->number, what);
}

static enum base_code split(struct base_bytes text, struct line *out)
{
    size_t at = 0;
    out->count = 0;
    while (at < text.len) {
        while (at < text.len && text.data[at] == ' ')
            at++;
        size_t begin = at;
        while (at < text.len && text.data[at] != ' ')
            at++;
        if (at == begin || text.data[begin] == '#')
            break;
        if (at - begin > PEOPLE_WORD_MAX || out->count == WORDS_MAX)
            return fail_at(out, BASE_E_LIMIT, "a word that is too long, or too many words");
        memcpy(out->words[out->count], text.data + begin, at - begin);
        out->words[out->count++][at - begin] = 0;
    }
    return BASE_OK;
}

static enum base_code number_at(const struct line *line, size_t at, uint64_t max, uint64_t *out)
{
    if (at >= line->count || base_parse_decimal(base_bytes_text(line->words[at]), max, out) != BASE_OK)
        return fail_at(line, BASE_E_FORMAT, "a number is missing, or out of range");
    return BASE_OK;
}

static enum base_code read_grade(const struct line *line, enum people_grade *out)
{
    for (enum people_grade grade = PEOPLE_GRADE_EXACT; grade <= PEOPLE_GRADE_POSSIBLE; grade++) {
        if (strcmp(line->words[2], people_grade_word(grade)) == 0) {
            *out = grade;
            return BASE_OK;
        }
    }
    return fail_at(line, BASE_E_FORMAT, "the grade is exact, strong or possible");
}

static enum base_code read_date(const struct line *line, const char *word, struct people_rule *rule)
{
    static const char *const words[] = {"none", "year", "day"};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(word, words[i]) == 0) {
            rule->date = (enum people_rule_date)i;
            return BASE_OK;
        }
    }
    return fail_at(line, BASE_E_FORMAT, "the date is none, year or day");
}

/* rule NAME GRADE document | rule NAME GRADE tokens N letters N date WORD [rare N] (names 3) */
static enum base_code read_rule(const struct line *line, struct people_rules *rules)
{
    struct people_rule rule = {.is_document = false};
    uint64_t tokens = 0, letters = 0, rare = 0;
    if (rules->count == PEOPLE_RULES_MAX)
        return fail_at(line, BASE_E_LIMIT, "too many rules");
    if (line->count < 4)
        return fail_at(line, BASE_E_FORMAT, "a rule needs a name, a grade and what it compares");
    memcpy(rule.name, line->words[1], sizeof rule.name);
    BASE_TRY(read_grade(line, &rule.grade));
    for (size_t i = 3; i < line->count; i += 2) {
        if (strcmp(line->words[i], "document") == 0 && line->count == 4)
            rule.is_document = true;
        else if (strcmp(line->words[i], "tokens") == 0)
            BASE_TRY(number_at(line, i + 1, PEOPLE_RULE_TOKENS_MAX, &tokens));
        else if (strcmp(line->words[i], "letters") == 0)
            BASE_TRY(number_at(line, i + 1, 64, &letters));
        else if (strcmp(line->words[i], "rare") == 0)
            BASE_TRY(number_at(line, i + 1, PEOPLE_RULE_TOKENS_MAX, &rare));
        else if (strcmp(line->words[i], "date") == 0 && i + 1 < line->count)
            BASE_TRY(read_date(line, line->words[i + 1], &rule));
        else
            return fail_at(line, BASE_E_FORMAT, "a word that no rule has");
    }
    if (!rule.is_document && tokens < 2)
        return fail_at(line, BASE_E_FORMAT, "a rule compares a document, or 2 to 4 tokens");
    rule.tokens = (uint8_t)tokens;
    rule.letters = (uint8_t)letters;
    rule.rare = (uint8_t)rare;
    rules->items[rules->count++] = rule;
    return BASE_OK;
}

static enum base_code read_line(const struct line *line, struct people_rules *rules)
{
    const char *word = line->words[0];
    if (line->count == 0)
        return BASE_OK;
    if (strcmp(word, "version") == 0 && line->count == 2) {
        memcpy(rules->version, line->words[1], sizeof rules->version);
        return BASE_OK;
    }
    if (strcmp(word, "most") == 0)
        return number_at(line, 1, MOST_MAX, &rules->most);
    if (strcmp(word, "common") == 0) {
        if (rules->common_count + line->count - 1 > PEOPLE_COMMON_MAX)
            return fail_at(line, BASE_E_LIMIT, "too many common tokens");
        for (size_t i = 1; i < line->count; i++)
            memcpy(rules->common[rules->common_count++], line->words[i], sizeof rules->common[0]);
        return BASE_OK;
    }
    if (strcmp(word, "rule") == 0)
        return read_rule(line, rules);
    return fail_at(line, BASE_E_FORMAT, "a line begins with version, most, common or rule");
}

static enum base_code read_all(struct base_bytes text, struct line *line, struct people_rules *rules)
{
    struct base_cursor in = base_cursor_over(text);
    while (in.left > 0) {
        struct base_bytes bytes;
        line->number++;
        if (base_cursor_line(&in, LINE_MAX_BYTES, &bytes) != BASE_OK)
            return fail_at(line, BASE_E_FORMAT, "a line is too long or has no end");
        BASE_TRY(split(bytes, line));
        if (line->number > 1)
            BASE_TRY(read_line(line, rules));
        else if (line->count != 2 || strcmp(line->words[0], "entente-rules") != 0)
            return fail_at(line, BASE_E_FORMAT, "a rule file begins with entente-rules");
        else if (strcmp(line->words[1], "1") != 0)
            return fail_at(line, BASE_E_VERSION, "a version of the form that this program does not know");
    }
    if (rules->count == 0 || rules->version[0] == 0 || rules->most == 0)
        return fail_at(line, BASE_E_FORMAT, "a rule file has a version, most, and at least one rule");
    return BASE_OK;
}

enum base_code people_rules_load(struct base_bytes text, struct people_rules **out)
{
    if (text.len > FILE_MAX)
        return base_fail(BASE_E_LIMIT, "a rule file of %zu bytes", text.len);
    struct people_rules *rules = calloc(1, sizeof *rules);
    struct line *line = calloc(1, sizeof *line);
    enum base_code code = rules == NULL || line == NULL ? base_fail(BASE_E_NOMEM, "no memory for rules") : read_all(text, line, rules);
    free(line);
    if (code != BASE_OK) {
        free(rules);
        return code;
    }
    crypto_sha256(&text, 1, &rules->hash);
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

const char *people_rule_name(const struct people_rules *rules, uint16_t rule)
{
    return rule < rules->count ? rules->items[rule].name : "";
}

enum people_grade people_rule_grade(const struct people_rules *rules, uint16_t rule)
{
    return rule < rules->count ? rules->items[rule].grade : PEOPLE_GRADE_POSSIBLE;
}

const char *people_grade_word(enum people_grade grade)
{
    static const char *const words[] = {"exact", "strong", "possible"};
    return words[grade];
}

bool people_rules_is_common(const struct people_rules *rules, const char *skeleton)
{
    for (size_t i = 0; i < rules->common_count; i++)
        if (strcmp(rules->common[i], skeleton) == 0)
            return true;
    return false;
}
