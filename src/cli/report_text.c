/* SPDX-License-Identifier: Apache-2.0
 *
 * The report on the terminal.
 */
#include "cli/report.h"
#include "cli/table.h"

#include "base/clock.h"
#include "cli/home.h"

#include <stdlib.h>

enum { DAY_MS = 86400000 };

static void put_heading(const char *text)
{
    char *safe = cli_safe(text);
    printf("\n%s%s%s\n", cli_bold(stdout), safe, cli_plain(stdout));
    free(safe);
}

static void put_sentence(const char *text)
{
    cli_print_wrapped(stdout, text, 0, cli_width(stdout));
}

static void add_line(void *context, const struct cli_report_line *line)
{
    struct cli_table *table = ((void **)context)[0];
    const struct exchange_report *report = ((void **)context)[1];
    if (line->heading != NULL) {
        if (table->cell_count > 0)
            cli_table_add(table, CLI_TEXTS("", "", "", "", ""));
        cli_table_add(table, CLI_TEXTS(line->heading, line->label == NULL ? "none" : "", "", "", ""));
    }
    if (line->label == NULL)
        return;
    char *label = cli_format("%*s%s", (int)(2 + 2 * line->indent), "", line->label), *cells[4];
    for (unsigned i = 0; i < 4; i++) {
        const struct exchange_report_counts *counts =
            &report->sides[i / 2].counts[i % 2 == 0 ? CLI_REPORT_LAST : CLI_REPORT_ALL];
        cells[i] = cli_copy(cli_thousands(cli_report_value(counts, line->row, line->place)));
    }
    cli_table_add(table, CLI_TEXTS(label, cells[0], cells[1], cells[2], cells[3]));
    for (unsigned i = 0; i < 4; i++)
        free(cells[i]);
    free(label);
}

static void put_counts(const struct exchange_report *report)
{
    char *titles[4];
    for (unsigned i = 0; i < 4; i++)
        titles[i] = i % 2 == 0 ? cli_format("%s Q%d", i < 2 ? "OURS" : "THEIRS", report->quarter.number)
                               : cli_format("%s 8Q", i < 2 ? "OURS" : "THEIRS");
    const struct cli_column columns[] = {
        {"", CLI_FLEXIBLE}, {titles[0], CLI_RIGHT}, {titles[1], CLI_RIGHT}, {titles[2], CLI_RIGHT}, {titles[3], CLI_RIGHT}};
    struct cli_table table;
    const void *context[] = {&table, report};
    cli_table_init(&table, columns, 5);
    cli_report_lines(report, add_line, context);
    cli_table_print(&table, stdout);
    cli_table_release(&table);
    for (unsigned i = 0; i < 4; i++)
        free(titles[i]);
}

static void add_estimate(struct cli_table *table, const char *label, const struct exchange_survival *survival,
                         const char *in_time)
{
    char *median = cli_report_median(survival);
    cli_table_add(table, CLI_TEXTS(label, cli_thousands(survival->count), median, in_time, cli_report_by(survival, DAY_MS),
                                   cli_report_by(survival, 7LL * DAY_MS), cli_report_by(survival, 30LL * DAY_MS)));
    free(median);
}

static void add_times(struct cli_table *table, const char *label, const struct exchange_report_times *times,
                      const struct exchange_report_counts *counts)
{
    if (!times->has_estimate)
        return;
    add_estimate(table, label, &times->replies, cli_report_share(counts->in_time, counts->in_time + counts->overdue));
    for (unsigned i = 0; i < EXCHANGE_URGENCY_COUNT; i++) {
        char *urgency = cli_format("  %s", exchange_urgencies.items[i]);
        if (times->urgencies[i].count > 0 && times->urgencies[i].count < times->replies.count)
            add_estimate(table, urgency, &times->urgencies[i], "");
        free(urgency);
    }
}

