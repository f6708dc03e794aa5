/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a node: listens for peers and for the command line, until SIGTERM, SIGINT or the request `stop`.
 */
#ifndef NODE_SERVE_H
#define NODE_SERVE_H

#include "base/log.h"
#include "node/party.h"

struct node_serve_config {
    const char *home;
    struct node_unlock unlock;
    const char *socket_group; /* NULL, or the group whose members may ask with a user key (users.h) */
    const char *listen; /* host:port, port 0 takes a free one; NULL: the card's address */
    int log_fd;         /* structured log; -1 for none */
    enum base_log_level log_level;
    int64_t replay_from_ms; /* 0, or: the node's clock stands at this time and is moved by the request `clock`, to replay what happened */
    unsigned screen_memory_mib; /* for the index of what is screened; 0: the default (screen_held.h) */
    int ready_fd;       /* -1, or gets "ready PORT\n" once the node listens */
};

/* Blocks until the node has stopped and everything under way was ended. BASE_E_BUSY when a node of this home runs already
 * or the port is taken, BASE_E_NOT_FOUND for a group that is not there; the errors of node_party_open(). */
enum base_code node_serve(const struct node_serve_config *config) BASE_MUST_USE;

#endif
