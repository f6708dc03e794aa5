/* SPDX-License-Identifier: Apache-2.0
 *
 * What every check of the verifier returns. A check that fails says where (a file of the export), which clause of which
 * document is broken, and how; the first failure ends the run. Only main.c prints.
 */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

enum verify_result {
    VERIFY_OK = 0,
    VERIFY_REFUTED = 1,    /* the export does not hold what it claims */
    VERIFY_UNREADABLE = 2, /* no judgement: a file that cannot be read, no memory, a limit of this program */
};

struct verify_report {
    char where[512]; /* set by whoever opens a file or turns to an entry */
    char clause[32]; /* "ledger 6.8"; empty when unreadable */
    char reason[256];
};

#define VERIFY_MUST_USE __attribute__((warn_unused_result))

void verify_at(struct verify_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Both store the reason and return VERIFY_REFUTED or VERIFY_UNREADABLE. */
enum verify_result verify_refute(struct verify_report *report, const char *clause, const char *format, ...)
    __attribute__((format(printf, 3, 4))) VERIFY_MUST_USE;
enum verify_result verify_unreadable(struct verify_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3))) VERIFY_MUST_USE;

#define VERIFY_TRY(expression)                                                                     \
    do {                                                                                           \
        enum verify_result verify_try_result = (expression);                                       \
        if (verify_try_result != VERIFY_OK)                                                        \
            return verify_try_result;                                                              \
    } while (0)

#endif
