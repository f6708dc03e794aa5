/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/events.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "cli/person.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/when.h"
#include "crypto/hash.h"
#include "crypto/text.h"
#include "people/csv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum field { KIND, TIME, PLACE, REFERENCE, NAME, BORN, SEX, NATIONALITY, DOCUMENT, FIELD_COUNT };
enum { MAPPED_MAX = 32, HEADER_MAX = 128, LINE_MAX_LEN = 1024, VALUES_MAX = 64, VALUE_MAX = 4096, REFERENCE_DIGITS = 16 };

static const char MAPPING_KIND[] = "entente/events/v1";
static const char *const field_words[FIELD_COUNT] = {"kind", "time", "place", "reference", "name", "born", "sex", "nationality", "document"};

struct mapped_column {
    char header[HEADER_MAX + 1];
    enum field field;
};

struct reading {
    struct people_csv *csv;
    char separator;
    struct mapped_column columns[MAPPED_MAX];
    size_t column_count;
    uint8_t fields[PEOPLE_CSV_FIELDS_MAX]; /* of each column of the file; FIELD_COUNT for one that is passed over */
    const char *kind;
};

/* The values of a row, by field. */
struct row {
    char *values[FIELD_COUNT][VALUES_MAX];
    size_t counts[FIELD_COUNT];
};

static bool is_list(enum field field)
{
    return field == NAME || field == BORN || field == NATIONALITY || field == DOCUMENT;
}

static struct base_bytes trimmed(struct base_bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ')
        text = base_bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static bool is_same(struct base_bytes text, const char *word)
{
    return text.len == strlen(word) && strncasecmp((const char *)text.data, word, text.len) == 0;
}

/* The mapping file. */

static enum base_code take_separator(struct reading *reading, struct base_bytes value)
{
    static const struct {
        const char *word;
        char mark;
    } marks[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (is_same(value, marks[i].word)) {
            reading->separator = marks[i].mark;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "a separator is comma, semicolon, tab or bar");
}

static enum base_code take_column(struct reading *reading, struct base_bytes word, struct base_bytes value)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        if (!is_same(word, field_words[i]))
            continue;
        if (reading->column_count == MAPPED_MAX || value.len > HEADER_MAX)
            return base_fail(BASE_E_LIMIT, "more than %d columns, or a header of more than %d bytes", MAPPED_MAX, HEADER_MAX);
        struct mapped_column *column = &reading->columns[reading->column_count++];
        snprintf(column->header, sizeof column->header, "%.*s", (int)value.len, (const char *)value.data);
        column->field = (enum field)i;
        return BASE_OK;
    }
    return base_fail(BASE_E_FORMAT, "no word of a mapping for events");
}

static enum base_code take_mapping_line(struct reading *reading, struct base_bytes line, bool *has_kind)
{
    const uint8_t *colon = line.len == 0 ? NULL : memchr(line.data, ':', line.len);
    if (line.len == 0 || line.data[0] == '#')
        return BASE_OK;
    if (colon == NULL)
        return base_fail(BASE_E_FORMAT, "no colon");
    struct base_bytes word = trimmed(base_bytes_of(line.data, (size_t)(colon - line.data)));
    struct base_bytes value = trimmed(base_bytes_of(colon + 1, line.len - (size_t)(colon - line.data) - 1));
    if (!*has_kind) {
        *has_kind = true;
        return is_same(word, "mapping") && is_same(value, MAPPING_KIND) ? BASE_OK
                                                                        : base_fail(BASE_E_VERSION, "not \"mapping: %s\"", MAPPING_KIND);
    }
    if (value.len == 0)
        return base_fail(BASE_E_FORMAT, "nothing behind the colon");
    return is_same(word, "separator") ? take_separator(reading, value) : take_column(reading, word, value);
}

static enum base_code read_mapping(struct reading *reading, struct base_bytes text)
{
    struct base_cursor in = base_cursor_over(text);
    bool has_kind = text.len == 0;
    if (text.len > CLI_EVENTS_MAPPING_MAX)
        return base_fail(BASE_E_LIMIT, "a mapping file of more than %d bytes", CLI_EVENTS_MAPPING_MAX);
    if (!base_bytes_is_utf8(text) || (text.len > 0 && memchr(text.data, 0, text.len) != NULL))
        return base_fail(BASE_E_ENCODING, "a mapping file is UTF-8");
    for (unsigned number = 1; in.left > 0; number++) {
        struct base_bytes line;
        if (memchr(in.at, '\n', in.left) == NULL)
            line = base_cursor_rest(&in);
        else
            BASE_TRY(base_cursor_line(&in, LINE_MAX_LEN, &line));
        enum base_code code = take_mapping_line(reading, trimmed(line), &has_kind);
        if (code != BASE_OK) {
            char *reason = cli_copy(base_detail());
            code = base_fail(code, "mapping file, line %u: %s", number, reason);
            free(reason);
            return code;
        }
    }
    return has_kind ? BASE_OK : base_fail(BASE_E_VERSION, "mapping file: not \"mapping: %s\"", MAPPING_KIND);
}

