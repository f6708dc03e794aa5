/* SPDX-License-Identifier: Apache-2.0
 *
 * All persons here are invented, except those of the case that the program is measured by.
 */
#include "persons.h"

#include "people/common.h"
#include "people/compare_inside.h"

static const char *grade_word(bool is_hit, enum people_grade grade)
{
    return is_hit ? people_grade_word(grade) : "none";
}

/* The grade in both orders, with and without words, which must agree. */
static void assert_grade_of(const struct people_record *a, const struct people_record *b, const char *expected)
{
    struct people_finding forth = PEOPLE_FINDING_EMPTY, back = PEOPLE_FINDING_EMPTY;
    struct people_profile *x = profile_of(a), *y = profile_of(b);
    enum people_grade grade;
    bool is_hit = people_compare_profiles(x, y, &grade);
    assert_ok(people_compare(a, b, &forth));
    assert_ok(people_compare(b, a, &back));
    if (strcmp(expected, grade_word(is_hit, grade)) != 0)
        fail_msg("%s against %s: %s, expected %s", a->names[0].text, b->names[0].text, grade_word(is_hit, grade), expected);
    assert_string_equal(expected, grade_word(forth.is_hit, forth.grade));
    assert_string_equal(expected, grade_word(back.is_hit, back.grade));
    assert_true(forth.is_hit == (forth.reasons.count > 0));
    assert_int_equal(forth.reasons.count, back.reasons.count);
    people_finding_release(&forth);
    people_finding_release(&back);
    people_profile_free(x);
    people_profile_free(y);
}

static void assert_grade(const char *names_a, const char *births_a, const char *names_b, const char *births_b, const char *expected)
{
    struct people_record a = person_of(names_a, births_a), b = person_of(names_b, births_b);
    assert_grade_of(&a, &b, expected);
    people_record_release(&a);
    people_record_release(&b);
}

/* The reasons of a hit, one a line. */
static void assert_reasons(const struct people_record *a, const struct people_record *b, const char *expected)
{
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(people_compare(a, b, &finding));
    for (size_t i = 0; i < finding.reasons.count; i++)
        assert_ok(base_buffer_format(&text, "%s\n", finding.reasons.items[i]));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
    people_finding_release(&finding);
}

static void test_the_case(void **state)
{
    (void)state;
    static const char *const crossings[] = {"Tsarnayev Tamerlan", "TAMERLAN TSARNAEV", "Tsarnaev Tamerlin", "Tsarnaiev Tamerlan",
                                            "Tamerlan Tsarnaiev", "Tsarnayev Tamerlin", "Tamerlan Zarnajew"};
    for (size_t i = 0; i < sizeof crossings / sizeof *crossings; i++)
        assert_grade("Царнаев Тамерлан;Tsarnaev Tamerlan", "1987-10-21 1988-10-21", crossings[i], "1986-10-21", "strong");
    assert_grade("Царнаев Тамерлан", "1987-10-21 1988-10-21", "Tsarnayev Tamerlan", "1986-10-21", "strong");
    assert_grade("Царнаев Тамерлан", "1987-10-21 1988-10-21", "Tsarmaev Tamerlan", "1986-10-21", "strong"); /* a consonant wrong */
    assert_grade("Царнаев Тамерлан", "1987-10-21 1988-10-21", "Tsarnayev Tamerlan", "", "strong");
    assert_grade("Царнаев Тамерлан", "1987-10-21 1988-10-21", "Tsarnayev Dzhokhar", "1993-07-22", "none"); /* the brother */
}

