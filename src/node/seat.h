/* SPDX-License-Identifier: Apache-2.0
 *
 * A party's seat in a compartment: its facts, its secret key there, and how both sides' signatures are checked. And the
 * book: the one way by which a note gets into the ledger. Private to the layer.
 */
#ifndef NODE_SEAT_H
#define NODE_SEAT_H

#include "exchange/statement.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "node/audit.h"

struct node_seat {
    struct node_compartment facts;
    struct crypto_sign_secret secret;            /* wiped by node_seat_release() */
    char own_name[EXCHANGE_KEY_NAME_LEN];        /* key names and ledger origins */
    char peer_name[EXCHANGE_KEY_NAME_LEN];
    struct ledger_verifier own, peer, peer_cosigner, own_cosigner;
};

/* Both need the terms to be filled except node_seat_open() of one's own proposal, whose peer verifiers stay empty.
 * BASE_E_NOT_FOUND, BASE_E_CORRUPT. */
enum base_code node_seat_open(struct node_party *party, const struct exchange_id *compartment, struct node_seat *out) BASE_MUST_USE;
void node_seat_release(struct node_seat *seat);
/* The verifiers of a compartment without a secret, for audits. */
enum base_code node_seat_verifiers(const struct node_compartment *facts, struct node_seat *out) BASE_MUST_USE;

/* A fresh compartment key, sealed for the store. Appends. */
enum base_code node_key_make(struct node_party *party, const struct exchange_id *compartment, const struct base_random *random,
                             struct base_buffer *sealed, struct crypto_sign_public *out) BASE_MUST_USE;

/* States as the store keeps them: this party's in the low byte, the other's in the next. */
uint32_t node_state_pack(enum exchange_state own, enum exchange_state peer);
void node_state_unpack(uint32_t packed, struct node_compartment *out);
enum base_code node_compartment_put(struct store *store, const struct node_compartment *facts, struct base_bytes terms_note,
                                    struct base_bytes sealed_key) BASE_MUST_USE;
/* Changes only the states. */
enum base_code node_compartment_set_states(struct store *store, const struct exchange_id *id, enum exchange_state own,
                                           enum exchange_state peer, int64_t now_ms) BASE_MUST_USE;
/* The states alone, without reading the terms. BASE_E_NOT_FOUND, BASE_E_CORRUPT. */
struct node_states {
    enum exchange_state own, peer, both;
};
enum base_code node_compartment_states(struct store *store, const struct exchange_id *id, struct node_states *out) BASE_MUST_USE;
typedef enum base_code node_compartment_use(void *context, const struct node_compartment *facts);
/* Calls `use` with the one compartment, borrowed members included. BASE_E_NOT_FOUND. */
enum base_code node_compartment_with(struct store *store, const struct exchange_id *id, node_compartment_use *use,
                                     void *context) BASE_MUST_USE;

/* The store's tiles of a compartment; *tiles borrows `keeper`. */
struct node_tiles {
    struct store *store;
    struct exchange_id compartment;
};
struct ledger_tiles node_tiles_of(struct node_tiles *keeper);

/* Appends a note to the ledger and signs the new checkpoint. In a transaction of the caller's. A note that is there already
 * changes nothing. *hash is its leaf hash. */
enum base_code node_book_add(struct node_party *party, const struct node_seat *seat, const char *kind, int64_t time_ms,
                             struct base_bytes note, struct crypto_hash *hash) BASE_MUST_USE;
/* The same in two steps, for many notes at once: append all, then put them into the tiles and sign the checkpoint, once, before
 * the transaction ends. *is_new is false for a note that is there already. */
enum base_code node_book_append(struct node_party *party, const struct node_seat *seat, const char *kind, int64_t time_ms,
                                struct base_bytes note, struct crypto_hash *hash, bool *is_new) BASE_MUST_USE;
enum base_code node_book_head(struct node_party *party, const struct node_seat *seat, int64_t time_ms) BASE_MUST_USE;
/* The statement of the entry with this hash, whoever said it. BASE_E_NOT_FOUND, also for the terms. */
enum base_code node_book_find(struct store *store, const struct node_seat *seat, const struct crypto_hash *hash,
                              struct exchange_statement *out) BASE_MUST_USE;
/* The statement of a note. No signature is checked: those of the book and the outbox were when they came there. */
enum base_code node_statement_read(struct base_bytes note, struct exchange_statement *out) BASE_MUST_USE;
/* Formats, signs with the seat's key, and appends to `note`. */
enum base_code node_statement_sign(const struct node_seat *seat, const struct exchange_statement *statement,
                                   struct base_buffer *note) BASE_MUST_USE;
/* A statement that only its sender signs, checked: form, compartment, terms, sender is the peer, signature. */
enum base_code node_statement_check(const struct node_seat *seat, struct base_bytes note, struct exchange_statement *out) BASE_MUST_USE;
/* Fills in compartment, terms, from and time (cut to whole seconds). */
void node_statement_begin(const struct node_seat *seat, enum exchange_kind kind, const struct exchange_id *from, int64_t now_ms,
                          struct exchange_statement *out);

#endif
