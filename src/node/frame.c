/* SPDX-License-Identifier: Apache-2.0 */
#include "node/frame.h"

#include "base/cursor.h"

enum { LENGTH_BYTES = 4 };

void node_frame_decoder_release(struct node_frame_decoder *decoder)
{
    base_buffer_release(&decoder->bytes);
    *decoder = NODE_FRAME_DECODER_EMPTY;
}

size_t node_frame_want(const struct node_frame_decoder *decoder)
{
    return (decoder->total == 0 ? LENGTH_BYTES : decoder->total) - decoder->bytes.len;
}

static enum base_code read_length(struct node_frame_decoder *decoder)
{
    struct base_cursor in = base_cursor_over(base_bytes_buffer(&decoder->bytes));
    uint32_t length;
    BASE_TRY(base_cursor_u32(&in, &length));
    if (length == 0) /* transport 4.2 */
        return base_fail(BASE_E_FORMAT, "a frame of length 0");
    if (length > NODE_FRAME_MAX) /* transport 4.3 */
        return base_fail(BASE_E_LIMIT, "a frame of %u bytes, at most %d", length, NODE_FRAME_MAX);
    decoder->total = LENGTH_BYTES + (size_t)length;
    return BASE_OK;
}

enum base_code node_frame_give(struct node_frame_decoder *decoder, struct base_bytes bytes)
{
    if (bytes.len > node_frame_want(decoder))
        return base_fail(BASE_E_ARGUMENT, "more bytes than the decoder can take");
    BASE_TRY(base_buffer_append(&decoder->bytes, bytes));
    if (decoder->total == 0 && decoder->bytes.len == LENGTH_BYTES)
        return read_length(decoder);
    return BASE_OK;
}

bool node_frame_complete(const struct node_frame_decoder *decoder, struct node_frame *out)
{
    if (decoder->total == 0 || decoder->bytes.len < decoder->total)
        return false;
    out->kind = decoder->bytes.data[LENGTH_BYTES];
    out->payload = base_bytes_of(decoder->bytes.data + NODE_FRAME_HEAD, decoder->total - NODE_FRAME_HEAD);
    return true;
}

void node_frame_next(struct node_frame_decoder *decoder)
{
    if (decoder->bytes.capacity > NODE_FRAME_KEEP)
        base_buffer_release(&decoder->bytes);
    base_buffer_clear(&decoder->bytes);
    decoder->total = 0;
}

bool node_frame_is_begun(const struct node_frame_decoder *decoder)
{
    return decoder->bytes.len > 0;
}

enum base_code node_frame_put(struct base_buffer *out, uint8_t kind, struct base_bytes payload)
{
    if (payload.len > NODE_FRAME_PAYLOAD_MAX)
        return base_fail(BASE_E_LIMIT, "a frame payload of %zu bytes, at most %d", payload.len, NODE_FRAME_PAYLOAD_MAX);
    BASE_TRY(base_buffer_reserve(out, NODE_FRAME_HEAD + payload.len));
    BASE_TRY(base_put_u32(out, (uint32_t)(1 + payload.len)));
    BASE_TRY(base_put_u8(out, kind));
    return base_buffer_append(out, payload);
}
