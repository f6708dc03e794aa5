/* SPDX-License-Identifier: Apache-2.0
 *
 * Two sessions in one process, for the tests of psi: invented sets, and a loop that hands messages over one at a time
 * and can look at or change each on the way.
 */
#ifndef PSI_PAIR_H
#define PSI_PAIR_H

#include "support/test.h"

#include "psi/message.h"
#include "psi/session.h"

struct pair_set {
    struct crypto_hash *tokens;
    size_t count;
};

static inline int pair_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct crypto_hash));
}

/* `common` tokens that all sets of the same `world` share, the rest of its own by `owner`. Sorted. */
static inline struct pair_set pair_set_of(uint8_t world, uint8_t owner, size_t count, size_t common)
{
    struct pair_set set = {calloc(count + 1, sizeof(struct crypto_hash)), count};
    for (size_t i = 0; i < count; i++) {
        uint8_t name[6] = {world, i < common ? 0 : owner, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i, 0};
        crypto_sha256(&(const struct base_bytes){name, sizeof name}, 1, &set.tokens[i]);
    }
    qsort(set.tokens, count, sizeof *set.tokens, pair_compare);
    return set;
}

struct pair {
    struct pair_set sets[2]; /* by role */
    struct psi_session *sessions[2];
    uint64_t seeds[2];
    struct base_buffer message; /* the one under way */
    size_t counts[2], bytes[2]; /* messages and bytes sent, by role */
    /* Called for each message before it is delivered; may change it. NULL for none. */
    void (*on_message)(struct pair *pair, enum psi_role from, void *context);
    void *context;
    enum base_code code; /* of the push or pull that failed */
    enum psi_role failed;
};

static inline struct psi_config pair_config(struct pair *pair, enum psi_role role, uint8_t context, unsigned threads)
{
    struct psi_config config = {
        .role = role,
        .tokens = pair->sets[role].tokens,
        .own_count = pair->sets[role].count,
        .peer_count = pair->sets[!role].count,
        .threads = threads,
        .random = base_random_repeatable(&pair->seeds[role]),
    };
    memset(config.context.bytes, context, sizeof config.context.bytes);
    return config;
}

static inline void pair_open(struct pair *pair, struct pair_set receiver, struct pair_set sender, uint8_t context,
                             unsigned threads)
{
    *pair = (struct pair){.sets = {receiver, sender}, .seeds = {context * 2u + 1000u, context * 2u + 1001u}};
    for (unsigned role = 0; role < 2; role++) {
        struct psi_config config = pair_config(pair, (enum psi_role)role, context, threads);
        assert_ok(psi_session_new(&config, &pair->sessions[role]));
    }
}

static inline void pair_close(struct pair *pair)
{
    for (int role = 0; role < 2; role++) {
        psi_session_free(pair->sessions[role]);
        free(pair->sets[role].tokens);
    }
    base_buffer_release(&pair->message);
}

/* Runs until both are done or one fails; false when one failed. */
static inline bool pair_run(struct pair *pair)
{
    bool moved = true;
    while (moved) {
        moved = false;
        for (int role = PSI_SENDER; role >= PSI_RECEIVER; role--) {
            pair->failed = (enum psi_role)role;
            if ((pair->code = psi_session_pull(pair->sessions[role], &pair->message)) != BASE_OK)
                return false;
            if (pair->message.len == 0)
                continue;
            moved = true;
            pair->counts[role]++;
            pair->bytes[role] += pair->message.len;
            assert_true(pair->message.len <= PSI_MESSAGE_MAX);
            if (pair->on_message != NULL)
                pair->on_message(pair, (enum psi_role)role, pair->context);
            pair->failed = (enum psi_role)!role;
            if ((pair->code = psi_session_push(pair->sessions[!role], base_bytes_buffer(&pair->message))) != BASE_OK)
                return false;
        }
    }
    return true;
}

#endif
