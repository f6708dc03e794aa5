/* SPDX-License-Identifier: Apache-2.0
 *
 * The 128 base transfers (crypto/ot.h), spread over the threads. Transfer 8 i + l is for level l of tree i of the extension; its
 * choice is the side whose sum the sender of the VOLE may know, which is the opposite of its bit of Delta.
 */
#include "vole/inside.h"

enum { AT_ONCE = 8 };

static unsigned choice_of(const struct vole_session *session, size_t number)
{
    return block_bit(session->delta, (unsigned)number) ^ 1u;
}

enum base_code vole_transfer_open(struct vole_session *session)
{
    uint8_t wide[64];
    vole_stream(session, "open", 0, wide);
    enum base_code code = crypto_ot_open(wide, &session->secrets[0], &session->opening);
    crypto_wipe(wide, sizeof wide);
    return code;
}

static enum base_code choose(void *context, size_t begin, size_t end)
{
    struct vole_session *session = context;
    enum base_code code = BASE_OK;
    uint8_t wide[128];
    for (size_t i = begin; i < end && code == BASE_OK; i++) {
        vole_stream(session, "offer", 2 * i, wide);
        vole_stream(session, "offer", 2 * i + 1, wide + 64);
        code = crypto_ot_choose(&session->binding, (uint32_t)i, choice_of(session, i), wide, &session->secrets[i], &session->offers[i]);
    }
    crypto_wipe(wide, sizeof wide);
    return code;
}

static enum base_code send_keys(void *context, size_t begin, size_t end)
{
    struct vole_session *session = context;
    for (size_t i = begin; i < end; i++)
        BASE_TRY(crypto_ot_sender_keys(&session->binding, (uint32_t)i, &session->secrets[0], &session->opening, &session->offers[i],
                                       session->keys[i]));
    return BASE_OK;
}

static enum base_code receive_keys(void *context, size_t begin, size_t end)
{
    struct vole_session *session = context;
    for (size_t i = begin; i < end; i++)
        BASE_TRY(crypto_ot_receiver_key(&session->binding, (uint32_t)i, choice_of(session, i), &session->secrets[i], &session->opening,
                                        &session->offers[i], &session->keys[i][0]));
    return BASE_OK;
}

enum base_code vole_transfer_choose(struct vole_session *session)
{
    return base_parallel_for(session->config.threads, VOLE_BITS, AT_ONCE, choose, session);
}

enum base_code vole_transfer_send_keys(struct vole_session *session)
{
    return base_parallel_for(session->config.threads, VOLE_BITS, AT_ONCE, send_keys, session);
}

enum base_code vole_transfer_receive_keys(struct vole_session *session)
{
    return base_parallel_for(session->config.threads, VOLE_BITS, AT_ONCE, receive_keys, session);
}
