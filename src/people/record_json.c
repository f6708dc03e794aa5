/* SPDX-License-Identifier: Apache-2.0
 *
 * The record as canonical JSON, and back. Writing is by hand, because canonical means that every byte is decided here
 * (records 3); reading is jansson, followed by writing again and comparing, so that nothing that is not canonical
 * passes and the two halves of the text (what FollowTheMoney knows, what it does not) cannot disagree.
 */
#include "people/record.h"

#include "base/cursor.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_MAX = 1 << 22 }; /* bytes of one record (records 3.11) */

static const char *const kind_words[] = {
    [PEOPLE_NAME_PRIMARY] = "primary", [PEOPLE_NAME_ALIAS] = "alias",
    [PEOPLE_NAME_WEAK] = "weak", [PEOPLE_NAME_ORIGINAL] = "original"};
static const char *const place_words[] = {[PEOPLE_PLACE_BIRTH] = "birth", [PEOPLE_PLACE_ADDRESS] = "address"};
enum { KIND_COUNT = sizeof kind_words / sizeof kind_words[0], PLACE_COUNT = sizeof place_words / sizeof place_words[0] };

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
        BASE_TRY(put_member(&items->bytes, "kind", kind_words[name->kind]));
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
        BASE_TRY(put_member(&items->bytes, "kind", place_words[place->kind]));
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
    return out->len - before > JSON_MAX ? base_fail(BASE_E_LIMIT, "a record of %zu bytes", out->len - before) : BASE_OK;
}

static struct base_bytes json_text(const json_t *value)
{
    return base_bytes_of(json_string_value(value), json_string_length(value));
}

/* A member that must be text when it is there; an empty view when it is not. */
static enum base_code get_text(const json_t *object, const char *key, struct base_bytes *out)
{
    const json_t *value = json_object_get(object, key);
    *out = base_bytes_of(NULL, 0);
    if (value == NULL)
        return BASE_OK;
    if (!json_is_string(value) || json_string_length(value) == 0)
        return base_fail(BASE_E_FORMAT, "a record's \"%s\" is not a text", key);
    *out = json_text(value);
    return BASE_OK;
}

/* "1975", "1975-06", "1975-06-14" (records 3.6); whether there is such a day is checked where it is added. */
static enum base_code day_from_text(struct base_bytes text, struct people_day *out)
{
    uint64_t parts[3] = {0};
    struct base_cursor in = base_cursor_over(text);
    for (size_t i = 0; i < 3 && (i == 0 || in.left > 0); i++) {
        if (i > 0)
            BASE_TRY(base_cursor_literal(&in, "-"));
        struct base_bytes digits;
        BASE_TRY(base_cursor_take(&in, i == 0 ? 4 : 2, &digits));
        for (size_t k = 0; k < digits.len; k++) {
            if (digits.data[k] < '0' || digits.data[k] > '9')
                return base_fail(BASE_E_FORMAT, "a date that is not YYYY, YYYY-MM or YYYY-MM-DD");
            parts[i] = parts[i] * 10 + (uint64_t)(digits.data[k] - '0');
        }
        if (parts[i] == 0)
            return base_fail(BASE_E_FORMAT, "a date with a part that is zero");
    }
    BASE_TRY(base_cursor_end(&in));
    *out = (struct people_day){(int16_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2]};
    return BASE_OK;
}

static enum base_code read_birth(const json_t *item, struct people_record *out)
{
    struct base_bytes from, to, stated_by;
    struct people_day first, last;
    const json_t *circa = json_object_get(item, "circa");
    BASE_TRY(get_text(item, "from", &from));
    BASE_TRY(get_text(item, "to", &to));
    BASE_TRY(get_text(item, "statedBy", &stated_by));
    if (circa != NULL && !json_is_true(circa))
        return base_fail(BASE_E_FORMAT, "a date's \"circa\" is not true");
    if (day_from_text(from, &first) != BASE_OK || day_from_text(to.len == 0 ? from : to, &last) != BASE_OK)
        return base_fail(BASE_E_FORMAT, "a record's date of birth is not YYYY, YYYY-MM or YYYY-MM-DD");
    enum base_code code = people_record_add_birth(out, first, last, circa != NULL, stated_by);
    return code == BASE_E_RANGE ? base_fail(BASE_E_FORMAT, "a record's date of birth is no date") : code;
}

static enum base_code read_document(const json_t *item, struct people_record *out)
{
    struct base_bytes type, number, country, note;
    BASE_TRY(get_text(item, "type", &type));
    BASE_TRY(get_text(item, "number", &number));
    BASE_TRY(get_text(item, "country", &country));
    BASE_TRY(get_text(item, "note", &note));
    return people_record_add_document(out, type, number, country, note);
}