static void test_the_reasons_of_the_case(void **state)
{
    (void)state;
    struct people_record alert = person_of("Царнаев Тамерлан;Tsarnaev Tamerlan", "1987-10-21 1988-10-21");
    struct people_record crossing = person_of("Tsarnayev Tamerlin", "1986-10-21");
    assert_reasons(&alert, &crossing,
                   "name: Царнаев Тамерлан (Cyrl) against Tsarnayev Tamerlin (Latn): Царнаев is tsarnayev by BGN/PCGN, tamerlan "
                   "and tamerlin are nearly spelled the same and sound alike (TMRLN)\n"
                   "name: 1 more pair of their spellings is alike\n"
                   "birth: born 1987-10-21 against 1986-10-21: day and month agree, one year apart\n"
                   "birth: born 1988-10-21 against 1986-10-21: day and month agree, 2 years apart\n");
    people_record_release(&crossing);
    crossing = person_of("TSARNAEV TAMERLAN", "");
    assert_reasons(&alert, &crossing,
                   "name: Tsarnaev Tamerlan (Latn) against TSARNAEV TAMERLAN (Latn): the same spelling\n"
                   "name: 1 more pair of their spellings is alike\n"
                   "birth: one of them has no date of birth\n");
    people_record_release(&alert);
    people_record_release(&crossing);
}

/* A date that is wrong lowers the grade step by step and does not silence. */
/* A text of a record may have 4,096 bytes: it is cut, so that a line of reasons always has room. */
static void test_who_states_a_date_is_cut(void **state)
{
    (void)state;
    static char stated_by[PEOPLE_TEXT_MAX + 1];
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    struct people_day day = {1961, 5, 23};
    struct people_record a = person_of("Gerasim Wolkenstein", ""), b = person_of("Wolkenstein Gerasim", "1961-05-23");
    memset(stated_by, 'x', PEOPLE_TEXT_MAX);
    assert_ok(people_record_add_birth(&a, day, day, false, base_bytes_text(stated_by)));
    assert_ok(people_compare(&a, &b, &finding));
    assert_true(finding.is_hit);
    for (size_t i = 0; i < finding.reasons.count; i++)
        assert_true(strlen(finding.reasons.items[i]) < 600);
    people_finding_release(&finding);
    people_record_release(&a);
    people_record_release(&b);
}

static void test_a_wrong_date_lowers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"1961-05-23", "exact"},   {"1961", "strong"},        {"1961-05", "strong"},
                                           {"~1963", "strong"},       {"1958..1962", "strong"},  {"1961-05-13", "strong"},
                                           {"1962-05-23", "strong"},  {"1961-11-02", "strong"},  {"1962-11-02", "strong"},
                                           {"1974-05-23", "strong"},  {"", "strong"},          {"1940..1970", "strong"},
                                           {"1974-11-02", "strong"}, {"1930", "strong"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_grade("Gerasim Wolkenstein", "1961-05-23", "Wolkenstein Gerasim", cases[i][0], cases[i][1]);
    assert_grade("Gerasim Pank", "1961-05-23", "Pank Gerasim", "1961-11-02", "strong");
    assert_grade("Gerasim Pank", "1961-05-23", "Pank Gerasim", "", "strong");
    assert_grade("Gerasim Pank", "1961-05-23", "Pank Gerasim", "1974-11-02", "strong"); /* short: a namesake */
}

static void test_frequent_names_need_a_date(void **state)
{
    (void)state;
    assert_grade("Muhammad Khalid", "1970-05-06", "Khaled Mohamed", "1970-05-06", "strong");
    assert_grade("Muhammad Khalid", "1970-05-06", "Khaled Mohamed", "1970", "possible");
    assert_grade("Muhammad Khalid", "1970-05-06", "Muhammad Khalid", "1971-08-08", "none");
    assert_grade("Muhammad Khalid", "1970-05-06", "Muhammad Khalid", "", "none");
    assert_grade("Muhammad Khalid", "1970-01-01", "Muhammad Khalid", "1970-01-01", "possible"); /* stands for the year alone */
    assert_grade("Muhammad Khalid Barkasimov", "1970-05-06", "Muhammad Khalid", "1970-05-06", "strong");
    assert_grade("Muhammad Khalid Barkasimov", "1970-05-06", "Muhammad Khalid", "1970", "none");
    assert_grade("Hong Gil Su", "", "Hong Gil Su", "", "strong"); /* short, but letter by letter */
    assert_grade("Hong Gil Su", "", "Heng Gil So", "", "possible");
}

