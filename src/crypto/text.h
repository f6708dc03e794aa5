/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as text: hexadecimal, base64 (RFC 4648 section 4, padded) and words to read over a telephone.
 */
#ifndef CRYPTO_TEXT_H
#define CRYPTO_TEXT_H

#include "base/bytes.h"

/* Lower-case hexadecimal; out holds 2 * len characters and a NUL. */
void crypto_hex_encode(struct base_bytes bytes, char *out);
/* Exactly 2 * len lower-case characters into len bytes. BASE_E_FORMAT. */
enum base_code crypto_hex_decode(struct base_bytes text, uint8_t *out, size_t len) BASE_MUST_USE;

enum base_code crypto_base64_append(struct base_bytes bytes, struct base_buffer *out) BASE_MUST_USE;
/* Strict: canonical padding, no blanks. Appends to out. BASE_E_FORMAT. */
enum base_code crypto_base64_decode(struct base_bytes text, struct base_buffer *out) BASE_MUST_USE;

/* Proquints (D. Wilkerson, "A Proposal for Proquints", arXiv 0901.4016): every two bytes become one five-letter word of
 * the form consonant-vowel-consonant-vowel-consonant, joined by "-". `len` is even; out holds 6 * (len / 2) characters,
 * the last of them NUL. */
void crypto_words(struct base_bytes bytes, char *out);

#endif
