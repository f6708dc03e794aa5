/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of synthetic persons as text, and the truth about who is whom in them: one list, in which some persons may stand twice, or
 * two lists of the same length that have some persons in common (doc/spec/synth.md section 6). The text of persons `from` up to `to`
 * is a function of the settings and the two numbers, so that parts can be made in any order and by several threads; put together
 * in their order they are the lists.
 */
#ifndef SYNTH_LISTS_H
#define SYNTH_LISTS_H

#include "synth/synth.h"

enum synth_format { SYNTH_FORMAT_CSV, SYNTH_FORMAT_FTM };

/* "csv", "ftm"; BASE_E_ARGUMENT for another word. */
enum base_code synth_format_from_word(const char *word, enum synth_format *out) BASE_MUST_USE;

struct synth_lists {
    const struct synth *synth; /* borrowed */
    enum synth_format format;
    bool is_two_sided;
    uint64_t count;  /* rows of each list */
    uint64_t shared; /* persons that stand in both lists, or twice in the one; at most `count`, or half of it */
};

struct synth_lists_part {
    struct base_buffer first, second, truth;
    uint64_t first_rows, second_rows, pairs;
    uint64_t exact;                      /* pairs without an error */
    uint64_t errors[SYNTH_ERROR_COUNT];  /* pairs with it */
};
#define SYNTH_LISTS_PART_EMPTY ((struct synth_lists_part){0})

/* BASE_E_ARGUMENT when more persons are shared than there can be, or none are asked for; BASE_E_RANGE over SYNTH_INDEX_MAX. */
enum base_code synth_lists_check(const struct synth_lists *lists) BASE_MUST_USE;
/* How many different persons the lists are made of: they are numbered from 0. */
uint64_t synth_lists_persons(const struct synth_lists *lists);
/* What stands before the first row: for CSV a remark that nobody in it exists, and the header. Appends. */
enum base_code synth_lists_head(const struct synth_lists *lists, struct base_buffer *out) BASE_MUST_USE;
/* Appends the rows of persons from, from + 1, ... to - 1 to the part's texts, and adds to its numbers. BASE_E_NOMEM. */
enum base_code synth_lists_make(const struct synth_lists *lists, uint64_t from, uint64_t to, struct synth_lists_part *part) BASE_MUST_USE;
void synth_lists_part_clear(struct synth_lists_part *part);   /* keeps its memory */
void synth_lists_part_release(struct synth_lists_part *part); /* leaves it empty */

/* The mapping file that reads the CSV (examples/synth/synth.mapping). */
struct base_bytes synth_mapping_text(void);

#endif
