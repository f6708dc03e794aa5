/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the report's tables, and the words that its forms share.
 */
#include "cli/report.h"

#include "base/clock.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct exchange_report_counts, member)

enum { TURNS = 8, TURN_LEN = 48, MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };

static const char *end_word(unsigned place)
{
    return exchange_end_word((enum exchange_end)place);
}

static const char *end_shown(unsigned place)
{
    static const char *const shown[EXCHANGE_END_COUNT] = {"answered",
                                                          "answered in part",
                                                          "no trace",
                                                          "transferred",
                                                          "declined",
                                                          "withdrawn",
                                                          "deferred",
                                                          "open, date not passed",
                                                          "silent: no reply, date passed"};
    return shown[place];
}

static const char *care_word(unsigned place)
{
    return exchange_care_word((enum exchange_care)place);
}

static const char *care_shown(unsigned place)
{
    static const char *const shown[EXCHANGE_CARE_COUNT] = {"followed in time", "followed late", "open",
                                                           "never followed, overdue"};
    return shown[place];
}

static const char *arrived_shown(unsigned place)
{
    static const char *const shown[EXCHANGE_CARE_COUNT] = {"assessed by us in time", "assessed by us late",
                                                           "not yet assessed by us", "never assessed by us, overdue"};
    return shown[place];
}

#define WORD_OF(name)                                                                                                          \
    static const char *name##_word(unsigned place)                                                                             \
    {                                                                                                                          \
        return exchange_##name.items[place];                                                                                   \
    }
WORD_OF(codes)
WORD_OF(uses)
WORD_OF(dids)
WORD_OF(duties)

static const char *error_word(unsigned place)
{
    return base_code_word((enum base_code)place);
}

