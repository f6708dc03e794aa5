/* SPDX-License-Identifier: Apache-2.0
 *
 * The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) with SHA-256, kept as the tiles of C2SP tlog-tiles: a tile
 * is 1 to 256 hashes of one height. Nothing is kept between calls: the tiles stand wherever the caller's functions put them.
 *
 *     uint64_t size = 0;                                        -- kept by the caller, beside the tiles
 *     ledger_leaf_hash(entry, &hashes[i]) ...
 *     ledger_tree_append(&tiles, &size, hashes, count)          -- in one transaction of the store
 *     ledger_tree_root(&tiles, size, &root)
 *
 * The two ledger_check_... functions need no tiles. Rules in doc/spec/ledger.md, section 3.
 */
#ifndef LEDGER_TREE_H
#define LEDGER_TREE_H

#include "base/bytes.h"
#include "base/cursor.h"
#include "crypto/hash.h"

enum {
    LEDGER_TILE_HEIGHT = 8,
    LEDGER_TILE_WIDTH = 256,                     /* hashes in a full tile */
    LEDGER_TILE_BYTES = LEDGER_TILE_WIDTH * 32,  /* 8192 */
    LEDGER_TILE_LEVELS = 8,                      /* levels 0 to 7 are enough for every size */
    LEDGER_PROOF_MAX = 64,
    LEDGER_PROOF_BYTES_MAX = 1 + 32 * LEDGER_PROOF_MAX,
};

#define LEDGER_SIZE_MAX ((uint64_t)INT64_MAX) /* leaves in a tree */

/* SHA-256(0x00 ‖ leaf) and SHA-256(0x01 ‖ left ‖ right). */
void ledger_leaf_hash(struct base_bytes leaf, struct crypto_hash *out);
void ledger_node_hash(const struct crypto_hash *left, const struct crypto_hash *right, struct crypto_hash *out);

/* Where the tiles stand. Tile (level, index) holds MTH(D[(256 index + i) 256^level : (256 index + i + 1) 256^level]) for i
 * from 0 up to its width. `read` appends the tile as last written (32 to 8192 bytes) or fails with BASE_E_NOT_FOUND; `write`
 * puts or replaces a tile whole. Their other errors are handed on. `write` may be NULL where nothing is appended. */
struct ledger_tiles {
    void *context;
    enum base_code (*read)(void *context, unsigned level, uint64_t index, struct base_buffer *out);
    enum base_code (*write)(void *context, unsigned level, uint64_t index, struct base_bytes hashes);
};

/* Every function below that reads tiles fails with BASE_E_CORRUPT when a tile that a tree of that size must have is missing,
 * too short, or not a whole number of hashes; and with BASE_E_RANGE for a size above LEDGER_SIZE_MAX. Tiles of a tree that
 * has grown further serve every smaller size. */

/* Appends leaves (their hashes) behind the first *size ones and moves *size on. Each touched tile is written once per call.
 * On failure *size is unchanged and some tiles may have been written: they serve *size as before, and the call can be
 * repeated. BASE_E_NOMEM. */
enum base_code ledger_tree_append(const struct ledger_tiles *tiles, uint64_t *size, const struct crypto_hash *leaves,
                                  size_t count) BASE_MUST_USE;

/* The root of the first `size` leaves; SHA-256 of nothing for 0. */
enum base_code ledger_tree_root(const struct ledger_tiles *tiles, uint64_t size, struct crypto_hash *out) BASE_MUST_USE;

struct ledger_proof {
    struct crypto_hash hashes[LEDGER_PROOF_MAX];
    size_t count;
};

/* PATH(index, D[0:size]) of RFC 6962 2.1.1; BASE_E_RANGE unless index < size. */
enum base_code ledger_tree_prove_inclusion(const struct ledger_tiles *tiles, uint64_t size, uint64_t index,
                                           struct ledger_proof *out) BASE_MUST_USE;
/* PROOF(old_size, D[0:new_size]) of RFC 6962 2.1.2; BASE_E_RANGE unless old_size <= new_size. Empty when the sizes are equal
 * or old_size is 0. */
enum base_code ledger_tree_prove_consistency(const struct ledger_tiles *tiles, uint64_t old_size, uint64_t new_size,
                                             struct ledger_proof *out) BASE_MUST_USE;

/* Is the leaf with this hash at `index` of the tree with this size and root? BASE_E_RANGE unless index < size, BASE_E_PROOF. */
enum base_code ledger_check_inclusion(const struct crypto_hash *leaf, uint64_t index, uint64_t size,
                                      const struct ledger_proof *proof, const struct crypto_hash *root) BASE_MUST_USE;
/* Does the new tree begin with the whole old one? BASE_E_RANGE unless old_size <= new_size, BASE_E_PROOF. An old tree of
 * size 0 is the start of every tree, its proof empty and its root SHA-256 of nothing. */
enum base_code ledger_check_consistency(uint64_t old_size, const struct crypto_hash *old_root, uint64_t new_size,
                                        const struct crypto_hash *new_root, const struct ledger_proof *proof) BASE_MUST_USE;

/* A proof in a message: u8 count ‖ count hashes. Decoding: BASE_E_TRUNCATED, BASE_E_LIMIT over LEDGER_PROOF_MAX; it leaves the
 * cursor behind the proof. */
enum base_code ledger_proof_encode(const struct ledger_proof *proof, struct base_buffer *out) BASE_MUST_USE;
enum base_code ledger_proof_decode(struct base_cursor *cursor, struct ledger_proof *out) BASE_MUST_USE;

#endif
