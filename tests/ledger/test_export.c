/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/export.h"

#include "support/test.h"
#include "support/tiles.h"

enum { MOST = 66000, FILES_MAX = 600 };

struct file {
    char path[LEDGER_PATH_MAX];
    size_t len;
    struct crypto_hash hash; /* of the content */
    struct base_buffer content; /* kept for bundles that are small */
};

struct folder {
    struct file files[FILES_MAX];
    size_t count;
    size_t fail_at; /* from 1; 0 for none */
};

static enum base_code write_file(void *context, const char *path, struct base_bytes content)
{
    struct folder *folder = context;
    if (folder->count + 1 == folder->fail_at)
        return base_fail(BASE_E_DISK_FULL, "planned");
    assert_true(folder->count < FILES_MAX);
    struct file *file = &folder->files[folder->count++];
    snprintf(file->path, sizeof file->path, "%s", path);
    file->len = content.len;
    file->content = BASE_BUFFER_EMPTY;
    crypto_sha256(&content, 1, &file->hash);
    return base_buffer_append(&file->content, content);
}

static void release_folder(struct folder *folder)
{
    for (size_t i = 0; i < folder->count; i++)
        base_buffer_release(&folder->files[i].content);
    folder->count = 0;
}

static const struct file *find(const struct folder *folder, const char *path)
{
    for (size_t i = 0; i < folder->count; i++)
        if (strcmp(folder->files[i].path, path) == 0)
            return &folder->files[i];
    fail_msg("no file %s", path);
    return NULL;
}

/* Entries of different lengths, the first of them empty. */
static enum base_code read_entry(void *context, uint64_t index, struct base_buffer *out)
{
    const uint64_t *changed = context; /* an entry that is not what was logged, or NULL */
    if (index == 0)
        return BASE_OK;
    return base_buffer_format(out, "entry %llu%.*s", (unsigned long long)index, (int)(index % 9),
                              changed != NULL && *changed == index ? "xxxxxxxxx" : ".........");
}

static struct test_tiles memory;
static struct ledger_tiles port;
static struct folder folder;
static struct crypto_hash leaves[MOST];

static int make_tree(void **state)
{
    (void)state;
    struct base_buffer entry = BASE_BUFFER_EMPTY;
    uint64_t size = 0;
    port = test_tiles_port(&memory);
    for (uint64_t i = 0; i < MOST; i++) {
        base_buffer_clear(&entry);
        if (read_entry(NULL, i, &entry) != BASE_OK)
            return -1;
        ledger_leaf_hash(base_bytes_buffer(&entry), &leaves[i]);
    }
    base_buffer_release(&entry);
    return ledger_tree_append(&port, &size, leaves, MOST) == BASE_OK ? 0 : -1;
}

static int release_tree(void **state)
{
    (void)state;
    test_tiles_release(&memory);
    return 0;
}

static enum base_code export_size(uint64_t size, uint64_t *changed)
{
    struct ledger_entries entries = {changed, read_entry};
    struct ledger_files files = {&folder, write_file};
    return ledger_export(&port, size, &entries, &files);
}

