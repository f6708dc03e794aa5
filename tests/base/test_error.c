/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "support/test.h"

#include <errno.h>
#include <pthread.h>

static void every_code_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (unsigned code = 0; code < BASE_CODE_COUNT; code++) {
        const char *word = base_code_word((enum base_code)code);
        assert_non_null(word);
        assert_int_equal(code, base_code_from_word(word));
        assert_int_equal(strlen(word), strspn(word, "abcdefghijklmnopqrstuvwxyz-"));
    }
}

static void an_unknown_word_or_code_is_not_taken_for_another(void **state)
{
    (void)state;
    assert_int_equal(BASE_E_INTERNAL, base_code_from_word("no-such-word"));
    assert_int_equal(BASE_E_INTERNAL, base_code_from_word(""));
    assert_string_equal("unknown", base_code_word(BASE_CODE_COUNT));
    assert_string_equal("unknown", base_code_word((enum base_code)-1));
}

static void a_detail_may_hold_the_one_before(void **state)
{
    (void)state;
    assert_fails(BASE_E_IO, base_fail(BASE_E_IO, "cause %d", 7));
    assert_fails(BASE_E_STATE, base_fail(BASE_E_STATE, "while working: %s", base_detail()));
    assert_string_equal("while working: cause 7", base_detail());
}

static void a_long_detail_is_cut(void **state)
{
    (void)state;
    assert_fails(BASE_E_IO, base_fail(BASE_E_IO, "%0300d", 1));
    assert_int_equal(255, strlen(base_detail()));
}

static void *fail_in_a_thread(void *argument)
{
    *(enum base_code *)argument = base_fail(BASE_E_LIMIT, "of another thread");
    return NULL;
}

static void a_detail_belongs_to_its_thread(void **state)
{
    (void)state;
    pthread_t other;
    enum base_code code = BASE_OK;
    assert_fails(BASE_E_IO, base_fail(BASE_E_IO, "mine"));
    assert_int_equal(0, pthread_create(&other, NULL, fail_in_a_thread, &code));
    assert_int_equal(0, pthread_join(other, NULL));
    assert_int_equal(BASE_E_LIMIT, code);
    assert_string_equal("mine", base_detail());
}

static void errno_becomes_a_code(void **state)
{
    (void)state;
    assert_int_equal(BASE_E_DISK_FULL, base_code_from_errno(ENOSPC));
    assert_int_equal(BASE_E_DISK_FULL, base_code_from_errno(EDQUOT));
    assert_int_equal(BASE_E_DISK_FULL, base_code_from_errno(EFBIG));
    assert_int_equal(BASE_E_NOMEM, base_code_from_errno(ENOMEM));
    assert_int_equal(BASE_E_NOT_FOUND, base_code_from_errno(ENOENT));
    assert_int_equal(BASE_E_IO, base_code_from_errno(EACCES));
    assert_int_equal(BASE_E_IO, base_code_from_errno(0));
}

static enum base_code tries(enum base_code code, int *reached)
{
    BASE_TRY(code);
    *reached = 1;
    return BASE_OK;
}

static void a_failed_try_returns_at_once(void **state)
{
    (void)state;
    int reached = 0;
    assert_int_equal(BASE_E_POINT, tries(BASE_E_POINT, &reached));
    assert_int_equal(0, reached);
    assert_int_equal(BASE_OK, tries(BASE_OK, &reached));
    assert_int_equal(1, reached);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_word_of_its_own),
        cmocka_unit_test(an_unknown_word_or_code_is_not_taken_for_another),
        cmocka_unit_test(a_detail_may_hold_the_one_before),
        cmocka_unit_test(a_long_detail_is_cut),
        cmocka_unit_test(a_detail_belongs_to_its_thread),
        cmocka_unit_test(errno_becomes_a_code),
        cmocka_unit_test(a_failed_try_returns_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
