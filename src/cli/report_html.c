/* SPDX-License-Identifier: Apache-2.0
 *
 * The report as one page that needs nothing else: no script, no font, no picture from outside. Every picture has its numbers in
 * a table beside it.
 */
#include "cli/report_page.h"

#include "base/clock.h"
#include "cli/home.h"

#include <stdlib.h>

enum { DAY_MS = 86400000 };

static const char *who(enum exchange_by by, const char *peer)
{
    return by == EXCHANGE_BY_US ? "us" : peer;
}

static void put_cell(struct cli_page *page, const char *class, const char *text)
{
    cli_page_format(page, "<td%s%s%s>", *class == 0 ? "" : " class=\"", class, *class == 0 ? "" : "\"");
    cli_page_text(page, text);
    cli_page_put(page, "</td>");
}

static void put_count(struct cli_page *page, uint64_t value)
{
    put_cell(page, value == 0 ? "zero" : "", cli_thousands(value));
}

static void put_titles(struct cli_page *page, const char *const *titles)
{
    cli_page_put(page, "<thead><tr>");
    for (; *titles != NULL; titles++) {
        cli_page_put(page, "<th scope=\"col\" class=\"word\">");
        cli_page_text(page, *titles);
        cli_page_put(page, "</th>");
    }
    cli_page_put(page, "</tr></thead>\n<tbody>\n");
}

static void put_paragraph(struct cli_page *page, const char *class, const char *text)
{
    cli_page_format(page, "<p class=\"%s\">", class);
    cli_page_text(page, text);
    cli_page_put(page, "</p>\n");
}

static void put_fact(struct cli_page *page, const char *name, const char *value)
{
    cli_page_format(page, "<dt>%s</dt><dd>", name);
    cli_page_text(page, value);
    cli_page_put(page, "</dd>\n");
}

struct counting {
    struct cli_page *page;
    const struct exchange_report *report;
};

static void put_count_row(void *context, const struct cli_report_line *line)
{
    const struct counting *counting = context;
    struct cli_page *page = counting->page;
    if (line->heading != NULL) {
        cli_page_put(page, "<tr class=\"section\"><th scope=\"rowgroup\" colspan=\"5\">");
        cli_page_text(page, line->heading);
        cli_page_put(page, line->label == NULL ? ": none</th></tr>\n" : "</th></tr>\n");
    }
    if (line->label == NULL)
        return;
    cli_page_format(page, "<tr><th scope=\"row\" class=\"in%u\">", line->indent);
    cli_page_text(page, line->label);
    cli_page_put(page, "</th>");
    for (unsigned i = 0; i < 4; i++) {
        const struct exchange_report_side *side = &counting->report->sides[i / 2];
        put_count(page, cli_report_value(&side->counts[i % 2 == 0 ? CLI_REPORT_LAST : CLI_REPORT_ALL], line->row, line->place));
    }
    cli_page_put(page, "</tr>\n");
}

static void put_counts(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    char quarter[EXCHANGE_QUARTER_LEN];
    struct counting counting = {page, report};
    exchange_quarter_format(report->quarter, quarter);
    cli_page_put(
        page,
        "<h3>Counts</h3>\n<div class=\"wide\"><table><caption>By who began: requests asked, alerts raised, corrections asked "
        "for.</caption><thead><tr><td rowspan=\"2\"></td><th scope=\"colgroup\" colspan=\"2\">by us</th>"
        "<th scope=\"colgroup\" colspan=\"2\">by ");
    cli_page_text(page, peer);
    cli_page_format(page,
                    "</th></tr><tr><th scope=\"col\">%s</th><th scope=\"col\">8 quarters</th><th scope=\"col\">%s</th>"
                    "<th scope=\"col\">8 quarters</th></tr></thead>\n<tbody>\n",
                    quarter, quarter);
    cli_report_lines(report, put_count_row, &counting);
    cli_page_put(page, "</tbody></table></div>\n");
}

