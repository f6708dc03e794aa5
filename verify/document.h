/* SPDX-License-Identifier: Apache-2.0
 *
 * Small files of `key: value` lines that carry whole notes and contents as base64: openings and the evidence of two histories.
 * doc/spec/oversight.md, sections 4 and 5.
 */
#ifndef VERIFY_DOCUMENT_H
#define VERIFY_DOCUMENT_H

#include "verify/archive.h"

/* Takes the line of this key off the front of *rest. VERIFY_REFUTED with `clause`. */
enum verify_result verify_field_take(struct verify_span *rest, const char *key, const char *clause, struct verify_span *value,
                                     struct verify_report *report) VERIFY_MUST_USE;
/* The same, and base64 of at most max_len bytes in it. */
enum verify_result verify_field_decode(struct verify_span *rest, const char *key, const char *clause, size_t max_len,
                                       struct verify_file *out, struct verify_report *report) VERIFY_MUST_USE;
struct verify_span verify_file_span(const struct verify_file *file);

#endif
