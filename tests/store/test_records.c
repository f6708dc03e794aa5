/* SPDX-License-Identifier: Apache-2.0 */
#include "store/records.h"

#include "store/scratch.h"
#include "store/sql.h"

#include <sqlite3.h>

static const uint8_t file_hash[32] = {7};

struct joined {
    struct store *store;
    int64_t now_ms;
    size_t groups;
};

/* Merges fragments by writing them one behind the other. */
static enum base_code join_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    struct joined *joined = context;
    struct base_buffer whole = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code = base_buffer_append(&whole, contents[i]);
    if (code == BASE_OK)
        code = store_import_put(joined->store, key, base_bytes_buffer(&whole), joined->now_ms);
    joined->groups++;
    base_buffer_release(&whole);
    return code;
}

/* Imports "key content" pairs, all staged in the order given. */
static void import(struct store *store, const char *const *pairs, int64_t now_ms, struct store_import_counts *counts)
{
    struct joined joined = {store, now_ms, 0};
    assert_ok(store_import_begin(store, "list", "csv"));
    for (; *pairs != NULL; pairs += 2)
        assert_ok(store_import_stage(store, base_bytes_text(pairs[0]), base_bytes_text(pairs[1])));
    assert_ok(store_import_groups(store, join_group, &joined));
    assert_ok(store_import_finish(store, "2026-11-24", file_hash, now_ms, counts));
}

static void assert_counts(const struct store_import_counts *counts, uint64_t added, uint64_t changed, uint64_t unchanged,
                          uint64_t withdrawn, uint64_t restored)
{
    assert_int_equal(added, counts->added);
    assert_int_equal(changed, counts->changed);
    assert_int_equal(unchanged, counts->unchanged);
    assert_int_equal(withdrawn, counts->withdrawn);
    assert_int_equal(restored, counts->restored);
}

static enum base_code list_record(void *context, const struct store_record *record)
{
    assert_string_equal("list", record->source);
    return base_buffer_format(context, "%.*s=%.*s%s ", (int)record->key.len, (const char *)record->key.data, (int)record->content.len,
                              (const char *)record->content.data, record->withdrawn_ms != 0 ? "!" : "");
}

