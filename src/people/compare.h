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
 * Evidence is added up in tenths of a bit: what each part of a name says is weighed by how rare it is and how it was
 * recognised, a date of birth raises or lowers the sum by a bounded amount, so that a wrong one never silences a strong name. The
 * sum stands for a probability, and the probability for a grade: strong half or more (the default threshold), possible 6 of 100 or
 * more; exact 99 of 100, and the same day of birth or document number. Both orders give the same grade.
 *
 * What an index may rely on: a hit always has one of
 * - an equal document number;
 * - two parts, or one part and two neighbours joined, of one name equal by sound to those of the other;
 * - one such part equal, and another part of both names one slip apart;
 * - one such part equal, and dates of birth that speak for the same person (a nearness before PEOPLE_NEAR_PART);
 * - one such part equal, which is all of both names.
 */
#ifndef PEOPLE_COMPARE_H
#define PEOPLE_COMPARE_H

#include "people/keys.h"
#include "people/profile.h"

struct people_finding {
    bool is_hit;
    enum people_grade grade; /* of a hit */
    int percent;             /* of a hit: how many of a hundred such pairs are one person */
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

/* Why a pair has the grade it has, or none: what each part contributed, in tenths of a bit (10 doubles how likely it is that the
 * two are one person). The reasons add up to the evidence. */
struct people_reason {
    char *text; /* as in a finding; also lines that begin with "part:", "chance:", "before:" */
    int evidence;
};
struct people_explanation {
    bool is_hit;
    enum people_grade grade; /* of a hit */
    int percent;
    int evidence;
    struct people_reason *reasons;
    size_t count, capacity;
};
#define PEOPLE_EXPLANATION_EMPTY ((struct people_explanation){0})
/* Errors as people_compare(). */
enum base_code people_explain(const struct people_record *a, const struct people_record *b, struct people_explanation *out) BASE_MUST_USE;
void people_explanation_release(struct people_explanation *explanation); /* leaves it empty */

#endif
