/* SPDX-License-Identifier: Apache-2.0
 *
 * What all importers owe their caller: each refusal's exact code, each bad row's exact line and reason, a sink that is obeyed
 * at once, and progress that only goes forward. Fields and ordinary rows are in each format's own test.
 */
#include "collect.h"

#include <unistd.h>

#define MAPPING "mapping: entente/mapping/v1\nkey: No\nname: Name\n"
#define UK_HEADER "Name 6,Name 1,DOB,Group Type,Alias Type,Group ID\n"
#define UK_HEAD "Last Updated,13/04/2020\n" UK_HEADER
#define UN_HEAD "<CONSOLIDATED_LIST><INDIVIDUALS>\n"
#define UN_TAIL "</INDIVIDUALS></CONSOLIDATED_LIST>\n"
#define FTM_FIG(id) "{\"id\":\"" id "\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Fig\"]}}\n"

static void fails_bytes(enum base_code expected, enum people_format format, const char *text, size_t len)
{
    struct collect collect = {0};
    enum base_code code = collect_bytes(&collect, format, base_bytes_of(text, len), MAPPING);
    if (code != expected)
        fail_msg("%s: %.40s gave %s (%s), expected %s", people_format_word(format), text, base_code_word(code),
                 code == BASE_OK ? "" : base_detail(), base_code_word(expected));
    collect_release(&collect);
}

static void fails_text(enum base_code expected, enum people_format format, const char *text)
{
    fails_bytes(expected, format, text, strlen(text));
}

/* One bad row among good ones: its line and reason, and that the others came through. */
static void has_bad_row(enum people_format format, const char *text, size_t good, uint64_t line, const char *reason)
{
    struct collect collect = {0};
    assert_ok(collect_text(&collect, format, text, MAPPING));
    assert_int_equal(good, collect.count);
    assert_int_equal(1, collect.bad_count);
    assert_int_equal(1, collect.facts.bad_rows);
    assert_int_equal(line, collect.bad_line);
    if (strstr(collect.bad_reason, reason) == NULL)
        fail_msg("the reason is \"%s\", expected \"%s\"", collect.bad_reason, reason);
    assert_string_equal("memory", collect.bad_file);
    collect_release(&collect);
}

static void test_no_person_at_all(void **state)
{
    (void)state;
    static const enum people_format formats[] = {PEOPLE_FORMAT_UN_XML, PEOPLE_FORMAT_UK_CSV, PEOPLE_FORMAT_FTM, PEOPLE_FORMAT_CSV};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        fails_text(BASE_E_TRUNCATED, formats[i], "");
        fails_text(BASE_E_TRUNCATED, formats[i], "\n");
    }
    fails_text(BASE_E_TRUNCATED, PEOPLE_FORMAT_UN_XML, UN_HEAD UN_TAIL);
    fails_text(BASE_E_TRUNCATED, PEOPLE_FORMAT_UK_CSV, UK_HEAD);
    fails_text(BASE_E_TRUNCATED, PEOPLE_FORMAT_CSV, "No,Name\n");
    fails_text(BASE_E_TRUNCATED, PEOPLE_FORMAT_CSV, "No,Name");
    fails_text(BASE_E_TRUNCATED, PEOPLE_FORMAT_FTM, "\n \n\t\n");
}

static void test_zero_bytes(void **state)
{
    (void)state;
    static const char uk[] = UK_HEAD "Fig,T\0m,,Individual,Prime,1\n", csv[] = "No,Name\n1,F\0g\n", quoted[] = "No,Name\n1,\"F\0g\"\n";
    static const char xml[] = UN_HEAD "<INDIVIDUAL>\0</INDIVIDUAL>" UN_TAIL, ftm[] = "{\"id\":\"a\0\"}\n";
    fails_bytes(BASE_E_ENCODING, PEOPLE_FORMAT_UK_CSV, uk, sizeof uk - 1);
    assert_non_null(strstr(base_detail(), "line 3"));
    fails_bytes(BASE_E_ENCODING, PEOPLE_FORMAT_CSV, csv, sizeof csv - 1);
    fails_bytes(BASE_E_ENCODING, PEOPLE_FORMAT_CSV, quoted, sizeof quoted - 1);
    fails_bytes(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, xml, sizeof xml - 1);
    fails_bytes(BASE_E_FORMAT, PEOPLE_FORMAT_FTM, ftm, sizeof ftm - 1);
}

