/* SPDX-License-Identifier: Apache-2.0
 *
 * The running node: what all its parts share. Private to the layer. One loop thread owns everything here; work that takes
 * long goes to a job, which touches only what it was given.
 *
 *     requests.c  what the command line asks        ─┐
 *     agree.c     proposing and accepting terms      │ begin talks on links (link.h),
 *     sync.c      outbox and cosigning               │ keep what they reach in the
 *     match.c     a private match, either side       │ book (seat.h) and the store
 *     answer.c    what a peer asks of this node     ─┘
 */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include "base/log.h"
#include "base/random.h"
#include "node/control.h"
#include "node/link.h"
#include "node/message.h"
#include "node/seat.h"
#include "people/keys.h"

#include <jansson.h>
#include <uv.h>

/* Kinds of frames between nodes (doc/spec/conversations.md, clause 1). */
enum node_frame_kind {
    NODE_SAY_STATEMENT = 1,
    NODE_SAY_RECEIPT = 2,
    NODE_SAY_REFUSED = 3,
    NODE_SAY_PROPOSAL = 4,
    NODE_SAY_DONE = 5,
    NODE_SAY_ACCEPTANCE = 6,
    NODE_SAY_TERMS = 7,
    NODE_SAY_CHECKPOINT = 8,
    NODE_SAY_COSIGNED = 9,
    NODE_SAY_COSIGN_SIZE = 10,
    NODE_SAY_MATCH_OFFER = 11,
    NODE_SAY_MATCH_ACCEPT = 12,
    NODE_SAY_MATCH_BYTES = 13,
    NODE_SAY_MATCH_SIGNED = 14,
    NODE_SAY_WORKING = 15,
    NODE_SAY_DELIVERY = 16,
    NODE_SAY_RECEIPTS = 17,
    NODE_SAY_LIST_ASK = 18,
    NODE_SAY_LIST = 19,
};

struct node_talk;
struct node_request;
struct node_match;

/* How a talk reaches its peer. The running node's way is TLS over a hub (wire.c); a test may put a network of its own in its
 * place, with a time of its own: nothing above this port knows a socket or waits. */
struct node_wire {
    /* Dials talk->peer. node_talk_opened() or node_talk_closed() follows, later, unless this fails. */
    enum base_code (*dial)(struct node_talk *talk);
    enum base_code (*send)(struct node_talk *talk, uint8_t kind, struct base_bytes payload);
    /* Ends it; with BASE_OK what was sent goes out first. node_talk_closed() follows, later. */
    void (*end)(struct node_talk *talk, enum base_code why);
};
extern const struct node_wire node_wire_tls;

/* Where the day's retention is (retention.c). */
struct node_retention_place {
    bool has_begun, has_ended;
    struct crypto_hash after; /* the content that was looked at last */
};
struct node_retention {
    int64_t ran_ms;        /* when the last whole run began; counts when is_known */
    bool is_known;
    int64_t begun_ms;      /* of the run under way; 0 for none */
    int64_t not_before_ms; /* after one that failed */
    bool has_failed, has_compartment;
    struct exchange_id compartment;
    struct node_retention_place place;
    uint64_t erased, events;
};

struct node {
    struct node_party *party;
    uv_loop_t loop;
    struct node_hub *hub;
    struct node_control_server *control;
    struct node_tls *tls;
    struct base_log log;
    struct base_clock clock;
    struct base_clock steady;     /* only moves forward: for pauses, not for dates */
    const struct node_wire *wire;
    struct base_random random;
    struct people_rules *rules;
    unsigned threads;
    uint16_t port;
    int64_t since_ms;
    int64_t replay_ms;   /* what the clock shows when it is moved by hand; 0 while it is the system's */
    uv_timer_t tick;
    struct node_talk *talks;      /* all under way */
    struct node_match *matches;   /* all under way */
    struct node_sync *syncs;      /* what is delivered where, and when it may be tried again (sync.h) */
    struct node_line *lines;      /* the links over which it is */
    bool is_sync_wanted;
    uint64_t sync_version;        /* of the store, when it was last looked at for what waits */
    int64_t sync_look_ms;         /* when it is looked at again, though nothing has changed */
    struct node_screen *screen;   /* the awake alerts, in memory; NULL until first needed */
    bool is_screen_stale;         /* a transaction failed that had changed its alerts: they are read anew */
    size_t screen_memory_bytes;   /* for the index of what is held (screen_held.h); 0: the default */
    struct node_retention retention;
    bool is_stopping;
};

/* One conversation on one link. A role is what the conversation is about; a link that a peer opened starts as answering. */
struct node_talk_role {
    const char *word; /* for the log */
    enum base_code (*opened)(struct node_talk *talk); /* may be NULL */
    enum base_code (*frame)(struct node_talk *talk, uint8_t kind, struct base_bytes payload);
    void (*closed)(struct node_talk *talk, enum base_code why, const char *detail); /* frees talk->state; may be NULL */
    void (*drained)(struct node_talk *talk); /* what was sent has gone out; may be NULL */
    bool (*is_working)(const struct node_talk *talk); /* should the peer be told to wait? may be NULL */
};
struct node_talk {
    struct node *node;
    void *link; /* the wire's; NULL once it is gone */
    struct node_peer peer;
    const struct node_talk_role *role;
    void *state;
    unsigned waits; /* how often the peer has said WORKING since its last other frame */
    struct node_talk *next;
};

extern const struct node_link_events node_wire_events; /* context is left to the caller */
extern const struct node_talk_role node_role_answer;

