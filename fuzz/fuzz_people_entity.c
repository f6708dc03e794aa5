/* SPDX-License-Identifier: Apache-2.0 */
#include "people/import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A person that was read can be written, and reads back. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_buffer json = BASE_BUFFER_EMPTY;
    struct people_record record = PEOPLE_RECORD_EMPTY, again = PEOPLE_RECORD_EMPTY;
    if (people_import_entity(base_bytes_of(data, size), &record) == BASE_OK && record.source_key != NULL &&
        people_record_encode(&record, &json) == BASE_OK && people_record_decode(base_bytes_buffer(&json), &again) != BASE_OK)
        abort();
    people_record_release(&again);
    people_record_release(&record);
    base_buffer_release(&json);
    return 0;
}
