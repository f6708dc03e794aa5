/* SPDX-License-Identifier: Apache-2.0
 *
 * A request of the command line (doc/spec/control.md) while it is being answered, and what every file of requests needs. A
 * request is a function that gets the object it was asked with, and answers now or later, exactly once, with node_request_ok()
 * or node_request_error(); one that returns an error has not answered. Private to the layer.
 *
 * Who asks stands in `user`. What concerns one compartment finds it with node_request_find(), which also checks the role; what
 * concerns the whole node calls node_user_check() with node_every_compartment.
 */
#ifndef NODE_REQUEST_H
#define NODE_REQUEST_H

#include "node/node.h"
#include "node/users.h"
#include "store/drafts.h"

struct node_request {
    struct node *node;
    struct node_control_client *client; /* NULL once it went away */
    struct node_user user;              /* who asks */
    int64_t draft;                      /* what is being released; 0 for what its author says */
    char author[STORE_USER_MAX + 1];    /* of the draft */
    bool is_answered;
    int64_t progress_ms; /* when progress was last sent */
};

typedef enum base_code node_request_run(struct node_request *request, json_t *object);
node_request_run *node_request_of(const char *word); /* NULL when there is none */

/* Sends one piece of a result before the result itself: {"item": ...}. The reference is stolen. The errors of
 * node_control_reply(), and BASE_E_NOMEM for NULL; nothing once the client went away. */
enum base_code node_request_item(struct node_request *request, json_t *item) BASE_MUST_USE;

/* The object was not of the form that json_unpack_ex() wanted. BASE_E_ARGUMENT. */
enum base_code node_request_bad(const json_error_t *error) BASE_MUST_USE;

/* The compartment that `name` names, when the user has one of `roles` there (bits NODE_MAY()). BASE_E_NOT_FOUND for one that is
 * not there and for one that the user has no role in, alike; BASE_E_ROLE; BASE_E_ARGUMENT when digits name several. */
enum base_code node_request_find(struct node_request *request, const char *name, unsigned roles, struct node_compartment *out) BASE_MUST_USE;
/* The same for a request of nothing but "do" and "compartment", and "reason" where it may have one ("" when absent, borrowed
 * from the object); `reason` NULL: none allowed. */
enum base_code node_request_compartment(struct node_request *request, json_t *object, unsigned roles, const char **reason,
                                        struct node_compartment *out) BASE_MUST_USE;

/* A compartment's id, name and state, as results have them. NULL when out of memory. */
json_t *node_request_compartment_json(const struct node_compartment *facts, enum exchange_state state);
/* Syncs, then answers with these and `flag`: was the other party reached? What was said is kept either way. */
enum base_code node_request_answer_after_sync(struct node_request *request, const struct node_compartment *facts, const char *flag) BASE_MUST_USE;

#endif
