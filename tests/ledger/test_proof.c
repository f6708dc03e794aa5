/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tree.h"

#include "base/file.h"
#include "crypto/text.h"
#include "support/test.h"
#include "support/tiles.h"

#include <jansson.h>

enum { LARGE = 600, ALL_PAIRS = 70 };

static struct test_tiles memory;
static struct ledger_tiles port;
static struct crypto_hash leaves[LARGE], roots[LARGE + 1];

static int make_tree(void **state)
{
    (void)state;
    uint64_t size = 0;
    port = test_tiles_port(&memory);
    for (uint16_t i = 0; i < LARGE; i++)
        ledger_leaf_hash(base_bytes_of(&i, sizeof i), &leaves[i]);
    if (ledger_tree_append(&port, &size, leaves, LARGE) != BASE_OK)
        return -1;
    for (uint64_t i = 0; i <= LARGE; i++)
        if (ledger_tree_root(&port, i, &roots[i]) != BASE_OK)
            return -1;
    return 0;
}

static int release_tree(void **state)
{
    (void)state;
    test_tiles_release(&memory);
    return 0;
}

/* PATH and SUBPROOF as RFC 6962 2.1.1 and 2.1.2 write them down, over leaves [begin, end). */
static uint64_t split_of(uint64_t n)
{
    uint64_t split = 1;
    while (split * 2 < n)
        split *= 2;
    return split;
}

static void naive_range(uint64_t begin, uint64_t end, struct crypto_hash *out)
{
    struct crypto_hash left, right;
    if (end - begin == 1) {
        *out = leaves[begin];
        return;
    }
    uint64_t middle = begin + split_of(end - begin);
    naive_range(begin, middle, &left);
    naive_range(middle, end, &right);
    ledger_node_hash(&left, &right, out);
}

static void naive_path(uint64_t m, uint64_t begin, uint64_t end, struct ledger_proof *proof)
{
    if (end - begin == 1)
        return;
    uint64_t k = split_of(end - begin);
    if (m < k) {
        naive_path(m, begin, begin + k, proof);
        naive_range(begin + k, end, &proof->hashes[proof->count++]);
    } else {
        naive_path(m - k, begin + k, end, proof);
        naive_range(begin, begin + k, &proof->hashes[proof->count++]);
    }
}

static void naive_subproof(uint64_t m, uint64_t begin, uint64_t end, bool is_known, struct ledger_proof *proof)
{
    if (m == end - begin) {
        if (!is_known)
            naive_range(begin, end, &proof->hashes[proof->count++]);
        return;
    }
    uint64_t k = split_of(end - begin);
    if (m <= k) {
        naive_subproof(m, begin, begin + k, is_known, proof);
        naive_range(begin + k, end, &proof->hashes[proof->count++]);
    } else {
        naive_subproof(m - k, begin + k, end, false, proof);
        naive_range(begin, begin + k, &proof->hashes[proof->count++]);
    }
}

static void assert_same(const struct ledger_proof *expected, const struct ledger_proof *proof)
{
    assert_int_equal(expected->count, proof->count);
    assert_memory_equal(expected->hashes, proof->hashes, proof->count * 32);
}

static void every_leaf_of_every_tree_is_proved(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LARGE; size += size < ALL_PAIRS ? 1 : 173)
        for (uint64_t index = 0; index < size; index++) {
            struct ledger_proof proof, expected = {.count = 0};
            assert_ok(ledger_tree_prove_inclusion(&port, size, index, &proof));
            naive_path(index, 0, size, &expected);
            assert_same(&expected, &proof);
            assert_ok(ledger_check_inclusion(&leaves[index], index, size, &proof, &roots[size]));
        }
}

static void every_pair_of_trees_is_consistent(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LARGE; size += size < ALL_PAIRS ? 1 : 173)
        for (uint64_t old = 0; old <= size; old++) {
            struct ledger_proof proof, expected = {.count = 0};
            assert_ok(ledger_tree_prove_consistency(&port, old, size, &proof));
            if (old > 0)
                naive_subproof(old, 0, size, true, &expected);
            assert_same(&expected, &proof);
            assert_ok(ledger_check_consistency(old, &roots[old], size, &roots[size], &proof));
        }
}

static void proofs_fit_no_other_place(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= 40; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct ledger_proof proof;
            assert_ok(ledger_tree_prove_inclusion(&port, size, index, &proof));
            for (uint64_t other = 0; other < size; other++)
                if (other != index) {
                    assert_fails(BASE_E_PROOF, ledger_check_inclusion(&leaves[index], other, size, &proof, &roots[size]));
                    assert_fails(BASE_E_PROOF, ledger_check_inclusion(&leaves[other], index, size, &proof, &roots[size]));
                }
            for (uint64_t other = index + 1; other <= 41; other++)
                if (other != size)
                    assert_fails(BASE_E_PROOF, ledger_check_inclusion(&leaves[index], index, other, &proof, &roots[other]));
        }
}

