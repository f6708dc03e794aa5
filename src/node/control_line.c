/* SPDX-License-Identifier: Apache-2.0
 *
 * One line of the control socket, both ways (transport 6.3).
 */
#include "node/control.h"

#include <string.h>

/* jansson limits its own recursion at 2048; this one is ours and comes before it. Strings are skipped. */
static enum base_code check_depth(struct base_bytes line)
{
    unsigned depth = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (is_in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                is_in_string = false;
        } else if (c == '"') {
            is_in_string = true;
        } else if ((c == '{' || c == '[') && ++depth > NODE_CONTROL_DEPTH_MAX) {
            return base_fail(BASE_E_LIMIT, "nested more than %d deep", NODE_CONTROL_DEPTH_MAX);
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return BASE_OK;
}

enum base_code node_control_line_parse(struct base_bytes line, json_t **out)
{
    json_error_t error;
    if (line.len > NODE_CONTROL_LINE_MAX)
        return base_fail(BASE_E_LIMIT, "a line of more than %d bytes", NODE_CONTROL_LINE_MAX);
    BASE_TRY(check_depth(line));
    json_t *object = json_loadb((const char *)line.data, line.len, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL)
        return base_fail(BASE_E_FORMAT, "not JSON at byte %d", error.position); /* error.text may quote content */
    if (!json_is_object(object)) {
        json_decref(object);
        return base_fail(BASE_E_FORMAT, "JSON, but not an object");
    }
    *out = object;
    return BASE_OK;
}

struct writing {
    struct base_buffer line;
    enum base_code code;
};

static int append_piece(const char *text, size_t len, void *context)
{
    struct writing *writing = context;
    if (writing->line.len + len > NODE_CONTROL_LINE_MAX)
        writing->code = base_fail(BASE_E_LIMIT, "a line of more than %d bytes", NODE_CONTROL_LINE_MAX);
    else
        writing->code = base_buffer_append(&writing->line, base_bytes_of(text, len));
    return writing->code == BASE_OK ? 0 : -1;
}

enum base_code node_control_line_append(const json_t *object, struct base_buffer *out)
{
    struct writing writing = {.line = BASE_BUFFER_EMPTY, .code = BASE_OK};
    if (!json_is_object(object))
        return base_fail(BASE_E_ARGUMENT, "not a JSON object");
    if (json_dump_callback(object, append_piece, &writing, JSON_COMPACT) != 0 && writing.code == BASE_OK)
        writing.code = base_fail(BASE_E_NOMEM, "writing a line");
    if (writing.code == BASE_OK)
        writing.code = base_buffer_text(&writing.line, "\n");
    if (writing.code == BASE_OK)
        writing.code = base_buffer_append(out, base_bytes_buffer(&writing.line));
    base_buffer_release(&writing.line);
    return writing.code;
}
