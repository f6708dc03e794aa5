/* SPDX-License-Identifier: Apache-2.0
 *
 * When the other party's checkpoint does not continue the one that was cosigned: is it proof that it showed two histories, or
 * only suspicion? doc/spec/oversight.md, section 4.
 *
 * What is provable, and from what a node holds:
 *
 *     equal sizes, other roots          proof: two signed notes
 *     longer, and the consistency       proof, if the proof that came with it gives the root that was signed now and another
 *     proof does not verify             root for the cosigned size than the one that was signed then: its hashes are then those
 *                                       of the signed tree, as SHA-256 has no collisions. Not when the cosigned size is a power
 *                                       of two (the proof then leaves out that root), nor when the proof does not give the new
 *                                       root: anyone can hand on a wrong one
 *     shorter                           suspicion: an older checkpoint is no conflict, and the hashes that would show that the
 *                                       longer one does not begin with it are with the other party
 */
#ifndef NODE_CONFLICT_H
#define NODE_CONFLICT_H

#include "ledger/note.h"
#include "ledger/tree.h"
#include "node/audit.h"

enum node_conflict {
    NODE_CONFLICT_NONE, /* the second continues the first, or both say the same */
    NODE_CONFLICT_SUSPECTED,
    NODE_CONFLICT_PROVEN,
};

/* What is kept of it (store/evidence.h): two checkpoint notes, the smaller first, and the hashes of the proof one after another,
 * empty where none is needed or there is none. */
struct node_evidence {
    struct base_buffer first, second, proof;
};
#define NODE_EVIDENCE_EMPTY ((struct node_evidence){{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}})
void node_evidence_release(struct node_evidence *evidence);

/* `held` is the peer's checkpoint that was cosigned last, `offered` the new one, both notes signed by `peer`; `proof` is the
 * consistency proof that came with it (NULL: none). *evidence is filled unless the verdict is NODE_CONFLICT_NONE.
 * BASE_E_KEY, BASE_E_SIGNATURE when one is not signed by the peer, BASE_E_INCONSISTENT when they are of two origins; and the
 * errors of reading a note and a checkpoint. */
enum base_code node_conflict_check(const struct ledger_verifier *peer, struct base_bytes held, struct base_bytes offered,
                                   const struct ledger_proof *proof, enum node_conflict *verdict,
                                   struct node_evidence *evidence) BASE_MUST_USE;

/* Appends the conflict file of oversight 4.1; `terms` is the note of the compartment's entry 0. */
enum base_code node_conflict_write(const struct exchange_id *compartment, struct base_bytes terms, struct base_bytes first,
                                   struct base_bytes second, struct base_bytes proof, struct base_buffer *out) BASE_MUST_USE;

#endif