static void test_parts_in_any_order(void **state)
{
    (void)state;
    assert_grade("Gerasim Pankratovich Wolkenstein", "1961-05-23", "Wolkenstein Gerasim", "1961-05-23", "exact"); /* one is missing */
    assert_grade("Gerasim Pankratovich Wolkenstein", "1961", "Wolkenstein Gerasim", "1961-05-23", "strong");
    assert_grade("Gerasim Pankratovich Wolkenstein", "1961", "Wolkenstein Gerasim Brumm", "1961-05-23", "strong"); /* others on both */
    assert_grade("Gerasim Pankratovich Wolkenstein", "1961", "Wolkenstein Gerasim Brumm", "1966-05-23", "strong");
    assert_grade("Nurzhan Baytursyn", "1970", "Nur Zhan Bay Tursyn", "1970", "strong"); /* cut elsewhere */
    assert_grade("Abd al-Rahman Qarabulut", "1970", "Abdurrahman Karabulut", "1970", "strong");
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Holzapfel", "1961-05-23", "possible");
}

static void test_slips_and_initials(void **state)
{
    (void)state;
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Wolkenstain", "1961-05-23", "exact");  /* no slip: it sounds so */
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Wolkemstein", "1961-05-23", "strong"); /* changed */
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Woklenstein", "1961", "strong");     /* swapped */
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Wokenstein", "1962", "strong");     /* left out */
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "Gerasim Wokenstein", "1963", "possible");
    assert_grade("Герасим Волькенштейн", "1961-05-23", "Gerasim Wolkemstein", "1961", "strong"); /* by sound */
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "G. Wolkenstein", "1961", "strong");
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "G. Wolkenstein", "1961-05-23", "strong");
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "O. Wolkenstein", "1961", "none");
    assert_grade("Gerasim Wolkenstein", "1961-05-23", "O. Wolkenstein", "1961-05-23", "possible");
    assert_grade("Герасим Волькенштейн", "1961-05-23", "G Wolkenstein", "1961-05-23", "strong");
    assert_grade("Muhammad Karin", "1961-05-23", "Muhammad Karim", "1961-05-23", "none"); /* a frequent name is no slip of another */
}

static void test_one_part_alone(void **state)
{
    (void)state;
    assert_grade("Wolkenstein", "1961-05-23", "Wolkenstein", "1961-05-23", "strong");
    assert_grade("Wolkenstein", "1961-05-23", "Wolkenstein", "1961", "strong");
    assert_grade("Wolkenstein", "1961-05-23", "Wolkenstein", "", "possible");
    assert_grade("Wolkenstein", "1961-05-23", "Gerasim Wolkenstein", "1961-05-23", "strong");
    assert_grade("Wolkenstein", "1961-05-23", "Gerasim Wolkenstein", "1961", "strong");
    assert_grade("Muhammad", "1961-05-23", "Muhammad", "1961-05-23", "possible");
}

static void test_weak_aliases(void **state)
{
    (void)state;
    struct people_record a = person_of("Ola Berg", "1961-05-23"), b = person_of("Gerasim Wolkenstein", "");
    persons_add_names(&a, PEOPLE_NAME_WEAK, "Gerasim Wolkenstein");
    assert_grade_of(&a, &b, "strong"); /* weaker, because the source says itself that it is */
    persons_add_births(&b, "1961");
    assert_grade_of(&a, &b, "strong");
    people_record_release(&a);
    people_record_release(&b);
}

static void add_document(struct people_record *record, const char *number, const char *country)
{
    assert_ok(people_record_add_document(record, base_bytes_text("Passport"), base_bytes_text(number), base_bytes_text(country),
                                         base_bytes_text("")));
}

