/* SPDX-License-Identifier: Apache-2.0
 *
 * Two names, part by part, in any order: first what is equal, then what was joined, slipped or shortened.
 */
#include "people/compare_inside.h"

#include <string.h>

enum {
    SLIP_LETTERS_MIN = 5, /* of a plain form */
    SLIP_SOUNDS_MIN = 4,  /* classes of a sound */
    /* Classes of the equal parts together, below which names are alike by chance: */
    LETTERS_FULL = 9,
    LETTERS_GOOD = 8, /* one name has more parts */
    LETTERS_ONE = 7,  /* one of the parts is distinct */
    LETTERS_TWO = 6,
    LETTERS_SPELLED = 7, /* of plain forms */
};

/* A name of a profile: one side of an alignment. */
struct side {
    const struct people_profile *profile;
    const struct people_profile_name *name;
    uint32_t used;
};

static const struct people_token *part(const struct side *side, size_t at)
{
    return people_profile_token(side->profile, side->name, at);
}

static bool is_free(const struct side *side, size_t at)
{
    return (side->used & 1U << at) == 0;
}

/* The longest sound that both have; NULL without one. */
static const struct people_sound *shared_sound(const struct side *left, const struct people_token *a, const struct side *right,
                                               const struct people_token *b)
{
    const struct people_sound *best = NULL;
    if ((a->mask & b->mask) == 0)
        return NULL;
    const struct people_sound *x = people_profile_sounds(left->profile, a), *y = people_profile_sounds(right->profile, b);
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            if (x[i].hash == y[k].hash && (best == NULL || x[i].len > best->len))
                best = &x[i];
    return best;
}

/* Is one text the other with one byte changed, left out, put in, or swapped with the next? */
static bool is_one_apart(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len > b_len + 1 || b_len > a_len + 1)
        return false;
    size_t head = 0, tail = 0, shorter = a_len < b_len ? a_len : b_len;
    while (head < shorter && a[head] == b[head])
        head++;
    while (tail < shorter - head && a[a_len - 1 - tail] == b[b_len - 1 - tail])
        tail++;
    size_t a_left = a_len - head - tail, b_left = b_len - head - tail;
    if (a_left == 2 && b_left == 2)
        return a[head] == b[head + 1] && a[head + 1] == b[head];
    return a_left <= 1 && b_left <= 1;
}

static bool is_sound_slip(const struct side *left, const struct people_token *a, const struct side *right, const struct people_token *b)
{
    const struct people_sound *x = people_profile_sounds(left->profile, a), *y = people_profile_sounds(right->profile, b);
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            if (x[i].len >= SLIP_SOUNDS_MIN && y[k].len >= SLIP_SOUNDS_MIN &&
                is_one_apart(people_profile_text(left->profile, x[i].text), x[i].len, people_profile_text(right->profile, y[k].text),
                             y[k].len))
                return true;
    return false;
}

/* A frequent name that differs by a letter is another name. */
static bool is_slip(const struct side *left, const struct people_token *a, const struct side *right, const struct people_token *b)
{
    if (a->is_common || b->is_common)
        return false;
    if (a->plain_len >= SLIP_LETTERS_MIN && b->plain_len >= SLIP_LETTERS_MIN &&
        is_one_apart(people_profile_text(left->profile, a->plain), a->plain_len, people_profile_text(right->profile, b->plain), b->plain_len))
        return true;
    return is_sound_slip(left, a, right, b);
}

static bool is_small(char letter)
{
    return letter >= 'a' && letter <= 'z';
}

/* Letters of two alphabets are compared by sound, of one by themselves. */
static bool is_initial_of(const struct side *left, const struct people_token *a, const struct side *right, const struct people_token *b)
{
    char x = *people_profile_text(left->profile, a->plain), y = *people_profile_text(right->profile, b->plain);
    if (is_small(x) && is_small(y))
        return x == y;
    const struct people_sound *u = people_profile_sounds(left->profile, a), *v = people_profile_sounds(right->profile, b);
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            if (*people_profile_text(left->profile, u[i].text) == *people_profile_text(right->profile, v[k].text))
                return true;
    return false;
}

static void put_match(struct side *left, struct side *right, struct people_part_match match, struct people_alignment *out)
{
    bool is_joined = match.way == PEOPLE_WAY_JOINED;
    left->used |= (is_joined && match.is_left_joined ? 3U : 1U) << match.left;
    right->used |= (is_joined && !match.is_left_joined ? 3U : 1U) << match.right;
    out->matches[out->count++] = match;
}

