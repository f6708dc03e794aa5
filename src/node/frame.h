/* SPDX-License-Identifier: Apache-2.0
 *
 * The frames inside a TLS connection (doc/spec/transport.md, section 4), as pure functions over bytes.
 *
 *     u32 big-endian  length of what follows, 1 to NODE_FRAME_MAX
 *     u8              kind; 0 belongs to the link itself, 1 to 255 to the owner
 *     bytes           payload, 0 to NODE_FRAME_MAX - 1 bytes
 *
 * A decoder's memory follows the bytes that really came, not the length that was announced.
 */
#ifndef NODE_FRAME_H
#define NODE_FRAME_H

#include "base/bytes.h"

enum {
    NODE_FRAME_MAX = 256 * 1024,              /* kind and payload */
    NODE_FRAME_PAYLOAD_MAX = NODE_FRAME_MAX - 1,
    NODE_FRAME_HEAD = 5,                      /* length and kind on the wire */
    NODE_FRAME_KEEP = 16 * 1024,              /* memory a decoder keeps between frames */
};

enum {
    NODE_FRAME_WELCOME = 0, /* from the accepting to the dialling side, empty, once: "you are admitted" */
};

struct node_frame {
    uint8_t kind;
    struct base_bytes payload; /* borrowed from the decoder until node_frame_next() */
};

struct node_frame_decoder {
    struct base_buffer bytes; /* the frame under way, from its length on; owned */
    size_t total;             /* length of the whole frame on the wire; 0 until its length is known */
};

#define NODE_FRAME_DECODER_EMPTY ((struct node_frame_decoder){{NULL, 0, 0}, 0})

void node_frame_decoder_release(struct node_frame_decoder *decoder);

/* How many bytes the decoder can take before it has to be looked at again: 0 when a frame is complete. */
size_t node_frame_want(const struct node_frame_decoder *decoder);
/* Gives at most node_frame_want() bytes (copied). BASE_E_FORMAT for length 0, BASE_E_LIMIT for a length over
 * NODE_FRAME_MAX (both before anything is allocated for the frame), BASE_E_NOMEM, BASE_E_ARGUMENT for too many bytes. */
enum base_code node_frame_give(struct node_frame_decoder *decoder, struct base_bytes bytes) BASE_MUST_USE;
/* True and the frame, when one is complete. */
bool node_frame_complete(const struct node_frame_decoder *decoder, struct node_frame *out);
/* Forgets the complete frame and starts with the next. */
void node_frame_next(struct node_frame_decoder *decoder);
/* Has a frame begun that is not complete? */
bool node_frame_is_begun(const struct node_frame_decoder *decoder);

/* Appends a frame. BASE_E_LIMIT for a payload over NODE_FRAME_PAYLOAD_MAX, BASE_E_NOMEM. */
enum base_code node_frame_put(struct base_buffer *out, uint8_t kind, struct base_bytes payload) BASE_MUST_USE;

#endif
