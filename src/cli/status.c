/* SPDX-License-Identifier: Apache-2.0
 *
 * Two short talks with the running node: how it is, and that it may stop.
 */
#include "cli/call.h"
#include "cli/print.h"

static enum base_code status_run(struct cli *cli)
{
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    BASE_TRY(cli_call(cli, json_pack("{s:s}", "do", "status"), &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *since = json_object_get(result, "since"), *links = json_object_get(result, "links");
    cli_print_field("party", "%s", cli_result_text(result, "name"));
    cli_print_field("fingerprint", "%s", cli_result_text(result, "fingerprint"));
    cli_print_field("listens at", "%s", cli_result_text(result, "address"));
    if (json_is_string(since))
        cli_print_field("since", "%s", json_string_value(since));
    else if (json_is_integer(since))
        cli_print_field("since", "%s UTC", cli_time((int64_t)json_integer_value(since)));
    cli_print_field("links", "%zu", json_is_array(links) ? json_array_size(links) : (size_t)cli_result_number(result, "links"));
    if (json_object_get(result, "compartments") != NULL)
        cli_print_field("compartments", "%s", cli_thousands(cli_result_number(result, "compartments")));
    if (json_object_get(result, "waiting") != NULL)
        cli_print_field("waiting", "%s for the other side's receipt", cli_thousands(cli_result_number(result, "waiting")));
    if (cli_result_number(result, "conflicts") > 0)
        cli_print_field("conflicts", "%s: another party showed two histories; entente ledger evidence COMPARTMENT",
                        cli_thousands(cli_result_number(result, "conflicts")));
    json_decref(result);
    return BASE_OK;
}

static enum base_code stop_run(struct cli *cli)
{
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    BASE_TRY(cli_call(cli, json_pack("{s:s}", "do", "stop"), &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "The node stops.");
    json_decref(result);
    return BASE_OK;
}

const struct cli_command cli_status_command = {
    .name = "status",
    .summary = "ask the running node how it is",
    .usage = CLI_TEXTS(""),
    .text = "Where the node listens, since when, to how many other nodes it is connected, and how many statements wait for the "
            "other side's receipt.",
    .examples = CLI_TEXTS("is it running? (exit code 5: no)", "entente status --quiet"),
    .exits = CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = status_run,
};

const struct cli_command cli_stop_command = {
    .name = "stop",
    .summary = "stop the running node",
    .usage = CLI_TEXTS(""),
    .text = "Asks the node to finish: it ends what is under way, closes its connections and exits.",
    .examples = CLI_TEXTS("stop it", "entente stop"),
    .exits = CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = stop_run,
};
