/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of a compartment's ledger: entries, tiles, heads; and the outbox of statements the other node has not receipted.
 * A statement is known by its 32-byte leaf hash.
 */
#ifndef STORE_LEDGERS_H
#define STORE_LEDGERS_H

#include "store/compartments.h"

/* Entries: index counts from 0 without gaps; an index or a hash that is there already is BASE_E_EXISTS, an index beyond the
 * end BASE_E_RANGE. `kind` is the statement's kind word, for listing. */
struct store_entry {
    uint64_t index;
    uint8_t hash[32];
    char kind[33];
    int64_t time_ms;
    struct base_bytes about; /* 32 bytes: the hash of the statement that this one speaks of; empty for none. Not filled by a visit */
    struct base_bytes note;
};
enum base_code store_entry_add(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_entry *entry) BASE_MUST_USE;
/* Puts the entry behind the last, whatever its index says. With *is_new false there is a note with this hash already, and nothing
 * has changed. */
enum base_code store_entry_append(struct store *store, const uint8_t compartment[STORE_ID_LEN], const struct store_entry *entry,
                                  bool *is_new) BASE_MUST_USE;
typedef enum base_code store_entry_visit(void *context, const struct store_entry *entry);
/* Entries [from, to), ascending. */
enum base_code store_entries_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t from, uint64_t to,
                                  store_entry_visit *visit, void *context) BASE_MUST_USE;
/* Entries of a kind whose time is at or after `since_ms`, by time; costs what it visits, not what the ledger holds. */
enum base_code store_entries_each_kind(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *kind,
                                       int64_t since_ms, store_entry_visit *visit, void *context) BASE_MUST_USE;
/* Entries of a kind that speak of a statement, whether that is in the ledger or not, in their order. */
enum base_code store_entries_about(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t about[32],
                                   const char *kind, store_entry_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_entry_find(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                uint64_t *index) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Entries whose hash begins with these hexadecimal digits (1 to 64, lower case), ascending by hash. BASE_E_ARGUMENT. */
enum base_code store_entries_with_prefix(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *digits,
                                         store_entry_visit *visit, void *context) BASE_MUST_USE;
/* Is the statement still to be receipted? */
enum base_code store_outbox_has(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], bool *out) BASE_MUST_USE;
enum base_code store_entries_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count) BASE_MUST_USE;
/* Entries of a kind whose time is at or after `since_ms`. */
enum base_code store_entries_count_kind(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *kind,
                                        int64_t since_ms, uint64_t *count) BASE_MUST_USE;

/* How many there are at most of what the caller counts under `what` (39 bytes at most) among the entries at or after `since_ms`: as
 * many as were counted last, and every entry since. UINT64_MAX when it must be counted: it never was, or something was taken back
 * since, or an earlier entry is asked for. So a limit far away costs no counting, and one close by is exact:
 *
 *     store_tally_most(.., &most);
 *     if (most >= limit) { count; store_tally_keep(.., count); }
 *
 * What is counted outside a transaction is not kept.
 */
enum base_code store_tally_most(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *what, int64_t since_ms,
                                uint64_t *most) BASE_MUST_USE;
enum base_code store_tally_keep(struct store *store, const uint8_t compartment[STORE_ID_LEN], const char *what, int64_t since_ms,
                                uint64_t count) BASE_MUST_USE;

/* Tiles of hashes: up to 8192 bytes each, replaced whole. BASE_E_NOT_FOUND. tile_get appends to out. */
enum base_code store_tile_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned level, uint64_t index,
                              struct base_bytes hashes) BASE_MUST_USE;
enum base_code store_tile_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], unsigned level, uint64_t index,
                              struct base_buffer *out) BASE_MUST_USE;

/* Heads: the checkpoint notes a party keeps, by slot. BASE_E_NOT_FOUND. head_get appends to note. */
enum store_head_slot {
    STORE_HEAD_OWN,      /* own newest checkpoint */
    STORE_HEAD_COSIGNED, /* own newest checkpoint that the other party cosigned */
    STORE_HEAD_PEER,     /* the other's newest checkpoint, cosigned by us */
};
struct store_head {
    uint64_t size;
    uint8_t root[32];
    int64_t time_ms;
};
enum base_code store_head_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], enum store_head_slot slot,
                              const struct store_head *head, struct base_bytes note) BASE_MUST_USE;
enum base_code store_head_get(struct store *store, const uint8_t compartment[STORE_ID_LEN], enum store_head_slot slot,
                              struct store_head *head, struct base_buffer *note) BASE_MUST_USE;

/* The outbox: statements for the other party, in the order they were put, until it has receipted them. */
struct store_outgoing {
    int64_t number; /* ascending */
    uint8_t hash[32];
    int64_t since_ms;
    struct base_bytes note;
};
enum base_code store_outbox_put(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32],
                                int64_t now_ms, struct base_bytes note) BASE_MUST_USE; /* BASE_E_EXISTS */
enum base_code store_outbox_remove(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32]) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
typedef enum base_code store_outgoing_visit(void *context, const struct store_outgoing *outgoing);
/* Those with a number above `after`, ascending, at most `limit`. */
enum base_code store_outbox_each(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t after, size_t limit,
                                 store_outgoing_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_outbox_last(struct store *store, const uint8_t compartment[STORE_ID_LEN], int64_t *number) BASE_MUST_USE; /* 0 for none */
/* Every compartment: does anything wait there, how long is its ledger, and how much of it is cosigned? */
struct store_lag {
    uint8_t compartment[STORE_ID_LEN];
    uint32_t state;
    bool has_outgoing;
    uint64_t own_size, cosigned_size;
};
typedef enum base_code store_lag_visit(void *context, const struct store_lag *lag);
enum base_code store_lags_each(struct store *store, store_lag_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_outbox_count(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t *count) BASE_MUST_USE;

#endif
