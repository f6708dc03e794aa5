/* SPDX-License-Identifier: Apache-2.0
 *
 * Peers that break each rule of the transport, and the exact reason each of them is dropped with.
 */
#include "link_world.h"

#include <malloc.h>

#define assert_dropped(world, code)                                                                \
    world_until(world, world_logged(world, "\"event\":\"link-dropped\""));                         \
    if (!world_logged(world, code))                                                                \
    fail_msg("not dropped as %s", code)

static const struct node_hub_config impatient = {
    .handshake_timeout_ms = 300, .idle_timeout_ms = 250, .frame_timeout_ms = 250};

static void a_wrong_key_is_found_before_this_side_says_who_it_is(void **state)
{
    (void)state;
    struct world world;
    struct node_link *link;
    world_init(&world, (struct node_hub_config){0});
    assert_ok(node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.there.key, NULL, &link));
    world_until(&world, world.there.closed == 1);
    assert_int_equal(BASE_E_KEY, world.there.why);
    assert_int_equal(0, world.there.opened);
    world_until(&world, world_logged(&world, "\"reason\":\"tls\""));
    assert_int_equal(0, world.here.admitted + world.here.opened + world.here.closed);
    world_release(&world);
}

static void an_unknown_peer_is_refused_before_any_frame(void **state)
{
    (void)state;
    struct world world;
    struct node_link *link;
    world_init(&world, (struct node_hub_config){0});
    world.here.admit_code = BASE_E_NO_PEER;
    assert_ok(node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.here.key, NULL, &link));
    world_until(&world, world.there.closed == 1);
    assert_int_equal(BASE_E_REFUSED, world.there.why);
    assert_int_equal(0, world.there.opened);
    assert_int_equal(1, world.here.admitted);
    assert_int_equal(0, world.here.opened + world.here.closed + world.here.frames);
    assert_true(world_logged(&world, "\"reason\":\"unknown-peer\""));
    world_release(&world);
}

/* What a peer sends after an orderly handshake, and what it is dropped with. */
static void says_and_is_dropped(const void *plain, size_t len, enum base_code why)
{
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){0});
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    rogue_say(&rogue, plain, len);
    world_until(&world, world.here.closed == 1);
    assert_int_equal(why, world.here.why);
    assert_int_equal(0, world.here.frames);
    rogue_release(&rogue);
    world_release(&world);
}

static void lengths_are_checked(void **state)
{
    (void)state;
    says_and_is_dropped("\0\0\0\0", 4, BASE_E_FORMAT);
    says_and_is_dropped("\0\x04\0\x01", 4, BASE_E_LIMIT); /* NODE_FRAME_MAX + 1 */
    says_and_is_dropped("\xff\xff\xff\xff", 4, BASE_E_LIMIT);
    says_and_is_dropped("\0\0\0\x01\0", 5, BASE_E_ORDER); /* a welcome from who was welcomed */
}

static void rubbish_instead_of_tls_is_dropped(void **state)
{
    (void)state;
    static const char *const rubbish[] = {"GET / HTTP/1.1\r\nHost: node\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
                                          "\x16\x03\x01\x00\x05\x01\xff\xff\xff\xff"};
    for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
        struct world world;
        struct rogue rogue;
        world_init(&world, (struct node_hub_config){0});
        rogue_init(&rogue, &world);
        rogue_send(&rogue, rubbish[i], i == 2 ? 10 : strlen(rubbish[i]));
        assert_dropped(&world, "\"reason\":\"tls\"");
        assert_int_equal(0, world.here.admitted + world.here.opened + world.here.closed);
        rogue_release(&rogue);
        world_release(&world);
    }
}

static void rubbish_in_the_middle_is_dropped(void **state)
{
    (void)state;
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){0});
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    assert_ok(node_tls_session_write(rogue.session, base_bytes_of("\0\0\0\2\1x", 6)));
    struct base_buffer *output = node_tls_session_output(rogue.session);
    output->data[output->len - 1] ^= 1;
    rogue_flush(&rogue);
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_TLS, world.here.why);
    assert_int_equal(0, world.here.frames);
    rogue_release(&rogue);
    world_release(&world);
}

static void a_stall_in_the_handshake_ends(void **state)
{
    (void)state;
    static const char begun[] = "\x16\x03\x01\x02\x00\x01\x00";
    for (size_t len = 0; len < sizeof begun; len += sizeof begun - 1) {
        struct world world;
        struct rogue rogue;
        world_init(&world, impatient);
        rogue_init(&rogue, &world);
        rogue_send(&rogue, begun, len);
        assert_dropped(&world, "\"reason\":\"timed-out\"");
        assert_int_equal(0, world.here.opened + world.here.closed);
        rogue_release(&rogue);
        world_release(&world);
    }
}

