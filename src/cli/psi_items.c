/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/psi_items.h"

#include "base/cursor.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "people/csv.h"

#include <stdlib.h>
#include <string.h>

enum { READ_LEN = 1 << 16 };

static struct base_bytes without_return(struct base_bytes line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* All whole lines in `text`; what is behind the last of them stays. */
static enum base_code visit_lines(struct base_buffer *text, bool is_end, cli_psi_visit *visit, void *context)
{
    size_t begin = 0;
    while (begin < text->len) {
        const uint8_t *from = text->data + begin, *end = memchr(from, '\n', text->len - begin);
        if (end == NULL && !is_end)
            break;
        const size_t len = end == NULL ? text->len - begin : (size_t)(end - from);
        const struct base_bytes line = without_return(base_bytes_of(from, len));
        if (line.len > CLI_PSI_TEXT_MAX)
            return base_fail(BASE_E_LIMIT, "a line of more than %d bytes", CLI_PSI_TEXT_MAX);
        if (line.len > 0)
            BASE_TRY(visit(context, line));
        begin += len + 1;
    }
    base_buffer_drop_front(text, begin < text->len ? begin : text->len);
    if (text->len > CLI_PSI_TEXT_MAX + 1)
        return base_fail(BASE_E_LIMIT, "a line of more than %d bytes", CLI_PSI_TEXT_MAX);
    return BASE_OK;
}

static enum base_code visit_records(struct base_buffer *text, bool is_end, size_t len, cli_psi_visit *visit, void *context)
{
    size_t begin = 0;
    for (; text->len - begin >= len; begin += len)
        BASE_TRY(visit(context, base_bytes_of(text->data + begin, len)));
    base_buffer_drop_front(text, begin);
    if (is_end && text->len > 0)
        return base_fail(BASE_E_TRUNCATED, "the file ends after %zu bytes of a record of %zu", text->len, len);
    return BASE_OK;
}

static enum base_code each_piece(const struct cli_psi_source *source, struct people_stream *stream, cli_psi_visit *visit, void *context)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    size_t len = 1;
    while (code == BASE_OK && len > 0) {
        code = base_buffer_reserve(&text, READ_LEN);
        if (code == BASE_OK)
            code = people_stream_read(stream, text.data + text.len, READ_LEN, &len);
        if (code != BASE_OK)
            break;
        text.len += len;
        code = source->record_len > 0 ? visit_records(&text, len == 0, source->record_len, visit, context)
                                      : visit_lines(&text, len == 0, visit, context);
    }
    crypto_wipe_buffer(&text);
    return code;
}

/* The column by its heading, or by its number when no heading is that; then the first row is an item, too. */
static enum base_code find_column(const struct people_csv *csv, const char *column, size_t *out, bool *has_headings)
{
    uint64_t number;
    for (size_t i = 0; i < people_csv_count(csv); i++)
        if (base_bytes_equal(people_csv_field(csv, i), base_bytes_text(column))) {
            *out = i;
            *has_headings = true;
            return BASE_OK;
        }
    *has_headings = false;
    if (base_parse_decimal(base_bytes_text(column), PEOPLE_CSV_FIELDS_MAX, &number) != BASE_OK || number == 0 ||
        number > people_csv_count(csv))
        return base_fail(BASE_E_NOT_FOUND, "the first row has no column %s", column);
    *out = (size_t)number - 1;
    return BASE_OK;
}

static enum base_code each_row(const struct cli_psi_source *source, struct people_csv *csv, cli_psi_visit *visit, void *context)
{
    size_t column = 0;
    bool has_row, has_headings = false, is_first = true;
    for (;;) {
        BASE_TRY(people_csv_next(csv, &has_row));
        if (!has_row)
            return BASE_OK;
        if (people_csv_problem(csv) != NULL)
            return base_fail(BASE_E_FORMAT, "line %llu: %s", (unsigned long long)people_csv_line(csv), people_csv_problem(csv));
        if (is_first)
            BASE_TRY(find_column(csv, source->column, &column, &has_headings));
        const bool is_item = !(is_first && has_headings);
        is_first = false;
        const struct base_bytes field = people_csv_field(csv, column);
        if (is_item && field.len > CLI_PSI_TEXT_MAX)
            return base_fail(BASE_E_LIMIT, "a field of more than %d bytes", CLI_PSI_TEXT_MAX);
        if (is_item && field.len > 0)
            BASE_TRY(visit(context, field));
    }
}

enum base_code cli_psi_each(const struct cli_psi_source *source, cli_psi_visit *visit, void *context)
{
    struct people_stream stream = {0};
    struct people_csv *csv = NULL;
    BASE_TRY(people_stream_open(&stream, source->path));
    enum base_code code;
    if (source->column == NULL) {
        code = each_piece(source, &stream, visit, context);
    } else {
        code = people_csv_new(&stream, ',', &csv);
        if (code == BASE_OK)
            code = each_row(source, csv, visit, context);
        people_csv_free(csv);
    }
    people_stream_close(&stream);
    return code;
}

static enum base_code add_record(void *context, struct base_bytes record)
{
    struct cli_psi_items *items = context;
    BASE_TRY(base_grow_array((void **)&items->bytes, &items->capacity, (size_t)items->count + 1, items->len));
    memcpy(items->bytes + items->count++ * items->len, record.data, record.len);
    return BASE_OK;
}

static enum base_code add_text(void *context, struct base_bytes text)
{
    struct crypto_hash hash;
    crypto_hash_domain("entente/cli/psi-item/v1", &text, 1, &hash);
    return add_record(context, base_bytes_of(hash.bytes, sizeof hash.bytes));
}

enum base_code cli_psi_items_read(const struct cli_psi_source *source, struct cli_psi_items *out)
{
    out->is_text = source->record_len == 0;
    out->len = source->record_len > 0 ? source->record_len : CLI_PSI_HASH_LEN;
    return cli_psi_each(source, source->record_len > 0 ? add_record : add_text, out);
}

void cli_psi_items_release(struct cli_psi_items *items)
{
    if (items->bytes != NULL)
        crypto_wipe(items->bytes, items->capacity * items->len);
    free(items->bytes);
    *items = CLI_PSI_ITEMS_EMPTY;
}
