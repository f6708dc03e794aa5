/* SPDX-License-Identifier: Apache-2.0
 *
 * One private set intersection between two parties, each with a set of 32-byte tokens: bytes in, bytes out. Both learn
 * which of their own tokens the other holds too; neither learns anything else but the sizes. The protocol, message by
 * message, is doc/spec/psi.md; it is the verifiable OPRF of RFC 9497 (ristretto255-SHA512) with a fresh key per session.
 *
 * The receiver (the smaller set) blinds and learns; the sender evaluates, and learns its hits from what the receiver
 * returns. Both run the same loop until the state is PSI_DONE:
 *
 *     while (psi_session_state(session) == PSI_RUNNING) {
 *         while (psi_session_pull(session, &message) == BASE_OK && message.len > 0) transport_send(message);
 *         if (state is still PSI_RUNNING) psi_session_push(session, transport_receive());
 *     }
 *
 * After any error the session is PSI_FAILED: it gives no more bytes and no hits, and its secrets are wiped.
 */
#ifndef PSI_SESSION_H
#define PSI_SESSION_H

#include "base/random.h"
#include "crypto/hash.h"

enum psi_role { PSI_RECEIVER, PSI_SENDER };
enum psi_state { PSI_RUNNING, PSI_DONE, PSI_FAILED };

enum {
    PSI_TOKEN_LEN = 32,
    PSI_SET_MAX = 1 << 24,       /* tokens a side */
    PSI_MESSAGE_MAX = 128 * 1024 /* bytes of one message */
};

struct psi_config {
    enum psi_role role;
    /* Binds the session: a hash over both parties' keys, compartment, terms, sizes, set commitments and nonces. Both sides
     * must give the same; every OPRF input and the transcript contain it. */
    struct crypto_hash context;
    const struct crypto_hash *tokens; /* own set, borrowed until the session is freed; sorted, without repeats */
    size_t own_count;
    size_t peer_count;
    unsigned threads;
    struct base_random random; /* read only while psi_session_new() runs */
};

struct psi_session;

/* BASE_E_ARGUMENT for tokens unsorted or repeated, BASE_E_LIMIT for a size over PSI_SET_MAX, BASE_E_NOMEM. */
enum base_code psi_session_new(const struct psi_config *config, struct psi_session **out) BASE_MUST_USE;
void psi_session_free(struct psi_session *session); /* wipes; NULL is fine */

/* Replaces *message with the next one to send, empty when the peer must speak first. Does the computing: a call may take
 * a second at most on one core. */
enum base_code psi_session_pull(struct psi_session *session, struct base_buffer *message) BASE_MUST_USE;
/* Takes one message whole. BASE_E_ORDER, BASE_E_REPLAY, BASE_E_SIZE, BASE_E_TRUNCATED, BASE_E_TRAILING, BASE_E_POINT,
 * BASE_E_IDENTITY, BASE_E_PROOF, BASE_E_TRANSCRIPT, BASE_E_VERSION ...; see the spec's table. */
enum base_code psi_session_push(struct psi_session *session, struct base_bytes message) BASE_MUST_USE;

enum psi_state psi_session_state(const struct psi_session *session);

/* When PSI_DONE. own_index is into config.tokens; reference is the same 16 bytes on both sides for the same meeting token,
 * and means nothing to anybody else. Ascending own_index. BASE_E_STATE before. */
struct psi_hit {
    uint32_t own_index;
    uint8_t reference[16];
};
enum base_code psi_session_hits(const struct psi_session *session, const struct psi_hit **hits, size_t *count) BASE_MUST_USE;
/* SHA-256 over all messages both ways, in the order the spec fixes: equal on both sides. BASE_E_STATE before PSI_DONE. */
enum base_code psi_session_transcript(const struct psi_session *session, struct crypto_hash *out) BASE_MUST_USE;
/* Work done and work in all, in the same unit, for a progress bar. */
void psi_session_progress(const struct psi_session *session, uint64_t *done, uint64_t *total);

#endif
