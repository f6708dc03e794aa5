/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/code.h"
#include "cli/prompt.h"
#include "cli/table.h"
#include "cli/terms.h"
#include "cli/who.h"

#include "base/clock.h"
#include "base/cursor.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    struct cli *cli;
    struct store *store;
    struct cli_table table;
    json_t *compartments;
};

static enum base_code list_one(void *context, const struct node_compartment *compartment)
{
    struct listing *listing = context;
    char id[2 * EXCHANGE_ID_LEN + 1];
    if (!cli_sees(listing->cli, listing->store, &compartment->id))
        return BASE_OK;
    exchange_id_hex(&compartment->id, id);
    id[8] = 0;
    if (listing->compartments != NULL)
        json_array_append_new(listing->compartments, cli_terms_json(compartment));
    else
        cli_table_add(&listing->table,
                      CLI_TEXTS(compartment->name, compartment->peer_name, exchange_state_word(compartment->state), id,
                                cli_time(compartment->since_ms), compartment->terms.purpose));
    return BASE_OK;
}

static enum base_code compartment_list(struct cli *cli)
{
    static const struct cli_column columns[] = {{"NAME", CLI_LEFT}, {"WITH", CLI_LEFT},         {"STATE", CLI_LEFT},
                                                {"ID", CLI_LEFT},   {"SINCE (UTC)", CLI_LEFT}, {"PURPOSE", CLI_FLEXIBLE}};
    struct listing listing = {.cli = cli};
    struct store *store = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    BASE_TRY(cli_home_open(cli, false, &store));
    listing.store = store;
    listing.compartments = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 6);
    enum base_code code = cli_permit(cli, store, NULL, NODE_MAY_ANY, NULL);
    if (code == BASE_OK)
        code = node_compartments_each(store, list_one, &listing);
    store_close(store);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:O}", "compartments", listing.compartments));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "No compartment yet. Propose one with: entente compartment propose PEER --purpose TEXT");
    json_decref(listing.compartments);
    cli_table_release(&listing.table);
    return code;
}

static enum base_code find(struct cli *cli, struct node_compartment *out)
{
    struct store *store = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 2, ""));
    BASE_TRY(cli_home_open(cli, false, &store)); /* the terms are shown: the store has to be at hand */
    enum base_code code = cli_home_compartment(cli, store, cli_argument(cli, 1), out);
    store_close(store);
    return code;
}

static enum base_code compartment_show(struct cli *cli)
{
    struct node_compartment compartment;
    BASE_TRY(find(cli, &compartment));
    if (cli->is_json)
        return cli_print_json(cli_terms_json(&compartment));
    cli_terms_show(&compartment);
    return BASE_OK;
}

/* Twice what a person of the published lists gives on average, and more. */
enum { KEYS_A_PERSON = 64 };

/* A whole number of an option; absent when it was not given. The limits are those of the terms. */
static void request_limit(struct cli_request *request, const char *option, const char *key, uint64_t least, uint64_t most)
{
    uint64_t value;
    if (request->code != BASE_OK || !cli_has(request->cli, option))
        return;
    request->code = cli_number(request->cli, option, 0, most, &value);
    if (request->code == BASE_OK && value < least)
        request->code = base_fail(BASE_E_ARGUMENT, "--%s is at least %s", option, cli_thousands(least));
    if (request->code == BASE_OK)
        cli_request_set(request, key, json_integer((json_int_t)value));
}

