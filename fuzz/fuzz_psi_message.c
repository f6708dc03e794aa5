/* SPDX-License-Identifier: Apache-2.0
 *
 * A session of either role facing a peer that sends anything. First byte: bit 0 the role, bits 1-2 and 3-4 the two
 * sizes. Then messages: a u16 length and that many bytes; with the length's top bit the header's session tag and
 * sequence are put right first, so that bodies are reached.
 */
#include "psi/message.h"
#include "psi/session.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SET_MOST = 3 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static struct psi_session *open_session(uint8_t choice, const struct crypto_hash *tokens, uint64_t *seed)
{
    struct psi_session *session;
    struct psi_config config = {.role = choice & 1 ? PSI_SENDER : PSI_RECEIVER,
                                .tokens = tokens,
                                .own_count = choice >> 1 & SET_MOST,
                                .peer_count = choice >> 3 & SET_MOST,
                                .threads = 1,
                                .random = base_random_repeatable(seed)};
    return psi_session_new(&config, &session) == BASE_OK ? session : NULL;
}

static void put_right(uint8_t *message, size_t len, uint32_t sequence)
{
    struct crypto_hash context = {{0}}, tag;
    if (len < PSI_HEADER_LEN)
        return;
    crypto_hash_domain("entente/psi/session/v1", &(const struct base_bytes){context.bytes, 32}, 1, &tag);
    message[0] = PSI_VERSION;
    for (size_t i = 0; i < 4; i++)
        message[2 + i] = (uint8_t)(sequence >> (24 - 8 * i));
    memcpy(message + 6, tag.bytes, PSI_TAG_LEN);
}

static void drain(struct psi_session *session, struct base_buffer *out)
{
    while (psi_session_pull(session, out) == BASE_OK && out->len > 0)
        demand(out->len <= PSI_MESSAGE_MAX);
}

static bool deliver(struct psi_session *session, struct base_cursor *in, uint32_t sequence)
{
    uint16_t head;
    struct base_bytes bytes;
    if (base_cursor_u16(in, &head) != BASE_OK || base_cursor_take(in, head & 0x7fff, &bytes) != BASE_OK)
        return false;
    uint8_t *copy = malloc(bytes.len + 1);
    if (copy == NULL)
        return false;
    if (bytes.len > 0)
        memcpy(copy, bytes.data, bytes.len);
    if (head & 0x8000)
        put_right(copy, bytes.len, sequence);
    enum base_code code = psi_session_push(session, base_bytes_of(copy, bytes.len));
    free(copy);
    return code == BASE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct crypto_hash tokens[SET_MOST] = {{{1}}, {{2}}, {{3}}};
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct base_buffer out = BASE_BUFFER_EMPTY;
    uint64_t seed = 1;
    uint8_t choice;
    if (base_cursor_u8(&in, &choice) != BASE_OK)
        return 0;
    struct psi_session *session = open_session(choice, tokens, &seed);
    if (session == NULL)
        return 0;
    uint32_t sequence = 0;
    do
        drain(session, &out);
    while (deliver(session, &in, sequence++));
    const struct psi_hit *hits;
    size_t count;
    bool has_hits = psi_session_hits(session, &hits, &count) == BASE_OK;
    demand(has_hits == (psi_session_state(session) == PSI_DONE));
    demand(!has_hits || count <= (choice >> 1 & SET_MOST));
    if (psi_session_state(session) == PSI_FAILED)
        demand(psi_session_pull(session, &out) == BASE_E_STATE && out.len == 0);
    base_buffer_release(&out);
    psi_session_free(session);
    return 0;
}
