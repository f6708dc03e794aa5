/* SPDX-License-Identifier: Apache-2.0
 *
 * A party's home as the commands see it: its store, its compartments by name, the names of records. Hints that say how to get
 * what is missing are set here.
 */
#ifndef CLI_HOME_H
#define CLI_HOME_H

#include "cli/print.h"
#include "node/audit.h"
#include "node/party.h"
#include "people/record.h"
#include "store/records.h"

enum base_code cli_home_open(struct cli *cli, bool is_writing, struct store **out) BASE_MUST_USE;
/* The compartment that an argument names; without one, the only one there is: among those the user sees. */
enum base_code cli_home_compartment(struct cli *cli, struct store *store, const char *name, struct node_compartment *out) BASE_MUST_USE;

/* The same without a store at hand: from the store where this account may read it, else from the running node, which tells id,
 * name, peer_name and state only. For commands that ask the node anyway. */
enum base_code cli_home_find(struct cli *cli, const char *name, struct node_compartment *out) BASE_MUST_USE;

/* What a list shows of a person. The caller frees. */
char *cli_person_name(const struct people_record *record);
char *cli_person_births(const struct people_record *record);
/* "1986", "1986-10", "1986-10-21", "1980/1982", "c. 1986". The caller frees. */
char *cli_person_date(const struct people_date *date);

/* The displayed name of one record, or "record 12 (gone)". The caller frees. */
enum base_code cli_record_name(struct store *store, int64_t id, char **out) BASE_MUST_USE;

void cli_hash_hex(const struct crypto_hash *hash, char out[65]);

#endif
