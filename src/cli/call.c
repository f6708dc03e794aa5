/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"

#include "cli/print.h"
#include "cli/progress.h"
#include "cli/when.h"
#include "cli/who.h"
#include "base/clock.h"
#include "crypto/secret.h"
#include "node/control.h"
#include "node/party.h"

struct call {
    struct cli *cli;
    struct cli_progress progress;
    json_t *result;
    json_t *items; /* NULL until there is one */
};

const char *cli_result_text(const json_t *result, const char *key)
{
    const char *text = json_string_value(json_object_get(result, key));
    return text == NULL ? "" : text;
}

uint64_t cli_result_number(const json_t *result, const char *key)
{
    json_int_t number = json_integer_value(json_object_get(result, key));
    return number < 0 ? 0 : (uint64_t)number;
}

static enum base_code take_error(struct call *call, const json_t *line)
{
    enum base_code code = base_code_from_word(cli_result_text(line, "error"));
    const json_t *by = json_object_get(line, "by");
    call->cli->is_by_peer = json_is_string(by) && json_string_value(by)[0] == 'p';
    if (code == BASE_OK)
        code = BASE_E_INTERNAL;
    return base_fail(code, "%s", cli_result_text(line, "detail"));
}

static enum base_code take_line(void *context, json_t *line)
{
    struct call *call = context;
    const json_t *progress = json_object_get(line, "progress"), *ok = json_object_get(line, "ok");
    if (progress != NULL) {
        cli_progress_show(&call->progress, cli_result_text(progress, "phase"), false, cli_result_number(progress, "done"),
                          cli_result_number(progress, "total"));
        return BASE_OK;
    }
    if (json_object_get(line, "item") != NULL) {
        if (call->items == NULL)
            call->items = json_array();
        return json_array_append(call->items, json_object_get(line, "item")) == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for the answer");
    }
    if (ok == NULL)
        return take_error(call, line);
    json_decref(call->result);
    call->result = json_incref((json_t *)ok);
    return BASE_OK;
}

static enum base_code add_user_key(const struct cli *cli, json_t *request)
{
    struct base_buffer key = BASE_BUFFER_EMPTY;
    enum base_code code = request == NULL ? base_fail(BASE_E_NOMEM, "no memory for the request") : cli_user_key(cli, &key);
    if (code == BASE_OK && key.len > 0 && json_object_set_new(request, "user_key", json_stringn((const char *)key.data, key.len)) != 0)
        code = base_fail(BASE_E_FORMAT, "the user key is not text");
    crypto_wipe_buffer(&key);
    return code;
}

enum base_code cli_call(struct cli *cli, json_t *request, json_t **result)
{
    struct call call = {.cli = cli};
    char path[108];
    int64_t now_ms;
    enum base_code code = node_socket_path(cli->home, path);
    cli_progress_init(&call.progress, cli);
    if (code == BASE_OK)
        code = add_user_key(cli, request);
    if (code == BASE_OK)
        code = node_control_call(path, request, take_line, &call);
    cli_progress_end(&call.progress);
    json_decref(request);
    if (code == BASE_OK && call.result == NULL)
        code = base_fail(BASE_E_CLOSED, "the node ended the conversation without an answer");
    if (code == BASE_OK && call.items != NULL && json_object_set(call.result, "items", call.items) != 0)
        code = base_fail(BASE_E_FORMAT, "the node's answer is not an object");
    json_decref(call.items);
    if (code != BASE_OK) {
        json_decref(call.result);
        return code;
    }
    if (base_time_parse(base_bytes_text(cli_result_text(call.result, "now")), &now_ms) == BASE_OK)
        cli_now_is(now_ms);
    *result = call.result;
    return BASE_OK;
}
