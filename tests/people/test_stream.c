/* SPDX-License-Identifier: Apache-2.0 */
#include "people/stream.h"
#include "support/test.h"

#include <sys/stat.h>
#include <unistd.h>

static void test_memory(void **state)
{
    (void)state;
    struct people_stream stream;
    uint8_t out[8];
    size_t len = 99;
    people_stream_over(&stream, base_bytes_text("orchard"), "a/b/list.csv");
    assert_string_equal("list.csv", stream.file);
    assert_int_equal(7, people_stream_size(&stream));
    assert_int_equal(0, people_stream_position(&stream));
    assert_ok(people_stream_read(&stream, out, 3, &len));
    assert_int_equal(3, len);
    assert_memory_equal("orc", out, 3);
    assert_int_equal(3, people_stream_position(&stream));
    assert_ok(people_stream_read(&stream, out, sizeof out, &len));
    assert_int_equal(4, len);
    assert_memory_equal("hard", out, 4);
    assert_int_equal(7, people_stream_position(&stream));
    for (int i = 0; i < 2; i++) { /* the end stays the end */
        assert_ok(people_stream_read(&stream, out, sizeof out, &len));
        assert_int_equal(0, len);
    }
    assert_int_equal(7, people_stream_position(&stream));
    people_stream_close(&stream);
}

static void test_nothing_in_memory(void **state)
{
    (void)state;
    struct people_stream stream;
    uint8_t out[1];
    size_t len = 99;
    people_stream_over(&stream, base_bytes_of(NULL, 0), "list");
    assert_ok(people_stream_read(&stream, out, sizeof out, &len));
    assert_int_equal(0, len);
    assert_int_equal(0, people_stream_size(&stream));
    people_stream_close(&stream);
    stream = (struct people_stream){0};
    people_stream_close(&stream); /* never opened */
}

static void test_a_long_name_is_clipped(void **state)
{
    (void)state;
    struct people_stream stream;
    char name[300];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    people_stream_over(&stream, base_bytes_text(""), name);
    assert_int_equal(sizeof stream.file - 1, strlen(stream.file));
}

static void test_files(void **state)
{
    (void)state;
    char path[] = "/tmp/entente-stream-XXXXXX";
    struct people_stream stream;
    uint8_t out[16];
    size_t len = 0;
    close(mkstemp(path));
    assert_ok(base_file_write(path, base_bytes_text("fig and plum"), 0600));
    assert_ok(people_stream_open(&stream, path));
    assert_string_equal(path + 5, stream.file);
    assert_int_equal(12, people_stream_size(&stream));
    size_t got = 0;
    do {
        uint64_t before = people_stream_position(&stream);
        assert_ok(people_stream_read(&stream, out + got, 5, &len));
        assert_true(people_stream_position(&stream) >= before);
        got += len;
    } while (len > 0 && got <= 11);
    assert_memory_equal("fig and plum", out, 12);
    assert_ok(people_stream_read(&stream, out, sizeof out, &len));
    assert_int_equal(0, len);
    assert_int_equal(12, people_stream_position(&stream));
    people_stream_close(&stream);
    people_stream_close(&stream); /* again does nothing */
    unlink(path);
    assert_fails(BASE_E_NOT_FOUND, people_stream_open(&stream, path));
    assert_null(stream.source);
    people_stream_close(&stream);
}

/* A gzipped file reads as what is in it, and counts as what lies on disk; cut anywhere, it is truncated. */
static void test_gzip(void **state)
{
    (void)state;
    char path[] = "/tmp/entente-stream-XXXXXX";
    struct base_buffer file = BASE_BUFFER_EMPTY;
    struct people_stream stream;
    static uint8_t out[65536];
    size_t len = 0;
    const char *source = test_source_path("tests/people/fixtures/orchard.csv.gz");
    if (source == NULL)
        test_skip("the source tree is not here");
    assert_ok(base_file_read(source, 65536, &file));
    assert_ok(people_stream_open(&stream, source));
    assert_int_equal(file.len, people_stream_size(&stream));
    assert_ok(people_stream_read(&stream, out, sizeof out, &len));
    assert_memory_equal("Last Updated", out, 12);
    people_stream_close(&stream);
    close(mkstemp(path));
    for (size_t cut = 2; cut < file.len; cut++) {
        assert_ok(base_file_write(path, base_bytes_of(file.data, cut), 0600));
        enum base_code code = people_stream_open(&stream, path);
        if (code == BASE_OK)
            do
                code = people_stream_read(&stream, out, sizeof out, &len);
            while (code == BASE_OK && len > 0);
        assert_fails(BASE_E_TRUNCATED, code);
        people_stream_close(&stream);
    }
    unlink(path);
    base_buffer_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory), cmocka_unit_test(test_nothing_in_memory), cmocka_unit_test(test_a_long_name_is_clipped),
        cmocka_unit_test(test_files),  cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
