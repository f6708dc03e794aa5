/* SPDX-License-Identifier: Apache-2.0
 *
 * The portable compression function, and the padding around whichever is in use.
 */
#include "block/sha.h"

#include "block/kernels.h"
#include "block/portable.h"

enum { ROUNDS = 64, WORDS = 8, BATCH = 32 };

const uint32_t block_sha_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t value, unsigned by)
{
    return value >> by | value << (32 - by);
}

static void compress_one(struct block_sha *state, const uint8_t *piece)
{
    uint32_t w[ROUNDS], v[WORDS];
    for (size_t i = 0; i < 16; i++) {
        memcpy(&w[i], piece + 4 * i, 4);
        w[i] = __builtin_bswap32(w[i]);
    }
    for (size_t i = 16; i < ROUNDS; i++) {
        const uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    memcpy(v, state->words, sizeof v);
    for (size_t i = 0; i < ROUNDS; i++) {
        const uint32_t e = v[4], a = v[0];
        const uint32_t first = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + block_sha_constants[i] + w[i];
        const uint32_t second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(&v[1], &v[0], 7 * sizeof v[0]);
        v[4] += first;
        v[0] = first + second;
    }
    for (size_t i = 0; i < WORDS; i++)
        state->words[i] += v[i];
}

void block_portable_sha_compress(struct block_sha *states, const uint8_t *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        compress_one(&states[i], pieces + i * BLOCK_SHA_LEN);
}

void block_sha_init(struct block_sha *out)
{
    *out = (struct block_sha){
        {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void block_sha_compress(struct block_sha *states, const uint8_t *pieces, size_t count)
{
    block_kernels()->sha_compress(states, pieces, count);
}

/* A tail with its padding: one piece or two. */
static size_t pad(const uint8_t *tail, size_t len, uint64_t bits, uint8_t out[2 * BLOCK_SHA_LEN])
{
    const size_t padded = len + 9 <= BLOCK_SHA_LEN ? BLOCK_SHA_LEN : 2 * BLOCK_SHA_LEN;
    memcpy(out, tail, len);
    out[len] = 0x80;
    memset(out + len + 1, 0, padded - len - 9);
    bits = __builtin_bswap64(bits);
    memcpy(out + padded - 8, &bits, 8);
    return padded / BLOCK_SHA_LEN;
}

static void finish_batch(const struct block_sha *start, uint64_t bits, const uint8_t *tails, size_t stride, size_t len, size_t count,
                         struct crypto_hash *out)
{
    struct block_sha states[BATCH];
    uint8_t pieces[2][BATCH * BLOCK_SHA_LEN], padded[2 * BLOCK_SHA_LEN];
    size_t number = 1;
    for (size_t i = 0; i < count; i++) {
        states[i] = *start;
        number = pad(tails + i * stride, len, bits, padded);
        for (size_t k = 0; k < number; k++)
            memcpy(pieces[k] + i * BLOCK_SHA_LEN, padded + k * BLOCK_SHA_LEN, BLOCK_SHA_LEN);
    }
    for (size_t k = 0; k < number; k++)
        block_sha_compress(states, pieces[k], count);
    for (size_t i = 0; i < count; i++)
        for (size_t word = 0; word < WORDS; word++) {
            const uint32_t value = __builtin_bswap32(states[i].words[word]);
            memcpy(out[i].bytes + 4 * word, &value, 4);
        }
}

void block_sha_finish(const struct block_sha *start, uint64_t start_len, const uint8_t *tails, size_t stride, size_t len,
                      size_t count, struct crypto_hash *out)
{
    for (size_t i = 0; i < count; i += BATCH)
        finish_batch(start, 8 * (start_len + len), tails + i * stride, stride, len, count - i < BATCH ? count - i : BATCH, out + i);
}
