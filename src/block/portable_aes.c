/* SPDX-License-Identifier: Apache-2.0
 *
 * AES-128 in plain C without tables: four blocks at a time, bitsliced. Plane k holds bit k of all 64 bytes; the byte in row r and
 * column c of block b (FIPS 197 section 3.4) stands at bit 16 r + 4 c + b of a plane. So ShiftRows turns the 16 bits of a
 * row, and MixColumns turns the whole word.
 *
 * SubBytes inverts in GF(((2^2)^2)^2), the way of C. Paar, "Efficient VLSI Architectures for Bit-Parallel Computation in Galois
 * Fields" (1994): w^2 = w + 1, z^2 = z + w, y^2 = y + (w z + 1). The changes of basis were computed by trying the
 * roots of x^8 + x^4 + x^3 + x + 1 in that field; the way back includes the affine map of FIPS 197 section 5.1.1. The tests
 * check all 256 values.
 */
#include "block/portable.h"

#include "crypto/secret.h"

enum { PLANES = 8, AT_ONCE = 4, ROUNDS = 10 };

struct planes {
    uint64_t bit[PLANES];
};

/* 2 and 4 bits, each bit for 64 bytes. */
struct pair {
    uint64_t low, high;
};
struct nibble {
    struct pair low, high;
};

static inline struct pair pair_add(struct pair a, struct pair b)
{
    return (struct pair){a.low ^ b.low, a.high ^ b.high};
}

static inline struct pair pair_multiply(struct pair a, struct pair b)
{
    uint64_t low = a.low & b.low, high = a.high & b.high;
    uint64_t both = (a.low ^ a.high) & (b.low ^ b.high);
    return (struct pair){low ^ high, both ^ low};
}

static inline struct pair pair_square(struct pair a)
{
    return (struct pair){a.low ^ a.high, a.high};
}

static inline struct nibble nibble_add(struct nibble a, struct nibble b)
{
    return (struct nibble){pair_add(a.low, b.low), pair_add(a.high, b.high)};
}

static inline struct nibble nibble_multiply(struct nibble a, struct nibble b)
{
    struct pair low = pair_multiply(a.low, b.low), high = pair_multiply(a.high, b.high);
    struct pair both = pair_multiply(pair_add(a.low, a.high), pair_add(b.low, b.high));
    struct pair high_w = {high.high, high.low ^ high.high};
    return (struct nibble){pair_add(low, high_w), pair_add(both, low)};
}

static inline struct nibble nibble_invert(struct nibble a)
{
    struct pair high_squared_w = {a.high.high, a.high.low};
    struct pair norm = pair_add(pair_add(high_squared_w, pair_multiply(a.high, a.low)), pair_square(a.low));
    struct pair inverse = pair_square(norm); /* in GF(4) */
    return (struct nibble){pair_multiply(pair_add(a.low, a.high), inverse), pair_multiply(a.high, inverse)};
}

/* a^2 (w z + 1) */
static inline struct nibble nibble_square_scaled(struct nibble a)
{
    uint64_t low_sum = a.low.high ^ a.high.high;
    return (struct nibble){{a.low.low ^ a.high.low ^ low_sum, low_sum}, {a.low.high, a.low.low}};
}

static inline void sub_bytes(struct planes *state)
{
    const uint64_t *x = state->bit;
    uint64_t a = x[4] ^ x[6], b = x[1] ^ x[2], c = x[3] ^ a, d = x[5] ^ b, e = x[1] ^ a, f = x[7] ^ c;
    struct nibble low = {{x[0] ^ e, f}, {d, x[6] ^ d}};
    struct nibble high = {{x[2] ^ f, x[7] ^ e}, {c ^ d, x[5] ^ x[7]}};
    struct nibble sum = nibble_add(low, high);
    struct nibble norm = nibble_add(nibble_square_scaled(high), nibble_multiply(low, sum));
    struct nibble inverse = nibble_invert(norm);
    low = nibble_multiply(sum, inverse);
    high = nibble_multiply(high, inverse);

    uint64_t g = low.high.low ^ high.high.low, h = low.low.low ^ low.high.high, i = high.low.high ^ h;
    uint64_t j = high.high.high ^ g, k = low.low.low ^ high.low.low, l = low.low.high ^ i;
    state->bit[0] = ~(k ^ high.high.low);
    state->bit[1] = ~(high.low.low ^ l);
    state->bit[2] = j ^ l;
    state->bit[3] = k;
    state->bit[4] = i ^ j;
    state->bit[5] = ~(g ^ low.high.high);
    state->bit[6] = ~(high.low.low ^ high.high.high);
    state->bit[7] = j;
}

static inline void shift_rows(struct planes *state)
{
    for (size_t k = 0; k < PLANES; k++) {
        uint64_t v = state->bit[k];
        state->bit[k] = (v & 0x000000000000ffffu) | (v & 0x00000000fff00000u) >> 4 | (v & 0x00000000000f0000u) << 12 |
                        (v & 0x0000ff0000000000u) >> 8 | (v & 0x000000ff00000000u) << 8 | (v & 0xf000000000000000u) >> 12 |
                        (v & 0x0fff000000000000u) << 4;
    }
}

static inline uint64_t turn(uint64_t v, unsigned by)
{
    return v >> by | v << (64 - by);
}