const struct cli_report_row cli_report_rows[] = {
    {"statements", "sent", "Statements", "sent", AT(sent), 0, 0, 0, NULL, NULL, false, 0},
    {"statements", "receipted", NULL, "receipted", AT(receipted), 0, 0, 0, NULL, NULL, false, 0},
    {"asks", "asked", "Requests", "asked", AT(asked), 0, 0, 0, NULL, NULL, false, 0},
    {"asks", "ends", NULL, NULL, AT(ends), 0, 0, EXCHANGE_END_DECLINED + 1, end_word, end_shown, false, 1},
    {"asks", "declines", NULL, NULL, AT(declines), 0, 0, EXCHANGE_CODE_COUNT, codes_word, NULL, true, 2},
    {"asks", "ends", NULL, NULL, AT(ends), 0, EXCHANGE_END_DECLINED + 1, EXCHANGE_END_COUNT, end_word, end_shown, false, 1},
    {"asks", "replied_in_time", NULL, "replied to in time", AT(in_time), 0, 0, 0, NULL, NULL, false, 0},
    {"asks", "replied_late", NULL, "replied to late", AT(late), 0, 0, 0, NULL, NULL, false, 0},
    {"asks", "overdue", NULL, "overdue at some time", AT(overdue), 0, 0, 0, NULL, NULL, true, 0},
    {"asks", "deferrals", NULL, "deferrals", AT(deferrals), 0, 0, 0, NULL, NULL, true, 0},
    {"alerts", "raised", "Alerts", "raised", AT(alerts), 0, 0, 0, NULL, NULL, false, 0},
    {"alerts", "arrived", NULL, NULL, AT(arrived), 0, 0, EXCHANGE_CARE_COUNT, care_word, arrived_shown, true, 1},
    {"alerts", "renewed", NULL, "renewed", AT(renewed), 0, 0, 0, NULL, NULL, true, 0},
    {"alerts", "closed", NULL, "closed by decision", AT(closed), 0, 0, 0, NULL, NULL, true, 0},
    {"alerts", "called_served", NULL, "called served by the other", AT(served), 0, 0, 0, NULL, NULL, true, 0},
    {"alerts", "lapsed_undecided", NULL, "lapsed without a decision", AT(lapsed), AT(lapsed_later), 0, 0, NULL, NULL, false, 0},
    {"alerts", "lapsed_decided_later", NULL, "lapsed, then decided", AT(lapsed_later), 0, 0, 0, NULL, NULL, true, 0},
    {"alerts", "awake", NULL, "awake at the end", AT(awake), 0, 0, 0, NULL, NULL, false, 0},
    {"hits", "own", "Hits on these alerts", "our own", AT(hits), 0, 0, 0, NULL, NULL, true, 0},
    {"hits", "followed", NULL, NULL, AT(cares), 0, 0, EXCHANGE_CARE_COUNT, care_word, care_shown, true, 1},
    {"hits", "untold", NULL, "to be told, overdue", AT(untold), 0, 0, 0, NULL, NULL, true, 2},
    {"hits", "unjudged", NULL, "to be looked at, overdue", AT(unjudged), 0, 0, 0, NULL, NULL, true, 2},
    {"hits", "told", NULL, "told to the alert's owner", AT(told), 0, 0, 0, NULL, NULL, true, 0},
    {"hits", "tell_declines", NULL, NULL, AT(tell_declines), 0, 0, EXCHANGE_CODE_COUNT, codes_word, NULL, true, 1},
    {"feedback", "wanted", "Feedback owed by who asked", "asked for", AT(feedback_wanted), 0, 0, 0, NULL, NULL, true, 0},
    {"feedback", "given", NULL, "given", AT(feedback_given), 0, 0, 0, NULL, NULL, true, 0},
    {"feedback", "uses", NULL, NULL, AT(uses), 0, 0, 3, uses_word, NULL, true, 1},
    {"feedback", "late", NULL, "given late", AT(feedback_late), 0, 0, 0, NULL, NULL, true, 0},
    {"feedback", "overdue", NULL, "not given, overdue", AT(feedback_overdue), 0, 0, 0, NULL, NULL, true, 0},
    {"corrections", "said", "Corrections", "asked for", AT(corrections), 0, 0, 0, NULL, NULL, true, 0},
    {"corrections", "did", NULL, NULL, AT(dids), 0, 0, 4, dids_word, NULL, true, 1},
    {"corrections", "open", NULL, "open, date not passed", AT(corrections_open), 0, 0, 0, NULL, NULL, true, 1},
    {"corrections", "overdue", NULL, "not carried out, overdue", AT(corrections_overdue), 0, 0, 0, NULL, NULL, true, 1},
    {"corrections", "late", NULL, "carried out late", AT(corrections_late), 0, 0, 0, NULL, NULL, true, 0},
    {"matches", "offered", "Matches", "offered", AT(offers), 0, 0, 0, NULL, NULL, true, 0},
    {"matches", "completed", NULL, "of these, completed", AT(matches), 0, 0, 0, NULL, NULL, true, 1},
    {"matches", "broken_off", NULL, "of these, broken off", AT(aborts), 0, 0, 0, NULL, NULL, true, 1},
    {"matches", "refused", NULL, "offers of the other refused", AT(refusals), 0, 0, 0, NULL, NULL, true, 0},
    {"matches", "refusals", NULL, NULL, AT(refusal_words), 0, 0, BASE_CODE_COUNT, error_word, NULL, true, 1},
    {"overdue", "duties", "Entries \"overdue\", by who owes", NULL, AT(duties), 0, 0, EXCHANGE_DUTY_COUNT, duties_word, NULL,
     true, 0},
};
const size_t cli_report_row_count = sizeof cli_report_rows / sizeof *cli_report_rows;

static uint64_t member(const struct exchange_report_counts *counts, size_t offset, unsigned place)
{
    uint64_t value;
    memcpy(&value, (const char *)counts + offset + place * sizeof value, sizeof value);
    return value;
}

