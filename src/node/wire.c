/* SPDX-License-Identifier: Apache-2.0
 *
 * The wire of a running node: talks over TLS links of a hub, and which peers are let in.
 */
#include "node/node.h"

#include "base/cursor.h"

#include <stdio.h>
#include <string.h>

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

static enum base_code on_admit(void *context, const struct crypto_sign_public *peer_key, const char *address)
{
    struct node_peer peer;
    (void)address;
    return peer_of_key(context, peer_key, &peer);
}

static void on_open(void *context, struct node_link *link)
{
    struct node *node = context;
    struct node_talk *talk = node_link_data(link);
    struct node_peer peer;
    enum base_code code = BASE_OK;
    if (talk == NULL) {
        code = peer_of_key(node, node_link_peer_key(link), &peer);
        if (code == BASE_OK)
            code = node_talk_accept(node, &peer, link, &talk);
        if (code == BASE_OK)
            node_link_set_data(link, talk);
    }
    if (code == BASE_OK)
        code = node_talk_opened(talk);
    if (code != BASE_OK)
        node_link_close(link, code);
}

static enum base_code on_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    return talk == NULL ? base_fail(BASE_E_INTERNAL, "a frame outside a talk") : node_talk_frame(talk, kind, payload);
}

static void on_closed(void *context, struct node_link *link, enum base_code why, const char *detail)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    if (talk != NULL)
        node_talk_closed(talk, why, detail);
}

static void on_drained(void *context, struct node_link *link)
{
    (void)context;
    struct node_talk *talk = node_link_data(link);
    if (talk != NULL && talk->role->drained != NULL)
        talk->role->drained(talk);
}

const struct node_link_events node_wire_events = {.admit = on_admit, .open = on_open, .frame = on_frame, .drained = on_drained,
                                                  .closed = on_closed};

static enum base_code wire_dial(struct node_talk *talk)
{
    char host[EXCHANGE_ADDRESS_MAX + 1];
    uint64_t port;
    struct node_link *link;
    if (talk->node->hub == NULL)
        return base_fail(BASE_E_CANCELLED, "the node is stopping");
    snprintf(host, sizeof host, "%s", talk->peer.card.address);
    char *colon = strrchr(host, ':');
    if (colon == NULL)
        return base_fail(BASE_E_CORRUPT, "a card without a port");
    *colon = 0;
    BASE_TRY(base_parse_decimal(base_bytes_text(colon + 1), 65535, &port));
    BASE_TRY(node_hub_connect(talk->node->hub, host, (uint16_t)port, &talk->peer.card.transport, talk, &link));
    talk->link = link;
    return BASE_OK;
}

static enum base_code wire_send(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    return node_link_send(talk->link, kind, payload);
}

static void wire_end(struct node_talk *talk, enum base_code why)
{
    node_link_close(talk->link, why);
}

const struct node_wire node_wire_tls = {.dial = wire_dial, .send = wire_send, .end = wire_end};