static void put_estimate(struct cli_page *page, const char *label, const struct exchange_survival *survival,
                         const char *in_time, const char *in_first)
{
    static const int days[] = {1, 3, 7, 14, 30};
    char *median = cli_report_median(survival);
    cli_page_put(page, "<tr><th scope=\"row\">");
    cli_page_text(page, label);
    cli_page_put(page, "</th>");
    put_count(page, survival->count);
    put_cell(page, "", median);
    put_cell(page, "", in_time);
    put_cell(page, "", in_first);
    for (unsigned i = 0; i < sizeof days / sizeof *days; i++)
        put_cell(page, "", cli_report_by(survival, (int64_t)days[i] * DAY_MS));
    cli_page_put(page, "</tr>\n");
    free(median);
}

static void put_times_rows(struct cli_page *page, const char *asker, const char *period,
                           const struct exchange_report_times *times, const struct exchange_report_counts *counts)
{
    if (!times->has_estimate)
        return;
    char in_time[16], in_first[16], *label = cli_format("%s, %s", asker, period);
    snprintf(in_time, sizeof in_time, "%s", cli_report_share(counts->in_time, counts->in_time + counts->overdue));
    snprintf(in_first, sizeof in_first, "%s", cli_report_share(counts->in_first, counts->in_first + counts->over_first));
    put_estimate(page, label, &times->replies, in_time, in_first);
    for (unsigned i = 0; i < EXCHANGE_URGENCY_COUNT; i++) {
        char *urgency = cli_format("%s, %s", label, exchange_urgencies.items[i]);
        if (times->urgencies[i].count > 0 && times->urgencies[i].count < times->replies.count)
            put_estimate(page, urgency, &times->urgencies[i], "", "");
        free(urgency);
    }
    free(label);
}

static void put_curve(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    char quarter[EXCHANGE_QUARTER_LEN];
    const struct exchange_report_side *side = &report->sides[by];
    exchange_quarter_format(report->quarter, quarter);
    cli_page_put(page, "<figure><figcaption>Asked by ");
    cli_page_text(page, who(by, peer));
    if (!side->all.has_estimate) {
        cli_page_format(page,
                        ": %s requests in eight quarters, fewer than ten. They are listed below: a rate of so few would say "
                        "more about chance than about a party.</figcaption></figure>\n",
                        cli_thousands(side->counts[CLI_REPORT_ALL].asked));
        return;
    }
    if (!side->quarter.has_estimate)
        cli_page_format(page, ". In %s only %s: listed below.", quarter, cli_thousands(side->counts[CLI_REPORT_LAST].asked));
    cli_page_put(page, "</figcaption>\n");
    cli_plot_survival(page, report, by, peer);
    cli_page_put(page, "</figure>\n");
}

static void put_estimates(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    char quarter[EXCHANGE_QUARTER_LEN];
    exchange_quarter_format(report->quarter, quarter);
    if (!report->sides[0].all.has_estimate && !report->sides[1].all.has_estimate)
        return;
    cli_page_put(
        page, "<div class=\"wide\"><table><thead><tr><th scope=\"col\">asked by, in</th><th scope=\"col\">asked</th><th "
              "scope=\"col\">median "
              "(95&nbsp;%)</th><th scope=\"col\">in time</th><th scope=\"col\">by first date</th><th scope=\"col\">in 1 d</th>"
              "<th scope=\"col\">3 d</th><th scope=\"col\">7 d</th><th scope=\"col\">14 d</th><th scope=\"col\">30 d</th></tr>"
              "</thead>\n<tbody>\n");
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        put_times_rows(page, who(by, peer), quarter, &side->quarter, &side->counts[CLI_REPORT_LAST]);
        put_times_rows(page, who(by, peer), "8 quarters", &side->all, &side->counts[CLI_REPORT_ALL]);
    }
    cli_page_put(page, "</tbody></table></div>\n");
}

