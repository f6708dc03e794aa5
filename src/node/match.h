/* SPDX-License-Identifier: Apache-2.0
 *
 * One private match under way, on either side. Private to the layer: match.c talks, match_record.c says what is kept.
 */
#ifndef NODE_MATCH_H
#define NODE_MATCH_H

#include "node/node.h"
#include "node/set.h"
#include "psi/session.h"

/* A date may differ from the own clock's by ten minutes. */
#define NODE_MATCH_SKEW_MS 600000

enum node_match_phase {
    NODE_MATCH_SET,     /* building the own set */
    NODE_MATCH_OFFERED, /* starter: waits for the acceptance */
    NODE_MATCH_RUNNING, /* bytes of the private set intersection go both ways */
    NODE_MATCH_SIGNING, /* starter: waits for the statement; other: for the starter's signature */
    NODE_MATCH_RECEIPT, /* other: waits for the receipt of the statement */
    NODE_MATCH_ENDED,
};

struct node_match {
    struct node *node;
    struct node_match *next;
    struct node_talk *talk; /* NULL before dialling and after the link closed */
    struct node_request *request;
    struct exchange_id compartment, peer;
    char source[65]; /* "" for all */
    bool is_starter;
    enum node_match_phase phase;
    bool is_working; /* a job has the session or the set */
    struct node_set *set;
    struct exchange_statement offer, accept;
    struct crypto_hash offer_hash, accept_hash, statement_hash;
    struct base_buffer offer_note, accept_note;
    struct psi_session *psi;
    struct base_buffer inbound;
    struct base_buffer outbound; /* sized messages, one behind the other */
    bool has_more;               /* the session has more to say before it listens */
    uint64_t work_done, work_total;
    uint64_t bytes_sent, bytes_received;
    int64_t started_ms, started_elapsed_ms;
    enum base_code code; /* why it failed */
    char detail[256];
    bool is_by_peer;
};

/* match.c */
struct node_match *node_match_new(struct node *node, const struct node_compartment *facts); /* NULL when out of memory */
void node_match_free(struct node_match *match);
/* Why it failed: the first reason stays. */
void node_match_note_failure(struct node_match *match, enum base_code code, const char *detail);
/* Ends a match that failed, when nothing of it runs any more: says so in the book if it was begun, answers the request, frees. */
void node_match_fail_end(struct node_match *match);
/* Fails from the loop, with the talk still open or never begun. */
void node_match_stop(struct node_match *match, enum base_code code, const char *detail);
void node_match_done(struct node_match *match); /* it is complete; what remains is to end the talk */
void node_match_closed(struct node_talk *talk, enum base_code why, const char *detail);
void node_match_drained(struct node_talk *talk);
bool node_match_is_working(const struct node_talk *talk);
node_job_run node_match_run_set; /* builds the own set; a job */
/* Persons are counted by the own node only (statements 3.5). BASE_E_OUTSIDE_TERMS. */
enum base_code node_match_check_list(const struct node_match *match, const struct node_compartment *facts) BASE_MUST_USE;
enum base_code node_match_start_session(struct node_match *match) BASE_MUST_USE;
enum base_code node_match_take_bytes(struct node_match *match, struct base_bytes payload) BASE_MUST_USE;
enum base_code node_match_with_seat(struct node_match *match,
                                    enum base_code (*act)(struct node_match *, struct node_seat *)) BASE_MUST_USE;
/* Does the note say of this match what this side says of it, signed by `signer` and dated near the own clock? */
enum base_code node_match_check_same(struct node_match *match, const struct node_seat *seat, struct base_bytes bytes,
                                     const struct ledger_verifier *signer) BASE_MUST_USE;
/* Enters a note, and an acceptance behind it (or NULL), in the book in one transaction. */
enum base_code node_match_book(struct node_match *match, struct node_seat *seat, const struct base_buffer *first,
                               enum exchange_kind first_kind, const struct base_buffer *second, struct crypto_hash *first_hash,
                               struct crypto_hash *second_hash) BASE_MUST_USE;

/* match_record.c: the roles of both sides in numbers: own keys and the other's. */
void node_match_sizes(const struct node_match *match, uint64_t *own, uint64_t *peer);
bool node_match_is_receiver(const struct node_match *match);
/* What binds the session: both offers, and with them keys, terms, sizes, commitments and nonces. */
void node_match_context(const struct node_match *match, struct crypto_hash *out);
/* The statement that both sign; its time is the caller's. */
enum base_code node_match_statement(const struct node_match *match, const struct node_seat *seat, int64_t time_ms,
                                    struct exchange_statement *out) BASE_MUST_USE;
/* Writes the match and its hits; in a transaction of the caller's. */
enum base_code node_match_keep(struct node_match *match, const struct crypto_hash *statement) BASE_MUST_USE;
/* Enters that the match was begun and not completed, and why. */
enum base_code node_match_abort(struct node_match *match) BASE_MUST_USE;
/* The result for the command line; NULL when out of memory. */
json_t *node_match_result(const struct node_match *match);

#endif
