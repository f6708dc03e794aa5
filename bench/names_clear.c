/* SPDX-License-Identifier: Apache-2.0
 *
 * In the clear, at one threshold for all pairs of lists.
 */
#include "base/clock.h"
#include "bench/names.h"
#include "people/compare_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRADES = 3, BANDS = 6, NAMES_SHOWN = 6, BIRTHS_SHOWN = 4 };

/* Probabilities in hundredths: a band ends before its number. */
static const int bands_end[BANDS] = {10, 25, 50, 75, 90, 100};

static size_t band_of(int percent)
{
    size_t band = 0;
    while (percent >= bands_end[band])
        band++;
    return band;
}

static double ratio(size_t part, size_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static double harmonic(size_t right, size_t wrong, size_t truth)
{
    return ratio(2 * right, 2 * right + wrong + (truth - right));
}

void names_score_print(const struct names_score *score)
{
    size_t truth = score->truth[0] + score->truth[1], right = score->right[0] + score->right[1], wrong = score->wrong[0] + score->wrong[1];
    printf(" %5zu %5zu %4zu  %.3f  %.3f  %.4f  %.4f %.4f", truth, right, wrong, ratio(right, right + wrong), ratio(right, truth),
           harmonic(right, wrong, truth), harmonic(score->right[0], score->wrong[0], score->truth[0]),
           harmonic(score->right[1], score->wrong[1], score->truth[1]));
}

struct profiles {
    struct people_profile **items;
    size_t count;
};

static enum base_code add_profile(const struct people_record *record, enum lists_names names, struct people_profile **out)
{
    struct people_record view;
    BASE_TRY(lists_view(record, names, &view));
    enum base_code code = people_profile_new(out);
    if (code == BASE_OK)
        code = people_profile_set(*out, &view);
    free(view.names);
    return code;
}

static enum base_code make_profiles(const struct list *list, enum lists_names names, struct profiles *out)
{
    out->items = base_alloc_array(list->count, sizeof(struct people_profile *));
    if (out->items == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    for (; out->count < list->count; out->count++)
        BASE_TRY(add_profile(&list->records[out->count], names, &out->items[out->count]));
    return BASE_OK;
}

static void release_profiles(struct profiles *profiles)
{
    for (size_t i = 0; i < profiles->count; i++)
        people_profile_free(profiles->items[i]);
    free(profiles->items);
}

struct counts {
    struct names_score grades[GRADES]; /* of each grade and those above */
    size_t bands[BANDS][2];            /* by stated probability: true and false */
};

static void print_names(const struct people_record *record)
{
    for (size_t i = 0; i < record->name_count && i < NAMES_SHOWN; i++)
        printf("%s%s", i == 0 ? "" : " / ", record->names[i].text);
    for (size_t i = 0; i < record->birth_count && i < BIRTHS_SHOWN; i++)
        printf(" [%d-%d-%d]", record->births[i].from.year, record->births[i].from.month, record->births[i].from.day);
}

static void print_error(const char *what, const struct people_record *a, const struct people_record *b, const struct people_assessment *found)
{
    printf("  %s %d (names %d births %d chances %d nations %d places %d): ", what, found->evidence, found->name.evidence, found->births,
           found->chances, found->nations_evidence, found->places_evidence);
    print_names(a);
    printf("  <>  ");
    print_names(b);
    printf("\n");
}

static void write_features(FILE *out, const struct lists_pair *pair, size_t a, size_t b, const struct people_assessment *found,
                           const struct people_profile *x, const struct people_profile *y)
{
    const struct people_alignment *name = &found->name;
    fprintf(out, "%s\t%d\t%d\t%zu\t%zu", pair->name, lists_judge(pair, a, b), lists_half(pair, a, b), a, b);
    for (int way = 0; way < PEOPLE_WAYS; way++)
        fprintf(out, "\t%d\t%d", name->rarity[way], name->counts[way]);
    fprintf(out, "\t%d\t%d\t%d\t%d\t%d\t%zu\t%zu\t%zu\t%d\t%d\t%d\t%d\n", name->left_over, name->right_over, name->is_reordered, name->order < -10,
            found->nearness, x->birth_count * y->birth_count, found->more_names, x->different_names * y->different_names, found->nations,
            found->places, found->has_other_sex, found->evidence);
}

static void count_pair(const struct lists_pair *pair, size_t a, size_t b, const struct people_assessment *found, bool is_shown, struct counts *counts)
{
    enum lists_verdict verdict = lists_judge(pair, a, b);
    int half = lists_half(pair, a, b);
    bool is_taken = found->is_hit && found->grade <= PEOPLE_GRADE_STRONG;
    for (int grade = 0; grade < GRADES; grade++) {
        struct names_score *score = &counts->grades[grade];
        if (found->is_hit && found->grade <= (enum people_grade)grade) {
            score->right[half] += verdict == LISTS_TRUE;
            score->wrong[half] += verdict == LISTS_FALSE;
        }
    }
    if (found->is_hit && verdict != LISTS_UNKNOWN)
        counts->bands[band_of(people_evidence_percent(found->evidence))][verdict == LISTS_FALSE]++;
    if (is_shown && is_taken && verdict == LISTS_FALSE)
        print_error("false", &pair->a->records[a], &pair->b->records[b], found);
    if (is_shown && !is_taken && verdict == LISTS_TRUE)
        print_error("missed", &pair->a->records[a], &pair->b->records[b], found);
}

static void compare_all(const struct lists_pair *pair, const struct profiles *x, const struct profiles *y, bool is_shown, FILE *features,
                        struct counts *counts)
{
    for (size_t a = 0; a < x->count; a++) {
        for (size_t b = 0; b < y->count; b++) {
            struct people_assessment found = {.evidence = -999};
            people_assess(x->items[a], y->items[b], &found);
            bool is_true = pair->true_of_a[a] == (int32_t)b;
            if (found.has_name || is_true)
                count_pair(pair, a, b, &found, is_shown, counts);
            if (features != NULL && found.has_name && (is_true || found.evidence > -130))
                write_features(features, pair, a, b, &found, x->items[a], y->items[b]);
        }
    }
}

static void print_counts(const struct lists_pair *pair, struct counts *counts)
{
    for (size_t a = 0; a < pair->a->count; a++)
        for (int grade = 0; grade < GRADES; grade++)
            counts->grades[grade].truth[pair->half_of_a[a]] += pair->true_of_a[a] >= 0;
    printf("%-14s", pair->name);
    names_score_print(&counts->grades[PEOPLE_GRADE_STRONG]);
    const struct names_score *all = &counts->grades[PEOPLE_GRADE_POSSIBLE], *best = &counts->grades[PEOPLE_GRADE_EXACT];
    printf("   %4zu/%zu  %4zu/%zu\n", best->right[0] + best->right[1], best->wrong[0] + best->wrong[1], all->right[0] + all->right[1], all->wrong[0] + all->wrong[1]);
}

static enum base_code measure(const struct lists_pair *pair, const char *shown, FILE *features, size_t bands[BANDS][2])
{
    struct profiles x = {0}, y = {0};
    struct counts counts = {0};
    enum base_code code = make_profiles(pair->a, pair->a_names, &x);
    if (code == BASE_OK)
        code = make_profiles(pair->b, pair->b_names, &y);
    if (code == BASE_OK) {
        compare_all(pair, &x, &y, shown != NULL && strcmp(shown, pair->name) == 0, features, &counts);
        print_counts(pair, &counts);
    }
    for (size_t i = 0; i < BANDS; i++)
        for (size_t k = 0; k < 2; k++)
            bands[i][k] += counts.bands[i][k];
    release_profiles(&x);
    release_profiles(&y);
    return code;
}

enum base_code names_clear(const struct lists *lists, const char *shown, const char *features)
{
    size_t bands[BANDS][2] = {{0}};
    FILE *out = features == NULL ? NULL : fopen(features, "w");
    enum base_code code = features != NULL && out == NULL ? base_fail(BASE_E_IO, "cannot write %s", features) : BASE_OK;
    printf("in the clear, grades strong and exact; F1 of all persons, and of each half\n%-14s %5s %5s %4s  %5s  %5s  %6s  %6s %6s   %6s  %6s\n", "pair",
           "truth", "true", "not", "prec.", "rec.", "F1", "half 1", "half 2", "exact", "all");
    for (size_t i = 0; code == BASE_OK && i < LISTS_PAIRS; i++)
        code = measure(&lists->pairs[i], shown, out, bands);
    if (code == BASE_OK)
        printf("stated probability against what came true, all pairs of lists\n");
    for (size_t i = 0; code == BASE_OK && i < BANDS; i++)
        printf("  %2d to %3d%%: %5zu true, %4zu false, %5.1f%%\n", i == 0 ? 1 : bands_end[i - 1], bands_end[i], bands[i][0], bands[i][1],
               100 * ratio(bands[i][0], bands[i][0] + bands[i][1]));
    if (out != NULL && fclose(out) != 0 && code == BASE_OK)
        code = base_fail(BASE_E_IO, "cannot write %s", features);
    return code;
}

/* The case that the program is measured by: a warning in Cyrillic with two wrong dates, and a passport, misspelt, with the right one. */
enum base_code names_case(void)
{
    static const struct people_day wrong[] = {{1987, 10, 21}, {1988, 10, 21}}, right = {1986, 10, 21};
    struct people_record warning = PEOPLE_RECORD_EMPTY, passport = PEOPLE_RECORD_EMPTY;
    struct people_explanation found = PEOPLE_EXPLANATION_EMPTY;
    struct base_bytes none = base_bytes_text("");
    enum base_code code = people_record_add_name(&warning, PEOPLE_NAME_PRIMARY, base_bytes_text("Царнаев Тамерлан"));
    for (size_t i = 0; i < 2 && code == BASE_OK; i++)
        code = people_record_add_birth(&warning, wrong[i], wrong[i], false, none);
    if (code == BASE_OK)
        code = people_record_add_name(&passport, PEOPLE_NAME_PRIMARY, base_bytes_text("Tsarnayev Tamerlin"));
    if (code == BASE_OK)
        code = people_record_add_birth(&passport, right, right, false, none);
    if (code == BASE_OK)
        code = people_explain(&warning, &passport, &found);
    if (code == BASE_OK)
        printf("the case, two wrong dates, misspelt Latin against Cyrillic: %s, %d%%\n", found.is_hit ? people_grade_word(found.grade) : "none",
               found.percent);
    people_explanation_release(&found);
    people_record_release(&warning);
    people_record_release(&passport);
    return code;
}
