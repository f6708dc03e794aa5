/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/request.h"

static const char ASK[] = "the ASK's digits (entente ask list)";

static enum base_code defer_run(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ASK));
    cli_request_begin(&request, cli, "defer");
    cli_request_argument(&request, "ask", 0, ASK);
    if (!cli_has(cli, "due"))
        cli_request_fail(&request, base_fail(BASE_E_ARGUMENT, "--due is missing: when the answer will come"));
    cli_request_date(&request, "due");
    cli_request_needs(&request, "reason", "why it takes longer, in a line");
    request.absent = "list them with: entente ask list";
    return cli_say_it(&request, "deferral");
}

static const struct cli_option options[] = {
    {"due", 'd', "DATE", "the new date (required): 2027-03-01 or +7d"},
    CLI_REASON_OPTION("why it takes longer, in a line (required)"),
    {0},
};

const struct cli_command cli_defer_command = {
    .name = "defer",
    .summary = "answer an ask later, and say why",
    .usage = CLI_TEXTS("ASK --due DATE --reason TEXT"),
    .options = options,
    .text = "The ask gets a new date. It may be deferred three times, each time by at most the hours that the terms give to asks of the "
            "urgency other. Both ledgers keep each deferral with its reason.",
    .examples = CLI_TEXTS("a week more", "entente defer 9d8c7b6a --due +7d --reason \"a court must be asked\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = defer_run,
};
