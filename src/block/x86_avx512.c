/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels with AVX-512, VAES and VPCLMULQDQ: four blocks in a register, sixteen under way at a time. What does not fill a
 * register is loaded and stored under a mask.
 */
#include "block/kernels.h"

#include <immintrin.h>

enum { LANES = 4, REGISTERS = 4, WIDE = LANES * REGISTERS, ROUNDS = 10 };

/* Two mask bits for each of the first `count` blocks, at most four. */
static inline __mmask8 mask_for(size_t count)
{
    return _cvtu32_mask8(count >= LANES ? 0xffu : (1u << (2 * count)) - 1u);
}

static inline __m512i load(const struct block *in)
{
    return _mm512_loadu_si512(in);
}

static inline void store(struct block *out, __m512i value)
{
    _mm512_storeu_si512(out, value);
}

static inline __m512i broadcast(const struct block *in)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)in));
}

static inline struct block add_lanes(__m512i x)
{
    struct block lanes[LANES];
    store(lanes, x);
    return block_xor(block_xor(lanes[0], lanes[1]), block_xor(lanes[2], lanes[3]));
}

struct keys {
    __m512i round[ROUNDS + 1];
};

static inline struct keys load_keys(const struct block_aes *aes)
{
    struct keys keys;
    for (size_t round = 0; round <= ROUNDS; round++)
        keys.round[round] = broadcast(&aes->round_keys[round]);
    return keys;
}

static inline void encrypt_wide(const struct keys *keys, __m512i x[REGISTERS])
{
    for (size_t i = 0; i < REGISTERS; i++)
        x[i] = _mm512_xor_si512(x[i], keys->round[0]);
#pragma GCC unroll 9
    for (size_t round = 1; round < ROUNDS; round++)
        for (size_t i = 0; i < REGISTERS; i++)
            x[i] = _mm512_aesenc_epi128(x[i], keys->round[round]);
    for (size_t i = 0; i < REGISTERS; i++)
        x[i] = _mm512_aesenclast_epi128(x[i], keys->round[ROUNDS]);
}

static inline size_t left_for(size_t count, size_t register_index)
{
    size_t before = register_index * LANES;
    return count > before ? count - before : 0;
}

static inline void load_wide(const struct block *in, size_t count, __m512i x[REGISTERS])
{
    if (count >= WIDE) {
        for (size_t i = 0; i < REGISTERS; i++)
            x[i] = load(in + i * LANES);
        return;
    }
    for (size_t i = 0; i < REGISTERS; i++) {
        size_t left = left_for(count, i);
        x[i] = left == 0 ? _mm512_setzero_si512() : _mm512_maskz_loadu_epi64(mask_for(left), in + i * LANES);
    }
}

static inline void store_wide(struct block *out, size_t count, const __m512i x[REGISTERS])
{
    if (count >= WIDE) {
        for (size_t i = 0; i < REGISTERS; i++)
            store(out + i * LANES, x[i]);
        return;
    }
    for (size_t i = 0; i < REGISTERS; i++) {
        size_t left = left_for(count, i);
        if (left > 0)
            _mm512_mask_storeu_epi64(out + i * LANES, mask_for(left), x[i]);
    }
}

static void aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count)
{
    struct keys keys = load_keys(aes);
    __m512i x[REGISTERS];
    for (size_t done = 0; done < count; done += WIDE) {
        load_wide(in + done, count - done, x);
        encrypt_wide(&keys, x);
        store_wide(out + done, count - done, x);
    }
}

static inline __m512i counters(uint64_t stream, uint64_t first)
{
    __m512i base = _mm512_set_epi64((long long)stream, (long long)first, (long long)stream, (long long)first, (long long)stream,
                                    (long long)first, (long long)stream, (long long)first);
    return _mm512_add_epi64(base, _mm512_set_epi64(0, 3, 0, 2, 0, 1, 0, 0));
}

static void aes_counter(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count)
{
    struct keys keys = load_keys(aes);
    __m512i number = counters(stream, first), step = _mm512_set_epi64(0, LANES, 0, LANES, 0, LANES, 0, LANES);
    __m512i x[REGISTERS];
    for (size_t done = 0; done < count; done += WIDE) {
        for (size_t i = 0; i < REGISTERS; i++) {
            x[i] = number;
            number = _mm512_add_epi64(number, step);
        }
        encrypt_wide(&keys, x);
        store_wide(out + done, count - done, x);
    }
}

