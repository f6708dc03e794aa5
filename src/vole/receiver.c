/* SPDX-License-Identifier: Apache-2.0
 *
 * The receiver: it holds A and C. It sends the base transfers, is the one whose choices become noise, and checks the trees.
 */
#include "vole/inside.h"

static enum base_code pull_base(struct vole_session *session, struct base_buffer *message)
{
    struct vole_base_body body;
    BASE_TRY(vole_transfer_open(session));
    body.opening = session->opening;
    return base_put_bytes(message, &body, sizeof body);
}

static enum base_code push_choice(struct vole_session *session, struct base_cursor *body)
{
    struct base_bytes nonce; /* it counts in the hashes alone */
    BASE_TRY(base_cursor_take(body, VOLE_NONCE_LEN, &nonce));
    BASE_TRY(base_cursor_copy(body, session->offers, sizeof session->offers));
    vole_session_prepare_hashes(session);
    session->due = VOLE_DUE_KEYS;
    return BASE_OK;
}

/* The challenge of the extension hangs on the message as far as it goes before the answer. */
static void extend_challenge(const struct vole_session *session, const struct base_buffer *message, struct crypto_hash *out)
{
    struct crypto_hash first;
    vole_transcript(session, "entente/vole/extend/v1", VOLE_KIND_CHOICE, &first);
    vole_extend_challenge(&first, base_bytes_buffer(message), out);
}

static enum base_code put_extend(struct vole_session *session, struct vole_extend_head *head, struct base_buffer *message)
{
    size_t columns_len = (VOLE_PUNCTURED - 1) * session->params.base_count * VOLE_BLOCK_LEN;
    struct vole_extend_tail tail;
    struct crypto_hash challenge;
    BASE_TRY(vole_puncture_send(session, head));
    BASE_TRY(base_put_bytes(message, head, sizeof *head));
    BASE_TRY(vole_extend_grow(session));
    BASE_TRY(base_buffer_reserve(message, columns_len));
    vole_extend_differences(session, message->data + message->len);
    message->len += columns_len;
    extend_challenge(session, message, &challenge);
    vole_extend_answer(session, &challenge, &tail);
    return base_put_bytes(message, &tail, sizeof tail);
}

static enum base_code pull_extend(struct vole_session *session, struct base_buffer *message)
{
    struct vole_extend_head head;
    uint8_t nonce[64];
    vole_stream(session, "nonce", 0, nonce);
    memcpy(head.nonce, nonce, sizeof head.nonce);
    BASE_TRY(put_extend(session, &head, message));
    vole_extend_finish(session);
    return BASE_OK;
}

static enum base_code push_trees(struct vole_session *session, struct base_cursor *body)
{
    return base_cursor_copy(body, session->arrays.repairs, vole_body_len(&session->params, VOLE_KIND_TREES));
}

static enum base_code pull_check(struct vole_session *session, struct base_buffer *message)
{
    vole_check_challenge(session);
    struct block answer = vole_check_errors(session);
    session->due = VOLE_DUE_LEAVES;
    return base_put_bytes(message, &answer, sizeof answer);
}

static enum base_code push_proof(struct vole_session *session, struct base_cursor *body)
{
    struct crypto_hash expected, got;
    BASE_TRY(base_cursor_copy(body, &got, sizeof got));
    vole_check_proof(session, session->sum, &expected);
    if (!crypto_hash_equal(&expected, &got))
        return base_fail(BASE_E_PROOF, "the leaves are not what the trees promised");
    return BASE_OK;
}

enum base_code vole_receiver_leaves(struct vole_session *session)
{
    size_t trees = session->params.tree_count;
    BASE_TRY(vole_trees_regrow(session));
    session->sum = block_xor(session->arrays.base[trees], block_gf_dot(session->arrays.dots, session->arrays.factors, trees));
    return BASE_OK;
}

enum base_code vole_receiver_pull(struct vole_session *session, enum vole_kind kind, struct base_buffer *message)
{
    if (kind == VOLE_KIND_BASE)
        return pull_base(session, message);
    if (kind == VOLE_KIND_EXTEND)
        return pull_extend(session, message);
    return pull_check(session, message);
}

enum base_code vole_receiver_push(struct vole_session *session, enum vole_kind kind, struct base_cursor *body)
{
    if (kind == VOLE_KIND_CHOICE)
        return push_choice(session, body);
    if (kind == VOLE_KIND_TREES)
        return push_trees(session, body);
    return push_proof(session, body);
}
