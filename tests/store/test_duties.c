/* SPDX-License-Identifier: Apache-2.0 */
#include "store/duties.h"

#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = {1}, elsewhere[STORE_ID_LEN] = {2};

static struct store_duty duty_of(const uint8_t compartment[STORE_ID_LEN], uint8_t about, unsigned kind, bool is_own)
{
    struct store_duty duty = {.kind = kind, .is_own = is_own, .opened_ms = 1000, .due_ms = 5000 + about};
    memcpy(duty.compartment, compartment, STORE_ID_LEN);
    duty.about[0] = about;
    return duty;
}

static struct store_duty read_duty(struct store *store, struct store_duty key)
{
    assert_ok(store_duty_get(store, &key));
    return key;
}

static void a_duty_is_opened_once_for_each_side(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_duty duty = duty_of(here, 7, 3, true);
    snprintf(duty.owner, sizeof duty.owner, "mara");
    assert_fails(BASE_E_NOT_FOUND, store_duty_get(store, &duty));
    assert_ok(store_duty_open(store, &duty));
    assert_fails(BASE_E_EXISTS, store_duty_open(store, &duty));
    struct store_duty other_side = duty_of(here, 7, 3, false), other_kind = duty_of(here, 7, 4, true), there = duty_of(elsewhere, 7, 3, true);
    assert_ok(store_duty_open(store, &other_side));
    assert_ok(store_duty_open(store, &other_kind));
    assert_ok(store_duty_open(store, &there));
    struct store_duty got = read_duty(store, duty_of(here, 7, 3, true));
    assert_true(got.state == STORE_DUTY_OPEN && got.opened_ms == 1000 && got.due_ms == 5007 && got.closed_ms == 0 && got.reminders == 0);
    assert_string_equal("", got.outcome);
    assert_string_equal("mara", got.owner);
    assert_true(got.number > 0);
    assert_ok(store_duty_close(store, &duty, "done", 2000));
    assert_fails(BASE_E_EXISTS, store_duty_open(store, &duty)); /* in any state */
}

static void it_ends_as_met_or_as_late(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_duty duty = duty_of(here, 1, 0, true), late = duty_of(here, 2, 0, true), got;
    uint8_t overdue[32] = {0xaa};
    assert_fails(BASE_E_NOT_FOUND, store_duty_close(store, &duty, "answered", 2000));
    assert_ok(store_duty_open(store, &duty));
    assert_ok(store_duty_open(store, &late));
    assert_fails(BASE_E_NOT_FOUND, store_duty_amend(store, &duty, "answered")); /* it has not ended */
    assert_ok(store_duty_close(store, &duty, "partly-answered", 2000));
    assert_fails(BASE_E_NOT_FOUND, store_duty_close(store, &duty, "answered", 2001));
    got = read_duty(store, duty);
    assert_true(got.state == STORE_DUTY_MET && got.closed_ms == 2000);
    assert_ok(store_duty_amend(store, &duty, "answered"));
    got = read_duty(store, duty);
    assert_string_equal("answered", got.outcome);
    assert_int_equal(2000, got.closed_ms);
    assert_fails(BASE_E_NOT_FOUND, store_duty_run_out(store, got.number, overdue)); /* too late for that */

    got = read_duty(store, late);
    assert_ok(store_duty_run_out(store, got.number, overdue));
    assert_fails(BASE_E_NOT_FOUND, store_duty_run_out(store, got.number, overdue)); /* once */
    assert_int_equal(STORE_DUTY_OVERDUE, read_duty(store, late).state);
    assert_ok(store_duty_close(store, &late, "declined", 9000));
    assert_int_equal(STORE_DUTY_LATE, read_duty(store, late).state);
    assert_ok(store_duty_amend(store, &late, "answered"));
}

static void a_new_date_opens_it_again(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_duty duty = duty_of(here, 1, 0, true), got;
    assert_fails(BASE_E_NOT_FOUND, store_duty_move(store, &duty, 9000));
    assert_ok(store_duty_open(store, &duty));
    assert_ok(store_duty_run_out(store, read_duty(store, duty).number, NULL));
    assert_ok(store_duty_move(store, &duty, 9000));
    got = read_duty(store, duty);
    assert_true(got.state == STORE_DUTY_OPEN && got.due_ms == 9000 && got.opened_ms == 1000);
    assert_ok(store_duty_close(store, &duty, "renewed", 9500));
    assert_ok(store_duty_move(store, &duty, 10000));
    got = read_duty(store, duty);
    assert_true(got.state == STORE_DUTY_OPEN && got.closed_ms == 0);
    assert_string_equal("", got.outcome);
}

