/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <stdlib.h>

enum { GAP = 2, FLEXIBLE_MIN = 8, BEFORE_LATE_MIN = 18 };

void cli_table_init(struct cli_table *table, const struct cli_column *columns, size_t count)
{
    *table = (struct cli_table){.columns = columns, .column_count = count > CLI_COLUMNS_MAX ? CLI_COLUMNS_MAX : count};
}

void cli_table_add(struct cli_table *table, const char *const *cells)
{
    if (base_grow_array((void **)&table->cells, &table->cell_capacity, table->cell_count + table->column_count,
                        sizeof *table->cells) != BASE_OK)
        abort();
    for (size_t i = 0; i < table->column_count; i++)
        table->cells[table->cell_count++] = cli_safe(cells[i]);
}

static void measure(const struct cli_table *table, size_t widths[CLI_COLUMNS_MAX])
{
    for (size_t i = 0; i < table->column_count; i++)
        widths[i] = cli_columns(table->columns[i].title);
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t columns = cli_columns(table->cells[i]), *width = &widths[i % table->column_count];
        if (columns > *width)
            *width = columns;
    }
}

/* The widest column that may still give; column_count when there is none. */
static size_t widest(const struct cli_table *table, const size_t *widths, bool is_late, size_t least)
{
    size_t found = table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        bool may_give = table->columns[i].kind == CLI_FLEXIBLE || (is_late && table->columns[i].kind == CLI_LATE);
        if (may_give && widths[i] > least && (found == table->column_count || widths[i] > widths[found]))
            found = i;
    }
    return found;
}

static void fit(const struct cli_table *table, size_t width, size_t widths[CLI_COLUMNS_MAX])
{
    size_t sum = table->column_count == 0 ? 0 : (table->column_count - 1) * GAP;
    for (size_t i = 0; i < table->column_count; i++)
        sum += widths[i];
    for (; sum > width; sum--) {
        size_t giver = widest(table, widths, false, BEFORE_LATE_MIN);
        if (giver == table->column_count)
            giver = widest(table, widths, true, FLEXIBLE_MIN);
        if (giver == table->column_count)
            return;
        widths[giver]--;
    }
}

static void print_row(const struct cli_table *table, FILE *file, const size_t *widths, const char *const *cells)
{
    size_t owed = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        char *cell = cli_cut(cells[i], widths[i]);
        size_t rest = widths[i] - cli_columns(cell);
        if (table->columns[i].kind == CLI_RIGHT)
            owed += rest;
        if (*cell != 0) {
            fprintf(file, "%*s%s", (int)owed, "", cell);
            owed = 0;
        }
        owed += (table->columns[i].kind == CLI_RIGHT ? 0 : rest) + GAP;
        free(cell);
    }
    fputc('\n', file);
}

void cli_table_print_wide(const struct cli_table *table, FILE *file, size_t width)
{
    size_t widths[CLI_COLUMNS_MAX];
    const char *titles[CLI_COLUMNS_MAX];
    measure(table, widths);
    fit(table, width, widths);
    for (size_t i = 0; i < table->column_count; i++)
        titles[i] = table->columns[i].title;
    fputs(cli_bold(file), file);
    print_row(table, file, widths, titles);
    fputs(cli_plain(file), file);
    for (size_t i = 0; i < table->cell_count; i += table->column_count)
        print_row(table, file, widths, (const char *const *)&table->cells[i]);
}

void cli_table_print(const struct cli_table *table, FILE *file)
{
    cli_table_print_wide(table, file, cli_width(file));
}

void cli_table_release(struct cli_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct cli_table){0};
}
