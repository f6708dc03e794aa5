/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs that the node's tree makes, checked by the verifier's: every leaf of every size up to a bound, and every pair of sizes.
 */
#include "support/test.h"
#include "support/tiles.h"
#include "verify/tree.h"

enum { MOST = 70 };

static struct test_tiles memory;
static struct ledger_tiles tree;
static struct verify_hash leaves[MOST];

static int make_tree(void **state)
{
    uint64_t size = 0;
    (void)state;
    tree = test_tiles_port(&memory);
    for (uint8_t i = 0; i < MOST; i++) {
        struct crypto_hash hash;
        ledger_leaf_hash(base_bytes_of(&i, 1), &hash);
        memcpy(leaves[i].bytes, hash.bytes, sizeof hash.bytes);
        assert_ok(ledger_tree_append(&tree, &size, &hash, 1));
    }
    return 0;
}

static int release_tree(void **state)
{
    (void)state;
    test_tiles_release(&memory);
    return 0;
}

static size_t copy(const struct ledger_proof *proof, struct verify_hash out[LEDGER_PROOF_MAX])
{
    for (size_t i = 0; i < proof->count; i++)
        memcpy(out[i].bytes, proof->hashes[i].bytes, sizeof out[i].bytes);
    return proof->count;
}

static void every_leaf_is_found_at_its_place_only(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= MOST; size++) {
        struct verify_hash root, hashes[LEDGER_PROOF_MAX + 1] = {{{0}}};
        assert_true(verify_root(leaves, size, &root));
        for (uint64_t index = 0; index < size; index++) {
            struct ledger_proof proof;
            assert_ok(ledger_tree_prove_inclusion(&tree, size, index, &proof));
            size_t count = copy(&proof, hashes);
            assert_true(verify_inclusion(&leaves[index], index, size, hashes, count, &root));
            assert_false(verify_inclusion(&leaves[index], index, size, hashes, count + 1, &root));
            if (count > 0)
                assert_false(verify_inclusion(&leaves[index], index, size, hashes, count - 1, &root));
            for (uint64_t other = 0; other <= size; other++)
                if (other != index)
                    assert_false(verify_inclusion(&leaves[index], other, size, hashes, count, &root));
            assert_false(size > 1 && verify_inclusion(&leaves[(index + 1) % size], index, size, hashes, count, &root));
            for (size_t i = 0; i < count; i++) {
                hashes[i].bytes[9] ^= 4;
                assert_false(verify_inclusion(&leaves[index], index, size, hashes, count, &root));
                hashes[i].bytes[9] ^= 4;
            }
        }
    }
}

/* SUBPROOF(m, D[0:n], false) by the words of RFC 6962 2.1.2. */
static size_t subproof(uint64_t m, const struct verify_hash *data, uint64_t n, struct verify_hash *out)
{
    uint64_t k = 1;
    size_t count;
    if (m == n) {
        assert_true(verify_root(data, n, out));
        return 1;
    }
    while (k * 2 < n)
        k *= 2;
    if (m <= k) {
        count = subproof(m, data, k, out);
        assert_true(verify_root(data + k, n - k, &out[count]));
    } else {
        count = subproof(m - k, data + k, n - k, out);
        assert_true(verify_root(data, k, &out[count]));
    }
    return count + 1;
}

static void every_beginning_has_its_root(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= MOST; n++) {
        for (uint64_t m = 0; m <= n; m++) {
            struct verify_hash hashes[LEDGER_PROOF_MAX + 1] = {{{0}}}, expected[2], roots[2];
            struct ledger_proof proof;
            if (m == 0 || m == n) {
                assert_false(verify_prefix_roots(m, n, hashes, 1, &roots[0], &roots[1]));
                continue;
            }
            size_t count = subproof(m, leaves, n, hashes);
            assert_true(verify_root(leaves, m, &expected[0]));
            assert_true(verify_root(leaves, n, &expected[1]));
            assert_true(verify_prefix_roots(m, n, hashes, count, &roots[0], &roots[1]));
            assert_memory_equal(expected, roots, sizeof expected);
            assert_false(verify_prefix_roots(m, n, hashes, count + 1, &roots[0], &roots[1]));
            assert_false(verify_prefix_roots(m, n, hashes, count - 1, &roots[0], &roots[1]));
            hashes[count - 1].bytes[0] ^= 1;
            assert_true(verify_prefix_roots(m, n, hashes, count, &roots[0], &roots[1]));
            assert_memory_not_equal(&expected[1], &roots[1], sizeof expected[1]);
            hashes[count - 1].bytes[0] ^= 1;
            /* A consistency proof is the same, but where m is a power of two: it leaves the first out. */
            assert_ok(ledger_tree_prove_consistency(&tree, m, n, &proof));
            size_t skipped = (m & (m - 1)) == 0 ? 1 : 0;
            assert_int_equal(count - skipped, proof.count);
            assert_memory_equal(proof.hashes, hashes + skipped, proof.count * sizeof hashes[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaf_is_found_at_its_place_only),
        cmocka_unit_test(every_beginning_has_its_root),
    };
    return cmocka_run_group_tests(tests, make_tree, release_tree);
}
