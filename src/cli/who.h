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

#endif
