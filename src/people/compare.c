/* SPDX-License-Identifier: Apache-2.0
 *
 * From the best pair of names, the best pair of dates and equal documents to one grade. The words are written afterwards, of
 * hits only.
 */
#include "people/compare_inside.h"

#include <stdlib.h>
#include <string.h>

enum { NEARLY_MAX = 64 };

/* Evidence, in tenths of a bit. The prior is that of two lists of some thousands: before anything is known, one pair in PRIOR
 * doublings is one person. */
enum {
    PRIOR = -96,
    THRESHOLD_POSSIBLE = -40,
    THRESHOLD_STRONG = 0,
    THRESHOLD_EXACT = 70,
    ALIAS_MARGIN = 30,    /* how much less evidence than the best another pair of names has that is told of */
    CHANCE = 10,          /* each doubling of pairs of names that could have agreed */
    DATE_CHANCE = 2,      /* each doubling of pairs of dates */
    NATION_AGREES = 12, NATION_DIFFERS = 0,
    PLACE_AGREES = 33, PLACE_DIFFERS = -20,
    OTHER_SEX = -30,
    DOCUMENT = 165,
};

const struct people_most people_most = {THRESHOLD_POSSIBLE - PRIOR, NATION_AGREES, PLACE_AGREES, PEOPLE_EVIDENCE_ALONE};

static bool is_better(const struct people_alignment *found, const struct people_alignment *best)
{
    if (found->evidence != best->evidence)
        return found->evidence > best->evidence;
    return found->rarity[PEOPLE_WAY_SPELLING] > best->rarity[PEOPLE_WAY_SPELLING];
}

