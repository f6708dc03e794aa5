/* SPDX-License-Identifier: Apache-2.0
 *
 * The code against a second reading of the spec (vole 6.3), item by item and with no care for speed; and how heavy its words are.
 */
#include "block/levels.h"
#include "parties.h"

enum { LENGTH = 2184 };

/* A session that knows its messages' hashes, with random leaves. */
static void open_filled(struct parties *parties, enum vole_code code, uint8_t context)
{
    parties_open(parties, LENGTH, code, context, 1);
    for (int role = 0; role < 2; role++) {
        struct vole_session *session = parties->sessions[role];
        memset(session->hashes, context, sizeof session->hashes);
        fill_blocks(session->arrays.vectors[0], session->params.noise_count, context);
        if (role == VOLE_RECEIVER)
            fill_blocks(session->arrays.vectors[1], session->params.noise_count, context + 1u);
    }
}

struct reading {
    struct block_aes aes;
    size_t parity, result, weight;
};

static struct reading read_code(const struct vole_session *session)
{
    struct reading out = {.parity = session->params.noise_count - session->params.out_count,
                          .result = session->params.out_count,
                          .weight = session->params.code == VOLE_CODE_7X24 ? 7 : 21};
    struct crypto_hash seed;
    const struct base_bytes parts[] = {base_bytes_of(session->binding.bytes, 32), base_bytes_of(session->hashes[1].bytes, 3 * 32)};
    crypto_hash_domain("entente/vole/code/v1", parts, 2, &seed);
    block_aes_init(&out.aes, block_load(seed.bytes));
    return out;
}

static uint32_t word_of(const struct reading *code, uint64_t stream, size_t number)
{
    struct block four;
    uint8_t bytes[16];
    block_aes_counter(&code->aes, stream, number / 4, &four, 1);
    block_store(four, bytes);
    const uint8_t *at = bytes + 4 * (number % 4);
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* One pass, each item looking back; `around` is what came over the end of the pass before. */
static void read_pass(const struct reading *code, struct block *parity, uint64_t pass, struct block around[28])
{
    const struct block x = {{2, 0}};
    struct block after[28] = {BLOCK_ZERO};
    for (size_t to = 0; to < code->parity + 28; to++) {
        struct block *here = to < code->parity ? &parity[to] : &after[to - code->parity];
        if (pass == 1 && to < 28)
            *here = block_xor(*here, around[to]);
        for (size_t back = 1; back <= 28 && back <= to; back++) {
            if (to - back >= code->parity)
                continue;
            if (back <= 24 && (word_of(code, pass, to - back) >> (back - 1) & 1u))
                *here = block_xor(*here, parity[to - back]);
            if (back == 28)
                *here = block_xor(*here, block_gf_multiply(x, parity[to - back]));
        }
    }
    memcpy(around, after, sizeof after);
}

static void read_vector(const struct reading *code, struct block *vector)
{
    struct block around[28] = {BLOCK_ZERO};
    read_pass(code, vector, 0, around);
    read_pass(code, vector, 1, around);
    size_t lines = code->parity / 4, regular = (code->weight + 1) / 2;
    for (size_t i = 0; i < code->result; i++) {
        for (size_t k = 0; k < code->weight; k++) {
            uint32_t word = word_of(code, 2, i / 4 * code->weight + k);
            uint64_t choice = k < regular ? lines / regular : lines;
            uint64_t line = (k < regular ? k * choice : 0) + (uint64_t)((unsigned __int128)word * choice >> 32);
            vector[code->parity + i] = block_xor(vector[code->parity + i], vector[4 * line + (i + word) % 4]);
        }
    }
}

static void check_code(enum vole_code which)
{
    for (int role = 0; role < 2; role++) {
        struct parties parties;
        open_filled(&parties, which, 5);
        struct vole_session *session = parties.sessions[role];
        struct reading code = read_code(session);
        size_t vectors = role == VOLE_RECEIVER ? 2 : 1;
        for (size_t v = 0; v < vectors; v++) {
            struct block *expected = calloc(session->params.noise_count, sizeof *expected);
            fill_blocks(expected, session->params.noise_count, 5 + v);
            read_vector(&code, expected);
            if (v == 0)
                assert_ok(vole_encode(session));
            assert_blocks(expected, session->arrays.vectors[v], session->params.noise_count);
            free(expected);
        }
        parties_close(&parties);
    }
}

static void check_both(void)
{
    check_code(VOLE_CODE_7X24);
    check_code(VOLE_CODE_21X24);
}

static void the_code_is_the_one_of_the_spec(void **state)
{
    (void)state;
    at_every_level(check_both);
}

/* The matrix, column by column: [place of the leaf][item of the result]. */
static struct block *matrix_of(struct parties *parties)
{
    struct vole_session *session = parties->sessions[VOLE_SENDER];
    size_t leaves = session->params.noise_count, items = session->params.out_count;
    struct block *matrix = calloc(leaves * items, sizeof *matrix), *vector = session->arrays.vectors[0];
    for (size_t leaf = 0; leaf < leaves; leaf++) {
        memset(vector, 0, leaves * sizeof *vector);
        vector[leaf] = BLOCK_ONE;
        assert_ok(vole_encode(session));
        memcpy(matrix + leaf * items, vector + leaves - items, items * sizeof *matrix);
    }
    return matrix;
}

static size_t weight_of(const struct block *matrix, size_t leaves, size_t items, const size_t *rows, const struct block *factors, size_t count)
{
    size_t weight = 0;
    for (size_t leaf = 0; leaf < leaves; leaf++) {
        struct block sum = BLOCK_ZERO;
        for (size_t r = 0; r < count; r++)
            sum = block_xor(sum, block_gf_multiply(factors[r], matrix[leaf * items + rows[r]]));
        weight += (sum.word[0] | sum.word[1]) != 0;
    }
    return weight;
}

/* Linear tests that are easy to think of: one item, neighbours with all kinds of factors, some items. None sees less of the noise than
 * the distance that the parameters count with. This finds a broken code, and is no proof of a good one. */
static void light_words(void **state)
{
    (void)state;
    struct parties parties;
    open_filled(&parties, VOLE_CODE_7X24, 6);
    size_t leaves = parties.params.noise_count, items = parties.params.out_count, least = leaves;
    struct block *matrix = matrix_of(&parties);
    struct block factors[4] = {BLOCK_ONE, BLOCK_ONE, BLOCK_ONE, BLOCK_ONE};
    for (size_t row = 0; row + 4 <= items; row++) {
        for (size_t count = 1; count <= 4; count += 3) {
            const size_t rows[4] = {row, row + 1, row + 2, row + 3};
            fill_blocks(factors + 1, 3, row);
            size_t weight = weight_of(matrix, leaves, items, rows, factors, count);
            least = weight < least ? weight : least;
        }
    }
    print_message("# lightest of %zu words: %zu of %zu places\n", 2 * (items - 3), least, leaves);
    assert_true((double)least > 0.4 * (double)leaves);
    free(matrix);
    parties_close(&parties);
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_code_is_the_one_of_the_spec), cmocka_unit_test(light_words)};
    return cmocka_run_group_tests(tests, start, NULL);
}
