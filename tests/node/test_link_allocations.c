/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole exchange in which the n-th allocation of this program fails, for every n: it ends with a reason or goes through,
 * and nothing is lost or freed twice (the sanitizers watch). The linker sends calloc and realloc here.
 */
#include "link_world.h"

#include "node/control.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    return ++allocations == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ++allocations == failing ? NULL : __real_realloc(old, size);
}

static enum base_code quiet_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    struct side *side = context;
    side->frames++;
    return side->echoes ? node_link_send(link, kind, payload) : BASE_OK;
}

static void quiet_open(void *context, struct node_link *link)
{
    static uint8_t payload[20000];
    struct side *side = context;
    side->opened++;
    if (!side->echoes && node_link_send(link, 1, base_bytes_of(payload, sizeof payload)) != BASE_OK)
        node_link_close(link, BASE_E_NOMEM);
}

static void side_with(struct world *world, struct side *side, uint8_t number)
{
    struct node_hub_config config = {.loop = &world->loop, .log = &world->log, .handshake_timeout_ms = 300};
    side->tls = world_tls(number);
    side->key = *node_tls_public_key(side->tls);
    config.tls = side->tls;
    config.events = (struct node_link_events){side, side_admit, quiet_open, quiet_frame, NULL, side_closed};
    assert_ok(node_hub_new(&config, &side->hub));
}

/* Returns whether the echo came back; the number of allocations is left in `allocations`. */
static bool exchange_failing_at(unsigned number)
{
    struct world world = {0};
    struct node_link *link = NULL;
    assert_int_equal(0, uv_loop_init(&world.loop));
    world.log = (struct base_log){memfd_create("log", MFD_CLOEXEC), BASE_LOG_DEBUG, base_clock_system()};
    side_with(&world, &world.here, 1);
    side_with(&world, &world.there, 2);
    world.here.echoes = true;
    assert_ok(node_hub_listen(world.here.hub, "127.0.0.1", 0, &world.port));
    allocations = 0;
    failing = number;
    if (node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.here.key, NULL, &link) == BASE_OK)
        world_until(&world, world.there.frames == 1 || world.there.closed == 1);
    failing = 0;
    bool is_through = world.there.frames == 1;
    if (!is_through && link != NULL)
        assert_int_not_equal(BASE_OK, world.there.why);
    node_hub_close(world.here.hub, side_hub_gone, &world.here);
    node_hub_close(world.there.hub, side_hub_gone, &world.there);
    world_until(&world, world.here.is_hub_gone && world.there.is_hub_gone);
    assert_int_equal(0, uv_loop_close(&world.loop));
    assert_int_equal(world.here.opened, world.here.closed);
    assert_int_equal(link != NULL, world.there.closed);
    node_tls_free(world.here.tls);
    node_tls_free(world.there.tls);
    close(world.log.fd);
    return is_through;
}

static void every_allocation_of_an_exchange_may_fail(void **state)
{
    (void)state;
    assert_ok(crypto_start());
    assert_true(exchange_failing_at(0));
    const unsigned count = allocations;
    unsigned failed = 0;
    assert_true(count > 10 && count < 500);
    for (unsigned number = 1; number <= count; number++)
        failed += !exchange_failing_at(number);
    assert_true(failed > count / 2); /* the failures were really felt */
}

/* libuv holds a connection that was not taken, and takes no other until it is: the hub must come back to it. */
static void accepting_goes_on_after_a_failure(void **state)
{
    (void)state;
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){0});
    rogue_init(&rogue, &world);
    allocations = 0;
    failing = 1;
    world_until(&world, allocations > 0);
    failing = 0;
    assert_true(world_logged(&world, "link-refused"));
    rogue_secure(&rogue, &world, 9);
    world_dial(&world);
    rogue_release(&rogue);
    world_release(&world);
}

static void a_context_that_cannot_be_made_leaves_nothing(void **state)
{
    (void)state;
    const struct crypto_key seed = {{1}};
    struct node_tls *tls = NULL;
    struct node_hub *hub = NULL;
    struct node_hub_config config = {.events = {NULL, side_admit, NULL, quiet_frame, NULL, side_closed}};
    uv_loop_t loop;
    assert_int_equal(0, uv_loop_init(&loop));
    allocations = 0;
    failing = 1;
    assert_fails(BASE_E_NOMEM, node_tls_new(&seed, &tls));
    assert_ok(node_tls_new(&seed, &tls));
    config.loop = &loop;
    config.tls = tls;
    failing = allocations + 1;
    assert_fails(BASE_E_NOMEM, node_hub_new(&config, &hub));
    failing = 0;
    node_tls_free(tls);
    assert_int_equal(0, uv_loop_close(&loop));
}

static void a_control_line_that_finds_no_memory_changes_nothing(void **state)
{
    (void)state;
    json_t *object = json_pack("{s:s}", "do", "status");
    struct base_buffer out = BASE_BUFFER_EMPTY;
    for (unsigned number = 1; number <= 2; number++) {
        allocations = 0;
        failing = number;
        assert_fails(BASE_E_NOMEM, node_control_line_append(object, &out));
        assert_int_equal(0, out.len);
    }
    failing = 0;
    assert_ok(node_control_line_append(object, &out));
    assert_bytes("{\"do\":\"status\"}\n", base_bytes_buffer(&out));
    base_buffer_release(&out);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_an_exchange_may_fail),
        cmocka_unit_test(accepting_goes_on_after_a_failure),
        cmocka_unit_test(a_context_that_cannot_be_made_leaves_nothing),
        cmocka_unit_test(a_control_line_that_finds_no_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
