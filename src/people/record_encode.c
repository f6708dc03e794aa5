/* SPDX-License-Identifier: Apache-2.0
 *
 * The record as canonical JSON. It is written by hand, because canonical means that every byte is decided here
 * (records 3). What the words are, record_json.h knows; reading is in record_decode.c.
 */
#include "people/record_json.h"

#include "base/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const people_kind_words[] = {
    [PEOPLE_NAME_PRIMARY] = "primary", [PEOPLE_NAME_ALIAS] = "alias",
    [PEOPLE_NAME_WEAK] = "weak", [PEOPLE_NAME_ORIGINAL] = "original"};
const char *const people_place_words[] = {[PEOPLE_PLACE_BIRTH] = "birth", [PEOPLE_PLACE_ADDRESS] = "address"};

/* The encoded items of one array, gathered before they are sorted. */
struct item {
    size_t at, len;
};

struct items {
    struct base_buffer bytes;
    struct item *list;
    size_t count, capacity, begun_at;
};

static void items_release(struct items *items)
{
    base_buffer_release(&items->bytes);
    free(items->list);
}

static enum base_code items_end_one(struct items *items)
{
    BASE_TRY(base_grow_array((void **)&items->list, &items->capacity, items->count + 1, sizeof *items->list));
    items->list[items->count++] = (struct item){items->begun_at, items->bytes.len - items->begun_at};
    items->begun_at = items->bytes.len;
    return BASE_OK;
}

/* Escapes as RFC 8785 section 3.2.2.2 does (records 3.3). */
static enum base_code put_string(struct base_buffer *out, const char *text)
{
    BASE_TRY(base_put_u8(out, '"'));
    size_t plain = 0;
    for (size_t i = 0;; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        BASE_TRY(base_buffer_append(out, base_bytes_of(text + plain, i - plain)));
        plain = i + 1;
        if (byte == 0)
            break;
        if (byte == '"' || byte == '\\')
            BASE_TRY(base_buffer_format(out, "\\%c", byte));
        else
            BASE_TRY(base_buffer_format(out, "\\u%04x", byte)); /* cleaned texts hold none of these */
    }
    return base_put_u8(out, '"');
}

static enum base_code items_text(struct items *items, const char *text)
{
    BASE_TRY(put_string(&items->bytes, text));
    return items_end_one(items);
}

/* `,"key":"text"`, or nothing when the text is NULL; the comma only when a member stands before. */
static enum base_code put_member(struct base_buffer *out, const char *key, const char *text)
{
    if (text == NULL)
        return BASE_OK;
    bool is_first = out->len > 0 && out->data[out->len - 1] == '{';
    BASE_TRY(base_buffer_format(out, "%s\"%s\":", is_first ? "" : ",", key));
    return put_string(out, text);
}

struct day_text {
    char text[16];
};

static struct day_text day_text(struct people_day day)
{
    struct day_text out;
    unsigned year = (unsigned)day.year % 10000u, month = day.month % 100u, dom = day.day % 100u;
    if (day.month == 0)
        snprintf(out.text, sizeof out.text, "%04u", year);
    else if (day.day == 0)
        snprintf(out.text, sizeof out.text, "%04u-%02u", year, month);
    else
        snprintf(out.text, sizeof out.text, "%04u-%02u-%02u", year, month, dom);
    return out;
}

/* What stands under "entente" (records 3.5 to 3.8). */
static enum base_code collect_births(const struct people_record *record, struct items *items)
{
    for (size_t i = 0; i < record->birth_count; i++) {
        const struct people_date *birth = &record->births[i];
        BASE_TRY(base_buffer_text(&items->bytes, birth->is_circa ? "{\"circa\":true" : "{"));
        BASE_TRY(put_member(&items->bytes, "from", day_text(birth->from).text));
        BASE_TRY(put_member(&items->bytes, "statedBy", birth->stated_by));
        bool is_range = people_date_precision(birth) == PEOPLE_RANGE;
        BASE_TRY(put_member(&items->bytes, "to", is_range ? day_text(birth->to).text : NULL));
        BASE_TRY(base_put_u8(&items->bytes, '}'));
        BASE_TRY(items_end_one(items));
    }
    return BASE_OK;
}