/* (hi ^ lo, hi) */
static inline __m512i turned(__m512i x)
{
    return _mm512_mask_xor_epi64(_mm512_shuffle_epi32(x, (_MM_PERM_ENUM)0x4e), 0xaa, x, _mm512_shuffle_epi32(x, (_MM_PERM_ENUM)0x4e));
}

static inline void hash_wide(const struct keys *keys, __m512i x[REGISTERS])
{
    __m512i kept[REGISTERS];
    for (size_t i = 0; i < REGISTERS; i++)
        x[i] = kept[i] = turned(x[i]);
    encrypt_wide(keys, x);
    for (size_t i = 0; i < REGISTERS; i++)
        x[i] = _mm512_xor_si512(x[i], kept[i]);
}

static void hash_circular(const struct block_aes *pi, const struct block *in, struct block *out, size_t count)
{
    struct keys keys = load_keys(pi);
    __m512i x[REGISTERS];
    for (size_t done = 0; done < count; done += WIDE) {
        load_wide(in + done, count - done, x);
        hash_wide(&keys, x);
        store_wide(out + done, count - done, x);
    }
}

static void hash_tweaked(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count)
{
    struct keys keys = load_keys(pi);
    __m512i x[REGISTERS], once[REGISTERS];
    for (size_t done = 0; done < count; done += WIDE) {
        load_wide(in + done, count - done, x);
        encrypt_wide(&keys, x);
        for (size_t i = 0; i < REGISTERS; i++) {
            once[i] = x[i];
            x[i] = _mm512_xor_si512(x[i], counters(0, first + done + i * LANES));
        }
        encrypt_wide(&keys, x);
        for (size_t i = 0; i < REGISTERS; i++)
            x[i] = _mm512_xor_si512(x[i], once[i]);
        store_wide(out + done, count - done, x);
    }
}

static void xor_into(struct block *out, const struct block *in, size_t count)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        store(out + i, _mm512_xor_si512(load(out + i), load(in + i)));
    for (; i < count; i++)
        out[i] = block_xor(out[i], in[i]);
}

static struct block sum(const struct block *in, size_t count)
{
    __m512i a = _mm512_setzero_si512(), b = a;
    size_t i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
        a = _mm512_xor_si512(a, load(in + i));
        b = _mm512_xor_si512(b, load(in + i + LANES));
    }
    struct block total = add_lanes(_mm512_xor_si512(a, b));
    for (; i < count; i++)
        total = block_xor(total, in[i]);
    return total;
}

static void add_at(struct block *in, size_t count, size_t index, struct block value)
{
    const __m512i wanted = _mm512_set1_epi64((long long)index), step = _mm512_set1_epi64(LANES), four = broadcast(&value);
    __m512i number = _mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0);
    for (size_t i = 0; i < count; i += LANES) {
        __mmask8 inside = mask_for(count - i);
        __m512i x = _mm512_maskz_loadu_epi64(inside, in + i);
        x = _mm512_mask_xor_epi64(x, _mm512_cmpeq_epi64_mask(number, wanted), x, four);
        _mm512_mask_storeu_epi64(in + i, inside, x);
        number = _mm512_add_epi64(number, step);
    }
}

/* What lies beyond `count` is zero when it is loaded, and must not be added. */
static inline __m512i add_wide(__m512i total, size_t count, const __m512i x[REGISTERS])
{
    for (size_t i = 0; i < REGISTERS; i++)
        total = _mm512_mask_xor_epi64(total, mask_for(left_for(count, i)), total, x[i]);
    return total;
}

static struct block_sides tree_halve(const struct block_aes *pi, struct block *nodes, size_t count)
{
    struct keys keys = load_keys(pi);
    __m512i x[REGISTERS], right[REGISTERS], left_total = _mm512_setzero_si512(), right_total = left_total;
    for (size_t done = 0; done < count; done += WIDE) {
        load_wide(nodes + done, count - done, x);
        for (size_t i = 0; i < REGISTERS; i++)
            right[i] = x[i];
        hash_wide(&keys, x);
        for (size_t i = 0; i < REGISTERS; i++)
            right[i] = _mm512_xor_si512(right[i], x[i]);
        store_wide(nodes + done, count - done, x);
        store_wide(nodes + count + done, count - done, right);
        left_total = add_wide(left_total, count - done, x);
        right_total = add_wide(right_total, count - done, right);
    }
    return (struct block_sides){add_lanes(left_total), add_lanes(right_total)};
}

