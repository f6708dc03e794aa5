/* SPDX-License-Identifier: Apache-2.0
 *
 * Peers and compartments, as rows. Ids are 16 bytes: a party's fingerprint, a compartment's id.
 */
#ifndef STORE_COMPARTMENTS_H
#define STORE_COMPARTMENTS_H

#include "store/store.h"

enum { STORE_ID_LEN = 16, STORE_NAME_MAX = 63 };

struct store_peer {
    uint8_t fingerprint[STORE_ID_LEN];
    char name[STORE_NAME_MAX + 1]; /* local, unique */
    uint32_t state;                /* the caller's numbering */
    int64_t since_ms;
    struct base_bytes card;        /* borrowed on put, and for the visit on read */
};
typedef enum base_code store_peer_visit(void *context, const struct store_peer *peer);
enum base_code store_peer_get(struct store *store, const uint8_t fingerprint[STORE_ID_LEN], store_peer_visit *visit,
                              void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Inserts or replaces by fingerprint; BASE_E_EXISTS when another peer has the name. */
enum base_code store_peer_put(struct store *store, const struct store_peer *peer) BASE_MUST_USE;
enum base_code store_peer_remove(struct store *store, const uint8_t fingerprint[STORE_ID_LEN]) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
enum base_code store_peers_each(struct store *store, store_peer_visit *visit, void *context) BASE_MUST_USE; /* by name */

struct store_compartment {
    uint8_t id[STORE_ID_LEN];
    uint8_t peer[STORE_ID_LEN];
    char name[STORE_NAME_MAX + 1]; /* local, unique */
    uint32_t state;                /* the caller's numbering */
    int64_t since_ms;
    struct base_bytes terms; /* the terms' note as last signed */
    struct base_bytes keys;  /* this party's keys of the compartment, sealed */
};
typedef enum base_code store_compartment_visit(void *context, const struct store_compartment *compartment);
/* Inserts or replaces by id; BASE_E_EXISTS when another compartment has the name. */
enum base_code store_compartment_put(struct store *store, const struct store_compartment *compartment) BASE_MUST_USE;
enum base_code store_compartment_get(struct store *store, const uint8_t id[STORE_ID_LEN], store_compartment_visit *visit,
                                     void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
enum base_code store_compartment_state(struct store *store, const uint8_t id[STORE_ID_LEN], uint32_t *state) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
enum base_code store_compartments_each(struct store *store, store_compartment_visit *visit, void *context) BASE_MUST_USE; /* by name */

#endif
