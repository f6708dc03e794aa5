/* SPDX-License-Identifier: Apache-2.0
 *
 * A record to its profile. Tokens that repeat in several spellings of one person are worked out and kept once.
 */
#include "people/profile_inside.h"

#include "people/common.h"
#include "people/rarity.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MIN = 5, NUMBER_DIGITS_MIN = 4, NATION_LETTERS = 4, PLACE_SOUNDS_MIN = 3, MARKS_MAX = 16,
       SPELLING_RARITY = 45 /* how much rarer one spelling may be than its sound */ };

uint64_t people_mix(uint64_t number)
{
    number ^= number >> 30;
    number *= 0xbf58476d1ce4e5b9U;
    number ^= number >> 27;
    number *= 0x94d049bb133111ebU;
    return number ^ number >> 31;
}

uint64_t people_hash(const char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a, then scattered */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 0x100000001b3U;
    return people_mix(hash);
}

bool people_token_is_voweled(const struct people_token *token)
{
    return token->script != NAMES_ARABIC && token->script != NAMES_HEBREW;
}

enum base_code people_profile_new(struct people_profile **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? base_fail(BASE_E_NOMEM, "no memory for a profile") : BASE_OK;
}

void people_profile_free(struct people_profile *profile)
{
    if (profile == NULL)
        return;
    free(profile->names);
    free(profile->parts);
    free(profile->tokens);
    free(profile->sounds);
    base_buffer_release(&profile->text);
    free(profile->births);
    free(profile->numbers);
    free(profile->marks);
    free(profile);
}

void people_profile_clear(struct people_profile *profile)
{
    profile->sex = 0;
    profile->different_names = 0;
    profile->name_count = profile->part_count = profile->token_count = profile->sound_count = 0;
    profile->birth_count = profile->number_count = profile->mark_count = 0;
    base_buffer_clear(&profile->text);
}

static enum base_code put_text(struct people_profile *profile, const char *text, size_t len, uint32_t *at)
{
    *at = (uint32_t)profile->text.len;
    return base_buffer_append(&profile->text, base_bytes_of(text, len + 1));
}

static enum base_code put_sound(struct people_profile *profile, const char *sound, struct people_token *token)
{
    BASE_TRY(base_grow_array((void **)&profile->sounds, &profile->sound_capacity, profile->sound_count + 1, sizeof *profile->sounds));
    struct people_sound *slot = &profile->sounds[profile->sound_count];
    size_t len = strlen(sound);
    BASE_TRY(put_text(profile, sound, len, &slot->text));
    slot->len = (uint16_t)len;
    slot->is_common = people_is_common_sound(sound);
    token->is_frequent = token->is_frequent || people_is_frequent_sound(sound);
    slot->hash = people_hash(sound, len);
    slot->rarity = people_rarity_of_sound(slot->hash, len);
    token->mask |= (uint64_t)1 << (slot->hash & 63);
    token->is_common = token->is_common || slot->is_common;
    token->sound_count++;
    profile->sound_count++;
    return BASE_OK;
}

static bool find_token(const struct people_profile *profile, uint64_t plain_hash, uint16_t *at)
{
    for (size_t i = 0; i < profile->token_count; i++) {
        if (profile->tokens[i].plain_hash == plain_hash) {
            *at = (uint16_t)i;
            return true;
        }
    }
    return false;
}