static void test_documents(void **state)
{
    (void)state;
    struct people_record a = person_of("Gerasim Wolkenstein", "1961-05-23"), b = person_of("Pankrat Holzapfel", "1975");
    struct people_record c = person_of("G Wolkenstein", "");
    add_document(&a, "AB 123-456", "Ruritania");
    add_document(&b, "ab123456", "");
    add_document(&c, "AB123456", "");
    assert_grade_of(&a, &b, "strong"); /* another name and another date */
    assert_grade_of(&a, &c, "exact");
    assert_reasons(&a, &b,
                   "birth: born 1961-05-23 against 1975: 14 years apart\n"
                   "document: Passport AB 123-456 (Ruritania) against Passport ab123456: the same number\n");
    people_record_release(&b);
    b = person_of("Pankrat Holzapfel", "");
    add_document(&b, "AB12", ""); /* too short to say anything */
    add_document(&a, "AB12", "");
    assert_grade_of(&a, &b, "none");
    people_record_release(&a);
    people_record_release(&b);
    people_record_release(&c);
}

static void test_sex_lowers_by_a_step(void **state)
{
    (void)state;
    struct people_record a = person_of("Gerasim Wolkenstein", "1961-05-23"), b = person_of("Gerasima Wolkenstein", "1961-05-23");
    assert_grade_of(&a, &b, "exact");
    a.sex = 'm';
    b.sex = 'f';
    assert_grade_of(&a, &b, "strong");
    people_record_release(&b);
    b = person_of("Gerasima Wolkenstein", "");
    b.sex = 'f';
    assert_grade_of(&a, &b, "strong");
    people_record_release(&a);
    people_record_release(&b);
}

static void test_what_else_is_known(void **state)
{
    (void)state;
    struct people_record a = person_of("Gerasim Wolkenstein", "1961-05-23"), b = person_of("Gerasim Wolkenstein", "1961-05-23");
    struct base_bytes none = base_bytes_text("");
    a.sex = b.sex = 'm';
    assert_ok(people_texts_add(&a.nationalities, base_bytes_text("Ruritania")));
    assert_ok(people_texts_add(&b.nationalities, base_bytes_text("Ruritanian")));
    assert_ok(people_record_add_place(&a, PEOPLE_PLACE_BIRTH, base_bytes_text("Strelsau, Ruritania"), none));
    assert_ok(people_record_add_place(&b, PEOPLE_PLACE_ADDRESS, base_bytes_text("Zenda"), none));
    assert_ok(people_record_add_place(&b, PEOPLE_PLACE_BIRTH, base_bytes_text("Штрельзау"), none));
    assert_reasons(&a, &b,
                   "name: Gerasim Wolkenstein (Latn) against Gerasim Wolkenstein (Latn): the same spelling\n"
                   "birth: born 1961-05-23 against 1961-05-23: the same day\n"
                   "nationality: Ruritania against Ruritanian: agree\n"
                   "sex: both m\n"
                   "place: born in Strelsau, Ruritania against Штрельзау: a name of theirs sounds alike\n");
    people_record_release(&b);
    b = person_of("Gerasim Brumm Wolkemstein", "1962-05-23");
    b.sex = 'f';
    assert_ok(people_texts_add(&b.nationalities, base_bytes_text("Graustark")));
    assert_ok(people_record_add_place(&b, PEOPLE_PLACE_BIRTH, base_bytes_text("Edelweiss"), none));
    assert_reasons(&a, &b,
                   "name: Gerasim Wolkenstein (Latn) against Gerasim Brumm Wolkemstein (Latn): gerasim is spelled the same, "
                   "wolkenstein and wolkemstein are one slip apart; only in one: brumm\n"
                   "birth: born 1961-05-23 against 1962-05-23: day and month agree, one year apart\n"
                   "nationality: Ruritania against Graustark: none in common as written\n"
                   "sex: differs: m / f\n"
                   "place: born in Strelsau, Ruritania against Edelweiss: nothing in common as written\n");
    persons_add_names(&b, PEOPLE_NAME_ALIAS, "G Wolkenstein Brumm");
    persons_add_names(&b, PEOPLE_NAME_ALIAS, "Gera Sim Wolkenstein Brumm");
    assert_reasons(&a, &b,
                   "name: Gerasim Wolkenstein (Latn) against Gera Sim Wolkenstein Brumm (Latn): gerasim and gera sim sound alike "
                   "when joined (GRSM), wolkenstein is spelled the same; only in one: brumm\n"
                   "birth: born 1961-05-23 against 1962-05-23: day and month agree, one year apart\n"
                   "nationality: Ruritania against Graustark: none in common as written\n"
                   "sex: differs: m / f\n"
                   "place: born in Strelsau, Ruritania against Edelweiss: nothing in common as written\n");
    people_record_release(&a);
    people_record_release(&b);
}

