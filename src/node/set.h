/* SPDX-License-Identifier: Apache-2.0
 *
 * The set that a party puts into a match: every current record's match keys, their sorted tokens, and the commitment to them.
 * Private to the layer. Built off the loop's thread, over a reading connection of its own.
 */
#ifndef NODE_SET_H
#define NODE_SET_H

#include "base/random.h"
#include "people/keys.h"
#include "store/store.h"

struct node_set_entry {
    struct crypto_hash token;
    int64_t record;
    uint16_t rule;
};

struct node_set {
    struct node_set_entry *entries; /* by token, then record */
    size_t entry_count, entry_capacity;
    struct crypto_hash *tokens; /* sorted, without repeats */
    size_t token_count;
    uint64_t records;
    uint8_t salt[32];
    struct crypto_hash commitment; /* statements 4.5 */
};

/* `source` NULL takes all. BASE_E_LIMIT for more keys than EXCHANGE_KEYS_MAX; the store's and the keys' errors. */
enum base_code node_set_build(const char *home, const char *source, const struct people_rules *rules, unsigned threads,
                              const struct base_random *random, struct node_set **out) BASE_MUST_USE;
void node_set_free(struct node_set *set); /* NULL is fine */
/* The entries of tokens[index]. */
void node_set_entries_of(const struct node_set *set, size_t index, size_t *begin, size_t *end);

#endif
