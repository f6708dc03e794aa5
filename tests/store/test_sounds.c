/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sounds.h"

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

static enum base_code list_shared(void *context, const struct store_record *record, size_t shared)
{
    return base_buffer_format(context, "%.*s:%zu ", (int)record->key.len, (const char *)record->key.data, shared);
}

static void assert_found(struct store *store, const char *sounds, size_t least, size_t limit, size_t found, const char *expected)
{
    int64_t numbers[16];
    size_t count = 0, got = 99;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    for (; *sounds != 0; sounds++)
        numbers[count++] = *sounds;
    assert_ok(store_sounds_find(store, numbers, count, least, limit, list_shared, &text, &got));
    assert_string_equal(expected, base_buffer_c_string(&text));
    assert_int_equal(found, got);
    base_buffer_release(&text);
}

static void put(struct store *store, int64_t record, const char *sounds)
{
    int64_t numbers[16];
    size_t count = 0;
    for (; *sounds != 0; sounds++)
        numbers[count++] = *sounds;
    assert_ok(store_sounds_put(store, record, numbers, count));
}

static void most_shared_come_first(void **state)
{
    struct scratch *scratch = *state;
    import_three(scratch->store);
    put(scratch->store, 1, "AB");
    put(scratch->store, 2, "BCD");
    put(scratch->store, 3, "ACD");
    assert_found(scratch->store, "BCD", 1, 10, 3, "b:3 c:2 a:1 ");
    assert_found(scratch->store, "AB", 1, 10, 3, "a:2 b:1 c:1 "); /* then by id */
    assert_found(scratch->store, "BCD", 2, 10, 2, "b:3 c:2 ");
    assert_found(scratch->store, "BCD", 1, 2, 3, "b:3 c:2 ");
    assert_found(scratch->store, "BCD", 1, 0, 3, "");
    assert_found(scratch->store, "XYZ", 1, 10, 0, "");
    assert_found(scratch->store, "", 1, 10, 0, "");
    assert_false(store_is_in_transaction(scratch->store));
}

static void sounds_are_replaced(void **state)
{
    struct scratch *scratch = *state;
    uint64_t rows;
    import_three(scratch->store);
    put(scratch->store, 1, "AB");
    put(scratch->store, 1, "BC");
    assert_found(scratch->store, "A", 1, 10, 0, "");
    assert_found(scratch->store, "BC", 1, 10, 1, "a:2 ");
    put(scratch->store, 1, "");
    assert_found(scratch->store, "ABC", 1, 10, 0, "");
    put(scratch->store, 2, "XY");
    assert_ok(store_sounds_count(scratch->store, &rows));
    assert_int_equal(2, rows);
    assert_ok(store_sounds_clear(scratch->store));
    assert_ok(store_sounds_count(scratch->store, &rows));
    assert_int_equal(0, rows);
}

/* A put that fails changes nothing, and one within a transaction goes with it. */
static void a_put_is_whole_or_not_at_all(void **state)
{
    struct scratch *scratch = *state;
    const int64_t twice[] = {'X', 'Y', 'X'};
    import_three(scratch->store);
    put(scratch->store, 1, "AB");
    assert_fails(BASE_E_DATABASE, store_sounds_put(scratch->store, 1, twice, 3));
    assert_false(store_is_in_transaction(scratch->store));
    assert_found(scratch->store, "ABXY", 1, 10, 1, "a:2 ");
    assert_ok(store_begin(scratch->store));
    put(scratch->store, 1, "XY");
    assert_found(scratch->store, "ABXY", 1, 10, 1, "a:2 ");
    assert_true(store_is_in_transaction(scratch->store));
    store_rollback(scratch->store);
    assert_found(scratch->store, "AB", 1, 10, 1, "a:2 ");
}

static void a_batch_is_the_same_as_puts(void **state)
{
    struct scratch *scratch = *state;
    struct store_sounds_batch batch = STORE_SOUNDS_BATCH_EMPTY;
    import_three(scratch->store);
    put(scratch->store, 2, "Z");
    assert_ok(store_sounds_batch_add(&batch, 2, (const int64_t[]){'C', 'A'}, 2));
    assert_ok(store_sounds_batch_add(&batch, 1, (const int64_t[]){'B', 'A', 'C'}, 3));
    assert_ok(store_sounds_batch_write(&batch, scratch->store));
    assert_int_equal(0, batch.count);
    assert_found(scratch->store, "ABC", 1, 10, 2, "a:3 b:2 ");
    assert_found(scratch->store, "Z", 1, 10, 0, "");
    assert_ok(store_sounds_batch_add(&batch, 1, NULL, 0));
    assert_ok(store_sounds_batch_add(&batch, 3, (const int64_t[]){'A', 'A'}, 2));
    assert_fails(BASE_E_DATABASE, store_sounds_batch_write(&batch, scratch->store));
    assert_int_equal(2, batch.record_count); /* kept, and the store is as it was */
    assert_found(scratch->store, "ABC", 1, 10, 2, "a:3 b:2 ");
    store_sounds_batch_release(&batch);
    assert_ok(store_sounds_batch_write(&batch, scratch->store)); /* nothing */
}

static void withdrawn_records_are_not_visited(void **state)
{
    struct scratch *scratch = *state;
    import_three(scratch->store);
    put(scratch->store, 1, "AB");
    put(scratch->store, 2, "A");
    put(scratch->store, 99, "ABC"); /* of a record that is not there */
    import(scratch->store, "list", (const char *[]){"b", "c", NULL}, 20);
    assert_found(scratch->store, "AB", 1, 1, 3, "b:1 ");
}

static enum base_code refuse(void *context, const struct store_record *record, size_t shared)
{
    (void)record;
    (void)shared;
    ++*(int *)context;
    return base_fail(BASE_E_NOT_FOUND, "the visit's own");
}

static void a_visits_error_ends_the_search(void **state)
{
    struct scratch *scratch = *state;
    const int64_t sounds[] = {'A'};
    int visits = 0;
    size_t found;
    import_three(scratch->store);
    put(scratch->store, 1, "A");
    put(scratch->store, 2, "A");
    assert_fails(BASE_E_NOT_FOUND, store_sounds_find(scratch->store, sounds, 1, 1, 10, refuse, &visits, &found));
    assert_int_equal(1, visits);
    assert_false(store_is_in_transaction(scratch->store));
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

/* Neither reading the changes nor asking the index reads the whole table. */
static void the_indexes_are_used(void **state)
{
    struct scratch *scratch = *state;
    static const char *const queries[] = {
        "EXPLAIN QUERY PLAN SELECT id FROM records r WHERE (r.changed_ms, r.id)>(1,2) ORDER BY r.changed_ms, r.id LIMIT 3",
        "EXPLAIN QUERY PLAN SELECT record FROM sounds WHERE sound=1",
        "EXPLAIN QUERY PLAN DELETE FROM sounds WHERE record=1",
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
        SCRATCH_TEST(most_shared_come_first),
        SCRATCH_TEST(sounds_are_replaced),
        SCRATCH_TEST(a_put_is_whole_or_not_at_all),
        SCRATCH_TEST(a_batch_is_the_same_as_puts),
        SCRATCH_TEST(withdrawn_records_are_not_visited),
        SCRATCH_TEST(a_visits_error_ends_the_search),
        SCRATCH_TEST(changes_are_seen_once),
        SCRATCH_TEST(no_change_is_missed_when_the_clock_stands),
        SCRATCH_TEST(the_indexes_are_used),
    };
    return cmocka_run_group_tests_name("store/sounds", tests, NULL, NULL);
}
