/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers to a delivery: a receipt is written as the same bytes, a refusal never reads as success and can be shown on a terminal.
 */
#include "node/message.h"

#include "base/cursor.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(enum base_code refusal)
{
    if (refusal == BASE_OK)
        abort();
    for (const char *at = base_detail(); *at != 0; at++)
        if (*at < 0x20 || *at > 0x7e)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    while (in.left > 0) {
        const uint8_t *begin = in.at;
        struct base_buffer again = BASE_BUFFER_EMPTY;
        struct base_bytes receipt;
        enum base_code refusal = BASE_OK;
        bool is_receipt = false;
        if (node_receipts_next(&in, &is_receipt, &receipt, &refusal) != BASE_OK)
            return 0;
        if (!is_receipt)
            check_refusal(refusal);
        else if (node_receipts_put(receipt, &again) != BASE_OK ||
                 !base_bytes_equal(base_bytes_of(begin, (size_t)(in.at - begin)), base_bytes_buffer(&again)))
            abort();
        base_buffer_release(&again);
    }
    return 0;
}
