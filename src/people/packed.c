/* SPDX-License-Identifier: Apache-2.0 */
#include "people/packed.h"

#include "base/cursor.h"
#include "people/profile_inside.h"

#include <string.h>

enum { WIDTH_SMALL = 1, WIDTH_LARGE = 4, SMALL_MAX = 255, FLAG = 128, BIRTH_BYTES = 9, TOKEN_BYTES = 4, SOUND_BYTES = 2, MARK_BYTES = 5 };

_Static_assert(sizeof(struct people_token) == 32 && sizeof(struct people_sound) == 16 && sizeof(struct people_profile_name) == 32 &&
                   sizeof(struct people_birth) == 10 && sizeof(struct people_mark) == 8,
               "a field was added: it has to be written here, and PEOPLE_PACKED_VERSION to go up");

struct counts {
    uint32_t births, names, numbers, tokens, sounds, marks;
};

static size_t width_of(const struct people_profile *profile)
{
    size_t most = profile->birth_count | profile->name_count | profile->number_count | profile->token_count | profile->sound_count | profile->mark_count;
    return most <= SMALL_MAX ? WIDTH_SMALL : WIDTH_LARGE;
}

static size_t part_bytes(size_t width)
{
    return width == WIDTH_SMALL ? 1 : 2;
}

static enum base_code put_count(struct base_buffer *out, size_t width, size_t count)
{
    return width == WIDTH_SMALL ? base_put_u8(out, (uint8_t)count) : base_put_u32(out, (uint32_t)count);
}

static enum base_code put_day(struct base_buffer *out, struct people_day day)
{
    BASE_TRY(base_put_u16(out, (uint16_t)day.year));
    BASE_TRY(base_put_u8(out, day.month));
    return base_put_u8(out, day.day);
}

static enum base_code put_births(const struct people_profile *profile, struct base_buffer *out)
{
    for (size_t i = 0; i < profile->birth_count; i++) {
        BASE_TRY(put_day(out, profile->births[i].from));
        BASE_TRY(put_day(out, profile->births[i].to));
        BASE_TRY(base_put_u8(out, profile->births[i].is_circa));
    }
    return BASE_OK;
}

static enum base_code put_names(const struct people_profile *profile, size_t width, struct base_buffer *out)
{
    for (size_t i = 0; i < profile->name_count; i++)
        BASE_TRY(base_put_u8(out, (uint8_t)(profile->names[i].count | (profile->names[i].is_weak ? FLAG : 0))));
    for (size_t i = 0; i < profile->part_count; i++)
        BASE_TRY(width == WIDTH_SMALL ? base_put_u8(out, (uint8_t)profile->parts[i]) : base_put_u16(out, profile->parts[i]));
    return BASE_OK;
}

/* The plain form is of use only where a token is a part of a name, and not only a join. */
static enum base_code put_tokens(const struct people_profile *profile, struct base_buffer *out, size_t *tokens_at)
{
    *tokens_at = out->len;
    for (size_t i = 0; i < profile->token_count; i++) {
        const struct people_token *token = &profile->tokens[i];
        BASE_TRY(base_put_u8(out, 0));
        BASE_TRY(base_put_u8(out, (uint8_t)(token->sound_count | (token->is_frequent ? FLAG : 0))));
        BASE_TRY(base_put_u8(out, token->script));
        BASE_TRY(base_put_u8(out, token->rarity));
    }
    for (size_t i = 0; i < profile->name_count; i++) {
        for (size_t k = 0; k < profile->names[i].count; k++) {
            size_t at = profile->parts[profile->names[i].first + k];
            out->data[*tokens_at + at * TOKEN_BYTES] = (uint8_t)profile->tokens[at].plain_len;
        }
    }
    return BASE_OK;
}

static enum base_code put_texts(const struct people_profile *profile, size_t tokens_at, struct base_buffer *out)
{
    for (size_t i = 0; i < profile->token_count; i++) {
        const struct people_token *token = &profile->tokens[i];
        if (out->data[tokens_at + i * TOKEN_BYTES] != 0)
            BASE_TRY(base_put_bytes(out, people_profile_text(profile, token->plain), (size_t)token->plain_len + 1));
        for (size_t k = 0; k < token->sound_count; k++) {
            const struct people_sound *sound = &profile->sounds[token->first_sound + k];
            BASE_TRY(base_put_bytes(out, people_profile_text(profile, sound->text), (size_t)sound->len + 1));
        }
    }
    for (size_t i = 0; i < profile->number_count; i++)
        BASE_TRY(base_put_bytes(out, profile->numbers[i].text, strlen(profile->numbers[i].text) + 1));
    return BASE_OK;
}