static void request_limits(struct cli_request *request)
{
    static const struct {
        const char *option, *key;
        uint64_t least, most;
    } limits[] = {
        {"tell-hours", "tell_hours", 1, EXCHANGE_HOURS_MAX},
        {"task-hours", "task_hours", 1, EXCHANGE_HOURS_MAX},
        {"receipt-hours", "receipt_hours", 1, EXCHANGE_HOURS_MAX},
        {"cosign-hours", "cosign_hours", 1, EXCHANGE_HOURS_MAX},
        {"feedback-hours", "feedback_hours", 1, EXCHANGE_HOURS_MAX},
        {"correction-hours", "correction_hours", 1, EXCHANGE_HOURS_MAX},
        {"retention-days", "retention_days", 1, EXCHANGE_RETENTION_DAYS_MAX},
        {"max-attachment", "max_attachment", 0, EXCHANGE_ATTACHMENT_MAX},
        {"alerts-per-day", "alerts_per_day", 0, EXCHANGE_SAID_PER_DAY_MAX},
        {"asks-per-day", "asks_per_day", 0, EXCHANGE_SAID_PER_DAY_MAX},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        request_limit(request, limits[i].option, limits[i].key, limits[i].least, limits[i].most);
}

static enum base_code unknown_profile(const char *word)
{
    char list[160];
    size_t len = 0;
    for (unsigned i = 0; i < exchange_profile_count && len < sizeof list; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : ", ", exchange_profiles[i].word);
    return base_fail(BASE_E_ARGUMENT, "there is no profile '%.40s': %s", word, list);
}

/* "8,168,336": urgent, normal, other. */
static enum base_code parse_hours(const char *text, uint64_t out[EXCHANGE_URGENCY_COUNT])
{
    const char *at = text;
    for (unsigned i = 0; i < EXCHANGE_URGENCY_COUNT; i++) {
        size_t len = strcspn(at, ",");
        bool is_last = i + 1 == EXCHANGE_URGENCY_COUNT;
        if (base_parse_decimal(base_bytes_of(at, len), EXCHANGE_HOURS_MAX, &out[i]) != BASE_OK || out[i] < 1 || (at[len] == 0) != is_last)
            return base_fail(BASE_E_ARGUMENT, "--answer-hours takes three numbers, urgent, normal and other: 8,168,336; not '%.40s'", text);
        at += len + !is_last;
    }
    return BASE_OK;
}

/* How long an answer may take: a profile, or hours of one's own. */
static void request_answer_hours(struct cli_request *request)
{
    static const char *const keys[EXCHANGE_URGENCY_COUNT] = {"answer_urgent_hours", "answer_normal_hours", "answer_other_hours"};
    const char *word = cli_value(request->cli, "profile"), *text = cli_value(request->cli, "answer-hours");
    const struct exchange_profile *profile = word == NULL ? NULL : exchange_profile_find(word);
    uint64_t hours[EXCHANGE_URGENCY_COUNT];
    if (request->code != BASE_OK || (word == NULL && text == NULL))
        return;
    if (word != NULL && text != NULL)
        request->code = base_fail(BASE_E_ARGUMENT, "--profile and --answer-hours exclude each other");
    else if (word != NULL && profile == NULL)
        request->code = unknown_profile(word);
    else if (text != NULL)
        request->code = parse_hours(text, hours);
    else
        memcpy(hours, profile->answer, sizeof hours);
    for (unsigned i = 0; request->code == BASE_OK && i < EXCHANGE_URGENCY_COUNT; i++)
        cli_request_set(request, keys[i], json_integer((json_int_t)hours[i]));
}

/* "NOT_HELD,no-trace ..." to the codes' words. */
static void request_reasons(struct cli_request *request)
{
    const char *text = cli_value(request->cli, "accept-reasons");
    enum exchange_code code;
    if (request->code != BASE_OK || text == NULL)
        return;
    json_t *words = json_array();
    while (request->code == BASE_OK && text != NULL) {
        char *word = cli_format("%.*s", (int)strcspn(text, ","), text);
        request->code = cli_code_find(word, &code);
        if (request->code == BASE_OK)
            json_array_append_new(words, json_string(exchange_codes.items[code]));
        text = text[strlen(word)] == 0 ? NULL : text + strlen(word) + 1;
        free(word);
    }
    cli_request_set(request, "reasons", words);
}

static enum base_code compartment_propose(struct cli *cli)
{
    struct cli_request request;
    uint64_t max_list, max_keys, per_day;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the other party's NAME (entente pair list)"));
    if (!cli_has(cli, "purpose"))
        return base_fail(BASE_E_ARGUMENT, "--purpose is missing: what the compartment is for, in a line");
    BASE_TRY(cli_number(cli, "max-list", 100000, EXCHANGE_LIST_MAX, &max_list));
    max_keys = max_list > EXCHANGE_KEYS_MAX / KEYS_A_PERSON ? EXCHANGE_KEYS_MAX : max_list * KEYS_A_PERSON;
    BASE_TRY(cli_number(cli, "max-keys", max_keys, EXCHANGE_KEYS_MAX, &max_keys));
    BASE_TRY(cli_number(cli, "matches-per-day", 4, EXCHANGE_MATCHES_PER_DAY_MAX, &per_day));
    const char *peer = cli_argument(cli, 1), *name = cli_has(cli, "name") ? cli_value(cli, "name") : peer;
    const char *starters = cli_has(cli, "starters") ? cli_value(cli, "starters") : "both";
    if (strcmp(starters, "both") != 0 && strcmp(starters, "me") != 0 && strcmp(starters, "peer") != 0)
        return base_fail(BASE_E_ARGUMENT, "--starters is both, me or peer");
    BASE_TRY(exchange_name_check(name));
    cli_request_begin(&request, cli, "propose");
    cli_request_text(&request, "peer", peer);
    cli_request_text(&request, "name", name);
    cli_request_option(&request, "purpose");
    cli_request_set(&request, "max_list", json_integer((json_int_t)max_list));
    cli_request_set(&request, "max_keys", json_integer((json_int_t)max_keys));
    cli_request_set(&request, "matches_per_day", json_integer((json_int_t)per_day));
    cli_request_text(&request, "starters", starters);
    request_answer_hours(&request);
    request_limits(&request);
    cli_request_word(&request, "release", "release", &exchange_releases);
    request_reasons(&request);
    request.absent = "list them with: entente pair list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "Proposed compartment %s to %s (id %.8s). It is active once the other side has accepted: there, entente "
                 "compartment accept %.8s",
            cli_result_text(result, "name"), peer, cli_result_text(result, "compartment"), cli_result_text(result, "compartment"));
    json_decref(result);
    return BASE_OK;
}

