/* SPDX-License-Identifier: Apache-2.0
 *
 * Conversations: from what a wire tells to roles, and back.
 */
#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITS_MAX = 360 }; /* conversations 1.1: an hour of a peer that says so every ten seconds */

static struct node_talk *talk_new(struct node *node, const struct node_peer *peer, const struct node_talk_role *role, void *state)
{
    struct node_talk *talk = calloc(1, sizeof *talk);
    if (talk == NULL)
        return NULL;
    *talk = (struct node_talk){.node = node, .peer = *peer, .role = role, .state = state, .next = node->talks};
    node->talks = talk;
    return talk;
}

static void talk_free(struct node_talk *talk)
{
    struct node_talk **at = &talk->node->talks;
    while (*at != NULL && *at != talk)
        at = &(*at)->next;
    if (*at == talk)
        *at = talk->next;
    free(talk);
}

static void log_talk(const struct node_talk *talk, enum base_log_level level, const char *event, enum base_code why,
                     const char *detail)
{
    char peer[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&talk->peer.fingerprint, peer);
    base_log_event(&talk->node->log, level, event, BASE_LOG_TEXT("talk", talk->role->word), BASE_LOG_TEXT("peer", peer),
                   BASE_LOG_TEXT("reason", base_code_word(why)), BASE_LOG_TEXT("detail", detail), BASE_LOG_END);
}

enum base_code node_talk_accept(struct node *node, const struct node_peer *peer, void *link, struct node_talk **out)
{
    *out = talk_new(node, peer, &node_role_answer, NULL);
    if (*out == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a talk");
    (*out)->link = link;
    return BASE_OK;
}

enum base_code node_talk_opened(struct node_talk *talk)
{
    return talk->role->opened == NULL ? BASE_OK : talk->role->opened(talk);
}

enum base_code node_talk_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    if (kind == NODE_SAY_WORKING && payload.len == 0) { /* its arrival alone says that the peer is alive */
        if (++talk->waits > WAITS_MAX)
            return base_fail(BASE_E_TIMEOUT, "the peer has said %d times that it works, and nothing else", WAITS_MAX);
        return BASE_OK;
    }
    talk->waits = 0;
    enum base_code code = talk->role->frame(talk, kind, payload);
    if (code != BASE_OK)
        log_talk(talk, BASE_LOG_WARN, "talk-failed", code, base_detail());
    return code;
}

void node_talk_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    log_talk(talk, BASE_LOG_DEBUG, "talk-ended", why, detail);
    talk->link = NULL;
    if (talk->role->closed != NULL)
        talk->role->closed(talk, why, detail);
    talk_free(talk);
}

struct peer_copy {
    struct node_peer *out;
};

static enum base_code take_peer(void *context, const struct store_peer *row)
{
    struct peer_copy *copy = context;
    return node_peer_read(row, copy->out);
}

enum base_code node_talk_begin(struct node *node, const struct exchange_id *fingerprint, const struct node_talk_role *role,
                               void *state, struct node_talk **out)
{
    struct node_peer peer;
    struct peer_copy copy = {&peer};
    if (node->wire == NULL) /* a job that ends while the node stops */
        return base_fail(BASE_E_CANCELLED, "the node is stopping");
    enum base_code code = store_peer_get(node->party->store, fingerprint->bytes, take_peer, &copy);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && peer.state != NODE_PEER_PAIRED))
        return base_fail(BASE_E_NO_PEER, "the other party is not paired");
    if (code != BASE_OK)
        return code;
    struct node_talk *talk = talk_new(node, &peer, role, state);
    if (talk == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a talk");
    code = node->wire->dial(talk);
    if (code != BASE_OK) {
        talk_free(talk);
        return code;
    }
    if (out != NULL)
        *out = talk;
    return BASE_OK;
}

enum base_code node_talk_send(struct node_talk *talk, enum node_frame_kind kind, struct base_bytes payload)
{
    if (talk->link == NULL || talk->node->wire == NULL)
        return base_fail(BASE_E_CLOSED, "the connection ended");
    return talk->node->wire->send(talk, (uint8_t)kind, payload);
}

bool node_is_own_failure(enum base_code code)
{
    return code == BASE_E_NOMEM || code == BASE_E_IO || code == BASE_E_DISK_FULL || code == BASE_E_DATABASE || code == BASE_E_CORRUPT ||
           code == BASE_E_BUSY || code == BASE_E_INTERNAL;
}

enum base_code node_talk_refuse(struct node_talk *talk, enum base_code code, const char *detail)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    log_talk(talk, BASE_LOG_WARN, "refused", code, detail);
    enum base_code sent = node_refusal_write(code, node_is_own_failure(code) ? "" : detail, &payload);
    if (sent == BASE_OK)
        sent = node_talk_send(talk, NODE_SAY_REFUSED, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return sent;
}

void node_talk_end(struct node_talk *talk)
{
    if (talk->link != NULL && talk->node->wire != NULL)
        talk->node->wire->end(talk, BASE_OK);
}
