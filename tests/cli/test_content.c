/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests as commands put them together from their options: persons, texts, files, words, dates.
 */
#include "support/test.h"

#include "base/file.h"
#include "cli/code.h"
#include "cli/content.h"
#include "people/record.h"

#include <unistd.h>

static const struct cli_option own[] = {
    CLI_PERSON_OPTIONS,           CLI_ATTACH_OPTION,         CLI_HANDLING_OPTIONS,     CLI_REASON_OPTION("why"),
    {"text", 't', "TEXT", "text"}, {"facts", 0, "TEXT", ""}, {"code", 0, "CODE", ""}, {"due", 0, "DATE", ""},
    {"all", 'a', NULL, ""},       {"why", 0, "TEXT", ""},    {0}};
static const struct cli_option common[] = {{"json", 'j', NULL, ""}, {"user-key", 0, "FILE", ""}, {0}};
static const struct cli_option *const tables[] = {own, common, NULL};

static struct cli cli;
static struct cli_request request;

static void given(size_t count, char *const *words)
{
    cli = (struct cli){.is_json = true};
    assert_ok(cli_options_parse(tables, count, words, &cli.parsed));
    cli_request_begin(&request, &cli, "test");
}
#define GIVEN(...) given(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), (char *[]){__VA_ARGS__})

/* What the request is, in the order of its keys, without "do"; and the end of it. */
static void assert_request(const char *expected)
{
    if (request.code != BASE_OK)
        fail_msg("%s: %s", base_code_word(request.code), base_detail());
    json_object_del(request.object, "do");
    char *text = json_dumps(request.object, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, expected);
    free(text);
    json_decref(request.object);
}

static void assert_refused(enum base_code code, const char *part)
{
    json_t *result = NULL;
    assert_fails(code, cli_request_send(&request, &result));
    if (strstr(base_detail(), part) == NULL)
        fail_msg("no '%s' in '%s'", part, base_detail());
    assert_null(result);
}

static char folder[] = "/tmp/entente-content.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"one.json", "two.json", "wrong.json", "large.json", "p.json",    "facts.txt", "empty.txt", "zero.bin",
                                        "large.txt", "report.PDF", "blob",    "all.bin",    "more.bin", "half.bin",  "half2.bin", "mara.key"};
    char path[256];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

/* A file in the test's own folder; four paths are valid at a time. */
static const char *file(const char *name, const void *data, size_t len)
{
    static char path[4][256];
    static unsigned turn;
    char *at = path[turn++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder, name);
    assert_ok(base_file_write(at, base_bytes_of(data, len), 0600));
    return at;
}

static const char *text_file(const char *name, const char *text)
{
    return file(name, text, strlen(text));
}

/* The only person of the request, as the node reads it. */
static void take_person(struct people_record *out)
{
    assert_int_equal(request.code, BASE_OK);
    json_t *persons = json_object_get(request.object, "persons");
    assert_int_equal(json_array_size(persons), 1);
    char *text = json_dumps(json_array_get(persons, 0), JSON_COMPACT | JSON_SORT_KEYS);
    assert_ok(people_record_decode(base_bytes_text(text), out)); /* canonical */
    free(text);
    json_decref(request.object);
}

static void assert_name(const struct people_record *record, const char *text, enum people_name_kind kind)
{
    for (size_t i = 0; i < record->name_count; i++) {
        if (strcmp(record->names[i].text, text) == 0) {
            assert_int_equal(record->names[i].kind, kind);
            return;
        }
    }
    fail_msg("no name %s", text);
}

