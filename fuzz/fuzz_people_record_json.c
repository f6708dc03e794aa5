/* SPDX-License-Identifier: Apache-2.0 */
#include "people/record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted is the canonical form: written again it gives the same bytes, and merging it with itself changes
 * nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people_record record = PEOPLE_RECORD_EMPTY, merged = PEOPLE_RECORD_EMPTY;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    if (people_record_decode(base_bytes_of(data, size), &record) != BASE_OK)
        return 0;
    if (people_record_merge(&merged, &record) != BASE_OK || people_record_merge(&merged, &record) != BASE_OK ||
        people_record_encode(&merged, &again) != BASE_OK ||
        !base_bytes_equal(base_bytes_buffer(&again), base_bytes_of(data, size)))
        abort();
    base_buffer_release(&again);
    people_record_release(&record);
    people_record_release(&merged);
    return 0;
}
