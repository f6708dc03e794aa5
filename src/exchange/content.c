/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/content.h"

#include "crypto/secret.h"
#include "crypto/text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const text_keys[] = {"background", "facts", "link", "reason", "text", "use"};
const struct exchange_words exchange_text_keys = {text_keys, EXCHANGE_TEXT_COUNT};

/* content 2.5: canonical means sorted keys, no blanks, and jansson's escapes. */
enum { CANONICAL = JSON_SORT_KEYS | JSON_COMPACT };

static void wipe_text(char *text)
{
    if (text != NULL)
        crypto_wipe(text, strlen(text));
    free(text);
}

void exchange_content_release(struct exchange_content *content)
{
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        wipe_text(content->texts[i]);
    for (size_t i = 0; i < content->person_count; i++)
        crypto_wipe_buffer(&content->persons[i]);
    for (size_t i = 0; i < content->attachment_count; i++) {
        free(content->attachments[i].name);
        free(content->attachments[i].type);
        crypto_wipe_buffer(&content->attachments[i].data);
    }
    *content = EXCHANGE_CONTENT_EMPTY;
}

static enum base_code check_text(struct base_bytes text, size_t max, bool has_lines)
{
    if (text.len > max)
        return base_fail(BASE_E_LIMIT, "a text of %zu bytes; at most %zu are allowed", text.len, max);
    if (!base_bytes_is_utf8(text))
        return base_fail(BASE_E_ENCODING, "a text is not UTF-8");
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == 0x7f || (text.data[i] < 0x20 && !(has_lines && (text.data[i] == '\n' || text.data[i] == '\t'))))
            return base_fail(BASE_E_ENCODING, "a text holds a control character");
    return BASE_OK;
}

enum base_code exchange_content_set_text(struct exchange_content *content, enum exchange_text which, struct base_bytes text)
{
    if (content->texts[which] != NULL)
        return base_fail(BASE_E_EXISTS, "\"%s\" stands there already", text_keys[which]);
    BASE_TRY(check_text(text, EXCHANGE_TEXT_BYTES_MAX, true));
    content->texts[which] = base_bytes_dup(text);
    return content->texts[which] == NULL ? base_fail(BASE_E_NOMEM, "no memory for a text") : BASE_OK;
}

