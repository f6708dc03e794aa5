/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

static void utf8_is_checked_to_the_letter(void **state)
{
    (void)state;
    assert_true(base_bytes_is_utf8(base_bytes_text("")));
    assert_true(base_bytes_is_utf8(base_bytes_text("Царнаев \xf0\x9f\x8c\x8d")));
    assert_false(base_bytes_is_utf8(base_bytes_text("\xc0\xaf")));         /* overlong */
    assert_false(base_bytes_is_utf8(base_bytes_text("\xed\xa0\x80")));     /* surrogate */
    assert_false(base_bytes_is_utf8(base_bytes_text("\xf4\x90\x80\x80"))); /* over U+10FFFF */
    assert_false(base_bytes_is_utf8(base_bytes_text("\xe2\x82")));         /* cut */
}

static void a_buffer_grows_and_ends_in_nul(void **state)
{
    (void)state;
    struct base_buffer buffer = BASE_BUFFER_EMPTY;
    assert_string_equal("", base_buffer_c_string(&buffer));
    for (int i = 0; i < 1000; i++)
        assert_ok(base_buffer_format(&buffer, "%03d,", i));
    assert_int_equal(4000, buffer.len);
    assert_int_equal(0, buffer.data[buffer.len]);
    base_buffer_drop_front(&buffer, 3996);
    assert_string_equal("999,", base_buffer_c_string(&buffer));
    assert_fails(BASE_E_NOMEM, base_buffer_reserve(&buffer, SIZE_MAX / 2));
    assert_string_equal("999,", base_buffer_c_string(&buffer));
    base_buffer_release(&buffer);
}

static void bytes_have_an_order(void **state)
{
    (void)state;
    assert_true(base_bytes_compare(base_bytes_text("ab"), base_bytes_text("abc")) < 0);
    assert_true(base_bytes_compare(base_bytes_text("b"), base_bytes_text("abc")) > 0);
    assert_int_equal(0, base_bytes_compare(base_bytes_of(NULL, 0), base_bytes_text("")));
    assert_true(base_bytes_equal(base_bytes_of(NULL, 0), base_bytes_text("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_checked_to_the_letter),
        cmocka_unit_test(a_buffer_grows_and_ends_in_nul),
        cmocka_unit_test(bytes_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
