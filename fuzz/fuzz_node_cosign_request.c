/* SPDX-License-Identifier: Apache-2.0
 *
 * A request to cosign that reads is written as the same bytes.
 */
#include "node/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node_cosign_request request;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    if (node_cosign_request_read(base_bytes_of(data, size), &request) == BASE_OK &&
        (node_cosign_request_write(&request, &again) != BASE_OK ||
         !base_bytes_equal(base_bytes_of(data, size), base_bytes_buffer(&again))))
        abort();
    base_buffer_release(&again);
    return 0;
}
