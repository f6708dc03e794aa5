/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct base_bytes base_bytes_of(const void *data, size_t len)
{
    return (struct base_bytes){data, len};
}

struct base_bytes base_bytes_text(const char *text)
{
    return base_bytes_of(text, strlen(text));
}

struct base_bytes base_bytes_buffer(const struct base_buffer *buffer)
{
    return base_bytes_of(buffer->data, buffer->len);
}

bool base_bytes_equal(struct base_bytes a, struct base_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int base_bytes_compare(struct base_bytes a, struct base_bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

void base_buffer_release(struct base_buffer *buffer)
{
    free(buffer->data);
    *buffer = BASE_BUFFER_EMPTY;
}

void base_buffer_clear(struct base_buffer *buffer)
{
    buffer->len = 0;
    if (buffer->data != NULL)
        buffer->data[0] = 0;
}

enum base_code base_buffer_reserve(struct base_buffer *buffer, size_t more)
{
    if (more >= SIZE_MAX / 4 - buffer->len)
        return base_fail(BASE_E_NOMEM, "a buffer of %zu bytes cannot grow by %zu", buffer->len, more);
    size_t need = buffer->len + more + 1;
    if (need <= buffer->capacity)
        return BASE_OK;
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < need)
        capacity *= 2;
    uint8_t *data = realloc(buffer->data, capacity);
    if (data == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a buffer of %zu bytes", capacity);
    data[buffer->len] = 0;
    buffer->data = data;
    buffer->capacity = capacity;
    return BASE_OK;
}

enum base_code base_buffer_append(struct base_buffer *buffer, struct base_bytes bytes)
{
    BASE_TRY(base_buffer_reserve(buffer, bytes.len));
    if (bytes.len > 0)
        memcpy(buffer->data + buffer->len, bytes.data, bytes.len);
    buffer->len += bytes.len;
    buffer->data[buffer->len] = 0;
    return BASE_OK;
}

enum base_code base_buffer_text(struct base_buffer *buffer, const char *text)
{
    return base_buffer_append(buffer, base_bytes_text(text));
}

enum base_code base_buffer_format(struct base_buffer *buffer, const char *format, ...)
{
    va_list measured, written;
    va_start(measured, format);
    va_copy(written, measured);
    int len = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    enum base_code code = len < 0 ? base_fail(BASE_E_INTERNAL, "a format string that cannot be printed")
                                  : base_buffer_reserve(buffer, (size_t)len);
    if (code == BASE_OK) {
        vsnprintf((char *)buffer->data + buffer->len, (size_t)len + 1, format, written);
        buffer->len += (size_t)len;
    }
    va_end(written);
    return code;
}

void base_buffer_drop_front(struct base_buffer *buffer, size_t len)
{
    if (len >= buffer->len) {
        base_buffer_clear(buffer);
        return;
    }
    memmove(buffer->data, buffer->data + len, buffer->len - len + 1);
    buffer->len -= len;
}

const char *base_buffer_c_string(const struct base_buffer *buffer)
{
    return buffer->data == NULL ? "" : (const char *)buffer->data;
}

char *base_bytes_dup(struct base_bytes bytes)
{
    char *copy = malloc(bytes.len + 1);
    if (copy == NULL)
        return NULL;
    if (bytes.len > 0)
        memcpy(copy, bytes.data, bytes.len);
    copy[bytes.len] = 0;
    return copy;
}

/* The number of bytes of the well-formed sequence at `at`, or 0 (RFC 3629 section 4). */
static size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || left < len)
        return 0;
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

bool base_bytes_is_utf8(struct base_bytes bytes)
{
    size_t at = 0;
    while (at < bytes.len) {
        size_t step = utf8_sequence(bytes.data + at, bytes.len - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

void *base_alloc_array(size_t count, size_t size)
{
    return calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
}

enum base_code base_grow_array(void **array, size_t *capacity, size_t need, size_t item_size)
{
    if (need <= *capacity)
        return BASE_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need && wanted <= SIZE_MAX / 2)
        wanted *= 2;
    if (wanted < need || wanted > SIZE_MAX / item_size)
        return base_fail(BASE_E_NOMEM, "an array of %zu items is too large", need);
    void *grown = realloc(*array, wanted * item_size);
    if (grown == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu items", wanted);
    *array = grown;
    *capacity = wanted;
    return BASE_OK;
}
