/* SPDX-License-Identifier: Apache-2.0
 *
 * A mapping file and the events that it maps, parted by the first line "---". Whatever comes out is what the node takes.
 */
#include "cli/events.h"
#include "people/record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum base_code take(void *context, json_t *event)
{
    (void)context;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    char *text = json_dumps(json_object_get(event, "person"), JSON_COMPACT | JSON_SORT_KEYS);
    if (json_object_size(event) != 5 || text == NULL || people_record_decode(base_bytes_text(text), &record) != BASE_OK)
        abort();
    people_record_release(&record);
    free(text);
    json_decref(event);
    return BASE_OK;
}

static void bad_row(void *context, const char *file, uint64_t line, const char *reason)
{
    (void)context, (void)file, (void)line, (void)reason;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n---\n";
    struct cli_events_sink sink = {NULL, take, bad_row};
    struct cli_events_counts counts;
    struct people_stream stream;
    const uint8_t *at = size == 0 ? NULL : memmem(data, size, mark, sizeof mark - 1);
    size_t mapping_len = at == NULL ? 0 : (size_t)(at - data) + 1;
    size_t rows_at = at == NULL ? 0 : mapping_len + sizeof mark - 2;
    people_stream_over(&stream, base_bytes_of(data + rows_at, size - rows_at), "fuzz");
    (void)!cli_events_read(&stream, base_bytes_of(data, mapping_len), "travel", &sink, &counts);
    return 0;
}
