/* SPDX-License-Identifier: Apache-2.0
 *
 * The local socket through which the command line talks to the running node: one JSON object per line each way, over a
 * Unix socket only this user can open, unless a group is admitted (doc/spec/transport.md, section 6). It does not know what is
 * asked.
 *
 * The server (on a libuv loop, one thread):
 *
 *     node_control_listen(loop, path, &events, &server);
 *     request(client, object):  node_control_reply(client, json_pack(...)) any number of times, now or later;
 *                               node_control_end(client)
 *     gone(client):             the last word about this client
 *     node_control_close(server, done, context)
 *
 * A line that is too long or not one JSON object is answered with {"error": word, "detail": text, "by": "self"}
 * (doc/spec/control.md, 3), and the client is ended.
 */
#ifndef NODE_CONTROL_H
#define NODE_CONTROL_H

#include "base/bytes.h"

#include <jansson.h>
#include <uv.h>

enum {
    NODE_CONTROL_LINE_MAX = 512 * 1024,        /* a content with its attachments in base64; without the '\n' */
    NODE_CONTROL_DEPTH_MAX = 32,               /* nesting of a line's JSON */
    NODE_CONTROL_CLIENTS_MAX = 32,             /* at the same time; beyond, the newcomer gets "busy" */
    NODE_CONTROL_GUESTS_MAX = 24,              /* of these, by other users than this one and root */
    NODE_CONTROL_GUEST_MAX = 8,                /* of these, by one such user */
    NODE_CONTROL_QUEUE_MAX = 16 * 1024 * 1024, /* replies of one client that wait to be read */
};

struct node_control_server;
struct node_control_client;

struct node_control_events {
    void *context;
    /* One request; the object is borrowed until the call returns (json_incref() to keep it). */
    void (*request)(void *context, struct node_control_client *client, json_t *request);
    /* Exactly once for each client that made a request, whoever ended it; the client is invalid after it. May be NULL. */
    void (*gone)(void *context, struct node_control_client *client);
};

/* One line (without '\n') into a new object: UTF-8, one JSON object, no duplicate keys, nested at most
 * NODE_CONTROL_DEPTH_MAX deep. BASE_E_LIMIT for a line over NODE_CONTROL_LINE_MAX or nested deeper, BASE_E_FORMAT. */
enum base_code node_control_line_parse(struct base_bytes line, json_t **out) BASE_MUST_USE;
/* Appends the object and '\n'. BASE_E_LIMIT when that is a line over NODE_CONTROL_LINE_MAX, BASE_E_NOMEM. */
enum base_code node_control_line_append(const json_t *object, struct base_buffer *out) BASE_MUST_USE;

/* Listens at `path` (mode 0600; its folder must exist). A socket left by a dead process is replaced. A file `path`.lock is
 * held while the server lives and stays behind. Only processes of this user or root are served (SO_PEERCRED), until
 * node_control_admit_group().
 * BASE_E_BUSY when a live process listens there, BASE_E_EXISTS when something else than a socket stands at `path`,
 * BASE_E_LIMIT when the path is longer than the system takes (107 bytes), BASE_E_IO, BASE_E_NOMEM. Events are copied. */
enum base_code node_control_listen(uv_loop_t *loop, const char *path, const struct node_control_events *events,
                                   struct node_control_server **out) BASE_MUST_USE;
/* Ends all clients without flushing, removes the socket, frees the server, and calls `done` (may be NULL) last of all. */
void node_control_close(struct node_control_server *server, void (*done)(void *context), void *context);

/* Serves processes of other users, too, whom the system lets in by this group: the socket's folder becomes 0710 and the socket
 * 0660, both of the group. Who they are must be told otherwise (users.h). BASE_E_IO. */
enum base_code node_control_admit_group(struct node_control_server *server, gid_t group) BASE_MUST_USE;
/* Is the client a process of this user, or of root? */
bool node_control_is_owner(const struct node_control_client *client);

/* Sends one object; the reference is stolen, also on failure. BASE_E_LIMIT (over-long line), BASE_E_FLOOD (the client does
 * not read; see node_control_queued), BASE_E_CLOSED (the client is going), BASE_E_ARGUMENT (not an object), BASE_E_NOMEM. */
enum base_code node_control_reply(struct node_control_client *client, json_t *reply) BASE_MUST_USE;
size_t node_control_queued(const struct node_control_client *client); /* bytes not yet taken by the system */
/* Closes once every reply has gone out; no request of this client is read any more. */
void node_control_end(struct node_control_client *client);

void node_control_set_data(struct node_control_client *client, void *data); /* borrowed */
void *node_control_data(const struct node_control_client *client);

/* The command line's side, blocking, without libuv: connects, sends `request` (borrowed), and hands every reply line to `reply`
 * (the object is borrowed until the call returns; an error from it ends the call with that code) until the server
 * closes. BASE_E_NO_NODE when nobody listens at `path`, BASE_E_CLOSED when the server closes without any reply,
 * BASE_E_TRUNCATED when it closes inside a line, BASE_E_LIMIT and BASE_E_FORMAT for a bad line, BASE_E_IO. There is no
 * time-out: a request may wait for people; a signal the program handles without SA_RESTART ends it with BASE_E_CANCELLED. */
enum base_code node_control_call(const char *path, json_t *request,
                                 enum base_code (*reply)(void *context, json_t *reply), void *context) BASE_MUST_USE;

#endif