static enum base_code find_word(const char *const *words, size_t count, struct base_bytes word, size_t *out)
{
    for (*out = 0; *out < count; ++*out)
        if (base_bytes_equal(base_bytes_text(words[*out]), word))
            return BASE_OK;
    return base_fail(BASE_E_FORMAT, "a record names a kind that there is not");
}

static enum base_code read_name(const json_t *item, struct people_record *out)
{
    struct base_bytes kind, text;
    size_t index = 0;
    BASE_TRY(get_text(item, "kind", &kind));
    BASE_TRY(get_text(item, "text", &text));
    BASE_TRY(find_word(kind_words, KIND_COUNT, kind, &index));
    return people_record_add_name(out, (enum people_name_kind)index, text);
}

static enum base_code read_place(const json_t *item, struct people_record *out)
{
    struct base_bytes kind, text, country;
    size_t index = 0;
    BASE_TRY(get_text(item, "kind", &kind));
    BASE_TRY(get_text(item, "text", &text));
    BASE_TRY(get_text(item, "country", &country));
    BASE_TRY(find_word(place_words, PLACE_COUNT, kind, &index));
    return people_record_add_place(out, (enum people_place_kind)index, text, country);
}

static enum base_code read_objects(const json_t *parent, const char *key,
                                   enum base_code (*read)(const json_t *item, struct people_record *out),
                                   struct people_record *out)
{
    const json_t *array = json_object_get(parent, key);
    if (array == NULL)
        return BASE_OK;
    if (!json_is_array(array))
        return base_fail(BASE_E_FORMAT, "a record's \"%s\" is not an array", key);
    if (json_array_size(array) > PEOPLE_ITEMS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d \"%s\" in one record", PEOPLE_ITEMS_MAX, key);
    for (size_t i = 0; i < json_array_size(array); i++)
        BASE_TRY(read(json_array_get(array, i), out));
    return BASE_OK;
}

static enum base_code read_texts(const json_t *properties, const char *key, struct people_texts *out)
{
    const json_t *array = json_object_get(properties, key);
    if (array != NULL && !json_is_array(array))
        return base_fail(BASE_E_FORMAT, "a record's \"%s\" is not an array", key);
    if (json_array_size(array) > PEOPLE_ITEMS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d \"%s\" in one record", PEOPLE_ITEMS_MAX, key);
    for (size_t i = 0; i < json_array_size(array); i++)
        BASE_TRY(people_texts_add(out, json_text(json_array_get(array, i))));
    return BASE_OK;
}

static enum base_code read_properties(const json_t *properties, struct people_record *out)
{
    BASE_TRY(read_texts(properties, "nationality", &out->nationalities));
    BASE_TRY(read_texts(properties, "title", &out->titles));
    BASE_TRY(read_texts(properties, "notes", &out->remarks));
    const char *sex = json_string_value(json_array_get(json_object_get(properties, "gender"), 0));
    if (sex != NULL)
        out->sex = strcmp(sex, "female") == 0 ? 'f' : 'm';
    return people_record_set_programme(out, json_text(json_array_get(json_object_get(properties, "program"), 0)));
}

static enum base_code read_record(const json_t *root, struct people_record *out)
{
    const json_t *extension = json_object_get(root, "entente");
    struct base_bytes key;
    BASE_TRY(get_text(root, "id", &key));
    BASE_TRY(people_record_set_key(out, key));
    BASE_TRY(read_objects(extension, "births", read_birth, out));
    BASE_TRY(read_objects(extension, "documents", read_document, out));
    BASE_TRY(read_objects(extension, "names", read_name, out));
    BASE_TRY(read_objects(extension, "places", read_place, out));
    return read_properties(json_object_get(root, "properties"), out);
}

/* Everything that reading passed over, and every other way to write the same, shows as a difference (records 3.10). */
static enum base_code check_canonical(struct base_bytes json, const struct people_record *record)
{
    struct base_buffer again = BASE_BUFFER_EMPTY;
    enum base_code code = people_record_encode(record, &again);
    if (code == BASE_OK && !base_bytes_equal(json, base_bytes_buffer(&again)))
        code = base_fail(BASE_E_FORMAT, "a record that is not in canonical form");
    base_buffer_release(&again);
    return code;
}

enum base_code people_record_decode(struct base_bytes json, struct people_record *out)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    json_error_t error;
    if (json.len > JSON_MAX)
        return base_fail(BASE_E_LIMIT, "a record of %zu bytes", json.len);
    if (!base_bytes_is_utf8(json))
        return base_fail(BASE_E_ENCODING, "a record that is not UTF-8");
    json_t *root = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        return base_fail(BASE_E_FORMAT, "a record that is not JSON, at byte %d", error.position);
    enum base_code code = read_record(root, &record);
    if (code == BASE_OK)
        code = check_canonical(json, &record);
    json_decref(root);
    if (code != BASE_OK) {
        people_record_release(&record);
        return code;
    }
    *out = record;
    return BASE_OK;
}
