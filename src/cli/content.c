/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/content.h"

#include "base/file.h"
#include "cli/print.h"
#include "crypto/secret.h"
#include "crypto/text.h"
#include "exchange/content.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* CR before LF and line ends at the end of the text. */
static void tidy(struct base_buffer *text)
{
    size_t len = 0;
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] != '\r' || i + 1 == text->len || text->data[i + 1] != '\n')
            text->data[len++] = text->data[i];
    while (len > 0 && (text->data[len - 1] == '\n' || text->data[len - 1] == ' '))
        len--;
    text->len = len;
}

enum base_code cli_text_read(const char *option, const char *value, char **out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = *value != '@' ? base_buffer_text(&text, value)
                                        : base_file_read(strcmp(value, "@-") == 0 ? "/dev/stdin" : value + 1, EXCHANGE_TEXT_BYTES_MAX, &text);
    if (code == BASE_OK && *value == '@')
        tidy(&text);
    if (code == BASE_OK && text.len > EXCHANGE_TEXT_BYTES_MAX)
        code = base_fail(BASE_E_LIMIT, "--%s has %zu bytes; a text has at most %d", option, text.len, EXCHANGE_TEXT_BYTES_MAX);
    if (code == BASE_OK && text.len == 0)
        code = base_fail(BASE_E_ARGUMENT, "--%s is empty", option);
    if (code == BASE_OK && (!base_bytes_is_utf8(base_bytes_buffer(&text)) || memchr(text.data, 0, text.len) != NULL))
        code = base_fail(BASE_E_ENCODING, "--%s is not text in UTF-8", option);
    if (code == BASE_OK)
        *out = cli_format("%.*s", (int)text.len, (const char *)text.data);
    crypto_wipe_buffer(&text);
    return code;
}

/* The object or array that stands under `key`; made when there is none. Borrowed. */
static json_t *part(struct cli_request *request, const char *key, json_t *empty)
{
    json_t *there = json_object_get(request->object, key);
    if (there != NULL) {
        json_decref(empty);
        return there;
    }
    cli_request_set(request, key, empty);
    return json_object_get(request->object, key);
}

void cli_request_content_text(struct cli_request *request, const char *key)
{
    const char *value = cli_value(request->cli, key);
    char *text = NULL;
    if (request->code != BASE_OK || value == NULL)
        return;
    request->code = cli_text_read(key, value, &text);
    if (request->code == BASE_OK && json_object_set_new(part(request, "texts", json_object()), key, json_string(text)) != 0)
        cli_request_fail(request, base_fail(BASE_E_NOMEM, "no memory for a text"));
    free(text);
}

static enum base_code add_persons(const struct cli *cli, json_t *array)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    json_t *person = NULL;
    const char *path;
    enum base_code code = cli_person_of_options(cli, &record);
    if (code == BASE_OK && record.name_count > 0) {
        code = cli_person_json(&record, &person);
        if (code == BASE_OK && json_array_append_new(array, person) != 0)
            code = base_fail(BASE_E_NOMEM, "no memory for a person");
    }
    people_record_release(&record);
    for (size_t i = 0; code == BASE_OK && (path = cli_value_at(cli, "person", i)) != NULL; i++)
        code = cli_persons_of_file(path, array);
    if (code == BASE_OK && json_array_size(array) > EXCHANGE_PERSONS_MAX)
        code = base_fail(BASE_E_LIMIT, "more than %d persons", EXCHANGE_PERSONS_MAX);
    return code;
}

void cli_request_persons(struct cli_request *request)
{
    json_t *array = json_array();
    if (request->code == BASE_OK)
        request->code = add_persons(request->cli, array);
    if (request->code == BASE_OK && json_array_size(array) > 0)
        cli_request_set(request, "persons", array);
    else
        json_decref(array);
}

static const char *media_type(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".txt", "text/plain"},       {".pdf", "application/pdf"}, {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"},
                 {".png", "image/png"},        {".csv", "text/csv"},        {".json", "application/json"},
                 {".xml", "application/xml"},  {".zip", "application/zip"}, {".mp3", "audio/mpeg"}, {".wav", "audio/wav"},
                 {".html", "text/html"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(dot, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static enum base_code add_attachment(const char *path, json_t *array, size_t *total)
{
    struct base_buffer data = BASE_BUFFER_EMPTY, text = BASE_BUFFER_EMPTY;
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    json_t *item = NULL;
    if (*name == 0 || strlen(name) > EXCHANGE_FILE_NAME_MAX || !base_bytes_is_utf8(base_bytes_text(name)))
        return base_fail(BASE_E_ARGUMENT, "'%.40s' has no name that an attachment can have", path);
    enum base_code code = base_file_read(path, EXCHANGE_ATTACHMENT_MAX, &data);
    *total += data.len;
    if (code == BASE_OK && *total > EXCHANGE_ATTACHMENT_MAX)
        code = base_fail(BASE_E_LIMIT, "attachments have at most %s together", cli_size(EXCHANGE_ATTACHMENT_MAX));
    if (code == BASE_OK)
        code = crypto_base64_append(base_bytes_buffer(&data), &text);
    if (code == BASE_OK) {
        item = json_pack("{s:s, s:s, s:s}", "name", name, "type", media_type(name), "data", base_buffer_c_string(&text));
        if (json_array_append_new(array, item) != 0)
            code = base_fail(BASE_E_NOMEM, "no memory for an attachment");
    }
    crypto_wipe_buffer(&text);
    crypto_wipe_buffer(&data);
    return code;
}

void cli_request_attachments(struct cli_request *request)
{
    json_t *array = json_array();
    const char *path;
    size_t total = 0;
    for (size_t i = 0; request->code == BASE_OK && (path = cli_value_at(request->cli, "attach", i)) != NULL; i++)
        request->code = i < EXCHANGE_ATTACHMENTS_MAX ? add_attachment(path, array, &total)
                                            : base_fail(BASE_E_LIMIT, "more than %d attachments", EXCHANGE_ATTACHMENTS_MAX);
    if (request->code == BASE_OK && json_array_size(array) > 0)
        cli_request_set(request, "attachments", array);
    else
        json_decref(array);
}

void cli_request_handling(struct cli_request *request)
{
    cli_request_word(request, "label", "label", &exchange_labels);
    cli_request_word(request, "grading", "grading", &exchange_gradings);
    cli_request_word(request, "handling", "handling", &exchange_handlings);
}

static bool has_content(const struct cli_request *request)
{
    return json_object_get(request->object, "texts") != NULL || json_object_get(request->object, "persons") != NULL ||
           json_object_get(request->object, "attachments") != NULL;
}

void cli_request_needs_content(struct cli_request *request, const char *missing)
{
    if (request->code == BASE_OK && !has_content(request))
        request->code = base_fail(BASE_E_ARGUMENT, "%s", missing);
}

void cli_request_no_content(struct cli_request *request, const char *why)
{
    if (request->code == BASE_OK && has_content(request))
        request->code = base_fail(BASE_E_ARGUMENT, "%s", why);
}
