/* SPDX-License-Identifier: Apache-2.0
 *
 * Matches that were run, what went into them, and the hits they gave. A match and its hits are put in one transaction:
 * nothing half-done is ever shown as a result.
 */
#ifndef STORE_MATCHES_H
#define STORE_MATCHES_H

#include "store/compartments.h"

struct store_match {
    uint8_t session[STORE_ID_LEN];
    uint8_t compartment[STORE_ID_LEN];
    bool is_starter;  /* this party began it */
    bool is_receiver; /* the role in the private set intersection */
    uint64_t own_count, peer_count, hit_count; /* tokens */
    uint64_t bytes_sent, bytes_received;
    int64_t started_ms, finished_ms;
    uint8_t statement[32]; /* hash of the match statement */
    struct base_bytes opening; /* sealed: seed and salt with which the session can be opened to an overseer */
    struct base_bytes tokens;  /* the sorted tokens that went in, 32 bytes each */
};
enum base_code store_match_put(struct store *store, const struct store_match *match) BASE_MUST_USE; /* BASE_E_EXISTS */
typedef enum base_code store_match_visit(void *context, const struct store_match *match);
/* Newest first; `compartment` NULL for all. */
enum base_code store_matches_each(struct store *store, const uint8_t *compartment, store_match_visit *visit, void *context) BASE_MUST_USE;

struct store_hit {
    uint8_t session[STORE_ID_LEN];
    int64_t record;
    char rule[65];
    char grade[17];
    uint8_t reference[16]; /* the same on both sides */
    const char *reason;
};
enum base_code store_hit_put(struct store *store, const struct store_hit *hit) BASE_MUST_USE;
typedef enum base_code store_hit_visit(void *context, const struct store_hit *hit);
/* Ordered by record, then reference. */
enum base_code store_hits_each(struct store *store, const uint8_t session[STORE_ID_LEN], store_hit_visit *visit, void *context) BASE_MUST_USE;

/* Nonces of sessions that were seen. BASE_E_REPLAY when the compartment has seen this one before. */
enum base_code store_nonce_claim(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t nonce[32],
                                 int64_t now_ms) BASE_MUST_USE;
/* Forgets those that were seen before `before_ms`. */
enum base_code store_nonces_forget(struct store *store, int64_t before_ms) BASE_MUST_USE;

#endif