static enum base_code collect_documents(const struct people_record *record, struct items *items)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct people_document *document = &record->documents[i];
        BASE_TRY(base_put_u8(&items->bytes, '{'));
        BASE_TRY(put_member(&items->bytes, "country", document->country));
        BASE_TRY(put_member(&items->bytes, "note", document->note));
        BASE_TRY(put_member(&items->bytes, "number", document->number));
        BASE_TRY(put_member(&items->bytes, "type", document->type));
        BASE_TRY(base_put_u8(&items->bytes, '}'));
        BASE_TRY(items_end_one(items));
    }
    return BASE_OK;
}

static enum base_code collect_names(const struct people_record *record, struct items *items)
{
    for (size_t i = 0; i < record->name_count; i++) {
        const struct people_name *name = &record->names[i];
        BASE_TRY(base_put_u8(&items->bytes, '{'));
        BASE_TRY(put_member(&items->bytes, "kind", people_kind_words[name->kind]));
        BASE_TRY(put_member(&items->bytes, "script", name->script));
        BASE_TRY(put_member(&items->bytes, "text", name->text));
        BASE_TRY(base_put_u8(&items->bytes, '}'));
        BASE_TRY(items_end_one(items));
    }
    return BASE_OK;
}

static enum base_code collect_places(const struct people_record *record, struct items *items)
{
    for (size_t i = 0; i < record->place_count; i++) {
        const struct people_place *place = &record->places[i];
        BASE_TRY(base_put_u8(&items->bytes, '{'));
        BASE_TRY(put_member(&items->bytes, "country", place->country));
        BASE_TRY(put_member(&items->bytes, "kind", people_place_words[place->kind]));
        BASE_TRY(put_member(&items->bytes, "text", place->text));
        BASE_TRY(base_put_u8(&items->bytes, '}'));
        BASE_TRY(items_end_one(items));
    }
    return BASE_OK;
}

/* What stands under "properties": the same for a reader who knows only FollowTheMoney (records 3.9). */
static enum base_code collect_place_texts(const struct people_record *record, enum people_place_kind kind,
                                          struct items *items)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < record->place_count && code == BASE_OK; i++) {
        const struct people_place *place = &record->places[i];
        if (place->kind != kind)
            continue;
        base_buffer_clear(&text);
        code = base_buffer_format(&text, "%s%s%s", place->text, place->country == NULL ? "" : ", ",
                                  place->country == NULL ? "" : place->country);
        if (code == BASE_OK)
            code = items_text(items, base_buffer_c_string(&text));
    }
    base_buffer_release(&text);
    return code;
}

static enum base_code property_address(const struct people_record *record, struct items *items)
{
    return collect_place_texts(record, PEOPLE_PLACE_ADDRESS, items);
}

static enum base_code property_birth_place(const struct people_record *record, struct items *items)
{
    return collect_place_texts(record, PEOPLE_PLACE_BIRTH, items);
}

static enum base_code collect_name_texts(const struct people_record *record, enum people_name_kind kind,
                                         struct items *items)
{
    for (size_t i = 0; i < record->name_count; i++)
        if (record->names[i].kind == kind)
            BASE_TRY(items_text(items, record->names[i].text));
    return BASE_OK;
}

static enum base_code property_alias(const struct people_record *record, struct items *items)
{
    return collect_name_texts(record, PEOPLE_NAME_ALIAS, items);
}

static enum base_code property_weak_alias(const struct people_record *record, struct items *items)
{
    return collect_name_texts(record, PEOPLE_NAME_WEAK, items);
}

static enum base_code property_name(const struct people_record *record, struct items *items)
{
    BASE_TRY(collect_name_texts(record, PEOPLE_NAME_PRIMARY, items));
    return collect_name_texts(record, PEOPLE_NAME_ORIGINAL, items);
}

static enum base_code property_birth_date(const struct people_record *record, struct items *items)
{
    for (size_t i = 0; i < record->birth_count; i++) {
        BASE_TRY(items_text(items, day_text(record->births[i].from).text));
        BASE_TRY(items_text(items, day_text(record->births[i].to).text));
    }
    return BASE_OK;
}

static enum base_code collect_numbers(const struct people_record *record, bool is_passport, struct items *items)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct people_document *document = &record->documents[i];
        bool says_passport = document->type != NULL && strcasestr(document->type, "passport") != NULL;
        if (says_passport == is_passport)
            BASE_TRY(items_text(items, document->number));
    }
    return BASE_OK;
}

static enum base_code property_id_number(const struct people_record *record, struct items *items)
{
    return collect_numbers(record, false, items);
}

