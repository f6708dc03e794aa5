/* SPDX-License-Identifier: Apache-2.0
 *
 * Two hubs on one loop, who write down what happens to them, and a hostile peer that speaks over a plain socket.
 */
#ifndef NODE_LINK_WORLD_H
#define NODE_LINK_WORLD_H

#include "support/test.h"

#include "node/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SIDE_LINKS_MAX = 128, WORLD_PATIENCE_MS = 10000, WORLD_TICK_MS = 5 };

struct side {
    struct node_tls *tls;
    struct node_hub *hub;
    bool is_hub_gone;
    struct crypto_sign_public key;
    /* what it does */
    enum base_code admit_code, frame_code;
    bool echoes, pauses, closes_on_frame;
    /* what it saw */
    unsigned admitted, opened, closed, frames, drained;
    uint64_t frame_bytes;
    struct node_link *links[SIDE_LINKS_MAX];
    enum base_code why;
    char detail[256];
    uint8_t last_kind;
    struct base_buffer last;
};

struct world {
    uv_loop_t loop;
    struct side here, there; /* `here` listens, `there` dials */
    struct base_log log;
    uint16_t port;
};

static inline enum base_code side_admit(void *context, const struct crypto_sign_public *key, const char *address)
{
    struct side *side = context;
    (void)key;
    assert_non_null(strstr(address, "127.0.0.1:"));
    side->admitted++;
    return side->admit_code == BASE_OK ? BASE_OK : base_fail(side->admit_code, "not paired");
}

static inline void side_open(void *context, struct node_link *link)
{
    struct side *side = context;
    assert_true(side->opened < SIDE_LINKS_MAX);
    side->links[side->opened++] = link;
}

static inline enum base_code side_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    struct side *side = context;
    side->frames++;
    side->frame_bytes += payload.len;
    side->last_kind = kind;
    base_buffer_clear(&side->last);
    assert_ok(base_buffer_append(&side->last, payload));
    if (side->pauses)
        node_link_pause(link);
    if (side->closes_on_frame)
        node_link_close(link, BASE_OK);
    if (side->echoes)
        assert_ok(node_link_send(link, kind, payload));
    return side->frame_code == BASE_OK ? BASE_OK : base_fail(side->frame_code, "the owner refuses");
}

static inline void side_drained(void *context, struct node_link *link)
{
    (void)link;
    ((struct side *)context)->drained++;
}

static inline void side_closed(void *context, struct node_link *link, enum base_code why, const char *detail)
{
    struct side *side = context;
    for (size_t i = 0; i < SIDE_LINKS_MAX; i++)
        if (side->links[i] == link)
            side->links[i] = NULL;
    side->closed++;
    side->why = why;
    snprintf(side->detail, sizeof side->detail, "%s", detail);
}

static inline void side_hub_gone(void *context)
{
    ((struct side *)context)->is_hub_gone = true;
}

static inline struct node_tls *world_tls(uint8_t number)
{
    struct crypto_key seed;
    struct node_tls *tls = NULL;
    memset(seed.bytes, number, sizeof seed.bytes);
    assert_ok(node_tls_new(&seed, &tls));
    return tls;
}

static inline void side_init(struct world *world, struct side *side, uint8_t number, struct node_hub_config config)
{
    side->tls = world_tls(number);
    side->key = *node_tls_public_key(side->tls);
    config.loop = &world->loop;
    config.tls = side->tls;
    config.log = &world->log;
    config.events = (struct node_link_events){side, side_admit, side_open, side_frame, side_drained, side_closed};
    assert_ok(node_hub_new(&config, &side->hub));
}

/* `config` holds the limits of `here`; `there` has the defaults. */
static inline void world_init(struct world *world, struct node_hub_config config)
{
    memset(world, 0, sizeof *world);
    assert_ok(crypto_start());
    assert_int_equal(0, uv_loop_init(&world->loop));
    world->log = (struct base_log){memfd_create("log", MFD_CLOEXEC), BASE_LOG_DEBUG, base_clock_system()};
    side_init(world, &world->here, 1, config);
    side_init(world, &world->there, 2, (struct node_hub_config){0});
    assert_ok(node_hub_listen(world->here.hub, "127.0.0.1", 0, &world->port));
    assert_int_not_equal(0, world->port);
}

/* A tick keeps the loop from sleeping through what the condition looks at. */
static inline void world_tick(uv_timer_t *timer)
{
    ++*(unsigned *)timer->data;
}

