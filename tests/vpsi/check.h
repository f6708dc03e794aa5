/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions over invented sets, and the plain intersection to hold their results against.
 */
#ifndef VPSI_CHECK_H
#define VPSI_CHECK_H

#include "vpsi/pair.h"

enum { CHECK_ITEM_LEN = 21 };

static inline uint64_t check_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

/* `common` items that both have, the others differ, each set in an order of its own. */
static inline struct pair check_open(size_t receiver, size_t sender, size_t common, struct vpsi_terms terms, unsigned threads)
{
    const size_t counts[2] = {receiver, sender};
    uint64_t random = 88172645463325252u + receiver * 31 + sender;
    terms.receiver_count = receiver;
    terms.sender_count = sender;
    terms.item_len = CHECK_ITEM_LEN;
    struct pair pair = {.terms = terms, .seeds = {receiver + 1, sender + 100000}, .threads = threads};
    for (size_t role = 0; role < 2; role++) {
        uint64_t *ids = malloc((counts[role] + 1) * sizeof *ids);
        for (size_t i = 0; i < counts[role]; i++)
            ids[i] = i < common ? i : (role + 1) * 100000000 + i;
        for (size_t i = counts[role]; i > 1; i--) {
            const size_t other = (size_t)(check_next(&random) % i);
            const uint64_t id = ids[i - 1];
            ids[i - 1] = ids[other];
            ids[other] = id;
        }
        pair.sets[role] = pair_set_of(ids, counts[role], CHECK_ITEM_LEN, role == 0 ? terms.receiver_payload : terms.sender_payload);
        free(ids);
    }
    pair_open(&pair);
    return pair;
}

struct check_entry {
    const uint8_t *item;
    size_t index, len;
};

static inline int check_compare(const void *a, const void *b)
{
    const struct check_entry *left = a, *right = b;
    const int order = memcmp(left->item, right->item, left->len);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

static inline struct check_entry *check_sorted(const struct pair_set *set, size_t len)
{
    struct check_entry *entries = malloc((set->count + 1) * sizeof *entries);
    for (size_t i = 0; i < set->count; i++)
        entries[i] = (struct check_entry){set->items + i * len, i, len};
    qsort(entries, set->count, sizeof *entries, check_compare);
    return entries;
}

/* Where the other side has this item, or SIZE_MAX. */
static inline size_t check_find(const struct check_entry *entries, size_t count, const uint8_t *item, size_t len)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (memcmp(entries[middle].item, item, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && memcmp(entries[low].item, item, len) == 0 ? low : SIZE_MAX;
}

/* One of the payloads that the peer has for this item. */
static inline void check_payload(const struct pair_set *peer, const struct check_entry *entries, size_t at, size_t len,
                                 const uint8_t *payload)
{
    bool is_one = false;
    for (size_t i = at; i < peer->count && memcmp(entries[i].item, entries[at].item, entries[at].len) == 0; i++)
        is_one |= memcmp(peer->payloads + entries[i].index * len, payload, len) == 0;
    assert_true(is_one);
}

static inline void check_side(struct pair *pair, enum vpsi_role role)
{
    const struct pair_set *own = &pair->sets[role], *peer = &pair->sets[!role];
    const size_t len = pair->terms.item_len;
    const size_t payload_len = role == VPSI_RECEIVER ? pair->terms.sender_payload : pair->terms.receiver_payload;
    struct check_entry *entries = check_sorted(peer, len);
    struct vpsi_hits hits;
    size_t next = 0;
    assert_ok(vpsi_session_hits(pair->sessions[role], &hits));
    for (size_t i = 0; i < own->count; i++) {
        const size_t at = check_find(entries, peer->count, own->items + i * len, len);
        if (at == SIZE_MAX)
            continue;
        assert_true(next < hits.count);
        assert_int_equal(i, hits.hits[next].own_index);
        if (payload_len > 0)
            check_payload(peer, entries, at, payload_len, hits.payloads + hits.hits[next].payload * payload_len);
        next++;
    }
    assert_int_equal(next, hits.count);
    free(entries);
}

static inline void check_hits(struct pair *pair)
{
    struct crypto_hash transcripts[2];
    for (int role = 0; role < 2; role++) {
        assert_int_equal(VPSI_DONE, vpsi_session_state(pair->sessions[role]));
        assert_ok(vpsi_session_transcript(pair->sessions[role], &transcripts[role]));
    }
    assert_memory_equal(&transcripts[0], &transcripts[1], sizeof transcripts[0]);
    check_side(pair, VPSI_RECEIVER);
    if (pair->terms.output == VPSI_TO_BOTH) {
        check_side(pair, VPSI_SENDER);
        return;
    }
    struct vpsi_hits hits;
    assert_ok(vpsi_session_hits(pair->sessions[VPSI_SENDER], &hits));
    assert_int_equal(0, hits.count);
}

#endif