static void it_is_given_to_somebody(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_duty duty = duty_of(here, 1, 0, true);
    assert_fails(BASE_E_NOT_FOUND, store_duty_assign(store, 77, "mara"));
    assert_ok(store_duty_open(store, &duty));
    int64_t number = read_duty(store, duty).number;
    assert_ok(store_duty_assign(store, number, "odo"));
    assert_ok(store_duty_remind(store, number, 5));
    struct store_duty got = read_duty(store, duty);
    assert_string_equal("odo", got.owner);
    assert_int_equal(5, got.reminders);
}

static enum base_code list_duty(void *context, const struct store_duty *duty)
{
    return base_buffer_format(context, "%u:%u%s%d ", duty->compartment[0], duty->about[0], duty->is_own ? "own" : "theirs", (int)duty->state);
}

static void assert_listed(struct base_buffer *list, const char *expected)
{
    assert_string_equal(expected, base_buffer_c_string(list));
    base_buffer_clear(list);
}

static void they_are_listed_by_date_kind_and_compartment(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const uint8_t abouts[] = {4, 2, 3, 1};
    for (unsigned i = 0; i < 4; i++) {
        struct store_duty duty = duty_of(i == 3 ? elsewhere : here, abouts[i], i == 1 ? 8 : 3, i % 2 == 0);
        assert_ok(store_duty_open(store, &duty));
    }
    assert_ok(store_duties_due(store, 5003, 10, list_duty, &list));
    assert_listed(&list, "2:1theirs0 1:2theirs0 1:3own0 "); /* of all compartments, earliest first, also due at this moment */
    assert_ok(store_duties_due(store, 5003, 2, list_duty, &list));
    assert_listed(&list, "2:1theirs0 1:2theirs0 ");
    assert_ok(store_duties_due(store, 5000, 10, list_duty, &list));
    assert_listed(&list, "");
    struct store_duty third = duty_of(here, 3, 3, true), fourth = duty_of(here, 4, 3, true);
    assert_ok(store_duty_run_out(store, read_duty(store, third).number, NULL));
    assert_ok(store_duty_close(store, &fourth, "met", 6000));
    assert_ok(store_duties_each_open(store, here, 3, list_duty, &list)); /* overdue ones are open */
    assert_listed(&list, "1:3own2 ");
    assert_ok(store_duties_each_open(store, here, 8, list_duty, &list));
    assert_listed(&list, "1:2theirs0 ");
    assert_ok(store_duties_due(store, 9000, 10, list_duty, &list)); /* neither overdue nor ended */
    assert_listed(&list, "2:1theirs0 1:2theirs0 ");
    assert_ok(store_duties_each(store, here, list_duty, &list));
    assert_listed(&list, "1:3own2 1:2theirs0 1:4own1 ");
    assert_ok(store_duties_each(store, NULL, list_duty, &list));
    assert_listed(&list, "2:1theirs0 1:3own2 1:2theirs0 1:4own1 ");
    base_buffer_release(&list);
}

/* What is looked at with every tick does not cost more because other duties wait. */
static void many_duties_of_another_kind_cost_nothing(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    assert_ok(store_begin(store));
    for (unsigned i = 0; i < 1000; i++) {
        struct store_duty duty = duty_of(here, (uint8_t)i, 3, true);
        duty.about[1] = (uint8_t)(i >> 8);
        assert_ok(store_duty_open(store, &duty));
    }
    assert_ok(store_commit(store));
    (void)scratch_steps(store);
    assert_ok(store_duties_each_open(store, here, 4, list_duty, &list));
    assert_ok(store_duties_due(store, 4000, 10, list_duty, &list));
    assert_int_equal(0, list.len);
    assert_true(scratch_steps(store) < 200);
}

static void a_row_of_the_wrong_size_is_damage(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_duty duty = duty_of(here, 1, 0, true);
    assert_ok(store_duty_open(store, &duty));
    assert_ok(store_script(store, "UPDATE duties SET about=x'01'"));
    assert_fails(BASE_E_CORRUPT, store_duties_each(store, here, list_duty, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_duty_is_opened_once_for_each_side),
        SCRATCH_TEST(it_ends_as_met_or_as_late),
        SCRATCH_TEST(a_new_date_opens_it_again),
        SCRATCH_TEST(it_is_given_to_somebody),
        SCRATCH_TEST(they_are_listed_by_date_kind_and_compartment),
        SCRATCH_TEST(many_duties_of_another_kind_cost_nothing),
        SCRATCH_TEST(a_row_of_the_wrong_size_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