static enum base_code property_passport_number(const struct people_record *record, struct items *items)
{
    return collect_numbers(record, true, items);
}

static enum base_code property_gender(const struct people_record *record, struct items *items)
{
    return record->sex == 0 ? BASE_OK : items_text(items, record->sex == 'f' ? "female" : "male");
}

static enum base_code property_program(const struct people_record *record, struct items *items)
{
    return record->programme == NULL ? BASE_OK : items_text(items, record->programme);
}

static enum base_code collect_texts(const struct people_texts *texts, struct items *items)
{
    for (size_t i = 0; i < texts->count; i++)
        BASE_TRY(items_text(items, texts->items[i]));
    return BASE_OK;
}

static enum base_code property_nationality(const struct people_record *record, struct items *items)
{
    return collect_texts(&record->nationalities, items);
}

static enum base_code property_notes(const struct people_record *record, struct items *items)
{
    return collect_texts(&record->remarks, items);
}

static enum base_code property_title(const struct people_record *record, struct items *items)
{
    return collect_texts(&record->titles, items);
}

struct array {
    const char *key;
    enum base_code (*collect)(const struct people_record *record, struct items *items);
};

/* In the order of their keys. */
static const struct array extension_arrays[] = {
    {"births", collect_births}, {"documents", collect_documents}, {"names", collect_names}, {"places", collect_places}};
static const struct array property_arrays[] = {
    {"address", property_address},         {"alias", property_alias},
    {"birthDate", property_birth_date},    {"birthPlace", property_birth_place},
    {"gender", property_gender},           {"idNumber", property_id_number},
    {"name", property_name},               {"nationality", property_nationality},
    {"notes", property_notes},             {"passportNumber", property_passport_number},
    {"program", property_program},         {"title", property_title},
    {"weakAlias", property_weak_alias}};

static int compare_items(const void *a, const void *b, void *context)
{
    const uint8_t *bytes = context;
    const struct item *left = a, *right = b;
    return base_bytes_compare(base_bytes_of(bytes + left->at, left->len), base_bytes_of(bytes + right->at, right->len));
}

/* `"key":[...]` in ascending order without repeats, or nothing when the array is empty (records 3.2). */
static enum base_code put_array(struct base_buffer *out, const struct array *array, const struct people_record *record)
{
    struct items items = {0};
    enum base_code code = array->collect(record, &items);
    if (code != BASE_OK || items.count == 0)
        goto done;
    qsort_r(items.list, items.count, sizeof items.list[0], compare_items, items.bytes.data);
    bool is_first = out->data[out->len - 1] == '{';
    if ((code = base_buffer_format(out, "%s\"%s\":[", is_first ? "" : ",", array->key)) != BASE_OK)
        goto done;
    for (size_t i = 0; i < items.count && code == BASE_OK; i++) {
        struct item item = items.list[i];
        if (i > 0 && compare_items(&items.list[i - 1], &item, items.bytes.data) == 0)
            continue;
        if (i > 0)
            code = base_put_u8(out, ',');
        if (code == BASE_OK)
            code = base_put_bytes(out, items.bytes.data + item.at, item.len);
    }
    if (code == BASE_OK)
        code = base_put_u8(out, ']');
done:
    items_release(&items);
    return code;
}

static enum base_code put_arrays(struct base_buffer *out, const struct array *arrays, size_t count,
                                 const struct people_record *record)
{
    for (size_t i = 0; i < count; i++)
        BASE_TRY(put_array(out, &arrays[i], record));
    return BASE_OK;
}

enum base_code people_record_encode(const struct people_record *record, struct base_buffer *out)
{
    size_t before = out->len;
    BASE_TRY(base_buffer_text(out, "{\"entente\":{"));
    BASE_TRY(put_arrays(out, extension_arrays, sizeof extension_arrays / sizeof extension_arrays[0], record));
    BASE_TRY(base_buffer_text(out, "},\"id\":"));
    BASE_TRY(put_string(out, record->source_key == NULL ? "" : record->source_key));
    BASE_TRY(base_buffer_text(out, ",\"properties\":{"));
    BASE_TRY(put_arrays(out, property_arrays, sizeof property_arrays / sizeof property_arrays[0], record));
    BASE_TRY(base_buffer_text(out, "},\"schema\":\"Person\"}"));
    return out->len - before > PEOPLE_JSON_MAX ? base_fail(BASE_E_LIMIT, "a record of %zu bytes", out->len - before) : BASE_OK;
}
