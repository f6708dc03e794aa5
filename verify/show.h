/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found, on standard output: as text for a person, and as JSON. Only main.c and these two files print.
 */
#ifndef VERIFY_SHOW_H
#define VERIFY_SHOW_H

#include "verify/compare.h"
#include "verify/opening.h"
#include "verify/oversight.h"

void verify_show_entries(const struct verify_export *export);
void verify_show_comparison(const struct verify_export exports[2], const struct verify_comparison *comparison);
void verify_show_compartment(const struct verify_compartment *compartment);
void verify_show_opening(const struct verify_opening *opening);
void verify_show_conflict(const struct verify_conflict *conflict);

/* JSON: each prints members or an object, without a comma or a line end around it. */
void verify_json_string(const char *text);
void verify_json_entries(const struct verify_export *export);
void verify_json_comparison(const struct verify_comparison *comparison);
void verify_json_compartment(const struct verify_compartment *compartment);
void verify_json_opening(const struct verify_opening *opening);
void verify_json_conflict(const struct verify_conflict *conflict);

#endif