static void put_receipts(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    static const char *const titles[] = {"sent by", "in", "sent", "receipted", "median time to the receipt (95 %)", NULL};
    char quarter[EXCHANGE_QUARTER_LEN];
    exchange_quarter_format(report->quarter, quarter);
    cli_page_put(page, "<h3>Receipts</h3>\n<div class=\"wide\"><table><caption>What is not receipted counts as waited for "
                       "until now.</caption>");
    put_titles(page, titles);
    for (unsigned i = 0; i < 4; i++) {
        const struct exchange_report_side *side = &report->sides[i / 2];
        const struct exchange_survival *receipts = i % 2 == 0 ? &side->quarter.receipts : &side->all.receipts;
        char *median = receipts->count == 0 ? cli_copy("-") : cli_report_median(receipts);
        cli_page_put(page, "<tr><th scope=\"row\">");
        cli_page_text(page, who(i / 2, peer));
        cli_page_put(page, "</th>");
        put_cell(page, "word", i % 2 == 0 ? quarter : "8 quarters");
        put_count(page, receipts->count);
        put_count(page, receipts->events);
        put_cell(page, "", median);
        cli_page_put(page, "</tr>\n");
        free(median);
    }
    cli_page_put(page, "</tbody></table></div>\n");
}

static const char *end_shown(unsigned end)
{
    return exchange_end_word((enum exchange_end)end);
}

static void put_legend(struct cli_page *page)
{
    cli_page_put(page, "<ul class=\"legend\">");
    for (unsigned end = 0; end < EXCHANGE_END_COUNT; end++)
        cli_page_format(
            page,
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"e%u\" width=\"10\" height=\"10\"/></svg>%s</li>",
            end, end_shown(end));
    cli_page_put(page, "</ul>\n");
}

static void put_ends(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    const struct exchange_report_side *side = &report->sides[by];
    cli_page_put(page, "<figure><figcaption>Asked by ");
    cli_page_text(page, who(by, peer));
    if (side->counts[CLI_REPORT_ALL].asked == 0) {
        cli_page_put(page, ": nothing in eight quarters.</figcaption></figure>\n");
        return;
    }
    cli_page_put(page, "</figcaption>\n");
    cli_plot_ends(page, report, by, peer);
    cli_page_put(page, "<div class=\"wide\"><table><thead><tr><th scope=\"col\">outcome</th>");
    for (int i = 0; i < EXCHANGE_REPORT_QUARTERS; i++) {
        char quarter[EXCHANGE_QUARTER_LEN];
        exchange_quarter_format(exchange_quarter_shift(report->quarter, i + 1 - EXCHANGE_REPORT_QUARTERS), quarter);
        cli_page_format(page, "<th scope=\"col\">%.2s%s</th>", quarter + 2, quarter + 4);
    }
    cli_page_put(page, "<th scope=\"col\">all</th></tr></thead>\n<tbody>\n");
    for (unsigned end = 0; end < EXCHANGE_END_COUNT; end++) {
        if (side->counts[CLI_REPORT_ALL].ends[end] == 0)
            continue;
        cli_page_format(page, "<tr><th scope=\"row\">%s</th>", end_shown(end));
        for (unsigned i = 0; i <= CLI_REPORT_ALL; i++)
            put_count(page, side->counts[i].ends[end]);
        cli_page_put(page, "</tr>\n");
    }
    cli_page_put(page, "</tbody></table></div></figure>\n");
}

