/* SPDX-License-Identifier: Apache-2.0
 *
 * Structured log: one line of JSON per event, {"time":..., "level":..., "event":..., fields}. An event is a fixed word;
 * a field is a key and a short text or number. Names of persons, tokens and secrets never go in: fields are ids, sizes,
 * states and error words. Strings are cut at 256 bytes, and anything outside printable ASCII is escaped. Fields that
 * no longer fit into a line of 4096 bytes are left out, whole.
 *
 *     base_log_event(log, BASE_LOG_WARN, "peer-dropped", BASE_LOG_TEXT("peer", id), BASE_LOG_TEXT("reason", word),
 *                    BASE_LOG_NUMBER("bytes", n), BASE_LOG_END);
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/clock.h"

enum base_log_level { BASE_LOG_DEBUG, BASE_LOG_INFO, BASE_LOG_WARN, BASE_LOG_ERROR };

struct base_log_field {
    const char *key;  /* NULL ends the list */
    const char *text; /* NULL: the number counts */
    int64_t number;
};

#define BASE_LOG_TEXT(key, text)     ((struct base_log_field){(key), (text), 0})
#define BASE_LOG_NUMBER(key, number) ((struct base_log_field){(key), NULL, (int64_t)(number)})
#define BASE_LOG_END                 ((struct base_log_field){NULL, NULL, 0})

struct base_log {
    int fd; /* borrowed; -1 drops everything */
    enum base_log_level least;
    struct base_clock clock;
};

void base_log_event(const struct base_log *log, enum base_log_level level, const char *event, ...);

#endif
