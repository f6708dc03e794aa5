/* SPDX-License-Identifier: Apache-2.0
 *
 * Encoding: Gauss's elimination of a band matrix, strip by strip. Rows come in the order of their starts. Each is reduced by
 * the rows that own its leading slot until it leads in a slot that nobody owns, and owns that one. Then the slots are
 * solved from the last to the first: an owned slot is what its row demands, a free one is random.
 *
 * Invariant of the reduction: a row that leads in slot p ends before p + 256, because every row added to it started at p or
 * before. So bit p mod 256 is never needed for two slots at once, and rows are added without shifting.
 */
#include "okvs/okvs.h"

#include "base/parallel.h"
#include "crypto/secret.h"
#include "okvs/rows.h"

typedef uint64_t row_vector __attribute__((vector_size(32), may_alias));

struct encode {
    const struct okvs_params *params;
    const struct block *keys, *values;
    size_t count;
    struct block *slots;
    struct block_aes aes, filler;
    uint8_t *arena;
    unsigned workers;
};

enum { ARENA_ALIGN = 64 };

static unsigned worker_count(const struct okvs_params *params, unsigned threads)
{
    const uint64_t workers = threads < params->strips ? threads : params->strips;
    return workers == 0 ? 1 : (unsigned)workers;
}

static size_t strip_bytes(const struct okvs_params *params)
{
    return params->strip_slots * sizeof(struct okvs_row);
}

/* A strip being solved. rows[p] is all zero, or leads in slot p: its bit p mod 256 is set, and none before. */
struct strip {
    struct okvs_row *rows;
    struct block *slots; /* the right side of each row until it is solved */
    uint64_t slot_count;
};

/* Finds an owner for one row that starts at slot `at`. False when it contradicts the rows that are there. */
static bool strip_add(struct strip *strip, uint64_t at, const struct okvs_row *row, struct block value)
{
    row_vector bits = *(const row_vector *)row;
    okvs_vector sum = *(const okvs_vector *)&value;
    uint64_t word_slot = at & ~(uint64_t)63, word = row->word[at / 64 % 4];
    const uint64_t before = ((uint64_t)1 << at % 64) - 1;
    word &= ~before; /* they belong to the slots 256 further on, and come up in the fifth word */
    for (unsigned words = 0; words < 5; words++) {
        while (word != 0) {
            const uint64_t slot = word_slot + (unsigned)__builtin_ctzll(word);
            struct okvs_row *owned = &strip->rows[slot];
            const uint64_t owned_word = owned->word[word_slot / 64 % 4];
            if ((owned_word >> slot % 64 & 1) == 0) {
                *(row_vector *)owned = bits;
                *(okvs_vector *)&strip->slots[slot] = sum;
                return true;
            }
            bits ^= *(const row_vector *)owned;
            sum ^= *(const okvs_vector *)&strip->slots[slot];
            word ^= owned_word & ~(((uint64_t)1 << slot % 64) - 1);
        }
        word_slot += 64;
        word = bits[word_slot / 64 % 4];
    }
    return (sum[0] | sum[1]) == 0;
}

/* Random blocks, made some at a time. */
struct filler {
    struct block_aes aes;
    struct block blocks[OKVS_BATCH];
    uint64_t stream, used;
};

static struct block filler_next(struct filler *filler)
{
    const size_t at = filler->used % OKVS_BATCH;
    if (at == 0)
        block_aes_counter(&filler->aes, filler->stream, filler->used, filler->blocks, OKVS_BATCH);
    filler->used++;
    return filler->blocks[at];
}

/* Reads all rows of one batch and reduces them. *at moves behind the strip's last key. */
static enum base_code strip_reduce(const struct encode *job, struct strip *strip, uint64_t index, size_t at, size_t end)
{
    const struct okvs_params *params = job->params;
    const uint64_t all_starts = params->strips * params->strip_starts, first = index * params->strip_starts;
    struct okvs_row rows[OKVS_BATCH];
    uint64_t last = 0;
    for (; at < end; at += OKVS_BATCH) {
        const size_t count = end - at < OKVS_BATCH ? end - at : OKVS_BATCH;
        okvs_rows_make(&job->aes, job->keys + at, count, rows);
        for (size_t i = 0; i < count; i++) {
            const uint64_t start = okvs_start(all_starts, job->keys[at + i]) - first;
            if (start < last || start >= params->strip_starts)
                return base_fail(BASE_E_ARGUMENT, "keys to encode are not sorted");
            last = start;
            if (!strip_add(strip, start * OKVS_ALIGN, &rows[i], job->values[at + i]))
                return base_fail(BASE_E_INTERNAL, "a set of keys could not be encoded");
        }
    }
    return BASE_OK;
}

