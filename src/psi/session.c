/* SPDX-License-Identifier: Apache-2.0
 *
 * The session both roles share: making and wiping, the order of steps and messages, the transcript, the hits. Failure is
 * handled here and only here: whatever goes wrong, secrets and results are wiped before the code is returned.
 */
#include "psi/session.h"

#include "psi/inner.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t allowed_moves[PSI_STEP_END + 1] = {
    [PSI_STEP_KEY] = 1 << PSI_STEP_POINTS | 1 << PSI_STEP_MASKS | 1 << PSI_STEP_RETURNS,
    [PSI_STEP_POINTS] = 1 << PSI_STEP_MASKS | 1 << PSI_STEP_RETURNS,
    [PSI_STEP_MASKS] = 1 << PSI_STEP_RETURNS,
    [PSI_STEP_RETURNS] = 1 << PSI_STEP_RECEIVER_DONE,
    [PSI_STEP_RECEIVER_DONE] = 1 << PSI_STEP_SENDER_DONE,
    [PSI_STEP_SENDER_DONE] = 1 << PSI_STEP_END,
};

enum base_code psi_move(struct psi_session *session, enum psi_step to)
{
    if ((allowed_moves[session->step] & 1 << to) == 0)
        return base_fail(BASE_E_INTERNAL, "matching step %d cannot follow %d", (int)to, (int)session->step);
    session->step = to;
    return BASE_OK;
}

enum base_code psi_move_on(struct psi_session *session)
{
    enum psi_step to = session->step + 1;
    if (to == PSI_STEP_POINTS && session->receiver_count == 0)
        to = PSI_STEP_MASKS;
    if (to == PSI_STEP_MASKS && session->sender_count == 0)
        to = PSI_STEP_RETURNS;
    return psi_move(session, to);
}

void psi_input(const struct psi_session *session, size_t own_index, struct crypto_hash *out)
{
    const struct base_bytes parts[] = {base_bytes_of(session->config.context.bytes, sizeof session->config.context.bytes),
                                       base_bytes_of(session->config.tokens[own_index].bytes, PSI_TOKEN_LEN)};
    crypto_hash_domain("entente/psi/input/v1", parts, 2, out);
}

void psi_stream(const struct psi_session *session, const char *use, uint64_t number, uint8_t out[64])
{
    static const char domain[] = "entente/psi/stream/v1";
    uint8_t counter[8];
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)(number >> (56 - 8 * i));
    const struct base_bytes parts[] = {base_bytes_of(domain, sizeof domain), base_bytes_of(use, strlen(use) + 1),
                                       base_bytes_of(session->seed.bytes, sizeof session->seed.bytes),
                                       base_bytes_of(counter, sizeof counter)};
    crypto_sha512(parts, 4, out);
}

enum base_code psi_stream_scalar(const struct psi_session *session, const char *use, uint64_t number,
                                 struct crypto_scalar *out)
{
    uint8_t wide[64];
    psi_stream(session, use, number, wide);
    enum base_code code = crypto_scalar_reduce(wide, out);
    crypto_wipe(wide, sizeof wide);
    return code;
}

void psi_mark_hit(struct psi_session *session, uint32_t own_index)
{
    session->is_hit[own_index] = 1;
    session->hit_count++;
}

int psi_compare_values(const void *a, const void *b)
{
    return memcmp(a, b, PSI_VALUE_LEN);
}

enum base_code psi_begin(struct psi_session *session, enum psi_kind kind, struct base_buffer *message)
{
    struct psi_header header = {.kind = kind, .sequence = session->sent};
    memcpy(header.tag, session->tag, PSI_TAG_LEN);
    return psi_header_encode(&header, message);
}

