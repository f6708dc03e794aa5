/* SPDX-License-Identifier: Apache-2.0
 *
 * How long and how fast: the deadlines of a link's states, and the rates at which a peer may send.
 */
#include "node/link_internal.h"

enum { GRACE_MS = 5 };

/* Rates (transport 5.4) */

bool node_link_take(const struct node_link *link, struct node_link_bucket *bucket, uint32_t per_second, uint64_t count)
{
    const uint64_t full = (uint64_t)per_second * link->hub->config.rate_window_ms;
    const uint64_t now = uv_now(link->hub->config.loop), passed = now - bucket->filled_ms;
    bucket->filled_ms = now;
    bucket->left = passed >= link->hub->config.rate_window_ms || bucket->left + passed * per_second > full
                       ? full
                       : bucket->left + passed * per_second;
    if (bucket->left < count * 1000)
        return false;
    bucket->left -= count * 1000;
    return true;
}

/* Time-outs (transport 5.3) */

static uint64_t deadline(const struct node_link *link)
{
    const struct node_hub_config *config = &link->hub->config;
    uint64_t idle = link->active_ms + config->idle_timeout_ms;
    uint64_t frame = link->frame_ms + config->frame_timeout_ms;
    switch (link->state) {
    case LINK_OPEN:
        return node_frame_is_begun(&link->decoder) ? frame : idle;
    case LINK_FLUSHING:
        return idle;
    default:
        return link->began_ms + config->handshake_timeout_ms;
    }
}

static void on_deadline(struct node_link *link)
{
    if (!link->is_late) { /* the loop itself may have been held up: what has arrived meanwhile is read first */
        link->is_late = true;
        return;
    }
    if (link->state == LINK_LINGERING)
        node_link_drop(link, BASE_OK, false, "closed");
    else if (link->state == LINK_OPEN && node_frame_is_begun(&link->decoder))
        node_link_drop(link, BASE_E_TIMEOUT, false, "a frame was begun and not completed in time");
    else if (link->state == LINK_OPEN || link->state == LINK_FLUSHING)
        node_link_drop(link, BASE_E_TIMEOUT, false, "nothing came or went for too long");
    else
        node_link_drop(link, BASE_E_TIMEOUT, false, "the handshake took too long");
}

static void on_timer(uv_timer_t *timer)
{
    struct node_link *link = timer->data;
    node_link_process(link); /* what a pause left over */
    if (link->state == LINK_DROPPED || (link->state == LINK_OPEN && link->is_paused))
        return;
    if (uv_now(link->hub->config.loop) >= deadline(link))
        on_deadline(link);
    else
        link->is_late = false;
    node_link_arm(link);
}

void node_link_arm(struct node_link *link)
{
    if (link->state == LINK_DROPPED)
        return;
    if (link->state == LINK_OPEN && link->is_paused) {
        uv_timer_stop(&link->timer);
        return;
    }
    uint64_t now = uv_now(link->hub->config.loop), at = deadline(link);
    uv_timer_start(&link->timer, on_timer, at > now ? at - now : GRACE_MS, 0);
}

void node_link_arm_now(struct node_link *link)
{
    uv_timer_start(&link->timer, on_timer, 0, 0);
}

void node_link_move(struct node_link *link, enum node_link_state state)
{
    uv_update_time(link->hub->config.loop); /* an owner may have computed since the loop's turn began */
    link->state = state;
    link->began_ms = link->active_ms = uv_now(link->hub->config.loop);
    link->is_late = false;
}

void node_link_is_active(struct node_link *link)
{
    link->active_ms = uv_now(link->hub->config.loop);
    link->is_late = false;
}
