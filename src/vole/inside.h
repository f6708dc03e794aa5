/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vole layer (and to its tests and its benchmark): what a session holds, and the seams between its files in
 * the order in which a session passes them:
 *
 *     params.c    sizes                        session.c   order, transcript, failure
 *     arena.c     where the arrays lie         receiver.c, sender.c   the messages of a role
 *     transfer.c  base transfers, in parallel  puncture.c  their keys to trees with one unknown leaf
 *     extend.c    those trees to correlations  trees.c     correlations to noisy leaves
 *     check.c     the proof that they are      code.c      noisy leaves to the result
 */
#ifndef VOLE_INSIDE_H
#define VOLE_INSIDE_H

#include "base/parallel.h"
#include "block/aes.h"
#include "block/gf.h"
#include "block/tree.h"
#include "crypto/secret.h"
#include "vole/message.h"

/* Sizes with the noise weight that counts the noise as binary. For a comparison with programs that do, in the benchmark; not safe. */
enum base_code vole_params_if_binary(size_t count, enum vole_code code, struct vole_params *out) BASE_MUST_USE;

/* In the arena. What only one role has is NULL in the other. */
struct vole_arrays {
    struct block *seeds;    /* [tree][leaf]: of the extension */
    struct block *base;     /* base_count: B or C of the extension, composed */
    struct block *rows;     /* correlated transfers, tree_depth for each tree */
    struct block *weights;  /* of the leaves of a tree, in the check */
    struct block *factors;  /* of the trees, in the check */
    struct block *dots;     /* of the leaves of each tree with the weights */
    struct block *chi;      /* base_count: of the check of the extension */
    struct block *errors;   /* receiver: tree_count + 1: noise values, then the mask of the check */
    uint64_t *places;       /* receiver: where the noise is in each tree */
    struct block *repairs;  /* receiver: the body of TREES */
    struct block *columns;  /* [bit][item]: of the extension; lies where the vectors will */
    struct block *choices;  /* receiver: [tree][item]; the first is what counts; likewise */
    struct block *vectors[2]; /* leaves, and the result in their last out_count items; receiver: C, A; sender: B */
};

/* Work that waits for nothing, in the order in which it is done. */
enum vole_due { VOLE_DUE_NOTHING, VOLE_DUE_KEYS, VOLE_DUE_LEAVES, VOLE_DUE_CODE };

struct vole_session {
    struct vole_config config;
    struct vole_params params;
    struct vole_arrays arrays;
    enum vole_state state;
    size_t step;          /* in the order of the role */
    enum vole_due due;    /* what vole_session_work() has to do */
    struct crypto_hash binding; /* over context and sizes; its first bytes are the tag */
    struct crypto_hash hashes[VOLE_KIND_COUNT]; /* of the messages, by kind */

    struct crypto_key seed; /* everything random follows from it */
    struct block delta;     /* sender */
    struct crypto_scalar secrets[VOLE_BITS]; /* of the base transfers; the receiver has one */
    struct crypto_ot_opening opening;
    struct crypto_ot_offer offers[VOLE_BITS];
    struct crypto_ot_key keys[VOLE_BITS][2]; /* the sender has one of two */
    struct block_aes tree_pi, transfer_pi;   /* of the session, known to both */
    struct block empty[2];                   /* H(0) and H(1) under tree_pi */
    struct block sum;                        /* of the check, over all trees */
    struct crypto_hash proof;                /* receiver: as received */
};

/* arena.c */
void vole_arena_lay_out(const struct vole_params *params, enum vole_role role, void *arena, struct vole_arrays *out);

/* session.c: 64 bytes from the seed for a use and a number; a hash over the messages of all kinds up to one. */
void vole_stream(const struct vole_session *session, const char *use, uint64_t number, uint8_t out[64]);
void vole_transcript(const struct vole_session *session, const char *domain, enum vole_kind last, struct crypto_hash *out);
void vole_transcript_aes(const struct vole_session *session, const char *domain, enum vole_kind last, struct block_aes *out);
/* One piece of the work that is due, and what is due then: for the benchmark, which times them apart. */
enum base_code vole_session_work_once(struct vole_session *session) BASE_MUST_USE;
/* Once BASE and CHOICE are known. */
void vole_session_prepare_hashes(struct vole_session *session);