static struct block_sides tree_double(const struct block_aes *pi, struct block *nodes, size_t count)
{
    struct keys keys = load_keys(pi);
    const __m512i one = _mm512_set_epi64(0, 1, 0, 1, 0, 1, 0, 1);
    __m512i x[REGISTERS], right[REGISTERS], left_total = _mm512_setzero_si512(), right_total = left_total;
    for (size_t done = 0; done < count; done += WIDE) {
        load_wide(nodes + done, count - done, x);
        for (size_t i = 0; i < REGISTERS; i++)
            right[i] = _mm512_xor_si512(x[i], one);
        hash_wide(&keys, x);
        hash_wide(&keys, right);
        store_wide(nodes + done, count - done, x);
        store_wide(nodes + count + done, count - done, right);
        left_total = add_wide(left_total, count - done, x);
        right_total = add_wide(right_total, count - done, right);
    }
    return (struct block_sides){add_lanes(left_total), add_lanes(right_total)};
}

static inline __m512i times_x(__m512i a)
{
    __m512i carries = _mm512_srli_epi64(a, 63);
    __m512i up = _mm512_bslli_epi128(carries, 8), round = _mm512_bsrli_epi128(carries, 8); /* from word 0, from word 1 */
    __mmask8 folds = _mm512_test_epi64_mask(round, round);
    __m512i doubled = _mm512_or_si512(_mm512_add_epi64(a, a), up);
    return _mm512_mask_xor_epi64(doubled, folds, doubled, _mm512_set1_epi64(0x87));
}

enum { WINDOW = BLOCK_CONVOLVE_REACH / LANES };

/* Which lanes of the window a tap's bits mean: two bits for a block of two words. */
static inline uint64_t lanes_of(uint32_t bits)
{
    return _pdep_u64(bits, 0x5555555555555555u) * 3;
}

/* Adds the block in all lanes of `element` to the lanes of the window that are meant. */
static inline void add_under(__m512i window[WINDOW], __m512i element, uint64_t lanes)
{
    for (size_t w = 0; w < WINDOW; w++)
        window[w] = _mm512_mask_xor_epi64(window[w], _cvtu32_mask8((uint32_t)(lanes >> (8 * w)) & 0xffu), window[w], element);
}

static inline void window_load(const struct block *elements, __m512i window[WINDOW])
{
    for (size_t w = 0; w < WINDOW; w++)
        window[w] = load(elements + LANES * w);
}

static inline void window_store(struct block *elements, const __m512i window[WINDOW])
{
    for (size_t w = 0; w < WINDOW; w++)
        store(elements + LANES * w, window[w]);
}

/* The first register is finished; the window moves on by it. */
static inline void window_move(struct block *elements, __m512i window[WINDOW])
{
    store(elements, window[0]);
    __m512i entering = _mm512_xor_si512(load(elements + BLOCK_CONVOLVE_REACH), times_x(window[0]));
    for (size_t w = 0; w + 1 < WINDOW; w++)
        window[w] = window[w + 1];
    window[WINDOW - 1] = entering;
}

enum { CHOSEN = (1 << BLOCK_CONVOLVE_TAPS) - 1 };

/* Lane `lane` of the first register, in all lanes. */
#define SPREAD(window, lane) _mm512_shuffle_i64x2((window)[0], (window)[0], (lane) * 0x55)

static void convolve(struct block *elements, size_t count, const uint32_t *taps)
{
    __m512i window[WINDOW];
    window_load(elements, window);
    for (size_t i = 0; i < count; i += LANES) {
        add_under(window, SPREAD(window, 0), lanes_of((taps[i] & CHOSEN) << 1));
        add_under(window, SPREAD(window, 1), lanes_of((taps[i + 1] & CHOSEN) << 2));
        add_under(window, SPREAD(window, 2), lanes_of((taps[i + 2] & CHOSEN) << 3));
        add_under(window, SPREAD(window, 3), lanes_of((taps[i + 3] & CHOSEN) << 4));
        window_move(elements + i, window);
    }
    window_store(elements + count, window);
}

static inline void add_under_both(__m512i one[WINDOW], __m512i other[WINDOW], __m512i element_one, __m512i element_other, uint64_t lanes)
{
    for (size_t w = 0; w < WINDOW; w++) {
        __mmask8 mask = _cvtu32_mask8((uint32_t)(lanes >> (8 * w)) & 0xffu);
        one[w] = _mm512_mask_xor_epi64(one[w], mask, one[w], element_one);
        other[w] = _mm512_mask_xor_epi64(other[w], mask, other[w], element_other);
    }
}

