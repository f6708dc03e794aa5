/* SPDX-License-Identifier: Apache-2.0
 *
 * The Merkle tree of RFC 6962 section 2.1 over hashes that are all in memory. doc/spec/ledger.md, section 3.
 */
#ifndef VERIFY_TREE_H
#define VERIFY_TREE_H

#include "verify/key.h"

bool verify_leaf(struct verify_span entry, struct verify_hash *out);
/* The root over `count` leaf hashes, or over whole subtrees of one size (3.2). False only without memory. */
bool verify_root(const struct verify_hash *leaves, uint64_t count, struct verify_hash *out);
/* 3.4: the hashes lead from the leaf at this index to the root of the tree of this size. False for anything else. */
bool verify_inclusion(const struct verify_hash *leaf, uint64_t index, uint64_t size, const struct verify_hash *proof, size_t count,
                      const struct verify_hash *root);
/* The two roots that SUBPROOF(old_size, D[0:new_size], false) of RFC 6962 2.1.2 gives, 0 < old_size < new_size (oversight 4.4).
 * False when the number of hashes is another than the sizes require. */
bool verify_prefix_roots(uint64_t old_size, uint64_t new_size, const struct verify_hash *proof, size_t count, struct verify_hash *old_root,
                         struct verify_hash *new_root);
bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b);

#endif
