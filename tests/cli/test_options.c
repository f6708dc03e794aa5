/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "cli/exits.h"
#include "cli/options.h"

#include <limits.h>

static const struct cli_option own[] = {
    {"source", 's', "LABEL", "the label"}, {"dry-run", 'n', NULL, "change nothing"}, {"mapping", 'm', "FILE", "columns"},
    {"name", 0, "NAME...", "one of several"}, {0}};
static const struct cli_option common[] = {{"json", 'j', NULL, "JSON"}, {"home", 0, "DIR", "the folder"}, {0}};
static const struct cli_option *const tables[] = {own, common, NULL};

#define PARSE(...)                                                                                                               \
    cli_options_parse(tables, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), (char *[]){__VA_ARGS__}, &parsed)

static void assert_option(const struct cli_parsed *parsed, size_t index, const char *name, const char *value)
{
    assert_true(index < parsed->option_count);
    assert_string_equal(parsed->options[index].option->name, name);
    if (value == NULL)
        assert_null(parsed->options[index].value);
    else
        assert_string_equal(parsed->options[index].value, value);
}

static void every_way_of_writing_a_value(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_ok(PARSE("--source", "un", "--mapping=a=b", "-n", "file"));
    assert_int_equal(parsed.option_count, 3);
    assert_option(&parsed, 0, "source", "un");
    assert_option(&parsed, 1, "mapping", "a=b");
    assert_option(&parsed, 2, "dry-run", NULL);
    assert_int_equal(parsed.argument_count, 1);
    assert_string_equal(parsed.arguments[0], "file");
    assert_ok(PARSE("-s", "un"));
    assert_option(&parsed, 0, "source", "un");
    assert_ok(PARSE("-sun"));
    assert_option(&parsed, 0, "source", "un");
    assert_ok(PARSE("--source="));
    assert_option(&parsed, 0, "source", "");
}

static void letters_in_one_go(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_ok(PARSE("-jns", "un"));
    assert_int_equal(parsed.option_count, 3);
    assert_option(&parsed, 0, "json", NULL);
    assert_option(&parsed, 1, "dry-run", NULL);
    assert_option(&parsed, 2, "source", "un");
}

static void arguments_between_and_after(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_ok(PARSE("a", "--json", "b", "-", "--", "--source", "-x"));
    assert_int_equal(parsed.option_count, 1);
    assert_int_equal(parsed.argument_count, 5);
    assert_string_equal(parsed.arguments[2], "-");
    assert_string_equal(parsed.arguments[3], "--source");
    assert_string_equal(parsed.arguments[4], "-x");
}

static void a_value_may_begin_with_a_dash(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_ok(PARSE("--source", "--json"));
    assert_int_equal(parsed.option_count, 1);
    assert_option(&parsed, 0, "source", "--json");
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_fails(BASE_E_ARGUMENT, PARSE("--sorce", "un"));
    assert_string_equal(base_detail(), "there is no option --sorce; did you mean --source?");
    assert_fails(BASE_E_ARGUMENT, PARSE("--sou=un"));
    assert_string_equal(base_detail(), "there is no option --sou; did you mean --source?");
    assert_fails(BASE_E_ARGUMENT, PARSE("--colour"));
    assert_string_equal(base_detail(), "there is no option --colour");
    assert_fails(BASE_E_ARGUMENT, PARSE("-x"));
    assert_string_equal(base_detail(), "there is no option -x");
    assert_fails(BASE_E_ARGUMENT, PARSE("--source"));
    assert_string_equal(base_detail(), "--source needs a value: --source LABEL");
    assert_fails(BASE_E_ARGUMENT, PARSE("-js"));
    assert_fails(BASE_E_ARGUMENT, PARSE("--json=yes"));
    assert_string_equal(base_detail(), "--json takes no value");
    assert_fails(BASE_E_ARGUMENT, PARSE("--json", "-j"));
    assert_string_equal(base_detail(), "--json is given twice");
}

static void what_may_be_repeated_is_kept_in_order(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    assert_ok(PARSE("--name", "a", "-n", "--name=b", "--name", "a"));
    assert_int_equal(parsed.option_count, 4);
    assert_option(&parsed, 0, "name", "a");
    assert_option(&parsed, 2, "name", "b");
    assert_option(&parsed, 3, "name", "a");
    assert_fails(BASE_E_ARGUMENT, PARSE("--name", "a", "--source", "x", "--source", "x"));
    assert_string_equal(base_detail(), "--source is given twice");
    assert_fails(BASE_E_ARGUMENT, PARSE("--name"));
    assert_string_equal(base_detail(), "--name needs a value: --name NAME");
    assert_true(cli_option_is_repeatable(&(struct cli_option){"a", 0, "X...", ""}));
    assert_false(cli_option_is_repeatable(&(struct cli_option){"a", 0, "X", ""}));
    assert_false(cli_option_is_repeatable(&(struct cli_option){"a", 0, "..", ""}));
    assert_false(cli_option_is_repeatable(&(struct cli_option){"a", 0, NULL, ""}));
}

