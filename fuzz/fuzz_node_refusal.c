/* SPDX-License-Identifier: Apache-2.0
 *
 * A refusal never reads as success, and what it says can be shown on a terminal.
 */
#include "node/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (node_refusal_read(base_bytes_of(data, size)) == BASE_OK)
        abort();
    for (const char *at = base_detail(); *at != 0; at++)
        if (*at < 0x20 || *at > 0x7e)
            abort();
    return 0;
}
