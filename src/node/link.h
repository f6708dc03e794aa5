/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections to peers: a hub holds one listener and all links of one libuv loop, and a link carries frames over TLS 1.3
 * to one peer. It survives a peer that stalls, floods, lies about lengths or vanishes: everything has a limit, and
 * whoever breaks one is dropped with a reason. It does not know what a frame says. doc/spec/transport.md.
 *
 *     node_hub_new(&config, &hub);
 *     node_hub_listen(hub, "127.0.0.1", 0, &port);                            and/or
 *     node_hub_connect(hub, "peer.example", 4711, &peer_key, owner, &link);
 *     uv_run(loop): open(link), then frame(link, ...) and node_link_send(link, ...) as often as wanted, then closed(link)
 *     node_hub_close(hub, callback, context);                                 the hub is gone once `callback` has run
 *
 * Not thread-safe: everything happens on the loop's thread. No event is called from inside a function of this header; all
 * come from the loop, so an owner may call any of these functions from any event. (Exception: `frame` and `closed` may
 * follow from node_link_resume() and node_link_close() no earlier than the next turn of the loop.)
 *
 * SIGPIPE: libuv writes to sockets without MSG_NOSIGNAL, so node_hub_new() and node_control_listen() set the process to ignore
 * it, unless it has a handler.
 *
 * An accepted link is open once its key was admitted; a dialled link is open once the other side said that it admitted
 * this party. So `open` means on both sides that frames will be read.
 *
 * Memory: one link holds at most NODE_LINK_MEMORY_MAX bytes beside the owner's, whatever the peer does: the outgoing queue
 * (max_queued_bytes, once encrypted), one incoming frame (its buffer doubles: 2 * NODE_FRAME_MAX), one read of 64 KiB not
 * yet decrypted, and OpenSSL's state (under 128 KiB). An idle link holds about 60 KiB.
 */
#ifndef NODE_LINK_H
#define NODE_LINK_H

#include "base/log.h"
#include "crypto/sign.h"
#include "node/frame.h"
#include "node/tls.h"

#include <uv.h>

enum {
    NODE_LINKS_MAX = 64,          /* admitted or dialled, in one hub */
    NODE_LINKS_PER_PEER_MAX = 16, /* of them with the same peer */
    NODE_HANDSHAKES_MAX = 32,     /* accepted and not yet admitted; beyond, the oldest of them gives way */
    NODE_LINK_QUEUE_MAX = 4 * 1024 * 1024,
    NODE_LINK_MEMORY_MAX = 10 * 1024 * 1024, /* with the default limits */
};

struct node_hub;
struct node_link;

/* `open` and `drained` may be NULL. */
struct node_link_events {
    void *context;
    /* May this key, from this address ("192.0.2.7:4711"), have a link? Asked for accepted connections once the peer has
     * proved that it holds the key, before any frame is read. An error (BASE_E_NO_PEER for a key never paired) ends the
     * connection; it is logged, and neither `open` nor `closed` is called. */
    enum base_code (*admit)(void *context, const struct crypto_sign_public *peer_key, const char *address);
    /* Handshake done, both sides admitted: frames may go both ways. */
    void (*open)(void *context, struct node_link *link);
    /* One frame, kind 1 to 255; the payload is borrowed until the call returns. An error drops the link with that reason. */
    enum base_code (*frame)(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload);
    /* Everything given to node_link_send() has gone to the system. */
    void (*drained)(void *context, struct node_link *link);
    /* Exactly once for each link that was opened and for each link that node_hub_connect() gave, also when it never opened.
     * The link is invalid after it. `why`:
     *   BASE_OK          this side closed with BASE_OK, or the peer said close_notify between two frames
     *   BASE_E_CLOSED    the peer ended without close_notify, or inside a frame
     *   BASE_E_IO        could not connect or resolve
     *   BASE_E_REFUSED   dialled: the peer ended the connection instead of admitting this party
     *   BASE_E_KEY       dialled: the peer has another key than the expected one
     *   BASE_E_TLS       the TLS layer refused, here or there
     *   BASE_E_FORMAT, BASE_E_LIMIT   a frame of length 0, of more than NODE_FRAME_MAX
     *   BASE_E_ORDER     a frame of kind 0 on an open link, or another before the welcome
     *   BASE_E_TIMEOUT   a time-out of the configuration
     *   BASE_E_FLOOD     too much came too fast
     *   BASE_E_BUSY      dialled: too many links with this peer
     *   BASE_E_CANCELLED the hub was closed
     *   or what `frame` returned, or what was given to node_link_close(). */
    void (*closed)(void *context, struct node_link *link, enum base_code why, const char *detail);
};

