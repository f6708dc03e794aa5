/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 of many messages against the library's, with every set of kernels.
 */
#include "block/levels.h"

#include "block/sha.h"

enum { COUNT = 67 };

static void check_against_library(void)
{
    static uint8_t tails[COUNT * BLOCK_SHA_TAIL_MAX], prefix[2 * BLOCK_SHA_LEN];
    struct block_sha start;
    struct crypto_hash out[COUNT], expected;
    for (size_t i = 0; i < sizeof tails; i++)
        tails[i] = (uint8_t)(i * 7 + (i >> 8));
    for (size_t i = 0; i < sizeof prefix; i++)
        prefix[i] = (uint8_t)(i + 3);
    for (size_t pieces = 0; pieces <= 2; pieces++) {
        block_sha_init(&start);
        for (size_t i = 0; i < pieces; i++)
            block_sha_compress(&start, prefix + i * BLOCK_SHA_LEN, 1);
        for (size_t len = 0; len <= BLOCK_SHA_TAIL_MAX; len++) {
            const size_t count = 1 + len % COUNT;
            block_sha_finish(&start, pieces * BLOCK_SHA_LEN, tails, BLOCK_SHA_TAIL_MAX, len, count, out);
            for (size_t i = 0; i < count; i++) {
                const struct base_bytes parts[] = {base_bytes_of(prefix, pieces * BLOCK_SHA_LEN),
                                                   base_bytes_of(tails + i * BLOCK_SHA_TAIL_MAX, len)};
                crypto_sha256(parts, 2, &expected);
                assert_memory_equal(&expected, &out[i], sizeof expected);
            }
        }
    }
}

static void many_messages(void **state)
{
    (void)state;
    at_every_level(check_against_library);
}

/* FIPS 180-4, "abc". */
static void check_vector(void)
{
    static const uint8_t expected[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                         0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    struct block_sha start;
    struct crypto_hash out;
    block_sha_init(&start);
    block_sha_finish(&start, 0, (const uint8_t *)"abc", 3, 3, 1, &out);
    assert_memory_equal(expected, out.bytes, sizeof expected);
}

static void standard_vector(void **state)
{
    (void)state;
    at_every_level(check_vector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(standard_vector), cmocka_unit_test(many_messages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
