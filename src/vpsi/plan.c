/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes (vpsi 2, 7 and 8): everything that both sides, and whoever counts bytes on the line, know from the terms.
 */
#include "vpsi/inside.h"

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

enum base_code vpsi_terms_check(const struct vpsi_terms *terms)
{
    if (terms->receiver_count > VPSI_SET_MAX || terms->sender_count > VPSI_SET_MAX)
        return base_fail(BASE_E_LIMIT, "a set of more than %d items", (int)VPSI_SET_MAX);
    if (terms->item_len < VPSI_ITEM_MIN || terms->item_len > VPSI_ITEM_MAX)
        return base_fail(BASE_E_LIMIT, "items of %u bytes, not %d to %d", terms->item_len, (int)VPSI_ITEM_MIN, (int)VPSI_ITEM_MAX);
    if (terms->receiver_payload > VPSI_PAYLOAD_MAX || terms->sender_payload > VPSI_PAYLOAD_MAX)
        return base_fail(BASE_E_LIMIT, "payloads of more than %d bytes", (int)VPSI_PAYLOAD_MAX);
    if (terms->pass_bits > VPSI_PASS_BITS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d passes", 1 << VPSI_PASS_BITS_MAX);
    if (terms->output != VPSI_TO_RECEIVER && terms->output != VPSI_TO_BOTH)
        return base_fail(BASE_E_ARGUMENT, "no such output");
    if (terms->output == VPSI_TO_RECEIVER && terms->receiver_payload > 0)
        return base_fail(BASE_E_ARGUMENT, "a payload for a sender that learns nothing");
    return BASE_OK;
}

/* How many of `count` items may fall to one of `passes` passes: 8.6 standard deviations above the average, and 40. */
static uint64_t room_for(uint64_t count, uint32_t passes)
{
    if (passes == 1)
        return count;
    const uint64_t average = divide_up(count, passes);
    uint64_t root = 0;
    while (root * root < average)
        root++;
    const uint64_t room = average + divide_up(43 * root, 5) + 40;
    return room < count ? room : count;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Gives `len` bytes a place of their own. */
static size_t place(size_t *total, size_t len)
{
    const size_t at = *total;
    *total += (len + VPSI_ARENA_ALIGN - 1) / VPSI_ARENA_ALIGN * VPSI_ARENA_ALIGN;
    return at;
}

static void lay_out(const struct vpsi_terms *terms, enum vpsi_role role, unsigned threads, struct vpsi_plan *plan)
{
    const size_t own = (size_t)(role == VPSI_RECEIVER ? terms->receiver_count : terms->sender_count);
    const size_t room = (size_t)plan->room, split = plan->passes > 1 ? own : 0;
    const size_t slots = (role == VPSI_RECEIVER ? (size_t)plan->okvs.slots : VPSI_SLOT_BATCH) * sizeof(struct block);
    const size_t rows = role == VPSI_RECEIVER ? okvs_encode_arena(&plan->okvs, threads) : 0;
    const size_t vole = vole_arena_size(&plan->vole, role == VPSI_RECEIVER ? VOLE_RECEIVER : VOLE_SENDER);
    struct vpsi_layout *layout = &plan->layout;
    layout->order = place(&layout->total, split * sizeof(uint32_t));
    layout->passes = place(&layout->total, split * sizeof(uint16_t));
    layout->keys = place(&layout->total, room * sizeof(struct block));
    layout->values = place(&layout->total, room * sizeof(struct block));
    layout->index = place(&layout->total, room * sizeof(uint32_t));
    layout->heads = place(&layout->total, plan->code.heads_len);
    layout->work = place(&layout->total, larger(2 * room * sizeof(struct vpsi_place), slots + rows));
    layout->shared = place(&layout->total, larger(2 * room * sizeof(struct block), vole));
}

enum base_code vpsi_plan_make(const struct vpsi_terms *terms, enum vpsi_role role, unsigned threads, struct vpsi_plan *out)
{
    *out = (struct vpsi_plan){.passes = (uint32_t)1 << terms->pass_bits};
    BASE_TRY(vpsi_terms_check(terms));
    out->is_empty = terms->receiver_count == 0 || terms->sender_count == 0;
    if (out->is_empty)
        return BASE_OK;
    out->receiver_room = room_for(terms->receiver_count, out->passes);
    out->sender_room = room_for(terms->sender_count, out->passes);
    out->room = role == VPSI_RECEIVER ? out->receiver_room : out->sender_room;
    BASE_TRY(okvs_params_for(out->receiver_room, &out->okvs));
    BASE_TRY(vole_params_for((size_t)out->okvs.slots, VOLE_CODE_7X24, &out->vole));
    out->code = vpsi_code_for(out->sender_room);
    out->slot_messages = divide_up(out->okvs.slots, VPSI_SLOT_BATCH);
    out->head_messages = divide_up(out->code.heads_len, VPSI_HEAD_BATCH);
    out->mask_messages = divide_up(out->sender_room, VPSI_MASK_BATCH);
    lay_out(terms, role, threads, out);
    return BASE_OK;
}

size_t vpsi_arena_size(const struct vpsi_terms *terms, enum vpsi_role role, unsigned threads)
{
    struct vpsi_plan plan;
    return vpsi_plan_make(terms, role, threads, &plan) == BASE_OK ? plan.layout.total : SIZE_MAX;
}

uint32_t vpsi_pass_bits_for(const struct vpsi_terms *terms, unsigned threads, size_t memory_bytes)
{
    struct vpsi_terms tried = *terms;
    for (tried.pass_bits = 0; tried.pass_bits < VPSI_PASS_BITS_MAX; tried.pass_bits++)
        if (vpsi_arena_size(&tried, VPSI_RECEIVER, threads) <= memory_bytes &&
            vpsi_arena_size(&tried, VPSI_SENDER, threads) <= memory_bytes)
            break;
    return tried.pass_bits;
}

uint64_t vpsi_batch(uint64_t count, uint64_t number, uint64_t batch)
{
    const uint64_t left = count - number * batch;
    return left < batch ? left : batch;
}
