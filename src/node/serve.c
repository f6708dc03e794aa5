/* SPDX-License-Identifier: Apache-2.0 */
#include "node/serve.h"

#include "base/cursor.h"
#include "base/parallel.h"
#include "node/screen.h"

#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    TICK_MS = 250,
    CATCH_UP_MS = 150, /* of each tick at most, to screen records that wait */
    WORKING_EVERY = 40, /* ticks: a peer that waits hears of this node every ten seconds */
    IDLE_TIMEOUT_MS = 60000,
};

struct serving {
    struct node node;
    uv_signal_t terminate, interrupt;
    uv_check_t after; /* each turn of the loop */
    unsigned ticks;
    bool is_ending;
};

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void hub_closed(void *context)
{
    ((struct node *)context)->hub = NULL;
}

static void control_closed(void *context)
{
    ((struct node *)context)->control = NULL;
}

static void stop(struct serving *serving)
{
    struct node *node = &serving->node;
    if (serving->is_ending)
        return;
    serving->is_ending = true;
    node->wire = NULL;
    base_log_event(&node->log, BASE_LOG_INFO, "stopping", BASE_LOG_END);
    if (node->hub != NULL)
        node_hub_close(node->hub, hub_closed, node);
    if (node->control != NULL)
        node_control_close(node->control, control_closed, node);
    close_handle((uv_handle_t *)&node->tick);
    close_handle((uv_handle_t *)&serving->after);
    close_handle((uv_handle_t *)&serving->terminate);
    close_handle((uv_handle_t *)&serving->interrupt);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    stop(handle->data);
}

static void say_working(struct node *node)
{
    for (struct node_talk *talk = node->talks; talk != NULL; talk = talk->next)
        if (talk->link != NULL && talk->role->is_working != NULL && talk->role->is_working(talk))
            (void)!node_talk_send(talk, NODE_SAY_WORKING, base_bytes_of(NULL, 0)); /* a dead link shows elsewhere */
}

