/* SPDX-License-Identifier: Apache-2.0
 *
 * The verifier's readers of openings and of the evidence of two histories.
 */
#include "verify/conflict.h"
#include "verify/opening.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const nobody[2] = {NULL, NULL};
    struct verify_span bytes = verify_span_of(data, size);
    struct verify_report report = {"", "", ""};
    struct verify_opening opening;
    struct verify_conflict conflict;
    if (verify_opening_read(bytes, nobody, &opening, &report) == VERIFY_OK)
        demand(opening.index < opening.size && opening.entry.has_content && opening.content.len <= VERIFY_CONTENT_MAX);
    else
        demand(report.reason[0] != 0);
    verify_opening_release(&opening);
    if (verify_conflict_read(bytes, &conflict, &report) == VERIFY_OK)
        demand(conflict.sizes[0] <= conflict.sizes[1]);
    else
        demand(report.reason[0] != 0);
    return 0;
}
