/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "node/frame.h"

static const char wire_bytes[] = "\0\0\0\x08\x03payload"
                                 "\0\0\0\x01\xff"
                                 "\0\0\0\x02\0z";
enum { WIRE_LEN = sizeof wire_bytes - 1 };

static void frames_are_written_as_the_spec_says(void **state)
{
    (void)state;
    struct base_buffer wire = BASE_BUFFER_EMPTY;
    assert_ok(node_frame_put(&wire, 3, base_bytes_text("payload")));
    assert_ok(node_frame_put(&wire, 255, base_bytes_of(NULL, 0)));
    assert_ok(node_frame_put(&wire, 0, base_bytes_text("z")));
    assert_int_equal(WIRE_LEN, wire.len);
    assert_memory_equal(wire_bytes, wire.data, WIRE_LEN);
    base_buffer_release(&wire);
}

static void frames_read_the_same_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        const char *payload;
    } expected[] = {{3, "payload"}, {255, ""}, {0, "z"}};
    for (size_t piece = 1; piece <= WIRE_LEN; piece++) {
        struct node_frame_decoder decoder = NODE_FRAME_DECODER_EMPTY;
        struct node_frame frame;
        size_t seen = 0;
        for (size_t at = 0; at < WIRE_LEN;) {
            size_t len = node_frame_want(&decoder);
            len = len < piece ? len : piece;
            assert_ok(node_frame_give(&decoder, base_bytes_of(wire_bytes + at, len)));
            at += len;
            assert_true(node_frame_is_begun(&decoder));
            if (!node_frame_complete(&decoder, &frame))
                continue;
            assert_int_equal(expected[seen].kind, frame.kind);
            assert_bytes(expected[seen].payload, frame.payload);
            node_frame_next(&decoder);
            seen++;
        }
        assert_int_equal(3, seen);
        assert_false(node_frame_is_begun(&decoder));
        node_frame_decoder_release(&decoder);
    }
}

static enum base_code give(const void *bytes, size_t len)
{
    struct node_frame_decoder decoder = NODE_FRAME_DECODER_EMPTY;
    enum base_code code = node_frame_give(&decoder, base_bytes_of(bytes, len));
    assert_true(decoder.bytes.capacity <= 64); /* nothing was allocated for what was announced */
    node_frame_decoder_release(&decoder);
    return code;
}

static void lengths_have_two_ends(void **state)
{
    (void)state;
    assert_fails(BASE_E_FORMAT, give("\0\0\0\0", 4));
    assert_ok(give("\0\0\0\1", 4));
    assert_ok(give("\0\4\0\0", 4));
    assert_fails(BASE_E_LIMIT, give("\0\4\0\1", 4));
    assert_fails(BASE_E_LIMIT, give("\x80\0\0\0", 4));
    assert_fails(BASE_E_ARGUMENT, give("\0\0\0\1\1", 5)); /* more than was wanted */
}

static void the_largest_payload_goes_and_one_more_does_not(void **state)
{
    (void)state;
    static uint8_t payload[NODE_FRAME_MAX];
    struct base_buffer wire = BASE_BUFFER_EMPTY;
    assert_fails(BASE_E_LIMIT, node_frame_put(&wire, 1, base_bytes_of(payload, NODE_FRAME_PAYLOAD_MAX + 1)));
    assert_int_equal(0, wire.len);
    assert_ok(node_frame_put(&wire, 1, base_bytes_of(payload, NODE_FRAME_PAYLOAD_MAX)));
    assert_int_equal(NODE_FRAME_HEAD + NODE_FRAME_PAYLOAD_MAX, wire.len);

    struct node_frame_decoder decoder = NODE_FRAME_DECODER_EMPTY;
    struct node_frame frame;
    assert_ok(node_frame_give(&decoder, base_bytes_of(wire.data, 4)));
    assert_int_equal(NODE_FRAME_MAX, node_frame_want(&decoder));
    assert_ok(node_frame_give(&decoder, base_bytes_of(wire.data + 4, NODE_FRAME_MAX)));
    assert_true(node_frame_complete(&decoder, &frame));
    assert_int_equal(NODE_FRAME_PAYLOAD_MAX, frame.payload.len);
    node_frame_next(&decoder);
    assert_true(decoder.bytes.capacity <= NODE_FRAME_KEEP); /* a large frame is not remembered in memory */
    node_frame_decoder_release(&decoder);
    base_buffer_release(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_written_as_the_spec_says),
        cmocka_unit_test(frames_read_the_same_in_pieces_of_any_size),
        cmocka_unit_test(lengths_have_two_ends),
        cmocka_unit_test(the_largest_payload_goes_and_one_more_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
