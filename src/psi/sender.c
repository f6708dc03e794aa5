/* SPDX-License-Identifier: Apache-2.0
 *
 * The sender: publishes a key made for this session, evaluates what the receiver blinded and proves it, sends the masks
 * of its own set in an order that tells nothing, and finds its hits from the values that come back.
 */
#include "psi/inner.h"

#include <stdlib.h>
#include <string.h>

enum { WORK_CHUNK = 64 };

enum base_code psi_sender_new(struct psi_session *session)
{
    uint8_t seed[64];
    session->order = base_alloc_array(session->sender_count + 1, sizeof *session->order);
    if (session->order == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for %zu tokens", session->sender_count);
    for (size_t i = 0; i < session->sender_count; i++)
        session->order[i] = (uint32_t)i;
    psi_stream(session, "key", 0, seed);
    enum base_code code = crypto_oprf_key_derive(
        CRYPTO_OPRF_VERIFIABLE, seed, base_bytes_of(session->config.context.bytes, sizeof session->config.context.bytes),
        &session->secret, &session->public_key);
    crypto_wipe(seed, sizeof seed);
    return code;
}

/* KEY: sizes and public key (psi 5.1). */
static enum base_code pull_key(struct psi_session *session, struct base_buffer *message)
{
    BASE_TRY(psi_begin(session, PSI_KIND_KEY, message));
    BASE_TRY(base_put_u32(message, (uint32_t)session->receiver_count));
    BASE_TRY(base_put_u32(message, (uint32_t)session->sender_count));
    BASE_TRY(base_put_bytes(message, session->public_key.bytes, sizeof session->public_key.bytes));
    return psi_move_on(session);
}

/* BLINDED: a count and that many points (psi 5.2). */
static enum base_code push_blinded(struct psi_session *session, struct base_cursor *body)
{
    size_t number = session->blinded_batches;
    struct psi_point_batch *batch = &session->window[number % PSI_WINDOW];
    if (number == psi_batch_count(session->receiver_count, PSI_POINT_BATCH) ||
        number - session->evaluated_batches == PSI_WINDOW)
        return base_fail(BASE_E_ORDER, "more blinded points than may be under way");
    size_t len = psi_batch_len(session->receiver_count, PSI_POINT_BATCH, number);
    BASE_TRY(psi_expect_u32(body, (uint32_t)len, "blinded points"));
    BASE_TRY(base_cursor_copy(body, batch->points, len * sizeof batch->points[0]));
    BASE_TRY(base_cursor_end(body));
    for (size_t i = 0; i < len; i++)
        BASE_TRY(crypto_point_check(&batch->points[i]));
    session->blinded_batches++;
    return BASE_OK;
}

struct evaluate_work {
    const struct psi_session *session;
    const struct crypto_point *blinded;
    struct crypto_point *evaluated;
};

static enum base_code evaluate_range(void *context, size_t begin, size_t end)
{
    struct evaluate_work *work = context;
    for (size_t i = begin; i < end; i++)
        BASE_TRY(crypto_oprf_evaluate(&work->session->secret, &work->blinded[i], &work->evaluated[i]));
    return BASE_OK;
}

static enum base_code evaluate_batch(struct psi_session *session, size_t len, struct crypto_point *evaluated,
                                     struct crypto_oprf_proof *proof)
{
    const struct crypto_point *blinded = session->window[session->evaluated_batches % PSI_WINDOW].points;
    struct evaluate_work work = {session, blinded, evaluated};
    struct crypto_scalar nonce;
    BASE_TRY(base_parallel_for(session->config.threads, len, WORK_CHUNK, evaluate_range, &work));
    BASE_TRY(psi_stream_scalar(session, "proof", session->evaluated_batches, &nonce));
    enum base_code code = crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &session->secret, &session->public_key, &nonce, blinded,
                                            evaluated, len, session->config.threads, proof);
    crypto_wipe(&nonce, sizeof nonce);
    return code;
}

/* EVALUATED: a count, that many points and one proof (psi 5.3). */
static enum base_code pull_evaluated(struct psi_session *session, struct base_buffer *message)
{
    struct psi_point_batch evaluated;
    struct crypto_oprf_proof proof;
    if (session->evaluated_batches == session->blinded_batches)
        return BASE_OK;
    size_t len = psi_batch_len(session->receiver_count, PSI_POINT_BATCH, session->evaluated_batches);
    BASE_TRY(evaluate_batch(session, len, evaluated.points, &proof));
    BASE_TRY(psi_begin(session, PSI_KIND_EVALUATED, message));
    BASE_TRY(base_put_u32(message, (uint32_t)len));
    BASE_TRY(base_put_bytes(message, evaluated.points, len * sizeof evaluated.points[0]));
    BASE_TRY(base_put_bytes(message, proof.challenge.bytes, sizeof proof.challenge.bytes));
    BASE_TRY(base_put_bytes(message, proof.response.bytes, sizeof proof.response.bytes));
    session->evaluated_batches++;
    if (session->evaluated_batches == psi_batch_count(session->receiver_count, PSI_POINT_BATCH))
        return psi_move_on(session);
    return BASE_OK;
}

/* Fisher-Yates from the front, as far as the next batch: which of the own tokens stands in which batch is uniform
 * (psi 5.4). 64 random bits a step keep the bias under 2^-40. */
