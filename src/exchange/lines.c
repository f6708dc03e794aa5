/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/lines.h"

#include "base/clock.h"
#include "crypto/text.h"

#include <string.h>

enum { HEX_BYTES_MAX = 64 };

enum base_code exchange_take_kind(struct base_cursor *in, const char *kind)
{
    struct base_bytes line;
    BASE_TRY(base_cursor_line(in, EXCHANGE_LINE_MAX, &line));
    if (!base_bytes_equal(line, base_bytes_text(kind)))
        return base_fail(BASE_E_VERSION, "the text is not of the kind %s", kind);
    return BASE_OK;
}

enum base_code exchange_take(struct base_cursor *in, const char *key, struct base_bytes *value)
{
    struct base_bytes line;
    BASE_TRY(base_cursor_line(in, EXCHANGE_LINE_MAX, &line));
    size_t len = strlen(key);
    if (line.len < len + 2 || memcmp(line.data, key, len) != 0 || memcmp(line.data + len, ": ", 2) != 0)
        return base_fail(BASE_E_FORMAT, "the line \"%s\" does not stand where it must", key);
    *value = base_bytes_of(line.data + len + 2, line.len - len - 2);
    return BASE_OK;
}

enum base_code exchange_take_hex(struct base_cursor *in, const char *key, uint8_t *out, size_t len)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, key, &value));
    return crypto_hex_decode(value, out, len);
}

enum base_code exchange_take_key(struct base_cursor *in, const char *key, struct crypto_sign_public *out)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, key, &value));
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    enum base_code code = crypto_base64_decode(value, &bytes);
    if (code == BASE_OK && bytes.len != sizeof out->bytes)
        code = base_fail(BASE_E_FORMAT, "the key in the line \"%s\" has %zu bytes, not 32", key, bytes.len);
    if (code == BASE_OK)
        memcpy(out->bytes, bytes.data, sizeof out->bytes);
    base_buffer_release(&bytes);
    return code;
}

enum base_code exchange_take_number(struct base_cursor *in, const char *key, uint64_t max, uint64_t *out)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, key, &value));
    return base_parse_decimal(value, max, out);
}

enum base_code exchange_take_time(struct base_cursor *in, const char *key, int64_t *time_ms)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, key, &value));
    return base_time_parse(value, time_ms);
}

enum base_code exchange_text_check(const char *key, struct base_bytes text, size_t capacity)
{
    if (text.len >= capacity)
        return base_fail(BASE_E_LIMIT, "\"%s\" has %zu bytes; at most %zu are allowed", key, text.len, capacity - 1);
    if (!base_bytes_is_utf8(text))
        return base_fail(BASE_E_ENCODING, "\"%s\" is not UTF-8", key);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7f)
            return base_fail(BASE_E_ENCODING, "\"%s\" holds a control character", key);
    return BASE_OK;
}

enum base_code exchange_take_text(struct base_cursor *in, const char *key, char *out, size_t capacity)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, key, &value));
    BASE_TRY(exchange_text_check(key, value, capacity));
    if (value.len > 0)
        memcpy(out, value.data, value.len);
    out[value.len] = 0;
    return BASE_OK;
}

enum base_code exchange_put(struct base_buffer *out, const char *key, const char *value)
{
    return base_buffer_format(out, "%s: %s\n", key, value);
}

enum base_code exchange_put_hex(struct base_buffer *out, const char *key, const uint8_t *bytes, size_t len)
{
    char hex[2 * HEX_BYTES_MAX + 1];
    if (len > HEX_BYTES_MAX)
        return base_fail(BASE_E_INTERNAL, "%zu bytes in a line", len);
    crypto_hex_encode(base_bytes_of(bytes, len), hex);
    return exchange_put(out, key, hex);
}

enum base_code exchange_put_key(struct base_buffer *out, const char *key, const struct crypto_sign_public *value)
{
    BASE_TRY(base_buffer_format(out, "%s: ", key));
    BASE_TRY(crypto_base64_append(base_bytes_of(value->bytes, sizeof value->bytes), out));
    return base_buffer_text(out, "\n");
}

enum base_code exchange_put_number(struct base_buffer *out, const char *key, uint64_t value)
{
    return base_buffer_format(out, "%s: %llu\n", key, (unsigned long long)value);
}

enum base_code exchange_put_time(struct base_buffer *out, const char *key, int64_t time_ms)
{
    char text[BASE_TIME_TEXT_LEN + 1];
    base_time_format(time_ms, text);
    return exchange_put(out, key, text);
}
