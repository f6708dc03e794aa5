/* SPDX-License-Identifier: Apache-2.0 */
#include "store/contents.h"

#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = {1}, elsewhere[STORE_ID_LEN] = {2};
static const uint8_t salt[32] = "thirty-two bytes of salt";

static struct store_content content_of(uint8_t hash, int64_t changed_ms)
{
    struct store_content content = {.state = STORE_CONTENT_KEPT, .changed_ms = changed_ms, .salt = base_bytes_of(salt, sizeof salt),
                                    .content = base_bytes_text("{\"persons\":[]}")};
    content.hash[0] = hash;
    return content;
}

static enum base_code list_content(void *context, const struct store_content *content)
{
    return base_buffer_format(context, "%u:%d@%d %zu+%zu ", content->hash[0], (int)content->state, (int)content->changed_ms, content->salt.len,
                              content->content.len);
}

static void assert_content(struct store *store, uint8_t hash, const char *expected)
{
    struct base_buffer list = BASE_BUFFER_EMPTY;
    uint8_t key[32] = {hash};
    assert_ok(store_content_get(store, here, key, list_content, &list));
    assert_string_equal(expected, base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void a_statement_has_one_content(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_content content = content_of(7, 100);
    assert_fails(BASE_E_NOT_FOUND, store_content_get(store, here, content.hash, list_content, &list));
    assert_ok(store_content_add(store, here, &content));
    assert_fails(BASE_E_EXISTS, store_content_add(store, here, &content));
    assert_ok(store_content_add(store, elsewhere, &content));
    assert_content(store, 7, "7:0@100 32+14 ");
    assert_int_equal(0, list.len);
}

static enum base_code stop(void *context, const struct store_content *content)
{
    (void)context, (void)content;
    return base_fail(BASE_E_CANCELLED, "stopped");
}

static void restricting_keeps_and_erasing_leaves_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = scratch->store;
    struct store_content content = content_of(7, 100);
    uint8_t nobody[32] = {9};
    int64_t left;
    assert_ok(store_content_add(store, here, &content));
    assert_ok(store_content_add(store, elsewhere, &content));
    assert_fails(BASE_E_NOT_FOUND, store_content_set(store, here, nobody, STORE_CONTENT_ERASED, 200));
    assert_ok(store_content_set(store, here, content.hash, STORE_CONTENT_RESTRICTED, 200));
    assert_content(store, 7, "7:1@200 32+14 ");
    assert_ok(store_content_set(store, here, content.hash, STORE_CONTENT_ERASED, 300));
    assert_content(store, 7, "7:2@300 0+0 ");
    assert_ok(store_number(store, "SELECT SUM(length(salt) + length(content)) FROM contents", NULL, 0, &left));
    assert_int_equal(32 + 14, left); /* that of the other compartment */
    assert_fails(BASE_E_CANCELLED, store_content_get(store, here, content.hash, stop, NULL));
}

static void those_from_before_a_date_are_listed_oldest_first(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    static const int64_t times[] = {300, 100, 200, 100};
    for (uint8_t i = 0; i < 4; i++) {
        struct store_content content = content_of((uint8_t)(i + 1), times[i]);
        assert_ok(store_content_add(store, here, &content));
    }
    struct store_content other = content_of(9, 1);
    assert_ok(store_content_add(store, elsewhere, &other));
    uint8_t erased[32] = {2};
    assert_ok(store_content_set(store, here, erased, STORE_CONTENT_ERASED, 100));
    assert_ok(store_contents_each(store, here, 300, list_content, &list));
    assert_string_equal("4:0@100 32+14 3:0@200 32+14 ", base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void a_row_of_the_wrong_size_is_damage(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_content content = content_of(7, 100);
    assert_ok(store_content_add(store, here, &content));
    assert_ok(store_script(store, "UPDATE contents SET hash=x'0102'"));
    assert_fails(BASE_E_CORRUPT, store_contents_each(store, here, 500, list_content, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_statement_has_one_content),
        SCRATCH_TEST(restricting_keeps_and_erasing_leaves_nothing),
        SCRATCH_TEST(those_from_before_a_date_are_listed_oldest_first),
        SCRATCH_TEST(a_row_of_the_wrong_size_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
