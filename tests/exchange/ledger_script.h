/* SPDX-License-Identifier: Apache-2.0
 *
 * Made-up ledgers for the report: a sequence of statements with dates, without notes and signatures. Both parties have a
 * fixed fingerprint; a statement's hash is its number.
 */
#ifndef TESTS_EXCHANGE_LEDGER_SCRIPT_H
#define TESTS_EXCHANGE_LEDGER_SCRIPT_H

#include "base/clock.h"
#include "exchange/report.h"
#include "support/test.h"

enum { SCRIPT_HOUR_MS = 3600000, SCRIPT_DAY_MS = 86400000 };

struct script {
    struct exchange_report report;
    uint32_t said;  /* statements so far: the last one's number */
    bool is_eager;  /* each statement of an outbox is receipted at once */
};

static inline int64_t script_time(const char *text)
{
    char whole[BASE_TIME_TEXT_LEN + 1];
    int64_t time_ms;
    snprintf(whole, sizeof whole, "%.10s%s", text, strlen(text) > 10 ? text + 10 : "T12:00:00Z");
    assert_ok(base_time_parse(base_bytes_text(whole), &time_ms));
    return time_ms;
}

static inline struct crypto_hash script_hash(uint32_t number)
{
    struct crypto_hash hash = {{0}};
    memset(hash.bytes, 0x5a, sizeof hash.bytes);
    for (unsigned i = 0; i < 4; i++)
        hash.bytes[i] = (uint8_t)(number >> 8 * i);
    return hash;
}

static inline struct exchange_id script_party(enum exchange_by by)
{
    struct exchange_id id;
    memset(id.bytes, by == EXCHANGE_BY_US ? 0x11 : 0x22, sizeof id.bytes);
    return id;
}

static inline void script_ledger(struct script *script, const struct exchange_hours *hours)
{
    struct exchange_terms terms = {0};
    struct exchange_report_ledger ledger = {0};
    exchange_terms_defaults(&terms);
    ledger.hours = hours == NULL ? terms.hours : *hours;
    assert_ok(exchange_report_ledger(&script->report, &ledger));
    struct exchange_report_entry entry = {.hash = script_hash(++script->said), .entered_ms = 1, .is_own = true};
    assert_ok(exchange_report_add(&script->report, &entry));
}

static inline void script_begin(struct script *script, const char *quarter, const char *at)
{
    struct exchange_quarter parsed;
    *script = (struct script){.said = 0};
    assert_ok(exchange_quarter_parse(quarter, &parsed));
    exchange_report_init(&script->report, parsed, script_time(at));
    script_ledger(script, NULL);
}

static inline uint32_t script_say_ms(struct script *script, enum exchange_by by, enum exchange_kind kind, int64_t time_ms,
                                     uint32_t about, struct exchange_statement said)
{
    said.kind = kind;
    said.from = script_party(by);
    said.time_ms = said.time_ms == 0 ? time_ms : said.time_ms;
    if (about != 0)
        said.about = script_hash(about);
    struct exchange_report_entry entry = {&said, script_hash(++script->said), time_ms, by == EXCHANGE_BY_US};
    uint32_t number = script->said;
    assert_ok(exchange_report_add(&script->report, &entry));
    if (script->is_eager && exchange_kind_path(kind) == EXCHANGE_PATH_OUTBOX)
        script_say_ms(script, by == EXCHANGE_BY_US ? EXCHANGE_BY_THEM : EXCHANGE_BY_US, EXCHANGE_KIND_RECEIPT, time_ms, number,
                      (struct exchange_statement){.kind = EXCHANGE_KIND_RECEIPT});
    return number;
}

/* A date, or a time in full. The last argument: the members that the kind has, in braces. */
#define SAY(script, by, kind, time, about, ...)                                                                        \
    script_say_ms((script), EXCHANGE_BY_##by, EXCHANGE_KIND_##kind, script_time(time), (about),                        \
                  (struct exchange_statement){__VA_ARGS__})

#endif
