/* SPDX-License-Identifier: Apache-2.0 */
#include "people/csv.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 65536, END = -1 };

struct people_csv {
    struct people_stream *stream;
    uint8_t separator;
    uint8_t chunk[CHUNK];
    size_t chunk_at, chunk_len;
    bool is_at_end;
    struct base_buffer row;               /* the fields, one after the other */
    size_t ends[PEOPLE_CSV_FIELDS_MAX];   /* where each ends in `row` */
    size_t count;
    uint64_t line, row_line;
    const char *problem;
    bool has_line_end, is_last_quoted;
};

static enum base_code fill(struct people_csv *csv)
{
    if (csv->chunk_at < csv->chunk_len || csv->is_at_end)
        return BASE_OK;
    csv->chunk_at = 0;
    BASE_TRY(people_stream_read(csv->stream, csv->chunk, CHUNK, &csv->chunk_len));
    csv->is_at_end = csv->chunk_len == 0;
    return BASE_OK;
}

/* The byte that comes, without taking it; END at the end. */
static enum base_code peek(struct people_csv *csv, int *byte)
{
    BASE_TRY(fill(csv));
    *byte = csv->is_at_end ? END : csv->chunk[csv->chunk_at];
    return BASE_OK;
}

static void take(struct people_csv *csv)
{
    if (csv->chunk[csv->chunk_at++] == '\n')
        csv->line++;
}

static enum base_code pass_byte_order_mark(struct people_csv *csv)
{
    BASE_TRY(fill(csv));
    if (csv->chunk_len >= 3 && memcmp(csv->chunk, "\xef\xbb\xbf", 3) == 0)
        csv->chunk_at = 3;
    return BASE_OK;
}

enum base_code people_csv_new(struct people_stream *stream, char separator, struct people_csv **out)
{
    struct people_csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to read %s", stream->file);
    csv->stream = stream;
    csv->separator = (uint8_t)separator;
    csv->line = 1;
    enum base_code code = base_buffer_reserve(&csv->row, CHUNK);
    if (code == BASE_OK)
        code = pass_byte_order_mark(csv);
    if (code != BASE_OK) {
        people_csv_free(csv);
        return code;
    }
    *out = csv;
    return BASE_OK;
}

void people_csv_free(struct people_csv *csv)
{
    if (csv == NULL)
        return;
    base_buffer_release(&csv->row);
    free(csv);
}

enum base_code people_csv_skip_lines(struct people_csv *csv, uint64_t count)
{
    int byte = 0;
    for (uint64_t last = csv->line + count; csv->line < last;) {
        BASE_TRY(peek(csv, &byte));
        if (byte == END)
            return BASE_OK;
        take(csv);
    }
    return BASE_OK;
}

/* Moves the run of bytes up to the first of `stops` (or the end of the chunk) into the row. */
static enum base_code take_run(struct people_csv *csv, bool is_quoted)
{
    const uint8_t *from = csv->chunk + csv->chunk_at, *end = csv->chunk + csv->chunk_len, *at = from;
    while (at < end && *at != 0) {
        if (is_quoted ? *at == '"' : *at == csv->separator || *at == '\n' || *at == '\r')
            break;
        csv->line += *at == '\n';
        at++;
    }
    if (at < end && *at == 0)
        return base_fail(BASE_E_ENCODING, "%s: a zero byte on line %llu", csv->stream->file,
                         (unsigned long long)csv->line);
    size_t len = (size_t)(at - from);
    if (csv->row.len + len > PEOPLE_CSV_ROW_MAX)
        return base_fail(BASE_E_LIMIT, "%s: the row of line %llu is over %d bytes", csv->stream->file,
                         (unsigned long long)csv->row_line, PEOPLE_CSV_ROW_MAX);
    csv->chunk_at += len;
    return base_buffer_append(&csv->row, base_bytes_of(from, len));
}

