/* SPDX-License-Identifier: Apache-2.0 */
#include "node/control.h"
#include "node/sigpipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { READ_MAX = 64 * 1024, BACKLOG = 16, RETRY_MS = 100, PATH_BYTES = sizeof((struct sockaddr_un){0}.sun_path) };

struct node_control_client {
    struct node_control_server *server;
    struct node_control_client *next, *previous;
    uv_pipe_t pipe;
    uv_write_t write;
    struct base_buffer in;
    struct base_buffer out;     /* waits */
    struct base_buffer sending; /* with the system */
    bool has_asked, is_ending, is_closing;
    uid_t user;
    void *data;
};

struct node_control_server {
    uv_pipe_t listener;
    uv_timer_t retry; /* accepting failed for want of memory: libuv holds the connection until it is taken */
    unsigned open_handles;
    struct node_control_events events;
    struct node_control_client *clients;
    size_t client_count;
    char path[PATH_BYTES];
    int lock; /* held as long as the server lives */
    bool admits_group;
    bool is_closing;
    void (*done)(void *context);
    void *done_context;
    char read_bytes[READ_MAX];
};

/* Clients */

static void finish_closing(struct node_control_server *server)
{
    if (server->open_handles > 0 || server->clients != NULL)
        return;
    void (*done)(void *context) = server->done;
    void *context = server->done_context;
    free(server);
    if (done != NULL)
        done(context);
}

static void on_client_closed(uv_handle_t *handle)
{
    struct node_control_client *client = handle->data;
    struct node_control_server *server = client->server;
    if (client->has_asked && server->events.gone != NULL)
        server->events.gone(server->events.context, client);
    if (client->next != NULL)
        client->next->previous = client->previous;
    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        server->clients = client->next;
    server->client_count--;
    base_buffer_release(&client->in);
    base_buffer_release(&client->out);
    base_buffer_release(&client->sending);
    free(client);
    if (server->is_closing)
        finish_closing(server);
}

static void drop(struct node_control_client *client)
{
    if (client->is_closing)
        return;
    client->is_closing = true;
    uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

static void flush(struct node_control_client *client);

static void on_written(uv_write_t *request, int status)
{
    struct node_control_client *client = request->data;
    base_buffer_release(&client->sending);
    if (status < 0)
        drop(client);
    else
        flush(client);
}

static void flush(struct node_control_client *client)
{
    if (client->is_closing || client->sending.len > 0)
        return;
    if (client->out.len == 0) {
        if (client->is_ending)
            drop(client);
        return;
    }
    client->sending = client->out;
    client->out = BASE_BUFFER_EMPTY;
    uv_buf_t buffer = uv_buf_init((char *)client->sending.data, (unsigned)client->sending.len);
    client->write.data = client;
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buffer, 1, on_written) != 0)
        drop(client);
}

size_t node_control_queued(const struct node_control_client *client)
{
    return client->out.len + client->sending.len;
}

static enum base_code queue_reply(struct node_control_client *client, const json_t *reply)
{
    if (client->is_closing || client->is_ending)
        return base_fail(BASE_E_CLOSED, "the client is gone");
    if (node_control_queued(client) + NODE_CONTROL_LINE_MAX > NODE_CONTROL_QUEUE_MAX) /* transport 6.5 */
        return base_fail(BASE_E_FLOOD, "the client does not read: %zu bytes wait", node_control_queued(client));
    BASE_TRY(node_control_line_append(reply, &client->out));
    flush(client);
    return BASE_OK;
}

enum base_code node_control_reply(struct node_control_client *client, json_t *reply)
{
    enum base_code code = reply == NULL ? base_fail(BASE_E_NOMEM, "a reply") : queue_reply(client, reply);
    json_decref(reply);
    return code;
}

void node_control_end(struct node_control_client *client)
{
    if (client->is_closing || client->is_ending)
        return;
    client->is_ending = true;
    flush(client);
}

static void end_with_error(struct node_control_client *client, enum base_code code)
{
    json_t *reply = json_pack("{s:s, s:s, s:s}", "error", base_code_word(code), "detail", base_detail(), "by", "self");
    if (node_control_reply(client, reply) != BASE_OK)
        drop(client);
    node_control_end(client);
}

static enum base_code handle_line(struct node_control_client *client, struct base_bytes line)
{
    json_t *request;
    BASE_TRY(node_control_line_parse(line, &request));
    client->has_asked = true;
    client->server->events.request(client->server->events.context, client, request);
    json_decref(request);
    return BASE_OK;
}