static void put_times(const struct exchange_report *report)
{
    static const struct cli_column columns[] = {{"REPLIES TO", CLI_LEFT}, {"ASKED", CLI_RIGHT},  {"MEDIAN (95 %)", CLI_LEFT},
                                                {"IN TIME", CLI_RIGHT},   {"IN 1 D", CLI_RIGHT}, {"7 D", CLI_RIGHT},
                                                {"30 D", CLI_RIGHT}};
    static const char *const labels[2][2] = {{"ours, quarter", "ours, 8Q"}, {"theirs, quarter", "theirs, 8Q"}};
    struct cli_table table;
    cli_table_init(&table, columns, 7);
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        add_times(&table, labels[by][0], &side->quarter, &side->counts[CLI_REPORT_LAST]);
        add_times(&table, labels[by][1], &side->all, &side->counts[CLI_REPORT_ALL]);
    }
    if (table.cell_count > 0) {
        put_heading("How long a reply takes");
        put_sentence(
            "Kaplan-Meier: what has no reply yet counts as waited for until now. In time: of those that are replied to "
            "or overdue.");
        putchar('\n');
        cli_table_print(&table, stdout);
    }
    cli_table_release(&table);
}

static void put_receipts(const struct exchange_report *report, const char *peer)
{
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        if (side->quarter.receipts.count == 0)
            continue;
        char *median = cli_report_median(&side->quarter.receipts);
        char *text = cli_format("Time until %s receipted what %s sent this quarter (median, 95 %%): %s.",
                                by == EXCHANGE_BY_US ? peer : "we", by == EXCHANGE_BY_US ? "we" : peer, median);
        put_sentence(text);
        free(text);
        free(median);
    }
}

static void put_list(const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    static const struct cli_column columns[] = {
        {"ASKED", CLI_LEFT}, {"URGENCY", CLI_LEFT}, {"DUE", CLI_LEFT}, {"OUTCOME", CLI_FLEXIBLE}, {"AFTER", CLI_RIGHT}};
    const struct exchange_report_side *side = &report->sides[by];
    int64_t from_ms = cli_report_listed_from(report, by);
    struct cli_table table;
    cli_table_init(&table, columns, 5);
    for (size_t i = 0; i < side->ask_count; i++) {
        const struct exchange_report_ask *ask = &side->asks[i];
        char end[64];
        if (ask->asked_ms >= from_ms)
            cli_table_add(&table,
                          CLI_TEXTS(cli_report_day(ask->asked_ms), exchange_urgencies.items[ask->urgency],
                                    cli_report_day(ask->due_ms), cli_report_end(ask, end),
                                    cli_report_span((ask->ended_ms == 0 ? report->at_ms : ask->ended_ms) - ask->asked_ms)));
    }
    if (table.cell_count > 0) {
        char *heading = cli_format("What %s asked %s%s", by == EXCHANGE_BY_US ? "we" : peer, by == EXCHANGE_BY_US ? peer : "us",
                                   from_ms == report->begins_ms[0] ? "" : " this quarter");
        put_heading(heading);
        put_sentence("Fewer than ten: each is listed, since a rate of so few would say more about chance than about a party.");
        putchar('\n');
        cli_table_print(&table, stdout);
        free(heading);
    }
    cli_table_release(&table);
}

static void put_corrections(const struct exchange_report *report)
{
    static const struct cli_column columns[] = {{"SAID", CLI_LEFT}, {"BY", CLI_LEFT},  {"ACTION", CLI_LEFT},
                                                {"DUE", CLI_LEFT},  {"DID", CLI_LEFT}, {"AFTER", CLI_RIGHT}};
    struct cli_table table;
    cli_table_init(&table, columns, 6);
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        for (size_t i = 0; i < side->correction_count; i++) {
            const struct exchange_report_correction *item = &side->corrections[i];
            const char *did = item->done_ms != 0             ? exchange_dids.items[item->did]
                              : report->at_ms > item->due_ms ? "nothing, overdue"
                                                             : "open";
            cli_table_add(&table,
                          CLI_TEXTS(cli_report_day(item->said_ms), by == EXCHANGE_BY_US ? "us" : "them",
                                    exchange_actions.items[item->action], cli_report_day(item->due_ms), did,
                                    cli_report_span((item->done_ms == 0 ? report->at_ms : item->done_ms) - item->said_ms)));
        }
    }
    if (table.cell_count > 0) {
        put_heading("Corrections");
        cli_table_print(&table, stdout);
    }
    cli_table_release(&table);
}

