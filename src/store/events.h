/* SPDX-License-Identifier: Apache-2.0
 *
 * Events that are screened: a border crossing, a contact, a sighting, with the person as it was written down.
 */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "store/compartments.h"

struct store_event {
    int64_t number;
    unsigned kind; /* the caller's numbering */
    int64_t happened_ms, added_ms;
    const char *place;
    const char *reference; /* the operator's own, unique */
    struct base_bytes content; /* a person's JSON */
};
/* *number is set. BASE_E_EXISTS when the reference is there. */
enum base_code store_event_add(struct store *store, const struct store_event *event, int64_t *number) BASE_MUST_USE;
typedef enum base_code store_event_visit(void *context, const struct store_event *event);
enum base_code store_event_get(struct store *store, int64_t number, store_event_visit *visit, void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Those with a number above `after`, ascending, at most `limit`. */
enum base_code store_events_each(struct store *store, int64_t after, size_t limit, store_event_visit *visit, void *context) BASE_MUST_USE;
/* Visits the numbers of those that were added at or before `added_ms`, the oldest `limit` of them. */
typedef enum base_code store_event_number_visit(void *context, int64_t number);
enum base_code store_events_old(struct store *store, int64_t added_ms, size_t limit, store_event_number_visit *visit, void *context) BASE_MUST_USE;
/* Deletes those that were added at or before `added_ms`, the oldest `limit` of them, with their profiles (src/store/profiles.h). A number that was used
 * is never given again. In a transaction of the caller's. */
enum base_code store_events_forget(struct store *store, int64_t added_ms, size_t limit, uint64_t *deleted) BASE_MUST_USE;

#endif
