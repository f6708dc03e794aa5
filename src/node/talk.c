/* SPDX-License-Identifier: Apache-2.0
 *
 * Conversations: from links to roles, and who may have one.
 */
#include "node/node.h"

#include "base/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITS_MAX = 360 }; /* conversations 1.1: an hour of a peer that says so every ten seconds */

struct key_search {
    const struct crypto_sign_public *transport;
    struct node_peer *out;
    bool is_found;
};

static enum base_code match_transport(void *context, const struct node_peer *peer)
{
    struct key_search *search = context;
    if (peer->state == NODE_PEER_PAIRED &&
        memcmp(&peer->card.transport, search->transport, sizeof *search->transport) == 0) {
        *search->out = *peer;
        search->is_found = true;
    }
    return BASE_OK;
}

static enum base_code peer_of_key(struct node *node, const struct crypto_sign_public *key, struct node_peer *out)
{
    struct key_search search = {key, out, false};
    BASE_TRY(node_peers_each(node->party->store, match_transport, &search));
    return search.is_found ? BASE_OK : base_fail(BASE_E_NO_PEER, "no paired party has this key");
}

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

static enum base_code on_admit(void *context, const struct crypto_sign_public *peer_key, const char *address)
{
    struct node_peer peer;
    (void)address;
    return peer_of_key(context, peer_key, &peer);
}

static void log_talk(const struct node_talk *talk, enum base_log_level level, const char *event, enum base_code why,
                     const char *detail)
{
    char peer[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&talk->peer.fingerprint, peer);
    base_log_event(&talk->node->log, level, event, BASE_LOG_TEXT("talk", talk->role->word), BASE_LOG_TEXT("peer", peer),
                   BASE_LOG_TEXT("reason", base_code_word(why)), BASE_LOG_TEXT("detail", detail), BASE_LOG_END);
}

static void on_open(void *context, struct node_link *link)
{
    struct node *node = context;
    struct node_talk *talk = node_link_data(link);
    struct node_peer peer;
    if (talk == NULL) {
        enum base_code code = peer_of_key(node, node_link_peer_key(link), &peer);
        if (code == BASE_OK && (talk = talk_new(node, &peer, &node_role_answer, NULL)) == NULL)
            code = BASE_E_NOMEM;
        if (code != BASE_OK) {
            node_link_close(link, code);
            return;
        }
        talk->link = link;
        node_link_set_data(link, talk);
    }
    enum base_code code = talk->role->opened == NULL ? BASE_OK : talk->role->opened(talk);
    if (code != BASE_OK)
        node_link_close(link, code);
}

static enum base_code on_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    if (kind == NODE_SAY_WORKING && payload.len == 0 && talk != NULL) { /* its arrival alone says that the peer is alive */
        if (++talk->waits > WAITS_MAX)
            return base_fail(BASE_E_TIMEOUT, "the peer has said %d times that it works, and nothing else", WAITS_MAX);
        return BASE_OK;
    }
    if (talk != NULL)
        talk->waits = 0;
    enum base_code code = talk == NULL ? base_fail(BASE_E_INTERNAL, "a frame outside a talk") : talk->role->frame(talk, kind, payload);
    if (code != BASE_OK && talk != NULL)
        log_talk(talk, BASE_LOG_WARN, "talk-failed", code, base_detail());
    return code;
}

static void on_closed(void *context, struct node_link *link, enum base_code why, const char *detail)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    if (talk == NULL)
        return;
    log_talk(talk, BASE_LOG_DEBUG, "talk-ended", why, detail);
    talk->link = NULL;
    if (talk->role->closed != NULL)
        talk->role->closed(talk, why, detail);
    talk_free(talk);
}

static void on_drained(void *context, struct node_link *link)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    if (talk != NULL && talk->role->drained != NULL)
        talk->role->drained(talk);
}

const struct node_link_events node_talk_events = {.admit = on_admit, .open = on_open, .frame = on_frame, .drained = on_drained,
                                                  .closed = on_closed};

struct peer_search {
    const struct exchange_id *fingerprint;
    struct node_peer *out;
    bool is_found;
};

static enum base_code match_fingerprint(void *context, const struct node_peer *peer)
{
    struct peer_search *search = context;
    if (peer->state == NODE_PEER_PAIRED && exchange_id_equal(&peer->fingerprint, search->fingerprint)) {
        *search->out = *peer;
        search->is_found = true;
    }
    return BASE_OK;
}

enum base_code node_talk_begin(struct node *node, const struct exchange_id *fingerprint, const struct node_talk_role *role,
                               void *state, struct node_talk **out)
{
    struct node_peer peer;
    struct peer_search search = {fingerprint, &peer, false};
    char host[EXCHANGE_ADDRESS_MAX + 1];
    if (node->hub == NULL) /* a job that ends while the node stops */
        return base_fail(BASE_E_CANCELLED, "the node is stopping");
    BASE_TRY(node_peers_each(node->party->store, match_fingerprint, &search));
    if (!search.is_found)
        return base_fail(BASE_E_NO_PEER, "the other party is not paired");
    snprintf(host, sizeof host, "%s", peer.card.address);
    char *colon = strrchr(host, ':');
    if (colon == NULL)
        return base_fail(BASE_E_CORRUPT, "a card without a port");
    *colon = 0;
    uint64_t port;
    BASE_TRY(base_parse_decimal(base_bytes_text(colon + 1), 65535, &port));
    struct node_talk *talk = talk_new(node, &peer, role, state);
    if (talk == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a talk");
    enum base_code code = node_hub_connect(node->hub, host, (uint16_t)port, &peer.card.transport, talk, &talk->link);
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
    if (talk->link == NULL)
        return base_fail(BASE_E_CLOSED, "the connection ended");
    return node_link_send(talk->link, (uint8_t)kind, payload);
}

enum base_code node_talk_refuse(struct node_talk *talk, enum base_code code, const char *detail)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    log_talk(talk, BASE_LOG_WARN, "refused", code, detail);
    enum base_code sent = node_refusal_write(code, detail, &payload);
    if (sent == BASE_OK)
        sent = node_talk_send(talk, NODE_SAY_REFUSED, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return sent;
}

void node_talk_end(struct node_talk *talk)
{
    if (talk->link != NULL)
        node_link_close(talk->link, BASE_OK);
}