static void test_utf_16(void **state)
{
    (void)state;
    static const char csv[] = "\xff\xfeN\0o\0,\0\n\0", json[] = "\xff\xfe{\0}\0\n\0";
    fails_bytes(BASE_E_ENCODING, PEOPLE_FORMAT_UK_CSV, csv, sizeof csv - 1);
    fails_bytes(BASE_E_ENCODING, PEOPLE_FORMAT_CSV, csv, sizeof csv - 1);
    fails_bytes(BASE_E_FORMAT, PEOPLE_FORMAT_FTM, json, sizeof json - 1);
}

static void loads_two(enum people_format format, const char *text)
{
    struct collect collect = {0};
    assert_ok(collect_text(&collect, format, text, MAPPING));
    assert_int_equal(2, collect.count);
    assert_int_equal(0, collect.bad_count);
    assert_true(has_name(collect_find(&collect, "1"), PEOPLE_NAME_PRIMARY, "Fig"));
    assert_true(has_name(collect_find(&collect, "2"), PEOPLE_NAME_PRIMARY, "Plum"));
    collect_release(&collect);
}

#define FTM_PLUM "{\"id\":\"2\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Plum\"]}}"

static void test_line_ends_and_byte_order_marks(void **state)
{
    (void)state;
    loads_two(PEOPLE_FORMAT_CSV, "No,Name\r\n1,Fig\r\n2,Plum\r\n");
    loads_two(PEOPLE_FORMAT_CSV, "\xef\xbb\xbfNo,Name\n1,Fig\n\n\r\n2,Plum");
    loads_two(PEOPLE_FORMAT_CSV, "\xef\xbb\xbf\"No\",\"Name\"\n1,\"Fig\"\n2,\"Plum\"\r");
    loads_two(PEOPLE_FORMAT_CSV, "Name,More,No\nFig,,1\nPlum,\"\r\n\",2\n"); /* columns in another order */
    loads_two(PEOPLE_FORMAT_UK_CSV, UK_HEAD "Fig,,,Individual,Prime,1\nPlum,,,Individual,Prime,2\n");
    loads_two(PEOPLE_FORMAT_UK_CSV, "\xef\xbb\xbfLast Updated,13/04/2020\r\nGroup ID,DOB,Name 1,Alias Type,Name 6,Group Type\r\n"
                                    "1,,,Prime,Fig,Individual\r\n2,,Plum,Prime,,Individual\r\n");
    loads_two(PEOPLE_FORMAT_FTM, FTM_FIG("1") FTM_PLUM);
    loads_two(PEOPLE_FORMAT_FTM, "  {\"schema\":\"Person\",\"id\":\"1\",\"properties\":{\"name\":[\"Fig\"]}}  \r\n\r\n" FTM_PLUM "\r\n");
    /* a lone CR ends no line: the whole file is its first */
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_CSV, "No,Name\r1,Fig\r");
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UK_CSV, "Last Updated,13/04/2020\rName 6,Name 1\rFig,,\r");
}

static void test_columns_that_are_missing(void **state)
{
    (void)state;
    static const char *const needed[] = {"Name 6", "Name 1", "DOB", "Group Type", "Alias Type", "Group ID"};
    for (size_t skip = 0; skip < 6; skip++) {
        char text[256] = "Last Updated,13/04/2020\n", says[64];
        for (size_t i = 0; i < 6; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s,", i == skip ? "Other" : needed[i]);
        snprintf(text + strlen(text), sizeof text - strlen(text), "\na,b,c,Individual,e,f,\n");
        fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UK_CSV, text);
        snprintf(says, sizeof says, "no column \"%s\"", needed[skip]);
        assert_non_null(strstr(base_detail(), says));
    }
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_CSV, "No,name\n1,Fig\n");
    assert_non_null(strstr(base_detail(), "no column \"Name\""));
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UK_CSV, "Last Updated,April 2020\n" UK_HEADER "Fig,,,Individual,Prime,1\n");
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UK_CSV, "Last Updated\n" UK_HEADER "Fig,,,Individual,Prime,1\n");
}