static void consistency_fits_no_other_pair(void **state)
{
    (void)state;
    for (uint64_t size = 2; size <= 33; size++)
        for (uint64_t old = 1; old < size; old++) {
            struct ledger_proof proof;
            assert_ok(ledger_tree_prove_consistency(&port, old, size, &proof));
            for (uint64_t other = 1; other <= size; other++)
                if (other != old) {
                    assert_fails(BASE_E_PROOF, ledger_check_consistency(old, &roots[other], size, &roots[size], &proof));
                    assert_fails(BASE_E_PROOF, ledger_check_consistency(other, &roots[other], size, &roots[size], &proof));
                }
            assert_fails(BASE_E_PROOF, ledger_check_consistency(old, &roots[old], size, &roots[size + 1], &proof));
        }
}

/* Each bit of each hash, a hash less, a hash more, a zero hash more. */
static void assert_exact(enum base_code (*check)(const struct ledger_proof *), struct ledger_proof *proof)
{
    assert_ok(check(proof));
    for (size_t i = 0; i < proof->count; i++)
        for (size_t bit = 0; bit < 256; bit++) {
            proof->hashes[i].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_fails(BASE_E_PROOF, check(proof));
            proof->hashes[i].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    proof->count--;
    assert_fails(BASE_E_PROOF, check(proof));
    proof->count++;
    proof->hashes[proof->count++] = proof->hashes[0];
    assert_fails(BASE_E_PROOF, check(proof));
    memset(&proof->hashes[proof->count - 1], 0, 32);
    assert_fails(BASE_E_PROOF, check(proof));
    proof->count = LEDGER_PROOF_MAX + 1;
    assert_fails(BASE_E_PROOF, check(proof));
}

static enum base_code check_leaf_417(const struct ledger_proof *proof)
{
    return ledger_check_inclusion(&leaves[417], 417, 599, proof, &roots[599]);
}

static enum base_code check_last_leaf(const struct ledger_proof *proof)
{
    return ledger_check_inclusion(&leaves[512], 512, 513, proof, &roots[513]);
}

static enum base_code check_300_of_599(const struct ledger_proof *proof)
{
    return ledger_check_consistency(300, &roots[300], 599, &roots[599], proof);
}

static enum base_code check_512_of_599(const struct ledger_proof *proof)
{
    return ledger_check_consistency(512, &roots[512], 599, &roots[599], proof);
}

static void any_flipped_bit_or_other_length_fails(void **state)
{
    (void)state;
    struct ledger_proof proof;
    memset(&proof, 0, sizeof proof);
    assert_ok(ledger_tree_prove_inclusion(&port, 599, 417, &proof));
    assert_int_equal(proof.count, 10);
    assert_exact(check_leaf_417, &proof);
    assert_ok(ledger_tree_prove_inclusion(&port, 513, 512, &proof));
    assert_int_equal(proof.count, 1);
    assert_exact(check_last_leaf, &proof);
    assert_ok(ledger_tree_prove_consistency(&port, 300, 599, &proof));
    assert_exact(check_300_of_599, &proof);
    assert_ok(ledger_tree_prove_consistency(&port, 512, 599, &proof));
    assert_int_equal(proof.count, 1);
    assert_exact(check_512_of_599, &proof);
}

static void edges_have_their_own_rules(void **state)
{
    (void)state;
    struct ledger_proof none = {.count = 0}, one = {.count = 1};
    memset(one.hashes, 0, sizeof one.hashes);
    assert_fails(BASE_E_RANGE, ledger_check_inclusion(&leaves[0], 0, 0, &none, &roots[0]));
    assert_fails(BASE_E_RANGE, ledger_check_inclusion(&leaves[0], 5, 5, &none, &roots[5]));
    assert_fails(BASE_E_RANGE, ledger_check_inclusion(&leaves[0], UINT64_MAX, 1, &none, &roots[1]));
    assert_fails(BASE_E_PROOF, ledger_check_inclusion(&leaves[0], 0, UINT64_MAX, &none, &roots[1]));
    assert_ok(ledger_check_inclusion(&leaves[0], 0, 1, &none, &roots[1]));
    assert_fails(BASE_E_PROOF, ledger_check_inclusion(&leaves[0], 0, 1, &one, &roots[1]));

    assert_fails(BASE_E_RANGE, ledger_check_consistency(2, &roots[2], 1, &roots[1], &none));
    assert_ok(ledger_check_consistency(0, &roots[0], 0, &roots[0], &none));
    assert_ok(ledger_check_consistency(0, &roots[0], 7, &roots[7], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(0, &roots[1], 7, &roots[7], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(0, &roots[0], 7, &roots[7], &one));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(0, &roots[0], 0, &roots[1], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(0, &roots[1], 0, &roots[1], &none));
    assert_ok(ledger_check_consistency(7, &roots[7], 7, &roots[7], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(7, &roots[7], 7, &roots[8], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(7, &roots[7], 7, &roots[7], &one));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(6, &roots[6], 7, &roots[7], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(4, &roots[4], 7, &roots[7], &none));
    assert_fails(BASE_E_PROOF, ledger_check_consistency(1, &roots[1], UINT64_MAX, &roots[7], &one));
}

static void the_largest_trees_take_sixty_four_hashes(void **state)
{
    (void)state;
    struct ledger_proof proof = {.count = 63};
    struct crypto_hash root = leaves[0];
    memset(proof.hashes, 0x5a, sizeof proof.hashes);
    for (size_t i = 0; i < proof.count; i++)
        ledger_node_hash(&root, &proof.hashes[i], &root);
    assert_ok(ledger_check_inclusion(&leaves[0], 0, (uint64_t)1 << 63, &proof, &root));
    proof.count = 64;
    ledger_node_hash(&root, &proof.hashes[63], &root);
    assert_ok(ledger_check_inclusion(&leaves[0], 0, UINT64_MAX, &proof, &root));
}

/* ---- vectors ---- */

struct embedded {
    uint64_t a, b;
    const char *first, *second;
    const char *proof[4];
};

static void hash_of(const char *base64, struct crypto_hash *out)
{
    /* A vector may hold anything. What is not 32 bytes long is cut or filled up with zeros, and stays unequal to a hash;
     * nothing at all becomes a value that is unequal to every other, also to another nothing. */
    static uint8_t nothing;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    assert_ok(crypto_base64_decode(base_bytes_text(base64), &bytes));
    memset(out, bytes.len == 0 ? ++nothing : 0, sizeof *out);
    if (bytes.len > 0)
        memcpy(out->bytes, bytes.data, bytes.len < 32 ? bytes.len : 32);
    base_buffer_release(&bytes);
}

#define ROOT1 "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
#define ROOT8 "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="

static void agrees_with_embedded_vectors(void **state)
{
    (void)state;
    static const struct embedded consistent[] = {
        {1, 8, ROOT1, ROOT8,
         {"lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=", "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
          "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ="}},
        {2, 5, "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=", "Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=",
         {"Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=", "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="}},
        {6, 8, "duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=", ROOT8,
         {"DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=", "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
          "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc="}},
    };
    for (size_t i = 0; i < sizeof consistent / sizeof *consistent; i++) {
        struct ledger_proof proof = {.count = 0};
        struct crypto_hash first, second;
        hash_of(consistent[i].first, &first);
        hash_of(consistent[i].second, &second);
        for (; proof.count < 4 && consistent[i].proof[proof.count] != NULL; proof.count++)
            hash_of(consistent[i].proof[proof.count], &proof.hashes[proof.count]);
        assert_ok(ledger_check_consistency(consistent[i].a, &first, consistent[i].b, &second, &proof));
        first.bytes[31] ^= 1;
        assert_fails(BASE_E_PROOF, ledger_check_consistency(consistent[i].a, &first, consistent[i].b, &second, &proof));
    }
}

static json_t *load_vectors(const char *name)
{
    const char *path = test_shared_path(name);
    if (path == NULL)
        return NULL;
    json_t *vectors = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(vectors);
    return vectors;
}

static const char *text_of(const json_t *vector, const char *key)
{
    const char *text = json_string_value(json_object_get(vector, key));
    assert_non_null(text);
    return text;
}

/* Numbers of the vectors reach 2^64 - 1, which jansson's integers do not: they are read as reals, exact up to 2^53. */
static uint64_t number_of(const json_t *vector, const char *key)
{
    const json_t *value = json_object_get(vector, key);
    assert_true(json_is_real(value));
    return json_real_value(value) < 9007199254740992.0 ? (uint64_t)json_real_value(value) : UINT64_MAX;
}

static void proof_of(const json_t *vector, struct ledger_proof *proof)
{
    const json_t *list = json_object_get(vector, "proof");
    proof->count = json_array_size(list);
    assert_true(proof->count <= LEDGER_PROOF_MAX);
    for (size_t i = 0; i < proof->count; i++)
        hash_of(json_string_value(json_array_get(list, i)), &proof->hashes[i]);
}

static void assert_verdict(const json_t *vector, enum base_code code, bool is_in_range)
{
    bool is_wanted = !json_is_true(json_object_get(vector, "wantErr"));
    enum base_code expected = is_wanted ? BASE_OK : is_in_range ? BASE_E_PROOF : BASE_E_RANGE;
    if (code != expected)
        fail_msg("%s: %s, expected %s", text_of(vector, "case"), base_code_word(code), base_code_word(expected));
}

static void agrees_with_every_inclusion_vector(void **state)
{
    (void)state;
    json_t *vectors = load_vectors("vectors/rfc6962-inclusion.json");
    if (vectors == NULL)
        test_skip("../shared is not here");
    size_t i;
    json_t *vector;
    json_array_foreach(vectors, i, vector)
    {
        struct ledger_proof proof;
        struct crypto_hash leaf, root;
        uint64_t index = number_of(vector, "leafIdx"), size = number_of(vector, "treeSize");
        hash_of(text_of(vector, "leafHash"), &leaf);
        hash_of(text_of(vector, "root"), &root);
        proof_of(vector, &proof);
        assert_verdict(vector, ledger_check_inclusion(&leaf, index, size, &proof, &root), index < size);
    }
    assert_int_equal(i, 98);
    json_decref(vectors);
}

/* Where this layer decides otherwise than the vectors, on purpose: they refuse every proof that starts from an empty tree as
 * useless; here the empty tree is the beginning of every tree (ledger 3.5). */
static bool is_decided_otherwise(const json_t *vector)
{
    return strcmp(text_of(vector, "case"), "additional/size1-is-zero-and-size2-is-not-zero.json") == 0;
}

static void agrees_with_every_consistency_vector(void **state)
{
    (void)state;
    json_t *vectors = load_vectors("vectors/rfc6962-consistency.json");
    if (vectors == NULL)
        test_skip("../shared is not here");
    size_t i;
    json_t *vector;
    json_array_foreach(vectors, i, vector)
    {
        struct ledger_proof proof;
        struct crypto_hash old_root, new_root;
        uint64_t old_size = number_of(vector, "size1"), new_size = number_of(vector, "size2");
        hash_of(text_of(vector, "root1"), &old_root);
        hash_of(text_of(vector, "root2"), &new_root);
        proof_of(vector, &proof);
        enum base_code code = ledger_check_consistency(old_size, &old_root, new_size, &new_root, &proof);
        if (is_decided_otherwise(vector))
            assert_ok(code);
        else
            assert_verdict(vector, code, old_size <= new_size);
    }
    assert_int_equal(i, 98);
    json_decref(vectors);
}

/* ---- in messages ---- */

static void proofs_are_read_as_they_are_written(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_proof proof, read;
    memset(&proof, 0x11, sizeof proof);
    for (proof.count = 0; proof.count <= LEDGER_PROOF_MAX; proof.count++) {
        base_buffer_clear(&out);
        assert_ok(ledger_proof_encode(&proof, &out));
        assert_int_equal(out.len, 1 + 32 * proof.count);
        assert_ok(base_buffer_text(&out, "rest"));
        struct base_cursor in = base_cursor_over(base_bytes_buffer(&out));
        assert_ok(ledger_proof_decode(&in, &read));
        assert_same(&proof, &read);
        assert_int_equal(in.left, 4);
    }
    assert_fails(BASE_E_ARGUMENT, ledger_proof_encode(&proof, &out));
    base_buffer_release(&out);
}

static void proofs_that_are_cut_or_too_long_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[1 + 65 * 32] = {3};
    struct ledger_proof proof;
    for (size_t len = 0; len < 1 + 3 * 32; len++) {
        struct base_cursor in = base_cursor_over(base_bytes_of(bytes, len));
        assert_fails(BASE_E_TRUNCATED, ledger_proof_decode(&in, &proof));
        assert_int_equal(in.left, len); /* it does not move */
    }
    bytes[0] = 65;
    struct base_cursor in = base_cursor_over(base_bytes_of(bytes, sizeof bytes));
    assert_fails(BASE_E_LIMIT, ledger_proof_decode(&in, &proof));
    bytes[0] = 255;
    in = base_cursor_over(base_bytes_of(bytes, 1));
    assert_fails(BASE_E_LIMIT, ledger_proof_decode(&in, &proof));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaf_of_every_tree_is_proved),
        cmocka_unit_test(every_pair_of_trees_is_consistent),
        cmocka_unit_test(proofs_fit_no_other_place),
        cmocka_unit_test(consistency_fits_no_other_pair),
        cmocka_unit_test(any_flipped_bit_or_other_length_fails),
        cmocka_unit_test(edges_have_their_own_rules),
        cmocka_unit_test(the_largest_trees_take_sixty_four_hashes),
        cmocka_unit_test(agrees_with_embedded_vectors),
        cmocka_unit_test(agrees_with_every_inclusion_vector),
        cmocka_unit_test(agrees_with_every_consistency_vector),
        cmocka_unit_test(proofs_are_read_as_they_are_written),
        cmocka_unit_test(proofs_that_are_cut_or_too_long_are_refused),
    };
    return cmocka_run_group_tests(tests, make_tree, release_tree);
}
