/* SPDX-License-Identifier: Apache-2.0
 *
 * Who asks, and what they may do (doc/spec/users.md). A user proves who they are with a user key: 32 random bytes, written as
 * "entente-user-" and 64 hexadecimal digits. Without one it is the owner: the operating-system account the party's folder
 * belongs to. While a party has no users the owner may do everything; with the first user the owner is an administrator and
 * nothing else.
 *
 *     node_user_of_request(store, request, &user)
 *     node_user_check(store, &user, &compartment, NODE_MAY(NODE_ROLE_ANALYST))
 *     node_look(store, &user, &compartment, "record", "12", why, now_ms)
 *     ... show ...
 */
#ifndef NODE_USERS_H
#define NODE_USERS_H

#include "base/random.h"
#include "exchange/party.h"
#include "store/users.h"

#include <jansson.h>

enum node_role { NODE_ROLE_ANALYST, NODE_ROLE_RELEASER, NODE_ROLE_AUDITOR, NODE_ROLE_ADMINISTRATOR, NODE_ROLE_COUNT };
#define NODE_MAY(role) (1u << (role))
#define NODE_MAY_ANY   (NODE_MAY(NODE_ROLE_COUNT) - 1)

const char *node_role_word(enum node_role role);
enum base_code node_role_of_word(const char *word, enum node_role *out) BASE_MUST_USE; /* BASE_E_ARGUMENT */

enum {
    NODE_USER_KEY_TEXT_LEN = 13 + 64, /* without a NUL */
    NODE_WHY_LEAST = 3,               /* characters of a reason */
};
#define NODE_OWNER_NAME "owner" /* no user may be called this */

/* 16 zero bytes: what concerns the whole node. Only a role in all compartments counts there. */
extern const struct exchange_id node_every_compartment;

struct node_user {
    char name[STORE_NAME_MAX + 1];
    bool is_owner; /* the operating-system account that owns the party's folder, without a user key */
};

enum node_user_state { NODE_USER_ENABLED, NODE_USER_DISABLED };

/* Has the party any users, disabled ones too? Until then the owner may do everything, and nobody can be another's second pair
 * of eyes. */
enum base_code node_users_exist(struct store *store, bool *exist) BASE_MUST_USE;

/* The key as text (a '\n' behind it is allowed). BASE_E_FORMAT: not of the form; BASE_E_KEY: unknown or disabled. Every hash
 * in the store is compared, each in constant time. */
enum base_code node_user_of_key(struct store *store, struct base_bytes key_text, struct node_user *out) BASE_MUST_USE;
/* The owner: name "owner". */
enum base_code node_user_owner(struct store *store, struct node_user *out) BASE_MUST_USE;
/* Takes "user_key" out of a request and wipes it; without one the asker is the owner. BASE_E_ARGUMENT when it is not a text,
 * else as node_user_of_key(). */
enum base_code node_user_of_request(struct store *store, json_t *request, struct node_user *out) BASE_MUST_USE;

/* Has the user one of these roles (bits NODE_MAY()) in the compartment; `compartment` NULL: in any? BASE_E_ROLE says what is
 * missing; BASE_E_KEY when the user was disabled meanwhile. */
enum base_code node_user_check(struct store *store, const struct node_user *user, const struct exchange_id *compartment,
                               unsigned roles) BASE_MUST_USE;
/* Has the user any role there? What is not seen must be answered like what is not there. False on any error. */
bool node_user_sees(struct store *store, const struct node_user *user, const struct exchange_id *compartment);

/* Keeps in the log of looks that the user sees a person's data: `what` is a word ("record"), `subject` says which, `why` is
 * the user's reason, `compartment` NULL where there is none. Call it before showing; what is not kept may not be shown.
 * BASE_E_ARGUMENT when users exist and the reason has fewer than three characters; BASE_E_LIMIT; errors of the store. */
enum base_code node_look(struct store *store, const struct node_user *user, const struct exchange_id *compartment, const char *what,
                         const char *subject, const char *why, int64_t now_ms) BASE_MUST_USE;

/* Managing users; each is kept in the log of looks too, as what `by` did. `by` must be an administrator: for all compartments to
 * make, disable or give a new key to a user, in the compartment to grant or revoke a role there. BASE_E_ROLE.
 * key_text gets the key and a NUL; the store keeps its hash only, so the caller shows it once and wipes it. */
enum base_code node_user_add(struct store *store, const struct node_user *by, const char *name, const struct base_random *random,
                             int64_t now_ms, char key_text[NODE_USER_KEY_TEXT_LEN + 1]) BASE_MUST_USE; /* BASE_E_EXISTS, _ARGUMENT */
/* The old key no longer opens anything; a disabled user is enabled again. BASE_E_NOT_FOUND. */
enum base_code node_user_new_key(struct store *store, const struct node_user *by, const char *name, const struct base_random *random,
                                 int64_t now_ms, char key_text[NODE_USER_KEY_TEXT_LEN + 1]) BASE_MUST_USE;
enum base_code node_user_disable(struct store *store, const struct node_user *by, const char *name, int64_t now_ms) BASE_MUST_USE;
enum base_code node_user_grant(struct store *store, const struct node_user *by, const char *name, const struct exchange_id *compartment,
                               enum node_role role, int64_t now_ms) BASE_MUST_USE;
enum base_code node_user_revoke(struct store *store, const struct node_user *by, const char *name, const struct exchange_id *compartment,
                                enum node_role role, int64_t now_ms) BASE_MUST_USE;

#endif
