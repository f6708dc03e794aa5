/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/tree.h"

#include <string.h>

bool verify_leaf(struct verify_span entry, struct verify_hash *out)
{
    const struct verify_span spans[] = {{(const uint8_t *)"\0", 1}, entry};
    return verify_sha256(spans, 2, out);
}

static bool node(const struct verify_hash *left, const struct verify_hash *right, struct verify_hash *out)
{
    const struct verify_span spans[] = {{(const uint8_t *)"\1", 1}, {left->bytes, VERIFY_HASH_LEN}, {right->bytes, VERIFY_HASH_LEN}};
    struct verify_hash hash;
    if (!verify_sha256(spans, 3, &hash))
        return false;
    *out = hash;
    return true;
}

bool verify_root(const struct verify_hash *leaves, uint64_t count, struct verify_hash *out)
{
    /* Invariant: after i leaves the stack holds one perfect tree for each bit set in i, the largest at the bottom. */
    struct verify_hash stack[64];
    size_t height = 0;
    if (count == 0)
        return verify_sha256(NULL, 0, out);
    for (uint64_t i = 0; i < count; i++) {
        stack[height++] = leaves[i];
        for (uint64_t bits = i; (bits & 1) != 0; bits >>= 1, height--)
            if (!node(&stack[height - 2], &stack[height - 1], &stack[height - 2]))
                return false;
    }
    for (; height > 1; height--)
        if (!node(&stack[height - 2], &stack[height - 1], &stack[height - 2]))
            return false;
    *out = stack[0];
    return true;
}

/* RFC 9162 2.1.3.2 */
bool verify_inclusion(const struct verify_hash *leaf, uint64_t index, uint64_t size, const struct verify_hash *proof, size_t count,
                      const struct verify_hash *root)
{
    struct verify_hash hash = *leaf;
    if (index >= size)
        return false;
    uint64_t at = index, last = size - 1;
    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        bool is_right = (at & 1) != 0 || at == last;
        if (!(is_right ? node(&proof[i], &hash, &hash) : node(&hash, &proof[i], &hash)))
            return false;
        for (; is_right && (at & 1) == 0 && at != 0; at >>= 1)
            last >>= 1;
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && verify_hash_equal(&hash, root);
}

struct proof {
    const struct verify_hash *next;
    size_t left;
};

static bool take_hash(struct proof *proof, struct verify_hash *out)
{
    if (proof->left == 0)
        return false;
    *out = *proof->next++;
    proof->left--;
    return true;
}

/* As the RFC's recursion, at most 63 deep: the hashes of what is deeper come first. */
static bool prefix_roots(uint64_t old_size, uint64_t new_size, struct proof *proof, struct verify_hash *old_root, struct verify_hash *new_root)
{
    struct verify_hash other;
    uint64_t split = 1;
    if (old_size == new_size) {
        bool is_taken = take_hash(proof, old_root);
        *new_root = *old_root;
        return is_taken;
    }
    while (split * 2 < new_size)
        split *= 2;
    if (old_size <= split)
        return prefix_roots(old_size, split, proof, old_root, new_root) && take_hash(proof, &other) && node(new_root, &other, new_root);
    return prefix_roots(old_size - split, new_size - split, proof, old_root, new_root) && take_hash(proof, &other) &&
           node(&other, old_root, old_root) && node(&other, new_root, new_root);
}

bool verify_prefix_roots(uint64_t old_size, uint64_t new_size, const struct verify_hash *proof, size_t count, struct verify_hash *old_root,
                         struct verify_hash *new_root)
{
    struct proof rest = {proof, count};
    return old_size > 0 && old_size < new_size && new_size <= INT64_MAX &&
           prefix_roots(old_size, new_size, &rest, old_root, new_root) && rest.left == 0;
}

bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
