/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "cli/events.h"

#include <jansson.h>

struct seen {
    json_t *events;
    char bad[4096]; /* "line:reason;" for each bad row */
    enum base_code fail_with;
};

static enum base_code take(void *context, json_t *event)
{
    struct seen *seen = context;
    assert_int_equal(json_array_append_new(seen->events, event), 0);
    return seen->fail_with;
}

static void bad(void *context, const char *file, uint64_t line, const char *reason)
{
    struct seen *seen = context;
    size_t len = strlen(seen->bad);
    assert_string_equal(file, "events.csv");
    snprintf(seen->bad + len, sizeof seen->bad - len, "%llu:%s;", (unsigned long long)line, reason);
}

static enum base_code read_events(const char *text, const char *mapping, const char *kind, struct seen *seen, struct cli_events_counts *counts)
{
    struct people_stream stream;
    struct cli_events_sink sink = {seen, take, bad};
    *seen = (struct seen){.events = json_array(), .fail_with = seen->fail_with};
    people_stream_over(&stream, base_bytes_text(text), "events.csv");
    return cli_events_read(&stream, base_bytes_text(mapping), kind, &sink, counts);
}

static const char *field(const struct seen *seen, size_t index, const char *key)
{
    return json_string_value(json_object_get(json_array_get(seen->events, index), key));
}

static const json_t *name(const struct seen *seen, size_t index, size_t number)
{
    const json_t *person = json_object_get(json_array_get(seen->events, index), "person");
    return json_array_get(json_object_get(json_object_get(person, "entente"), "names"), number);
}

static void rows_become_events(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct cli_events_counts counts;
    assert_ok(read_events("\xef\xbb\xbfKind,time,Place,reference,name,born,sex,nationality,document,remark\r\n"
                          "travel,2012-01-21T18:20:00-05:00,JFK,PNR1,Tsarnaev Tamerlan,1986-10-21,m,RU,passport:N1:RU,ignored\r\n"
                          "CONTACT,2012-01-22 10:00,,,\"Anna Beispielova; Анна Примерова\",\"1980;c.1981\",,\"AT;DE\",,\r\n",
                          "", NULL, &seen, &counts));
    assert_int_equal(counts.rows, 2);
    assert_int_equal(counts.bad_rows, 0);
    assert_string_equal(seen.bad, "");
    assert_string_equal(field(&seen, 0, "kind"), "travel");
    assert_string_equal(field(&seen, 0, "time"), "2012-01-21T23:20:00Z");
    assert_string_equal(field(&seen, 0, "place"), "JFK");
    assert_string_equal(field(&seen, 0, "reference"), "PNR1");
    assert_string_equal(field(&seen, 1, "kind"), "contact");
    assert_string_equal(field(&seen, 1, "time"), "2012-01-22T10:00:00Z");
    assert_string_equal(field(&seen, 1, "place"), "");
    assert_int_equal(strlen(field(&seen, 1, "reference")), 16);
    assert_non_null(name(&seen, 1, 1));
    assert_null(name(&seen, 1, 2));
    assert_int_equal(json_object_size(json_array_get(seen.events, 0)), 5); /* nothing else is sent */
    json_decref(seen.events);
}

static void an_event_without_a_reference_gets_the_same_one_again(void **state)
{
    (void)state;
    struct seen first = {0}, second = {0};
    struct cli_events_counts counts;
    assert_ok(read_events("time,name\n2026-01-01,Emil Nirgends\n2026-01-02,Emil Nirgends\n", "", "travel", &first, &counts));
    assert_ok(read_events("name,time\nEmil Nirgends,2026-01-01 00:00\n", "", "travel", &second, &counts));
    assert_string_equal(field(&first, 0, "reference"), field(&second, 0, "reference"));
    assert_string_not_equal(field(&first, 0, "reference"), field(&first, 1, "reference"));
    json_decref(first.events);
    json_decref(second.events);
}

