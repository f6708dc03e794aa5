/* SPDX-License-Identifier: Apache-2.0 */
#include "node/link_internal.h"
#include "node/sigpipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HANDSHAKE_TIMEOUT_MS = 5000,
    IDLE_TIMEOUT_MS = 30000,
    FRAME_TIMEOUT_MS = 20000,
    FRAMES_PER_SECOND = 2000,
    BYTES_PER_SECOND = 64 * 1024 * 1024,
    RATE_WINDOW_MS = 5000,
    BACKLOG = 64,
    RETRY_MS = 100,
};

static void take_default(uint32_t *limit, uint32_t standard)
{
    if (*limit == 0)
        *limit = standard;
}

enum base_code node_hub_new(const struct node_hub_config *config, struct node_hub **out)
{
    const struct node_link_events *events = &config->events;
    if (config->loop == NULL || config->tls == NULL || events->admit == NULL || events->frame == NULL ||
        events->closed == NULL)
        return base_fail(BASE_E_ARGUMENT, "a hub needs a loop, a TLS context and its events");
    struct node_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL)
        return base_fail(BASE_E_NOMEM, "a hub");
    node_ignore_sigpipe();
    int error = uv_tcp_init(config->loop, &hub->listener);
    if (error != 0) {
        free(hub);
        return base_fail(BASE_E_IO, "a listener: %s", uv_strerror(error));
    }
    uv_timer_init(config->loop, &hub->retry); /* cannot fail */
    hub->listener.data = hub->retry.data = hub;
    hub->open_handles = 2;
    hub->config = *config;
    take_default(&hub->config.handshake_timeout_ms, HANDSHAKE_TIMEOUT_MS); /* transport 5, the whole table */
    take_default(&hub->config.idle_timeout_ms, IDLE_TIMEOUT_MS);
    take_default(&hub->config.frame_timeout_ms, FRAME_TIMEOUT_MS);
    take_default(&hub->config.max_queued_bytes, NODE_LINK_QUEUE_MAX);
    take_default(&hub->config.max_frames_per_second, FRAMES_PER_SECOND);
    take_default(&hub->config.max_bytes_per_second, BYTES_PER_SECOND);
    take_default(&hub->config.rate_window_ms, RATE_WINDOW_MS);
    *out = hub;
    return BASE_OK;
}

static bool parse_address(const char *address, uint16_t port, struct sockaddr_storage *out)
{
    return uv_ip4_addr(address, port, (struct sockaddr_in *)out) == 0 ||
           uv_ip6_addr(address, port, (struct sockaddr_in6 *)out) == 0;
}

static void write_address(const struct sockaddr_storage *from, char out[LINK_ADDRESS_MAX])
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
        uv_ip6_name(six, host, sizeof host);
        snprintf(out, LINK_ADDRESS_MAX, "[%s]:%u", host, ntohs(six->sin6_port));
    } else if (from->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)from;
        uv_ip4_name(four, host, sizeof host);
        snprintf(out, LINK_ADDRESS_MAX, "%s:%u", host, ntohs(four->sin_port));
    } else {
        snprintf(out, LINK_ADDRESS_MAX, "?");
    }
}

/* An accepted link that has not been admitted. */
static bool is_stranger(const struct node_link *link)
{
    return link->state == LINK_HANDSHAKE && !link->is_outgoing;
}

static void make_room_for_a_stranger(struct node_hub *hub)
{
    size_t count = 0;
    struct node_link *oldest = NULL;
    for (struct node_link *link = hub->links; link != NULL; link = link->next) {
        if (is_stranger(link)) {
            count++;
            oldest = link;
        }
    }
    if (count >= NODE_HANDSHAKES_MAX) /* transport 5.2 */
        node_link_drop(oldest, BASE_E_BUSY, false, "too many connections that are not admitted yet");
}

static void on_connection(uv_stream_t *stream, int status);

static void on_retry_accept(uv_timer_t *timer)
{
    struct node_hub *hub = timer->data;
    on_connection((uv_stream_t *)&hub->listener, 0);
}