/* Who dials a listener that never speaks does not wait for ever either. */
static void a_silent_listener_is_given_up(void **state)
{
    (void)state;
    struct world world;
    struct node_link *link;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(listener, (const struct sockaddr *)&at, sizeof at));
    assert_int_equal(0, listen(listener, 1));
    assert_int_equal(0, getsockname(listener, (struct sockaddr *)&at, &len));
    world_init(&world, impatient);
    assert_ok(node_hub_connect(world.here.hub, "127.0.0.1", ntohs(at.sin_port), &world.there.key, NULL, &link));
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_TIMEOUT, world.here.why);
    assert_int_equal(0, world.here.opened);
    close(listener);
    world_release(&world);
}

static void a_silent_peer_is_dropped(void **state)
{
    (void)state;
    struct world world;
    struct rogue rogue;
    world_init(&world, impatient);
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    for (int i = 0; i < 6; i++) { /* as long as frames come, it stays */
        world_wait(&world, 60);
        rogue_say(&rogue, "\0\0\0\1\1", 5);
    }
    assert_int_equal(0, world.here.closed);
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_TIMEOUT, world.here.why);
    assert_int_equal(6, world.here.frames);
    rogue_release(&rogue);
    world_release(&world);
}

static void a_frame_byte_by_byte_is_not_waited_for(void **state)
{
    (void)state;
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){.frame_timeout_ms = 100});
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    rogue_say(&rogue, "\0\0\xff\xff\1", 5);
    for (int i = 0; i < 200 && world.here.closed == 0; i++) {
        rogue_say(&rogue, "x", 1);
        world_wait(&world, 5);
    }
    assert_int_equal(1, world.here.closed);
    assert_int_equal(BASE_E_TIMEOUT, world.here.why);
    assert_non_null(strstr(world.here.detail, "frame"));
    rogue_release(&rogue);
    world_release(&world);
}

static void too_many_frames_are_a_flood(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){.max_frames_per_second = 100, .rate_window_ms = 1000});
    struct node_link *link = world_dial(&world);
    for (int i = 0; i < 200; i++)
        assert_ok(node_link_send(link, 1, base_bytes_text("x")));
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_FLOOD, world.here.why);
    assert_true(world.here.frames >= 100 && world.here.frames < 150);
    world_release(&world);
}

static void too_many_bytes_are_a_flood(void **state)
{
    (void)state;
    static uint8_t payload[100000];
    struct world world;
    world_init(&world, (struct node_hub_config){.max_bytes_per_second = 1000000, .rate_window_ms = 1000});
    struct node_link *link = world_dial(&world);
    for (int i = 0; i < 30; i++)
        assert_ok(node_link_send(link, 1, base_bytes_of(payload, sizeof payload)));
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_FLOOD, world.here.why);
    assert_true(world.here.frames < 15);
    world_release(&world);
}

