/* SPDX-License-Identifier: Apache-2.0
 *
 * The cooperation reports of a party: its ledgers, read from the store, handed to exchange/report.h. Reads only; needs no
 * secret and no running node. doc/spec/report.md.
 */
#ifndef NODE_SURVEY_H
#define NODE_SURVEY_H

#include "exchange/report.h"
#include "node/audit.h"
#include "node/users.h"

struct node_survey_part {
    struct node_compartment compartment; /* the borrowed members are empty */
    struct node_ledger_facts facts;      /* of the whole ledger as it is now */
    struct exchange_report report;       /* finished */
};

/* What this party and another have between them. */
struct node_survey_pair {
    char peer_name[STORE_NAME_MAX + 1];
    struct exchange_id peer;
    size_t first, count;           /* of the parts */
    struct exchange_report report; /* over all of them; finished only where count > 1 */
};

struct node_survey {
    struct exchange_card own;
    struct exchange_id fingerprint;
    struct exchange_quarter quarter;
    int64_t at_ms;
    bool is_verified;
    struct node_survey_part *parts; /* by the peer's name, then the compartment's; owned */
    size_t part_count, part_capacity;
    struct node_survey_pair *pairs; /* owned */
    size_t pair_count, pair_capacity;
};

struct node_survey_plan {
    const char *compartment; /* NULL: all whose terms both parties have signed */
    struct exchange_quarter quarter;
    int64_t at_ms;
    const struct node_user *user; /* NULL, or who asks: of all compartments, those the user sees */
    bool is_verifying;       /* check each ledger whole before it is read */
};

/* BASE_E_NOT_FOUND for the compartment; BASE_E_CORRUPT for an entry that cannot be read, with its index in the detail; when
 * verifying, the errors of node_ledger_verify(). A failure leaves `out` empty. */
enum base_code node_survey_make(struct store *store, const struct node_survey_plan *plan, struct node_survey *out) BASE_MUST_USE;
void node_survey_release(struct node_survey *survey);

#endif
