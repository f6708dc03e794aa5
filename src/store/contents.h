/* SPDX-License-Identifier: Apache-2.0
 *
 * What travelled beside a statement: its content and the salt of its commitment. Kept, restricted (kept and not used) or
 * erased: then both are empty and only the row says that there was something.
 */
#ifndef STORE_CONTENTS_H
#define STORE_CONTENTS_H

#include "store/compartments.h"

enum store_content_state { STORE_CONTENT_KEPT, STORE_CONTENT_RESTRICTED, STORE_CONTENT_ERASED };

struct store_content {
    uint8_t hash[32];         /* of the statement */
    enum store_content_state state;
    int64_t changed_ms;
    struct base_bytes salt;    /* 32 bytes; empty when erased */
    struct base_bytes content; /* empty when erased */
};
/* BASE_E_EXISTS when the statement has one already. */
enum base_code store_content_add(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_content *content) BASE_MUST_USE;
/* Changes the state; erasing also empties salt and content. BASE_E_NOT_FOUND. */
enum base_code store_content_set(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                 enum store_content_state state, int64_t now_ms) BASE_MUST_USE;
typedef enum base_code store_content_visit(void *context, const struct store_content *content);
enum base_code store_content_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                 store_content_visit *visit, void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Contents that are not erased and were entered before `before_ms`, oldest first. */
enum base_code store_contents_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t before_ms,
                                   store_content_visit *visit, void *context) BASE_MUST_USE;
/* Hashes of statements whose content is not erased, ascending, after `after` (NULL: from the first), at most `limit`. */
typedef enum base_code store_hash_visit(void *context, const uint8_t hash[32]);
enum base_code store_contents_held(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t *after, size_t limit,
                                   store_hash_visit *visit, void *context) BASE_MUST_USE;
/* Is there one for this statement? */
enum base_code store_content_is_held(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                     bool *out) BASE_MUST_USE;

#endif
