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

bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
