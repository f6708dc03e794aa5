/* SPDX-License-Identifier: Apache-2.0
 *
 * The US OFAC legacy CSV set (records 6.3): sdn.csv, one row an entry; the rest of long remarks in sdn_comments.csv; other
 * names in alt.csv and addresses in add.csv, whose rows become fragments of the same key. What sdn.csv calls no individual
 * is passed over in all of them. Remarks are taken apart in import_ofac_remarks.c.
 */
#include "people/import_ofac.h"

#include "base/cursor.h"
#include "names/unicode.h"

#include <stdlib.h>
#include <string.h>

/* Entry numbers are small (under 100,000 by 2026), so one bit for each is a fixed 2 MiB. */
enum { NUMBER_MAX = (1 << 24) - 1 };

struct table {
    struct people_stream *in;
    struct people_csv *csv;
    size_t width; /* columns a row must have */
    bool is_cut;  /* the last row read does not end as a row does */
    bool has_rows;
    uint64_t number;
    struct base_bytes number_text;
};

struct ofac {
    struct people_job *job;
    struct table sdn, alt, add, comments;
    bool has_comment;    /* the comments table stands on a row that was not used yet */
    uint8_t *individuals; /* a bit for each entry number that is a person's */
    struct base_buffer scratch, remarks, joined;
};

static struct base_bytes value(const struct table *table, size_t column)
{
    struct base_bytes text = people_trim(people_csv_field(table->csv, column));
    return base_bytes_equal(text, base_bytes_text("-0-")) ? base_bytes_of(NULL, 0) : text;
}

/* A row that stops without a line end is whole when its last column is: quoted text, or the mark -0- or what is left of
 * it, which loses nothing (records 6.3.2). */
static bool ends_short(const struct table *table)
{
    struct base_bytes last = people_trim(people_csv_field(table->csv, people_csv_count(table->csv) - 1));
    bool is_null_mark = last.len > 0 && last.len <= 3 && memcmp(last.data, "-0-", last.len) == 0;
    return people_csv_count(table->csv) < table->width ||
           (!people_csv_has_line_end(table->csv) && !people_csv_is_last_quoted(table->csv) && !is_null_mark);
}

/* The 0x1A of CP/M text files: nothing may follow it. */
static bool is_end_mark(const struct table *table)
{
    struct base_bytes first = people_csv_field(table->csv, 0);
    return people_csv_count(table->csv) == 1 && first.len == 1 && first.data[0] == 0x1a;
}

static const char *row_problem(struct table *table)
{
    if (people_csv_count(table->csv) < table->width)
        return "too few columns";
    if (people_csv_problem(table->csv) != NULL)
        return people_csv_problem(table->csv);
    table->number_text = value(table, 0);
    if (base_parse_decimal(table->number_text, NUMBER_MAX, &table->number) != BASE_OK)
        return "no entry number in the first column";
    return NULL;
}

/* The next row that is sound; bad ones are told to the sink on the way. */
static enum base_code next_row(struct ofac *ofac, struct table *table, bool *has_row)
{
    for (;;) {
        BASE_TRY(people_csv_next(table->csv, has_row));
        if (!*has_row && table->is_cut)
            return base_fail(BASE_E_TRUNCATED, "%s: the last row is cut", table->in->file);
        if (!*has_row)
            return BASE_OK;
        if (is_end_mark(table)) {
            BASE_TRY(people_csv_next(table->csv, has_row));
            return *has_row ? base_fail(BASE_E_FORMAT, "%s goes on after its end mark", table->in->file) : BASE_OK;
        }
        BASE_TRY(people_job_row(ofac->job, table->in));
        table->has_rows = true;
        table->is_cut = ends_short(table);
        const char *problem = row_problem(table);
        if (problem == NULL)
            return BASE_OK;
        people_job_bad(ofac->job, table->in, people_csv_line(table->csv), problem);
    }
}