/* What each part says adds up, of a hit and of none, and a name that has nothing in common is told as such. */
static void test_an_explanation_adds_up(void **state)
{
    (void)state;
    enum { ALL = PERSONS_AWKWARD };
    size_t hits = 0, none = 0;
    for (size_t i = 0; i < ALL * ALL; i++) {
        struct people_record a = awkward_person(i / ALL), b = awkward_person(i % ALL);
        struct people_explanation found = PEOPLE_EXPLANATION_EMPTY;
        struct people_profile *x = profile_of(&a), *y = profile_of(&b);
        enum people_grade grade;
        int sum = 0;
        assert_ok(people_explain(&a, &b, &found));
        assert_true(found.is_hit == people_compare_profiles(x, y, &grade));
        for (size_t k = 0; k < found.count; k++)
            sum += found.reasons[k].evidence;
        assert_true(found.count > 0);
        assert_int_equal(found.evidence, sum);
        assert_true(found.percent >= 1 && found.percent <= 99 && (found.is_hit || found.percent < 50 || found.evidence < 0));
        hits += found.is_hit;
        none += !found.is_hit;
        people_explanation_release(&found);
        people_profile_free(x);
        people_profile_free(y);
        people_record_release(&a);
        people_record_release(&b);
    }
    assert_true(hits > 0 && none > 0);
}

static void test_probabilities_rise(void **state)
{
    (void)state;
    assert_int_equal(50, people_evidence_percent(0));
    for (int evidence = -300; evidence < 300; evidence++)
        assert_true(people_evidence_percent(evidence) <= people_evidence_percent(evidence + 1));
    assert_int_equal(1, people_evidence_percent(-300));
    assert_int_equal(99, people_evidence_percent(300));
}

