/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-compare [LISTS-FOLDER [PAIR]]: what people_compare_profiles() finds on published lists, every record of one with
 * every record of the other, judged as the folder's score.py judges. Documents are left out, because the truth was made from
 * them. Then what the screening index would have handed over. With the name of a pair, also its errors, one a line.
 */
#include "base/clock.h"
#include "base/file.h"
#include "bench/names.h"
#include "people/compare_inside.h"
#include "people/import.h"
#include "people/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096, LINE_BYTES = 1024, KEY_BYTES = 32, GRADES = 3 };

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct people_record *)a)->source_key, ((const struct people_record *)b)->source_key);
}

enum base_code list_merge(struct list *list)
{
    size_t kept = 0;
    qsort(list->records, list->count, sizeof *list->records, by_key);
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || by_key(&list->records[kept - 1], &list->records[i]) != 0) {
            list->records[kept++] = list->records[i];
            continue;
        }
        BASE_TRY(people_record_merge(&list->records[kept - 1], &list->records[i]));
        people_record_release(&list->records[i]);
    }
    list->count = kept;
    return BASE_OK;
}

static enum base_code take(void *context, const struct people_record *fragment)
{
    struct list *list = context;
    BASE_TRY(base_grow_array((void **)&list->records, &list->capacity, list->count + 1, sizeof *list->records));
    list->records[list->count] = PEOPLE_RECORD_EMPTY;
    return people_record_merge(&list->records[list->count++], fragment);
}

static void pass(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context, (void)file, (void)line, (void)reason;
}

static enum base_code load(const char *folder, const char *file, enum people_format format, struct list *list)
{
    char path[PATH_BYTES];
    struct people_import_sink sink = {list, take, pass, NULL};
    struct people_import_facts facts;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    BASE_TRY(people_import_run(format, path, NULL, &sink, &facts));
    return list_merge(list);
}

static void release(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        people_record_release(&list->records[i]);
    free(list->records);
}

enum which { ALL_NAMES, PRIMARY_NAMES, ORIGINAL_NAMES, LATIN_NAMES };

static bool is_chosen(const struct people_name *name, enum which which)
{
    bool is_original = name->kind == PEOPLE_NAME_ORIGINAL;
    return which == ALL_NAMES || (which == PRIMARY_NAMES ? name->kind == PEOPLE_NAME_PRIMARY : is_original == (which == ORIGINAL_NAMES));
}

/* Profiles of a list, by record. */
struct profiles {
    struct people_profile **items;
    size_t count;
};

