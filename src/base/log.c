/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOG_LINE_MAX = 4096, LOG_TEXT_MAX = 256 };

struct line {
    char text[LOG_LINE_MAX];
    size_t len;
    bool is_full;
};

static void add(struct line *line, const char *text)
{
    size_t len = strlen(text);
    line->is_full = line->is_full || len >= sizeof line->text - line->len - 2; /* room for the closing "}\n" */
    if (line->is_full)
        return;
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

static void add_string(struct line *line, const char *text)
{
    add(line, "\"");
    for (size_t i = 0; text[i] != 0 && i < LOG_TEXT_MAX; i++) {
        unsigned char c = (unsigned char)text[i];
        char escaped[8];
        if (c == '"' || c == '\\')
            snprintf(escaped, sizeof escaped, "\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            snprintf(escaped, sizeof escaped, "\\u%04x", c);
        else
            snprintf(escaped, sizeof escaped, "%c", c);
        add(line, escaped);
    }
    add(line, "\"");
}

static void add_field(struct line *line, const struct base_log_field *field)
{
    size_t before = line->len;
    add(line, ",");
    add_string(line, field->key);
    add(line, ":");
    if (field->text != NULL) {
        add_string(line, field->text);
    } else {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)field->number);
        add(line, number);
    }
    if (line->is_full)
        line->len = before; /* a field stands there whole or not at all: the line stays JSON */
}

void base_log_event(const struct base_log *log, enum base_log_level level, const char *event, ...)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    if (log == NULL || log->fd < 0 || level < log->least)
        return;
    struct line line = {.len = 0, .is_full = false};
    char time[BASE_TIME_TEXT_LEN + 1];
    base_time_format(base_clock_now(&log->clock), time);
    add(&line, "{\"time\":");
    add_string(&line, time);
    add(&line, ",\"level\":");
    add_string(&line, levels[level]);
    add(&line, ",\"event\":");
    add_string(&line, event);
    va_list fields;
    va_start(fields, event);
    for (;;) {
        struct base_log_field field = va_arg(fields, struct base_log_field);
        if (field.key == NULL)
            break;
        add_field(&line, &field);
    }
    va_end(fields);
    memcpy(line.text + line.len, "}\n", 2);
    line.len += 2;
    ssize_t written = write(log->fd, line.text, line.len); /* a log that cannot be written stops nothing */
    (void)written;
}
