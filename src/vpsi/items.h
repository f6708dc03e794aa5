/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vpsi layer: from items to keys and values of the store, and from what was decoded to masks (vpsi 4).
 */
#ifndef VPSI_ITEMS_H
#define VPSI_ITEMS_H

#include "block/sha.h"
#include "crypto/hash.h"
#include "vpsi/sort.h"

enum { VPSI_SALT_LEN = 32, VPSI_PREFIX_LEN = 64, VPSI_RETURN_LEN = 16 };

/* The uses of what a hit is hashed to (vpsi 4.5). */
enum vpsi_use { VPSI_USE_MASK = 0, VPSI_USE_SENDER_PAD = 1, VPSI_USE_RECEIVER_PAD = 3 };

/* The two hashes of a session, each up to the point where items differ: 64 bytes. */
struct vpsi_hashes {
    struct block_sha item, mask;
};
void vpsi_hashes_init(struct vpsi_hashes *hashes, const uint8_t salt[VPSI_SALT_LEN]);

/* Sorted by okvs_key_order(); equal items stand together. */
struct vpsi_set {
    struct block *keys, *values;
    uint32_t *index; /* of the item in the caller's array */
    size_t count;
};

/* Raw material of vpsi_set_make(): count of each. */
struct vpsi_scratch {
    struct vpsi_place *places, *sorted;
    struct block *pairs; /* two an item */
};

/* Hashes the items with the numbers order[0..count), or 0..count - 1 when order is NULL, and fills set's arrays. */
enum base_code vpsi_set_make(const struct vpsi_hashes *hashes, const uint8_t *items, size_t item_len, const uint32_t *order,
                             size_t count, unsigned threads, const struct vpsi_scratch *scratch,
                             struct vpsi_set *set) BASE_MUST_USE;
/* Is entry `at` the same item as the one before it? */
bool vpsi_set_repeats(const struct vpsi_set *set, size_t at);

/* The pass that an item belongs to: the leading `bits` bits of its key. */
uint32_t vpsi_item_pass(const struct vpsi_hashes *hashes, const uint8_t *item, size_t item_len, unsigned bits);

/* What is shared about an entry whose decoded value is `decoded`. */
void vpsi_entry_hash(const struct vpsi_hashes *hashes, struct block decoded, const struct vpsi_set *set, size_t at, unsigned use,
                     struct crypto_hash *out);
/* masks[i] and places[i] = (word[0] of the mask, i) for all entries. */
enum base_code vpsi_masks_make(const struct vpsi_hashes *hashes, const struct block *decoded, const struct vpsi_set *set,
                               unsigned threads, struct block *masks, struct vpsi_place *places) BASE_MUST_USE;
/* Exclusive or of len bytes (VPSI_PAYLOAD_MAX at most) and the entry's pad. */
void vpsi_pad(const struct vpsi_hashes *hashes, struct block decoded, const struct vpsi_set *set, size_t at, enum vpsi_use use,
              const uint8_t *in, uint8_t *out, size_t len);

#endif
