/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in a compartment, as its entries tell: which alerts, asks and corrections there were, how each went, what was
 * late or never came. doc/spec/oversight.md, section 3. Computes only; nothing is printed here.
 */
#ifndef VERIFY_ACCOUNT_H
#define VERIFY_ACCOUNT_H

#include "verify/export.h"

enum verify_ask_end {
    VERIFY_ASK_OPEN, VERIFY_ASK_DEFERRED, VERIFY_ASK_SILENT, VERIFY_ASK_ANSWERED, VERIFY_ASK_PARTLY, VERIFY_ASK_NO_TRACE,
    VERIFY_ASK_TRANSFERRED, VERIFY_ASK_DECLINED, VERIFY_ASK_WITHDRAWN, VERIFY_ASK_END_COUNT
};
const char *verify_ask_end_word(enum verify_ask_end end);

struct verify_ask {
    uint32_t index;
    enum verify_ask_end end;
    uint8_t code;      /* of a declined one */
    unsigned defers, overdues;
    int64_t due;       /* the last date */
    int64_t ended;     /* when the duty was met; 0 when it was not */
    bool is_late;
    bool has_passed;   /* the date, without an answer and without an overdue */
};

struct verify_alert {
    uint32_t index;
    int64_t review;     /* the last date */
    int64_t closed;     /* 0 while awake */
    uint8_t closed_by;
    unsigned renewals, lapses;
    int64_t lapsed_at;  /* the last overdue review */
    int64_t decided_at; /* the first renewal or closing after it; 0 for none */
    unsigned served, justify_overdue;
    unsigned hits[VERIFY_GRADE_COUNT];
    unsigned verdicts[VERIFY_VERDICT_COUNT]; /* the last on each hit; assessed: of the alert itself */
    unsigned unjudged, judged_late;          /* hits without a verdict; overdue tasks */
    unsigned told, declined, told_late;      /* told_late: overdue duties to tell */
};

struct verify_correction {
    uint32_t index;
    int64_t done; /* 0: nothing was said to be done */
    uint8_t did;
    bool is_overdue;
};

/* An overdue receipt or cosignature. */
struct verify_gap {
    uint32_t index;
    int64_t ended; /* when the receipt is dated; 0 when there is none, or for a cosignature */
};

struct verify_account {
    struct verify_ask *asks;               /* owned, as the next three; in order of their entries */
    struct verify_alert *alerts;
    struct verify_correction *corrections;
    struct verify_gap *gaps;
    size_t ask_count, alert_count, correction_count, gap_count;
    uint64_t kinds[VERIFY_KIND_COUNT];     /* entries of each kind */
    uint64_t erased;                       /* contents, by all retentions */
    uint64_t uses[VERIFY_USE_COUNT];       /* of answers */
    uint64_t feedback_overdue;
    uint64_t unreceipted;                  /* statements of the owner's without a receipt */
    int64_t unreceipted_since;             /* the time of the oldest */
};

#define VERIFY_ACCOUNT_EMPTY ((struct verify_account){.asks = NULL})

/* Of an export that was read and found sound. VERIFY_UNREADABLE without memory. Must be released in any case. */
enum verify_result verify_account_make(const struct verify_export *export, struct verify_account *out, struct verify_report *report) VERIFY_MUST_USE;
void verify_account_release(struct verify_account *account);

#endif