static void count_equal(const struct people_sound *sound, struct people_alignment *out)
{
    out->equal++;
    out->distinct += !sound->is_common;
    out->letters += sound->len;
}

static void match_equal(struct side *left, struct side *right, bool is_by_spelling, struct people_alignment *out)
{
    for (size_t i = 0; i < left->name->count; i++) {
        for (size_t k = 0; k < right->name->count && is_free(left, i); k++) {
            const struct people_token *a = part(left, i), *b = part(right, k);
            bool is_same = a->plain_hash == b->plain_hash;
            const struct people_sound *sound = is_free(right, k) && is_same >= is_by_spelling && !a->is_initial && !b->is_initial
                                                   ? shared_sound(left, a, right, b)
                                                   : NULL;
            if (sound == NULL)
                continue;
            struct people_part_match match = {(uint8_t)i, (uint8_t)k, is_same ? PEOPLE_WAY_SPELLING : PEOPLE_WAY_SOUND, false, sound->text};
            put_match(left, right, match, out);
            count_equal(sound, out);
            out->spelled += is_same;
        }
    }
}

/* Two free neighbours of `two` that are one free part of `one`. */
static void match_joined(struct side *left, struct side *right, bool is_left_joined, struct people_alignment *out)
{
    struct side *two = is_left_joined ? left : right, *one = is_left_joined ? right : left;
    for (size_t i = 0; i + 1 < two->name->count; i++) {
        for (size_t k = 0; k < one->name->count && is_free(two, i) && is_free(two, i + 1); k++) {
            const struct people_token *joined = people_profile_joined(two->profile, two->name, i), *whole = part(one, k);
            if (!is_free(one, k) || whole->is_initial)
                continue;
            const struct people_sound *sound = is_left_joined ? shared_sound(left, joined, right, whole) : shared_sound(left, whole, right, joined);
            if (sound == NULL)
                continue;
            struct people_part_match match = {(uint8_t)(is_left_joined ? i : k), (uint8_t)(is_left_joined ? k : i), PEOPLE_WAY_JOINED,
                                              is_left_joined, sound->text};
            put_match(left, right, match, out);
            count_equal(sound, out);
        }
    }
}

static void match_loosely(struct side *left, struct side *right, enum people_way way, struct people_alignment *out)
{
    for (size_t i = 0; i < left->name->count; i++) {
        for (size_t k = 0; k < right->name->count && is_free(left, i); k++) {
            const struct people_token *a = part(left, i), *b = part(right, k);
            bool is_initial = a->is_initial || b->is_initial;
            if (!is_free(right, k) || is_initial != (way == PEOPLE_WAY_INITIAL) || a->sound_count == 0)
                continue;
            if (!(is_initial ? is_initial_of(left, a, right, b) : is_slip(left, a, right, b)))
                continue;
            struct people_part_match match = {(uint8_t)i, (uint8_t)k, way, false, people_profile_sounds(left->profile, a)->text};
            put_match(left, right, match, out);
            out->slips += !is_initial;
            out->initials += is_initial;
        }
    }
}

static uint8_t count_free(const struct side *side)
{
    return (uint8_t)(side->name->count - __builtin_popcount(side->used));
}

/* One part in common, and what else is there differs by a slip or an initial, or is in one name only. */
static enum people_level level_of_one(const struct people_alignment *found, size_t shorter)
{
    bool is_whole = found->left_over == 0 && found->right_over == 0;
    bool is_loose = found->slips + found->initials > 0;
    if (found->left_over > 0 && found->right_over > 0)
        return PEOPLE_LEVEL_NONE;
    if (is_loose && found->distinct == 0)
        return found->slips > 0 ? PEOPLE_LEVEL_SINGLE : PEOPLE_LEVEL_NONE;
    if (is_loose)
        return is_whole ? PEOPLE_LEVEL_THIN : PEOPLE_LEVEL_SINGLE;
    if (shorter > 1 || found->distinct == 0)
        return PEOPLE_LEVEL_NONE;
    return is_whole ? PEOPLE_LEVEL_WEAK : PEOPLE_LEVEL_SINGLE;
}

/* Both names have parts that the other has not. */
static enum people_level level_of_overlap(const struct people_alignment *found)
{
    bool is_much = found->equal >= 3 || found->distinct >= 2;
    if (found->distinct == 0)
        return PEOPLE_LEVEL_NONE;
    return is_much ? PEOPLE_LEVEL_WEAK : PEOPLE_LEVEL_MIXED;
}

