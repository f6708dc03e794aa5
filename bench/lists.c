/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/lists.h"

#include "people/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UN, UK, US, BY, PATH_BYTES = 4096, LINE_BYTES = 1024 };

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

static int32_t row_of(const struct list *list, const char *key)
{
    struct people_record wanted = {.source_key = (char *)(uintptr_t)key};
    const struct people_record *found = bsearch(&wanted, list->records, list->count, sizeof wanted, by_key);
    return found == NULL ? -1 : (int32_t)(found - list->records);
}

static enum base_code new_rows(const struct list *list, int32_t **rows, uint8_t **halves)
{
    *rows = base_alloc_array(list->count, sizeof **rows);
    *halves = base_alloc_array(list->count, 1);
    if (*rows == NULL || *halves == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    for (size_t i = 0; i < list->count; i++)
        (*rows)[i] = -1;
    memset(*halves, 0, list->count);
    return BASE_OK;
}

static enum base_code add_truth(struct lists_pair *pair, const char *a, const char *b)
{
    int32_t row_a = row_of(pair->a, a), row_b = row_of(pair->b, b);
    if (row_a < 0 || row_b < 0)
        return base_fail(BASE_E_NOT_FOUND, "%s: %s or %s is not in its list", pair->name, a, b);
    pair->true_of_a[row_a] = row_b;
    pair->true_of_b[row_b] = row_a;
    pair->truth_count++;
    return BASE_OK;
}

static enum base_code read_truth(const char *folder, const char *file, struct lists_pair *pair)
{
    char path[PATH_BYTES], line[LINE_BYTES];
    BASE_TRY(new_rows(pair->a, &pair->true_of_a, &pair->half_of_a));
    BASE_TRY(new_rows(pair->b, &pair->true_of_b, &pair->half_of_b));
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
        code = add_truth(pair, line, tab + 1);
    }
    fclose(in);
    return code;
}

/* A person of several lists is one group, named by its least row over all lists. */
struct groups {
    const struct lists *lists;
    size_t first[LISTS_COUNT], count;
    uint32_t *least;
};

static size_t place(const struct groups *groups, const struct list *list, size_t row)
{
    return groups->first[list - groups->lists->lists] + row;
}

static bool join_pair(struct groups *groups, const struct lists_pair *pair)
{
    bool has_changed = false;
    for (size_t a = 0; a < pair->a->count; a++) {
        if (pair->true_of_a[a] < 0)
            continue;
        uint32_t *x = &groups->least[place(groups, pair->a, a)], *y = &groups->least[place(groups, pair->b, (size_t)pair->true_of_a[a])];
        has_changed = has_changed || *x != *y;
        *x = *y = *x < *y ? *x : *y;
    }
    return has_changed;
}

static void give_halves(const struct groups *groups, const struct list *list, uint8_t *halves)
{
    for (size_t row = 0; row < list->count; row++)
        halves[row] = (uint8_t)((groups->least[place(groups, list, row)] * 0x9e3779b1U) >> 31);
}

static enum base_code halve(struct lists *lists)
{
    struct groups groups = {.lists = lists};
    for (size_t i = 0; i < LISTS_COUNT; i++) {
        groups.first[i] = groups.count;
        groups.count += lists->lists[i].count;
    }
    groups.least = base_alloc_array(groups.count, sizeof *groups.least);
    if (groups.least == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    for (uint32_t i = 0; i < groups.count; i++)
        groups.least[i] = i;
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (size_t i = 0; i < LISTS_PAIRS; i++)
            has_changed = join_pair(&groups, &lists->pairs[i]) || has_changed;
    }
    for (size_t i = 0; i < LISTS_PAIRS; i++) {
        give_halves(&groups, lists->pairs[i].a, lists->pairs[i].half_of_a);
        give_halves(&groups, lists->pairs[i].b, lists->pairs[i].half_of_b);
    }
    free(groups.least);
    return BASE_OK;
}

enum lists_verdict lists_judge(const struct lists_pair *pair, size_t a, size_t b)
{
    if (pair->true_of_a[a] == (int32_t)b)
        return LISTS_TRUE;
    return pair->true_of_a[a] >= 0 || pair->true_of_b[b] >= 0 ? LISTS_FALSE : LISTS_UNKNOWN;
}