struct node_hub_config {
    uv_loop_t *loop;              /* borrowed for the hub's life */
    const struct node_tls *tls;   /* borrowed for the hub's life */
    const struct base_log *log;   /* borrowed for the hub's life; NULL: no log */
    struct node_link_events events;
    /* Limits (transport 5); 0 takes the default. */
    uint32_t handshake_timeout_ms;  /* 5000: from accepting or dialling to `open`; also how long a close may linger */
    uint32_t idle_timeout_ms;       /* 30000: no whole frame in and nothing sent for so long */
    uint32_t frame_timeout_ms;      /* 20000: a frame that has begun must be complete */
    uint32_t max_queued_bytes;      /* NODE_LINK_QUEUE_MAX: outgoing and not yet taken by the system */
    uint32_t max_frames_per_second; /* 2000, incoming, averaged over rate_window_ms */
    uint32_t max_bytes_per_second;  /* 64 MiB, incoming, likewise */
    uint32_t rate_window_ms;        /* 5000: so many seconds' worth may come at once */
};

/* BASE_E_ARGUMENT for a missing loop, tls, admit, frame or closed; BASE_E_NOMEM. The config is copied. */
enum base_code node_hub_new(const struct node_hub_config *config, struct node_hub **out) BASE_MUST_USE;

/* Listens on a numeric IPv4 or IPv6 address; port 0 takes any free one, and *bound (may be NULL) says which. Once per hub.
 * BASE_E_ARGUMENT for an address that is not numeric, BASE_E_STATE when listening already or closing, BASE_E_BUSY when the
 * port is taken, BASE_E_IO. */
enum base_code node_hub_listen(struct node_hub *hub, const char *address, uint16_t port, uint16_t *bound) BASE_MUST_USE;

/* Dials. `host` is a numeric address or a name (whose addresses are tried in turn). Ends in `open` or `closed`. `owner` is
 * what node_link_data() returns. BASE_E_BUSY when the hub has NODE_LINKS_MAX links or the peer NODE_LINKS_PER_PEER_MAX,
 * BASE_E_STATE when closing, BASE_E_ARGUMENT, BASE_E_NOMEM. */
enum base_code node_hub_connect(struct node_hub *hub, const char *host, uint16_t port,
                                const struct crypto_sign_public *expected, void *owner,
                                struct node_link **out) BASE_MUST_USE;

/* Stops listening, drops every link with BASE_E_CANCELLED (call node_link_close(link, BASE_OK) and wait for `closed` first to
 * have them flushed), frees the hub, and calls `done` (may be NULL) last of all. */
void node_hub_close(struct node_hub *hub, void (*done)(void *context), void *context);

/* The open links; with a key, those of this peer. */
size_t node_hub_count(const struct node_hub *hub, const struct crypto_sign_public *peer_key);

/* Queues one frame; the payload is copied. BASE_E_STATE before `open` and after node_link_close(), BASE_E_CLOSED on a link
 * that is being dropped, BASE_E_ARGUMENT for kind 0, BASE_E_LIMIT for a payload over NODE_FRAME_PAYLOAD_MAX, BASE_E_FLOOD
 * when more than max_queued_bytes would wait (nothing is queued then; wait for `drained`), BASE_E_NOMEM, BASE_E_TLS. */
enum base_code node_link_send(struct node_link *link, uint8_t kind, struct base_bytes payload) BASE_MUST_USE;
size_t node_link_queued(const struct node_link *link); /* bytes not yet taken by the system */

/* Ends the link; `closed` follows from the loop. With BASE_OK the queue is sent first, then close_notify, and no frame is read
 * any more; with any other reason at once and without close_notify. A second call, or one before `open`, drops at once. */
void node_link_close(struct node_link *link, enum base_code why);

/* Stops reading while the owner computes: no `frame` until node_link_resume(), the peer is held back by TCP, and no time-out
 * runs. Calls do not nest. Sending goes on. */
void node_link_pause(struct node_link *link);
void node_link_resume(struct node_link *link);

void node_link_set_data(struct node_link *link, void *data); /* borrowed */
void *node_link_data(const struct node_link *link);
/* The peer's key; for a dialled link the expected one, also before `open`. */
const struct crypto_sign_public *node_link_peer_key(const struct node_link *link);
const char *node_link_address(const struct node_link *link); /* "192.0.2.7:4711" */
/* TLS bytes on the wire so far, handshake included. */
void node_link_bytes(const struct node_link *link, uint64_t *sent, uint64_t *received);
bool node_link_is_outgoing(const struct node_link *link);

#endif
