/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle of entries. The entries that were read, put together again, are the bytes that were read.
 */
#include "ledger/export.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct base_bytes entry;
    while (in.left > 0 && ledger_bundle_next(&in, &entry) == BASE_OK)
        if (ledger_bundle_put(&out, entry) != BASE_OK)
            abort();
    if (out.len != size - in.left || !base_bytes_equal(base_bytes_buffer(&out), base_bytes_of(data, out.len)))
        abort();
    base_buffer_release(&out);
    return 0;
}
