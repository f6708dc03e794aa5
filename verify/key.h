/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes, keys and strict Ed25519: the only file that includes OpenSSL. doc/spec/ledger.md 1.5, 2.4 to 2.9, 3.1.
 */
#ifndef VERIFY_KEY_H
#define VERIFY_KEY_H

#include "verify/text.h"

enum {
    VERIFY_HASH_LEN = 32,
    VERIFY_NAME_MAX = 255,
    VERIFY_FINGERPRINT_LEN = 16,
    VERIFY_TYPE_ED25519 = 1,
    VERIFY_TYPE_COSIGNATURE = 4,
};

struct verify_hash {
    uint8_t bytes[VERIFY_HASH_LEN];
};

/* SHA-256 over the concatenation of the spans. False only when OpenSSL has no memory. */
bool verify_sha256(const struct verify_span *spans, size_t count, struct verify_hash *out);

struct verify_key {
    char name[VERIFY_NAME_MAX + 1];
    uint8_t type;
    uint8_t id[4];
    uint8_t bytes[32];
};

bool verify_is_name(struct verify_span name); /* 2.4 */
/* Fills in the id (2.5) of a key that has its name, type and bytes. */
bool verify_key_set_id(struct verify_key *key);
/* A vkey (2.9); false when it is not one, or its id is not that of its name and key. */
bool verify_key_parse(struct verify_span text, struct verify_key *out);
/* 1.5, as 32 hexadecimal digits. */
bool verify_fingerprint(const uint8_t identity[32], char out[2 * VERIFY_FINGERPRINT_LEN + 1]);
/* RFC 8032 section 5.1.7, and no key or R of small order or not in its canonical encoding (2.6). */
bool verify_ed25519(const uint8_t key[32], struct verify_span message, const uint8_t signature[64]);

#endif
