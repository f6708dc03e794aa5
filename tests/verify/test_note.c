/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"
#include "verify/note.h"

#define DASH "\xe2\x80\x94 "
#define SIG  DASH "name AAAAAAA=\n" /* five bytes */

static struct verify_note note;
static struct verify_report report;

static void expect_refused(const char *bytes, size_t len, const char *clause, const char *reason)
{
    assert_int_equal(VERIFY_REFUTED, verify_note_parse(verify_span_of(bytes, len), &note, &report));
    assert_string_equal(reason, report.reason);
    assert_string_equal(clause, report.clause);
}

static void the_text_ends_at_the_last_blank_line(void **state)
{
    (void)state;
    static const char bytes[] = "one\n\ntwo\n\n" SIG SIG;
    assert_int_equal(VERIFY_OK, verify_note_parse(verify_span_of(bytes, sizeof bytes - 1), &note, &report));
    assert_true(verify_span_is(note.text, "one\n\ntwo\n"));
    assert_int_equal(2, note.count);
    assert_true(verify_span_is(note.signatures[1].name, "name"));
    assert_int_equal(1, note.signatures[1].len);
    static const char three[] = "one\n\n\n" SIG;
    assert_int_equal(VERIFY_OK, verify_note_parse(verify_span_of(three, sizeof three - 1), &note, &report));
    assert_true(verify_span_is(note.text, "one\n\n"));
}

static void other_bytes_are_no_note(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *clause, *reason;
    } wrong[] = {
        {"", "ledger 2.1", "a note that does not end in a line feed"},
        {"text\n\n" DASH "name AAAAAAA=", "ledger 2.1", "a note that does not end in a line feed"},
        {"te\xffxt\n\n" SIG, "ledger 2.1", "a note that is not UTF-8"},
        {"te\rxt\n\n" SIG, "ledger 2.1", "a control character in a note"},
        {"text\n" SIG, "ledger 2.2", "a note without a blank line"},
        {"\n", "ledger 2.2", "a note without a blank line"},
        {"text\n\n", "ledger 2.2", "a note without a signature"},
        {"text\n\n- name AAAAAAA=\n", "ledger 2.3", "a signature line without its dash"},
        {"text\n\n\xe2\x80\x94name AAAAAAA=\n", "ledger 2.3", "a signature line without its dash"},
        {"text\n\n" DASH "nameAAAAAAA=\n", "ledger 2.3", "a signature line of another form"},
        {"text\n\n" DASH " AAAAAAA=\n", "ledger 2.4", "a signature line whose name is no key name"},
        {"text\n\n" DASH "na+me AAAAAAA=\n", "ledger 2.4", "a signature line whose name is no key name"},
        {"text\n\n" DASH "name AAAAAA==\n", "ledger 2.3", "a signature line whose signature is not base64 of 5 bytes or more"},
        {"text\n\n" DASH "name AAAAAAB=\n", "ledger 2.3", "a signature line whose signature is not base64 of 5 bytes or more"},
        {"text\n\n" DASH "name AAAAAAA= \n", "ledger 2.3", "a signature line whose signature is not base64 of 5 bytes or more"},
        {"text\n\n" SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG SIG, "ledger 2.2",
         "a note with more than 16 signatures"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_refused(wrong[i].bytes, strlen(wrong[i].bytes), wrong[i].clause, wrong[i].reason);
    expect_refused("te\0xt\n\n" SIG, sizeof("te\0xt\n\n" SIG) - 1, "ledger 2.1", "a control character in a note");
}

/* The note that the documentation of Go's package sumdb/note signs and checks. */
static void a_published_note_is_checked(void **state)
{
    (void)state;
    static char bytes[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" DASH
                          "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    struct verify_key key;
    struct verify_span span = verify_span_of(bytes, sizeof bytes - 1);
    assert_true(verify_key_parse(verify_span_of(vkey, sizeof vkey - 1), &key));
    assert_int_equal(VERIFY_OK, verify_note_parse(span, &note, &report));
    assert_int_equal(VERIFY_SIGNED, verify_note_signed_by(&note, &key));
    bytes[0] = 'i';
    assert_int_equal(VERIFY_BADLY_SIGNED, verify_note_signed_by(&note, &key));
    key.id[0] ^= 1;
    assert_int_equal(VERIFY_NOT_SIGNED, verify_note_signed_by(&note, &key));
}

static void a_note_has_a_largest_size(void **state)
{
    (void)state;
    static char bytes[VERIFY_NOTE_MAX + 1];
    static const char tail[] = "\n\n" SIG;
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + VERIFY_NOTE_MAX - (sizeof tail - 1), tail, sizeof tail - 1);
    assert_int_equal(VERIFY_OK, verify_note_parse(verify_span_of(bytes, VERIFY_NOTE_MAX), &note, &report));
    expect_refused(bytes, VERIFY_NOTE_MAX + 1, "ledger 2.1", "a note of 65537 bytes");
}

static void checkpoints_have_their_lines(void **state)
{
    (void)state;
#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    static const char *const wrong[][3] = {
        {"origin\n1\n", "ledger 4.1", "a checkpoint of fewer than three lines"},
        {"\n1\n" ROOT "\n", "ledger 4.2", "an origin of 0 bytes"},
        {"origin\n01\n" ROOT "\n", "ledger 4.3", "the second line is not a number of entries"},
        {"origin\n9223372036854775808\n" ROOT "\n", "ledger 4.3", "the second line is not a number of entries"},
        {"origin\n1\nAAAA\n", "ledger 4.4", "the third line is not base64 of a hash"},
        {"origin\n1\n" ROOT "\nextension\n\n", "ledger 4.1", "an empty extension line"},
    };
    struct verify_checkpoint checkpoint;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct verify_span text = verify_span_of(wrong[i][0], strlen(wrong[i][0]));
        assert_int_equal(VERIFY_REFUTED, verify_checkpoint_parse(text, &checkpoint, &report));
        assert_string_equal(wrong[i][1], report.clause);
        assert_string_equal(wrong[i][2], report.reason);
    }
    static const char good[] = "origin\n9223372036854775807\n" ROOT "\nextension\n";
    assert_int_equal(VERIFY_OK, verify_checkpoint_parse(verify_span_of(good, sizeof good - 1), &checkpoint, &report));
    assert_true(checkpoint.size == VERIFY_SIZE_MAX);
    assert_true(verify_span_is(checkpoint.origin, "origin"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_ends_at_the_last_blank_line),
        cmocka_unit_test(other_bytes_are_no_note),
        cmocka_unit_test(a_published_note_is_checked),
        cmocka_unit_test(a_note_has_a_largest_size),
        cmocka_unit_test(checkpoints_have_their_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
