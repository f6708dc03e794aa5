/* SPDX-License-Identifier: Apache-2.0
 *
 * The UK consolidated list of financial sanctions targets, ConList.csv (records 6.2): one row for each combination of
 * name, date and place, so that a person is many rows with one Group ID, and each row becomes a fragment.
 */
#include "people/csv.h"
#include "people/import_job.h"

#include "names/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UK_COLUMNS(X)                                                                                                  \
    X(NAME_1, "Name 1") X(NAME_2, "Name 2") X(NAME_3, "Name 3") X(NAME_4, "Name 4") X(NAME_5, "Name 5")                \
    X(NAME_6, "Name 6") X(TITLE, "Title") X(ORIGINAL, "Name Non-Latin Script") X(DOB, "DOB")                           \
    X(TOWN, "Town of Birth") X(BIRTH_COUNTRY, "Country of Birth") X(NATIONALITY, "Nationality")                        \
    X(PASSPORT_NUMBER, "Passport Number") X(PASSPORT, "Passport Details")                                              \
    X(NATIONAL_NUMBER, "National Identification Number") X(NATIONAL, "NI Number") X(POSITION, "Position")              \
    X(ADDRESS_1, "Address 1") X(ADDRESS_2, "Address 2") X(ADDRESS_3, "Address 3") X(ADDRESS_4, "Address 4")            \
    X(ADDRESS_5, "Address 5") X(ADDRESS_6, "Address 6") X(POST_CODE, "Post/Zip Code") X(COUNTRY, "Country")            \
    X(OTHER, "Other Information") X(GROUP_TYPE, "Group Type") X(ALIAS_TYPE, "Alias Type")                              \
    X(ALIAS_QUALITY, "Alias Quality") X(REGIME, "Regime") X(GROUP_ID, "Group ID")

#define UK_MEMBER(name, header) UK_##name,
enum uk_column { UK_COLUMNS(UK_MEMBER) UK_COLUMN_COUNT };
#define UK_HEADER(name, header) header,
static const char *const headers[] = {UK_COLUMNS(UK_HEADER)};
static const enum uk_column needed[] = {UK_NAME_1, UK_NAME_6, UK_DOB, UK_GROUP_TYPE, UK_ALIAS_TYPE, UK_GROUP_ID};

struct uk {
    struct people_stream *in;
    struct people_csv *csv;
    struct people_job *job;
    size_t columns[UK_COLUMN_COUNT]; /* where each stands; SIZE_MAX when the file has it not */
    size_t width;
    bool is_short; /* the last row read had too few columns */
    struct base_buffer fields[UK_COLUMN_COUNT]; /* the row's fields in UTF-8 */
    struct base_buffer joined;
};

static struct base_bytes field(const struct uk *uk, enum uk_column column)
{
    return people_trim(base_bytes_buffer(&uk->fields[column]));
}

static enum base_code wrong_file(const struct uk *uk, const char *what)
{
    return base_fail(BASE_E_FORMAT, "%s is not the UK list: %s", uk->in->file, what);
}

/* Line 1: "Last Updated,13/04/2018" (records 6.2.1). */
static enum base_code read_date_line(struct uk *uk)
{
    bool has_row = false;
    struct people_date date = {0};
    BASE_TRY(people_csv_next(uk->csv, &has_row));
    if (!has_row)
        return base_fail(BASE_E_TRUNCATED, "%s is empty", uk->in->file);
    if (!base_bytes_equal(people_trim(people_csv_field(uk->csv, 0)), base_bytes_text("Last Updated")))
        return wrong_file(uk, "its first line is not \"Last Updated\"");
    if (people_date_parse(people_csv_field(uk->csv, 1), PEOPLE_ORDER_DAY_MONTH, &date) != BASE_OK ||
        date.from.day == 0)
        return wrong_file(uk, "its first line has no date");
    snprintf(uk->job->facts->list_date, sizeof uk->job->facts->list_date, "%04u-%02u-%02u",
             (unsigned)date.from.year % 10000u, date.from.month % 100u, date.from.day % 100u);
    return BASE_OK;
}