static void shuffle(struct psi_session *session, size_t begin, size_t end)
{
    uint8_t block[64];
    for (size_t i = begin; i < end; i++) {
        uint64_t bits;
        if (i == begin || i % 8 == 0)
            psi_stream(session, "order", i / 8, block);
        memcpy(&bits, block + i % 8 * 8, sizeof bits);
        size_t j = i + (size_t)(bits % (session->sender_count - i));
        uint32_t other = session->order[j];
        session->order[j] = session->order[i];
        session->order[i] = other;
    }
    crypto_wipe(block, sizeof block);
}

struct mask_work {
    struct psi_session *session;
    const uint32_t *order;
    uint8_t (*masks)[PSI_VALUE_LEN];
};

static enum base_code mask_range(void *context, size_t begin, size_t end)
{
    struct mask_work *work = context;
    for (size_t i = begin; i < end; i++) {
        struct crypto_hash input;
        uint8_t output[CRYPTO_OPRF_OUTPUT_LEN];
        psi_input(work->session, work->order[i], &input);
        BASE_TRY(crypto_oprf_output(CRYPTO_OPRF_VERIFIABLE, base_bytes_of(input.bytes, sizeof input.bytes),
                                    base_bytes_of(NULL, 0), &work->session->secret, output));
        memcpy(work->masks[i], output, PSI_MASK_LEN);
        memcpy(work->session->table.values[work->order[i]], output + PSI_MASK_LEN, PSI_RETURN_LEN);
        crypto_wipe(output, sizeof output);
    }
    return BASE_OK;
}

/* MASKS: a count and that many masks, ascending (psi 5.4). */
static enum base_code pull_masks(struct psi_session *session, struct base_buffer *message)
{
    uint8_t masks[PSI_MASK_BATCH][PSI_VALUE_LEN];
    size_t begin = session->masks_done, number = begin / PSI_MASK_BATCH;
    size_t len = psi_batch_len(session->sender_count, PSI_MASK_BATCH, number);
    struct mask_work work = {session, session->order + begin, masks};
    shuffle(session, begin, begin + len);
    BASE_TRY(base_parallel_for(session->config.threads, len, WORK_CHUNK, mask_range, &work));
    for (size_t i = 0; i < len; i++)
        psi_table_add(&session->table, session->order[begin + i]);
    qsort(masks, len, PSI_VALUE_LEN, psi_compare_values);
    BASE_TRY(psi_begin(session, PSI_KIND_MASKS, message));
    BASE_TRY(base_put_u32(message, (uint32_t)len));
    BASE_TRY(base_put_bytes(message, masks, len * PSI_VALUE_LEN));
    session->masks_done += len;
    return session->masks_done == session->sender_count ? psi_move_on(session) : BASE_OK;
}

static enum base_code take_return(struct psi_session *session, const uint8_t value[PSI_VALUE_LEN])
{
    uint32_t index = psi_table_find(&session->table, value);
    if (index == PSI_TABLE_NONE) /* psi 5.5 */
        return base_fail(BASE_E_PROOF, "the receiver returned a value no own token has");
    if (session->is_hit[index])
        return base_fail(BASE_E_REPLAY, "the receiver returned a value twice");
    psi_mark_hit(session, index);
    return BASE_OK;
}

/* RETURNS: hits in all, a count and that many values, ascending over all messages (psi 5.5). */
static enum base_code push_returns(struct psi_session *session, struct base_cursor *body)
{
    uint32_t total;
    struct base_bytes values;
    size_t most = session->receiver_count < session->sender_count ? session->receiver_count : session->sender_count;
    BASE_TRY(base_cursor_u32(body, &total));
    if (total > most)
        return base_fail(BASE_E_LIMIT, "%u hits between sets of %zu and %zu", total, session->receiver_count,
                         session->sender_count);
    if (session->returns_done > 0 && total != session->returns_total)
        return base_fail(BASE_E_SIZE, "%u hits after %u", total, session->returns_total);
    session->returns_total = total;
    size_t len = psi_batch_len(total, PSI_RETURN_BATCH, session->returns_done / PSI_RETURN_BATCH);
    BASE_TRY(psi_expect_u32(body, (uint32_t)len, "returned values"));
    BASE_TRY(base_cursor_take(body, len * PSI_VALUE_LEN, &values));
    BASE_TRY(base_cursor_end(body));
    for (size_t i = 0; i < len; i++)
        BASE_TRY(take_return(session, values.data + i * PSI_VALUE_LEN));
    session->returns_done += len;
    return session->returns_done == total ? psi_move_on(session) : BASE_OK;
}

enum base_code psi_sender_pull(struct psi_session *session, struct base_buffer *message)
{
    switch (session->step) {
    case PSI_STEP_KEY:
        return pull_key(session, message);
    case PSI_STEP_POINTS:
        return pull_evaluated(session, message);
    case PSI_STEP_MASKS:
        return pull_masks(session, message);
    default:
        return BASE_OK;
    }
}

enum base_code psi_sender_push(struct psi_session *session, enum psi_kind kind, struct base_cursor *body)
{
    if (session->step == PSI_STEP_POINTS && kind == PSI_KIND_BLINDED)
        return push_blinded(session, body);
    if (session->step == PSI_STEP_RETURNS && kind == PSI_KIND_RETURNS)
        return push_returns(session, body);
    return base_fail(BASE_E_ORDER, "a message of kind %d may not come now", (int)kind);
}
