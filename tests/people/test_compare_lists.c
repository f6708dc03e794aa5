/* SPDX-License-Identifier: Apache-2.0
 *
 * Every person of the UK list against every person of the UN list, when the published lists are there: what is found agrees
 * with what the publishers' own numbers say, and the index hands over all of it. Documents are left out, because the truth
 * was made from them. bench-compare gives the figures for all pairs of lists.
 */
#include "collect.h"

#include "people/compare.h"
#include "people/index.h"

enum { KEY_BYTES = 32, TRUE_MAX = 1024, HANDED_MAX = 4096 };

struct truth {
    char pairs[TRUE_MAX][2][KEY_BYTES];
    size_t count;
};

static void read_truth(const char *path, struct truth *out)
{
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    out->count = 0;
    while (out->count < TRUE_MAX && fscanf(in, "%31[^\t]\t%31[^\t]%*[^\n]\n", out->pairs[out->count][0], out->pairs[out->count][1]) == 2)
        out->count++;
    fclose(in);
}

/* -1: neither of the persons is in the truth, which is not complete. */
static int judge(const struct truth *truth, const char *a, const char *b)
{
    int known = -1;
    for (size_t i = 0; i < truth->count; i++) {
        bool is_a = strcmp(truth->pairs[i][0], a) == 0, is_b = strcmp(truth->pairs[i][1], b) == 0;
        if (is_a && is_b)
            return 1;
        known = is_a || is_b ? 0 : known;
    }
    return known;
}

static struct people_profile **profiles_of(struct collect *list)
{
    struct people_profile **profiles = base_alloc_array(list->count, sizeof *profiles);
    assert_non_null(profiles);
    for (size_t i = 0; i < list->count; i++) {
        size_t documents = list->records[i].document_count;
        list->records[i].document_count = 0;
        assert_ok(people_profile_new(&profiles[i]));
        assert_ok(people_profile_set(profiles[i], &list->records[i]));
        list->records[i].document_count = documents;
    }
    return profiles;
}

/* 1 + the grade; 0: not handed out */
struct handed {
    int grades[HANDED_MAX];
};

static enum base_code take(void *context, int64_t number, enum people_grade grade)
{
    ((struct handed *)context)->grades[number] = 1 + (int)grade;
    return BASE_OK;
}

struct counts {
    size_t right[3], wrong[3]; /* by grade */
};

static void compare_one(const struct collect *a, size_t i, struct people_profile *const *x, const struct collect *b,
                        struct people_profile *const *y, struct people_index *index, const struct truth *truth, struct counts *counts)
{
    struct handed handed = {{0}};
    assert_ok(people_index_screen(index, x[i], take, &handed));
    for (size_t k = 0; k < b->count; k++) {
        enum people_grade grade, back;
        bool is_hit = people_compare_profiles(x[i], y[k], &grade);
        assert_true(is_hit == people_compare_profiles(y[k], x[i], &back));
        assert_int_equal(grade, back);
        if (handed.grades[k] != (is_hit ? 1 + (int)grade : 0))
            fail_msg("%s against %s: the index does not give what comparing gives", a->records[i].source_key, b->records[k].source_key);
        if (!is_hit)
            continue;
        int verdict = judge(truth, a->records[i].source_key, b->records[k].source_key);
        counts->right[grade] += verdict == 1;
        counts->wrong[grade] += verdict == 0;
    }
}

static void release(struct collect *list, struct people_profile **profiles)
{
    for (size_t i = 0; i < list->count; i++)
        people_profile_free(profiles[i]);
    free(profiles);
    collect_release(list);
}

static void load(struct collect *list, enum people_format format, const char *path)
{
    char kept[4096];
    snprintf(kept, sizeof kept, "%s", path);
    assert_ok(collect_run(list, format, kept, NULL));
}

static void test_uk_against_un(void **state)
{
    (void)state;
    static struct truth truth;
    struct collect uk = {0}, un = {0};
    struct counts counts = {0};
    struct people_index *index = NULL;
    if (test_shared_path("lists/uk-2018-04-13.csv.gz") == NULL)
        test_skip("../shared is not here");
    load(&uk, PEOPLE_FORMAT_UK_CSV, test_shared_path("lists/uk-2018-04-13.csv.gz"));
    load(&un, PEOPLE_FORMAT_UN_XML, test_shared_path("lists/un-2018-06-07.xml"));
    read_truth(test_shared_path("lists/truth-uk-un.tsv"), &truth);
    assert_int_equal(488, truth.count);
    assert_true(un.count <= HANDED_MAX);
    struct people_profile **x = profiles_of(&uk), **y = profiles_of(&un);
    assert_ok(people_index_new(&index));
    for (size_t k = 0; k < un.count; k++)
        assert_ok(people_index_add(index, (int64_t)k, y[k]));
    for (size_t i = 0; i < uk.count; i++)
        compare_one(&uk, i, x, &un, y, index, &truth, &counts);
    size_t right = counts.right[0] + counts.right[1], wrong = counts.wrong[0] + counts.wrong[1];
    double precision = (double)right / (double)(right + wrong), recall = (double)(right + counts.right[2]) / (double)truth.count;
    printf("# uk-un: precision at strong %.3f, recall at possible %.3f, with %zu false\n", precision, recall, wrong + counts.wrong[2]);
    assert_true(precision >= 0.99);
    assert_true(recall >= 0.98);
    assert_true(wrong + counts.wrong[2] <= 50);
    people_index_free(index);
    release(&uk, x);
    release(&un, y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_uk_against_un)};
    return cmocka_run_group_tests_name("people/compare_lists", tests, NULL, NULL);
}
