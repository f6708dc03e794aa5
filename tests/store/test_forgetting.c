/* SPDX-License-Identifier: Apache-2.0
 *
 * What retention takes from the store is gone: from its tables, its file and its journal.
 */
#include "store/contents.h"
#include "store/events.h"

#include "store/scratch.h"
#include "store/profiles.h"
#include "store/sql.h"

static const uint8_t here[STORE_ID_LEN] = "a compartment..";
static const uint8_t elsewhere[STORE_ID_LEN] = "another one....";

static void add_content(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint8_t hash)
{
    struct store_content content = {.changed_ms = hash, .salt = base_bytes_text("salt"), .content = base_bytes_text("content")};
    memset(content.hash, hash, sizeof content.hash);
    assert_ok(store_content_add(store, compartment, &content));
    assert_fails(BASE_E_EXISTS, store_content_add(store, compartment, &content));
}

static enum base_code list_hash(void *context, const uint8_t hash[32])
{
    return base_buffer_format(context, "%u ", hash[31]);
}

static void assert_held(struct store *store, const uint8_t *after, size_t limit, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, "|"));
    assert_ok(store_contents_held(store, here, after, limit, list_hash, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static enum base_code take_len(void *context, const struct store_content *content)
{
    *(size_t *)context = content->salt.len + content->content.len;
    return BASE_OK;
}

static void what_is_held_is_walked_through_in_pieces(void **state)
{
    struct scratch *scratch = *state;
    uint8_t hash[32];
    size_t len;
    bool is_held;
    for (uint8_t i = 5; i > 0; i--)
        add_content(scratch->store, here, i);
    add_content(scratch->store, elsewhere, 9);
    memset(hash, 4, sizeof hash);
    assert_held(scratch->store, NULL, 10, "|1 2 3 4 5 ");
    assert_held(scratch->store, NULL, 2, "|1 2 ");
    assert_held(scratch->store, hash, 10, "|5 ");
    assert_ok(store_content_is_held(scratch->store, here, hash, &is_held));
    assert_true(is_held);
    assert_ok(store_content_set(scratch->store, here, hash, STORE_CONTENT_RESTRICTED, 7));
    assert_held(scratch->store, NULL, 10, "|1 2 3 4 5 ");
    assert_ok(store_content_set(scratch->store, here, hash, STORE_CONTENT_ERASED, 8));
    assert_held(scratch->store, NULL, 10, "|1 2 3 5 ");
    assert_ok(store_content_is_held(scratch->store, here, hash, &is_held));
    assert_false(is_held);
    assert_ok(store_content_get(scratch->store, here, hash, take_len, &len));
    assert_int_equal(0, len);
    memset(hash, 77, sizeof hash);
    assert_fails(BASE_E_NOT_FOUND, store_content_set(scratch->store, here, hash, STORE_CONTENT_ERASED, 8));
    assert_ok(store_content_is_held(scratch->store, here, hash, &is_held));
    assert_false(is_held);
}

static const char said[] = "Ysolde Marchetti was seen";

static bool has_bytes(const struct scratch *scratch, const char *ending)
{
    struct base_buffer file = BASE_BUFFER_EMPTY;
    char path[80];
    snprintf(path, sizeof path, "%s%s", scratch->path, ending);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_ok(base_buffer_reserve(&file, 1 << 22));
    size_t len = fread(file.data, 1, 1 << 22, stream);
    fclose(stream);
    assert_true(len < 1 << 22);
    bool has = memmem(file.data, len, said, sizeof said - 1) != NULL;
    base_buffer_release(&file);
    return has;
}

/* Nothing of an erased content is left in the file or its journal, wherever SQLite had put it. */
static void an_erased_content_leaves_no_bytes(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer large = BASE_BUFFER_EMPTY;
    struct store_content content = {.salt = base_bytes_text("salt")};
    struct store *reader = NULL;
    bool is_empty = false;
    for (unsigned i = 0; i < 2000; i++)
        assert_ok(base_buffer_text(&large, said));
    content.content = base_bytes_buffer(&large);
    assert_ok(store_content_add(scratch->store, here, &content));
    assert_ok(store_journal_empty(scratch->store, &is_empty));
    assert_true(is_empty && has_bytes(scratch, "") && !has_bytes(scratch, "-wal"));
    assert_ok(store_content_set(scratch->store, here, content.hash, STORE_CONTENT_ERASED, 8));
    memset(content.hash, 1, sizeof content.hash);
    assert_ok(store_content_add(scratch->store, here, &content));
    assert_ok(store_content_set(scratch->store, here, content.hash, STORE_CONTENT_ERASED, 8));
    assert_true(has_bytes(scratch, "-wal"));
    assert_ok(store_open(scratch->path, STORE_READ, &reader));
    assert_ok(store_begin_reading(reader));
    assert_ok(store_content_get(reader, here, content.hash, take_len, &(size_t){0}));
    assert_ok(store_journal_empty(scratch->store, &is_empty));
    assert_false(is_empty);
    store_close(reader);
    assert_ok(store_journal_empty(scratch->store, &is_empty));
    assert_true(is_empty && !has_bytes(scratch, "") && !has_bytes(scratch, "-wal"));
    base_buffer_release(&large);
}

static int64_t add_event(struct store *store, const char *reference, int64_t added_ms)
{
    struct store_event event = {.kind = 1, .happened_ms = 5, .added_ms = added_ms, .place = "Dover", .reference = reference,
                                .content = base_bytes_text("{}")};
    int64_t number = 0;
    assert_ok(store_event_add(store, &event, &number));
    assert_ok(store_profile_put(store, -number, base_bytes_text("a profile")));
    return number;
}

static enum base_code list_event(void *context, const struct store_event *event)
{
    return base_buffer_format(context, "%s ", event->reference);
}

static void assert_events(struct store *store, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, "|"));
    assert_ok(store_events_each(store, 0, 100, list_event, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static uint64_t forget(struct store *store, int64_t added_ms, size_t limit)
{
    uint64_t deleted = 0;
    assert_ok(store_begin(store));
    assert_ok(store_events_forget(store, added_ms, limit, &deleted));
    assert_ok(store_commit(store));
    return deleted;
}

static void the_oldest_go_first_and_their_numbers_do_not_come_back(void **state)
{
    struct scratch *scratch = *state;
    uint64_t profiles;
    add_event(scratch->store, "late", 300);
    add_event(scratch->store, "early", 100);
    int64_t last = add_event(scratch->store, "middle", 200);
    assert_int_equal(0, forget(scratch->store, 99, 10));
    assert_int_equal(1, forget(scratch->store, 300, 1));
    assert_events(scratch->store, "|late middle ");
    assert_ok(store_profiles_count(scratch->store, &profiles));
    assert_int_equal(2, profiles);
    assert_int_equal(2, forget(scratch->store, 300, 10));
    assert_events(scratch->store, "|");
    assert_ok(store_profiles_count(scratch->store, &profiles));
    assert_int_equal(0, profiles);
    assert_true(add_event(scratch->store, "late", 400) > last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(what_is_held_is_walked_through_in_pieces),
        SCRATCH_TEST(the_oldest_go_first_and_their_numbers_do_not_come_back),
        SCRATCH_TEST(an_erased_content_leaves_no_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
