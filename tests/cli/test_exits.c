/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "cli/exits.h"

static const struct {
    enum base_code code;
    enum cli_exit exit;
} families[] = {
    {BASE_OK, CLI_EXIT_OK},
    {BASE_E_ARGUMENT, CLI_EXIT_USAGE},
    {BASE_E_NOT_FOUND, CLI_EXIT_NOT_FOUND},
    {BASE_E_OVER_BUDGET, CLI_EXIT_REFUSED},
    {BASE_E_OUTSIDE_TERMS, CLI_EXIT_REFUSED},
    {BASE_E_SUSPENDED, CLI_EXIT_REFUSED},
    {BASE_E_NO_PEER, CLI_EXIT_REFUSED},
    {BASE_E_NO_NODE, CLI_EXIT_NO_NODE},
    {BASE_E_TLS, CLI_EXIT_NO_NODE},
    {BASE_E_TIMEOUT, CLI_EXIT_NO_NODE},
    {BASE_E_TRUNCATED, CLI_EXIT_INPUT},
    {BASE_E_ENCODING, CLI_EXIT_INPUT},
    {BASE_E_SHRINK, CLI_EXIT_INPUT},
    {BASE_E_CORRUPT, CLI_EXIT_VERIFY},
    {BASE_E_SIGNATURE, CLI_EXIT_VERIFY},
    {BASE_E_PROOF, CLI_EXIT_VERIFY},
    {BASE_E_INCONSISTENT, CLI_EXIT_VERIFY},
    {BASE_E_PASSPHRASE, CLI_EXIT_FAILED},
    {BASE_E_DISK_FULL, CLI_EXIT_FAILED},
    {BASE_E_IO, CLI_EXIT_FAILED},
    {BASE_E_NOMEM, CLI_EXIT_FAILED},
};

static void each_family_has_its_exit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (cli_exit_of(families[i].code) != families[i].exit)
            fail_msg("%s: exit %d", base_code_word(families[i].code), cli_exit_of(families[i].code));
}

/* The numbers are a promise to scripts. */
static void the_numbers_stay(void **state)
{
    (void)state;
    assert_int_equal(CLI_EXIT_OK, 0);
    assert_int_equal(CLI_EXIT_FAILED, 1);
    assert_int_equal(CLI_EXIT_USAGE, 2);
    assert_int_equal(CLI_EXIT_NOT_FOUND, 3);
    assert_int_equal(CLI_EXIT_REFUSED, 4);
    assert_int_equal(CLI_EXIT_NO_NODE, 5);
    assert_int_equal(CLI_EXIT_INPUT, 6);
    assert_int_equal(CLI_EXIT_VERIFY, 7);
}

static void every_exit_has_a_meaning_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < CLI_EXIT_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(cli_exit_meaning((enum cli_exit)i), cli_exit_meaning((enum cli_exit)j));
}

static void hints_say_what_to_do(void **state)
{
    (void)state;
    assert_null(cli_exit_hint(BASE_OK));
    assert_null(cli_exit_hint(BASE_E_NOMEM));
    assert_non_null(strstr(cli_exit_hint(BASE_E_NO_NODE), "entente serve"));
    assert_non_null(strstr(cli_exit_hint(BASE_E_SHRINK), "--allow-shrink"));
    assert_non_null(strstr(cli_exit_hint(BASE_E_SUSPENDED), "resume"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_family_has_its_exit),
        cmocka_unit_test(the_numbers_stay),
        cmocka_unit_test(every_exit_has_a_meaning_of_its_own),
        cmocka_unit_test(hints_say_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
