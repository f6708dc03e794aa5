/* SPDX-License-Identifier: Apache-2.0
 *
 * The sender: it holds Delta and B. It receives the base transfers, by the bits of Delta, checks the extension, and grows the trees.
 */
#include "vole/inside.h"

static enum base_code pull_choice(struct vole_session *session, struct base_buffer *message)
{
    uint8_t wide[64];
    vole_stream(session, "delta", 0, wide);
    session->delta = block_load(wide);
    crypto_wipe(wide, sizeof wide);
    vole_stream(session, "nonce", 0, wide);
    BASE_TRY(vole_transfer_choose(session));
    BASE_TRY(base_put_bytes(message, wide, VOLE_NONCE_LEN));
    return base_put_bytes(message, session->offers, sizeof session->offers);
}

static enum base_code push_base(struct vole_session *session, struct base_cursor *body)
{
    struct vole_base_body base;
    BASE_TRY(base_cursor_copy(body, &base, sizeof base));
    BASE_TRY(crypto_ot_opening_check(&base.opening));
    session->opening = base.opening;
    vole_session_prepare_hashes(session);
    session->due = VOLE_DUE_KEYS;
    return BASE_OK;
}

static enum base_code push_extend(struct vole_session *session, struct base_cursor *body)
{
    size_t columns_len = (VOLE_PUNCTURED - 1) * session->params.base_count * VOLE_BLOCK_LEN;
    const uint8_t *start = body->at - VOLE_HEADER_LEN;
    struct vole_extend_head head;
    struct vole_extend_tail tail;
    struct base_bytes columns;
    struct crypto_hash first, challenge;
    BASE_TRY(base_cursor_copy(body, &head, sizeof head));
    BASE_TRY(base_cursor_take(body, columns_len, &columns));
    vole_transcript(session, "entente/vole/extend/v1", VOLE_KIND_CHOICE, &first);
    vole_extend_challenge(&first, base_bytes_of(start, (size_t)(body->at - start)), &challenge);
    BASE_TRY(base_cursor_copy(body, &tail, sizeof tail));
    BASE_TRY(vole_puncture_receive(session, &head));
    BASE_TRY(vole_extend_grow(session));
    vole_extend_correct(session, columns);
    BASE_TRY(vole_extend_check(session, &challenge, &tail));
    vole_extend_finish(session);
    return BASE_OK;
}

static enum base_code pull_trees(struct vole_session *session, struct base_buffer *message)
{
    size_t body_len = vole_body_len(&session->params, VOLE_KIND_TREES);
    BASE_TRY(base_buffer_reserve(message, body_len));
    BASE_TRY(vole_trees_grow(session, message->data + message->len));
    message->len += body_len;
    session->due = VOLE_DUE_LEAVES;
    return BASE_OK;
}

/* What the receiver's answer adds to the sum over the leaves, which is ready. */
static enum base_code push_check(struct vole_session *session, struct base_cursor *body)
{
    struct block answer;
    BASE_TRY(base_cursor_copy(body, &answer, sizeof answer));
    session->sum = block_xor(session->sum, block_gf_multiply(session->delta, answer));
    return BASE_OK;
}

static enum base_code pull_proof(struct vole_session *session, struct base_buffer *message)
{
    struct crypto_hash proof;
    vole_check_proof(session, session->sum, &proof);
    return base_put_bytes(message, &proof, sizeof proof);
}

enum base_code vole_sender_leaves(struct vole_session *session)
{
    size_t trees = session->params.tree_count;
    vole_check_challenge(session);
    BASE_TRY(vole_check_dots(session));
    session->sum = block_xor(session->arrays.base[trees], block_gf_dot(session->arrays.dots, session->arrays.factors, trees));
    return BASE_OK;
}

enum base_code vole_sender_pull(struct vole_session *session, enum vole_kind kind, struct base_buffer *message)
{
    if (kind == VOLE_KIND_CHOICE)
        return pull_choice(session, message);
    if (kind == VOLE_KIND_TREES)
        return pull_trees(session, message);
    return pull_proof(session, message);
}

enum base_code vole_sender_push(struct vole_session *session, enum vole_kind kind, struct base_cursor *body)
{
    if (kind == VOLE_KIND_BASE)
        return push_base(session, body);
    if (kind == VOLE_KIND_EXTEND)
        return push_extend(session, body);
    return push_check(session, body);
}
