/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include "base/clock.h"
#include "cli/print.h"

#include <string.h>

enum { BAR_WIDTH = 24, BAR_EVERY_MS = 100, LINE_EVERY_MS = 10000, RATE_AFTER_MS = 500 };

void cli_progress_init(struct cli_progress *progress, const struct cli *cli)
{
    *progress = (struct cli_progress){.is_silent = cli->is_quiet || cli->is_json, .is_terminal = cli_is_terminal(stderr)};
}

static void print_bar(const struct cli_progress *progress, uint64_t done, uint64_t total, int64_t spent_ms)
{
    unsigned filled = total == 0 ? 0 : (unsigned)((double)done / (double)total * BAR_WIDTH);
    fprintf(stderr, "\r\x1b[K%-9s [", progress->title);
    for (unsigned i = 0; i < BAR_WIDTH; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %s", progress->is_bytes ? cli_size(done) : cli_thousands(done));
    if (total > 0)
        fprintf(stderr, " of %s", progress->is_bytes ? cli_size(total) : cli_thousands(total));
    if (spent_ms < RATE_AFTER_MS || done == 0)
        return;
    double rate = (double)done * 1000 / (double)spent_ms;
    fprintf(stderr, ", %s/s", progress->is_bytes ? cli_size((uint64_t)rate) : cli_thousands((uint64_t)rate));
    if (total > done && rate > 0)
        fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
}

void cli_progress_show(struct cli_progress *progress, const char *title, bool is_bytes, uint64_t done, uint64_t total)
{
    int64_t now_ms = base_clock_elapsed_ms();
    if (progress->is_silent)
        return;
    if (strcmp(progress->title, title) != 0) {
        snprintf(progress->title, sizeof progress->title, "%s", title);
        progress->begun_ms = now_ms;
        progress->shown_ms = progress->is_terminal ? 0 : now_ms;
    }
    progress->is_bytes = is_bytes;
    if (now_ms - progress->shown_ms < (progress->is_terminal ? BAR_EVERY_MS : LINE_EVERY_MS) && done != total)
        return;
    if (progress->is_terminal) {
        print_bar(progress, done, total, now_ms - progress->begun_ms);
        progress->is_shown = true;
    } else if (now_ms - progress->shown_ms >= LINE_EVERY_MS) {
        fprintf(stderr, "entente: %s: %s of %s\n", progress->title, is_bytes ? cli_size(done) : cli_thousands(done),
                is_bytes ? cli_size(total) : cli_thousands(total));
    } else {
        return;
    }
    progress->shown_ms = now_ms;
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->is_shown)
        fputs("\r\x1b[K", stderr);
    progress->is_shown = false;
}
