/* SPDX-License-Identifier: Apache-2.0 */
#include "node/link_internal.h"

#include "crypto/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MAX = 64 * 1024, SHORT_KEY_BYTES = 8 };

/* The end */

static void log_drop(const struct node_link *link)
{
    char peer[2 * SHORT_KEY_BYTES + 1] = "";
    if (link->has_peer_key)
        crypto_hex_encode(base_bytes_of(link->peer_key.bytes, SHORT_KEY_BYTES), peer);
    base_log_event(link->hub->config.log,
                   link->why == BASE_OK || link->why == BASE_E_CANCELLED ? BASE_LOG_INFO : BASE_LOG_WARN, "link-dropped",
                   BASE_LOG_TEXT("reason", base_code_word(link->why)), BASE_LOG_TEXT("peer", peer),
                   BASE_LOG_TEXT("address", link->address), BASE_LOG_TEXT("detail", link->detail),
                   BASE_LOG_NUMBER("sent", link->sent), BASE_LOG_NUMBER("received", link->received), BASE_LOG_END);
}

static void on_closed(uv_handle_t *handle)
{
    node_link_let_go(handle->data);
}

void node_link_let_go(struct node_link *link)
{
    struct node_hub *hub = link->hub;
    if (--link->waiting > 0)
        return;
    if (link->is_owed_closed)
        hub->config.events.closed(hub->config.events.context, link, link->why, link->detail);
    node_hub_forget(hub, link);
    node_tls_session_free(link->session);
    node_frame_decoder_release(&link->decoder);
    base_buffer_release(&link->sending);
    uv_freeaddrinfo(link->found);
    free(link);
    node_hub_finish(hub);
}

/* An alert or close_notify, as far as it goes into the system's buffer. */
static void send_last_words(struct node_link *link)
{
    struct base_buffer *output = node_tls_session_output(link->session);
    uv_buf_t buffer = uv_buf_init((char *)output->data, (unsigned)output->len);
    if (output->len == 0 || output->len > LINK_WRITE_MAX)
        return;
    int sent = uv_try_write((uv_stream_t *)&link->tcp, &buffer, 1);
    if (sent > 0)
        link->sent += (uint64_t)sent;
}

void node_link_drop(struct node_link *link, enum base_code why, bool says_goodbye, const char *detail)
{
    if (link->state == LINK_DROPPED)
        return;
    if (says_goodbye)
        node_tls_session_end(link->session);
    if (!link->is_writing && link->state != LINK_CONNECTING)
        send_last_words(link);
    link->state = LINK_DROPPED;
    link->why = why;
    snprintf(link->detail, sizeof link->detail, "%s", detail);
    log_drop(link);
    if (link->resolve.data != NULL)
        uv_cancel((uv_req_t *)&link->resolve); /* too late is fine: its callback comes in any case */
    uv_close((uv_handle_t *)&link->timer, on_closed);
    if (!link->is_retrying)
        uv_close((uv_handle_t *)&link->tcp, on_closed);
}

/* Writing: one piece at a time is with the system, the rest waits encrypted. */

static void flush(struct node_link *link);

static void on_shut(uv_shutdown_t *request, int status)
{
    (void)request, (void)status;
}

static void on_all_sent(struct node_link *link)
{
    const struct node_link_events *events = &link->hub->config.events;
    if (link->sending.capacity > KEEP_MAX)
        base_buffer_release(&link->sending);
    if (link->state == LINK_FLUSHING) {
        node_link_move(link, LINK_LINGERING);
        if (uv_shutdown(&link->shutdown, (uv_stream_t *)&link->tcp, on_shut) != 0)
            node_link_drop(link, BASE_OK, false, "closed");
        node_link_arm(link);
    } else if (link->state == LINK_OPEN && link->is_owed_drained) {
        link->is_owed_drained = false;
        if (events->drained != NULL)
            events->drained(events->context, link);
    }
}

static void on_written(uv_write_t *request, int status)
{
    struct node_link *link = request->data;
    link->is_writing = false;
    if (link->state == LINK_DROPPED)
        return;
    if (status < 0) {
        node_link_drop(link, BASE_E_CLOSED, false, uv_strerror(status));
        return;
    }
    link->sending_at += link->slice_len;
    link->sent += link->slice_len;
    node_link_is_active(link);
    flush(link);
    if (!link->is_writing && link->state != LINK_DROPPED)
        on_all_sent(link);
}

