/* SPDX-License-Identifier: Apache-2.0
 *
 * The other party showed two histories: what shows it is kept, and told in the own ledger. Which two checkpoints prove it is in
 * conflict.h; what was kept is read with evidence.h (doc/spec/oversight.md 4). Private to the layer.
 */
#ifndef NODE_EQUIVOCATE_H
#define NODE_EQUIVOCATE_H

#include "node/conflict.h"
#include "node/evidence.h"

struct node;
struct node_seat;

/* So much is kept of one compartment: a peer could make new checkpoints without end, and one proof is enough. */
enum { NODE_EVIDENCE_MAX = 16 };

/* The other party offered a checkpoint that does not continue the one that was cosigned last (`held`, with this party's
 * cosignature). Proof is kept, once for each checkpoint held, with a `conflict` statement about it in one transaction; suspicion
 * that the offered one alone raises is kept too, without a statement. What fails is logged: the offer is refused all the same. */
void node_equivocation_keep(struct node *node, const struct node_seat *seat, struct base_bytes held, struct base_bytes offered,
                            const struct ledger_proof *proof);

#endif