static inline void mix_columns(struct planes *state)
{
    uint64_t next[PLANES], sum[PLANES];
    for (size_t k = 0; k < PLANES; k++) {
        next[k] = turn(state->bit[k], 16);
        sum[k] = state->bit[k] ^ next[k];
    }
    uint64_t carry = sum[7];
    for (size_t k = 0; k < PLANES; k++) {
        uint64_t doubled = k == 0 ? carry : sum[k - 1];
        if (k == 1 || k == 3 || k == 4)
            doubled ^= carry;
        state->bit[k] = doubled ^ next[k] ^ turn(sum[k], 32);
    }
}

static inline void add_planes(struct planes *state, const struct planes *key)
{
    for (size_t k = 0; k < PLANES; k++)
        state->bit[k] ^= key->bit[k];
}

static inline void exchange(uint64_t *a, uint64_t *b, unsigned by, uint64_t mask)
{
    uint64_t differ = ((*a >> by) ^ *b) & mask;
    *b ^= differ;
    *a ^= differ << by;
}

/* Bit i of byte s of word k changes places with bit k of byte s of word i. */
static inline void turn_bytes(struct planes *state)
{
    uint64_t *q = state->bit;
    for (size_t i = 0; i < PLANES; i += 2)
        exchange(&q[i], &q[i + 1], 1, 0x5555555555555555u);
    for (size_t i = 0; i < PLANES; i += 1 + 2 * (i & 1u)) /* 0, 1, 4, 5 */
        exchange(&q[i], &q[i + 2], 2, 0x3333333333333333u);
    for (size_t i = 0; i < PLANES / 2; i++)
        exchange(&q[i], &q[i + 4], 4, 0x0f0f0f0f0f0f0f0fu);
}

/* Byte r of the word becomes byte 2 r, and back. */
static inline uint64_t spread(uint64_t column)
{
    column = (column | column << 16) & 0x0000ffff0000ffffu;
    return (column | column << 8) & 0x00ff00ff00ff00ffu;
}

static inline uint64_t gather(uint64_t spread_column)
{
    uint64_t v = spread_column & 0x00ff00ff00ff00ffu;
    v = (v | v >> 8) & 0x0000ffff0000ffffu;
    return (v | v >> 16) & 0x00000000ffffffffu;
}

static inline void pack(const struct block in[AT_ONCE], struct planes *out)
{
    for (size_t b = 0; b < AT_ONCE; b++) {
        uint64_t low = in[b].word[0], high = in[b].word[1];
        out->bit[b] = spread(low & 0xffffffffu) | spread(high & 0xffffffffu) << 8;
        out->bit[4 + b] = spread(low >> 32) | spread(high >> 32) << 8;
    }
    turn_bytes(out);
}

static inline void unpack(struct planes *in, struct block out[AT_ONCE])
{
    turn_bytes(in);
    for (size_t b = 0; b < AT_ONCE; b++) {
        uint64_t even = in->bit[b], odd = in->bit[4 + b];
        out[b].word[0] = gather(even) | gather(odd) << 32;
        out[b].word[1] = gather(even >> 8) | gather(odd >> 8) << 32;
    }
}

static uint32_t sub_word(uint32_t word)
{
    struct planes state = {{word}};
    turn_bytes(&state);
    sub_bytes(&state);
    turn_bytes(&state);
    return (uint32_t)state.bit[0];
}

void block_portable_aes_init(struct block_aes *aes, struct block key)
{
    uint32_t words[4 * (ROUNDS + 1)], constant = 1;
    memcpy(words, &key, sizeof key);
    for (size_t i = 4; i < 4 * (ROUNDS + 1); i++) {
        uint32_t word = words[i - 1];
        if (i % 4 == 0) {
            word = sub_word(word >> 8 | word << 24) ^ constant;
            constant = constant << 1 ^ (constant >> 7) * 0x11bu;
        }
        words[i] = words[i - 4] ^ word;
    }
    memcpy(aes->round_keys, words, sizeof words);
    crypto_wipe(words, sizeof words);
}

static void encrypt_planes(const struct planes keys[ROUNDS + 1], struct planes *state)
{
    add_planes(state, &keys[0]);
    for (size_t round = 1; round < ROUNDS; round++) {
        sub_bytes(state);
        shift_rows(state);
        mix_columns(state);
        add_planes(state, &keys[round]);
    }
    sub_bytes(state);
    shift_rows(state);
    add_planes(state, &keys[ROUNDS]);
}

void block_portable_aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count)
{
    struct planes keys[ROUNDS + 1], state;
    struct block four[AT_ONCE] = {BLOCK_ZERO};
    for (size_t round = 0; round <= ROUNDS; round++) {
        for (size_t b = 0; b < AT_ONCE; b++)
            four[b] = aes->round_keys[round];
        pack(four, &keys[round]);
    }
    for (size_t i = 0; i < count; i += AT_ONCE) {
        size_t some = count - i < AT_ONCE ? count - i : AT_ONCE;
        memcpy(four, in + i, some * sizeof *in);
        pack(four, &state);
        encrypt_planes(keys, &state);
        unpack(&state, four);
        memcpy(out + i, four, some * sizeof *out);
    }
    crypto_wipe(keys, sizeof keys);
    crypto_wipe(four, sizeof four);
}