/* Turns the loop until the condition holds. */
#define world_until(world, condition)                                                              \
    do {                                                                                           \
        uv_timer_t world_timer;                                                                    \
        unsigned world_ticks = 0;                                                                  \
        uv_timer_init(&(world)->loop, &world_timer);                                               \
        world_timer.data = &world_ticks;                                                           \
        uv_timer_start(&world_timer, world_tick, WORLD_TICK_MS, WORLD_TICK_MS);                    \
        while (!(condition) && world_ticks < WORLD_PATIENCE_MS / WORLD_TICK_MS)                    \
            uv_run(&(world)->loop, UV_RUN_ONCE);                                                   \
        uv_close((uv_handle_t *)&world_timer, NULL);                                               \
        uv_run(&(world)->loop, UV_RUN_NOWAIT);                                                     \
        if (world_ticks >= WORLD_PATIENCE_MS / WORLD_TICK_MS)                                      \
            fail_msg("waited in vain for %s; here %u frames, %u closed (%s), there %u closed (%s)", \
                     #condition, (world)->here.frames, (world)->here.closed, (world)->here.detail, \
                     (world)->there.closed, (world)->there.detail);                                \
    } while (0)

static inline void world_wait(struct world *world, unsigned ms)
{
    uint64_t until = uv_now(&world->loop) + ms;
    world_until(world, uv_now(&world->loop) >= until);
}

static inline void world_release(struct world *world)
{
    node_hub_close(world->here.hub, side_hub_gone, &world->here);
    node_hub_close(world->there.hub, side_hub_gone, &world->there);
    world_until(world, world->here.is_hub_gone && world->there.is_hub_gone);
    assert_int_equal(0, uv_loop_close(&world->loop));
    struct side *sides[] = {&world->here, &world->there};
    for (size_t i = 0; i < 2; i++) {
        assert_true(sides[i]->closed >= sides[i]->opened);
        node_tls_free(sides[i]->tls);
        base_buffer_release(&sides[i]->last);
    }
    close(world->log.fd);
}

/* Does the log hold this text? */
static inline bool world_logged(struct world *world, const char *text)
{
    static char content[1 << 20];
    ssize_t len = pread(world->log.fd, content, sizeof content - 1, 0);
    assert_true(len >= 0);
    content[len] = 0;
    return strstr(content, text) != NULL;
}

static inline struct node_link *world_dial(struct world *world)
{
    struct node_link *link = NULL;
    unsigned opened = world->there.opened, accepted = world->here.opened;
    assert_ok(node_hub_connect(world->there.hub, "127.0.0.1", world->port, &world->here.key, world, &link));
    world_until(world, world->there.opened > opened && world->here.opened > accepted);
    assert_ptr_equal(world, node_link_data(link));
    return link;
}

/* A peer that keeps no rules: a plain socket, and TLS over it when wanted. */
struct rogue {
    int fd;
    struct node_tls *tls;
    struct node_tls_session *session;
    bool is_secured, is_gone;
};

static inline void rogue_init(struct rogue *rogue, const struct world *world)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(world->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *rogue = (struct rogue){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(0, connect(rogue->fd, (const struct sockaddr *)&to, sizeof to));
}

static inline void rogue_release(struct rogue *rogue)
{
    close(rogue->fd);
    node_tls_session_free(rogue->session);
    node_tls_free(rogue->tls);
}

static inline void rogue_send(struct rogue *rogue, const void *data, size_t len)
{
    ssize_t sent = send(rogue->fd, data, len, MSG_NOSIGNAL);
    if (sent < 0)
        assert_true(errno == EPIPE || errno == ECONNRESET);
}

static inline void rogue_flush(struct rogue *rogue)
{
    struct base_buffer *output = node_tls_session_output(rogue->session);
    if (output->len > 0)
        rogue_send(rogue, output->data, output->len);
    base_buffer_clear(output);
}

/* Takes what has come, without waiting. */
static inline void rogue_receive(struct rogue *rogue)
{
    uint8_t bytes[65536];
    ssize_t count = recv(rogue->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0)
        assert_ok(node_tls_session_receive(rogue->session, base_bytes_of(bytes, (size_t)count)));
    else if (count == 0 || errno != EAGAIN)
        rogue->is_gone = true;
}

/* Through the handshake, as the party `number`. */
static inline void rogue_secure(struct rogue *rogue, struct world *world, uint8_t number)
{
    unsigned opened = world->here.opened;
    rogue->tls = world_tls(number);
    assert_ok(node_tls_session_new(rogue->tls, NODE_TLS_DIAL, NULL, &rogue->session));
    for (int i = 0; i < 1000 && !rogue->is_secured; i++) {
        assert_ok(node_tls_session_handshake(rogue->session, &rogue->is_secured));
        rogue_flush(rogue);
        uv_run(&world->loop, UV_RUN_NOWAIT);
        rogue_receive(rogue);
        if (i > 50)
            usleep(1000);
    }
    assert_true(rogue->is_secured);
    world_until(world, world->here.opened > opened);
}

static inline void rogue_say(struct rogue *rogue, const void *plain, size_t len)
{
    assert_ok(node_tls_session_write(rogue->session, base_bytes_of(plain, len)));
    rogue_flush(rogue);
}

#endif
