/* SPDX-License-Identifier: Apache-2.0
 *
 * Two sessions in one process, for the tests of vpsi: invented items, and a loop that hands messages over one at a time and can
 * look at or change each on the way.
 */
#ifndef VPSI_PAIR_H
#define VPSI_PAIR_H

#include "support/test.h"

#include "vpsi/message.h"
#include "vpsi/vpsi.h"

struct pair_set {
    uint8_t *items;
    uint8_t *payloads;
    size_t count;
};

struct pair_queue { /* messages under way */
    struct base_buffer *messages;
    size_t at, end, capacity;
};

struct pair {
    struct vpsi_terms terms;
    struct pair_set sets[2]; /* by role */
    struct vpsi_session *sessions[2];
    void *arenas[2];
    uint64_t seeds[2];
    unsigned threads;
    struct base_buffer message;      /* the one that is pulled */
    struct pair_queue queues[2];     /* by the role that sent them */
    size_t counts[2], bytes[2];      /* messages and bytes sent, by role */
    struct crypto_running shapes[2]; /* what kind with what length each sent */
    /* Called for each message before it is on the way; may change it. NULL for none. */
    void (*on_message)(struct pair *pair, enum vpsi_role from, void *context);
    void *context;
    enum base_code code; /* of the call that failed */
    enum vpsi_role failed;
};

/* Item number `id` of an invented world: the same id is the same item. */
static inline void pair_item(uint64_t id, size_t len, uint8_t *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i < 8 ? id >> (8 * i) : (id * 0x9e3779b97f4a7c15u) >> (i % 7 * 8));
}

static inline struct pair_set pair_set_of(const uint64_t *ids, size_t count, size_t item_len, size_t payload_len)
{
    struct pair_set set = {malloc(count * item_len + 1), malloc(count * payload_len + 1), count};
    for (size_t i = 0; i < count; i++) {
        pair_item(ids[i], item_len, set.items + i * item_len);
        for (size_t k = 0; k < payload_len; k++)
            set.payloads[i * payload_len + k] = (uint8_t)(ids[i] * 31 + k);
    }
    return set;
}

static inline struct vpsi_config pair_config(struct pair *pair, enum vpsi_role role)
{
    const size_t size = vpsi_arena_size(&pair->terms, role, pair->threads);
    assert_true(size != SIZE_MAX);
    if (pair->arenas[role] == NULL)
        pair->arenas[role] = aligned_alloc(VPSI_ARENA_ALIGN, size + VPSI_ARENA_ALIGN);
    return (struct vpsi_config){.role = role,
                                .terms = pair->terms,
                                .context = base_bytes_text("two parties and what they agreed on"),
                                .items = pair->sets[role].items,
                                .payloads = pair->sets[role].payloads,
                                .threads = pair->threads,
                                .random = base_random_repeatable(&pair->seeds[role]),
                                .arena = pair->arenas[role],
                                .arena_len = size};
}

static inline void pair_open(struct pair *pair)
{
    for (int role = VPSI_RECEIVER; role <= VPSI_SENDER; role++) {
        crypto_running_init(&pair->shapes[role]);
        struct vpsi_config config = pair_config(pair, (enum vpsi_role)role);
        assert_ok(vpsi_session_new(&config, &pair->sessions[role]));
    }
}

static inline void pair_close(struct pair *pair)
{
    for (int role = 0; role < 2; role++) {
        vpsi_session_free(pair->sessions[role]);
        free(pair->arenas[role]);
        free(pair->sets[role].items);
        free(pair->sets[role].payloads);
        while (pair->queues[role].at < pair->queues[role].end)
            base_buffer_release(&pair->queues[role].messages[pair->queues[role].at++]);
        free(pair->queues[role].messages);
    }
    base_buffer_release(&pair->message);
}

/* Takes what `from` wants to say and puts it into its queue. */
static inline bool pair_send(struct pair *pair, enum vpsi_role from, bool *moved)
{
    pair->failed = from;
    while ((pair->code = vpsi_session_pull(pair->sessions[from], &pair->message)) == BASE_OK && pair->message.len > 0) {
        const uint8_t head[] = {(uint8_t)from, pair->message.data[1], (uint8_t)(pair->message.len >> 16),
                                (uint8_t)(pair->message.len >> 8), (uint8_t)pair->message.len};
        crypto_running_update(&pair->shapes[from], base_bytes_of(head, sizeof head));
        pair->counts[from]++;
        pair->bytes[from] += pair->message.len;
        assert_true(pair->message.len <= VPSI_MESSAGE_MAX);
        if (pair->on_message != NULL)
            pair->on_message(pair, from, pair->context);
        struct pair_queue *queue = &pair->queues[from];
        assert_ok(base_grow_array((void **)&queue->messages, &queue->capacity, queue->end + 1, sizeof *queue->messages));
        queue->messages[queue->end++] = pair->message;
        *moved = true;
        pair->message = BASE_BUFFER_EMPTY;
    }
    return pair->code == BASE_OK;
}

/* Lets `to` work and take one message. */
static inline bool pair_take(struct pair *pair, enum vpsi_role to, bool *moved)
{
    struct pair_queue *queue = &pair->queues[!to];
    pair->failed = to;
    if ((pair->code = vpsi_session_work(pair->sessions[to])) != BASE_OK)
        return false;
    if (queue->at == queue->end)
        return true;
    *moved = true;
    struct base_buffer message = queue->messages[queue->at++];
    pair->code = vpsi_session_push(pair->sessions[to], base_bytes_buffer(&message));
    base_buffer_release(&message);
    return pair->code == BASE_OK;
}

/* Runs until nothing moves any more; false when a call failed. */
static inline bool pair_run(struct pair *pair)
{
    bool moved = true;
    while (moved) {
        moved = false;
        for (int role = VPSI_SENDER; role >= VPSI_RECEIVER; role--)
            if (!pair_send(pair, (enum vpsi_role)role, &moved) || !pair_take(pair, (enum vpsi_role)role, &moved))
                return false;
    }
    return true;
}

static inline void pair_must_run(struct pair *pair)
{
    if (!pair_run(pair))
        fail_msg("the %s: %s: %s", pair->failed == VPSI_SENDER ? "sender" : "receiver", base_code_word(pair->code), base_detail());
}

#endif
