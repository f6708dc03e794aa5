/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vole layer: the header in front of every message, the kinds and the lengths of the bodies (vole 4). What a body means
 * is the business of receiver.c and sender.c.
 */
#ifndef VOLE_MESSAGE_H
#define VOLE_MESSAGE_H

#include "base/cursor.h"
#include "crypto/ot.h"
#include "vole/vole.h"

enum {
    VOLE_VERSION = 1,
    VOLE_TAG_LEN = 16,
    VOLE_HEADER_LEN = 1 + 1 + VOLE_TAG_LEN,
    VOLE_NONCE_LEN = 32,
    VOLE_BLOCK_LEN = 16,
    VOLE_BITS = 128,                                   /* of Delta: one base transfer for each */
    VOLE_PUNCTURED = 16,                               /* trees of the extension ... */
    VOLE_PUNCTURED_DEPTH = VOLE_BITS / VOLE_PUNCTURED, /* ... each for 8 bits of Delta ... */
    VOLE_PUNCTURED_LEAVES = 1 << VOLE_PUNCTURED_DEPTH
};

enum vole_kind {
    VOLE_KIND_BASE = 1,
    VOLE_KIND_CHOICE = 2,
    VOLE_KIND_EXTEND = 3,
    VOLE_KIND_TREES = 4,
    VOLE_KIND_CHECK = 5,
    VOLE_KIND_PROOF = 6,
    VOLE_KIND_COUNT
};

/* Parts of bodies, in the order in which they travel. */
struct vole_base_body {
    struct crypto_ot_opening opening;
};
struct vole_choice_body {
    uint8_t nonce[VOLE_NONCE_LEN];
    struct crypto_ot_offer offers[VOLE_BITS];
};
struct vole_puncture {
    struct block sums[VOLE_PUNCTURED_DEPTH][2];
    uint8_t check[32];
};
struct vole_extend_head {
    uint8_t nonce[VOLE_NONCE_LEN];
    struct vole_puncture punctures[VOLE_PUNCTURED];
    struct crypto_hash digest;
}; /* then (VOLE_PUNCTURED - 1) * base_count blocks, then: */
struct vole_extend_tail {
    struct block choices;
    struct block columns[VOLE_BITS];
};

size_t vole_body_len(const struct vole_params *params, enum vole_kind kind);
enum vole_role vole_kind_from(enum vole_kind kind); /* who sends it */

/* Appends the header to an empty *out. */
enum base_code vole_header_encode(enum vole_kind kind, const uint8_t tag[VOLE_TAG_LEN], struct base_buffer *out) BASE_MUST_USE;
/* Reads the header and leaves the body. BASE_E_TRUNCATED, BASE_E_VERSION for a version or kind there is not, BASE_E_TRANSCRIPT for
 * another tag. */
enum base_code vole_header_decode(struct base_cursor *in, const uint8_t tag[VOLE_TAG_LEN], enum vole_kind *out) BASE_MUST_USE;
/* The body must have exactly the length that it should: BASE_E_TRUNCATED, BASE_E_TRAILING. */
enum base_code vole_body_check(const struct base_cursor *in, size_t expected) BASE_MUST_USE;

#endif
