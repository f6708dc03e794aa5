/* SPDX-License-Identifier: Apache-2.0
 *
 * The closed lists of words that statements are written with. doc/spec/statements.md 3.7 and 5.
 */
#ifndef VERIFY_WORDS_H
#define VERIFY_WORDS_H

#include "verify/text.h"

struct verify_words {
    const char *const *items;
    unsigned count; /* at most 32 */
};

/* The place of a word in its list, or -1. */
int verify_word_find(const struct verify_words *words, struct verify_span word);
/* Some of the words, each once, in the list's order, one blank between: a bit for each. False for anything else, also nothing. */
bool verify_words_read(const struct verify_words *words, struct verify_span line, uint32_t *out);

extern const struct verify_words verify_starters, verify_releases, verify_moves, verify_labels, verify_gradings, verify_handlings,
    verify_yes_no, verify_tells, verify_actions;

enum verify_urgency { VERIFY_URGENT, VERIFY_NORMAL, VERIFY_OTHER };
extern const struct verify_words verify_urgencies;
enum verify_outcome { VERIFY_ANSWERED, VERIFY_PARTLY, VERIFY_NO_TRACE, VERIFY_TRANSFERRED };
extern const struct verify_words verify_outcomes;
enum { VERIFY_CODE_COUNT = 19 };
extern const struct verify_words verify_codes;
enum verify_use { VERIFY_USEFUL, VERIFY_NOT_USEFUL, VERIFY_NOT_USED, VERIFY_USE_COUNT };
extern const struct verify_words verify_uses;
enum verify_did { VERIFY_DID_CORRECT, VERIFY_DID_RESTRICT, VERIFY_DID_ERASE, VERIFY_DID_NOT_HOLD };
extern const struct verify_words verify_dids;
enum verify_grade { VERIFY_EXACT, VERIFY_STRONG, VERIFY_POSSIBLE, VERIFY_GRADE_COUNT };
extern const struct verify_words verify_grades;
enum verify_verdict { VERIFY_CONFIRMED, VERIFY_REJECTED, VERIFY_UNSURE, VERIFY_ASSESSED, VERIFY_VERDICT_COUNT };
extern const struct verify_words verify_verdicts;
enum verify_duty {
    VERIFY_DUTY_ANSWER, VERIFY_DUTY_FEEDBACK, VERIFY_DUTY_TELL, VERIFY_DUTY_TASK, VERIFY_DUTY_REVIEW, VERIFY_DUTY_JUSTIFY,
    VERIFY_DUTY_CORRECTION, VERIFY_DUTY_RECEIPT, VERIFY_DUTY_COSIGN, VERIFY_DUTY_COUNT
};
extern const struct verify_words verify_duties;

#endif