static void handle_lines(struct node_control_client *client)
{
    enum base_code code = BASE_OK;
    size_t at = 0;
    while (code == BASE_OK && at < client->in.len && !client->is_ending && !client->is_closing) {
        const uint8_t *end = memchr(client->in.data + at, '\n', client->in.len - at);
        size_t len = end == NULL ? client->in.len - at : (size_t)(end - (client->in.data + at));
        if (len > NODE_CONTROL_LINE_MAX) /* transport 6.3 */
            code = base_fail(BASE_E_LIMIT, "a line of more than %d bytes", NODE_CONTROL_LINE_MAX);
        else if (end == NULL)
            break;
        else
            code = handle_line(client, base_bytes_of(client->in.data + at, len));
        at += len + 1;
    }
    base_buffer_drop_front(&client->in, at);
    if (code != BASE_OK)
        end_with_error(client, code);
}

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    (void)suggested;
    struct node_control_client *client = handle->data;
    *out = uv_buf_init(client->server->read_bytes, READ_MAX);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct node_control_client *client = stream->data;
    if (client->is_closing || count == 0)
        return;
    if (count < 0) {
        drop(client);
    } else if (!client->is_ending) { /* what comes after the end is read and forgotten, so that the end is seen */
        if (base_buffer_append(&client->in, base_bytes_of(buffer->base, (size_t)count)) != BASE_OK)
            drop(client);
        else
            handle_lines(client);
    }
}

static bool is_owner(uid_t user)
{
    return user == geteuid() || user == 0;
}

bool node_control_is_owner(const struct node_control_client *client)
{
    return is_owner(client->user);
}

/* transport 6.6: guests leave places to the owner, and to each other. */
static enum base_code check_guests(const struct node_control_client *newcomer)
{
    unsigned guests = 0, same = 0;
    for (const struct node_control_client *client = newcomer->server->clients; client != NULL; client = client->next) {
        guests += !is_owner(client->user);
        same += client->user == newcomer->user;
    }
    if (!is_owner(newcomer->user) && (guests > NODE_CONTROL_GUESTS_MAX || same > NODE_CONTROL_GUEST_MAX))
        return base_fail(BASE_E_BUSY, "too many commands of other accounts at the same time");
    return BASE_OK;
}

static enum base_code check_user(struct node_control_client *client)
{
    struct ucred who;
    socklen_t len = sizeof who;
    uv_os_fd_t fd;
    if (uv_fileno((const uv_handle_t *)&client->pipe, &fd) != 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
        return base_fail(BASE_E_IO, "asking who the client is");
    client->user = who.uid;
    if (!client->server->admits_group && !is_owner(who.uid)) /* transport 6.2 */
        return base_fail(BASE_E_REFUSED, "this node belongs to another user");
    return BASE_OK;
}

static void on_connection(uv_stream_t *stream, int status);

static void on_retry_accept(uv_timer_t *timer)
{
    struct node_control_server *server = timer->data;
    on_connection((uv_stream_t *)&server->listener, 0);
}

static void on_connection(uv_stream_t *stream, int status)
{
    struct node_control_server *server = stream->data;
    if (status < 0 || server->is_closing)
        return;
    struct node_control_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        uv_timer_start(&server->retry, on_retry_accept, RETRY_MS, 0);
        return;
    }
    uv_pipe_init(stream->loop, &client->pipe, 0); /* cannot fail */
    client->server = server;
    client->pipe.data = client;
    client->user = geteuid();
    client->next = server->clients;
    if (server->clients != NULL)
        server->clients->previous = client;
    server->clients = client;
    server->client_count++;
    if (uv_accept(stream, (uv_stream_t *)&client->pipe) != 0 || check_user(client) != BASE_OK ||
        uv_read_start((uv_stream_t *)&client->pipe, lend_buffer, on_read) != 0)
        drop(client);
    else if (server->client_count > NODE_CONTROL_CLIENTS_MAX)
        end_with_error(client, base_fail(BASE_E_BUSY, "too many commands at the same time"));
    else if (check_guests(client) != BASE_OK)
        end_with_error(client, BASE_E_BUSY);
}

void node_control_set_data(struct node_control_client *client, void *data)
{
    client->data = data;
}

void *node_control_data(const struct node_control_client *client)
{
    return client->data;
}

/* The listening socket */

static enum base_code take_lock(const char *path, int *out)
{
    char name[PATH_BYTES + 8];
    snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return base_fail(BASE_E_IO, "%s: %s", name, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return base_fail(BASE_E_BUSY, "%s: a node listens there", path);
    }
    *out = fd;
    return BASE_OK;
}

