/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of requests: each is checked and taken out of the object, so that what is left at the end is what nobody knows.
 */
#include "node/requests_say.h"

#include "crypto/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value leaves the object and lives on in "" of it: what was borrowed stays as long as the request. */
static void put_aside(json_t *object, const char *key)
{
    json_t *kept = json_object_get(object, "");
    if (kept == NULL) {
        kept = json_array();
        json_object_set_new(object, "", kept);
    }
    json_array_append(kept, json_object_get(object, key));
    json_object_del(object, key);
}

enum base_code node_field_text(json_t *object, const char *key, bool must_be, const char **out)
{
    const json_t *value = json_object_get(object, key);
    *out = "";
    if (value == NULL && !must_be)
        return BASE_OK;
    if (!json_is_string(value))
        return base_fail(BASE_E_ARGUMENT, "\"%s\" is a text%s", key, value == NULL ? ", and is missing" : "");
    *out = json_string_value(value);
    if (strlen(*out) != json_string_length(value))
        return base_fail(BASE_E_ENCODING, "\"%s\" holds a zero", key);
    put_aside(object, key);
    return BASE_OK;
}

enum base_code node_field_word(json_t *object, const char *key, const struct exchange_words *words, unsigned otherwise, unsigned *out)
{
    const char *text;
    bool is_there = json_object_get(object, key) != NULL;
    *out = otherwise;
    if (!is_there && otherwise < words->count)
        return BASE_OK;
    BASE_TRY(node_field_text(object, key, true, &text));
    if (exchange_words_find(words, key, base_bytes_text(text), out) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" cannot be '%.60s'", key, text);
    return BASE_OK;
}

enum base_code node_field_number(json_t *object, const char *key, bool must_be, int64_t *out)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL && !must_be)
        return BASE_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" is a whole number%s", key, value == NULL ? ", and is missing" : "");
    *out = json_integer_value(value);
    put_aside(object, key);
    return BASE_OK;
}

enum base_code node_field_time(json_t *object, const char *key, int64_t otherwise_ms, int64_t *out)
{
    const char *text;
    *out = otherwise_ms;
    if (json_object_get(object, key) == NULL)
        return otherwise_ms != INT64_MIN ? BASE_OK : base_fail(BASE_E_ARGUMENT, "\"%s\" is missing", key);
    BASE_TRY(node_field_text(object, key, true, &text));
    if (base_time_parse(base_bytes_text(text), out) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" is a time like 2026-11-24T05:00:00Z, not '%.40s'", key, text);
    return BASE_OK;
}

bool node_field_flag(json_t *object, const char *key)
{
    bool is_set = json_is_true(json_object_get(object, key));
    if (json_is_boolean(json_object_get(object, key)))
        json_object_del(object, key);
    return is_set;
}

static enum base_code take_texts(json_t *texts, struct exchange_content *out)
{
    const char *key;
    json_t *value;
    json_object_foreach(texts, key, value) {
        unsigned which;
        if (exchange_words_find(&exchange_text_keys, "texts", base_bytes_text(key), &which) != BASE_OK || !json_is_string(value))
            return base_fail(BASE_E_ARGUMENT, "\"%.40s\" is not a text of a content", key);
        if (json_string_length(value) > 0)
            BASE_TRY(exchange_content_set_text(out, (enum exchange_text)which, base_bytes_of(json_string_value(value), json_string_length(value))));
    }
    return BASE_OK;
}

static enum base_code take_person(const json_t *person, struct exchange_content *out)
{
    char *text = json_dumps(person, JSON_COMPACT);
    if (text == NULL)
        return base_fail(BASE_E_ARGUMENT, "a person is not a JSON object");
    enum base_code code = exchange_content_add_person(out, base_bytes_text(text));
    crypto_wipe(text, strlen(text));
    free(text);
    return code;
}

