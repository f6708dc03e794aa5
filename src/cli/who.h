/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is at the command line (doc/spec/users.md): the user whose key --user-key or $ENTENTE_USER_KEY names (the path of a
 * file), else the owner of the party's folder.
 */
#ifndef CLI_WHO_H
#define CLI_WHO_H

#include "cli/command.h"
#include "node/users.h"

/* Appends the user key as it stands in its file, without the line's end; nothing when none is named. The caller wipes with
 * crypto_wipe_buffer(). BASE_E_NOT_FOUND, BASE_E_LIMIT, BASE_E_IO. */
enum base_code cli_user_key(const struct cli *cli, struct base_buffer *out) BASE_MUST_USE;
/* The user, as the store knows them. BASE_E_KEY, BASE_E_FORMAT, and those of cli_user_key(). */
enum base_code cli_user(struct cli *cli, struct store *store, struct node_user *out) BASE_MUST_USE;

/* cli_user(), who must have one of the roles (bits NODE_MAY()) in the compartment; NULL: in any. BASE_E_ROLE. `out` may be NULL. */
enum base_code cli_permit(struct cli *cli, struct store *store, const struct exchange_id *compartment, unsigned roles,
                          struct node_user *out) BASE_MUST_USE;
/* Does the user see the compartment? For lists that leave out what they do not. */
bool cli_sees(struct cli *cli, struct store *store, const struct exchange_id *compartment);

/* The option of every command that shows persons. */
#define CLI_WHY_OPTION                                                                                                 \
    {                                                                                                                  \
        "why", 0, "TEXT", "why you look; kept in the log of looks, and needed once there are users"                    \
    }
enum { CLI_WHY_SIZE = STORE_LOOK_WHY_MAX + 2 };
/* The reason: what --why says; else, when one is needed, what is typed on the terminal. BASE_E_ARGUMENT without either,
 * BASE_E_LIMIT. */
enum base_code cli_why(struct cli *cli, bool is_needed, char out[CLI_WHY_SIZE]) BASE_MUST_USE;
/* To be called before a person's data is shown: the user must be an analyst (in the compartment; NULL: in any), and the look is
 * kept with the reason of --why, which is asked for on a terminal once there are users. The store is open for writing. */
enum base_code cli_look(struct cli *cli, struct store *store, const struct exchange_id *compartment, const char *what,
                        const char *subject) BASE_MUST_USE;

#endif
