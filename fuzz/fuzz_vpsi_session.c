/* SPDX-License-Identifier: Apache-2.0
 *
 * A session of either role facing a peer that sends anything. First byte: bit 0 the role, bits 1-2 and 3-4 the two sizes, bit 5
 * output to both, bit 6 payloads, bit 7 passes. Then messages: a u16 length and that many bytes; with the length's top bit the
 * header's session tag and sequence are put right first, so that bodies are reached. The VOLE is the dealer of the tests.
 */
#include "crypto/secret.h"
#include "vpsi/message.h"
#include "vpsi/vpsi.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SET_MOST = 3, ITEM_LEN = 16, PAYLOAD_LEN = 5 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static struct vpsi_terms terms_of(uint8_t choice)
{
    const bool to_both = (choice & 0x20) != 0, has_payloads = (choice & 0x40) != 0;
    return (struct vpsi_terms){.receiver_count = choice >> 1 & SET_MOST,
                               .sender_count = choice >> 3 & SET_MOST,
                               .item_len = ITEM_LEN,
                               .receiver_payload = to_both && has_payloads ? PAYLOAD_LEN : 0,
                               .sender_payload = has_payloads ? PAYLOAD_LEN : 0,
                               .output = to_both ? VPSI_TO_BOTH : VPSI_TO_RECEIVER,
                               .pass_bits = choice >> 7};
}

static void put_right(uint8_t *message, size_t len, uint32_t sequence)
{
    struct crypto_hash context, tag;
    if (len < VPSI_HEADER_LEN)
        return;
    crypto_hash_domain("entente/vpsi/context/v1", &(const struct base_bytes){(const uint8_t *)"fuzz", 4}, 1, &context);
    crypto_hash_domain("entente/vpsi/session/v1", &(const struct base_bytes){context.bytes, 32}, 1, &tag);
    message[0] = VPSI_VERSION;
    for (size_t i = 0; i < 4; i++)
        message[2 + i] = (uint8_t)(sequence >> (24 - 8 * i));
    memcpy(message + 6, tag.bytes, VPSI_TAG_LEN);
}

static void drain(struct vpsi_session *session, struct base_buffer *out)
{
    while (vpsi_session_pull(session, out) == BASE_OK && out->len > 0)
        demand(out->len <= VPSI_MESSAGE_MAX);
    (void)!vpsi_session_work(session);
}

static bool deliver(struct vpsi_session *session, struct base_cursor *in, uint32_t sequence)
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
    const enum base_code code = vpsi_session_push(session, base_bytes_of(copy, bytes.len));
    free(copy);
    return code == BASE_OK;
}

static void check_end(struct vpsi_session *session, struct base_buffer *out)
{
    struct vpsi_hits hits;
    const bool has_hits = vpsi_session_hits(session, &hits) == BASE_OK;
    demand(has_hits == (vpsi_session_state(session) == VPSI_DONE));
    demand(!has_hits || hits.count <= SET_MOST);
    if (vpsi_session_state(session) == VPSI_FAILED)
        demand(vpsi_session_pull(session, out) == BASE_E_STATE && out->len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t items[SET_MOST * ITEM_LEN], payloads[SET_MOST * PAYLOAD_LEN];
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct vpsi_session *session = NULL;
    uint64_t seed = 1;
    uint8_t choice;
    if (crypto_start() != BASE_OK || base_cursor_u8(&in, &choice) != BASE_OK)
        return 0;
    for (size_t i = 0; i < SET_MOST; i++)
        items[i * ITEM_LEN] = (uint8_t)i;
    struct vpsi_config config = {.role = choice & 1 ? VPSI_SENDER : VPSI_RECEIVER,
                                 .terms = terms_of(choice),
                                 .context = base_bytes_text("fuzz"),
                                 .items = items,
                                 .payloads = payloads,
                                 .threads = 1,
                                 .random = base_random_repeatable(&seed)};
    config.arena_len = vpsi_arena_size(&config.terms, config.role, 1);
    config.arena = aligned_alloc(VPSI_ARENA_ALIGN, config.arena_len + VPSI_ARENA_ALIGN);
    if (config.arena != NULL && vpsi_session_new(&config, &session) == BASE_OK) {
        uint32_t sequence = 0;
        do
            drain(session, &out);
        while (deliver(session, &in, sequence++));
        check_end(session, &out);
        vpsi_session_free(session);
    }
    base_buffer_release(&out);
    free(config.arena);
    return 0;
}
