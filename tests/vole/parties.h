/* SPDX-License-Identifier: Apache-2.0
 *
 * Two vole sessions in one process, for tests: a loop that hands messages over one at a time and can look at or change each on the
 * way.
 */
#ifndef VOLE_PARTIES_H
#define VOLE_PARTIES_H

#include "support/test.h"

#include "base/pages.h"
#include "block/gf.h"
#include "vole/inside.h"

struct parties {
    struct vole_params params;
    struct vole_session *sessions[2]; /* by role */
    struct base_pages arenas[2];
    uint64_t seeds[2];
    struct base_buffer message; /* the one under way */
    size_t bytes[2];            /* sent, by role */
    /* Called for each message before it is delivered; may change it. NULL for none. */
    void (*on_message)(struct parties *parties, enum vole_kind kind, void *context);
    void *context;
    enum base_code code; /* of the push or pull that failed */
    enum vole_role failed;
};

static inline struct vole_config parties_config(struct parties *parties, enum vole_role role, uint8_t context, unsigned threads)
{
    struct vole_config config = {.role = role,
                                 .params = parties->params,
                                 .threads = threads,
                                 .random = base_random_repeatable(&parties->seeds[role]),
                                 .arena = parties->arenas[role].data,
                                 .arena_len = parties->arenas[role].len};
    memset(config.context.bytes, context, sizeof config.context.bytes);
    return config;
}

static inline void parties_open_with(struct parties *parties, const struct vole_params *params, uint8_t context, unsigned threads)
{
    *parties = (struct parties){.params = *params, .seeds = {context * 2u + 1000u, context * 2u + 1001u}};
    for (int role = 0; role < 2; role++) {
        assert_ok(base_pages_new(vole_arena_size(params, (enum vole_role)role), &parties->arenas[role]));
        struct vole_config config = parties_config(parties, (enum vole_role)role, context, threads);
        assert_ok(vole_session_new(&config, &parties->sessions[role]));
    }
}

static inline void parties_open(struct parties *parties, size_t count, enum vole_code code, uint8_t context, unsigned threads)
{
    struct vole_params params;
    assert_ok(vole_params_for(count, code, &params));
    parties_open_with(parties, &params, context, threads);
}

static inline void parties_close(struct parties *parties)
{
    for (int role = 0; role < 2; role++) {
        vole_session_free(parties->sessions[role], VOLE_WIPE_ALL);
        base_pages_release(&parties->arenas[role]);
    }
    base_buffer_release(&parties->message);
}

/* Hands parties->message over. */
static inline bool parties_deliver(struct parties *parties, enum vole_role from)
{
    parties->bytes[from] += parties->message.len;
    if (parties->on_message != NULL)
        parties->on_message(parties, (enum vole_kind)parties->message.data[1], parties->context);
    parties->failed = from == VOLE_RECEIVER ? VOLE_SENDER : VOLE_RECEIVER;
    parties->code = vole_session_push(parties->sessions[parties->failed], base_bytes_buffer(&parties->message));
    return parties->code == BASE_OK;
}

/* One message from a party to the other; false when it has none, or when something failed. */
static inline bool parties_step(struct parties *parties, enum vole_role from)
{
    parties->failed = from;
    if ((parties->code = vole_session_pull(parties->sessions[from], &parties->message)) != BASE_OK || parties->message.len == 0)
        return false;
    return parties_deliver(parties, from);
}

/* The first two messages cross: both are there before either is delivered. */
static inline bool parties_cross(struct parties *parties)
{
    struct base_buffer choice = BASE_BUFFER_EMPTY, base = BASE_BUFFER_EMPTY;
    assert_ok(vole_session_pull(parties->sessions[VOLE_SENDER], &choice));
    assert_ok(vole_session_pull(parties->sessions[VOLE_RECEIVER], &base));
    bool is_base_first = parties->params.count % 2 == 0;
    bool went_well = true;
    for (unsigned turn = 0; turn < 2 && went_well; turn++) {
        bool is_base = (turn == 0) == is_base_first;
        base_buffer_clear(&parties->message);
        assert_ok(base_buffer_append(&parties->message, base_bytes_buffer(is_base ? &base : &choice)));
        went_well = parties_deliver(parties, is_base ? VOLE_RECEIVER : VOLE_SENDER);
    }
    base_buffer_release(&choice);
    base_buffer_release(&base);
    return went_well;
}

/* Until nobody has anything to say. False when something failed. */
static inline bool parties_run(struct parties *parties)
{
    if (!parties_cross(parties))
        return false;
    while (parties_step(parties, VOLE_RECEIVER) && parties_step(parties, VOLE_SENDER))
        ;
    return parties->code == BASE_OK;
}

/* C = B + Delta A, and what should not be the same is not. */
static inline void parties_check(struct parties *parties)
{
    struct vole_result receiver, sender;
    assert_ok(vole_session_result(parties->sessions[VOLE_RECEIVER], &receiver));
    assert_ok(vole_session_result(parties->sessions[VOLE_SENDER], &sender));
    assert_null(receiver.b);
    assert_null(sender.a);
    assert_null(sender.c);
    for (size_t i = 0; i < parties->params.count; i++) {
        struct block expected = block_xor(sender.b[i], block_gf_multiply(sender.delta, receiver.a[i]));
        if (memcmp(&expected, &receiver.c[i], sizeof expected) != 0)
            fail_msg("item %zu of %zu does not hold", i, parties->params.count);
    }
    struct block product = block_gf_multiply(sender.delta, receiver.a[0]);
    assert_false(block_equal(&product, &(struct block){{0, 0}}));
}

#endif
