/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/statement.h"

#include "exchange/sample.h"

/* Every member filled, also those that the kind has no line for. */
static void sample_statement(enum exchange_kind kind, struct exchange_statement *out)
{
    *out = (struct exchange_statement){.kind = kind, .time_ms = 1795496400000, .keys = {7, EXCHANGE_KEYS_MAX},
                                       .move = EXCHANGE_RESUME, .count = 2, .review_class = 3, .tell = 1u << EXCHANGE_TELL_TRAVEL | 1u << EXCHANGE_TELL_RECORD,
                                       .label = EXCHANGE_TLP_AMBER_STRICT, .grading = 5, .handling = EXCHANGE_H2,
                                       .urgency = EXCHANGE_OTHER, .feedback = 1, .due_ms = 1795496500000,
                                       .outcome = EXCHANGE_NO_TRACE, .code = EXCHANGE_NEITHER_CONFIRM_NOR_DENY,
                                       .use = EXCHANGE_NOT_USED, .action = EXCHANGE_ERASE, .did = EXCHANGE_DID_NOT_HOLD,
                                       .duty = EXCHANGE_DUTY_JUSTIFY, .grade = EXCHANGE_POSSIBLE, .verdict = EXCHANGE_ASSESSED};
    memset(out->compartment.bytes, 0xc0, sizeof out->compartment.bytes);
    memset(out->terms.bytes, 0x01, sizeof out->terms.bytes);
    memset(out->from.bytes, 0x02, sizeof out->from.bytes);
    memset(out->about.bytes, 0x03, sizeof out->about.bytes);
    memset(out->nonce.bytes, 0x04, sizeof out->nonce.bytes);
    memset(out->commitment, 0x05, sizeof out->commitment);
    memset(out->rules.bytes, 0x06, sizeof out->rules.bytes);
    memset(out->transcript.bytes, 0x09, sizeof out->transcript.bytes);
    memset(out->content.bytes, 0x0a, sizeof out->content.bytes);
    memset(out->hit.bytes, 0x0b, sizeof out->hit.bytes);
    memset(out->owed_by.bytes, 0x0c, sizeof out->owed_by.bytes);
    snprintf(out->word, sizeof out->word, "over-budget");
    snprintf(out->reason, sizeof out->reason, "enough for today: \xe2\x82\xac");
}

static void every_kind_comes_back_as_it_went(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY, again_text = BASE_BUFFER_EMPTY;
    for (enum exchange_kind kind = 0; kind < EXCHANGE_KIND_COUNT; kind++) {
        struct exchange_statement statement, again;
        sample_statement(kind, &statement);
        base_buffer_clear(&text);
        base_buffer_clear(&again_text);
        assert_ok(exchange_statement_format(&statement, &text));
        assert_ok(exchange_statement_parse(base_bytes_buffer(&text), &again));
        assert_int_equal(kind, again.kind);
        assert_ok(exchange_statement_format(&again, &again_text));
        assert_bytes(base_buffer_c_string(&text), base_bytes_buffer(&again_text));
    }
    base_buffer_release(&text);
    base_buffer_release(&again_text);
}

/* Each line of each kind left out, doubled, or exchanged with the next: never read. */
static void lines_stand_once_and_in_order(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    for (enum exchange_kind kind = 0; kind < EXCHANGE_KIND_COUNT; kind++) {
        struct exchange_statement statement, out;
        sample_statement(kind, &statement);
        base_buffer_clear(&text);
        assert_ok(exchange_statement_format(&statement, &text));
        const char *line = base_buffer_c_string(&text);
        while (*line != 0) {
            const char *end = strchr(line, '\n') + 1;
            size_t before = (size_t)(line - (const char *)text.data), len = (size_t)(end - line);
            base_buffer_clear(&changed);
            assert_ok(base_buffer_append(&changed, base_bytes_of(text.data, before)));
            assert_ok(base_buffer_text(&changed, end));
            assert_int_not_equal(BASE_OK, exchange_statement_parse(base_bytes_buffer(&changed), &out));
            base_buffer_clear(&changed);
            assert_ok(base_buffer_append(&changed, base_bytes_of(text.data, before + len)));
            assert_ok(base_buffer_text(&changed, line));
            assert_int_not_equal(BASE_OK, exchange_statement_parse(base_bytes_buffer(&changed), &out));
            line = end;
        }
    }
    base_buffer_release(&text);
    base_buffer_release(&changed);
}

