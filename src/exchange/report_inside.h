/* SPDX-License-Identifier: Apache-2.0
 *
 * What a report remembers of the entries while it reads them. Private to report.c and report_finish.c.
 */
#ifndef EXCHANGE_REPORT_INSIDE_H
#define EXCHANGE_REPORT_INSIDE_H

#include "exchange/report.h"

/* An entry, and what later entries have said of it. Times are when something was entered here; 0: not yet. */
struct report_item {
    struct crypto_hash hash;
    enum exchange_kind kind;
    bool is_terms, is_own;
    bool is_sent;      /* goes to the other party by an outbox */
    bool is_unfitting; /* counts as an entry and as nothing else */
    size_t ledger;      /* place in the work's ledgers */
    uint64_t index;     /* in that ledger */
    int64_t said_ms;    /* the sender's date */
    int64_t entered_ms;
    int64_t receipt_ms; /* the other party's receipt */
    size_t about;       /* hits: the alert */
    /* Of asks: the date in force. Of alerts: the review date. Of hits that are to be told: until when. */
    int64_t due_ms;
    int64_t first_due_ms; /* of asks, before any deferral */
    /* Of asks: the first reply or the withdrawal. Of alerts: the end. Of hits: told, declined or rejected. Of corrections:
     * carried out. Of answers: feedback. */
    int64_t done_ms;
    int64_t judged_ms; /* hits, alerts of theirs: the verdict */
    uint64_t deferrals;
    enum exchange_urgency urgency;
    enum exchange_end end; /* of asks; OPEN until a reply or withdrawal */
    enum exchange_code code;
    enum exchange_action action;
    enum exchange_did did;
    bool was_overdue;  /* asks: the date in force passed without a reply at some time */
    bool is_wanted;    /* hits: to be told; answers: feedback is asked for */
};

struct report_ledger {
    struct exchange_report_ledger facts;
    uint64_t seen;           /* entries handed in, also those after the report's time */
    int64_t pause_ms[2];     /* suspended by that side since; 0: not */
};

struct report_gap {
    size_t item; /* what was not receipted, or not cosigned */
    enum exchange_duty duty;
    enum exchange_by by;
    int64_t due_ms, told_ms; /* the date that passed; when the overdue was entered */
};

struct exchange_report_work {
    struct report_item *items;
    size_t item_count, item_capacity;
    size_t *places; /* by hash: item + 1, or 0; a power of two, never more than half full */
    size_t place_count;
    struct report_ledger *ledgers;
    size_t ledger_count, ledger_capacity;
    struct report_gap *gaps;
    size_t gap_count, gap_capacity;
};

static inline enum exchange_by report_by(bool is_own)
{
    return is_own ? EXCHANGE_BY_US : EXCHANGE_BY_THEM;
}

static inline enum exchange_by report_other(enum exchange_by by)
{
    return by == EXCHANGE_BY_US ? EXCHANGE_BY_THEM : EXCHANGE_BY_US;
}

/* A match is sent by who did not start it (doc/spec/conversations.md 5.5). */
static inline enum exchange_by report_sender(const struct report_item *item)
{
    return report_by((item->kind == EXCHANGE_KIND_MATCH) != item->is_own);
}

/* The place of a time among the report's quarters; EXCHANGE_REPORT_QUARTERS when it is in none of them. */
size_t report_quarter_place(const struct exchange_report *report, int64_t time_ms);

/* One more in the quarter of that time and in the sum; `offset` is that of a uint64_t in struct exchange_report_counts. */
void report_count(struct exchange_report *report, enum exchange_by by, int64_t time_ms, size_t offset);
#define REPORT_COUNT(report, by, time_ms, member)                                                                      \
    report_count((report), (by), (time_ms), offsetof(struct exchange_report_counts, member))

enum base_code report_gap_put(struct exchange_report *report, const struct exchange_report_gap *gap) BASE_MUST_USE;

#endif