static void put_list(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    static const char *const titles[] = {"asked", "urgency", "due", "outcome", "deferred", "after", NULL};
    const struct exchange_report_side *side = &report->sides[by];
    int64_t from_ms = cli_report_listed_from(report, by);
    bool has_any = side->ask_count > 0 && side->asks[side->ask_count - 1].asked_ms >= from_ms;
    if (!has_any)
        return;
    cli_page_put(page, "<h4>Asked by ");
    cli_page_text(page, who(by, peer));
    cli_page_put(page, from_ms == report->begins_ms[0] ? ", in eight quarters</h4>\n<div class=\"wide\"><table>"
                                                       : ", this quarter</h4>\n<div class=\"wide\"><table>");
    put_titles(page, titles);
    for (size_t i = 0; i < side->ask_count; i++) {
        const struct exchange_report_ask *ask = &side->asks[i];
        char end[64];
        if (ask->asked_ms < from_ms)
            continue;
        cli_page_put(page, "<tr>");
        put_cell(page, "word", cli_report_day(ask->asked_ms));
        put_cell(page, "word", exchange_urgencies.items[ask->urgency]);
        put_cell(page, "word", cli_report_day(ask->due_ms));
        put_cell(page, ask->end == EXCHANGE_END_SILENT ? "word alarm" : "word", cli_report_end(ask, end));
        put_count(page, ask->deferrals);
        put_cell(page, "", cli_report_span((ask->ended_ms == 0 ? report->at_ms : ask->ended_ms) - ask->asked_ms));
        cli_page_put(page, "</tr>\n");
    }
    cli_page_put(page, "</tbody></table></div>\n");
}

static void put_lists(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    bool is_listing = false;
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        is_listing |= side->ask_count > 0 && side->asks[side->ask_count - 1].asked_ms >= cli_report_listed_from(report, by);
    }
    if (!is_listing)
        return;
    cli_page_put(page, "<h3>Requests one by one</h3>\n<p class=\"soft\">Where there are fewer than ten in a period, each is "
                       "listed and nothing is estimated from them.</p>\n");
    put_list(page, report, EXCHANGE_BY_US, peer);
    put_list(page, report, EXCHANGE_BY_THEM, peer);
}

static void put_corrections(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    static const char *const titles[] = {"said", "by", "action", "due", "what the other did", "after", NULL};
    if (report->sides[0].correction_count + report->sides[1].correction_count == 0)
        return;
    cli_page_put(page, "<h3>Corrections</h3>\n<div class=\"wide\"><table>");
    put_titles(page, titles);
    for (unsigned by = 0; by < 2; by++) {
        const struct exchange_report_side *side = &report->sides[by];
        for (size_t i = 0; i < side->correction_count; i++) {
            const struct exchange_report_correction *item = &side->corrections[i];
            bool is_overdue = item->done_ms == 0 && report->at_ms > item->due_ms;
            cli_page_put(page, "<tr>");
            put_cell(page, "word", cli_report_day(item->said_ms));
            put_cell(page, "word", who(by, peer));
            put_cell(page, "word", exchange_actions.items[item->action]);
            put_cell(page, "word", cli_report_day(item->due_ms));
            put_cell(page, is_overdue ? "word alarm" : "word",
                     item->done_ms != 0 ? exchange_dids.items[item->did]
                     : is_overdue       ? "nothing, overdue"
                                        : "open");
            put_cell(page, "", cli_report_span((item->done_ms == 0 ? report->at_ms : item->done_ms) - item->said_ms));
            cli_page_put(page, "</tr>\n");
        }
    }
    cli_page_put(page, "</tbody></table></div>\n");
}

static void put_gaps(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    static const char *const titles[] = {"what", "by", "since (UTC)", "until", "", "long", NULL};
    cli_page_put(page, "<h3>Gaps</h3>\n");
    if (report->gap_count == 0) {
        cli_page_put(page,
                     "<p>No receipt and no cosignature was overdue in the eight quarters, and nothing was suspended.</p>\n");
        return;
    }
    cli_page_put(page, "<figure><div class=\"wide\">\n");
    cli_plot_gaps(page, report, peer);
    cli_page_put(page, "</div></figure>\n<div class=\"wide\"><table>");
    put_titles(page, titles);
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct exchange_report_gap *gap = &report->gaps[i];
        cli_page_put(page, "<tr>");
        put_cell(page, "word", cli_report_gap_what(gap));
        put_cell(page, "word", who(gap->by, peer));
        put_cell(page, "word", cli_time(gap->begin_ms));
        put_cell(page, "word", gap->end == EXCHANGE_GAP_STANDS ? "" : cli_time(gap->end_ms));
        put_cell(page, gap->end == EXCHANGE_GAP_STANDS ? "word alarm" : "word", cli_report_gap_how(gap));
        char *length = cli_report_gap_long(gap);
        put_cell(page, "", length);
        free(length);
        cli_page_put(page, "</tr>\n");
    }
    cli_page_put(page, "</tbody></table></div>\n");
}

