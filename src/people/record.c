/* SPDX-License-Identifier: Apache-2.0 */
#include "people/record.h"

#include "base/clock.h"
#include "names/unicode.h"

#include <stdlib.h>
#include <string.h>

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The length of the white space (Unicode White_Space, and the other control characters) at `at`, or 0. */
static size_t blank_length(const uint8_t *at, size_t left)
{
    if (at[0] <= 0x20 || at[0] == 0x7f)
        return 1;
    if (at[0] == 0xc2 && left >= 2 && at[1] >= 0x80 && at[1] <= 0xa0)
        return 2;
    if (at[0] < 0xe1 || at[0] > 0xe3 || left < 3)
        return 0;
    unsigned point = (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
    bool is_blank = point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
                    point == 0x202f || point == 0x205f || point == 0x3000;
    return is_blank ? 3 : 0;
}

/* In place: no blanks at the ends, one U+0020 for each run between. */
static void squeeze(struct base_buffer *text)
{
    size_t kept = 0;
    bool is_pending = false;
    for (size_t i = 0; i < text->len;) {
        size_t blank = blank_length(text->data + i, text->len - i);
        if (blank > 0) {
            is_pending = kept > 0;
            i += blank;
            continue;
        }
        if (is_pending)
            text->data[kept++] = ' ';
        is_pending = false;
        text->data[kept++] = text->data[i++];
    }
    text->len = kept;
    if (text->data != NULL)
        text->data[kept] = 0;
}

/* NFC, squeezed, on the heap; *out is NULL when nothing is left (records 2.2, 2.3). */
static enum base_code clean_text(struct base_bytes text, char **out)
{
    *out = NULL;
    if (text.len == 0)
        return BASE_OK;
    if (text.len > 4 * PEOPLE_TEXT_MAX)
        return base_fail(BASE_E_LIMIT, "a text of %zu bytes; the limit is %d", text.len, PEOPLE_TEXT_MAX);
    if (memchr(text.data, 0, text.len) != NULL)
        return base_fail(BASE_E_ENCODING, "a zero byte in a text");
    struct base_buffer clean = BASE_BUFFER_EMPTY;
    enum base_code code = names_nfc(text, &clean);
    if (code != BASE_OK)
        goto done;
    squeeze(&clean);
    if (clean.len > PEOPLE_TEXT_MAX) {
        code = base_fail(BASE_E_LIMIT, "a text of %zu bytes; the limit is %d", clean.len, PEOPLE_TEXT_MAX);
        goto done;
    }
    if (clean.len > 0) {
        *out = (char *)clean.data;
        clean = BASE_BUFFER_EMPTY;
    }
done:
    base_buffer_release(&clean);
    return code;
}

static enum base_code room_for_one(void **array, size_t *capacity, size_t count, size_t item_size, const char *what)
{
    if (count >= PEOPLE_ITEMS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d %s in one record", PEOPLE_ITEMS_MAX, what);
    return base_grow_array(array, capacity, count + 1, item_size);
}

#define ROOM_FOR_ONE(array, capacity, count, what)                                                                     \
    room_for_one((void **)&(array), &(capacity), (count), sizeof *(array), (what))

static void texts_release(struct people_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct people_texts){0};
}

static void document_release(struct people_document *document)
{
    free(document->type);
    free(document->number);
    free(document->country);
    free(document->note);
}

static void place_release(struct people_place *place)
{
    free(place->text);
    free(place->country);
}

void people_record_release(struct people_record *record)
{
    free(record->source_key);
    free(record->programme);
    for (size_t i = 0; i < record->name_count; i++)
        free(record->names[i].text);
    free(record->names);
    for (size_t i = 0; i < record->birth_count; i++)
        free(record->births[i].stated_by);
    free(record->births);
    for (size_t i = 0; i < record->document_count; i++)
        document_release(&record->documents[i]);
    free(record->documents);
    for (size_t i = 0; i < record->place_count; i++)
        place_release(&record->places[i]);
    free(record->places);
    texts_release(&record->nationalities);
    texts_release(&record->titles);
    texts_release(&record->remarks);
    *record = PEOPLE_RECORD_EMPTY;
}

static enum base_code set_text(char **field, struct base_bytes text)
{
    char *clean = NULL;
    BASE_TRY(clean_text(text, &clean));
    if (clean == NULL)
        return BASE_OK;
    free(*field);
    *field = clean;
    return BASE_OK;
}

enum base_code people_record_set_key(struct people_record *record, struct base_bytes source_key)
{
    return set_text(&record->source_key, source_key);
}

enum base_code people_record_set_programme(struct people_record *record, struct base_bytes text)
{
    return set_text(&record->programme, text);
}

enum base_code people_record_add_name(struct people_record *record, enum people_name_kind kind, struct base_bytes text)
{
    char *clean = NULL;
    BASE_TRY(clean_text(text, &clean));
    if (clean == NULL)
        return BASE_OK;
    for (size_t i = 0; i < record->name_count; i++) {
        if (record->names[i].kind == kind && strcmp(record->names[i].text, clean) == 0) {
            free(clean);
            return BASE_OK;
        }
    }
    enum base_code code = ROOM_FOR_ONE(record->names, record->name_capacity, record->name_count, "names");
    if (code != BASE_OK) {
        free(clean);
        return code;
    }
    struct people_name *name = &record->names[record->name_count++];
    name->text = clean;
    name->kind = kind;
    names_script_of(base_bytes_text(clean), name->script);
    return BASE_OK;
}

static bool is_day(struct people_day day)
{
    if (day.year < 1 || day.year > 9999 || (day.month == 0 && day.day != 0))
        return false;
    return base_is_civil(day.year, day.month == 0 ? 1 : day.month, day.day == 0 ? 1 : day.day);
}

static bool is_same_day(struct people_day a, struct people_day b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Unknown parts count as their earliest in `from` and their latest in `to`. */
static bool is_backwards(struct people_day from, struct people_day to)
{
    int first = from.year * 10000 + from.month * 100 + from.day;
    int last = to.year * 10000 + (to.month == 0 ? 99 : to.month) * 100 + (to.day == 0 ? 99 : to.day);
    return first > last;
}

static bool has_birth(const struct people_record *record, const struct people_date *birth)
{
    for (size_t i = 0; i < record->birth_count; i++) {
        const struct people_date *held = &record->births[i];
        if (is_same_day(held->from, birth->from) && is_same_day(held->to, birth->to) &&
            held->is_circa == birth->is_circa && is_same_text(held->stated_by, birth->stated_by))
            return true;
    }
    return false;
}

enum base_code people_record_add_birth(struct people_record *record, struct people_day from, struct people_day to,
                                       bool is_circa, struct base_bytes stated_by)
{
    if (!is_day(from) || !is_day(to))
        return base_fail(BASE_E_RANGE, "there is no such day");
    if (is_backwards(from, to))
        return base_fail(BASE_E_RANGE, "a range of dates that runs backwards");
    struct people_date birth = {.from = from, .to = to, .is_circa = is_circa};
    BASE_TRY(clean_text(stated_by, &birth.stated_by));
    enum base_code code = BASE_OK;
    if (has_birth(record, &birth))
        goto done;
    code = ROOM_FOR_ONE(record->births, record->birth_capacity, record->birth_count, "dates of birth");
    if (code != BASE_OK)
        goto done;
    record->births[record->birth_count++] = birth;
    birth.stated_by = NULL;
done:
    free(birth.stated_by);
    return code;
}

static bool has_document(const struct people_record *record, const struct people_document *document)
{
    for (size_t i = 0; i < record->document_count; i++) {
        const struct people_document *held = &record->documents[i];
        if (is_same_text(held->number, document->number) && is_same_text(held->type, document->type) &&
            is_same_text(held->country, document->country) && is_same_text(held->note, document->note))
            return true;
    }
    return false;
}

enum base_code people_record_add_document(struct people_record *record, struct base_bytes type, struct base_bytes number,
                                          struct base_bytes country, struct base_bytes note)
{
    struct people_document document = {0};
    enum base_code code = clean_text(number, &document.number);
    if (code != BASE_OK || document.number == NULL)
        goto done;
    if ((code = clean_text(type, &document.type)) != BASE_OK ||
        (code = clean_text(country, &document.country)) != BASE_OK ||
        (code = clean_text(note, &document.note)) != BASE_OK)
        goto done;
    if (has_document(record, &document))
        goto done;
    code = ROOM_FOR_ONE(record->documents, record->document_capacity, record->document_count, "documents");
    if (code != BASE_OK)
        goto done;
    record->documents[record->document_count++] = document;
    document = (struct people_document){0};
done:
    document_release(&document);
    return code;
}

static bool has_place(const struct people_record *record, const struct people_place *place)
{
    for (size_t i = 0; i < record->place_count; i++) {
        const struct people_place *held = &record->places[i];
        if (held->kind == place->kind && is_same_text(held->text, place->text) &&
            is_same_text(held->country, place->country))
            return true;
    }
    return false;
}

enum base_code people_record_add_place(struct people_record *record, enum people_place_kind kind, struct base_bytes text,
                                       struct base_bytes country)
{
    struct people_place place = {.kind = kind};
    enum base_code code = clean_text(text, &place.text);
    if (code == BASE_OK)
        code = clean_text(country, &place.country);
    if (code != BASE_OK || (place.text == NULL && place.country == NULL))
        goto done;
    if (place.text == NULL) { /* all that is known is the country: that is the place */
        place.text = place.country;
        place.country = NULL;
    }
    if (has_place(record, &place))
        goto done;
    code = ROOM_FOR_ONE(record->places, record->place_capacity, record->place_count, "places");
    if (code != BASE_OK)
        goto done;
    record->places[record->place_count++] = place;
    place = (struct people_place){0};
done:
    place_release(&place);
    return code;
}

enum base_code people_texts_add(struct people_texts *texts, struct base_bytes text)
{
    char *clean = NULL;
    BASE_TRY(clean_text(text, &clean));
    if (clean == NULL)
        return BASE_OK;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], clean) == 0)
            goto done;
    code = ROOM_FOR_ONE(texts->items, texts->capacity, texts->count, "texts of one kind");
    if (code != BASE_OK)
        goto done;
    texts->items[texts->count++] = clean;
    clean = NULL;
