/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs: made from tiles, and checked without them.
 */
#include "ledger/inside.h"
#include "ledger/tree.h"

#include <string.h>

/* ---- making ---- */

struct range {
    uint64_t begin, end;
};

/* The ranges whose hashes make a proof, from the root down; a proof lists them from the bottom up. */
struct plan {
    struct range ranges[LEDGER_PROOF_MAX];
    size_t count;
};

static void plan_add(struct plan *plan, uint64_t begin, uint64_t end)
{
    plan->ranges[plan->count++] = (struct range){begin, end};
}

/* The largest power of two smaller than n, for n > 1. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* RFC 6962 2.1.1 */
static void plan_inclusion(uint64_t size, uint64_t index, struct plan *plan)
{
    uint64_t begin = 0, end = size;
    while (end - begin > 1) {
        uint64_t middle = begin + split(end - begin);
        if (index < middle) {
            plan_add(plan, middle, end);
            end = middle;
        } else {
            plan_add(plan, begin, middle);
            begin = middle;
        }
    }
}

/* RFC 6962 2.1.2: the old tree's last complete part is given unless it is the whole old tree, whose root is known. */
static void plan_consistency(uint64_t old_size, uint64_t new_size, struct plan *plan)
{
    uint64_t begin = 0, end = new_size;
    while (end != old_size) {
        uint64_t middle = begin + split(end - begin);
        if (old_size <= middle) {
            plan_add(plan, middle, end);
            end = middle;
        } else {
            plan_add(plan, begin, middle);
            begin = middle;
        }
    }
    if (begin != 0)
        plan_add(plan, begin, end);
}

static enum base_code prove(const struct ledger_tiles *tiles, uint64_t size, const struct plan *plan, struct ledger_proof *out)
{
    struct ledger_reader reader;
    enum base_code code = ledger_reader_init(&reader, tiles, size);
    out->count = 0;
    for (size_t i = plan->count; i > 0 && code == BASE_OK; i--) {
        const struct range *range = &plan->ranges[i - 1];
        code = ledger_reader_range(&reader, range->begin, range->end, &out->hashes[out->count]);
        if (code == BASE_OK)
            out->count++;
    }
    ledger_reader_release(&reader);
    return code;
}

static enum base_code check_size(uint64_t size)
{
    if (size > LEDGER_SIZE_MAX)
        return base_fail(BASE_E_RANGE, "a tree of more than 2^63 - 1 leaves");
    return BASE_OK;
}

static enum base_code check_index(uint64_t index, uint64_t size)
{
    if (index >= size)
        return base_fail(BASE_E_RANGE, "leaf %llu of a tree of %llu", (unsigned long long)index, (unsigned long long)size);
    return BASE_OK;
}

static enum base_code check_order(uint64_t old_size, uint64_t new_size)
{
    if (old_size > new_size)
        return base_fail(BASE_E_RANGE, "an old tree of %llu leaves, a new one of %llu", (unsigned long long)old_size,
                         (unsigned long long)new_size);
    return BASE_OK;
}

enum base_code ledger_tree_prove_inclusion(const struct ledger_tiles *tiles, uint64_t size, uint64_t index,
                                           struct ledger_proof *out)
{
    struct plan plan;
    plan.count = 0;
    BASE_TRY(check_size(size));
    BASE_TRY(check_index(index, size));
    plan_inclusion(size, index, &plan);
    return prove(tiles, size, &plan, out);
}

enum base_code ledger_tree_prove_consistency(const struct ledger_tiles *tiles, uint64_t old_size, uint64_t new_size,
                                             struct ledger_proof *out)
{
    struct plan plan;
    plan.count = 0;
    BASE_TRY(check_size(new_size));
    BASE_TRY(check_order(old_size, new_size));
    if (old_size > 0) /* ledger 3.5 */
        plan_consistency(old_size, new_size, &plan);
    return prove(tiles, new_size, &plan, out);
}

/* ---- checking ---- */

static enum base_code check_equal(const struct crypto_hash *a, const struct crypto_hash *b)
{
    if (!crypto_hash_equal(a, b))
        return base_fail(BASE_E_PROOF, "the proof leads to another root");
    return BASE_OK;
}

/* Where a checker stands: the node's number on its level, and the number of the level's last node (RFC 9162's fn and sn). */
struct position {
    uint64_t node, last;
};

static void go_up(struct position *at)
{
    at->node >>= 1;
    at->last >>= 1;
}

/* Whether the next hash of the proof is the left sibling. If so, the levels are skipped on which the node so far is the last
 * and has no sibling. */
static bool is_left_next(struct position *at)
{
    bool is_left = (at->node & 1) != 0 || at->node == at->last;
    if (is_left)
        while ((at->node & 1) == 0 && at->node != 0)
            go_up(at);
    go_up(at);
    return is_left;
}