static void on_connection(uv_stream_t *stream, int status)
{
    struct node_hub *hub = stream->data;
    struct node_link *link;
    if (status < 0 || hub->is_closing)
        return;
    make_room_for_a_stranger(hub);
    if (node_link_new(hub, false, NULL, &link) != BASE_OK) {
        base_log_event(hub->config.log, BASE_LOG_ERROR, "link-refused", BASE_LOG_TEXT("reason", base_detail()), BASE_LOG_END);
        uv_timer_start(&hub->retry, on_retry_accept, RETRY_MS, 0);
        return;
    }
    int error = uv_accept(stream, (uv_stream_t *)&link->tcp);
    if (error != 0) {
        node_link_drop(link, BASE_E_IO, false, uv_strerror(error));
        return;
    }
    struct sockaddr_storage from = {0};
    int len = sizeof from;
    uv_tcp_getpeername(&link->tcp, (struct sockaddr *)&from, &len);
    write_address(&from, link->address);
    node_link_start(link);
}

static enum base_code bound_port(const uv_tcp_t *tcp, uint16_t *out)
{
    struct sockaddr_storage here = {0};
    int len = sizeof here;
    int error = uv_tcp_getsockname(tcp, (struct sockaddr *)&here, &len);
    if (error != 0)
        return base_fail(BASE_E_IO, "asking for the bound port: %s", uv_strerror(error));
    *out = here.ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)&here)->sin6_port)
                                      : ntohs(((const struct sockaddr_in *)&here)->sin_port);
    return BASE_OK;
}

enum base_code node_hub_listen(struct node_hub *hub, const char *address, uint16_t port, uint16_t *bound)
{
    struct sockaddr_storage at = {0};
    if (hub->is_listening || hub->is_closing)
        return base_fail(BASE_E_STATE, "this hub listens already, or is closing");
    if (!parse_address(address, port, &at))
        return base_fail(BASE_E_ARGUMENT, "%s is not a numeric address", address);
    int error = uv_tcp_bind(&hub->listener, (const struct sockaddr *)&at, 0);
    if (error == 0)
        error = uv_listen((uv_stream_t *)&hub->listener, BACKLOG, on_connection);
    if (error != 0)
        return base_fail(error == UV_EADDRINUSE ? BASE_E_BUSY : BASE_E_IO, "listening on %s port %u: %s", address, port,
                         uv_strerror(error));
    hub->is_listening = true;
    return bound == NULL ? BASE_OK : bound_port(&hub->listener, bound);
}

/* Dialling: a name's addresses are tried one after the other. */

static void connect_to(struct node_link *link, const struct sockaddr *to);

static void on_retry(uv_handle_t *handle)
{
    struct node_link *link = handle->data;
    link->is_retrying = false;
    if (link->state == LINK_DROPPED) {
        node_link_let_go(link);
        return;
    }
    uv_tcp_init(link->hub->config.loop, &link->tcp); /* cannot fail: no socket is made yet */
    link->tcp.data = link;
    connect_to(link, link->candidate->ai_addr);
}

static void try_next(struct node_link *link, int error)
{
    if (link->candidate == NULL || link->candidate->ai_next == NULL) {
        node_link_drop(link, BASE_E_IO, false, uv_strerror(error));
        return;
    }
    link->candidate = link->candidate->ai_next;
    link->is_retrying = true;
    uv_close((uv_handle_t *)&link->tcp, on_retry);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct node_link *link = request->data;
    if (link->state == LINK_DROPPED)
        return;
    if (status < 0)
        try_next(link, status);
    else
        node_link_start(link);
}

static void connect_to(struct node_link *link, const struct sockaddr *to)
{
    link->connect.data = link;
    int error = uv_tcp_connect(&link->connect, &link->tcp, to, on_connected);
    if (error != 0)
        try_next(link, error);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct node_link *link = request->data;
    request->data = NULL;
    link->found = link->candidate = found;
    if (link->state != LINK_DROPPED) {
        if (status < 0 || found == NULL)
            node_link_drop(link, BASE_E_IO, false, status < 0 ? uv_strerror(status) : "no address");
        else
            connect_to(link, found->ai_addr);
    }
    node_link_let_go(link);
}

