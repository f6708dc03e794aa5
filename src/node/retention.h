/* SPDX-License-Identifier: Apache-2.0
 *
 * Contents go when their time is over: so many days of the terms after what they belong to has ended (doc/spec/statements.md 8).
 * Content and salt are erased, what was derived from them is blanked, and the own ledger says which statements' contents went. The
 * notes stay, and every proof still verifies. Events and nonces that are old go too.
 *
 *     what it belongs to        ended
 *     an alert                  when it was closed
 *     an ask                    when it was answered, declined or withdrawn
 *     nothing that ends         when the statement was entered
 *
 * Private to the layer.
 */
#ifndef NODE_RETENTION_H
#define NODE_RETENTION_H

#include "node/exchange.h"

enum {
    NODE_RETENTION_BATCH = 250,  /* contents that one transaction erases, and one `retention` statement names */
    NODE_RETENTION_SCAN = 5000,  /* contents that are looked at in one step */
    NODE_RETENTION_EVENTS = 1000, /* events that one transaction deletes */
};

/* One content whose time is over. */
struct node_expired {
    struct crypto_hash statement;
    enum exchange_kind kind;
    struct exchange_statement said; /* the statement itself */
    int64_t since_ms;                /* from when its days count */
};
typedef enum base_code node_expired_visit(void *context, const struct node_compartment *compartment, const struct node_expired *expired);

/* One step of a walk through the contents of a compartment (*place is zero at its beginning): finds those whose time is over at
 * `now_ms`, and erases them unless `is_dry`, all in one transaction or none. Each is visited (`visit` may be NULL) after it has gone.
 * *place moves on only when it succeeds, and says when the walk has ended. */
enum base_code node_retention_step(struct node *node, const struct node_compartment *compartment, int64_t now_ms, bool is_dry,
                                   struct node_retention_place *place, node_expired_visit *visit, void *context) BASE_MUST_USE;

/* The date at or before which events were added that go at `now_ms`: the longest retention of any compartment, or a year. */
enum base_code node_retention_events_before(struct node *node, int64_t now_ms, int64_t *added_ms) BASE_MUST_USE;

/* Once a day, a step at each call until all is done. What fails is logged, and tried again an hour later. */
void node_retention_clock(struct node *node);
/* Forgets when it ran last, so that the rest of what is over goes from the next call on. */
enum base_code node_retention_hurry(struct node *node) BASE_MUST_USE;

#endif