static void flush(struct node_link *link)
{
    struct base_buffer *output = node_tls_session_output(link->session);
    if (link->is_writing || link->state == LINK_CONNECTING || link->state == LINK_DROPPED)
        return;
    if (link->sending_at == link->sending.len) {
        if (link->sending.capacity > KEEP_MAX)
            base_buffer_release(&link->sending);
        struct base_buffer empty = link->sending;
        base_buffer_clear(&empty);
        link->sending = *output;
        link->sending_at = 0;
        *output = empty;
    }
    size_t left = link->sending.len - link->sending_at;
    if (left == 0)
        return;
    link->slice_len = left < LINK_WRITE_MAX ? left : LINK_WRITE_MAX;
    uv_buf_t buffer = uv_buf_init((char *)link->sending.data + link->sending_at, (unsigned)link->slice_len);
    link->write.data = link;
    int error = uv_write(&link->write, (uv_stream_t *)&link->tcp, &buffer, 1, on_written);
    if (error != 0)
        node_link_drop(link, BASE_E_CLOSED, false, uv_strerror(error));
    else
        link->is_writing = true;
}

static enum base_code put_frame(struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    struct base_buffer frame = BASE_BUFFER_EMPTY;
    enum base_code code = node_frame_put(&frame, kind, payload);
    if (code == BASE_OK)
        code = node_tls_session_write(link->session, base_bytes_buffer(&frame));
    base_buffer_release(&frame);
    if (code == BASE_OK)
        flush(link);
    return code;
}

/* Reading */

static void becomes_open(struct node_link *link)
{
    const struct node_link_events *events = &link->hub->config.events;
    node_link_move(link, LINK_OPEN);
    link->is_owed_closed = true;
    if (events->open != NULL)
        events->open(events->context, link);
}

static enum base_code admit(struct node_link *link)
{
    const struct node_link_events *events = &link->hub->config.events;
    if (node_hub_taken(link->hub, NULL) >= NODE_LINKS_MAX || /* transport 5.2 */
        node_hub_taken(link->hub, &link->peer_key) >= NODE_LINKS_PER_PEER_MAX)
        return base_fail(BASE_E_BUSY, "too many links");
    return events->admit(events->context, &link->peer_key, link->address); /* transport 3.3 */
}

static void on_secured(struct node_link *link)
{
    if (link->is_outgoing) {
        link->state = LINK_WELCOME; /* the handshake's time-out goes on */
        return;
    }
    link->peer_key = *node_tls_session_peer_key(link->session);
    link->has_peer_key = true;
    enum base_code code = admit(link);
    if (code != BASE_OK)
        node_link_drop(link, code, true, base_detail());
    else if (put_frame(link, NODE_FRAME_WELCOME, base_bytes_of(NULL, 0)) != BASE_OK) /* transport 3.4 */
        node_link_drop(link, BASE_E_TLS, false, base_detail());
    else if (link->state != LINK_DROPPED)
        becomes_open(link);
}

static void continue_handshake(struct node_link *link, bool *goes_on)
{
    enum base_code code = node_tls_session_handshake(link->session, goes_on);
    if (code != BASE_OK) {
        node_link_drop(link, code, false, base_detail());
        return;
    }
    flush(link);
    if (*goes_on && link->state != LINK_DROPPED)
        on_secured(link);
}

static void on_frame(struct node_link *link, const struct node_frame *frame)
{
    const struct node_link_events *events = &link->hub->config.events;
    node_link_is_active(link);
    if (!node_link_take(link, &link->frames, link->hub->config.max_frames_per_second, 1)) {
        node_link_drop(link, BASE_E_FLOOD, false, "more frames than allowed");
        return;
    }
    bool is_welcome = frame->kind == NODE_FRAME_WELCOME;
    if (is_welcome != (link->state == LINK_WELCOME) || (is_welcome && frame->payload.len != 0)) { /* transport 4.4 */
        node_link_drop(link, BASE_E_ORDER, false, "a frame that may not come now");
    } else if (is_welcome) {
        becomes_open(link);
    } else {
        enum base_code code = events->frame(events->context, link, frame->kind, frame->payload);
        if (code != BASE_OK)
            node_link_drop(link, code, false, base_detail());
    }
}

