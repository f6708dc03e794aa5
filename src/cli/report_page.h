/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes the page: markup as it stands, and text from outside escaped. The first failure sticks; what is put after it is lost.
 * Private to the report_*.c files.
 */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include "cli/report.h"

struct cli_page {
    struct base_buffer *out; /* borrowed */
    enum base_code code;
    unsigned pictures; /* so far: their ids */
};

void cli_page_put(struct cli_page *page, const char *markup);
/* Markup with numbers and words of this program. Never a text from outside: that is cli_page_text(). */
void cli_page_format(struct cli_page *page, const char *format, ...) BASE_FORMAT(2, 3);
/* Any text, escaped for an element or an attribute in double quotes; control characters and direction marks as "?". */
void cli_page_text(struct cli_page *page, const char *text);

/* The pictures. Each is one <svg> with a title and a description. */
void cli_plot_survival(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer);
void cli_plot_ends(struct cli_page *page, const struct exchange_report *report, enum exchange_by by, const char *peer);
void cli_plot_gaps(struct cli_page *page, const struct exchange_report *report, const char *peer);

extern const char cli_page_style[];

#endif