/* transfer.c: the sender of the VOLE is the receiver of the base transfers. */
enum base_code vole_transfer_open(struct vole_session *session) BASE_MUST_USE;
enum base_code vole_transfer_choose(struct vole_session *session) BASE_MUST_USE;
enum base_code vole_transfer_send_keys(struct vole_session *session) BASE_MUST_USE;
enum base_code vole_transfer_receive_keys(struct vole_session *session) BASE_MUST_USE;

/* puncture.c */
/* Adds what a level needs that was grown with one parent unknown, and zero in its place. `hidden` is the side of the child that stays
 * unknown, `known_sum` the true sum of the other side; the children of zero are `empty`. */
struct vole_repair {
    struct block left, right; /* to add at the two children of the unknown parent, which makes the hidden one zero */
    struct block total;       /* of all children after that */
};
struct vole_repair vole_repair_for(struct block_sides grown, const struct block empty[2], unsigned hidden, struct block known_sum);
void vole_repair_apply(struct block *nodes, size_t count, size_t place, const struct vole_repair *repair);
static inline struct block vole_select(unsigned bit, struct block if_one, struct block if_zero)
{
    return block_xor(if_zero, block_and(block_mask(bit), block_xor(if_one, if_zero)));
}
enum base_code vole_puncture_send(struct vole_session *session, struct vole_extend_head *head) BASE_MUST_USE;
/* BASE_E_PROOF. */
enum base_code vole_puncture_receive(struct vole_session *session, const struct vole_extend_head *head) BASE_MUST_USE;

/* extend.c: `columns` of the message are (VOLE_PUNCTURED - 1) * base_count blocks, unaligned. */
enum base_code vole_extend_grow(struct vole_session *session) BASE_MUST_USE;
void vole_extend_differences(const struct vole_session *session, uint8_t *columns);
void vole_extend_correct(struct vole_session *session, struct base_bytes columns);
/* Hangs on all before and on the message as far as it goes before its tail. */
void vole_extend_challenge(const struct crypto_hash *transcript, struct base_bytes message, struct crypto_hash *out);
void vole_extend_answer(struct vole_session *session, const struct crypto_hash *challenge, struct vole_extend_tail *out);
/* BASE_E_PROOF. */
enum base_code vole_extend_check(struct vole_session *session, const struct crypto_hash *challenge,
                                 const struct vole_extend_tail *tail) BASE_MUST_USE;
void vole_extend_finish(struct vole_session *session); /* columns to base and rows, choices to errors and places */

/* trees.c: the body of TREES, tree_depth + 1 blocks for each tree. */
enum base_code vole_trees_grow(struct vole_session *session, uint8_t *body) BASE_MUST_USE;
enum base_code vole_trees_regrow(struct vole_session *session) BASE_MUST_USE;

/* check.c */
void vole_check_challenge(struct vole_session *session);
struct block vole_check_errors(const struct vole_session *session);   /* receiver: CHECK */
enum base_code vole_check_dots(struct vole_session *session) BASE_MUST_USE; /* sender */
void vole_check_proof(const struct vole_session *session, struct block value, struct crypto_hash *out);

/* code.c */
enum base_code vole_encode(struct vole_session *session) BASE_MUST_USE;

/* receiver.c, sender.c: what a role does with a message. A body is appended; a body given has the right length. */
enum base_code vole_receiver_pull(struct vole_session *session, enum vole_kind kind, struct base_buffer *message) BASE_MUST_USE;
enum base_code vole_receiver_push(struct vole_session *session, enum vole_kind kind, struct base_cursor *body) BASE_MUST_USE;
enum base_code vole_receiver_leaves(struct vole_session *session) BASE_MUST_USE;
enum base_code vole_sender_pull(struct vole_session *session, enum vole_kind kind, struct base_buffer *message) BASE_MUST_USE;
enum base_code vole_sender_push(struct vole_session *session, enum vole_kind kind, struct base_cursor *body) BASE_MUST_USE;
enum base_code vole_sender_leaves(struct vole_session *session) BASE_MUST_USE;

#endif
