/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a comparison, for src/people/compare*.c only: names are aligned, dates are set against each other, all of it is
 * weighed as evidence and added up, and the words are written from what was found. Evidence is in tenths of a bit: 10 makes it
 * twice as likely that the two are one person, -10 half as likely (doc/spec/screening.md).
 */
#ifndef PEOPLE_COMPARE_INSIDE_H
#define PEOPLE_COMPARE_INSIDE_H

#include "people/compare.h"
#include "people/profile_inside.h"

/* How a part of one name is a part of the other. */
enum people_way {
    PEOPLE_WAY_SPELLING, /* letter by letter */
    PEOPLE_WAY_NEAR,     /* the same sound, nearly the same letters */
    PEOPLE_WAY_SOUND,    /* the same sound, other letters */
    PEOPLE_WAY_SILENT,   /* the same sound, and one of the scripts does not write vowels */
    PEOPLE_WAY_JOINED,   /* two neighbours of one name are one part of the other */
    PEOPLE_WAY_SLIP,     /* one letter, or one sound, was changed, left out, put in or swapped with the next */
    PEOPLE_WAY_INITIAL,
    PEOPLE_WAYS,
};

/* Of a name that has one equal part alone. */
enum { PEOPLE_EVIDENCE_ALONE = -30 };

struct people_part_match {
    uint8_t left, right; /* which parts; of joined ones the first */
    enum people_way way;
    bool is_left_joined; /* PEOPLE_WAY_JOINED: otherwise the right one's are */
    int16_t evidence;
    uint32_t sound;      /* in the left profile's text: the sound they share, of a slip the left one's */
};

/* Left and right are a and b, or b and a: an order that the names themselves give, so that it does not matter which was a. */
struct people_alignment {
    const struct people_profile_name *a, *b;
    bool is_swapped; /* left is of b */
    bool is_reordered;
    uint32_t used_left, used_right; /* a bit for each part that is in a match */
    uint8_t count, left_over, right_over;
    uint8_t equal; /* matches that are neither slip nor initial */
    uint8_t counts[PEOPLE_WAYS];
    uint16_t rarity[PEOPLE_WAYS]; /* of what is matched in each way */
    int matched, missing, order;  /* evidence: of the matches, of what one or both have besides, of their order */
    int evidence;                 /* all of it */
    struct people_part_match matches[NAMES_TOKENS_MAX];
};

/* The evidence that a part can be at most by one of its sounds: equal to a part of a name whose script writes vowels, to one of any
 * script, and joined. With its first sound also that of the same letters, which have all its sounds. */
struct people_part_most {
    int part, silent, joined;
};
void people_part_most(const struct people_token *token, const struct people_sound *sound, bool is_first, struct people_part_most *out);
/* The evidence of a slip at most. */
int people_slip_most(const struct people_token *token);

/* False when the names have no part in common. */
bool people_names_align(const struct people_profile *a, const struct people_profile_name *name_a, const struct people_profile *b,
                        const struct people_profile_name *name_b, struct people_alignment *out);

/* What two dates of birth say about each other. */
enum people_nearness {
    PEOPLE_NEAR_DAY,      /* the same day */
    PEOPLE_NEAR_SWAPPED,  /* the same year, day and month swapped */
    PEOPLE_NEAR_MONTH,    /* year and month, the day is not known */
    PEOPLE_NEAR_SLIP,     /* day and month, and nearly the year */
    PEOPLE_NEAR_YEAR,     /* the year, no more is known of one */
    PEOPLE_NEAR_BIRTHDAY, /* day and month, another year */
    PEOPLE_NEAR_SPAN,     /* circa or a range that has it */
    PEOPLE_NEAR_PART,     /* the year, and the day or the month */
    PEOPLE_NEAR_UNKNOWN,
    PEOPLE_NEAR_NEXT,     /* neighbouring years, one of them alone or circa */
    PEOPLE_NEAR_SAME,     /* the year, another day and month */
    PEOPLE_NEAR_OFF,      /* neighbouring years and another day, or a few years apart */
    PEOPLE_NEAR_FAR,
    PEOPLE_NEARNESSES,
};

enum people_nearness people_births_near(const struct people_birth *a, const struct people_birth *b);
int people_births_evidence(enum people_nearness near);
/* The best pair of two persons; UNKNOWN, and nothing in at_a and at_b, when one of them has none. */
enum people_nearness people_births_best(const struct people_profile *a, const struct people_profile *b, size_t *at_a, size_t *at_b);
/* In words: "born 1987-10-21 against 1986-10-21: day and month agree, one year apart". */
enum base_code people_births_words(const struct people_date *a, const struct people_date *b, struct base_buffer *out) BASE_MUST_USE;

/* What two sets say that may have something in common: nationalities, places of birth. */
enum people_meeting { PEOPLE_MEETING_UNKNOWN, PEOPLE_MEETING_AGREES, PEOPLE_MEETING_DIFFERS };

struct people_assessment {
    bool is_hit;
    enum people_grade grade;
    bool has_name;
    struct people_alignment name; /* the best pair of names */
    size_t more_names;            /* other pairs that are nearly as good */
    bool has_birth; /* both have one */
    enum people_nearness nearness;
    size_t birth_a, birth_b;
    bool has_document;
    size_t number_a, number_b;
    enum people_meeting nations, places;
    bool has_other_sex;
    int births, documents, nations_evidence, places_evidence, sex_evidence, chances, prior; /* evidence */
    int evidence;                                                                           /* all of it */
};

/* What an index reckons with: the evidence of a name and dates that a hit needs, what else there may be, and what one equal part
 * alone takes away. */
struct people_most {
    int needed, nation, place, alone;
};
extern const struct people_most people_most;

void people_assess(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out);
/* The probability that evidence stands for, in hundredths; from 1 to 99. */
int people_evidence_percent(int evidence);

struct people_side {
    const struct people_record *record;
    const struct people_profile *profile;
};
/* A text of a record in a line of reasons: at most PEOPLE_CUT_BYTES of it, so that a line has room (PEOPLE_TEXT_MAX) and a person
 * reads it. */
enum { PEOPLE_CUT_BYTES = 160 };
enum base_code people_words_cut(struct base_buffer *out, const char *text) BASE_MUST_USE;
/* Adds the reasons to `out`: a line for each part of the name, or one for all of it. */
enum base_code people_words_write(const struct people_side *a, const struct people_side *b, const struct people_assessment *found,
                                  bool is_by_part, struct people_explanation *out) BASE_MUST_USE;

#endif