static void bad_rows_are_told_with_their_line(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct cli_events_counts counts;
    assert_ok(read_events("kind,time,name,born,sex,document\n"
                          "travel,2026-01-01,Good One,,,\n"
                          "flight,2026-01-01,A B,,,\n"
                          "travel,yesterday,A B,,,\n"
                          "travel,+1d,A B,,,\n"
                          "travel,2026-01-01,,,,\n"
                          ",2026-01-01,A B,,,\n"
                          "\"travel\",2026-01-01,\"Two\nLines\",,,\n"
                          "travel,2026-01-01,A B,1980-13,,\n"
                          "travel,,A B,,,\n"
                          "travel,2026-01-01,A B,,x,\n"
                          "travel,2026-01-01,A B,,,N1\n"
                          "travel,2026-01-01,\xff\xfe,,,\n"
                          "travel,2026-01-01,Good 1,,,\ntravel,2026-01-01,Good 2,,,\ntravel,2026-01-01,Good 3,,,\n"
                          "travel,2026-01-01,Good 4,,,\ntravel,2026-01-01,Good 5,,,\ntravel,2026-01-01,Good 6,,,\n"
                          "travel,2026-01-01,Good 7,,,\ntravel,2026-01-01,Good 8,,,\ntravel,2026-01-01,Good 9,,,\n",
                          "", NULL, &seen, &counts));
    assert_int_equal(counts.rows, 21);
    assert_int_equal(counts.bad_rows, 10);
    assert_int_equal(json_array_size(seen.events), 11);
    assert_non_null(strstr(seen.bad, "3:--kind is one of"));
    assert_non_null(strstr(seen.bad, "4:'yesterday' is no time"));
    assert_non_null(strstr(seen.bad, "5:'+1d' is no time"));
    assert_non_null(strstr(seen.bad, "6:no name"));
    assert_non_null(strstr(seen.bad, "7:no kind"));
    assert_non_null(strstr(seen.bad, "10:there is no such date"));
    assert_non_null(strstr(seen.bad, "11:no time"));
    assert_non_null(strstr(seen.bad, "12:a sex is m or f"));
    assert_non_null(strstr(seen.bad, "13:a document is"));
    assert_non_null(strstr(seen.bad, "14:name is not UTF-8"));
    json_decref(seen.events);
}

