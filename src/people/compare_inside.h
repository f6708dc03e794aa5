/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a comparison, for src/people/compare*.c only: names are aligned, dates are set against each other, then both
 * make a grade, and the words are written from what was found.
 */
#ifndef PEOPLE_COMPARE_INSIDE_H
#define PEOPLE_COMPARE_INSIDE_H

#include "people/compare.h"
#include "people/profile_inside.h"

/* How a part of one name is a part of the other. */
enum people_way {
    PEOPLE_WAY_SPELLING,
    PEOPLE_WAY_SOUND,
    PEOPLE_WAY_JOINED, /* two neighbours of one name are one part of the other */
    PEOPLE_WAY_SLIP,   /* one letter, or one sound, was changed, left out, put in or swapped with the next */
    PEOPLE_WAY_INITIAL,
};

struct people_part_match {
    uint8_t left, right; /* which parts; of joined ones the first */
    enum people_way way;
    bool is_left_joined; /* PEOPLE_WAY_JOINED: otherwise the right one's are */
    uint32_t sound;      /* in the left profile's text: the sound they share, of a slip the left one's */
};

/* What the names have in common, the less first: doc/spec/screening.md, 2. */
enum people_level {
    PEOPLE_LEVEL_NONE,
    PEOPLE_LEVEL_SINGLE,  /* one part */
    PEOPLE_LEVEL_MIXED,   /* two parts, and more that are not in common */
    PEOPLE_LEVEL_WEAK,    /* frequent names, or parts beside others */
    PEOPLE_LEVEL_THIN,    /* short, or with a slip */
    PEOPLE_LEVEL_SPELLED, /* short, and the same letters throughout */
    PEOPLE_LEVEL_GOOD,
    PEOPLE_LEVEL_FULL,
};

/* Left and right are a and b, or b and a: an order that the names themselves give, so that it does not matter which was a. */
struct people_alignment {
    const struct people_profile_name *a, *b;
    bool is_swapped; /* left is of b */
    enum people_level level;
    uint32_t used_left, used_right; /* a bit for each part that is in a match */
    uint8_t count, equal, spelled, distinct, slips, initials, left_over, right_over;
    unsigned letters; /* of the sounds of the equal parts */
    struct people_part_match matches[NAMES_TOKENS_MAX];
};

void people_names_align(const struct people_profile *a, const struct people_profile_name *name_a, const struct people_profile *b,
                        const struct people_profile_name *name_b, struct people_alignment *out);

/* What two dates of birth say about each other, what speaks for the same person first. */
enum people_nearness {
    PEOPLE_NEAR_DAY,   /* the same day */
    PEOPLE_NEAR_CLOSE, /* agree as far as they are known, or differ as slips do */
    PEOPLE_NEAR_LOOSE, /* the same year, the next, or the same day and month */
    PEOPLE_NEAR_UNKNOWN,
    PEOPLE_NEAR_FAR,
};

enum people_nearness people_births_near(const struct people_birth *a, const struct people_birth *b);
/* The best pair of two persons; UNKNOWN, and nothing in at_a and at_b, when one of them has none. */
enum people_nearness people_births_best(const struct people_profile *a, const struct people_profile *b, size_t *at_a, size_t *at_b);
/* In words: "born 1987-10-21 against 1986-10-21: day and month agree, one year apart". */
enum base_code people_births_words(const struct people_date *a, const struct people_date *b, struct base_buffer *out) BASE_MUST_USE;

struct people_assessment {
    bool is_hit;
    enum people_grade grade;
    bool has_name;
    struct people_alignment name; /* the best pair of names */
    size_t more_names;            /* other pairs as good as GOOD */
    bool has_birth; /* both have one */
    enum people_nearness nearness;
    size_t birth_a, birth_b;
    bool has_document;
    size_t number_a, number_b;
};

void people_assess(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out);

struct people_side {
    const struct people_record *record;
    const struct people_profile *profile;
};
enum base_code people_words_write(const struct people_side *a, const struct people_side *b, const struct people_assessment *assessment,
                                  struct people_texts *out) BASE_MUST_USE;

#endif
