/* SPDX-License-Identifier: Apache-2.0
 *
 * One report in which the n-th allocation fails, for every n: it is whole or ends with BASE_E_NOMEM (the sanitizers watch for
 * the rest).
 */
#include "exchange/ledger_script.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    return ++allocations == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++allocations == failing ? NULL : __real_realloc(old, size);
}

enum { ASKS = 400 }; /* more entries than the first table of hashes holds */

static enum base_code add(struct exchange_report *report, enum exchange_kind kind, uint32_t number, uint32_t about, enum exchange_by by)
{
    struct exchange_statement said = {.kind = kind, .from = script_party(by), .time_ms = 1, .owed_by = script_party(EXCHANGE_BY_THEM),
                                      .due_ms = script_time("2026-11-09"), .duty = EXCHANGE_DUTY_RECEIPT, .move = EXCHANGE_SUSPEND};
    struct exchange_report_entry entry = {&said, script_hash(number), script_time("2026-11-02") + number * 60000, by == EXCHANGE_BY_US};
    if (about != 0)
        said.about = script_hash(about);
    return exchange_report_add(report, &entry);
}

static enum base_code make(struct exchange_report *report)
{
    struct exchange_report_ledger ledger = {.cosigned = 1};
    BASE_TRY(exchange_report_ledger(report, &ledger));
    for (uint32_t i = 1; i <= ASKS; i++) {
        BASE_TRY(add(report, EXCHANGE_KIND_ASK, 2 * i, 0, EXCHANGE_BY_US));
        BASE_TRY(add(report, EXCHANGE_KIND_ANSWER, 2 * i + 1, 2 * i, EXCHANGE_BY_THEM));
    }
    BASE_TRY(add(report, EXCHANGE_KIND_CORRECTION, 5001, 3, EXCHANGE_BY_THEM));
    BASE_TRY(add(report, EXCHANGE_KIND_OVERDUE, 5002, 2, EXCHANGE_BY_US));
    BASE_TRY(add(report, EXCHANGE_KIND_STATE, 5003, 0, EXCHANGE_BY_US));
    return exchange_report_finish(report);
}

static void every_failure_is_told(void **state)
{
    enum base_code code = BASE_E_NOMEM;
    (void)state;
    for (unsigned n = 1; code != BASE_OK; n++) {
        struct exchange_report report;
        exchange_report_init(&report, (struct exchange_quarter){2026, 4}, script_time("2026-12-31"));
        allocations = 0;
        failing = n;
        code = make(&report);
        bool has_failed = allocations >= n;
        failing = 0;
        assert_int_equal(has_failed ? BASE_E_NOMEM : BASE_OK, code);
        if (code == BASE_OK) {
            assert_int_equal(ASKS, report.sides[EXCHANGE_BY_US].counts[EXCHANGE_REPORT_ALL].ends[EXCHANGE_END_ANSWERED]);
            assert_int_equal(2, report.gap_count);
            assert_true(n > 20); /* there was something to fail */
        }
        exchange_report_release(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_failure_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
