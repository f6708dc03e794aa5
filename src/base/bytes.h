/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes, borrowed and owned. A `struct base_bytes` is a view that somebody else keeps alive; a `struct base_buffer`
 * owns heap memory and grows. Text is bytes in UTF-8; a view need not end in NUL, a buffer always has a NUL after its
 * last byte so that its data can be read as a C string.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct base_bytes {
    const uint8_t *data; /* borrowed; may be NULL when len is 0 */
    size_t len;
};

struct base_buffer {
    uint8_t *data; /* owned */
    size_t len;
    size_t capacity;
};

#define BASE_BUFFER_EMPTY ((struct base_buffer){NULL, 0, 0})

/* Views. base_bytes_text() views a C string without its NUL. */
struct base_bytes base_bytes_of(const void *data, size_t len);
struct base_bytes base_bytes_text(const char *text);
struct base_bytes base_bytes_buffer(const struct base_buffer *buffer);
bool base_bytes_equal(struct base_bytes a, struct base_bytes b); /* not for secrets */
int base_bytes_compare(struct base_bytes a, struct base_bytes b); /* order of memcmp, then of length */

/* Buffers start as BASE_BUFFER_EMPTY and end in base_buffer_release(), which leaves them empty and usable again.
 * Every append fails only with BASE_E_NOMEM and then changes nothing. */
void base_buffer_release(struct base_buffer *buffer);
void base_buffer_clear(struct base_buffer *buffer); /* length 0, memory kept */
enum base_code base_buffer_reserve(struct base_buffer *buffer, size_t more) BASE_MUST_USE;
enum base_code base_buffer_append(struct base_buffer *buffer, struct base_bytes bytes) BASE_MUST_USE;
enum base_code base_buffer_text(struct base_buffer *buffer, const char *text) BASE_MUST_USE;
enum base_code base_buffer_format(struct base_buffer *buffer, const char *format, ...) BASE_FORMAT(2, 3) BASE_MUST_USE;
void base_buffer_drop_front(struct base_buffer *buffer, size_t len);
/* The buffer's data as a C string; "" while nothing was appended. */
const char *base_buffer_c_string(const struct base_buffer *buffer);

/* A heap copy as a C string, or NULL when out of memory. */
char *base_bytes_dup(struct base_bytes bytes);

/* Is this well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF)? */
bool base_bytes_is_utf8(struct base_bytes bytes);

/* calloc for `count` items of `size` bytes with a check for wrap; NULL when out of memory. */
void *base_alloc_array(size_t count, size_t size);
/* Grows *array to hold at least `need` items, doubling; *capacity counts items. */
enum base_code base_grow_array(void **array, size_t *capacity, size_t need, size_t item_size) BASE_MUST_USE;

#endif
