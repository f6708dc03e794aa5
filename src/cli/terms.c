/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terms.h"

#include "base/clock.h"

const char *cli_terms_starters(const struct node_compartment *compartment)
{
    if (compartment->terms.starters == EXCHANGE_START_BOTH)
        return "both sides";
    bool is_own = (compartment->terms.starters == EXCHANGE_START_PROPOSER) == (compartment->side == EXCHANGE_PROPOSER);
    return is_own ? "this party" : compartment->peer_name;
}

void cli_terms_show(const struct node_compartment *compartment)
{
    const struct exchange_terms *terms = &compartment->terms;
    char id[2 * EXCHANGE_ID_LEN + 1], rules[65], hash[65];
    exchange_id_hex(&compartment->id, id);
    cli_hash_hex(&terms->rules, rules);
    cli_hash_hex(&compartment->terms_hash, hash);
    cli_print_field("compartment", "%s", compartment->name);
    cli_print_field("id", "%s", id);
    cli_print_field("with", "%s", compartment->peer_name);
    cli_print_field("state", "%s since %s UTC", exchange_state_word(compartment->state), cli_time(compartment->since_ms));
    if (compartment->own_state != compartment->peer_state && compartment->state == EXCHANGE_SUSPENDED)
        cli_print_field("suspended by", "%s", compartment->own_state == EXCHANGE_SUSPENDED ? "this party" : compartment->peer_name);
    cli_print_field("proposed", "%s UTC by %s", cli_time(terms->time_ms),
                    compartment->side == EXCHANGE_PROPOSER ? "this party" : compartment->peer_name);
    cli_print_field("purpose", "%s", terms->purpose);
    cli_print_field("who starts", "%s", cli_terms_starters(compartment));
    cli_print_field("budget", "%s match%s in any 24 hours", cli_thousands(terms->matches_per_day),
                    terms->matches_per_day == 1 ? "" : "es");
    cli_print_field("list", "at most %s persons, %s match keys a side", cli_thousands(terms->max_list),
                    cli_thousands(terms->max_keys));
    cli_print_field("rules", "%.16s… (SHA-256 of the rule file)", rules);
    if (compartment->state != EXCHANGE_PROPOSED && compartment->state != EXCHANGE_OFFERED)
        cli_print_field("terms", "%.16s… (what every statement cites)", hash);
}

json_t *cli_terms_json(const struct node_compartment *compartment)
{
    const struct exchange_terms *terms = &compartment->terms;
    char id[2 * EXCHANGE_ID_LEN + 1], peer[2 * EXCHANGE_ID_LEN + 1], rules[65], hash[65];
    char since[BASE_TIME_TEXT_LEN + 1], proposed[BASE_TIME_TEXT_LEN + 1];
    exchange_id_hex(&compartment->id, id);
    exchange_id_hex(&compartment->peer, peer);
    cli_hash_hex(&terms->rules, rules);
    cli_hash_hex(&compartment->terms_hash, hash);
    base_time_format(compartment->since_ms, since);
    base_time_format(terms->time_ms, proposed);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "name", compartment->name,
                     "compartment", id, "peer", compartment->peer_name, "peer_fingerprint", peer, "state",
                     exchange_state_word(compartment->state), "own_state", exchange_state_word(compartment->own_state), "peer_state",
                     exchange_state_word(compartment->peer_state), "since", since, "is_proposer", compartment->side == EXCHANGE_PROPOSER,
                     "proposed", proposed, "purpose", terms->purpose, "starters", exchange_starters_word(terms->starters),
                     "max_list", (json_int_t)terms->max_list, "max_keys", (json_int_t)terms->max_keys, "matches_per_day",
                     (json_int_t)terms->matches_per_day, "rules", rules, "terms", hash);
}