/* Everything that is secret or a result goes; what is left answers psi_session_state(). */
static void wipe(struct psi_session *session)
{
    size_t own = session->config.own_count;
    psi_table_release(&session->table);
    if (session->returns != NULL)
        crypto_wipe(session->returns, own * PSI_VALUE_LEN);
    if (session->hit_returns != NULL)
        crypto_wipe(session->hit_returns, session->hit_count * PSI_VALUE_LEN);
    if (session->order != NULL)
        crypto_wipe(session->order, own * sizeof *session->order);
    if (session->is_hit != NULL)
        crypto_wipe(session->is_hit, own);
    if (session->hits != NULL)
        crypto_wipe(session->hits, session->hit_count * sizeof *session->hits);
    free(session->returns);
    free(session->hit_returns);
    free(session->order);
    free(session->is_hit);
    free(session->hits);
    session->returns = NULL;
    session->hit_returns = NULL;
    session->order = NULL;
    session->is_hit = NULL;
    session->hits = NULL;
    session->hit_count = 0;
    crypto_wipe(&session->seed, sizeof session->seed);
    crypto_wipe(&session->secret, sizeof session->secret);
    crypto_wipe(session->window, sizeof session->window);
}

static enum base_code fail_session(struct psi_session *session, enum base_code code)
{
    session->state = PSI_FAILED;
    wipe(session);
    return code;
}

static enum base_code check_config(const struct psi_config *config)
{
    if (config->own_count > PSI_SET_MAX || config->peer_count > PSI_SET_MAX) /* psi 1.3 */
        return base_fail(BASE_E_LIMIT, "a set of more than %d tokens", (int)PSI_SET_MAX);
    if (config->role != PSI_RECEIVER && config->role != PSI_SENDER)
        return base_fail(BASE_E_ARGUMENT, "no such role");
    for (size_t i = 1; i < config->own_count; i++) {
        struct base_bytes before = base_bytes_of(&config->tokens[i - 1], PSI_TOKEN_LEN);
        if (base_bytes_compare(before, base_bytes_of(&config->tokens[i], PSI_TOKEN_LEN)) >= 0)
            return base_fail(BASE_E_ARGUMENT, "tokens are not sorted or repeat at %zu", i);
    }
    return BASE_OK;
}