unsigned cli_report_row_end(const struct cli_report_row *row)
{
    return row->count == 0 ? 1 : row->count;
}

uint64_t cli_report_value(const struct exchange_report_counts *counts, const struct cli_report_row *row, unsigned place)
{
    return member(counts, row->offset, place) - (row->minus == 0 ? 0 : member(counts, row->minus, place));
}

static bool has_value(const struct exchange_report *report, const struct cli_report_row *row, unsigned place)
{
    for (unsigned by = 0; by < 2; by++)
        for (unsigned i = 0; i <= CLI_REPORT_ALL; i++)
            if (cli_report_value(&report->sides[by].counts[i], row, place) != 0)
                return true;
    return false;
}

static bool has_any(const struct exchange_report *report, const char *section)
{
    for (size_t i = 0; i < cli_report_row_count; i++) {
        const struct cli_report_row *row = &cli_report_rows[i];
        for (unsigned place = row->first; strcmp(row->section, section) == 0 && place < cli_report_row_end(row); place++)
            if (has_value(report, row, place))
                return true;
    }
    return false;
}

static const char *label_of(const struct cli_report_row *row, unsigned place)
{
    if (row->count == 0)
        return row->label;
    return row->shown == NULL ? row->word(place) : row->shown(place);
}

void cli_report_lines(const struct exchange_report *report, cli_report_visit *visit, void *context)
{
    const char *heading = NULL;
    bool is_empty = false;
    for (size_t i = 0; i < cli_report_row_count; i++) {
        const struct cli_report_row *row = &cli_report_rows[i];
        if (row->title != NULL) {
            heading = row->title;
            is_empty = !has_any(report, row->section);
            if (is_empty)
                visit(context, &(struct cli_report_line){heading, NULL, 0, row, 0});
        }
        for (unsigned place = row->first; !is_empty && place < cli_report_row_end(row); place++) {
            if (row->is_optional && !has_value(report, row, place))
                continue;
            visit(context, &(struct cli_report_line){heading, label_of(row, place), row->indent, row, place});
            heading = NULL;
        }
    }
}

static char *next_turn(void)
{
    static char turns[TURNS][TURN_LEN];
    static unsigned turn;
    turn = (turn + 1) % TURNS;
    return turns[turn];
}

static const char *span(int64_t ms, const char *const units[4])
{
    char *text = next_turn();
    if (ms >= 2 * (int64_t)DAY_MS)
        snprintf(text, TURN_LEN, "%.1f %s", (double)ms / DAY_MS, units[0]);
    else if (ms >= 2 * HOUR_MS)
        snprintf(text, TURN_LEN, "%.1f %s", (double)ms / HOUR_MS, units[1]);
    else if (ms >= 2 * MINUTE_MS)
        snprintf(text, TURN_LEN, "%.0f %s", (double)ms / MINUTE_MS, units[2]);
    else
        snprintf(text, TURN_LEN, "%.0f %s", (double)ms / 1000, units[3]);
    return text;
}

const char *cli_report_span(int64_t ms)
{
    return span(ms, (const char *const[]){"days", "hours", "minutes", "seconds"});
}

const char *cli_report_span_short(int64_t ms)
{
    return span(ms, (const char *const[]){"d", "h", "min", "s"});
}

const char *cli_report_day(int64_t time_ms)
{
    char *text = next_turn();
    base_time_format(time_ms, text);
    text[10] = 0;
    return text;
}

const char *cli_report_share(uint64_t part, uint64_t whole)
{
    char *text = next_turn();
    if (whole == 0)
        return "-";
    snprintf(text, TURN_LEN, "%.0f %%", 100 * (double)part / (double)whole);
    return text;
}

char *cli_report_median(const struct exchange_survival *survival)
{
    if (!survival->has_median)
        return cli_copy("not reached");
    /* The lower limit is reached wherever the median is. */
    return cli_format("%s (%s %s%s)", cli_report_span_short(survival->median_ms),
                      cli_report_span_short(survival->median_low_ms), survival->has_median_high ? "to " : "or more",
                      survival->has_median_high ? cli_report_span_short(survival->median_high_ms) : "");
}

