/* SPDX-License-Identifier: Apache-2.0
 *
 * The closed lists of words that statements and terms are written with: outcomes, reasons to decline, handling labels,
 * duties. One list each, in the order of its enum; what is not in the list is not of the form. doc/spec/statements.md 5.
 */
#ifndef EXCHANGE_WORDS_H
#define EXCHANGE_WORDS_H

#include "base/bytes.h"

struct exchange_words {
    const char *const *items;
    unsigned count;
};

/* The value's place in the list; BASE_E_FORMAT, with the line's key in the detail, when it is not there. */
enum base_code exchange_words_find(const struct exchange_words *words, const char *key, struct base_bytes value,
                                   unsigned *out) BASE_MUST_USE;

/* TLP 2.0 (FIRST). */
enum exchange_label { EXCHANGE_TLP_RED, EXCHANGE_TLP_AMBER_STRICT, EXCHANGE_TLP_AMBER, EXCHANGE_TLP_GREEN, EXCHANGE_TLP_CLEAR };
extern const struct exchange_words exchange_labels;

/* Europol: how reliable the source is (A, B, C, X) and the information (1 to 4), as "A1" ... "X4", in this order. */
extern const struct exchange_words exchange_gradings;
enum { EXCHANGE_GRADING_UNKNOWN = 15 }; /* "X4" */

/* Europol handling codes: H0 crime prevention, H1 not in court without permission, H2 not passed on without permission, H3
 * as the text says. */
enum exchange_handling { EXCHANGE_H0, EXCHANGE_H1, EXCHANGE_H2, EXCHANGE_H3 };
extern const struct exchange_words exchange_handlings;

enum exchange_urgency { EXCHANGE_URGENT, EXCHANGE_NORMAL, EXCHANGE_OTHER, EXCHANGE_URGENCY_COUNT };
extern const struct exchange_words exchange_urgencies;

/* What an answer says of its ask. */
enum exchange_outcome { EXCHANGE_ANSWERED, EXCHANGE_PARTLY, EXCHANGE_NO_TRACE, EXCHANGE_TRANSFERRED };
extern const struct exchange_words exchange_outcomes;

/* Reasons to decline, in the order of the table in doc/spec/statements.md 5.4. */
enum exchange_code {
    EXCHANGE_OUT_OF_SCOPE, EXCHANGE_NOT_HELD, EXCHANGE_NEEDS_JUDICIAL_AUTHORISATION, EXCHANGE_NEEDS_COERCION,
    EXCHANGE_MINOR_OFFENCE, EXCHANGE_NATIONAL_SECURITY, EXCHANGE_JEOPARDISES_INVESTIGATION, EXCHANGE_ENDANGERS_PERSON,
    EXCHANGE_DISPROPORTIONATE, EXCHANGE_CONTRARY_TO_FUNDAMENTAL_LAW, EXCHANGE_RIGHTS_RISK, EXCHANGE_PROTECTION_INADEQUATE,
    EXCHANGE_NO_RECIPROCITY, EXCHANGE_ORIGINATOR_WITHHOLDS, EXCHANGE_DATA_DOUBTFUL, EXCHANGE_REQUEST_INCOMPLETE,
    EXCHANGE_NO_LEGAL_BASIS, EXCHANGE_EVIDENCE_USE_NOT_ALLOWED, EXCHANGE_NEITHER_CONFIRM_NOR_DENY,
    EXCHANGE_CODE_COUNT
};
extern const struct exchange_words exchange_codes;
/* What a reason means, in a line. */
const char *exchange_code_meaning(enum exchange_code code);

/* What a party can owe. */
enum exchange_duty {
    EXCHANGE_DUTY_ANSWER,     /* to an ask: by the asked party */
    EXCHANGE_DUTY_TELL,       /* of a hit that the alert asked to be told of: by the party that has the hit */
    EXCHANGE_DUTY_TASK,       /* to look at a hit or an alert that arrived: inside a party */
    EXCHANGE_DUTY_REVIEW,     /* of an alert: by its owner */
    EXCHANGE_DUTY_RECEIPT,    /* for a statement: by the party it was sent to */
    EXCHANGE_DUTY_COSIGN,     /* of a checkpoint: by the other party */
    EXCHANGE_DUTY_FEEDBACK,   /* on an answer: by the asker */
    EXCHANGE_DUTY_CORRECTION, /* to carry out a correction: by who was sent what it corrects */
    EXCHANGE_DUTY_JUSTIFY,    /* an alert whose purpose the other party calls served: by its owner */
    EXCHANGE_DUTY_COUNT
};
extern const struct exchange_words exchange_duties;

/* What the sender of an alert wants to be told of: bits 1 << enum. */
enum exchange_tell { EXCHANGE_TELL_CONTACT, EXCHANGE_TELL_TRAVEL, EXCHANGE_TELL_WHEREABOUTS, EXCHANGE_TELL_RECORD, EXCHANGE_TELL_COUNT };
extern const struct exchange_words exchange_tells;

enum exchange_action { EXCHANGE_CORRECT, EXCHANGE_RESTRICT, EXCHANGE_ERASE };
extern const struct exchange_words exchange_actions;
enum exchange_did { EXCHANGE_DID_CORRECT, EXCHANGE_DID_RESTRICT, EXCHANGE_DID_ERASE, EXCHANGE_DID_NOT_HOLD };
extern const struct exchange_words exchange_dids;

enum exchange_verdict { EXCHANGE_CONFIRMED, EXCHANGE_REJECTED, EXCHANGE_UNSURE, EXCHANGE_ASSESSED };
extern const struct exchange_words exchange_verdicts;
enum exchange_grade { EXCHANGE_EXACT, EXCHANGE_STRONG, EXCHANGE_POSSIBLE };
extern const struct exchange_words exchange_grades;

enum exchange_use { EXCHANGE_USEFUL, EXCHANGE_NOT_USEFUL, EXCHANGE_NOT_USED };
extern const struct exchange_words exchange_uses;

extern const struct exchange_words exchange_answers; /* "no", "yes" */

/* Which statements need a second person's release before they leave (terms 3). */
enum exchange_release { EXCHANGE_RELEASE_NONE, EXCHANGE_RELEASE_ANSWERS, EXCHANGE_RELEASE_ALL };
extern const struct exchange_words exchange_releases;

#endif