static void on_peer_end(struct node_link *link)
{
    if (link->state == LINK_WELCOME)
        node_link_drop(link, BASE_E_REFUSED, false, "the other side did not admit this party");
    else if (node_frame_is_begun(&link->decoder)) /* transport 4.5 */
        node_link_drop(link, BASE_E_CLOSED, false, "the peer ended inside a frame");
    else
        node_link_drop(link, BASE_OK, true, "the peer closed");
}

static enum base_code read_some(struct node_link *link, bool *goes_on)
{
    struct node_hub *hub = link->hub;
    size_t want = node_frame_want(&link->decoder), len = 0;
    bool is_ended = false, was_begun = node_frame_is_begun(&link->decoder);
    struct node_frame frame;
    BASE_TRY(node_tls_session_read(link->session, hub->plain_bytes, want < LINK_PLAIN_MAX ? want : LINK_PLAIN_MAX, &len,
                                   &is_ended));
    *goes_on = len > 0;
    if (is_ended)
        on_peer_end(link);
    if (len == 0)
        return BASE_OK;
    if (!was_begun)
        link->frame_ms = uv_now(hub->config.loop);
    BASE_TRY(node_frame_give(&link->decoder, base_bytes_of(hub->plain_bytes, len)));
    if (node_frame_complete(&link->decoder, &frame)) {
        on_frame(link, &frame);
        node_frame_next(&link->decoder);
    }
    return BASE_OK;
}

static bool is_readable(const struct node_link *link)
{
    return link->state == LINK_HANDSHAKE || link->state == LINK_WELCOME ||
           (link->state == LINK_OPEN && !link->is_paused);
}

void node_link_process(struct node_link *link)
{
    bool goes_on = true;
    while (goes_on && is_readable(link)) {
        goes_on = false;
        if (link->state == LINK_HANDSHAKE) {
            continue_handshake(link, &goes_on);
        } else {
            enum base_code code = read_some(link, &goes_on);
            if (code != BASE_OK)
                node_link_drop(link, code, false, base_detail());
        }
    }
    if (link->state == LINK_DROPPED)
        return;
    flush(link); /* TLS itself may have had to answer */
    if (node_link_queued(link) > link->hub->config.max_queued_bytes + (size_t)NODE_FRAME_MAX) /* transport 5.5 */
        node_link_drop(link, BASE_E_FLOOD, false, "the peer makes answers and does not read them");
}

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    (void)suggested;
    struct node_link *link = handle->data;
    *out = uv_buf_init((char *)link->hub->read_bytes, LINK_READ_MAX);
}

static void on_stream_end(struct node_link *link, ssize_t error)
{
    const char *detail = error == UV_EOF ? "the peer ended without saying so" : uv_strerror((int)error);
    if (link->state == LINK_LINGERING)
        node_link_drop(link, BASE_OK, false, "closed");
    else
        node_link_drop(link, BASE_E_CLOSED, false, detail); /* transport 4.5 */
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct node_link *link = stream->data;
    if (link->state == LINK_DROPPED || count == 0)
        return;
    if (count < 0) {
        on_stream_end(link, count);
        return;
    }
    link->received += (uint64_t)count;
    if (link->state == LINK_FLUSHING || link->state == LINK_LINGERING)
        return;
    if (!node_link_take(link, &link->bytes, link->hub->config.max_bytes_per_second, (uint64_t)count))
        node_link_drop(link, BASE_E_FLOOD, false, "more bytes than allowed");
    else if (node_tls_session_receive(link->session, base_bytes_of(buffer->base, (size_t)count)) != BASE_OK)
        node_link_drop(link, BASE_E_NOMEM, false, base_detail());
    else
        node_link_process(link);
    node_link_arm(link);
}

static void start_reading(struct node_link *link)
{
    int error = uv_read_start((uv_stream_t *)&link->tcp, lend_buffer, on_read);
    if (error != 0 && error != UV_EALREADY)
        node_link_drop(link, BASE_E_IO, false, uv_strerror(error));
}

void node_link_start(struct node_link *link)
{
    uv_tcp_nodelay(&link->tcp, 1);
    link->state = LINK_HANDSHAKE;
    start_reading(link);
    node_link_process(link); /* the dialling side speaks first */
    node_link_arm(link);
}