/* A column's value in UTF-8, valid until the next call. */
static enum base_code decoded(struct ofac *ofac, const struct table *table, size_t column, struct base_bytes *out)
{
    base_buffer_clear(&ofac->scratch);
    BASE_TRY(names_from_windows_1252(value(table, column), &ofac->scratch));
    *out = base_bytes_buffer(&ofac->scratch);
    return BASE_OK;
}

static bool is_individual(const struct ofac *ofac, uint64_t number)
{
    return (ofac->individuals[number / 8] >> number % 8 & 1) != 0;
}

/* The entry's remark goes on, in the middle of a word, in sdn_comments.csv; both files ascend by entry number. */
static enum base_code append_comments(struct ofac *ofac)
{
    struct table *comments = &ofac->comments;
    while (ofac->has_comment && comments->number <= ofac->sdn.number) {
        if (comments->number == ofac->sdn.number)
            BASE_TRY(names_from_windows_1252(value(comments, 1), &ofac->remarks));
        else if (is_individual(ofac, comments->number))
            people_job_bad(ofac->job, comments->in, people_csv_line(comments->csv), "its entry came before, out of order");
        uint64_t before = comments->number;
        BASE_TRY(next_row(ofac, comments, &ofac->has_comment));
        if (ofac->has_comment && comments->number < before)
            return base_fail(BASE_E_FORMAT, "%s, line %llu: entry numbers do not ascend", comments->in->file,
                             (unsigned long long)people_csv_line(comments->csv));
    }
    return BASE_OK;
}

/* "SDGT] [SDT" becomes "SDGT, SDT". */
static enum base_code take_programme(struct ofac *ofac, struct people_record *record)
{
    struct base_bytes text;
    BASE_TRY(decoded(ofac, &ofac->sdn, 3, &text));
    base_buffer_clear(&ofac->joined);
    for (size_t i = 0; i < text.len; i++) {
        bool is_joint = text.len - i >= 3 && memcmp(text.data + i, "] [", 3) == 0;
        BASE_TRY(base_buffer_append(&ofac->joined, is_joint ? base_bytes_text(", ") : base_bytes_of(text.data + i, 1)));
        i += is_joint ? 2 : 0;
    }
    return people_record_set_programme(record, base_bytes_buffer(&ofac->joined));
}

static enum base_code take_entry(struct ofac *ofac, struct people_record *record)
{
    struct base_bytes text;
    const struct table *sdn = &ofac->sdn;
    BASE_TRY(people_record_set_key(record, sdn->number_text));
    BASE_TRY(decoded(ofac, sdn, 1, &text));
    BASE_TRY(people_ofac_add_name(record, PEOPLE_NAME_PRIMARY, text));
    BASE_TRY(take_programme(ofac, record));
    BASE_TRY(decoded(ofac, sdn, 4, &text));
    BASE_TRY(people_texts_add(&record->titles, text));
    return people_ofac_take_remarks(record, base_bytes_buffer(&ofac->remarks));
}

static enum base_code read_entry(struct ofac *ofac)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    uint64_t line = people_csv_line(ofac->sdn.csv), number = ofac->sdn.number;
    if (!base_bytes_equal(value(&ofac->sdn, 2), base_bytes_text("individual")))
        return BASE_OK;
    base_buffer_clear(&ofac->remarks);
    enum base_code code = names_from_windows_1252(value(&ofac->sdn, 11), &ofac->remarks);
    BASE_TRY(append_comments(ofac));
    ofac->individuals[number / 8] = (uint8_t)(ofac->individuals[number / 8] | 1u << number % 8);
    if (code == BASE_OK)
        code = take_entry(ofac, &record);
    code = people_job_end_row(ofac->job, code, &record, ofac->sdn.in, line);
    people_record_release(&record);
    return code;
}

static enum base_code take_other_name(struct ofac *ofac, struct people_record *record)
{
    struct base_bytes text;
    BASE_TRY(decoded(ofac, &ofac->alt, 3, &text));
    return people_ofac_add_name(record, PEOPLE_NAME_ALIAS, text);
}

