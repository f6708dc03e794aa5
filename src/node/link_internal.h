/* SPDX-License-Identifier: Apache-2.0
 *
 * What hub.c (listener, dialling, the list of links) and link.c (one link from its first byte to its last) share.
 *
 *                 accept                 dial
 *                   |                  CONNECTING
 *                   v                     v
 *               HANDSHAKE <--------- HANDSHAKE
 *                   | key admitted,       | other side's Finished checked
 *                   | welcome sent        v
 *                   |                  WELCOME
 *                   v                     | welcome read
 *                 OPEN <------------------+
 *                   | node_link_close(BASE_OK)
 *                   v                  all sent
 *                FLUSHING --------------------------> LINGERING   (for the peer's end, so that nothing sent is lost)
 *                   any state, any error, any end: -> DROPPED     (handles closing; then `closed`, then freed)
 */
#ifndef NODE_LINK_INTERNAL_H
#define NODE_LINK_INTERNAL_H

#include "node/link.h"

enum node_link_state {
    LINK_CONNECTING,
    LINK_HANDSHAKE,
    LINK_WELCOME,
    LINK_OPEN,
    LINK_FLUSHING,
    LINK_LINGERING,
    LINK_DROPPED,
};

enum { LINK_READ_MAX = 64 * 1024, LINK_WRITE_MAX = 64 * 1024, LINK_PLAIN_MAX = 16 * 1024, LINK_ADDRESS_MAX = 80 };

/* A token bucket, in thousandths, so that a rate per second meets milliseconds in whole numbers. */
struct node_link_bucket {
    uint64_t left;
    uint64_t filled_ms;
};

struct node_link {
    struct node_hub *hub;
    struct node_link *next, *previous;
    enum node_link_state state;
    bool is_outgoing;
    bool is_owed_closed;  /* the owner knows this link */
    bool is_owed_drained; /* the owner sent something since the last `drained` */
    bool is_paused;
    bool is_writing;
    bool is_retrying; /* dialling: the handle of the address that failed is closing */
    bool is_late; /* a deadline passed; one more round of reading before it counts */
    unsigned waiting; /* handles and requests that must end before the link is freed */

    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_getaddrinfo_t resolve;
    struct addrinfo *found, *candidate; /* owned; into it */
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shutdown;

    struct node_tls_session *session;
    struct node_frame_decoder decoder;
    struct base_buffer sending; /* with the system, from sending_at on; what comes after waits in the session's output */
    size_t sending_at, slice_len;
    uint64_t sent, received;
    struct node_link_bucket frames, bytes;

    uint64_t began_ms;  /* this state, for the states that have a time-out of their own */
    uint64_t active_ms; /* last whole frame in, or bytes taken by the system */
    uint64_t frame_ms;  /* the frame under way began */
    uint64_t paused_ms;

    struct crypto_sign_public peer_key;
    bool has_peer_key;
    char address[LINK_ADDRESS_MAX];
    uint16_t port;
    void *data;
    enum base_code why;
    char detail[256];
};

struct node_hub {
    struct node_hub_config config;
    uv_tcp_t listener;
    uv_timer_t retry; /* accepting failed for want of memory: libuv holds the connection until it is taken */
    unsigned open_handles;
    bool is_listening, is_closing;
    struct node_link *links; /* newest first */
    void (*done)(void *context);
    void *done_context;
    uint8_t read_bytes[LINK_READ_MAX]; /* one read at a time: libuv asks for the buffer right before it reads */
    uint8_t plain_bytes[LINK_PLAIN_MAX];
};

/* hub.c */
size_t node_hub_taken(const struct node_hub *hub, const struct crypto_sign_public *peer_key); /* places of the limits */
void node_hub_forget(struct node_hub *hub, struct node_link *link);
void node_hub_finish(struct node_hub *hub); /* after a link was freed */

/* link.c. A new link is in the hub's list, holds two handles, and ends only through node_link_drop(). */
enum base_code node_link_new(struct node_hub *hub, bool is_outgoing, const struct crypto_sign_public *expected,
                             struct node_link **out) BASE_MUST_USE;
void node_link_start(struct node_link *link); /* the TCP connection stands */
/* `says_goodbye`: with close_notify, where nothing else is being written. */
void node_link_drop(struct node_link *link, enum base_code why, bool says_goodbye, const char *detail);
void node_link_let_go(struct node_link *link); /* one of `waiting` has ended */
void node_link_process(struct node_link *link); /* all that can be done with the bytes received so far */

/* link_limits.c: time-outs (transport 5.3) and rates (5.4) */
void node_link_move(struct node_link *link, enum node_link_state state); /* to a state with a time-out of its own */
void node_link_is_active(struct node_link *link); /* a whole frame came, or bytes went */
void node_link_arm(struct node_link *link); /* sets the timer to the next deadline */
void node_link_arm_now(struct node_link *link); /* processes, then checks, in the next turn of the loop */
bool node_link_take(const struct node_link *link, struct node_link_bucket *bucket, uint32_t per_second, uint64_t count);

#endif
