/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read comes back as it was: a text that parses is written as the same bytes.
 */
#include "exchange/statement.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct exchange_terms value;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    if (exchange_terms_parse(base_bytes_of(data, size), &value) == BASE_OK &&
        (exchange_terms_format(&value, &text) != BASE_OK || !base_bytes_equal(base_bytes_of(data, size), base_bytes_buffer(&text))))
        abort();
    base_buffer_release(&text);
    return 0;
}
