/* SPDX-License-Identifier: Apache-2.0
 *
 * Names so frequent that they tell few persons apart, by sound, for comparing in the clear. A compartment's rule file has a
 * list of its own (doc/spec/names.md, 2.3), which both parties agree on; this one is this party's business only.
 */
#ifndef PEOPLE_COMMON_H
#define PEOPLE_COMMON_H

#include <stdbool.h>

bool people_is_frequent_sound(const char *sound);
/* Frequent, or of one or two letters, which too many names share. */
bool people_is_common_sound(const char *sound);

#endif