static void a_person_has_every_spelling_and_every_date(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    GIVEN("--name", "Царнаев Тамерлан", "--name", "Tsarnaev Tamerlan", "-n", "Tsarnayev Tamerlan", "--born", "1987-10-21", "-b", "1988-10-21",
          "--sex", "m", "--nationality", "RU", "--nationality", "KG", "--document", "passport:N123:RU", "--document", "visa:7", "--birth-place",
          "Элиста");
    cli_request_persons(&request);
    take_person(&record);
    assert_int_equal(record.name_count, 3);
    assert_name(&record, "Царнаев Тамерлан", PEOPLE_NAME_ORIGINAL);
    assert_name(&record, "Tsarnaev Tamerlan", PEOPLE_NAME_PRIMARY);
    assert_name(&record, "Tsarnayev Tamerlan", PEOPLE_NAME_ALIAS);
    assert_int_equal(record.birth_count, 2);
    assert_int_equal(record.births[0].from.year, 1987);
    assert_int_equal(record.births[1].from.year, 1988);
    assert_int_equal(record.births[1].from.day, 21);
    assert_int_equal(record.sex, 'm');
    assert_int_equal(record.nationalities.count, 2);
    assert_int_equal(record.document_count, 2);
    assert_string_equal(record.documents[0].number, "N123");
    assert_string_equal(record.documents[0].type, "passport");
    assert_string_equal(record.documents[0].country, "RU");
    assert_null(record.documents[1].country);
    assert_string_equal(record.places[0].text, "Элиста");
    people_record_release(&record);
}

static void names_of_one_script_need_no_original(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    GIVEN("-n", "Выдуманов Боримир", "-n", "Выдуманов Борис");
    cli_request_persons(&request);
    take_person(&record);
    assert_name(&record, "Выдуманов Боримир", PEOPLE_NAME_PRIMARY);
    assert_name(&record, "Выдуманов Борис", PEOPLE_NAME_ALIAS);
    people_record_release(&record);
}

static void a_date_may_be_in_doubt(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct people_day from, to;
        bool is_circa;
    } dates[] = {
        {"1987-10-21", {1987, 10, 21}, {1987, 10, 21}, false}, {"1987-10", {1987, 10, 0}, {1987, 10, 0}, false},
        {"1987", {1987, 0, 0}, {1987, 0, 0}, false},           {"c.1987", {1987, 0, 0}, {1987, 0, 0}, true},
        {"c. 1987", {1987, 0, 0}, {1987, 0, 0}, true},         {"ca.1987-10", {1987, 10, 0}, {1987, 10, 0}, true},
        {"~1987", {1987, 0, 0}, {1987, 0, 0}, true},           {"1985/1988", {1985, 0, 0}, {1988, 0, 0}, false},
        {"1980s", {1980, 0, 0}, {1989, 0, 0}, false},
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        GIVEN("-n", "Emil Nirgends", "-b", (char *)dates[i].text);
        cli_request_persons(&request);
        take_person(&record);
        assert_int_equal(record.birth_count, 1);
        assert_int_equal(record.births[0].from.year, dates[i].from.year);
        assert_int_equal(record.births[0].from.month, dates[i].from.month);
        assert_int_equal(record.births[0].from.day, dates[i].from.day);
        assert_int_equal(record.births[0].to.year, dates[i].to.year);
        assert_int_equal(record.births[0].is_circa, dates[i].is_circa);
        people_record_release(&record);
    }
}

static void what_is_wrong_with_a_person_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value, *said;
    } wrong[] = {
        {"--born", "soon", "'soon' is no date of birth"},      {"--born", "1987-02-30", "there is no such date"},
        {"--born", "1988/1985", "there is no such date"},      {"--born", "c.", "is no date of birth"},
        {"--sex", "x", "a sex is m or f"},                     {"--document", "N123", "a document is TYPE:NUMBER"},
        {"--document", ":N123", "a document is TYPE:NUMBER"},  {"--document", "passport:", "a document is"},
        {"--document", "passport:1:", "a document is"},        {"--document", "a:b:c:d", "a document is"},
        {"--document", "passport::RU", "a document is"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        GIVEN("--name", "Emil Nirgends", (char *)wrong[i].option, (char *)wrong[i].value);
        cli_request_persons(&request);
        assert_refused(BASE_E_ARGUMENT, wrong[i].said);
    }
    GIVEN("--born", "1987");
    cli_request_persons(&request);
    assert_refused(BASE_E_ARGUMENT, "whose --born is it?");
    GIVEN("--name", "\xff\xfe");
    cli_request_persons(&request);
    assert_refused(BASE_E_ENCODING, "");
    GIVEN("--name", "   ", "--sex", "f");
    cli_request_persons(&request);
    assert_refused(BASE_E_ARGUMENT, "whose --sex is it?");
}

