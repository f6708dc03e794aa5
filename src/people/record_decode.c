/* SPDX-License-Identifier: Apache-2.0
 *
 * Canonical JSON back to the record: read with jansson, then written again and compared, so that nothing that is not
 * canonical passes and the two halves of the text (what FollowTheMoney knows, what it does not) cannot disagree.
 */
#include "people/record_json.h"

#include "base/cursor.h"

#include <jansson.h>
#include <string.h>

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
    BASE_TRY(find_word(people_kind_words, PEOPLE_KIND_COUNT, kind, &index));
    return people_record_add_name(out, (enum people_name_kind)index, text);
}

static enum base_code read_place(const json_t *item, struct people_record *out)
{
    struct base_bytes kind, text, country;
    size_t index = 0;
    BASE_TRY(get_text(item, "kind", &kind));
    BASE_TRY(get_text(item, "text", &text));
    BASE_TRY(get_text(item, "country", &country));
    BASE_TRY(find_word(people_place_words, PEOPLE_PLACE_COUNT, kind, &index));
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
    if (json.len > PEOPLE_JSON_MAX)
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
