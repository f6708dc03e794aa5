/* SPDX-License-Identifier: Apache-2.0
 *
 * The field against the vectors of GCM, against the schoolbook and against itself, with every set of kernels; then the arrays.
 */
#include "block/levels.h"

enum { MOST = 41 };

/* GCM counts the bits of a byte from the other end. */
static struct block from_gcm(const char *hex)
{
    uint8_t bytes[16];
    block_store(block_from_hex(hex), bytes);
    for (size_t i = 0; i < 16; i++) {
        unsigned turned = 0;
        for (unsigned bit = 0; bit < 8; bit++)
            turned |= ((unsigned)bytes[i] >> bit & 1u) << (7 - bit);
        bytes[i] = (uint8_t)turned;
    }
    return block_load(bytes);
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation" (2005), appendix B, test case 2: X1 = C H, and GHASH = (X1 + length) H. */
static void check_gcm(void)
{
    struct block h = from_gcm("66e94bd4ef8a2c3b884cfa59ca342b2e"), c = from_gcm("0388dace60b6a392f328c2b971b2fe78");
    struct block x1 = from_gcm("5e2ec746917062882c85b0685353deb7"), length = from_gcm("00000000000000000000000000000080");
    struct block ghash = from_gcm("f38cbb1ad69223dcc3457ae5b6b0f885");
    struct block got = block_gf_multiply(c, h);
    assert_blocks(&x1, &got, 1);
    got = block_gf_multiply(block_xor(got, length), h);
    assert_blocks(&ghash, &got, 1);
}

static void the_vectors_of_gcm(void **state)
{
    (void)state;
    at_every_level(check_gcm);
}

static struct block schoolbook(struct block a, struct block b)
{
    struct block out = BLOCK_ZERO;
    for (unsigned i = 128; i-- > 0;) {
        uint64_t carry = out.word[1] >> 63;
        out = (struct block){{out.word[0] << 1 ^ carry * 0x87u, out.word[1] << 1 | out.word[0] >> 63}};
        if (block_bit(b, i))
            out = block_xor(out, a);
    }
    return out;
}

static void check_multiplication(void)
{
    struct block a[MOST], b[MOST];
    fill_blocks(a, MOST, 4);
    fill_blocks(b, MOST, 5);
    a[0] = BLOCK_ZERO;
    a[1] = b[2] = BLOCK_ONE;
    memset(&a[3], 0xff, sizeof a[3]);
    b[3] = a[3];
    for (size_t i = 0; i < MOST; i++) {
        struct block expected = schoolbook(a[i], b[i]), got = block_gf_multiply(a[i], b[i]);
        assert_blocks(&expected, &got, 1);
        expected = schoolbook(a[i], a[i]);
        got = block_gf_square(a[i]);
        assert_blocks(&expected, &got, 1);
    }
}

static void multiplication_is_the_schoolbook(void **state)
{
    (void)state;
    at_every_level(check_multiplication);
}

/* Every single bit times every single bit: the reduction, place by place. */
static void check_bits(void)
{
    struct block power = BLOCK_ONE, x = {{2, 0}};
    for (unsigned i = 0; i < 255; i++) {
        unsigned low = i < 128 ? i : 127, high = i - low;
        struct block a = BLOCK_ZERO, b = BLOCK_ZERO;
        a.word[low / 64] = (uint64_t)1 << low % 64;
        b.word[high / 64] = (uint64_t)1 << high % 64;
        struct block got = block_gf_multiply(a, b);
        assert_blocks(&power, &got, 1);
        power = schoolbook(power, x);
    }
}

static void every_power_of_x(void **state)
{
    (void)state;
    at_every_level(check_bits);
}

static void check_inverse(void)
{
    struct block a[MOST], one = BLOCK_ONE, zero = BLOCK_ZERO;
    fill_blocks(a, MOST, 6);
    a[0] = BLOCK_ONE;
    for (size_t i = 0; i < MOST; i++) {
        struct block got = block_gf_multiply(a[i], block_gf_invert(a[i]));
        assert_blocks(&one, &got, 1);
    }
    struct block of_zero = block_gf_invert(zero);
    assert_blocks(&zero, &of_zero, 1);
}

static void inverses(void **state)
{
    (void)state;
    at_every_level(check_inverse);
}

static void check_array_multiplication(void)
{
    struct block a[MOST + 1], b[MOST + 1], out[MOST + 1], guard, scalar;
    fill_blocks(a, MOST + 1, 7);
    fill_blocks(b, MOST + 1, 8);
    fill_blocks(&guard, 1, 9);
    fill_blocks(&scalar, 1, 10);
    for (size_t count = 0; count <= MOST; count++) {
        struct block total = BLOCK_ZERO, got;
        for (size_t i = 0; i < count; i++)
            total = block_xor(total, schoolbook(a[i], b[i]));
        got = block_gf_dot(a, b, count);
        assert_blocks(&total, &got, 1);
        out[count] = guard;
        block_gf_scale(out, a, scalar, count);
        block_gf_multiply_add(out, b, scalar, count);
        for (size_t i = 0; i < count; i++) {
            struct block expected = schoolbook(block_xor(a[i], b[i]), scalar);
            assert_blocks(&expected, &out[i], 1);
        }
        block_gf_multiply_each(out, a, b, count);
        for (size_t i = 0; i < count; i++) {
            struct block expected = schoolbook(a[i], b[i]);
            assert_blocks(&expected, &out[i], 1);
        }
        assert_blocks(&guard, &out[count], 1);
    }
}

static void multiplication_of_arrays(void **state)
{
    (void)state;
    at_every_level(check_array_multiplication);
}

static void check_powers(void)
{
    struct block base, out[MOST], power = BLOCK_ONE, pieces[128], total = BLOCK_ZERO, x_power = BLOCK_ONE;
    fill_blocks(&base, 1, 11);
    for (unsigned i = 0; i < 5; i++)
        power = schoolbook(power, base);
    for (size_t count = 0; count <= MOST; count++)
        block_gf_powers(base, 5, out, count);
    for (size_t i = 0; i < MOST; i++) {
        assert_blocks(&power, &out[i], 1);
        power = schoolbook(power, base);
    }
    fill_blocks(pieces, 128, 12);
    for (unsigned i = 0; i < 128; i++) {
        total = block_xor(total, schoolbook(pieces[i], x_power));
        x_power = schoolbook(x_power, (struct block){{2, 0}});
    }
    struct block got = block_gf_compose(pieces);
    assert_blocks(&total, &got, 1);
}

static void powers_and_composition(void **state)
{
    (void)state;
    at_every_level(check_powers);
}

static void check_arrays(void)
{
    struct block a[MOST + 1], b[MOST + 1], kept[MOST + 1], value;
    fill_blocks(&value, 1, 13);
    for (size_t count = 0; count <= MOST; count++) {
        struct block total = BLOCK_ZERO, got;
        fill_blocks(a, MOST + 1, 14);
        fill_blocks(b, MOST + 1, 15);
        for (size_t i = 0; i < count; i++)
            total = block_xor(total, a[i]);
        got = block_sum(a, count);
        assert_blocks(&total, &got, 1);
        memcpy(kept, a, sizeof a);
        block_xor_into(a, b, count);
        for (size_t i = 0; i <= MOST; i++) {
            struct block expected = i < count ? block_xor(kept[i], b[i]) : kept[i];
            assert_blocks(&expected, &a[i], 1);
        }
        for (size_t index = 0; index <= count + 1; index++) {
            memcpy(a, kept, sizeof a);
            block_add_at(a, count, index, value);
            struct block picked = block_pick(kept, count, index), there = index < count ? kept[index] : BLOCK_ZERO;
            assert_blocks(&there, &picked, 1);
            for (size_t i = 0; i <= MOST; i++) {
                struct block expected = i < count && i == index ? block_xor(kept[i], value) : kept[i];
                assert_blocks(&expected, &a[i], 1);
            }
        }
    }
}

static void arrays(void **state)
{
    (void)state;
    at_every_level(check_arrays);
}

static void transposition(void **state)
{
    (void)state;
    struct block square[128], kept[128];
    fill_blocks(square, 128, 16);
    memcpy(kept, square, sizeof square);
    block_transpose(square);
    for (unsigned i = 0; i < 128; i++)
        for (unsigned j = 0; j < 128; j++)
            assert_int_equal(block_bit(square[i], j), block_bit(kept[j], i));
}

static void levels_that_are_not_there(void **state)
{
    (void)state;
    enum block_level before = block_level();
    assert_int_equal(before, block_level_best());
    assert_fails(BASE_E_UNSUPPORTED, block_set_level((enum block_level)(BLOCK_AVX512 + 1)));
    assert_int_equal(before, block_level());
    assert_string_equal("portable", block_level_name(BLOCK_PORTABLE));
    print_message("# levels here: up to %s\n", block_level_name(before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_that_are_not_there),
        cmocka_unit_test(the_vectors_of_gcm),
        cmocka_unit_test(multiplication_is_the_schoolbook),
        cmocka_unit_test(every_power_of_x),
        cmocka_unit_test(inverses),
        cmocka_unit_test(multiplication_of_arrays),
        cmocka_unit_test(powers_and_composition),
        cmocka_unit_test(arrays),
        cmocka_unit_test(transposition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
