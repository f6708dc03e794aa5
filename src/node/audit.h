/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in the store about compartments and their ledgers, for showing, checking and exporting. Reads only; needs no
 * secret and no running node.
 */
#ifndef NODE_AUDIT_H
#define NODE_AUDIT_H

#include "exchange/terms.h"
#include "node/party.h"

struct node_compartment {
    char name[STORE_NAME_MAX + 1];
    struct exchange_id id, peer;
    char peer_name[STORE_NAME_MAX + 1];
    enum exchange_state state;      /* of both together: active only while neither side has suspended it */
    enum exchange_state own_state;  /* what this party has said of it */
    enum exchange_state peer_state; /* what the other has said */
    enum exchange_side side;        /* this party's in the terms */
    struct exchange_terms terms;
    struct crypto_hash terms_hash; /* zero until both have signed */
    int64_t since_ms;
    struct base_bytes terms_note; /* borrowed for the visit; empty from node_compartment_find() */
    struct base_bytes sealed_key; /* likewise */
};
typedef enum base_code node_compartment_visit(void *context, const struct node_compartment *compartment);
enum base_code node_compartments_each(struct store *store, node_compartment_visit *visit, void *context) BASE_MUST_USE;
/* By local name, by id in hexadecimal, or by the first eight or more digits of it. The borrowed members are empty.
 * BASE_E_NOT_FOUND; BASE_E_ARGUMENT when the digits fit several. */
enum base_code node_compartment_find(struct store *store, const char *name, struct node_compartment *out) BASE_MUST_USE;

struct node_ledger_facts {
    uint64_t entries;
    uint64_t cosigned; /* the size of the newest checkpoint that the other party cosigned; 0 for none */
    int64_t cosigned_ms;
    uint64_t waiting;  /* statements that the other has not receipted */
    struct crypto_hash root;
};
/* Checks one's own ledger whole: every entry's form and signatures, the tree, own checkpoint, the cosigned one and its
 * consistency. BASE_E_SIGNATURE, BASE_E_CORRUPT, BASE_E_INCONSISTENT, BASE_E_PROOF with the index in the detail. */
enum base_code node_ledger_verify(struct store *store, const struct node_compartment *compartment,
                                  struct node_ledger_facts *facts) BASE_MUST_USE;
enum base_code node_ledger_facts(struct store *store, const struct node_compartment *compartment,
                                 struct node_ledger_facts *facts) BASE_MUST_USE; /* without checking */
/* Writes the newest cosigned checkpoint, its tiles, entries and keys into `folder` (made; BASE_E_EXISTS unless it is absent
 * or empty). BASE_E_STATE when nothing was cosigned yet. */
enum base_code node_ledger_export(struct store *store, const struct node_compartment *compartment, const char *folder,
                                  struct node_ledger_facts *facts) BASE_MUST_USE;

/* What such an export is made of: the tiles and entries of the first `size` entries, in the order of their paths, and the text
 * of `keys` (doc/spec/ledger.md 5). */
struct ledger_files;
enum base_code node_ledger_files(struct store *store, const struct node_compartment *compartment, uint64_t size,
                                 const struct ledger_files *files) BASE_MUST_USE;
enum base_code node_ledger_keys(const struct node_compartment *compartment, struct base_buffer *out) BASE_MUST_USE;

#endif
