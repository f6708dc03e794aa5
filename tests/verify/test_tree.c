/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"
#include "verify/tree.h"

/* The eight leaves that implementations of RFC 6962 try each other on, and the roots over the first n of them. */
static const char *const leaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void roots_are_those_of_rfc_6962(void **state)
{
    (void)state;
    struct verify_hash hashes[8], root;
    for (size_t i = 0; i < 8; i++) {
        uint8_t bytes[16];
        size_t len = strlen(leaves[i]) / 2;
        assert_true(verify_hex(verify_span_of(leaves[i], 2 * len), bytes, len));
        assert_true(verify_leaf(verify_span_of(bytes, len), &hashes[i]));
    }
    for (size_t count = 0; count <= 8; count++) {
        char text[65];
        assert_true(verify_root(hashes, count, &root));
        verify_hex_write(root.bytes, sizeof root.bytes, text);
        assert_string_equal(roots[count], text);
    }
}

static void hashes_are_compared_whole(void **state)
{
    (void)state;
    struct verify_hash a = {{0}}, b = {{0}};
    assert_true(verify_hash_equal(&a, &b));
    b.bytes[31] = 1;
    assert_false(verify_hash_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_rfc_6962),
        cmocka_unit_test(hashes_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
