/* SPDX-License-Identifier: Apache-2.0
 *
 * The payloads of frames that are more than one note (doc/spec/conversations.md, clause 1): written and read side by side.
 * Private to the layer. Views that are read stay borrowed from the payload.
 */
#ifndef NODE_MESSAGE_H
#define NODE_MESSAGE_H

#include "ledger/checkpoint.h"
#include "ledger/tree.h"

/* REFUSED: sized error word, sized detail. */
enum base_code node_refusal_write(enum base_code code, const char *detail, struct base_buffer *out) BASE_MUST_USE;
/* Always fails: with the code the peer gave and its words as the detail, or with what is wrong about the payload. */
enum base_code node_refusal_read(struct base_bytes payload) BASE_MUST_USE;

/* CHECKPOINT: sized note, u64 old size, proof. */
struct node_cosign_request {
    struct base_bytes note;
    struct ledger_checkpoint checkpoint; /* what the note says; filled when read */
    uint64_t old_size;
    struct ledger_proof proof;
};
enum base_code node_cosign_request_write(const struct node_cosign_request *request, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_TRUNCATED, BASE_E_TRAILING, BASE_E_LIMIT, and the errors of a note and a checkpoint. No signature is checked. */
enum base_code node_cosign_request_read(struct base_bytes payload, struct node_cosign_request *out) BASE_MUST_USE;

/* COSIGN_SIZE: u64. */
enum base_code node_size_write(uint64_t size, struct base_buffer *out) BASE_MUST_USE;
enum base_code node_size_read(struct base_bytes payload, uint64_t *out) BASE_MUST_USE;

#endif
