/* SPDX-License-Identifier: Apache-2.0
 *
 * The cooperation report: what the ledgers of a pair of parties say about how they work together, in numbers. It is made from
 * the statements alone, in the order in which they were entered here; no I/O, no clock.
 *
 *     exchange_report_init(&report, quarter, at_ms)
 *     for each ledger: exchange_report_ledger(&report, &ledger), then exchange_report_add() for each entry, entry 0 first
 *     exchange_report_finish(&report)                  -- now everything in the struct can be read
 *     exchange_report_release(&report)
 *
 * A report is about one quarter and the eight that end with it, as the ledger stood at `at_ms`: what was entered later is left
 * out. What was begun in a quarter counts there, however late it ended. Times are those of one's own ledger: when a statement
 * was entered here, not when its sender says it was made. Every number is defined in doc/spec/report.md.
 */
#ifndef EXCHANGE_REPORT_H
#define EXCHANGE_REPORT_H

#include "exchange/statement.h"
#include "exchange/survival.h"

enum {
    EXCHANGE_REPORT_QUARTERS = 8,
    EXCHANGE_REPORT_ALL = EXCHANGE_REPORT_QUARTERS, /* place of the sum over the eight quarters */
    EXCHANGE_REPORT_LEAST = 10,                     /* requests, below which they are listed instead of estimated */
    EXCHANGE_QUARTER_LEN = 7,                       /* "2026Q4" and NUL */
};

struct exchange_quarter {
    int year;
    int number; /* 1 to 4, in UTC */
};
enum base_code exchange_quarter_parse(const char *text, struct exchange_quarter *out) BASE_MUST_USE; /* BASE_E_FORMAT */
void exchange_quarter_format(struct exchange_quarter quarter, char out[EXCHANGE_QUARTER_LEN]);
struct exchange_quarter exchange_quarter_of(int64_t time_ms);
struct exchange_quarter exchange_quarter_shift(struct exchange_quarter quarter, int by);
int64_t exchange_quarter_begin_ms(struct exchange_quarter quarter);

/* Who said it: asked, warned, corrected, refused. */
enum exchange_by { EXCHANGE_BY_US, EXCHANGE_BY_THEM };

/* What became of an ask; each has exactly one. */
enum exchange_end {
    EXCHANGE_END_ANSWERED,
    EXCHANGE_END_PARTLY,
    EXCHANGE_END_NO_TRACE,
    EXCHANGE_END_TRANSFERRED,
    EXCHANGE_END_DECLINED,
    EXCHANGE_END_WITHDRAWN, /* and no reply came, not even one that had crossed with it */
    EXCHANGE_END_DEFERRED,  /* no reply yet; deferred to a date that has not passed */
    EXCHANGE_END_OPEN,      /* no reply yet; its date has not passed */
    EXCHANGE_END_SILENT,    /* no reply, and its date has passed */
    EXCHANGE_END_COUNT
};
const char *exchange_end_word(enum exchange_end end); /* "answered", "partly-answered" ... */
bool exchange_end_is_reply(enum exchange_end end);    /* the asked party said something that ends it */

/* What became of something that was to be looked at: a hit, an alert that arrived. Each has exactly one. */
enum exchange_care { EXCHANGE_CARE_IN_TIME, EXCHANGE_CARE_LATE, EXCHANGE_CARE_OPEN, EXCHANGE_CARE_NEVER, EXCHANGE_CARE_COUNT };
const char *exchange_care_word(enum exchange_care care); /* "in-time", "late", "open", "never" */

/* Of one quarter, or of all eight, in one direction. */
struct exchange_report_counts {
    /* Statements this side sent by its outbox, and those of them that the other has receipted. */
    uint64_t sent, receipted;

    /* Asks of this side: the sum of `ends` is `asked`, that of `declines` is ends[EXCHANGE_END_DECLINED]. */
    uint64_t asked, ends[EXCHANGE_END_COUNT], declines[EXCHANGE_CODE_COUNT];
    uint64_t deferrals;
    uint64_t in_time;  /* replied to, and never overdue */
    uint64_t overdue;  /* the date in force passed without a reply at some time */
    uint64_t late;     /* of these, replied to after all: in_time + late is the number that was replied to */
    uint64_t in_first; /* replied to by the date first asked for, deferrals set aside */
    uint64_t over_first;
    int64_t oldest_open_ms; /* when the oldest that has no reply was entered; 0 when there is none */

    /* Alerts of this side. */
    uint64_t alerts, renewed, closed, served;
    uint64_t awake;         /* at the quarter's end */
    uint64_t lapsed;        /* review dates that passed without a decision */
    uint64_t lapsed_later;  /* of these, decided later */
    /* How the other side looked at them when they arrived: for alerts of theirs only, since only we know how we looked. */
    uint64_t arrived[EXCHANGE_CARE_COUNT];

    /* What was found on alerts of this side. Hits are known only to who has them: for them `hits` and `cares` are our own. */
    uint64_t hits, cares[EXCHANGE_CARE_COUNT]; /* the sum of `cares` is `hits` */
    uint64_t untold, unjudged;                 /* of `never`: the duty to tell, to look at it, that is overdue; either or both */
    uint64_t told, tell_declines[EXCHANGE_CODE_COUNT];

    /* Feedback this side owes or gives on what its asks were answered. */
    uint64_t feedback_wanted, feedback_given, feedback_late, feedback_overdue, uses[3];

