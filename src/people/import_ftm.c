/* SPDX-License-Identifier: Apache-2.0
 *
 * FollowTheMoney entities, one JSON object a line (records 6.4). A line that this program wrote is read as the record it
 * is; of any other Person the properties are taken. Other schemata are passed over.
 */
#include "people/import_job.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 65536, LINE_MAX_LEN = 1 << 22 };

struct lines {
    struct people_stream *in;
    uint8_t chunk[CHUNK];
    size_t at, len;
    struct base_buffer line;
    uint64_t number;
    bool is_too_long, has_line_end;
};

/* The next line without its '\n'; what is over the limit of a line is read past and not kept. */
static enum base_code next_line(struct lines *lines, bool *has_line)
{
    base_buffer_clear(&lines->line);
    lines->is_too_long = lines->has_line_end = *has_line = false;
    while (!lines->has_line_end) {
        if (lines->at == lines->len) {
            lines->at = 0;
            BASE_TRY(people_stream_read(lines->in, lines->chunk, CHUNK, &lines->len));
            if (lines->len == 0)
                break;
        }
        const uint8_t *from = lines->chunk + lines->at, *end = memchr(from, '\n', lines->len - lines->at);
        size_t len = end == NULL ? lines->len - lines->at : (size_t)(end - from);
        lines->has_line_end = end != NULL;
        lines->at += len + lines->has_line_end;
        *has_line = true;
        lines->is_too_long |= lines->line.len + len > LINE_MAX_LEN;
        if (!lines->is_too_long)
            BASE_TRY(base_buffer_append(&lines->line, base_bytes_of(from, len)));
    }
    lines->number += *has_line;
    return BASE_OK;
}

static struct base_bytes text_of(const json_t *value)
{
    return base_bytes_of(json_string_value(value), json_string_length(value));
}

/* The i-th value of a property; empty when there is none, or when it is no text. */
static struct base_bytes property(const json_t *properties, const char *name, size_t index)
{
    return text_of(json_array_get(json_object_get(properties, name), index));
}

static size_t property_count(const json_t *properties, const char *name)
{
    return json_array_size(json_object_get(properties, name));
}

static enum base_code take_names(struct people_record *record, const json_t *properties)
{
    static const struct {
        const char *property;
        enum people_name_kind kind;
    } names[] = {{"name", PEOPLE_NAME_PRIMARY},
                 {"alias", PEOPLE_NAME_ALIAS},
                 {"previousName", PEOPLE_NAME_ALIAS},
                 {"weakAlias", PEOPLE_NAME_WEAK}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t k = 0; k < property_count(properties, names[i].property); k++)
            BASE_TRY(people_record_add_name(record, names[i].kind, property(properties, names[i].property, k)));
    return BASE_OK;
}

/* For an entity that has only the parts of its name. */
static enum base_code take_name_parts(struct people_record *record, const json_t *properties)
{
    static const char *const parts[] = {"firstName", "secondName", "middleName", "fatherName", "lastName"};
    struct base_buffer name = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && code == BASE_OK; i++) {
        code = base_buffer_append(&name, property(properties, parts[i], 0));
        if (code == BASE_OK)
            code = base_buffer_text(&name, " ");
    }
    if (code == BASE_OK)
        code = people_record_add_name(record, PEOPLE_NAME_PRIMARY, base_bytes_buffer(&name));
    base_buffer_release(&name);
    return code;
}

static enum base_code take_documents(struct people_record *record, const json_t *properties)
{
    static const struct {
        const char *property, *type;
    } documents[] = {{"passportNumber", "Passport"},
                     {"idNumber", "Identification number"},
                     {"taxNumber", "Tax number"},
                     {"innCode", "INN"},
                     {"socialSecurityNumber", "Social security number"}};
    struct base_bytes nothing = base_bytes_of(NULL, 0);
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        for (size_t k = 0; k < property_count(properties, documents[i].property); k++)
            BASE_TRY(people_record_add_document(record, base_bytes_text(documents[i].type),
                                                property(properties, documents[i].property, k), nothing, nothing));
    return BASE_OK;
}

static enum base_code take_places(struct people_record *record, const json_t *properties)
{
    struct base_bytes nothing = base_bytes_of(NULL, 0);
    for (size_t k = 0; k < property_count(properties, "address"); k++)
        BASE_TRY(people_record_add_place(record, PEOPLE_PLACE_ADDRESS, property(properties, "address", k), nothing));
    for (size_t k = 0; k < property_count(properties, "birthPlace"); k++)
        BASE_TRY(people_record_add_place(record, PEOPLE_PLACE_BIRTH, property(properties, "birthPlace", k), nothing));
    for (size_t k = 0; k < property_count(properties, "birthCountry"); k++)
        BASE_TRY(people_record_add_place(record, PEOPLE_PLACE_BIRTH, nothing, property(properties, "birthCountry", k)));
    return BASE_OK;
}

