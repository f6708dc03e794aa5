/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read as a content is written as the same bytes, and keeps its limits.
 */
#include "exchange/content.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_limits(const struct exchange_content *content)
{
    if (content->person_count > EXCHANGE_PERSONS_MAX || content->attachment_count > EXCHANGE_ATTACHMENTS_MAX)
        abort();
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        if (content->texts[i] != NULL && strlen(content->texts[i]) > EXCHANGE_TEXT_BYTES_MAX)
            abort();
    for (size_t i = 0; i < content->attachment_count; i++)
        if (content->attachments[i].data.len > EXCHANGE_ATTACHMENT_MAX || strchr(content->attachments[i].name, '/') != NULL)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct exchange_content content;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    if (exchange_content_decode(base_bytes_of(data, size), &content) == BASE_OK) {
        check_limits(&content);
        if (exchange_content_encode(&content, &again) != BASE_OK || !base_bytes_equal(base_bytes_of(data, size), base_bytes_buffer(&again)))
            abort();
    }
    exchange_content_release(&content);
    base_buffer_release(&again);
    return 0;
}