static void test_bad_rows_of_csv(void **state)
{
    (void)state;
    has_bad_row(PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2\n3,Plum\n", 2, 3, "too few columns");
    has_bad_row(PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2,\"Plum\"x\n3,Plum\n", 2, 3, "text after a closing quote");
    has_bad_row(PEOPLE_FORMAT_CSV, "No,Name\n1,\"Fig\n\"\n ,Plum\n3,Plum\n", 2, 4, "no key");
    has_bad_row(PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2,\" \"\n3,Plum\n", 2, 3, "no name");
    has_bad_row(PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2,Pl\xc3\n3,Plum\n", 2, 3, "not UTF-8");
    has_bad_row(PEOPLE_FORMAT_UK_CSV, UK_HEAD "Fig,,,Individual,Prime,1\nFig,,\nFig,,,Individual,Prime,2\n", 2, 4, "too few columns");
    has_bad_row(PEOPLE_FORMAT_UK_CSV, UK_HEAD "Fig,,,Individual,Prime,1\n,,,Individual,Prime,2\nFig,,,Individual,Prime,3\n", 2, 4, "no name");
}

static void test_bad_lines_of_json(void **state)
{
    (void)state;
    static const char *const no_json[] = {"x", "{", "{\"id\":\"b\",\"id\":\"c\"}", "{\"a\":1} {}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xff\"}",
                                          "{\"a\":\"\\u0000\"}", "{'a':1}", "{\"a\":1,}", "[1,2", "nul"};
    char text[512];
    for (size_t i = 0; i < sizeof no_json / sizeof no_json[0]; i++) {
        snprintf(text, sizeof text, FTM_FIG("1") "\n%s\n" FTM_FIG("2"), no_json[i]);
        has_bad_row(PEOPLE_FORMAT_FTM, text, 2, 3, "not a JSON object");
    }
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "{\"id\":\"b\"}\n" FTM_FIG("2"), 2, 2, "an object without a schema");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "[]\n" FTM_FIG("2"), 2, 2, "an object without a schema");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") FTM_FIG("") FTM_FIG("2"), 2, 2, "no key");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "{\"id\":7,\"schema\":\"Person\",\"properties\":{\"name\":[\"Fig\"]}}\n" FTM_FIG("2"), 2, 2,
                "no key");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "{\"id\":\"b\",\"schema\":\"Person\",\"properties\":{\"name\":\"Fig\"}}\n" FTM_FIG("2"), 2, 2,
                "no name");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "{\"id\":\"b\",\"schema\":\"Person\",\"properties\":{\"name\":[7,{},null]}}\n" FTM_FIG("2"), 2,
                2, "no name");
    has_bad_row(PEOPLE_FORMAT_FTM, FTM_FIG("1") "{\"id\":\"b\",\"schema\":\"Person\",\"properties\":[\"name\"]}\n" FTM_FIG("2"), 2, 2, "no name");
}

/* As deep as a line may be long: refused by depth, not by the end of the stack. */
static void test_deep_json(void **state)
{
    (void)state;
    enum { DEPTH = 1 << 20 };
    static char text[2 * DEPTH + 512];
    struct collect collect = {0};
    size_t at = (size_t)snprintf(text, sizeof text, FTM_FIG("1"));
    memset(text + at, '[', DEPTH);
    memset(text + at + DEPTH, ']', DEPTH);
    snprintf(text + at + 2 * DEPTH, 256, "\n" FTM_FIG("2"));
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_FTM, text, NULL));
    assert_int_equal(2, collect.count);
    assert_int_equal(2, collect.bad_line);
    assert_string_equal("not a JSON object", collect.bad_reason);
    collect_release(&collect);
}

