/* SPDX-License-Identifier: Apache-2.0
 *
 * Who uses the node, what they may do in which compartment, and who looked at whom. A user's key is known by its hash only; a
 * role is the caller's numbering; a role in the compartment of 16 zero bytes holds in all of them.
 *
 * The log of looks is numbered from 1 without gaps. Each row carries `chain`: SHA-256 with the domain "entente/store/look/v1"
 * over the chain of the row before (32 zero bytes before the first) and all fields of the row; the settings hold the newest
 * number and chain (doc/spec/users.md, 5). So a row that was changed, removed, swapped or put in shows. Whoever may write the
 * file can make the whole log anew: what shows that is a number and a chain that were noted outside.
 */
#ifndef STORE_USERS_H
#define STORE_USERS_H

#include "store/compartments.h"

enum {
    STORE_CHAIN_LEN = 32,
    STORE_LOOK_WHAT_MAX = 31,     /* bytes */
    STORE_LOOK_SUBJECT_MAX = 255,
    STORE_LOOK_WHY_MAX = 511,
};

struct store_user {
    char name[STORE_NAME_MAX + 1];
    uint8_t key_hash[32];
    uint32_t state; /* the caller's numbering */
    int64_t since_ms;
};
enum base_code store_user_add(struct store *store, const struct store_user *user) BASE_MUST_USE; /* BASE_E_EXISTS */
/* Replaces key, state and since. BASE_E_NOT_FOUND. */
enum base_code store_user_change(struct store *store, const struct store_user *user) BASE_MUST_USE;
enum base_code store_user_find(struct store *store, const char *name, struct store_user *out) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
typedef enum base_code store_user_visit(void *context, const struct store_user *user);
enum base_code store_users_each(struct store *store, store_user_visit *visit, void *context) BASE_MUST_USE; /* by name */
enum base_code store_users_count(struct store *store, uint64_t *count) BASE_MUST_USE;

struct store_role {
    char user[STORE_NAME_MAX + 1];
    uint8_t compartment[STORE_ID_LEN]; /* 16 zero bytes: all */
    uint32_t role;
    int64_t since_ms;
};
/* A role that the user has already stays as it is. BASE_E_NOT_FOUND when there is no such user. */
enum base_code store_role_grant(struct store *store, const struct store_role *role) BASE_MUST_USE;
/* BASE_E_NOT_FOUND when the user does not have it. */
enum base_code store_role_revoke(struct store *store, const char *user, const uint8_t compartment[STORE_ID_LEN], uint32_t role) BASE_MUST_USE;
typedef enum base_code store_role_visit(void *context, const struct store_role *role);
/* The roles of one user, or of all (`user` NULL): by user, compartment, role. */
enum base_code store_roles_each(struct store *store, const char *user, store_role_visit *visit, void *context) BASE_MUST_USE;

struct store_look {
    uint64_t number; /* set by store_look_append() */
    int64_t time_ms;
    const char *user;                  /* borrowed, as the other texts */
    uint8_t compartment[STORE_ID_LEN]; /* 16 zero bytes: none */
    const char *what;                  /* a word: "records-show" */
    const char *subject;               /* which: a record's number, a statement's hash, what was searched for */
    const char *why;
    uint8_t chain[STORE_CHAIN_LEN];    /* set by store_look_append() */
};
/* In the caller's transaction, or one of its own. BASE_E_LIMIT for a text above its limit (nothing is cut). */
enum base_code store_look_append(struct store *store, struct store_look *look) BASE_MUST_USE;

/* Which rows a walk shows; an empty filter ({0}) shows all. */
struct store_look_filter {
    const char *user;           /* NULL: of anybody */
    const uint8_t *compartment; /* NULL: in any and none */
    uint64_t limit;             /* 0: no limit */
};
typedef enum base_code store_look_visit(void *context, const struct store_look *look);
/* Newest first. */
enum base_code store_looks_each(struct store *store, const struct store_look_filter *filter, store_look_visit *visit, void *context) BASE_MUST_USE;

/* Where the log stands: its newest row's number and chain; 0 and zero bytes while it is empty. */
struct store_looks_head {
    uint64_t number;
    uint8_t chain[STORE_CHAIN_LEN];
};
/* Follows the chain from the first row to the last and compares with the head in the settings, and with `noted` (NULL for none),
 * a head of an earlier day. BASE_E_CORRUPT with the number of the first row that does not fit. */
enum base_code store_looks_check(struct store *store, const struct store_looks_head *noted, struct store_looks_head *out) BASE_MUST_USE;

#endif
