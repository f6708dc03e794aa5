/* SPDX-License-Identifier: Apache-2.0 */
#include "store/events.h"

#include "store/scratch.h"

static struct store_event event_of(const char *reference, unsigned kind)
{
    return (struct store_event){.kind = kind, .happened_ms = 500, .added_ms = 600, .place = "Grenzbahnhof", .reference = reference,
                                .content = base_bytes_text("{\"id\":\"p\"}")};
}

static enum base_code list_event(void *context, const struct store_event *event)
{
    return base_buffer_format(context, "%lld:%u %s %s %d %d %zu|", (long long)event->number, event->kind, event->reference, event->place,
                              (int)event->happened_ms, (int)event->added_ms, event->content.len);
}

static void a_reference_stands_once(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_event first = event_of("A-1", 1), again = event_of("A-1", 2), second = event_of("A-2", 2);
    struct base_buffer list = BASE_BUFFER_EMPTY;
    int64_t one, two;
    assert_ok(store_event_add(store, &first, &one));
    assert_fails(BASE_E_EXISTS, store_event_add(store, &again, &two));
    assert_ok(store_event_add(store, &second, &two));
    assert_true(two > one && one > 0);
    assert_fails(BASE_E_NOT_FOUND, store_event_get(store, two + 1, list_event, &list));
    assert_ok(store_event_get(store, one, list_event, &list));
    assert_string_equal("1:1 A-1 Grenzbahnhof 500 600 10|", base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void they_are_walked_from_a_number(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const char *const references[] = {"a", "b", "c", "d"};
    int64_t number;
    for (unsigned i = 0; i < 4; i++) {
        struct store_event event = event_of(references[i], i);
        event.place = "";
        assert_ok(store_event_add(store, &event, &number));
    }
    assert_ok(store_events_each(store, 1, 2, list_event, &list));
    assert_string_equal("2:1 b  500 600 10|3:2 c  500 600 10|", base_buffer_c_string(&list));
    base_buffer_clear(&list);
    assert_ok(store_events_each(store, 4, 2, list_event, &list));
    assert_int_equal(0, list.len);
    base_buffer_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_reference_stands_once),
        SCRATCH_TEST(they_are_walked_from_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