static enum base_code set_up(struct psi_session *session)
{
    const struct psi_config *config = &session->config;
    bool is_sender = config->role == PSI_SENDER;
    struct crypto_hash tag;
    BASE_TRY(crypto_start());
    BASE_TRY(base_random_fill(&config->random, session->seed.bytes, sizeof session->seed.bytes));
    session->sender_count = is_sender ? config->own_count : config->peer_count;
    session->receiver_count = is_sender ? config->peer_count : config->own_count;
    crypto_hash_domain("entente/psi/session/v1",
                       &(const struct base_bytes){config->context.bytes, sizeof config->context.bytes}, 1, &tag);
    memcpy(session->tag, tag.bytes, PSI_TAG_LEN);
    crypto_running_init(&session->running[PSI_RECEIVER]);
    crypto_running_init(&session->running[PSI_SENDER]);
    session->is_hit = base_alloc_array(config->own_count + 1, 1);
    if (session->is_hit == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for %zu tokens", config->own_count);
    BASE_TRY(psi_table_init(&session->table, config->own_count));
    return is_sender ? psi_sender_new(session) : psi_receiver_new(session);
}

enum base_code psi_session_new(const struct psi_config *config, struct psi_session **out)
{
    *out = NULL;
    BASE_TRY(check_config(config));
    struct psi_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for a session");
    session->config = *config;
    if (session->config.threads == 0)
        session->config.threads = 1;
    enum base_code code = set_up(session);
    if (code != BASE_OK)
        psi_session_free(session);
    else
        *out = session;
    return code;
}

void psi_session_free(struct psi_session *session)
{
    if (session == NULL)
        return;
    wipe(session);
    free(session);
}

/* psi 3.6: the hash over both directions, once all messages but the last two are through. */
static void close_transcript(struct psi_session *session)
{
    struct crypto_hash each[2];
    uint8_t sizes[8];
    for (size_t i = 0; i < 4; i++) {
        sizes[i] = (uint8_t)(session->receiver_count >> (24 - 8 * i));
        sizes[4 + i] = (uint8_t)(session->sender_count >> (24 - 8 * i));
    }
    crypto_running_final(&session->running[PSI_RECEIVER], &each[PSI_RECEIVER]);
    crypto_running_final(&session->running[PSI_SENDER], &each[PSI_SENDER]);
    const struct base_bytes parts[] = {base_bytes_of(session->config.context.bytes, 32), base_bytes_of(sizes, 8),
                                       base_bytes_of(each[PSI_RECEIVER].bytes, 32), base_bytes_of(each[PSI_SENDER].bytes, 32)};
    crypto_hash_domain("entente/psi/transcript/v1", parts, 4, &session->transcript);
    session->has_transcript = true;
}

static void confirmation(const struct psi_session *session, enum psi_kind kind, struct crypto_hash *out)
{
    uint8_t byte = (uint8_t)kind;
    const struct base_bytes parts[] = {base_bytes_of(session->transcript.bytes, 32), base_bytes_of(&byte, 1)};
    crypto_hash_domain("entente/psi/confirm/v1", parts, 2, out);
}

static enum base_code make_hits(struct psi_session *session)
{
    uint8_t (*const returns)[PSI_VALUE_LEN] =
        session->config.role == PSI_SENDER ? session->table.values : session->returns;
    session->hits = base_alloc_array(session->hit_count + 1, sizeof *session->hits);
    if (session->hits == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for %zu hits", session->hit_count);
    size_t at = 0;
    for (size_t i = 0; i < session->config.own_count; i++) {
        if (!session->is_hit[i])
            continue;
        struct crypto_hash reference;
        const struct base_bytes parts[] = {base_bytes_of(session->config.context.bytes, 32),
                                           base_bytes_of(returns[i], PSI_VALUE_LEN)};
        crypto_hash_domain("entente/psi/reference/v1", parts, 2, &reference);
        session->hits[at].own_index = (uint32_t)i;
        memcpy(session->hits[at++].reference, reference.bytes, sizeof session->hits->reference);
    }
    return BASE_OK;
}

/* The session ends well: results are made, everything they came from is wiped. */
static enum base_code finish(struct psi_session *session)
{
    BASE_TRY(psi_move(session, PSI_STEP_END));
    BASE_TRY(make_hits(session));
    struct psi_hit *hits = session->hits;
    size_t hit_count = session->hit_count;
    session->hits = NULL;
    wipe(session);
    session->hits = hits;
    session->hit_count = hit_count;
    session->state = PSI_DONE;
    return BASE_OK;
}

static enum base_code pull_confirmation(struct psi_session *session, enum psi_kind kind, struct base_buffer *message)
{
    struct crypto_hash hash;
    if (!session->has_transcript)
        close_transcript(session);
    confirmation(session, kind, &hash);
    BASE_TRY(psi_begin(session, kind, message));
    BASE_TRY(base_put_bytes(message, hash.bytes, sizeof hash.bytes));
    if (kind == PSI_KIND_SENDER_DONE)
        return finish(session);
    return psi_move(session, PSI_STEP_SENDER_DONE);
}

static enum base_code push_confirmation(struct psi_session *session, enum psi_kind kind, struct base_cursor *body)
{
    struct crypto_hash expected, given;
    BASE_TRY(base_cursor_copy(body, given.bytes, sizeof given.bytes));
    BASE_TRY(base_cursor_end(body));
    if (!session->has_transcript)
        close_transcript(session);
    confirmation(session, kind, &expected);
    if (!crypto_hash_equal(&expected, &given)) /* psi 3.6 */
        return base_fail(BASE_E_TRANSCRIPT, "the other side saw other messages");
    if (kind == PSI_KIND_SENDER_DONE)
        return finish(session);
    return psi_move(session, PSI_STEP_SENDER_DONE);
}

static enum base_code pull(struct psi_session *session, struct base_buffer *message)
{
    bool is_sender = session->config.role == PSI_SENDER;
    switch (session->step) {
    case PSI_STEP_RECEIVER_DONE:
        return is_sender ? BASE_OK : pull_confirmation(session, PSI_KIND_RECEIVER_DONE, message);
    case PSI_STEP_SENDER_DONE:
        return is_sender ? pull_confirmation(session, PSI_KIND_SENDER_DONE, message) : BASE_OK;
    case PSI_STEP_END:
        return BASE_OK;
    default:
        return is_sender ? psi_sender_pull(session, message) : psi_receiver_pull(session, message);
    }
}

enum base_code psi_session_pull(struct psi_session *session, struct base_buffer *message)
{
    base_buffer_clear(message);
    if (session->state == PSI_FAILED)
        return base_fail(BASE_E_STATE, "the session has failed");
    bool counts = session->step < PSI_STEP_RECEIVER_DONE;
    enum base_code code = pull(session, message);
    if (code != BASE_OK) {
        base_buffer_clear(message);
        return fail_session(session, code);
    }
    if (message->len == 0)
        return BASE_OK;
    session->sent++;
    if (counts)
        crypto_running_update(&session->running[session->config.role], base_bytes_buffer(message));
    return BASE_OK;
}

/* psi 3.2 and 3.3: version, kind, session, sequence, in this order. */
static enum base_code check_header(const struct psi_session *session, const struct psi_header *header)
{
    if (!crypto_equal(header->tag, session->tag, PSI_TAG_LEN))
        return base_fail(BASE_E_TRANSCRIPT, "a message of another session");
    if (header->sequence < session->received)
        return base_fail(BASE_E_REPLAY, "message %u for the second time", header->sequence);
    if (header->sequence > session->received)
        return base_fail(BASE_E_ORDER, "message %u where %u was due", header->sequence, session->received);
    return BASE_OK;
}

static enum base_code push(struct psi_session *session, struct base_bytes message)
{
    struct base_cursor in = base_cursor_over(message);
    struct psi_header header;
    bool is_sender = session->config.role == PSI_SENDER;
    if (message.len > PSI_MESSAGE_MAX)
        return base_fail(BASE_E_LIMIT, "a message of %zu bytes", message.len);
    BASE_TRY(psi_header_decode(&in, &header));
    BASE_TRY(check_header(session, &header));
    if (session->step == PSI_STEP_RECEIVER_DONE && is_sender && header.kind == PSI_KIND_RECEIVER_DONE)
        return push_confirmation(session, header.kind, &in);
    if (session->step == PSI_STEP_SENDER_DONE && !is_sender && header.kind == PSI_KIND_SENDER_DONE)
        return push_confirmation(session, header.kind, &in);
    if (session->step >= PSI_STEP_RECEIVER_DONE)
        return base_fail(BASE_E_ORDER, "a message of kind %d may not come now", (int)header.kind);
    return is_sender ? psi_sender_push(session, header.kind, &in) : psi_receiver_push(session, header.kind, &in);
}

enum base_code psi_session_push(struct psi_session *session, struct base_bytes message)
{
    if (session->state == PSI_DONE) /* a result that is out cannot be taken back */
        return base_fail(BASE_E_STATE, "the session is over");
    if (session->state == PSI_FAILED)
        return base_fail(BASE_E_STATE, "the session has failed");
    bool counts = session->step < PSI_STEP_RECEIVER_DONE;
    enum base_code code = push(session, message);
    if (code != BASE_OK)
        return fail_session(session, code);
    session->received++;
    if (counts)
        crypto_running_update(&session->running[session->config.role == PSI_SENDER ? PSI_RECEIVER : PSI_SENDER], message);
    return BASE_OK;
}

enum psi_state psi_session_state(const struct psi_session *session)
{
    return session->state;
}

enum base_code psi_session_hits(const struct psi_session *session, const struct psi_hit **hits, size_t *count)
{
    if (session->state != PSI_DONE)
        return base_fail(BASE_E_STATE, "the session has no result");
    *hits = session->hits;
    *count = session->hit_count;
    return BASE_OK;
}

enum base_code psi_session_transcript(const struct psi_session *session, struct crypto_hash *out)
{
    if (session->state != PSI_DONE)
        return base_fail(BASE_E_STATE, "the session has no result");
    *out = session->transcript;
    return BASE_OK;
}

void psi_session_progress(const struct psi_session *session, uint64_t *done, uint64_t *total)
{
    size_t points = session->receiver_count, masks = session->sender_count;
    size_t blinded = session->blinded_batches * PSI_POINT_BATCH, evaluated = session->evaluated_batches * PSI_POINT_BATCH;
    *total = 2 * (uint64_t)points + masks + 1;
    *done = (uint64_t)(blinded < points ? blinded : points) + (evaluated < points ? evaluated : points) +
            session->masks_done + (session->state == PSI_DONE ? 1 : 0);
}
