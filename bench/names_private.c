/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-names [LISTS-FOLDER [RULE-FILE [PAIRS-FOLDER]]]: what the match keys find on published lists, and which
 * rule finds it. Two lists are joined on equal tokens, as a private match would join them, and the pairs are judged as the
 * folder's score.py judges them; into PAIRS-FOLDER they are written as that reads them. Without lists it says so.
 */
#include "base/clock.h"
#include "base/file.h"
#include "bench/names.h"
#include "people/import.h"
#include "people/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULES_MAX_BYTES = 65536, SPEED_PERSONS = 200000 };

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

enum base_code list_merge(struct list *list)
{
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

static enum base_code load(const char *folder, const char *file, enum people_format format, struct list *list)
{
    char path[4096];
    struct people_import_sink sink = {list, take_fragment, skip_row, NULL};
    struct people_import_facts facts;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    BASE_TRY(people_import_run(format, path, NULL, &sink, &facts));
    return list_merge(list);
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

/* A pair of keys of persons, proposed or true. */
struct persons {
    char a[32], b[32];
    uint32_t rules; /* a bit for each rule that proposed it */
};
struct pairs {
    struct persons *items;
    size_t count, capacity;
};

static int by_persons(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct persons) - sizeof(uint32_t));
}

static enum base_code add_pair(struct pairs *pairs, const char *a, const char *b, uint32_t rules)
{
    BASE_TRY(base_grow_array((void **)&pairs->items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items));
    struct persons *slot = &pairs->items[pairs->count++];
    memset(slot, 0, sizeof *slot);
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len >= sizeof slot->a || b_len >= sizeof slot->b)
        return base_fail(BASE_E_LIMIT, "a person's key of %zu bytes", a_len > b_len ? a_len : b_len);
    memcpy(slot->a, a, a_len);
    memcpy(slot->b, b, b_len);
    slot->rules = rules;
    return BASE_OK;
}

static void sort_once(struct pairs *pairs)
{
    size_t kept = 0;
    if (pairs->count > 0)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, by_persons);
    for (size_t i = 0; i < pairs->count; i++)
        if (i == 0 || by_persons(&pairs->items[i], &pairs->items[kept - 1]) != 0)
            pairs->items[kept++] = pairs->items[i];
        else
            pairs->items[kept - 1].rules |= pairs->items[i].rules;
    pairs->count = kept;
}

static enum base_code join(const struct list *a, const struct entries *x, const struct list *b, const struct entries *y,
                           struct pairs *out)
{
    size_t j = 0;
    for (size_t i = 0; i < x->count; i++) {
        while (j < y->count && by_token(&y->items[j], &x->items[i]) < 0)
            j++;
        for (size_t k = j; k < y->count && by_token(&y->items[k], &x->items[i]) == 0; k++)
            BASE_TRY(add_pair(out, a->records[x->items[i].record].source_key, b->records[y->items[k].record].source_key,
                              1U << x->items[i].rule));
    }
    sort_once(out);
    return BASE_OK;
}

static enum base_code read_truth(const char *folder, const char *file, struct pairs *out)
{
    char path[4096], line[1024];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *truth = fopen(path, "r");
    if (truth == NULL)
        return base_fail(BASE_E_NOT_FOUND, "cannot open %s", path);
    enum base_code code = BASE_OK;
    while (code == BASE_OK && fgets(line, sizeof line, truth) != NULL) {
        char *tab = strchr(line, '\t');
        if (line[0] == '#' || tab == NULL)
            continue;
        *tab = 0;
        tab[1 + strcspn(tab + 1, "\t\n")] = 0;
        code = add_pair(out, line, tab + 1, 0);
    }
    fclose(truth);
    sort_once(out);
    return code;
}

static bool is_known(const struct pairs *truth, const struct persons *pair)
{
    for (size_t i = 0; i < truth->count; i++)
        if (strcmp(truth->items[i].a, pair->a) == 0 || strcmp(truth->items[i].b, pair->b) == 0)
            return true;
    return false;
}

struct pair {
    const char *name, *truth;
    const struct list *a;
    enum which a_names;
    const struct list *b;
    enum which b_names;
};

/* As the lists' score.py counts: a proposal counts against the keys only when one of its persons is in the truth. */
static void print_score(const struct pair *pair, const struct pairs *truth, const struct pairs *proposed)
{
    size_t found = 0, wrong = 0;
    for (size_t i = 0; i < proposed->count; i++) {
        const struct persons *one = &proposed->items[i];
        if (bsearch(one, truth->items, truth->count, sizeof *one, by_persons) != NULL)
            found++;
        else
            wrong += is_known(truth, one);
    }
    double precision = found + wrong == 0 ? 0 : (double)found / (double)(found + wrong);
    double recall = truth->count == 0 ? 0 : (double)found / (double)truth->count;
    double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    printf("%-14s %6zu %6zu %9zu %9.3f %7.3f %7.3f", pair->name, truth->count, found, wrong, precision, recall, f1);
}

