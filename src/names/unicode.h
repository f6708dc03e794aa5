/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to ICU: normal forms, scripts and the one legacy character set that published lists still use. No other file
 * includes an ICU header for these; text goes in and out as UTF-8.
 */
#ifndef NAMES_UNICODE_H
#define NAMES_UNICODE_H

#include "base/bytes.h"

/* Appends the NFC form (Unicode Standard Annex 15). BASE_E_ENCODING when the text is not UTF-8, BASE_E_LIMIT over 1 GiB,
 * BASE_E_NOMEM; `out` is unchanged on failure. */
enum base_code names_nfc(struct base_bytes utf8, struct base_buffer *out) BASE_MUST_USE;

/* Appends the lower-case form in NFC, as no language in particular writes it. As names_nfc(), besides. */
enum base_code names_lower(struct base_bytes utf8, struct base_buffer *out) BASE_MUST_USE;

/* The ISO 15924 code of the script that most of the text's letters are in ("Latn", "Cyrl", "Arab"; of equals the one
 * that comes first), "Zyyy" when it has no letters or is not UTF-8. */
void names_script_of(struct base_bytes utf8, char out[5]);

/* Appends the bytes, read as Windows-1252, in UTF-8. BASE_E_ENCODING at one of the five bytes that stand for nothing. */
enum base_code names_from_windows_1252(struct base_bytes bytes, struct base_buffer *out) BASE_MUST_USE;

#endif
