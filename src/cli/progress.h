/* SPDX-License-Identifier: Apache-2.0
 *
 * How far something is: on a terminal's standard error a bar with rate and time left, ten times a second at most; elsewhere
 * one line every ten seconds; nothing with --quiet or --json.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/command.h"

struct cli_progress {
    bool is_silent, is_terminal, is_shown;
    char title[24];
    bool is_bytes; /* counted in bytes, not in things */
    int64_t begun_ms, shown_ms;
};

void cli_progress_init(struct cli_progress *progress, const struct cli *cli);
/* A new title begins a new bar. `total` 0: not known. */
void cli_progress_show(struct cli_progress *progress, const char *title, bool is_bytes, uint64_t done, uint64_t total);
void cli_progress_end(struct cli_progress *progress); /* clears the bar's line; may be called more than once */

#endif
