/* SPDX-License-Identifier: Apache-2.0
 *
 * The receiver: puts its items into a store, hides it under the VOLE's vector A, and looks for its own masks among the sender's.
 */
#include "vpsi/inside.h"

static enum base_code encode(struct vpsi_session *session)
{
    struct block filler;
    if (session->stage != VPSI_STAGE_SET)
        return BASE_OK;
    vpsi_generate(session, &filler, sizeof filler);
    BASE_TRY(okvs_encode(&session->plan.okvs, session->okvs_seed, session->set.keys, session->set.values, session->set.count, filler,
                         session->threads, vpsi_rows(session), vpsi_slots(session)));
    crypto_wipe(&filler, sizeof filler);
    session->stage = VPSI_STAGE_ENCODED;
    return BASE_OK;
}

/* Takes the memory that the slots had: they are all sent. */
static enum base_code decode(struct vpsi_session *session)
{
    if (session->stage >= VPSI_STAGE_DECODED)
        return BASE_OK;
    session->stage = VPSI_STAGE_DECODED;
    return okvs_decode(&session->plan.okvs, session->okvs_seed, session->set.keys, session->set.count, session->vole_result.c,
                       session->threads, vpsi_decoded(session));
}

/* Needs the shift, and takes the memory that the VOLE had. */
static enum base_code make_masks(struct vpsi_session *session)
{
    if (session->stage == VPSI_STAGE_MASKED)
        return BASE_OK;
    BASE_TRY(decode(session));
    struct block *decoded = vpsi_decoded(session);
    for (size_t i = 0; i < session->set.count; i++)
        decoded[i] = block_xor(decoded[i], session->shift);
    BASE_TRY(vpsi_masks_make(&session->hashes, decoded, &session->set, session->threads, vpsi_masks(session), vpsi_places(session)));
    BASE_TRY(vpsi_sort(vpsi_places(session), vpsi_sorted(session), session->set.count, session->threads));
    vpsi_code_order_ties(vpsi_sorted(session), vpsi_masks(session), session->set.count);
    session->stage = VPSI_STAGE_MASKED;
    return BASE_OK;
}

enum base_code vpsi_receiver_work(struct vpsi_session *session)
{
    switch (session->step) {
    case VPSI_STEP_VOLE:
    case VPSI_STEP_SLOTS:
        return encode(session);
    case VPSI_STEP_OPEN:
        return decode(session);
    case VPSI_STEP_HEADS:
    case VPSI_STEP_MASKS:
        return make_masks(session);
    default:
        return BASE_OK;
    }
}

enum base_code vpsi_write_slots(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    const uint64_t first = number * VPSI_SLOT_BATCH, count = vpsi_batch(session->plan.okvs.slots, number, VPSI_SLOT_BATCH);
    if (number == 0)
        BASE_TRY(encode(session));
    struct block *slots = vpsi_slots(session) + first;
    block_xor_into(slots, session->vole_result.a + first, (size_t)count);
    BASE_TRY(base_put_u32(out, (uint32_t)count));
    return base_put_bytes(out, slots, (size_t)count * sizeof *slots);
}

enum base_code vpsi_read_heads(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    const struct vpsi_code *code = &session->plan.code;
    const size_t first = (size_t)number * VPSI_HEAD_BATCH, len = (size_t)vpsi_batch(code->heads_len, number, VPSI_HEAD_BATCH);
    BASE_TRY(vpsi_expect(in, (uint32_t)len, "bytes of heads"));
    BASE_TRY(base_cursor_copy(in, vpsi_heads(session) + first, len));
    if (number + 1 < session->plan.head_messages)
        return BASE_OK;
    session->cursor = 0;
    return vpsi_code_reader_init(&session->reader, code, vpsi_heads(session));
}

static bool is_below(struct block a, struct block b)
{
    return a.word[0] < b.word[0] || (a.word[0] == b.word[0] && a.word[1] < b.word[1]);
}

