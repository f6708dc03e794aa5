/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the crypto layer: the domain separation tags of RFC 9497 section 3.1, shared by oprf.c and oprf_proof.c.
 */
#ifndef CRYPTO_OPRF_HASH_H
#define CRYPTO_OPRF_HASH_H

#include "crypto/oprf.h"

enum { CRYPTO_OPRF_DOMAIN_MAX = 64 };

/* prefix ‖ context string, written into storage; the prefix is at most 16 characters. */
struct base_bytes crypto_oprf_domain(const char *prefix, enum crypto_oprf_mode mode,
                                     uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX]);

#endif