static enum base_code put_marks(const struct people_profile *profile, struct base_buffer *out)
{
    for (size_t i = 0; i < profile->mark_count; i++) {
        BASE_TRY(base_put_u8(out, profile->marks[i].is_place));
        BASE_TRY(base_put_u32(out, profile->marks[i].hash));
    }
    return BASE_OK;
}

static enum base_code write_all(const struct people_profile *profile, struct base_buffer *out)
{
    size_t width = width_of(profile), tokens_at = 0;
    BASE_TRY(base_put_u8(out, PEOPLE_PACKED_VERSION));
    BASE_TRY(base_put_u8(out, (uint8_t)profile->sex));
    BASE_TRY(base_put_u8(out, (uint8_t)width));
    BASE_TRY(put_count(out, width, profile->birth_count));
    BASE_TRY(put_count(out, width, profile->name_count));
    BASE_TRY(put_count(out, width, profile->number_count));
    BASE_TRY(put_count(out, width, profile->token_count));
    BASE_TRY(put_count(out, width, profile->sound_count));
    BASE_TRY(put_count(out, width, profile->mark_count));
    BASE_TRY(put_births(profile, out));
    BASE_TRY(put_names(profile, width, out));
    BASE_TRY(put_tokens(profile, out, &tokens_at));
    for (size_t i = 0; i < profile->token_count; i++) /* sounds stand behind each other as their tokens do */
        for (size_t k = 0; k < profile->tokens[i].sound_count; k++) {
            const struct people_sound *sound = &profile->sounds[profile->tokens[i].first_sound + k];
            BASE_TRY(base_put_u8(out, (uint8_t)(sound->len | (sound->is_common ? FLAG : 0))));
            BASE_TRY(base_put_u8(out, sound->rarity));
        }
    for (size_t i = 0; i < profile->number_count; i++)
        BASE_TRY(base_put_u8(out, (uint8_t)strlen(profile->numbers[i].text)));
    BASE_TRY(put_marks(profile, out));
    return put_texts(profile, tokens_at, out);
}

enum base_code people_packed_write(const struct people_profile *profile, struct base_buffer *out)
{
    size_t before = out->len;
    enum base_code code = write_all(profile, out);
    if (code != BASE_OK && out->data != NULL) {
        out->len = before;
        out->data[before] = 0;
    }
    return code;
}

static enum base_code take_counts(struct base_cursor *in, size_t width, struct counts *out)
{
    uint32_t *const fields[] = {&out->births, &out->names, &out->numbers, &out->tokens, &out->sounds, &out->marks};
    enum { FIELDS = sizeof fields / sizeof *fields };
    struct base_bytes small;
    if (width == WIDTH_SMALL) {
        BASE_TRY(base_cursor_take(in, FIELDS, &small));
        for (size_t i = 0; i < FIELDS; i++)
            *fields[i] = small.data[i];
        return BASE_OK;
    }
    for (size_t i = 0; i < FIELDS; i++)
        BASE_TRY(base_cursor_u32(in, fields[i]));
    return out->tokens <= UINT16_MAX ? BASE_OK : base_fail(BASE_E_FORMAT, "a profile of %u tokens", out->tokens);
}

/* The arrays as they stand in the block. */
struct block {
    struct counts counts;
    size_t part_count, part_bytes;
    struct base_bytes births, names, parts, tokens, sounds, numbers, marks, texts;
};

static enum base_code count_parts(const struct block *block, size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < block->counts.names; i++) {
        size_t count = block->names.data[i] & (FLAG - 1);
        if (count == 0 || count > NAMES_TOKENS_MAX)
            return base_fail(BASE_E_FORMAT, "a name of %zu parts in a profile", count);
        *out += count * 2 - 1;
    }
    return BASE_OK;
}

static enum base_code take_block(struct base_cursor *in, size_t width, struct block *out)
{
    BASE_TRY(take_counts(in, width, &out->counts));
    out->part_bytes = part_bytes(width);
    BASE_TRY(base_cursor_take(in, (size_t)out->counts.births * BIRTH_BYTES, &out->births));
    BASE_TRY(base_cursor_take(in, out->counts.names, &out->names));
    BASE_TRY(count_parts(out, &out->part_count));
    BASE_TRY(base_cursor_take(in, out->part_count * out->part_bytes, &out->parts));
    BASE_TRY(base_cursor_take(in, (size_t)out->counts.tokens * TOKEN_BYTES, &out->tokens));
    BASE_TRY(base_cursor_take(in, (size_t)out->counts.sounds * SOUND_BYTES, &out->sounds));
    BASE_TRY(base_cursor_take(in, out->counts.numbers, &out->numbers));
    BASE_TRY(base_cursor_take(in, (size_t)out->counts.marks * MARK_BYTES, &out->marks));
    out->texts = base_cursor_rest(in);
    return BASE_OK;
}

