/* SPDX-License-Identifier: Apache-2.0
 *
 * Comma-separated values (RFC 4180) row by row, in memory that does not grow with the file.
 *
 *     BASE_TRY(people_csv_new(&stream, ',', &csv));
 *     while ((code = people_csv_next(csv, &has_row)) == BASE_OK && has_row) ... people_csv_field(csv, i) ...
 *     people_csv_free(csv);
 *
 * Beyond the RFC, because published lists need it: a line may end in LF alone; rows may differ in their number of
 * fields; a quote inside an unquoted field is itself; empty lines are passed over; a UTF-8 byte order mark at the start
 * is dropped. Fields are bytes: their character set is the caller's business.
 */
#ifndef PEOPLE_CSV_H
#define PEOPLE_CSV_H

#include "people/stream.h"

enum {
    PEOPLE_CSV_FIELDS_MAX = 256,
    PEOPLE_CSV_ROW_MAX = 1 << 18, /* bytes of one row's fields */
};

struct people_csv;

/* The stream is borrowed until people_csv_free(). BASE_E_NOMEM. */
enum base_code people_csv_new(struct people_stream *stream, char separator, struct people_csv **out) BASE_MUST_USE;
void people_csv_free(struct people_csv *csv);

/* Passes over `count` lines as they stand, whatever is in them, before the first row. */
enum base_code people_csv_skip_lines(struct people_csv *csv, uint64_t count) BASE_MUST_USE;

/* The next row; *has_row false at the end. BASE_E_TRUNCATED when the file ends inside a quoted field, BASE_E_ENCODING at
 * a zero byte (no character set that the lists use has one), BASE_E_LIMIT over the limits above, and what reading fails
 * with. A row with something after a closing quote is handed out with people_csv_problem() set. */
enum base_code people_csv_next(struct people_csv *csv, bool *has_row) BASE_MUST_USE;

size_t people_csv_count(const struct people_csv *csv);
/* Valid until the next people_csv_next(); an empty view for an index past the last. */
struct base_bytes people_csv_field(const struct people_csv *csv, size_t index);
uint64_t people_csv_line(const struct people_csv *csv);       /* where the row begins, 1 for the first line */
const char *people_csv_problem(const struct people_csv *csv); /* what is wrong with the row, or NULL */
bool people_csv_has_line_end(const struct people_csv *csv);   /* false: the file stopped right after the row */
bool people_csv_is_last_quoted(const struct people_csv *csv); /* whether the row's last field stood in quotes */

#endif
