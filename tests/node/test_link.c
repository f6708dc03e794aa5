/* SPDX-License-Identifier: Apache-2.0 */
#include "link_world.h"

static void frames_of_many_sizes_come_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 255, 256, 16378, 16379, 16380, 16384, 65535, 65536, 100000,
                                   NODE_FRAME_PAYLOAD_MAX - 1, NODE_FRAME_PAYLOAD_MAX};
    static uint8_t payload[NODE_FRAME_PAYLOAD_MAX];
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    world.here.echoes = true;
    struct node_link *link = world_dial(&world);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned frames = world.there.frames;
        memset(payload, (int)i + 1, sizes[i]);
        assert_ok(node_link_send(link, (uint8_t)(i + 1), base_bytes_of(payload, sizes[i])));
        world_until(&world, world.there.frames > frames);
        assert_int_equal(i + 1, world.there.last_kind);
        assert_true(base_bytes_equal(base_bytes_of(payload, sizes[i]), base_bytes_buffer(&world.there.last)));
    }
    world_release(&world);
    assert_int_equal(BASE_E_CANCELLED, world.there.why);
}

static void both_sides_know_who_and_how_much(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    struct node_link *link = world_dial(&world), *other = world.here.links[0];
    assert_int_equal(1, world.here.admitted);
    assert_int_equal(0, world.there.admitted); /* who dials has pinned the key already */
    assert_true(node_link_is_outgoing(link));
    assert_false(node_link_is_outgoing(other));
    assert_memory_equal(&world.here.key, node_link_peer_key(link), sizeof world.here.key);
    assert_memory_equal(&world.there.key, node_link_peer_key(other), sizeof world.there.key);
    assert_int_equal(1, node_hub_count(world.here.hub, NULL));
    assert_int_equal(1, node_hub_count(world.here.hub, &world.there.key));
    assert_int_equal(0, node_hub_count(world.here.hub, &world.here.key));
    assert_ok(node_link_send(link, 1, base_bytes_text("hello")));
    world_until(&world, world.here.frames == 1 && world.there.drained == 1);
    uint64_t sent, received, other_sent, other_received;
    node_link_bytes(link, &sent, &received);
    node_link_bytes(other, &other_sent, &other_received);
    assert_int_equal(sent, other_received);
    assert_int_equal(received, other_sent);
    assert_true(sent > 500 && sent < 3000); /* a handshake and one frame */
    node_link_set_data(other, &world.port);
    assert_ptr_equal(&world.port, node_link_data(other));
    world_release(&world);
}

static void a_close_flushes_first(void **state)
{
    (void)state;
    static uint8_t payload[200000];
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    struct node_link *link = world_dial(&world);
    for (int i = 0; i < 20; i++)
        assert_ok(node_link_send(link, 7, base_bytes_of(payload, sizeof payload)));
    node_link_close(link, BASE_OK);
    assert_fails(BASE_E_STATE, node_link_send(link, 7, base_bytes_text("late")));
    world_until(&world, world.there.closed == 1 && world.here.closed == 1);
    assert_int_equal(20, world.here.frames);
    assert_int_equal(BASE_OK, world.here.why);
    assert_int_equal(BASE_OK, world.there.why);
    world_release(&world);
}

static void a_close_with_a_reason_is_at_once(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    struct node_link *link = world_dial(&world);
    node_link_close(link, BASE_E_STATE);
    assert_fails(BASE_E_CLOSED, node_link_send(link, 7, base_bytes_text("late")));
    world_until(&world, world.there.closed == 1 && world.here.closed == 1);
    assert_int_equal(BASE_E_STATE, world.there.why);
    assert_int_equal(BASE_E_CLOSED, world.here.why);
    assert_int_equal(0, node_hub_count(world.here.hub, NULL));
    assert_true(world_logged(&world, "\"event\":\"link-dropped\",\"level\":\"warn\"") ||
                world_logged(&world, "\"reason\":\"wrong-state\""));
    world_release(&world);
}

static void an_owner_may_close_inside_an_event(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    world.here.closes_on_frame = true;
    struct node_link *link = world_dial(&world);
    assert_ok(node_link_send(link, 1, base_bytes_text("a")));
    assert_ok(node_link_send(link, 1, base_bytes_text("b")));
    world_until(&world, world.there.closed == 1 && world.here.closed == 1);
    assert_int_equal(1, world.here.frames);
    assert_int_equal(BASE_OK, world.here.why);
    assert_int_equal(BASE_OK, world.there.why);
    world_release(&world);
}

static void what_the_owner_refuses_is_the_reason(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    world.here.frame_code = BASE_E_POINT;
    struct node_link *link = world_dial(&world);
    assert_ok(node_link_send(link, 1, base_bytes_text("a")));
    assert_ok(node_link_send(link, 1, base_bytes_text("b")));
    world_until(&world, world.there.closed == 1 && world.here.closed == 1);
    assert_int_equal(1, world.here.frames);
    assert_int_equal(BASE_E_POINT, world.here.why);
    assert_string_equal("the owner refuses", world.here.detail);
    assert_true(world_logged(&world, "\"reason\":\"bad-point\""));
    world_release(&world);
}

