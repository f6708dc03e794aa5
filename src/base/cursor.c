/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

#include <string.h>

struct base_cursor base_cursor_over(struct base_bytes bytes)
{
    return (struct base_cursor){bytes.data, bytes.len};
}

enum base_code base_cursor_take(struct base_cursor *cursor, size_t len, struct base_bytes *out)
{
    if (len > cursor->left)
        return base_fail(BASE_E_TRUNCATED, "%zu bytes wanted, %zu left", len, cursor->left);
    *out = base_bytes_of(cursor->at, len);
    if (len > 0)
        cursor->at += len;
    cursor->left -= len;
    return BASE_OK;
}

static enum base_code take_integer(struct base_cursor *cursor, size_t len, uint64_t *out)
{
    struct base_bytes bytes;
    BASE_TRY(base_cursor_take(cursor, len, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | bytes.data[i];
    *out = value;
    return BASE_OK;
}

enum base_code base_cursor_u8(struct base_cursor *cursor, uint8_t *out)
{
    uint64_t value;
    BASE_TRY(take_integer(cursor, 1, &value));
    *out = (uint8_t)value;
    return BASE_OK;
}

enum base_code base_cursor_u16(struct base_cursor *cursor, uint16_t *out)
{
    uint64_t value;
    BASE_TRY(take_integer(cursor, 2, &value));
    *out = (uint16_t)value;
    return BASE_OK;
}

enum base_code base_cursor_u32(struct base_cursor *cursor, uint32_t *out)
{
    uint64_t value;
    BASE_TRY(take_integer(cursor, 4, &value));
    *out = (uint32_t)value;
    return BASE_OK;
}

enum base_code base_cursor_u64(struct base_cursor *cursor, uint64_t *out)
{
    return take_integer(cursor, 8, out);
}

enum base_code base_cursor_copy(struct base_cursor *cursor, void *out, size_t len)
{
    struct base_bytes bytes;
    BASE_TRY(base_cursor_take(cursor, len, &bytes));
    if (len > 0)
        memcpy(out, bytes.data, len);
    return BASE_OK;
}

enum base_code base_cursor_sized(struct base_cursor *cursor, size_t max_len, struct base_bytes *out)
{
    struct base_cursor ahead = *cursor;
    uint32_t len;
    BASE_TRY(base_cursor_u32(&ahead, &len));
    if (len > max_len)
        return base_fail(BASE_E_LIMIT, "a field of %u bytes, at most %zu allowed", len, max_len);
    BASE_TRY(base_cursor_take(&ahead, len, out));
    *cursor = ahead;
    return BASE_OK;
}

struct base_bytes base_cursor_rest(struct base_cursor *cursor)
{
    struct base_bytes rest = base_bytes_of(cursor->at, cursor->left);
    if (cursor->left > 0)
        cursor->at += cursor->left;
    cursor->left = 0;
    return rest;
}

enum base_code base_cursor_line(struct base_cursor *cursor, size_t max_len, struct base_bytes *out)
{
    const uint8_t *end = cursor->left == 0 ? NULL : memchr(cursor->at, '\n', cursor->left);
    if (end == NULL)
        return base_fail(BASE_E_TRUNCATED, "a line without its end");
    size_t len = (size_t)(end - cursor->at);
    if (len > max_len)
        return base_fail(BASE_E_LIMIT, "a line of %zu bytes, at most %zu allowed", len, max_len);
    *out = base_bytes_of(cursor->at, len);
    cursor->at += len + 1;
    cursor->left -= len + 1;
    return BASE_OK;
}

enum base_code base_cursor_literal(struct base_cursor *cursor, const char *text)
{
    size_t len = strlen(text);
    if (len > cursor->left)
        return base_fail(BASE_E_TRUNCATED, "input ends where \"%s\" should stand", text);
    if (memcmp(cursor->at, text, len) != 0)
        return base_fail(BASE_E_FORMAT, "\"%s\" should stand here", text);
    cursor->at += len;
    cursor->left -= len;
    return BASE_OK;
}

enum base_code base_cursor_end(const struct base_cursor *cursor)
{
    if (cursor->left > 0)
        return base_fail(BASE_E_TRAILING, "%zu bytes after the end", cursor->left);
    return BASE_OK;
}

enum base_code base_parse_decimal(struct base_bytes text, uint64_t max, uint64_t *out)
{
    if (text.len == 0 || (text.len > 1 && text.data[0] == '0'))
        return base_fail(BASE_E_FORMAT, "not a decimal number");
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9)
            return base_fail(BASE_E_FORMAT, "not a decimal number");
        if (value > (UINT64_MAX - digit) / 10)
            return base_fail(BASE_E_RANGE, "a number over %llu", (unsigned long long)max);
        value = value * 10 + digit;
    }
    if (value > max)
        return base_fail(BASE_E_RANGE, "%llu, at most %llu allowed", (unsigned long long)value, (unsigned long long)max);
    *out = value;
    return BASE_OK;
}

static enum base_code put_integer(struct base_buffer *out, uint64_t value, size_t len)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    return base_buffer_append(out, base_bytes_of(bytes, len));
}

enum base_code base_put_u8(struct base_buffer *out, uint8_t value)
{
    return put_integer(out, value, 1);
}

enum base_code base_put_u16(struct base_buffer *out, uint16_t value)
{
    return put_integer(out, value, 2);
}

enum base_code base_put_u32(struct base_buffer *out, uint32_t value)
{
    return put_integer(out, value, 4);
}

enum base_code base_put_u64(struct base_buffer *out, uint64_t value)
{
    return put_integer(out, value, 8);
}

enum base_code base_put_bytes(struct base_buffer *out, const void *data, size_t len)
{
    return base_buffer_append(out, base_bytes_of(data, len));
}

enum base_code base_put_sized(struct base_buffer *out, struct base_bytes bytes)
{
    if (bytes.len > UINT32_MAX)
        return base_fail(BASE_E_LIMIT, "a field of %zu bytes", bytes.len);
    BASE_TRY(base_buffer_reserve(out, bytes.len + 4));
    BASE_TRY(base_put_u32(out, (uint32_t)bytes.len));
    return base_buffer_append(out, bytes);
}
