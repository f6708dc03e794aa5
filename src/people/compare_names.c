/* SPDX-License-Identifier: Apache-2.0
 *
 * Two names, part by part, in any order: first what is equal, then what was joined, slipped or shortened.
 */
#include "people/compare_inside.h"

#include <string.h>

enum {
    SLIP_LETTERS_MIN = 5, /* of a plain form */
    SLIP_SOUNDS_MIN = 4,  /* classes of a sound */
    NEAR_PERCENT = 75,    /* letters in common, in their order, of two plain forms with the same sound */
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
    if (a->is_frequent || b->is_frequent)
        return false;
    if (a->plain_len >= SLIP_LETTERS_MIN && b->plain_len >= SLIP_LETTERS_MIN &&
        is_one_apart(people_profile_text(left->profile, a->plain), a->plain_len, people_profile_text(right->profile, b->plain), b->plain_len))
        return true;
    return is_sound_slip(left, a, right, b);
}

/* Letters of two alphabets are compared by sound, of one by themselves. */
static bool is_initial_of(const struct side *left, const struct people_token *a, const struct side *right, const struct people_token *b)
{
    char x = *people_profile_text(left->profile, a->plain), y = *people_profile_text(right->profile, b->plain);
    if (a->script == b->script)
        return x == y;
    const struct people_sound *u = people_profile_sounds(left->profile, a), *v = people_profile_sounds(right->profile, b);
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            if (*people_profile_text(left->profile, u[i].text) == *people_profile_text(right->profile, v[k].text))
                return true;
    return false;
}

/* A part says nothing below the offset, and above it so many sixteenths of its rarity: names go together, so that the rarity
 * of each of several parts counts the same thing more than once (Ahmad is likelier beside Muhammad than anywhere). */
static const struct {
    uint8_t offset, sixteenths;
} weights[PEOPLE_WAYS] = {
    [PEOPLE_WAY_SPELLING] = {45, 25}, [PEOPLE_WAY_NEAR] = {45, 24}, [PEOPLE_WAY_SOUND] = {45, 23},  [PEOPLE_WAY_SILENT] = {15, 18},
    [PEOPLE_WAY_JOINED] = {15, 12},   [PEOPLE_WAY_SLIP] = {15, 7},  [PEOPLE_WAY_INITIAL] = {0, 0},
};

static int weigh(enum people_way way, int rarity)
{
    return rarity > weights[way].offset ? (rarity - weights[way].offset) * weights[way].sixteenths / 16 : 0;
}

static int greater(int a, int b)
{
    return a > b ? a : b;
}

void people_part_most(const struct people_token *token, const struct people_sound *sound, bool is_first, struct people_part_most *out)
{
    out->part = greater(weigh(PEOPLE_WAY_NEAR, (token->rarity + sound->rarity) / 2), weigh(PEOPLE_WAY_SOUND, sound->rarity));
    if (is_first)
        out->part = greater(out->part, weigh(PEOPLE_WAY_SPELLING, token->rarity));
    out->silent = greater(out->part, weigh(PEOPLE_WAY_SILENT, sound->rarity));
    out->joined = weigh(PEOPLE_WAY_JOINED, sound->rarity);
    if (!people_token_is_voweled(token))
        out->part = out->silent;
}

int people_slip_most(const struct people_token *token)
{
    return weigh(PEOPLE_WAY_SLIP, token->rarity);
}

static void put_match(struct side *left, struct side *right, struct people_part_match match, int rarity, struct people_alignment *out)
{
    bool is_joined = match.way == PEOPLE_WAY_JOINED;
    left->used |= (is_joined && match.is_left_joined ? 3U : 1U) << match.left;
    right->used |= (is_joined && !match.is_left_joined ? 3U : 1U) << match.right;
    match.evidence = (int16_t)weigh(match.way, rarity);
    out->counts[match.way]++;
    out->rarity[match.way] = (uint16_t)(out->rarity[match.way] + (rarity > weights[match.way].offset ? rarity - weights[match.way].offset : 0));
    out->matched += match.evidence;
    out->equal = (uint8_t)(out->equal + (match.way < PEOPLE_WAY_SLIP));
    out->matches[out->count++] = match;
}

/* The most letters that both have in the same order (the longest common subsequence), in hundredths of all. */
static unsigned letters_alike(const char *a, size_t a_len, const char *b, size_t b_len)
{
    uint8_t row[NAMES_TOKEN_SIZE] = {0};
    for (size_t i = 0; i < a_len; i++) {
        uint8_t corner = 0;
        for (size_t k = 0; k < b_len; k++) {
            uint8_t above = row[k + 1];
            row[k + 1] = a[i] == b[k] ? (uint8_t)(corner + 1) : above > row[k] ? above : row[k];
            corner = above;
        }
    }
    return 200U * row[b_len] / (unsigned)(a_len + b_len);
}

/* Two parts with a sound in common. */
static enum people_way way_of(const struct side *left, const struct people_token *a, const struct side *right, const struct people_token *b)
{
    if (!people_token_is_voweled(a) || !people_token_is_voweled(b))
        return PEOPLE_WAY_SILENT;
    unsigned alike = letters_alike(people_profile_text(left->profile, a->plain), a->plain_len, people_profile_text(right->profile, b->plain), b->plain_len);
    return alike >= NEAR_PERCENT ? PEOPLE_WAY_NEAR : PEOPLE_WAY_SOUND;
}