static void convolve_two(struct block *one, struct block *other, size_t count, const uint32_t *taps)
{
    __m512i first[WINDOW], second[WINDOW];
    window_load(one, first);
    window_load(other, second);
    for (size_t i = 0; i < count; i += LANES) {
        add_under_both(first, second, SPREAD(first, 0), SPREAD(second, 0), lanes_of((taps[i] & CHOSEN) << 1));
        add_under_both(first, second, SPREAD(first, 1), SPREAD(second, 1), lanes_of((taps[i + 1] & CHOSEN) << 2));
        add_under_both(first, second, SPREAD(first, 2), SPREAD(second, 2), lanes_of((taps[i + 2] & CHOSEN) << 3));
        add_under_both(first, second, SPREAD(first, 3), SPREAD(second, 3), lanes_of((taps[i + 3] & CHOSEN) << 4));
        window_move(one + i, first);
        window_move(other + i, second);
    }
    window_store(one + count, first);
    window_store(other + count, second);
}

enum { WORDS = 16 };

static void places(uint32_t *words, size_t count, const uint32_t *first, const uint32_t *choice, size_t period)
{
    for (size_t done = 0; done < count; done += period) {
        for (size_t j = 0; j < period; j += WORDS) {
            __m512i word = _mm512_loadu_si512(words + done + j), factor = _mm512_loadu_si512(choice + j);
            __m512i even = _mm512_srli_epi64(_mm512_mul_epu32(word, factor), 32);
            __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(word, 32), _mm512_srli_epi64(factor, 32));
            __m512i line = _mm512_add_epi32(_mm512_mask_blend_epi32(0xaaaa, even, odd), _mm512_loadu_si512(first + j));
            __m512i place = _mm512_or_si512(_mm512_slli_epi32(line, 2), _mm512_and_si512(word, _mm512_set1_epi32(3)));
            _mm512_storeu_si512(words + done + j, place);
        }
    }
}

enum { AHEAD = 16 }; /* groups whose lines are on their way, into the second cache: the first is too small for them */

static inline __m512i turned_line(const struct block *elements, uint32_t place)
{
    static const uint64_t turns[BLOCK_GATHER_GROUP][8] = {
        {0, 1, 2, 3, 4, 5, 6, 7}, {2, 3, 4, 5, 6, 7, 0, 1}, {4, 5, 6, 7, 0, 1, 2, 3}, {6, 7, 0, 1, 2, 3, 4, 5}};
    return _mm512_permutexvar_epi64(_mm512_loadu_si512(turns[place & 3u]), load(elements + (place & ~(uint32_t)3)));
}

static inline void gather_weight(struct block *out, size_t groups, const struct block *elements, const uint32_t *places,
                                 size_t weight)
{
    for (size_t g = 0; g < groups; g++, out += BLOCK_GATHER_GROUP, places += weight) {
        __m512i total = load(out);
        if (g + AHEAD < groups)
            for (size_t k = 0; k < weight; k++)
                _mm_prefetch((const char *)(elements + places[AHEAD * weight + k]), _MM_HINT_T1);
        for (size_t k = 0; k < weight; k++)
            total = _mm512_xor_si512(total, turned_line(elements, places[k]));
        store(out, total);
    }
}

static void gather(struct block *out, size_t groups, const struct block *elements, const uint32_t *places, size_t weight)
{
    if (weight == 7) /* so that the loop has a constant to unroll by */
        gather_weight(out, groups, elements, places, 7);
    else if (weight == 21)
        gather_weight(out, groups, elements, places, 21);
    else
        gather_weight(out, groups, elements, places, weight);
}

static struct block pick(const struct block *in, size_t count, size_t index)
{
    const __m512i wanted = _mm512_set1_epi64((long long)index), step = _mm512_set1_epi64(LANES);
    __m512i number = _mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0), total = _mm512_setzero_si512();
    for (size_t i = 0; i < count; i += LANES) {
        __m512i x = _mm512_maskz_loadu_epi64(mask_for(count - i), in + i);
        total = _mm512_mask_xor_epi64(total, _mm512_cmpeq_epi64_mask(number, wanted), total, x);
        number = _mm512_add_epi64(number, step);
    }
    return add_lanes(total);
}

/* Products before reduction; sums of them are reduced together. */
struct wide {
    __m512i low, middle, high;
};