static enum base_code put_token(struct people_profile *profile, const struct names_token *form, uint16_t *at)
{
    size_t len = strlen(form->plain);
    uint64_t plain_hash = people_hash(form->plain, len) ^ people_mix(form->script); /* of Latin letters: the letters alone */
    if (find_token(profile, plain_hash, at))
        return BASE_OK;
    if (profile->token_count == UINT16_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d different words in the names of one record", UINT16_MAX);
    BASE_TRY(base_grow_array((void **)&profile->tokens, &profile->token_capacity, profile->token_count + 1, sizeof *profile->tokens));
    struct people_token *token = &profile->tokens[profile->token_count];
    *token = (struct people_token){.plain_hash = plain_hash, .first_sound = (uint32_t)profile->sound_count, .plain_len = (uint16_t)len,
                                   .script = (uint8_t)form->script, .is_initial = len == 1};
    token->rarity = people_rarity_of_word(people_hash(form->plain, len), len);
    BASE_TRY(put_text(profile, form->plain, len, &token->plain));
    for (size_t i = 0; i < form->sound_count; i++)
        if (form->sounds[i][0] != 0)
            BASE_TRY(put_sound(profile, form->sounds[i], token));
    for (size_t i = 0; i < token->sound_count; i++) {
        uint8_t rarity = profile->sounds[token->first_sound + i].rarity;
        token->rarity = token->rarity > rarity + SPELLING_RARITY ? (uint8_t)(rarity + SPELLING_RARITY) : token->rarity;
    }
    *at = (uint16_t)profile->token_count++;
    return BASE_OK;
}

static enum base_code put_part(struct people_profile *profile, const struct names_token *form)
{
    BASE_TRY(base_grow_array((void **)&profile->parts, &profile->part_capacity, profile->part_count + 1, sizeof *profile->parts));
    BASE_TRY(put_token(profile, form, &profile->parts[profile->part_count]));
    profile->part_count++;
    return BASE_OK;
}

static enum base_code put_joined(struct people_profile *profile, const struct names_token *first, const struct names_token *second)
{
    struct names_token joined;
    names_join(first, second, &joined);
    return put_part(profile, &joined);
}

static bool is_same_name(const struct people_profile *profile, const struct people_profile_name *a, const struct people_profile_name *b)
{
    return a->count == b->count && a->is_weak == b->is_weak &&
           memcmp(&profile->parts[a->first], &profile->parts[b->first], a->count * sizeof *profile->parts) == 0;
}

/* A name with the forms of one that is there already adds nothing. */
static bool is_repeat(const struct people_profile *profile, const struct people_profile_name *name)
{
    for (size_t i = 0; i < profile->name_count; i++)
        if (is_same_name(profile, &profile->names[i], name))
            return true;
    return false;
}

void people_profile_count_name(struct people_profile *profile, struct people_profile_name *name)
{
    name->sound = 0;
    for (size_t i = 0; i < name->count; i++) {
        const struct people_token *token = people_profile_token(profile, name, i);
        name->sound += token->sound_count == 0 ? token->plain_hash : people_profile_sounds(profile, token)->hash;
    }
    for (size_t i = 0; i < profile->name_count; i++)
        if (profile->names[i].sound == name->sound)
            return;
    profile->different_names++;
}

/* A part that a name has twice (Yusuf son of Ali son of Yusuf) says no more the second time. */
static size_t keep_once(const struct names_form *form, size_t kept[NAMES_TOKENS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        size_t k = 0;
        while (k < count && (form->tokens[kept[k]].script != form->tokens[i].script || strcmp(form->tokens[kept[k]].plain, form->tokens[i].plain) != 0))
            k++;
        if (k == count)
            kept[count++] = i;
    }
    return count;
}

static enum base_code put_name(struct people_profile *profile, const struct people_name *written, size_t source)
{
    struct names_form form;
    struct people_profile_name name = {.first = (uint32_t)profile->part_count, .source = (uint16_t)source,
                                       .is_weak = written->kind == PEOPLE_NAME_WEAK};
    BASE_TRY(names_form_of(base_bytes_text(written->text), &form));
    size_t kept[NAMES_TOKENS_MAX], count = keep_once(&form, kept);
    for (size_t i = 0; i < count; i++)
        BASE_TRY(put_part(profile, &form.tokens[kept[i]]));
    name.count = (uint16_t)count;
    if (count == 0 || is_repeat(profile, &name)) {
        profile->part_count = name.first;
        return BASE_OK;
    }
    for (size_t i = 0; i + 1 < count; i++)
        BASE_TRY(put_joined(profile, &form.tokens[kept[i]], &form.tokens[kept[i + 1]]));
    people_profile_count_name(profile, &name);
    for (size_t i = name.first; i < profile->part_count; i++)
        name.mask |= profile->tokens[profile->parts[i]].mask;
    BASE_TRY(base_grow_array((void **)&profile->names, &profile->name_capacity, profile->name_count + 1, sizeof *profile->names));
    profile->names[profile->name_count++] = name;
    return BASE_OK;
}

/* Letters and digits only. Shorter numbers, and words, say too little. */
static bool document_normal(const char *number, char out[PEOPLE_DOCUMENT_MAX + 1])
{
    size_t len = 0, digits = 0;
    for (; *number != 0; number++) {
        unsigned char byte = (unsigned char)*number;
        if (byte >= 0x80 || !isalnum(byte))
            continue;
        if (len == PEOPLE_DOCUMENT_MAX)
            return false;
        out[len++] = (char)toupper(byte);
        digits += isdigit(byte) != 0;
    }
    out[len] = 0;
    return len >= NUMBER_MIN && digits >= NUMBER_DIGITS_MIN;
}

static enum base_code put_number(struct people_profile *profile, const char *written, size_t source)
{
    struct people_number number = {.source = (uint16_t)source};
    if (written == NULL || !document_normal(written, number.text))
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&profile->numbers, &profile->number_capacity, profile->number_count + 1, sizeof *profile->numbers));
    profile->numbers[profile->number_count++] = number;
    return BASE_OK;
}

static enum base_code put_mark(struct people_profile *profile, bool is_place, const char *text, size_t len)
{
    struct people_mark mark = {is_place, (uint32_t)people_hash(text, len)};
    for (size_t i = 0; i < profile->mark_count; i++)
        if (profile->marks[i].is_place == is_place && profile->marks[i].hash == mark.hash)
            return BASE_OK;
    BASE_TRY(base_grow_array((void **)&profile->marks, &profile->mark_capacity, profile->mark_count + 1, sizeof *profile->marks));
    profile->marks[profile->mark_count++] = mark;
    return BASE_OK;
}