static void persons_come_from_files_too(void **state)
{
    (void)state;
    static const char entity[] = "{\n  \"id\": \"x1\", \"schema\": \"Person\",\n  \"properties\": {\"name\": [\"Xaver Anders\"]}\n}\n";
    struct people_record record = PEOPLE_RECORD_EMPTY;
    GIVEN("--person", (char *)text_file("one.json", entity));
    cli_request_persons(&request);
    take_person(&record);
    assert_name(&record, "Xaver Anders", PEOPLE_NAME_PRIMARY);
    people_record_release(&record);
    char array[512];
    snprintf(array, sizeof array, "[%s,%s]", entity, entity);
    GIVEN("-n", "Emil Nirgends", "--person", (char *)text_file("two.json", array), "--person", (char *)text_file("one.json", entity));
    cli_request_persons(&request);
    assert_int_equal(request.code, BASE_OK);
    assert_int_equal(json_array_size(json_object_get(request.object, "persons")), 4);
    json_decref(request.object);
}

static void files_that_hold_no_person_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
        enum base_code code;
    } wrong[] = {
        {"", "not JSON", BASE_E_FORMAT},
        {"{", "not JSON", BASE_E_FORMAT},
        {"{\"a\": 1, \"a\": 2}", "not JSON", BASE_E_FORMAT},
        {"{}", "schema Person", BASE_E_FORMAT},
        {"[1]", "not a JSON object", BASE_E_FORMAT},
        {"[[]]", "schema Person", BASE_E_FORMAT},
        {"\"Person\"", "not JSON", BASE_E_FORMAT}, /* a text is no document */
        {"{\"schema\": \"Vessel\", \"properties\": {\"name\": [\"Boat\"]}}", "schema Person", BASE_E_FORMAT},
        {"{\"schema\": \"Person\", \"properties\": {}}", "without a name", BASE_E_FORMAT},
        {"[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]", "more than 16", BASE_E_LIMIT},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        GIVEN("--person", (char *)text_file("wrong.json", wrong[i].text));
        cli_request_persons(&request);
        assert_refused(wrong[i].code, wrong[i].said);
    }
    GIVEN("--person", "/nonexistent/person.json");
    cli_request_persons(&request);
    assert_refused(BASE_E_NOT_FOUND, "nonexistent");
    char *large = calloc(1, (1 << 20) + 1);
    memset(large, ' ', 1 << 20);
    GIVEN("--person", (char *)file("large.json", large, (1 << 20) + 1));
    free(large);
    cli_request_persons(&request);
    assert_refused(BASE_E_LIMIT, "larger than");
    char *names[36];
    for (size_t i = 0; i < 36; i++)
        names[i] = (char *)(i % 2 == 0 ? "--person" : text_file("p.json", "{\"schema\":\"Person\",\"properties\":{\"name\":[\"A B\"]}}"));
    given(34, names);
    cli_request_persons(&request);
    assert_refused(BASE_E_LIMIT, "more than 16 persons");
}

static void texts_are_given_or_read(void **state)
{
    (void)state;
    GIVEN("--text", "plain", "--facts", (char *)"@/nonexistent");
    cli_request_content_text(&request, "text");
    cli_request_content_text(&request, "reason"); /* not given: not there */
    assert_request("{\"texts\":{\"text\":\"plain\"}}");
    char at[300];
    snprintf(at, sizeof at, "@%s", text_file("facts.txt", "first\r\nsecond \xd0\x96\r\n\r\n"));
    GIVEN("--facts", at, "--text", "b");
    cli_request_content_text(&request, "facts");
    cli_request_content_text(&request, "text");
    assert_request("{\"texts\":{\"facts\":\"first\\nsecond Ж\",\"text\":\"b\"}}");
    GIVEN("--text", "@/nonexistent/file");
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_NOT_FOUND, "nonexistent");
    GIVEN("--text", "");
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_ARGUMENT, "--text is empty");
    snprintf(at, sizeof at, "@%s", text_file("empty.txt", "\n\r\n"));
    GIVEN("--text", at);
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_ARGUMENT, "--text is empty");
    snprintf(at, sizeof at, "@%s", file("zero.bin", "a\0b", 3));
    GIVEN("--text", at);
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_ENCODING, "UTF-8");
    GIVEN("--text", "a\xff");
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_ENCODING, "UTF-8");
    char *large = calloc(1, 16386);
    memset(large, 'a', 16385);
    GIVEN("--text", large);
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_LIMIT, "at most 16384");
    snprintf(at, sizeof at, "@%s", text_file("large.txt", large));
    GIVEN("--text", at);
    cli_request_content_text(&request, "text");
    assert_refused(BASE_E_LIMIT, "larger than");
    free(large);
}

