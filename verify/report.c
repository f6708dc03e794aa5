/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report.h"

#include <stdarg.h>
#include <stdio.h>

void verify_at(struct verify_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->where, sizeof report->where, format, arguments);
    va_end(arguments);
}

enum verify_result verify_refute(struct verify_report *report, const char *clause, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->reason, sizeof report->reason, format, arguments);
    va_end(arguments);
    snprintf(report->clause, sizeof report->clause, "%s", clause);
    return VERIFY_REFUTED;
}

enum verify_result verify_unreadable(struct verify_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->reason, sizeof report->reason, format, arguments);
    va_end(arguments);
    report->clause[0] = 0;
    return VERIFY_UNREADABLE;
}