struct warnings {
    struct cli_page *page;
    bool has_any;
};

static void put_warning(void *context, const char *sentence)
{
    struct warnings *warnings = context;
    if (!warnings->has_any)
        cli_page_put(warnings->page, "<h3>Overdue now</h3>\n<ul class=\"overdue\">\n");
    warnings->has_any = true;
    cli_page_put(warnings->page, "<li>");
    cli_page_text(warnings->page, sentence);
    cli_page_put(warnings->page, "</li>\n");
}

static void put_warnings(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    struct warnings warnings = {page, false};
    cli_report_warnings(report, peer, put_warning, &warnings);
    if (warnings.has_any)
        cli_page_put(page, "</ul>\n");
}

static void put_report(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    for (unsigned by = 0; by < 2; by++) {
        char *summary = cli_report_summary(report, by, peer);
        put_paragraph(page, "summary", summary);
        free(summary);
    }
    if (report->unfitting > 0)
        cli_page_format(
            page,
            "<p class=\"alarm\">%s entries fit nothing before them and are not counted: the ledger should be verified.</p>\n",
            cli_thousands(report->unfitting));
    put_warnings(page, report, peer);
    cli_page_put(page, "<h3>What became of the requests</h3>\n");
    put_legend(page);
    cli_page_put(page, "<div class=\"two\">\n");
    put_ends(page, report, EXCHANGE_BY_US, peer);
    put_ends(page, report, EXCHANGE_BY_THEM, peer);
    cli_page_put(page, "</div>\n<h3>How long a reply takes</h3>\n<p class=\"soft\">The curve falls with each reply; a tick is a "
                       "request that was watched so long and has none. The band holds 95&nbsp;% at each time by itself. Dotted "
                       "lines: the deadlines of the terms.</p>\n<div class=\"two\">\n");
    put_curve(page, report, EXCHANGE_BY_US, peer);
    put_curve(page, report, EXCHANGE_BY_THEM, peer);
    cli_page_put(page, "</div>\n");
    put_estimates(page, report, peer);
    put_lists(page, report, peer);
    put_counts(page, report, peer);
    put_receipts(page, report, peer);
    put_corrections(page, report, peer);
    put_gaps(page, report, peer);
}

static void put_part(struct cli_page *page, const struct node_survey *survey, const struct node_survey_part *part)
{
    const struct node_compartment *compartment = &part->compartment;
    char root[65];
    char *ledger = cli_format("%s entries, %s of them by then; %s", cli_thousands(part->facts.entries),
                              cli_thousands(part->report.entries),
                              survey->is_verified ? "every signature holds" : "signatures not checked");
    cli_hash_hex(&part->facts.root, root);
    cli_page_put(page, "<section class=\"part\">\n<h2>");
    cli_page_text(page, compartment->name);
    cli_page_put(page, ", with ");
    cli_page_text(page, compartment->peer_name);
    cli_page_put(page, "</h2>\n<dl>\n");
    put_fact(page, "purpose", compartment->terms.purpose);
    put_fact(page, "ledger", ledger);
    if (part->facts.entries > 0)
        put_fact(page, "root", root);
    cli_page_put(page, "</dl>\n");
    if (part->report.entries <= 1)
        cli_page_put(page, "<p>Nothing was said in it yet.</p>\n");
    else
        put_report(page, &part->report, compartment->peer_name);
    cli_page_put(page, "</section>\n");
    free(ledger);
}