/* Solves the four slots of a group, the last one first. The window knows all slots behind them. */
static void group_solve(struct strip *strip, struct okvs_window *window, struct filler *filler, uint64_t slot)
{
    okvs_vector *slots = (okvs_vector *)&strip->slots[slot];
    const uint64_t word = slot / 64 % 4, shift = slot % 64;
    unsigned bits[OKVS_GROUP];
    bool is_free[OKVS_GROUP];
    for (size_t i = 0; i < OKVS_GROUP; i++) {
        struct okvs_row row = strip->rows[slot + i];
        bits[i] = (unsigned)(row.word[word] >> shift) & 15u;
        is_free[i] = (bits[i] >> i & 1) == 0;
        row.word[word] &= ~((uint64_t)15 << shift);
        if (is_free[i])
            *(struct block *)&slots[i] = filler_next(filler);
        else
            slots[i] ^= okvs_window_sum(window, row.word);
    }
    for (size_t i = OKVS_GROUP; i-- > 0;)
        for (size_t k = i + 1; k < OKVS_GROUP; k++)
            if (!is_free[i] && (bits[i] >> k & 1) != 0)
                slots[i] ^= slots[k];
    okvs_window_put(window, slot, (const struct block *)slots);
}

static void strip_solve(struct strip *strip, struct filler *filler)
{
    struct okvs_window window;
    memset(&window, 0, sizeof window);
    for (uint64_t slot = strip->slot_count; slot > 0; slot -= OKVS_GROUP)
        group_solve(strip, &window, filler, slot - OKVS_GROUP);
    crypto_wipe(&window, sizeof window);
}

/* The first key of a strip. */
static size_t strip_begin(const struct encode *job, uint64_t index)
{
    const uint64_t all_starts = job->params->strips * job->params->strip_starts, first = index * job->params->strip_starts;
    size_t low = 0, high = job->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (okvs_start(all_starts, job->keys[middle]) < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum base_code strip_encode(const struct encode *job, uint64_t index, struct okvs_row *rows)
{
    struct strip strip = {rows, job->slots + index * job->params->strip_slots, job->params->strip_slots};
    struct filler filler = {.aes = job->filler, .stream = index};
    memset(rows, 0, strip.slot_count * sizeof *rows);
    BASE_TRY(strip_reduce(job, &strip, index, strip_begin(job, index), strip_begin(job, index + 1)));
    strip_solve(&strip, &filler);
    crypto_wipe(&filler, sizeof filler);
    return BASE_OK;
}

/* Strips worker, worker + workers, ... on the worker's own rows. */
static enum base_code encode_strips(void *context, size_t begin, size_t end)
{
    const struct encode *job = context;
    for (size_t worker = begin; worker < end; worker++) {
        struct okvs_row *rows = (struct okvs_row *)(void *)(job->arena + worker * strip_bytes(job->params));
        for (uint64_t index = worker; index < job->params->strips; index += job->workers)
            BASE_TRY(strip_encode(job, index, rows));
    }
    return BASE_OK;
}

size_t okvs_encode_arena(const struct okvs_params *params, unsigned threads)
{
    return worker_count(params, threads) * strip_bytes(params) + ARENA_ALIGN;
}

enum base_code okvs_encode(const struct okvs_params *params, struct block seed, const struct block *keys,
                           const struct block *values, size_t count, struct block filler, unsigned threads, void *arena,
                           struct block *slots)
{
    if (count > params->count)
        return base_fail(BASE_E_ARGUMENT, "%zu keys for an array that has room for %llu", count,
                         (unsigned long long)params->count);
    struct encode job = {.params = params, .keys = keys, .values = values, .count = count, .slots = slots};
    job.workers = worker_count(params, threads);
    job.arena = (uint8_t *)(((uintptr_t)arena + ARENA_ALIGN - 1) & ~(uintptr_t)(ARENA_ALIGN - 1));
    block_aes_init(&job.aes, seed);
    block_aes_init(&job.filler, filler);
    enum base_code code = base_parallel_for(threads, job.workers, 1, encode_strips, &job);
    crypto_wipe(&job, sizeof job);
    return code;
}