int lists_half(const struct lists_pair *pair, size_t a, size_t b)
{
    return pair->true_of_a[a] >= 0 ? pair->half_of_a[a] : pair->true_of_b[b] >= 0 ? pair->half_of_b[b] : 0;
}

static enum base_code load_all(const char *folder, struct lists *out)
{
    struct list *un = &out->lists[UN], *uk = &out->lists[UK], *us = &out->lists[US], *by = &out->lists[BY];
    const struct lists_pair pairs[LISTS_PAIRS] = {
        {"uk-un", uk, un, LISTS_ALL_NAMES, LISTS_ALL_NAMES, 0, NULL, NULL, NULL, NULL},
        {"us-un", us, un, LISTS_ALL_NAMES, LISTS_ALL_NAMES, 0, NULL, NULL, NULL, NULL},
        {"us-uk", us, uk, LISTS_ALL_NAMES, LISTS_ALL_NAMES, 0, NULL, NULL, NULL, NULL},
        {"us-un-primary", us, un, LISTS_PRIMARY_NAMES, LISTS_PRIMARY_NAMES, 0, NULL, NULL, NULL, NULL},
        {"us-uk-primary", us, uk, LISTS_PRIMARY_NAMES, LISTS_PRIMARY_NAMES, 0, NULL, NULL, NULL, NULL},
        {"un_orig-uk", un, uk, LISTS_ORIGINAL_NAMES, LISTS_LATIN_NAMES, 0, NULL, NULL, NULL, NULL},
        {"un_orig-us", un, us, LISTS_ORIGINAL_NAMES, LISTS_LATIN_NAMES, 0, NULL, NULL, NULL, NULL},
        {"by_cyr-by_lat", by, by, LISTS_ORIGINAL_NAMES, LISTS_PRIMARY_NAMES, 0, NULL, NULL, NULL, NULL},
    };
    static const char *const truths[LISTS_PAIRS] = {"truth-uk-un.tsv", "truth-us-un.tsv", "truth-us-uk.tsv", "truth-us-un.tsv",
                                                    "truth-us-uk.tsv", "truth-un_orig-uk.tsv", "truth-un_orig-us.tsv", "truth-by_cyr-by_lat.tsv"};
    memcpy(out->pairs, pairs, sizeof pairs);
    BASE_TRY(load(folder, "un-2018-06-07.xml", PEOPLE_FORMAT_UN_XML, un));
    BASE_TRY(load(folder, "uk-2018-04-13.csv.gz", PEOPLE_FORMAT_UK_CSV, uk));
    BASE_TRY(load(folder, "ofac-2019-01", PEOPLE_FORMAT_OFAC_CSV, us));
    BASE_TRY(list_load_tabulated(folder, by));
    for (size_t i = 0; i < LISTS_PAIRS; i++)
        BASE_TRY(read_truth(folder, truths[i], &out->pairs[i]));
    return halve(out);
}

enum base_code lists_load(const char *folder, struct lists *out)
{
    enum base_code code = load_all(folder, out);
    if (code != BASE_OK)
        lists_release(out);
    return code;
}

void lists_release(struct lists *lists)
{
    for (size_t i = 0; i < LISTS_COUNT; i++) {
        for (size_t k = 0; k < lists->lists[i].count; k++)
            people_record_release(&lists->lists[i].records[k]);
        free(lists->lists[i].records);
    }
    for (size_t i = 0; i < LISTS_PAIRS; i++) {
        free(lists->pairs[i].true_of_a);
        free(lists->pairs[i].true_of_b);
        free(lists->pairs[i].half_of_a);
        free(lists->pairs[i].half_of_b);
    }
    *lists = (struct lists){0};
}

static bool is_chosen(const struct people_name *name, enum lists_names names)
{
    bool is_original = name->kind == PEOPLE_NAME_ORIGINAL;
    if (names == LISTS_ALL_NAMES)
        return true;
    return names == LISTS_PRIMARY_NAMES ? name->kind == PEOPLE_NAME_PRIMARY : is_original == (names == LISTS_ORIGINAL_NAMES);
}

enum base_code lists_view(const struct people_record *record, enum lists_names names, struct people_record *view)
{
    *view = *record;
    view->names = base_alloc_array(record->name_count + 1, sizeof *view->names);
    if (view->names == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    view->name_count = view->document_count = 0;
    for (size_t i = 0; i < record->name_count; i++)
        if (is_chosen(&record->names[i], names))
            view->names[view->name_count++] = record->names[i];
    return BASE_OK;
}
