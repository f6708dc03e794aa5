/* SPDX-License-Identifier: Apache-2.0 */
#include "store/drafts.h"

#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = {1}, elsewhere[STORE_ID_LEN] = {2};

static int64_t draft(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *author)
{
    struct store_draft row = {.created_ms = 100, .request = base_bytes_text("{\"do\":\"answer\"}")};
    int64_t number;
    memcpy(row.compartment, compartment, STORE_ID_LEN);
    snprintf(row.author, sizeof row.author, "%s", author);
    assert_ok(store_draft_add(store, &row, &number));
    return number;
}

static enum base_code list_draft(void *context, const struct store_draft *row)
{
    return base_buffer_format(context, "%lld:%u %d by %s, %s \"%s\" %d %zu|", (long long)row->number, row->compartment[0], (int)row->state,
                              row->author, row->decider, row->reason, (int)row->decided_ms, row->request.len);
}

static void assert_draft(struct store *store, int64_t number, const char *expected)
{
    struct base_buffer list = BASE_BUFFER_EMPTY;
    assert_ok(store_draft_get(store, number, list_draft, &list));
    assert_string_equal(expected, base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void it_is_decided_once_and_its_request_forgotten(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    int64_t first = draft(store, here, "mara"), second = draft(store, here, "odo");
    assert_draft(store, first, "1:1 0 by mara,  \"\" 0 15|");
    assert_fails(BASE_E_NOT_FOUND, store_draft_decide(store, 77, STORE_DRAFT_RELEASED, "odo", "fits", 200));
    assert_ok(store_draft_decide(store, first, STORE_DRAFT_RELEASED, "odo", "fits", 200));
    assert_draft(store, first, "1:1 1 by mara, odo \"fits\" 200 0|");
    assert_fails(BASE_E_NOT_FOUND, store_draft_decide(store, first, STORE_DRAFT_REFUSED, "odo", "no", 300));
    assert_draft(store, first, "1:1 1 by mara, odo \"fits\" 200 0|");
    assert_ok(store_draft_decide(store, second, STORE_DRAFT_REFUSED, "mara", "too much", 300));
    assert_draft(store, second, "2:1 2 by odo, mara \"too much\" 300 0|");
}

static void they_are_listed_newest_first(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    draft(store, here, "a");
    draft(store, elsewhere, "b");
    draft(store, here, "c");
    assert_ok(store_draft_decide(store, 1, STORE_DRAFT_REFUSED, "d", "", 1));
    assert_fails(BASE_E_NOT_FOUND, store_draft_get(store, 9, list_draft, &list));
    assert_ok(store_drafts_each(store, here, false, list_draft, &list));
    assert_string_equal("3:1 0 by c,  \"\" 0 15|1:1 2 by a, d \"\" 1 0|", base_buffer_c_string(&list));
    base_buffer_clear(&list);
    assert_ok(store_drafts_each(store, NULL, true, list_draft, &list));
    assert_string_equal("3:1 0 by c,  \"\" 0 15|2:2 0 by b,  \"\" 0 15|", base_buffer_c_string(&list));
    base_buffer_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(it_is_decided_once_and_its_request_forgotten),
        SCRATCH_TEST(they_are_listed_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