static enum base_code read_header(struct uk *uk)
{
    bool has_row = false;
    BASE_TRY(people_csv_next(uk->csv, &has_row));
    if (!has_row)
        return base_fail(BASE_E_TRUNCATED, "%s stops before its header", uk->in->file);
    uk->width = people_csv_count(uk->csv);
    for (size_t i = 0; i < UK_COLUMN_COUNT; i++) {
        uk->columns[i] = SIZE_MAX;
        for (size_t k = 0; k < uk->width && uk->columns[i] == SIZE_MAX; k++)
            if (base_bytes_equal(people_trim(people_csv_field(uk->csv, k)), base_bytes_text(headers[i])))
                uk->columns[i] = k;
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (uk->columns[needed[i]] == SIZE_MAX)
            return people_csv_has_line_end(uk->csv)
                       ? base_fail(BASE_E_FORMAT, "%s is not the UK list: no column \"%s\"", uk->in->file,
                                   headers[needed[i]])
                       : base_fail(BASE_E_TRUNCATED, "%s stops inside its header", uk->in->file);
    return BASE_OK;
}

/* The file is Windows-1252 (records 6.2.2). */
static enum base_code decode_fields(struct uk *uk)
{
    for (size_t i = 0; i < UK_COLUMN_COUNT; i++) {
        base_buffer_clear(&uk->fields[i]);
        if (uk->columns[i] != SIZE_MAX)
            BASE_TRY(names_from_windows_1252(people_csv_field(uk->csv, uk->columns[i]), &uk->fields[i]));
    }
    return BASE_OK;
}

static enum base_code join(struct uk *uk, enum uk_column first, enum uk_column last, const char *mark)
{
    base_buffer_clear(&uk->joined);
    for (unsigned i = first; i <= (unsigned)last; i++) {
        struct base_bytes part = field(uk, (enum uk_column)i);
        if (part.len == 0)
            continue;
        if (uk->joined.len > 0)
            BASE_TRY(base_buffer_text(&uk->joined, mark));
        BASE_TRY(base_buffer_append(&uk->joined, part));
    }
    return BASE_OK;
}

static enum base_code take_names(struct uk *uk, struct people_record *record)
{
    struct base_bytes alias = field(uk, UK_ALIAS_TYPE);
    enum people_name_kind kind = people_starts_with(alias, "prime") ? PEOPLE_NAME_PRIMARY : PEOPLE_NAME_ALIAS;
    if (kind == PEOPLE_NAME_ALIAS && people_starts_with(field(uk, UK_ALIAS_QUALITY), "low"))
        kind = PEOPLE_NAME_WEAK;
    BASE_TRY(join(uk, UK_NAME_1, UK_NAME_6, " "));
    BASE_TRY(people_record_add_name(record, kind, base_bytes_buffer(&uk->joined)));
    return people_record_add_name(record, PEOPLE_NAME_ORIGINAL, field(uk, UK_ORIGINAL));
}

/* The first word with at least three digits, or none: in "Passport No: 123456 (Afghan)." it is 123456. */
static struct base_bytes find_number(struct base_bytes text, struct base_bytes *after)
{
    for (size_t i = 0; i < text.len;) {
        size_t from = i, digits = 0;
        while (i < text.len && strchr(" :;,()\t", text.data[i]) == NULL) {
            digits += text.data[i] >= '0' && text.data[i] <= '9';
            i++;
        }
        size_t end = i;
        while (end > from && text.data[end - 1] == '.')
            end--;
        if (digits >= 3) {
            *after = people_trim(base_bytes_of(text.data + i, text.len - i));
            return base_bytes_of(text.data + from, end - from);
        }
        i += i == from;
    }
    return base_bytes_of(NULL, 0);
}

/* "(Afghan) ...": the words in the bracket right after the number, when they have no digit. */
static struct base_bytes find_country(struct base_bytes after)
{
    const uint8_t *close = after.len == 0 || after.data[0] != '(' ? NULL : memchr(after.data, ')', after.len);
    if (close == NULL || close - after.data > 40)
        return base_bytes_of(NULL, 0);
    struct base_bytes inside = base_bytes_of(after.data + 1, (size_t)(close - after.data) - 1);
    for (size_t i = 0; i < inside.len; i++)
        if (inside.data[i] >= '0' && inside.data[i] <= '9')
            return base_bytes_of(NULL, 0);
    return inside;
}

/* Free text, "(1) 123 (Afghan) (2) 456": a number from each part, and the part as it stands (records 6.2.4). */
static enum base_code take_documents(struct people_record *record, const char *type, struct base_bytes text)
{
    struct base_bytes part, after = base_bytes_of(NULL, 0);
    unsigned number = 0;
    while (people_next_numbered(&text, &number, &part)) {
        struct base_bytes digits = find_number(part, &after);
        if (digits.len == 0) {
            BASE_TRY(people_add_remark(record, "Document: ", part));
            continue;
        }
        struct base_bytes note = part.len == digits.len ? base_bytes_of(NULL, 0) : part;
        BASE_TRY(people_record_add_document(record, base_bytes_text(type), digits, find_country(after), note));
    }
    return BASE_OK;
}

static enum base_code take_nationalities(struct people_record *record, struct base_bytes text)
{
    struct base_bytes part;
    unsigned number = 0;
    while (people_next_numbered(&text, &number, &part))
        if (part.len > 1)
            BASE_TRY(people_texts_add(&record->nationalities, part));
    return BASE_OK;
}

static enum base_code take_row(struct uk *uk, struct people_record *record)
{
    BASE_TRY(people_record_set_key(record, field(uk, UK_GROUP_ID)));
    BASE_TRY(people_record_set_programme(record, field(uk, UK_REGIME)));
    BASE_TRY(take_names(uk, record));
    BASE_TRY(people_add_birth_text(record, field(uk, UK_DOB), PEOPLE_ORDER_DAY_MONTH, base_bytes_of(NULL, 0)));
    BASE_TRY(people_record_add_place(record, PEOPLE_PLACE_BIRTH, field(uk, UK_TOWN), field(uk, UK_BIRTH_COUNTRY)));
    BASE_TRY(take_nationalities(record, field(uk, UK_NATIONALITY)));
    BASE_TRY(take_documents(record, "Passport", field(uk, UK_PASSPORT_NUMBER)));
    BASE_TRY(take_documents(record, "Passport", field(uk, UK_PASSPORT)));
    BASE_TRY(take_documents(record, "National identification number", field(uk, UK_NATIONAL_NUMBER)));
    BASE_TRY(take_documents(record, "National identification number", field(uk, UK_NATIONAL)));
    BASE_TRY(people_texts_add(&record->titles, field(uk, UK_TITLE)));
    BASE_TRY(join(uk, UK_ADDRESS_1, UK_POST_CODE, ", "));
    BASE_TRY(people_record_add_place(record, PEOPLE_PLACE_ADDRESS, base_bytes_buffer(&uk->joined),
                                     field(uk, UK_COUNTRY)));
    BASE_TRY(people_add_remark(record, "Position: ", field(uk, UK_POSITION)));
    return people_add_remark(record, "", field(uk, UK_OTHER));
}

static enum base_code read_row(struct uk *uk)
{
    BASE_TRY(people_job_row(uk->job, uk->in));
    uint64_t line = people_csv_line(uk->csv);
    uk->is_short = people_csv_count(uk->csv) < uk->width;
    if (uk->is_short || people_csv_problem(uk->csv) != NULL) {
        people_job_bad(uk->job, uk->in, line, uk->is_short ? "too few columns" : people_csv_problem(uk->csv));
        return BASE_OK;
    }
    struct base_bytes type = people_trim(people_csv_field(uk->csv, uk->columns[UK_GROUP_TYPE]));
    if (!base_bytes_equal(type, base_bytes_text("Individual")))
        return BASE_OK;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = decode_fields(uk);
    if (code == BASE_OK)
        code = take_row(uk, &record);
    code = people_job_end_row(uk->job, code, &record, uk->in, line);
    people_record_release(&record);
    return code;
}

static enum base_code read_rows(struct uk *uk)
{
    bool has_row = true, has_line_end = true;
    BASE_TRY(read_date_line(uk));
    BASE_TRY(read_header(uk));
    for (;;) {
        BASE_TRY(people_csv_next(uk->csv, &has_row));
        if (!has_row)
            break;
        has_line_end = people_csv_has_line_end(uk->csv);
        BASE_TRY(read_row(uk));
    }
    /* records 6.2.3 */
    if (!has_line_end || uk->is_short || uk->job->facts->rows == 0)
        return base_fail(BASE_E_TRUNCATED, "%s: the last row is cut", uk->in->file);
    return BASE_OK;
}

enum base_code people_import_uk(struct people_stream *in, struct people_job *job)
{
    struct uk *uk = calloc(1, sizeof *uk);
    if (uk == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to read %s", in->file);
    uk->in = in;
    uk->job = job;
    enum base_code code = people_csv_new(in, ',', &uk->csv);
    if (code == BASE_OK)
        code = read_rows(uk);
    people_csv_free(uk->csv);
    for (size_t i = 0; i < UK_COLUMN_COUNT; i++)
        base_buffer_release(&uk->fields[i]);
    base_buffer_release(&uk->joined);
    free(uk);
    return code;
}
