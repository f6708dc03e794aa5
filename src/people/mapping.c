/* SPDX-License-Identifier: Apache-2.0 */
#include "people/mapping.h"

#include "base/cursor.h"
#include "people/import_job.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_LEN = 1024, TEXT_MAX = 1 << 16, SKIP_MAX = 1000 };

static const char *const field_words[PEOPLE_FIELD_COUNT] = {
    [PEOPLE_FIELD_KEY] = "key",
    [PEOPLE_FIELD_NAME] = "name",
    [PEOPLE_FIELD_ALIAS] = "alias",
    [PEOPLE_FIELD_WEAK] = "weak-alias",
    [PEOPLE_FIELD_ORIGINAL] = "original-name",
    [PEOPLE_FIELD_BIRTH] = "birth",
    [PEOPLE_FIELD_BIRTH_PLACE] = "birth-place",
    [PEOPLE_FIELD_ADDRESS] = "address",
    [PEOPLE_FIELD_NATIONALITY] = "nationality",
    [PEOPLE_FIELD_SEX] = "sex",
    [PEOPLE_FIELD_PASSPORT] = "passport",
    [PEOPLE_FIELD_ID] = "id-number",
    [PEOPLE_FIELD_PROGRAMME] = "programme",
    [PEOPLE_FIELD_TITLE] = "title",
    [PEOPLE_FIELD_REMARK] = "remark",
};

struct parse {
    struct people_mapping *out;
    uint64_t line;
    bool has_version;
};

static bool is_text(struct base_bytes bytes, const char *text)
{
    return base_bytes_equal(bytes, base_bytes_text(text));
}

static enum base_code bad(const struct parse *parse, enum base_code code, const char *what)
{
    return base_fail(code, "mapping file, line %llu: %s", (unsigned long long)parse->line, what);
}

static enum base_code keep(struct base_bytes text, char **out)
{
    free(*out);
    *out = base_bytes_dup(text);
    return *out == NULL ? base_fail(BASE_E_NOMEM, "no memory for a mapping") : BASE_OK;
}

/* "comma", "semicolon", "tab", "bar", or the character itself. */
static enum base_code parse_mark(const struct parse *parse, struct base_bytes value, char *out)
{
    static const struct {
        const char *word;
        char mark;
    } marks[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (is_text(value, marks[i].word)) {
            *out = marks[i].mark;
            return BASE_OK;
        }
    }
    if (value.len != 1 || value.data[0] <= ' ' || value.data[0] > '~' || value.data[0] == '"')
        return bad(parse, BASE_E_FORMAT, "a mark is comma, semicolon, tab, bar, or one character");
    *out = (char)value.data[0];
    return BASE_OK;
}

static enum base_code parse_choice(const struct parse *parse, struct base_bytes value, const char *yes, const char *no,
                                   bool *out)
{
    if (!is_text(value, yes) && !is_text(value, no))
        return base_fail(BASE_E_FORMAT, "mapping file, line %llu: it must be %s or %s", (unsigned long long)parse->line,
                         yes, no);
    *out = is_text(value, yes);
    return BASE_OK;
}

/* `only: Type = Person` */
static enum base_code parse_only(const struct parse *parse, struct base_bytes value)
{
    struct base_bytes column;
    if (!people_next_part(&value, '=', &column) || column.len == 0 || people_trim(value).len == 0)
        return bad(parse, BASE_E_FORMAT, "only needs `column = value`");
    BASE_TRY(keep(column, &parse->out->only_column));
    return keep(people_trim(value), &parse->out->only_value);
}

/* Everything that is not a field; *is_known false when the word is none of them. */
static enum base_code parse_setting(struct parse *parse, struct base_bytes word, struct base_bytes value, bool *is_known)
{
    struct people_mapping *out = parse->out;
    bool is_month_first = false;
    *is_known = true;
    if (is_text(word, "mapping")) {
        parse->has_version = true;
        return is_text(value, "entente/mapping/v1") ? BASE_OK
                                                    : bad(parse, BASE_E_VERSION, "this program reads entente/mapping/v1");
    }
    if (is_text(word, "encoding"))
        return parse_choice(parse, value, "windows-1252", "utf-8", &out->is_windows_1252);
    if (is_text(word, "separator"))
        return parse_mark(parse, value, &out->separator);
    if (is_text(word, "comment"))
        return parse_mark(parse, value, &out->comment);
    if (is_text(word, "header"))
        return parse_choice(parse, value, "yes", "no", &out->has_header);
    if (is_text(word, "skip-lines"))
        return base_parse_decimal(value, SKIP_MAX, &out->skip_lines) == BASE_OK
                   ? BASE_OK
                   : bad(parse, BASE_E_FORMAT, "skip-lines is a number up to 1000");
    if (is_text(word, "date-order")) {
        BASE_TRY(parse_choice(parse, value, "month-day", "day-month", &is_month_first));
        out->order = is_month_first ? PEOPLE_ORDER_MONTH_DAY : PEOPLE_ORDER_DAY_MONTH;
        return BASE_OK;
    }
    if (is_text(word, "only"))
        return parse_only(parse, value);
    *is_known = false;
    return BASE_OK;
}

