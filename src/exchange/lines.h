/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a statement's text: `key: value`, each read where it must stand. Private to the layer.
 */
#ifndef EXCHANGE_LINES_H
#define EXCHANGE_LINES_H

#include "base/cursor.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

enum { EXCHANGE_LINE_MAX = 1024 };

/* The first line. BASE_E_VERSION unless it is exactly `kind`. */
enum base_code exchange_take_kind(struct base_cursor *in, const char *kind) BASE_MUST_USE;
/* The value of the line `key: value`; BASE_E_FORMAT when another line stands there. */
enum base_code exchange_take(struct base_cursor *in, const char *key, struct base_bytes *value) BASE_MUST_USE;
enum base_code exchange_take_hex(struct base_cursor *in, const char *key, uint8_t *out, size_t len) BASE_MUST_USE;
enum base_code exchange_take_key(struct base_cursor *in, const char *key, struct crypto_sign_public *out) BASE_MUST_USE;
enum base_code exchange_take_number(struct base_cursor *in, const char *key, uint64_t max, uint64_t *out) BASE_MUST_USE;
enum base_code exchange_take_time(struct base_cursor *in, const char *key, int64_t *time_ms) BASE_MUST_USE;
/* A text of at most capacity - 1 bytes without control characters. BASE_E_LIMIT, BASE_E_ENCODING. */
enum base_code exchange_take_text(struct base_cursor *in, const char *key, char *out, size_t capacity) BASE_MUST_USE;
/* The same checks on a text that is to be written. */
enum base_code exchange_text_check(const char *key, struct base_bytes text, size_t capacity) BASE_MUST_USE;

enum base_code exchange_put(struct base_buffer *out, const char *key, const char *value) BASE_MUST_USE;
enum base_code exchange_put_hex(struct base_buffer *out, const char *key, const uint8_t *bytes, size_t len) BASE_MUST_USE;
enum base_code exchange_put_key(struct base_buffer *out, const char *key, const struct crypto_sign_public *value) BASE_MUST_USE;
enum base_code exchange_put_number(struct base_buffer *out, const char *key, uint64_t value) BASE_MUST_USE;
enum base_code exchange_put_time(struct base_buffer *out, const char *key, int64_t time_ms) BASE_MUST_USE;

#endif
