/* SPDX-License-Identifier: Apache-2.0
 *
 * A compartment and its terms, as people and programs read them.
 */
#ifndef CLI_TERMS_H
#define CLI_TERMS_H

#include "cli/home.h"

void cli_terms_show(const struct node_compartment *compartment);
json_t *cli_terms_json(const struct node_compartment *compartment); /* a new reference */
/* What the exchange runs by (statements 3.7), compactly. */
void cli_terms_show_exchange(const struct exchange_terms *terms);
/* Who may start a match, in the reader's words: "both sides", "this party", "south". */
const char *cli_terms_starters(const struct node_compartment *compartment);

#endif
