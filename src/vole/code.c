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

enum { WEIGHT_MOST = 21, STEPS = 4096, GROUPS = 512, PIECES_A_RANGE = 8 };
enum { STREAM_TAPS = 0, STREAM_PLACES = 2 };

struct code {
    const struct vole_session *session;
    struct block_aes aes;
    size_t vector_count, parity_count;
    size_t group_count, piece_count; /* groups of the result; pieces of GROUPS groups */
    size_t weight;
    uint64_t first[WEIGHT_MOST], choice[WEIGHT_MOST]; /* lines: place k is first[k] + a number below choice[k] */
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
    uint64_t lines = out->parity_count / BLOCK_GATHER_GROUP;
    size_t regular = (out->weight + 1) / 2;
    for (size_t k = 0; k < out->weight; k++) {
        out->first[k] = k < regular ? k * (lines / regular) : 0;
        out->choice[k] = k < regular ? lines / regular : lines;
    }
}

static void draw(const struct code *code, uint64_t stream, size_t first, uint32_t *out, size_t count)
{
    enum { WORDS = VOLE_BLOCK_LEN / sizeof *out };
    block_aes_counter(&code->aes, stream, first / WORDS, (struct block *)(void *)out, (count + WORDS - 1) / WORDS);
}

static void convolve_once(const struct code *code, struct block *parity, uint64_t pass)
{
    _Alignas(64) uint32_t taps[STEPS];
    for (size_t done = 0; done < code->parity_count; done += STEPS) {
        size_t count = code->parity_count - done < STEPS ? code->parity_count - done : STEPS;
        draw(code, STREAM_TAPS + pass, done, taps, count);
        block_convolve(parity + done, count, taps);
    }
}

/* The convolution reaches past the parity, into the result's place: what lies there is put aside. */
static void convolve(const struct code *code, struct block *vector)
{
    struct block *beyond = vector + code->parity_count;
    struct block kept[BLOCK_CONVOLVE_REACH];
    memcpy(kept, beyond, sizeof kept);
    for (uint64_t pass = 0; pass < 2; pass++) {
        memset(beyond, 0, sizeof kept);
        convolve_once(code, vector, pass);
        if (pass == 0)
            block_xor_into(vector, beyond, BLOCK_CONVOLVE_REACH);
    }
    memcpy(beyond, kept, sizeof kept);
    crypto_wipe(kept, sizeof kept);
}

static enum base_code convolve_range(void *context, size_t begin, size_t end)
{
    const struct code *code = context;
    for (size_t v = begin; v < end; v++)
        convolve(code, code->session->arrays.vectors[v]);
    return BASE_OK;
}

static void draw_places(const struct code *code, size_t first_group, uint32_t *places, size_t groups)
{
    draw(code, STREAM_PLACES, first_group * code->weight, places, groups * code->weight);
    for (size_t g = 0; g < groups; g++) {
        uint32_t *place = places + g * code->weight;
        for (size_t k = 0; k < code->weight; k++) {
            uint64_t line = code->first[k] + (place[k] * code->choice[k] >> 32);
            place[k] = (uint32_t)line * BLOCK_GATHER_GROUP + place[k] % BLOCK_GATHER_GROUP;
        }
    }
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
    BASE_TRY(base_parallel_for(session->config.threads, code.vector_count, 1, convolve_range, &code));
    return base_parallel_for(session->config.threads, code.vector_count * code.piece_count, PIECES_A_RANGE, gather_range, &code);
}
