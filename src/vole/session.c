/* SPDX-License-Identifier: Apache-2.0
 *
 * The session both roles share: making and wiping, the order of messages, the hashes over them, the results. Failure is handled here
 * and only here: whatever goes wrong, secrets and results are wiped before the code is returned.
 */
#include "vole/inside.h"

#include <stdlib.h>

/* The order of a role. The sender does not wait for BASE before it speaks, so the first two messages may cross. */
static const enum vole_kind receiver_order[] = {VOLE_KIND_BASE,  VOLE_KIND_CHOICE, VOLE_KIND_EXTEND,
                                                VOLE_KIND_TREES, VOLE_KIND_CHECK,  VOLE_KIND_PROOF};
static const enum vole_kind sender_order[] = {VOLE_KIND_CHOICE, VOLE_KIND_BASE,  VOLE_KIND_EXTEND,
                                              VOLE_KIND_TREES,  VOLE_KIND_CHECK, VOLE_KIND_PROOF};
enum { STEPS = sizeof receiver_order / sizeof receiver_order[0], STEPS_DIRECT = 3 };

static enum vole_kind kind_due(const struct vole_session *session)
{
    return session->config.role == VOLE_RECEIVER ? receiver_order[session->step] : sender_order[session->step];
}

static void put_number(uint8_t *out, uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static void bind(struct vole_session *session)
{
    const struct vole_params *params = &session->params;
    const uint64_t sizes[] = {VOLE_VERSION,       params->count,      params->code,        params->is_direct, params->out_count,
                              params->tree_depth, params->tree_count, params->noise_count, params->base_count};
    uint8_t text[sizeof sizes];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        put_number(text + 8 * i, sizes[i]);
    const struct base_bytes parts[] = {base_bytes_of(session->config.context.bytes, sizeof session->config.context.bytes),
                                       base_bytes_of(text, sizeof text)};
    crypto_hash_domain("entente/vole/session/v1", parts, 2, &session->binding);
}

void vole_stream(const struct vole_session *session, const char *use, uint64_t number, uint8_t out[64])
{
    static const char domain[] = "entente/vole/stream/v1";
    uint8_t counter[8];
    put_number(counter, number);
    const struct base_bytes parts[] = {base_bytes_of(domain, sizeof domain), base_bytes_of(use, strlen(use) + 1),
                                       base_bytes_of(session->seed.bytes, sizeof session->seed.bytes),
                                       base_bytes_of(counter, sizeof counter)};
    crypto_sha512(parts, 4, out);
}

void vole_transcript(const struct vole_session *session, const char *domain, enum vole_kind last, struct crypto_hash *out)
{
    const struct base_bytes parts[] = {base_bytes_of(session->binding.bytes, sizeof session->binding.bytes),
                                       base_bytes_of(&session->hashes[VOLE_KIND_BASE], (size_t)last * sizeof session->hashes[0])};
    crypto_hash_domain(domain, parts, 2, out);
}

void vole_transcript_aes(const struct vole_session *session, const char *domain, enum vole_kind last, struct block_aes *out)
{
    struct crypto_hash hash;
    vole_transcript(session, domain, last, &hash);
    block_aes_init(out, block_load(hash.bytes));
}

void vole_session_prepare_hashes(struct vole_session *session)
{
    const struct block zero_and_one[2] = {BLOCK_ZERO, BLOCK_ONE};
    vole_transcript_aes(session, "entente/vole/tree-hash/v1", VOLE_KIND_CHOICE, &session->tree_pi);
    vole_transcript_aes(session, "entente/vole/transfer-hash/v1", VOLE_KIND_CHOICE, &session->transfer_pi);
    block_hash_circular(&session->tree_pi, zero_and_one, session->empty, 2);
}

static enum base_code check_config(const struct vole_config *config)
{
    size_t needed = vole_arena_size(&config->params, config->role);
    if (config->params.count == 0 || config->params.count > VOLE_COUNT_MAX)
        return base_fail(BASE_E_LIMIT, "a length of %zu", config->params.count);
    if ((uintptr_t)config->arena % 64 != 0)
        return base_fail(BASE_E_ARGUMENT, "an arena that does not begin at a cache line");
    if (config->arena == NULL || config->arena_len < needed)
        return base_fail(BASE_E_ARGUMENT, "an arena of %zu bytes instead of %zu", config->arena_len, needed);
    return BASE_OK;
}

enum base_code vole_session_new(const struct vole_config *config, struct vole_session **out)
{
    *out = NULL;
    BASE_TRY(check_config(config));
    size_t size = (sizeof(struct vole_session) + 63) / 64 * 64;
    struct vole_session *session = aligned_alloc(64, size);
    if (session == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a vole session");
    memset(session, 0, size);
    session->config = *config;
    session->params = config->params;
    session->state = VOLE_RUNNING;
    bind(session);
    vole_arena_lay_out(&session->params, config->role, config->arena, &session->arrays);
    enum base_code code = base_random_fill(&config->random, session->seed.bytes, sizeof session->seed.bytes);
    if (code != BASE_OK) {
        vole_session_free(session, VOLE_WIPE_ALL);
        return code;
    }
    *out = session;
    return BASE_OK;
}

static void wipe_secrets(struct vole_session *session)
{
    crypto_wipe(&session->seed, sizeof session->seed);
    crypto_wipe(&session->delta, sizeof session->delta);
    crypto_wipe(session->secrets, sizeof session->secrets);
    crypto_wipe(session->keys, sizeof session->keys);
    crypto_wipe(&session->sum, sizeof session->sum);
}

static void wipe_arena(struct vole_session *session)
{
    crypto_wipe(session->config.arena, vole_arena_size(&session->params, session->config.role));
}

static void wipe_blocks(struct block *blocks, size_t count)
{
    if (blocks != NULL)
        crypto_wipe(blocks, count * sizeof *blocks);
}

/* All but what vole_session_result() points to. */
static void wipe_around_results(struct vole_session *session)
{
    const struct vole_params *params = &session->params;
    struct vole_arrays *arrays = &session->arrays;
    wipe_blocks(arrays->seeds, VOLE_PUNCTURED * VOLE_PUNCTURED_LEAVES);
    if (params->is_direct) {
        wipe_blocks(arrays->chi, params->base_count);
        wipe_blocks(arrays->columns, VOLE_BITS * params->base_count);
        if (arrays->choices != NULL)
            wipe_blocks(arrays->choices + params->count, VOLE_PUNCTURED * params->base_count - params->count);
        return;
    }
    wipe_blocks(arrays->base, (size_t)(arrays->vectors[0] - arrays->base));
    for (size_t v = 0; v < 2; v++)
        wipe_blocks(arrays->vectors[v], params->noise_count - params->out_count);
    /* Short vectors end before the columns did that lay in their place. */
    struct block *end = (struct block *)session->config.arena + vole_arena_size(params, session->config.role) / sizeof *end;
    struct block *used = (arrays->vectors[1] != NULL ? arrays->vectors[1] : arrays->vectors[0]) + params->noise_count;
    wipe_blocks(used, (size_t)(end - used));
}

void vole_session_free(struct vole_session *session, enum vole_wipe wipe)
{
    if (session == NULL)
        return;
    if (wipe == VOLE_KEEP_RESULTS && session->state == VOLE_DONE)
        wipe_around_results(session);
    else
        wipe_arena(session);
    crypto_wipe(session, sizeof *session);
    free(session);
}

static enum base_code failed(struct vole_session *session, enum base_code code)
{
    session->state = VOLE_FAILED;
    wipe_secrets(session);
    wipe_arena(session);
    return code;
}

static enum base_code work_due(struct vole_session *session)
{
    bool is_receiver = session->config.role == VOLE_RECEIVER;
    switch (session->due) {
    case VOLE_DUE_KEYS:
        return is_receiver ? vole_transfer_send_keys(session) : vole_transfer_receive_keys(session);
    case VOLE_DUE_LEAVES:
        return is_receiver ? vole_receiver_leaves(session) : vole_sender_leaves(session);
    case VOLE_DUE_CODE:
        return vole_encode(session);
    case VOLE_DUE_NOTHING:
        break;
    }
    return BASE_OK;
}

enum base_code vole_session_work_once(struct vole_session *session)
{
    BASE_TRY(work_due(session));
    session->due = session->due == VOLE_DUE_LEAVES ? VOLE_DUE_CODE : VOLE_DUE_NOTHING;
    return BASE_OK;
}

static enum base_code work(struct vole_session *session)
{
    while (session->due != VOLE_DUE_NOTHING)
        BASE_TRY(vole_session_work_once(session));
    return BASE_OK;
}

static void hash_message(struct vole_session *session, enum vole_kind kind, struct base_bytes message)
{
    crypto_sha256(&message, 1, &session->hashes[kind]);
}

static void advance(struct vole_session *session)
{
    session->step++;
    if (session->step == (session->params.is_direct ? STEPS_DIRECT : STEPS))
        session->state = VOLE_DONE;
}

static enum base_code pull(struct vole_session *session, enum vole_kind kind, struct base_buffer *message)
{
    BASE_TRY(work(session));
    BASE_TRY(vole_header_encode(kind, session->binding.bytes, message));
    if (session->config.role == VOLE_RECEIVER)
        BASE_TRY(vole_receiver_pull(session, kind, message));
    else
        BASE_TRY(vole_sender_pull(session, kind, message));
    hash_message(session, kind, base_bytes_buffer(message));
    return BASE_OK;
}

enum base_code vole_session_pull(struct vole_session *session, struct base_buffer *message)
{
    base_buffer_clear(message);
    if (session->state == VOLE_FAILED)
        return base_fail(BASE_E_STATE, "this session has failed");
    if (session->state == VOLE_DONE || vole_kind_from(kind_due(session)) != session->config.role)
        return BASE_OK;
    enum base_code code = pull(session, kind_due(session), message);
    if (code != BASE_OK) {
        crypto_wipe_buffer(message);
        return failed(session, code);
    }
    advance(session);
    return BASE_OK;
}

static enum base_code push(struct vole_session *session, struct base_bytes message)
{
    struct base_cursor in = base_cursor_over(message);
    enum vole_kind kind;
    if (message.len > VOLE_MESSAGE_MAX)
        return base_fail(BASE_E_LIMIT, "a message of %zu bytes", message.len);
    BASE_TRY(vole_header_decode(&in, session->binding.bytes, &kind));
    if (kind != kind_due(session) || vole_kind_from(kind) == session->config.role)
        return base_fail(BASE_E_ORDER, "message of kind %d while kind %d is due", (int)kind, (int)kind_due(session));
    BASE_TRY(vole_body_check(&in, vole_body_len(&session->params, kind)));
    BASE_TRY(work(session));
    hash_message(session, kind, message);
    BASE_TRY(session->config.role == VOLE_RECEIVER ? vole_receiver_push(session, kind, &in) : vole_sender_push(session, kind, &in));
    return base_cursor_end(&in);
}

enum base_code vole_session_push(struct vole_session *session, struct base_bytes message)
{
    if (session->state != VOLE_RUNNING)
        return base_fail(BASE_E_STATE, "this session is over");
    enum base_code code = push(session, message);
    if (code != BASE_OK)
        return failed(session, code);
    advance(session);
    return BASE_OK;
}

enum base_code vole_session_work(struct vole_session *session)
{
    if (session->state == VOLE_FAILED)
        return base_fail(BASE_E_STATE, "this session has failed");
    enum base_code code = work(session);
    return code == BASE_OK ? BASE_OK : failed(session, code);
}

enum vole_state vole_session_state(const struct vole_session *session)
{
    return session->state;
}

enum base_code vole_session_result(struct vole_session *session, struct vole_result *out)
{
    const struct vole_arrays *arrays = &session->arrays;
    size_t parity = session->params.noise_count - session->params.out_count;
    bool is_direct = session->params.is_direct;
    *out = (struct vole_result){NULL, NULL, NULL, BLOCK_ZERO};
    if (session->state != VOLE_DONE)
        return base_fail(BASE_E_STATE, "a vole session that is not done has no result");
    if (session->config.role == VOLE_RECEIVER) {
        out->c = is_direct ? arrays->base : arrays->vectors[0] + parity;
        out->a = is_direct ? arrays->choices : arrays->vectors[1] + parity;
    } else {
        out->b = is_direct ? arrays->base : arrays->vectors[0] + parity;
        out->delta = session->delta;
    }
    return BASE_OK;
}