static void attachments_have_a_name_a_type_and_limits(void **state)
{
    (void)state;
    GIVEN("--attach", (char *)file("report.PDF", "a\0b", 3), "--attach", (char *)text_file("blob", "xyz"));
    cli_request_attachments(&request);
    assert_request("{\"attachments\":[{\"data\":\"YQBi\",\"name\":\"report.PDF\",\"type\":\"application/pdf\"},"
                   "{\"data\":\"eHl6\",\"name\":\"blob\",\"type\":\"application/octet-stream\"}]}");
    GIVEN("--attach", "/nonexistent");
    cli_request_attachments(&request);
    assert_refused(BASE_E_NOT_FOUND, "nonexistent");
    GIVEN("--attach", "/tmp/");
    cli_request_attachments(&request);
    assert_refused(BASE_E_ARGUMENT, "no name");
    char *large = calloc(1, 131073), *many[18];
    GIVEN("--attach", (char *)file("all.bin", large, 131072));
    cli_request_attachments(&request);
    assert_int_equal(request.code, BASE_OK);
    json_decref(request.object);
    GIVEN("--attach", (char *)file("more.bin", large, 131073));
    cli_request_attachments(&request);
    assert_refused(BASE_E_LIMIT, "larger than");
    GIVEN("--attach", (char *)file("half.bin", large, 65537), "--attach", (char *)file("half2.bin", large, 65536));
    cli_request_attachments(&request);
    assert_refused(BASE_E_LIMIT, "together");
    free(large);
    for (size_t i = 0; i < 18; i++)
        many[i] = (char *)(i % 2 == 0 ? "--attach" : text_file("blob", "xyz"));
    given(18, many);
    cli_request_attachments(&request);
    assert_refused(BASE_E_LIMIT, "more than 8");
}

static void handling_takes_the_words_there_are(void **state)
{
    (void)state;
    GIVEN("--label", "amber+strict", "--grading", "b2", "--handling", "H1");
    cli_request_handling(&request);
    assert_request("{\"grading\":\"B2\",\"handling\":\"H1\",\"label\":\"TLP:AMBER+STRICT\"}");
    GIVEN("--label", "TLP:RED");
    cli_request_handling(&request);
    assert_request("{\"label\":\"TLP:RED\"}");
    GIVEN("--json");
    cli_request_handling(&request);
    assert_request("{}");
    GIVEN("--label", "TLP");
    cli_request_handling(&request);
    assert_refused(BASE_E_ARGUMENT, "--label is one of TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR; not 'TLP'");
    GIVEN("--grading", "E5");
    cli_request_handling(&request);
    assert_refused(BASE_E_ARGUMENT, "A1, A2");
}

