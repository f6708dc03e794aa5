/* SPDX-License-Identifier: Apache-2.0
 *
 * The pages that are written from the table of commands: help on the terminal, manual pages in man(7) macros, completion.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

void cli_help_overview(FILE *file);
void cli_help_page(FILE *file, const struct cli_command *command);
/* NULL: the page of the program itself. */
void cli_man_page(FILE *file, const struct cli_command *command);

#endif