/* All of one name is in the other, which has more. */
static enum people_level level_of_inside(const struct people_alignment *found)
{
    if (found->distinct == 0)
        return found->equal >= 3 ? PEOPLE_LEVEL_WEAK : PEOPLE_LEVEL_MIXED;
    if (found->slips + found->initials > 0)
        return PEOPLE_LEVEL_THIN;
    if (found->distinct == 1)
        return found->equal >= 3 ? PEOPLE_LEVEL_THIN : PEOPLE_LEVEL_WEAK;
    if (found->equal >= 3 && found->letters >= LETTERS_FULL)
        return PEOPLE_LEVEL_FULL;
    return found->letters >= LETTERS_GOOD ? PEOPLE_LEVEL_GOOD : PEOPLE_LEVEL_THIN;
}

static enum people_level level_of_whole(const struct people_alignment *found, bool is_spelled)
{
    if (found->slips + found->initials > 0)
        return found->distinct > 0 ? PEOPLE_LEVEL_THIN : PEOPLE_LEVEL_WEAK;
    if (found->distinct >= 2 && found->letters >= LETTERS_FULL)
        return PEOPLE_LEVEL_FULL;
    if (found->distinct > 0 && found->letters >= (found->distinct >= 2 ? LETTERS_TWO : LETTERS_ONE))
        return PEOPLE_LEVEL_GOOD;
    if (is_spelled)
        return PEOPLE_LEVEL_SPELLED;
    return found->distinct > 0 ? PEOPLE_LEVEL_THIN : PEOPLE_LEVEL_WEAK;
}

/* The same letters throughout, enough of them, and not every part is frequent. */
static bool is_spelled_alike(const struct side *left, const struct people_alignment *found)
{
    size_t letters = 0;
    bool is_rare = false;
    for (size_t i = 0; i < found->count; i++) {
        const struct people_token *token = part(left, found->matches[i].left);
        if (found->matches[i].way != PEOPLE_WAY_SPELLING)
            return false;
        letters += token->plain_len;
        is_rare = is_rare || !token->is_frequent;
    }
    return is_rare && letters >= LETTERS_SPELLED;
}

static enum people_level level_of(const struct side *left, const struct side *right, const struct people_alignment *found)
{
    size_t shorter = left->name->count < right->name->count ? left->name->count : right->name->count;
    if (found->equal == 0)
        return PEOPLE_LEVEL_NONE;
    if (found->equal == 1)
        return level_of_one(found, shorter);
    if (found->left_over > 0 && found->right_over > 0)
        return level_of_overlap(found);
    if (found->left_over > 0 || found->right_over > 0)
        return level_of_inside(found);
    return level_of_whole(found, is_spelled_alike(left, found));
}

static int by_parts(const struct people_profile *a, const struct people_profile_name *x, const struct people_profile *b,
                    const struct people_profile_name *y)
{
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    for (size_t i = 0; i < x->count; i++) {
        uint64_t u = people_profile_token(a, x, i)->plain_hash, v = people_profile_token(b, y, i)->plain_hash;
        if (u != v)
            return u < v ? -1 : 1;
    }
    return 0;
}

void people_names_align(const struct people_profile *a, const struct people_profile_name *name_a, const struct people_profile *b,
                        const struct people_profile_name *name_b, struct people_alignment *out)
{
    memset(out, 0, offsetof(struct people_alignment, matches));
    out->a = name_a;
    out->b = name_b;
    if ((name_a->mask & name_b->mask) == 0)
        return;
    out->is_swapped = by_parts(a, name_a, b, name_b) > 0;
    struct side left = {out->is_swapped ? b : a, out->is_swapped ? name_b : name_a, 0};
    struct side right = {out->is_swapped ? a : b, out->is_swapped ? name_a : name_b, 0};
    match_equal(&left, &right, true, out);
    match_equal(&left, &right, false, out);
    if (count_free(&left) > 0 && count_free(&right) > 0) {
        match_joined(&left, &right, true, out);
        match_joined(&left, &right, false, out);
    }
    if (out->equal > 0 && count_free(&left) > 0 && count_free(&right) > 0) {
        match_loosely(&left, &right, PEOPLE_WAY_SLIP, out);
        match_loosely(&left, &right, PEOPLE_WAY_INITIAL, out);
    }
    out->used_left = left.used;
    out->used_right = right.used;
    out->left_over = count_free(&left);
    out->right_over = count_free(&right);
    out->level = level_of(&left, &right, out);
    if ((name_a->is_weak || name_b->is_weak) && out->level > PEOPLE_LEVEL_THIN)
        out->level = PEOPLE_LEVEL_THIN;
}