/* The header. */

static enum base_code add_to_header(struct reading *reading, bool seen[FIELD_COUNT], size_t index, enum field field)
{
    if (seen[field] && !is_list(field))
        return base_fail(BASE_E_FORMAT, "two columns for %s", field_words[field]);
    seen[field] = true;
    reading->fields[index] = (uint8_t)field;
    return BASE_OK;
}

static enum base_code read_header(struct reading *reading)
{
    bool seen[FIELD_COUNT] = {false};
    for (size_t i = 0; i < people_csv_count(reading->csv); i++) {
        struct base_bytes title = trimmed(people_csv_field(reading->csv, i));
        reading->fields[i] = FIELD_COUNT;
        for (size_t k = 0; k < reading->column_count; k++)
            if (is_same(title, reading->columns[k].header))
                BASE_TRY(add_to_header(reading, seen, i, reading->columns[k].field));
        for (unsigned k = 0; reading->column_count == 0 && k < FIELD_COUNT; k++)
            if (is_same(title, field_words[k]))
                BASE_TRY(add_to_header(reading, seen, i, (enum field)k));
    }
    if (!seen[TIME] || !seen[NAME] || (!seen[KIND] && reading->kind == NULL))
        return base_fail(BASE_E_FORMAT, "the header has no column for %s%s",
                         field_words[!seen[TIME] ? TIME : !seen[NAME] ? NAME : KIND], seen[TIME] && seen[NAME] ? "; say it with --kind" : "");
    return BASE_OK;
}

/* The rows. */

static void release_row(struct row *row)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        for (size_t k = 0; k < row->counts[i]; k++)
            free(row->values[i][k]);
    *row = (struct row){0};
}