/* With the lock held: whatever socket stands at the path, no node of ours is behind it, unless it answers. */
static enum base_code remove_stale(const struct sockaddr_un *address)
{
    struct stat there;
    if (lstat(address->sun_path, &there) != 0)
        return errno == ENOENT ? BASE_OK : base_fail(BASE_E_IO, "%s: %s", address->sun_path, strerror(errno));
    if (!S_ISSOCK(there.st_mode))
        return base_fail(BASE_E_EXISTS, "%s is there and is not a socket", address->sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return base_fail(BASE_E_IO, "a socket: %s", strerror(errno));
    bool is_stale = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(fd);
    if (!is_stale) /* transport 6.1 */
        return base_fail(BASE_E_BUSY, "%s: a process listens there", address->sun_path);
    if (unlink(address->sun_path) != 0)
        return base_fail(BASE_E_IO, "%s: %s", address->sun_path, strerror(errno));
    return BASE_OK;
}

/* On Linux a socket's mode before bind() is the mode its file gets, so there is no moment at which others can open it. */
static enum base_code bind_socket(const struct sockaddr_un *address, int *out)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && fchmod(fd, 0600) == 0 && bind(fd, (const struct sockaddr *)address, sizeof *address) == 0) {
        *out = fd;
        return BASE_OK;
    }
    enum base_code code = base_fail(BASE_E_IO, "%s: %s", address->sun_path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return code;
}

static enum base_code open_socket(struct node_control_server *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = -1;
    memcpy(address.sun_path, server->path, sizeof address.sun_path);
    BASE_TRY(take_lock(server->path, &server->lock));
    BASE_TRY(remove_stale(&address));
    BASE_TRY(bind_socket(&address, &fd));
    int error = uv_pipe_open(&server->listener, fd);
    if (error != 0)
        close(fd);
    else
        error = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
    if (error != 0) {
        unlink(server->path);
        return base_fail(BASE_E_IO, "%s: %s", server->path, uv_strerror(error));
    }
    return BASE_OK;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct node_control_server *server = handle->data;
    server->open_handles--;
    finish_closing(server);
}

static void close_handles(struct node_control_server *server)
{
    server->is_closing = true;
    if (server->lock >= 0)
        close(server->lock);
    uv_close((uv_handle_t *)&server->retry, on_handle_closed);
    uv_close((uv_handle_t *)&server->listener, on_handle_closed);
}

enum base_code node_control_listen(uv_loop_t *loop, const char *path, const struct node_control_events *events,
                                   struct node_control_server **out)
{
    if (strlen(path) >= PATH_BYTES)
        return base_fail(BASE_E_LIMIT, "%s is too long for a socket's path", path);
    struct node_control_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return base_fail(BASE_E_NOMEM, "the control socket");
    node_ignore_sigpipe();
    server->events = *events;
    server->lock = -1;
    memcpy(server->path, path, strlen(path));
    uv_pipe_init(loop, &server->listener, 0); /* neither can fail */
    uv_timer_init(loop, &server->retry);
    server->listener.data = server->retry.data = server;
    server->open_handles = 2;
    enum base_code code = open_socket(server);
    if (code != BASE_OK) {
        close_handles(server);
        return code;
    }
    *out = server;
    return BASE_OK;
}

void node_control_close(struct node_control_server *server, void (*done)(void *context), void *context)
{
    if (server->is_closing)
        return;
    server->done = done;
    server->done_context = context;
    for (struct node_control_client *client = server->clients; client != NULL; client = client->next)
        drop(client);
    unlink(server->path);
    close_handles(server);
}

enum base_code node_control_admit_group(struct node_control_server *server, gid_t group)
{
    char folder[PATH_BYTES];
    memcpy(folder, server->path, sizeof folder);
    char *end = strrchr(folder, '/');
    if (end == NULL || end == folder)
        return base_fail(BASE_E_IO, "%s: its folder cannot be given to a group", server->path);
    *end = 0;
    server->admits_group = true;
    if (lchown(folder, (uid_t)-1, group) == 0 && chmod(folder, 0710) == 0 && lchown(server->path, (uid_t)-1, group) == 0 &&
        chmod(server->path, 0660) == 0) /* transport 6.6 */
        return BASE_OK;
    server->admits_group = false;
    return base_fail(BASE_E_IO, "%s cannot be given to the group: %s", server->path, strerror(errno));
}