static enum base_code take_texts(struct people_record *record, const json_t *properties)
{
    for (size_t k = 0; k < property_count(properties, "nationality"); k++)
        BASE_TRY(people_texts_add(&record->nationalities, property(properties, "nationality", k)));
    for (size_t k = 0; k < property_count(properties, "citizenship"); k++)
        BASE_TRY(people_texts_add(&record->nationalities, property(properties, "citizenship", k)));
    for (size_t k = 0; k < property_count(properties, "title"); k++)
        BASE_TRY(people_texts_add(&record->titles, property(properties, "title", k)));
    for (size_t k = 0; k < property_count(properties, "position"); k++)
        BASE_TRY(people_add_remark(record, "Position: ", property(properties, "position", k)));
    for (size_t k = 0; k < property_count(properties, "notes"); k++)
        BASE_TRY(people_add_remark(record, "", property(properties, "notes", k)));
    for (size_t k = 0; k < property_count(properties, "birthDate"); k++)
        BASE_TRY(people_add_birth_text(record, property(properties, "birthDate", k), PEOPLE_ORDER_DAY_MONTH,
                                       base_bytes_of(NULL, 0)));
    return BASE_OK;
}

static enum base_code take_entity(struct people_record *record, const json_t *entity)
{
    const json_t *properties = json_object_get(entity, "properties");
    BASE_TRY(people_record_set_key(record, text_of(json_object_get(entity, "id"))));
    BASE_TRY(take_names(record, properties));
    if (record->name_count == 0)
        BASE_TRY(take_name_parts(record, properties));
    BASE_TRY(take_documents(record, properties));
    BASE_TRY(take_places(record, properties));
    people_set_sex_text(record, property(properties, "gender", 0));
    BASE_TRY(people_record_set_programme(record, property(properties, "program", 0)));
    return take_texts(record, properties);
}

static bool is_person(const json_t *entity)
{
    const char *schema = json_string_value(json_object_get(entity, "schema"));
    return schema != NULL && strcmp(schema, "Person") == 0;
}

/* `text` is the entity's own: a record in the form of section 3 is exactly these bytes. */
static enum base_code read_person(struct base_bytes text, const json_t *entity, struct people_record *record)
{
    bool is_own = json_object_get(entity, "entente") != NULL;
    enum base_code code = is_own ? people_record_decode(text, record) : BASE_OK;
    if (!is_own || (code != BASE_OK && code != BASE_E_NOMEM)) /* not in that form: any other entity */
        code = take_entity(record, entity);
    return code;
}

enum base_code people_import_entity(struct base_bytes json, struct people_record *out)
{
    json_error_t error;
    if (json.len > LINE_MAX_LEN)
        return base_fail(BASE_E_LIMIT, "an entity over 4 MiB");
    json_t *entity = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, &error);
    enum base_code code = BASE_OK;
    if (!is_person(entity))
        code = base_fail(BASE_E_FORMAT, entity == NULL ? "not a JSON object" : "not an entity of schema Person");
    if (code == BASE_OK)
        code = read_person(people_trim(json), entity, out);
    if (code == BASE_OK && out->name_count == 0)
        code = base_fail(BASE_E_FORMAT, "a person without a name");
    json_decref(entity);
    return code;
}

/* What is wrong with a line that is no entity: a last line without an end is a file that was cut. */
static enum base_code bad_line(struct lines *lines, struct people_job *job, const char *reason)
{
    if (!lines->has_line_end)
        return base_fail(BASE_E_TRUNCATED, "%s: the last line is cut", lines->in->file);
    people_job_bad(job, lines->in, lines->number, reason);
    return BASE_OK;
}

static enum base_code read_line(struct lines *lines, struct people_job *job)
{
    struct base_bytes text = people_trim(base_bytes_buffer(&lines->line));
    struct people_record record = PEOPLE_RECORD_EMPTY;
    json_error_t error;
    if (text.len == 0 && !lines->is_too_long)
        return BASE_OK;
    BASE_TRY(people_job_row(job, lines->in));
    if (lines->is_too_long)
        return bad_line(lines, job, "a line over 4 MiB");
    json_t *entity = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
    if (entity == NULL)
        return bad_line(lines, job, "not a JSON object");
    enum base_code code = BASE_OK;
    if (is_person(entity)) {
        code = read_person(text, entity, &record);
        code = people_job_end_row(job, code, &record, lines->in, lines->number);
    } else if (json_object_get(entity, "schema") == NULL) {
        people_job_bad(job, lines->in, lines->number, "an object without a schema");
    }
    people_record_release(&record);
    json_decref(entity);
    return code;
}

enum base_code people_import_ftm(struct people_stream *in, struct people_job *job)
{
    struct lines *lines = calloc(1, sizeof *lines);
    if (lines == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to read %s", in->file);
    lines->in = in;
    enum base_code code = BASE_OK;
    bool has_line = true;
    while (code == BASE_OK && (code = next_line(lines, &has_line)) == BASE_OK && has_line)
        code = read_line(lines, job);
    base_buffer_release(&lines->line);
    free(lines);
    return code;
}
