/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct verify_span verify_span_of(const void *data, size_t len)
{
    return (struct verify_span){data, len};
}

bool verify_span_equal(struct verify_span a, struct verify_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool verify_span_is(struct verify_span span, const char *text)
{
    return verify_span_equal(span, verify_span_of(text, strlen(text)));
}

bool verify_span_begins(struct verify_span span, const char *text)
{
    size_t len = strlen(text);
    return span.len >= len && memcmp(span.data, text, len) == 0;
}

bool verify_take_line(struct verify_span *rest, struct verify_span *line)
{
    const uint8_t *end = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);
    if (end == NULL)
        return false;
    size_t len = (size_t)(end - rest->data);
    *line = verify_span_of(rest->data, len);
    *rest = verify_span_of(end + 1, rest->len - len - 1);
    return true;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

long verify_base64(struct verify_span text, uint8_t *out, size_t capacity)
{
    if (text.len % 4 != 0)
        return -1;
    size_t padding = text.len == 0 ? 0 : text.data[text.len - 1] != '=' ? 0 : text.data[text.len - 2] != '=' ? 1 : 2;
    size_t len = text.len / 4 * 3 - padding;
    if (len > capacity)
        return -1;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t put = 0;
    for (size_t i = 0; i < text.len - padding; i++) {
        int value = base64_value(text.data[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[put++] = (uint8_t)(bits >> held);
        }
    }
    if ((bits & ((1u << held) - 1)) != 0) /* bits set in the padding */
        return -1;
    return (long)put;
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool verify_hex(struct verify_span text, uint8_t *out, size_t len)
{
    if (text.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_value(text.data[2 * i]), low = hex_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void verify_hex_write(const uint8_t *bytes, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

bool verify_decimal(struct verify_span text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    if (text.len == 0 || text.len > 20 || (text.len > 1 && text.data[0] == '0'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        unsigned digit = text.data[i] - '0';
        if (value > (max - digit) / 10 || digit > max)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool verify_is_utf8(struct verify_span text)
{
    size_t i = 0;
    while (i < text.len) {
        uint8_t lead = text.data[i++];
        unsigned more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (more == 0)
            continue;
        if (lead < 0xc2 || lead > 0xf4 || text.len - i < more)
            return false;
        uint32_t point = lead & (0x3fu >> more);
        for (unsigned j = 0; j < more; j++, i++) {
            if ((text.data[i] & 0xc0) != 0x80)
                return false;
            point = point << 6 | (text.data[i] & 0x3f);
        }
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return false;
    }
    return true;
}

static unsigned number_at(struct verify_span text, size_t at, size_t len)
{
    unsigned value = 0;
    for (size_t i = at; i < at + len; i++)
        value = value * 10 + (unsigned)(text.data[i] - '0');
    return value;
}

/* Days from 1970-01-01 to this date: the calendar is counted from a March, so that a leap day ends its year. */
static int64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month < 3 ? 1 : 0), m = month < 3 ? month + 9 : month - 3;
    int64_t leap_days = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
    return 365 * y + leap_days + (153 * m + 2) / 5 + (int64_t)day - 1 - 719468;
}

bool verify_time_read(struct verify_span text, int64_t *seconds)
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text.len != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (shape[i] == '0' ? text.data[i] < '0' || text.data[i] > '9' : text.data[i] != (uint8_t)shape[i])
            return false;
    unsigned year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
    unsigned hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && is_leap))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *seconds = days_since_1970(year, month, day) * 86400 + (int64_t)(hour * 3600 + minute * 60 + second);
    return true;
}

void verify_time_write(int64_t seconds, char out[24])
{
    struct tm parts;
    char text[80] = "-";
    time_t time = (time_t)seconds;
    if (seconds >= VERIFY_TIME_LEAST && seconds <= VERIFY_TIME_MOST && gmtime_r(&time, &parts) != NULL)
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                 parts.tm_hour, parts.tm_min, parts.tm_sec);
    memcpy(out, text, 24);
}
