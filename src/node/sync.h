/* SPDX-License-Identifier: Apache-2.0
 *
 * Syncing (doc/spec/conversations.md 3): what waits in a compartment goes to the other party over a line, one link that this node
 * opened to that party and that all its compartments share. Private to the layer.
 *
 *     sync.c         one compartment: what is sent when, who waits for it, when it is tried again
 *     sync_line.c    one line: frames in flight, answered in their order; kept for a while when nothing is left to say
 *     sync_frames.c  the frames: an outbox to a DELIVERY, RECEIPTS into the book, a CHECKPOINT and its cosignature
 *
 *     QUIET ──► waits for the line ──► DELIVERY.. (SYNC_FLIGHTS_MAX under way) ──► all answered: delivered ──► CHECKPOINT ──► QUIET
 *       ▲                                  ▲  something is said meanwhile                                        │
 *       │                                  └───────────────────────────────────────────────────────────────────┘
 *       └── a failure: tried again after a pause, ever more rarely
 */
#ifndef NODE_SYNC_H
#define NODE_SYNC_H

#include "node/node.h"

enum {
    SYNC_FLIGHTS_MAX = 2,       /* deliveries of one compartment that wait for receipts: the other side takes one while this enters the other's */
    SYNC_LINE_FLIGHTS_MAX = 4,  /* frames of one line that wait for an answer */
    SYNC_LINE_IDLE_MS = 10000,  /* a line with nothing to say is kept for so long */
};

/* A frame that was sent and is not answered. */
struct node_flight {
    struct node_sync *sync;
    enum node_frame_kind kind;
    struct crypto_hash *hashes; /* of a delivery: its statements; owned */
    size_t count, capacity;
    int64_t number;             /* of the outbox: the last of them */
    uint64_t size;              /* of a checkpoint */
    struct node_flight *next;
};

/* A link of this node's to one party. */
struct node_line {
    struct node *node;
    struct exchange_id peer;
    struct node_talk *talk;     /* NULL: there is none */
    bool is_open;
    bool is_untried;            /* it was kept idle, and has not answered since: it may have died unnoticed */
    struct node_flight *first, *last;
    unsigned flights;
    uint64_t turns;
    int64_t idle_ms;            /* since when nothing is under way, by the steady clock */
    struct node_line *next;
};

struct node_sync_waiter {
    enum node_sync_until until;
    int64_t number;             /* of the outbox: the last one it waits for */
    node_sync_done *done;
    void *context;
    struct node_sync_waiter *next;
};

/* A compartment. */
struct node_sync {
    struct node *node;
    struct exchange_id compartment;
    struct node_line *line;     /* NULL while it is quiet */
    bool is_proposal;           /* all there is to say is the proposal */
    bool is_all_sent;           /* nothing in the outbox behind `number`, when it was last looked at */
    bool is_size_corrected;
    bool is_wanted;             /* something was said while it was quiet */
    unsigned deliveries;        /* under way */
    unsigned flights;           /* with checkpoints and proposals */
    int64_t number, answered;   /* of the outbox: last one sent, last one answered */
    uint64_t turn;              /* of the line, when it sent last */
    enum base_code code;        /* it fails, once nothing is under way */
    enum base_code refusal;     /* of a statement that stays in the outbox */
    char detail[256];           /* of `code` or else of `refusal` */
    struct node_sync_waiter *waiters;

    int64_t not_before_ms;      /* of the steady clock */
    int64_t pause_ms;
    int64_t propose_not_before_ms; /* counts only while the compartment is proposed */
    struct node_sync *next;
};

/* sync.c. Is there something to do before an answer comes? And does one step of it, at most one frame; the last one ends it. */
bool node_sync_has_step(const struct node_sync *sync);
void node_sync_step(struct node_sync *sync);
/* The answer to `flight`, which is no longer under way. An error is the line's: the peer broke the form. */
enum base_code node_sync_answered(struct node_sync *sync, const struct node_flight *flight, uint8_t kind, struct base_bytes payload) BASE_MUST_USE;
/* Ends it now; what was under way on the line is no longer. */
void node_sync_end(struct node_sync *sync, enum base_code code, const char *detail);
/* Begins once more on a new link, as if nothing had been sent. */
void node_sync_restart(struct node_sync *sync);

/* sync_line.c. Puts it on the line to the peer, dialling if there is none. BASE_E_NO_PEER, BASE_E_CANCELLED and what dialling
 * says; then it is still quiet. */
enum base_code node_line_join(struct node_sync *sync, const struct exchange_id *peer) BASE_MUST_USE;
/* Sends what can be sent. */
void node_line_pump(struct node_line *line);
/* Sends a frame for it; the hashes are taken over, whatever happens. BASE_E_CLOSED: what follows is told by the end of the link. */
enum base_code node_line_send(struct node_sync *sync, struct node_flight *flight, struct base_bytes payload) BASE_MUST_USE;
void node_lines_close_idle(struct node *node);
void node_lines_forget(struct node *node);

/* sync_frames.c. Builds a DELIVERY of what waits behind sync->number, and moves that on. flight->count is 0 when nothing waits. */
enum base_code node_sync_put_delivery(struct node_sync *sync, struct node_flight *flight, struct base_buffer *payload) BASE_MUST_USE;
/* One answer for each statement of the delivery, in its order: all into the book, in one transaction. */
enum base_code node_sync_take_receipts(struct node_sync *sync, const struct node_flight *flight, struct base_bytes payload) BASE_MUST_USE;
/* A CHECKPOINT that goes on from `old_size`. flight->size is 0 when everything is cosigned. */
enum base_code node_sync_put_checkpoint(struct node_sync *sync, uint64_t old_size, struct node_flight *flight,
                                        struct base_buffer *payload) BASE_MUST_USE;
/* The checkpoint of that size, cosigned. BASE_E_INCONSISTENT for another. */
enum base_code node_sync_take_cosigned(struct node_sync *sync, uint64_t size, struct base_bytes note) BASE_MUST_USE;

#endif