static void options_are_not_without_end(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    char *many[2 * CLI_OPTIONS_MAX + 2];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = (char *)(i % 2 == 0 ? "--name" : "x");
    assert_ok(cli_options_parse(tables, 2 * CLI_OPTIONS_MAX, many, &parsed));
    assert_int_equal(parsed.option_count, CLI_OPTIONS_MAX);
    assert_fails(BASE_E_LIMIT, cli_options_parse(tables, 2 * CLI_OPTIONS_MAX + 2, many, &parsed));
}

static void an_endless_option_is_no_danger(void **state)
{
    (void)state;
    struct cli_parsed parsed;
    char word[5000];
    memset(word, '-', 2);
    memset(word + 2, 'a', sizeof word - 3);
    word[sizeof word - 1] = 0;
    assert_fails(BASE_E_ARGUMENT, PARSE(word));
    char *many[CLI_ARGUMENTS_MAX + 1];
    for (size_t i = 0; i <= CLI_ARGUMENTS_MAX; i++)
        many[i] = (char *)"x";
    assert_ok(cli_options_parse(tables, CLI_ARGUMENTS_MAX, many, &parsed));
    assert_fails(BASE_E_LIMIT, cli_options_parse(tables, CLI_ARGUMENTS_MAX + 1, many, &parsed));
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(cli_distance("", ""), 0);
    assert_int_equal(cli_distance("import", "import"), 0);
    assert_int_equal(cli_distance("improt", "import"), 1);
    assert_int_equal(cli_distance("imprt", "import"), 1);
    assert_int_equal(cli_distance("immport", "import"), 1);
    assert_int_equal(cli_distance("inport", "import"), 1);
    assert_int_equal(cli_distance("abc", ""), 3);
    assert_true(cli_distance("a word that is much longer than any of ours", "a") > 2);
}

static void the_nearest_wins_and_far_is_nothing(void **state)
{
    (void)state;
    unsigned best = UINT_MAX;
    assert_true(cli_is_nearer("mathc", "match", &best));
    assert_int_equal(best, 1);
    assert_false(cli_is_nearer("mathc", "matches", &best));
    best = UINT_MAX;
    assert_true(cli_is_nearer("comp", "compartment", &best));
    best = UINT_MAX;
    assert_false(cli_is_nearer("zzz", "man", &best));
    assert_false(cli_is_nearer("", "man", &best));
}

static void every_code_has_an_exit_and_a_meaning(void **state)
{
    (void)state;
    for (int code = 0; code < BASE_CODE_COUNT; code++) {
        enum cli_exit exit = cli_exit_of((enum base_code)code);
        assert_true(exit < CLI_EXIT_COUNT);
        assert_int_equal(exit == CLI_EXIT_OK, code == BASE_OK);
        assert_true(strlen(cli_exit_meaning(exit)) > 0);
    }
    assert_int_equal(cli_exit_of(BASE_E_ARGUMENT), 2);
    assert_int_equal(cli_exit_of(BASE_E_NOT_FOUND), 3);
    assert_int_equal(cli_exit_of(BASE_E_OVER_BUDGET), 4);
    assert_int_equal(cli_exit_of(BASE_E_NO_NODE), 5);
    assert_int_equal(cli_exit_of(BASE_E_TRUNCATED), 6);
    assert_int_equal(cli_exit_of(BASE_E_SHRINK), 6);
    assert_int_equal(cli_exit_of(BASE_E_SIGNATURE), 7);
    assert_int_equal(cli_exit_of(BASE_E_IO), 1);
    assert_null(cli_exit_hint(BASE_E_IO));
    assert_non_null(strstr(cli_exit_hint(BASE_E_NO_NODE), "entente serve"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_writing_a_value),
        cmocka_unit_test(letters_in_one_go),
        cmocka_unit_test(arguments_between_and_after),
        cmocka_unit_test(a_value_may_begin_with_a_dash),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(what_may_be_repeated_is_kept_in_order),
        cmocka_unit_test(options_are_not_without_end),
        cmocka_unit_test(an_endless_option_is_no_danger),
        cmocka_unit_test(distances),
        cmocka_unit_test(the_nearest_wins_and_far_is_nothing),
        cmocka_unit_test(every_code_has_an_exit_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