/* `before` + so many letters + `after`, as one file. */
static enum base_code run_with_long_text(struct collect *collect, enum people_format format, const char *before, size_t letters,
                                         const char *after)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, before));
    assert_ok(base_buffer_reserve(&text, letters));
    memset(text.data + text.len, 'x', letters);
    text.len += letters;
    assert_ok(base_buffer_text(&text, after));
    enum base_code code = collect_bytes(collect, format, base_bytes_buffer(&text), MAPPING);
    base_buffer_release(&text);
    return code;
}

static void test_a_name_at_and_over_the_limit(void **state)
{
    (void)state;
    static const struct {
        enum people_format format;
        const char *before, *after;
    } files[] = {
        {PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2,Plum\n3,", "\n"},
        {PEOPLE_FORMAT_UK_CSV, UK_HEAD "Fig,,,Individual,Prime,1\nPlum,,,Individual,Prime,2\n", ",,,Individual,Prime,3\n"},
        {PEOPLE_FORMAT_FTM, FTM_FIG("1") FTM_PLUM "\n\n{\"id\":\"3\",\"schema\":\"Person\",\"properties\":{\"name\":[\"", "\"]}}\n"},
        {PEOPLE_FORMAT_UN_XML, UN_HEAD "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL><INDIVIDUAL><DATAID>2"
                                       "</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL>\n\n<INDIVIDUAL><DATAID>3</DATAID><FIRST_NAME>",
         "</FIRST_NAME></INDIVIDUAL>" UN_TAIL},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        for (size_t over = 0; over <= 1; over++) {
            struct collect collect = {0};
            assert_ok(run_with_long_text(&collect, files[i].format, files[i].before, PEOPLE_TEXT_MAX + over, files[i].after));
            assert_int_equal(over == 1 ? 2 : 3, collect.count);
            assert_int_equal(over, collect.bad_count);
            assert_int_equal(over == 0 ? 0 : files[i].format == PEOPLE_FORMAT_UK_CSV ? 5 : 4, collect.bad_line);
            assert_null(strstr(collect.bad_reason, "xxx")); /* the reason never holds what stood there */
            collect_release(&collect);
        }
    }
}

static void test_a_row_over_the_limit_refuses_the_file(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_fails(BASE_E_LIMIT, run_with_long_text(&collect, PEOPLE_FORMAT_CSV, "No,Name\n1,Fig\n2,\"", 1 << 19, "\"\n"));
    collect_release(&collect);
    assert_fails(BASE_E_LIMIT, run_with_long_text(&collect, PEOPLE_FORMAT_UK_CSV, UK_HEAD, 1 << 19, ",,,Individual,Prime,3\n"));
    collect_release(&collect);
}

static void test_xml_that_attacks(void **state)
{
    (void)state;
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML,
               "<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\"><!ENTITY c \"&b;&b;\">]>" UN_HEAD
               "<INDIVIDUAL><DATAID>&c;</DATAID></INDIVIDUAL>" UN_TAIL);
    assert_non_null(strstr(base_detail(), "document type declaration"));
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, "<!DOCTYPE CONSOLIDATED_LIST>" UN_HEAD UN_TAIL);
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, "<INDIVIDUALS/>");
    assert_non_null(strstr(base_detail(), "root element"));
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, UN_HEAD UN_TAIL "<more/>");
    fails_text(BASE_E_FORMAT, PEOPLE_FORMAT_UN_XML, UN_HEAD "<a b=\"1\" b=\"2\"/>" UN_TAIL);
    assert_non_null(strstr(base_detail(), "line 2"));
    fails_text(BASE_E_ENCODING, PEOPLE_FORMAT_UN_XML, "<?xml version=\"1.0\" encoding=\"windows-9999\"?>" UN_HEAD UN_TAIL);
    fails_text(BASE_E_ENCODING, PEOPLE_FORMAT_UN_XML, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" UN_HEAD UN_TAIL);
}

