/* SPDX-License-Identifier: Apache-2.0
 *
 * The sender: turns the VOLE's vector B into K = B + Delta * (slots that came), from which it can compute masks of its own items, and
 * sends those in their own order, which says nothing about the items'.
 */
#include "vpsi/inside.h"

#include "base/parallel.h"
#include "block/gf.h"

enum { SCALE_CHUNK = 1 << 14 };

struct job {
    struct vpsi_session *session;
    const struct block *slots;
    uint64_t first;
};

static enum base_code add_slots(void *context, size_t begin, size_t end)
{
    const struct job *job = context;
    block_gf_multiply_add(job->session->vole_result.b + job->first + begin, job->slots + begin, job->session->vole_result.delta,
                          end - begin);
    return BASE_OK;
}

enum base_code vpsi_read_slots(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    const uint64_t first = number * VPSI_SLOT_BATCH, count = vpsi_batch(session->plan.okvs.slots, number, VPSI_SLOT_BATCH);
    struct job job = {session, vpsi_slots(session), first};
    BASE_TRY(vpsi_expect(in, (uint32_t)count, "slots"));
    BASE_TRY(base_cursor_copy(in, vpsi_slots(session), (size_t)count * sizeof(struct block)));
    return base_parallel_for(session->threads, (size_t)count, SCALE_CHUNK, add_slots, &job);
}

static enum base_code take_values(void *context, size_t begin, size_t end)
{
    const struct job *job = context;
    struct block *decoded = vpsi_decoded(job->session);
    block_gf_multiply_add(decoded + begin, job->session->set.values + begin, job->session->vole_result.delta, end - begin);
    for (size_t i = begin; i < end; i++)
        decoded[i] = block_xor(decoded[i], job->session->shift);
    return BASE_OK;
}

/* Masks of nobody, for repeated items and for the places of a pass that no item took. */
static void add_dummies(struct vpsi_session *session)
{
    struct block *masks = vpsi_masks(session);
    struct vpsi_place *places = vpsi_places(session);
    for (size_t i = 0; i < session->plan.room; i++) {
        if (i < session->set.count && !vpsi_set_repeats(&session->set, i))
            continue;
        vpsi_generate(session, &masks[i], sizeof masks[i]);
        places[i] = (struct vpsi_place){.key = masks[i].word[0], .index = (uint32_t)i};
    }
}

static enum base_code make_masks(struct vpsi_session *session)
{
    struct job job = {.session = session};
    BASE_TRY(okvs_decode(&session->plan.okvs, session->okvs_seed, session->set.keys, session->set.count, session->vole_result.b,
                         session->threads, vpsi_decoded(session)));
    BASE_TRY(base_parallel_for(session->threads, session->set.count, SCALE_CHUNK, take_values, &job));
    BASE_TRY(vpsi_masks_make(&session->hashes, vpsi_decoded(session), &session->set, session->threads, vpsi_masks(session),
                             vpsi_places(session)));
    add_dummies(session);
    BASE_TRY(vpsi_sort(vpsi_places(session), vpsi_sorted(session), (size_t)session->plan.room, session->threads));
    vpsi_code_order_ties(vpsi_sorted(session), vpsi_masks(session), (size_t)session->plan.room);
    vpsi_code_heads(&session->plan.code, vpsi_sorted(session), vpsi_heads(session));
    session->stage = VPSI_STAGE_MASKED;
    return BASE_OK;
}

enum base_code vpsi_write_heads(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    if (number == 0)
        BASE_TRY(make_masks(session));
    const size_t first = (size_t)number * VPSI_HEAD_BATCH;
    const size_t len = (size_t)vpsi_batch(session->plan.code.heads_len, number, VPSI_HEAD_BATCH);
    BASE_TRY(base_put_u32(out, (uint32_t)len));
    return base_put_bytes(out, vpsi_heads(session) + first, len);
}

