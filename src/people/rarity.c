/* SPDX-License-Identifier: Apache-2.0 */
#include "people/rarity.h"

#include "people/profile_inside.h"
#include "people/rarity_inside.h"

#include <string.h>
#include <threads.h>

enum {
    SLOTS = 32768,    /* a power of two, at least twice the words */
    LENGTHS = 7,
};

/* Of what is not in the table, by length: fewer than 4 of 6,000 persons have it, but what is short is met by chance. */
static const uint8_t rare_sounds[LENGTHS] = {10, 50, 80, 100, 112, 118, 118};
static const uint8_t rare_words[LENGTHS] = {0, 20, 60, 85, 100, 110, 118};

struct slot {
    uint64_t hash; /* 0: free */
    uint8_t tenths;
};

static struct slot slots[SLOTS];
static once_flag once = ONCE_FLAG_INIT;

static struct slot *slot_of(uint64_t hash)
{
    size_t at = hash & (SLOTS - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash)
        at = (at + 1) & (SLOTS - 1);
    return &slots[at];
}

static void fill(void)
{
    for (size_t i = 0; i < people_rarity_word_count; i++) {
        const struct people_rarity_word *word = &people_rarity_words[i];
        uint64_t hash = people_hash(word->text, strlen(word->text));
        *slot_of(hash) = (struct slot){hash, word->tenths};
    }
}

static uint8_t find(uint64_t hash, uint8_t otherwise)
{
    call_once(&once, fill);
    const struct slot *slot = slot_of(hash);
    return slot->hash == hash ? slot->tenths : otherwise;
}

uint8_t people_rarity_of_sound(uint64_t hash, size_t len)
{
    return find(hash, rare_sounds[len < LENGTHS ? len : LENGTHS - 1]);
}

uint8_t people_rarity_of_word(uint64_t hash, size_t len)
{
    return find(hash, rare_words[len < LENGTHS ? len : LENGTHS - 1]);
}
