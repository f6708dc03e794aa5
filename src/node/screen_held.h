/* SPDX-License-Identifier: Apache-2.0
 *
 * What is held, records and events, in memory, ready to be held against an alert: an index (src/people/index.h), made from the
 * profiles that the store keeps (src/store/profiles.h) and kept in step with them. Private to the layer.
 *
 * A number is that of a record, or minus that of an event. What a transaction writes is in memory at once; when it is taken back, memory
 * looks again at what it had touched. Where memory for the index is limited, what does not fit is read from the store each
 * time: slower, and nothing is missed.
 */
#ifndef NODE_SCREEN_HELD_H
#define NODE_SCREEN_HELD_H

#include "node/exchange.h"
#include "people/compare.h"
#include "people/index.h"

enum { SCREEN_MEMORY_DEFAULT_MIB = 2048 };

struct screen_held;
void screen_held_free(struct screen_held *held); /* NULL is fine */

/* One of them as it stands in the store, and as a hit tells of it. */
struct screen_thing {
    int64_t number;
    struct people_record record; /* without names: it is not there, or withdrawn */
    unsigned tell;               /* bit of what the sender of an alert may have asked to be told of */
    char what[160];              /* "record 12 of the list own" */
};
/* Begins as zeros; what it held is released. BASE_OK also when it is not there. */
enum base_code screen_thing_read(struct node *node, int64_t number, struct screen_thing *out) BASE_MUST_USE;
void screen_thing_release(struct screen_thing *thing);

/* Reads all of it into memory, unless it is there. To be called now and then outside a transaction: what was committed by then need not be
 * looked at again. */
enum base_code screen_held_load(struct node *node) BASE_MUST_USE;
/* Keeps a profile in store and memory, in a transaction of the caller's; NULL: it is screened no more. */
enum base_code screen_held_put(struct node *node, int64_t number, const struct people_profile *profile) BASE_MUST_USE;
/* Each that is a hit, once, with its grade; the visit may not change what is held. */
enum base_code screen_held_find(struct node *node, const struct people_profile *profile, people_index_hit *visit, void *context) BASE_MUST_USE;
/* All of it goes, in a transaction of the caller's: it is made anew. */
enum base_code screen_held_clear(struct node *node) BASE_MUST_USE;

/* How far records were screened: the last one's date of change, and its number. */
struct screen_mark {
    int64_t changed_ms, id;
    bool is_stale; /* there is none, or another version made the profiles: everything begins anew */
};
enum base_code screen_mark_read(struct node *node, struct screen_mark *out) BASE_MUST_USE;
enum base_code screen_mark_write(struct node *node, const struct screen_mark *mark) BASE_MUST_USE;

#endif
