/* SPDX-License-Identifier: Apache-2.0
 *
 * Any CSV through a mapping file (records 7): the mapping's column names are looked up in the header once, then each row
 * becomes a fragment.
 */
#include "people/csv.h"
#include "people/import_job.h"
#include "people/mapping.h"

#include "base/cursor.h"
#include "names/unicode.h"

#include <stdlib.h>
#include <string.h>

struct mapped {
    struct people_stream *in;
    struct people_csv *csv;
    struct people_job *job;
    struct people_mapping mapping;
    size_t columns[PEOPLE_MAPPING_FIELDS_MAX][PEOPLE_MAPPING_COLUMNS_MAX];
    size_t only_column, width;
    bool is_short;
    struct base_buffer value;
};

/* A field of the row, trimmed, in UTF-8; valid until the next call. The mapping's own words are UTF-8 whatever the list is. */
static enum base_code decoded(struct mapped *mapped, size_t index, struct base_bytes *out)
{
    struct base_bytes raw = people_trim(people_csv_field(mapped->csv, index));
    *out = raw;
    if (!mapped->mapping.is_windows_1252)
        return BASE_OK;
    base_buffer_clear(&mapped->value);
    BASE_TRY(names_from_windows_1252(raw, &mapped->value));
    *out = base_bytes_buffer(&mapped->value);
    return BASE_OK;
}