static void bad_values_have_exact_errors(void **state)
{
    (void)state;
    static const struct {
        enum exchange_kind kind;
        const char *from, *to;
        enum base_code code;
    } cases[] = {
        {EXCHANGE_KIND_RECEIPT, "entente/receipt/v1", "entente/receipt/v2", BASE_E_VERSION},
        {EXCHANGE_KIND_RECEIPT, "entente/receipt/v1", "entente/rumour/v1", BASE_E_VERSION},
        {EXCHANGE_KIND_RECEIPT, "about: 03", "about: 3", BASE_E_FORMAT},
        {EXCHANGE_KIND_RECEIPT, "from: 02", "from: zz", BASE_E_FORMAT},
        {EXCHANGE_KIND_RECEIPT, "Z\nabout", "+01:00\nabout", BASE_E_FORMAT},
        {EXCHANGE_KIND_MATCH_OFFER, "keys: 7", "keys: 16777217", BASE_E_RANGE},
        {EXCHANGE_KIND_MATCH_OFFER, "keys: 7", "keys: 7 ", BASE_E_FORMAT},
        {EXCHANGE_KIND_STATE, "move: resume", "move: accept", BASE_E_FORMAT},
        {EXCHANGE_KIND_STATE, "move: resume", "move: ", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "persons: 2", "persons: 17", BASE_E_RANGE},
        {EXCHANGE_KIND_ALERT, "class: 3", "class: 2", BASE_E_RANGE},
        {EXCHANGE_KIND_ALERT, "tell: travel record", "tell: record travel", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "tell: travel record", "tell: travel travel", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "tell: travel record", "tell: ", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "tell: travel record", "tell: travel ", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "label: TLP:AMBER+STRICT", "label: TLP:WHITE", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "grading: B2", "grading: D1", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "handling: H2", "handling: H4", BASE_E_FORMAT},
        {EXCHANGE_KIND_ALERT, "review: 2026", "review: 20260", BASE_E_FORMAT},
        {EXCHANGE_KIND_ASK, "urgency: other", "urgency: soon", BASE_E_FORMAT},
        {EXCHANGE_KIND_ASK, "feedback: yes", "feedback: 1", BASE_E_FORMAT},
        {EXCHANGE_KIND_ASK, "content: 0a", "content: -", BASE_E_FORMAT},
        {EXCHANGE_KIND_ASK, "content: 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
         "content: 0000000000000000000000000000000000000000000000000000000000000000", BASE_E_FORMAT},
        {EXCHANGE_KIND_TELL, "hit: 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
         "hit: 0000000000000000000000000000000000000000000000000000000000000000", BASE_E_FORMAT},
        {EXCHANGE_KIND_ANSWER, "outcome: no-trace", "outcome: silent", BASE_E_FORMAT},
        {EXCHANGE_KIND_DECLINE, "code: NEITHER_CONFIRM_NOR_DENY", "code: BANK_SECRECY", BASE_E_FORMAT},
        {EXCHANGE_KIND_OVERDUE, "duty: justify", "duty: love", BASE_E_FORMAT},
        {EXCHANGE_KIND_OVERDUE, "owed-by: 0c", "owed-by: 0", BASE_E_FORMAT},
        {EXCHANGE_KIND_CORRECTION, "action: erase", "action: forget", BASE_E_FORMAT},
        {EXCHANGE_KIND_RETENTION, "erased: 2", "erased: -2", BASE_E_FORMAT},
        {EXCHANGE_KIND_REFUSAL, "error: over-budget", "error: because", BASE_E_FORMAT},
        {EXCHANGE_KIND_REFUSAL, "reason: enough", "reason: \x1b[31menough", BASE_E_ENCODING},
        {EXCHANGE_KIND_REFUSAL, "reason: enough", "reason: \xff", BASE_E_ENCODING},
    };
    struct base_buffer text = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange_statement statement, out;
        sample_statement(cases[i].kind, &statement);
        base_buffer_clear(&text);
        assert_ok(exchange_statement_format(&statement, &text));
        replaced(&changed, base_buffer_c_string(&text), cases[i].from, cases[i].to);
        assert_fails(cases[i].code, exchange_statement_parse(base_bytes_buffer(&changed), &out));
    }
    base_buffer_release(&text);
    base_buffer_release(&changed);
}

static void a_reason_with_a_line_end_is_not_written(void **state)
{
    (void)state;
    struct exchange_statement statement;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    sample_statement(EXCHANGE_KIND_REFUSAL, &statement);
    snprintf(statement.reason, sizeof statement.reason, "one\ntime: 1999");
    assert_fails(BASE_E_ENCODING, exchange_statement_format(&statement, &text));
    base_buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_as_it_went),
        cmocka_unit_test(lines_stand_once_and_in_order),
        cmocka_unit_test(bad_values_have_exact_errors),
        cmocka_unit_test(a_reason_with_a_line_end_is_not_written),
    };
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