/* What a wire tells: a peer has come (its talk answers), a talk that was dialled is open, a frame, the end. */
enum base_code node_talk_accept(struct node *node, const struct node_peer *peer, void *link, struct node_talk **out) BASE_MUST_USE;
enum base_code node_talk_opened(struct node_talk *talk) BASE_MUST_USE;
enum base_code node_talk_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload) BASE_MUST_USE;
void node_talk_closed(struct node_talk *talk, enum base_code why, const char *detail); /* frees it */

/* Dials the peer of a compartment. The role's closed() always follows, unless this fails. */
enum base_code node_talk_begin(struct node *node, const struct exchange_id *peer, const struct node_talk_role *role, void *state,
                               struct node_talk **out) BASE_MUST_USE;
enum base_code node_talk_send(struct node_talk *talk, enum node_frame_kind kind, struct base_bytes payload) BASE_MUST_USE;
/* What went wrong in this node itself, whatever it was asked: the other party hears that, and not the detail. */
bool node_is_own_failure(enum base_code code);
/* Says why not, and goes on. */
enum base_code node_talk_refuse(struct node_talk *talk, enum base_code code, const char *detail) BASE_MUST_USE;
void node_talk_end(struct node_talk *talk);

/* Work off the loop's thread: run() there, then done() on the loop with its code and detail. */
typedef enum base_code node_job_run(void *context);
typedef void node_job_done(void *context, enum base_code code, const char *detail);
enum base_code node_job_start(struct node *node, node_job_run *run, node_job_done *done, void *context) BASE_MUST_USE;

/* A request of the command line. All take NULL (nobody asked). */
void node_request_progress(struct node_request *request, const char *phase, uint64_t done, uint64_t total);
void node_request_ok(struct node_request *request, json_t *result); /* steals */
void node_request_error(struct node_request *request, enum base_code code, const char *detail, bool is_by_peer);
extern const struct node_control_events node_request_events; /* context is left to the caller */

/* How far somebody waits for a sync: until what waits now has been receipted or refused; until all there is has been cosigned too. */
enum node_sync_until { NODE_SYNC_DELIVERED, NODE_SYNC_COSIGNED };
/* Called once, with BASE_OK when it was reached. It may not begin a sync. */
typedef void node_sync_done(void *context, enum base_code code, const char *detail);
/* Begins a sync of the compartment at once, or joins the one under way. */
enum base_code node_sync_begin(struct node *node, const struct exchange_id *compartment, enum node_sync_until until, node_sync_done *done,
                               void *context) BASE_MUST_USE;
/* Something was put into the outbox: node_sync_wanted() begins a sync there, once the transaction is over. */
void node_sync_want(struct node *node, const struct exchange_id *compartment);
void node_sync_wanted(struct node *node);
/* Does anything wait in this compartment: a proposal, a statement to be receipted, an entry to be cosigned? */
enum base_code node_sync_is_waiting(struct node *node, const struct node_compartment *facts, bool *waits) BASE_MUST_USE;
/* Begins a sync wherever something waits; called by the tick. */
void node_sync_all(struct node *node);
void node_sync_forget(struct node *node); /* once no talk is left */

/* agree.c */
struct node_proposal {
    const char *peer, *name;
    struct exchange_terms values; /* purpose, limits, deadlines; the rest is filled in */
};
enum base_code node_agree_propose(struct node *node, const struct node_proposal *proposal, struct exchange_id *compartment) BASE_MUST_USE;
enum base_code node_agree_accept(struct node *node, const struct node_compartment *compartment, struct node_request *request) BASE_MUST_USE;
enum base_code node_agree_proposed(struct node_talk *talk, struct base_bytes payload) BASE_MUST_USE;
enum base_code node_agree_accepted(struct node_talk *talk, struct base_bytes payload) BASE_MUST_USE;

/* match.c */
enum base_code node_match_begin(struct node *node, const struct node_compartment *compartment, const char *source,
                                struct node_request *request) BASE_MUST_USE;
enum base_code node_match_offered(struct node_talk *talk, struct base_bytes payload) BASE_MUST_USE;

/* offers.c */
/* statements 4.7: offers entered at or after `since_ms` that count against the budget. */
enum base_code node_offers_counted(struct node *node, const struct node_seat *seat, int64_t since_ms, uint64_t *count) BASE_MUST_USE;
/* A match statement carries both signatures, and no third. */
enum base_code node_match_signatures_check(const struct node_seat *seat, struct base_bytes note) BASE_MUST_USE;

/* Takes a statement that the peer made: checks it, and enters it and this party's receipt in the book in one transaction, together
 * with what `also` writes (may be NULL). A statement that is there already gets the same receipt again, and `also` is not
 * called. The receipt's note is appended. */
typedef enum base_code node_statement_also(void *context, const struct crypto_hash *hash);
enum base_code node_statement_take(struct node *node, const struct node_seat *seat, struct base_bytes note,
                                   node_statement_also *also, void *context, struct base_buffer *receipt) BASE_MUST_USE;
/* Takes the receipt for a statement of the outbox, in a transaction of its own: into the book, and the statement leaves the outbox. */
enum base_code node_receipt_take(struct node *node, const struct exchange_id *compartment, const struct crypto_hash *statement,
                                 struct base_bytes note) BASE_MUST_USE;
/* The size of this party's ledger that the other has cosigned last; 0 for none. */
enum base_code node_cosigned_size(struct store *store, const struct exchange_id *compartment, uint64_t *size) BASE_MUST_USE;

#endif