/* `Given + Family`, and at the end perhaps ` split ;` */
static enum base_code parse_columns(const struct parse *parse, struct base_bytes value, struct people_mapped_field *out)
{
    static const char word[] = " split ";
    const uint8_t *split = memmem(value.data, value.len, word, sizeof word - 1);
    if (split != NULL) {
        size_t at = (size_t)(split - value.data);
        struct base_bytes mark = base_bytes_of(split + sizeof word - 1, value.len - at - (sizeof word - 1));
        BASE_TRY(parse_mark(parse, people_trim(mark), &out->split));
        value.len = at;
    }
    struct base_bytes column;
    value = people_trim(value);
    bool ends_open = value.len > 0 && value.data[value.len - 1] == '+';
    while (people_next_part(&value, '+', &column)) {
        if (column.len == 0 || (value.len == 0 && ends_open))
            return bad(parse, BASE_E_FORMAT, "an empty column name");
        if (out->column_count == PEOPLE_MAPPING_COLUMNS_MAX)
            return bad(parse, BASE_E_LIMIT, "more than 8 columns in one field");
        BASE_TRY(keep(column, &out->columns[out->column_count]));
        out->column_count++;
    }
    return out->column_count > 0 ? BASE_OK : bad(parse, BASE_E_FORMAT, "no column");
}

static enum base_code parse_field(struct parse *parse, struct base_bytes word, struct base_bytes value)
{
    struct people_mapping *out = parse->out;
    unsigned field = 0;
    while (field < PEOPLE_FIELD_COUNT && !is_text(word, field_words[field]))
        field++;
    if (field == PEOPLE_FIELD_COUNT)
        return bad(parse, BASE_E_FORMAT, "a word that mapping files do not have");
    if (out->field_count == PEOPLE_MAPPING_FIELDS_MAX)
        return bad(parse, BASE_E_LIMIT, "more than 64 fields");
    struct people_mapped_field *mapped = &out->fields[out->field_count++];
    mapped->field = (enum people_field)field;
    return parse_columns(parse, value, mapped);
}

static enum base_code parse_line(struct parse *parse, struct base_bytes line)
{
    struct base_bytes word, value = people_trim(line);
    bool is_known = false;
    if (value.len == 0 || value.data[0] == '#')
        return BASE_OK;
    if (memchr(value.data, ':', value.len) == NULL)
        return bad(parse, BASE_E_FORMAT, "not `word: value`");
    if (!people_next_part(&value, ':', &word) || people_trim(value).len == 0)
        return bad(parse, BASE_E_FORMAT, "no value after the colon");
    value = people_trim(value);
    if (!parse->has_version && !is_text(word, "mapping"))
        return bad(parse, BASE_E_FORMAT, "the first line must be `mapping: entente/mapping/v1`");
    BASE_TRY(parse_setting(parse, word, value, &is_known));
    return is_known ? BASE_OK : parse_field(parse, word, value);
}

static enum base_code check_whole(const struct parse *parse)
{
    bool has_key = false, has_name = false;
    for (size_t i = 0; i < parse->out->field_count; i++) {
        if (parse->out->fields[i].field == PEOPLE_FIELD_KEY && has_key)
            return base_fail(BASE_E_FORMAT, "mapping file: two keys");
        has_key |= parse->out->fields[i].field == PEOPLE_FIELD_KEY;
        has_name |= parse->out->fields[i].field == PEOPLE_FIELD_NAME;
    }
    if (!has_key || !has_name)
        return base_fail(BASE_E_FORMAT, "mapping file: no `%s:` line", has_key ? "name" : "key");
    return BASE_OK;
}

static enum base_code parse_lines(struct parse *parse, struct base_bytes text)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        parse->line++;
        if (len > LINE_MAX_LEN)
            return bad(parse, BASE_E_LIMIT, "a line over 1024 bytes");
        BASE_TRY(parse_line(parse, base_bytes_of(text.data, len)));
        size_t taken = end == NULL ? len : len + 1;
        text = base_bytes_of(text.data + taken, text.len - taken);
    }
    return check_whole(parse);
}

enum base_code people_mapping_parse(struct base_bytes text, struct people_mapping *out)
{
    struct parse parse = {.out = out};
    *out = (struct people_mapping){.has_header = true, .separator = ','};
    if (text.len > TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a mapping file of %zu bytes", text.len);
    if (!base_bytes_is_utf8(text))
        return base_fail(BASE_E_ENCODING, "a mapping file that is not UTF-8");
    if (text.len > 0 && memchr(text.data, 0, text.len) != NULL)
        return base_fail(BASE_E_ENCODING, "a mapping file with a zero byte");
    enum base_code code = parse_lines(&parse, text);
    if (code != BASE_OK)
        people_mapping_release(out);
    return code;
}

void people_mapping_release(struct people_mapping *mapping)
{
    for (size_t i = 0; i < mapping->field_count; i++)
        for (size_t k = 0; k < PEOPLE_MAPPING_COLUMNS_MAX; k++)
            free(mapping->fields[i].columns[k]);
    free(mapping->only_column);
    free(mapping->only_value);
    *mapping = (struct people_mapping){0};
}
