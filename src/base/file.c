/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static enum base_code fail_errno(const char *what, const char *path)
{
    return base_fail(base_code_from_errno(errno), "cannot %s %s: %s", what, path, strerror(errno));
}

enum base_code base_file_read(const char *path, size_t max_len, struct base_buffer *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno("open", path);
    enum base_code code = BASE_OK;
    size_t total = 0;
    for (;;) {
        if ((code = base_buffer_reserve(out, 65536)) != BASE_OK)
            break;
        ssize_t got = read(fd, out->data + out->len, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            code = fail_errno("read", path);
        if (got <= 0)
            break;
        out->len += (size_t)got;
        out->data[out->len] = 0;
        total += (size_t)got;
        if (total > max_len) {
            code = base_fail(BASE_E_LIMIT, "%s is larger than %zu bytes", path, max_len);
            break;
        }
    }
    close(fd);
    return code;
}

static enum base_code write_bytes(int fd, struct base_bytes content, const char *path)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.data, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail_errno("write", path);
        content.data += put;
        content.len -= (size_t)put;
    }
    return BASE_OK;
}

static enum base_code write_all(int fd, struct base_bytes content, const char *path)
{
    BASE_TRY(write_bytes(fd, content, path));
    return fsync(fd) == 0 ? BASE_OK : fail_errno("write", path);
}

static enum base_code sync_parent(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path),
             slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno("open", folder);
    int failed = fsync(fd);
    close(fd);
    return failed == 0 ? BASE_OK : fail_errno("sync", folder);
}

enum base_code base_file_write(const char *path, struct base_bytes content, unsigned mode)
{
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.new.%ld", path, (long)getpid()) >= (int)sizeof beside)
        return base_fail(BASE_E_ARGUMENT, "the path %s is too long", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return fail_errno("create", beside);
    enum base_code code = write_all(fd, content, path);
    if (close(fd) != 0 && code == BASE_OK)
        code = fail_errno("write", path);
    if (code == BASE_OK && rename(beside, path) != 0)
        code = fail_errno("replace", path);
    if (code != BASE_OK) {
        unlink(beside);
        return code;
    }
    return sync_parent(path);
}

enum base_code base_folder_make(const char *path, unsigned mode)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part)
        return base_fail(BASE_E_ARGUMENT, "a folder's path of %zu bytes", len);
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != 0)
            continue;
        char kept = part[i];
        part[i] = 0;
        if (mkdir(part, (mode_t)mode) != 0 && errno != EEXIST)
            return fail_errno("make the folder", part);
        part[i] = kept;
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return base_fail(BASE_E_IO, "%s is not a folder", path);
    return BASE_OK;
}

bool base_path_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

struct base_source {
    gzFile file;
    char *path;
    uint64_t size;
};

enum base_code base_source_open(const char *path, struct base_source **out)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno("open", path);
    if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        close(fd);
        return base_fail(BASE_E_IO, "%s is not a file", path);
    }
    struct base_source *source = calloc(1, sizeof *source);
    char *kept_path = base_bytes_dup(base_bytes_text(path));
    gzFile file = source == NULL || kept_path == NULL ? NULL : gzdopen(fd, "rb");
    if (file == NULL) {
        close(fd);
        free(kept_path);
        free(source);
        return base_fail(BASE_E_NOMEM, "no memory to open %s", path);
    }
    gzbuffer(file, 131072);
    *source = (struct base_source){file, kept_path, (uint64_t)status.st_size};
    *out = source;
    return BASE_OK;
}

void base_source_close(struct base_source *source)
{
    if (source == NULL)
        return;
    gzclose_r(source->file);
    free(source->path);
    free(source);
}

