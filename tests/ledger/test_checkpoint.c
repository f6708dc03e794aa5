/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "support/test.h"

/* The example of C2SP tlog-checkpoint. */
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define SOFA "example.com/behind-the-sofa\n20852163\n" ROOT "\n"

static enum base_code parse_text(const char *text)
{
    struct ledger_checkpoint checkpoint;
    return ledger_checkpoint_parse(base_bytes_text(text), &checkpoint);
}

static void reads_and_writes_the_example(void **state)
{
    (void)state;
    struct ledger_checkpoint checkpoint;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(ledger_checkpoint_parse(base_bytes_text(SOFA), &checkpoint));
    assert_string_equal(checkpoint.origin, "example.com/behind-the-sofa");
    assert_int_equal(checkpoint.size, 20852163);
    assert_int_equal(checkpoint.root.bytes[0], 0x0a);
    assert_int_equal(checkpoint.root.bytes[31], 0x62);
    assert_ok(ledger_checkpoint_format(&checkpoint, &out));
    assert_bytes(SOFA, base_bytes_buffer(&out));
    base_buffer_release(&out);
}

static void extension_lines_are_ignored(void **state)
{
    (void)state;
    struct ledger_checkpoint checkpoint;
    assert_ok(ledger_checkpoint_parse(base_bytes_text(SOFA "more\n \n"), &checkpoint));
    assert_int_equal(checkpoint.size, 20852163);
    assert_fails(BASE_E_FORMAT, parse_text(SOFA "\n"));
    assert_fails(BASE_E_FORMAT, parse_text(SOFA "more\n\nmore\n"));
    assert_fails(BASE_E_TRUNCATED, parse_text(SOFA "more"));
}

static void refuses_texts_of_another_form(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *text;
    } cases[] = {
        {BASE_E_TRUNCATED, ""},
        {BASE_E_TRUNCATED, "origin"},
        {BASE_E_TRUNCATED, "origin\n"},
        {BASE_E_TRUNCATED, "origin\n1"},
        {BASE_E_TRUNCATED, "origin\n1\n"},
        {BASE_E_TRUNCATED, "origin\n1\n" ROOT},
        {BASE_E_FORMAT, "\n1\n" ROOT "\n"},
        {BASE_E_FORMAT, "ori\tgin\n1\n" ROOT "\n"},
        {BASE_E_FORMAT, "ori\xffgin\n1\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n01\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n00\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n+1\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n-1\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n1 \n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n0x1\n" ROOT "\n"},
        {BASE_E_RANGE, "origin\n9223372036854775808\n" ROOT "\n"},
        {BASE_E_RANGE, "origin\n18446744073709551616\n" ROOT "\n"},
        {BASE_E_FORMAT, "origin\n1\n\n"},
        {BASE_E_FORMAT, "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n"},
        {BASE_E_FORMAT, "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"},
        {BASE_E_FORMAT, "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"},
        {BASE_E_FORMAT, "origin\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n"},
        {BASE_E_FORMAT, "origin\n1\n" ROOT ROOT "\n"},
        {BASE_E_FORMAT, "origin\n1\n" ROOT "\r\n"},
        {BASE_OK, NULL},
    };
    for (size_t i = 0; cases[i].text != NULL; i++)
        if (parse_text(cases[i].text) != cases[i].code)
            fail_msg("case %zu: %s", i, base_detail());
    assert_ok(parse_text("o\n0\n" ROOT "\n"));
    assert_ok(parse_text("o\n9223372036854775807\n" ROOT "\n"));
}

static void holds_the_limits(void **state)
{
    (void)state;
    struct ledger_checkpoint checkpoint;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    for (int i = 0; i < LEDGER_ORIGIN_MAX; i++)
        assert_ok(base_buffer_text(&text, "o"));
    assert_ok(base_buffer_text(&text, "\n1\n" ROOT "\n"));
    assert_ok(ledger_checkpoint_parse(base_bytes_buffer(&text), &checkpoint));
    assert_int_equal(strlen(checkpoint.origin), LEDGER_ORIGIN_MAX);
    text.data[0] = 'O';
    struct base_buffer longer = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&longer, "o"));
    assert_ok(base_buffer_append(&longer, base_bytes_buffer(&text)));
    assert_fails(BASE_E_LIMIT, ledger_checkpoint_parse(base_bytes_buffer(&longer), &checkpoint));
    while (text.len <= 64 * 1024)
        assert_ok(base_buffer_text(&text, "more\n"));
    assert_fails(BASE_E_LIMIT, ledger_checkpoint_parse(base_bytes_buffer(&text), &checkpoint));
    base_buffer_release(&text);
    base_buffer_release(&longer);
}

static void a_failed_parse_leaves_the_result_alone(void **state)
{
    (void)state;
    struct ledger_checkpoint checkpoint = {"kept", 7, {{1}}};
    assert_fails(BASE_E_FORMAT, ledger_checkpoint_parse(base_bytes_text("origin\n1\nnone\n"), &checkpoint));
    assert_string_equal(checkpoint.origin, "kept");
    assert_int_equal(checkpoint.size, 7);
}

static void refuses_to_write_what_it_would_not_read(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_checkpoint checkpoint = {"", 1, {{0}}};
    assert_fails(BASE_E_FORMAT, ledger_checkpoint_format(&checkpoint, &out));
    memcpy(checkpoint.origin, "a\nb", 4);
    assert_fails(BASE_E_FORMAT, ledger_checkpoint_format(&checkpoint, &out));
    memcpy(checkpoint.origin, "a\xff", 3);
    assert_fails(BASE_E_FORMAT, ledger_checkpoint_format(&checkpoint, &out));
    memcpy(checkpoint.origin, "a", 2);
    checkpoint.size = (uint64_t)1 << 63;
    assert_fails(BASE_E_RANGE, ledger_checkpoint_format(&checkpoint, &out));
    assert_int_equal(out.len, 0);
    base_buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_the_example),
        cmocka_unit_test(extension_lines_are_ignored),
        cmocka_unit_test(refuses_texts_of_another_form),
        cmocka_unit_test(holds_the_limits),
        cmocka_unit_test(a_failed_parse_leaves_the_result_alone),
        cmocka_unit_test(refuses_to_write_what_it_would_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
