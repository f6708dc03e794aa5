/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vpsi layer: the header in front of every message, and the kinds (vpsi 3).
 */
#ifndef VPSI_MESSAGE_H
#define VPSI_MESSAGE_H

#include "base/cursor.h"

enum { VPSI_VERSION = 1, VPSI_TAG_LEN = 16, VPSI_HEADER_LEN = 1 + 1 + 4 + VPSI_TAG_LEN };

enum vpsi_kind {
    VPSI_KIND_COMMIT = 1,
    VPSI_KIND_NONCE = 2,
    VPSI_KIND_SALT = 3,
    VPSI_KIND_BEGIN = 4,
    VPSI_KIND_VOLE = 5,
    VPSI_KIND_SLOTS = 6,
    VPSI_KIND_SHIFT = 7,
    VPSI_KIND_OPEN = 8,
    VPSI_KIND_HEADS = 9,
    VPSI_KIND_MASKS = 10,
    VPSI_KIND_RETURNS = 11,
    VPSI_KIND_RECEIVER_DONE = 12,
    VPSI_KIND_SENDER_DONE = 13
};

struct vpsi_header {
    enum vpsi_kind kind;
    uint32_t sequence; /* per direction, from 0 */
    uint8_t tag[VPSI_TAG_LEN];
};

/* Clears *out and writes the header. */
enum base_code vpsi_header_encode(const struct vpsi_header *header, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_TRUNCATED, BASE_E_VERSION for a version or kind there is not. */
enum base_code vpsi_header_decode(struct base_cursor *in, struct vpsi_header *out) BASE_MUST_USE;

#endif