static enum base_code add_value(struct row *row, enum field field, struct base_bytes value)
{
    value = trimmed(value);
    if (value.len == 0)
        return BASE_OK;
    if (row->counts[field] == VALUES_MAX || value.len > VALUE_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d values of one kind, or more than %d bytes in one", VALUES_MAX, VALUE_MAX);
    char *text = base_bytes_dup(value);
    if (text == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a row");
    row->values[field][row->counts[field]++] = text;
    return BASE_OK;
}

static enum base_code add_values(struct row *row, enum field field, struct base_bytes text)
{
    while (is_list(field) && text.len > 0) {
        const uint8_t *mark = memchr(text.data, ';', text.len);
        size_t len = mark == NULL ? text.len : (size_t)(mark - text.data);
        BASE_TRY(add_value(row, field, base_bytes_of(text.data, len)));
        len += mark != NULL;
        text = base_bytes_of(text.data + len, text.len - len);
    }
    return is_list(field) ? BASE_OK : add_value(row, field, text);
}

static enum base_code read_values(const struct reading *reading, struct row *row)
{
    const char *problem = people_csv_problem(reading->csv);
    if (problem != NULL)
        return base_fail(BASE_E_FORMAT, "%s", problem);
    for (size_t i = 0; i < people_csv_count(reading->csv); i++) {
        struct base_bytes text = people_csv_field(reading->csv, i);
        if (reading->fields[i] == FIELD_COUNT)
            continue;
        if (!base_bytes_is_utf8(text))
            return base_fail(BASE_E_ENCODING, "%s is not UTF-8", field_words[reading->fields[i]]);
        BASE_TRY(add_values(row, (enum field)reading->fields[i], text));
    }
    return BASE_OK;
}

static enum base_code make_person(const struct row *row, struct people_record *out)
{
    if (row->counts[NAME] == 0)
        return base_fail(BASE_E_ARGUMENT, "no name");
    BASE_TRY(cli_person_add_names(out, (const char *const *)row->values[NAME], row->counts[NAME]));
    for (size_t i = 0; i < row->counts[BORN]; i++)
        BASE_TRY(cli_person_add_born(out, row->values[BORN][i]));
    for (size_t i = 0; i < row->counts[NATIONALITY]; i++)
        BASE_TRY(people_texts_add(&out->nationalities, base_bytes_text(row->values[NATIONALITY][i])));
    for (size_t i = 0; i < row->counts[DOCUMENT]; i++)
        BASE_TRY(cli_person_add_document(out, row->values[DOCUMENT][i]));
    return row->counts[SEX] == 0 ? BASE_OK : cli_person_set_sex(out, row->values[SEX][0]);
}

static const char *value(const struct row *row, enum field field, const char *otherwise)
{
    return row->counts[field] == 0 ? otherwise : row->values[field][0];
}

static enum base_code make_event(const struct reading *reading, json_t **out)
{
    struct row row = {0};
    struct people_record person = PEOPLE_RECORD_EMPTY;
    enum base_code code = read_values(reading, &row);
    if (code == BASE_OK)
        code = make_person(&row, &person);
    if (code == BASE_OK)
        code = cli_event_json(value(&row, KIND, reading->kind), value(&row, TIME, NULL), value(&row, PLACE, ""), value(&row, REFERENCE, ""),
                              &person, out);
    people_record_release(&person);
    release_row(&row);
    return code;
}

/* The errors that are about what stands in a row; any other one ends the reading. */
static bool is_of_row(enum base_code code)
{
    return code == BASE_E_ARGUMENT || code == BASE_E_FORMAT || code == BASE_E_ENCODING || code == BASE_E_LIMIT || code == BASE_E_RANGE;
}

static enum base_code read_rows(struct reading *reading, const struct cli_events_sink *sink, const char *file, struct cli_events_counts *counts)
{
    bool has_row = true;
    for (;;) {
        json_t *event = NULL;
        BASE_TRY(people_csv_next(reading->csv, &has_row));
        if (!has_row)
            break;
        counts->rows++;
        enum base_code code = make_event(reading, &event);
        if (code == BASE_OK) {
            BASE_TRY(sink->event(sink->context, event));
        } else if (is_of_row(code)) {
            counts->bad_rows++;
            sink->bad_row(sink->context, file, people_csv_line(reading->csv), base_detail());
        } else {
            return code;
        }
    }
    if (counts->rows == 0)
        return base_fail(BASE_E_TRUNCATED, "%s has no row", file);
    if (counts->bad_rows * 2 > counts->rows)
        return base_fail(BASE_E_FORMAT, "%s: more than half of the rows are bad; is it the right file?", file);
    return BASE_OK;
}

static enum base_code read_file(struct reading *reading, const struct cli_events_sink *sink, const char *file, struct cli_events_counts *counts)
{
    bool has_row = false;
    BASE_TRY(people_csv_next(reading->csv, &has_row));
    if (!has_row)
        return base_fail(BASE_E_TRUNCATED, "%s is empty", file);
    BASE_TRY(read_header(reading));
    return read_rows(reading, sink, file, counts);
}

enum base_code cli_events_read(struct people_stream *in, struct base_bytes mapping, const char *kind, const struct cli_events_sink *sink,
                               struct cli_events_counts *counts)
{
    struct reading *reading = calloc(1, sizeof *reading);
    *counts = (struct cli_events_counts){0};
    if (reading == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to read %s", in->file);
    reading->separator = ',';
    reading->kind = kind;
    enum base_code code = read_mapping(reading, mapping);
    if (code == BASE_OK)
        code = people_csv_new(in, reading->separator, &reading->csv);
    if (code == BASE_OK)
        code = read_file(reading, sink, in->file, counts);
    people_csv_free(reading->csv);
    free(reading);
    return code;
}

/* One event. */

/* The same event gives the same reference, so that a file that is read twice counts once. */
static enum base_code set_reference(json_t *event)
{
    struct crypto_hash hash;
    char digits[2 * sizeof hash.bytes + 1];
    char *text = json_dumps(event, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for an event");
    struct base_bytes part = base_bytes_text(text);
    crypto_hash_domain("entente/cli/event/v1", &part, 1, &hash);
    free(text);
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), digits);
    digits[REFERENCE_DIGITS] = 0;
    return json_object_set_new(event, "reference", json_string(digits)) == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for an event");
}

enum base_code cli_event_json(const char *kind, const char *time, const char *place, const char *reference, struct people_record *person,
                              json_t **out)
{
    char when[BASE_TIME_TEXT_LEN + 1];
    int64_t time_ms;
    unsigned place_of_kind;
    json_t *entity = NULL;
    if (kind == NULL || time == NULL)
        return base_fail(BASE_E_ARGUMENT, kind == NULL ? "no kind: contact, travel, whereabouts or record" : "no time");
    BASE_TRY(cli_word_find(&exchange_tells, "kind", kind, &place_of_kind));
    if (time[0] == '+' || cli_when_parse(time, CLI_DAY_BEGINS, 0, &time_ms) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "'%.40s' is no time: 2026-11-24, 2026-11-24 08:00, 2026-11-24T08:00:00+01:00", time);
    base_time_format(time_ms, when);
    BASE_TRY(cli_person_json(person, &entity));
    *out = json_pack("{s:s, s:s, s:s, s:o}", "kind", exchange_tells.items[place_of_kind], "time", when, "place", place, "person", entity);
    if (*out == NULL)
        return base_fail(BASE_E_ENCODING, "the place is not UTF-8");
    enum base_code code = *reference == 0                                                  ? set_reference(*out)
                          : json_object_set_new(*out, "reference", json_string(reference)) == 0 ? BASE_OK
                                                                                           : base_fail(BASE_E_ENCODING, "the reference is not UTF-8");
    if (code != BASE_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return code;
}