static inline struct wide wide_zero(void)
{
    return (struct wide){_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
}

enum { XOR_THREE = 0x96 }; /* the truth table of a ^ b ^ c */

static inline void add_product(struct wide *total, __m512i a, __m512i b)
{
    total->low = _mm512_xor_si512(total->low, _mm512_clmulepi64_epi128(a, b, 0x00));
    total->high = _mm512_xor_si512(total->high, _mm512_clmulepi64_epi128(a, b, 0x11));
    total->middle = _mm512_ternarylogic_epi64(total->middle, _mm512_clmulepi64_epi128(a, b, 0x01),
                                              _mm512_clmulepi64_epi128(a, b, 0x10), XOR_THREE);
}

static inline __m512i reduce(struct wide a)
{
    const __m512i polynomial = _mm512_set1_epi64(0x87);
    __m512i low = _mm512_xor_si512(a.low, _mm512_bslli_epi128(a.middle, 8));
    __m512i high = _mm512_xor_si512(a.high, _mm512_bsrli_epi128(a.middle, 8));
    __m512i top = _mm512_clmulepi64_epi128(high, polynomial, 0x01);
    high = _mm512_xor_si512(high, _mm512_bsrli_epi128(top, 8));
    return _mm512_ternarylogic_epi64(low, _mm512_bslli_epi128(top, 8), _mm512_clmulepi64_epi128(high, polynomial, 0x00),
                                     XOR_THREE);
}

static inline __m512i product(__m512i a, __m512i b)
{
    struct wide total = wide_zero();
    add_product(&total, a, b);
    return reduce(total);
}

static struct block dot(const struct block *a, const struct block *b, size_t count)
{
    struct wide even = wide_zero(), odd = wide_zero();
    size_t i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
        add_product(&even, load(a + i), load(b + i));
        add_product(&odd, load(a + i + LANES), load(b + i + LANES));
    }
    for (; i < count; i += LANES) {
        __mmask8 inside = mask_for(count - i);
        add_product(&even, _mm512_maskz_loadu_epi64(inside, a + i), _mm512_maskz_loadu_epi64(inside, b + i));
    }
    even.low = _mm512_xor_si512(even.low, odd.low);
    even.middle = _mm512_xor_si512(even.middle, odd.middle);
    even.high = _mm512_xor_si512(even.high, odd.high);
    return add_lanes(reduce(even));
}

static void scale(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    __m512i factor = broadcast(&scalar);
    for (size_t i = 0; i < count; i += LANES) {
        __mmask8 inside = mask_for(count - i);
        _mm512_mask_storeu_epi64(out + i, inside, product(_mm512_maskz_loadu_epi64(inside, in + i), factor));
    }
}

static void multiply_add(struct block *out, const struct block *in, struct block scalar, size_t count)
{
    __m512i factor = broadcast(&scalar);
    for (size_t i = 0; i < count; i += LANES) {
        __mmask8 inside = mask_for(count - i);
        __m512i added = product(_mm512_maskz_loadu_epi64(inside, in + i), factor);
        _mm512_mask_storeu_epi64(out + i, inside, _mm512_xor_si512(_mm512_maskz_loadu_epi64(inside, out + i), added));
    }
}

static void multiply_each(struct block *out, const struct block *a, const struct block *b, size_t count)
{
    for (size_t i = 0; i < count; i += LANES) {
        __mmask8 inside = mask_for(count - i);
        __m512i x = _mm512_maskz_loadu_epi64(inside, a + i), y = _mm512_maskz_loadu_epi64(inside, b + i);
        _mm512_mask_storeu_epi64(out + i, inside, product(x, y));
    }
}

void block_kernels_avx512(struct block_kernels *kernels)
{
    kernels->aes_encrypt = aes_encrypt;
    kernels->aes_counter = aes_counter;
    kernels->hash_circular = hash_circular;
    kernels->hash_tweaked = hash_tweaked;
    kernels->xor_into = xor_into;
    kernels->sum = sum;
    kernels->add_at = add_at;
    kernels->pick = pick;
    kernels->dot = dot;
    kernels->scale = scale;
    kernels->multiply_add = multiply_add;
    kernels->multiply_each = multiply_each;
    kernels->tree_halve = tree_halve;
    kernels->tree_double = tree_double;
    kernels->convolve = convolve;
    kernels->convolve_two = convolve_two;
    kernels->places = places;
    kernels->gather = gather;
}