static enum base_code say_result(struct cli *cli, json_t *result, const struct node_compartment *compartment)
{
    const json_t *delivered = json_object_get(result, "delivered");
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "Compartment %s with %s is now %s.", compartment->name, compartment->peer_name, cli_result_text(result, "state"));
    if (json_is_true(delivered))
        cli_say(cli, "%s has receipted it.", compartment->peer_name);
    else if (json_is_false(delivered))
        cli_say(cli, "%s has not receipted it yet: the node keeps trying.", compartment->peer_name);
    json_decref(result);
    return BASE_OK;
}

static enum base_code request(struct cli *cli, const char *what, const struct node_compartment *compartment, json_t **result)
{
    char id[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&compartment->id, id);
    json_t *object = json_pack("{s:s, s:s}", "do", what, "compartment", id);
    if (object != NULL && strcmp(what, "accept") != 0)
        json_object_set_new(object, "reason", json_string(cli_has(cli, "reason") ? cli_value(cli, "reason") : ""));
    return cli_call(cli, object, result);
}

static enum base_code compartment_accept(struct cli *cli)
{
    struct node_compartment compartment;
    json_t *result = NULL;
    bool is_yes = cli_has(cli, "yes");
    BASE_TRY(find(cli, &compartment));
    if (!is_yes) {
        if (!cli->is_json)
            cli_terms_show(&compartment);
        cli->hint = "accept the terms as they stand with --yes";
        BASE_TRY(cli_confirm("Sign these terms?", &is_yes));
        cli->hint = NULL;
    }
    if (!is_yes)
        return base_fail(BASE_E_CANCELLED, "the terms were not signed");
    BASE_TRY(request(cli, "accept", &compartment, &result));
    return say_result(cli, result, &compartment);
}

static enum base_code move(struct cli *cli)
{
    struct node_compartment compartment;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the COMPARTMENT"));
    BASE_TRY(cli_home_find(cli, cli_argument(cli, 1), &compartment));
    BASE_TRY(request(cli, cli_argument(cli, 0), &compartment, &result));
    return say_result(cli, result, &compartment);
}

