/* SPDX-License-Identifier: Apache-2.0
 *
 * The extension: SoftSpokenOT (Roy, eprint 2022/192) with k = 8. Leaf y of tree i is stretched to a row r_y of base_count items of 128 bits;
 * the receiver adds up u_i = sum of r_y, and for each bit b of y the column v = sum of the r_y with that bit. The sender, whose
 * leaf at place y is the receiver's leaf y ^ Delta_i, gets the columns w = v + bit b of Delta_i times u_i; the leaf it
 * lacks is at place 0 and in no column. The receiver sends u_i + u_0, and so
 *
 *     w = v + Delta[8 i + b] * u      for one u and all 128 columns.
 *
 * Item j of the columns, times x^k for column k, added up: C[j] = B[j] + Delta * u[j] in GF(2^128). The bits of an item, one
 * from each column: 128 correlated transfers with the offset Delta. The check is the paper's, with an inner product over
 * GF(2^128) as hash: the last item masks it.
 */
#include "vole/inside.h"

#include <stdlib.h>

enum { PIECE = 16 }; /* items of a row that are worked on at a time */

struct rows {
    struct block_aes keys[VOLE_PUNCTURED_LEAVES];
    struct block items[VOLE_PUNCTURED_LEAVES][PIECE];
};

static struct block *column_of(const struct vole_session *session, size_t k)
{
    return session->arrays.columns + k * session->params.base_count;
}

/* Halving: what the upper half adds goes into the column of the top bit, and the halves are added. */
static void fold_piece(const struct vole_session *session, struct rows *rows, size_t tree, size_t begin, size_t count)
{
    for (unsigned bit = VOLE_PUNCTURED_DEPTH; bit-- > 0;) {
        size_t half = (size_t)1 << bit;
        struct block *column = column_of(session, tree * VOLE_PUNCTURED_DEPTH + bit) + begin;
        memset(column, 0, count * sizeof *column);
        for (size_t y = half; y < 2 * half; y++) {
            block_xor_into(column, rows->items[y], count);
            block_xor_into(rows->items[y - half], rows->items[y], count);
        }
    }
    if (session->arrays.choices != NULL)
        memcpy(session->arrays.choices + tree * session->params.base_count + begin, rows->items[0], count * sizeof(struct block));
}

static void grow_tree(const struct vole_session *session, struct rows *rows, size_t tree)
{
    const struct block *seeds = session->arrays.seeds + tree * VOLE_PUNCTURED_LEAVES;
    size_t items = session->params.base_count;
    for (size_t y = 0; y < VOLE_PUNCTURED_LEAVES; y++)
        block_aes_init(&rows->keys[y], seeds[y]);
    for (size_t begin = 0; begin < items; begin += PIECE) {
        size_t count = items - begin < PIECE ? items - begin : PIECE;
        for (size_t y = 0; y < VOLE_PUNCTURED_LEAVES; y++)
            block_aes_counter(&rows->keys[y], 0, begin, rows->items[y], count);
        fold_piece(session, rows, tree, begin, count);
    }
}

