/* SPDX-License-Identifier: Apache-2.0
 *
 * Profiles by number, and the order in which changed records are read to make them.
 */
#include "store/profiles.h"

#include "store/records.h"
#include "store/scratch.h"
#include "store/sql.h"

static const uint8_t file_hash[32] = {7};

static enum base_code put_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    (void)count;
    int64_t now_ms;
    memcpy(&now_ms, contents[0].data, sizeof now_ms);
    return store_import_put(context, key, contents[0], now_ms);
}

/* Imports keys; the content of each is the time, and then what stands behind the "=". */
static void import(struct store *store, const char *label, const char *const *keys, int64_t now_ms)
{
    struct store_import_counts counts;
    assert_ok(store_import_begin(store, label, "csv"));
    for (; *keys != NULL; keys++) {
        struct base_buffer content = BASE_BUFFER_EMPTY;
        size_t len = strcspn(*keys, "=");
        assert_ok(base_buffer_append(&content, base_bytes_of(&now_ms, sizeof now_ms)));
        assert_ok(base_buffer_text(&content, *keys + len));
        assert_ok(store_import_stage(store, base_bytes_of(*keys, len), base_bytes_buffer(&content)));
        base_buffer_release(&content);
    }
    assert_ok(store_import_groups(store, put_group, store));
    assert_ok(store_import_finish(store, "", file_hash, now_ms, &counts));
}

/* Every key of three: ids 1, 2, 3. */
static void import_three(struct store *store)
{
    import(store, "list", (const char *[]){"a", "b", "c", NULL}, 10);
}

static enum base_code list_profile(void *context, int64_t number, struct base_bytes block)
{
    return base_buffer_format(context, "%lld:%.*s ", (long long)number, (int)block.len, (const char *)block.data);
}