static void put_gaps(const struct exchange_report *report)
{
    static const struct cli_column columns[] = {{"WHAT", CLI_LEFT},  {"BY", CLI_LEFT},   {"SINCE", CLI_LEFT},
                                                {"UNTIL", CLI_LEFT}, {"", CLI_FLEXIBLE}, {"LONG", CLI_RIGHT}};
    struct cli_table table;
    cli_table_init(&table, columns, 6);
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct exchange_report_gap *gap = &report->gaps[i];
        char *length = cli_report_gap_long(gap);
        cli_table_add(&table, CLI_TEXTS(cli_report_gap_what(gap), gap->by == EXCHANGE_BY_US ? "us" : "them",
                                        cli_report_day(gap->begin_ms),
                                        gap->end == EXCHANGE_GAP_STANDS ? "" : cli_report_day(gap->end_ms),
                                        cli_report_gap_how(gap), length));
        free(length);
    }
    put_heading("Gaps");
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    else
        put_sentence("No receipt and no cosignature was overdue in the eight quarters, and nothing was suspended.");
    cli_table_release(&table);
}

static void put_warning(void *context, const char *sentence)
{
    bool *has_any = context;
    if (!*has_any)
        put_heading("Overdue now");
    *has_any = true;
    char *item = cli_format("- %s", sentence);
    put_sentence(item);
    free(item);
}

static void put_report(const struct exchange_report *report, const char *peer)
{
    bool has_warning = false;
    putchar('\n');
    for (unsigned by = 0; by < 2; by++) {
        char *summary = cli_report_summary(report, by, peer);
        put_sentence(summary);
        free(summary);
    }
    put_receipts(report, peer);
    cli_report_warnings(report, peer, put_warning, &has_warning);
    putchar('\n');
    put_counts(report);
    put_times(report);
    put_list(report, EXCHANGE_BY_US, peer);
    put_list(report, EXCHANGE_BY_THEM, peer);
    put_corrections(report);
    put_gaps(report);
    if (report->unfitting > 0) {
        char *text = cli_format("%s entries fit nothing before them and are not counted: entente ledger verify.",
                                cli_thousands(report->unfitting));
        put_heading("To be looked into");
        put_sentence(text);
        free(text);
    }
}

static void put_part(const struct node_survey *survey, const struct node_survey_part *part)
{
    const struct node_compartment *compartment = &part->compartment;
    char root[65];
    cli_hash_hex(&part->facts.root, root);
    char *heading = cli_format("Compartment %s with %s", compartment->name, compartment->peer_name);
    put_heading(heading);
    free(heading);
    cli_print_field("purpose", "%s", compartment->terms.purpose);
    cli_print_field("ledger", "%s entries, %s of them by then; %s", cli_thousands(part->facts.entries),
                    cli_thousands(part->report.entries),
                    survey->is_verified ? "every signature holds" : "signatures not checked");
    if (part->facts.entries > 0)
        cli_print_field("root", "%s", root);
    if (part->report.entries <= 1)
        cli_print_field("", "nothing was said in it yet");
    else
        put_report(&part->report, compartment->peer_name);
}

void cli_report_text(const struct node_survey *survey)
{
    char quarter[EXCHANGE_QUARTER_LEN], first[EXCHANGE_QUARTER_LEN], at[BASE_TIME_TEXT_LEN + 1];
    struct exchange_quarter next = exchange_quarter_shift(survey->quarter, 1);
    exchange_quarter_format(survey->quarter, quarter);
    exchange_quarter_format(exchange_quarter_shift(survey->quarter, 1 - EXCHANGE_REPORT_QUARTERS), first);
    base_time_format(survey->at_ms, at);
    printf("%sCooperation report of %s, %s%s\n", cli_bold(stdout), survey->own.name, quarter, cli_plain(stdout));
    cli_print_field("quarter", "%s to %s", cli_report_day(exchange_quarter_begin_ms(survey->quarter)),
                    cli_report_day(exchange_quarter_begin_ms(next) - 1));
    cli_print_field("8Q", "the eight quarters %s to %s", first, quarter);
    cli_print_field("as of", "%s", at);
    for (size_t i = 0; i < survey->pair_count; i++) {
        const struct node_survey_pair *pair = &survey->pairs[i];
        for (size_t part = pair->first; part < pair->first + pair->count; part++)
            put_part(survey, &survey->parts[part]);
        if (pair->count > 1) {
            char *heading = cli_format("All %zu compartments with %s", pair->count, pair->peer_name);
            put_heading(heading);
            put_report(&pair->report, pair->peer_name);
            free(heading);
        }
    }
}
