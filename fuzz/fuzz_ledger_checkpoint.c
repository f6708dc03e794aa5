/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a checkpoint. What is accepted begins with what it says, written out again.
 */
#include "ledger/checkpoint.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_checkpoint checkpoint;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    if (ledger_checkpoint_parse(base_bytes_of(data, size), &checkpoint) == BASE_OK)
        if (ledger_checkpoint_format(&checkpoint, &out) != BASE_OK || out.len > size ||
            !base_bytes_equal(base_bytes_buffer(&out), base_bytes_of(data, out.len)))
            abort();
    base_buffer_release(&out);
    return 0;
}
