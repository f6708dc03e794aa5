/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables that fit the terminal: columns as wide as their widest cell; where the sum is too wide, the flexible columns give way,
 * the widest first, and their cells are cut with an ellipsis. Measured in columns of the screen, not in bytes.
 *
 *     struct cli_table table;
 *     cli_table_init(&table, columns, COUNT);
 *     cli_table_add(&table, CLI_TEXTS("1", name)); ...
 *     cli_table_print(&table, stdout);
 *     cli_table_release(&table);
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/print.h"

enum { CLI_COLUMNS_MAX = 8 };

enum cli_column_kind { CLI_LEFT, CLI_RIGHT, CLI_FLEXIBLE, CLI_LATE /* flexible, once the others are at 18 columns */ };

struct cli_column {
    const char *title;
    enum cli_column_kind kind;
};

struct cli_table {
    const struct cli_column *columns; /* borrowed */
    size_t column_count;
    char **cells; /* row after row */
    size_t cell_count, cell_capacity;
};

void cli_table_init(struct cli_table *table, const struct cli_column *columns, size_t count);
void cli_table_add(struct cli_table *table, const char *const *cells); /* copied, made safe */
void cli_table_print(const struct cli_table *table, FILE *file);
/* The same with a given width. */
void cli_table_print_wide(const struct cli_table *table, FILE *file, size_t width);
void cli_table_release(struct cli_table *table);

#endif
