/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terms.h"

#include "base/clock.h"

#include <stdlib.h>

const char *cli_terms_starters(const struct node_compartment *compartment)
{
    if (compartment->terms.starters == EXCHANGE_START_BOTH)
        return "both sides";
    bool is_own = (compartment->terms.starters == EXCHANGE_START_PROPOSER) == (compartment->side == EXCHANGE_PROPOSER);
    return is_own ? "this party" : compartment->peer_name;
}

/* "8 hours", "7 days", "3 years" in static storage of eight turns. */
static const char *span(uint64_t hours)
{
    static char turns[8][32];
    static unsigned turn;
    uint64_t unit = hours % (365 * 24) == 0 ? 365 * 24 : hours % 24 == 0 ? 24 : 1;
    const char *name = unit == 1 ? "hour" : unit == 24 ? "day" : "year";
    turn = (turn + 1) % 8;
    snprintf(turns[turn], sizeof turns[turn], "%s %s%s", cli_thousands(hours / unit), name, hours == unit ? "" : "s");
    return turns[turn];
}

static void show_reasons(uint32_t codes)
{
    char *list = cli_copy("");
    for (unsigned i = 0; i < exchange_codes.count; i++) {
        if ((codes & 1u << i) == 0)
            continue;
        char *longer = cli_format("%s%s%s", list, *list == 0 ? "" : ", ", exchange_codes.items[i]);
        free(list);
        list = longer;
    }
    cli_print_field("may decline", "%s", codes == EXCHANGE_CODES_ALL ? "with every code (entente help decline)" : list);
    free(list);
}

void cli_terms_show_exchange(const struct exchange_terms *terms)
{
    static const char *const releases[] = {"nothing needs a second person", "answers need a second person", "everything said needs a second person"};
    const struct exchange_hours *hours = &terms->hours;
    const struct exchange_profile *profile = exchange_profile_of(hours);
    cli_print_field("answer within", "%s urgent, %s normal, %s other%s%s%s", span(hours->answer[EXCHANGE_URGENT]),
                    span(hours->answer[EXCHANGE_NORMAL]), span(hours->answer[EXCHANGE_OTHER]), profile == NULL ? "" : " (",
                    profile == NULL ? "" : profile->word, profile == NULL ? "" : ")");
    cli_print_field("hits", "looked at within %s, told within %s", span(hours->task), span(hours->tell));
    cli_print_field("receipts", "within %s; cosigned within %s", span(hours->receipt), span(hours->cosign));
    cli_print_field("feedback", "within %s; corrections within %s", span(hours->feedback), span(hours->correction));
    cli_print_field("a day", "at most %s alerts and %s asks a side", cli_thousands(terms->alerts_per_day), cli_thousands(terms->asks_per_day));
    cli_print_field("kept for", "%s after the end; attachments of at most %s", span(terms->retention_days * 24), cli_size(terms->max_attachment));
    cli_print_field("release", "%s", releases[terms->release]);
    show_reasons(terms->codes);
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
    cli_terms_show_exchange(terms);
    cli_print_field("rules", "%.16s… (SHA-256 of the rule file)", rules);
    if (compartment->state != EXCHANGE_PROPOSED && compartment->state != EXCHANGE_OFFERED)
        cli_print_field("terms", "%.16s… (what every statement cites)", hash);
}

/* The exchange's part, under the names that a proposal takes. */
static void add_exchange(json_t *object, const struct exchange_terms *terms)
{
    const struct exchange_profile *profile = exchange_profile_of(&terms->hours);
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {
        {"alerts_per_day", terms->alerts_per_day},
        {"asks_per_day", terms->asks_per_day},
        {"answer_urgent_hours", terms->hours.answer[EXCHANGE_URGENT]},
        {"answer_normal_hours", terms->hours.answer[EXCHANGE_NORMAL]},
        {"answer_other_hours", terms->hours.answer[EXCHANGE_OTHER]},
        {"tell_hours", terms->hours.tell},
        {"task_hours", terms->hours.task},
        {"receipt_hours", terms->hours.receipt},
        {"cosign_hours", terms->hours.cosign},
        {"feedback_hours", terms->hours.feedback},
        {"correction_hours", terms->hours.correction},
        {"retention_days", terms->retention_days},
        {"max_attachment", terms->max_attachment},
    };
    json_t *reasons = json_array();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json_object_set_new(object, numbers[i].key, json_integer((json_int_t)numbers[i].value));
    json_object_set_new(object, "profile", profile == NULL ? json_null() : json_string(profile->word));
    json_object_set_new(object, "release", json_string(exchange_releases.items[terms->release]));
    for (unsigned i = 0; i < exchange_codes.count; i++)
        if ((terms->codes & 1u << i) != 0)
            json_array_append_new(reasons, json_string(exchange_codes.items[i]));
    json_object_set_new(object, "reasons", reasons);
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
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "name", compartment->name,
                     "compartment", id, "peer", compartment->peer_name, "peer_fingerprint", peer, "state",
                     exchange_state_word(compartment->state), "own_state", exchange_state_word(compartment->own_state), "peer_state",
                     exchange_state_word(compartment->peer_state), "since", since, "is_proposer", compartment->side == EXCHANGE_PROPOSER,
                     "proposed", proposed, "purpose", terms->purpose, "starters", exchange_starters_word(terms->starters),
                     "max_list", (json_int_t)terms->max_list, "max_keys", (json_int_t)terms->max_keys, "matches_per_day",
                     (json_int_t)terms->matches_per_day, "rules", rules, "terms", hash);
    if (object != NULL)
        add_exchange(object, terms);
    return object;
}
