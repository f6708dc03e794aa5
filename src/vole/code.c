/* SPDX-License-Identifier: Apache-2.0
 *
 * The code: expand-convolute (Raghuraman, Rindal, Tanguy, eprint 2023/882) in systematic form. Of the noise_count items of a vector the first part,
 * the parity, is convolved twice, with the end running on into the beginning in between; the rest, out_count items, gets
 * for each of its items the sum of `weight` items of the parity, and is the result. Everything happens in place.
 *
 * Convolution (block/code.h): 24 random taps, and one that is always there, with the field element x. Expander: items are taken
 * four at a time, from one cache line, in an order turned by a random amount: a random lift of an expander on a quarter of the
 * items (vole 6.4). Half of its places, rounded up, are drawn from one part of the parity each, the others from all of it.
 *
 * The code is drawn anew for each session, from a hash over BASE, CHOICE and EXTEND.
 */
#include "block/code.h"
#include "vole/inside.h"

enum { WEIGHT_MOST = 21, PERIOD_GROUPS = 16, PERIOD_MOST = PERIOD_GROUPS * WEIGHT_MOST, STEPS = 4096, GROUPS = 512, PIECES_A_RANGE = 8 };
enum { STREAM_TAPS = 0, STREAM_PLACES = 2 };

struct code {
    const struct vole_session *session;
    struct block_aes aes;
    size_t vector_count, parity_count;
    size_t group_count, piece_count; /* groups of the result; pieces of GROUPS groups */
    size_t weight;
    size_t period;                           /* words: PERIOD_GROUPS groups */
    uint32_t first[PERIOD_MOST], choice[PERIOD_MOST]; /* lines: a word's place is first + a number below choice */
};

static void set_up(const struct vole_session *session, struct code *out)
{
    const struct vole_params *params = &session->params;
    *out = (struct code){.session = session,
                         .vector_count = session->config.role == VOLE_RECEIVER ? 2 : 1,
                         .parity_count = params->noise_count - params->out_count,
                         .group_count = params->out_count / BLOCK_GATHER_GROUP,
                         .piece_count = (params->out_count / BLOCK_GATHER_GROUP + GROUPS - 1) / GROUPS,
                         .weight = params->code == VOLE_CODE_7X24 ? 7 : 21};
    vole_transcript_aes(session, "entente/vole/code/v1", VOLE_KIND_EXTEND, &out->aes);
    size_t lines = out->parity_count / BLOCK_GATHER_GROUP, regular = (out->weight + 1) / 2;
    out->period = PERIOD_GROUPS * out->weight;
    for (size_t i = 0; i < out->period; i++) {
        size_t k = i % out->weight;
        out->first[i] = (uint32_t)(k < regular ? k * (lines / regular) : 0);
        out->choice[i] = (uint32_t)(k < regular ? lines / regular : lines);
    }
}

static void draw(const struct code *code, uint64_t stream, size_t first, uint32_t *out, size_t count)
{
    enum { WORDS = VOLE_BLOCK_LEN / sizeof *out };
    block_aes_counter(&code->aes, stream, first / WORDS, (struct block *)(void *)out, (count + WORDS - 1) / WORDS);
}

/* One vector, or two with the same taps. */
static void convolve_once(const struct code *code, struct block *const *vectors, size_t count, uint64_t pass)
{
    _Alignas(64) uint32_t taps[STEPS];
    for (size_t done = 0; done < code->parity_count; done += STEPS) {
        size_t steps = code->parity_count - done < STEPS ? code->parity_count - done : STEPS;
        draw(code, STREAM_TAPS + pass, done, taps, steps);
        if (count == 2)
            block_convolve_two(vectors[0] + done, vectors[1] + done, steps, taps);
        else
            block_convolve(vectors[0] + done, steps, taps);
    }
}

/* The convolution reaches past the parity, into the result's place: what lies there is put aside. */
static void convolve(const struct code *code, struct block *const *vectors, size_t count)
{
    struct block kept[2][BLOCK_CONVOLVE_REACH];
    for (size_t v = 0; v < count; v++)
        memcpy(kept[v], vectors[v] + code->parity_count, sizeof kept[v]);
    for (uint64_t pass = 0; pass < 2; pass++) {
        for (size_t v = 0; v < count; v++)
            memset(vectors[v] + code->parity_count, 0, sizeof kept[v]);
        convolve_once(code, vectors, count, pass);
        for (size_t v = 0; v < count && pass == 0; v++)
            block_xor_into(vectors[v], vectors[v] + code->parity_count, BLOCK_CONVOLVE_REACH);
    }
    for (size_t v = 0; v < count; v++)
        memcpy(vectors[v] + code->parity_count, kept[v], sizeof kept[v]);
    crypto_wipe(kept, sizeof kept);
}

static enum base_code convolve_range(void *context, size_t begin, size_t end)
{
    const struct code *code = context;
    convolve(code, code->session->arrays.vectors + begin, end - begin);
    return BASE_OK;
}

/* Whole periods: what is drawn beyond the groups goes unused. */
static void draw_places(const struct code *code, size_t first_group, uint32_t *places, size_t groups)
{
    size_t count = (groups + PERIOD_GROUPS - 1) / PERIOD_GROUPS * code->period;
    draw(code, STREAM_PLACES, first_group * code->weight, places, count);
    block_places(places, count, code->first, code->choice, code->period);
}

/* Ranges go over the groups of one vector after the other, which has the caches to itself. */
static enum base_code gather_range(void *context, size_t begin, size_t end)
{
    const struct code *code = context;
    _Alignas(64) uint32_t places[GROUPS * WEIGHT_MOST];
    for (size_t piece = begin; piece < end; piece++) {
        struct block *vector = code->session->arrays.vectors[piece / code->piece_count];
        size_t group = piece % code->piece_count * GROUPS, left = code->group_count - group;
        size_t groups = left < GROUPS ? left : GROUPS;
        draw_places(code, group, places, groups);
        block_gather(vector + code->parity_count + group * BLOCK_GATHER_GROUP, groups, vector, places, code->weight);
    }
    return BASE_OK;
}

enum base_code vole_encode(struct vole_session *session)
{
    struct code code;
    set_up(session, &code);
    size_t together = session->config.threads > 1 ? 1 : code.vector_count; /* two take less time together, and less still apart */
    BASE_TRY(base_parallel_for(session->config.threads, code.vector_count, together, convolve_range, &code));
    return base_parallel_for(session->config.threads, code.vector_count * code.piece_count, PIECES_A_RANGE, gather_range, &code);
}
