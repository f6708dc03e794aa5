/* SPDX-License-Identifier: Apache-2.0
 *
 * Hits of two stores joined by reference, and what an import would change.
 */
#include "support/test.h"

#include "cli/hits.h"
#include "cli/preview.h"

#include <sys/stat.h>
#include <unistd.h>

static const uint8_t session[STORE_ID_LEN] = {7}, compartment[STORE_ID_LEN] = {9}, peer[STORE_ID_LEN] = {3};
static char folder[] = "/tmp/test-cli-hits.XXXXXX";

static struct store *new_store(const char *name)
{
    char path[128];
    struct store *store = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
    assert_ok(store_open(path, STORE_CREATE, &store));
    return store;
}

struct input {
    const char *key, *content;
};

static struct store_import_counts import(struct store *store, const struct input *inputs, size_t count, int64_t now_ms)
{
    static const uint8_t hash[32];
    struct store_import_counts counts;
    assert_ok(store_import_begin(store, "own", "ftm"));
    for (size_t i = 0; i < count; i++)
        assert_ok(store_import_put(store, base_bytes_text(inputs[i].key), base_bytes_text(inputs[i].content), now_ms));
    assert_ok(store_import_finish(store, "", hash, now_ms, &counts));
    return counts;
}

static void put_person(struct store *store, const char *key, const char *name)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text(key)));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(name)));
    assert_ok(people_record_encode(&record, &content));
    assert_ok(store_import_put(store, base_bytes_text(key), base_bytes_buffer(&content), 1));
    base_buffer_release(&content);
    people_record_release(&record);
}

static struct store *store_with(const char *file, const char *const *names, size_t count)
{
    static const uint8_t hash[32];
    struct store *store = new_store(file);
    struct store_import_counts counts;
    struct store_peer other = {.name = "other", .card = base_bytes_text("card")};
    struct store_compartment agreed = {.name = "agreed", .terms = base_bytes_text("terms"), .keys = base_bytes_text("keys")};
    struct store_match match = {.opening = base_bytes_text("opening"), .tokens = base_bytes_text("")};
    assert_ok(store_import_begin(store, "own", "ftm"));
    for (size_t i = 0; i < count; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%zu", i);
        put_person(store, key, names[i]);
    }
    assert_ok(store_import_finish(store, "", hash, 1, &counts));
    memcpy(other.fingerprint, peer, sizeof peer);
    memcpy(agreed.id, compartment, sizeof compartment);
    memcpy(agreed.peer, peer, sizeof peer);
    memcpy(match.session, session, sizeof session);
    memcpy(match.compartment, compartment, sizeof compartment);
    assert_ok(store_peer_put(store, &other));
    assert_ok(store_compartment_put(store, &agreed));
    assert_ok(store_match_put(store, &match));
    return store;
}

static void put_hit(struct store *store, int64_t record, const char *grade, uint8_t reference, const char *reason)
{
    struct store_hit hit = {.record = record, .reason = reason, .reference = {reference}};
    memcpy(hit.session, session, sizeof session);
    snprintf(hit.rule, sizeof hit.rule, "rule-%s", grade);
    snprintf(hit.grade, sizeof hit.grade, "%s", grade);
    assert_ok(store_hit_put(store, &hit));
}

static void one_line_a_person_strongest_first(void **state)
{
    (void)state;
    struct store *store = store_with("a.db", (const char *const[]){"Anna Beispielova", "Carl Erfunden"}, 2);
    struct cli_hits hits = CLI_HITS_EMPTY;
    put_hit(store, 1, "possible", 1, "weak");
    put_hit(store, 1, "strong", 2, "better");
    put_hit(store, 2, "exact", 3, "best");
    put_hit(store, 1, "possible", 4, "weak too");
    assert_ok(cli_hits_load(&hits, store, session));
    assert_int_equal(hits.count, 4);
    cli_hits_group(&hits);
    assert_int_equal(hits.count, 2);
    assert_string_equal(hits.items[0].name, "Carl Erfunden");
    assert_string_equal(hits.items[0].reason, "best");
    assert_int_equal(hits.items[0].more, 0);
    assert_string_equal(hits.items[1].grade, "strong");
    assert_string_equal(hits.items[1].reason, "better");
    assert_int_equal(hits.items[1].more, 2);
    cli_hits_release(&hits);
    store_close(store);
}

