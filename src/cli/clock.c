/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/home.h"

static enum base_code clock_run(struct cli *cli)
{
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    json_t *request = json_pack("{s:s}", "do", "clock");
    if (request != NULL && cli_argument(cli, 0) != NULL)
        json_object_set_new(request, "to", json_string(cli_argument(cli, 0)));
    BASE_TRY(cli_call(cli, request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_print_field("clock", "%s", cli_result_text(result, "time"));
    json_decref(result);
    return BASE_OK;
}

const struct cli_command cli_clock_command = {
    .name = "clock",
    .summary = "show or move the clock of a node that replays",
    .usage = CLI_TEXTS("[TIME]"),
    .text = "A node that was started with --replay-from does not take the time from the system: its clock stands until this command "
            "moves it, and only forward. What falls due on the way happens on its day: reviews are asked for, duties run out, "
            "contents whose time is over are erased. The clock stops on the first day on which something was said that the other party "
            "has not receipted and cosigned yet: then it is moved once more. Meant for replaying what happened, and for trying out deadlines.",
    .examples = CLI_TEXTS("a replay", "entente serve --replay-from 2011-03-04T09:00:00Z", "half a year later", "entente clock 2011-09-28T09:00:00Z"),
    .exits = CLI_CAN(CLI_EXIT_NO_NODE),
    .run = clock_run,
};
