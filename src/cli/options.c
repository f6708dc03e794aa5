/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <limits.h>
#include <string.h>

enum { WORD_MAX = 31, FAR = 99 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned cli_distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > WORD_MAX || b_len > WORD_MAX)
        return FAR;
    unsigned cost[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= a_len; i++)
        cost[i][0] = (unsigned)i;
    for (size_t j = 0; j <= b_len; j++)
        cost[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        for (size_t j = 1; j <= b_len; j++) {
            unsigned change = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = least(change, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a_len][b_len];
}

bool cli_is_nearer(const char *typed, const char *candidate, unsigned *best)
{
    size_t len = strlen(typed);
    unsigned distance = cli_distance(typed, candidate);
    if (len >= 3 && strncmp(typed, candidate, len) == 0)
        distance = 1; /* the beginning of it */
    if (distance > 2 || distance >= strlen(candidate) || distance >= *best)
        return false;
    *best = distance;
    return true;
}

const struct cli_option *cli_options_by_name(const struct cli_option *const *tables, const char *name, size_t len)
{
    for (; *tables != NULL; tables++)
        for (const struct cli_option *option = *tables; option->name != NULL; option++)
            if (strlen(option->name) == len && strncmp(option->name, name, len) == 0)
                return option;
    return NULL;
}

const struct cli_option *cli_options_by_letter(const struct cli_option *const *tables, char letter)
{
    for (; letter != 0 && *tables != NULL; tables++)
        for (const struct cli_option *option = *tables; option->name != NULL; option++)
            if (option->letter == letter)
                return option;
    return NULL;
}

static enum base_code unknown(const struct cli_option *const *tables, const char *name, size_t len)
{
    char typed[WORD_MAX + 1] = "";
    memcpy(typed, name, len > WORD_MAX ? WORD_MAX : len);
    const char *nearest = NULL;
    unsigned best = UINT_MAX;
    for (; *tables != NULL; tables++)
        for (const struct cli_option *option = *tables; option->name != NULL; option++)
            if (cli_is_nearer(typed, option->name, &best))
                nearest = option->name;
    if (nearest == NULL)
        return base_fail(BASE_E_ARGUMENT, "there is no option --%s", typed);
    return base_fail(BASE_E_ARGUMENT, "there is no option --%s; did you mean --%s?", typed, nearest);
}

bool cli_option_is_repeatable(const struct cli_option *option)
{
    size_t len = option->value == NULL ? 0 : strlen(option->value);
    return len >= 3 && strcmp(option->value + len - 3, "...") == 0;
}

static enum base_code keep(struct cli_parsed *out, const struct cli_option *option, const char *value)
{
    for (size_t i = 0; i < out->option_count && !cli_option_is_repeatable(option); i++)
        if (out->options[i].option == option)
            return base_fail(BASE_E_ARGUMENT, "--%s is given twice", option->name);
    if (out->option_count == CLI_OPTIONS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d options", CLI_OPTIONS_MAX);
    out->options[out->option_count].option = option;
    out->options[out->option_count++].value = value;
    return BASE_OK;
}

/* An option that takes a value finds it behind its own word or in the next one; *used counts the next one. */
static enum base_code keep_with(struct cli_parsed *out, const struct cli_option *option, const char *attached, const char *next,
                                size_t *used)
{
    if (attached == NULL && next == NULL)
        return base_fail(BASE_E_ARGUMENT, "--%s needs a value: --%s %.*s", option->name, option->name,
                         (int)strcspn(option->value, "."), option->value);
    if (attached == NULL)
        (*used)++;
    return keep(out, option, attached != NULL ? attached : next);
}

static enum base_code parse_long(const struct cli_option *const *tables, const char *word, const char *next,
                                 struct cli_parsed *out, size_t *used)
{
    const char *equals = strchr(word, '=');
    size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct cli_option *option = cli_options_by_name(tables, word, len);
    if (option == NULL)
        return unknown(tables, word, len);
    if (option->value != NULL)
        return keep_with(out, option, equals == NULL ? NULL : equals + 1, next, used);
    if (equals != NULL)
        return base_fail(BASE_E_ARGUMENT, "--%s takes no value", option->name);
    return keep(out, option, NULL);
}

static enum base_code parse_letters(const struct cli_option *const *tables, const char *letters, const char *next,
                                    struct cli_parsed *out, size_t *used)
{
    for (; *letters != 0; letters++) {
        const struct cli_option *option = cli_options_by_letter(tables, *letters);
        if (option == NULL)
            return base_fail(BASE_E_ARGUMENT, "there is no option -%c", *letters);
        if (option->value != NULL)
            return keep_with(out, option, letters[1] != 0 ? letters + 1 : NULL, next, used);
        BASE_TRY(keep(out, option, NULL));
    }
    return BASE_OK;
}

enum base_code cli_options_parse(const struct cli_option *const *tables, size_t count, char *const *words,
                                 struct cli_parsed *out)
{
    bool is_over = false;
    *out = (struct cli_parsed){0};
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i], *next = i + 1 < count ? words[i + 1] : NULL;
        size_t used = 0;
        if (!is_over && strcmp(word, "--") == 0) {
            is_over = true;
        } else if (!is_over && strncmp(word, "--", 2) == 0) {
            BASE_TRY(parse_long(tables, word + 2, next, out, &used));
        } else if (!is_over && word[0] == '-' && word[1] != 0) {
            BASE_TRY(parse_letters(tables, word + 1, next, out, &used));
        } else {
            if (out->argument_count == CLI_ARGUMENTS_MAX)
                return base_fail(BASE_E_LIMIT, "more than %d arguments", CLI_ARGUMENTS_MAX);
            out->arguments[out->argument_count++] = word;
        }
        i += used;
    }
    return BASE_OK;
}
