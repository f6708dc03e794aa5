/* SPDX-License-Identifier: Apache-2.0 */
#include "vpsi/masks.h"

#include <string.h>

enum { AHEAD = 16 };

struct vpsi_code vpsi_code_for(uint64_t count)
{
    struct vpsi_code code = {.count = count};
    while (count >> (code.high_bits + 1) > 0)
        code.high_bits++;
    if (count > 0)
        code.heads_len = (size_t)((count + ((uint64_t)1 << code.high_bits) - 1 + 63) / 64 * 8);
    return code;
}

static unsigned low_bits(const struct vpsi_code *code)
{
    return 64 - code->high_bits;
}

static size_t lows_len(const struct vpsi_code *code, uint64_t masks)
{
    return (size_t)((masks * low_bits(code) + 7) / 8);
}

size_t vpsi_code_batch_len(const struct vpsi_code *code, uint64_t masks)
{
    return (size_t)masks * 8 + lows_len(code, masks);
}

void vpsi_code_order_ties(struct vpsi_place *places, const struct block *masks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct vpsi_place place = places[i];
        size_t at = i;
        for (; at > 0 && places[at - 1].key == place.key && masks[places[at - 1].index].word[1] > masks[place.index].word[1]; at--)
            places[at] = places[at - 1];
        if (at != i)
            places[at] = place;
    }
}

static uint64_t high_of(const struct vpsi_code *code, uint64_t key)
{
    return code->high_bits == 0 ? 0 : key >> low_bits(code);
}

void vpsi_code_heads(const struct vpsi_code *code, const struct vpsi_place *places, uint8_t *heads)
{
    memset(heads, 0, code->heads_len);
    for (uint64_t rank = 0; rank < code->count; rank++) {
        const uint64_t bit = high_of(code, places[rank].key) + rank;
        heads[bit / 8] = (uint8_t)(heads[bit / 8] | 1u << bit % 8);
    }
}

/* Appends bits from the lowest; they go out eight bytes at a time. */
struct bit_writer {
    uint8_t *at;
    unsigned __int128 bits;
    unsigned count;
};

static void put_bits(struct bit_writer *writer, uint64_t value, unsigned width)
{
    writer->bits |= (unsigned __int128)value << writer->count;
    writer->count += width;
    if (writer->count >= 64) {
        const uint64_t word = (uint64_t)writer->bits;
        memcpy(writer->at, &word, sizeof word);
        writer->at += sizeof word;
        writer->bits >>= 64;
        writer->count -= 64;
    }
}

static void put_last_bits(struct bit_writer *writer)
{
    const uint64_t word = (uint64_t)writer->bits;
    memcpy(writer->at, &word, (writer->count + 7) / 8);
}

enum base_code vpsi_code_write(const struct vpsi_code *code, const struct vpsi_place *places, const struct block *masks,
                               uint64_t first, uint64_t batch, struct base_buffer *out)
{
    const unsigned width = low_bits(code);
    const uint64_t low_mask = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
    BASE_TRY(base_buffer_reserve(out, vpsi_code_batch_len(code, batch)));
    uint8_t *seconds = out->data + out->len;
    struct bit_writer writer = {.at = seconds + batch * 8};
    for (uint64_t i = 0; i < batch; i++) {
        const struct vpsi_place *place = &places[first + i];
        if (i + AHEAD < batch)
            __builtin_prefetch(&masks[place[AHEAD].index]);
        memcpy(seconds + 8 * i, &masks[place->index].word[1], 8);
        put_bits(&writer, place->key & low_mask, width);
    }
    put_last_bits(&writer);
    out->len += vpsi_code_batch_len(code, batch);
    out->data[out->len] = 0;
    return BASE_OK;
}

static uint64_t word_at(const uint8_t *bytes, uint64_t word)
{
    uint64_t value;
    memcpy(&value, bytes + 8 * word, sizeof value);
    return value;
}

enum base_code vpsi_code_reader_init(struct vpsi_code_reader *reader, const struct vpsi_code *code, const uint8_t *heads)
{
    *reader = (struct vpsi_code_reader){.code = *code, .heads = heads};
    const uint64_t bits = code->count == 0 ? 0 : code->count + ((uint64_t)1 << code->high_bits) - 1;
    uint64_t ones = 0;
    for (uint64_t word = 0; word < code->heads_len / 8; word++)
        ones += (unsigned)__builtin_popcountll(word_at(heads, word));
    if (ones != code->count)
        return base_fail(BASE_E_FORMAT, "heads for %llu masks, not %llu", (unsigned long long)ones,
                         (unsigned long long)code->count);
    if (bits % 64 != 0 && word_at(heads, bits / 64) >> bits % 64 != 0)
        return base_fail(BASE_E_FORMAT, "heads go on behind their end");
    return BASE_OK;
}

enum base_code vpsi_code_reader_batch(struct vpsi_code_reader *reader, uint64_t masks, struct base_cursor *in)
{
    struct base_bytes seconds, lows;
    BASE_TRY(base_cursor_take(in, (size_t)masks * 8, &seconds));
    BASE_TRY(base_cursor_take(in, lows_len(&reader->code, masks), &lows));
    reader->seconds = seconds.data;
    reader->lows = lows.data;
    reader->lows_end = lows.data + lows.len;
    reader->bits = 0;
    reader->bit_count = 0;
    return BASE_OK;
}

static uint64_t take_bits(struct vpsi_code_reader *reader, unsigned width)
{
    while (reader->bit_count < width) {
        if (reader->lows_end - reader->lows >= 8) {
            reader->bits |= (unsigned __int128)word_at(reader->lows, 0) << reader->bit_count;
            reader->lows += 8;
            reader->bit_count += 64;
        } else {
            reader->bits |= (unsigned __int128)*reader->lows++ << reader->bit_count;
            reader->bit_count += 8;
        }
    }
    const uint64_t value = (uint64_t)reader->bits & (width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1);
    reader->bits >>= width;
    reader->bit_count -= width;
    return value;
}

/* The place of the next one; there is one, because they were counted. */
static uint64_t next_one(struct vpsi_code_reader *reader)
{
    uint64_t word = reader->position / 64, value = word_at(reader->heads, word) >> reader->position % 64;
    if (value != 0)
        return reader->position + (unsigned)__builtin_ctzll(value);
    do
        value = word_at(reader->heads, ++word);
    while (value == 0);
    return word * 64 + (unsigned)__builtin_ctzll(value);
}

enum base_code vpsi_code_reader_next(struct vpsi_code_reader *reader, struct block *out)
{
    const unsigned width = low_bits(&reader->code);
    const uint64_t position = next_one(reader), high = position - reader->rank;
    struct block mask = {{take_bits(reader, width), word_at(reader->seconds, 0)}};
    if (width < 64)
        mask.word[0] |= high << width;
    reader->seconds += 8;
    if (reader->rank > 0 && (mask.word[0] < reader->last.word[0] ||
                             (mask.word[0] == reader->last.word[0] && mask.word[1] <= reader->last.word[1])))
        return base_fail(BASE_E_FORMAT, "masks do not ascend");
    reader->position = position + 1;
    reader->rank++;
    reader->last = mask;
    *out = mask;
    return BASE_OK;
}

enum base_code vpsi_code_reader_batch_end(const struct vpsi_code_reader *reader)
{
    if (reader->bits != 0)
        return base_fail(BASE_E_FORMAT, "a batch of masks goes on behind its end");
    return BASE_OK;
}
