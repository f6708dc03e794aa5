/* SPDX-License-Identifier: Apache-2.0 */
#include "people/stream.h"

#include <stdio.h>
#include <string.h>

static void name_stream(struct people_stream *stream, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(stream->file, sizeof stream->file, "%s", slash == NULL ? path : slash + 1);
}

enum base_code people_stream_open(struct people_stream *stream, const char *path)
{
    *stream = (struct people_stream){0};
    name_stream(stream, path);
    return base_source_open(path, &stream->source);
}

void people_stream_over(struct people_stream *stream, struct base_bytes memory, const char *file)
{
    *stream = (struct people_stream){.memory = memory};
    name_stream(stream, file);
}

void people_stream_close(struct people_stream *stream)
{
    base_source_close(stream->source);
    stream->source = NULL;
}

enum base_code people_stream_read(struct people_stream *stream, void *out, size_t capacity, size_t *len)
{
    if (stream->source != NULL)
        return base_source_read(stream->source, out, capacity, len);
    size_t left = stream->memory.len - stream->at;
    *len = left < capacity ? left : capacity;
    if (*len > 0)
        memcpy(out, stream->memory.data + stream->at, *len);
    stream->at += *len;
    return BASE_OK;
}

uint64_t people_stream_position(const struct people_stream *stream)
{
    return stream->source == NULL ? stream->at : base_source_position(stream->source);
}

uint64_t people_stream_size(const struct people_stream *stream)
{
    return stream->source == NULL ? stream->memory.len : base_source_size(stream->source);
}
