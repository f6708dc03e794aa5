/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "support/test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char folder[64];

static const char *in_folder(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/entente-test-file-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *list = opendir(folder);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        (void)remove(in_folder(entry->d_name));
    closedir(list);
    return rmdir(folder);
}

static int count_files(void)
{
    int count = 0;
    DIR *list = opendir(folder);
    while (readdir(list) != NULL)
        count++;
    closedir(list);
    return count - 2;
}

static void a_file_is_written_and_read(void **state)
{
    (void)state;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    const char *path = in_folder("a");
    assert_fails(BASE_E_NOT_FOUND, base_file_read(path, 100, &content));
    assert_false(base_path_exists(path));
    assert_ok(base_file_write(path, base_bytes_text("first"), 0600));
    assert_true(base_path_exists(path));
    assert_ok(base_file_read(path, 5, &content));
    assert_bytes("first", base_bytes_buffer(&content));
    assert_ok(base_file_read(path, 5, &content)); /* appends */
    assert_bytes("firstfirst", base_bytes_buffer(&content));
    base_buffer_clear(&content);
    assert_ok(base_file_write(path, base_bytes_of(NULL, 0), 0600));
    assert_ok(base_file_read(path, 0, &content));
    assert_int_equal(0, content.len);
    base_buffer_release(&content);
    struct stat status;
    assert_int_equal(0, stat(path, &status));
    assert_int_equal(0600, status.st_mode & 0777);
    assert_int_equal(1, count_files());
}

static void a_file_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    const char *path = in_folder("large");
    char *large = calloc(1, 200000);
    assert_non_null(large);
    assert_ok(base_file_write(path, base_bytes_of(large, 200000), 0600));
    assert_fails(BASE_E_LIMIT, base_file_read(path, 199999, &content));
    base_buffer_clear(&content);
    assert_ok(base_file_read(path, 200000, &content));
    assert_int_equal(200000, content.len);
    assert_fails(BASE_E_LIMIT, base_file_read("/dev/zero", 1000, &content)); /* a file without an end */
    base_buffer_release(&content);
    free(large);
}

static void a_folder_is_not_a_file(void **state)
{
    (void)state;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    struct base_source *source = NULL;
    assert_fails(BASE_E_IO, base_file_read(folder, 100, &content));
    assert_fails(BASE_E_IO, base_source_open(folder, &source));
    assert_fails(BASE_E_IO, base_file_write(folder, base_bytes_text("x"), 0600));
    assert_null(source);
    base_buffer_release(&content);
    char beside[128];
    snprintf(beside, sizeof beside, "%s.new.%ld", folder, (long)getpid());
    assert_false(base_path_exists(beside));
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    const char *path = in_folder("kept");
    char *large = calloc(1, 100000);
    struct base_buffer content = BASE_BUFFER_EMPTY;
    struct rlimit before, small;
    assert_non_null(large);
    assert_ok(base_file_write(path, base_bytes_text("old"), 0600));
    int files = count_files();
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &before));
    small = before;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
    enum base_code code = base_file_write(path, base_bytes_of(large, 100000), 0600);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(BASE_E_DISK_FULL, code);
    assert_int_equal(files, count_files());
    assert_ok(base_file_read(path, 100, &content));
    assert_bytes("old", base_bytes_buffer(&content));
    base_buffer_release(&content);
    free(large);
}

static void a_path_that_cannot_be_is_refused(void **state)
{
    (void)state;
    char endless[5000];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    assert_fails(BASE_E_ARGUMENT, base_file_write(endless, base_bytes_text("x"), 0600));
    assert_fails(BASE_E_ARGUMENT, base_folder_make(endless, 0700));
    assert_fails(BASE_E_ARGUMENT, base_folder_make("", 0700));
    assert_fails(BASE_E_NOT_FOUND, base_file_write(in_folder("gone/a"), base_bytes_text("x"), 0600));
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    assert_ok(base_folder_make(in_folder("p/q/r"), 0700));
    assert_ok(base_folder_make(in_folder("p/q/r/"), 0700));
    assert_ok(base_file_write(in_folder("p/q/r/file"), base_bytes_text("x"), 0600));
    assert_fails(BASE_E_IO, base_folder_make(in_folder("p/q/r/file"), 0700));
    assert_fails(BASE_E_IO, base_folder_make(in_folder("p/q/r/file/s"), 0700));
    assert_int_equal(0, unlink(in_folder("p/q/r/file")));
    assert_int_equal(0, rmdir(in_folder("p/q/r")) | rmdir(in_folder("p/q")) | rmdir(in_folder("p")));
}

static void read_all(const char *path, struct base_buffer *out, enum base_code *code)
{
    struct base_source *source = NULL;
    char piece[1000];
    size_t len = 1;
    assert_ok(base_source_open(path, &source));
    while ((*code = base_source_read(source, piece, sizeof piece, &len)) == BASE_OK && len > 0)
        assert_ok(base_buffer_append(out, base_bytes_of(piece, len)));
    if (*code == BASE_OK)
        assert_int_equal(base_source_size(source), base_source_position(source));
    base_source_close(source);
}

