/* SPDX-License-Identifier: Apache-2.0
 *
 * The one codec for bytes that come from outside. A cursor walks over a borrowed view; every read checks its bounds
 * here and nowhere else. After the last field, base_cursor_end() demands that nothing is left. Integers are big-endian.
 *
 *     struct base_cursor in = base_cursor_over(message);
 *     BASE_TRY(base_cursor_u32(&in, &count));
 *     if (count > LIMIT) return base_fail(BASE_E_LIMIT, ...);      -- before anything is allocated
 *     BASE_TRY(base_cursor_take(&in, 32, &point));
 *     BASE_TRY(base_cursor_end(&in));
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/bytes.h"

struct base_cursor {
    const uint8_t *at;
    size_t left;
};

struct base_cursor base_cursor_over(struct base_bytes bytes);

/* Reads fail with BASE_E_TRUNCATED when fewer bytes are left, and then do not move. */
enum base_code base_cursor_u8(struct base_cursor *cursor, uint8_t *out) BASE_MUST_USE;
enum base_code base_cursor_u16(struct base_cursor *cursor, uint16_t *out) BASE_MUST_USE;
enum base_code base_cursor_u32(struct base_cursor *cursor, uint32_t *out) BASE_MUST_USE;
enum base_code base_cursor_u64(struct base_cursor *cursor, uint64_t *out) BASE_MUST_USE;
enum base_code base_cursor_take(struct base_cursor *cursor, size_t len, struct base_bytes *out) BASE_MUST_USE;
enum base_code base_cursor_copy(struct base_cursor *cursor, void *out, size_t len) BASE_MUST_USE;
/* A u32 length and that many bytes; BASE_E_LIMIT when the length is over `max_len`. */
enum base_code base_cursor_sized(struct base_cursor *cursor, size_t max_len, struct base_bytes *out) BASE_MUST_USE;
struct base_bytes base_cursor_rest(struct base_cursor *cursor); /* takes all that is left */

/* Text: a line without its '\n'. BASE_E_TRUNCATED when there is no '\n'; BASE_E_LIMIT when it is longer than max_len. */
enum base_code base_cursor_line(struct base_cursor *cursor, size_t max_len, struct base_bytes *out) BASE_MUST_USE;
/* The exact bytes of `text`; BASE_E_FORMAT if something else stands there. */
enum base_code base_cursor_literal(struct base_cursor *cursor, const char *text) BASE_MUST_USE;

/* BASE_E_TRAILING unless nothing is left. */
enum base_code base_cursor_end(const struct base_cursor *cursor) BASE_MUST_USE;

/* A decimal number without sign, blanks or leading zeros, all of `text`. BASE_E_FORMAT, or BASE_E_RANGE over `max`. */
enum base_code base_parse_decimal(struct base_bytes text, uint64_t max, uint64_t *out) BASE_MUST_USE;

/* The writing side: appends to a buffer; BASE_E_NOMEM. */
enum base_code base_put_u8(struct base_buffer *out, uint8_t value) BASE_MUST_USE;
enum base_code base_put_u16(struct base_buffer *out, uint16_t value) BASE_MUST_USE;
enum base_code base_put_u32(struct base_buffer *out, uint32_t value) BASE_MUST_USE;
enum base_code base_put_u64(struct base_buffer *out, uint64_t value) BASE_MUST_USE;
enum base_code base_put_bytes(struct base_buffer *out, const void *data, size_t len) BASE_MUST_USE;
enum base_code base_put_sized(struct base_buffer *out, struct base_bytes bytes) BASE_MUST_USE;

#endif