static enum base_code find_column(struct mapped *mapped, const char *name, size_t *out)
{
    uint64_t number = 0;
    struct base_bytes header;
    if (name[0] == '#' && base_parse_decimal(base_bytes_text(name + 1), PEOPLE_CSV_FIELDS_MAX, &number) == BASE_OK &&
        number > 0) {
        *out = (size_t)number - 1;
        if (*out >= mapped->width)
            mapped->width = (size_t)number;
        return BASE_OK;
    }
    for (size_t i = 0; mapped->mapping.has_header && i < people_csv_count(mapped->csv); i++) {
        BASE_TRY(decoded(mapped, i, &header));
        if (base_bytes_equal(header, base_bytes_text(name))) {
            *out = i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "%s has no column \"%.64s\", which the mapping file names", mapped->in->file, name);
}

static bool is_comment(const struct mapped *mapped)
{
    struct base_bytes first = people_csv_field(mapped->csv, 0);
    return mapped->mapping.comment != 0 && first.len > 0 && (char)first.data[0] == mapped->mapping.comment;
}

static enum base_code next_row(struct mapped *mapped, bool *has_row)
{
    do
        BASE_TRY(people_csv_next(mapped->csv, has_row));
    while (*has_row && is_comment(mapped));
    return BASE_OK;
}

static enum base_code find_columns(struct mapped *mapped)
{
    const struct people_mapping *mapping = &mapped->mapping;
    bool has_row = false;
    BASE_TRY(people_csv_skip_lines(mapped->csv, mapping->skip_lines));
    if (mapping->has_header) {
        BASE_TRY(next_row(mapped, &has_row));
        if (!has_row)
            return base_fail(BASE_E_TRUNCATED, "%s stops before its header", mapped->in->file);
        mapped->width = people_csv_count(mapped->csv);
    }
    if (mapping->only_column != NULL)
        BASE_TRY(find_column(mapped, mapping->only_column, &mapped->only_column));
    for (size_t i = 0; i < mapping->field_count; i++)
        for (size_t k = 0; k < mapping->fields[i].column_count; k++)
            BASE_TRY(find_column(mapped, mapping->fields[i].columns[k], &mapped->columns[i][k]));
    return BASE_OK;
}

/* A field's columns in UTF-8, joined by blanks. */
static enum base_code read_value(struct mapped *mapped, size_t index)
{
    const struct people_mapped_field *field = &mapped->mapping.fields[index];
    base_buffer_clear(&mapped->value);
    for (size_t k = 0; k < field->column_count; k++) {
        struct base_bytes part = people_trim(people_csv_field(mapped->csv, mapped->columns[index][k]));
        if (part.len > 0 && mapped->value.len > 0)
            BASE_TRY(base_buffer_text(&mapped->value, " "));
        BASE_TRY(mapped->mapping.is_windows_1252 ? names_from_windows_1252(part, &mapped->value)
                                                 : base_buffer_append(&mapped->value, part));
    }
    return base_bytes_is_utf8(base_bytes_buffer(&mapped->value))
               ? BASE_OK
               : base_fail(BASE_E_ENCODING, "text that is not UTF-8, which the mapping says it is");
}

static enum base_code take_value(const struct people_mapping *mapping, enum people_field field, struct base_bytes value,
                                 struct people_record *record)
{
    struct base_bytes nothing = base_bytes_of(NULL, 0);
    switch (field) {
    case PEOPLE_FIELD_KEY:
        return people_record_set_key(record, value);
    case PEOPLE_FIELD_NAME:
        return people_record_add_name(record, PEOPLE_NAME_PRIMARY, value);
    case PEOPLE_FIELD_ALIAS:
        return people_record_add_name(record, PEOPLE_NAME_ALIAS, value);
    case PEOPLE_FIELD_WEAK:
        return people_record_add_name(record, PEOPLE_NAME_WEAK, value);
    case PEOPLE_FIELD_ORIGINAL:
        return people_record_add_name(record, PEOPLE_NAME_ORIGINAL, value);
    case PEOPLE_FIELD_BIRTH:
        return people_add_birth_text(record, value, mapping->order, nothing);
    case PEOPLE_FIELD_BIRTH_PLACE:
        return people_record_add_place(record, PEOPLE_PLACE_BIRTH, value, nothing);
    case PEOPLE_FIELD_ADDRESS:
        return people_record_add_place(record, PEOPLE_PLACE_ADDRESS, value, nothing);
    case PEOPLE_FIELD_NATIONALITY:
        return people_texts_add(&record->nationalities, value);
    case PEOPLE_FIELD_SEX:
        people_set_sex_text(record, value);
        return BASE_OK;
    case PEOPLE_FIELD_PASSPORT:
        return people_record_add_document(record, base_bytes_text("Passport"), value, nothing, nothing);
    case PEOPLE_FIELD_ID:
        return people_record_add_document(record, base_bytes_text("Identification number"), value, nothing, nothing);
    case PEOPLE_FIELD_PROGRAMME:
        return people_record_set_programme(record, value);
    case PEOPLE_FIELD_TITLE:
        return people_texts_add(&record->titles, value);
    case PEOPLE_FIELD_REMARK:
        return people_add_remark(record, "", value);
    case PEOPLE_FIELD_COUNT:
        break;
    }
    return base_fail(BASE_E_INTERNAL, "a mapped field of no kind");
}

static enum base_code take_row(struct mapped *mapped, struct people_record *record)
{
    for (size_t i = 0; i < mapped->mapping.field_count; i++) {
        const struct people_mapped_field *field = &mapped->mapping.fields[i];
        BASE_TRY(read_value(mapped, i));
        struct base_bytes rest = base_bytes_buffer(&mapped->value), part;
        if (field->split == 0) {
            BASE_TRY(take_value(&mapped->mapping, field->field, rest, record));
            continue;
        }
        while (people_next_part(&rest, field->split, &part))
            BASE_TRY(take_value(&mapped->mapping, field->field, part, record));
    }
    return BASE_OK;
}

static enum base_code check_wanted(struct mapped *mapped, bool *is_wanted)
{
    struct base_bytes value;
    *is_wanted = true;
    if (mapped->mapping.only_column == NULL)
        return BASE_OK;
    BASE_TRY(decoded(mapped, mapped->only_column, &value));
    *is_wanted = base_bytes_equal(value, base_bytes_text(mapped->mapping.only_value));
    return BASE_OK;
}

static enum base_code read_row(struct mapped *mapped)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    uint64_t line = people_csv_line(mapped->csv);
    BASE_TRY(people_job_row(mapped->job, mapped->in));
    mapped->is_short = people_csv_count(mapped->csv) < mapped->width;
    const char *problem = mapped->is_short ? "too few columns" : people_csv_problem(mapped->csv);
    if (problem != NULL) {
        people_job_bad(mapped->job, mapped->in, line, problem);
        return BASE_OK;
    }
    bool is_wanted = false;
    enum base_code code = check_wanted(mapped, &is_wanted);
    if (code == BASE_OK && !is_wanted)
        return BASE_OK;
    if (code == BASE_OK)
        code = take_row(mapped, &record);
    code = people_job_end_row(mapped->job, code, &record, mapped->in, line);
    people_record_release(&record);
    return code;
}

static enum base_code read_rows(struct mapped *mapped)
{
    bool has_row = true, has_line_end = true;
    BASE_TRY(find_columns(mapped));
    for (;;) {
        BASE_TRY(next_row(mapped, &has_row));
        if (!has_row)
            break;
        has_line_end = people_csv_has_line_end(mapped->csv);
        BASE_TRY(read_row(mapped));
    }
    /* Many programs leave out the last line end: only a short row without one is a cut (records 7.6). */
    if (mapped->is_short && !has_line_end)
        return base_fail(BASE_E_TRUNCATED, "%s: the last row is cut", mapped->in->file);
    return BASE_OK;
}

enum base_code people_import_mapped(struct people_stream *in, struct base_bytes mapping, struct people_job *job)
{
    struct mapped *mapped = calloc(1, sizeof *mapped);
    if (mapped == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to read %s", in->file);
    mapped->in = in;
    mapped->job = job;
    enum base_code code = people_mapping_parse(mapping, &mapped->mapping);
    if (code == BASE_OK)
        code = people_csv_new(in, mapped->mapping.separator, &mapped->csv);
    if (code == BASE_OK)
        code = read_rows(mapped);
    people_csv_free(mapped->csv);
    people_mapping_release(&mapped->mapping);
    base_buffer_release(&mapped->value);
    free(mapped);
    return code;
}
