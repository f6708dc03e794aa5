/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of command lines, driven by tables of options: --long, --long=value, --long value, -s, -s value, -svalue, flags
 * in one go (-jq), options and arguments in any order, "--" ends the options.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/bytes.h"

struct cli_option {
    const char *name;  /* without "--"; NULL ends a table */
    char letter;       /* 0 for none */
    const char *value; /* what stands for the value in the help; NULL for a flag. One that ends in "..." may be given several times */
    const char *help;  /* one sentence, no full stop */
};

enum { CLI_OPTIONS_MAX = 256, CLI_ARGUMENTS_MAX = 256 };

struct cli_parsed {
    struct {
        const struct cli_option *option;
        const char *value; /* borrowed; NULL for a flag */
    } options[CLI_OPTIONS_MAX];
    size_t option_count;
    const char *arguments[CLI_ARGUMENTS_MAX]; /* borrowed */
    size_t argument_count;
};

/* `tables`: pointers to tables, ended by NULL. BASE_E_ARGUMENT for an option not known (with the nearest one that is), given
 * twice where once is allowed, without its value or with one it does not take; BASE_E_LIMIT for too many. */
enum base_code cli_options_parse(const struct cli_option *const *tables, size_t count, char *const *words,
                                 struct cli_parsed *out) BASE_MUST_USE;
bool cli_option_is_repeatable(const struct cli_option *option);
const struct cli_option *cli_options_by_letter(const struct cli_option *const *tables, char letter);
const struct cli_option *cli_options_by_name(const struct cli_option *const *tables, const char *name, size_t len);

/* How many letters must be changed, left out, added or swapped with their neighbour to get from one to the other (optimal
 * string alignment; words over 31 letters count as far apart). */
unsigned cli_distance(const char *a, const char *b);
/* Is `candidate` near enough to be what was meant, and nearer than *best (start at UINT_MAX)? Then *best is its distance. */
bool cli_is_nearer(const char *typed, const char *candidate, unsigned *best);

#endif
