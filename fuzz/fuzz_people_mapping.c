/* SPDX-License-Identifier: Apache-2.0
 *
 * A mapping file and the CSV that it maps, parted by the first line "---".
 */
#include "people/import_job.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum base_code take(void *context, const struct people_record *fragment)
{
    (void)context;
    if (fragment->source_key == NULL || fragment->name_count == 0)
        abort();
    return BASE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n---\n";
    struct people_import_sink sink = {NULL, take, NULL, NULL};
    struct people_import_facts facts = {0};
    struct people_job job = {.sink = &sink, .facts = &facts};
    struct people_stream stream;
    const uint8_t *at = size == 0 ? NULL : memmem(data, size, mark, sizeof mark - 1);
    size_t mapping_len = at == NULL ? size : (size_t)(at - data) + 1;
    size_t rows_at = at == NULL ? size : mapping_len + sizeof mark - 2;
    people_stream_over(&stream, base_bytes_of(data + rows_at, size - rows_at), "fuzz");
    (void)!people_import_mapped(&stream, base_bytes_of(data, mapping_len), &job);
    return 0;
}
