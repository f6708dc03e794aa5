/* SPDX-License-Identifier: Apache-2.0
 *
 * A line of the control socket (transport 6.3). What is taken must come out again as one line that reads as the same.
 */
#include "node/control.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_buffer line = BASE_BUFFER_EMPTY;
    json_t *object = NULL, *again = NULL;
    enum base_code code = node_control_line_parse(base_bytes_of(data, size), &object);
    check(code == BASE_OK || code == BASE_E_FORMAT || code == BASE_E_LIMIT);
    if (code != BASE_OK)
        return 0;
    code = node_control_line_append(object, &line); /* escapes may make it longer than it was */
    check(code == BASE_OK || code == BASE_E_LIMIT);
    if (code == BASE_OK) {
        check(memchr(line.data, '\n', line.len) == line.data + line.len - 1);
        check(node_control_line_parse(base_bytes_of(line.data, line.len - 1), &again) == BASE_OK);
        check(json_equal(object, again) == 1);
    }
    json_decref(again);
    json_decref(object);
    base_buffer_release(&line);
    return 0;
}
