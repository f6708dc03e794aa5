/* SPDX-License-Identifier: Apache-2.0
 *
 * A verifier key text, as in an export's `keys`. What is accepted is written out again as it was.
 */
#include "ledger/note.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_verifier verifier;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    if (ledger_verifier_parse(base_bytes_of(data, size), &verifier) == BASE_OK)
        if (ledger_verifier_format(&verifier, &out) != BASE_OK ||
            !base_bytes_equal(base_bytes_buffer(&out), base_bytes_of(data, size)))
            abort();
    base_buffer_release(&out);
    return 0;
}
