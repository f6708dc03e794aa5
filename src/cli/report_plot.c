/* SPDX-License-Identifier: Apache-2.0
 *
 * The pictures of the page, as SVG. They use the classes of the page's style sheet and nothing from outside.
 */
#include "cli/report_page.h"

#include <math.h>
#include <stdlib.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

/* Where the data are drawn, in the picture's units. */
struct frame {
    double left, right, top, bottom; /* edges */
    double from, to;                 /* values at left and right */
    double most;                     /* value at the top; 0 at the bottom */
};

static double x_of(const struct frame *frame, double value)
{
    double share = (value - frame->from) / (frame->to - frame->from);
    return frame->left + (frame->right - frame->left) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static double y_of(const struct frame *frame, double value)
{
    return frame->bottom - (frame->bottom - frame->top) * value / frame->most;
}

/* <svg>, its title and its description, which are put by the caller between these three. */
static void begin_picture(struct cli_page *page, int width, int height)
{
    unsigned id = ++page->pictures;
    cli_page_format(page, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t%u d%u\">\n<title id=\"t%u\">", width,
                    height, id, id, id);
}

static void begin_description(struct cli_page *page)
{
    cli_page_format(page, "</title>\n<desc id=\"d%u\">", page->pictures);
}

static void begin_drawing(struct cli_page *page)
{
    cli_page_put(page, "</desc>\n");
}

static void put_line(struct cli_page *page, const char *class, double x1, double y1, double x2, double y2)
{
    cli_page_format(page, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2, y2);
}

/* `anchor`: start, middle, end. */
static void put_label(struct cli_page *page, const char *class, const char *anchor, double x, double y, const char *text)
{
    cli_page_format(page, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, anchor, x, y);
    cli_page_text(page, text);
    cli_page_put(page, "</text>\n");
}

static void put_percents(struct cli_page *page, const struct frame *frame)
{
    for (int percent = 0; percent <= 100; percent += 25) {
        char text[16];
        double y = y_of(frame, percent / 100.0);
        snprintf(text, sizeof text, "%d %%", percent);
        put_line(page, "grid", frame->left, y, frame->right, y);
        put_label(page, "soft", "end", frame->left - 6, y + 4, text);
    }
}

/* The smallest of 1, 2, 5, 10, 20, 50 ... that makes at most `most` steps. */
static double nice_step(double span, double most)
{
    static const double factors[] = {1, 2, 5};
    for (double tens = 1;; tens *= 10)
        for (unsigned i = 0; i < 3; i++)
            if (span / (tens * factors[i]) <= most)
                return tens * factors[i];
}

static void put_time_axis(struct cli_page *page, const struct frame *frame)
{
    bool is_days = frame->to > 3.0 * DAY_MS;
    double unit = is_days ? DAY_MS : HOUR_MS, step = nice_step(frame->to / unit, 8);
    for (double at = 0; at * unit <= frame->to; at += step) {
        char text[24];
        double x = x_of(frame, at * unit);
        snprintf(text, sizeof text, "%.0f", at);
        put_line(page, "axis", x, frame->bottom, x, frame->bottom + 4);
        put_label(page, "soft", "middle", x, frame->bottom + 17, text);
    }
    put_line(page, "axis", frame->left, frame->bottom, frame->right, frame->bottom);
    put_label(page, "soft", "end", frame->right, frame->bottom + 34,
              is_days ? "days since the request was entered" : "hours since the request was entered");
}

static double last_event(const struct exchange_survival *survival)
{
    for (size_t i = survival->step_count; i > 0; i--)
        if (survival->steps[i - 1].events > 0)
            return (double)survival->steps[i - 1].time_ms;
    return 0;
}

/* Until when the curve is known. */
static double end_of(const struct exchange_survival *survival)
{
    return survival->step_count == 0 ? 0 : (double)survival->steps[survival->step_count - 1].time_ms;
}

static void put_curve(struct cli_page *page, const struct frame *frame, const char *class,
                      const struct exchange_survival *survival)
{
    cli_page_format(page, "<path class=\"%s\" d=\"M%.1f %.1f", class, frame->left, y_of(frame, 1));
    for (size_t i = 0; i < survival->step_count; i++) {
        const struct exchange_survival_step *step = &survival->steps[i];
        if (step->events > 0 && (double)step->time_ms <= frame->to)
            cli_page_format(page, "H%.1fV%.1f", x_of(frame, (double)step->time_ms), y_of(frame, step->survival));
    }
    cli_page_format(page, "H%.1f\"/>\n", x_of(frame, end_of(survival)));
}

/* Along the upper limits to the end, and back along the lower ones. */
static void put_band(struct cli_page *page, const struct frame *frame, const struct exchange_survival *survival)
{
    size_t first = 0, end;
    while (first < survival->step_count && !survival->steps[first].has_limits)
        first++;
    for (end = first;
         end < survival->step_count && survival->steps[end].has_limits && (double)survival->steps[end].time_ms <= frame->to;)
        end++;
    if (first == end)
        return;
    double until = x_of(frame, end < survival->step_count ? (double)survival->steps[end].time_ms : end_of(survival));
    cli_page_put(page, "<path class=\"band\" d=\"");
    for (size_t i = first; i < end; i++) {
        double x = x_of(frame, (double)survival->steps[i].time_ms), y = y_of(frame, survival->steps[i].high);
        cli_page_format(page, i == first ? "M%.1f %.1f" : "H%.1fV%.1f", x, y);
    }
    cli_page_format(page, "H%.1f", until);
    for (size_t i = end; i > first; i--) {
        double x = x_of(frame, (double)survival->steps[i - 1].time_ms), y = y_of(frame, survival->steps[i - 1].low);
        cli_page_format(page, "V%.1fH%.1f", y, x);
    }
    cli_page_put(page, "Z\"/>\n");
}

static void put_marks(struct cli_page *page, const struct frame *frame, const struct exchange_survival *survival)
{
    for (size_t i = 0; i < survival->step_count; i++) {
        const struct exchange_survival_step *step = &survival->steps[i];
        double x = x_of(frame, (double)step->time_ms), y = y_of(frame, step->survival);
        if (step->censored > 0 && (double)step->time_ms <= frame->to)
            put_line(page, "mark", x, y - 5, x, y + 5);
    }
}

/* Has an urgency before this one the same deadline, and is it in use? Then one line stands for both. */
static bool is_drawn(const struct exchange_report *report, const struct exchange_report_times *times, unsigned urgency)
{
    for (unsigned i = 0; i < urgency; i++)
        if (times->urgency_counts[i] > 0 && report->hours.answer[i] == report->hours.answer[urgency])
            return true;
    return false;
}

/* "normal, other: 7.0 d" */
static char *deadline_label(const struct exchange_report *report, const struct exchange_report_times *times, unsigned urgency)
{
    char *text = cli_copy(exchange_urgencies.items[urgency]);
    for (unsigned i = urgency + 1; i < EXCHANGE_URGENCY_COUNT; i++) {
        if (times->urgency_counts[i] > 0 && report->hours.answer[i] == report->hours.answer[urgency]) {
            char *longer = cli_format("%s, %s", text, exchange_urgencies.items[i]);
            free(text);
            text = longer;
        }
    }
    char *whole = cli_format("%s: %s", text, cli_report_span_short((int64_t)report->hours.answer[urgency] * HOUR_MS));
    free(text);
    return whole;
}

/* The labels stand above the curve, each in a row of its own. */
static void put_deadlines(struct cli_page *page, const struct frame *frame, const struct exchange_report *report,
                          const struct exchange_report_times *times)
{
    unsigned row = 0;
    for (unsigned i = 0; report->has_hours && i < EXCHANGE_URGENCY_COUNT; i++) {
        double due_ms = (double)report->hours.answer[i] * HOUR_MS;
        if (times->urgency_counts[i] == 0 || due_ms > frame->to || is_drawn(report, times, i))
            continue;
        char *text = deadline_label(report, times, i);
        double x = x_of(frame, due_ms), y = frame->top - 36 + 15 * row++;
        bool is_left = x > (frame->left + frame->right) / 2;
        put_line(page, "due", x, y - 10, x, frame->bottom);
        put_label(page, "due", is_left ? "end" : "start", is_left ? x - 4 : x + 4, y, text);
        free(text);
    }
}

static void put_key(struct cli_page *page, double x, double y, const char *class, const char *label, uint64_t count)
{
    char text[64];
    snprintf(text, sizeof text, "%s (%s requests)", label, cli_thousands(count));
    put_line(page, class, x, y - 4, x + 22, y - 4);
    put_label(page, "soft", "start", x + 28, y, text);
}

/* Wide enough for the last reply and the longest deadline in use, whatever is waited for beyond. */
static double width_of(const struct exchange_report *report, const struct exchange_report_times *main,
                       const struct exchange_survival *other)
{
    double most = last_event(&main->replies);
    if (other != NULL && last_event(other) > most)
        most = last_event(other);
    for (unsigned i = 0; report->has_hours && i < EXCHANGE_URGENCY_COUNT; i++)
        if (main->urgency_counts[i] > 0 && (double)report->hours.answer[i] * HOUR_MS > most)
            most = (double)report->hours.answer[i] * HOUR_MS;
    return most < HOUR_MS ? HOUR_MS : most * 1.12;
}

static void describe_survival(struct cli_page *page, const struct exchange_report *report,
                              const struct exchange_survival *survival, double shown)
{
    char *median = cli_report_median(survival);
    uint64_t beyond = 0;
    for (size_t i = 0; i < survival->step_count; i++)
        beyond += (double)survival->steps[i].time_ms > shown ? survival->steps[i].censored : 0;
    cli_page_format(page, "Step curve that falls with each reply: %s requests, %s replied to, median %s. ",
                    cli_thousands(survival->count), cli_thousands(survival->events), median);
    if (beyond > 0)
        cli_page_format(page, "%s without a reply are watched beyond the right edge. ", cli_thousands(beyond));
    if (!report->has_hours)
        cli_page_put(page, "No deadlines are drawn: they differ between the compartments. ");
    cli_page_put(page, "The numbers stand in the table beside it.");
    free(median);
}

void cli_plot_survival(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    const struct exchange_report_side *side = &report->sides[by];
    const struct exchange_report_times *main = side->quarter.has_estimate ? &side->quarter : &side->all;
    const struct exchange_survival *other = main == &side->quarter ? &side->all.replies : NULL;
    double most = width_of(report, main, other);
    struct frame frame = {56, 628, 72, 310, 0, most, 1};
    begin_picture(page, 640, 354);
    cli_page_put(page, "Share of requests still without a reply, by time; asked by ");
    cli_page_text(page, by == EXCHANGE_BY_US ? "us" : peer);
    begin_description(page);
    describe_survival(page, report, &main->replies, most);
    begin_drawing(page);
    put_percents(page, &frame);
    put_line(page, "half", frame.left, y_of(&frame, 0.5), frame.right, y_of(&frame, 0.5));
    put_band(page, &frame, &main->replies);
    put_deadlines(page, &frame, report, main);
    if (other != NULL)
        put_curve(page, &frame, "curve2", other);
    put_curve(page, &frame, "curve", &main->replies);
    put_marks(page, &frame, &main->replies);
    put_time_axis(page, &frame);
    put_label(page, "soft", "start", 4, 14, "no reply yet");
    put_key(page, 118, 14, "curve", other == NULL ? "eight quarters" : "this quarter", main->replies.count);
    if (other != NULL)
        put_key(page, 386, 14, "curve2", "eight quarters", other->count);
    cli_page_put(page, "</svg>\n");
}

static void put_stack(struct cli_page *page, const struct frame *frame, const struct exchange_report_counts *counts, double x,
                      double width, const char *quarter)
{
    uint64_t below = 0;
    for (unsigned end = 0; end < EXCHANGE_END_COUNT; end++) {
        uint64_t count = counts->ends[end];
        double top = y_of(frame, (double)(below + count)), bottom = y_of(frame, (double)below);
        if (count == 0)
            continue;
        cli_page_format(
            page,
            "<rect class=\"seg e%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s, %s: %s</title></rect>\n",
            end, x, top, width, bottom - top, quarter, exchange_end_word(end), cli_thousands(count));
        below += count;
    }
    if (counts->asked > 0)
        put_label(page, "strong", "middle", x + width / 2, y_of(frame, (double)counts->asked) - 5,
                  cli_thousands(counts->asked));
}

void cli_plot_ends(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer)
{
    const struct exchange_report_counts *counts = report->sides[by].counts;
    uint64_t most = 1;
    for (unsigned i = 0; i < EXCHANGE_REPORT_QUARTERS; i++)
        most = counts[i].asked > most ? counts[i].asked : most;
    double step = nice_step((double)most, 5), top = step * ceil((double)most / step);
    struct frame frame = {44, 632, 24, 252, 0, EXCHANGE_REPORT_QUARTERS, top};
    double slot = (frame.right - frame.left) / EXCHANGE_REPORT_QUARTERS;
    begin_picture(page, 640, 284);
    cli_page_put(page, "Requests by quarter and by what became of them; asked by ");
    cli_page_text(page, by == EXCHANGE_BY_US ? "us" : peer);
    begin_description(page);
    cli_page_put(page,
                 "One bar a quarter, parted by outcome from the bottom up: answered, answered in part, no trace, transferred, "
                 "declined, withdrawn, deferred, open, silent. The numbers stand in the table beside it.");
    begin_drawing(page);
    for (double value = 0; value <= top; value += step) {
        char text[24];
        snprintf(text, sizeof text, "%.0f", value);
        put_line(page, "grid", frame.left, y_of(&frame, value), frame.right, y_of(&frame, value));
        put_label(page, "soft", "end", frame.left - 6, y_of(&frame, value) + 4, text);
    }
    for (unsigned i = 0; i < EXCHANGE_REPORT_QUARTERS; i++) {
        char quarter[EXCHANGE_QUARTER_LEN];
        double x = x_of(&frame, i) + slot * 0.16;
        exchange_quarter_format(exchange_quarter_shift(report->quarter, (int)i + 1 - EXCHANGE_REPORT_QUARTERS), quarter);
        put_stack(page, &frame, &counts[i], x, slot * 0.68, quarter);
        put_label(page, i == CLI_REPORT_LAST ? "strong" : "soft", "middle", x + slot * 0.34, frame.bottom + 17, quarter);
    }
    put_line(page, "axis", frame.left, frame.bottom, frame.right, frame.bottom);
    cli_page_put(page, "</svg>\n");
}

enum { ROWS = 6, ROW_HEIGHT = 24 };

static void put_gap(struct cli_page *page, const struct frame *frame, const struct exchange_report_gap *gap)
{
    unsigned row = 2 * (unsigned)gap->kind + (unsigned)gap->by;
    double x = x_of(frame, (double)gap->begin_ms), end = x_of(frame, (double)gap->end_ms);
    bool is_unsure = gap->end == EXCHANGE_GAP_UNKNOWN || gap->end == EXCHANGE_GAP_BEFORE;
    cli_page_format(
        page, "<rect class=\"%s%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>%s, %s to %s %s</title></rect>\n",
        gap->by == EXCHANGE_BY_US ? "us" : "them", is_unsure ? " unsure" : "", x, frame->top + row * ROW_HEIGHT + 4.0,
        end - x < 3 ? 3 : end - x, ROW_HEIGHT - 8, cli_report_gap_what(gap), cli_report_day(gap->begin_ms),
        cli_report_day(gap->end_ms), cli_report_gap_how(gap));
}

void cli_plot_gaps(struct cli_page *page, const struct exchange_report *report, const char *peer)
{
    static const char *const labels[ROWS / 2] = {"no receipt", "no cosignature", "suspended"};
    const int64_t *begins_ms = report->begins_ms;
    struct frame frame = {236, 940, 8, 8 + ROWS * ROW_HEIGHT, (double)begins_ms[0], (double)begins_ms[EXCHANGE_REPORT_QUARTERS],
                          1};
    begin_picture(page, 960, 8 + ROWS * ROW_HEIGHT + 26);
    cli_page_put(page, "Times without receipts or cosignatures, and suspensions, over eight quarters");
    begin_description(page);
    cli_page_put(
        page,
        "One row for each kind and party; a bar from when the date passed until it ended; pale where the end is known only "
        "as a limit or not at all. The table beside it lists them.");
    begin_drawing(page);
    for (unsigned i = 0; i <= EXCHANGE_REPORT_QUARTERS; i++) {
        char quarter[EXCHANGE_QUARTER_LEN];
        double x = x_of(&frame, (double)begins_ms[i]);
        put_line(page, "grid", x, frame.top, x, frame.bottom);
        exchange_quarter_format(exchange_quarter_shift(report->quarter, (int)i + 1 - EXCHANGE_REPORT_QUARTERS), quarter);
        if (i < EXCHANGE_REPORT_QUARTERS)
            put_label(page, "soft", "middle", (x + x_of(&frame, (double)begins_ms[i + 1])) / 2, frame.bottom + 17, quarter);
    }
    for (unsigned row = 0; row < ROWS; row++) {
        char *text = cli_format("%s, by %s", labels[row / 2], row % 2 == 0 ? "us" : peer), *cut = cli_cut(text, 28);
        put_label(page, "soft", "end", frame.left - 8, frame.top + row * ROW_HEIGHT + 17, cut);
        put_line(page, "grid", frame.left, frame.top + row * ROW_HEIGHT, frame.right, frame.top + row * ROW_HEIGHT);
        free(text);
        free(cut);
    }
    for (size_t i = 0; i < report->gap_count; i++)
        put_gap(page, &frame, &report->gaps[i]);
    if (report->at_ms < begins_ms[EXCHANGE_REPORT_QUARTERS])
        put_line(page, "due", x_of(&frame, (double)report->at_ms), frame.top, x_of(&frame, (double)report->at_ms),
                 frame.bottom);
    put_line(page, "axis", frame.left, frame.bottom, frame.right, frame.bottom);
    cli_page_put(page, "</svg>\n");
}
