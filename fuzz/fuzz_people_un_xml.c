/* SPDX-License-Identifier: Apache-2.0 */
#include "people/import_job.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an importer hands out can be written, and reads back. */
static enum base_code take(void *context, const struct people_record *fragment)
{
    (void)context;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    struct people_record again = PEOPLE_RECORD_EMPTY;
    if (people_record_encode(fragment, &json) == BASE_OK &&
        people_record_decode(base_bytes_buffer(&json), &again) != BASE_OK)
        abort();
    people_record_release(&again);
    base_buffer_release(&json);
    return BASE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people_import_sink sink = {NULL, take, NULL, NULL};
    struct people_import_facts facts = {0};
    struct people_job job = {.sink = &sink, .facts = &facts};
    struct people_stream stream;
    people_stream_over(&stream, base_bytes_of(data, size), "fuzz");
    (void)!people_import_un(&stream, &job);
    return 0;
}