enum base_code node_link_new(struct node_hub *hub, bool is_outgoing, const struct crypto_sign_public *expected,
                             struct node_link **out)
{
    struct node_link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return base_fail(BASE_E_NOMEM, "a link");
    enum base_code code = node_tls_session_new(hub->config.tls, is_outgoing ? NODE_TLS_DIAL : NODE_TLS_ACCEPT, expected,
                                               &link->session);
    if (code == BASE_OK && uv_tcp_init(hub->config.loop, &link->tcp) != 0)
        code = base_fail(BASE_E_IO, "a TCP handle");
    if (code != BASE_OK) {
        node_tls_session_free(link->session);
        free(link);
        return code;
    }
    uv_timer_init(hub->config.loop, &link->timer); /* cannot fail */
    link->tcp.data = link->timer.data = link;
    link->waiting = 2;
    link->hub = hub;
    link->is_outgoing = is_outgoing;
    link->has_peer_key = expected != NULL;
    if (expected != NULL)
        link->peer_key = *expected;
    node_link_move(link, LINK_CONNECTING);
    link->next = hub->links;
    if (hub->links != NULL)
        hub->links->previous = link;
    hub->links = link;
    *out = link;
    return BASE_OK;
}

enum base_code node_link_send(struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    if (link->state == LINK_DROPPED)
        return base_fail(BASE_E_CLOSED, "%s", link->detail);
    if (link->state != LINK_OPEN)
        return base_fail(BASE_E_STATE, "the link is not open");
    if (kind == NODE_FRAME_WELCOME)
        return base_fail(BASE_E_ARGUMENT, "frames of kind 0 belong to the link");
    if (payload.len <= NODE_FRAME_PAYLOAD_MAX &&
        node_link_queued(link) + NODE_FRAME_HEAD + payload.len > link->hub->config.max_queued_bytes) /* transport 5.5 */
        return base_fail(BASE_E_FLOOD, "the peer does not read: %zu bytes wait", node_link_queued(link));
    BASE_TRY(put_frame(link, kind, payload));
    link->is_owed_drained = true;
    return link->state == LINK_DROPPED ? base_fail(BASE_E_CLOSED, "%s", link->detail) : BASE_OK;
}

size_t node_link_queued(const struct node_link *link)
{
    return link->sending.len - link->sending_at + node_tls_session_output(link->session)->len;
}

void node_link_close(struct node_link *link, enum base_code why)
{
    if (why != BASE_OK || link->state != LINK_OPEN) {
        node_link_drop(link, why, false, "ended by this side");
        return;
    }
    node_link_move(link, LINK_FLUSHING);
    node_tls_session_end(link->session);
    start_reading(link); /* to see the peer's end; a pause is over */
    flush(link);
    node_link_arm(link);
}

void node_link_pause(struct node_link *link)
{
    if (link->state != LINK_OPEN || link->is_paused)
        return;
    link->is_paused = true;
    link->paused_ms = uv_now(link->hub->config.loop);
    uv_read_stop((uv_stream_t *)&link->tcp);
    uv_timer_stop(&link->timer);
}

void node_link_resume(struct node_link *link)
{
    if (link->state != LINK_OPEN || !link->is_paused)
        return;
    uv_update_time(link->hub->config.loop); /* the owner may have computed in this turn of the loop */
    uint64_t stood = uv_now(link->hub->config.loop) - link->paused_ms;
    link->is_paused = false;
    link->active_ms += stood;
    link->frame_ms += stood;
    start_reading(link);
    node_link_arm_now(link); /* what was received before the pause */
}

void node_link_set_data(struct node_link *link, void *data)
{
    link->data = data;
}

void *node_link_data(const struct node_link *link)
{
    return link->data;
}

const struct crypto_sign_public *node_link_peer_key(const struct node_link *link)
{
    return &link->peer_key;
}

const char *node_link_address(const struct node_link *link)
{
    return link->address;
}

void node_link_bytes(const struct node_link *link, uint64_t *sent, uint64_t *received)
{
    *sent = link->sent;
    *received = link->received;
}

bool node_link_is_outgoing(const struct node_link *link)
{
    return link->is_outgoing;
}
