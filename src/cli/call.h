/* SPDX-License-Identifier: Apache-2.0
 *
 * A request to the party's running node (doc/spec/control.md), with its progress shown and its refusals told apart: one's own
 * node's and the other party's.
 */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include "cli/command.h"

/* The key of the user at the command line (who.h) is added. `request` is taken; *result is a new reference. Items that came
 * before it are its array "items"; without any there is none. BASE_E_NO_NODE, or what the node answered, with cli->is_by_peer set. */
enum base_code cli_call(struct cli *cli, json_t *request, json_t **result) BASE_MUST_USE;

/* Fields of a result; "" and 0 when absent. */
const char *cli_result_text(const json_t *result, const char *key);
uint64_t cli_result_number(const json_t *result, const char *key);

#endif
