/* SPDX-License-Identifier: Apache-2.0
 *
 * The port to files. Errors carry the path and the system's reason.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/bytes.h"

/* Reads a whole file; BASE_E_LIMIT when it is larger than max_len, BASE_E_NOT_FOUND, BASE_E_IO. Appends to out. */
enum base_code base_file_read(const char *path, size_t max_len, struct base_buffer *out) BASE_MUST_USE;

/* Replaces a file whole or not at all: writes beside it, fsyncs, renames, fsyncs the folder. */
enum base_code base_file_write(const char *path, struct base_bytes content, unsigned mode) BASE_MUST_USE;

/* Makes a folder and its missing parents with `mode`; an existing folder is fine. */
enum base_code base_folder_make(const char *path, unsigned mode) BASE_MUST_USE;

bool base_path_exists(const char *path);

/* A file read front to back in pieces; gzip (RFC 1952) is recognised by its first bytes and unpacked on the way. */
struct base_source;
enum base_code base_source_open(const char *path, struct base_source **out) BASE_MUST_USE;
void base_source_close(struct base_source *source);
/* Up to `capacity` bytes into out; *len 0 at the end. BASE_E_TRUNCATED when a gzip stream stops early. */
enum base_code base_source_read(struct base_source *source, void *out, size_t capacity, size_t *len) BASE_MUST_USE;
/* Where the reading stands in the file on disk, for a progress bar. */
uint64_t base_source_position(const struct base_source *source);
uint64_t base_source_size(const struct base_source *source);

/* A file written front to back in pieces, and there whole or not at all: it takes the place of `path` when it is finished. Only
 * the first error counts: the calls after it fail alike. Finishing and abandoning free the sink; abandoning leaves nothing. */
struct base_sink;
enum base_code base_sink_open(const char *path, unsigned mode, struct base_sink **out) BASE_MUST_USE;
enum base_code base_sink_write(struct base_sink *sink, struct base_bytes bytes) BASE_MUST_USE;
enum base_code base_sink_finish(struct base_sink *sink) BASE_MUST_USE;
void base_sink_abandon(struct base_sink *sink); /* NULL is fine */

#endif
