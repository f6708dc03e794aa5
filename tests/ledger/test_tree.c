/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tree.h"

#include "crypto/text.h"
#include "support/test.h"
#include "support/tiles.h"

enum { SMALL = 600 };

/* The eight leaves of the test trees of Certificate Transparency, and the root after each. */
static const char *const ct_leaves[8] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
static const char *const ct_roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static struct crypto_hash leaves[SMALL];

static void leaf_of(uint64_t number, struct crypto_hash *out)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
    ledger_leaf_hash(base_bytes_of(bytes, sizeof bytes), out);
}

static int make_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < SMALL; i++)
        leaf_of(i, &leaves[i]);
    return 0;
}

/* MTH as RFC 6962 2.1 writes it down. */
static void naive_root(const struct crypto_hash *hashes, size_t count, struct crypto_hash *out)
{
    struct crypto_hash left, right;
    size_t split = 1;
    if (count == 0) {
        crypto_sha256(NULL, 0, out);
        return;
    }
    if (count == 1) {
        *out = hashes[0];
        return;
    }
    while (split * 2 < count)
        split *= 2;
    naive_root(hashes, split, &left);
    naive_root(hashes + split, count - split, &right);
    ledger_node_hash(&left, &right, out);
}

static void assert_root(const struct ledger_tiles *port, uint64_t size, const struct crypto_hash *expected)
{
    struct crypto_hash root;
    assert_ok(ledger_tree_root(port, size, &root));
    assert_memory_equal(root.bytes, expected->bytes, 32);
}

static void builds_the_trees_of_certificate_transparency(void **state)
{
    (void)state;
    struct test_tiles memory = {0};
    struct ledger_tiles port = test_tiles_port(&memory);
    uint64_t size = 0;
    for (size_t i = 0; i <= 8; i++) {
        struct crypto_hash root, leaf;
        uint8_t bytes[16];
        char text[65];
        assert_ok(ledger_tree_root(&port, size, &root));
        crypto_hex_encode(base_bytes_of(root.bytes, 32), text);
        assert_string_equal(text, ct_roots[i]);
        if (i == 8)
            break;
        size_t len = strlen(ct_leaves[i]) / 2;
        assert_ok(crypto_hex_decode(base_bytes_text(ct_leaves[i]), bytes, len));
        ledger_leaf_hash(base_bytes_of(bytes, len), &leaf);
        assert_ok(ledger_tree_append(&port, &size, &leaf, 1));
        assert_int_equal(size, i + 1);
    }
    test_tiles_release(&memory);
}

static void agrees_with_the_definition_at_every_size(void **state)
{
    (void)state;
    struct test_tiles memory = {0};
    struct ledger_tiles port = test_tiles_port(&memory);
    struct crypto_hash expected;
    uint64_t size = 0;
    for (size_t i = 0; i < SMALL; i++) {
        assert_ok(ledger_tree_append(&port, &size, &leaves[i], 1));
        naive_root(leaves, i + 1, &expected);
        assert_root(&port, size, &expected);
    }
    for (size_t i = 0; i <= SMALL; i++) { /* every smaller size from the tiles of the last */
        naive_root(leaves, i, &expected);
        assert_root(&port, i, &expected);
    }
    test_tiles_release(&memory);
}

static void a_batch_gives_the_same_tiles_as_single_leaves(void **state)
{
    (void)state;
    static const size_t cuts[] = {0, 1, 2, 255, 256, 257, 300, 511, 512, 513, SMALL};
    struct test_tiles single = {0};
    struct ledger_tiles single_port = test_tiles_port(&single);
    uint64_t single_size = 0;
    for (size_t i = 0; i < SMALL; i++)
        assert_ok(ledger_tree_append(&single_port, &single_size, &leaves[i], 1));
    for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
        struct test_tiles memory = {0};
        struct ledger_tiles port = test_tiles_port(&memory);
        uint64_t size = 0;
        assert_ok(ledger_tree_append(&port, &size, leaves, cuts[c]));
        assert_ok(ledger_tree_append(&port, &size, leaves + cuts[c], SMALL - cuts[c]));
        assert_int_equal(size, SMALL);
        for (unsigned level = 0; level < TEST_TILE_LEVELS; level++) {
            assert_int_equal(memory.levels[level].count, single.levels[level].count);
            for (size_t i = 0; i < memory.levels[level].count; i++)
                assert_true(base_bytes_equal(base_bytes_buffer(&memory.levels[level].tiles[i]),
                                             base_bytes_buffer(&single.levels[level].tiles[i])));
        }
        test_tiles_release(&memory);
    }
    test_tiles_release(&single);
}

