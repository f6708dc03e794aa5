/* SPDX-License-Identifier: Apache-2.0
 *
 * INSECURE, for tests only: takes the place of src/vole/session.c where thousands of sessions are to run. One side sends the
 * other a seed from which both know everything. The correlation is right; nothing is secret.
 */
#include "block/aes.h"
#include "block/gf.h"
#include "vole/vole.h"

#include <stdlib.h>

enum { SEED_LEN = sizeof(struct block) };

struct vole_session {
    struct vole_config config;
    struct block seed;
    bool has_sent;
    enum vole_state state;
    struct vole_result result;
};

enum base_code vole_session_new(const struct vole_config *config, struct vole_session **out)
{
    struct vole_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    session->config = *config;
    *out = session;
    return base_random_fill(&config->random, (uint8_t *)&session->seed, sizeof session->seed);
}

void vole_session_free(struct vole_session *session, enum vole_wipe wipe)
{
    (void)wipe;
    free(session);
}

static void deal(struct vole_session *session)
{
    const size_t count = session->config.params.count;
    struct block *first = session->config.arena, *second = first + count;
    struct block_aes aes;
    block_aes_init(&aes, session->seed);
    block_aes_counter(&aes, 3, 0, &session->result.delta, 1);
    if (session->config.role == VOLE_SENDER) {
        session->result.b = first;
        block_aes_counter(&aes, 2, 0, first, count);
    } else {
        session->result.a = first;
        session->result.c = second;
        block_aes_counter(&aes, 1, 0, first, count);
        block_aes_counter(&aes, 2, 0, second, count);
        block_gf_multiply_add(second, first, session->result.delta, count);
        session->result.delta = BLOCK_ZERO;
    }
    session->state = VOLE_DONE;
}

enum base_code vole_session_pull(struct vole_session *session, struct base_buffer *message)
{
    base_buffer_clear(message);
    if (session->config.role != VOLE_SENDER || session->has_sent)
        return BASE_OK;
    session->has_sent = true;
    deal(session);
    return base_buffer_append(message, base_bytes_of(&session->seed, SEED_LEN));
}

enum base_code vole_session_push(struct vole_session *session, struct base_bytes message)
{
    if (session->config.role != VOLE_RECEIVER || session->state != VOLE_RUNNING)
        return base_fail(BASE_E_ORDER, "dealt already");
    if (message.len < SEED_LEN)
        return base_fail(BASE_E_TRUNCATED, "no seed");
    if (message.len > SEED_LEN)
        return base_fail(BASE_E_TRAILING, "more than a seed");
    session->seed = block_load(message.data);
    deal(session);
    return BASE_OK;
}

enum base_code vole_session_work(struct vole_session *session)
{
    (void)session;
    return BASE_OK;
}

enum vole_state vole_session_state(const struct vole_session *session)
{
    return session->state;
}

enum base_code vole_session_result(struct vole_session *session, struct vole_result *out)
{
    if (session->state != VOLE_DONE)
        return base_fail(BASE_E_STATE, "not dealt yet");
    *out = session->result;
    return BASE_OK;
}
