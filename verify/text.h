/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes and the few forms of text that exports are made of, each accepted in one form only. Nothing here allocates.
 */
#ifndef VERIFY_TEXT_H
#define VERIFY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct verify_span {
    const uint8_t *data; /* borrowed */
    size_t len;
};

struct verify_span verify_span_of(const void *data, size_t len);
bool verify_span_is(struct verify_span span, const char *text);
bool verify_span_begins(struct verify_span span, const char *text);
bool verify_span_equal(struct verify_span a, struct verify_span b);

/* Takes a line without its LF off the front of *rest; false, and *rest unchanged, when no LF is left. */
bool verify_take_line(struct verify_span *rest, struct verify_span *line);

/* RFC 4648 section 4, padded, canonical: the number of bytes written to out, or -1, also when there are more than capacity. */
long verify_base64(struct verify_span text, uint8_t *out, size_t capacity);
/* Exactly 2 * len lower-case digits. */
bool verify_hex(struct verify_span text, uint8_t *out, size_t len);
void verify_hex_write(const uint8_t *bytes, size_t len, char *out); /* 2 * len + 1 characters */
/* ASCII digits without leading zeros, at most max. */
bool verify_decimal(struct verify_span text, uint64_t max, uint64_t *out);
/* RFC 3629. */
bool verify_is_utf8(struct verify_span text);
/* RFC 3339 in UTC with whole seconds, a date and time that exist, as seconds since 1970. */
bool verify_time_read(struct verify_span text, int64_t *seconds);
#define VERIFY_TIME_LEAST INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */
#define VERIFY_TIME_MOST  INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
/* Seconds since 1970 as such a time; "-" outside the two. */
void verify_time_write(int64_t seconds, char out[24]);

#endif