static enum base_code dump(const json_t *json, struct base_buffer *out)
{
    char *text = json_dumps(json, CANONICAL);
    if (text == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to write JSON");
    enum base_code code = base_buffer_text(out, text);
    wipe_text(text);
    return code;
}

static enum base_code load(struct base_bytes bytes, json_t **out)
{
    json_error_t error;
    *out = json_loadb((const char *)bytes.data, bytes.len, JSON_REJECT_DUPLICATES, &error);
    if (*out == NULL)
        return base_fail(BASE_E_FORMAT, "not JSON: %.100s", error.text);
    return json_is_object(*out) ? BASE_OK : base_fail(BASE_E_FORMAT, "not a JSON object");
}

static enum base_code add_person(struct exchange_content *content, const json_t *person)
{
    if (!json_is_object(person))
        return base_fail(BASE_E_FORMAT, "a person is not a JSON object");
    if (content->person_count == EXCHANGE_PERSONS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d persons", EXCHANGE_PERSONS_MAX);
    struct base_buffer *at = &content->persons[content->person_count++];
    *at = BASE_BUFFER_EMPTY;
    return dump(person, at);
}

enum base_code exchange_content_add_person(struct exchange_content *content, struct base_bytes bytes)
{
    json_t *person = NULL;
    if (bytes.len > EXCHANGE_CONTENT_MAX)
        return base_fail(BASE_E_LIMIT, "a person of %zu bytes", bytes.len);
    enum base_code code = load(bytes, &person);
    if (code == BASE_OK)
        code = add_person(content, person);
    json_decref(person);
    return code;
}

enum base_code exchange_content_add_attachment(struct exchange_content *content, const char *name, const char *type,
                                               struct base_bytes data)
{
    BASE_TRY(check_text(base_bytes_text(name), EXCHANGE_FILE_NAME_MAX, false));
    BASE_TRY(check_text(base_bytes_text(type), EXCHANGE_FILE_TYPE_MAX, false));
    if (name[0] == 0 || strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return base_fail(BASE_E_FORMAT, "an attachment's name is that of a file, without a folder");
    if (data.len > EXCHANGE_ATTACHMENT_MAX || content->attachment_count == EXCHANGE_ATTACHMENTS_MAX)
        return base_fail(BASE_E_LIMIT, "at most %d attachments, %d bytes in all", EXCHANGE_ATTACHMENTS_MAX, EXCHANGE_ATTACHMENT_MAX);
    struct exchange_attachment *at = &content->attachments[content->attachment_count++];
    *at = (struct exchange_attachment){base_bytes_dup(base_bytes_text(name)), base_bytes_dup(base_bytes_text(type)), BASE_BUFFER_EMPTY};
    if (at->name == NULL || at->type == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for an attachment");
    return base_buffer_append(&at->data, data);
}

enum base_code exchange_content_check_terms(const struct exchange_content *content, const struct exchange_terms *terms)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < content->attachment_count; i++)
        bytes += content->attachments[i].data.len;
    return bytes <= terms->max_attachment
               ? BASE_OK
               : base_fail(BASE_E_OUTSIDE_TERMS, "attachments of %llu bytes; the terms allow %llu", (unsigned long long)bytes,
                           (unsigned long long)terms->max_attachment);
}

static json_t *attachment_json(const struct exchange_attachment *attachment)
{
    struct base_buffer data = BASE_BUFFER_EMPTY;
    json_t *json = NULL;
    if (crypto_base64_append(base_bytes_buffer(&attachment->data), &data) == BASE_OK)
        json = json_pack("{s:s, s:s, s:s}", "name", attachment->name, "type", attachment->type, "data", base_buffer_c_string(&data));
    crypto_wipe_buffer(&data);
    return json;
}

static json_t *attachments_json(const struct exchange_content *content)
{
    json_t *array = json_array();
    for (size_t i = 0; i < content->attachment_count; i++)
        json_array_append_new(array, attachment_json(&content->attachments[i]));
    return array;
}

static json_t *persons_json(const struct exchange_content *content)
{
    json_t *array = json_array();
    for (size_t i = 0; i < content->person_count; i++)
        json_array_append_new(array, json_loadb((const char *)content->persons[i].data, content->persons[i].len, 0, NULL));
    return array;
}

static json_t *texts_json(const struct exchange_content *content)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++) {
        if (content->texts[i] != NULL && json_object_set_new(object, text_keys[i], json_string(content->texts[i])) != 0) {
            json_decref(object); /* one text fewer would be another content */
            return NULL;
        }
    }
    return object;
}

/* Where jansson (2.14) finds no memory for a key, it leaves the key out and says nothing: what goes into a commitment is read again. */
static enum base_code check_written(const json_t *json, struct base_bytes text)
{
    json_t *again = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    bool is_same = again != NULL && json_equal(json, again);
    json_decref(again);
    return is_same ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory to write a content");
}

enum base_code exchange_content_encode(const struct exchange_content *content, struct base_buffer *out)
{
    size_t before = out->len;
    json_t *json = json_pack("{s:o, s:o, s:o}", "attachments", attachments_json(content), "persons", persons_json(content), "texts",
                             texts_json(content));
    if (json == NULL || json_array_size(json_object_get(json, "persons")) != content->person_count ||
        json_array_size(json_object_get(json, "attachments")) != content->attachment_count) {
        json_decref(json);
        return base_fail(BASE_E_NOMEM, "no memory for a content");
    }
    enum base_code code = dump(json, out);
    if (code == BASE_OK)
        code = check_written(json, base_bytes_of(out->data + before, out->len - before));
    json_decref(json);
    if (code == BASE_OK && out->len - before > EXCHANGE_CONTENT_MAX)
        code = base_fail(BASE_E_LIMIT, "a content of %zu bytes; at most %d are allowed", out->len - before, EXCHANGE_CONTENT_MAX);
    return code;
}

static enum base_code read_texts(const json_t *texts, struct exchange_content *out)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)texts, key, value) {
        unsigned which;
        BASE_TRY(exchange_words_find(&exchange_text_keys, "texts", base_bytes_text(key), &which));
        if (!json_is_string(value))
            return base_fail(BASE_E_FORMAT, "the text \"%s\" is not a string", key);
        BASE_TRY(exchange_content_set_text(out, (enum exchange_text)which,
                                           base_bytes_of(json_string_value(value), json_string_length(value))));
    }
    return BASE_OK;
}