static enum base_code compartment_run(struct cli *cli)
{
    static const struct cli_form forms[] = {
        {"list", compartment_list},     {"show", compartment_show}, {"propose", compartment_propose},
        {"accept", compartment_accept}, {"suspend", move},          {"resume", move},
        {"close", move}};
    if (cli_argument(cli, 0) == NULL)
        return compartment_list(cli);
    return cli_form_run(cli, forms, 7, NULL);
}

static const struct cli_option options[] = {
    {"purpose", 0, "TEXT", "propose: what it is for, in a line (required)"},
    {"name", 'n', "NAME", "propose: call it this here (else as the other party)"},
    {"max-list", 0, "N", "propose: persons a side may put into a match (else 100,000)"},
    {"max-keys", 0, "N", "propose: match keys a side may put in (else 64 a person)"},
    {"matches-per-day", 0, "N", "propose: matches in any 24 hours (else 4)"},
    {"starters", 0, "WHO", "propose: who may start a match: both, me or peer (else both)"},
    {"profile", 0, "WORD", "propose: time to answer, as bodies have it already (list above; else eu-2023-977)"},
    {"answer-hours", 0, "U,N,O", "propose: time to answer an urgent, a normal and any other ask, in hours"},
    {"tell-hours", 0, "N", "propose: to tell of a hit (else 24)"},
    {"task-hours", 0, "N", "propose: to look at a hit or an alert (else 72)"},
    {"receipt-hours", 0, "N", "propose: to receipt a statement (else 24)"},
    {"cosign-hours", 0, "N", "propose: to cosign the ledger (else 24)"},
    {"feedback-hours", 0, "N", "propose: to give feedback (else 2,160)"},
    {"correction-hours", 0, "N", "propose: to carry out a correction (else 168)"},
    {"retention-days", 0, "N", "propose: contents go so long after their end (else 1,095)"},
    {"max-attachment", 0, "BYTES", "propose: of all files of one statement (else 65,536; at most 131,072)"},
    {"alerts-per-day", 0, "N", "propose: from one side in any 24 hours (else 1,000)"},
    {"asks-per-day", 0, "N", "propose: likewise (else 100)"},
    {"release", 0, "WHAT", "propose: what a second person must release: none, answers or all (else none)"},
    {"accept-reasons", 0, "CODES", "propose: codes that a decline may give, with commas (else every one)"},
    {"yes", 'y', NULL, "accept: sign without the question"},
    {"reason", 'r', "TEXT", "suspend, resume, close: why, in a line; the other side reads it"},
    {0},
};

static char *profiles(void)
{
    char *text = cli_copy("Profiles of --profile:\n\n");
    for (unsigned i = 0; i < exchange_profile_count; i++) {
        char *longer = cli_format("%s  %-12s %s\n", text, exchange_profiles[i].word, exchange_profiles[i].source);
        free(text);
        text = longer;
    }
    return text;
}

const struct cli_command cli_compartment_command = {
    .name = "compartment",
    .summary = "propose, accept, suspend and close agreements",
    .usage = CLI_TEXTS("[list]", "show [COMPARTMENT]", "propose PEER --purpose TEXT [--name NAME] [--matches-per-day N] ...",
                       "accept [COMPARTMENT] [--yes]", "suspend COMPARTMENT [--reason TEXT]", "resume COMPARTMENT [--reason TEXT]",
                       "close COMPARTMENT [--reason TEXT]"),
    .options = options,
    .text = "A compartment is what two parties have agreed and signed: what for, how large a list may be, how often they may "
            "match, and by which rules. It has its own keys and its own ledger; suspending one touches no other. A COMPARTMENT "
            "is named by its local name or by the first eight digits of its id; where there is only one, show and accept need no "
            "name.\n\n"
            "The terms also say what the exchange runs by: how long an answer may take, and every other duty; how many alerts and asks "
            "a day; how long contents are kept; what a second person must release; with which codes an ask may be declined. What is "
            "late by them stands in both ledgers.\n\n"
            "Either side may suspend at once; nothing is matched until it is resumed. Closing is final.",
    .more = profiles,
    .examples = CLI_TEXTS("propose", "entente compartment propose south --purpose \"border checks\"", "read, then sign",
                          "entente compartment accept", "pause it", "entente compartment suspend south --reason \"audit\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = compartment_run,
};
