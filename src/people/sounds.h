/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile to sounds: numbers that stand for two parts of a name by sound, for a part with a date of birth, for a document. Two
 * records that are a hit share one, but for rare cases. For the store's index of them (src/store/sounds.h).
 */
#ifndef PEOPLE_SOUNDS_H
#define PEOPLE_SOUNDS_H

#include "people/profile.h"

enum {
    PEOPLE_SOUNDS_VERSION = 1, /* goes up when a record gives other sounds: those in a store are then to be made anew */
    PEOPLE_SOUNDS_HELD_MAX = 8192, /* of one record; what is beyond is left out, names in their order */
    PEOPLE_SOUNDS_ASKED_MAX = 32768,
};

enum people_sounds_use { PEOPLE_SOUNDS_HELD, PEOPLE_SOUNDS_ASKED };

/* Ascending, without repeats; each is from 0 to 2^47 - 1, and the same wherever the version is. */
struct people_sounds {
    int64_t *items;
    size_t count, capacity;
};

#define PEOPLE_SOUNDS_EMPTY ((struct people_sounds){0})

/* Replaces what is in `out`, which keeps its memory. BASE_E_NOMEM. */
enum base_code people_index_sounds(const struct people_profile *profile, enum people_sounds_use use, struct people_sounds *out) BASE_MUST_USE;
void people_sounds_release(struct people_sounds *sounds);

#endif