static enum base_code take_address(struct ofac *ofac, struct people_record *record)
{
    struct base_bytes text;
    base_buffer_clear(&ofac->joined);
    for (size_t column = 2; column <= 3; column++) {
        BASE_TRY(decoded(ofac, &ofac->add, column, &text));
        if (ofac->joined.len > 0 && text.len > 0)
            BASE_TRY(base_buffer_text(&ofac->joined, ", "));
        BASE_TRY(base_buffer_append(&ofac->joined, text));
    }
    BASE_TRY(decoded(ofac, &ofac->add, 4, &text));
    return people_record_add_place(record, PEOPLE_PLACE_ADDRESS, base_bytes_buffer(&ofac->joined), text);
}

/* A row of alt.csv or add.csv: a fragment, which has no primary name of its own. */
static enum base_code read_fragment(struct ofac *ofac, struct table *table,
                                    enum base_code (*take)(struct ofac *ofac, struct people_record *record))
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    if (!is_individual(ofac, table->number))
        return BASE_OK;
    enum base_code code = people_record_set_key(&record, table->number_text);
    if (code == BASE_OK)
        code = take(ofac, &record);
    if (code == BASE_OK && (record.name_count > 0 || record.place_count > 0))
        code = people_job_fragment(ofac->job, &record);
    else if (code != BASE_OK)
        code = people_job_end_row(ofac->job, code, &record, table->in, people_csv_line(table->csv));
    people_record_release(&record);
    return code;
}

static enum base_code read_table(struct ofac *ofac, struct table *table,
                                 enum base_code (*take)(struct ofac *ofac, struct people_record *record))
{
    bool has_row = false;
    for (;;) {
        BASE_TRY(next_row(ofac, table, &has_row));
        if (!has_row)
            break;
        BASE_TRY(take == NULL ? read_entry(ofac) : read_fragment(ofac, table, take));
    }
    ofac->job->done_before += people_stream_size(table->in);
    return BASE_OK;
}

static enum base_code read_set(struct ofac *ofac)
{
    BASE_TRY(next_row(ofac, &ofac->comments, &ofac->has_comment));
    BASE_TRY(read_table(ofac, &ofac->sdn, NULL));
    if (!ofac->sdn.has_rows)
        return base_fail(BASE_E_TRUNCATED, "%s is empty", ofac->sdn.in->file);
    while (ofac->has_comment) /* of entries that are no individuals, to the end, so that a cut is seen */
        BASE_TRY(next_row(ofac, &ofac->comments, &ofac->has_comment));
    ofac->job->done_before += people_stream_size(ofac->comments.in);
    BASE_TRY(read_table(ofac, &ofac->alt, take_other_name));
    return read_table(ofac, &ofac->add, take_address);
}

static enum base_code open_table(struct table *table, struct people_stream *in, size_t width)
{
    table->in = in;
    table->width = width;
    return people_csv_new(in, ',', &table->csv);
}

enum base_code people_import_ofac(struct people_ofac_streams *in, struct people_job *job)
{
    struct ofac ofac = {.job = job};
    enum base_code code = BASE_OK;
    ofac.individuals = calloc(1, NUMBER_MAX / 8 + 1);
    if (ofac.individuals == NULL) {
        code = base_fail(BASE_E_NOMEM, "no memory for the entry numbers");
        goto done;
    }
    if ((code = open_table(&ofac.sdn, &in->sdn, 12)) != BASE_OK ||
        (code = open_table(&ofac.alt, &in->alt, 5)) != BASE_OK ||
        (code = open_table(&ofac.add, &in->add, 6)) != BASE_OK ||
        (code = open_table(&ofac.comments, &in->comments, 2)) != BASE_OK)
        goto done;
    code = read_set(&ofac);
done:
    people_csv_free(ofac.sdn.csv);
    people_csv_free(ofac.alt.csv);
    people_csv_free(ofac.add.csv);
    people_csv_free(ofac.comments.csv);
    base_buffer_release(&ofac.scratch);
    base_buffer_release(&ofac.remarks);
    base_buffer_release(&ofac.joined);
    free(ofac.individuals);
    return code;
}