/* Up to, and not including, the separator or the line end; a lone '\r' is part of the field. */
static enum base_code take_unquoted(struct people_csv *csv)
{
    for (;;) {
        int byte = 0;
        BASE_TRY(peek(csv, &byte));
        if (byte == END || byte == '\n' || byte == csv->separator)
            return BASE_OK;
        if (byte != '\r') {
            BASE_TRY(take_run(csv, false));
            continue;
        }
        take(csv);
        BASE_TRY(peek(csv, &byte));
        if (byte == '\n' || byte == END)
            return BASE_OK;
        BASE_TRY(base_buffer_append(&csv->row, base_bytes_of("\r", 1)));
    }
}

/* From the opening quote to past the closing one; a doubled quote is one quote (RFC 4180 section 2.7). */
static enum base_code take_quoted(struct people_csv *csv)
{
    take(csv);
    for (;;) {
        int byte = 0;
        BASE_TRY(peek(csv, &byte));
        if (byte == END)
            return base_fail(BASE_E_TRUNCATED, "%s ends inside the quoted field of line %llu", csv->stream->file,
                             (unsigned long long)csv->row_line);
        if (byte != '"') {
            BASE_TRY(take_run(csv, true));
            continue;
        }
        take(csv);
        BASE_TRY(peek(csv, &byte));
        if (byte != '"')
            return BASE_OK;
        take(csv);
        BASE_TRY(base_buffer_append(&csv->row, base_bytes_of("\"", 1)));
    }
}

static enum base_code take_field(struct people_csv *csv)
{
    int byte = 0;
    BASE_TRY(peek(csv, &byte));
    csv->is_last_quoted = byte == '"';
    if (csv->is_last_quoted) {
        BASE_TRY(take_quoted(csv));
        size_t before = csv->row.len;
        BASE_TRY(take_unquoted(csv));
        if (csv->row.len > before)
            csv->problem = "text after a closing quote";
    } else {
        BASE_TRY(take_unquoted(csv));
    }
    if (csv->count == PEOPLE_CSV_FIELDS_MAX)
        return base_fail(BASE_E_LIMIT, "%s: over %d fields on line %llu", csv->stream->file, PEOPLE_CSV_FIELDS_MAX,
                         (unsigned long long)csv->row_line);
    csv->ends[csv->count++] = csv->row.len;
    return BASE_OK;
}

static enum base_code take_row(struct people_csv *csv)
{
    base_buffer_clear(&csv->row);
    csv->count = 0;
    csv->problem = NULL;
    csv->row_line = csv->line;
    for (;;) {
        int byte = 0;
        BASE_TRY(take_field(csv));
        BASE_TRY(peek(csv, &byte));
        csv->has_line_end = byte == '\n';
        if (byte != END)
            take(csv);
        if (byte != csv->separator)
            return BASE_OK;
    }
}

enum base_code people_csv_next(struct people_csv *csv, bool *has_row)
{
    *has_row = false;
    for (;;) {
        int byte = 0;
        BASE_TRY(peek(csv, &byte));
        if (byte == END)
            return BASE_OK;
        BASE_TRY(take_row(csv));
        if (csv->count == 1 && csv->row.len == 0 && !csv->is_last_quoted)
            continue; /* an empty line */
        *has_row = true;
        return BASE_OK;
    }
}

size_t people_csv_count(const struct people_csv *csv)
{
    return csv->count;
}

struct base_bytes people_csv_field(const struct people_csv *csv, size_t index)
{
    if (index >= csv->count)
        return base_bytes_of(NULL, 0);
    size_t from = index == 0 ? 0 : csv->ends[index - 1];
    return base_bytes_of(csv->row.data + from, csv->ends[index] - from);
}

uint64_t people_csv_line(const struct people_csv *csv)
{
    return csv->row_line;
}

const char *people_csv_problem(const struct people_csv *csv)
{
    return csv->problem;
}

bool people_csv_has_line_end(const struct people_csv *csv)
{
    return csv->has_line_end;
}

bool people_csv_is_last_quoted(const struct people_csv *csv)
{
    return csv->is_last_quoted;
}