static void test_dates_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *words;
        enum people_nearness near;
    } cases[] = {
        {"1961-05-23", "1961-05-23", "born 1961-05-23 against 1961-05-23: the same day", PEOPLE_NEAR_DAY},
        {"1961-05-08", "1961-08-05", "born 1961-05-08 against 1961-08-05: the year agrees, 8/5 swapped", PEOPLE_NEAR_SWAPPED},
        {"1961-05-23", "1961-06-23", "born 1961-05-23 against 1961-06-23: day and year agree, the month differs", PEOPLE_NEAR_PART},
        {"1961-05-23", "1961-05-13", "born 1961-05-23 against 1961-05-13: month and year agree, the day differs", PEOPLE_NEAR_PART},
        {"1961-05-23", "1961-06-13", "born 1961-05-23 against 1961-06-13: the year agrees, day and month differ", PEOPLE_NEAR_SAME},
        {"1961-05-23", "1962-05-23", "born 1961-05-23 against 1962-05-23: day and month agree, one year apart", PEOPLE_NEAR_SLIP},
        {"1961-05-23", "1916-05-23", "born 1961-05-23 against 1916-05-23: day and month agree, 45 years apart", PEOPLE_NEAR_SLIP},
        {"1961-05-23", "1948-05-23", "born 1961-05-23 against 1948-05-23: day and month agree, 13 years apart", PEOPLE_NEAR_BIRTHDAY},
        {"1961-05-08", "1962-08-05", "born 1961-05-08 against 1962-08-05: day and month swapped, one year apart", PEOPLE_NEAR_OFF},
        {"1961-05-23", "1964-06-13", "born 1961-05-23 against 1964-06-13: 3 years apart", PEOPLE_NEAR_OFF},
        {"1961-05-23", "1961-05", "born 1961-05-23 against 1961-05: year and month agree, and no more is known of one", PEOPLE_NEAR_MONTH},
        {"1961-05", "1961-05", "born 1961-05 against 1961-05: year and month agree", PEOPLE_NEAR_MONTH},
        {"1961-05", "1961-06", "born 1961-05 against 1961-06: the year agrees, the month differs", PEOPLE_NEAR_SAME},
        {"1961", "1961-06", "born 1961 against 1961-06: the year agrees, and no more is known of one", PEOPLE_NEAR_YEAR},
        {"1961", "1961", "born 1961 against 1961: the year agrees", PEOPLE_NEAR_YEAR},
        {"1961", "1962-03-04", "born 1961 against 1962-03-04: one year apart", PEOPLE_NEAR_NEXT},
        {"1961-01-01", "1961-05-23", "born 1961-01-01 against 1961-05-23: the year agrees, and 1 January may stand for an unknown day",
         PEOPLE_NEAR_YEAR},
        {"1961-01-01", "1964-01-01", "born 1961-01-01 against 1964-01-01: 3 years apart", PEOPLE_NEAR_OFF},
        {"~1961", "1963-05-23", "born circa 1961 against 1963-05-23: they agree", PEOPLE_NEAR_SPAN},
        {"~1961-05-23", "1961-05-23", "born circa 1961-05-23 against 1961-05-23: they agree", PEOPLE_NEAR_SPAN},
        {"~1961", "1966-05-23", "born circa 1961 against 1966-05-23: 3 years apart, with 2 years allowed for circa", PEOPLE_NEAR_OFF},
        {"1958..1961", "1963..1965", "born 1958 to 1961 against 1963 to 1965: 2 years apart", PEOPLE_NEAR_OFF},
        {"1958..1961", "1961-05-23", "born 1958 to 1961 against 1961-05-23: they agree", PEOPLE_NEAR_SPAN},
        {"1940..1961", "1950", "born 1940 to 1961 against 1950: they overlap, over so many years that it says little", PEOPLE_NEAR_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct people_record a = person_of("", cases[i].a), b = person_of("", cases[i].b);
        struct people_profile *x = profile_of(&a), *y = profile_of(&b);
        struct base_buffer words = BASE_BUFFER_EMPTY;
        assert_ok(people_births_words(&a.births[0], &b.births[0], &words));
        assert_string_equal(cases[i].words, base_buffer_c_string(&words));
        assert_int_equal(cases[i].near, people_births_near(&x->births[0], &y->births[0]));
        assert_int_equal(cases[i].near, people_births_near(&y->births[0], &x->births[0]));
        base_buffer_release(&words);
        people_profile_free(x);
        people_profile_free(y);
        people_record_release(&a);
        people_record_release(&b);
    }
}

static void test_many_dates_are_counted(void **state)
{
    (void)state;
    struct people_record a = person_of("Gerasim Wolkenstein", "1950 1955 1961-05-23"), b = person_of("Gerasim Wolkenstein", "1961 1970");
    assert_reasons(&a, &b,
                   "name: Gerasim Wolkenstein (Latn) against Gerasim Wolkenstein (Latn): the same spelling\n"
                   "birth: born 1961-05-23 against 1961: the year agrees, and no more is known of one\n"
                   "birth: 5 more pairs of dates, none nearer\n");
    people_record_release(&a);
    people_record_release(&b);
}

/* Texts of a record are as long as 4096 bytes; a reason stays one line that fits in a record's text. */
static void test_long_texts_are_cut(void **state)
{
    (void)state;
    char name[4000] = "Gerasim Wolkenstein ";
    while (strlen(name) + 8 < sizeof name)
        memcpy(name + strlen(name), "жук", sizeof "жук");
    struct people_record a = person_of(name, "1961-05-23"), b = person_of(name, "1961-05-23");
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    assert_ok(people_compare(&a, &b, &finding));
    assert_true(finding.is_hit);
    for (size_t i = 0; i < finding.reasons.count; i++) {
        assert_true(strlen(finding.reasons.items[i]) < 500);
        assert_true(base_bytes_is_utf8(base_bytes_text(finding.reasons.items[i])));
    }
    people_finding_release(&finding);
    people_record_release(&a);
    people_record_release(&b);
}

