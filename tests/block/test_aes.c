/* SPDX-License-Identifier: Apache-2.0
 *
 * AES against its standards, and the hashes against their definitions, with every set of kernels.
 */
#include "block/levels.h"

static struct block encrypt_one(struct block key, struct block plain)
{
    struct block_aes aes;
    struct block out;
    block_aes_init(&aes, key);
    block_aes_encrypt(&aes, &plain, &out, 1);
    return out;
}

/* FIPS 197 appendices B and C.1; NIST SP 800-38A F.1.1 (ECB-AES128, all four blocks). */
static const struct {
    const char *key, *plain, *cipher;
} vectors[] = {
    {"2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32"},
    {"000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {"2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"},
    {"2b7e151628aed2a6abf7158809cf4f3c", "ae2d8a571e03ac9c9eb76fac45af8e51", "f5d3d58503b9699de785895a96fdbaaf"},
    {"2b7e151628aed2a6abf7158809cf4f3c", "30c81c46a35ce411e5fbc1191a0a52ef", "43b1cd7f598ece23881b00e3ed030688"},
    {"2b7e151628aed2a6abf7158809cf4f3c", "f69f2445df4f9b17ad2b417be66c3710", "7b0c785e27e8ad3f8223207104725dd4"},
};

static void check_vectors(void)
{
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct block expected = block_from_hex(vectors[i].cipher);
        struct block got = encrypt_one(block_from_hex(vectors[i].key), block_from_hex(vectors[i].plain));
        assert_blocks(&expected, &got, 1);
    }
}

static void standard_vectors(void **state)
{
    (void)state;
    at_every_level(check_vectors);
}

/* FIPS 197 appendix A.1: the last round key. */
static void check_key_expansion(void)
{
    struct block_aes aes;
    struct block expected = block_from_hex("d014f9a8c9ee2589e13f0cc8b6630ca6");
    block_aes_init(&aes, block_from_hex("2b7e151628aed2a6abf7158809cf4f3c"));
    assert_blocks(&expected, &aes.round_keys[10], 1);
}

static void key_expansion(void **state)
{
    (void)state;
    at_every_level(check_key_expansion);
}

static uint8_t times(uint8_t a, uint8_t b)
{
    unsigned out = 0, wide = a;
    for (; b > 0; b >>= 1, wide = wide << 1 ^ (wide >> 7) * 0x11bu)
        out ^= (b & 1u) * wide;
    return (uint8_t)out;
}

/* FIPS 197 section 5.1.1, by the definition. */
static uint8_t substitute(uint8_t value)
{
    uint8_t inverse = 1;
    for (int i = 0; i < 254; i++)
        inverse = times(inverse, value);
    unsigned doubled = inverse * 0x101u;
    return (uint8_t)(doubled ^ doubled >> 4 ^ doubled >> 5 ^ doubled >> 6 ^ doubled >> 7 ^ 0x63u);
}

/* The fifth word of the expanded key is the S-box at the four bytes of the fourth, turned by one, with a constant. */
static void check_every_byte(void)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t key[16] = {0}, first[16];
        struct block_aes aes;
        for (unsigned i = 0; i < 4; i++)
            key[12 + i] = (uint8_t)(value + 64 * i);
        block_aes_init(&aes, block_load(key));
        block_store(aes.round_keys[1], first);
        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(first[i], substitute(key[12 + (i + 1) % 4]) ^ (i == 0));
    }
}

static void every_byte_through_the_s_box(void **state)
{
    (void)state;
    at_every_level(check_every_byte);
}

enum { MOST = 70 };

static void check_lengths(void)
{
    struct block in[MOST], out[MOST + 1], guard, one;
    struct block_aes aes;
    fill_blocks(in, MOST, 1);
    fill_blocks(&guard, 1, 2);
    block_aes_init(&aes, in[0]);
    for (size_t count = 0; count <= MOST; count++) {
        out[count] = guard;
        block_aes_encrypt(&aes, in, out, count);
        assert_blocks(&out[count], &guard, 1);
        for (size_t i = 0; i < count; i++) {
            one = encrypt_one(in[0], in[i]);
            assert_blocks(&one, &out[i], 1);
        }
    }
}

static void any_number_of_blocks(void **state)
{
    (void)state;
    at_every_level(check_lengths);
}

static void check_counter(void)
{
    struct block out[MOST], one;
    struct block_aes aes;
    const uint64_t first = UINT64_MAX - 5, stream = 77; /* the counter wraps within its word */
    block_aes_init(&aes, BLOCK_ONE);
    block_aes_counter(&aes, stream, first, out, MOST);
    for (size_t i = 0; i < MOST; i++) {
        one = encrypt_one(BLOCK_ONE, (struct block){{first + i, stream}});
        assert_blocks(&one, &out[i], 1);
    }
}

static void the_generator_counts(void **state)
{
    (void)state;
    at_every_level(check_counter);
}

static struct block turn(struct block x)
{
    return (struct block){{x.word[1], x.word[0] ^ x.word[1]}};
}

static void check_hashes(void)
{
    struct block in[MOST], circular[MOST], tweaked[MOST], key = BLOCK_ONE;
    struct block_aes pi;
    fill_blocks(in, MOST, 3);
    block_aes_init(&pi, key);
    block_hash_circular(&pi, in, circular, MOST);
    block_hash_tweaked(&pi, 1000, in, tweaked, MOST);
    for (size_t i = 0; i < MOST; i++) {
        struct block once = encrypt_one(key, in[i]);
        struct block twice = block_xor(encrypt_one(key, block_xor(once, (struct block){{1000 + i, 0}})), once);
        struct block around = block_xor(encrypt_one(key, turn(in[i])), turn(in[i]));
        assert_blocks(&around, &circular[i], 1);
        assert_blocks(&twice, &tweaked[i], 1);
    }
    block_hash_tweaked(&pi, 1000, in, in, MOST); /* in place */
    assert_blocks(in, tweaked, MOST);
}

static void hashes_are_their_definitions(void **state)
{
    (void)state;
    at_every_level(check_hashes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_vectors),
        cmocka_unit_test(key_expansion),
        cmocka_unit_test(every_byte_through_the_s_box),
        cmocka_unit_test(any_number_of_blocks),
        cmocka_unit_test(the_generator_counts),
        cmocka_unit_test(hashes_are_their_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
