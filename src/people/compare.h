/* SPDX-License-Identifier: Apache-2.0
 *
 * Two records of one party, compared in the clear: are they perhaps the same person, how sure, and why, in words. This is
 * what judges a candidate of the screening index (src/people/index.h); a private match has keys instead (src/people/keys.h).
 * doc/spec/screening.md gives the rules and what they find on published lists.
 *
 *     struct people_finding finding = PEOPLE_FINDING_EMPTY;
 *     BASE_TRY(people_compare(&alert, &crossing, &finding));
 *     if (finding.is_hit) ... finding.grade, finding.reasons.items[0 .. count - 1]
 *     people_finding_release(&finding);
 *
 * Spelling is not identity, and a wrong date of birth lowers the grade of a name and does not silence it, unless the name is
 * so frequent that it needs a date. Both orders give the same grade.
 */
#ifndef PEOPLE_COMPARE_H
#define PEOPLE_COMPARE_H

#include "people/keys.h"
#include "people/profile.h"

struct people_finding {
    bool is_hit;
    enum people_grade grade; /* of a hit */
    /* Of a hit: lines that each stand on their own and begin with "name:", "birth:", "document:", "nationality:", "sex:" or
     * "place:". They hold names: they are for the people of this party. */
    struct people_texts reasons;
};

#define PEOPLE_FINDING_EMPTY ((struct people_finding){0})

/* BASE_E_NOMEM; BASE_E_LIMIT and BASE_E_ENCODING of a record that no importer made. */
enum base_code people_compare(const struct people_record *a, const struct people_record *b, struct people_finding *out) BASE_MUST_USE;
void people_finding_release(struct people_finding *finding); /* leaves it empty */

/* The same without words: whether it is a hit, and the grade of one. Allocates nothing. */
bool people_compare_profiles(const struct people_profile *a, const struct people_profile *b, enum people_grade *grade);

#endif
