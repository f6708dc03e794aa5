/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-names LISTS-FOLDER: what the match keys find on published lists, and which rule finds it. Two lists are joined on
 * equal tokens, as a private match would join them, and the pairs are judged by the folder's score.py.
 */
#include "base/clock.h"
#include "people/import.h"
#include "people/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct people_record *records;
    size_t count, capacity, last;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct people_record *)a)->source_key, ((const struct people_record *)b)->source_key);
}

static enum base_code take_fragment(void *context, const struct people_record *fragment)
{
    struct list *list = context;
    BASE_TRY(base_grow_array((void **)&list->records, &list->capacity, list->count + 1, sizeof *list->records));
    list->records[list->count] = PEOPLE_RECORD_EMPTY;
    return people_record_merge(&list->records[list->count++], fragment);
}

static void skip_row(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context;
    (void)file;
    (void)line;
    (void)reason;
}

static enum base_code load(const char *folder, const char *file, enum people_format format, struct list *list)
{
    char path[4096];
    struct people_import_sink sink = {list, take_fragment, skip_row, NULL};
    struct people_import_facts facts;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    BASE_TRY(people_import_run(format, path, NULL, &sink, &facts));
    qsort(list->records, list->count, sizeof *list->records, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && by_key(&list->records[kept - 1], &list->records[i]) == 0) {
            BASE_TRY(people_record_merge(&list->records[kept - 1], &list->records[i]));
            people_record_release(&list->records[i]);
        } else {
            list->records[kept++] = list->records[i];
        }
    }
    list->count = kept;
    return BASE_OK;
}

enum which { ALL_NAMES, PRIMARY_NAMES, ORIGINAL_NAMES, LATIN_NAMES };

static bool is_chosen(const struct people_name *name, enum which which)
{
    switch (which) {
    case PRIMARY_NAMES:
        return name->kind == PEOPLE_NAME_PRIMARY;
    case ORIGINAL_NAMES:
        return name->kind == PEOPLE_NAME_ORIGINAL;
    case LATIN_NAMES:
        return name->kind != PEOPLE_NAME_ORIGINAL;
    default:
        return true;
    }
}

struct entry {
    struct crypto_hash token;
    uint32_t record;
    uint16_t rule;
};
struct entries {
    struct entry *items;
    size_t count, capacity;
};

static enum base_code add_record(const struct people_rules *rules, const struct people_record *record, enum which which,
                                 uint32_t index, bool with_documents, struct entries *out)
{
    struct people_record view = *record; /* names in another array; nothing of the view is released */
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    view.names = base_alloc_array(record->name_count, sizeof *view.names);
    if (view.names == NULL)
        return base_fail(BASE_E_NOMEM, "no memory");
    view.name_count = 0;
    for (size_t i = 0; i < record->name_count; i++)
        if (is_chosen(&record->names[i], which))
            view.names[view.name_count++] = record->names[i];
    if (!with_documents)
        view.document_count = 0; /* the truth was made from them */
    enum base_code code = people_keys_make(rules, &view, &keys);
    for (size_t i = 0; code == BASE_OK && i < keys.count; i++) {
        code = base_grow_array((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items);
        if (code == BASE_OK)
            out->items[out->count++] = (struct entry){keys.items[i].token, index, keys.items[i].rule};
    }
    people_keys_release(&keys);
    free(view.names);
    return code;
}

static int by_token(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct crypto_hash));
}

static enum base_code make_entries(const struct people_rules *rules, const struct list *list, enum which which,
                                   struct entries *out)
{
    for (size_t i = 0; i < list->count; i++)
        BASE_TRY(add_record(rules, &list->records[i], which, (uint32_t)i, false, out));
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_token);
    return BASE_OK;
}

static void join(const struct list *a, const struct entries *x, const struct list *b, const struct entries *y,
                 const struct people_rules *rules, FILE *out)
{
    size_t j = 0;
    for (size_t i = 0; i < x->count; i++) {
        while (j < y->count && by_token(&y->items[j], &x->items[i]) < 0)
            j++;
        for (size_t k = j; k < y->count && by_token(&y->items[k], &x->items[i]) == 0; k++)
            fprintf(out, "%s\t%s\t%s\n", a->records[x->items[i].record].source_key, b->records[y->items[k].record].source_key,
                    people_rule_name(rules, x->items[i].rule));
    }
}

struct pair {
    const char *name, *truth;
    const struct list *a;
    enum which a_names;
    const struct list *b;
    enum which b_names;
};

