/* SPDX-License-Identifier: Apache-2.0
 *
 * Text from outside: lines, literals, decimals, times and sized fields. The first byte picks the line limit.
 */
#include "base/clock.h"
#include "base/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* What is accepted has one form: written again, it is the same text. */
static void try_line(struct base_bytes line)
{
    uint64_t number;
    int64_t time_ms;
    char text[BASE_TIME_TEXT_LEN + 1];
    if (base_parse_decimal(line, UINT64_MAX, &number) == BASE_OK) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)number);
        demand(base_bytes_equal(line, base_bytes_text(text)));
    }
    if (base_time_parse(line, &time_ms) == BASE_OK) {
        base_time_format(time_ms, text);
        demand(base_bytes_equal(line, base_bytes_text(text)));
    }
    (void)base_bytes_is_utf8(line);
}

static void walk_lines(struct base_bytes bytes, size_t max_len)
{
    struct base_cursor in = base_cursor_over(bytes);
    struct base_bytes line;
    while (base_cursor_line(&in, max_len, &line) == BASE_OK) {
        demand(line.len <= max_len);
        try_line(line);
        struct base_cursor inside = base_cursor_over(line);
        if (base_cursor_literal(&inside, "key: ") == BASE_OK)
            try_line(base_cursor_rest(&inside));
    }
    try_line(base_cursor_rest(&in));
    demand(base_cursor_end(&in) == BASE_OK);
}

static void walk_fields(struct base_bytes bytes, size_t max_len)
{
    struct base_cursor in = base_cursor_over(bytes);
    struct base_bytes field;
    size_t total = 0;
    while (base_cursor_sized(&in, max_len, &field) == BASE_OK)
        total += 4 + field.len;
    demand(total + in.left == bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t max_len = size == 0 ? 0 : data[0];
    struct base_bytes bytes = base_bytes_of(data + (size > 0), size - (size > 0));
    walk_lines(bytes, max_len);
    walk_fields(bytes, max_len);
    return 0;
}
