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
bool verify_hash_equal(const struct verify_hash *a, const struct verify_hash *b);

#endif
