/* SPDX-License-Identifier: Apache-2.0
 *
 * Private set intersection of large sets: two parties hold sets of items, byte strings of one length; the receiver learns which
 * of its items the sender holds too, the sender learns the same of its own when both agreed to that, and neither learns
 * anything else but the sizes. Bytes in, bytes out: no socket, no clock; memory and randomness are given. It is the protocol
 * of Rindal and Schoppmann (eprint 2021/266) and Raghuraman and Rindal (eprint 2022/320) in its form against parties that
 * deviate, over src/vole and src/okvs; message by message it is doc/spec/vpsi.md.
 *
 * The receiver's side costs more, so the smaller set should receive. Both run the same loop until the state is VPSI_DONE:
 *
 *     while (vpsi_session_state(session) == VPSI_RUNNING) {
 *         while (vpsi_session_pull(session, &message) == BASE_OK && message.len > 0) transport_send(message);
 *         vpsi_session_work(session);
 *         if (state is still VPSI_RUNNING) vpsi_session_push(session, transport_receive());
 *     }
 *
 * All that there is to pull is pulled before a message is pushed; both may have messages under way at the same time.
 * What is sent must be sent: a message that is pulled has to be given to the transport, and flushed, before the session is
 * freed, VPSI_DONE or not. After any error the session is VPSI_FAILED: it gives no more bytes and no hits, and its secrets are
 * wiped.
 */
#ifndef VPSI_VPSI_H
#define VPSI_VPSI_H

#include "base/random.h"
#include "crypto/hash.h"

enum vpsi_role { VPSI_RECEIVER, VPSI_SENDER };
enum vpsi_state { VPSI_RUNNING, VPSI_DONE, VPSI_FAILED };
enum vpsi_output { VPSI_TO_RECEIVER, VPSI_TO_BOTH };

enum {
    VPSI_ITEM_MIN = 16,
    VPSI_ITEM_MAX = 64,
    VPSI_PAYLOAD_MAX = 64,
    VPSI_SET_MAX = 1 << 27,              /* items a side */
    VPSI_PASS_BITS_MAX = 10,             /* 1024 passes */
    VPSI_MESSAGE_MAX = (1 << 20) + 1024, /* bytes of one message */
    VPSI_ARENA_ALIGN = 64
};

/* What both sides must have agreed on; both are told the same, and a session between sides that were not ends at the first
 * message. Sizes count what the caller gives, repeated items included: repeating an item hides how many are different. */
struct vpsi_terms {
    uint64_t receiver_count, sender_count;
    uint32_t item_len;         /* VPSI_ITEM_MIN to VPSI_ITEM_MAX; items shorter or of several lengths: hash them first */
    uint32_t receiver_payload; /* bytes that go with each item of the receiver's that the sender holds too; 0 for none */
    uint32_t sender_payload;   /* the other way round. A side that does not allow it has 0 in its terms */
    enum vpsi_output output;   /* VPSI_TO_BOTH when receiver_payload is not 0 */
    uint32_t pass_bits;        /* 2^pass_bits passes over parts of the sets, each with memory for its part alone */
};

/* BASE_E_LIMIT for sizes over the limits above, BASE_E_ARGUMENT for terms that contradict themselves. */
enum base_code vpsi_terms_check(const struct vpsi_terms *terms) BASE_MUST_USE;
/* The fewest pass_bits with which both sides fit into memory_bytes; VPSI_PASS_BITS_MAX when none do. */
uint32_t vpsi_pass_bits_for(const struct vpsi_terms *terms, unsigned threads, size_t memory_bytes);

struct vpsi_config {
    enum vpsi_role role;
    struct vpsi_terms terms;
    /* Binds the session: both parties' keys, compartment, terms, commitments, whatever they should agree on. Copied. The same on
     * both sides. */
    struct base_bytes context;
    const uint8_t *items;    /* own items one after another, item_len bytes each; borrowed until the session is freed */
    const uint8_t *payloads; /* own payloads in the same order; borrowed; NULL when there are none */
    unsigned threads;
    struct base_random random; /* read only while vpsi_session_new() runs */
    void *arena;               /* vpsi_arena_size() bytes at a multiple of VPSI_ARENA_ALIGN; borrowed, and wiped at the end */
    size_t arena_len;
};

/* Bytes of working memory a role needs; SIZE_MAX for terms that vpsi_terms_check() refuses. */
size_t vpsi_arena_size(const struct vpsi_terms *terms, enum vpsi_role role, unsigned threads);

struct vpsi_session;

/* crypto_start() first. What vpsi_terms_check() says; BASE_E_ARGUMENT for an arena too small, payloads missing; BASE_E_NOMEM. */
enum base_code vpsi_session_new(const struct vpsi_config *config, struct vpsi_session **out) BASE_MUST_USE;
void vpsi_session_free(struct vpsi_session *session); /* wipes; NULL is fine */

/* Replaces *message with the next one to send, empty when the peer must speak first or all is said. */
enum base_code vpsi_session_pull(struct vpsi_session *session, struct base_buffer *message) BASE_MUST_USE;
/* Takes one message whole. The errors are in vpsi 9. */
enum base_code vpsi_session_push(struct vpsi_session *session, struct base_bytes message) BASE_MUST_USE;
/* Computes what needs nothing more from the peer, while its answer is on the way. Whoever leaves it out pays in the next call.
 * BASE_E_ARGUMENT when repeated items overfill a pass (with pass_bits alone), BASE_E_INTERNAL as okvs_encode(). */
enum base_code vpsi_session_work(struct vpsi_session *session) BASE_MUST_USE;

enum vpsi_state vpsi_session_state(const struct vpsi_session *session);

/* When VPSI_DONE: the own items that the peer holds too, ascending; all of them when an item is repeated. Borrowed until the session is freed. The sender of a VPSI_TO_RECEIVER session
 * has no hits. BASE_E_STATE before. */
struct vpsi_hit {
    uint32_t own_index;
    uint32_t payload; /* the peer's payload is number so many in vpsi_hits.payloads, when it gives any */
};
struct vpsi_hits {
    const struct vpsi_hit *hits;
    size_t count;
    const uint8_t *payloads;
};
enum base_code vpsi_session_hits(const struct vpsi_session *session, struct vpsi_hits *out) BASE_MUST_USE;
/* SHA-256 over all messages both ways (vpsi 3.6): equal on both sides. BASE_E_STATE before VPSI_DONE. */
enum base_code vpsi_session_transcript(const struct vpsi_session *session, struct crypto_hash *out) BASE_MUST_USE;
/* Work done and work in all, in the same unit, for a progress bar. */
void vpsi_session_progress(const struct vpsi_session *session, uint64_t *done, uint64_t *total);

#endif
