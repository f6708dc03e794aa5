/* SPDX-License-Identifier: Apache-2.0
 *
 * A party's home: a folder (mode 0700) with `party.key` (the root secret, sealed), `entente.db` (the store) and, while its
 * node runs, `node.sock`. All keys come from the root secret. Opening the party needs the passphrase (or key file); what only
 * reads the store opens it with node_store_open().
 */
#ifndef NODE_PARTY_H
#define NODE_PARTY_H

#include "base/clock.h"
#include "base/random.h"
#include "exchange/party.h"
#include "store/compartments.h"

enum { NODE_PASSPHRASE_MAX = 1024 };

/* How the root secret is sealed: by a passphrase (Argon2id) or under the 32 bytes of a key file (64 hexadecimal digits). */
struct node_unlock {
    struct base_bytes passphrase; /* used when key_file is NULL */
    const char *key_file;
};

struct node_party {
    char *home;
    struct store *store;
    struct exchange_card card;         /* its own */
    struct exchange_id fingerprint;
    struct crypto_sign_secret identity;
    struct crypto_key transport_seed;
    struct crypto_key seal;            /* for what stands sealed in the store */
};

/* Makes the home. BASE_E_EXISTS when there is a party already, BASE_E_ARGUMENT for a bad name or address or a passphrase shorter
 * than 8 bytes. A key file that is not there is made with fresh random bytes, mode 0600. */
enum base_code node_party_create(const char *home, const char *name, const char *address, const struct node_unlock *unlock,
                                 const struct base_random *random) BASE_MUST_USE;
/* Is the root secret sealed by a passphrase (so that one must be asked for)? BASE_E_NOT_FOUND when there is no party. */
enum base_code node_party_needs_passphrase(const char *home, bool *needs) BASE_MUST_USE;
/* BASE_E_NOT_FOUND, BASE_E_PASSPHRASE, BASE_E_CORRUPT. */
enum base_code node_party_open(const char *home, const struct node_unlock *unlock, struct node_party **out) BASE_MUST_USE;
void node_party_close(struct node_party *party); /* wipes; NULL is fine */

/* The store and own card of a home, without any secret; `is_writing` for imports and pairing. BASE_E_NOT_FOUND. */
enum base_code node_store_open(const char *home, bool is_writing, struct store **out) BASE_MUST_USE;
enum base_code node_card_own(struct store *store, struct exchange_card *out) BASE_MUST_USE;
/* The signed card, as handed to the other party. Appends. */
enum base_code node_card_note(struct store *store, struct base_buffer *out) BASE_MUST_USE;
/* "HOME/node.sock". BASE_E_LIMIT when longer than a socket's path may be (107 bytes). */
enum base_code node_socket_path(const char *home, char out[108]) BASE_MUST_USE;

/* Pairing. A card that was checked is kept as pending; comparing the words by voice is what makes it paired, and only a paired
 * party may connect. BASE_E_SIGNATURE for a card that its own key did not sign, BASE_E_ARGUMENT for one's own card,
 * BASE_E_EXISTS when another peer has the name. */
enum node_peer_state { NODE_PEER_PENDING, NODE_PEER_PAIRED };
struct node_peer {
    char name[STORE_NAME_MAX + 1]; /* local */
    enum node_peer_state state;
    struct exchange_card card;
    struct exchange_id fingerprint;
    int64_t since_ms;
};
enum base_code node_card_check(struct base_bytes note, struct exchange_card *out) BASE_MUST_USE;
/* One that stands in the store: its signature was checked when it was put there, and is not checked again for each look. */
enum base_code node_card_read(struct base_bytes note, struct exchange_card *out) BASE_MUST_USE;
enum base_code node_peer_put(struct store *store, struct base_bytes card_note, const char *name, enum node_peer_state state,
                             int64_t now_ms) BASE_MUST_USE;
typedef enum base_code node_peer_visit(void *context, const struct node_peer *peer);
enum base_code node_peers_each(struct store *store, node_peer_visit *visit, void *context) BASE_MUST_USE;
enum base_code node_peer_read(const struct store_peer *row, struct node_peer *out) BASE_MUST_USE;
enum base_code node_peer_by_name(struct store *store, const char *name, struct node_peer *out) BASE_MUST_USE; /* BASE_E_NOT_FOUND */

#endif
