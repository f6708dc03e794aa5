/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame decoder (transport 4). The first byte says in what pieces the rest arrives. What it decodes, encoded again, must
 * be the bytes that came.
 */
#include "node/frame.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void put_again(const struct node_frame *frame, struct base_buffer *again)
{
    check(frame->payload.len <= NODE_FRAME_PAYLOAD_MAX);
    check(node_frame_put(again, frame->kind, frame->payload) == BASE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node_frame_decoder decoder = NODE_FRAME_DECODER_EMPTY;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    struct node_frame frame;
    enum base_code code = BASE_OK;
    size_t piece = size == 0 ? 1 : (size_t)data[0] + 1, at = size == 0 ? 0 : 1;
    while (code == BASE_OK && at < size) {
        size_t len = node_frame_want(&decoder);
        len = len < piece ? len : piece;
        len = len < size - at ? len : size - at;
        check(len > 0);
        code = node_frame_give(&decoder, base_bytes_of(data + at, len));
        at += len;
        check(decoder.bytes.capacity <= 2 * (size + NODE_FRAME_KEEP)); /* memory follows the bytes that came */
        if (code == BASE_OK && node_frame_complete(&decoder, &frame)) {
            check(node_frame_want(&decoder) == 0);
            put_again(&frame, &again);
            node_frame_next(&decoder);
            check(!node_frame_is_begun(&decoder));
        }
    }
    check(code == BASE_OK || code == BASE_E_FORMAT || code == BASE_E_LIMIT);
    if (again.len > 0)
        check(again.len < size && memcmp(again.data, data + 1, again.len) == 0);
    base_buffer_release(&again);
    node_frame_decoder_release(&decoder);
    return 0;
}
