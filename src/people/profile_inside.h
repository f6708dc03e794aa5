/* SPDX-License-Identifier: Apache-2.0
 *
 * What a profile is made of: for src/people/profile.c, compare*.c and index.c only.
 */
#ifndef PEOPLE_PROFILE_INSIDE_H
#define PEOPLE_PROFILE_INSIDE_H

#include "names/forms.h"
#include "people/profile.h"

enum { PEOPLE_DOCUMENT_MAX = 32 };

/* One reading of a token. */
struct people_sound {
    uint64_t hash;
    uint32_t text; /* where it begins in the profile's text; ends in NUL */
    uint16_t len;
    uint8_t rarity; /* people/rarity.h */
    bool is_common; /* people/common.h */
};

/* A token, or two neighbours of one name joined. Equal plain forms of one record in one script are one token. */
struct people_token {
    uint64_t plain_hash; /* of its letters and its script */
    uint64_t mask; /* a bit for each sound: two tokens without a common bit share none */
    uint32_t plain; /* in the text; ends in NUL */
    uint32_t first_sound;
    uint16_t plain_len;
    uint8_t sound_count;
    uint8_t script; /* enum names_script */
    bool is_common, is_frequent; /* in one reading at least: people/common.h */
    bool is_initial; /* one letter */
    uint8_t rarity;  /* of the plain form */
};

struct people_profile_name {
    uint64_t mask;   /* of all its tokens and joined neighbours */
    uint64_t sound;  /* of the most usual sound of each token, in no order: the same for spellings of one name */
    uint32_t first;  /* in the profile's parts: `count` tokens, then count - 1 joined neighbours */
    uint16_t count;  /* at least 1 */
    uint16_t source; /* which name of the record */
    bool is_weak;
};

struct people_birth {
    struct people_day from, to;
    bool is_circa;
};

struct people_number {
    char text[PEOPLE_DOCUMENT_MAX + 1]; /* letters in upper case and digits */
    uint16_t source;                    /* which document of the record */
};

/* A nationality or a place of birth, so that two that are written differently are often equal. */
struct people_mark {
    bool is_place;
    uint32_t hash;
};

struct people_profile {
    char sex;
    struct people_profile_name *names;
    size_t name_count, name_capacity;
    size_t different_names; /* spellings of one name counted once */
    uint16_t *parts; /* of names: which token */
    size_t part_count, part_capacity;
    struct people_token *tokens;
    size_t token_count, token_capacity;
    struct people_sound *sounds;
    size_t sound_count, sound_capacity;
    struct base_buffer text;
    struct people_birth *births; /* in the record's order */
    size_t birth_count, birth_capacity;
    struct people_number *numbers;
    size_t number_count, number_capacity;
    struct people_mark *marks; /* nationalities, then places of birth */
    size_t mark_count, mark_capacity;
};

/* To the profile of an empty record; memory is kept. */
void people_profile_clear(struct people_profile *profile);
static inline const char *people_profile_text(const struct people_profile *profile, uint32_t at)
{
    return (const char *)profile->text.data + at;
}

/* Token `at` of a name, and the join of it with the one after it. */
static inline const struct people_token *people_profile_token(const struct people_profile *profile, const struct people_profile_name *name, size_t at)
{
    return &profile->tokens[profile->parts[name->first + at]];
}

static inline const struct people_token *people_profile_joined(const struct people_profile *profile, const struct people_profile_name *name, size_t at)
{
    return &profile->tokens[profile->parts[name->first + name->count + at]];
}

static inline const struct people_sound *people_profile_sounds(const struct people_profile *profile, const struct people_token *token)
{
    return &profile->sounds[token->first_sound];
}

/* Does the script write vowels? */
bool people_token_is_voweled(const struct people_token *token);
/* What the tokens of a name sound like; and counts the name as a different one unless one before it sounds so. */
void people_profile_count_name(struct people_profile *profile, struct people_profile_name *name);

/* 64 bits of a text, the same everywhere and for ever; not for adversaries. */
uint64_t people_hash(const char *text, size_t len);
/* Scatters a number over 64 bits. */
uint64_t people_mix(uint64_t number);

#endif
