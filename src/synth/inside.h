/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this layer share. A `struct synth_who` is the person; a `struct synth_writing` is the name as one source
 * writes it, part by part; a `struct synth_sheet` is all that the source says, ready to become a record or a line of a list.
 * All are plain storage without pointers to the heap, so that making a person allocates nothing.
 */
#ifndef SYNTH_INSIDE_H
#define SYNTH_INSIDE_H

#include "synth/synth.h"
#include "synth/tables.h"

enum {
    SYNTH_PART_BYTES = 160, /* three composed spellings and their NUL */
    SYNTH_NAME_BYTES = 768,
    SYNTH_NAMES_MAX = 8,
    SYNTH_BIRTHS_MAX = 4,
    SYNTH_DOCUMENT_BYTES = 16,
    SYNTH_KEY_BYTES = 48,
};

struct synth {
    uint64_t seed;
    unsigned women_percent, error_percent;
    struct synth_tables tables;
    uint16_t chosen[SYNTH_LANGUAGES_MAX]; /* positions in the tables */
    size_t chosen_count;
    struct synth_slot *slots;
    uint32_t total;
};

/* The streams of numbers that one index has. */
enum synth_purpose {
    SYNTH_PURPOSE_PLAN,     /* index: the block */
    SYNTH_PURPOSE_FAMILY,   /* index: the first of the family */
    SYNTH_PURPOSE_GIVEN,
    SYNTH_PURPOSE_SELF,
    SYNTH_PURPOSE_BIRTH,
    SYNTH_PURPOSE_DOCUMENT,
    SYNTH_PURPOSE_WRITING,
    SYNTH_PURPOSE_VARIANT, /* and all above it: one for each `which` */
};

/* A part of the name, in both spellings. */
struct synth_part {
    uint8_t role;
    bool is_written; /* a part that the person has and a source need not write */
    const struct synth_name *name; /* from a table, for its other romanisations; NULL when composed */
    char original[SYNTH_PART_BYTES], roman[SYNTH_PART_BYTES];
};

struct synth_who {
    const struct synth_language *language;
    uint64_t index, family; /* the first of the family */
    char sex;
    struct synth_part parts[SYNTH_PARTS_MAX];
    size_t part_count;
    bool is_linked; /* a link stands before father and grandfather */
    const struct synth_name *link; /* or NULL, where the language has none */
    const struct synth_name *link_again; /* before the second of them */
    struct people_day birth;
    const struct synth_name *place, *country;
    char passport[SYNTH_DOCUMENT_BYTES], id[SYNTH_DOCUMENT_BYTES]; /* "" for none */
};

struct synth_written {
    uint8_t role;
    bool is_written;
    char text[SYNTH_PART_BYTES];
};

struct synth_writing {
    struct synth_written parts[SYNTH_PARTS_MAX]; /* in the order of writing */
    size_t count;
    bool is_linked, has_marks, has_comma; /* "FAMILY, Given" */
};

struct synth_sheet_name {
    enum people_name_kind kind;
    char text[SYNTH_NAME_BYTES];
};

struct synth_sheet_date {
    struct people_day from, to;
    bool is_circa;
};

struct synth_sheet {
    char key[SYNTH_KEY_BYTES];
    char sex;
    struct synth_sheet_name names[SYNTH_NAMES_MAX];
    size_t name_count;
    struct synth_sheet_date births[SYNTH_BIRTHS_MAX];
    size_t birth_count;
    char passport[SYNTH_DOCUMENT_BYTES], id[SYNTH_DOCUMENT_BYTES];
    const char *place, *country; /* or NULL */
};

/* What the first source writes, which the errors of a second one start from. */
struct synth_first {
    struct synth_who who;
    struct synth_writing writing;
    struct synth_sheet sheet;
};

/* Text in fixed storage: what does not fit is left out, whole bytes of UTF-8 together. */
struct synth_text {
    char *at, *end; /* `end`: the place of the last NUL */
};
struct synth_text synth_text_over(char *storage, size_t size);
void synth_text_put(struct synth_text *text, const char *bytes);

/* who.c: the person. */
void synth_who_make(const struct synth *synth, uint64_t index, struct synth_who *out);
size_t synth_who_language(const struct synth *synth, uint64_t index);
uint64_t synth_who_family(const struct synth *synth, uint64_t index);
/* A name of the kind, composed where it must be. */
void synth_name_pick(const struct synth_language *language, unsigned kind, unsigned era, struct synth_random *random,
                     struct synth_part *out);
struct people_day synth_day_any(int year, struct synth_random *random);

/* writing.c: how it is written. */
void synth_writing_make(const struct synth_who *who, bool has_marks, struct synth_writing *out);
/* Rewrites one part, or where none is named several, in another usual romanisation; false when nothing changed. */
bool synth_writing_respell(const struct synth_who *who, struct synth_writing *writing, struct synth_random *random);
void synth_writing_join(const struct synth_who *who, const struct synth_writing *writing, char out[SYNTH_NAME_BYTES]);
void synth_original_join(const struct synth_who *who, char out[SYNTH_NAME_BYTES]);
struct synth_written *synth_writing_role(struct synth_writing *writing, uint8_t role); /* NULL when not there */

/* sheet.c: what a source says. */
void synth_sheet_add_name(struct synth_sheet *sheet, enum people_name_kind kind, const char *text);
void synth_sheet_add_birth(struct synth_sheet *sheet, struct synth_sheet_date date);
void synth_first_make(const struct synth *synth, uint64_t index, struct synth_first *out);
enum base_code synth_sheet_record(const struct synth_sheet *sheet, struct people_record *out) BASE_MUST_USE;

/* variant.c, and the errors in names (misspell.c) and dates (misdate.c). */
uint64_t synth_second_make(const struct synth *synth, const struct synth_first *first, uint32_t which, struct synth_sheet *out);
uint64_t synth_misspell(const struct synth *synth, const struct synth_first *first, struct synth_random *random,
                        struct synth_sheet *out);
uint64_t synth_misdate(const struct synth *synth, const struct synth_first *first, struct synth_random *random,
                       struct synth_sheet *out);
/* Does an error of this rate (in 100,000) happen? */
bool synth_errs(const struct synth *synth, struct synth_random *random, uint32_t rate);

#endif