const char *cli_report_by(const struct exchange_survival *survival, int64_t time_ms)
{
    const struct exchange_survival_step *step = exchange_survival_at(survival, time_ms);
    char *text = next_turn();
    if (survival->step_count == 0)
        return "-";
    const struct exchange_survival_step *last = &survival->steps[survival->step_count - 1];
    if (time_ms > last->time_ms && last->survival > 0)
        return "-";
    snprintf(text, TURN_LEN, "%.0f %%", step == NULL ? 0.0 : 100 * (1 - step->survival));
    return text;
}

const char *cli_report_end(const struct exchange_report_ask *ask, char out[64])
{
    bool is_declined = ask->end == EXCHANGE_END_DECLINED;
    bool is_late = ask->was_overdue && exchange_end_is_reply(ask->end);
    snprintf(out, 64, "%s%s%s%s", exchange_end_word(ask->end), is_declined ? " " : "",
             is_declined ? exchange_codes.items[ask->code] : "", is_late ? ", late" : "");
    return out;
}

const char *cli_report_gap_what(const struct exchange_report_gap *gap)
{
    static const char *const whats[] = {"no receipt", "no cosignature", "suspended"};
    return whats[gap->kind];
}

const char *cli_report_gap_how(const struct exchange_report_gap *gap)
{
    static const char *const hows[] = {"", "ended by then", "goes on", "end not known"};
    return hows[gap->end];
}

char *cli_report_gap_long(const struct exchange_report_gap *gap)
{
    static const char *const bounds[] = {"", "at most ", "", "at least "};
    return cli_format("%s%s", bounds[gap->end], cli_report_span(gap->end_ms - gap->begin_ms));
}

/* ", 2 declined" */
static void append_end(struct base_buffer *out, const struct exchange_report_counts *counts, enum exchange_end end,
                       const char *words)
{
    if (counts->ends[end] == 0 || base_buffer_format(out, ", %s %s", cli_thousands(counts->ends[end]), words) == BASE_OK)
        return;
    abort();
}

char *cli_report_summary(const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    static const char *const words[EXCHANGE_END_COUNT] = {"answered",    "answered in part", "without a trace",
                                                          "transferred", "declined",         "withdrawn",
                                                          "deferred",    "open in time",     "silent after the date"};
    const struct exchange_report_side *side = &report->sides[by];
    const struct exchange_report_counts *counts = &side->counts[CLI_REPORT_LAST];
    struct base_buffer ends = BASE_BUFFER_EMPTY;
    for (enum exchange_end end = 0; end < EXCHANGE_END_COUNT; end++)
        append_end(&ends, counts, end, words[end]);
    char *open = side->open_asks == 0 ? cli_copy("Nothing is open.")
                                      : cli_format("Without a reply now: %s, the oldest since %s.",
                                                   cli_thousands(side->open_asks), cli_report_day(side->oldest_open_ms));
    const char *who = by == EXCHANGE_BY_US ? "We" : peer, *whom = by == EXCHANGE_BY_US ? peer : "us";
    char *text = counts->asked == 0 ? cli_format("%s asked %s nothing this quarter. %s", who, whom, open)
                                    : cli_format("%s asked %s %s%s this quarter: %s. %s", who, whom,
                                                 counts->asked == 1 ? "once" : cli_thousands(counts->asked),
                                                 counts->asked == 1 ? "" : " times", base_buffer_c_string(&ends) + 2, open);
    base_buffer_release(&ends);
    free(open);
    return text;
}

struct warning {
    cli_report_say *say;
    void *context;
};

static void warn(const struct warning *warning, const char *format, ...) BASE_FORMAT(2, 3);

