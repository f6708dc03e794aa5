/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alerts.h"

#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = {1}, elsewhere[STORE_ID_LEN] = {2};

static struct store_alert alert_of(const uint8_t compartment[STORE_ID_LEN], uint8_t hash, int64_t opened_ms)
{
    struct store_alert alert = {.is_own = true, .tell = 5, .opened_ms = opened_ms, .review_ms = 900, .is_screened = true};
    memcpy(alert.compartment, compartment, STORE_ID_LEN);
    alert.hash[0] = hash;
    alert.content[0] = hash;
    return alert;
}

static void put(struct store *store, struct store_alert alert)
{
    assert_ok(store_alert_put(store, &alert));
}

static enum base_code list_alert(void *context, const struct store_alert *alert)
{
    return base_buffer_format(context, "%u:%u%s%s person %d|", alert->compartment[0], alert->hash[0], alert->state == STORE_ALERT_AWAKE ? "" : " closed",
                              alert->is_screened ? "" : " not screened", (int)alert->person);
}

static void an_alert_is_put_and_put_again(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_alert alert = alert_of(here, 7, 100), got = alert_of(here, 7, 0);
    assert_fails(BASE_E_NOT_FOUND, store_alert_get(store, &got));
    put(store, alert);
    assert_ok(store_alert_get(store, &got));
    assert_true(got.is_own && got.state == STORE_ALERT_AWAKE && got.tell == 5 && got.opened_ms == 100 && got.review_ms == 900 && got.is_screened);
    assert_int_equal(7, got.content[0]);
    alert.state = STORE_ALERT_CLOSED;
    alert.ended_ms = 500;
    alert.is_screened = false;
    alert.is_own = false; /* whose it is, and since when, does not change */
    alert.opened_ms = 1;
    put(store, alert);
    assert_ok(store_alert_get(store, &got));
    assert_true(got.is_own && got.opened_ms == 100 && got.state == STORE_ALERT_CLOSED && got.ended_ms == 500 && !got.is_screened);
}

