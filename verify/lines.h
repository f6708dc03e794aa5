/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of `key: value` lines, each line in its place and of its form. doc/spec/statements.md, its head and clauses 3 to 5.
 */
#ifndef VERIFY_LINES_H
#define VERIFY_LINES_H

#include "verify/key.h"
#include "verify/report.h"
#include "verify/words.h"

enum { VERIFY_LINE_MAX = 1024, VERIFY_LINES_MAX = 32, VERIFY_KIND_MAX = 32 };

enum verify_form {
    VERIFY_FORM_HEX,          /* `max` bytes as hexadecimal digits */
    VERIFY_FORM_HASH_OR_NONE, /* 32 bytes as hexadecimal digits, not all zero, or "-" */
    VERIFY_FORM_KEY,          /* base64 of 32 bytes */
    VERIFY_FORM_TEXT,         /* `min` to `max` bytes without control characters */
    VERIFY_FORM_NUMBER,       /* `min` to `max` */
    VERIFY_FORM_CLASS,        /* 1, 3 or 5 */
    VERIFY_FORM_TIME,
    VERIFY_FORM_WORD,         /* one of `words` */
    VERIFY_FORM_WORDS,        /* some of `words`, or "-" */
    VERIFY_FORM_REASONS,      /* some of `words` but not all, or "all" */
    VERIFY_FORM_ERROR,        /* a word of small letters, digits and "-" */
};

struct verify_line {
    const char *key;
    enum verify_form form;
    uint64_t min, max;
    const struct verify_words *words;
};

/* What a line says: in `hash` for hexadecimal digits and keys (zero for "-"), else in `number`: a time in seconds since
 * 1970, a word's place, a bit for each word. */
struct verify_value {
    struct verify_span text; /* borrowed */
    struct verify_hash hash;
    int64_t number;
};

/* Takes exactly these lines off the front of *rest. VERIFY_REFUTED with `clause`. */
enum verify_result verify_lines_take(struct verify_span *rest, const struct verify_line *lines, size_t count, const char *clause,
                                     struct verify_value values[VERIFY_LINES_MAX], struct verify_report *report) VERIFY_MUST_USE;
/* VERIFY_REFUTED unless nothing is left. */
enum verify_result verify_lines_end(struct verify_span rest, const char *clause, struct verify_report *report) VERIFY_MUST_USE;

bool verify_is_word(struct verify_span word); /* 1 to VERIFY_KIND_MAX of small letters, digits and "-" */

#endif
