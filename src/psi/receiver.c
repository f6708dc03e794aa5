/* SPDX-License-Identifier: Apache-2.0
 *
 * The receiver: blinds its tokens, checks and unblinds the evaluations, looks the sender's masks up among its own, and
 * returns for each hit the one value that lets the sender find it too.
 */
#include "psi/inner.h"

#include <stdlib.h>
#include <string.h>

enum { WORK_CHUNK = 64 };

enum base_code psi_receiver_new(struct psi_session *session)
{
    session->returns = base_alloc_array(session->receiver_count + 1, PSI_VALUE_LEN);
    if (session->returns == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for %zu tokens", session->receiver_count);
    return BASE_OK;
}

/* KEY (psi 5.1). */
static enum base_code push_key(struct psi_session *session, struct base_cursor *body)
{
    BASE_TRY(psi_expect_u32(body, (uint32_t)session->receiver_count, "tokens of the receiver"));
    BASE_TRY(psi_expect_u32(body, (uint32_t)session->sender_count, "tokens of the sender"));
    BASE_TRY(base_cursor_copy(body, session->public_key.bytes, sizeof session->public_key.bytes));
    BASE_TRY(base_cursor_end(body));
    BASE_TRY(crypto_point_check(&session->public_key));
    return psi_move_on(session);
}

struct point_work {
    struct psi_session *session;
    size_t first; /* own index of the batch's first point */
    struct crypto_point *points;
};

static enum base_code blind_range(void *context, size_t begin, size_t end)
{
    struct point_work *work = context;
    for (size_t i = begin; i < end; i++) {
        struct crypto_hash input;
        struct crypto_scalar blind;
        psi_input(work->session, work->first + i, &input);
        BASE_TRY(psi_stream_scalar(work->session, "blind", work->first + i, &blind));
        enum base_code code = crypto_oprf_blind(CRYPTO_OPRF_VERIFIABLE, base_bytes_of(input.bytes, sizeof input.bytes),
                                                &blind, &work->points[i]);
        crypto_wipe(&blind, sizeof blind);
        BASE_TRY(code);
    }
    return BASE_OK;
}

/* BLINDED (psi 5.2). */
static enum base_code pull_blinded(struct psi_session *session, struct base_buffer *message)
{
    size_t number = session->blinded_batches;
    struct psi_point_batch *batch = &session->window[number % PSI_WINDOW];
    if (number == psi_batch_count(session->receiver_count, PSI_POINT_BATCH) ||
        number - session->evaluated_batches == PSI_WINDOW)
        return BASE_OK;
    size_t len = psi_batch_len(session->receiver_count, PSI_POINT_BATCH, number);
    struct point_work work = {session, number * PSI_POINT_BATCH, batch->points};
    BASE_TRY(base_parallel_for(session->config.threads, len, WORK_CHUNK, blind_range, &work));
    BASE_TRY(psi_begin(session, PSI_KIND_BLINDED, message));
    BASE_TRY(base_put_u32(message, (uint32_t)len));
    BASE_TRY(base_put_bytes(message, batch->points, len * sizeof batch->points[0]));
    session->blinded_batches++;
    return BASE_OK;
}

static enum base_code finalize_range(void *context, size_t begin, size_t end)
{
    struct point_work *work = context;
    for (size_t i = begin; i < end; i++) {
        size_t own = work->first + i;
        struct crypto_hash input;
        struct crypto_scalar blind;
        uint8_t output[CRYPTO_OPRF_OUTPUT_LEN];
        psi_input(work->session, own, &input);
        BASE_TRY(psi_stream_scalar(work->session, "blind", own, &blind));
        enum base_code code = crypto_oprf_finalize(CRYPTO_OPRF_VERIFIABLE, base_bytes_of(input.bytes, sizeof input.bytes),
                                                   base_bytes_of(NULL, 0), &blind, &work->points[i], output);
        crypto_wipe(&blind, sizeof blind);
        BASE_TRY(code);
        memcpy(work->session->table.values[own], output, PSI_MASK_LEN);
        memcpy(work->session->returns[own], output + PSI_MASK_LEN, PSI_RETURN_LEN);
        crypto_wipe(output, sizeof output);
    }
    return BASE_OK;
}

/* EVALUATED (psi 5.3): nothing is unblinded before the proof holds. */
static enum base_code push_evaluated(struct psi_session *session, struct base_cursor *body)
{
    size_t number = session->evaluated_batches;
    struct psi_point_batch evaluated;
    struct crypto_oprf_proof proof;
    if (number == session->blinded_batches)
        return base_fail(BASE_E_ORDER, "evaluated points before blinded ones");
    size_t len = psi_batch_len(session->receiver_count, PSI_POINT_BATCH, number);
    struct point_work work = {session, number * PSI_POINT_BATCH, evaluated.points};
    BASE_TRY(psi_expect_u32(body, (uint32_t)len, "evaluated points"));
    BASE_TRY(base_cursor_copy(body, evaluated.points, len * sizeof evaluated.points[0]));
    BASE_TRY(base_cursor_copy(body, proof.challenge.bytes, sizeof proof.challenge.bytes));
    BASE_TRY(base_cursor_copy(body, proof.response.bytes, sizeof proof.response.bytes));
    BASE_TRY(base_cursor_end(body));
    BASE_TRY(crypto_oprf_verify(CRYPTO_OPRF_VERIFIABLE, &session->public_key, session->window[number % PSI_WINDOW].points,
                                evaluated.points, len, session->config.threads, &proof));
    BASE_TRY(base_parallel_for(session->config.threads, len, WORK_CHUNK, finalize_range, &work));
    for (size_t i = 0; i < len; i++)
        psi_table_add(&session->table, (uint32_t)(work.first + i));
    session->evaluated_batches++;
    if (session->evaluated_batches == psi_batch_count(session->receiver_count, PSI_POINT_BATCH))
        return psi_move_on(session);
    return BASE_OK;
}

/* What goes back, sorted so that its order tells nothing. */
static enum base_code collect_returns(struct psi_session *session)
{
    session->hit_returns = base_alloc_array(session->hit_count + 1, PSI_VALUE_LEN);
    if (session->hit_returns == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for %zu hits", session->hit_count);
    size_t at = 0;
    for (size_t i = 0; i < session->receiver_count; i++) {
        if (session->is_hit[i])
            memcpy(session->hit_returns[at++], session->returns[i], PSI_VALUE_LEN);
    }
    qsort(session->hit_returns, session->hit_count, PSI_VALUE_LEN, psi_compare_values);
    return BASE_OK;
}

/* MASKS (psi 5.4). A mask that is an own one twice is refused; what is not an own one is forgotten at once. */
static enum base_code push_masks(struct psi_session *session, struct base_cursor *body)
{
    struct base_bytes masks;
    size_t len = psi_batch_len(session->sender_count, PSI_MASK_BATCH, session->masks_done / PSI_MASK_BATCH);
    BASE_TRY(psi_expect_u32(body, (uint32_t)len, "masks"));
    BASE_TRY(base_cursor_take(body, len * PSI_VALUE_LEN, &masks));
    BASE_TRY(base_cursor_end(body));
    for (size_t i = 0; i < len; i++) {
        const uint8_t *mask = masks.data + i * PSI_VALUE_LEN;
        if (i > 0 && memcmp(mask - PSI_VALUE_LEN, mask, PSI_VALUE_LEN) >= 0)
            return base_fail(BASE_E_FORMAT, "masks do not ascend at %zu", i);
        uint32_t index = psi_table_find(&session->table, mask);
        if (index == PSI_TABLE_NONE)
            continue;
        if (session->is_hit[index])
            return base_fail(BASE_E_REPLAY, "the sender sent a mask twice");
        psi_mark_hit(session, index);
    }
    session->masks_done += len;
    return session->masks_done == session->sender_count ? psi_move_on(session) : BASE_OK;
}

/* RETURNS (psi 5.5). At least one message, so that no hit and no message are not the same. */
static enum base_code pull_returns(struct psi_session *session, struct base_buffer *message)
{
    if (session->hit_returns == NULL)
        BASE_TRY(collect_returns(session));
    size_t len = psi_batch_len(session->hit_count, PSI_RETURN_BATCH, session->returns_done / PSI_RETURN_BATCH);
    BASE_TRY(psi_begin(session, PSI_KIND_RETURNS, message));
    BASE_TRY(base_put_u32(message, (uint32_t)session->hit_count));
    BASE_TRY(base_put_u32(message, (uint32_t)len));
    BASE_TRY(base_put_bytes(message, session->hit_returns[session->returns_done], len * PSI_VALUE_LEN));
    session->returns_done += len;
    return session->returns_done == session->hit_count ? psi_move_on(session) : BASE_OK;
}

enum base_code psi_receiver_pull(struct psi_session *session, struct base_buffer *message)
{
    switch (session->step) {
    case PSI_STEP_POINTS:
        return pull_blinded(session, message);
    case PSI_STEP_RETURNS:
        return pull_returns(session, message);
    default:
        return BASE_OK;
    }
}

enum base_code psi_receiver_push(struct psi_session *session, enum psi_kind kind, struct base_cursor *body)
{
    if (session->step == PSI_STEP_KEY && kind == PSI_KIND_KEY)
        return push_key(session, body);
    if (session->step == PSI_STEP_POINTS && kind == PSI_KIND_EVALUATED)
        return push_evaluated(session, body);
    if (session->step == PSI_STEP_MASKS && kind == PSI_KIND_MASKS)
        return push_masks(session, body);
    return base_fail(BASE_E_ORDER, "a message of kind %d may not come now", (int)kind);
}