static enum base_code read_attachment(json_t *json, struct exchange_content *out)
{
    json_error_t error;
    const char *name, *type, *data;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    if (json_unpack_ex(json, &error, JSON_STRICT, "{s:s, s:s, s:s}", "name", &name, "type", &type, "data", &data) != 0)
        return base_fail(BASE_E_FORMAT, "an attachment: %.100s", error.text);
    enum base_code code = crypto_base64_decode(base_bytes_text(data), &bytes);
    if (code == BASE_OK)
        code = exchange_content_add_attachment(out, name, type, base_bytes_buffer(&bytes));
    crypto_wipe_buffer(&bytes);
    return code;
}

static enum base_code read_document(json_t *json, struct exchange_content *out)
{
    json_error_t error;
    json_t *attachments, *persons, *texts;
    if (json_unpack_ex(json, &error, JSON_STRICT, "{s:o, s:o, s:o}", "attachments", &attachments, "persons", &persons, "texts",
                       &texts) != 0)
        return base_fail(BASE_E_FORMAT, "a content: %.100s", error.text);
    if (!json_is_array(attachments) || !json_is_array(persons) || !json_is_object(texts))
        return base_fail(BASE_E_FORMAT, "a content is texts, persons and attachments");
    BASE_TRY(read_texts(texts, out));
    for (size_t i = 0; i < json_array_size(persons); i++)
        BASE_TRY(add_person(out, json_array_get(persons, i)));
    for (size_t i = 0; i < json_array_size(attachments); i++)
        BASE_TRY(read_attachment(json_array_get(attachments, i), out));
    return BASE_OK;
}

enum base_code exchange_content_decode(struct base_bytes bytes, struct exchange_content *out)
{
    json_t *json = NULL;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    *out = EXCHANGE_CONTENT_EMPTY;
    if (bytes.len > EXCHANGE_CONTENT_MAX)
        return base_fail(BASE_E_LIMIT, "a content of %zu bytes; at most %d are allowed", bytes.len, EXCHANGE_CONTENT_MAX);
    enum base_code code = load(bytes, &json);
    if (code == BASE_OK)
        code = read_document(json, out);
    if (code == BASE_OK)
        code = exchange_content_encode(out, &again);
    if (code == BASE_OK && !base_bytes_equal(base_bytes_buffer(&again), bytes)) /* content 2.5 */
        code = base_fail(BASE_E_FORMAT, "a content that is not in its canonical form");
    json_decref(json);
    crypto_wipe_buffer(&again);
    if (code != BASE_OK)
        exchange_content_release(out);
    return code;
}

void exchange_commit(const uint8_t salt[EXCHANGE_SALT_LEN], struct base_bytes content, struct crypto_hash *out)
{
    struct base_bytes parts[] = {base_bytes_of(salt, EXCHANGE_SALT_LEN), content};
    crypto_hash_domain("entente/exchange/content/v1", parts, 2, out);
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; *at != 0; at++)
        if (strncasecmp(at, word, len) == 0 && (at == text || !isalpha((unsigned char)at[-1])))
            return true;
    return false;
}

const char *exchange_reason_warning(enum exchange_code code, const char *reason)
{
    if (has_word(reason, "tax") || has_word(reason, "fiscal"))
        return "that tax matters are involved is by itself no reason to refuse (FATF Recommendation 40)";
    if (has_word(reason, "secrecy") || has_word(reason, "confidentiality"))
        return "secrecy or confidentiality of banks is by itself no reason to refuse (FATF Recommendation 40)";
    if (code != EXCHANGE_JEOPARDISES_INVESTIGATION &&
        (has_word(reason, "inquiry") || has_word(reason, "investigation") || has_word(reason, "proceeding")))
        return "that an inquiry is under way is no reason to refuse unless it would be harmed: then JEOPARDISES_INVESTIGATION is the code "
               "(FATF Recommendation 40)";
    if (has_word(reason, "not a police") || has_word(reason, "type of authority") || has_word(reason, "kind of authority") ||
        has_word(reason, "counterpart"))
        return "that the asker is another type of authority is no reason to refuse (FATF Recommendation 40)";
    return NULL;
}
