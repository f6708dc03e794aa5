/* SPDX-License-Identifier: Apache-2.0
 *
 * Decoding: the window moves over the slots as the keys' starts move up. A range of keys is one piece of work and fills its
 * window anew.
 */
#include "okvs/okvs.h"

#include "base/parallel.h"
#include "crypto/secret.h"
#include "okvs/rows.h"

enum { DECODE_CHUNK = 1 << 15 };

struct decode {
    const struct okvs_params *params;
    const struct block *keys, *slots;
    struct block *values;
    struct block_aes aes;
};

/* Where a range of keys has got to. Slots are numbered within their strip. */
struct reader {
    const struct decode *job;
    uint64_t start, strip, covered; /* start and strip of the last key; where the window ends, 0 while it is empty */
    struct okvs_window window;
    struct okvs_row rows[OKVS_BATCH];
};

/* Makes the window cover [slot, slot + 256) of the strip. */
static void reader_move(struct reader *reader, uint64_t strip, uint64_t slot)
{
    const struct block *slots = reader->job->slots + strip * reader->job->params->strip_slots;
    uint64_t at = strip == reader->strip && reader->covered > slot ? reader->covered : slot;
    for (; at < slot + OKVS_BAND; at += OKVS_GROUP)
        okvs_window_put(&reader->window, at, slots + at);
    reader->covered = slot + OKVS_BAND;
    reader->strip = strip;
}

static enum base_code reader_read(struct reader *reader, size_t at, size_t count)
{
    const struct okvs_params *params = reader->job->params;
    const uint64_t all_starts = params->strips * params->strip_starts;
    okvs_rows_make(&reader->job->aes, reader->job->keys + at, count, reader->rows);
    for (size_t i = 0; i < count; i++) {
        const uint64_t start = okvs_start(all_starts, reader->job->keys[at + i]);
        if (start < reader->start)
            return base_fail(BASE_E_ARGUMENT, "keys to decode are not sorted");
        if (start > reader->start || reader->covered == 0) {
            const uint64_t strip = start / params->strip_starts;
            reader_move(reader, strip, (start - strip * params->strip_starts) * OKVS_ALIGN);
        }
        reader->start = start;
        *(okvs_vector *)&reader->job->values[at + i] = okvs_window_sum(&reader->window, reader->rows[i].word);
    }
    return BASE_OK;
}

static enum base_code decode_range(void *context, size_t begin, size_t end)
{
    struct reader reader;
    reader.job = context;
    reader.start = reader.strip = reader.covered = 0;
    for (size_t at = begin; at < end; at += OKVS_BATCH)
        BASE_TRY(reader_read(&reader, at, end - at < OKVS_BATCH ? end - at : OKVS_BATCH));
    crypto_wipe(&reader, sizeof reader);
    return BASE_OK;
}

enum base_code okvs_decode(const struct okvs_params *params, struct block seed, const struct block *keys, size_t count,
                           const struct block *slots, unsigned threads, struct block *values)
{
    struct decode job = {.params = params, .keys = keys, .slots = slots, .values = values};
    block_aes_init(&job.aes, seed);
    const enum base_code code = base_parallel_for(threads, count, DECODE_CHUNK, decode_range, &job);
    block_aes_wipe(&job.aes);
    return code;
}
