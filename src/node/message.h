/* SPDX-License-Identifier: Apache-2.0
 *
 * The payloads of frames that are more than one note (doc/spec/conversations.md, clause 1): written and read side by side.
 * Private to the layer. Views that are read stay borrowed from the payload.
 */
#ifndef NODE_MESSAGE_H
#define NODE_MESSAGE_H

#include "exchange/content.h"
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

/* DELIVERY: 1 to NODE_PARCELS_MAX parcels, one behind the other: sized note, u8 what travels beside it, and for NODE_PARCEL_CONTENT
 * 32 bytes of salt and the sized content. */
enum { NODE_PARCELS_MAX = 256, NODE_DELIVERY_MAX = 240 * 1024 };
enum node_parcel_beside { NODE_PARCEL_NOTHING, NODE_PARCEL_CONTENT, NODE_PARCEL_ERASED };
struct node_parcel {
    struct base_bytes note;
    enum node_parcel_beside beside;
    struct base_bytes salt, content;
};
enum base_code node_parcel_put(const struct node_parcel *parcel, struct base_buffer *out) BASE_MUST_USE;
/* The next of a delivery. BASE_E_TRUNCATED, BASE_E_LIMIT, BASE_E_FORMAT. Nothing about the note is checked. */
enum base_code node_parcel_next(struct base_cursor *delivery, struct node_parcel *out) BASE_MUST_USE;

/* RECEIPTS: for each parcel, in order, u8 1 and the sized receipt, or u8 0 and the payload of a REFUSED. */
enum base_code node_receipts_put(struct base_bytes receipt, struct base_buffer *out) BASE_MUST_USE;
enum base_code node_receipts_put_refusal(enum base_code code, const char *detail, struct base_buffer *out) BASE_MUST_USE;
/* *is_receipt says which it was; a refusal's code is returned in *refusal with the peer's words as the detail. */
enum base_code node_receipts_next(struct base_cursor *receipts, bool *is_receipt, struct base_bytes *receipt,
                                  enum base_code *refusal) BASE_MUST_USE;

/* LIST_ASK: the compartment, and how many statements of the list came before. */
struct node_list_ask {
    struct exchange_id compartment;
    uint64_t from;
};
enum base_code node_list_ask_write(const struct node_list_ask *ask, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_TRUNCATED, BASE_E_TRAILING. */
enum base_code node_list_ask_read(struct base_bytes payload, struct node_list_ask *out) BASE_MUST_USE;

/* LIST: u64 how many came before, u8 whether more follow, then for each statement its leaf hash and u8 whether it waits in the
 * outbox of who lists it. */
enum { NODE_LIST_PAGE_MAX = 4096 };
struct node_listed {
    struct crypto_hash hash;
    bool is_waiting;
};
struct node_list_page {
    uint64_t from;
    bool has_more;
    size_t count;
    struct node_listed items[NODE_LIST_PAGE_MAX];
};
enum base_code node_list_page_write(const struct node_list_page *page, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_TRUNCATED, BASE_E_LIMIT; BASE_E_FORMAT for a flag that is neither 0 nor 1, and for a page of nothing that more follow. */
enum base_code node_list_page_read(struct base_bytes payload, struct node_list_page *out) BASE_MUST_USE;

/* COSIGN_SIZE: u64. */
enum base_code node_size_write(uint64_t size, struct base_buffer *out) BASE_MUST_USE;
enum base_code node_size_read(struct base_bytes payload, uint64_t *out) BASE_MUST_USE;

#endif
