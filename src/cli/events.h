/* SPDX-License-Identifier: Apache-2.0
 *
 * Events (a departure, a contact ...) from a CSV file, one a row, as the node takes them (doc/spec/control.md, events-add). It knows
 * rows and columns; sending is the command's business.
 *
 * The header names the columns: kind, time, place, reference, name, born, sex, nationality, document, in any order and case; others
 * are passed over. name, born, nationality and document may stand several times, or hold several values parted by ";". A mapping
 * file says which columns of another file these are:
 *
 *     mapping: entente/events/v1
 *     separator: semicolon
 *     time: Departure
 *     name: Passenger
 */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include "people/record.h"
#include "people/stream.h"

#include <jansson.h>

enum { CLI_EVENTS_MAPPING_MAX = 65536 }; /* bytes */

/* One event: the kind is checked, a time without a zone is UTC, and an empty reference is made from the rest, so that the same
 * event gets the same one. *out is a new reference. BASE_E_ARGUMENT with what is wrong. */
enum base_code cli_event_json(const char *kind, const char *time, const char *place, const char *reference, struct people_record *person,
                              json_t **out) BASE_MUST_USE;

struct cli_events_sink {
    void *context;
    enum base_code (*event)(void *context, json_t *event); /* the reference is taken; an error ends the reading */
    void (*bad_row)(void *context, const char *file, uint64_t line, const char *reason);
};

struct cli_events_counts {
    uint64_t rows, bad_rows;
};

/* `mapping`: the text of a mapping file, or empty. `kind`: for rows without one, or NULL. BASE_E_FORMAT for a mapping or header that
 * is none, and when more than half of the rows are bad (after all were handed out); BASE_E_TRUNCATED, BASE_E_ENCODING, BASE_E_LIMIT
 * as people/csv.h. */
enum base_code cli_events_read(struct people_stream *in, struct base_bytes mapping, const char *kind, const struct cli_events_sink *sink,
                               struct cli_events_counts *counts) BASE_MUST_USE;

#endif