static enum base_code check_length(const struct position *at, bool is_done)
{
    if ((at->last == 0) != is_done)
        return base_fail(BASE_E_PROOF, "a proof with too %s hashes", is_done ? "few" : "many");
    return BASE_OK;
}

/* RFC 9162 2.1.3.2 */
enum base_code ledger_check_inclusion(const struct crypto_hash *leaf, uint64_t index, uint64_t size,
                                      const struct ledger_proof *proof, const struct crypto_hash *root)
{
    BASE_TRY(check_index(index, size));
    struct position at = {index, size - 1};
    struct crypto_hash hash = *leaf;
    if (proof->count > LEDGER_PROOF_MAX)
        return base_fail(BASE_E_PROOF, "a proof of %zu hashes", proof->count);
    for (size_t i = 0; i < proof->count; i++) {
        BASE_TRY(check_length(&at, false));
        if (is_left_next(&at))
            ledger_node_hash(&proof->hashes[i], &hash, &hash);
        else
            ledger_node_hash(&hash, &proof->hashes[i], &hash);
    }
    BASE_TRY(check_length(&at, true));
    return check_equal(&hash, root);
}

/* RFC 9162 2.1.4.2 from step 4 on, for 0 < old_size < new_size; `first` is where both trees start to be computed from. */
static enum base_code check_paths(struct position at, const struct crypto_hash *first, const struct crypto_hash *path,
                                  size_t count, const struct crypto_hash *old_root, const struct crypto_hash *new_root)
{
    struct crypto_hash old_hash = *first, new_hash = *first;
    for (size_t i = 0; i < count; i++) {
        BASE_TRY(check_length(&at, false));
        if (is_left_next(&at)) {
            ledger_node_hash(&path[i], &old_hash, &old_hash);
            ledger_node_hash(&path[i], &new_hash, &new_hash);
        } else {
            ledger_node_hash(&new_hash, &path[i], &new_hash);
        }
    }
    BASE_TRY(check_length(&at, true));
    BASE_TRY(check_equal(&old_hash, old_root));
    return check_equal(&new_hash, new_root);
}

enum base_code ledger_check_consistency(uint64_t old_size, const struct crypto_hash *old_root, uint64_t new_size,
                                        const struct crypto_hash *new_root, const struct ledger_proof *proof)
{
    BASE_TRY(check_order(old_size, new_size));
    if (proof->count > LEDGER_PROOF_MAX)
        return base_fail(BASE_E_PROOF, "a proof of %zu hashes", proof->count);
    if (old_size == 0 || old_size == new_size) { /* ledger 3.5 */
        struct crypto_hash empty;
        crypto_sha256(NULL, 0, &empty);
        if (proof->count != 0)
            return base_fail(BASE_E_PROOF, "a proof where there is nothing to prove");
        if (old_size == 0)
            BASE_TRY(check_equal(&empty, old_root));
        return old_size == new_size ? check_equal(old_root, new_root) : BASE_OK;
    }
    if (proof->count == 0)
        return base_fail(BASE_E_PROOF, "an empty proof");
    struct position at = {old_size - 1, new_size - 1};
    while ((at.node & 1) != 0)
        go_up(&at);
    if (at.node == 0) /* the old tree is one full subtree of the new one */
        return check_paths(at, old_root, proof->hashes, proof->count, old_root, new_root);
    return check_paths(at, &proof->hashes[0], proof->hashes + 1, proof->count - 1, old_root, new_root);
}

/* ---- in messages ---- */

/* ledger 3.6 */
enum base_code ledger_proof_encode(const struct ledger_proof *proof, struct base_buffer *out)
{
    if (proof->count > LEDGER_PROOF_MAX)
        return base_fail(BASE_E_ARGUMENT, "a proof of %zu hashes", proof->count);
    BASE_TRY(base_buffer_reserve(out, 1 + proof->count * sizeof proof->hashes[0]));
    BASE_TRY(base_put_u8(out, (uint8_t)proof->count));
    return base_put_bytes(out, proof->hashes, proof->count * sizeof proof->hashes[0]);
}

enum base_code ledger_proof_decode(struct base_cursor *cursor, struct ledger_proof *out)
{
    struct base_cursor ahead = *cursor;
    uint8_t count;
    BASE_TRY(base_cursor_u8(&ahead, &count));
    if (count > LEDGER_PROOF_MAX)
        return base_fail(BASE_E_LIMIT, "a proof of %u hashes, at most %d allowed", count, LEDGER_PROOF_MAX);
    BASE_TRY(base_cursor_copy(&ahead, out->hashes, count * sizeof out->hashes[0]));
    out->count = count;
    *cursor = ahead;
    return BASE_OK;
}
