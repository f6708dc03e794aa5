/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes, and the security that follows from them.
 */
#include "support/test.h"

#include "vole/inside.h"

#include <math.h>

static size_t weight_by_rule(double distance)
{
    return (size_t)ceil(-128 / log2(1 - distance));
}

static void check_params(size_t count, enum vole_code code)
{
    struct vole_params params;
    assert_ok(vole_params_for(count, code, &params));
    assert_int_equal(count, params.count);
    assert_true(params.out_count >= count && params.out_count < count + 4);
    assert_true(vole_security_bits(&params) >= 128);
    for (int kind = VOLE_KIND_BASE; kind < VOLE_KIND_COUNT; kind++)
        assert_true(VOLE_HEADER_LEN + vole_body_len(&params, (enum vole_kind)kind) <= VOLE_MESSAGE_MAX);
    if (params.is_direct) {
        assert_int_equal(count + 1, params.base_count);
        return;
    }
    assert_true(params.tree_count >= weight_by_rule(params.distance));
    assert_true(params.tree_count >= 128);
    assert_true(params.tree_depth >= 3);
    assert_int_equal(params.tree_count << params.tree_depth, params.noise_count);
    /* at least as much parity as result, so the rate is at most a half; and not much more */
    assert_true(params.noise_count >= 2 * params.out_count);
    assert_true(params.noise_count < 2 * params.out_count + ((size_t)1 << params.tree_depth));
    assert_int_equal(0, (params.noise_count - params.out_count) % 4);
    assert_true(params.base_count >= params.tree_count + 1 + (params.tree_count * params.tree_depth + 127) / 128 + 1);
}

static void every_length_is_safe(void **state)
{
    (void)state;
    for (int code = VOLE_CODE_7X24; code <= VOLE_CODE_21X24; code++) {
        for (size_t count = 1; count < 5000; count++)
            check_params(count, (enum vole_code)code);
        for (size_t count = 5000; count <= VOLE_COUNT_MAX; count += count / 7)
            check_params(count, (enum vole_code)code);
        check_params(VOLE_COUNT_MAX, (enum vole_code)code);
    }
}

/* The weights of the spec (vole 3.4). */
static void the_rule_of_the_spec(void **state)
{
    (void)state;
    assert_int_equal(546, weight_by_rule(0.15));
    assert_int_equal(398, weight_by_rule(0.20));
    struct vole_params params;
    assert_ok(vole_params_for(1331692, VOLE_CODE_7X24, &params));
    assert_true(fabs(params.distance - 0.15) < 1e-9);
    assert_int_equal(12, params.tree_depth);
    assert_int_equal(651, params.tree_count);
    assert_ok(vole_params_for(1331692, VOLE_CODE_21X24, &params));
    assert_true(fabs(params.distance - 0.20) < 1e-9);
    assert_int_equal(651, params.tree_count);
}

/* Less than a megabyte for the length of a matching of a million. */
static void traffic(void **state)
{
    (void)state;
    for (int code = VOLE_CODE_7X24; code <= VOLE_CODE_21X24; code++) {
        struct vole_params params;
        assert_ok(vole_params_for(1331692, (enum vole_code)code, &params));
        assert_true(vole_sent_bytes(&params, VOLE_RECEIVER) + vole_sent_bytes(&params, VOLE_SENDER) < 1000000);
    }
}

/* What others count with, by the rule for a large field. */
static void the_other_rule_is_not_enough(void **state)
{
    (void)state;
    struct vole_params params;
    size_t weakest = SIZE_MAX;
    for (size_t count = 10000; count < 20000000; count += count / 5) {
        assert_ok(vole_params_if_binary(count, VOLE_CODE_7X24, &params));
        weakest = params.tree_count < weakest ? params.tree_count : weakest;
        assert_true(vole_security_bits(&params) < 128);
    }
    assert_true(weakest >= 248);
    assert_ok(vole_params_if_binary(248 * 4096, VOLE_CODE_7X24, &params));
    assert_int_equal(248, params.tree_count);
    assert_int_equal(58, (int)vole_security_bits(&params));
}

static void lengths_out_of_range(void **state)
{
    (void)state;
    struct vole_params params;
    assert_fails(BASE_E_LIMIT, vole_params_for(0, VOLE_CODE_7X24, &params));
    assert_fails(BASE_E_LIMIT, vole_params_for((size_t)VOLE_COUNT_MAX + 1, VOLE_CODE_7X24, &params));
    assert_fails(BASE_E_LIMIT, vole_params_for(SIZE_MAX, VOLE_CODE_7X24, &params));
}

static void described(void **state)
{
    (void)state;
    struct vole_params params;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(vole_params_for(1331692, VOLE_CODE_7X24, &params));
    assert_ok(vole_params_describe(&params, &text));
    assert_non_null(strstr(base_buffer_c_string(&text), "651 trees of 2^12 leaves, code 7x24"));
    assert_non_null(strstr(base_buffer_c_string(&text), "128.0 bits against linear tests at distance 0.15"));
    base_buffer_clear(&text);
    assert_ok(vole_params_for(10, VOLE_CODE_7X24, &params));
    assert_ok(vole_params_describe(&params, &text));
    assert_non_null(strstr(base_buffer_c_string(&text), "the extension alone"));
    base_buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_safe), cmocka_unit_test(the_rule_of_the_spec), cmocka_unit_test(traffic),
        cmocka_unit_test(the_other_rule_is_not_enough), cmocka_unit_test(lengths_out_of_range), cmocka_unit_test(described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