static void a_peer_that_never_reads_fills_a_queue_and_no_more(void **state)
{
    (void)state;
    static uint8_t payload[100000];
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){0});
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    struct node_link *link = world.here.links[0];
    enum base_code code = BASE_OK;
    for (int i = 0; i < 1000 && code == BASE_OK; i++) {
        code = node_link_send(link, 1, base_bytes_of(payload, sizeof payload));
        uv_run(&world.loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(BASE_E_FLOOD, code);
    assert_true(node_link_queued(link) > NODE_LINK_QUEUE_MAX - 2 * sizeof payload);
    assert_true(node_link_queued(link) <= NODE_LINK_QUEUE_MAX + 4096);
    assert_int_equal(0, world.here.closed); /* the owner decides what becomes of it */
    node_link_close(link, BASE_E_FLOOD);
    world_until(&world, world.here.closed == 1);
    assert_int_equal(BASE_E_FLOOD, world.here.why);
    rogue_release(&rogue);
    world_release(&world);
}

static void a_peer_that_stops_reading_is_not_waited_for_in_a_close(void **state)
{
    (void)state;
    static uint8_t payload[200000];
    struct world world;
    struct rogue rogue;
    world_init(&world, impatient);
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    for (int i = 0; i < 20; i++)
        assert_ok(node_link_send(world.here.links[0], 1, base_bytes_of(payload, sizeof payload)));
    node_link_close(world.here.links[0], BASE_OK);
    world_until(&world, world.here.closed == 1);
    /* Either the system took all of it and the wait for the peer's end was over, or it did not. */
    assert_true(world.here.why == BASE_E_TIMEOUT || world.here.why == BASE_OK);
    rogue_release(&rogue);
    world_release(&world);
}

/* Ends the connection after these plain bytes, with close_notify or without. */
static enum base_code ends_after(const void *plain, size_t len, bool says_so)
{
    struct world world;
    struct rogue rogue;
    world_init(&world, (struct node_hub_config){0});
    rogue_init(&rogue, &world);
    rogue_secure(&rogue, &world, 9);
    if (len > 0)
        rogue_say(&rogue, plain, len);
    if (says_so) {
        node_tls_session_end(rogue.session);
        rogue_flush(&rogue);
    }
    shutdown(rogue.fd, SHUT_WR);
    world_until(&world, world.here.closed == 1);
    enum base_code why = world.here.why;
    rogue_release(&rogue);
    world_release(&world);
    return why;
}

static void only_close_notify_between_frames_is_a_good_end(void **state)
{
    (void)state;
    assert_int_equal(BASE_OK, ends_after("", 0, true));
    assert_int_equal(BASE_OK, ends_after("\0\0\0\2\1x", 6, true));
    assert_int_equal(BASE_E_CLOSED, ends_after("", 0, false));
    assert_int_equal(BASE_E_CLOSED, ends_after("\0\0\0\2\1x", 6, false));
    assert_int_equal(BASE_E_CLOSED, ends_after("\0\0\0\2\1", 5, true));
    assert_int_equal(BASE_E_CLOSED, ends_after("\0", 1, true));
    assert_int_equal(BASE_E_CLOSED, ends_after("\0\0\0\2\1", 5, false));
}

static void the_oldest_stranger_gives_way(void **state)
{
    (void)state;
    struct world world;
    struct rogue rogues[NODE_HANDSHAKES_MAX + 8];
    const size_t count = sizeof rogues / sizeof rogues[0];
    world_init(&world, (struct node_hub_config){0});
    for (size_t i = 0; i < count; i++)
        rogue_init(&rogues[i], &world);
    world_dial(&world); /* an honest peer still gets in */
    assert_true(world_logged(&world, "\"reason\":\"busy\""));
    for (size_t i = 0; i < count; i++)
        rogue_release(&rogues[i]);
    world_release(&world);
    assert_int_equal(1, world.here.opened);
}

static void a_peer_gets_sixteen_links_and_the_hub_has_sixty_four(void **state)
{
    (void)state;
    struct world world;
    static struct rogue rogues[NODE_LINKS_MAX];
    world_init(&world, (struct node_hub_config){0});
    for (size_t i = 0; i < NODE_LINKS_MAX; i++) {
        rogue_init(&rogues[i], &world);
        rogue_secure(&rogues[i], &world, (uint8_t)(10 + i / NODE_LINKS_PER_PEER_MAX));
    }
    assert_int_equal(NODE_LINKS_MAX, node_hub_count(world.here.hub, NULL));
    struct node_link *link;
    assert_ok(node_hub_connect(world.there.hub, "127.0.0.1", world.port, &world.here.key, NULL, &link));
    world_until(&world, world.there.closed == 1);
    assert_int_equal(BASE_E_REFUSED, world.there.why);
    assert_fails(BASE_E_BUSY,
                 node_hub_connect(world.here.hub, "127.0.0.1", world.port, &world.there.key, NULL, &link));
    for (size_t i = 0; i < NODE_LINKS_PER_PEER_MAX; i++) /* room for others, none for that peer */
        rogue_release(&rogues[i]);
    world_until(&world, world.here.closed == NODE_LINKS_PER_PEER_MAX);
    struct rogue extra = {0};
    rogue_init(&extra, &world);
    extra.tls = world_tls(11);
    assert_ok(node_tls_session_new(extra.tls, NODE_TLS_DIAL, NULL, &extra.session));
    for (int i = 0; i < 1000 && !extra.is_gone; i++) {
        (void)!node_tls_session_handshake(extra.session, &extra.is_secured);
        rogue_flush(&extra);
        uv_run(&world.loop, UV_RUN_NOWAIT);
        rogue_receive(&extra);
    }
    assert_true(extra.is_gone);
    assert_int_equal(NODE_LINKS_MAX, world.here.opened);
    rogue_release(&extra);
    for (size_t i = NODE_LINKS_PER_PEER_MAX; i < NODE_LINKS_MAX; i++)
        rogue_release(&rogues[i]);
    world_release(&world);
}

#if defined(__has_feature)
#define HAS_OWN_MALLOC __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_MALLOC 1
#else
#define HAS_OWN_MALLOC 0
#endif

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* transport 5.6: idle links, links in the middle of the largest frame, and one whose peer does not read. */
static void memory_is_bounded_per_link(void **state)
{
    (void)state;
    enum { COUNT = 16 };
    static uint8_t payload[NODE_FRAME_MAX];
    static struct rogue rogues[COUNT];
    struct world world;
    if (HAS_OWN_MALLOC) /* mallinfo2() would count nothing */
        test_skip("memory is not measured under a sanitizer");
    world_init(&world, (struct node_hub_config){0});
    for (size_t i = 0; i < COUNT; i++) {
        rogue_init(&rogues[i], &world);
        rogue_secure(&rogues[i], &world, 9);
    }
    size_t idle = in_use(); /* counts the rogues' own sessions too */
    assert_true(idle / COUNT < 2 * 128 * 1024);
    memcpy(payload, "\0\4\0\0\1", 5);
    for (size_t i = 0; i < COUNT; i++) {
        rogue_say(&rogues[i], payload, sizeof payload - 10);
        base_buffer_release(node_tls_session_output(rogues[i].session));
        for (int j = 0; j < 20; j++)
            uv_run(&world.loop, UV_RUN_NOWAIT);
    }
    size_t begun = in_use() - idle;
    print_message("# idle %zu (with its rogue), in a frame %zu more\n", idle / COUNT, begun / COUNT);
    assert_true(begun / COUNT > NODE_FRAME_MAX / 2); /* the frames were really under way */
    assert_true(begun / COUNT < 2 * NODE_FRAME_MAX + 192 * 1024);
    size_t before = in_use();
    while (node_link_send(world.here.links[0], 1, base_bytes_of(payload, 100000)) == BASE_OK)
        uv_run(&world.loop, UV_RUN_NOWAIT);
    assert_true(in_use() - before < NODE_LINK_MEMORY_MAX);
    for (size_t i = 0; i < COUNT; i++)
        rogue_release(&rogues[i]);
    world_until(&world, world.here.closed == COUNT);
    assert_true(in_use() < idle);
    world_release(&world);
}

/* The log says who and how much, and nothing of what was said. */
static void the_log_holds_no_payload(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, (struct node_hub_config){0});
    world.here.frame_code = BASE_E_FORMAT;
    struct node_link *link = world_dial(&world);
    assert_ok(node_link_send(link, 1, base_bytes_text("Nadir Example")));
    world_until(&world, world.here.closed == 1 && world.there.closed == 1);
    assert_true(world_logged(&world, "\"reason\":\"bad-format\""));
    assert_true(world_logged(&world, "\"received\":"));
    assert_false(world_logged(&world, "Nadir"));
    char hex[17];
    for (size_t i = 0; i < 8; i++)
        snprintf(hex + 2 * i, 3, "%02x", world.there.key.bytes[i]);
    assert_true(world_logged(&world, hex));
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_key_is_found_before_this_side_says_who_it_is),
        cmocka_unit_test(an_unknown_peer_is_refused_before_any_frame),
        cmocka_unit_test(lengths_are_checked),
        cmocka_unit_test(rubbish_instead_of_tls_is_dropped),
        cmocka_unit_test(rubbish_in_the_middle_is_dropped),
        cmocka_unit_test(a_stall_in_the_handshake_ends),
        cmocka_unit_test(a_silent_listener_is_given_up),
        cmocka_unit_test(a_silent_peer_is_dropped),
        cmocka_unit_test(a_frame_byte_by_byte_is_not_waited_for),
        cmocka_unit_test(too_many_frames_are_a_flood),
        cmocka_unit_test(too_many_bytes_are_a_flood),
        cmocka_unit_test(a_peer_that_never_reads_fills_a_queue_and_no_more),
        cmocka_unit_test(a_peer_that_stops_reading_is_not_waited_for_in_a_close),
        cmocka_unit_test(only_close_notify_between_frames_is_a_good_end),
        cmocka_unit_test(the_oldest_stranger_gives_way),
        cmocka_unit_test(a_peer_gets_sixteen_links_and_the_hub_has_sixty_four),
        cmocka_unit_test(memory_is_bounded_per_link),
        cmocka_unit_test(the_log_holds_no_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