static void print_score(const char *folder, const struct pair *pair, const char *proposed)
{
    char command[8192], line[256];
    snprintf(command, sizeof command, "python3 '%s/score.py' '%s/%s' '%s'", folder, folder, pair->truth, proposed);
    FILE *score = popen(command, "r");
    double precision = 0, recall = 0, f1 = 0;
    unsigned truth = 0;
    while (score != NULL && fgets(line, sizeof line, score) != NULL) {
        (void)!sscanf(line, "truth %u", &truth);
        (void)!sscanf(line, "precision %lf recall %lf F1 %lf", &precision, &recall, &f1);
    }
    if (score != NULL)
        pclose(score);
    printf("%-24s %6u %10.3f %8.3f %8.3f", pair->name, truth, precision, recall, f1);
}

static enum base_code measure(const char *folder, const struct people_rules *rules, const struct pair *pair, const char *keep)
{
    struct entries x = {0}, y = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.tsv", keep, pair->name);
    int64_t start = base_clock_elapsed_ms();
    enum base_code code = make_entries(rules, pair->a, pair->a_names, &x);
    if (code == BASE_OK)
        code = make_entries(rules, pair->b, pair->b_names, &y);
    int64_t elapsed = base_clock_elapsed_ms() - start;
    FILE *out = code == BASE_OK ? fopen(path, "w") : NULL;
    if (out != NULL) {
        join(pair->a, &x, pair->b, &y, rules, out);
        fclose(out);
        print_score(folder, pair, path);
        printf(" %8.1f %10.0f\n", (double)(x.count + y.count) / (double)(pair->a->count + pair->b->count),
               (double)(pair->a->count + pair->b->count) * 1000.0 / (double)(elapsed == 0 ? 1 : elapsed));
    }
    free(x.items);
    free(y.items);
    return code;
}

static void release(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        people_record_release(&list->records[i]);
    free(list->records);
}

int main(int count, char **arguments)
{
    struct list un = {0}, uk = {0}, us = {0};
    struct people_rules *rules = NULL;
    char keep[] = "/tmp/bench-names-XXXXXX";
    if (count != 2) {
        fprintf(stderr, "usage: bench-names LISTS-FOLDER\n");
        return 2;
    }
    enum base_code code = people_rules_load(people_rules_default_text(), &rules);
    if (code == BASE_OK)
        code = load(arguments[1], "un-2018-06-07.xml", PEOPLE_FORMAT_UN_XML, &un);
    if (code == BASE_OK)
        code = load(arguments[1], "uk-2018-04-13.csv.gz", PEOPLE_FORMAT_UK_CSV, &uk);
    if (code == BASE_OK)
        code = load(arguments[1], "ofac-2019-01", PEOPLE_FORMAT_OFAC_CSV, &us);
    if (code == BASE_OK && mkdtemp(keep) == NULL)
        code = base_fail(BASE_E_IO, "no temporary folder");
    const struct pair pairs[] = {
        {"uk-un", "truth-uk-un.tsv", &uk, ALL_NAMES, &un, ALL_NAMES},
        {"us-un", "truth-us-un.tsv", &us, ALL_NAMES, &un, ALL_NAMES},
        {"us-uk", "truth-us-uk.tsv", &us, ALL_NAMES, &uk, ALL_NAMES},
        {"us-un-primary", "truth-us-un.tsv", &us, PRIMARY_NAMES, &un, PRIMARY_NAMES},
        {"us-uk-primary", "truth-us-uk.tsv", &us, PRIMARY_NAMES, &uk, PRIMARY_NAMES},
        {"un_orig-uk", "truth-un_orig-uk.tsv", &un, ORIGINAL_NAMES, &uk, LATIN_NAMES},
        {"un_orig-us", "truth-un_orig-us.tsv", &un, ORIGINAL_NAMES, &us, LATIN_NAMES},
    };
    if (code == BASE_OK)
        printf("%-24s %6s %10s %8s %8s %8s %10s\n", "pair (no documents used)", "truth", "precision", "recall", "F1", "keys/p.",
               "persons/s");
    for (size_t i = 0; code == BASE_OK && i < sizeof pairs / sizeof pairs[0]; i++)
        code = measure(arguments[1], rules, &pairs[i], keep);
    if (code == BASE_OK)
        printf("the proposed pairs, each with the rule that met: %s\n", keep);
    else
        fprintf(stderr, "bench-names: %s (%s)\n", base_detail(), base_code_word(code));
    release(&un);
    release(&uk);
    release(&us);
    people_rules_free(rules);
    return code != BASE_OK;
}