static void files_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mapping, *said;
        enum base_code code;
    } wrong[] = {
        {"", "", "is empty", BASE_E_TRUNCATED},
        {"kind,time,name\n", "", "has no row", BASE_E_TRUNCATED},
        {"kind,name\ntravel,A B\n", "", "no column for time", BASE_E_FORMAT},
        {"kind,time\ntravel,2026-01-01\n", "", "no column for name", BASE_E_FORMAT},
        {"time,name\n2026-01-01,A B\n", "", "no column for kind; say it with --kind", BASE_E_FORMAT},
        {"kind,time,time,name\ntravel,2026-01-01,2026-01-01,A B\n", "", "two columns for time", BASE_E_FORMAT},
        {"kind,time,name\nx,2026-01-01,A B\ny,2026-01-01,A B\ntravel,2026-01-01,A B\n", "", "more than half", BASE_E_FORMAT},
        {"kind,time,name\ntravel,2026-01-01,\"A B\n", "", "", BASE_E_TRUNCATED},
        {"a\n", "mapping: entente/mapping/v1\n", "line 1: not \"mapping: entente/events/v1\"", BASE_E_VERSION},
        {"a\n", "# nothing\n\n", "not \"mapping: entente/events/v1\"", BASE_E_VERSION},
        {"a\n", "mapping: entente/events/v1\ncolour: red\n", "line 2: no word of a mapping", BASE_E_FORMAT},
        {"a\n", "mapping: entente/events/v1\n# x\ntime\n", "line 3: no colon", BASE_E_FORMAT},
        {"a\n", "mapping: entente/events/v1\ntime:\n", "line 2: nothing behind", BASE_E_FORMAT},
        {"a\n", "mapping: entente/events/v1\nseparator: dot\n", "line 2: a separator is", BASE_E_FORMAT},
        {"a\n", "mapping: entente/events/v1\ntime: \xff\n", "UTF-8", BASE_E_ENCODING},
        {"kind,time,name\ntravel,2026-01-01,A B\n", "mapping: entente/events/v1\ntime: When\nname: Who\nkind: What\n", "no column for time",
         BASE_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct seen seen = {0};
        struct cli_events_counts counts;
        assert_fails(wrong[i].code, read_events(wrong[i].text, wrong[i].mapping, NULL, &seen, &counts));
        if (strstr(base_detail(), wrong[i].said) == NULL)
            fail_msg("%zu: no '%s' in '%s'", i, wrong[i].said, base_detail());
        json_decref(seen.events);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct cli_events_counts counts;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, "kind,time,name\ntravel,2026-01-01,A B\ntravel,2026-01-01,\""));
    for (unsigned i = 0; i < 65; i++)
        assert_ok(base_buffer_format(&text, "Name %u;", i));
    assert_ok(base_buffer_text(&text, "\"\n"));
    assert_ok(read_events(base_buffer_c_string(&text), "", NULL, &seen, &counts));
    assert_int_equal(counts.bad_rows, 1);
    assert_non_null(strstr(seen.bad, "3:more than 64 values"));
    json_decref(seen.events);
    base_buffer_clear(&text);
    assert_ok(base_buffer_text(&text, "mapping: entente/events/v1\n"));
    for (unsigned i = 0; i < 33; i++)
        assert_ok(base_buffer_format(&text, "name: Name %u\n", i));
    assert_fails(BASE_E_LIMIT, read_events("a\n", base_buffer_c_string(&text), NULL, &seen, &counts));
    json_decref(seen.events);
    base_buffer_clear(&text);
    assert_ok(base_buffer_text(&text, "mapping: entente/events/v1\n#"));
    while (text.len <= CLI_EVENTS_MAPPING_MAX)
        assert_ok(base_buffer_text(&text, "0123456789012345678901234567890\n#"));
    assert_fails(BASE_E_LIMIT, read_events("a\n", base_buffer_c_string(&text), NULL, &seen, &counts));
    json_decref(seen.events);
    base_buffer_release(&text);
}

static void a_mapping_names_other_columns(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct cli_events_counts counts;
    assert_ok(read_events("Abflug;Passagier;Geburtstag;Name 2;kind\n2026-01-01;Emil Nirgends;1980;Эмиль Нигде;nonsense\n",
                          "# of an airline\n\nmapping: entente/events/v1\nseparator: semicolon\ntime: Abflug\nname: Passagier\nname: Name 2\n"
                          "born: Geburtstag", "travel", &seen, &counts));
    assert_int_equal(counts.rows, 1);
    assert_string_equal(field(&seen, 0, "kind"), "travel");
    assert_non_null(name(&seen, 0, 1));
    json_decref(seen.events);
}

static void an_error_of_the_sink_ends_the_reading(void **state)
{
    (void)state;
    struct seen seen = {.fail_with = BASE_E_NO_NODE};
    struct cli_events_counts counts;
    enum base_code code = read_events("kind,time,name\ntravel,2026-01-01,A B\ntravel,2026-01-02,A B\n", "", NULL, &seen, &counts);
    assert_int_equal(code, BASE_E_NO_NODE);
    assert_int_equal(json_array_size(seen.events), 1);
    json_decref(seen.events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_events),
        cmocka_unit_test(an_event_without_a_reference_gets_the_same_one_again),
        cmocka_unit_test(bad_rows_are_told_with_their_line),
        cmocka_unit_test(files_that_are_none_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_mapping_names_other_columns),
        cmocka_unit_test(an_error_of_the_sink_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
