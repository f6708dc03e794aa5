/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line's side of the control socket: blocking, one request, replies until the server closes.
 */
#include "node/control.h"

#include "base/cursor.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { READ_MAX = 16 * 1024 };

static enum base_code connect_to(const char *path, int *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return base_fail(BASE_E_LIMIT, "%s is too long for a socket's path", path);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return base_fail(BASE_E_IO, "a socket: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        bool is_nobody = error == ENOENT || error == ECONNREFUSED || error == ENOTDIR;
        return base_fail(is_nobody ? BASE_E_NO_NODE : BASE_E_IO, "%s: %s", path, strerror(error));
    }
    *out = fd;
    return BASE_OK;
}

static enum base_code send_request(int fd, const json_t *request)
{
    struct base_buffer line = BASE_BUFFER_EMPTY;
    enum base_code code = node_control_line_append(request, &line);
    size_t at = 0;
    while (code == BASE_OK && at < line.len) {
        ssize_t sent = send(fd, line.data + at, line.len - at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            code = base_fail(BASE_E_CANCELLED, "interrupted");
        else if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
            break; /* why it closed stands in its reply */
        else if (sent < 0)
            code = base_fail(BASE_E_IO, "asking the node: %s", strerror(errno));
        else
            at += (size_t)sent;
    }
    base_buffer_release(&line);
    return code;
}

struct call {
    struct base_buffer in;
    size_t replies;
    enum base_code (*reply)(void *context, json_t *reply);
    void *context;
};

static enum base_code hand_on(struct call *call, struct base_bytes line)
{
    json_t *object;
    BASE_TRY(node_control_line_parse(line, &object));
    call->replies++;
    enum base_code code = call->reply(call->context, object);
    json_decref(object);
    return code;
}

static enum base_code hand_on_lines(struct call *call)
{
    size_t at = 0;
    enum base_code code = BASE_OK;
    while (code == BASE_OK && at < call->in.len) {
        const uint8_t *end = memchr(call->in.data + at, '\n', call->in.len - at);
        if (end == NULL)
            break;
        size_t len = (size_t)(end - (call->in.data + at));
        code = hand_on(call, base_bytes_of(call->in.data + at, len));
        at += len + 1;
    }
    base_buffer_drop_front(&call->in, at);
    if (code == BASE_OK && call->in.len > NODE_CONTROL_LINE_MAX) /* transport 6.3 */
        code = base_fail(BASE_E_LIMIT, "the node sends a line of more than %d bytes", NODE_CONTROL_LINE_MAX);
    return code;
}

static enum base_code read_replies(int fd, struct call *call)
{
    uint8_t bytes[READ_MAX];
    for (;;) {
        ssize_t count = read(fd, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            return base_fail(BASE_E_CANCELLED, "interrupted");
        if (count < 0 && errno != ECONNRESET)
            return base_fail(BASE_E_IO, "reading from the node: %s", strerror(errno));
        if (count <= 0)
            break;
        BASE_TRY(base_buffer_append(&call->in, base_bytes_of(bytes, (size_t)count)));
        BASE_TRY(hand_on_lines(call));
    }
    if (call->in.len > 0)
        return base_fail(BASE_E_TRUNCATED, "the node ended inside a line");
    return call->replies > 0 ? BASE_OK : base_fail(BASE_E_CLOSED, "the node ended without an answer");
}

enum base_code node_control_call(const char *path, json_t *request,
                                 enum base_code (*reply)(void *context, json_t *reply), void *context)
{
    struct call call = {.in = BASE_BUFFER_EMPTY, .reply = reply, .context = context};
    int fd = -1;
    BASE_TRY(connect_to(path, &fd));
    enum base_code code = send_request(fd, request);
    if (code == BASE_OK)
        code = read_replies(fd, &call);
    base_buffer_release(&call.in);
    close(fd);
    return code;
}