/* What each rule proposes, and in brackets what no other rule does. */
static void print_rules(const struct people_rules *rules, const struct pairs *truth, const struct pairs *proposed)
{
    for (uint16_t rule = 0; rule < 32; rule++) {
        size_t found[2] = {0, 0}, wrong[2] = {0, 0};
        for (size_t i = 0; i < proposed->count; i++) {
            const struct persons *one = &proposed->items[i];
            if ((one->rules & 1U << rule) == 0)
                continue;
            bool is_alone = one->rules == 1U << rule;
            bool is_true = bsearch(one, truth->items, truth->count, sizeof *one, by_persons) != NULL;
            bool is_wrong = !is_true && is_known(truth, one);
            found[0] += is_true, found[1] += is_true && is_alone;
            wrong[0] += is_wrong, wrong[1] += is_wrong && is_alone;
        }
        if (found[0] + wrong[0] > 0)
            printf("    %-20s %-9s found %4zu (%zu alone)  wrong %3zu (%zu alone)\n", people_rule_name(rules, rule),
                   people_grade_word(people_rule_grade(rules, rule)), found[0], found[1], wrong[0], wrong[1]);
    }
}

/* The proposed pairs as score.py reads them. */
static enum base_code write_pairs(const char *folder, const char *name, const struct pairs *pairs)
{
    char path[4096];
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    for (size_t i = 0; code == BASE_OK && i < pairs->count; i++)
        code = base_buffer_format(&text, "%s\t%s\n", pairs->items[i].a, pairs->items[i].b);
    if (code == BASE_OK)
        code = base_file_write(path, base_bytes_buffer(&text), 0600);
    base_buffer_release(&text);
    return code;
}

static enum base_code measure(const char *folder, const char *pairs_folder, const struct people_rules *rules, const struct pair *pair)
{
    struct entries x = {0}, y = {0};
    struct pairs truth = {0}, proposed = {0};
    int64_t start = base_clock_elapsed_ms();
    enum base_code code = make_entries(rules, pair->a, pair->a_names, &x);
    if (code == BASE_OK)
        code = make_entries(rules, pair->b, pair->b_names, &y);
    int64_t elapsed = base_clock_elapsed_ms() - start;
    if (code == BASE_OK)
        code = join(pair->a, &x, pair->b, &y, &proposed);
    if (code == BASE_OK)
        code = read_truth(folder, pair->truth, &truth);
    if (code == BASE_OK && pairs_folder != NULL)
        code = write_pairs(pairs_folder, pair->name, &proposed);
    if (code == BASE_OK) {
        double persons = (double)(pair->a->count + pair->b->count);
        print_score(pair, &truth, &proposed);
        printf(" %6.1f %9.0f\n", (double)(x.count + y.count) / persons, persons * 1000.0 / (double)(elapsed == 0 ? 1 : elapsed));
        print_rules(rules, &truth, &proposed);
    }
    free(x.items);
    free(y.items);
    free(truth.items);
    free(proposed.items);
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
    struct list un = {0}, uk = {0}, us = {0}, by = {0};
    struct people_rules *rules = NULL;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    const char *folder = count > 1 ? arguments[1] : "../shared/lists";
    enum base_code code = BASE_OK;
    if (count > 4) {
        fprintf(stderr, "usage: bench-names [LISTS-FOLDER [RULE-FILE [PAIRS-FOLDER]]]\n");
        return 2;
    }
    if (!base_path_exists(folder)) {
        printf("bench-names: skipped: no published lists in %s\n", folder);
        return 0;
    }
    if (count > 2)
        code = base_file_read(arguments[2], RULES_MAX_BYTES, &text);
    if (code == BASE_OK)
        code = people_rules_load(count > 2 ? base_bytes_buffer(&text) : people_rules_default_text(), &rules);
    if (code == BASE_OK)
        code = load(folder, "un-2018-06-07.xml", PEOPLE_FORMAT_UN_XML, &un);
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
        printf("match keys, no documents used\n%-14s %6s %6s %9s %9s %7s %7s %6s %9s\n", "pair", "truth", "found", "wrong",
               "precision", "recall", "F1", "keys", "persons/s");
    for (size_t i = 0; code == BASE_OK && i < sizeof pairs / sizeof pairs[0]; i++)
        code = measure(folder, count > 3 ? arguments[3] : NULL, rules, &pairs[i]);
    if (code == BASE_OK)
        code = names_keys_speed(rules, SPEED_PERSONS);
    if (code != BASE_OK)
        fprintf(stderr, "bench-names: %s (%s)\n", base_detail(), base_code_word(code));
    release(&un);
    release(&uk);
    release(&us);
    release(&by);
    base_buffer_release(&text);
    people_rules_free(rules);
    return code != BASE_OK;
}