static void writes_each_tile_once_in_a_batch(void **state)
{
    (void)state;
    struct test_tiles memory = {0};
    struct ledger_tiles port = test_tiles_port(&memory);
    uint64_t size = 0;
    assert_ok(ledger_tree_append(&port, &size, leaves, 200));
    assert_int_equal(memory.writes, 1);
    assert_ok(ledger_tree_append(&port, &size, leaves + 200, 50)); /* the partial tile again, once */
    assert_int_equal(memory.writes, 2);
    assert_ok(ledger_tree_append(&port, &size, leaves + 250, 350)); /* 0/0, 0/1, 0/2 and 1/0 */
    assert_int_equal(memory.writes, 6);
    assert_int_equal(memory.levels[0].tiles[0].len, 8192);
    assert_int_equal(memory.levels[0].tiles[2].len, 88 * 32);
    assert_int_equal(memory.levels[1].tiles[0].len, 2 * 32);
    assert_ok(ledger_tree_append(&port, &size, NULL, 0));
    assert_int_equal(memory.writes, 6);
    test_tiles_release(&memory);
}

static void grows_across_the_second_level(void **state)
{
    (void)state;
    enum { COUNT = 65536 + 300 };
    struct crypto_hash *many = malloc(COUNT * sizeof *many), expected;
    struct test_tiles memory = {0};
    struct ledger_tiles port = test_tiles_port(&memory);
    uint64_t size = 0;
    assert_non_null(many);
    for (size_t i = 0; i < COUNT; i++)
        leaf_of(i, &many[i]);
    assert_ok(ledger_tree_append(&port, &size, many, 65000));
    assert_ok(ledger_tree_append(&port, &size, many + 65000, 535));
    assert_int_equal(memory.levels[2].count, 0);
    assert_ok(ledger_tree_append(&port, &size, many + 65535, 1));
    assert_int_equal(memory.levels[1].tiles[0].len, 8192);
    assert_int_equal(memory.levels[2].tiles[0].len, 32);
    assert_ok(ledger_tree_append(&port, &size, many + 65536, COUNT - 65536));
    static const uint64_t sizes[] = {255, 256, 257, 65279, 65535, 65536, 65537, 65791, 65792, 65793, COUNT};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        naive_root(many, (size_t)sizes[i], &expected);
        assert_root(&port, sizes[i], &expected);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct crypto_hash root, old_root;
        struct ledger_proof proof;
        assert_ok(ledger_tree_root(&port, COUNT, &root));
        assert_ok(ledger_tree_root(&port, sizes[i], &old_root));
        assert_ok(ledger_tree_prove_consistency(&port, sizes[i], COUNT, &proof));
        assert_ok(ledger_check_consistency(sizes[i], &old_root, COUNT, &root, &proof));
        assert_ok(ledger_tree_prove_inclusion(&port, COUNT, sizes[i] - 1, &proof));
        assert_ok(ledger_check_inclusion(&many[sizes[i] - 1], sizes[i] - 1, COUNT, &proof, &root));
    }
    free(many);
    test_tiles_release(&memory);
}

static void a_failed_append_changes_nothing_that_counts(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 4; at++) {
        struct test_tiles memory = {0};
        struct ledger_tiles port = test_tiles_port(&memory);
        struct crypto_hash before, after, expected;
        uint64_t size = 0;
        assert_ok(ledger_tree_append(&port, &size, leaves, 250));
        assert_ok(ledger_tree_root(&port, size, &before));
        memory.fail_write_at = memory.writes + at;
        assert_fails(BASE_E_DISK_FULL, ledger_tree_append(&port, &size, leaves + 250, 350));
        assert_int_equal(size, 250);
        assert_ok(ledger_tree_root(&port, size, &after));
        assert_memory_equal(before.bytes, after.bytes, 32);
        memory.fail_write_at = 0;
        assert_ok(ledger_tree_append(&port, &size, leaves + 250, 350));
        naive_root(leaves, SMALL, &expected);
        assert_root(&port, SMALL, &expected);
        test_tiles_release(&memory);
    }
}

