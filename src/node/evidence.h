/* SPDX-License-Identifier: Apache-2.0
 *
 * What a node keeps when the other party showed two histories of its ledger, for showing and handing on (doc/spec/oversight.md 4).
 * Reads only; needs no secret and no running node.
 */
#ifndef NODE_EVIDENCE_H
#define NODE_EVIDENCE_H

#include "crypto/hash.h"
#include "exchange/party.h"
#include "store/evidence.h"

struct node_evidence_checkpoint {
    uint64_t size;
    struct crypto_hash root;
};
struct node_evidence_facts {
    struct node_evidence_checkpoint first, second;
    bool is_proven; /* else suspected */
};
enum base_code node_evidence_read(const struct store_evidence *evidence, struct node_evidence_facts *out) BASE_MUST_USE;
/* Appends the conflict file of oversight 4.1. BASE_E_NOT_FOUND when the ledger has no terms. */
enum base_code node_evidence_file(struct store *store, const struct exchange_id *compartment, const struct store_evidence *evidence,
                                  struct base_buffer *out) BASE_MUST_USE;

#endif