static void assert_records(struct store *store, bool with_withdrawn, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(store_records_each(store, "list", with_withdrawn, list_record, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void fragments_that_stand_apart_become_one_record(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    import(scratch->store, (const char *[]){"a", "1", "b", "2", "a", "3", NULL}, 10, &counts);
    assert_counts(&counts, 2, 0, 0, 0, 0);
    assert_records(scratch->store, false, "a=13 b=2 ");
}

static void importing_again_changes_what_changed_and_nothing_else(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    import(scratch->store, (const char *[]){"a", "1", "b", "2", "c", "3", NULL}, 10, &counts);
    import(scratch->store, (const char *[]){"a", "1", "b", "2", "c", "3", NULL}, 20, &counts);
    assert_counts(&counts, 0, 0, 3, 0, 0);
    assert_int_equal(3, counts.current_before);
    import(scratch->store, (const char *[]){"a", "1", "b", "2x", "d", "4", NULL}, 30, &counts);
    assert_counts(&counts, 1, 1, 1, 1, 0);
    assert_records(scratch->store, false, "a=1 b=2x d=4 ");
    assert_records(scratch->store, true, "a=1 b=2x c=3! d=4 ");
    import(scratch->store, (const char *[]){"a", "1", "b", "2x", "c", "3", "d", "4", NULL}, 40, &counts);
    assert_counts(&counts, 0, 0, 3, 0, 1);
    assert_records(scratch->store, true, "a=1 b=2x c=3 d=4 ");
    uint64_t current;
    assert_ok(store_records_count(scratch->store, &current));
    assert_int_equal(4, current);
}

static void an_import_that_is_given_up_leaves_no_trace(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    struct joined joined = {scratch->store, 20, 0};
    uint64_t missing;
    import(scratch->store, (const char *[]){"a", "1", NULL}, 10, &counts);
    assert_ok(store_import_begin(scratch->store, "list", "csv"));
    assert_fails(BASE_E_STATE, store_import_begin(scratch->store, "list", "csv"));
    assert_ok(store_import_stage(scratch->store, base_bytes_text("z"), base_bytes_text("26")));
    assert_ok(store_import_groups(scratch->store, join_group, &joined));
    assert_ok(store_import_missing(scratch->store, &missing));
    assert_int_equal(1, missing);
    store_rollback(scratch->store);
    assert_records(scratch->store, true, "a=1 ");
    assert_fails(BASE_E_STATE, store_import_stage(scratch->store, base_bytes_text("z"), base_bytes_text("26")));
    assert_fails(BASE_E_STATE, store_import_put(scratch->store, base_bytes_text("z"), base_bytes_text("26"), 1));
    assert_fails(BASE_E_STATE, store_import_missing(scratch->store, &missing));
    assert_fails(BASE_E_STATE, store_import_finish(scratch->store, "", file_hash, 1, &counts));
}

/* What a record said before stays, with the time it was replaced: read as the table has it, for no function gives it out yet. */
static void a_changed_record_keeps_what_it_said_before(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    struct store_query query;
    bool has_row;
    import(scratch->store, (const char *[]){"a", "first", NULL}, 10, &counts);
    import(scratch->store, (const char *[]){"a", "second", NULL}, 20, &counts);
    assert_ok(store_query_begin(scratch->store, "SELECT replaced_ms, content FROM former WHERE record=1", NULL, 0, &query));
    assert_ok(store_query_step(&query, &has_row));
    assert_true(has_row);
    assert_int_equal(20, store_column_int(&query, 0));
    assert_bytes("first", store_column_bytes(&query, 1));
    assert_ok(store_query_step(&query, &has_row));
    assert_false(has_row);
    store_query_end(&query);
}

static enum base_code stop_at_once(void *context, const struct store_record *record)
{
    (void)record;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static enum base_code stop_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    (void)context;
    (void)key;
    (void)contents;
    (void)count;
    return base_fail(BASE_E_FORMAT, "a group that does not merge");
}

static void a_visitors_error_ends_the_walk(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    int seen = 0;
    import(scratch->store, (const char *[]){"a", "1", "b", "2", NULL}, 10, &counts);
    assert_fails(BASE_E_CANCELLED, store_records_each(scratch->store, NULL, false, stop_at_once, &seen));
    assert_int_equal(1, seen);
    assert_fails(BASE_E_NOT_FOUND, store_record_get(scratch->store, 999, stop_at_once, &seen));
    assert_fails(BASE_E_CANCELLED, store_record_get(scratch->store, 1, stop_at_once, &seen));
    assert_ok(store_import_begin(scratch->store, "list", "csv"));
    assert_ok(store_import_stage(scratch->store, base_bytes_text("a"), base_bytes_text("1")));
    assert_fails(BASE_E_FORMAT, store_import_groups(scratch->store, stop_group, NULL));
    store_rollback(scratch->store);
}

static void one_key_has_a_limit_of_rows(void **state)
{
    struct scratch *scratch = *state;
    struct joined joined = {scratch->store, 20, 0};
    assert_ok(store_import_begin(scratch->store, "list", "csv"));
    for (int i = 0; i < 4097; i++)
        assert_ok(store_import_stage(scratch->store, base_bytes_text("a"), base_bytes_text("1")));
    assert_fails(BASE_E_LIMIT, store_import_groups(scratch->store, join_group, &joined));
    store_rollback(scratch->store);
}

static enum base_code take_source(void *context, const struct store_source *source)
{
    *(struct store_source *)context = *source;
    return BASE_OK;
}

static void a_source_says_what_it_is(void **state)
{
    struct scratch *scratch = *state;
    struct store_import_counts counts;
    struct store_source source = {0};
    import(scratch->store, (const char *[]){"a", "1", "b", "2", NULL}, 10, &counts);
    import(scratch->store, (const char *[]){"a", "1", NULL}, 20, &counts);
    assert_ok(store_sources_each(scratch->store, take_source, &source));
    assert_string_equal("list", source.label);
    assert_string_equal("csv", source.format);
    assert_string_equal("2026-11-24", source.list_date);
    assert_memory_equal(file_hash, source.file_hash, sizeof file_hash);
    assert_int_equal(20, source.imported_ms);
    assert_int_equal(1, source.current);
    assert_int_equal(1, source.withdrawn);
}

/* The store's memory is its cache, whatever the file. */
static void memory_does_not_grow_with_the_list(void **state)
{
    struct scratch *scratch = *state;
    struct joined joined = {scratch->store, 20, 0};
    struct store_import_counts counts;
    char key[32];
    static const char content[200] = "a content of some length, as a person has";
    assert_ok(store_import_begin(scratch->store, "list", "csv"));
    for (int i = 0; i < 200000; i++) {
        snprintf(key, sizeof key, "k%d", i % 100000);
        assert_ok(store_import_stage(scratch->store, base_bytes_text(key), base_bytes_of(content, sizeof content)));
    }
    assert_ok(store_import_groups(scratch->store, join_group, &joined));
    assert_ok(store_import_finish(scratch->store, "", file_hash, 20, &counts));
    assert_counts(&counts, 100000, 0, 0, 0, 0);
    assert_true(sqlite3_memory_highwater(0) < 48 * 1024 * 1024); /* cache of the store, of the staging, and a sorter */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(fragments_that_stand_apart_become_one_record),
        SCRATCH_TEST(importing_again_changes_what_changed_and_nothing_else),
        SCRATCH_TEST(a_changed_record_keeps_what_it_said_before),
        SCRATCH_TEST(an_import_that_is_given_up_leaves_no_trace),
        SCRATCH_TEST(a_visitors_error_ends_the_walk),
        SCRATCH_TEST(one_key_has_a_limit_of_rows),
        SCRATCH_TEST(a_source_says_what_it_is),
        SCRATCH_TEST(memory_does_not_grow_with_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