static void on_tick(uv_timer_t *timer)
{
    struct serving *serving = timer->data;
    struct node *node = &serving->node;
    if (node->is_stopping) {
        stop(serving);
        return;
    }
    if (serving->ticks % WORKING_EVERY == WORKING_EVERY - 1)
        say_working(node);
    if (node_screen_catch_up(node, CATCH_UP_MS) != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "screening-failed", BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
    if (serving->ticks++ % 4 == 0) { /* also the first: what waited while the node was down goes out at once */
        node_clock(node);
        node_sync_all(node);
    }
}

/* What was said in this turn goes out at once. */
static void on_turn(uv_check_t *check)
{
    struct serving *serving = check->data;
    node_sync_wanted(&serving->node);
}

/* "host:port"; an IPv6 host may stand in brackets. */
static enum base_code split_address(const char *address, char host[EXCHANGE_ADDRESS_MAX + 1], uint16_t *port)
{
    uint64_t number;
    const char *colon = strrchr(address, ':');
    if (colon == NULL || (size_t)(colon - address) > EXCHANGE_ADDRESS_MAX)
        return base_fail(BASE_E_ARGUMENT, "an address is host:port");
    bool is_bracketed = address[0] == '[' && colon > address + 1 && colon[-1] == ']';
    snprintf(host, EXCHANGE_ADDRESS_MAX + 1, "%.*s", (int)(colon - address) - 2 * is_bracketed, address + is_bracketed);
    if (base_parse_decimal(base_bytes_text(colon + 1), 65535, &number) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "an address is host:port");
    *port = (uint16_t)number;
    return BASE_OK;
}

static enum base_code start_loop(struct serving *serving)
{
    struct node *node = &serving->node;
    if (uv_loop_init(&node->loop) != 0)
        return base_fail(BASE_E_INTERNAL, "no event loop");
    uv_timer_init(&node->loop, &node->tick);
    uv_check_init(&node->loop, &serving->after);
    uv_signal_init(&node->loop, &serving->terminate);
    uv_signal_init(&node->loop, &serving->interrupt);
    node->tick.data = serving->after.data = serving->terminate.data = serving->interrupt.data = serving;
    if (uv_timer_start(&node->tick, on_tick, 0, TICK_MS) != 0 || uv_check_start(&serving->after, on_turn) != 0 ||
        uv_signal_start(&serving->terminate, on_signal, SIGTERM) != 0 ||
        uv_signal_start(&serving->interrupt, on_signal, SIGINT) != 0)
        return base_fail(BASE_E_INTERNAL, "no timer or signals");
    return BASE_OK;
}

static enum base_code admit_group(struct node *node, const char *name)
{
    if (name == NULL)
        return BASE_OK;
    const struct group *group = getgrnam(name);
    if (group == NULL)
        return base_fail(BASE_E_NOT_FOUND, "the system has no group %.64s", name);
    return node_control_admit_group(node->control, group->gr_gid);
}

static enum base_code start_listening(struct serving *serving, const struct node_serve_config *config)
{
    const char *address = config->listen == NULL ? serving->node.party->card.address : config->listen;
    struct node *node = &serving->node;
    char host[EXCHANGE_ADDRESS_MAX + 1], socket[108];
    uint16_t port = 0;
    struct node_hub_config hub = {.loop = &node->loop, .tls = node->tls, .log = &node->log, .events = node_wire_events,
                                  .idle_timeout_ms = IDLE_TIMEOUT_MS};
    struct node_control_events control = node_request_events;
    hub.events.context = node;
    control.context = node;
    BASE_TRY(node_socket_path(node->party->home, socket));
    BASE_TRY(split_address(address, host, &port));
    BASE_TRY(node_control_listen(&node->loop, socket, &control, &node->control));
    BASE_TRY(admit_group(node, config->socket_group));
    BASE_TRY(node_hub_new(&hub, &node->hub));
    return node_hub_listen(node->hub, host, port, &node->port);
}

static void say_ready(const struct node *node, int ready_fd)
{
    char line[32];
    int len = snprintf(line, sizeof line, "ready %u\n", node->port);
    base_log_event(&node->log, BASE_LOG_INFO, "listening", BASE_LOG_NUMBER("port", node->port), BASE_LOG_END);
    if (ready_fd >= 0 && write(ready_fd, line, (size_t)len) != len)
        base_log_event(&node->log, BASE_LOG_WARN, "ready-not-said", BASE_LOG_END);
}

static enum base_code run(struct serving *serving, const struct node_serve_config *config)
{
    struct node *node = &serving->node;
    enum base_code code = start_loop(serving);
    if (code == BASE_OK)
        code = start_listening(serving, config);
    if (code == BASE_OK)
        say_ready(node, config->ready_fd);
    else
        stop(serving);
    /* The detail of a failure must outlive the loop that cleans up behind it. */
    char detail[256];
    snprintf(detail, sizeof detail, "%s", base_detail());
    uv_run(&node->loop, UV_RUN_DEFAULT);
    uv_loop_close(&node->loop);
    return code == BASE_OK ? BASE_OK : base_fail(code, "%s", detail);
}

enum base_code node_serve(const struct node_serve_config *config)
{
    struct serving serving = {.node = {.clock = base_clock_system(), .steady = base_clock_steady(), .wire = &node_wire_tls, .random = base_random_system(),
                                       .threads = base_parallel_cores()}};
    struct node *node = &serving.node;
    node->screen_memory_bytes = (size_t)config->screen_memory_mib << 20;
    signal(SIGPIPE, SIG_IGN);
    if (config->replay_from_ms != 0) {
        node->replay_ms = config->replay_from_ms;
        node->clock = base_clock_manual(&node->replay_ms);
    }
    node->log = (struct base_log){config->log_fd, config->log_level, node->clock};
    node->since_ms = base_clock_now(&node->clock);
    BASE_TRY(crypto_start());
    enum base_code code = node_party_open(config->home, &config->unlock, &node->party);
    if (code == BASE_OK)
        code = people_rules_load(people_rules_default_text(), &node->rules);
    if (code == BASE_OK)
        code = node_tls_new(&node->party->transport_seed, &node->tls);
    if (code == BASE_OK)
        code = run(&serving, config);
    node_sync_forget(node);
    node_screen_free(node->screen);
    node_tls_free(node->tls);
    people_rules_free(node->rules);
    node_party_close(node->party);
    return code;
}
