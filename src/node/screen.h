/* SPDX-License-Identifier: Apache-2.0
 *
 * Screening: every awake alert against everything held and everything that arrives: records, events, other alerts. What is
 * found is a finding with reasons; a finding on an alert of the other party is also a `hit` in one's own ledger, with a task,
 * and with a duty to tell where the alert asked for it (doc/spec/screening.md, statements 6). Private to the layer.
 *
 * Awake alerts stand in memory, made anew from the store when first needed, and beside them what is held (screen_held.h), which this
 * file fills as records come and change: at every moment a record has either met an alert here, or still waits for
 * node_screen_pending() and will meet it there.
 */
#ifndef NODE_SCREEN_H
#define NODE_SCREEN_H

#include "node/exchange.h"
#include "store/events.h"

struct node_screen; /* node->screen: made when first needed */
void node_screen_free(struct node_screen *screen); /* NULL is fine */

/* Is each person of a content a record of this program's form? BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_ENCODING. */
enum base_code node_screen_check_persons(const struct exchange_content *content) BASE_MUST_USE;

/* An alert has come into the book: it is put beside the others, and held against records, events and other alerts. */
enum base_code node_screen_alert(struct node_taking *taking, const struct store_alert *alert) BASE_MUST_USE;
/* It was corrected, restricted or erased. */
enum base_code node_screen_corrected(struct node_taking *taking) BASE_MUST_USE;
/* It is closed. */
void node_screen_forget(struct node *node, const struct store_alert *alert);

/* An event is kept and held against the awake alerts, in a transaction of the caller's. `found` counts findings; may be NULL.
 * BASE_E_EXISTS for a reference that is there, BASE_E_FORMAT for a person that is none. */
enum base_code node_screen_event(struct node *node, struct store_event *event, uint64_t *found) BASE_MUST_USE;

/* The oldest `limit` events that were added by then are about to be forgotten, in the transaction that is open: nothing of them stays here. */
enum base_code node_screen_forget_events(struct node *node, int64_t added_ms, size_t limit) BASE_MUST_USE;
/* Records that were added or changed since this was called last, at most a thousand at a time. Outside a transaction. */
enum base_code node_screen_pending(struct node *node) BASE_MUST_USE;
/* Do more of them wait? */
enum base_code node_screen_is_behind(struct node *node, bool *out) BASE_MUST_USE;
/* Those that wait, for about so long. */
enum base_code node_screen_catch_up(struct node *node, int64_t limit_ms) BASE_MUST_USE;

/* A person judges: the verdict goes into the ledger; a pair that was rejected is not found again until something new is known.
 * For two alerts, confirming makes them one person. In a transaction of the caller's. BASE_E_NOT_FOUND, BASE_E_ARGUMENT for a
 * reason shorter than three characters. */
enum base_code node_screen_judge(struct node *node, int64_t finding, enum exchange_verdict verdict, const char *reason,
                                 const char *judge) BASE_MUST_USE;

#endif