static enum base_code grow_range(void *context, size_t begin, size_t end)
{
    const struct vole_session *session = context;
    struct rows *rows = aligned_alloc(64, (sizeof *rows + 63) / 64 * 64);
    if (rows == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the rows of the extension");
    for (size_t tree = begin; tree < end; tree++)
        grow_tree(session, rows, tree);
    crypto_wipe(rows, sizeof *rows);
    free(rows);
    return BASE_OK;
}

enum base_code vole_extend_grow(struct vole_session *session)
{
    return base_parallel_for(session->config.threads, VOLE_PUNCTURED, 1, grow_range, session);
}

void vole_extend_differences(const struct vole_session *session, uint8_t *columns)
{
    size_t items = session->params.base_count;
    const struct block *choices = session->arrays.choices;
    for (size_t tree = 1; tree < VOLE_PUNCTURED; tree++)
        for (size_t j = 0; j < items; j++, columns += VOLE_BLOCK_LEN)
            block_store(block_xor(choices[j], choices[tree * items + j]), columns);
}

void vole_extend_correct(struct vole_session *session, struct base_bytes columns)
{
    size_t items = session->params.base_count;
    for (size_t k = VOLE_PUNCTURED_DEPTH; k < VOLE_BITS; k++) {
        const uint8_t *difference = columns.data + (k / VOLE_PUNCTURED_DEPTH - 1) * items * VOLE_BLOCK_LEN;
        struct block *column = column_of(session, k), mask = block_mask(block_bit(session->delta, (unsigned)k));
        for (size_t j = 0; j < items; j++)
            column[j] = block_xor(column[j], block_and(mask, block_load(difference + j * VOLE_BLOCK_LEN)));
    }
}

void vole_extend_challenge(const struct crypto_hash *transcript, struct base_bytes message, struct crypto_hash *out)
{
    struct crypto_hash hash;
    crypto_sha256(&message, 1, &hash);
    const struct base_bytes parts[] = {base_bytes_of(transcript->bytes, sizeof transcript->bytes), base_bytes_of(hash.bytes, sizeof hash.bytes)};
    crypto_hash_domain("entente/vole/extend-challenge/v1", parts, 2, out);
}

static void draw_chi(struct vole_session *session, const struct crypto_hash *challenge)
{
    struct block_aes aes;
    block_aes_init(&aes, block_load(challenge->bytes));
    block_aes_counter(&aes, 0, 0, session->arrays.chi, session->params.base_count - 1);
}

static struct block hash_items(const struct vole_session *session, const struct block *items)
{
    size_t last = session->params.base_count - 1;
    return block_xor(block_gf_dot(session->arrays.chi, items, last), items[last]);
}

void vole_extend_answer(struct vole_session *session, const struct crypto_hash *challenge, struct vole_extend_tail *out)
{
    draw_chi(session, challenge);
    out->choices = hash_items(session, session->arrays.choices);
    for (size_t k = 0; k < VOLE_BITS; k++)
        out->columns[k] = hash_items(session, column_of(session, k));
}

enum base_code vole_extend_check(struct vole_session *session, const struct crypto_hash *challenge, const struct vole_extend_tail *tail)
{
    struct block wrong = BLOCK_ZERO;
    draw_chi(session, challenge);
    for (size_t k = 0; k < VOLE_BITS; k++) {
        struct block expected = block_xor(tail->columns[k], block_and(block_mask(block_bit(session->delta, (unsigned)k)), tail->choices));
        struct block differ = block_xor(expected, hash_items(session, column_of(session, k)));
        wrong.word[0] |= differ.word[0];
        wrong.word[1] |= differ.word[1];
    }
    const struct block zero = BLOCK_ZERO;
    if (!block_equal(&wrong, &zero))
        return base_fail(BASE_E_PROOF, "the columns of the extension do not belong together");
    return BASE_OK;
}

/* Rows: square after square of 128 x 128 bits, one item of each column. */
static void transpose_rows(const struct vole_session *session, size_t first, size_t squares)
{
    for (size_t s = 0; s < squares; s++) {
        struct block *square = session->arrays.rows + s * VOLE_BITS;
        for (size_t k = 0; k < VOLE_BITS; k++)
            square[k] = column_of(session, k)[first + s];
        block_transpose(square);
    }
}

/* Where the noise is: the side of each level that the receiver does not know is the one it did not choose. */
static uint64_t place_of(const struct vole_session *session, size_t tree)
{
    const struct block *choices = session->arrays.choices + session->params.tree_count + 1;
    unsigned depth = session->params.tree_depth;
    uint64_t place = 0;
    for (unsigned level = 0; level < depth; level++) {
        size_t row = tree * depth + level;
        place |= (uint64_t)(block_bit(choices[row / VOLE_BITS], row % VOLE_BITS) ^ 1u) << level;
    }
    return place;
}

void vole_extend_finish(struct vole_session *session)
{
    const struct vole_params *params = &session->params;
    size_t composed = params->is_direct ? params->count : params->tree_count + 1;
    memset(session->arrays.base, 0, composed * sizeof(struct block));
    for (unsigned k = 0; k < VOLE_BITS; k++) {
        struct block power = BLOCK_ZERO;
        power.word[k / 64] = (uint64_t)1 << k % 64;
        block_gf_multiply_add(session->arrays.base, column_of(session, k), power, composed);
    }
    if (params->is_direct)
        return;
    transpose_rows(session, composed, params->base_count - composed - 1);
    if (session->config.role != VOLE_RECEIVER)
        return;
    memcpy(session->arrays.errors, session->arrays.choices, composed * sizeof(struct block));
    for (size_t tree = 0; tree < params->tree_count; tree++)
        session->arrays.places[tree] = place_of(session, tree);
}