static int rarity_of(enum people_way way, const struct people_token *a, const struct people_token *b, const struct people_sound *sound)
{
    int word = a->rarity < b->rarity ? a->rarity : b->rarity;
    if (way == PEOPLE_WAY_SPELLING || way == PEOPLE_WAY_SLIP)
        return word;
    return way == PEOPLE_WAY_NEAR ? (word + sound->rarity) / 2 : sound->rarity;
}

static void match_spelled(struct side *left, struct side *right, struct people_alignment *out)
{
    for (size_t i = 0; i < left->name->count; i++) {
        for (size_t k = 0; k < right->name->count && is_free(left, i); k++) {
            const struct people_token *a = part(left, i), *b = part(right, k);
            if (a->plain_hash != b->plain_hash || a->is_initial || !is_free(right, k))
                continue;
            uint32_t sound = a->sound_count == 0 ? a->plain : people_profile_sounds(left->profile, a)->text;
            put_match(left, right, (struct people_part_match){(uint8_t)i, (uint8_t)k, PEOPLE_WAY_SPELLING, false, 0, sound}, a->rarity, out);
        }
    }
}

static void match_heard(struct side *left, struct side *right, struct people_alignment *out)
{
    for (size_t i = 0; i < left->name->count; i++) {
        for (size_t k = 0; k < right->name->count && is_free(left, i); k++) {
            const struct people_token *a = part(left, i), *b = part(right, k);
            bool is_open = is_free(right, k) && !a->is_initial && !b->is_initial;
            const struct people_sound *sound = is_open ? shared_sound(left, a, right, b) : NULL;
            if (sound == NULL)
                continue;
            enum people_way way = way_of(left, a, right, b);
            put_match(left, right, (struct people_part_match){(uint8_t)i, (uint8_t)k, way, false, 0, sound->text}, rarity_of(way, a, b, sound), out);
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
                                              is_left_joined, 0, sound->text};
            put_match(left, right, match, sound->rarity, out);
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
            const struct people_sound *sound = people_profile_sounds(left->profile, a);
            struct people_part_match match = {(uint8_t)i, (uint8_t)k, way, false, 0, sound->text};
            put_match(left, right, match, rarity_of(way, a, b, sound), out);
        }
    }
}

static uint8_t count_free(const struct side *side)
{
    return (uint8_t)(side->name->count - __builtin_popcount(side->used));
}

/* Evidence against: parts that both have besides contradict each other, parts that one has besides say little. */
static int weigh_missing(int left_over, int right_over)
{
    enum { CONTRADICTION = 58, MORE = 28 };
    int both = left_over < right_over ? left_over : right_over;
    int more = left_over + right_over - 2 * both;
    return -(CONTRADICTION * both + MORE * (more < 3 ? more : 3));
}

static bool is_in_order(const struct people_alignment *found)
{
    for (size_t i = 0; i < found->count; i++)
        for (size_t k = 0; k < i; k++)
            if ((found->matches[i].left < found->matches[k].left) != (found->matches[i].right < found->matches[k].right))
                return false;
    return true;
}

static void weigh_name(struct people_alignment *out, bool is_weak)
{
    enum { REORDERED = -4, WEAK = -20, HALF = -70, SEVERAL = -10 };
    out->missing = weigh_missing(out->left_over, out->right_over);
    out->is_reordered = !is_in_order(out);
    out->order = (out->is_reordered ? REORDERED : 0) + (is_weak ? WEAK : 0) + (out->equal == 1 ? PEOPLE_EVIDENCE_ALONE + (out->left_over > 0 && out->right_over > 0 ? HALF : 0) : out->equal > 2 ? SEVERAL : 0);
    out->evidence = out->matched + out->missing + out->order;
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

bool people_names_align(const struct people_profile *a, const struct people_profile_name *name_a, const struct people_profile *b,
                        const struct people_profile_name *name_b, struct people_alignment *out)
{
    if ((name_a->mask & name_b->mask) == 0)
        return false;
    memset(out, 0, offsetof(struct people_alignment, matches));
    out->a = name_a;
    out->b = name_b;
    out->is_swapped = by_parts(a, name_a, b, name_b) > 0;
    struct side left = {out->is_swapped ? b : a, out->is_swapped ? name_b : name_a, 0};
    struct side right = {out->is_swapped ? a : b, out->is_swapped ? name_a : name_b, 0};
    match_spelled(&left, &right, out);
    match_heard(&left, &right, out);
    if (count_free(&left) > 0 && count_free(&right) > 0) {
        match_joined(&left, &right, true, out);
        match_joined(&left, &right, false, out);
    }
    if (out->equal == 0)
        return false;
    if (count_free(&left) > 0 && count_free(&right) > 0) {
        match_loosely(&left, &right, PEOPLE_WAY_SLIP, out);
        match_loosely(&left, &right, PEOPLE_WAY_INITIAL, out);
    }
    out->used_left = left.used;
    out->used_right = right.used;
    out->left_over = count_free(&left);
    out->right_over = count_free(&right);
    weigh_name(out, name_a->is_weak || name_b->is_weak);
    return true;
}
