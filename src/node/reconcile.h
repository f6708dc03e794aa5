/* SPDX-License-Identifier: Apache-2.0
 *
 * Both ledgers of a compartment, held against each other: which statement has one side and lacks the other? Who asks gets the
 * other's list of leaf hashes in pages; nothing of what stays in a party's own ledger is in it (doc/spec/conversations.md 6).
 *
 *     LIST_ASK(compartment, 0) ──► LIST(0, more, hashes)
 *     LIST_ASK(compartment, n) ──► LIST(n, last, hashes)
 *
 * Private to the layer.
 */
#ifndef NODE_RECONCILE_H
#define NODE_RECONCILE_H

#include "node/node.h"

enum node_difference_where {
    NODE_MISSING_THERE, /* this party has it, the other lacks it */
    NODE_MISSING_HERE,
    NODE_WAITS_HERE,    /* in this party's outbox, and not there yet */
    NODE_WAITS_THERE,   /* in the other's outbox, and not here yet */
    NODE_DIFFERENCE_COUNT,
};

struct node_difference {
    enum node_difference_where where;
    struct crypto_hash hash;
    char kind[33];   /* "" when it is not here: a hash tells nothing else */
    int64_t time_ms; /* when it was entered here; 0 likewise */
};

enum { NODE_DIFFERENCES_MAX = 100000 };

struct node_reconciled {
    uint64_t own, theirs; /* statements of each that were compared */
    uint64_t counts[NODE_DIFFERENCE_COUNT];
    uint64_t conflicts; /* evidence that is kept of two histories of the other's (equivocate.h) */
    struct node_difference *items; /* by where, then oldest first where that is known; the first NODE_DIFFERENCES_MAX */
    size_t count, capacity;
};

/* `result` is NULL unless `code` is BASE_OK, and borrowed for the call. `is_by_peer`: the other party refused. */
typedef void node_reconcile_done(void *context, enum base_code code, const char *detail, bool is_by_peer,
                                 const struct node_reconciled *result);
/* `done` follows, later, unless this fails. Of the other's list: BASE_E_ORDER for a page that was not asked for, BASE_E_REPLAY
 * for a statement that it names twice, BASE_E_INCONSISTENT for one that it cannot have, BASE_E_FLOOD for more than
 * NODE_DIFFERENCES_MAX that are not here; and the errors of reading a page. */
enum base_code node_reconcile_begin(struct node *node, const struct exchange_id *compartment, node_reconcile_done *done,
                                    void *context) BASE_MUST_USE;

/* The other side: a peer asks for the list. The talk is about nothing else from here on. */
enum base_code node_list_asked(struct node_talk *talk, struct base_bytes payload) BASE_MUST_USE;

#endif
