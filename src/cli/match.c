/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/home.h"

static void show(const struct cli *cli, const json_t *result, const struct node_compartment *compartment)
{
    uint64_t bytes = cli_result_number(result, "bytes_sent") + cli_result_number(result, "bytes_received");
    cli_print_field("compartment", "%s, with %s", compartment->name, compartment->peer_name);
    cli_print_field("session", "%s", cli_result_text(result, "session"));
    cli_print_field("compared", "%s own keys with %s of the other side", cli_thousands(cli_result_number(result, "own_keys")),
                    cli_thousands(cli_result_number(result, "peer_keys")));
    cli_print_field("found", "%s of your records are on both lists (%s keys met)", cli_thousands(cli_result_number(result, "records")),
                    cli_thousands(cli_result_number(result, "hits")));
    cli_print_field("crossed", "%s: %s sent, %s received", cli_size(bytes), cli_size(cli_result_number(result, "bytes_sent")),
                    cli_size(cli_result_number(result, "bytes_received")));
    cli_print_field("took", "%s", cli_duration((int64_t)cli_result_number(result, "elapsed_ms")));
    cli_print_field("recorded", "statement %.16s… in both ledgers, %s", cli_result_text(result, "statement"),
                    json_is_true(json_object_get(result, "cosigned")) ? "cosigned" : "not cosigned yet");
    cli_say(cli, "\nRead the hits with: entente hits %s", compartment->name);
}

static enum base_code match_run(struct cli *cli)
{
    struct node_compartment compartment;
    json_t *result = NULL;
    char id[2 * EXCHANGE_ID_LEN + 1];
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    BASE_TRY(cli_home_find(cli, cli_argument(cli, 0), &compartment));
    exchange_id_hex(&compartment.id, id);
    json_t *request = json_pack("{s:s, s:s}", "do", "match", "compartment", id);
    if (request != NULL && cli_has(cli, "source"))
        json_object_set_new(request, "source", json_string(cli_value(cli, "source")));
    BASE_TRY(cli_call(cli, request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    if (!cli->is_quiet)
        show(cli, result, &compartment);
    json_decref(result);
    return BASE_OK;
}

static const struct cli_option options[] = {
    {"source", 's', "LABEL", "match only the records of this source"},
    {0},
};

const struct cli_command cli_match_command = {
    .name = "match",
    .summary = "find the persons that both parties hold",
    .usage = CLI_TEXTS("[COMPARTMENT] [--source LABEL]"),
    .options = options,
    .text = "Runs a private match with the other party's node. Both sides learn which of their own records the other holds too; "
            "of the rest each learns how many match keys there were, and nothing else.\n\n"
            "Every match counts against the budget of the terms, on both sides, also one that is refused by the other. What was "
            "done is signed by both and stands in both ledgers.",
    .examples = CLI_TEXTS("where there is one compartment", "entente match", "one list only", "entente match south --source un"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = match_run,
};
