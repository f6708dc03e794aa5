/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "support/test.h"

#include <unistd.h>

static int64_t now_ms = 1000;

struct capture {
    int fds[2];
    struct base_log log;
    char text[8192];
};

static void begin(struct capture *capture, enum base_log_level least)
{
    assert_int_equal(0, pipe(capture->fds));
    capture->log = (struct base_log){capture->fds[1], least, base_clock_manual(&now_ms)};
}

static const char *end(struct capture *capture)
{
    close(capture->fds[1]);
    ssize_t len = read(capture->fds[0], capture->text, sizeof capture->text - 1);
    close(capture->fds[0]);
    capture->text[len < 0 ? 0 : len] = 0;
    return capture->text;
}

static void an_event_is_a_line_of_json(void **state)
{
    (void)state;
    struct capture capture;
    begin(&capture, BASE_LOG_DEBUG);
    base_log_event(&capture.log, BASE_LOG_WARN, "peer-dropped", BASE_LOG_TEXT("reason", "flood"),
                   BASE_LOG_NUMBER("bytes", -12), BASE_LOG_END);
    assert_string_equal("{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"warn\",\"event\":\"peer-dropped\","
                        "\"reason\":\"flood\",\"bytes\":-12}\n",
                        end(&capture));
}

static void a_lower_level_is_dropped(void **state)
{
    (void)state;
    struct capture capture;
    begin(&capture, BASE_LOG_WARN);
    base_log_event(&capture.log, BASE_LOG_INFO, "quiet", BASE_LOG_END);
    base_log_event(&capture.log, BASE_LOG_ERROR, "loud", BASE_LOG_END);
    base_log_event(NULL, BASE_LOG_ERROR, "nowhere", BASE_LOG_END);
    capture.log.fd = -1;
    base_log_event(&capture.log, BASE_LOG_ERROR, "nowhere", BASE_LOG_END);
    assert_string_equal("{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"error\",\"event\":\"loud\"}\n", end(&capture));
}

static void no_text_can_break_out_of_its_line(void **state)
{
    (void)state;
    struct capture capture;
    begin(&capture, BASE_LOG_DEBUG);
    base_log_event(&capture.log, BASE_LOG_INFO, "e", BASE_LOG_TEXT("t", "a\"b\\c\nd\x7f\xc3\xa9"), BASE_LOG_END);
    assert_non_null(strstr(end(&capture), "\"t\":\"a\\\"b\\\\c\\u000ad\\u007f\\u00c3\\u00a9\"}\n"));
}

static void a_long_text_is_cut(void **state)
{
    (void)state;
    struct capture capture;
    char text[400];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    begin(&capture, BASE_LOG_DEBUG);
    base_log_event(&capture.log, BASE_LOG_INFO, "e", BASE_LOG_TEXT("t", text), BASE_LOG_END);
    const char *line = end(&capture);
    assert_int_equal(256, strspn(strstr(line, "\"t\":\"") + 5, "x"));
    assert_non_null(strstr(line, "x\"}\n"));
}

static void a_field_that_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    struct capture capture;
    char text[257];
    memset(text, 1, 256);
    text[256] = 0; /* 1536 characters when escaped: two fit, the third does not */
    begin(&capture, BASE_LOG_DEBUG);
    base_log_event(&capture.log, BASE_LOG_INFO, "e", BASE_LOG_TEXT("a", text), BASE_LOG_TEXT("b", text), BASE_LOG_TEXT("c", text),
                   BASE_LOG_END);
    const char *line = end(&capture);
    assert_non_null(strstr(line, ",\"b\":\"\\u0001"));
    assert_null(strstr(line, "\"c\""));
    assert_non_null(strstr(line, "\\u0001\"}\n"));
    assert_int_equal(strlen(line) - 1, strchr(line, '\n') - line);
}

static void a_log_that_cannot_be_written_stops_nothing(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        test_skip("there is no /dev/full");
    struct base_log log = {fileno(full), BASE_LOG_DEBUG, base_clock_manual(&now_ms)};
    base_log_event(&log, BASE_LOG_ERROR, "e", BASE_LOG_END);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_a_line_of_json),
        cmocka_unit_test(a_lower_level_is_dropped),
        cmocka_unit_test(no_text_can_break_out_of_its_line),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(a_field_that_does_not_fit_is_left_out_whole),
        cmocka_unit_test(a_log_that_cannot_be_written_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