#define ROOM(profile, array, kind, count)                                                                                      \
    base_grow_array((void **)&(profile)->array, &(profile)->kind##_capacity, (count), sizeof *(profile)->array)

static enum base_code make_room(struct people_profile *profile, const struct block *block)
{
    BASE_TRY(ROOM(profile, names, name, block->counts.names));
    BASE_TRY(ROOM(profile, parts, part, block->part_count));
    BASE_TRY(ROOM(profile, tokens, token, block->counts.tokens));
    BASE_TRY(ROOM(profile, sounds, sound, block->counts.sounds));
    BASE_TRY(ROOM(profile, births, birth, block->counts.births));
    BASE_TRY(ROOM(profile, numbers, number, block->counts.numbers));
    BASE_TRY(ROOM(profile, marks, mark, block->counts.marks));
    return base_buffer_append(&profile->text, block->texts);
}

static struct people_day day_at(const uint8_t *at)
{
    return (struct people_day){(int16_t)(at[0] << 8 | at[1]), at[2], at[3]};
}

static void read_births(struct people_profile *profile, const struct block *block)
{
    for (size_t i = 0; i < block->counts.births; i++) {
        const uint8_t *at = block->births.data + i * BIRTH_BYTES;
        profile->births[i] = (struct people_birth){day_at(at), day_at(at + 4), at[8] != 0};
    }
    profile->birth_count = block->counts.births;
}

/* The text of `len` letters at *at, with its NUL; *at goes behind it. */
static enum base_code take_text(const struct block *block, size_t *at, size_t len)
{
    if (block->texts.len - *at <= len)
        return base_fail(BASE_E_TRUNCATED, "a text of a profile is cut");
    if (block->texts.data[*at + len] != 0)
        return base_fail(BASE_E_FORMAT, "a text of a profile does not end");
    *at += len + 1;
    return BASE_OK;
}

static enum base_code read_sound(struct people_profile *profile, const struct block *block, struct people_token *token, size_t *text_at)
{
    struct people_sound *sound = &profile->sounds[profile->sound_count];
    const uint8_t *at = block->sounds.data + profile->sound_count * SOUND_BYTES;
    size_t begin = *text_at, len = at[0] & (FLAG - 1);
    if (len == 0 || len >= NAMES_TOKEN_SIZE)
        return base_fail(BASE_E_FORMAT, "a sound of %zu classes in a profile", len);
    BASE_TRY(take_text(block, text_at, len));
    *sound = (struct people_sound){people_hash((const char *)block->texts.data + begin, len), (uint32_t)begin, (uint16_t)len,
                                   at[1], (at[0] & FLAG) != 0};
    token->mask |= (uint64_t)1 << (sound->hash & 63);
    token->is_common = token->is_common || sound->is_common;
    profile->sound_count++;
    return BASE_OK;
}

static enum base_code read_token(struct people_profile *profile, const struct block *block, size_t *text_at)
{
    const uint8_t *at = block->tokens.data + profile->token_count * TOKEN_BYTES;
    struct people_token *token = &profile->tokens[profile->token_count];
    size_t begin = *text_at, len = at[0], sounds = at[1] & (FLAG - 1);
    if (len >= NAMES_TOKEN_SIZE || at[2] > NAMES_OTHER || sounds > NAMES_SOUNDS_MAX || sounds > block->counts.sounds - profile->sound_count)
        return base_fail(BASE_E_FORMAT, "a token of %zu letters and %zu sounds in a profile", len, sounds);
    *token = (struct people_token){.plain = (uint32_t)block->texts.len, .first_sound = (uint32_t)profile->sound_count, .plain_len = (uint16_t)len,
                                   .sound_count = (uint8_t)sounds, .script = at[2], .is_frequent = (at[1] & FLAG) != 0, .is_initial = len == 1,
                                   .rarity = at[3]};
    if (len > 0) {
        BASE_TRY(take_text(block, text_at, len));
        token->plain = (uint32_t)begin;
        token->plain_hash = people_hash((const char *)block->texts.data + begin, len) ^ people_mix(token->script);
    }
    for (size_t i = 0; i < sounds; i++)
        BASE_TRY(read_sound(profile, block, token, text_at));
    profile->token_count++;
    return BASE_OK;
}

static enum base_code read_name(struct people_profile *profile, const struct block *block)
{
    struct people_profile_name name = {.first = (uint32_t)profile->part_count, .source = (uint16_t)profile->name_count};
    uint8_t written = block->names.data[profile->name_count];
    name.count = written & (FLAG - 1);
    name.is_weak = (written & FLAG) != 0;
    for (size_t i = 0; i < name.count * 2U - 1; i++, profile->part_count++) {
        const uint8_t *at = block->parts.data + profile->part_count * block->part_bytes;
        size_t token = block->part_bytes == 1 ? *at : (size_t)(at[0] << 8 | at[1]);
        if (token >= profile->token_count || (i < name.count && profile->tokens[token].plain_len == 0))
            return base_fail(BASE_E_FORMAT, "a part of a name that is no token in a profile");
        profile->parts[profile->part_count] = (uint16_t)token;
        name.mask |= profile->tokens[token].mask;
    }
    people_profile_count_name(profile, &name);
    profile->names[profile->name_count++] = name;
    return BASE_OK;
}

static enum base_code read_number(struct people_profile *profile, const struct block *block, size_t *text_at)
{
    struct people_number *number = &profile->numbers[profile->number_count];
    size_t begin = *text_at, len = block->numbers.data[profile->number_count];
    if (len > PEOPLE_DOCUMENT_MAX)
        return base_fail(BASE_E_FORMAT, "a document of %zu letters in a profile", len);
    BASE_TRY(take_text(block, text_at, len));
    memcpy(number->text, block->texts.data + begin, len + 1);
    number->source = (uint16_t)profile->number_count++;
    return BASE_OK;
}

static enum base_code read_mark(struct people_profile *profile, const struct block *block)
{
    const uint8_t *at = block->marks.data + profile->mark_count * MARK_BYTES;
    if (at[0] > 1)
        return base_fail(BASE_E_FORMAT, "a mark of the kind %u in a profile", at[0]);
    profile->marks[profile->mark_count++] = (struct people_mark){at[0] == 1, (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4]};
    return BASE_OK;
}

static enum base_code read_all(struct people_profile *profile, const struct block *block)
{
    size_t text_at = 0;
    BASE_TRY(make_room(profile, block));
    read_births(profile, block);
    while (profile->token_count < block->counts.tokens)
        BASE_TRY(read_token(profile, block, &text_at));
    if (profile->sound_count != block->counts.sounds)
        return base_fail(BASE_E_FORMAT, "a profile with sounds of no token");
    while (profile->name_count < block->counts.names)
        BASE_TRY(read_name(profile, block));
    while (profile->number_count < block->counts.numbers)
        BASE_TRY(read_number(profile, block, &text_at));
    while (profile->mark_count < block->counts.marks)
        BASE_TRY(read_mark(profile, block));
    return text_at == block->texts.len ? BASE_OK : base_fail(BASE_E_TRAILING, "a profile has %zu bytes too many", block->texts.len - text_at);
}

static enum base_code read_header(struct base_cursor *in, char *sex, size_t *width)
{
    uint8_t version, letter, size;
    BASE_TRY(base_cursor_u8(in, &version));
    if (version != PEOPLE_PACKED_VERSION)
        return base_fail(BASE_E_VERSION, "a profile of version %u", version);
    BASE_TRY(base_cursor_u8(in, &letter));
    BASE_TRY(base_cursor_u8(in, &size));
    if ((letter != 0 && letter != 'm' && letter != 'f') || (size != WIDTH_SMALL && size != WIDTH_LARGE))
        return base_fail(BASE_E_FORMAT, "the first bytes of a profile are not right");
    *sex = (char)letter;
    *width = size;
    return BASE_OK;
}

enum base_code people_packed_read(struct base_bytes bytes, struct people_profile *profile)
{
    struct base_cursor in = base_cursor_over(bytes);
    struct block block = {.part_count = 0};
    size_t width = WIDTH_SMALL;
    people_profile_clear(profile);
    enum base_code code = read_header(&in, &profile->sex, &width);
    if (code == BASE_OK)
        code = take_block(&in, width, &block);
    if (code == BASE_OK)
        code = read_all(profile, &block);
    if (code != BASE_OK)
        people_profile_clear(profile);
    return code;
}