static void put_pair(struct cli_page *page, const struct node_survey *survey, const struct node_survey_pair *pair)
{
    for (size_t i = pair->first; i < pair->first + pair->count; i++)
        put_part(page, survey, &survey->parts[i]);
    if (pair->count < 2)
        return;
    cli_page_format(page, "<section class=\"part\">\n<h2>All %zu compartments with ", pair->count);
    cli_page_text(page, pair->peer_name);
    cli_page_put(page, "</h2>\n");
    put_report(page, &pair->report, pair->peer_name);
    cli_page_put(page, "</section>\n");
}

static void put_method(struct cli_page *page)
{
    static const char text[] =
        "<section class=\"keep\">\n<h2>How to read it</h2>\n"
        "<p>Everything is counted from this party's own ledgers, by when an entry was entered here. A request belongs"
        " to the quarter in which it was made, however late the reply, and has exactly one outcome. <em>Silent</em>: "
        "no reply, and its date has passed. <em>In time</em>: replied to and never overdue, of all that were replied "
        "to or overdue; <em>by first date</em>: deferrals set aside. A refusal is a reply. An alert has "
        "<em>lapsed</em> when its review date passed without a decision; it stays awake all the same.</p>\n"
        "<p>Time to a reply: product-limit estimate (Kaplan and Meier 1958), Greenwood's variance (1926), limits at "
        "95&nbsp;% by the log-log transform (Kalbfleisch and Prentice 1980), limits of the median after Brookmeyer "
        "and Crowley (1982). Requests without a reply are censored, not left out. The definitions stand in "
        "doc/spec/report.md.</p>\n"
        "<p>No person is named: the ledger holds none.</p>\n</section>\n";
    cli_page_put(page, text);
}

static void put_head(struct cli_page *page, const struct node_survey *survey)
{
    char quarter[EXCHANGE_QUARTER_LEN], first[EXCHANGE_QUARTER_LEN], at[BASE_TIME_TEXT_LEN + 1];
    char id[2 * EXCHANGE_ID_LEN + 1];
    exchange_quarter_format(survey->quarter, quarter);
    exchange_quarter_format(exchange_quarter_shift(survey->quarter, 1 - EXCHANGE_REPORT_QUARTERS), first);
    base_time_format(survey->at_ms, at);
    exchange_id_hex(&survey->fingerprint, id);
    cli_page_put(page,
                 "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
                 "<title>Cooperation report of ");
    cli_page_text(page, survey->own.name);
    cli_page_format(page, ", %s</title>\n<style>\n", quarter);
    cli_page_put(page, cli_page_style);
    cli_page_put(page, "</style>\n</head>\n<body>\n<main>\n<h1>Cooperation report of ");
    cli_page_text(page, survey->own.name);
    cli_page_format(page, ", %s</h1>\n<dl>\n", quarter);
    cli_page_format(page, "<dt>quarter</dt><dd>%s to %s</dd>\n", cli_report_day(exchange_quarter_begin_ms(survey->quarter)),
                    cli_report_day(exchange_quarter_begin_ms(exchange_quarter_shift(survey->quarter, 1)) - 1));
    cli_page_format(page, "<dt>eight quarters</dt><dd>%s to %s</dd>\n<dt>as of</dt><dd>%s</dd>\n", first, quarter, at);
    put_fact(page, "party", id);
    cli_page_put(page, "</dl>\n");
}

enum base_code cli_report_html(const struct node_survey *survey, struct base_buffer *out)
{
    struct cli_page page = {.out = out};
    put_head(&page, survey);
    if (survey->pair_count == 0)
        cli_page_put(&page, "<p>There is no compartment yet whose terms both sides have signed.</p>\n");
    for (size_t i = 0; i < survey->pair_count; i++)
        put_pair(&page, survey, &survey->pairs[i]);
    put_method(&page);
    cli_page_put(&page, "</main>\n</body>\n</html>\n");
    return page.code;
}