static void assert_profiles(struct store *store, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    uint64_t count, words = 0;
    assert_ok(base_buffer_text(&text, "|"));
    assert_ok(store_profiles_each(store, list_profile, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    for (const char *at = expected; *at != 0; at++)
        words += *at == ' ';
    assert_ok(store_profiles_count(store, &count));
    assert_int_equal(words, count);
    base_buffer_release(&text);
}

static void put(struct store *store, int64_t number, const char *block)
{
    assert_ok(store_profile_put(store, number, base_bytes_text(block)));
}

static void they_are_kept_by_number(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    put(store, 7, "seven");
    put(store, -7, "event"); /* under minus its number: never taken for a record */
    put(store, 2, "two");
    assert_profiles(store, "|-7:event 2:two 7:seven ");
    put(store, 7, "again");
    assert_ok(store_profile_get(store, 7, list_profile, &text));
    assert_string_equal("7:again ", base_buffer_c_string(&text));
    assert_fails(BASE_E_NOT_FOUND, store_profile_get(store, 8, list_profile, &text));
    assert_ok(store_profile_remove(store, 2));
    assert_ok(store_profile_remove(store, 2));
    assert_profiles(store, "|-7:event 7:again ");
    assert_ok(store_profiles_clear(store));
    assert_profiles(store, "|");
    base_buffer_release(&text);
}

static void they_go_with_the_transaction(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    uint64_t undone = store_undone(store);
    put(store, 1, "one");
    assert_true(undone == store_undone(store));
    assert_ok(store_begin(store));
    put(store, 1, "other");
    put(store, 2, "two");
    store_rollback(store);
    assert_false(undone == store_undone(store)); /* who kept them in memory looks again */
    assert_profiles(store, "|1:one ");
    undone = store_undone(store);
    assert_ok(store_begin(store));
    assert_ok(store_mark(store));
    put(store, 2, "two");
    assert_ok(store_mark_undo(store));
    assert_false(undone == store_undone(store));
    undone = store_undone(store);
    assert_ok(store_commit(store));
    assert_true(undone == store_undone(store));
    assert_profiles(store, "|1:one ");
}

static enum base_code refuse(void *context, int64_t number, struct base_bytes block)
{
    (void)number;
    (void)block;
    ++*(int *)context;
    return base_fail(BASE_E_NOT_FOUND, "the visit's own");
}

static void a_visits_error_ends_the_walk(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    int visits = 0;
    put(store, 1, "one");
    put(store, 2, "two");
    assert_fails(BASE_E_NOT_FOUND, store_profiles_each(store, refuse, &visits));
    assert_int_equal(1, visits);
    assert_fails(BASE_E_NOT_FOUND, store_profile_get(store, 1, refuse, &visits));
    assert_int_equal(2, visits);
}

struct walk {
    int64_t changed_ms, id;
    struct base_buffer text;
};

static enum base_code list_change(void *context, const struct store_record *record)
{
    struct walk *walk = context;
    assert_true(record->changed_ms > walk->changed_ms || (record->changed_ms == walk->changed_ms && record->id > walk->id));
    walk->changed_ms = record->changed_ms;
    walk->id = record->id;
    return base_buffer_format(&walk->text, "%.*s%s ", (int)record->key.len, (const char *)record->key.data, record->withdrawn_ms != 0 ? "!" : "");
}

/* Goes on from where the last walk ended. */
static void assert_changes(struct store *store, struct walk *walk, size_t limit, const char *expected)
{
    base_buffer_clear(&walk->text);
    assert_ok(store_records_changed_each(store, walk->changed_ms, walk->id, limit, list_change, walk));
    assert_string_equal(expected, base_buffer_c_string(&walk->text));
}

static void changes_are_seen_once(void **state)
{
    struct scratch *scratch = *state;
    struct walk walk = {.changed_ms = INT64_MIN};
    assert_changes(scratch->store, &walk, 10, "");
    import_three(scratch->store);
    assert_changes(scratch->store, &walk, 2, "a b ");
    assert_changes(scratch->store, &walk, 2, "c ");
    assert_changes(scratch->store, &walk, 2, "");
    import(scratch->store, "list", (const char *[]){"a", "c", "d", NULL}, 20); /* the content of all holds the time */
    assert_changes(scratch->store, &walk, 10, "a b! c d ");
    assert_changes(scratch->store, &walk, 10, "");
    base_buffer_release(&walk.text);
}

static enum base_code put_same(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    (void)count;
    return store_import_put(context, key, contents[0], 5);
}

/* An import of the same content under a clock that stands still, or was put back. */
static void import_same(struct store *store, const char *label, const char *const *keys, int64_t now_ms)
{
    struct store_import_counts counts;
    assert_ok(store_import_begin(store, label, "csv"));
    for (; *keys != NULL; keys++)
        assert_ok(store_import_stage(store, base_bytes_text(*keys), base_bytes_text("same")));
    assert_ok(store_import_groups(store, put_same, store));
    assert_ok(store_import_finish(store, "", file_hash, now_ms, &counts));
}

static void no_change_is_missed_when_the_clock_stands(void **state)
{
    struct scratch *scratch = *state;
    struct walk walk = {.changed_ms = INT64_MIN};
    import_same(scratch->store, "list", (const char *[]){"a", "b", NULL}, 5);
    import_same(scratch->store, "other", (const char *[]){"x", NULL}, 5);
    assert_changes(scratch->store, &walk, 10, "a b x ");
    import_same(scratch->store, "list", (const char *[]){"b", NULL}, 1);
    assert_changes(scratch->store, &walk, 10, "a! "); /* withdrawn, and a lower id than the last one seen */
    import_same(scratch->store, "list", (const char *[]){"a", "b", NULL}, 5);
    assert_changes(scratch->store, &walk, 10, "a "); /* restored, without a new content */
    import_same(scratch->store, "list", (const char *[]){"a", "b", NULL}, 5);
    assert_changes(scratch->store, &walk, 10, "");
    base_buffer_release(&walk.text);
}

/* Reading the changes does not read the whole table. */
static void the_indexes_are_used(void **state)
{
    struct scratch *scratch = *state;
    static const char *const queries[] = {
        "EXPLAIN QUERY PLAN SELECT id FROM records r WHERE (r.changed_ms, r.id)>(1,2) ORDER BY r.changed_ms, r.id LIMIT 3",
        "EXPLAIN QUERY PLAN SELECT MAX(changed_ms) FROM records",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct store_query query;
        bool has_row;
        char plan[256];
        assert_ok(store_query_begin(scratch->store, queries[i], NULL, 0, &query));
        assert_ok(store_query_step(&query, &has_row));
        assert_true(has_row);
        store_column_text(&query, 3, plan, sizeof plan);
        if (strncmp(plan, "SEARCH", 6) != 0)
            fail_msg("%s: %s", queries[i], plan);
        store_query_end(&query);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(they_are_kept_by_number),
        SCRATCH_TEST(they_go_with_the_transaction),
        SCRATCH_TEST(a_visits_error_ends_the_walk),
        SCRATCH_TEST(changes_are_seen_once),
        SCRATCH_TEST(no_change_is_missed_when_the_clock_stands),
        SCRATCH_TEST(the_indexes_are_used),
    };
    return cmocka_run_group_tests_name("store/profiles", tests, NULL, NULL);
}