/* Is entry `at` an item, the first one if it is repeated? */
static bool is_item(const struct vpsi_session *session, size_t at)
{
    return at < session->set.count && !vpsi_set_repeats(&session->set, at);
}

static enum base_code write_payload(struct vpsi_session *session, size_t at, struct base_buffer *out)
{
    const size_t len = session->terms.sender_payload;
    uint8_t payload[VPSI_PAYLOAD_MAX];
    if (is_item(session, at))
        vpsi_pad(&session->hashes, vpsi_decoded(session)[at], &session->set, at, VPSI_USE_SENDER_PAD,
                 session->payloads + session->set.index[at] * len, payload, len);
    else
        vpsi_generate(session, payload, len);
    return base_put_bytes(out, payload, len);
}

enum base_code vpsi_write_masks(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    const uint64_t first = number * VPSI_MASK_BATCH, count = vpsi_batch(session->plan.room, number, VPSI_MASK_BATCH);
    const struct vpsi_place *sorted = vpsi_sorted(session);
    BASE_TRY(base_put_u32(out, (uint32_t)count));
    BASE_TRY(vpsi_code_write(&session->plan.code, sorted, vpsi_masks(session), first, count, out));
    for (uint64_t i = first; i < first + count && session->terms.sender_payload > 0; i++)
        BASE_TRY(write_payload(session, sorted[i].index, out));
    return BASE_OK;
}

/* One value: it must belong to the mask it names, and to an item. */
static enum base_code read_return(struct vpsi_session *session, struct base_cursor *in)
{
    uint32_t rank;
    struct base_bytes value, payload;
    struct crypto_hash hash;
    BASE_TRY(base_cursor_u32(in, &rank));
    BASE_TRY(base_cursor_take(in, VPSI_RETURN_LEN, &value));
    BASE_TRY(base_cursor_take(in, session->terms.receiver_payload, &payload));
    if (rank < session->least_rank)
        return base_fail(BASE_E_REPLAY, "hits that do not ascend");
    if (rank >= session->plan.room)
        return base_fail(BASE_E_RANGE, "a hit on mask %u of %llu", rank, (unsigned long long)session->plan.room);
    const size_t at = vpsi_sorted(session)[rank].index;
    session->least_rank = (uint64_t)rank + 1;
    if (!is_item(session, at))
        return base_fail(BASE_E_PROOF, "a hit on a mask that is no item's");
    vpsi_entry_hash(&session->hashes, vpsi_decoded(session)[at], &session->set, at, VPSI_USE_MASK, &hash);
    const bool is_right = crypto_equal(hash.bytes + sizeof hash.bytes - VPSI_RETURN_LEN, value.data, VPSI_RETURN_LEN);
    crypto_wipe(&hash, sizeof hash);
    if (!is_right)
        return base_fail(BASE_E_PROOF, "a hit that the receiver cannot have");
    return vpsi_keep_hit(session, at, VPSI_USE_RECEIVER_PAD, payload.data, payload.len);
}

enum base_code vpsi_read_returns(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    const struct vpsi_plan *plan = &session->plan;
    const uint64_t most = plan->receiver_room < plan->sender_room ? plan->receiver_room : plan->sender_room;
    uint32_t all;
    BASE_TRY(base_cursor_u32(in, &all));
    if (all > most)
        return base_fail(BASE_E_LIMIT, "%u hits between sets of which one has %llu items", all, (unsigned long long)most);
    if (number > 0 && all != session->return_count)
        return base_fail(BASE_E_SIZE, "%u hits, and before it said %llu", all, (unsigned long long)session->return_count);
    session->return_count = all;
    const uint64_t count = vpsi_batch(all, number, VPSI_RETURN_BATCH);
    BASE_TRY(vpsi_expect(in, (uint32_t)count, "hits in this message"));
    for (uint64_t i = 0; i < count; i++)
        BASE_TRY(read_return(session, in));
    return BASE_OK;
}
