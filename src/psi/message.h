/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the psi layer: the header in front of every message, and the kinds (psi 3). Checks where a message belongs;
 * what its body means is the business of sender.c and receiver.c.
 */
#ifndef PSI_MESSAGE_H
#define PSI_MESSAGE_H

#include "base/cursor.h"
#include "crypto/hash.h"

enum {
    PSI_VERSION = 1,
    PSI_TAG_LEN = 16,
    PSI_HEADER_LEN = 1 + 1 + 4 + PSI_TAG_LEN,
    PSI_MASK_LEN = 16,
    PSI_RETURN_LEN = 16,
    PSI_POINT_BATCH = 1024,  /* points in one BLINDED or EVALUATED */
    PSI_MASK_BATCH = 4096,   /* masks in one MASKS */
    PSI_RETURN_BATCH = 1024, /* values in one RETURNS */
    PSI_WINDOW = 2           /* BLINDED messages under way without their EVALUATED */
};

enum psi_kind {
    PSI_KIND_KEY = 1,
    PSI_KIND_BLINDED = 2,
    PSI_KIND_EVALUATED = 3,
    PSI_KIND_MASKS = 4,
    PSI_KIND_RETURNS = 5,
    PSI_KIND_RECEIVER_DONE = 6,
    PSI_KIND_SENDER_DONE = 7
};

struct psi_header {
    enum psi_kind kind;
    uint32_t sequence; /* per direction, from 0 */
    uint8_t tag[PSI_TAG_LEN];
};

/* Clears *out and writes the header. */
enum base_code psi_header_encode(const struct psi_header *header, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_TRUNCATED, BASE_E_VERSION for a version or kind there is not. */
enum base_code psi_header_decode(struct base_cursor *in, struct psi_header *out) BASE_MUST_USE;

/* A u32 that must be `expected`: BASE_E_SIZE. */
enum base_code psi_expect_u32(struct base_cursor *in, uint32_t expected, const char *what) BASE_MUST_USE;

#endif
