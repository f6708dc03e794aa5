/* SPDX-License-Identifier: Apache-2.0
 *
 * What an importer reads from: a file on disk (gzipped or not), or bytes in memory, so that tests and fuzzers drive the
 * same code as the program. It is read once, front to back.
 */
#ifndef PEOPLE_STREAM_H
#define PEOPLE_STREAM_H

#include "base/file.h"

struct people_stream {
    struct base_source *source; /* NULL: the bytes in memory */
    struct base_bytes memory;   /* borrowed */
    size_t at;                  /* in memory */
    char file[128];             /* the last part of the path: what messages call it */
};

/* BASE_E_NOT_FOUND, BASE_E_IO, BASE_E_NOMEM. On failure there is nothing to close. */
enum base_code people_stream_open(struct people_stream *stream, const char *path) BASE_MUST_USE;
void people_stream_over(struct people_stream *stream, struct base_bytes memory, const char *file);
void people_stream_close(struct people_stream *stream); /* also of one that was never opened, all zero */

/* As base_source_read(). */
enum base_code people_stream_read(struct people_stream *stream, void *out, size_t capacity, size_t *len) BASE_MUST_USE;
/* Bytes read of bytes in all, as they lie on disk. */
uint64_t people_stream_position(const struct people_stream *stream);
uint64_t people_stream_size(const struct people_stream *stream);

#endif