static void joined_by_reference_only(void **state)
{
    (void)state;
    struct store *own = store_with("b.db", (const char *const[]){"Anna Beispielova", "Carl Erfunden"}, 2);
    struct store *other = store_with("c.db", (const char *const[]){"Anna B.", "Beispielova Anna", "Nobody"}, 3);
    struct cli_hits hits = CLI_HITS_EMPTY;
    put_hit(own, 1, "strong", 1, "anna");
    put_hit(own, 2, "exact", 2, "carl");
    put_hit(other, 1, "strong", 1, "anna");
    put_hit(other, 2, "strong", 1, "anna"); /* two of theirs under one token */
    put_hit(other, 3, "exact", 5, "elsewhere");
    assert_ok(cli_hits_load(&hits, own, session));
    assert_ok(cli_hits_join(&hits, other, session));
    cli_hits_group(&hits);
    assert_int_equal(hits.count, 2);
    assert_int_equal(hits.items[0].record, 1);
    assert_string_equal(hits.items[0].other_name, "Anna B.");
    assert_string_equal(hits.items[1].other_name, "Beispielova Anna");
    cli_hits_release(&hits);
    store_close(own);
    store_close(other);
}

static void no_hits_are_no_trouble(void **state)
{
    (void)state;
    struct store *store = store_with("d.db", NULL, 0);
    struct cli_hits hits = CLI_HITS_EMPTY;
    assert_ok(cli_hits_load(&hits, store, session));
    assert_ok(cli_hits_join(&hits, store, session));
    cli_hits_group(&hits);
    assert_int_equal(hits.count, 0);
    cli_hits_release(&hits);
    store_close(store);
}

static void a_preview_says_what_the_store_then_does(void **state)
{
    (void)state;
    const struct input first[] = {{"a", "1"}, {"b", "2"}, {"c", "3"}}, second[] = {{"a", "1"}, {"b", "changed"}, {"d", "4"}},
                       third[] = {{"c", "3"}, {"d", "4"}};
    const struct {
        const struct input *inputs;
        size_t count;
    } lists[] = {{first, 3}, {second, 3}, {third, 2}, {first, 3}};
    struct store *store = new_store("e.db");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct cli_preview preview = CLI_PREVIEW_EMPTY;
        struct store_import_counts said = {0};
        assert_ok(cli_preview_load(&preview, store, "own"));
        for (size_t j = 0; j < lists[i].count; j++)
            assert_ok(cli_preview_see(&preview, base_bytes_text(lists[i].inputs[j].key),
                                      base_bytes_text(lists[i].inputs[j].content)));
        cli_preview_counts(&preview, &said);
        cli_preview_release(&preview);
        struct store_import_counts done = import(store, lists[i].inputs, lists[i].count, (int64_t)i + 1);
        assert_int_equal(said.added, done.added);
        assert_int_equal(said.changed, done.changed);
        assert_int_equal(said.unchanged, done.unchanged);
        assert_int_equal(said.withdrawn, done.withdrawn);
        assert_int_equal(said.restored, done.restored);
        assert_int_equal(said.current_before, done.current_before);
    }
    store_close(store);
}

static void dates_of_every_precision(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    const struct people_day day = {1986, 10, 21}, month = {1986, 10, 0}, from = {1980, 0, 0}, to = {1982, 0, 0};
    assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    assert_ok(people_record_add_birth(&record, month, month, true, base_bytes_text("")));
    assert_ok(people_record_add_birth(&record, from, to, false, base_bytes_text("")));
    char *text = cli_person_births(&record);
    assert_string_equal(text, "1986-10-21, c. 1986-10, 1980/1982");
    free(text);
    text = cli_person_name(&record);
    assert_string_equal(text, "(no name)");
    free(text);
    people_record_release(&record);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[128];
    for (const char *name = "abcde"; *name != 0; name++)
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "%s/%c.db%s", folder, *name, i == 0 ? "" : i == 1 ? "-wal" : "-shm");
            unlink(path);
        }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_a_person_strongest_first), cmocka_unit_test(joined_by_reference_only),
        cmocka_unit_test(no_hits_are_no_trouble),            cmocka_unit_test(a_preview_says_what_the_store_then_does),
        cmocka_unit_test(dates_of_every_precision),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