static void codes_are_found_and_listed(void **state)
{
    (void)state;
    enum exchange_code code;
    assert_ok(cli_code_find("RIGHTS_RISK", &code));
    assert_int_equal(code, EXCHANGE_RIGHTS_RISK);
    assert_ok(cli_code_find("neither-confirm-nor-deny", &code));
    assert_int_equal(code, EXCHANGE_NEITHER_CONFIRM_NOR_DENY);
    assert_fails(BASE_E_ARGUMENT, cli_code_find("NOT_HELP", &code));
    assert_string_equal(base_detail(), "there is no reason with the code 'NOT_HELP'; did you mean NOT_HELD?");
    assert_fails(BASE_E_ARGUMENT, cli_code_find("", &code));
    assert_fails(BASE_E_ARGUMENT, cli_code_find("A_CODE_THAT_IS_LONGER_THAN_ANY_CODE_THERE_IS_AND_LONGER", &code));
    char *text = cli_codes_text();
    for (unsigned i = 0; i < exchange_codes.count; i++)
        assert_non_null(strstr(text, exchange_codes.items[i]));
    for (const char *line = text; *line != 0; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\n") <= 80);
        assert_int_equal(line[0], ' ');
    }
    free(text);
    GIVEN("--code", "no-legal-basis");
    cli_request_code(&request);
    assert_request("{\"code\":\"NO_LEGAL_BASIS\"}");
    GIVEN("--all");
    cli_request_code(&request);
    assert_refused(BASE_E_ARGUMENT, "--code is missing");
}

static void the_first_error_stands(void **state)
{
    (void)state;
    GIVEN("--text", "", "--sex", "x", "--label", "none");
    cli_request_number(&request, "hit", 0, "the HIT's number");
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    cli_request_attachments(&request);
    cli_request_handling(&request);
    cli_request_code(&request);
    cli_request_needs(&request, "reason", "why");
    cli_request_date(&request, "due");
    cli_request_needs_content(&request, "none");
    assert_refused(BASE_E_ARGUMENT, "the HIT's number is missing");
}

static void arguments_numbers_flags_and_dates(void **state)
{
    (void)state;
    GIVEN("4f3c2a1b", "12", "--all", "--due", "2027-03-01", "--reason", "a line");
    cli_request_argument(&request, "ask", 0, "the ASK");
    cli_request_number(&request, "hit", 1, "the HIT");
    cli_request_flag(&request, "all");
    cli_request_date(&request, "due");
    cli_request_needs(&request, "reason", "why");
    cli_request_why(&request, "list");
    assert_request("{\"all\":true,\"ask\":\"4f3c2a1b\",\"due\":\"2027-03-01T23:59:59Z\",\"hit\":12,\"reason\":\"a line\",\"why\":\"list\"}");
    GIVEN("twelve");
    cli_request_number(&request, "hit", 0, "the HIT's number");
    assert_refused(BASE_E_ARGUMENT, "'twelve' is not a number: the HIT's number");
}

static void why_is_needed_of_users(void **state)
{
    (void)state;
    unsetenv("ENTENTE_USER_KEY");
    GIVEN("--why", "case 7");
    cli_request_why(&request, "list");
    assert_request("{\"why\":\"case 7\"}");
    GIVEN("--user-key", (char *)text_file("mara.key", "entente-user-x\n"));
    cli_request_why(&request, "list");
    assert_refused(BASE_E_ARGUMENT, "--why is missing");
    GIVEN("--user-key", (char *)text_file("mara.key", "entente-user-x\n"), "--why", "case 8");
    cli_request_why(&request, "list");
    assert_request("{\"why\":\"case 8\"}");
    GIVEN("--user-key", "/nonexistent/key");
    cli_request_why(&request, "list");
    assert_refused(BASE_E_NOT_FOUND, "nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_has_every_spelling_and_every_date),
        cmocka_unit_test(names_of_one_script_need_no_original),
        cmocka_unit_test(a_date_may_be_in_doubt),
        cmocka_unit_test(what_is_wrong_with_a_person_is_said),
        cmocka_unit_test(persons_come_from_files_too),
        cmocka_unit_test(files_that_hold_no_person_are_refused),
        cmocka_unit_test(texts_are_given_or_read),
        cmocka_unit_test(attachments_have_a_name_a_type_and_limits),
        cmocka_unit_test(handling_takes_the_words_there_are),
        cmocka_unit_test(codes_are_found_and_listed),
        cmocka_unit_test(the_first_error_stands),
        cmocka_unit_test(arguments_numbers_flags_and_dates),
        cmocka_unit_test(why_is_needed_of_users),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
