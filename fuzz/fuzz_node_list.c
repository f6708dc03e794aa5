/* SPDX-License-Identifier: Apache-2.0
 *
 * What asks for a list, and a page of one: what reads is written as the same bytes.
 */
#include "node/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct node_list_page page;
    struct node_list_ask ask;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    struct base_bytes bytes = base_bytes_of(data, size);
    if (node_list_ask_read(bytes, &ask) == BASE_OK &&
        (node_list_ask_write(&ask, &again) != BASE_OK || !base_bytes_equal(bytes, base_bytes_buffer(&again))))
        abort();
    base_buffer_clear(&again);
    if (node_list_page_read(bytes, &page) == BASE_OK &&
        (node_list_page_write(&page, &again) != BASE_OK || !base_bytes_equal(bytes, base_bytes_buffer(&again))))
        abort();
    base_buffer_release(&again);
    return 0;
}