static void write_gzip(const char *path)
{
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++)
        gzprintf(file, "line %d\n", i * 7919);
    assert_int_equal(Z_OK, gzclose(file));
}

static void a_source_is_plain_or_gzip(void **state)
{
    (void)state;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    enum base_code code;
    assert_ok(base_file_write(in_folder("plain"), base_bytes_text("plain text"), 0600));
    read_all(in_folder("plain"), &content, &code);
    assert_int_equal(BASE_OK, code);
    assert_bytes("plain text", base_bytes_buffer(&content));
    base_buffer_clear(&content);
    write_gzip(in_folder("packed.gz"));
    read_all(in_folder("packed.gz"), &content, &code);
    assert_int_equal(BASE_OK, code);
    assert_memory_equal("line 0\nline 7919\n", content.data, 17);
    assert_true(content.len > 200000);
    base_buffer_release(&content);
}

static void a_source_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct base_source *source = NULL;
    assert_fails(BASE_E_NOT_FOUND, base_source_open(in_folder("gone"), &source));
    assert_null(source);
    base_source_close(NULL);
}

static void a_cut_or_damaged_gzip_is_said(void **state)
{
    (void)state;
    struct base_buffer packed = BASE_BUFFER_EMPTY, content = BASE_BUFFER_EMPTY;
    enum base_code code;
    write_gzip(in_folder("packed.gz"));
    assert_ok(base_file_read(in_folder("packed.gz"), 1000000, &packed));
    assert_ok(base_file_write(in_folder("cut.gz"), base_bytes_of(packed.data, packed.len / 2), 0600));
    read_all(in_folder("cut.gz"), &content, &code);
    assert_int_equal(BASE_E_TRUNCATED, code);
    packed.data[packed.len - 6] ^= 1; /* in the checksum (RFC 1952 section 2.3.1) */
    assert_ok(base_file_write(in_folder("damaged.gz"), base_bytes_buffer(&packed), 0600));
    read_all(in_folder("damaged.gz"), &content, &code);
    assert_int_equal(BASE_E_CORRUPT, code);
    base_buffer_release(&packed);
    base_buffer_release(&content);
}

static void a_sink_writes_whole_files(void **state)
{
    (void)state;
    static uint8_t piece[100000];
    struct base_sink *sink = NULL;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    const char *path = in_folder("sunk");
    int before = count_files();
    assert_ok(base_sink_open(path, 0600, &sink));
    for (unsigned i = 0; i < 10; i++) {
        memset(piece, (int)('a' + i), sizeof piece);
        assert_ok(base_sink_write(sink, base_bytes_of(piece, i == 9 ? 1 : sizeof piece)));
    }
    static uint8_t large[600000];
    assert_ok(base_sink_write(sink, base_bytes_of(large, sizeof large)));
    assert_false(base_path_exists(path));
    assert_ok(base_sink_finish(sink));
    assert_ok(base_file_read(path, 1 << 21, &content));
    assert_int_equal(900001 + 600000, content.len);
    for (size_t i = 0; i < 900000; i++)
        assert_int_equal('a' + i / 100000, content.data[i]);
    assert_int_equal('j', content.data[900000]);
    base_buffer_release(&content);
    assert_ok(base_sink_open(path, 0600, &sink));
    assert_ok(base_sink_write(sink, base_bytes_text("other")));
    base_sink_abandon(sink);
    assert_int_equal(before + 1, count_files());
    assert_ok(base_file_read(path, 1 << 21, &content));
    assert_int_equal(900001 + 600000, content.len);
    base_buffer_release(&content);
    base_sink_abandon(NULL);
    assert_fails(BASE_E_NOT_FOUND, base_sink_open(in_folder("no/such"), 0600, &sink));
}

static void a_sink_on_a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    struct rlimit before, small;
    struct base_sink *sink = NULL;
    char *large = calloc(1, 1 << 20);
    assert_non_null(large);
    assert_ok(base_sink_open(in_folder("sunk"), 0600, &sink));
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &before));
    small = before;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
    enum base_code first = base_sink_write(sink, base_bytes_of(large, 1 << 20));
    enum base_code second = base_sink_write(sink, base_bytes_text("more"));
    enum base_code last = base_sink_finish(sink);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(BASE_E_DISK_FULL, first);
    assert_int_equal(BASE_E_DISK_FULL, second);
    assert_int_equal(BASE_E_DISK_FULL, last);
    assert_int_equal(0, count_files());
    free(large);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_is_written_and_read),
        IN_FOLDER(a_file_over_the_limit_is_refused),
        IN_FOLDER(a_folder_is_not_a_file),
        IN_FOLDER(a_full_disk_leaves_the_old_file),
        IN_FOLDER(a_path_that_cannot_be_is_refused),
        IN_FOLDER(folders_are_made_with_their_parents),
        IN_FOLDER(a_source_is_plain_or_gzip),
        IN_FOLDER(a_source_that_is_not_there_is_said),
        IN_FOLDER(a_cut_or_damaged_gzip_is_said),
        IN_FOLDER(a_sink_writes_whole_files),
        IN_FOLDER(a_sink_on_a_full_disk_leaves_nothing),
    };
#undef IN_FOLDER
    return cmocka_run_group_tests(tests, NULL, NULL);
}