static void resolve(struct node_link *link, const char *host, uint16_t port)
{
    char service[8];
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    snprintf(service, sizeof service, "%u", port);
    link->resolve.data = link;
    int error = uv_getaddrinfo(link->hub->config.loop, &link->resolve, on_resolved, host, service, &hints);
    if (error != 0)
        node_link_drop(link, BASE_E_IO, false, uv_strerror(error));
    else
        link->waiting++;
}

enum base_code node_hub_connect(struct node_hub *hub, const char *host, uint16_t port,
                                const struct crypto_sign_public *expected, void *owner, struct node_link **out)
{
    struct sockaddr_storage to = {0};
    struct node_link *link;
    if (host == NULL || host[0] == 0 || port == 0 || expected == NULL)
        return base_fail(BASE_E_ARGUMENT, "dialling needs a host, a port and the peer's key");
    if (hub->is_closing)
        return base_fail(BASE_E_STATE, "this hub is closing");
    if (node_hub_taken(hub, NULL) >= NODE_LINKS_MAX || node_hub_taken(hub, expected) >= NODE_LINKS_PER_PEER_MAX)
        return base_fail(BASE_E_BUSY, "too many links"); /* transport 5.2 */
    BASE_TRY(node_link_new(hub, true, expected, &link));
    link->data = owner;
    link->is_owed_closed = true;
    snprintf(link->address, sizeof link->address, "%.60s:%u", host, port);
    node_link_arm(link);
    if (parse_address(host, port, &to))
        connect_to(link, (const struct sockaddr *)&to);
    else
        resolve(link, host, port);
    *out = link;
    return BASE_OK;
}

static bool is_with(const struct node_link *link, const struct crypto_sign_public *peer_key)
{
    return peer_key == NULL ||
           (link->has_peer_key && memcmp(link->peer_key.bytes, peer_key->bytes, sizeof peer_key->bytes) == 0);
}

size_t node_hub_taken(const struct node_hub *hub, const struct crypto_sign_public *peer_key)
{
    size_t count = 0;
    for (const struct node_link *link = hub->links; link != NULL; link = link->next)
        count += link->is_owed_closed && link->state != LINK_DROPPED && is_with(link, peer_key);
    return count;
}

size_t node_hub_count(const struct node_hub *hub, const struct crypto_sign_public *peer_key)
{
    size_t count = 0;
    for (const struct node_link *link = hub->links; link != NULL; link = link->next)
        count += link->state == LINK_OPEN && is_with(link, peer_key);
    return count;
}

static void finish_closing(struct node_hub *hub)
{
    if (hub->open_handles > 0 || hub->links != NULL)
        return;
    void (*done)(void *context) = hub->done;
    void *context = hub->done_context;
    free(hub);
    if (done != NULL)
        done(context);
}

void node_hub_forget(struct node_hub *hub, struct node_link *link)
{
    if (link->next != NULL)
        link->next->previous = link->previous;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        hub->links = link->next;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct node_hub *hub = handle->data;
    hub->open_handles--;
    finish_closing(hub);
}

void node_hub_finish(struct node_hub *hub)
{
    if (hub->is_closing)
        finish_closing(hub);
}

void node_hub_close(struct node_hub *hub, void (*done)(void *context), void *context)
{
    if (hub->is_closing)
        return;
    hub->is_closing = true;
    hub->done = done;
    hub->done_context = context;
    for (struct node_link *link = hub->links; link != NULL; link = link->next)
        node_link_drop(link, BASE_E_CANCELLED, false, "the node is closing");
    uv_close((uv_handle_t *)&hub->listener, on_handle_closed);
    uv_close((uv_handle_t *)&hub->retry, on_handle_closed);
}