static enum base_code take_attachment(json_t *attachment, struct exchange_content *out)
{
    json_error_t error;
    const char *name, *type, *data;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    if (json_unpack_ex(attachment, &error, JSON_STRICT, "{s:s, s:s, s:s}", "name", &name, "type", &type, "data", &data) != 0)
        return node_request_bad(&error);
    enum base_code code = crypto_base64_decode(base_bytes_text(data), &bytes);
    if (code == BASE_OK)
        code = exchange_content_add_attachment(out, name, type, base_bytes_buffer(&bytes));
    crypto_wipe_buffer(&bytes);
    return code;
}

enum base_code node_field_content(json_t *object, struct exchange_content *out)
{
    json_t *texts = json_object_get(object, "texts"), *persons = json_object_get(object, "persons");
    json_t *attachments = json_object_get(object, "attachments");
    if ((texts != NULL && !json_is_object(texts)) || (persons != NULL && !json_is_array(persons)) ||
        (attachments != NULL && !json_is_array(attachments)))
        return base_fail(BASE_E_ARGUMENT, "\"texts\" is an object, \"persons\" and \"attachments\" are arrays");
    BASE_TRY(take_texts(texts, out));
    for (size_t i = 0; i < json_array_size(persons); i++)
        BASE_TRY(take_person(json_array_get(persons, i), out));
    for (size_t i = 0; i < json_array_size(attachments); i++)
        BASE_TRY(take_attachment(json_array_get(attachments, i), out));
    json_object_del(object, "texts");
    json_object_del(object, "persons");
    json_object_del(object, "attachments");
    return BASE_OK;
}

enum base_code node_field_handling(json_t *object, struct exchange_statement *out)
{
    unsigned label, handling;
    BASE_TRY(node_field_word(object, "label", &exchange_labels, EXCHANGE_TLP_AMBER, &label));
    BASE_TRY(node_field_word(object, "grading", &exchange_gradings, EXCHANGE_GRADING_UNKNOWN, &out->grading));
    BASE_TRY(node_field_word(object, "handling", &exchange_handlings, EXCHANGE_H1, &handling));
    out->label = (enum exchange_label)label;
    out->handling = (enum exchange_handling)handling;
    return BASE_OK;
}

enum base_code node_field_reason(json_t *object, struct exchange_statement *out)
{
    const char *reason;
    BASE_TRY(node_field_text(object, "reason", false, &reason));
    if (strlen(reason) > EXCHANGE_REASON_MAX)
        return base_fail(BASE_E_LIMIT, "a reason has at most %d bytes, in one line", EXCHANGE_REASON_MAX);
    snprintf(out->reason, sizeof out->reason, "%s", reason);
    return BASE_OK;
}

enum base_code node_fields_done(json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
        if (strcmp(key, "do") != 0 && key[0] != 0)
            return base_fail(BASE_E_ARGUMENT, "this request has no field \"%.40s\"", key);
    return BASE_OK;
}

void node_json_time(json_t *object, const char *key, int64_t time_ms)
{
    char text[BASE_TIME_TEXT_LEN + 1];
    base_time_format(time_ms, text);
    json_object_set_new(object, key, json_string(text));
}

void node_json_hash(json_t *object, const char *key, const uint8_t hash[32])
{
    char hex[65];
    crypto_hex_encode(base_bytes_of(hash, 32), hex);
    json_object_set_new(object, key, json_string(hex));
}

const char *node_duty_state_word(enum store_duty_state state)
{
    static const char *const words[] = {"open", "met", "overdue", "late"};
    return words[state];
}

enum base_code node_request_look(struct node_request *request, const struct exchange_id *compartment, const char *what, const char *subject,
                                 const char *why)
{
    struct node *node = request->node;
    BASE_TRY(node_user_check(node->party->store, &request->user, compartment, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER)));
    return node_look(node->party->store, &request->user, compartment, what, subject, why, base_clock_now(&node->clock));
}