static void names_files_as_the_specification_does(void **state)
{
    (void)state;
    char path[LEDGER_PATH_MAX];
    static const struct {
        unsigned level;
        uint64_t index;
        unsigned width;
        const char *path;
    } cases[] = {
        {0, 0, 256, "tile/0/000"},
        {0, 0, 1, "tile/0/000.p/1"},
        {0, 999, 255, "tile/0/999.p/255"},
        {1, 1000, 256, "tile/1/x001/000"},
        {0, 1234, 8, "tile/0/x001/234.p/8"},
        {3, 1234067, 256, "tile/3/x001/x234/067"},
        {63, 1234067, 17, "tile/63/x001/x234/067.p/17"},
        {7, UINT64_MAX, 255, "tile/7/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(ledger_tile_path(cases[i].level, cases[i].index, cases[i].width, path));
        assert_string_equal(path, cases[i].path);
    }
    assert_ok(ledger_entries_path(0, 256, path));
    assert_string_equal(path, "tile/entries/000");
    assert_ok(ledger_entries_path(1234067, 12, path));
    assert_string_equal(path, "tile/entries/x001/x234/067.p/12");
    assert_ok(ledger_entries_path(UINT64_MAX, 255, path));
    assert_string_equal(path, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255");
    assert_fails(BASE_E_ARGUMENT, ledger_tile_path(0, 0, 0, path));
    assert_fails(BASE_E_ARGUMENT, ledger_tile_path(0, 0, 257, path));
    assert_fails(BASE_E_ARGUMENT, ledger_tile_path(64, 0, 1, path));
    assert_fails(BASE_E_ARGUMENT, ledger_entries_path(0, 0, path));
}

static void exports_the_files_a_size_calls_for(void **state)
{
    (void)state;
    assert_ok(export_size(0, NULL));
    assert_int_equal(folder.count, 0);

    assert_ok(export_size(1, NULL));
    assert_int_equal(folder.count, 2);
    assert_string_equal(folder.files[0].path, "tile/0/000.p/1");
    assert_string_equal(folder.files[1].path, "tile/entries/000.p/1");
    assert_int_equal(folder.files[1].len, 2); /* an empty entry */
    release_folder(&folder);

    assert_ok(export_size(256, NULL));
    assert_int_equal(folder.count, 3);
    assert_string_equal(folder.files[0].path, "tile/0/000");
    assert_string_equal(folder.files[1].path, "tile/1/000.p/1");
    assert_string_equal(folder.files[2].path, "tile/entries/000");
    release_folder(&folder);
}

static void exports_a_tree_of_three_levels(void **state)
{
    (void)state;
    assert_ok(export_size(MOST, NULL)); /* 257 full tiles, 208 more leaves */
    assert_int_equal(folder.count, 258 + 2 + 1 + 258);
    assert_int_equal(find(&folder, "tile/0/256")->len, 8192);
    assert_int_equal(find(&folder, "tile/0/257.p/208")->len, 208 * 32);
    assert_int_equal(find(&folder, "tile/1/000")->len, 8192);
    assert_int_equal(find(&folder, "tile/1/001.p/1")->len, 32);
    assert_int_equal(find(&folder, "tile/2/000.p/1")->len, 32);
    find(&folder, "tile/entries/257.p/208");
    /* The hash in the topmost tile is the root of the tree of 65536. */
    struct crypto_hash root;
    assert_ok(ledger_tree_root(&port, 65536, &root));
    assert_memory_equal(find(&folder, "tile/2/000.p/1")->content.data, root.bytes, 32);
    release_folder(&folder);
}

static void an_older_size_is_cut_from_the_present_tiles(void **state)
{
    (void)state;
    assert_ok(export_size(300, NULL));
    assert_int_equal(folder.count, 2 + 1 + 2);
    assert_int_equal(find(&folder, "tile/0/001.p/44")->len, 44 * 32);
    assert_memory_equal(find(&folder, "tile/0/001.p/44")->content.data, leaves + 256, 44 * 32);
    release_folder(&folder);
}

static void bundles_hold_the_entries(void **state)
{
    (void)state;
    uint64_t index = 0;
    assert_ok(export_size(700, NULL));
    static const char *const paths[] = {"tile/entries/000", "tile/entries/001", "tile/entries/002.p/188"};
    for (size_t i = 0; i < 3; i++) {
        struct base_cursor in = base_cursor_over(base_bytes_buffer(&find(&folder, paths[i])->content));
        while (in.left > 0) {
            struct base_bytes entry;
            struct crypto_hash hash;
            assert_ok(ledger_bundle_next(&in, &entry));
            ledger_leaf_hash(entry, &hash);
            assert_memory_equal(hash.bytes, leaves[index++].bytes, 32);
        }
    }
    assert_int_equal(index, 700);
    release_folder(&folder);
}

static void an_entry_that_is_not_its_leaf_stops_the_export(void **state)
{
    (void)state;
    uint64_t changed = 313;
    assert_fails(BASE_E_CORRUPT, export_size(700, &changed));
    assert_int_equal(folder.count, 3 + 1 + 1); /* the tiles and the bundle before it */
    release_folder(&folder);
    assert_ok(export_size(313, &changed));
    release_folder(&folder);
}

static void every_failed_write_is_handed_on(void **state)
{
    (void)state;
    for (folder.fail_at = 1; folder.fail_at <= 7; folder.fail_at++) {
        assert_fails(BASE_E_DISK_FULL, export_size(700, NULL));
        assert_int_equal(folder.count, folder.fail_at - 1);
        release_folder(&folder);
    }
    folder.fail_at = 0;
    assert_fails(BASE_E_RANGE, export_size(LEDGER_SIZE_MAX + 1, NULL));
    assert_fails(BASE_E_CORRUPT, export_size(MOST + 1, NULL)); /* tiles of a smaller tree */
    release_folder(&folder);
}

static enum base_code refuse_entry(void *context, uint64_t index, struct base_buffer *out)
{
    (void)context, (void)index, (void)out;
    return base_fail(BASE_E_NOT_FOUND, "planned");
}

static void a_missing_entry_is_handed_on(void **state)
{
    (void)state;
    struct ledger_entries entries = {NULL, refuse_entry};
    struct ledger_files files = {&folder, write_file};
    assert_fails(BASE_E_NOT_FOUND, ledger_export(&port, 5, &entries, &files));
    release_folder(&folder);
}

static void bundles_end_exactly(void **state)
{
    (void)state;
    struct base_buffer bundle = BASE_BUFFER_EMPTY, large = BASE_BUFFER_EMPTY;
    struct base_bytes entry;
    assert_ok(ledger_bundle_put(&bundle, base_bytes_text("one")));
    assert_ok(ledger_bundle_put(&bundle, base_bytes_text("")));
    assert_int_equal(bundle.len, 7);
    assert_memory_equal(bundle.data, "\0\3one\0\0", 7);
    for (size_t len = 0; len < 7; len++) {
        struct base_cursor in = base_cursor_over(base_bytes_of(bundle.data, len));
        enum base_code code = len < 5 ? BASE_OK : ledger_bundle_next(&in, &entry);
        assert_ok(code);
        size_t left = in.left;
        assert_fails(BASE_E_TRUNCATED, ledger_bundle_next(&in, &entry));
        assert_int_equal(in.left, left);
    }
    while (large.len < LEDGER_ENTRY_MAX)
        assert_ok(base_buffer_text(&large, "x"));
    assert_ok(ledger_bundle_put(&bundle, base_bytes_buffer(&large)));
    assert_int_equal(bundle.len, 7 + 2 + LEDGER_ENTRY_MAX);
    assert_ok(base_buffer_text(&large, "x"));
    assert_fails(BASE_E_LIMIT, ledger_bundle_put(&bundle, base_bytes_buffer(&large)));
    assert_int_equal(bundle.len, 7 + 2 + LEDGER_ENTRY_MAX);
    base_buffer_release(&bundle);
    base_buffer_release(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_files_as_the_specification_does),
        cmocka_unit_test(exports_the_files_a_size_calls_for),
        cmocka_unit_test(exports_a_tree_of_three_levels),
        cmocka_unit_test(an_older_size_is_cut_from_the_present_tiles),
        cmocka_unit_test(bundles_hold_the_entries),
        cmocka_unit_test(an_entry_that_is_not_its_leaf_stops_the_export),
        cmocka_unit_test(every_failed_write_is_handed_on),
        cmocka_unit_test(a_missing_entry_is_handed_on),
        cmocka_unit_test(bundles_end_exactly),
    };
    return cmocka_run_group_tests(tests, make_tree, release_tree);
}