static void they_are_listed_oldest_first(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_alert closed = alert_of(here, 2, 50);
    closed.state = STORE_ALERT_CLOSED;
    put(store, alert_of(here, 1, 300));
    put(store, closed);
    put(store, alert_of(elsewhere, 3, 200));
    assert_ok(store_alerts_each(store, NULL, true, list_alert, &list));
    assert_string_equal("2:3 person 0|1:1 person 0|", base_buffer_c_string(&list));
    base_buffer_clear(&list);
    assert_ok(store_alerts_each(store, here, false, list_alert, &list));
    assert_string_equal("1:2 closed person 0|1:1 person 0|", base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void persons_are_numbered_and_joined(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    int64_t person;
    for (uint8_t i = 1; i <= 3; i++) {
        struct store_alert alert = alert_of(i == 3 ? elsewhere : here, i, i);
        assert_ok(store_person_new(store, &alert.person));
        assert_int_equal(i, alert.person);
        put(store, alert);
    }
    assert_ok(store_persons_join(store, 3, 1)); /* over compartments */
    assert_ok(store_alerts_each(store, NULL, false, list_alert, &list));
    assert_string_equal("1:1 person 1|1:2 person 2|2:3 person 1|", base_buffer_c_string(&list));
    assert_ok(store_person_new(store, &person));
    assert_int_equal(3, person);
    base_buffer_release(&list);
}

/* Findings. */

static struct store_finding finding_of(uint8_t alert, const uint8_t *other)
{
    struct store_finding finding = {.subject = STORE_SUBJECT_RECORD, .other = base_bytes_of(other, 8), .grade = 1, .opened_ms = 100,
                                    .reasons = "name: alike\nbirth: the same day", .news = "", .verdict = ""};
    memcpy(finding.compartment, here, STORE_ID_LEN);
    finding.alert[0] = alert;
    return finding;
}

static enum base_code list_finding(void *context, const struct store_finding *finding)
{
    return base_buffer_format(context, "%lld:%u/%zu %d %u %s|%s|%s|%s hit %zu;", (long long)finding->number, finding->alert[0], finding->other.len,
                              (int)finding->state, finding->grade, finding->reasons, finding->news, finding->judge, finding->verdict,
                              finding->hit.len);
}

static void assert_found(struct base_buffer *list, const char *expected)
{
    assert_string_equal(expected, base_buffer_c_string(list));
    base_buffer_clear(list);
}

static void a_pair_has_one_finding(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const uint8_t one[8] = {0, 0, 0, 0, 0, 0, 0, 1}, two[8] = {0, 0, 0, 0, 0, 0, 0, 2}, hit[32] = {0xab};
    struct store_finding finding = finding_of(7, one), second = finding_of(7, two), event = finding_of(7, one);
    int64_t number;
    finding.hit = base_bytes_of(hit, sizeof hit);
    event.subject = STORE_SUBJECT_EVENT; /* of the same number */
    assert_fails(BASE_E_NOT_FOUND, store_finding_of_pair(store, &finding, list_finding, &list));
    assert_ok(store_finding_add(store, &finding, &number));
    assert_int_equal(1, number);
    assert_fails(BASE_E_EXISTS, store_finding_add(store, &finding, &number));
    assert_ok(store_finding_add(store, &second, &number));
    assert_ok(store_finding_add(store, &event, &number));
    assert_ok(store_finding_of_pair(store, &finding, list_finding, &list));
    assert_found(&list, "1:7/8 0 1 name: alike\nbirth: the same day||| hit 32;");
    assert_ok(store_finding_of_hit(store, hit, list_finding, &list));
    assert_found(&list, "1:7/8 0 1 name: alike\nbirth: the same day||| hit 32;");
    assert_ok(store_finding_get(store, 2, list_finding, &list));
    assert_found(&list, "2:7/8 0 1 name: alike\nbirth: the same day||| hit 0;");
    assert_fails(BASE_E_NOT_FOUND, store_finding_get(store, 4, list_finding, &list));
    static const uint8_t other[32] = {0xcd};
    assert_fails(BASE_E_NOT_FOUND, store_finding_of_hit(store, other, list_finding, &list));
    base_buffer_release(&list);
}

static void what_was_judged_is_put(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const uint8_t one[8] = {1};
    struct store_finding finding = finding_of(7, one);
    assert_fails(BASE_E_NOT_FOUND, store_finding_put(store, &finding));
    assert_ok(store_finding_add(store, &finding, &finding.number));
    finding.state = STORE_FINDING_REJECTED;
    finding.grade = 2;
    finding.news = "sex: differs";
    finding.verdict = "another man";
    snprintf(finding.judge, sizeof finding.judge, "mara");
    assert_ok(store_finding_put(store, &finding));
    assert_ok(store_findings_each(store, here, false, list_finding, &list));
    assert_found(&list, "1:7/8 2 2 name: alike\nbirth: the same day|sex: differs|mara|another man hit 0;");
    assert_ok(store_findings_each(store, here, true, list_finding, &list));
    assert_ok(store_findings_each(store, elsewhere, false, list_finding, &list));
    assert_found(&list, "");
    base_buffer_release(&list);
}

static void findings_of_an_alert_lose_their_words(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const uint8_t one[8] = {1};
    static const uint8_t alert_seven[STORE_ID_LEN + 32] = {[0] = 1, [STORE_ID_LEN] = 7};
    struct store_finding of_seven = finding_of(7, one), of_eight = finding_of(8, one), twin = finding_of(9, one);
    uint8_t seven[32] = {7};
    memcpy(twin.compartment, elsewhere, STORE_ID_LEN);
    twin.subject = STORE_SUBJECT_ALERT;
    twin.other = base_bytes_of(alert_seven, sizeof alert_seven);
    assert_ok(store_finding_add(store, &of_seven, &of_seven.number));
    assert_ok(store_finding_add(store, &of_eight, &of_eight.number));
    assert_ok(store_finding_add(store, &twin, &twin.number));
    assert_ok(store_findings_blank(store, elsewhere, seven));
    assert_ok(store_findings_blank_twins(store, elsewhere, seven));
    assert_ok(store_findings_each(store, elsewhere, false, list_finding, &list));
    assert_found(&list, "3:9/48 0 1 name: alike\nbirth: the same day||| hit 0;");
    assert_ok(store_findings_blank(store, here, seven));
    assert_ok(store_findings_blank_twins(store, here, seven));
    assert_ok(store_findings_each(store, NULL, false, list_finding, &list));
    assert_found(&list, "3:9/48 0 1 ||| hit 0;2:8/8 0 1 name: alike\nbirth: the same day||| hit 0;1:7/8 0 1 ||| hit 0;");
    base_buffer_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(an_alert_is_put_and_put_again),
        SCRATCH_TEST(they_are_listed_oldest_first),
        SCRATCH_TEST(persons_are_numbered_and_joined),
        SCRATCH_TEST(a_pair_has_one_finding),
        SCRATCH_TEST(what_was_judged_is_put),
        SCRATCH_TEST(findings_of_an_alert_lose_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
