/* SPDX-License-Identifier: Apache-2.0
 *
 * Who a party is: its identity key, the fingerprint people compare, the names its keys carry in signed notes, and the card
 * that two parties hand each other when they pair. Texts only: signing and checking notes is the ledger's, joined in node.
 * doc/spec/statements.md, clauses 1 and 2.
 */
#ifndef EXCHANGE_PARTY_H
#define EXCHANGE_PARTY_H

#include "crypto/hash.h"
#include "crypto/sign.h"

enum {
    EXCHANGE_ID_LEN = 16,        /* a fingerprint, a compartment's id */
    EXCHANGE_NAME_MAX = 63,      /* a party's or compartment's own name: letters, digits, "-", "_", "." */
    EXCHANGE_ADDRESS_MAX = 255,  /* host:port */
    EXCHANGE_WORDS_LEN = 48,     /* eight words of five letters with "-" between, and NUL */
    EXCHANGE_KEY_NAME_LEN = 74,  /* "entente/" 32 "/" 32 and NUL */
    EXCHANGE_TEXT_MAX = 16384,   /* bytes of a statement's text */
};

struct exchange_id {
    uint8_t bytes[EXCHANGE_ID_LEN];
};

/* First 16 bytes of SHA-256 over the domain "entente/exchange/party/v1" and the identity key. */
void exchange_fingerprint(const struct crypto_sign_public *identity, struct exchange_id *out);
/* The fingerprint as eight proquints, for reading aloud. */
void exchange_words(const struct exchange_id *fingerprint, char out[EXCHANGE_WORDS_LEN]);
void exchange_id_hex(const struct exchange_id *id, char out[2 * EXCHANGE_ID_LEN + 1]);
enum base_code exchange_id_parse(struct base_bytes hex, struct exchange_id *out) BASE_MUST_USE; /* BASE_E_FORMAT */
bool exchange_id_equal(const struct exchange_id *a, const struct exchange_id *b);

/* "entente/<fingerprint>": the identity key in notes. */
void exchange_identity_name(const struct exchange_id *fingerprint, char out[EXCHANGE_KEY_NAME_LEN]);
/* "entente/<compartment>/<fingerprint>": a party's key in a compartment, and the origin of its ledger there. */
void exchange_key_name(const struct exchange_id *compartment, const struct exchange_id *fingerprint,
                       char out[EXCHANGE_KEY_NAME_LEN]);

/* A local name: 1 to 63 letters, digits, "-", "_" or ".". BASE_E_ARGUMENT. */
enum base_code exchange_name_check(const char *name) BASE_MUST_USE;

struct exchange_card {
    char name[EXCHANGE_NAME_MAX + 1]; /* what the party calls itself; the other may call it otherwise */
    struct crypto_sign_public identity;
    struct crypto_sign_public transport;    /* its TLS key */
    char address[EXCHANGE_ADDRESS_MAX + 1]; /* where its node listens */
};

enum base_code exchange_card_format(const struct exchange_card *card, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_VERSION for another kind of text, BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_TRAILING. */
enum base_code exchange_card_parse(struct base_bytes text, struct exchange_card *out) BASE_MUST_USE;

#endif