enum base_code base_source_read(struct base_source *source, void *out, size_t capacity, size_t *len)
{
    unsigned wanted = capacity > INT_MAX ? INT_MAX : (unsigned)capacity;
    int got = gzread(source->file, out, wanted);
    int error = Z_OK;
    const char *message = gzerror(source->file, &error);
    if (error == Z_BUF_ERROR)
        return base_fail(BASE_E_TRUNCATED, "%s ends in the middle of its gzip stream", source->path);
    if (error == Z_DATA_ERROR)
        return base_fail(BASE_E_CORRUPT, "%s is not sound gzip: %s", source->path, message);
    if (got < 0)
        return base_fail(BASE_E_IO, "cannot read %s: %s", source->path, message);
    *len = (size_t)got;
    return BASE_OK;
}

uint64_t base_source_position(const struct base_source *source)
{
    z_off_t at = gzoffset(source->file);
    return at < 0 ? 0 : (uint64_t)at;
}

uint64_t base_source_size(const struct base_source *source)
{
    return source->size;
}

enum { SINK_BUFFER = 1 << 18 };

struct base_sink {
    int fd;
    char *path, *beside;
    struct base_buffer buffer;
    enum base_code code; /* the first error */
};

enum base_code base_sink_open(const char *path, unsigned mode, struct base_sink **out)
{
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.new.%ld", path, (long)getpid()) >= (int)sizeof beside)
        return base_fail(BASE_E_ARGUMENT, "the path %s is too long", path);
    struct base_sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to write %s", path);
    *sink = (struct base_sink){.fd = -1, .path = base_bytes_dup(base_bytes_text(path)),
                               .beside = base_bytes_dup(base_bytes_text(beside)), .buffer = BASE_BUFFER_EMPTY};
    enum base_code code = sink->path == NULL || sink->beside == NULL ? base_fail(BASE_E_NOMEM, "no memory to write %s", path) : BASE_OK;
    if (code == BASE_OK)
        code = base_buffer_reserve(&sink->buffer, SINK_BUFFER);
    if (code == BASE_OK) {
        sink->fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
        if (sink->fd < 0)
            code = fail_errno("create", beside);
    }
    if (code != BASE_OK) {
        base_sink_abandon(sink);
        return code;
    }
    *out = sink;
    return BASE_OK;
}

static enum base_code sink_flush(struct base_sink *sink)
{
    enum base_code code = write_bytes(sink->fd, base_bytes_buffer(&sink->buffer), sink->path);
    base_buffer_clear(&sink->buffer);
    return code;
}

enum base_code base_sink_write(struct base_sink *sink, struct base_bytes bytes)
{
    if (sink->code == BASE_OK && sink->buffer.len > 0 && sink->buffer.len + bytes.len > SINK_BUFFER)
        sink->code = sink_flush(sink);
    if (sink->code == BASE_OK && bytes.len > SINK_BUFFER)
        sink->code = write_bytes(sink->fd, bytes, sink->path);
    else if (sink->code == BASE_OK)
        sink->code = base_buffer_append(&sink->buffer, bytes);
    return sink->code;
}

static void sink_free(struct base_sink *sink)
{
    if (sink->fd >= 0)
        close(sink->fd);
    base_buffer_release(&sink->buffer);
    free(sink->path);
    free(sink->beside);
    free(sink);
}

enum base_code base_sink_finish(struct base_sink *sink)
{
    enum base_code code = sink->code == BASE_OK ? sink_flush(sink) : sink->code;
    if (code == BASE_OK && fsync(sink->fd) != 0)
        code = fail_errno("write", sink->path);
    if (code == BASE_OK && rename(sink->beside, sink->path) != 0)
        code = fail_errno("replace", sink->path);
    if (code != BASE_OK) {
        base_sink_abandon(sink);
        return code;
    }
    code = sync_parent(sink->path);
    sink_free(sink);
    return code;
}

void base_sink_abandon(struct base_sink *sink)
{
    if (sink == NULL)
        return;
    if (sink->fd >= 0)
        unlink(sink->beside);
    sink_free(sink);
}
