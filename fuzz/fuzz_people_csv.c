/* SPDX-License-Identifier: Apache-2.0
 *
 * The CSV reader, and the UK and OFAC importers over it. The first byte chooses.
 */
#include "people/csv.h"
#include "people/import_job.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum base_code take(void *context, const struct people_record *fragment)
{
    uint64_t *count = context;
    if (fragment->source_key == NULL)
        abort();
    ++*count;
    return BASE_OK;
}

/* All rows; a field lies inside its row, and lines only go up. */
static void read_rows(struct base_bytes bytes)
{
    struct people_stream stream;
    struct people_csv *csv = NULL;
    bool has_row = false;
    uint64_t line = 0;
    people_stream_over(&stream, bytes, "fuzz");
    if (people_csv_new(&stream, ';', &csv) != BASE_OK)
        return;
    while (people_csv_next(csv, &has_row) == BASE_OK && has_row) {
        if (people_csv_line(csv) <= line || people_csv_count(csv) == 0)
            abort();
        line = people_csv_line(csv);
        for (size_t i = 0; i <= people_csv_count(csv); i++)
            if (people_csv_field(csv, i).len > PEOPLE_CSV_ROW_MAX)
                abort();
    }
    people_csv_free(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t count = 0;
    struct people_import_sink sink = {&count, take, NULL, NULL};
    struct people_import_facts facts = {0};
    struct people_job job = {.sink = &sink, .facts = &facts};
    if (size == 0)
        return 0;
    struct base_bytes bytes = base_bytes_of(data + 1, size - 1);
    if (data[0] == 'u') {
        struct people_stream stream;
        people_stream_over(&stream, bytes, "fuzz");
        (void)!people_import_uk(&stream, &job);
    } else if (data[0] == 'o') {
        /* Each of the four files gets the same bytes: numbers meet, and columns are short in some. */
        struct people_ofac_streams in;
        people_stream_over(&in.sdn, bytes, "sdn.csv");
        people_stream_over(&in.alt, bytes, "alt.csv");
        people_stream_over(&in.add, bytes, "add.csv");
        people_stream_over(&in.comments, bytes, "sdn_comments.csv");
        (void)!people_import_ofac(&in, &job);
    } else {
        read_rows(bytes);
    }
    return 0;
}
