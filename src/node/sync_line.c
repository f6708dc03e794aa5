/* SPDX-License-Identifier: Apache-2.0
 *
 * The one link over which this node delivers to a party. Frames of all its compartments go over it, a few at a time; answers come in
 * the order of the frames. It knows nothing of what a frame says.
 */
#include "node/sync.h"

#include <stdlib.h>

static void free_flight(struct node_flight *flight)
{
    free(flight->hashes);
    free(flight);
}

static struct node_flight *take_flight(struct node_line *line)
{
    struct node_flight *flight = line->first;
    line->first = flight->next;
    if (line->first == NULL)
        line->last = NULL;
    line->flights--;
    flight->sync->flights--;
    flight->sync->deliveries -= flight->kind == NODE_SAY_DELIVERY;
    return flight;
}

enum base_code node_line_send(struct node_sync *sync, struct node_flight *flight, struct base_bytes payload)
{
    struct node_line *line = sync->line;
    struct node_flight *kept = calloc(1, sizeof *kept);
    enum base_code code = kept == NULL ? base_fail(BASE_E_NOMEM, "no memory for a frame") : node_talk_send(line->talk, flight->kind, payload);
    if (code != BASE_OK) {
        line->is_open &= code != BASE_E_CLOSED;
        free(flight->hashes);
        free(kept);
        return code;
    }
    *kept = *flight;
    kept->sync = sync;
    kept->next = NULL;
    *(line->last == NULL ? &line->first : &line->last->next) = kept;
    line->last = kept;
    line->flights++;
    sync->flights++;
    sync->deliveries += flight->kind == NODE_SAY_DELIVERY;
    sync->turn = ++line->turns;
    return BASE_OK;
}

/* Who has waited longest. */
static struct node_sync *next_turn(const struct node_line *line)
{
    struct node_sync *best = NULL;
    for (struct node_sync *at = line->node->syncs; at != NULL; at = at->next)
        if (at->line == line && node_sync_has_step(at) && (best == NULL || at->turn < best->turn))
            best = at;
    return best;
}

static bool is_used(const struct node_line *line)
{
    for (const struct node_sync *at = line->node->syncs; at != NULL; at = at->next)
        if (at->line == line)
            return true;
    return false;
}

void node_line_pump(struct node_line *line)
{
    struct node_sync *sync;
    while (line->is_open && line->flights < SYNC_LINE_FLIGHTS_MAX && (sync = next_turn(line)) != NULL)
        node_sync_step(sync);
    if (!is_used(line))
        line->idle_ms = base_clock_now(&line->node->steady);
}

static enum base_code on_open(struct node_talk *talk)
{
    struct node_line *line = talk->state;
    line->is_open = true;
    node_line_pump(line);
    return BASE_OK;
}

static enum base_code on_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct node_line *line = talk->state;
    if (line->first == NULL)
        return base_fail(BASE_E_ORDER, "frame kind %u, and nothing was asked", kind);
    struct node_flight *flight = take_flight(line);
    struct node_sync *sync = flight->sync;
    line->is_untried = false;
    enum base_code code = node_sync_answered(sync, flight, kind, payload);
    free_flight(flight);
    if (code != BASE_OK)
        return code;
    if (sync->line == line && sync->code != BASE_OK && sync->flights == 0)
        node_sync_end(sync, sync->code, sync->detail);
    node_line_pump(line);
    return BASE_OK;
}

static const struct node_talk_role role_line;

static enum base_code dial(struct node_line *line)
{
    line->is_open = line->is_untried = false;
    enum base_code code = node_talk_begin(line->node, &line->peer, &role_line, line, &line->talk);
    if (code != BASE_OK)
        line->talk = NULL;
    return code;
}

/* A link that died while it was idle says nothing about the peer: a new one is dialled at once. */
static bool is_dialled_again(struct node_line *line, enum base_code why)
{
    if (!line->is_untried || why == BASE_E_CANCELLED || !is_used(line) || dial(line) != BASE_OK)
        return false;
    for (struct node_sync *at = line->node->syncs; at != NULL; at = at->next)
        if (at->line == line)
            node_sync_restart(at);
    return true;
}

static void on_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct node_line *line = talk->state;
    line->talk = NULL;
    line->is_open = false;
    while (line->first != NULL)
        free_flight(take_flight(line));
    if (is_dialled_again(line, why))
        return;
    for (struct node_sync *at = line->node->syncs; at != NULL; at = at->next)
        if (at->line == line)
            node_sync_end(at, why == BASE_OK ? BASE_E_CLOSED : why, detail);
}

static const struct node_talk_role role_line = {.word = "sync", .opened = on_open, .frame = on_frame, .closed = on_closed};

static enum base_code line_to(struct node *node, const struct exchange_id *peer, struct node_line **out)
{
    for (struct node_line *at = node->lines; at != NULL; at = at->next) {
        if (exchange_id_equal(&at->peer, peer)) {
            *out = at;
            return BASE_OK;
        }
    }
    struct node_line *line = calloc(1, sizeof *line);
    if (line == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a line");
    *line = (struct node_line){.node = node, .peer = *peer, .next = node->lines};
    node->lines = *out = line;
    return BASE_OK;
}

enum base_code node_line_join(struct node_sync *sync, const struct exchange_id *peer)
{
    struct node_line *line = NULL;
    BASE_TRY(line_to(sync->node, peer, &line));
    if (line->talk == NULL)
        BASE_TRY(dial(line));
    else
        line->is_untried |= line->is_open && !is_used(line);
    sync->line = line;
    node_line_pump(line);
    return BASE_OK;
}

/* A talk that has been given up: nobody is interested in how it ends. */
static enum base_code refuse_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    (void)talk, (void)payload;
    return base_fail(BASE_E_ORDER, "frame kind %u after the end", kind);
}

static const struct node_talk_role role_ended = {.word = "sync", .frame = refuse_frame};

void node_lines_close_idle(struct node *node)
{
    int64_t now = base_clock_now(&node->steady);
    for (struct node_line *line = node->lines; line != NULL; line = line->next) {
        if (line->talk == NULL || !line->is_open || is_used(line) || now - line->idle_ms < SYNC_LINE_IDLE_MS)
            continue;
        struct node_talk *talk = line->talk;
        talk->role = &role_ended;
        talk->state = NULL;
        line->talk = NULL;
        line->is_open = false;
        node_talk_end(talk);
    }
}

void node_lines_forget(struct node *node)
{
    while (node->lines != NULL) {
        struct node_line *next = node->lines->next;
        free(node->lines);
        node->lines = next;
    }
}
