/* SPDX-License-Identifier: Apache-2.0
 *
 * The cooperation report in its three forms, and what they share: the rows of its tables and the words for spans of time. A
 * form shows what a report holds and computes nothing but shares. Private to the report_*.c files.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/print.h"
#include "node/survey.h"

enum { CLI_REPORT_LAST = EXCHANGE_REPORT_QUARTERS - 1, CLI_REPORT_ALL = EXCHANGE_REPORT_ALL };

/* A row of the table of counts, for both directions. */
struct cli_report_row {
    const char *section, *key; /* names in JSON */
    const char *title;         /* of the section, where the row is its first; for people */
    const char *label;
    size_t offset;         /* of a uint64_t in struct exchange_report_counts */
    size_t minus;          /* of another that is taken off; 0 for none */
    unsigned first, count; /* 0, 0: a number; else the words from `first` to before `count`, one each; `label` is then NULL */
    const char *(*word)(unsigned place);
    const char *(*shown)(unsigned place); /* for people; NULL: the word */
    bool is_optional;                     /* left out of tables where it is 0 everywhere */
    unsigned indent;
};
extern const struct cli_report_row cli_report_rows[];
extern const size_t cli_report_row_count;
unsigned cli_report_row_end(const struct cli_report_row *row); /* the place after its last; 1 for a number */
uint64_t cli_report_value(const struct exchange_report_counts *counts, const struct cli_report_row *row, unsigned place);

/* Calls `visit` for each row that has something to show in this report, words one by one. `heading` is the section's title on
 * its first shown row, else NULL; a section that is 0 everywhere is one row without values ("none"). */
struct cli_report_line {
    const char *heading;
    const char *label; /* NULL: the section is empty */
    unsigned indent;
    const struct cli_report_row *row;
    unsigned place;
};
typedef void cli_report_visit(void *context, const struct cli_report_line *line);
void cli_report_lines(const struct exchange_report *report, cli_report_visit *visit, void *context);

/* "3.2 days", "5.0 hours", "12 minutes", "40 seconds"; and short: "3.2 d". In static storage of eight turns. */
const char *cli_report_span(int64_t ms);
const char *cli_report_span_short(int64_t ms);
const char *cli_report_day(int64_t time_ms); /* "2026-11-24"; likewise */
/* "64 %" of what is decided; "-" of nothing. */
const char *cli_report_share(uint64_t part, uint64_t whole);
/* "3.2 d (2.1 d to 5.0 d)", "3.2 d (2.1 d or more)", "not reached". The caller frees. */
char *cli_report_median(const struct exchange_survival *survival);
/* How much is replied to by then: "64 %", or "-" where nothing is known of so long a time. */
const char *cli_report_by(const struct exchange_survival *survival, int64_t time_ms);
const char *cli_report_end(const struct exchange_report_ask *ask, char out[64]); /* "declined: NOT_HELD, late" */
const char *cli_report_gap_what(const struct exchange_report_gap *gap);
const char *cli_report_gap_how(const struct exchange_report_gap *gap);
char *cli_report_gap_long(const struct exchange_report_gap *gap); /* the caller frees */
/* What a direction comes to, in one or two sentences. The caller frees. */
char *cli_report_summary(const struct exchange_report *report, enum exchange_by by, const char *peer);

/* What stands overdue at the report's time, a sentence each; nothing when nothing does. */
typedef void cli_report_say(void *context, const char *sentence);
void cli_report_warnings(const struct exchange_report *report, const char *peer, cli_report_say *say, void *context);

/* From when on the requests of a direction are listed: where there is no estimate, the quarter's or all. INT64_MAX: none. */
int64_t cli_report_listed_from(const struct exchange_report *report, enum exchange_by by);

void cli_report_text(const struct node_survey *survey);
json_t *cli_report_json(const struct node_survey *survey);
/* Appends the page. BASE_E_NOMEM. */
enum base_code cli_report_html(const struct node_survey *survey, struct base_buffer *out) BASE_MUST_USE;

#endif