static void damaged_tiles_are_noticed(void **state)
{
    (void)state;
    struct test_tiles memory = {0};
    struct ledger_tiles port = test_tiles_port(&memory);
    struct crypto_hash root;
    struct ledger_proof proof;
    uint64_t size = 0;
    assert_ok(ledger_tree_append(&port, &size, leaves, 500));
    memory.levels[0].tiles[1].len -= 32; /* a hash too few */
    assert_fails(BASE_E_CORRUPT, ledger_tree_root(&port, size, &root));
    assert_fails(BASE_E_CORRUPT, ledger_tree_append(&port, &size, leaves, 1));
    assert_fails(BASE_E_CORRUPT, ledger_tree_prove_inclusion(&port, size, 300, &proof));
    assert_fails(BASE_E_CORRUPT, ledger_tree_prove_consistency(&port, 300, size, &proof));
    assert_int_equal(size, 500);
    memory.levels[0].tiles[1].len += 31; /* half a hash */
    assert_fails(BASE_E_CORRUPT, ledger_tree_root(&port, size, &root));
    memory.levels[0].tiles[1].len += 1;
    assert_ok(ledger_tree_root(&port, size, &root));
    size_t count = memory.levels[1].count;
    memory.levels[1].count = 0; /* missing */
    assert_fails(BASE_E_CORRUPT, ledger_tree_root(&port, size, &root));
    memory.levels[1].count = count;
    while (memory.levels[0].tiles[1].len <= LEDGER_TILE_BYTES) /* too wide */
        assert_ok(base_buffer_append(&memory.levels[0].tiles[1], base_bytes_of(leaves, 32)));
    assert_fails(BASE_E_CORRUPT, ledger_tree_root(&port, size, &root));
    test_tiles_release(&memory);
}

static enum base_code refuse_read(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    (void)context, (void)level, (void)index, (void)out;
    return base_fail(BASE_E_DATABASE, "planned");
}

static void the_readers_error_is_handed_on(void **state)
{
    (void)state;
    struct ledger_tiles port = {NULL, refuse_read, NULL};
    struct crypto_hash root;
    struct ledger_proof proof;
    uint64_t size = 3;
    assert_fails(BASE_E_DATABASE, ledger_tree_root(&port, 3, &root));
    assert_fails(BASE_E_DATABASE, ledger_tree_prove_inclusion(&port, 3, 0, &proof));
    assert_fails(BASE_E_DATABASE, ledger_tree_prove_consistency(&port, 1, 3, &proof));
    assert_fails(BASE_E_DATABASE, ledger_tree_append(&port, &size, leaves, 1));
    assert_ok(ledger_tree_root(&port, 0, &root));
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    struct ledger_tiles port = {NULL, refuse_read, NULL};
    struct crypto_hash root;
    struct ledger_proof proof;
    uint64_t size = LEDGER_SIZE_MAX;
    assert_fails(BASE_E_RANGE, ledger_tree_append(&port, &size, leaves, 1));
    size++;
    assert_fails(BASE_E_RANGE, ledger_tree_append(&port, &size, leaves, 0));
    assert_fails(BASE_E_RANGE, ledger_tree_root(&port, size, &root));
    assert_fails(BASE_E_RANGE, ledger_tree_prove_inclusion(&port, size, 0, &proof));
    assert_fails(BASE_E_RANGE, ledger_tree_prove_inclusion(&port, 5, 5, &proof));
    assert_fails(BASE_E_RANGE, ledger_tree_prove_inclusion(&port, 0, 0, &proof));
    assert_fails(BASE_E_RANGE, ledger_tree_prove_consistency(&port, 1, size, &proof));
    assert_fails(BASE_E_RANGE, ledger_tree_prove_consistency(&port, 6, 5, &proof));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_the_trees_of_certificate_transparency),
        cmocka_unit_test(agrees_with_the_definition_at_every_size),
        cmocka_unit_test(a_batch_gives_the_same_tiles_as_single_leaves),
        cmocka_unit_test(writes_each_tile_once_in_a_batch),
        cmocka_unit_test(grows_across_the_second_level),
        cmocka_unit_test(a_failed_append_changes_nothing_that_counts),
        cmocka_unit_test(damaged_tiles_are_noticed),
        cmocka_unit_test(the_readers_error_is_handed_on),
        cmocka_unit_test(sizes_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