/* A sink that stops: after it was told so, nothing more may come. */
struct stopper {
    size_t fragments, bad_rows, progress, stop_at;
    uint64_t last_done;
    bool stops_in_progress;
};

static enum base_code stop_fragment(void *context, const struct people_record *fragment)
{
    struct stopper *stopper = context;
    (void)fragment;
    return ++stopper->fragments == stopper->stop_at ? base_fail(BASE_E_CANCELLED, "enough") : BASE_OK;
}

static void stop_bad(void *context, const char *file, uint64_t line, const char *reason)
{
    struct stopper *stopper = context;
    (void)file, (void)line, (void)reason;
    stopper->bad_rows++;
}

static enum base_code stop_progress(void *context, uint64_t done, uint64_t total)
{
    struct stopper *stopper = context;
    assert_true(done >= stopper->last_done);
    assert_true(done <= total);
    stopper->last_done = done;
    stopper->progress++;
    return stopper->stops_in_progress ? base_fail(BASE_E_CANCELLED, "enough") : BASE_OK;
}

static struct people_import_sink stopper_sink(struct stopper *stopper)
{
    return (struct people_import_sink){stopper, stop_fragment, stop_bad, stop_progress};
}

/* `rows` times the row with its number, in a file of the format. */
static void write_rows(const char *path, enum people_format format, unsigned rows)
{
    static const char *const shapes[] = {
        [PEOPLE_FORMAT_UN_XML] = "<INDIVIDUAL><DATAID>%u</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL>\n",
        [PEOPLE_FORMAT_UK_CSV] = "Fig,,,Individual,Prime,%u\n",
        [PEOPLE_FORMAT_FTM] = "{\"id\":\"%u\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Fig\"]}}\n",
        [PEOPLE_FORMAT_CSV] = "%u,Fig\n",
    };
    static const char *const heads[] = {
        [PEOPLE_FORMAT_UN_XML] = UN_HEAD, [PEOPLE_FORMAT_UK_CSV] = UK_HEAD, [PEOPLE_FORMAT_FTM] = "", [PEOPLE_FORMAT_CSV] = "No,Name\n"};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    char row[256];
    assert_ok(base_buffer_text(&text, heads[format]));
    for (unsigned i = 1; i <= rows; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(row, sizeof row, shapes[format], i);
#pragma GCC diagnostic pop
        assert_ok(base_buffer_text(&text, row));
    }
    if (format == PEOPLE_FORMAT_UN_XML)
        assert_ok(base_buffer_text(&text, UN_TAIL));
    assert_ok(base_file_write(path, base_bytes_buffer(&text), 0600));
    base_buffer_release(&text);
}

static void obeys(enum people_format format, const char *path, const char *mapping)
{
    struct people_import_facts facts;
    struct stopper all = {0}, early = {.stop_at = 3}, in_progress = {.stops_in_progress = true};
    struct people_import_sink sink = stopper_sink(&all);
    assert_ok(people_import_run(format, path, mapping, &sink, &facts));
    assert_int_equal(2000, all.fragments);
    assert_int_equal(2000, facts.rows);
    assert_true(all.progress >= 4);
    sink = stopper_sink(&early);
    assert_fails(BASE_E_CANCELLED, people_import_run(format, path, mapping, &sink, &facts));
    assert_int_equal(3, early.fragments);
    assert_int_equal(0, early.progress);
    assert_int_equal(3, facts.rows);
    sink = stopper_sink(&in_progress);
    assert_fails(BASE_E_CANCELLED, people_import_run(format, path, mapping, &sink, &facts));
    assert_int_equal(1, in_progress.progress);
    assert_true(in_progress.fragments < 2000 && in_progress.bad_rows == 0);
    sink = (struct people_import_sink){&all, stop_fragment, NULL, NULL}; /* both may be left out */
    assert_ok(people_import_run(format, path, mapping, &sink, &facts));
}