static void test_nothing_is_like_nothing(void **state)
{
    (void)state;
    struct people_record a = PEOPLE_RECORD_EMPTY, b = PEOPLE_RECORD_EMPTY, c = person_of("--- 123", "1961-05-23");
    struct people_finding finding = PEOPLE_FINDING_EMPTY;
    assert_ok(people_compare(&a, &b, &finding));
    assert_false(finding.is_hit);
    assert_ok(people_compare(&c, &c, &finding));
    assert_false(finding.is_hit);
    people_record_release(&c);
}

/* Every pair of these spellings and dates, in both orders; two sounds of one token make an alignment that depends on the order. */
static void test_both_orders_agree(void **state)
{
    (void)state;
    enum { ALL = PERSONS_AWKWARD };
    struct people_profile *profiles[ALL];
    for (size_t i = 0; i < ALL; i++) {
        struct people_record record = awkward_person(i);
        profiles[i] = profile_of(&record);
        people_record_release(&record);
    }
    size_t hits = 0;
    for (size_t i = 0; i < ALL; i++) {
        for (size_t k = 0; k < ALL; k++) {
            enum people_grade forth, back;
            bool is_hit = people_compare_profiles(profiles[i], profiles[k], &forth);
            assert_true(is_hit == people_compare_profiles(profiles[k], profiles[i], &back));
            assert_int_equal(forth, back);
            hits += is_hit;
        }
    }
    assert_true(hits > ALL);
    for (size_t i = 0; i < ALL; i++)
        people_profile_free(profiles[i]);
}

/* The table of frequent names is of sounds; these are the names it was made of. */
static void test_frequent_names(void **state)
{
    (void)state;
    static const char names[] = "muhammad ahmad mahmud ali hassan hussein khalid ibrahim mustafa salih jamal kamal nasir karim ismail hamid "
                                "abdulrahman abdulaziz alexander sergei vladimir andrei dmitri nikolai mikhail pavel natalia ivanov petrov "
                                "smirnov kuznetsov michael robert william thomas martin francisco garcia rodriguez hernandez martinez gonzalez "
                                "zhang nguyen kumar sharma mehmet yilmaz demir";
    struct names_form form;
    char word[32];
    for (const char *at = names; *at != 0;) {
        size_t len = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, at);
        assert_ok(names_form_of(base_bytes_text(word), &form));
        assert_int_equal(1, form.count);
        bool is_frequent = false;
        for (size_t i = 0; i < form.tokens[0].sound_count; i++)
            is_frequent = is_frequent || people_is_frequent_sound(form.tokens[0].sounds[i]);
        if (!is_frequent && strlen(form.tokens[0].sounds[0]) > 2)
            fail_msg("%s is not frequent", word);
        at += len + (at[len] != 0);
    }
    assert_false(people_is_frequent_sound("AL"));
    assert_true(people_is_common_sound("AL"));
    assert_false(people_is_common_sound("SRNV"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_case),
        cmocka_unit_test(test_the_reasons_of_the_case),
        cmocka_unit_test(test_who_states_a_date_is_cut),
        cmocka_unit_test(test_a_wrong_date_lowers),
        cmocka_unit_test(test_frequent_names_need_a_date),
        cmocka_unit_test(test_parts_in_any_order),
        cmocka_unit_test(test_slips_and_initials),
        cmocka_unit_test(test_one_part_alone),
        cmocka_unit_test(test_weak_aliases),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_sex_lowers_by_a_step),
        cmocka_unit_test(test_what_else_is_known),
        cmocka_unit_test(test_an_explanation_adds_up),
        cmocka_unit_test(test_probabilities_rise),
        cmocka_unit_test(test_dates_in_words),
        cmocka_unit_test(test_many_dates_are_counted),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_nothing_is_like_nothing),
        cmocka_unit_test(test_both_orders_agree),
        cmocka_unit_test(test_frequent_names),
    };
    return cmocka_run_group_tests_name("people/compare", tests, NULL, NULL);
}
