/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/pages.h"

static void pages_are_aligned_zero_and_writable(void **state)
{
    (void)state;
    static const size_t lens[] = {1, 4096, 5 << 20};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        struct base_pages pages;
        assert_ok(base_pages_new(lens[i], &pages));
        uint8_t *bytes = pages.data;
        assert_int_equal(0, (uintptr_t)pages.data % (2 << 20));
        assert_int_equal(lens[i], pages.len);
        assert_int_equal(0, bytes[0] | bytes[lens[i] - 1]);
        memset(bytes, 1, lens[i]);
        base_pages_release(&pages);
        assert_null(pages.data);
        base_pages_release(&pages);
    }
}

static void too_much_is_an_error(void **state)
{
    (void)state;
    struct base_pages pages;
    assert_fails(BASE_E_NOMEM, base_pages_new(SIZE_MAX, &pages));
    assert_fails(BASE_E_NOMEM, base_pages_new((size_t)1 << 62, &pages));
    assert_null(pages.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_aligned_zero_and_writable),
        cmocka_unit_test(too_much_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
