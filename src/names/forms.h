/* SPDX-License-Identifier: Apache-2.0
 *
 * A written name to its tokens, each as a skeleton: the consonants that every romanisation of it agrees on. Two spellings of
 * one name, in whatever script, are meant to give the same skeletons; doc/spec/names.md says how and where that fails.
 *
 *     Царнаев, Tsarnaev, Tsarnayev, Zarnajew  ──►  "srnv"
 *
 * Order and number of tokens are kept; whoever compares decides what they mean.
 */
#ifndef NAMES_FORMS_H
#define NAMES_FORMS_H

#include "base/bytes.h"

enum { NAMES_TOKENS_MAX = 24, NAMES_SKELETON_MAX = 23 };

struct names_token {
    char skeleton[NAMES_SKELETON_MAX + 1]; /* lower-case ASCII, not empty */
};
struct names_form {
    struct names_token items[NAMES_TOKENS_MAX];
    size_t count;
};

/* Tokens beyond NAMES_TOKENS_MAX, letters beyond NAMES_SKELETON_MAX and particles ("al", "bin", "von") are left out.
 * BASE_E_ENCODING when the text is not UTF-8, BASE_E_LIMIT over 4096 bytes, BASE_E_NOMEM. */
enum base_code names_form_of(struct base_bytes utf8, struct names_form *out) BASE_MUST_USE;

#endif
