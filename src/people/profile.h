/* SPDX-License-Identifier: Apache-2.0
 *
 * A record made ready for comparing: the forms of its names, its dates and documents, and nothing else. Working out the
 * forms costs far more than comparing them, so who compares one person with many makes the person's profile once
 * (src/people/compare.h, index.h).
 *
 *     struct people_profile *profile = NULL;
 *     BASE_TRY(people_profile_new(&profile));
 *     BASE_TRY(people_profile_set(profile, &record));     -- any number of times: memory is used again
 *     people_profile_free(profile);
 *
 * Nothing of the record is kept: it may be released. A profile may be read by several threads at once.
 */
#ifndef PEOPLE_PROFILE_H
#define PEOPLE_PROFILE_H

#include "people/record.h"

struct people_profile;

enum base_code people_profile_new(struct people_profile **out) BASE_MUST_USE; /* of an empty record */
void people_profile_free(struct people_profile *profile); /* NULL is fine */
/* Replaces what the profile holds. On failure it is of an empty record. BASE_E_NOMEM, BASE_E_LIMIT, BASE_E_ENCODING. */
enum base_code people_profile_set(struct people_profile *profile, const struct people_record *record) BASE_MUST_USE;
/* Gives back the memory kept for the next set: for profiles that stay. */
enum base_code people_profile_trim(struct people_profile *profile) BASE_MUST_USE;
size_t people_profile_bytes(const struct people_profile *profile); /* all memory it holds */

#endif
