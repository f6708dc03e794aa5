/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/request.h"

static const char ASK[] = "the ASK's digits (entente ask list)";

static enum base_code withdraw_run(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ASK));
    cli_request_begin(&request, cli, "withdraw");
    cli_request_argument(&request, "ask", 0, ASK);
    cli_request_needs(&request, "reason", "why it is not needed any more, in a line");
    request.absent = "list them with: entente ask list";
    return cli_say_it(&request, "withdrawal");
}

static const struct cli_option options[] = {
    CLI_REASON_OPTION("why it is not needed any more, in a line (required)"),
    {0},
};

const struct cli_command cli_withdraw_command = {
    .name = "withdraw",
    .summary = "take back an ask of one's own",
    .usage = CLI_TEXTS("ASK --reason TEXT"),
    .options = options,
    .text = "The other party owes no answer any more. The ask and its withdrawal stay in both ledgers.",
    .examples = CLI_TEXTS("it is settled", "entente withdraw 9d8c7b6a --reason \"identified otherwise\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = withdraw_run,
};
