/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the psi layer: what a session holds, and the seam between session.c (order, transcript, failure), sender.c
 * and receiver.c (the work of a role).
 */
#ifndef PSI_INNER_H
#define PSI_INNER_H

#include "base/parallel.h"
#include "crypto/oprf.h"
#include "crypto/secret.h"
#include "psi/message.h"
#include "psi/session.h"
#include "psi/table.h"

/* The steps of psi 2, the same on both sides:
 *
 *     KEY -> POINTS -> MASKS -> RETURNS -> RECEIVER_DONE -> SENDER_DONE -> END
 *      \_______\__________^        ^
 *       \_______\_________________/      a step without messages (an empty set) is skipped
 */
enum psi_step {
    PSI_STEP_KEY,
    PSI_STEP_POINTS,
    PSI_STEP_MASKS,
    PSI_STEP_RETURNS,
    PSI_STEP_RECEIVER_DONE,
    PSI_STEP_SENDER_DONE,
    PSI_STEP_END
};

struct psi_point_batch {
    struct crypto_point points[PSI_POINT_BATCH];
};

struct psi_session {
    struct psi_config config;
    enum psi_state state;
    enum psi_step step;
    size_t receiver_count, sender_count; /* n_x, n_y */
    uint8_t tag[PSI_TAG_LEN];
    uint32_t sent, received; /* messages */
    struct crypto_running running[2]; /* all messages by the receiver, by the sender; indexed by role */
    struct crypto_hash transcript;
    bool has_transcript;

    struct crypto_key seed;       /* everything random follows from it */
    struct crypto_scalar secret;  /* sender */
    struct crypto_point public_key;
    struct psi_table table;       /* receiver: by mask; sender: by return value */
    uint8_t (*returns)[PSI_VALUE_LEN]; /* receiver: return value of own token i at i */
    uint32_t *order;              /* sender: own indexes, shuffled as far as masks were sent */
    uint8_t *is_hit;              /* by own index */
    size_t hit_count;
    uint8_t (*hit_returns)[PSI_VALUE_LEN]; /* receiver: what goes back, sorted */
    struct psi_point_batch window[PSI_WINDOW]; /* blinded points of batches under way, batch modulo PSI_WINDOW */
    size_t blinded_batches, evaluated_batches;
    size_t masks_done, returns_done;
    uint32_t returns_total; /* sender: as the receiver declared */
    struct psi_hit *hits;   /* made when the session ends well */
};

static inline size_t psi_batch_count(size_t count, size_t batch)
{
    return (count + batch - 1) / batch;
}

/* Length of batch number `number` of `count` items. */
static inline size_t psi_batch_len(size_t count, size_t batch, size_t number)
{
    return count - number * batch < batch ? count - number * batch : batch;
}

/* The one checked move; BASE_E_INTERNAL for a move that the picture does not have. */
enum base_code psi_move(struct psi_session *session, enum psi_step to) BASE_MUST_USE;
/* To the step after POINTS or MASKS or KEY, skipping those without messages. */
enum base_code psi_move_on(struct psi_session *session) BASE_MUST_USE;
/* The input of the OPRF for a token (psi 4.1). */
void psi_input(const struct psi_session *session, size_t own_index, struct crypto_hash *out);
/* 64 bytes from the seed for a use and a number (psi 4.2). */
void psi_stream(const struct psi_session *session, const char *use, uint64_t number, uint8_t out[64]);
enum base_code psi_stream_scalar(const struct psi_session *session, const char *use, uint64_t number,
                                 struct crypto_scalar *out) BASE_MUST_USE;
void psi_mark_hit(struct psi_session *session, uint32_t own_index);
enum base_code psi_begin(struct psi_session *session, enum psi_kind kind, struct base_buffer *message) BASE_MUST_USE;
int psi_compare_values(const void *a, const void *b); /* for qsort */

/* What a role does in the present step. A pull that leaves *message empty waits for the peer. */
enum base_code psi_sender_new(struct psi_session *session) BASE_MUST_USE;
enum base_code psi_sender_pull(struct psi_session *session, struct base_buffer *message) BASE_MUST_USE;
enum base_code psi_sender_push(struct psi_session *session, enum psi_kind kind, struct base_cursor *body) BASE_MUST_USE;
enum base_code psi_receiver_new(struct psi_session *session) BASE_MUST_USE;
enum base_code psi_receiver_pull(struct psi_session *session, struct base_buffer *message) BASE_MUST_USE;
enum base_code psi_receiver_push(struct psi_session *session, enum psi_kind kind, struct base_cursor *body) BASE_MUST_USE;

#endif