static void find_name(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    int16_t nearly[NEARLY_MAX];
    size_t pairs = 0;
    memset(&out->name, 0, offsetof(struct people_alignment, matches));
    for (size_t i = 0; i < a->name_count; i++) {
        for (size_t k = 0; k < b->name_count; k++) {
            struct people_alignment found;
            if (!people_names_align(a, &a->names[i], b, &b->names[k], &found))
                continue;
            nearly[pairs++ % NEARLY_MAX] = (int16_t)found.evidence;
            if (!out->has_name || is_better(&found, &out->name))
                out->name = found;
            out->has_name = true;
        }
    }
    out->more_names = 0;
    for (size_t i = 0; i < pairs && i < NEARLY_MAX; i++)
        out->more_names += nearly[i] >= out->name.evidence - ALIAS_MARGIN;
    out->more_names -= out->more_names > 0;
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

static enum people_meeting meet(const struct people_profile *a, const struct people_profile *b, bool is_place)
{
    enum people_meeting found = PEOPLE_MEETING_UNKNOWN;
    for (size_t i = 0; i < a->mark_count; i++) {
        for (size_t k = 0; k < b->mark_count; k++) {
            if (a->marks[i].is_place != is_place || b->marks[k].is_place != is_place)
                continue;
            if (a->marks[i].hash == b->marks[k].hash)
                return PEOPLE_MEETING_AGREES;
            found = PEOPLE_MEETING_DIFFERS;
        }
    }
    return found;
}

static int doublings(size_t count)
{
    int found = 0;
    for (; count > 1; count /= 2)
        found++;
    return found;
}

static int weigh_meeting(enum people_meeting meeting, int agrees, int differs)
{
    return meeting == PEOPLE_MEETING_AGREES ? agrees : meeting == PEOPLE_MEETING_DIFFERS ? differs : 0;
}

static void weigh(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    int births = people_births_evidence(out->nearness);
    out->births = births > 0 ? births - DATE_CHANCE * doublings(a->birth_count * b->birth_count) : births;
    out->chances = -CHANCE * doublings(a->different_names * b->different_names);
    out->nations_evidence = weigh_meeting(out->nations, NATION_AGREES, NATION_DIFFERS);
    out->places_evidence = weigh_meeting(out->places, PLACE_AGREES, PLACE_DIFFERS);
    out->sex_evidence = out->has_other_sex ? OTHER_SEX : 0;
    out->documents = out->has_document ? DOCUMENT : 0;
    out->evidence += (out->has_name ? out->name.evidence : 0) + out->births + out->documents + out->nations_evidence +
                    out->places_evidence + out->sex_evidence + out->chances;
}

/* What compare.h promises to an index. */
static bool is_reachable(const struct people_assessment *found)
{
    const struct people_alignment *name = &found->name;
    if (found->has_document || name->equal >= 2 || name->counts[PEOPLE_WAY_SLIP] > 0 || found->nearness < PEOPLE_NEAR_PART)
        return true;
    return name->left_over == 0 && name->right_over == 0 && name->counts[PEOPLE_WAY_INITIAL] == 0;
}

/* The same document number, or the same day of birth and a name that is nowhere doubtful. */
static bool is_exact(const struct people_assessment *found)
{
    const struct people_alignment *name = &found->name;
    bool is_doubtful = name->counts[PEOPLE_WAY_SLIP] + name->counts[PEOPLE_WAY_INITIAL] > 0 || name->equal < 2 ||
                       (name->left_over > 0 && name->right_over > 0);
    return found->has_document || (found->nearness == PEOPLE_NEAR_DAY && !is_doubtful);
}

static void grade(struct people_assessment *out)
{
    out->is_hit = out->evidence >= THRESHOLD_POSSIBLE && is_reachable(out);
    bool is_sure = out->evidence >= THRESHOLD_EXACT && !out->has_other_sex && is_exact(out);
    out->grade = is_sure ? PEOPLE_GRADE_EXACT : out->evidence >= THRESHOLD_STRONG ? PEOPLE_GRADE_STRONG : PEOPLE_GRADE_POSSIBLE;
}

int people_evidence_percent(int evidence)
{
    static const int8_t percents[] = {1, 2, 3, 6, 11, 20, 33, 50, 67, 80, 89, 94, 97, 98, 99}; /* 1 / (1 + 2^-bits) from -7 to 7 bits */
    enum { EDGE = 70 };
    if (evidence <= -EDGE || evidence >= EDGE)
        return evidence < 0 ? percents[0] : percents[2 * EDGE / 10];
    int at = (evidence + EDGE) / 10, rest = (evidence + EDGE) % 10;
    return percents[at] + (percents[at + 1] - percents[at]) * rest / 10;
}

void people_assess(const struct people_profile *a, const struct people_profile *b, struct people_assessment *out)
{
    out->is_hit = out->has_name = out->has_document = false;
    find_name(a, b, out);
    find_document(a, b, out);
    out->evidence = out->prior = PRIOR;
    if (!out->has_name && !out->has_document)
        return;
    out->has_birth = a->birth_count > 0 && b->birth_count > 0;
    out->nearness = people_births_best(a, b, &out->birth_a, &out->birth_b);
    out->nations = meet(a, b, false);
    out->places = meet(a, b, true);
    out->has_other_sex = a->sex != 0 && b->sex != 0 && a->sex != b->sex;
    weigh(a, b, out);
    grade(out);
}

bool people_compare_profiles(const struct people_profile *a, const struct people_profile *b, enum people_grade *grade)
{
    struct people_assessment found;
    people_assess(a, b, &found);
    *grade = found.is_hit ? found.grade : PEOPLE_GRADE_POSSIBLE;
    return found.is_hit;
}

static enum base_code make_profile(const struct people_record *record, struct people_profile **out)
{
    BASE_TRY(people_profile_new(out));
    return people_profile_set(*out, record);
}

static enum base_code explain_sides(const struct people_side *a, const struct people_side *b, bool is_by_part, struct people_explanation *out)
{
    struct people_assessment found = {.is_hit = false};
    people_assess(a->profile, b->profile, &found);
    out->is_hit = found.is_hit;
    out->grade = found.grade;
    out->evidence = found.evidence;
    out->percent = people_evidence_percent(found.evidence);
    return found.is_hit || is_by_part ? people_words_write(a, b, &found, is_by_part, out) : BASE_OK;
}

static enum base_code explain(const struct people_record *a, const struct people_record *b, bool is_by_part, struct people_explanation *out)
{
    struct people_profile *x = NULL, *y = NULL;
    *out = PEOPLE_EXPLANATION_EMPTY;
    enum base_code code = make_profile(a, &x);
    if (code == BASE_OK)
        code = make_profile(b, &y);
    if (code == BASE_OK)
        code = explain_sides(&(struct people_side){a, x}, &(struct people_side){b, y}, is_by_part, out);
    people_profile_free(x);
    people_profile_free(y);
    if (code != BASE_OK)
        people_explanation_release(out);
    return code;
}

enum base_code people_explain(const struct people_record *a, const struct people_record *b, struct people_explanation *out)
{
    return explain(a, b, true, out);
}

enum base_code people_compare(const struct people_record *a, const struct people_record *b, struct people_finding *out)
{
    struct people_explanation found;
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    BASE_TRY(explain(a, b, false, &found));
    finding.is_hit = found.is_hit;
    finding.grade = found.grade;
    finding.percent = found.percent;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < found.count && code == BASE_OK; i++)
        code = people_texts_add(&finding.reasons, base_bytes_text(found.reasons[i].text));
    people_explanation_release(&found);
    if (code != BASE_OK) {
        people_finding_release(&finding);
        return code;
    }
    *out = finding;
    return BASE_OK;
}

void people_explanation_release(struct people_explanation *explanation)
{
    for (size_t i = 0; i < explanation->count; i++)
        free(explanation->reasons[i].text);
    free(explanation->reasons);
    *explanation = PEOPLE_EXPLANATION_EMPTY;
}

void people_finding_release(struct people_finding *finding)
{
    for (size_t i = 0; i < finding->reasons.count; i++)
        free(finding->reasons.items[i]);
    free(finding->reasons.items);
    *finding = PEOPLE_FINDING_EMPTY;
}
