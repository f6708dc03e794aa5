/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/code.h"
#include "cli/print.h"

#include <stdlib.h>

static const char ASK[] = "the ASK's digits (entente ask list)";

static enum base_code decline_run(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ASK));
    cli_request_begin(&request, cli, "decline");
    cli_request_argument(&request, "ask", 0, ASK);
    cli_request_code(&request);
    cli_request_needs(&request, "reason", "why, in a line; the other party reads it");
    request.absent = "list them with: entente ask list";
    return cli_say_it(&request, "refusal");
}

static char *codes(void)
{
    char *list = cli_codes_text();
    char *text = cli_format("The codes, of which the terms may accept only some (entente compartment show):\n\n%s", list);
    free(list);
    return text;
}

static const struct cli_option options[] = {
    {"code", 'c', "CODE", "the reason's code, from the list above (required)"},
    CLI_REASON_OPTION("why, in a line (required); the other party reads it"),
    {0},
};

const struct cli_command cli_decline_command = {
    .name = "decline",
    .summary = "give nothing to an ask, and say why",
    .usage = CLI_TEXTS("ASK --code CODE --reason TEXT"),
    .options = options,
    .text = "A refusal has a code and a line that says it in words. It ends the ask's clock and stands in both ledgers. The program warns "
            "when the line gives one of the reasons that the FATF standard does not accept: only that tax is involved, bank secrecy "
            "alone, an inquiry under way that would not be harmed, another type of authority. It is said all the same: people decide.",
    .more = codes,
    .examples = CLI_TEXTS("a third party's data", "entente decline 9d8c7b6a -c ORIGINATOR_WITHHOLDS -r \"refused on 3 May\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = decline_run,
};
