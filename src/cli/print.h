/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes to the terminal: text that is safe to show, wrapped to its width; one JSON document; one error. A name from a
 * list must not be able to move the cursor, colour the screen or turn the direction of what follows.
 */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "cli/command.h"

#include <stdarg.h>

/* Out of memory is fatal in the program: these do not return NULL. The caller frees. */
char *cli_format(const char *format, ...) BASE_FORMAT(1, 2);
char *cli_copy(const char *text);

/* The text with every control character and direction mark replaced by "?", broken UTF-8 too. */
char *cli_safe(const char *text);
/* Columns that a text of cli_safe() takes. */
size_t cli_columns(const char *text);
/* A text of at most `width` columns: cut with an ellipsis where it is longer. */
char *cli_cut(const char *text, size_t width);

/* COLUMNS, or the terminal's width, or 80; at least 40. */
size_t cli_width(FILE *file);
bool cli_is_terminal(FILE *file);
/* Starts and ends bold; nothing unless `file` is a terminal (and NO_COLOR is not set). */
const char *cli_bold(FILE *file);
const char *cli_plain(FILE *file);

/* Paragraphs, wrapped; a line that begins with a blank stands as it is. */
void cli_print_wrapped(FILE *file, const char *text, size_t indent, size_t width);
/* A mark of few columns and a text behind it, wrapped in a column of its own and made safe. */
void cli_print_behind(const char *mark, const char *text);
/* "label:   value", the label padded to 14 columns, the value wrapped and made safe. */
void cli_print_field(const char *label, const char *format, ...) BASE_FORMAT(2, 3);
/* A sentence on standard output, unless --quiet or --json. */
void cli_say(const struct cli *cli, const char *format, ...) BASE_FORMAT(2, 3);

/* Writes the document (its reference is taken) to standard output. BASE_E_IO, BASE_E_NOMEM. */
enum base_code cli_print_json(json_t *document) BASE_MUST_USE;
/* The error as people or programs read it. */
void cli_print_error(const struct cli *cli, enum base_code code);

/* 12,345 and 1.2 MB, in static storage of eight turns. */
const char *cli_thousands(uint64_t number);
const char *cli_size(uint64_t bytes);
const char *cli_duration(int64_t ms);
/* The day, or day and minute in UTC. */
const char *cli_time(int64_t time_ms);

#endif
