/* SPDX-License-Identifier: Apache-2.0
 *
 * From the best pair of names, the best pair of dates and equal documents to one grade. The words are written afterwards, of
 * hits only.
 */
#include "people/compare_inside.h"

#include <stdlib.h>
#include <string.h>

/* No hit. */
enum { NONE = -1, EXACT = PEOPLE_GRADE_EXACT, STRONG = PEOPLE_GRADE_STRONG, POSSIBLE = PEOPLE_GRADE_POSSIBLE };

/* Better names and nearer dates never make a grade worse. */
static const int8_t grades[PEOPLE_LEVEL_FULL + 1][PEOPLE_NEAR_FAR + 1] = {
    /*                       DAY       CLOSE     LOOSE     UNKNOWN   FAR */
    [PEOPLE_LEVEL_NONE] = {NONE, NONE, NONE, NONE, NONE},
    [PEOPLE_LEVEL_SINGLE] = {POSSIBLE, NONE, NONE, NONE, NONE},
    [PEOPLE_LEVEL_MIXED] = {STRONG, NONE, NONE, NONE, NONE},
    [PEOPLE_LEVEL_WEAK] = {STRONG, POSSIBLE, NONE, NONE, NONE},
    [PEOPLE_LEVEL_THIN] = {STRONG, POSSIBLE, POSSIBLE, NONE, NONE},
    [PEOPLE_LEVEL_SPELLED] = {STRONG, POSSIBLE, POSSIBLE, POSSIBLE, NONE},
    [PEOPLE_LEVEL_GOOD] = {EXACT, STRONG, POSSIBLE, POSSIBLE, NONE},
    [PEOPLE_LEVEL_FULL] = {EXACT, STRONG, STRONG, POSSIBLE, POSSIBLE},
};

static bool is_better(const struct people_alignment *found, const struct people_alignment *best)
{
    if (found->level != best->level)
        return found->level > best->level;
    if (found->letters != best->letters)
        return found->letters > best->letters;
    return found->spelled > best->spelled;
}

static void find_name(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    size_t good = 0;
    out->name.level = PEOPLE_LEVEL_NONE;
    for (size_t i = 0; i < a->name_count; i++) {
        for (size_t k = 0; k < b->name_count; k++) {
            struct people_alignment found;
            if ((a->names[i].mask & b->names[k].mask) == 0)
                continue;
            people_names_align(a, &a->names[i], b, &b->names[k], &found);
            good += found.level >= PEOPLE_LEVEL_GOOD;
            if (found.level == PEOPLE_LEVEL_NONE || (out->has_name && !is_better(&found, &out->name)))
                continue;
            out->name = found;
            out->has_name = true;
        }
    }
    out->more_names = out->has_name && out->name.level >= PEOPLE_LEVEL_GOOD ? good - 1 : good;
}

static void find_document(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    for (size_t i = 0; i < a->number_count; i++) {
        for (size_t k = 0; k < b->number_count; k++) {
            if (strcmp(a->numbers[i].text, b->numbers[k].text) != 0)
                continue;
            out->has_document = true;
            out->number_a = i;
            out->number_b = k;
            return;
        }
    }
}

static int grade_of(const struct people_assessment *found, char sex_a, char sex_b)
{
    int grade = grades[found->name.level][found->nearness];
    if (found->has_document)
        return found->name.level > PEOPLE_LEVEL_NONE ? EXACT : grade == EXACT ? EXACT : STRONG;
    bool has_other_sex = sex_a != 0 && sex_b != 0 && sex_a != sex_b;
    return has_other_sex && grade != NONE && grade < POSSIBLE ? grade + 1 : grade;
}

void people_assess(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    out->is_hit = out->has_name = out->has_document = false;
    find_name(a, b, out);
    find_document(a, b, out);
    if (!out->has_name && !out->has_document)
        return;
    out->has_birth = a->birth_count > 0 && b->birth_count > 0;
    out->nearness = people_births_best(a, b, &out->birth_a, &out->birth_b);
    int grade = grade_of(out, a->sex, b->sex);
    out->is_hit = grade != NONE;
    out->grade = grade == NONE ? PEOPLE_GRADE_POSSIBLE : (enum people_grade)grade;
}

bool people_compare_profiles(const struct people_profile *a, const struct people_profile *b, enum people_grade *grade)
{
    struct people_assessment found;
    people_assess(a, b, &found);
    *grade = found.is_hit ? found.grade : PEOPLE_GRADE_POSSIBLE;
    return found.is_hit;
}

static enum base_code explain(const struct people_side *a, const struct people_side *b, struct people_finding *out)
{
    struct people_assessment found;
    people_assess(a->profile, b->profile, &found);
    if (!found.is_hit)
        return BASE_OK;
    out->is_hit = true;
    out->grade = found.grade;
    return people_words_write(a, b, &found, &out->reasons);
}

static enum base_code make_profile(const struct people_record *record, struct people_profile **out)
{
    BASE_TRY(people_profile_new(out));
    return people_profile_set(*out, record);
}

enum base_code people_compare(const struct people_record *a, const struct people_record *b, struct people_finding *out)
{
    struct people_profile *x = NULL, *y = NULL;
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    enum base_code code = make_profile(a, &x);
    if (code == BASE_OK)
        code = make_profile(b, &y);
    if (code == BASE_OK)
        code = explain(&(struct people_side){a, x}, &(struct people_side){b, y}, &finding);
    people_profile_free(x);
    people_profile_free(y);
    if (code != BASE_OK) {
        people_finding_release(&finding);
        return code;
    }
    *out = finding;
    return BASE_OK;
}

void people_finding_release(struct people_finding *finding)
{
    for (size_t i = 0; i < finding->reasons.count; i++)
        free(finding->reasons.items[i]);
    free(finding->reasons.items);
    *finding = PEOPLE_FINDING_EMPTY;
}