    /* Corrections this side asks for. */
    uint64_t corrections, dids[4], corrections_open, corrections_overdue, corrections_late;

    /* Matches this side offered, those that came about, broke off; and the offers of the other side that this side refused. */
    uint64_t offers, matches, aborts, refusals, refusal_words[BASE_CODE_COUNT];

    /* Entries "overdue" about duties that this side owes. */
    uint64_t duties[EXCHANGE_DUTY_COUNT];
};

/* Estimates over the asks of a period that has at least EXCHANGE_REPORT_LEAST of them. */
struct exchange_report_times {
    bool has_estimate;
    struct exchange_survival replies; /* to the first reply; open and withdrawn ones are censored */
    uint64_t urgency_counts[EXCHANGE_URGENCY_COUNT];
    struct exchange_survival urgencies[EXCHANGE_URGENCY_COUNT]; /* empty below EXCHANGE_REPORT_LEAST of that urgency */
    struct exchange_survival receipts; /* of statements sent; of any number of them */
};

struct exchange_report_ask {
    int64_t asked_ms, due_ms; /* due_ms as last deferred */
    int64_t ended_ms;         /* the first reply, or the withdrawal; 0 while open */
    enum exchange_urgency urgency;
    enum exchange_end end;
    enum exchange_code code; /* of a decline */
    uint64_t deferrals;
    bool was_overdue;
};

struct exchange_report_correction {
    int64_t said_ms, due_ms;
    int64_t done_ms; /* 0: not yet */
    enum exchange_action action;
    enum exchange_did did;
};

struct exchange_report_side {
    struct exchange_report_counts counts[EXCHANGE_REPORT_QUARTERS + 1]; /* oldest quarter first, then the sum */
    struct exchange_report_times quarter, all;
    struct exchange_report_ask *asks; /* of the eight quarters, as they were entered; owned */
    size_t ask_count, ask_capacity;
    struct exchange_report_correction *corrections; /* likewise */
    size_t correction_count, correction_capacity;
    /* Of the whole ledger, however old. */
    uint64_t open_asks, silent_asks, awake_alerts, lapsed_alerts;
    int64_t oldest_open_ms; /* 0 for none */
};

/* A time in which a party did not receipt, or did not cosign, longer than the terms allow; or was suspended. */
enum exchange_gap_kind { EXCHANGE_GAP_RECEIPT, EXCHANGE_GAP_COSIGN, EXCHANGE_GAP_SUSPENDED };
enum exchange_gap_end {
    EXCHANGE_GAP_ENDED,   /* at end_ms */
    EXCHANGE_GAP_BEFORE,  /* at end_ms at the latest */
    EXCHANGE_GAP_STANDS,  /* it goes on: end_ms is the report's time */
    EXCHANGE_GAP_UNKNOWN, /* the ledger does not say; end_ms is until when it is known to have lasted */
};
const char *exchange_gap_kind_word(enum exchange_gap_kind kind); /* "receipt", "cosign", "suspended" */
const char *exchange_gap_end_word(enum exchange_gap_end end);    /* "ended", "ended-before", "stands", "unknown" */
struct exchange_report_gap {
    enum exchange_gap_kind kind;
    enum exchange_by by; /* who owed it; who suspended */
    int64_t begin_ms;    /* the date that passed; when the suspension was entered */
    int64_t end_ms;
    enum exchange_gap_end end;
};

struct exchange_report_work; /* private */

struct exchange_report {
    struct exchange_quarter quarter;
    int64_t at_ms;
    int64_t begins_ms[EXCHANGE_REPORT_QUARTERS + 1]; /* of the quarters; then the end of the last */
    struct exchange_report_side sides[2];            /* by enum exchange_by */
    struct exchange_report_gap *gaps;                /* that reach into the eight quarters; owned */
    size_t gap_count, gap_capacity;
    struct exchange_hours hours; /* of the ledgers, if they agree */
    bool has_hours;
    uint64_t entries;  /* entered by at_ms */
    uint64_t unfitting; /* entries about something that is not there, or that may not be said of it: left out */
    int64_t first_ms;  /* when the first was entered; 0 for an empty ledger */
    struct exchange_report_work *work;
};

/* What must be known of a ledger besides its entries. */
struct exchange_report_ledger {
    struct exchange_hours hours;
    uint64_t cosigned;   /* entries that the other party has cosigned, and when; 0 for none */
    int64_t cosigned_ms;
};

struct exchange_report_entry {
    const struct exchange_statement *statement; /* borrowed for the call; NULL for the terms */
    struct crypto_hash hash;                    /* leaf hash */
    int64_t entered_ms;
    bool is_own; /* said by this party */
};

void exchange_report_init(struct exchange_report *report, struct exchange_quarter quarter, int64_t at_ms);
/* The entries that follow are of this ledger. BASE_E_NOMEM. */
enum base_code exchange_report_ledger(struct exchange_report *report, const struct exchange_report_ledger *ledger) BASE_MUST_USE;
enum base_code exchange_report_add(struct exchange_report *report, const struct exchange_report_entry *entry) BASE_MUST_USE; /* BASE_E_NOMEM */
enum base_code exchange_report_finish(struct exchange_report *report) BASE_MUST_USE; /* BASE_E_NOMEM */
void exchange_report_release(struct exchange_report *report);

#endif