static void send_checks_what_it_is_given(void **state)
{
    (void)state;
    static uint8_t payload[NODE_FRAME_MAX];
    struct world world;
    struct node_link *link;
    world_init(&world, (struct node_hub_config){0});
    assert_ok(node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.here.key, NULL, &link));
    assert_fails(BASE_E_STATE, node_link_send(link, 1, base_bytes_text("early")));
    world_until(&world, world.there.opened == 1);
    assert_fails(BASE_E_ARGUMENT, node_link_send(link, 0, base_bytes_text("")));
    assert_fails(BASE_E_LIMIT, node_link_send(link, 1, base_bytes_of(payload, NODE_FRAME_MAX)));
    world_release(&world);
}

static void a_paused_link_keeps_order_and_stands_outside_time(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){.idle_timeout_ms = 200, .frame_timeout_ms = 200});
    world.here.pauses = true;
    struct node_link *link = world_dial(&world);
    for (int i = 0; i < 10; i++)
        assert_ok(node_link_send(link, 1, base_bytes_of(&"0123456789"[i], 1)));
    for (unsigned i = 0; i < 10; i++) {
        world_until(&world, world.here.frames == i + 1);
        assert_int_equal('0' + (int)i, world.here.last.data[0]);
        if (i == 4) { /* longer than both time-outs */
            world_wait(&world, 450);
            assert_int_equal(5, world.here.frames);
        }
        assert_int_equal(0, world.here.closed);
        node_link_resume(world.here.links[0]);
        assert_int_equal(i + 1, world.here.frames); /* nothing is called from inside resume */
    }
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_TIMEOUT, world.here.why);
    world_release(&world);
}

static void sixteen_links_with_one_peer_and_no_more(void **state)
{
    (void)state;
    struct world world;
    struct node_link *link;
    world_init(&world, (struct node_hub_config){0});
    for (int i = 0; i < NODE_LINKS_PER_PEER_MAX; i++)
        world_dial(&world);
    assert_int_equal(NODE_LINKS_PER_PEER_MAX, node_hub_count(world.here.hub, &world.there.key));
    assert_fails(BASE_E_BUSY,
                 node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.here.key, NULL, &link));
    node_link_close(world.there.links[3], BASE_OK);
    world_until(&world, world.here.closed == 1 && world.there.closed == 1);
    world_dial(&world);
    world_release(&world);
    assert_int_equal(NODE_LINKS_PER_PEER_MAX + 1, world.there.closed);
}

static void dialling_says_why_it_failed(void **state)
{
    (void)state;
    struct world world;
    struct node_link *link;
    world_init(&world, (struct node_hub_config){0});
    assert_fails(BASE_E_ARGUMENT, node_hub_connect(world.there.hub, "", 1, &world.here.key, NULL, &link));
    assert_fails(BASE_E_ARGUMENT, node_hub_connect(world.there.hub, "127.0.0.1", 0, &world.here.key, NULL, &link));
    assert_fails(BASE_E_ARGUMENT, node_hub_connect(world.there.hub, "127.0.0.1", 1, NULL, NULL, &link));
    assert_ok(node_hub_connect(world.there.hub, "127.0.0.1", 1, &world.here.key, NULL, &link)); /* tcpmux: nobody */
    world_until(&world, world.there.closed == 1);
    assert_int_equal(BASE_E_IO, world.there.why);
    assert_ok(node_hub_connect(world.there.hub, "no.such.host.invalid", 1, &world.here.key, NULL, &link));
    node_link_close(link, BASE_E_CANCELLED); /* while the name is being looked up */
    world_until(&world, world.there.closed == 2);
    assert_int_equal(BASE_E_CANCELLED, world.there.why);
    assert_ok(node_hub_connect(world.there.hub, "localhost", world.port, &world.here.key, NULL, &link));
    world_until(&world, world.there.opened == 1); /* whichever of its addresses comes first */
    assert_int_equal(1, node_hub_count(world.there.hub, &world.here.key));
    world_release(&world);
}

static void listening_says_why_it_failed(void **state)
{
    (void)state;
    struct world world;
    struct node_hub *hub;
    world_init(&world, (struct node_hub_config){0});
    struct node_hub_config config = {.loop = &world.loop, .tls = world.here.tls};
    assert_fails(BASE_E_ARGUMENT, node_hub_new(&config, &hub));
    assert_fails(BASE_E_ARGUMENT, node_hub_listen(world.there.hub, "localhost", 0, NULL));
    assert_fails(BASE_E_BUSY, node_hub_listen(world.there.hub, "127.0.0.1", world.port, NULL));
    assert_fails(BASE_E_STATE, node_hub_listen(world.here.hub, "127.0.0.1", 0, NULL));
    node_hub_close(world.here.hub, side_hub_gone, &world.here);
    assert_fails(BASE_E_STATE, node_hub_listen(world.here.hub, "127.0.0.1", 0, NULL));
    world_until(&world, world.here.is_hub_gone);
    node_tls_free(world.here.tls);
    world.here.is_hub_gone = false;
    side_init(&world, &world.here, 3, (struct node_hub_config){0});
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_many_sizes_come_back),
        cmocka_unit_test(both_sides_know_who_and_how_much),
        cmocka_unit_test(a_close_flushes_first),
        cmocka_unit_test(a_close_with_a_reason_is_at_once),
        cmocka_unit_test(an_owner_may_close_inside_an_event),
        cmocka_unit_test(what_the_owner_refuses_is_the_reason),
        cmocka_unit_test(send_checks_what_it_is_given),
        cmocka_unit_test(a_paused_link_keeps_order_and_stands_outside_time),
        cmocka_unit_test(sixteen_links_with_one_peer_and_no_more),
        cmocka_unit_test(dialling_says_why_it_failed),
        cmocka_unit_test(listening_says_why_it_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