done:
    free(clean);
    return code;
}

enum people_precision people_date_precision(const struct people_date *date)
{
    if (!is_same_day(date->from, date->to))
        return PEOPLE_RANGE;
    if (date->from.month == 0)
        return PEOPLE_YEAR;
    return date->from.day == 0 ? PEOPLE_MONTH : PEOPLE_DAY;
}

static struct base_bytes view(const char *text)
{
    return text == NULL ? base_bytes_of(NULL, 0) : base_bytes_text(text);
}

static enum base_code merge_texts(struct people_texts *into, const struct people_texts *from)
{
    for (size_t i = 0; i < from->count; i++)
        BASE_TRY(people_texts_add(into, view(from->items[i])));
    return BASE_OK;
}

static enum base_code merge_lists(struct people_record *into, const struct people_record *from)
{
    for (size_t i = 0; i < from->name_count; i++)
        BASE_TRY(people_record_add_name(into, from->names[i].kind, view(from->names[i].text)));
    for (size_t i = 0; i < from->birth_count; i++) {
        const struct people_date *birth = &from->births[i];
        BASE_TRY(people_record_add_birth(into, birth->from, birth->to, birth->is_circa, view(birth->stated_by)));
    }
    for (size_t i = 0; i < from->document_count; i++) {
        const struct people_document *document = &from->documents[i];
        BASE_TRY(people_record_add_document(into, view(document->type), view(document->number),
                                            view(document->country), view(document->note)));
    }
    for (size_t i = 0; i < from->place_count; i++) {
        const struct people_place *place = &from->places[i];
        BASE_TRY(people_record_add_place(into, place->kind, view(place->text), view(place->country)));
    }
    return BASE_OK;
}

enum base_code people_record_merge(struct people_record *into, const struct people_record *from)
{
    if (into->source_key == NULL)
        BASE_TRY(people_record_set_key(into, view(from->source_key)));
    if (into->programme == NULL)
        BASE_TRY(people_record_set_programme(into, view(from->programme)));
    if (into->sex == 0)
        into->sex = from->sex;
    BASE_TRY(merge_lists(into, from));
    BASE_TRY(merge_texts(&into->nationalities, &from->nationalities));
    BASE_TRY(merge_texts(&into->titles, &from->titles));
    return merge_texts(&into->remarks, &from->remarks);
}
