/* SPDX-License-Identifier: Apache-2.0
 *
 * All persons here are invented, except those of the case that the program is measured by.
 */
#include "persons.h"

#include "people/index.h"

enum { SEEN_MAX = 4096 };

static size_t random_below(uint32_t *state, size_t limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

struct seen {
    int64_t numbers[SEEN_MAX];
    enum people_grade grades[SEEN_MAX];
    size_t count, stop_after; /* 0: never */
};

static enum base_code take(void *context, int64_t number)
{
    struct seen *seen = context;
    assert_true(seen->count < SEEN_MAX);
    seen->numbers[seen->count++] = number;
    return seen->count == seen->stop_after ? base_fail(BASE_E_CANCELLED, "seen enough") : BASE_OK;
}

static enum base_code take_hit(void *context, int64_t number, enum people_grade grade)
{
    struct seen *seen = context;
    assert_true(seen->count < SEEN_MAX);
    seen->grades[seen->count] = grade;
    return take(context, number);
}

static struct people_index *new_index(void)
{
    struct people_index *index = NULL;
    assert_ok(people_index_new(&index));
    return index;
}

static void add(struct people_index *index, int64_t number, const char *names, const char *births)
{
    struct people_record record = person_of(names, births);
    struct people_profile *profile = profile_of(&record);
    assert_ok(people_index_add(index, number, profile));
    people_profile_free(profile);
    people_record_release(&record);
}

static struct seen find(struct people_index *index, const char *names, const char *births)
{
    struct seen seen = {.count = 0};
    struct people_record record = person_of(names, births);
    struct people_profile *profile = profile_of(&record);
    assert_ok(people_index_find(index, profile, take, &seen));
    people_profile_free(profile);
    people_record_release(&record);
    return seen;
}

static bool meet(const char *names_a, const char *births_a, const char *names_b, const char *births_b)
{
    struct people_index *index = new_index();
    add(index, 7, names_a, births_a);
    struct seen seen = find(index, names_b, births_b);
    assert_true(seen.count <= 1);
    assert_true(seen.count == 0 || seen.numbers[0] == 7);
    people_index_free(index);
    return seen.count == 1;
}

static void test_spellings_meet(void **state)
{
    (void)state;
    static const char *const spellings[] = {"Tsarnayev Tamerlan", "TAMERLAN TSARNAEV", "Tsarnaev Tamerlin", "Tsarnaiev Tamerlan", "Tsarmaev Tamerlan",
                                            "Tamerlan Tsanraev", "Tsarnaev Anzorovich Tamerlan", "Tamer Lan Tsarnaev"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_true(meet("Царнаев Тамерлан", "1987-10-21 1988-10-21", spellings[i], "1986-10-21"));
        assert_true(meet(spellings[i], "1986-10-21", "Царнаев Тамерлан", "1987-10-21 1988-10-21"));
    }
}

/* Each clause of the contract by itself: a record of the other persons alone would not be handed over. */
static void test_the_contract(void **state)
{
    (void)state;
    assert_true(meet("Gerasim Wolkenstein", "", "Wolkenstein Pankrat Gerasim", "1961"));       /* b: two parts */
    assert_true(meet("Baytur Syn Gerasim", "", "Baytursyn Gerasim Brumm", ""));                /* b: joined on one side */
    assert_true(meet("Baytursyn Gerasim Brumm", "", "Baytur Syn Gerasim", ""));                /* or on the other */
    assert_true(meet("Muhammad Khalid", "1970-05-06", "Khaled Mohamed", ""));                  /* also frequent ones */
    assert_true(meet("Gerasim Wolkenstein", "", "Gerasim Wolkemstein", ""));                   /* c: a letter, and a class */
    assert_true(meet("Gerasim Oderin", "", "Gerasim Odereen", "") && meet("Gerasim Tokin", "", "Gerasim Toxin", "")); /* c: two classes */
    assert_true(meet("Gerasim Wolkenstein", "1961", "Gerasim Holzapfel", "1962-03-04"));       /* d: the year before */
    assert_true(meet("Gerasim Wolkenstein", "1961-05-04", "Gerasim Holzapfel", "1999-04-05")); /* d: swapped, another year */
    assert_true(meet("Gerasim Wolkenstein", "~1961", "Gerasim Holzapfel", "1964"));            /* d: circa */
    assert_true(meet("Wolkenstein", "1961", "Wolkenstein", "1999"));                           /* e */
    assert_true(meet("Baytursyn", "", "Baytur Syn", ""));                                      /* e: joined */
}

/* The short way takes all who have a part, where they are few: with many of them the clauses have to tell. */
static void test_what_is_not_worth_comparing(void **state)
{
    (void)state;
    struct people_index *index = new_index();
    for (int64_t i = 0; i < 200; i++)
        add(index, i, "Gerasim Wolkenstein", "1961-05-23");
    assert_int_equal(0, find(index, "Gerasim Holzapfel", "").count);
    assert_int_equal(0, find(index, "Gerasim Holzapfel", "1971-06-24").count);
    assert_int_equal(0, find(index, "Gerasim", "").count);
    assert_int_equal(200, find(index, "Gerasim Holzapfel", "1960").count);
    assert_int_equal(200, find(index, "Gerasim Holzapfel", "2001-05-23").count);
    assert_int_equal(200, find(index, "Gerasim Wolkenstain", "").count);
    assert_int_equal(200, find(index, "Gerasim Volkenshtein", "").count);
    assert_int_equal(0, find(index, "Pankrat Wolkemstein", "").count); /* a slip alone is nothing */
    people_index_free(index);
}

static void test_documents_meet(void **state)
{
    (void)state;
    struct people_index *index = new_index();
    struct people_record a = person_of("Gerasim Wolkenstein", ""), b = person_of("Pankrat Holzapfel", "");
    struct base_bytes none = base_bytes_text("");
    struct seen seen = {.count = 0};
    assert_ok(people_record_add_document(&a, none, base_bytes_text("AB 123-456"), none, none));
    assert_ok(people_record_add_document(&b, none, base_bytes_text("ab123456"), none, none));
    struct people_profile *x = profile_of(&a), *y = profile_of(&b);
    assert_ok(people_index_add(index, INT64_MIN, x));
    assert_ok(people_index_find(index, y, take, &seen));
    assert_int_equal(1, seen.count);
    assert_true(seen.numbers[0] == INT64_MIN);
    people_profile_free(x);
    people_profile_free(y);
    people_record_release(&a);
    people_record_release(&b);
    people_index_free(index);
}

static void test_numbers_come_and_go(void **state)
{
    (void)state;
    struct people_index *index = new_index();
    assert_int_equal(0, find(index, "Gerasim Wolkenstein", "").count);
    people_index_remove(index, 1);
    add(index, 1, "Gerasim Wolkenstein", "1961-05-23");
    add(index, 2, "Wolkenstein Gerasim", "1975");
    add(index, -3, "Pankrat Holzapfel", "");
    assert_int_equal(3, people_index_count(index));
    assert_int_equal(2, find(index, "Gerasim Wolkenstein", "").count); /* each once, however many sounds it shares */
    add(index, 2, "Pankrat Holzapfel", "");                            /* replaced */
    assert_int_equal(3, people_index_count(index));
    assert_int_equal(1, find(index, "Gerasim Wolkenstein", "").count);
    assert_int_equal(2, find(index, "Pankrat Holzapfel", "").count);
    people_index_remove(index, -3);
    people_index_remove(index, -3);
    assert_int_equal(1, find(index, "Pankrat Holzapfel", "").count);
    people_index_remove(index, 1);
    people_index_remove(index, 2);
    assert_int_equal(0, people_index_count(index));
    assert_int_equal(0, find(index, "Gerasim Wolkenstein;Pankrat Holzapfel", "").count);
    people_index_free(index);
}

/* An invented name for each number, of consonants that tell the numbers apart. */
static void name_of(int number, char out[64])
{
    static const char letters[] = "bdfgklmnprstvz";
    size_t len = 0;
    for (int i = 0, left = number; i < 4; i++, left /= 14)
        len += (size_t)snprintf(out + len, 64 - len, "%ca", letters[left % 14]);
    len += (size_t)snprintf(out + len, 64 - len, "rkonim Wolkenstein");
}

/* What one person meets is what comparing with all gives, grades and all. */
static void assert_same_as_scan(struct people_index *index, struct people_profile *const *held, const bool *is_there, size_t count,
                                const struct people_profile *asked, size_t *hits)
{
    struct seen seen = {.count = 0};
    int graded[SEEN_MAX];
    assert_true(count <= SEEN_MAX);
    for (size_t k = 0; k < count; k++)
        graded[k] = -1;
    assert_ok(people_index_screen(index, asked, take_hit, &seen));
    for (size_t k = 0; k < seen.count; k++) {
        assert_int_equal(-1, graded[seen.numbers[k]]); /* each once */
        graded[seen.numbers[k]] = (int)seen.grades[k];
    }
    for (size_t k = 0; k < count; k++) {
        enum people_grade grade;
        bool is_hit = (is_there == NULL || is_there[k]) && people_compare_profiles(asked, held[k], &grade);
        if (graded[k] != (is_hit ? (int)grade : -1))
            fail_msg("%zu: %d is handed out, %d is the grade", k, graded[k], is_hit ? (int)grade : -1);
        *hits += is_hit;
    }
}

static void test_every_hit_is_handed_over(void **state)
{
    (void)state;
    struct people_index *index = new_index();
    struct people_profile *profiles[PERSONS_AWKWARD];
    size_t hits = 0;
    for (size_t i = 0; i < PERSONS_AWKWARD; i++) {
        struct people_record record = awkward_person(i);
        profiles[i] = profile_of(&record);
        assert_ok(people_index_add(index, (int64_t)i, profiles[i]));
        people_record_release(&record);
    }
    for (size_t i = 0; i < PERSONS_AWKWARD; i++)
        assert_same_as_scan(index, profiles, NULL, PERSONS_AWKWARD, profiles[i], &hits);
    assert_true(hits > PERSONS_AWKWARD);
    for (size_t i = 0; i < PERSONS_AWKWARD; i++)
        people_profile_free(profiles[i]);
    people_index_free(index);
}

/* Names of few letters, so that slips, joins and namesakes abound. */
static struct people_record random_person(uint32_t *random)
{
    static const char *const words[] = {"kadarov", "kaderova", "kadrov", "tomaris", "tomarsi", "ali", "muhammad", "nur", "zhan", "nurzhan",
                                        "bay", "turs", "baytursyn", "tursyn", "kadarof", "omaris", "g", "volken", "volkem", "stain", "volkenstein"};
    char text[128];
    struct people_record record = PEOPLE_RECORD_EMPTY;
    size_t names = 1 + random_below(random, 3);
    for (size_t i = 0; i < names; i++) {
        size_t len = 0, parts = 1 + random_below(random, 4);
        for (size_t k = 0; k < parts; k++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", k == 0 ? "" : " ", words[random_below(random, sizeof words / sizeof *words)]);
        persons_add_names(&record, random_below(random, 5) == 0 ? PEOPLE_NAME_WEAK : PEOPLE_NAME_ALIAS, text);
    }
    for (size_t i = random_below(random, 3); i > 0; i--) {
        snprintf(text, sizeof text, "%s%d%s", random_below(random, 4) == 0 ? "~" : "", (int)(1960 + random_below(random, 30)),
                 (const char *const[]){"", "-02", "-02-03", "-03-02", "-11-24", "-01-01"}[random_below(random, 6)]);
        persons_add_births(&record, text);
    }
    if (random_below(random, 6) == 0) {
        struct base_bytes none = base_bytes_text("");
        snprintf(text, sizeof text, "P%06u", (unsigned)random_below(random, 40));
        assert_ok(people_record_add_document(&record, none, base_bytes_text(text), none, none));
    }
    return record;
}

/* Numbers are added, replaced and removed at any time: the answers are always those of comparing with all that are there. */
static void test_changes_at_any_time(void **state)
{
    (void)state;
    enum { NUMBERS = 700, STEPS = 6000, ASKED_EVERY = 40 };
    static struct people_profile *held[NUMBERS];
    static bool is_there[NUMBERS];
    struct people_index *index = new_index();
    uint32_t random = 20261124;
    size_t hits = 0, there = 0;
    for (size_t i = 0; i < NUMBERS; i++)
        assert_ok(people_profile_new(&held[i]));
    for (size_t step = 0; step < STEPS; step++) {
        size_t number = random_below(&random, NUMBERS);
        bool is_removed = random_below(&random, 3) == 0;
        struct people_record record = random_person(&random);
        assert_ok(people_profile_set(held[number], &record));
        there = there + !is_removed - is_there[number];
        is_there[number] = !is_removed;
        if (is_removed)
            people_index_remove(index, (int64_t)number);
        else
            assert_ok(people_index_add(index, (int64_t)number, held[number]));
        assert_int_equal(there, people_index_count(index));
        assert_int_equal(!is_removed, people_index_has(index, (int64_t)number));
        if (step % ASKED_EVERY == 0)
            assert_same_as_scan(index, held, is_there, NUMBERS, held[number], &hits);
        people_record_release(&record);
    }
    assert_true(hits > STEPS / ASKED_EVERY);
    for (size_t i = 0; i < NUMBERS; i++)
        people_profile_free(held[i]);
    people_index_free(index);
}

/* Alerts that wake and sleep for years: memory follows what is there, not what has been. */
static void test_memory_does_not_grow_with_changes(void **state)
{
    (void)state;
    enum { AWAKE = 500, ROUNDS = 20000 };
    struct people_index *index = new_index();
    size_t settled = 0;
    char name[64];
    for (int i = 0; i < ROUNDS; i++) {
        name_of(i, name);
        add(index, i, name, "1961-05-23");
        people_index_remove(index, i - AWAKE);
        if (i == 4 * AWAKE)
            settled = people_index_bytes(index);
    }
    assert_int_equal(AWAKE, people_index_count(index));
    assert_true(people_index_bytes(index) <= 2 * settled);
    for (int i = ROUNDS - AWAKE; i < ROUNDS; i += 37) {
        name_of(i, name);
        struct seen seen = find(index, name, "");
        bool is_found = false;
        for (size_t k = 0; k < seen.count; k++)
            is_found = is_found || seen.numbers[k] == i;
        assert_true(is_found);
    }
    people_index_free(index);
}

static void test_memory_is_as_stated(void **state)
{
    (void)state;
    enum { PERSONS = 10000, PERSON_BYTES = 600 };
    struct people_index *index = new_index();
    char name[64];
    size_t least = people_index_bytes(index);
    for (int i = 0; i < PERSONS; i++) {
        name_of(i, name);
        add(index, i, name, "1961-05-23");
    }
    assert_true(people_index_bytes(index) - least >= PERSONS * 100);
    assert_true(people_index_bytes(index) - least <= PERSONS * PERSON_BYTES);
    people_index_free(index);
}

static void test_a_visit_may_stop(void **state)
{
    (void)state;
    struct people_index *index = new_index();
    struct people_record record = person_of("Gerasim Wolkenstein", "");
    struct people_profile *profile = profile_of(&record);
    struct seen seen = {.stop_after = 2};
    for (int64_t i = 0; i < 5; i++)
        assert_ok(people_index_add(index, i, profile));
    assert_fails(BASE_E_CANCELLED, people_index_find(index, profile, take, &seen));
    assert_int_equal(2, seen.count);
    people_profile_free(profile);
    people_record_release(&record);
    people_index_free(index);
}

static void test_a_profile_is_used_again(void **state)
{
    (void)state;
    struct people_record long_one = person_of("Gerasim Pankratovich Wolkenstein;Герасим Волькенштейн;Gerasim Holzapfel", "1961-05-23 1962");
    struct people_record short_one = person_of("Pankrat Brumm", "1975"), nothing = PEOPLE_RECORD_EMPTY;
    struct people_profile *used = profile_of(&long_one), *fresh = profile_of(&short_one);
    size_t before = people_profile_bytes(used);
    enum people_grade grade;
    assert_ok(people_profile_set(used, &short_one));
    assert_int_equal(before, people_profile_bytes(used));
    assert_true(people_compare_profiles(used, fresh, &grade));
    assert_int_equal(PEOPLE_GRADE_STRONG, grade);
    assert_ok(people_profile_trim(used));
    assert_true(people_profile_bytes(used) < before / 2);
    assert_true(people_compare_profiles(fresh, used, &grade));
    assert_ok(people_profile_set(used, &nothing));
    assert_false(people_compare_profiles(fresh, used, &grade));
    assert_ok(people_profile_trim(used));
    people_profile_free(used);
    people_profile_free(fresh);
    people_profile_free(NULL);
    people_record_release(&long_one);
    people_record_release(&short_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_meet),
        cmocka_unit_test(test_the_contract),
        cmocka_unit_test(test_what_is_not_worth_comparing),
        cmocka_unit_test(test_documents_meet),
        cmocka_unit_test(test_numbers_come_and_go),
        cmocka_unit_test(test_every_hit_is_handed_over),
        cmocka_unit_test(test_changes_at_any_time),
        cmocka_unit_test(test_memory_does_not_grow_with_changes),
        cmocka_unit_test(test_memory_is_as_stated),
        cmocka_unit_test(test_a_visit_may_stop),
        cmocka_unit_test(test_a_profile_is_used_again),
    };
    return cmocka_run_group_tests_name("people/index", tests, NULL, NULL);
}
