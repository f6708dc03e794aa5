/* SPDX-License-Identifier: Apache-2.0
 *
 * people_index_sounds() in no order and with repeats, for src/people/index.c only: to ask a table, sorting costs more than it
 * saves.
 */
#ifndef PEOPLE_SOUNDS_H
#define PEOPLE_SOUNDS_H

#include "people/index.h"

enum base_code people_sounds_list(const struct people_profile *profile, enum people_sounds_use use, struct people_sounds *out) BASE_MUST_USE;

#endif