static void test_the_sink_is_obeyed_and_progress_goes_forward(void **state)
{
    (void)state;
    char path[] = "/tmp/entente-failures-XXXXXX", mapping[] = "/tmp/entente-mapping-XXXXXX";
    close(mkstemp(path));
    close(mkstemp(mapping));
    assert_ok(base_file_write(mapping, base_bytes_text(MAPPING), 0600));
    static const enum people_format formats[] = {PEOPLE_FORMAT_UN_XML, PEOPLE_FORMAT_UK_CSV, PEOPLE_FORMAT_FTM, PEOPLE_FORMAT_CSV};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        write_rows(path, formats[i], 2000);
        obeys(formats[i], path, formats[i] == PEOPLE_FORMAT_CSV ? mapping : NULL);
    }
    unlink(path);
    unlink(mapping);
}

static void add_line(struct base_buffer *out, unsigned number, const char *rest)
{
    assert_ok(base_buffer_format(out, "%u,%s", number, rest));
}

/* The comments are read beside sdn.csv, which must not make the progress jump back. */
static void test_progress_of_the_ofac_set(void **state)
{
    (void)state;
    struct base_buffer sdn = BASE_BUFFER_EMPTY, alt = BASE_BUFFER_EMPTY, comments = BASE_BUFFER_EMPTY;
    for (unsigned i = 1; i <= 1500; i++) {
        add_line(&sdn, i, "\"FIG\",\"individual\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1975\"\r\n");
        add_line(&alt, i, "1,\"aka\",\"PLUM\",-0- \r\n");
        for (unsigned k = 0; k < 1 + i % 3; k++)
            add_line(&comments, i, "\" x\"\r\n");
    }
    struct stopper stopper = {0};
    struct people_import_facts facts = {0};
    struct people_import_sink sink = stopper_sink(&stopper);
    struct people_job job = {.sink = &sink, .facts = &facts, .total_bytes = sdn.len + alt.len + comments.len};
    struct people_ofac_streams in;
    people_stream_over(&in.sdn, base_bytes_buffer(&sdn), "sdn.csv");
    people_stream_over(&in.alt, base_bytes_buffer(&alt), "alt.csv");
    people_stream_over(&in.add, base_bytes_of("", 0), "add.csv");
    people_stream_over(&in.comments, base_bytes_buffer(&comments), "sdn_comments.csv");
    assert_ok(people_import_ofac(&in, &job));
    assert_int_equal(3000, stopper.fragments);
    assert_int_equal(facts.rows / 512, stopper.progress);
    assert_int_equal(0, stopper.bad_rows);
    base_buffer_release(&sdn);
    base_buffer_release(&alt);
    base_buffer_release(&comments);
}

/* The mapping is UTF-8; what it says of columns and values must be found in a list that is not. */
static void test_words_of_the_mapping_in_a_windows_1252_list(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_CSV, "No,Pr\xe9nom,Kind\n1,Fig,\xc9t\xe9\n2,Plum,Hiver\n",
                           "mapping: entente/mapping/v1\nencoding: windows-1252\nonly: Kind = Été\nkey: No\nname: Prénom\n"));
    assert_int_equal(1, collect.count);
    assert_true(has_name(collect_find(&collect, "1"), PEOPLE_NAME_PRIMARY, "Fig"));
    collect_release(&collect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_person_at_all),
        cmocka_unit_test(test_zero_bytes),
        cmocka_unit_test(test_utf_16),
        cmocka_unit_test(test_line_ends_and_byte_order_marks),
        cmocka_unit_test(test_columns_that_are_missing),
        cmocka_unit_test(test_bad_rows_of_csv),
        cmocka_unit_test(test_bad_lines_of_json),
        cmocka_unit_test(test_deep_json),
        cmocka_unit_test(test_a_name_at_and_over_the_limit),
        cmocka_unit_test(test_a_row_over_the_limit_refuses_the_file),
        cmocka_unit_test(test_xml_that_attacks),
        cmocka_unit_test(test_the_sink_is_obeyed_and_progress_goes_forward),
        cmocka_unit_test(test_progress_of_the_ofac_set),
        cmocka_unit_test(test_words_of_the_mapping_in_a_windows_1252_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