/* The first letters of a country or a nationality: Syria, Syrian. */
static enum base_code put_nation(struct people_profile *profile, const char *text)
{
    struct names_form form;
    BASE_TRY(names_form_of(base_bytes_text(text), &form));
    if (form.count == 0)
        return BASE_OK;
    size_t len = strlen(form.tokens[0].plain);
    return put_mark(profile, false, form.tokens[0].plain, len < NATION_LETTERS ? len : NATION_LETTERS);
}

/* The words of a place, by sound: Makhachkala, Republic of Dagestan. */
static enum base_code put_place(struct people_profile *profile, const char *text)
{
    struct names_form form;
    BASE_TRY(names_form_of(base_bytes_text(text), &form));
    for (size_t i = 0; i < form.count && profile->mark_count < MARKS_MAX; i++)
        if (strlen(form.tokens[i].sounds[0]) >= PLACE_SOUNDS_MIN)
            BASE_TRY(put_mark(profile, true, form.tokens[i].sounds[0], strlen(form.tokens[i].sounds[0])));
    return BASE_OK;
}

static enum base_code put_marks(struct people_profile *profile, const struct people_record *record)
{
    for (size_t i = 0; i < record->nationalities.count && profile->mark_count < MARKS_MAX / 2; i++)
        BASE_TRY(put_nation(profile, record->nationalities.items[i]));
    for (size_t i = 0; i < record->place_count && profile->mark_count < MARKS_MAX; i++)
        if (record->places[i].kind == PEOPLE_PLACE_BIRTH)
            BASE_TRY(put_place(profile, record->places[i].text));
    return BASE_OK;
}

static enum base_code fill(struct people_profile *profile, const struct people_record *record)
{
    for (size_t i = 0; i < record->name_count; i++)
        BASE_TRY(put_name(profile, &record->names[i], i));
    for (size_t i = 0; i < record->document_count; i++)
        BASE_TRY(put_number(profile, record->documents[i].number, i));
    if (record->birth_count > 0)
        BASE_TRY(base_grow_array((void **)&profile->births, &profile->birth_capacity, record->birth_count, sizeof *profile->births));
    for (size_t i = 0; i < record->birth_count; i++)
        profile->births[i] = (struct people_birth){record->births[i].from, record->births[i].to, record->births[i].is_circa};
    profile->birth_count = record->birth_count;
    profile->sex = record->sex;
    return put_marks(profile, record);
}

enum base_code people_profile_set(struct people_profile *profile, const struct people_record *record)
{
    people_profile_clear(profile);
    enum base_code code = fill(profile, record);
    if (code != BASE_OK)
        people_profile_clear(profile);
    return code;
}

static enum base_code trim(void **array, size_t *capacity, size_t count, size_t size)
{
    if (*capacity == count)
        return BASE_OK;
    if (count == 0) {
        free(*array);
        *array = NULL;
    } else {
        void *smaller = realloc(*array, count * size);
        if (smaller == NULL)
            return base_fail(BASE_E_NOMEM, "no memory to trim a profile");
        *array = smaller;
    }
    *capacity = count;
    return BASE_OK;
}

#define TRIM(profile, array, kind)                                                                                             \
    trim((void **)&(profile)->array, &(profile)->kind##_capacity, (profile)->kind##_count, sizeof *(profile)->array)

enum base_code people_profile_trim(struct people_profile *profile)
{
    BASE_TRY(TRIM(profile, names, name));
    BASE_TRY(TRIM(profile, parts, part));
    BASE_TRY(TRIM(profile, tokens, token));
    BASE_TRY(TRIM(profile, sounds, sound));
    BASE_TRY(TRIM(profile, births, birth));
    BASE_TRY(TRIM(profile, numbers, number));
    BASE_TRY(TRIM(profile, marks, mark));
    if (profile->text.len == 0) {
        base_buffer_release(&profile->text);
        return BASE_OK;
    }
    size_t capacity = profile->text.len + 1; /* a buffer keeps a NUL behind its data */
    return trim((void **)&profile->text.data, &profile->text.capacity, capacity, 1);
}

size_t people_profile_bytes(const struct people_profile *profile)
{
    return sizeof *profile + profile->name_capacity * sizeof *profile->names + profile->part_capacity * sizeof *profile->parts +
           profile->token_capacity * sizeof *profile->tokens + profile->sound_capacity * sizeof *profile->sounds + profile->text.capacity +
           profile->birth_capacity * sizeof *profile->births + profile->number_capacity * sizeof *profile->numbers +
           profile->mark_capacity * sizeof *profile->marks;
}