static void warn(const struct warning *warning, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    if (vasprintf(&text, format, list) < 0)
        abort();
    va_end(list);
    warning->say(warning->context, text);
    free(text);
}

static const char *many(uint64_t count, const char *one, const char *more)
{
    return count == 1 ? one : more;
}

/* What the other of the two owes to who began. */
static void warn_of_side(const struct warning *warning, const struct exchange_report *report, enum exchange_by by,
                         const char *peer)
{
    const struct exchange_report_side *side = &report->sides[by];
    const struct exchange_report_counts *all = &side->counts[CLI_REPORT_ALL];
    bool is_ours = by == EXCHANGE_BY_US;
    const char *owner = is_ours ? "we" : peer, *debtor = is_ours ? peer : "us";
    if (side->silent_asks > 0)
        warn(warning, "%s %s that %s asked %s no reply from %s, and %s date has passed.", cli_thousands(side->silent_asks),
             many(side->silent_asks, "request", "requests"), owner, many(side->silent_asks, "has", "have"), debtor,
             many(side->silent_asks, "its", "their"));
    if (side->lapsed_alerts > 0)
        warn(warning, "%s %s of %s %s past the review date without a decision.", cli_thousands(side->lapsed_alerts),
             many(side->lapsed_alerts, "alert", "alerts"), is_ours ? "ours" : peer, many(side->lapsed_alerts, "is", "are"));
    if (all->arrived[EXCHANGE_CARE_NEVER] > 0)
        warn(warning, "%s %s of %s %s never assessed by us.", cli_thousands(all->arrived[EXCHANGE_CARE_NEVER]),
             many(all->arrived[EXCHANGE_CARE_NEVER], "alert", "alerts"), peer,
             many(all->arrived[EXCHANGE_CARE_NEVER], "was", "were"));
    if (all->cares[EXCHANGE_CARE_NEVER] > 0)
        warn(warning, "%s of our hits on %s alerts %s never followed; %s of them to be told.",
             cli_thousands(all->cares[EXCHANGE_CARE_NEVER]), is_ours ? "our own" : "the other's",
             many(all->cares[EXCHANGE_CARE_NEVER], "was", "were"), cli_thousands(all->untold));
    if (all->corrections_overdue > 0)
        warn(warning, "%s %s that %s asked for %s not carried out by %s.", cli_thousands(all->corrections_overdue),
             many(all->corrections_overdue, "correction", "corrections"), owner, many(all->corrections_overdue, "was", "were"),
             debtor);
    if (all->feedback_overdue > 0)
        warn(warning, "%s %s %s feedback on %s%s.", is_ours ? "We" : peer, is_ours ? "owe" : "owes", debtor,
             all->feedback_overdue == 1 ? "an answer" : cli_thousands(all->feedback_overdue),
             all->feedback_overdue == 1 ? "" : " answers");
}

void cli_report_warnings(const struct exchange_report *report, const char *peer, cli_report_say *say, void *context)
{
    static const char *const whats[] = {"No receipt", "No cosignature", "Suspended"};
    struct warning warning = {say, context};
    warn_of_side(&warning, report, EXCHANGE_BY_US, peer);
    warn_of_side(&warning, report, EXCHANGE_BY_THEM, peer);
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct exchange_report_gap *gap = &report->gaps[i];
        if (gap->end == EXCHANGE_GAP_STANDS)
            warn(&warning, "%s by %s since %s.", whats[gap->kind], gap->by == EXCHANGE_BY_US ? "us" : peer,
                 cli_report_day(gap->begin_ms));
    }
}

int64_t cli_report_listed_from(const struct exchange_report *report, enum exchange_by by)
{
    const struct exchange_report_side *side = &report->sides[by];
    if (!side->all.has_estimate)
        return report->begins_ms[0];
    return side->quarter.has_estimate ? INT64_MAX : report->begins_ms[CLI_REPORT_LAST];
}