static enum base_code add_profile(const struct people_record *record, enum which which, struct people_profile **out)
{
    struct people_record view = *record; /* fewer names in another array; nothing of the view is released */
    view.names = base_alloc_array(record->name_count, sizeof *view.names);
    if (view.names == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    view.name_count = view.document_count = 0;
    for (size_t i = 0; i < record->name_count; i++)
        if (is_chosen(&record->names[i], which))
            view.names[view.name_count++] = record->names[i];
    enum base_code code = people_profile_new(out);
    if (code == BASE_OK)
        code = people_profile_set(*out, &view);
    free(view.names);
    return code;
}

static enum base_code make_profiles(const struct list *list, enum which which, struct profiles *out)
{
    out->items = base_alloc_array(list->count, sizeof(struct people_profile *));
    if (out->items == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    for (; out->count < list->count; out->count++)
        BASE_TRY(add_profile(&list->records[out->count], which, &out->items[out->count]));
    return BASE_OK;
}

static void release_profiles(struct profiles *profiles)
{
    for (size_t i = 0; i < profiles->count; i++)
        people_profile_free(profiles->items[i]);
    free(profiles->items);
}

struct truth {
    char (*pairs)[2][KEY_BYTES];
    size_t count, capacity;
};

static enum base_code copy_key(char out[KEY_BYTES], const char *key)
{
    size_t len = strlen(key);
    if (len >= KEY_BYTES)
        return base_fail(BASE_E_LIMIT, "a person's key of %zu bytes", len);
    memcpy(out, key, len + 1);
    return BASE_OK;
}

static enum base_code add_truth(struct truth *truth, const char *a, const char *b)
{
    BASE_TRY(base_grow_array((void **)&truth->pairs, &truth->capacity, truth->count + 1, sizeof *truth->pairs));
    BASE_TRY(copy_key(truth->pairs[truth->count][0], a));
    return copy_key(truth->pairs[truth->count++][1], b);
}

static enum base_code read_truth(const char *folder, const char *file, struct truth *out)
{
    char path[PATH_BYTES], line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return base_fail(BASE_E_NOT_FOUND, "cannot open %s", path);
    enum base_code code = BASE_OK;
    while (code == BASE_OK && fgets(line, sizeof line, in) != NULL) {
        char *tab = strchr(line, '\t');
        if (line[0] == '#' || tab == NULL)
            continue;
        *tab = 0;
        tab[1 + strcspn(tab + 1, "\t\n")] = 0;
        code = add_truth(out, line, tab + 1);
    }
    fclose(in);
    return code;
}

enum verdict { VERDICT_TRUE, VERDICT_FALSE, VERDICT_UNKNOWN };

static enum verdict judge(const struct truth *truth, const char *a, const char *b)
{
    bool is_known = false;
    for (size_t i = 0; i < truth->count; i++) {
        bool is_a = strcmp(truth->pairs[i][0], a) == 0, is_b = strcmp(truth->pairs[i][1], b) == 0;
        if (is_a && is_b)
            return VERDICT_TRUE;
        is_known = is_known || is_a || is_b;
    }
    return is_known ? VERDICT_FALSE : VERDICT_UNKNOWN;
}

struct pair {
    const char *name, *truth;
    const struct list *a;
    enum which a_names;
    const struct list *b;
    enum which b_names;
};

struct counts {
    size_t hits[GRADES][3];
    size_t cells[PEOPLE_LEVEL_FULL + 1][PEOPLE_NEAR_FAR + 1][3];
    size_t candidates, unfound; /* of the index; hits that it would not have handed over */
    double seconds;
};

struct found {
    uint64_t *bits; /* a bit for each record of the other list */
    size_t count;
};

static enum base_code take_number(void *context, int64_t number)
{
    struct found *found = context;
    found->bits[number / 64] |= (uint64_t)1 << (number % 64);
    found->count++;
    return BASE_OK;
}

static void print_names(const struct people_record *record)
{
    for (size_t i = 0; i < record->name_count && i < 6; i++)
        printf("%s%s", i == 0 ? "" : " / ", record->names[i].text);
    for (size_t i = 0; i < record->birth_count && i < 4; i++)
        printf(" [%d-%d-%d]", record->births[i].from.year, record->births[i].from.month, record->births[i].from.day);
}

static void print_error(const char *what, const struct people_record *a, const struct people_record *b, const struct people_assessment *found)
{
    printf("  %s level %d near %d grade %s: ", what, found->name.level, found->nearness, found->is_hit ? people_grade_word(found->grade) : "none");
    print_names(a);
    printf("  <>  ");
    print_names(b);
    printf("\n");
}

static void count_pair(const struct pair *pair, const struct truth *truth, size_t i, size_t k, const struct people_assessment *found,
                       bool is_handed, bool is_shown, struct counts *counts)
{
    enum verdict verdict = judge(truth, pair->a->records[i].source_key, pair->b->records[k].source_key);
    counts->unfound += found->is_hit && !is_handed;
    if (found->has_name)
        counts->cells[found->name.level][found->nearness][verdict]++;
    if (found->is_hit)
        counts->hits[found->grade][verdict]++;
    if (!is_shown)
        return;
    if (found->is_hit && !is_handed)
        print_error("not in index", &pair->a->records[i], &pair->b->records[k], found);
    if (found->is_hit && verdict == VERDICT_FALSE)
        print_error("false", &pair->a->records[i], &pair->b->records[k], found);
    if (!found->is_hit && verdict == VERDICT_TRUE)
        print_error("missed", &pair->a->records[i], &pair->b->records[k], found);
}

static enum base_code compare_one(const struct pair *pair, const struct truth *truth, const struct profiles *x, const struct profiles *y,
                                  struct people_index *index, size_t i, bool is_shown, struct counts *counts)
{
    struct found handed = {base_alloc_array(y->count / 64 + 1, sizeof(uint64_t)), 0};
    struct people_assessment found;
    if (handed.bits == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    enum base_code code = people_index_find(index, x->items[i], take_number, &handed);
    counts->candidates += handed.count;
    for (size_t k = 0; code == BASE_OK && k < y->count; k++) {
        people_assess(x->items[i], y->items[k], &found);
        bool is_wanted = judge(truth, pair->a->records[i].source_key, pair->b->records[k].source_key) == VERDICT_TRUE;
        if (found.has_name || is_wanted)
            count_pair(pair, truth, i, k, &found, (handed.bits[k / 64] & (uint64_t)1 << (k % 64)) != 0, is_shown, counts);
    }
    free(handed.bits);
    return code;
}

static void print_counts(const struct pair *pair, const struct truth *truth, const struct counts *counts)
{
    size_t right = 0, wrong = 0;
    printf("%-14s %5zu", pair->name, truth->count);
    for (int grade = 0; grade < GRADES; grade++) {
        right += counts->hits[grade][VERDICT_TRUE];
        wrong += counts->hits[grade][VERDICT_FALSE];
        printf("  %4zu %3zu %.3f %.3f", right, wrong, right + wrong == 0 ? 0 : (double)right / (double)(right + wrong),
               (double)right / (double)truth->count);
    }
    printf("  %7zu %3zu  %5.1f\n", counts->candidates, counts->unfound, counts->seconds);
}

static void print_cells(const struct counts *counts)
{
    static const char *const levels[] = {"none", "single", "mixed", "weak", "thin", "spelled", "good", "full"};
    printf("    true/false/unknown   %14s %14s %14s %14s %14s\n", "day", "close", "loose", "unknown", "far");
    for (int level = PEOPLE_LEVEL_SINGLE; level <= PEOPLE_LEVEL_FULL; level++) {
        printf("    %-20s", levels[level]);
        for (int near = 0; near <= PEOPLE_NEAR_FAR; near++)
            printf(" %4zu/%4zu/%4zu", counts->cells[level][near][VERDICT_TRUE], counts->cells[level][near][VERDICT_FALSE],
                   counts->cells[level][near][VERDICT_UNKNOWN]);
        printf("\n");
    }
}

static enum base_code compare_all(const struct pair *pair, const struct truth *truth, const struct profiles *x, const struct profiles *y,
                                  bool is_shown, struct counts *counts)
{
    struct people_index *index = NULL;
    BASE_TRY(people_index_new(&index));
    enum base_code code = BASE_OK;
    int64_t begun = base_clock_elapsed_ms();
    for (size_t k = 0; code == BASE_OK && k < y->count; k++)
        code = people_index_add(index, (int64_t)k, y->items[k]);
    for (size_t i = 0; code == BASE_OK && i < x->count; i++)
        code = compare_one(pair, truth, x, y, index, i, is_shown, counts);
    counts->seconds = (double)(base_clock_elapsed_ms() - begun) / 1000;
    people_index_free(index);
    return code;
}

static enum base_code measure(const char *folder, const char *shown, const struct pair *pair)
{
    struct profiles x = {0}, y = {0};
    struct truth truth = {0};
    struct counts counts = {0};
    bool is_shown = shown != NULL && strcmp(shown, pair->name) == 0;
    enum base_code code = read_truth(folder, pair->truth, &truth);
    if (code == BASE_OK)
        code = make_profiles(pair->a, pair->a_names, &x);
    if (code == BASE_OK)
        code = make_profiles(pair->b, pair->b_names, &y);
    if (code == BASE_OK)
        code = compare_all(pair, &truth, &x, &y, is_shown, &counts);
    if (code == BASE_OK)
        print_counts(pair, &truth, &counts);
    if (code == BASE_OK && (is_shown || (shown != NULL && strcmp(shown, "cells") == 0)))
        print_cells(&counts);
    release_profiles(&x);
    release_profiles(&y);
    free(truth.pairs);
    return code;
}

int main(int count, char **arguments)
{
    struct list un = {0}, uk = {0}, us = {0}, by = {0};
    const char *folder = count > 1 ? arguments[1] : "../shared/lists", *shown = count > 2 ? arguments[2] : NULL;
    if (count > 3) {
        fprintf(stderr, "usage: bench-compare [LISTS-FOLDER [PAIR | cells]]\n");
        return 2;
    }
    if (!base_path_exists(folder)) {
        printf("bench-compare: skipped: no published lists in %s\n", folder);
        return 0;
    }
    enum base_code code = load(folder, "un-2018-06-07.xml", PEOPLE_FORMAT_UN_XML, &un);
    if (code == BASE_OK)
        code = load(folder, "uk-2018-04-13.csv.gz", PEOPLE_FORMAT_UK_CSV, &uk);
    if (code == BASE_OK)
        code = load(folder, "ofac-2019-01", PEOPLE_FORMAT_OFAC_CSV, &us);
    if (code == BASE_OK)
        code = list_load_tabulated(folder, &by);
    const struct pair pairs[] = {
        {"uk-un", "truth-uk-un.tsv", &uk, ALL_NAMES, &un, ALL_NAMES},
        {"us-un", "truth-us-un.tsv", &us, ALL_NAMES, &un, ALL_NAMES},
        {"us-uk", "truth-us-uk.tsv", &us, ALL_NAMES, &uk, ALL_NAMES},
        {"us-un-primary", "truth-us-un.tsv", &us, PRIMARY_NAMES, &un, PRIMARY_NAMES},
        {"us-uk-primary", "truth-us-uk.tsv", &us, PRIMARY_NAMES, &uk, PRIMARY_NAMES},
        {"un_orig-uk", "truth-un_orig-uk.tsv", &un, ORIGINAL_NAMES, &uk, LATIN_NAMES},
        {"un_orig-us", "truth-un_orig-us.tsv", &un, ORIGINAL_NAMES, &us, LATIN_NAMES},
        {"by_cyr-by_lat", "truth-by_cyr-by_lat.tsv", &by, ORIGINAL_NAMES, &by, PRIMARY_NAMES},
    };
    if (code == BASE_OK)
        printf("comparing, no documents; up to each grade: true, false, precision, recall\n%-14s %5s  %-21s  %-21s  %-21s  %7s %s  %s\n", "pair",
               "truth", "exact", "strong", "possible", "handed", "not", "seconds");
    for (size_t i = 0; code == BASE_OK && i < sizeof pairs / sizeof pairs[0]; i++)
        code = measure(folder, shown, &pairs[i]);
    if (code != BASE_OK)
        fprintf(stderr, "bench-compare: %s (%s)\n", base_detail(), base_code_word(code));
    release(&un);
    release(&uk);
    release(&us);
    release(&by);
    return code != BASE_OK;
}