static enum base_code keep_match(struct vpsi_session *session, uint32_t at, uint64_t rank, const uint8_t *payload)
{
    BASE_TRY(base_grow_array((void **)&session->matches, &session->match_capacity, session->match_count + 1,
                             sizeof *session->matches));
    session->matches[session->match_count++] = (struct vpsi_match){at, (uint32_t)rank};
    return vpsi_keep_hit(session, at, VPSI_USE_SENDER_PAD, payload, session->terms.sender_payload);
}

/* The first of the entries that are the same item: payloads and values of repeated items are taken from there. */
static size_t first_of(const struct vpsi_session *session, size_t at)
{
    while (vpsi_set_repeats(&session->set, at))
        at--;
    return at;
}

/* Holds one mask of the sender's against the own ones, which it moves past all that are lower. */
static enum base_code join(struct vpsi_session *session, struct block mask, uint64_t rank, const uint8_t *payload)
{
    const struct vpsi_place *sorted = vpsi_sorted(session);
    const struct block *masks = vpsi_masks(session);
    uint64_t at = session->cursor;
    while (at < session->set.count &&
           (sorted[at].key < mask.word[0] || (sorted[at].key == mask.word[0] && is_below(masks[sorted[at].index], mask))))
        at++;
    session->cursor = at;
    if (at == session->set.count || sorted[at].key != mask.word[0] || is_below(mask, masks[sorted[at].index]))
        return BASE_OK;
    return keep_match(session, (uint32_t)first_of(session, sorted[at].index), rank, payload);
}

enum base_code vpsi_read_masks(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    const uint64_t first = number * VPSI_MASK_BATCH, count = vpsi_batch(session->plan.sender_room, number, VPSI_MASK_BATCH);
    const size_t payload_len = session->terms.sender_payload;
    struct base_bytes payloads;
    BASE_TRY(make_masks(session));
    BASE_TRY(vpsi_expect(in, (uint32_t)count, "masks"));
    BASE_TRY(vpsi_code_reader_batch(&session->reader, count, in));
    BASE_TRY(base_cursor_take(in, (size_t)count * payload_len, &payloads));
    for (uint64_t i = 0; i < count; i++) {
        struct block mask;
        BASE_TRY(vpsi_code_reader_next(&session->reader, &mask));
        BASE_TRY(join(session, mask, first + i, payload_len == 0 ? NULL : payloads.data + i * payload_len));
    }
    BASE_TRY(vpsi_code_reader_batch_end(&session->reader));
    session->return_count = session->match_count;
    return BASE_OK;
}

enum base_code vpsi_write_returns(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    const uint64_t first = number * VPSI_RETURN_BATCH, count = vpsi_batch(session->match_count, number, VPSI_RETURN_BATCH);
    const size_t payload_len = session->terms.receiver_payload;
    BASE_TRY(base_put_u32(out, (uint32_t)session->match_count));
    BASE_TRY(base_put_u32(out, (uint32_t)count));
    for (uint64_t i = first; i < first + count; i++) {
        const struct vpsi_match match = session->matches[i];
        const struct block decoded = vpsi_decoded(session)[match.at];
        struct crypto_hash hash;
        uint8_t payload[VPSI_PAYLOAD_MAX];
        vpsi_entry_hash(&session->hashes, decoded, &session->set, match.at, VPSI_USE_MASK, &hash);
        BASE_TRY(base_put_u32(out, match.rank));
        BASE_TRY(base_put_bytes(out, hash.bytes + sizeof hash.bytes - VPSI_RETURN_LEN, VPSI_RETURN_LEN));
        if (payload_len == 0)
            continue;
        vpsi_pad(&session->hashes, decoded, &session->set, match.at, VPSI_USE_RECEIVER_PAD,
                 session->payloads + session->set.index[match.at] * payload_len, payload, payload_len);
        BASE_TRY(base_put_bytes(out, payload, payload_len));
    }
    return BASE_OK;
}
