/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"
#include "support/test.h"

#include <stdatomic.h>

enum { ITEMS = 1000 };

struct work {
    unsigned char done[ITEMS]; /* each item is written by its own range only */
    size_t chunk;
    size_t fail_from;
    atomic_int wrong_ranges;
};

static enum base_code mark(void *context, size_t begin, size_t end)
{
    struct work *work = context;
    if (begin >= end || end - begin > work->chunk)
        atomic_fetch_add(&work->wrong_ranges, 1);
    for (size_t i = begin; i < end; i++)
        work->done[i]++;
    return begin >= work->fail_from ? base_fail(BASE_E_POINT, "from %zu", begin) : BASE_OK;
}

static void check_all_once(unsigned threads, size_t count, size_t chunk)
{
    struct work work = {.chunk = chunk, .fail_from = SIZE_MAX};
    assert_ok(base_parallel_for(threads, count, chunk, mark, &work));
    for (size_t i = 0; i < ITEMS; i++)
        assert_int_equal(i < count, work.done[i]);
    assert_int_equal(0, atomic_load(&work.wrong_ranges));
}

static void every_item_is_done_once(void **state)
{
    (void)state;
    check_all_once(1, ITEMS, 7);
    check_all_once(2, ITEMS, 7);
    check_all_once(8, ITEMS, 1);
    check_all_once(1000, ITEMS, 3);
    check_all_once(4, ITEMS, ITEMS);
    check_all_once(4, 1, 5000);
    check_all_once(0, 10, 2);
}

static void no_items_is_no_work(void **state)
{
    (void)state;
    check_all_once(4, 0, 10);
}

static void a_chunk_of_nothing_is_one(void **state)
{
    (void)state;
    struct work work = {.chunk = 1, .fail_from = SIZE_MAX};
    assert_ok(base_parallel_for(2, 50, 0, mark, &work));
    assert_int_equal(1, work.done[49]);
    assert_int_equal(0, atomic_load(&work.wrong_ranges));
}

static void the_lowest_failure_is_returned(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct work work = {.chunk = 10, .fail_from = 500};
        assert_fails(BASE_E_POINT, base_parallel_for(threads, ITEMS, 10, mark, &work));
        assert_string_equal("from 500", base_detail());
        assert_int_equal(1, work.done[499]);
    }
}

static void a_failure_stops_what_was_not_begun(void **state)
{
    (void)state;
    struct work work = {.chunk = 10, .fail_from = 20};
    assert_fails(BASE_E_POINT, base_parallel_for(1, ITEMS, 10, mark, &work));
    assert_int_equal(1, work.done[29]);
    assert_int_equal(0, work.done[30]);
}

static void there_is_at_least_one_core(void **state)
{
    (void)state;
    assert_true(base_parallel_cores() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once),
        cmocka_unit_test(no_items_is_no_work),
        cmocka_unit_test(a_chunk_of_nothing_is_one),
        cmocka_unit_test(the_lowest_failure_is_returned),
        cmocka_unit_test(a_failure_stops_what_was_not_begun),
        cmocka_unit_test(there_is_at_least_one_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
