/* SPDX-License-Identifier: Apache-2.0
 *
 * Exit codes: few, and stable, so that a script can act on them. The only place that turns an error into one.
 */
#ifndef CLI_EXITS_H
#define CLI_EXITS_H

#include "base/error.h"

enum cli_exit {
    CLI_EXIT_OK,
    CLI_EXIT_FAILED,
    CLI_EXIT_USAGE,
    CLI_EXIT_NOT_FOUND,
    CLI_EXIT_REFUSED,
    CLI_EXIT_NO_NODE,
    CLI_EXIT_INPUT,
    CLI_EXIT_VERIFY,
    CLI_EXIT_COUNT
};

enum cli_exit cli_exit_of(enum base_code code);
const char *cli_exit_meaning(enum cli_exit exit);
/* What a person can do about an error, in a line; NULL when nothing useful is known. */
const char *cli_exit_hint(enum base_code code);

#endif
