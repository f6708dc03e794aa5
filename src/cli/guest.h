/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of an account that reaches a node's socket and not its store (doc/spec/users.md, 6): what other commands read
 * from the store comes from the node, as far as the user may see it.
 */
#ifndef CLI_GUEST_H
#define CLI_GUEST_H

#include "cli/hits.h"

/* Is the party's store there, and another account's? */
bool cli_is_guest(const struct cli *cli);

/* A record of an answer (an item of "records", the result of "record"); borrowed from it. BASE_E_FORMAT. */
enum base_code cli_guest_record(const json_t *answer, struct store_record *out) BASE_MUST_USE;
/* The compartment that `name` names; NULL: the only one. Only id, name, peer_name and state are filled. BASE_E_NOT_FOUND,
 * BASE_E_ARGUMENT. */
enum base_code cli_guest_compartment(struct cli *cli, const char *name, struct node_compartment *out) BASE_MUST_USE;
/* The hits of a match; `session` gets its hexadecimal digits. */
enum base_code cli_guest_hits(struct cli *cli, const struct node_compartment *compartment, struct cli_hits *hits, char session[33]) BASE_MUST_USE;

#endif
