/* SPDX-License-Identifier: Apache-2.0
 *
 * The own set of a pass, and what was found in it.
 */
#include "vpsi/inside.h"

#include "base/parallel.h"

enum { SPLIT_CHUNK = 4096 };
_Static_assert(sizeof(struct vpsi_place) == sizeof(struct block), "as many places as blocks fit into as much memory");

uint32_t *vpsi_order(const struct vpsi_session *session)
{
    return (uint32_t *)(void *)(session->arena + session->plan.layout.order);
}

static void *work(const struct vpsi_session *session)
{
    return session->arena + session->plan.layout.work;
}

static void *shared(const struct vpsi_session *session)
{
    return session->arena + session->plan.layout.shared;
}

struct block *vpsi_decoded(const struct vpsi_session *session)
{
    return work(session);
}

struct vpsi_place *vpsi_sorted(const struct vpsi_session *session)
{
    return (struct vpsi_place *)work(session) + session->plan.room;
}

struct block *vpsi_masks(const struct vpsi_session *session)
{
    return shared(session);
}

struct vpsi_place *vpsi_places(const struct vpsi_session *session)
{
    return (struct vpsi_place *)shared(session) + session->plan.room;
}

struct block *vpsi_slots(const struct vpsi_session *session)
{
    return work(session);
}

void *vpsi_rows(const struct vpsi_session *session)
{
    return vpsi_slots(session) + session->plan.okvs.slots;
}

uint8_t *vpsi_heads(const struct vpsi_session *session)
{
    return session->arena + session->plan.layout.heads;
}

static uint16_t *passes_of(const struct vpsi_session *session)
{
    return (uint16_t *)(void *)(session->arena + session->plan.layout.passes);
}

static size_t own_count(const struct vpsi_session *session)
{
    return (size_t)(session->role == VPSI_RECEIVER ? session->terms.receiver_count : session->terms.sender_count);
}

static enum base_code find_passes(void *context, size_t begin, size_t end)
{
    const struct vpsi_session *session = context;
    const size_t len = session->terms.item_len;
    for (size_t i = begin; i < end; i++)
        passes_of(session)[i] = (uint16_t)vpsi_item_pass(&session->hashes, session->items + i * len, len, session->terms.pass_bits);
    return BASE_OK;
}

/* Lists the items of each pass in vpsi_order(), one pass after another. */
static enum base_code split(struct vpsi_session *session)
{
    const uint16_t *passes = passes_of(session);
    uint64_t *begins = session->pass_begins, next[1 << VPSI_PASS_BITS_MAX];
    BASE_TRY(base_parallel_for(session->threads, own_count(session), SPLIT_CHUNK, find_passes, session));
    memset(begins, 0, sizeof session->pass_begins);
    for (size_t i = 0; i < own_count(session); i++)
        begins[passes[i] + 1]++;
    for (size_t pass = 0; pass < session->plan.passes; pass++) {
        if (begins[pass + 1] > session->plan.room)
            return base_fail(BASE_E_ARGUMENT, "items are repeated so often that a pass has no room for them");
        begins[pass + 1] += begins[pass];
        next[pass] = begins[pass];
    }
    for (size_t i = 0; i < own_count(session); i++)
        vpsi_order(session)[next[passes[i]]++] = (uint32_t)i;
    session->is_split = true;
    return BASE_OK;
}

enum base_code vpsi_make_set(struct vpsi_session *session)
{
    const struct vpsi_scratch scratch = {work(session), vpsi_sorted(session), shared(session)};
    const uint32_t *order = NULL;
    size_t count = own_count(session);
    if (session->stage != VPSI_STAGE_NONE)
        return BASE_OK;
    if (session->plan.passes > 1) {
        if (!session->is_split)
            BASE_TRY(split(session));
        order = vpsi_order(session) + session->pass_begins[session->pass];
        count = (size_t)(session->pass_begins[session->pass + 1] - session->pass_begins[session->pass]);
    }
    session->set.keys = (struct block *)(void *)(session->arena + session->plan.layout.keys);
    session->set.values = (struct block *)(void *)(session->arena + session->plan.layout.values);
    session->set.index = (uint32_t *)(void *)(session->arena + session->plan.layout.index);
    BASE_TRY(vpsi_set_make(&session->hashes, session->items, session->terms.item_len, order, count, session->threads, &scratch,
                           &session->set));
    session->stage = VPSI_STAGE_SET;
    return BASE_OK;
}

enum base_code vpsi_keep_hit(struct vpsi_session *session, size_t at, enum vpsi_use use, const uint8_t *payload,
                             size_t payload_len)
{
    const struct vpsi_set *set = &session->set;
    if (payload_len > 0) {
        uint8_t plain[VPSI_PAYLOAD_MAX];
        vpsi_pad(&session->hashes, vpsi_decoded(session)[at], set, at, use, payload, plain, payload_len);
        BASE_TRY(base_put_bytes(&session->peer_payloads, plain, payload_len));
        crypto_wipe(plain, sizeof plain);
    }
    size_t i = at;
    do {
        BASE_TRY(base_grow_array((void **)&session->found, &session->found_capacity, session->found_count + 1,
                                 sizeof *session->found));
        session->found[session->found_count++] =
            (struct vpsi_place){.key = set->index[i], .index = (uint32_t)session->payload_count};
    } while (++i < set->count && vpsi_set_repeats(set, i));
    session->payload_count++;
    return BASE_OK;
}
